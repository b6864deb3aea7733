"""Whose words an article lets in: attributions as a reader asks of them, by outlet and side.

An attribution is *worded* where somebody's words are reported: speech, documents, and acts done
by words; thoughts and attitudes are the author's ascription. Reference codes go the same way
under the name "coder NAME", so that each can stand beside the extractor.
"""

import functools
import re

import numpy as np
import pandas as pd

from analysis.codes import attribution_scores
from analysis.old import show, tone, toward
from analysis.old.study import Study, count_words

EXTRACTOR = "extractor"
WORDED = ("speech", "document", "performative")
# The codebook's kinds in the project's terms; scare quotes quote nobody.
_KINDS = {"media": "speech", "self": "speech", "decree": "performative", "evidence": "document",
          "intention": "attitude", "scare": ""}
ROLES = {
    "us_government": "US government", "russian_government": "Russian government",
    "other_government": "other governments", "international_body": "international bodies",
    "expert": "experts", "journalist_or_media": "journalists, media", "company": "companies",
    "citizen": "citizens", "author_self": "the author, earlier",
    "anonymous_or_collective": "unnamed or collective", "": "credited to no one",
}
UPTAKES = ("endorse", "use", "qualify", "leave", "dispute", "impugn")
# Forms by which a sentence asserts something that could be checked, and by which it holds back.
_PARTICULAR = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|dozens?|hundreds?|thousands?|"
    r"millions?|billions?|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|"
    r"February|March|April|May|June|July|August|September|October|November|December|"
    r"yesterday|last (?:week|month|year|spring|summer|autumn|fall|winter))\b")
_HELD_BACK = re.compile(
    r"\b(?:may|might|could|would|should|will|perhaps|probably|seems?|appears?|if|I|we)\b|\?")


@functools.lru_cache(maxsize=4)
def attributed(study: Study, by: str = EXTRACTOR) -> pd.DataFrame:
    """Return the worded attributions with what a reader asks of each.

    Parameters
    ----------
    by : str
        "extractor", or "coder NAME" for reference codes, as `judges` lists them.

    Returns
    -------
    DataFrame
        One row a contiguous part: article_id, outlet, attribution_id, start, end, paragraph,
        place (0 at the start of the article, 1 at its end), words, speaker, side, role, named,
        cue, stance, quote_type, kind. Furniture is left out.
    """
    table = study.attributions
    if by != EXTRACTOR:
        table = dict(tone.coded(study, "attributions"))[by.removeprefix("coder ")]
        table = table.assign(role=table["speaker_role"], kind=table["kind"].replace(_KINDS),
                             speaker=toward.canonical(study, table["speaker"]), stance="",
                             named=table["speaker_role"].ne("anonymous_or_collective"))
    table = table[table["kind"].isin(WORDED) & table["quote_type"].ne("scare")]
    texts, outlets = study.corpus.texts, tone.outlets_of(study)
    sides = dict(zip(study.actors["actor"], study.actors["side"], strict=True))
    table = table.assign(
        outlet=table["article_id"].map(outlets),
        words=[count_words(texts[row.article_id][row.start:row.end])
               for row in table.itertuples()],
        place=[row.start / len(texts[row.article_id]) for row in table.itertuples()],
        side=table["speaker"].map(sides).fillna(""), role=table["role"].fillna(""),
        paragraph=_paragraphs(study, table))
    names = ["article_id", "outlet", "attribution_id", "start", "end", "paragraph", "place",
             "words", "speaker", "side", "role", "named", "cue", "stance", "quote_type", "kind"]
    kept = table[table["paragraph"] > 0][names]
    order = {name: i for i, name in enumerate(study.corpus.articles["article_id"])}
    return kept.assign(rank=kept["article_id"].map(order)).sort_values(
        ["rank", "start"], kind="stable", ignore_index=True).drop(columns="rank")


def _paragraphs(study: Study, table: pd.DataFrame) -> list[int]:
    """Return the paragraph of each row; 0 in furniture, where nobody is quoted."""
    places = dict(list(study.paragraphs.groupby("article_id")))
    found = []
    for row in table.itertuples():
        rows = places[row.article_id]
        held = rows.iloc[rows["start"].searchsorted(row.start, side="right") - 1]
        found.append(0 if held["role"] == "furniture" else int(held["paragraph"]))
    return found


def judges(study: Study) -> list[str]:
    """Return the extractor and the coders of attributions."""
    return [EXTRACTOR, *(f"coder {name}" for name, _ in tone.coded(study, "attributions"))]


def primary(study: Study) -> str:
    """Return what the figures rest on: the first coder of attributions, else the extractor."""
    return [*judges(study)[1:], EXTRACTOR][0]


def attribution_ladder(study: Study, most: int = 40) -> pd.DataFrame:
    """Return each attribution as a ladder from speaker to form, in reading order.

    Above ``most`` attributions, those that give the most words.
    """
    table = attributed(study)
    whole = table.groupby(["article_id", "attribution_id"], sort=False).agg(
        outlet=("outlet", "first"), paragraph=("paragraph", "first"), place=("place", "first"),
        speaker=("speaker", "first"), named=("named", "first"), role=("role", "first"),
        cue=("cue", "first"), stance=("stance", "first"), form=("quote_type", "first"),
        words=("words", "sum")).reset_index(drop=True)
    if len(whole) > most:
        whole = whole.loc[sorted(whole["words"].sort_values(
            ascending=False, kind="stable").index[:most])]
    return whole.assign(
        speaker=whole["speaker"].replace({"": "no one", "AUTHOR": "the author"}),
        named=np.where(whole["named"].astype(bool), "named", "not named"),
        role=whole["role"].map(ROLES).fillna(whole["role"]),
        cue=whole["cue"].replace("", "none"))


def most_attributed(study: Study) -> str:
    """Return the article with the most attributions, of equals the first of the corpus."""
    found = study.attributions.groupby("article_id")["attribution_id"].nunique()
    return found.reindex(study.articles["article_id"], fill_value=0).idxmax()


@functools.lru_cache(maxsize=4)
def role_shares(study: Study, by: str = EXTRACTOR) -> pd.DataFrame:
    """Return how the words that an outlet gives to sources divide among roles.

    Returns
    -------
    DataFrame
        outlet, role (as spoken), words, share of the outlet's attributed words. Beside the
        roles, which sum to 1, the row "speaker not named" counts words whose speaker has no name.
    """
    table = attributed(study, by)
    named = list(ROLES.values())
    rows = []
    for outlet in study.outlets:
        part = table[table["outlet"] == outlet]
        total = part["words"].sum()
        spoken = part["role"].map(ROLES).fillna("other speakers")
        # Who is credited without a role in actors.csv is not "no one".
        spoken = spoken.mask((part["role"] == "") & part["speaker"].ne(""), "other speakers")
        sums = part.groupby(spoken)["words"].sum()
        sums["speaker not named"] = part.loc[~part["named"].astype(bool), "words"].sum()
        rows += [(outlet, role, int(words), words / total if total else np.nan)
                 for role, words in sums.items()]
    shares = pd.DataFrame(rows, columns=["outlet", "role", "words", "share"])
    present = [name for name in [*named[:-1], "other speakers", named[-1], "speaker not named"]
               if name in set(shares["role"])]
    index = pd.MultiIndex.from_product([present, study.outlets], names=["role", "outlet"])
    full = shares.set_index(["role", "outlet"]).reindex(index).fillna({"words": 0, "share": 0.0})
    return full.reset_index().astype({"words": int})[["outlet", "role", "words", "share"]]


def shares_beside(study: Study) -> pd.DataFrame:
    """Return the shares by role of `primary`, and in ``share_of_extractor`` the extractor's.

    Where there are no codes the two are the same.
    """
    mine = role_shares(study, EXTRACTOR).rename(columns={"share": "share_of_extractor"})
    table = role_shares(study, primary(study)).merge(
        mine.drop(columns="words"), on=["outlet", "role"], how="outer").fillna(
        {"words": 0, "share": 0.0, "share_of_extractor": 0.0}).astype({"words": int})
    names = list(ROLES.values())
    names[-1:] = ["other speakers", names[-1], "speaker not named"]
    order = {name: i for i, name in enumerate([*names, *study.outlets])}
    return table.sort_values(["role", "outlet"], key=lambda column: column.map(order),
                             ignore_index=True)


def stance_by_side(study: Study) -> pd.DataFrame:
    """Return how many cues of each stance introduce the words of each side, by outlet.

    Returns
    -------
    DataFrame
        side, outlet, a column for each stance, all. Sides are those of actors.csv; speakers
        without one are "no side". Attributions without a cue are left out.
    """
    table = attributed(study).drop_duplicates(["article_id", "attribution_id"])
    table = table[table["cue"].ne("") & table["stance"].ne("")]
    table = table.assign(side=table["side"].where(table["side"] != "", "no side"))
    counts = pd.crosstab([table["side"], table["outlet"]], table["stance"])
    counts = counts.reindex(columns=["neutral", "endorsing", "doubting", "colouring"],
                            fill_value=0)
    counts["all"] = counts.sum(axis=1)
    order = {name: i for i, name in enumerate(study.outlets)}
    return counts.reset_index().sort_values(
        ["side", "outlet"], key=lambda column: column.map(order) if column.name == "outlet"
        else column.eq("no side").astype(str) + column).reset_index(drop=True).rename_axis(
            columns=None)


def first_voices(study: Study, by: str, most: int = 2) -> pd.DataFrame:
    """Return where in each article the first words of each side come.

    Parameters
    ----------
    most : int
        So many sides, those with the most attributed words; the author's side is none.

    Returns
    -------
    DataFrame
        article_id, outlet, side, place (0 to 1; missing where the side has no words), paragraph,
        speaker, start, end.
    """
    table = attributed(study, by)
    table = table[table["side"].ne("")]
    sides = table.groupby("side")["words"].sum().sort_values(ascending=False, kind="stable")
    rows = []
    for key, outlet in tone.outlets_of(study).items():
        for side in sides.index[:most]:
            held = table[(table["article_id"] == key) & (table["side"] == side)]
            first = held.iloc[0] if len(held) else None
            rows.append((key, outlet, side) + (
                (np.nan, np.nan, "", np.nan, np.nan) if first is None else
                (first["place"], first["paragraph"], first["speaker"], first["start"],
                 first["end"])))
    return pd.DataFrame(rows, columns=["article_id", "outlet", "side", "place", "paragraph",
                                       "speaker", "start", "end"])


def uncredited(study: Study) -> pd.DataFrame:
    """Return sentences that assert particulars as fact and credit no one.

    Rule: a body sentence in the author's voice that holds a number, a weekday, a month or a date
    gone by, no attribution of any kind, and no form that holds back (modal verbs, *seems*, *if*,
    first person, a question).

    Returns
    -------
    DataFrame
        outlet, paragraph, sentence (its words).
    """
    roles = study.paragraphs[["article_id", "paragraph", "role"]]
    table = study.sentences.merge(roles, on=["article_id", "paragraph"])
    table = table[(table["role"] == "body") & (table["voice"] == "author")]
    credited = {key: rows[["start", "end"]].to_numpy()
                for key, rows in study.attributions.groupby("article_id")}
    outlets, rows = tone.outlets_of(study), []
    for row in table.itertuples():
        words = " ".join(study.corpus.texts[row.article_id][row.start:row.end].split())
        spans = credited.get(row.article_id, np.empty((0, 2)))
        free = not ((spans[:, 0] < row.end) & (spans[:, 1] > row.start)).any()
        if free and _PARTICULAR.search(words) and not _HELD_BACK.search(words):
            rows.append((outlets[row.article_id], row.paragraph, words))
    return pd.DataFrame(rows, columns=["outlet", "paragraph", "sentence"])


@functools.lru_cache(maxsize=2)
def uptake(study: Study) -> pd.DataFrame:
    """Return each coded attribution beside what its author does with it.

    Returns
    -------
    DataFrame
        outlet, paragraph, speaker, words (those attributed), a column a coder with the uptake,
        response (the author's words that show it, by the first coder). Empty without codes.
    """
    coders, spans = tone.coded(study, "uptake"), tone.coded(study, "attributions")
    if not coders or not spans:
        return pd.DataFrame()
    parts = spans[0][1].sort_values(["article_id", "start"])
    parts = parts.assign(paragraph=_paragraphs(study, parts))
    key = ["article_id", "attribution_id"]
    texts, table = study.corpus.texts, None
    for name, codes in coders:
        column = codes.set_index(key)[["uptake"]].rename(columns={"uptake": f"coder {name}"})
        table = column if table is None else table.join(column, how="outer")
    first = coders[0][1].set_index(key)
    table["response"] = [
        "" if pd.isna(start) else " ".join(texts[article][int(start):int(end)].split())
        for (article, _), start, end in zip(
            table.index, first["response_start"].reindex(table.index),
            first["response_end"].reindex(table.index), strict=True)]
    said = parts.groupby(key, sort=False).agg(paragraph=("paragraph", "first"),
                                              start=("start", "first"),
                                              speaker=("speaker", "first"))
    said["words"] = [" … ".join(" ".join(texts[row.article_id][row.start:row.end].split())
                                for row in rows.itertuples())
                     for _, rows in parts.groupby(key, sort=False)]
    table = table.join(said, how="inner").reset_index()
    table = table[table["paragraph"] > 0]
    order = {name: i for i, name in enumerate(study.corpus.articles["article_id"])}
    table = table.assign(outlet=table["article_id"].map(tone.outlets_of(study)),
                         rank=table["article_id"].map(order)).sort_values(["rank", "start"])
    names = ["outlet", "paragraph", "speaker", "words",
             *(f"coder {name}" for name, _ in coders), "response"]
    return table[names].reset_index(drop=True)


def uptake_shares(study: Study) -> pd.DataFrame:
    """Return how often each outlet's author does each thing with attributed words.

    Returns
    -------
    DataFrame
        outlet, uptake, count and share, by the first coder. Empty without codes.
    """
    table = uptake(study)
    if table.empty:
        return pd.DataFrame(columns=["outlet", "uptake", "count", "share"])
    coder = next(name for name in table if name.startswith("coder "))
    counts = pd.crosstab(table["outlet"], table[coder]).reindex(
        index=study.outlets, columns=UPTAKES, fill_value=0)
    shares = counts.div(counts.sum(axis=1), axis=0)
    return pd.DataFrame([(outlet, name, int(counts.loc[outlet, name]), shares.loc[outlet, name])
                         for outlet in study.outlets for name in UPTAKES],
                        columns=["outlet", "uptake", "count", "share"])


def record(study: Study) -> pd.DataFrame:
    """Return what stored transcripts and reports say of the quotations, with its basis."""
    table = study.corpus.record
    if table.empty:
        return table
    return table.assign(outlet=table["article_id"].map(tone.outlets_of(study)))[
        ["outlet", "quoted", "record", "note", "source", "basis"]]


# Where the extractor errs ------------------------------------------------------------------------


def _matched(rows: pd.DataFrame, others: pd.DataFrame) -> list[tuple[float, str]]:
    """Return for each row the best overlap with another's part, and that part's speaker."""
    found = []
    for row in rows.itertuples():
        best = (0.0, "")
        for other in others[(others["article_id"] == row.article_id) & (others["end"] > row.start)
                            & (others["start"] < row.end)].itertuples():
            shared = min(row.end, other.end) - max(row.start, other.start)
            union = max(row.end, other.end) - min(row.start, other.start)
            best = max(best, (shared / union, other.speaker))
        found.append(best)
    return found


def _merged(coded: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the coders' parts, each once, with the coders that have it."""
    parts = []
    for name, table in coded.items():
        others = {other.removeprefix("coder "): _matched(table, rows)
                  for other, rows in coded.items() if other != name}
        earlier = [other.removeprefix("coder ") for other in list(coded)[:list(coded).index(name)]]
        label = name.removeprefix("coder ")
        for i, row in enumerate(table.itertuples(index=False)):
            also = [other for other, found in others.items() if found[i][0] >= 0.5]
            if not set(also) & set(earlier):
                parts.append({**row._asdict(), "coder": ", ".join(sorted([label, *also]))})
    merged = pd.DataFrame(parts)
    return merged.sort_values(["article_id", "start"], kind="stable") if parts else merged


def errors(study: Study) -> pd.DataFrame:
    """Return the worded attributions on which extractor and coders differ, row by row.

    A part is matched where it shares half of the union with another's (Jaccard .5).

    Returns
    -------
    DataFrame
        outlet, paragraph, words, what (missed, other span, other speaker, not in the codes),
        coders (who have it), speaker (of the codes), extractor (its speaker).
    """
    mine, rows = attributed(study), []
    coded = {name: attributed(study, name) for name in judges(study)[1:]}
    whole = _merged(coded) if coded else mine.iloc[:0]
    for row, (overlap, speaker) in zip(whole.itertuples(), _matched(whole, mine), strict=True):
        what = ("missed" if overlap == 0 else "other span" if overlap < 0.5 else
                "other speaker" if not _same(speaker, row.speaker, study) else "")
        rows.append((row.article_id, row.start, row.end, row.outlet, row.paragraph, what,
                     row.coder, row.speaker, speaker))
    for row, (overlap, _) in zip(mine.itertuples(), _matched(mine, whole), strict=True):
        if overlap == 0 and coded:
            rows.append((row.article_id, row.start, row.end, row.outlet, row.paragraph,
                         "not in the codes", "", "", row.speaker))
    names = ["article_id", "start", "end", "outlet", "paragraph", "what", "coders", "speaker",
             "extractor"]
    order = {name: i for i, name in enumerate(study.corpus.articles["article_id"])}
    table = pd.DataFrame(rows, columns=names)
    table = table[table["what"] != ""].assign(rank=lambda rows: rows["article_id"].map(order))
    table = table.sort_values(["rank", "start"], kind="stable")
    words = [" ".join(study.corpus.texts[row.article_id][row.start:row.end].split())
             for row in table.itertuples()]
    return table.assign(words=words)[["outlet", "paragraph", "words", "what", "coders", "speaker",
                                      "extractor"]].reset_index(drop=True)


def _same(one: str, other: str, study: Study) -> bool:
    bare = [re.sub(r"(?i)^unnamed ", "", name) for name in (one, other)]
    first, second = toward.canonical(study, bare)
    authors = {"author", *study.corpus.articles["author"].str.lower()}
    return first.lower() == second.lower() or {first.lower(), second.lower()} <= authors


def found_and_right(study: Study) -> pd.DataFrame:
    """Return precision and recall of whole attributions against those that all coders share.

    As `attribution_scores.sourcing_scores`, by outlet and by kind; empty without codes.
    """
    codes = study.codes.get("attributions")
    if codes is None or codes.empty:
        return pd.DataFrame(columns=attribution_scores.SCORES)
    return attribution_scores.sourcing_scores(study.attributions, codes, tone.outlets_of(study))


def words_given(study: Study, table: pd.DataFrame) -> int:
    """Return the words that stand in any of the parts, each counted once."""
    total = 0
    for key, rows in table.groupby("article_id"):
        reached = 0
        for row in rows.sort_values("start").itertuples():
            total += count_words(study.corpus.texts[key][max(row.start, reached):row.end])
            reached = max(reached, row.end)
    return total


def answer(study: Study) -> list[str]:
    """Return the answer of the sourcing notebook as paragraphs, with its numbers."""
    by = primary(study)
    table, shares = attributed(study, by), role_shares(study, by)
    parts = []
    for outlet in study.outlets[:6]:
        given = table[(table["outlet"] == outlet) & (table["role"] != "author_self")]
        of = int(study.articles.loc[study.articles["outlet"] == outlet, "words"].sum())
        rows = shares[(shares["outlet"] == outlet) & ~shares["role"].isin(
            ["speaker not named", ROLES["author_self"]])]
        top = rows.sort_values("share", ascending=False, kind="stable").iloc[0]
        most = f", most of them to {top['role']}" if len(given) else ""
        parts.append(f"{show.plain(outlet)} gives {show.percent(words_given(study, given) / of)} "
                     f"of its words to sources{most}")
    said = [f"**{'; '.join(parts)}** (by {'the extractor' if by == EXTRACTOR else by}; the "
            "author’s own earlier pieces are no source here)."]
    taken = uptake_shares(study)
    if len(taken):
        did = []
        for outlet, rows in taken.groupby("outlet", sort=False):
            best = rows.loc[rows["count"].idxmax()]
            if best["count"]:
                did.append(f"{show.plain(outlet)} most often {_VERBS[best['uptake']]} them "
                           f"({best['count']} of {rows['count'].sum()})")
        said.append(f"What each author does with the words that are let in differs: "
                    f"{show.listing(did)}.")
    return said


_VERBS = {"endorse": "endorses", "use": "uses", "qualify": "qualifies", "leave": "leaves",
          "dispute": "disputes", "impugn": "impugns"}
