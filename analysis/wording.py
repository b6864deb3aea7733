"""The sentence that states a claim, made from its row."""

from __future__ import annotations

_WHERE = {"texts": "In these texts", "articles": "In this corpus's articles",
          "events": "On the events that both covered"}
_VERDICTS = {"supported": "supported", "direction_only": "direction only"}


def _number(value: float, unit: str) -> str:
    if unit == "share":
        return f"{100 * value:+.0f} points".replace("-", "−")
    digits = 1 if unit == "per 1,000 words" else 2
    return f"{value:+.{digits}f}".replace("-", "−")


def subject(row) -> str:
    """What a claim is about, as a noun phrase: "tone toward Russia", "hedges"."""
    if row["family"] == "tone toward sides":
        return f"tone {row['measure']}"
    if row["family"] == "sentence tone":
        return "tone of the sentences"
    if row["family"] == "Entman's functions":
        return f"share of sentences with a {row['measure']}"
    return f"share of {row['measure']}" if row["unit"] == "share" else row["measure"]


def _compared(row) -> str:
    more = row["effect"] > 0
    if row["unit"] == "polarity":
        degree = "more positive" if more else "more negative"
        return f"the {subject(row)} is {degree} in {row['outlet']} than in {row['other_outlet']}"
    if row["unit"] == "share":
        degree = "larger" if more else "smaller"
        return f"the {subject(row)} is {degree} in {row['outlet']} than in {row['other_outlet']}"
    degree = "more often" if more else "less often"
    return f"{subject(row)} stand {degree} in {row['outlet']} than in {row['other_outlet']}"


def statement(row) -> str:
    """State a claim with its size, its interval and its verdict, as far as its design carries.

    "In these texts" where each outlet has one article, "in this corpus's articles" where
    articles are the blocks, "on the events that both covered" where events are matched.
    """
    where, about = _WHERE[row["design"]], subject(row)
    pair = f"{row['outlet']} and {row['other_outlet']}"
    by = "" if row["instrument"] in ("codes", "count") else f", by {row['instrument']}"
    if row["verdict"] == "not_testable":
        return (f"{where}, the {about} of {pair} cannot be compared{by}: "
                f"{row['blocks']} blocks a side carry it.")
    unit = " per 1,000 words" if row["unit"] == "per 1,000 words" else ""
    size = (f"{_number(row['effect'], row['unit'])}{unit}, 95 % interval "
            f"{_number(row['low'], row['unit'])} to {_number(row['high'], row['unit'])}")
    if row["verdict"] in _VERDICTS:
        return f"{where}, {_compared(row)}{by} ({size}): {_VERDICTS[row['verdict']]}."
    seen = row["smallest_detectable"]
    limit = (f"; a difference below {_number(seen, row['unit']).lstrip('+')}{unit} would go unseen"
             if seen < float("inf") else "")
    return f"{where}, no difference in {about} is shown between {pair}{by} ({size}{limit})."
