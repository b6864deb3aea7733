"""What each coder has read, and who decides: not coded is not none.

A coder who has read fewer than `COVERS` of the fullest coder's sentences is a subsample: he bears
on agreement, and on the correction where `codes/coded.csv` says with what probability his units
were drawn. Who decides is of one kind: people where they are full, else the model.
"""

from typing import Any, NamedTuple

import pandas as pd

from analysis.definitions import COVERS, ENTMAN, SENTENCES, SOURCING, TONE

TABLES = {SENTENCES: "tone", TONE: "targets", ENTMAN: "sentences", SOURCING: "attributions"}
ENOUGH = 0.9  # of an article's sentences: coders' rules may cut some elsewhere
_RANK = {"person": 0, "model": 1}  # an unstated coder comes last
_KEYS = ["article_id", "sentence"]
_COLUMNS = ["family", "coder", *_KEYS, "whole", "start", "end", "probability"]


class Coverage(NamedTuple):
    """Who read what, and what follows."""

    # family, coder, article_id, sentence, whether the whole of it; of what coded.csv lists start,
    # end and probability too (nan: not drawn)
    read: pd.DataFrame
    kinds: dict[str, str]  # of each coder
    deciding: dict[str, list[str]]  # coders, by family
    complete: set[tuple[str, str]]  # family and article that the deciding coders read whole
    samples: dict[str, str]  # the coder whose random sample corrects, by family


def cover(t: Any, codes: pd.DataFrame, found: pd.DataFrame, can: pd.DataFrame) -> Coverage:
    """Say who has read what.

    Parameters
    ----------
    codes : DataFrame
        Units of all coders.
    found : DataFrame
        article_id and sentence of the mentions that the instrument found: without a row in
        coded.csv, targets are read whole where these are.
    can : DataFrame
        article_id, sentence, start, end of every sentence that can be coded.
    """
    read = [_read(t, family, coder, codes, can) for family, table in TABLES.items()
            for coder in dict.fromkeys([  # with rows, or who read something and found nothing
                *codes.loc[codes["family"] == family, "coder"],
                *t.coded.loc[t.coded["table"] == table, "coder"]])]
    table = pd.concat(read, ignore_index=True) if read else pd.DataFrame(columns=_COLUMNS)
    kinds = t.coders.set_index("coder")["kind"].to_dict()
    deciding, samples, complete = {}, {}, set()
    for family, rows in table.groupby("family"):
        sizes = rows[["coder", *_KEYS]].drop_duplicates().groupby("coder").size()
        drawn = rows.groupby("coder")["probability"].min() < 1
        order = sorted(sizes.index, key=lambda name: (
            _RANK.get(kinds.get(name, ""), 2), -sizes[name],
            list(kinds).index(name) if name in kinds else len(kinds)))
        full = [name for name in order
                if sizes[name] >= COVERS * sizes[~drawn].max() and not drawn[name]]
        best = kinds.get(full[0], "unstated") if full else ""
        deciding[family] = [name for name in full if kinds.get(name, "unstated") == best]
        if drawn.any():
            samples[family] = next(name for name in order if drawn[name])
        own = rows[rows["coder"].isin(deciding[family])]
        listed = own["start"].notna().any() and own["whole"].all()
        needed = found if family == TONE and not listed else can
        complete |= _complete(family, own.drop_duplicates(["coder", *_KEYS]), needed)
    return Coverage(table, kinds, deciding, complete, samples)


def _read(t: Any, family: str, coder: str, codes: pd.DataFrame, can: pd.DataFrame) -> pd.DataFrame:
    """Sentences that a coder has read: as coded.csv says, else where he has rows.

    Of attributions that is the whole of each article in which he has any. Of targets a mention
    may have been drawn: of its sentence that alone is read.
    """
    spans = t.coded[(t.coded["coder"] == coder) & (t.coded["table"] == TABLES[family])]
    if len(spans):
        both = can.merge(spans[["article_id", "start", "end", "probability"]], on="article_id",
                         suffixes=("", "_read"))
        shared = both[["end", "end_read"]].min(axis=1) - both[["start", "start_read"]].max(axis=1)
        whole = 2 * shared >= both["end"] - both["start"]
        part = (family == TONE) & (shared == both["end_read"] - both["start_read"])
        rows = both.drop(columns=["start", "end"]).assign(whole=whole).rename(
            columns={"start_read": "start", "end_read": "end"})[whole | part]
        rows = rows.drop_duplicates([*_KEYS, "start"])
    elif family == SOURCING:
        own = t.attributions["by"] == f"coder {coder}"
        rows = can[can["article_id"].isin(t.attributions.loc[own, "article_id"])][_KEYS]
    else:
        own = (codes["family"] == family) & (codes["coder"] == coder)
        rows = codes.loc[own, _KEYS].drop_duplicates().merge(can[_KEYS], on=_KEYS)
    if "whole" not in rows:
        rows = rows.assign(whole=True)
    return rows.assign(family=family, coder=coder).reindex(columns=_COLUMNS)


def _complete(family: str, rows: pd.DataFrame, needed: pd.DataFrame) -> set[tuple[str, str]]:
    """Articles of whose sentences each coder who is at work there has read enough."""
    needed = needed[_KEYS].drop_duplicates()
    sizes = needed.groupby("article_id").size()
    done = rows.merge(needed, on=_KEYS).groupby(["article_id", "coder"]).size().unstack()
    shares = done.fillna(0.0).div(sizes.reindex(done.index), axis=0).min(axis=1)
    return {(family, article) for article in shares.index[shares >= ENOUGH]}
