"""The tables of a study as `analysis.load` gives them, until that reads them from files."""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from analysis.claims import measures
from analysis.codes.reliability import COLUMNS, measure_reliability
from analysis.definitions import SCORES
from analysis.instruments.quotations import find_quotations

_CODERS = pd.DataFrame(columns=["coder", "kind", "blind", "based_on"], dtype="str")
_CODED = pd.DataFrame(columns=["coder", "table", "article_id", "start", "end", "probability"])
_FRAMES = pd.DataFrame(columns=["article_id", "coder", "start", "end", "entman"])


def _both(instrument: pd.DataFrame, codes: pd.DataFrame | None) -> pd.DataFrame:
    """Rows of the instrument, then those of each coder."""
    parts = [instrument.assign(by_kind="instrument")]
    if codes is not None:
        parts.append(codes.assign(by="coder " + codes["coder"], by_kind="model"))
    return pd.concat(parts, ignore_index=True)


def _marked(study) -> list[int]:
    """Words of each sentence that stand in quotation marks or in a block quotation."""
    spans = [(article, quotation.start, quotation.end)
             for article, rows in study.paragraphs.groupby("article_id")
             for quotation in find_quotations(study.corpus.texts[article], rows)]
    blocks = study.paragraphs[study.paragraphs["role"] == "block_quotation"]
    rows = pd.concat([pd.DataFrame(spans, columns=["article_id", "start", "end"]),
                      blocks[["article_id", "start", "end"]]])
    words = measures.words_with_places(_sentences(study), study.voices)
    inside = pd.Series(measures.spoken(words, rows))
    counts = inside.groupby([words["article_id"], words["sentence"]]).sum()
    keys = pd.MultiIndex.from_frame(study.sentences[["article_id", "sentence"]])
    return counts.reindex(keys, fill_value=0).tolist()


def _sentences(study) -> pd.DataFrame:
    rows, texts = study.sentences, study.corpus.texts
    return rows.assign(block=rows["paragraph"], text=[
        texts[article][start:end] for article, start, end
        in zip(rows["article_id"], rows["start"], rows["end"], strict=True)])


def tables_of(study) -> SimpleNamespace:
    """What `analysis.load` returns, as far as claims read it."""
    codes = study.codes
    targets = codes.get("targets")
    if targets is not None:
        targets = targets.rename(columns={"start": "unit_start", "end": "unit_end",
                                          "mention_start": "start", "mention_end": "end"})
    tone = codes.get("tone")
    if tone is not None:
        tone = tone.assign(polarity=tone["polarity"].map(SCORES))
    sentiment = study.sentiment.rename(columns={"instrument": "by"})
    frames = codes.get("sentences")
    sentiment, targets = _both(sentiment, tone), _both(study.targets.assign(by="network"), targets)
    for table, names in ((sentiment, ("start", "end")), (targets, ("unit_start", "unit_end"))):
        for name in names:
            if name not in table:
                table[name] = np.nan
    return SimpleNamespace(
        articles=study.articles.assign(event=study.corpus.articles["event"].to_numpy()),
        paragraphs=study.paragraphs, voices=study.voices, frame_cues=study.frame_cues,
        sentences=_sentences(study).drop(columns="block").assign(marked=_marked(study)),
        attributions=_both(study.attributions.assign(by="extractor"), codes.get("attributions")),
        sentiment=sentiment, targets=targets, actors=study.actors,
        frames=_FRAMES if frames is None else frames, outlets=study.outlets,
        coders=_CODERS, coded=_CODED)


def reliability_of(study, articles=None) -> pd.DataFrame:
    """Agreement, measure by measure, in all articles or in those named."""
    if not study.codes:
        return pd.DataFrame(columns=COLUMNS)
    counted, codes = study.counted, study.codes.get("attributions")
    units, coded = counted.units, set() if codes is None else set(codes["article_id"])
    if articles is not None:
        units, coded = units[units["article_id"].isin(articles)], coded & set(articles)
    return measure_reliability(units, counted.words, counted.given, coded)


def by_outlet(study) -> pd.DataFrame:
    """Agreement over all outlets (`outlet` is "all") and in each."""
    found = [reliability_of(study).assign(outlet="all")]
    articles = study.articles.groupby("outlet")["article_id"]
    found += [reliability_of(study, set(articles.get_group(outlet))).assign(outlet=outlet)
              for outlet in study.outlets]
    return pd.concat(found, ignore_index=True)
