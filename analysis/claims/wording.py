"""The sentence that states a claim, made from its row by `statement.j2`."""

from collections.abc import Mapping
from typing import Any

from analysis.definitions import BLOCKS, VOTES, template


def number(value: float, unit: str) -> str:
    """A difference with its sign: points of percentage for shares."""
    digits = {"share": 0, "per 1,000 words": 1}.get(unit, 2)
    value = 100 * value if unit == "share" else value
    return f"{round(value, digits) + 0.0:+.{digits}f}".replace("-", "−")


_STATEMENT = template(__file__, "statement.j2", number=number)


def statement(row: Mapping[str, Any]) -> str:
    """State a claim with its size, its interval and its verdict, as far as its design carries."""
    return _STATEMENT.render(row, endless=float("inf"), least=BLOCKS, votes=VOTES).strip("\n")
