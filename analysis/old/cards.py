"""A card for each instrument: what it is, how right it is here and elsewhere, how it goes wrong.

Agreement is computed on the corpus at hand. Figures on public benchmarks, probes and typical
failures are data, each with its source: `data/models/benchmarks.csv`.
"""

from __future__ import annotations

import functools

import pandas as pd
from IPython.display import display

from analysis.claims import wording
from analysis.claims.measures import PLAIN, PRIMARY
from analysis.corpus import layout
from analysis.definitions import RELIABLE, ROOT
from analysis.old import frames, instruments, show, sources, stub, toward

_MANY = 4  # outlets that a table of agreement can hold beside each other
_ABOUT = {
    "codes": ("Reference codes", "close reading by the rules of a codebook: tone, polarity toward "
              "targets, Entman’s functions, attributions"),
    "textblob": ("TextBlob", "a word list; the mean of its words’ polarities, negation and degree "
                 "words included"),
    "vader": ("VADER", "a word list made for short posts; a bounded sum, with rules for negation, "
              "degree and capitals"),
    "network": ("Network", "a small neural network for polarity toward a marked mention; for the "
                "tone of a sentence the whole sentence is marked"),
    "extractor": ("Attributions", "who is credited with which words: a model of cue, content "
                     "and speaker over parse and punctuation"),
    "cues": ("Cue families", "words that often go with a frame; a cue is no frame"),
    "count": ("Plain counts", "words in quotation marks, hedges, boosters: what stands there is "
              "counted and nothing inferred"),
    "loaded": ("Loaded language", "a weighted sum of word lists; explores, and stands outside all "
               "claims"),
    "parser": ("Parser", "sentences, words and names; every instrument but the codes reads them"),
    "layout": ("Layout", "what each paragraph is, where no layout.csv says it"),
}


@functools.cache
def benchmarks() -> pd.DataFrame:
    """Figures, probes and failures of each instrument: a row each, with its source."""
    return pd.read_csv(ROOT / "data" / "models" / "benchmarks.csv", keep_default_na=False,
                       dtype=str)


def agreement_table(study, instrument: str) -> pd.DataFrame:
    """Alpha of an instrument with the codes, measure by measure: all outlets, then each.

    Of an instrument it is alpha with the coder with whom it agrees least; of the codes, that of
    the coders with each other. Empty without codes.
    """
    table = stub.by_outlet(study)
    table = table[(table["instrument"] == instrument) & table["alpha"].notna()]
    outlets = study.outlets if len(study.outlets) <= _MANY else []
    made = []
    for (_, measure), rows in table.groupby(["family", "measure"], sort=False):
        cells = rows.set_index("outlet").apply(_with_interval, axis=1)
        made.append({"measure": wording.named(measure), **{name: cells.get(name, "–")
                                            for name in ["all", *outlets]}})
    return pd.DataFrame(made, columns=["measure", "all", *outlets])


def _with_interval(row) -> str:
    bounds = "" if pd.isna(row["low"]) else f" ({row['low']:.2f} to {row['high']:.2f})"
    return f"{row['alpha']:.2f}{bounds}".replace("-", "−")


def _against_codes(study, name: str) -> str:
    """How often an instrument is right or turns a sign round, outlet by outlet; "" if unknown."""
    if not study.codes:
        return ""
    if name in ("textblob", "vader") and len(table := instruments.confusion(study, name)):
        return (f"Turns the sign round, of sentences that are not neutral: "
                f"{instruments.reversals(table)}.")
    if name == "network" and len(table := toward.target_reliability(study)):
        rows = table[table["instrument"] == "network"]
        return ("Has the coders’ polarity toward "
                + show.listing([f"{show.percent(row.accuracy)} of {row.targets} mentions "
                                f"({_outlet(row.outlet)})" for row in rows.itertuples()]) + ".")
    if name == "extractor" and len(table := sources.found_and_right(study)):
        table = table[table["kind"] == "all"]
        return " ".join(f"{measure.capitalize()}: " + show.listing(
            [f"{row.share:.2f} ({row.low:.2f} to {row.high:.2f}; {_outlet(row.outlet)})"
             for row in rows.itertuples()]) + "."
            for measure, rows in table.groupby("measure", sort=False))
    if name == "cues" and len(table := frames.cue_agreement(study)):
        rows = table[(table["outlet"] == "all") & (table["family"] == "entman")]
        least = rows.loc[rows.groupby("category", sort=False)["precision"].idxmin()]
        return "Precision and recall with the less friendly coder: " + "; ".join(
            f"{frames.FUNCTIONS[row.category]} {row.precision:.2f} ({row.precision_low:.2f} to "
            f"{row.precision_high:.2f}) and {row.recall:.2f} ({row.recall_low:.2f} to "
            f"{row.recall_high:.2f})" for row in least.itertuples()) + "."
    if name == "layout" and len(study.corpus.layout):
        inferred = pd.concat([layout.paragraphs(key, text)
                              for key, text in study.corpus.texts.items()])
        counts = layout.confusion(inferred, study.corpus.layout)
        right = sum(counts.loc[role, role] for role in layout.ROLES)
        return (f"Left to its rules it gives {right} of {counts.to_numpy().sum()} paragraphs the "
                "role that layout.csv gives.")
    return ""


def _outlet(name: str) -> str:
    return "all" if name == "all" else show.plain(name)


def _elsewhere(name: str) -> str:
    """Figures on public benchmarks."""
    rows = benchmarks()
    rows = rows[(rows["instrument"] == name) & (rows["kind"] == "benchmark")]
    known = rows[rows["value"] != ""]
    if known.empty:
        return "; ".join(f"none known for {row.measure} ({row.note})"
                         for row in rows.itertuples()) or "none"
    told = []
    for on, own in known.groupby("benchmark", sort=False):
        figures = ", ".join(f"{row.measure} {row.value.removeprefix('0')}"
                            + (f" ({row.note})" if row.note else "") for row in own.itertuples())
        sizes = " and ".join(dict.fromkeys(size for size in own["of"] if size))
        told.append(f"{on}{f', n = {sizes}' if sizes else ''}: {figures}")
    return f"{'; '.join(told)}. Source: {'; '.join(dict.fromkeys(known['source']))}"


def _probes(name: str) -> str:
    """Probes passed, and which failed."""
    told = []
    if name in instruments.sentiment.INSTRUMENTS:
        table = instruments.probes()
        right = table[instruments.tone.spoken(name)].str.endswith("right")
        failed = list(dict.fromkeys(table.loc[~right, "probe"]))
        told.append(f"{right.sum()} of {len(table)} pairs of sentences"
                    + (f"; fails: {', '.join(failed)}" if failed else ""))
    rows = benchmarks()
    rows = rows[(rows["instrument"] == name) & (rows["kind"] == "probe")]
    told += [f"{row.value} of {row.of} in {row.source} ({row.note})" for row in rows.itertuples()]
    return "; ".join(told)


def _failures(study, name: str) -> str:
    """The worst miss in this corpus, then known ones."""
    told = []
    if name in instruments.sentiment.INSTRUMENTS and study.codes.get("tone") is not None:
        for row in instruments.worst(study, name, most=1).itertuples():
            words = " ".join(study.corpus.texts[row.article_id][row.start:row.end].split())
            told.append(f"“{show.plain(words)}” – {show.signed(row.polarity)}, coded "
                        f"{instruments.tone.LABELS[int(row.code) + 1]} ({show.plain(row.outlet)}, "
                        f"paragraph {row.paragraph})")
    if name == "extractor" and "attributions" in study.codes:
        table = sources.errors(study)
        for row in table.drop_duplicates("what").itertuples():
            words = row.words if len(row.words) < 160 else row.words[:159] + "…"
            told.append(f"“{show.plain(words)}” – {row.what} ({show.plain(row.outlet)}, paragraph "
                        f"{row.paragraph})")
    rows = benchmarks()
    rows = rows[(rows["instrument"] == name) & (rows["kind"] == "failure")]
    return "; ".join([*told, *rows["note"]])


def standing(study, name: str) -> str:
    """Whether a claim may rest on an instrument, by the lower bound of its alpha here."""
    if name == PLAIN:
        return "Yes: nothing is inferred. What a count means is the reader’s to judge."
    if name in ("loaded", "parser", "layout"):
        return "No claim is about it; it stands behind those that are."
    table = study.reliability
    rows = table[(table["instrument"] == name) & table["alpha"].notna()]
    if rows.empty:
        return ("There are no codes." if name == "codes" else
                "No: without codes nobody has checked it on these texts.")
    good = rows.loc[rows["low"] >= RELIABLE, "measure"].tolist()
    if not good:
        which = "its one measure" if len(rows) == 1 else f"none of {len(rows)} measures"
        return (f"No: on {which} alpha’s lower bound "
                f"{'stays below' if len(rows) == 1 else 'reaches'} {RELIABLE}.")
    return (f"On {len(good)} of {len(rows)} measures, those whose lower bound reaches {RELIABLE}: "
            f"{show.plain(', '.join(map(wording.named, good)))}.")


def lines(study, name: str) -> dict[str, str]:
    """The lines of a card, by their label; what is not known is left out."""
    about = _ABOUT[name][1]
    if name == "codes":
        coders = sorted({coder for codes in study.codes.values() for coder in codes["coder"]})
        about += (f"; coders {', '.join(map(show.plain, coders))}; the codebook in codes/ says who "
                  "they are" if coders else "; this corpus has none")
    stands = [family for family, own in PRIMARY.items() if own == name and name != PLAIN]
    found = {
        "What it is": about,
        "Stands in, where there are no codes, for": show.listing(stands) if stands else "",
        "Against the codes here": _against_codes(study, name),
        "On public benchmarks": "" if name in ("codes", "layout") else _elsewhere(name),
        "Probes": _probes(name),
        "Typical failures": _failures(study, name),
        "May a claim rest on it?": standing(study, name),
    }
    return {label: text for label, text in found.items() if text}


def display_cards(study) -> None:
    """Display a card for each instrument: its lines, and its agreement with the codes."""
    for name, (title, _) in _ABOUT.items():
        show.heading(title, 3)
        show.markdown(*(f"**{label}{'' if label.endswith('?') else ':'}** {text}"
                        for label, text in lines(study, name).items()))
        table = agreement_table(study, name)
        if len(table):
            what = "coders with each other" if name == "codes" else "with the least friendly coder"
            display(show.table(table, f"{title}: Krippendorff’s alpha, {what} (95 % interval; none "
                               "where fewer than eight paragraphs show the measure)"))
