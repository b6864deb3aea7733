"""What the instruments of tone are worth: against reference codes, one another, and probes."""

import functools
import html
import re
from itertools import combinations

import numpy as np
import pandas as pd
from IPython.display import HTML

from analysis.codes.agreement import alpha_interval
from analysis.instruments import tone as sentiment
from analysis.old import show, tone
from analysis.old.study import Study

# A polarity this close to zero counts as neutral: for TextBlob only zero itself, for VADER its own
# convention, for the network, whose polarity is a difference of probabilities, the middle third.
NEUTRAL_BAND = {"textblob": 0.0, "vader": 0.05, "network": 1 / 3}


def signs(polarity: pd.Series, instrument: str) -> np.ndarray:
    """Return 0 for negative, 1 for neutral, 2 for positive; nan where there is no polarity."""
    band = NEUTRAL_BAND.get(instrument, 0.5)
    values = polarity.to_numpy(dtype=float)
    found = 1.0 + (values > band) - (values < -band)
    return np.where(np.isnan(values), np.nan, found)


def _agreement(table: pd.DataFrame, one: str, other: str) -> dict[str, float]:
    codes = np.column_stack([signs(table[one], one), signs(table[other], other)])
    held = ~np.isnan(codes).any(axis=1)
    codes, blocks = codes[held], table.loc[held, ["article_id", "paragraph"]]
    if not len(codes):
        return dict.fromkeys(["sentences", "right", "alpha", "low", "high"], np.nan)
    names = blocks["article_id"] + " " + blocks["paragraph"].astype(str)
    alpha, low, high = alpha_interval(codes, 3, names.to_numpy(), ordinal=True)
    return {"sentences": len(codes), "right": float((codes[:, 0] == codes[:, 1]).mean()),
            "alpha": alpha, "low": low, "high": high}


@functools.lru_cache(maxsize=2)
def coded_sentences(study: Study) -> pd.DataFrame:
    """Return the sentences that coders of tone coded, with each code and each polarity.

    Each instrument reads exactly the coded words, so a sentence that the parser cuts otherwise
    does no harm. What lies in furniture is left out.

    Returns
    -------
    DataFrame
        article_id, outlet, paragraph, start, end, a column for each instrument and for each
        coder ("coder NAME", missing where that coder has no code). Empty without codes.
    """
    key = ["article_id", "start", "end"]
    parts = [codes.set_index(key)["polarity"].map(tone.SIGN).rename(f"coder {coder}")
             for coder, codes in tone.coded(study, "tone")]
    if not parts:
        return pd.DataFrame()
    table = pd.concat(parts, axis=1).sort_index(level=["start"]).reset_index()
    paragraphs = study.paragraphs
    places = []
    for row in table.itertuples():
        held = paragraphs[(paragraphs["article_id"] == row.article_id)
                          & (paragraphs["start"] < row.end) & (paragraphs["end"] > row.start)]
        places.append((held["paragraph"].iloc[0], held["role"].iloc[0]) if len(held)
                      else (0, "furniture"))
    table["paragraph"] = [number for number, _ in places]
    table = table[[role != "furniture" for _, role in places]]
    place = {name: i for i, name in enumerate(study.corpus.articles["article_id"])}
    table = table.sort_values(["article_id", "start"], ignore_index=True,
                              key=lambda column: column.map(place) if column.dtype == "str"
                              else column)
    texts = [study.corpus.texts[row.article_id][row.start:row.end] for row in table.itertuples()]
    scores = {name: sentiment.polarities(texts, name) for name in sentiment.INSTRUMENTS}
    return table.assign(outlet=table["article_id"].map(tone.outlets_of(study)), **scores)


@functools.lru_cache(maxsize=4)
def reliability(study: Study) -> pd.DataFrame:
    """Hold each instrument against each coder of tone, for all outlets and for each.

    Returns
    -------
    DataFrame
        instrument, coder, outlet ("all" for all), sentences, right (share of sentences with the
        coder's sign), alpha (Krippendorff's, ordinal: 1 perfect, 0 chance), low, high (95 %,
        paragraphs resampled). Empty without codes.
    """
    table, rows = coded_sentences(study), []
    names = tone.instruments_of(table)
    coders = [name for name in names if name.startswith("coder ")]
    for instrument in [name for name in names if name not in coders]:
        for coder in coders:
            for outlet in ["all", *study.outlets]:
                held = table if outlet == "all" else table[table["outlet"] == outlet]
                rows.append({"instrument": instrument, "coder": coder, "outlet": outlet,
                             **_agreement(held, instrument, coder)})
    return pd.DataFrame(rows, columns=["instrument", "coder", "outlet", "sentences", "right",
                                       "alpha", "low", "high"])


@functools.lru_cache(maxsize=4)
def mutual(study: Study) -> pd.DataFrame:
    """Return the agreement of every two instruments or coders: share of same sign, and alpha."""
    table = tone.sentence_tone(study)
    table = table[tone.in_scope(table, "article")]
    rows = [{"one": one, "other": other, **_agreement(table, one, other)}
            for one, other in combinations(tone.instruments_of(table), 2)]
    return pd.DataFrame(rows, columns=["one", "other", "sentences", "right", "alpha", "low",
                                       "high"])


@functools.lru_cache(maxsize=4)
def confusion(study: Study, instrument: str) -> pd.DataFrame:
    """Return counts of the coders' common code (rows, by outlet) by the instrument's sign.

    Only sentences to which all coders gave the same code enter. ``reversed`` counts those whose
    sign the instrument turned round.
    """
    table = coded_sentences(study)
    if table.empty:
        return pd.DataFrame(columns=["outlet", "code", *tone.LABELS, "reversed"])
    agreed, coder = _same_code(table)
    table = agreed.assign(code=signs(agreed[coder], coder),
                          said=signs(agreed[instrument], instrument))
    rows = []
    for outlet in study.outlets:
        for value, label in enumerate(tone.LABELS):
            held = table[(table["outlet"] == outlet) & (table["code"] == value)]
            counts = [int((held["said"] == said).sum()) for said in range(3)]
            turned = counts[2 - value] if value != 1 else 0
            rows.append((outlet, label, *counts, turned))
    return pd.DataFrame(rows, columns=["outlet", "code", *tone.LABELS, "reversed"])


def _same_code(table: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Return the rows to which all coders gave one code, and the name of a coder's column."""
    coders = [name for name in tone.instruments_of(table) if name.startswith("coder ")]
    codes = table[coders]
    return table[codes.notna().all(axis=1) & codes.eq(codes[coders[0]], axis=0).all(axis=1)], \
        coders[0]


def worst(study: Study, instrument: str = "textblob", most: int = 6) -> pd.DataFrame:
    """Return the sentences that an instrument gets most wrong, with evidence and flags.

    Rule of choice: all coders give one code, and the polarity lies farthest from it; ties go to
    the earlier sentence. Without codes: the sentences in the author's voice with a flag and the
    largest polarity.
    """
    table = tone.sentence_tone(study).merge(
        study.sentiment.loc[study.sentiment["instrument"] == instrument,
                            ["article_id", "sentence", "evidence", "flags"]],
        on=["article_id", "sentence"])
    table = table[tone.in_scope(table, "article")]
    if any(name.startswith("coder ") for name in table):
        table, coder = _same_code(table)
        table = table.assign(code=table[coder])
        distance = (table[instrument] - table["code"]).abs()
    else:
        table = table[table["flags"].ne("") & tone.in_scope(table, "author")].assign(code=np.nan)
        distance = table[instrument].abs()
    return table.assign(distance=distance, polarity=table[instrument]).sort_values(
        ["distance"], ascending=False, kind="stable").head(most)


def mass(study: Study, instrument: str = "textblob", most: int = 10) -> pd.DataFrame:
    """Return the words that made an instrument's positive and negative mass, by outlet.

    Returns
    -------
    DataFrame
        outlet, side ("positive" or "negative"), words, hits, share (of that side's mass).
    """
    table = study.sentiment[study.sentiment["instrument"] == instrument].merge(
        tone.sentence_tone(study)[["article_id", "sentence", "outlet", "role", "voice"]],
        on=["article_id", "sentence"])
    table = table[tone.in_scope(table, "article")]
    rows = [(row.outlet, "positive" if value > 0 else "negative", words.lower(), abs(value))
            for row in table.itertuples()
            for words, value in sentiment.parse_evidence(row.evidence)]
    parts = pd.DataFrame(rows, columns=["outlet", "side", "words", "value"])
    sums = parts.groupby(["outlet", "side", "words"])["value"].agg(["size", "sum"]).reset_index()
    sums["share"] = sums["sum"] / sums.groupby(["outlet", "side"])["sum"].transform("sum")
    order = {name: i for i, name in enumerate(study.outlets)}
    sums = sums.sort_values(["outlet", "side", "share", "words"], key=lambda column:
                            column.map(order) if column.name == "outlet" else column,
                            ascending=[True, False, False, True])
    return sums.groupby(["outlet", "side"], sort=False).head(most).rename(
        columns={"size": "hits"}).drop(columns="sum").reset_index(drop=True)


def reversal_title(table: pd.DataFrame, instrument: str = "textblob") -> str:
    """Return the heading that the confusion with the codes earns."""
    name = tone.spoken(instrument)
    loaded = table[table["code"] != "neutral"]
    total, turned = int(loaded[list(tone.LABELS)].to_numpy().sum()), int(loaded["reversed"].sum())
    if not total:
        return f"Nothing here says whether {name} is right"
    if not turned:
        return f"{name} turns no sign round, of {total} sentences that are not neutral"
    return f"{name} turns the sign round in {turned} of the {total} sentences that are not neutral"


def reversals(table: pd.DataFrame) -> str:
    """Return in words how often the sign was turned round, outlet by outlet."""
    parts = []
    for outlet, rows in table[table["code"] != "neutral"].groupby("outlet", sort=False):
        total = int(rows[list(tone.LABELS)].to_numpy().sum())
        if total:
            parts.append(f"{int(rows['reversed'].sum())} of {total} ({show.plain(outlet)})")
    return show.listing(parts) if parts else "none"


def xray(study: Study, sentences: pd.DataFrame, instrument: str = "textblob") -> HTML:
    """Return sentences with the number that each word put into the score, as HTML.

    Parameters
    ----------
    sentences : DataFrame
        As ``worst`` returns them.
    """
    blocks = []
    for row in sentences.itertuples():
        words = study.corpus.texts[row.article_id][row.start:row.end]
        code = "" if np.isnan(row.code) else f" · codes: {tone.LABELS[int(row.code) + 1]}"
        flags = sentiment.parse_flags(row[sentences.columns.get_loc("flags") + 1])
        named = "; ".join(f"{name.replace('_', ' ')}{': ' if said else ''}{', '.join(said)}"
                          for name, said in flags.items())
        blocks.append(
            f'<blockquote class="evidence"><p><strong>{tone.spoken(instrument)} '
            f"{show.signed(row.polarity)}{code}</strong></p>"
            f"<p><bdi>{_marked(words, row.evidence)}</bdi></p>"
            f"<footer>{html.escape(row.outlet)}, paragraph {row.paragraph}"
            f"{'. ' + html.escape(named) if named else ''}</footer></blockquote>")
    return HTML("\n".join(blocks))


def _marked(text: str, evidence: str) -> str:
    """Return the text as HTML, each word of the evidence in bold with its number behind it."""
    straight, cursor, parts = sentiment.straighten(text), 0, []
    for words, value in sentiment.parse_evidence(evidence):
        last = [word for word in words.split() if word[0].isalnum()][-1:]
        hit = re.compile(rf"(?<!\w){re.escape(last[0])}(?!\w)", re.IGNORECASE).search(
            straight, cursor) if last else None
        if hit:
            parts += [html.escape(text[cursor:hit.start()]),
                      f"<b>{html.escape(text[hit.start():hit.end()])}</b>"
                      f"<sub>{show.signed(value)}</sub>"]
            cursor = hit.end()
    return "".join([*parts, html.escape(text[cursor:])])


# What each probe changes, and what an instrument of tone should do then.
PROBES = [
    ("name swapped", "Putin broke every promise he made.", "Merkel broke every promise she made.",
     "same"),
    ("name swapped", "Russia attacked the city.", "France attacked the city.", "same"),
    ("curly apostrophe", "The plan isn't good.", "The plan isn’t good.", "same"),
    ("negation", "The plan is good.", "The plan isn't good.", "lower"),
    ("negation", "The minister told the truth.", "The minister never told the truth.", "lower"),
    ("degree word", "Civilians died in the camp.", "More civilians died in the camp.", "no higher"),
    ("furniture", "The talks failed.", "The talks failed. Sign up for our best stories.", "same"),
    ("quoted insult", "The rival spoke of him.", "The rival called him a lying coward.", "same"),
]
_MOVES = 0.05  # a change of polarity below this is none


def probes() -> pd.DataFrame:
    """Return what each instrument does to pairs of sentences whose right answer is known.

    Returns
    -------
    DataFrame
        probe, sentence, changed, should ("same", "lower", "no higher": what the polarity toward
        its subject in the author's own voice does), and a column for each instrument: polarity
        before and after, and whether that is right.
    """
    rows = []
    for probe, plain, changed, should in PROBES:
        row = {"probe": probe, "sentence": plain, "changed": changed, "should be": should}
        for name in sentiment.INSTRUMENTS:
            before, after = sentiment.polarities([plain, changed], name)
            right = passes(before, after, should)
            row[tone.spoken(name)] = (f"{show.signed(before)} to {show.signed(after)}: "
                                      f"{'right' if right else 'wrong'}")
        rows.append(row)
    return pd.DataFrame(rows)


def passes(before: float, after: float, should: str) -> bool:
    """Whether a change of polarity is what a probe asks for."""
    change = after - before
    return {"same": abs(change) <= _MOVES, "lower": change < -_MOVES,
            "no higher": change <= _MOVES}[should]
