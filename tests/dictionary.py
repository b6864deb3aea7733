"""The examples of data/README.md: which there are, and whether each stands in the data.

Run as a script, it puts values of today where an example has drifted, from the row that fits the
examples best.
"""

import re
from functools import cache
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "data" / "README.md"
FILES = ["articles.csv", "layout.csv", "actors.csv", "record.csv", "codes/coders.csv"]
ROW = {"claims": ["claim_id", "effect", "low", "high", "p", "p_adjusted", "specifications",
                  "same_direction", "verdict", "evidence_start", "evidence_end"]}  # of one row
_LINE = re.compile(r"^\| `.*\|$", re.M)


@cache
def table(name: str) -> pd.DataFrame:
    """Return a file of the corpus, or a table that the instruments wrote of it; as text."""
    path = ROOT / "data" / (name if name.endswith(".csv") else f"tables/{name}.csv")
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def section(name: str) -> tuple[int, int]:
    """Return where the dictionary speaks of a table: below its heading, or below its head."""
    text = README.read_text(encoding="utf-8")
    head = f"| column of `{name.split('/')[1]}` |" if "/" in name else f"\n### {name}\n"
    start = text.index(head) + len(head)
    end = re.compile(r"\n\n" if "/" in name else r"\n###? ").search(text, start)
    return start, end.start() if end else len(text)


def examples(name: str) -> list[tuple[str, str]]:
    """Return pairs of a column and an example: a line may hold several of each."""
    start, end = section(name)
    return [pair for line in _LINE.findall(README.read_text("utf-8")[start:end])
            for pair in _pairs(line)]


def _pairs(line: str) -> list[tuple[str, str]]:
    cells = re.split(r"(?<!\\)\|", line)[1:-1]
    columns, shown = (re.findall(r"`([^`]+)`", cell) for cell in (cells[0], cells[-1]))
    fits = len(cells) >= 4 and len(columns) == len(shown)
    return list(zip(columns, shown, strict=True)) if fits else []


def _is(example: str, value: str) -> bool:
    """Whether a value is the example, where … stands for what was left out."""
    pattern = ".*".join(map(re.escape, example.replace("\\|", "|").split("…")))
    return re.fullmatch(pattern, value, re.S) is not None


def occurs(example: str, values: pd.Series) -> bool:
    """Tell whether an example is one of the values of its column."""
    return any(_is(example, value) for value in values.unique())


def drifted(name: str) -> dict[str, str]:
    """Return the columns whose example stands nowhere in the data, with the example."""
    held, shown = table(name), examples(name)
    row = held.loc[_best_row(name)]
    return {column: example for column, example in shown if column in held and not (
        _is(example, row[column]) if column in ROW.get(name, ()) else
        occurs(example, held[column]))}


def _best_row(name: str) -> int:
    """Return the row that has most of the examples; where an effect is shown, it counts most."""
    held = table(name)
    points = sum((held[column].map(lambda value, example=example: _is(example, value)).astype(int)
                  for column, example in examples(name) if column in held),
                 start=pd.Series(0, held.index))
    return points.idxmax()


def mend(name: str) -> list[str]:
    """Replace the examples of a table that have drifted; return what was replaced."""
    wrong, held = drifted(name), table(name)
    row = held.loc[_best_row(name)]
    new = {column: row[column] or next(filter(None, held[column]), "") for column in wrong}
    start, end = section(name)
    text = README.read_text(encoding="utf-8")

    def anew(line: re.Match[str]) -> str:
        written = line.group()
        for column, example in _pairs(written):
            if new.get(column):
                head, _, last = written.rpartition(f"`{example}`")
                written = f"{head}`{new[column]}`{last}"
        return written

    README.write_text(text[:start] + _LINE.sub(anew, text[start:end]) + text[end:], "utf-8")
    return [f"{name}, {column}: {example} → {new[column]}" for column, example in wrong.items()]


if __name__ == "__main__":
    import sys

    sys.path.insert(0, str(ROOT))
    from analysis.definitions import COLUMNS

    for found in (line for name in [*FILES, *COLUMNS] for line in mend(name)):
        print(found)
