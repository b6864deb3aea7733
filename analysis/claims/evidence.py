"""The sentence that shows a claim."""

import numpy as np
import pandas as pd

from analysis.claims.measures import SCOPES, of_everyone
from analysis.definitions import ENTMAN, SCORES, SENTENCES, TONE

_WHAT, _WHERE = ["outlet", "family", "measure", "instrument"], ["article_id", "sentence"]
_COLUMNS = ["evidence_article", "evidence_start", "evidence_end", "evidence_coder",
            "evidence_actor"]


def add_evidence(claims: pd.DataFrame, units: pd.DataFrame, outlet_of: pd.Series,
                 sentences: pd.DataFrame, frames: pd.DataFrame) -> pd.DataFrame:
    """Give each claim the sentence that shows it.

    The rule: of the claim's own voice, the sentence that lies farthest on the effect's side of
    zero in the first outlet; where none does (or the outlet has less of what is counted), on the
    other side in the other outlet. Sentences on which all coders agree come first, then those with
    more of what is measured, then the earlier; another claim's sentence only where there is no
    other, and so one that a coder (`frames`, column voice) gives to somebody else than the author.
    """
    units = units[units["role"].isin(SCOPES["article"])
                  & ((units["voice"] == "author") | of_everyone(units))]
    units = units.assign(outlet=units["article_id"].map(outlet_of))
    places = sentences.set_index(["article_id", "sentence"])[["start", "end"]]
    ranked = {sign: _ranked(units, sign) for sign in (1, -1)}
    names = units[["coder", "actor"]].to_numpy(str)
    units = units.assign(row=np.arange(len(units)))
    rows_of = {sign: units[np.sign(units["value"]) == sign].groupby(
        [*_WHAT, *_WHERE], sort=False)["row"].agg(list).to_dict() for sign in (1, -1)}
    coded = frames.reindex(columns=["article_id", "start", "voice"]).query("voice != 'author'")
    others = set(zip(*coded.merge(sentences, on=["article_id", "start"])[_WHERE].to_numpy().T,
                     strict=True)) if len(coded) else set()
    found: list[tuple[object, ...]] = []
    used: set[tuple[str, int]] = set()
    for claim in claims.itertuples():
        sign = 1 if claim.effect > 0 else -1
        sides = [(claim.outlet, sign), (claim.other_outlet, -sign)]
        if claim.unit != "polarity":
            sides = [(claim.outlet, 1)] if sign > 0 else [(claim.other_outlet, 1)]
        instrument = "codes" if claim.instrument == "corrected" else claim.instrument
        found.append(("", None, None, "", ""))
        for outlet, wanted in sides:
            what = (outlet, claim.family, claim.measure, instrument)
            if keys := ranked[wanted].get(what):
                if claim.family in (ENTMAN, SENTENCES):  # measures of the author's sentences
                    keys = sorted(keys, key=others.__contains__)
                key = next((key for key in keys if key not in used), keys[0])
                if claim.verdict != "not_testable":
                    used.add(key)
                own = names[rows_of[wanted][*what, *key]]
                found[-1] = (key[0], *places.loc[key], *map("|".join, map(dict.fromkeys, own.T)))
                break
    return claims.assign(**dict(zip(_COLUMNS, zip(*found, strict=True), strict=True))).astype(
        {"evidence_start": "Int64", "evidence_end": "Int64"})


def add_mentions(claims: pd.DataFrame, units: pd.DataFrame, outlet_of: pd.Series) -> pd.DataFrame:
    """Say of each claim on a side how many mentions it counts, in how many paragraphs, of whom.

    Those of the first coder who decides: "Vox: 39 in 24 paragraphs, 29 negative, 10 neutral, 0
    positive (Russia 27, Putin 12); …".
    """
    own = units[(units["family"] == TONE) & units["role"].isin(SCOPES["article"])
                & (units["voice"] == "author")]
    first = own.groupby(["measure", "instrument"])["coder"].transform("first")
    own = own[own["coder"] == first].assign(outlet=own["article_id"].map(outlet_of))
    said = {}
    for key, rows in own.groupby(["measure", "instrument", "outlet"]):
        counts = rows["actor"].value_counts().sort_index().sort_values(ascending=False,
                                                                       kind="stable")
        people = ", ".join(f"{name} {n}" for name, n in counts.items())
        places = len(rows[["article_id", "block"]].drop_duplicates())
        judged = ", ".join(f"{(rows['value'] == score).sum()} {word}"
                           for word, score in SCORES.items())
        said[key] = f"{key[2]}: {len(rows)} in {places} paragraphs, {judged} ({people})"
    told = ["" if row.family != TONE else "; ".join(
        said.get((row.measure, row.instrument, name), f"{name}: none")
        for name in (row.outlet, row.other_outlet)) for row in claims.itertuples()]
    return claims.assign(mentions=pd.Series(told, claims.index, dtype="str"))


def _ranked(units: pd.DataFrame, sign: int) -> dict[tuple[str, ...], list[tuple[str, int]]]:
    """Sentences on one side of zero, the strongest first, by what is compared."""
    table = units[[*_WHAT, *_WHERE]].assign(
        agreed=np.sign(units["value"]) == sign, size=(sign * units["value"]).clip(lower=0))
    table = table.groupby([*_WHAT, *_WHERE], sort=False, as_index=False).agg(
        agreed=("agreed", "mean"), size=("size", "sum"))
    table = table[table["agreed"] > 0].sort_values(["agreed", "size"], ascending=False,
                                                   kind="stable")
    found: dict[tuple[str, ...], list[tuple[str, int]]] = {}
    for *key, article, sentence in table[[*_WHAT, *_WHERE]].itertuples(index=False, name=None):
        found.setdefault(tuple(key), []).append((article, sentence))
    return found
