"""Sums per block of everything that a claim compares.

First units (a coded sentence, a mention, the words of a sentence), each with a value and a
weight; then sums of both per block (paragraph). A measure is a ratio of such sums. Reference
codes and instruments go the same way, so that each can stand in for the other; which of them
counts, `deciding` says.

Everything is counted from the tables as they stand: a row whose article, paragraph or sentence no
longer stands in its table is not counted.
"""

import warnings
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.blocks import independent
from analysis.claims.coverage import Coverage, cover
from analysis.claims.deciding import corrected_units, decided, read_units
from analysis.definitions import (
    ENTMAN,
    FUNCTIONS,
    KINDS,
    NETWORK,
    PLAIN_COUNTS,
    SCORES,
    SENTENCES,
    SOURCING,
    TONE,
    WORDED,
    side_name,
    word_starts,
)

HEDGING = {"hedge": "hedges", "booster": "boosters"}
IN_MARKS, OTHERS = "words in quotation marks", "words of others"
GIVEN = "words given to {}"
PLAIN = "count"  # instruments of this name count words or marks, and nothing is inferred
IN_TEXTS = "texts"  # what could be compared, whoever codes
SCALES = {TONE: "polarity", SOURCING: "share", ENTMAN: "share", PLAIN_COUNTS: "per 1,000 words",
          SENTENCES: "polarity"}
VOICES = {"author": ("author",), "author, mixed sentences too": ("author", "mixed", "self_quoted"),
          "all": ("author", "mixed", "self_quoted", "quoted", "paraphrased", "")}
CHOICE = 1000  # sentences of a part that evidence may choose from
TEXT = ("body", "block_quotation", "self_quotation")
SCOPES = {"article": ("headline", "deck", *TEXT), "body": TEXT,
          "page": ("headline", "deck", *TEXT, "heading", "furniture")}
KEYS = ["article_id", "block", "family", "measure", "instrument", "coder"]


class Counted(NamedTuple):
    """What one reading of the tables gives to verdicts and to agreement."""

    units: pd.DataFrame  # what claims rest on
    coded: pd.DataFrame  # units of every coder, also of those who read a part, and of instruments
    blocks: pd.DataFrame
    words: pd.DataFrame  # every word: article_id, block, sentence, offset, voice
    given: list[tuple[str, str, str, np.ndarray]]  # instrument, coder, measure, and of each word
    coverage: Coverage
    articles: pd.DataFrame  # article_id, outlet, event; near-duplicates of an outlet once
    sentences: pd.DataFrame  # article_id, sentence, start, end


def count(t: Any, articles: pd.DataFrame | None = None) -> Counted:
    """Units, sums per block, and words of the tables as they stand.

    Where they are a part of a corpus, ``articles`` are the independent ones of all of it.
    """
    articles = independent(t.articles) if articles is None else articles
    articles = articles[articles["article_id"].isin(t.articles["article_id"])]
    places = _places(t, articles)
    words = words_with_places(places, t.voices)
    given = list(attributed(t, words))
    tables = [*_tone_toward_sides(t, places), *_sourcing(places, words, given),
              *_functions(t, places), *_stance(t, places, words), *_sentence_tone(t, places)]
    table = pd.concat([table for table in tables if len(table)], ignore_index=True)
    can = places[places["role"].isin(SCOPES["article"])]
    codes = table["instrument"] == "codes"
    found = table[(table["family"] == TONE) & ~codes & table["role"].isin(SCOPES["article"])]
    coverage = cover(t, table[codes], found, can)
    table = table[table["measure"] != "toward "]
    coded = read_units(table, coverage)
    outlets = articles.set_index("article_id")["outlet"]
    units = pd.concat([decided(coded, coverage), *corrected_units(coded, coverage, outlets)],
                      ignore_index=True)
    held = one_vote(pd.concat([units, *_in_texts(t, places)], ignore_index=True))
    return Counted(units, coded, sum_units(held, articles), words, given, coverage, articles,
                   t.sentences[["article_id", "sentence", "start", "end"]])


def count_parts(parts: Iterable[Any], articles: pd.DataFrame) -> Counted:
    """What `count` gives for a corpus that nobody coded, from parts held one after another.

    Of the units of a part those alone are kept that evidence may choose (the first thousand
    sentences on each side of zero, the strongest first) and mentions of sides, which are counted.
    """
    outlet_of, kept = articles.set_index("article_id")["outlet"], []
    for part in parts:
        counted = count(part, articles)
        units = counted.units[counted.units["role"].isin(SCOPES["article"])]
        strong = units.loc[units["value"].abs().sort_values(ascending=False, kind="stable").index]
        place = strong.groupby([strong["article_id"].map(outlet_of), np.sign(strong["value"]),
                                "family", "measure", "instrument", "voice"]).cumcount()
        chosen = (place.reindex(units.index) < CHOICE) & (units["value"] != 0)
        kept.append(counted._replace(units=units[chosen | (units["family"] == TONE)],
                                     coded=counted.coded[:0], words=counted.words[:0], given=[]))
    joined = {name: pd.concat([getattr(one, name) for one in kept], ignore_index=True)
              for name in ("units", "blocks", "sentences")}
    return kept[0]._replace(articles=articles, **joined)


# Places ------------------------------------------------------------------------------------


def _places(t: Any, articles: pd.DataFrame) -> pd.DataFrame:
    """Every sentence that still stands, with its block, its paragraph's role, and its voice."""
    names = ["article_id", "paragraph", "sentence", "start", "end", "voice", "text"]
    sentences = t.sentences[[*names, "marked"]]
    standing = sentences[sentences["article_id"].isin(articles["article_id"])]
    roles = t.paragraphs[["article_id", "paragraph", "role"]]
    places = standing.merge(roles, on=["article_id", "paragraph"])
    return places.rename(columns={"paragraph": "block"})


def words_with_places(places: pd.DataFrame, voices: pd.DataFrame) -> pd.DataFrame:
    """Every word that stands in a sentence: article_id, block, sentence, offset, voice.

    A word counts where it begins; one that no row of `voices` holds has the voice "".
    """
    starts = [word_starts(text) for text in places["text"]]
    touching = places["start"].eq(places["end"].shift()) & places["article_id"].eq(
        places["article_id"].shift())  # "… it.The next …": its first word began before it
    starts = [found[1:] if joined else found
              for found, joined in zip(starts, touching, strict=True)]
    row = np.repeat(np.arange(len(places)), [len(found) for found in starts])
    at = places.iloc[row].reset_index(drop=True)
    offset = at["start"].to_numpy(np.int64) + np.array(
        [start for found in starts for start in found], np.int64)
    words = at[["article_id", "block", "sentence"]].assign(offset=offset, voice="")
    pieces = dict(iter(voices.groupby("article_id")))
    voice = words["voice"].to_numpy(object)
    for article, index in words.groupby("article_id", sort=False).indices.items():
        if article not in pieces:
            continue
        own = pieces[article].sort_values("start")
        piece = np.searchsorted(own["start"], offset[index], side="right") - 1
        inside = (piece >= 0) & (offset[index] < own["end"].to_numpy()[piece])
        voice[index] = np.where(inside, own["voice"].to_numpy()[piece], "")
    return words.assign(voice=voice)


def _overlapped(codes: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Codes of spans, each with the sentence that it overlaps most; others are left out."""
    codes = codes.drop(columns=["voice", "sentence", "block", "role"], errors="ignore")
    parts = []
    for article, rows in codes.groupby("article_id", sort=False):
        at = places[places["article_id"] == article].sort_values("start")
        if at.empty:
            continue
        starts, ends = at["start"].to_numpy(), at["end"].to_numpy()
        shared = (np.minimum(ends, rows["end"].to_numpy(np.int64)[:, None])
                  - np.maximum(starts, rows["start"].to_numpy(np.int64)[:, None]))
        best, rows = shared.argmax(1), rows.reset_index(drop=True)
        found = at.iloc[best][["block", "sentence", "voice", "role"]].reset_index(drop=True)
        parts.append(pd.concat([rows, found], axis=1)[shared.max(1) > 0])
    if parts:
        return pd.concat(parts, ignore_index=True)
    return codes.iloc[:0].assign(block=0, sentence=0, voice="", role="")


def _actors(t: Any) -> pd.DataFrame:
    """Side and role of each name, indexed by the name in lower case."""
    rows = [(name.casefold(), row.side, row.role) for row in t.actors.fillna("").itertuples()
            for name in (row.actor, *row.aliases.split("|")) if name]
    return pd.DataFrame(rows, columns=["name", "side", "role"]).drop_duplicates("name").set_index(
        "name")


def sides(t: Any) -> dict[str, str]:
    """Sides that actors.csv declares, in its order, and how each is said."""
    return {side: side_name(side, t.actors)
            for side in dict.fromkeys(t.actors["side"].fillna("")) if side}


def _readings(table: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Yield instrument ("codes" for coders'), coder and rows of each reading in a table."""
    for (kind, by), rows in table.groupby(["by_kind", "by"], sort=False):
        coder = "" if kind == "instrument" else str(by).removeprefix("coder ")
        yield (str(by) if kind == "instrument" else "codes"), coder, rows


def _warn_where_derived_differs(table: str, column: str, held: pd.Series, derived: pd.Series,
                                base: str) -> None:
    differing = int((held.fillna("").astype(str) != derived.fillna("").astype(str)).sum())
    if differing:
        warnings.warn(
            f"{table}.{column} differs in {differing} row{'s' * (differing > 1)} from what "
            f"{base} gives; claims follow {base}, and t.locate() sets {column} anew",
            stacklevel=2)


# Units -------------------------------------------------------------------------------------


def _units(rows: pd.DataFrame, family: str, measure: Any, instrument: str, value: Any,
           weight: Any = 1.0, coder: Any = "", item: Any = 0, actor: Any = "") -> pd.DataFrame:
    """Rows as units; `item` tells units of one span apart (mentions in a sentence)."""
    keep = ["article_id", "block", "sentence", "start", "end", "voice", "role"]
    return rows[keep].assign(family=family, measure=measure, instrument=instrument, coder=coder,
                             item=item, value=value, weight=weight, actor=actor)


def _sentence_tone(t: Any, places: pd.DataFrame) -> Iterator[pd.DataFrame]:
    for instrument, coder, rows in _readings(t.sentiment):
        rows = rows[["article_id", "sentence", "start", "end", "polarity"]]
        rows = (_overlapped(rows, places) if coder else
                rows.drop(columns=["start", "end"]).merge(places, on=["article_id", "sentence"]))
        yield _units(rows[rows["polarity"].notna()], SENTENCES, "sentences", instrument,
                     rows["polarity"], coder=coder)


def _tone_toward_sides(t: Any, places: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Polarity of each mention of an actor with a side; its voice is that of its holder."""
    known, spans = _actors(t), places.drop(columns=["text", "marked"])
    if "side" in t.targets:
        _warn_where_derived_differs("targets", "side", t.targets["side"],
                                    t.targets["target"].str.casefold().map(known["side"]), "target")
    for instrument, coder, rows in _readings(t.targets):
        rows = rows.assign(item=rows["start"])
        if coder:
            unit = rows[["unit_start", "unit_end"]].set_axis(["start", "end"], axis=1)
            rows = _overlapped(rows.assign(**unit.fillna(rows[["start", "end"]])), spans)
        else:
            rows = rows[["article_id", "sentence", "target", "holder", "polarity", "item"]].merge(
                spans, on=["article_id", "sentence"])
        side = rows["target"].str.casefold().map(known["side"]).fillna("")
        holder = rows["holder"].fillna("").str.casefold()
        own = (holder == "author") | (holder.map(known["role"]) == "author_self")
        voice = np.select([own & (rows["role"] == "self_quotation"), own],
                          ["self_quoted", "author"], "quoted")
        rows = rows.assign(side=side, voice=voice)  # without a side: read, and counted nowhere
        yield _units(rows, TONE, "toward " + rows["side"].replace(sides(t)), instrument,
                     rows["polarity"].map(SCORES), coder=coder, item=rows["item"],
                     actor=rows["target"])


def spoken(words: pd.DataFrame, rows: pd.DataFrame) -> np.ndarray:
    """Whether each word begins in one of the spans."""
    inside = np.zeros(len(words), bool)
    at = words.groupby("article_id", sort=False).indices
    offsets = words["offset"].to_numpy()
    for article, spans in rows[rows["article_id"].isin(at)].groupby("article_id"):
        covered = np.zeros(int(max(spans["end"].max(), offsets[at[article]].max())) + 1, bool)
        for start, end in zip(spans["start"], spans["end"], strict=True):
            covered[int(start):int(end)] = True
        inside[at[article]] = covered[offsets[at[article]]]
    return inside


def attributed(t: Any, words: pd.DataFrame) -> Iterator[tuple[str, str, str, np.ndarray]]:
    """Yield instrument, coder, measure, and per word whether it is given to somebody else."""
    known = _actors(t)
    if "side" in t.attributions:
        of = t.attributions["speaker"].str.casefold().map(known["side"])
        _warn_where_derived_differs("attributions", "side", t.attributions["side"], of, "speaker")
    readings = [*_readings(t.attributions)]
    read = dict.fromkeys(t.coded.loc[t.coded["table"] == "attributions", "coder"])
    readings += [("codes", coder, t.attributions.iloc[:0])  # who has read, and found nobody's words
                 for coder in read if coder not in {coder for _, coder, _ in readings}]
    for instrument, coder, rows in readings:
        speaker = rows["speaker"].fillna("").str.casefold()
        worded = (rows["kind"].replace(KINDS).isin(WORDED) & (rows["quote_type"] != "scare")
                  & (speaker != "author") & (speaker.map(known["role"]) != "author_self"))
        yield instrument, coder, OTHERS, spoken(words, rows[worded])
        for side, said in sides(t).items():
            given = worded & (speaker.map(known["side"]) == side)
            yield instrument, coder, GIVEN.format(said), spoken(words, rows[given])


def _sourcing(places: pd.DataFrame, words: pd.DataFrame,
              given: list[tuple[str, str, str, np.ndarray]]) -> Iterator[pd.DataFrame]:
    rows = places.assign(voice="")
    index = pd.MultiIndex.from_frame(places[["article_id", "sentence"]])
    keys = [words["article_id"], words["sentence"]]
    total = words.groupby(keys).size().reindex(index, fill_value=0).to_numpy()
    yield _units(rows, PLAIN_COUNTS, IN_MARKS, PLAIN, places["marked"].to_numpy(), total)
    for instrument, coder, measure, inside in given:
        count = pd.Series(inside).groupby(keys).sum().reindex(index, fill_value=0).to_numpy()
        yield _units(rows, SOURCING, measure, instrument, count, total, coder)


def _functions(t: Any, places: pd.DataFrame) -> Iterator[pd.DataFrame]:
    cues = t.frame_cues[t.frame_cues["family"] == "entman"]
    hits = pd.MultiIndex.from_frame(cues[["article_id", "sentence", "category"]])
    rows = None
    if len(t.frames) and "entman" in t.frames:
        coded = t.frames
        if "unit" in coded:
            coded = coded[coded["unit"].fillna("") != "editorial_note"]
        rows = _overlapped(coded, places)
        given = rows["entman"].fillna("").str.split()
        coder = rows["coder"] if "coder" in rows else rows["by"].str.removeprefix("coder ")
    for code, name in FUNCTIONS.items():
        keys = pd.MultiIndex.from_frame(places[["article_id", "sentence"]].assign(category=code))
        yield _units(places, ENTMAN, name, "cues", keys.isin(hits).astype(float))
        if rows is not None:
            yield _units(rows, ENTMAN, name, "codes", given.map(lambda c, f=code: f in c)
                         .astype(float), coder=coder)


def _stance(t: Any, places: pd.DataFrame, words: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Hedges and boosters per 1,000 words, each counted in the voice of its first word."""
    keys = ["article_id", "sentence", "voice"]
    weight = words.groupby(keys).size().rename("weight").reset_index()
    rows = places.drop(columns="voice").merge(weight, on=["article_id", "sentence"])
    voice = words.set_index(["article_id", "offset"])["voice"]
    for category, name in HEDGING.items():
        cues = t.frame_cues[t.frame_cues["category"] == category]
        at = pd.MultiIndex.from_frame(cues[["article_id", "start"]])
        counts = cues.assign(voice=voice.reindex(at).to_numpy()).groupby(keys).size()
        value = counts.reindex(pd.MultiIndex.from_frame(rows[keys]), fill_value=0).to_numpy()
        yield _units(rows, PLAIN_COUNTS, name, PLAIN, 1000.0 * value, rows["weight"])


# What could be compared ---------------------------------------------------------------------


def _in_texts(t: Any, places: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """What the texts alone would let a coder compare: it fixes the number of tests.

    A side can be judged where a mention of it stands; the rest, wherever there is a sentence.
    """
    side = t.mentions["actor"].str.casefold().map(_actors(t)["side"]).fillna("")
    named = t.mentions.assign(side=side)[["article_id", "sentence", "side"]].drop_duplicates()
    rows = places.assign(voice="author")
    for name, said in sides(t).items():
        at = pd.MultiIndex.from_frame(named.loc[named["side"] == name, ["article_id", "sentence"]])
        here = pd.MultiIndex.from_frame(places[["article_id", "sentence"]]).isin(at)
        yield _units(rows[here], TONE, f"toward {said}", IN_TEXTS, 1.0)
        yield _units(rows.assign(voice=""), SOURCING, GIVEN.format(said), IN_TEXTS,
                     here.astype(float))
    yield _units(rows.assign(voice=""), SOURCING, OTHERS, IN_TEXTS, 1.0)
    yield _units(rows, SENTENCES, "sentences", IN_TEXTS, 1.0)
    for name in FUNCTIONS.values():
        yield _units(rows, ENTMAN, name, IN_TEXTS, 1.0)


# Sums --------------------------------------------------------------------------------------


def one_vote(units: pd.DataFrame) -> pd.DataFrame:
    """Let an instrument's mentions of one side in one sentence share one vote.

    It reads the same words for each of them, so a name said three times is no more evidence. Codes
    count by mention, as their coders judged them.
    """
    own = units[(units["family"] == TONE) & (units["instrument"] == NETWORK)]
    shared = own.groupby(["article_id", "sentence", "measure", "voice"])["item"].transform("size")
    names = ["value", "weight"]
    return units.assign(**units[names].div(shared.reindex(units.index, fill_value=1), axis=0))


def sum_units(table: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """Sums of units by block, in every voice and scope.

    Returns
    -------
    DataFrame
        article_id, outlet, event, block (the paragraph's number), family, measure, instrument,
        voice, scope (article, body, page), coder, numerator, denominator, unit. `numerator` over
        `denominator`, both summed over blocks, is the measure. Blocks without a denominator are
        left out.
    """
    # Of several articles an outlet each is one block, whatever paragraph a unit stands in.
    outlet = articles.set_index("article_id")["outlet"].loc[table["article_id"].unique()]
    alone = ~outlet.duplicated(keep=False)
    table = table.assign(block=table["block"].where(table["article_id"].map(alone), 0))
    small = table.groupby([*KEYS, "voice", "role"], sort=False)[["value", "weight"]].sum()
    small, parts = small.reset_index(), []
    for voice, voices in VOICES.items():
        for scope, roles in SCOPES.items():
            page = scope == "page"  # the furniture is nobody's, and nobody codes it
            rows = small[small["role"].isin(roles)
                         & small["voice"].isin((*voices, "furniture") if page else voices)
                         & (~of_everyone(small) | (voice == "all"))
                         & ((small["instrument"] != "codes") | (not page))
                         & ((small["instrument"] != IN_TEXTS) | (scope == "article"))]
            sums = rows.groupby(KEYS, sort=False)[["value", "weight"]].sum().reset_index()
            parts.append(sums.assign(voice=voice, scope=scope))
    blocks = pd.concat(parts, ignore_index=True).rename(
        columns={"value": "numerator", "weight": "denominator"})
    blocks = articles[["article_id", "outlet", "event"]].merge(
        blocks[blocks["denominator"] != 0], on="article_id")
    order = ["article_id", "outlet", "event", "block", "family", "measure", "instrument", "voice",
             "scope", "coder", "numerator", "denominator", "unit"]
    unit = blocks["family"].map(SCALES).where(blocks["measure"] != IN_MARKS, "share")
    return blocks.assign(unit=unit)[order]


def of_everyone(table: pd.DataFrame) -> pd.Series:
    """Whether a measure asks whose words are whose, and so counts those of all voices."""
    return (table["family"] == SOURCING) | (table["measure"] == IN_MARKS)
