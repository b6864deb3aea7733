"""The sentence that shows a claim."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.claims.measures import SCOPES, of_everyone

_COLUMNS = ["evidence_article", "evidence_start", "evidence_end", "evidence_coder",
            "evidence_actor"]


def add_evidence(claims: pd.DataFrame, units: pd.DataFrame, outlet_of: pd.Series,
                 sentences: pd.DataFrame) -> pd.DataFrame:
    """Give each claim the sentence that shows it.

    The rule: the first sentence of the claim's own voice that lies on the effect's side of zero
    in the first outlet; where none does (or the outlet has less of what is counted), the first
    on the other side in the other outlet. Sentences on which all coders agree come first.
    """
    units = units[units["role"].isin(SCOPES["article"])
                  & ((units["voice"] == "author") | of_everyone(units))]
    units = units.assign(outlet=units["article_id"].map(outlet_of))
    places = sentences.set_index(["article_id", "sentence"])[["start", "end"]]
    groups = dict(iter(units.groupby(["outlet", "family", "measure", "instrument"])))
    found: list[tuple[object, ...]] = []
    for claim in claims.itertuples():
        sign = 1 if claim.effect > 0 else -1
        sides = [(claim.outlet, sign), (claim.other_outlet, -sign)]
        if claim.unit != "polarity":
            sides = [(claim.outlet, 1)] if sign > 0 else [(claim.other_outlet, 1)]
        instrument = "codes" if claim.instrument == "corrected" else claim.instrument
        spans = (_first(groups.get((outlet, claim.family, claim.measure, instrument)), wanted)
                 for outlet, wanted in sides)
        key = next((span for span in spans if span), None)
        found.append((key[0], *places.loc[key[:2]], *key[2:]) if key else ("", None, None, "", ""))
    return claims.assign(**dict(zip(_COLUMNS, zip(*found, strict=True), strict=True))).astype(
        {"evidence_start": "Int64", "evidence_end": "Int64"})


def _first(rows: pd.DataFrame | None, sign: int) -> tuple[str, int, str, str] | None:
    """Article, sentence, coders and actor of the first unit on one side of zero."""
    if rows is None:
        return None
    side = np.sign(rows["value"]) == sign
    agreed = side.groupby([rows["article_id"], rows["sentence"]], sort=False).mean()
    if not agreed.max() > 0:
        return None
    article, sentence = agreed.idxmax()
    shown = rows[side & (rows["article_id"] == article) & (rows["sentence"] == sentence)]
    return article, sentence, *("|".join(dict.fromkeys(shown[name].astype(str)))
                                for name in ("coder", "actor"))
