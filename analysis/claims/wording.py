"""The sentence that states a claim, made from its row."""

from typing import Any

from analysis.definitions import BLOCKS, VOTES

_WHERE = {"texts": "In these texts", "articles": "In this corpus's articles",
          "events": "On the events that both covered",
          "within": "On the events that both covered", "clusters": "In this corpus's articles"}
_BLOCKS = {"texts": "paragraphs", "articles": "articles an outlet", "events": "shared events",
           "within": "articles on shared events", "clusters": "events an outlet"}
_VERDICTS = {"supported": "supported",
             "direction_only": "leaning (one sign in every reading that counts "
             "and a joint p of at most .05, no more)"}


def number(value: float, unit: str) -> str:
    """A difference with its sign: points of percentage for shares."""
    digits = {"share": 0, "per 1,000 words": 1}.get(unit, 2)
    value = 100 * value if unit == "share" else value
    return f"{round(value, digits) + 0.0:+.{digits}f}".replace("-", "−")


def scale(unit: str) -> str:
    """What follows a number: " points", " per 1,000 words" or nothing."""
    return {"share": " points", "per 1,000 words": " per 1,000 words"}.get(unit, "")


def named(measure: str) -> str:
    """A measure as a reader says it: "toward the United States"."""
    return measure.replace("United ", "the United ")


def subject(row: Any) -> str:
    """What a claim is about, as a noun phrase: "tone toward Russia", "hedges"."""
    measure = named(row["measure"])
    if row["family"] == "tone toward sides":
        return f"tone {measure}"
    if row["family"] == "sentence tone":
        return "tone of the sentences"
    if row["family"] == "Entman's functions":
        return f"share of sentences with a {measure}"
    return f"share of {measure}" if row["unit"] == "share" else measure


def _compared(row: Any) -> str:
    more, rest = row["effect"] > 0, f"in {row['outlet']} than in {row['other_outlet']}"
    if row["unit"] == "polarity":
        return f"the {subject(row)} is more {'positive' if more else 'negative'} {rest}"
    if row["unit"] == "share":
        return f"the {subject(row)} is {'larger' if more else 'smaller'} {rest}"
    return f"{subject(row)} are {'more' if more else 'less'} frequent {rest}"


def statement(row: Any) -> str:
    """State a claim with its size, its interval and its verdict, as far as its design carries.

    "In these texts" where each outlet has one article, "in this corpus's articles" where
    articles are the blocks, "on the events that both covered" where events are matched.
    """
    where, about, unit = _WHERE[row["design"]], subject(row), row["unit"]
    by = "" if row["instrument"] in ("codes", "count") else f", by {row['instrument']}"
    if row.get("sampled"):
        by = f", corrected by {row['sampled']}"
    if row["verdict"] == "not_testable":
        why = (f"too few {_BLOCKS[row['design']]} carry the measure ({row['blocks']}; {BLOCKS} a "
               "side are needed)")
        if row.get("too_few"):
            why = f"the {row['instrument']} judges it in fewer than {VOTES} sentences of one outlet"
        if row.get("not_coded"):
            why = f"{' and '.join(row['not_coded'].split('|'))} is not coded in full"
        return (f"{where}, {row['outlet']} and {row['other_outlet']} cannot be compared in "
                f"{about}{by}: {why}.")
    size = (f"{number(row['effect'], unit)}{scale(unit)}, 95 % interval "
            f"{number(row['low'], unit)} to {number(row['high'], unit)}")
    if row["verdict"] in _VERDICTS:
        return f"{where}, {_compared(row)}{by} ({size}): {_VERDICTS[row['verdict']]}."
    size += _power(row)
    if row["low"] > 0 or row["high"] < 0:
        return f"{where}, {_compared(row)}{by} ({size}): not supported."
    return (f"{where}, no difference in {about} is shown between {row['outlet']} and "
            f"{row['other_outlet']}{by} ({size}).")


def _power(row: Any) -> str:
    seen, unit = row["smallest_detectable"], row["unit"]
    if seen == float("inf"):
        return "; no difference would be found four times in five"
    if seen != seen:
        return ""
    least = number(seen, unit).lstrip("+")
    return f"; a difference of about {least}{scale(unit)} would be found four times in five"
