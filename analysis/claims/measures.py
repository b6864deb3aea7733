"""Sums per block of everything that a claim compares.

First units (a coded sentence, a mention, the words of a sentence), each with a value and a
weight; then sums of both per block (paragraph). A measure is a ratio of such sums. Reference
codes and instruments go the same way, so that each can stand in for the other.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from analysis.codes.agreement import corrected
from analysis.instruments.quotations import find_quotations

TONE, SOURCING, ENTMAN = "tone toward sides", "sourcing", "Entman's functions"
STANCE, SENTENCES = "stance", "sentence tone"
FAMILIES = (TONE, SOURCING, ENTMAN, STANCE, SENTENCES)
FUNCTIONS = {"problem_definition": "problem definition", "causal_attribution": "cause",
             "moral_evaluation": "moral judgement", "treatment_recommendation": "remedy"}
HEDGING = {"hedge": "hedges", "booster": "boosters"}
IN_MARKS, OTHERS = "words in quotation marks", "words of others"
GIVEN = "words given to {}"
# What stands in for codes where there are none; the others are only shown beside it.
PRIMARY = {TONE: "network", SOURCING: "attributions", ENTMAN: "cues", STANCE: "count",
           SENTENCES: "vader"}
PLAIN = "count"  # instruments of this name count words or marks, and nothing is inferred
SCALES = {TONE: "polarity", SOURCING: "share", ENTMAN: "share", STANCE: "per 1,000 words",
          SENTENCES: "polarity"}
POLARITY = {"negative": -1.0, "neutral": 0.0, "positive": 1.0}
# Kinds of the codebook and of the project in which somebody's words are reported.
WORDED = ("speech", "media", "document", "decree", "performative")
VOICES = {"author": ("author",), "author, mixed sentences too": ("author", "mixed", "self_quoted"),
          "all": ("author", "mixed", "self_quoted", "quoted", "paraphrased", "")}
TEXT = ("body", "block_quotation", "self_quotation")
SCOPES = {"article": ("headline", "deck", *TEXT), "body": TEXT,
          "page": ("headline", "deck", *TEXT, "heading", "furniture")}
COMPLETE = 0.95  # share of what can be coded that a coder has to cover
KEYS = ["article_id", "block", "family", "measure", "instrument", "coder"]
_WORD = re.compile(r"\w+(?:['’]\w+)*")


def _places(study) -> pd.DataFrame:
    """Every sentence with its block, its paragraph's role, and its voice."""
    roles = study.paragraphs[["article_id", "paragraph", "role"]]
    places = study.sentences.merge(roles, on=["article_id", "paragraph"], how="left")
    return places.rename(columns={"paragraph": "block"})


def words_with_places(study) -> pd.DataFrame:
    """Every word that stands in a sentence: article_id, block, sentence, offset, voice."""
    tables = []
    voices = dict(iter(study.voices.groupby("article_id")))
    for article, rows in study.sentences.groupby("article_id", sort=False):
        offsets = np.array([m.start() for m in _WORD.finditer(study.corpus.texts[article])], int)
        row = np.searchsorted(rows["start"], offsets, side="right") - 1
        inside = (row >= 0) & (offsets < rows["end"].to_numpy()[row])
        offsets, row = offsets[inside], row[inside]
        piece = np.searchsorted(voices[article]["start"], offsets, side="right") - 1
        tables.append(pd.DataFrame({
            "article_id": article, "block": rows["paragraph"].to_numpy()[row],
            "sentence": rows["sentence"].to_numpy()[row],
            "offset": offsets, "voice": voices[article]["voice"].to_numpy()[piece]}))
    return pd.concat(tables, ignore_index=True)


def _overlapped(codes: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Codes of spans, each with the sentence that it overlaps most; others are left out."""
    parts = []
    for article, rows in codes.groupby("article_id", sort=False):
        at = places[places["article_id"] == article].sort_values("start")
        starts, ends = at["start"].to_numpy(), at["end"].to_numpy()
        shared = (np.minimum(ends, rows["end"].to_numpy()[:, None])
                  - np.maximum(starts, rows["start"].to_numpy()[:, None]))
        best, rows = shared.argmax(1), rows.reset_index(drop=True)
        found = at.iloc[best][["block", "sentence", "voice", "role"]].reset_index(drop=True)
        parts.append(pd.concat([rows.drop(columns=["voice"], errors="ignore"), found], axis=1)
                     [shared.max(1) > 0])
    return pd.concat(parts, ignore_index=True) if parts else codes.iloc[:0]


def _actors(study) -> pd.DataFrame:
    """Side and role of each name, indexed by the name in lower case."""
    rows = [(name.casefold(), row.side, row.role) for row in study.actors.fillna("").itertuples()
            for name in (row.actor, *row.aliases.split("|")) if name]
    return pd.DataFrame(rows, columns=["name", "side", "role"]).drop_duplicates("name").set_index(
        "name")


def sides(study) -> list[str]:
    """Sides that actors.csv declares, in its order."""
    return [side for side in dict.fromkeys(study.actors["side"].fillna("")) if side]


def _units(rows: pd.DataFrame, family: str, measure, instrument: str, value, weight=1.0,
           coder="", item=0) -> pd.DataFrame:
    """Rows as units; `item` tells units of one span apart (mentions in a sentence)."""
    keep = ["article_id", "block", "sentence", "start", "end", "voice", "role"]
    return rows[keep].assign(family=family, measure=measure, instrument=instrument, coder=coder,
                             item=item, value=value, weight=weight)


def _sentence_tone(study, places: pd.DataFrame) -> list[pd.DataFrame]:
    scored = study.sentiment.merge(places, on=["article_id", "sentence"])
    found = [_units(rows, SENTENCES, "sentences", name, rows["polarity"])
             for name, rows in scored.groupby("instrument")]
    codes = study.codes.get("tone")
    if codes is not None:
        rows = _overlapped(codes, places)
        found.append(_units(rows, SENTENCES, "sentences", "codes", rows["polarity"].map(POLARITY),
                            coder=rows["coder"]))
    return found


def _tone_toward_sides(study, places: pd.DataFrame) -> list[pd.DataFrame]:
    """Polarity of each mention of an actor with a side; its voice is that of its holder."""
    known, found = _actors(study), []
    spans = places.drop(columns=["start", "end"])
    tables = [("network", study.targets.merge(spans, on=["article_id", "sentence"]))]
    if "targets" in study.codes:
        tables.append(("codes", _overlapped(study.codes["targets"], places)))
    for instrument, rows in tables:
        rows = rows.assign(side=rows["target"].str.casefold().map(known["side"]).fillna(""))
        holder = rows["holder"].fillna("").str.casefold()
        own = (holder == "author") | (holder.map(known["role"]) == "author_self")
        rows["voice"] = np.select([own & (rows["role"] == "self_quotation"), own],
                                  ["self_quoted", "author"], "quoted")
        rows = rows[rows["side"] != ""]
        found.append(_units(rows, TONE, "toward " + rows["side"], instrument,
                            rows["polarity"].map(POLARITY),
                            coder=rows["coder"] if instrument == "codes" else "",
                            item=rows.get("mention_start", rows["start"])))
    return found


def spoken(study, words: pd.DataFrame, rows: pd.DataFrame, wanted: pd.Series) -> np.ndarray:
    """Whether each word stands in one of the wanted spans of a table of attributions."""
    inside = np.zeros(len(words), bool)
    at = words.groupby("article_id", sort=False).indices
    for article, spans in rows[wanted & rows["article_id"].isin(at)].groupby("article_id"):
        covered = np.zeros(len(study.corpus.texts[article]) + 1, bool)
        for start, end in zip(spans["start"], spans["end"], strict=True):
            covered[start:end] = True
        inside[at[article]] = covered[words["offset"].to_numpy()[at[article]]]
    return inside


def attributed(study, words: pd.DataFrame):
    """Yield instrument, coder, measure, and per word whether it is given to somebody else."""
    known = _actors(study)
    tables = [("attributions", "", study.attributions)]
    tables += [("codes", coder, rows)
               for coder, rows in study.codes.get("attributions", pd.DataFrame({"coder": []}))
               .groupby("coder")]
    for instrument, coder, rows in tables:
        speaker = rows["speaker"].fillna("").str.casefold()
        worded = (rows["kind"].isin(WORDED) & (rows["quote_type"] != "scare")
                  & (speaker != "author") & (speaker.map(known["role"]) != "author_self"))
        yield instrument, coder, OTHERS, spoken(study, words, rows, worded)
        for side in sides(study):
            given = worded & (speaker.map(known["side"]) == side)
            yield instrument, coder, GIVEN.format(side), spoken(study, words, rows, given)


def _in_marks(study, words: pd.DataFrame) -> np.ndarray:
    spans = [(article, quotation.start, quotation.end)
             for article, rows in study.paragraphs.groupby("article_id")
             for quotation in find_quotations(study.corpus.texts[article], rows)]
    blocks = study.paragraphs[study.paragraphs["role"] == "block_quotation"]
    rows = pd.concat([pd.DataFrame(spans, columns=["article_id", "start", "end"]),
                      blocks[["article_id", "start", "end"]]])
    return spoken(study, words, rows, pd.Series(True, rows.index))


def _sourcing(study, places: pd.DataFrame, words: pd.DataFrame) -> list[pd.DataFrame]:
    rows = places.assign(voice="")
    index = pd.MultiIndex.from_frame(places[["article_id", "sentence"]])
    keys = [words["article_id"], words["sentence"]]
    total = words.groupby(keys).size().reindex(index, fill_value=0).to_numpy()
    marked = [(PLAIN, "", IN_MARKS, _in_marks(study, words))]
    found = []
    for instrument, coder, measure, given in [*marked, *attributed(study, words)]:
        count = pd.Series(given).groupby(keys).sum().reindex(index, fill_value=0).to_numpy()
        found.append(_units(rows, SOURCING, measure, instrument, count, total, coder))
    return found


def _functions(study, places: pd.DataFrame) -> list[pd.DataFrame]:
    found, cues = [], study.frame_cues[study.frame_cues["family"] == "entman"]
    hits = pd.MultiIndex.from_frame(cues[["article_id", "sentence", "category"]])
    codes = study.codes.get("sentences")
    if codes is not None and "entman" in codes:
        rows = _overlapped(codes[codes.get("unit", "") != "editorial_note"], places)
        given = rows["entman"].fillna("").str.split()
    for code, name in FUNCTIONS.items():
        keys = pd.MultiIndex.from_frame(places[["article_id", "sentence"]].assign(category=code))
        found.append(_units(places, ENTMAN, name, "cues", keys.isin(hits).astype(float)))
        if codes is not None and "entman" in codes:
            found.append(_units(rows, ENTMAN, name, "codes", given.map(lambda c, f=code: f in c)
                                .astype(float), coder=rows["coder"]))
    return found


def _stance(study, places: pd.DataFrame, words: pd.DataFrame) -> list[pd.DataFrame]:
    """Hedges and boosters per 1,000 words, each counted in the voice of its first word."""
    keys, found = ["article_id", "sentence", "voice"], []
    weight = words.groupby(keys).size().rename("weight").reset_index()
    rows = places.drop(columns="voice").merge(weight, on=["article_id", "sentence"])
    voice = words.set_index(["article_id", "offset"])["voice"]
    for category, name in HEDGING.items():
        cues = study.frame_cues[study.frame_cues["category"] == category]
        at = pd.MultiIndex.from_frame(cues[["article_id", "start"]])
        counts = cues.assign(voice=voice.reindex(at).to_numpy()).groupby(keys).size()
        value = counts.reindex(pd.MultiIndex.from_frame(rows[keys]), fill_value=0).to_numpy()
        found.append(_units(rows, STANCE, name, PLAIN, 1000.0 * value, rows["weight"]))
    return found


def units(study) -> pd.DataFrame:
    """Every unit that is counted, with its place, value and weight."""
    places = _places(study)
    words = words_with_places(study)
    tables = [*_tone_toward_sides(study, places), *_sourcing(study, places, words),
              *_functions(study, places), *_stance(study, places, words),
              *_sentence_tone(study, places)]
    return pd.concat([table for table in tables if len(table)], ignore_index=True)


def _correct(table: pd.DataFrame, places: pd.DataFrame, outlets: pd.Series) -> pd.DataFrame:
    """Where codes cover a random part of a family, replace them by corrected predictions.

    Codes count as complete when they cover `COMPLETE` of the sentences that can be coded. A part
    is taken as drawn at random within its outlet; an outlet without codes cannot be corrected and
    is left out.
    """
    can = places[places["role"].isin(SCOPES["article"])].set_index(["article_id", "sentence"])
    outlet = can.index.get_level_values(0).map(outlets)
    kept = [table[table["instrument"] != "codes"]]
    for (family, _), rows in table[table["instrument"] == "codes"].groupby(["family", "coder"]):
        coded = can.index.isin(pd.MultiIndex.from_frame(rows[["article_id", "sentence"]]))
        if family in (TONE, SOURCING):  # sentences without a target or a source have no code
            coded = can.index.get_level_values(0).isin(rows["article_id"])
        if coded.mean() >= COMPLETE:
            kept.append(rows)
            continue
        chance = pd.Series(coded).groupby(outlet).mean().reindex(outlet).to_numpy()
        guess = table[(table["family"] == family) & (table["instrument"] == PRIMARY[family])
                      & table["article_id"].isin(can.index.get_level_values(0)[chance > 0])]
        kept.append(_corrected(guess, rows, pd.Series(chance, can.index)[coded]))
    return pd.concat(kept, ignore_index=True)


def _corrected(guess: pd.DataFrame, codes: pd.DataFrame, chance: pd.Series) -> pd.DataFrame:
    keys = ["article_id", "sentence", "measure", "voice"]
    guess = guess[guess["measure"].isin(codes["measure"])]
    sums = [rows.groupby(keys)[["value", "weight"]].sum() for rows in (guess, codes)]
    both = sums[0].join(sums[1].add_suffix("_code"), how="outer").fillna(0.0)
    at = pd.MultiIndex.from_arrays([both.index.get_level_values(i) for i in (0, 1)])
    chance = chance.reindex(at).to_numpy()  # nan where the sentence was not coded
    for name in ("value", "weight"):
        code = np.where(np.isnan(chance), np.nan, both[f"{name}_code"])
        both[name] = corrected(both[name], code, np.nan_to_num(chance, nan=1.0))
    first = pd.concat([guess, codes]).drop_duplicates(keys).set_index(keys)
    first = first.drop(columns=["value", "weight"])
    rows = both[["value", "weight"]].join(first).reset_index()
    return rows.assign(instrument="corrected", coder=codes["coder"].iloc[0])


def block_sums(study) -> pd.DataFrame:
    """Sums per block of every measure, by every instrument and coder, in every specification.

    Returns
    -------
    DataFrame
        article_id, outlet, event, block (the paragraph's number), family, measure, instrument,
        voice, scope (article, body, page), coder, numerator, denominator, unit. `numerator` over
        `denominator`, both summed over blocks, is the measure. Blocks without a denominator are
        left out.
    """
    outlets = study.corpus.articles.set_index("article_id")["outlet"]
    return sum_units(_correct(units(study), _places(study), outlets), study.corpus.articles)


def sum_units(table: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """Sums of units by block, in every voice and scope."""
    small = table.groupby([*KEYS, "voice", "role"], sort=False)[["value", "weight"]].sum()
    small, parts = small.reset_index(), []
    for voice, voices in VOICES.items():
        for scope, roles in SCOPES.items():
            page = scope == "page"  # the furniture is nobody's, and nobody codes it
            rows = small[small["role"].isin(roles)
                         & small["voice"].isin((*voices, "furniture") if page else voices)
                         & ((small["family"] != SOURCING) | (voice == "all"))
                         & ((small["instrument"] != "codes") | (not page))]
            sums = rows.groupby(KEYS, sort=False)[["value", "weight"]].sum().reset_index()
            parts.append(sums.assign(voice=voice, scope=scope))
    blocks = pd.concat(parts, ignore_index=True).rename(
        columns={"value": "numerator", "weight": "denominator"})
    blocks = articles[["article_id", "outlet", "event"]].merge(
        blocks[blocks["denominator"] != 0], on="article_id")
    order = ["article_id", "outlet", "event", "block", "family", "measure", "instrument", "voice",
             "scope", "coder", "numerator", "denominator", "unit"]
    return blocks.assign(unit=blocks["family"].map(SCALES))[order]


def add_evidence(claims: pd.DataFrame, study) -> pd.DataFrame:
    """Give each claim the sentence that shows it.

    The rule: the first sentence of the claim's own voice that lies on the effect's side of zero
    in the first outlet; where none does (or the outlet has less of what is counted), the first
    on the other side in the other outlet. Sentences on which all coders agree come first.
    """
    table = units(study)
    table = table[table["role"].isin(SCOPES["article"])
                  & ((table["voice"] == "author") | (table["family"] == SOURCING))]
    outlets = study.corpus.articles.set_index("article_id")["outlet"]
    table = table.assign(outlet=table["article_id"].map(outlets))
    places = study.sentences.set_index(["article_id", "sentence"])[["start", "end"]]
    groups = dict(iter(table.groupby(["outlet", "family", "measure", "instrument"])))
    found = []
    for claim in claims.itertuples():
        sign = 1 if claim.effect > 0 else -1
        sides = [(claim.outlet, sign), (claim.other_outlet, -sign)]
        if claim.unit != "polarity":
            sides = [(claim.outlet, 1)] if sign > 0 else [(claim.other_outlet, 1)]
        instrument = "codes" if claim.instrument == "corrected" else claim.instrument
        spans = (_first(groups.get((outlet, claim.family, claim.measure, instrument)), wanted)
                 for outlet, wanted in sides)
        key = next((span for span in spans if span), None)
        found.append((key[0], *places.loc[key]) if key else ("", None, None))
    names = ["evidence_article", "evidence_start", "evidence_end"]
    return claims.assign(**dict(zip(names, zip(*found, strict=True), strict=True))).astype(
        {"evidence_start": "Int64", "evidence_end": "Int64"})


def _first(rows: pd.DataFrame | None, sign: int) -> tuple[str, int] | None:
    """Article and sentence of the first unit on one side of zero, by most coders."""
    if rows is None:
        return None
    side = np.sign(rows["value"]) == sign
    agreed = side.groupby([rows["article_id"], rows["sentence"]], sort=False).mean()
    return agreed.idxmax() if agreed.max() > 0 else None
