"""Who coded, and what was read: ``codes/coders.csv`` and ``codes/coded.csv``.

Which units a coder has read is part of the data: a unit that nobody lists is not coded, which is
not the same as a unit in which nothing was found.
"""

import re
from typing import Any

import pandas as pd

CODERS = ["coder", "kind", "blind", "based_on"]
CODED = ["coder", "table", "article_id", "start", "end", "probability"]
KINDS = ("person", "model", "unstated")
BESIDE = {"coders": "coders stand in codes/coders.csv", "coded": "units stand in codes/coded.csv"}


def whole(cell: str | int) -> int | None:
    """A whole number, also as a spreadsheet writes it (225.0; 225,0), else None.

    Three zeros after a comma are refused: 1,000 may be a thousand.
    """
    found = re.fullmatch(r"([0-9]{1,12})(?:[.,]0{1,2})?", str(cell))
    return int(found.group(1)) if found else None


def _share(cell: str) -> float | None:
    """A probability above 0 and at most 1; nan where none is given, None where it is wrong."""
    try:
        value = float(cell.replace(",", ".")) if cell else float("nan")
    except ValueError:
        return None
    return value if value != value or 0 < value <= 1 else None


def read_coders(reader: Any) -> pd.DataFrame:
    """Read the coders in the order of the file; odd optional values are warned of and dropped."""
    name, seen = "codes/coders.csv", dict[str, int]()

    def wrong(cells: dict[str, str], number: int) -> str:
        coder = cells["coder"]
        if not coder:
            return "coder is empty; give the row a name"
        if coder in seen:
            return f"coder {coder!r} stands in row {seen[coder]} already; keep one row a coder"
        seen[coder] = number
        for column, words in (("kind", KINDS), ("blind", ("yes", "no"))):
            said, cells[column] = cells[column], cells[column].lower()
            if cells[column] not in ("", *words):
                reader.warn(name, number, f"{column} {said!r} is none of {', '.join(words)}; it is "
                            "read as not stated")
                cells[column] = ""
        cells["kind"] = cells["kind"] or "unstated"
        return ""

    table = reader.table(name, CODERS, ["coder", "kind"], wrong, spreadsheet=True)
    for coder, based_on in zip(table["coder"], table["based_on"], strict=True):
        for other in filter(None, map(str.strip, based_on.split("|"))):
            if other not in seen:
                reader.warn(name, seen[coder],
                            f"based_on {other!r} is no coder of this file; add a row for it")
    return table


def read_coded(reader: Any, tables: Any) -> pd.DataFrame:
    """Read the units that each coder has read; a row without offsets is the whole article."""
    seen: dict[tuple[object, ...], int] = {}

    def wrong(cells: dict[str, Any], number: int) -> str:
        key, share = cells["article_id"], _share(cells["probability"])
        if not cells["start"] and not cells["end"] and key in reader.texts:
            cells |= {"start": "0", "end": str(len(reader.texts[key]))}
        problem = reader.wrong_code(cells)
        if not cells["coder"]:
            problem = "coder is empty; say who has read it"
        elif cells["table"] not in tables:
            problem = f"table {cells['table']!r} is unknown; write one of {', '.join(tables)}"
        elif share is None:
            problem = (f"probability {cells['probability']!r} is none; write a number above 0 and "
                       "up to 1, or nothing where the unit was not drawn at random")
        cells |= {"start": whole(cells["start"]), "end": whole(cells["end"]), "probability": share}
        unit = (cells["coder"], cells["table"], key, cells["start"], cells["end"])
        if not problem and unit in seen:
            problem = f"says again what row {seen[unit]} says; keep one row a unit"
        seen[unit] = number
        return problem

    table = reader.table("codes/coded.csv", CODED, CODED[:3], wrong, ["start", "end"], True)
    return table.astype({"probability": "float64"})
