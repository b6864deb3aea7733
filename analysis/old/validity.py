"""Sentences and small tables of the validity notebook, each true of the corpus at hand."""

from __future__ import annotations

import pandas as pd

from analysis.claims import publishers, wording
from analysis.claims.pairs import LEVEL
from analysis.definitions import BLOCKS
from analysis.old import controls, show
from analysis.old.figures import FIGURES

_CONDITIONS = {
    "p": lambda row: row["p_adjusted"] > row["level"],
    "interval": lambda row: row["low"] <= 0 <= row["high"],
    "size": lambda row: not row["reaches_minimum"],
    "coders": lambda row: not row["trusted"],
    "specifications": lambda row: row["same_direction"] < row["specifications"]
    or row["joint_p"] > 0.05,
    "single block": lambda row: not row["sturdy"],
}


def _members(study) -> pd.DataFrame:
    return study.claims[study.claims["member"].fillna(False).astype(bool)]


def answer(study) -> list[str]:
    """What holds, how often the rule errs, and what it could not have seen."""
    members = _members(study)
    if members.empty:
        return ["With one outlet there is nothing to compare, and so nothing to judge."]
    tested = members[members["verdict"] != "not_testable"]
    if tested.empty:
        return [f"None of the {len(members)} comparisons can be tested: these texts have too few "
                "blocks that carry what is measured."]
    chance = controls.placebo_of(study)
    held = tested[tested["verdict"] == "supported"]
    first = (f"{len(held) or 'None'} of {len(tested)} comparisons that these texts can bear "
             f"{'is' if len(held) == 1 else 'are'} **supported**; {len(members) - len(tested)} "
             "more have too few blocks to be tested at all.")
    second = (f"With the blocks dealt at random {int(chance['runs'].max())} times, the rule "
              f"supported something in at most {int(chance['supported'].max())} deals of any "
              "family.")
    return [f"{first} {second}", *(show.plain(text) for text in held["statement"].head(3))]


def heading_of(name: str, study) -> str:
    """Return a figure's title as a heading, or what is missing."""
    drawing = FIGURES[name](study)
    missing = {"claims": "There is no comparison to judge",
               "specifications": "There is no specification to vary",
               "alpha": "There are no codes to agree with",
               "controls": "There is nothing to control for",
               "power": "There is no comparison whose power could be told"}
    return drawing.title if drawing is not None else missing[name]


def conditions(study, most: int = 40) -> pd.DataFrame:
    """For each tested comparison, the conditions of *supported* that it misses.

    Beside one-article verdicts stands how often one test at .05 tells apart two articles of one
    publisher, by the measured feature that comes nearest.
    """
    tested = _members(study)
    tested = tested[tested["verdict"] != "not_testable"].head(most)
    rows = [{"comparison": f"{row['outlet']} − {row['other_outlet']}",
             "measure": wording.subject(row), "p_adjusted": row["p_adjusted"],
             "misses": ", ".join(name for name, missed in _CONDITIONS.items() if missed(row))
             or "none", "verdict": row["verdict"].replace("_", " "),
             "one publisher’s articles": row["publisher_rate"]}
            for _, row in tested.iterrows()]
    table = pd.DataFrame(rows, columns=["comparison", "measure", "p_adjusted", "misses", "verdict",
                                        "one publisher’s articles"])
    return table.dropna(axis=1, how="all")  # the last stands beside one-article verdicts only


def beside(study) -> pd.DataFrame:
    """Codes and instruments side by side, for measures that have both and could be tested.

    `off` is an instrument's difference minus that of the codes: its differential error.
    """
    table = study.claims[study.claims["verdict"] != "not_testable"]
    by = table.groupby(["family", "measure", "outlet", "other_outlet"], sort=False)
    table = table[by["instrument"].transform("size") > 1]
    rows = []
    for _, own in table.groupby(["family", "measure", "outlet", "other_outlet"], sort=False):
        coded = own.loc[own["instrument"].isin(["codes", "corrected"]), "effect"]
        for _, row in own.iterrows():
            off = row["effect"] - coded.iloc[0] if len(coded) and not row["member"] else None
            rows.append({
                "measure": wording.subject(row), "by": row["instrument"],
                "comparison": f"{row['outlet']} − {row['other_outlet']}",
                "difference": _size(row, row["effect"]), "off": _size(row, off),
                "p": row["p"], "verdict": row["verdict"].replace("_", " ")})
    return pd.DataFrame(rows, columns=["measure", "comparison", "by", "difference", "off", "p",
                                       "verdict"])


def _size(row: pd.Series, value: float | None) -> str:
    return "" if value is None else wording.number(value, row["unit"]) + wording.scale(row["unit"])


def cautions(study) -> list[str]:
    """Where the verdicts can mislead, with this corpus's own numbers."""
    members = _members(study)
    tested = members[members["verdict"] != "not_testable"]
    found = ["An interval over blocks takes them as independent. In simulations with 13 to 26 "
             "blocks, unequal variances included, it covered in 93 to 98 % (above 97 % only where "
             "a feature is rare); with a correlation of .5 between neighbours about 84 %."]
    if len(tested) and tested["lag1"].notna().any():
        high = tested.loc[tested["lag1"].idxmax()]
        found.append(f"Here the largest correlation of neighbouring blocks is "
                     f"{show.signed(high['lag1'])} ({show.plain(wording.subject(high))}, "
                     f"{show.plain(high['outlet'])} and {show.plain(high['other_outlet'])}).")
    low = controls.directions_of(study)
    if len(low):
        found.append(f"*Direction only* is a low bar. With the blocks dealt at random "
                     f"{low['runs'].max()} times, a single comparison cleared it in "
                     f"{show.percent(low['each'].max(), 1)} at most, and at least one of a family "
                     f"in {show.percent(low['rate'].max())} (the worst family): nothing corrects "
                     "for the number of comparisons. It says where to look, and no more.")
    rate = publishers.publisher_pairs().loc["vader", "same_publisher_05"]
    found.append(f"A single test at .05 tells apart {show.percent(rate)} of pairs of one "
                 "publisher’s articles by VADER: a difference between two articles is the rule, "
                 "and says nothing about who published them.")
    close = tested[(tested["p_adjusted"] > LEVEL) & (tested["p_adjusted"] <= 2 * LEVEL)]
    if len(close):
        names = show.listing([f"{wording.subject(row)} ({row['outlet']}, {row['other_outlet']})"
                              for _, row in close.iterrows()])
        found.append(f"Close to the line: {show.plain(names)}. A verdict that hangs on the second "
                     "digit of a p-value deserves less trust than its word suggests.")
    found.append(f"Fewer than {BLOCKS} blocks end a comparison before it begins: what is rare in "
                 "short texts is never supported, however telling a reader finds it.")
    return found
