"""Close readings: tables whose rows are sentences, chosen by a rule that the caller states."""

import html
import re

import pandas as pd
from IPython.display import HTML

from analysis.old import frames, show, tone
from analysis.old.portraits import deed
from analysis.old.study import Study

_VOICES = {"author": "author", "mixed": "mixed", "quoted": "quoted", "paraphrased": "paraphrased",
           "self_quoted": "author’s earlier piece"}


def linked(study: Study, article_id: str, start: int, end: int) -> HTML:
    """Return the words of an article as a table's cell that leads to them in the reader."""
    words = " ".join(study.corpus.texts[article_id][start:end].split())
    rows = study.sentences[study.sentences["article_id"] == article_id]
    inside = rows[(rows["start"] <= start) & (start < rows["end"])]
    if inside.empty:
        return HTML(f"<bdi>{html.escape(words)}</bdi>")
    anchor = html.escape(f"reader.html#{article_id}-{inside['sentence'].iat[0]}", quote=True)
    return HTML(f'<a href="{anchor}"><bdi>{html.escape(words)}</bdi></a>')


def _sentences(study: Study) -> pd.DataFrame:
    return study.sentences.assign(outlet=study.sentences["article_id"].map(tone.outlets_of(study)))


def grid_sentences(study: Study) -> HTML:
    """Return every sentence behind the grid of Entman's functions, folded cell by cell.

    A sentence stands where all coders gave it the function; the voice stands before it.
    """
    grid, whole, parts = frames.entman_grid(study), len(frames.coders(study)), []
    if not whole:
        return HTML("<p>This corpus has no codes of framing.</p>")
    for function, name in frames.FUNCTIONS.items():
        for outlet in study.outlets:
            rows = grid[(grid["function"] == function) & (grid["outlet"] == outlet)
                        & (grid["coders"] == whole)]
            items = "".join(
                f"<li><i>{html.escape(_VOICES.get(row.voice, row.voice))}:</i> "
                f"{linked(study, row.article_id, row.start, row.end).data}</li>"
                for row in rows.itertuples())
            label = f"{name}, {outlet}: {len(rows)} sentence{'s' if len(rows) != 1 else ''}"
            parts.append(f"<details><summary>{html.escape(label)}</summary>"
                         f"<ul>{items or '<li>none</li>'}</ul></details>")
    return HTML("\n".join(parts))


def contexts(study: Study, most: int = 3) -> pd.DataFrame:
    """Return the words of telling that each author favours most, each with a sentence.

    The rule: by z, author's voice; the first sentence of the author that holds the word.
    """
    terms = study.terms[(study.terms["voice"] == "author") & (study.terms["kind"] == "how")]
    own = _sentences(study)
    own = own[own["voice"].isin(["author", "mixed"])]
    rows = []
    for outlet in study.outlets:
        best = terms[(terms["outlet"] == outlet) & (terms["count"] > 1)].sort_values(
            ["z", "term"], ascending=[False, True])
        for row in best.head(most).itertuples():
            pattern = re.compile(rf"(?<!\w){re.escape(row.term)}(?!\w)", re.IGNORECASE)
            place = next(((key, start, end) for key, start, end in
                          own.loc[own["outlet"] == outlet, ["article_id", "start", "end"]]
                          .itertuples(index=False, name=None)
                          if pattern.search(study.corpus.texts[key][start:end])), None)
            rows.append((outlet, show.term(row.term), row.count, row.count_elsewhere, row.log_odds,
                         row.p_adjusted, linked(study, *place) if place else ""))
    return pd.DataFrame(rows, columns=["outlet", "word", "here", "elsewhere", "log-odds",
                                       "p adjusted", "first sentence"])


def cues_in_sentences(study: Study, family: str, most: int = 40) -> pd.DataFrame:
    """Return cues of a family in the author's voice, each in its sentence.

    The rule: all of them, in the order of the corpus; above ``most``, the first of each category
    in each outlet.
    """
    cues = frames.voiced_cues(study)
    cues = cues[(cues["family"] == family) & (cues["voice"] == "author")]
    if len(cues) > most:
        cues = cues.drop_duplicates(["outlet", "category"])
    order = {name: place for place, name in enumerate(study.outlets)}
    cues = cues.assign(order=cues["outlet"].map(order)).sort_values(
        ["order", "article_id", "start", "category"]).head(2 * most)
    places = study.sentences.set_index(["article_id", "sentence"])[["start", "end"]]
    rows = [(row.outlet, row.category.replace("_", " "), row.cue,
             linked(study, row.article_id, *map(int, places.loc[(row.article_id, row.sentence)])))
            for row in cues.itertuples()]
    return pd.DataFrame(rows, columns=["outlet", "category", "cue", "sentence"])


def causes_by_topic(study: Study, article_id: str, topics: dict[str, str]) -> pd.DataFrame:
    """Return the causal sentences of an article's body: topic by agent by verb by sentence.

    Parameters
    ----------
    topics : dict
        Name of each topic and the pattern that finds it.

    Returns
    -------
    DataFrame
        topic, acts (agents and their verbs, as found by rule), sentence; the sentences that all
        coders gave *cause*, outside quotations. A sentence that names no topic has the one
        before it.
    """
    grid, whole = frames.entman_grid(study), len(frames.coders(study))
    body = study.paragraphs[(study.paragraphs["article_id"] == article_id)
                            & (study.paragraphs["role"] == "body")]["paragraph"]
    cause = grid[(grid["article_id"] == article_id) & (grid["function"] == "causal_attribution")
                 & (grid["coders"] == whole) & (grid["voice"] != "quoted")
                 & grid["paragraph"].isin(body)]
    text, rows = study.corpus.texts[article_id], []
    sentences = study.sentences[study.sentences["article_id"] == article_id]
    topic, found = "", {}
    for row in sentences[sentences["paragraph"].isin(body)].itertuples():
        named = [name for name, pattern in topics.items()
                 if re.search(pattern, text[row.start : row.end])]
        topic = named[0] if len(named) == 1 else topic if not named else "several"
        found[row.sentence] = topic
    acts = study.agency[(study.agency["article_id"] == article_id)
                        & (study.agency["role"] == "agent")]
    for row in cause.itertuples():
        own = acts[acts["sentence"] == row.sentence]
        told = [f"{actor}: {', '.join(dict.fromkeys(map(deed, part.itertuples())))}"
                for actor, part in own.groupby("actor", sort=False)]
        rows.append((found.get(row.sentence, ""), "; ".join(told),
                     linked(study, article_id, row.start, row.end)))
    table = pd.DataFrame(rows, columns=["topic", "acts", "sentence"])
    order = ["", "several", *topics]
    return table.sort_values("topic", key=lambda names: names.map(order.index), kind="stable")


def uptake_counts(study: Study) -> pd.DataFrame:
    """Return what is done with the words of others: attributions by outlet and uptake.

    Counted where all coders agree; the rest stands under "coders differ".
    """
    codes = study.codes.get("uptake")
    if codes is None or codes.empty:
        return pd.DataFrame()
    said = codes.groupby(["article_id", "attribution_id"])["uptake"].agg(
        lambda values: values.iloc[0] if values.nunique() == 1 else "coders differ").reset_index()
    said["outlet"] = said["article_id"].map(tone.outlets_of(study))
    order = ["dispute", "impugn", "qualify", "use", "endorse", "leave", "coders differ"]
    counts = pd.crosstab(said["outlet"], said["uptake"])
    counts = counts.reindex(index=study.outlets, columns=order, fill_value=0)
    return counts.loc[:, counts.any()].rename_axis(columns=None)


def uptake(study: Study, kinds: list[str]) -> pd.DataFrame:
    """Return quotation by the author's next words by uptake, for the kinds named.

    The rule: the first attribution of each kind in each outlet whose response is marked, by the
    first coder in the order of the alphabet.
    """
    codes, spans = study.codes.get("uptake"), study.codes.get("attributions")
    if codes is None or spans is None:
        return pd.DataFrame()
    codes = codes[codes["coder"] == codes["coder"].min()].dropna(subset=["response_start"])
    spans = spans[(spans["coder"] == spans["coder"].min()) & (spans["part"] == 1)]
    table = codes.merge(spans[["article_id", "attribution_id", "start", "end", "speaker"]],
                        on=["article_id", "attribution_id"])
    table["outlet"] = table["article_id"].map(tone.outlets_of(study))
    table = table[table["uptake"].isin(kinds)].drop_duplicates(["outlet", "uptake"])
    rows = [(row.outlet, row.speaker, linked(study, row.article_id, row.start, row.end),
             linked(study, row.article_id, int(row.response_start), int(row.response_end)),
             row.uptake) for row in table.itertuples()]
    return pd.DataFrame(rows, columns=["outlet", "speaker", "words of the other",
                                       "the author’s words on them", "uptake"])


def answers(study: Study, pattern: str) -> pd.DataFrame:
    """Return the sentences that match a pattern, with outlet, voice and coded functions."""
    table, names = frames.coded_sentences(study), frames.coders(study)
    rows = []
    for row in table.to_dict("records"):
        if re.search(pattern, study.corpus.texts[row["article_id"]][row["start"] : row["end"]]):
            given = [row[f"entman {name}"] or frozenset() for name in names]
            agreed = [spoken for code, spoken in frames.FUNCTIONS.items()
                      if all(code in codes for codes in given)]
            rows.append((row["outlet"], _VOICES.get(row["voice"], row["voice"]),
                         ", ".join(agreed) or "–",
                         linked(study, row["article_id"], row["start"], row["end"])))
    return pd.DataFrame(rows, columns=["outlet", "voice", "functions", "sentence"])


def answer(study: Study, titles) -> list[str]:
    """Return the answer of the framing notebook as paragraphs; ``titles`` makes the titles."""
    parts = []
    if frames.coders(study):
        counts = frames.grid_counts(study)
        remedy = counts[(counts["function"] == "treatment_recommendation") & (counts["agreed"] > 0)]
        told = show.listing([f"{row.outlet} {row.quoted} of {row.agreed}"
                             for row in remedy.itertuples()]) if len(remedy) else ""
        shares = titles.frames_title(frames.frame_shares(study))
        parts.append(f"**{titles.grid_title(counts)}.** {shares}."
                     + (f" Remedies carried by a quoted voice: {told}." if told else ""))
    rates = frames.cue_rates(study, "stance", frames.STANCE)
    choice = ("With one outlet there are no words to compare" if study.terms.empty
              else titles.word_title(study.terms))
    return [*parts, f"**{choice}.** {titles.rates_title(rates, 'Stance cues')}. "
            "A list of words finds cues, not frames: beside each family stands how often it is "
            "right."]
