"""Dates as sources write them, read as ISO dates; day or month first by what a source shows."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ].+)?")
_NUMBERS = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")


def is_date(value: str) -> bool:
    """Whether a corpus takes this as a date: ISO, with or without a time."""
    try:
        return bool(_ISO.fullmatch(value) and datetime.fromisoformat(value))
    except ValueError:
        return False


@dataclass
class Dates:
    """The dates of an import in order, read once all are known."""

    raw: list[tuple[str, str]] = field(default_factory=list)
    day_first: dict[str, set[bool]] = field(default_factory=dict)  # source: what its dates show

    def add(self, source: str, value: str) -> None:
        """Take the next article's date as its source writes it."""
        self.raw.append((source, value.strip()))
        found = _NUMBERS.match(value.strip())
        if found:
            shown = self.day_first.setdefault(source, set())
            if int(found[1]) > 12 or found[2] == ".":
                shown.add(True)
            elif int(found[3]) > 12:
                shown.add(False)

    def read(self) -> Iterator[tuple[str, str]]:
        """Yield each date as ISO, "" where it is none, and what to say of it."""
        for source, value in self.raw:
            shown = self.day_first.get(source, set())
            day_first = shown != {False}
            written = read_date(value, day_first)
            note = ""
            if value and not written:
                note = "date left empty: it cannot be read"
            elif _NUMBERS.match(value) and len(shown) != 1:
                note = "date read day first: nothing shows whether day or month comes first"
            yield written, note


def read_date(value: str, day_first: bool = True) -> str:
    """Return a date in ISO form, "" if the value is none or has no day."""
    if not value or is_date(value):
        return value
    try:
        if found := _YEAR_FIRST.match(value):
            return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
        if found := _NUMBERS.match(value):
            first, second = int(found[1]), int(found[3])
            day, month = (first, second) if day_first and second <= 12 else (second, first)
            year = int(found[4]) + (2000 if len(found[4]) == 2 else 0)
            return date(year, month, day).isoformat()
        if re.fullmatch(r"\d+(\.\d+)?", value):
            return _number(value)
        return _words(value)
    except (ValueError, OverflowError, OSError):
        return ""


def _number(value: str) -> str:
    number = float(value)
    if re.fullmatch(r"(19|20)\d{6}", value):
        return datetime.strptime(value, "%Y%m%d").date().isoformat()
    if 20_000 < number < 80_000:  # a spreadsheet counts days from here
        return (date(1899, 12, 30) + timedelta(days=int(number))).isoformat()
    if number < 1e8:
        return ""
    seconds = number / (1000 if number > 1e11 else 1)  # since 1970, perhaps in milliseconds
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def _words(value: str) -> str:
    from dateutil import parser

    plain = re.sub(r"^(published|updated|posted)( on)?:?\s+", "", value, flags=re.I)
    plain = re.sub(r"\b(\d{1,2}:\d{2}) ?(ET|EST|EDT|GMT|BST|CET)\b", r"\1", plain)
    # What is missing is filled in: two fillings tell whether day or month were.
    fillings = (datetime(2001, 1, 1), datetime(2002, 2, 2))
    one, two = (parser.parse(plain, default=each, ignoretz=True).date() for each in fillings)
    return one.isoformat() if one == two else ""
