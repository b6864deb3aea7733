"""A coding sheet in a notebook: a unit a screen, answered by keyboard, saved after each."""

from __future__ import annotations

from html import escape
from pathlib import Path

from analysis.codes.filled import read_csv
from analysis.codes.sheets import allowed
from analysis.codes.units import ASKED, OPTIONAL, SEVERAL
from analysis.corpus.disk import csv_bytes, write_file
from analysis.corpus.read import CorpusError

_BACK, _SKIP = "b", "s"


class _Coding:
    """Where a coder stands in a sheet: a unit, and how many of its questions are answered."""

    def __init__(self, path: Path) -> None:
        self.path, self.table = path, path.stem.partition("-")[0]
        if path.suffix != ".csv" or self.table not in ASKED or not path.is_file():
            raise CorpusError(f"{path}: is no coding sheet in CSV; make one by python -m analysis "
                              "sample")
        self.rows = read_csv(path.read_bytes(), "id")
        self.asked = ASKED[self.table]
        self.said: dict[str, str] = {}
        self.at = self.next_blank()

    def coded(self, i: int) -> bool:
        return bool(self.rows.loc[i, list(self.asked)].ne("").any())

    def next_blank(self, after: int = -1) -> int:
        """The next unit without codes; the number of units where there is none."""
        return next((i for i in range(after + 1, len(self.rows)) if not self.coded(i)),
                    len(self.rows))

    @property
    def column(self) -> str:
        return list(self.asked)[len(self.said)]

    def understand(self, typed: str) -> str:
        """What was typed as a code: numbers or beginnings of words; ValueError if it is none."""
        words = self.asked[self.column]
        if not words:
            return typed.strip()
        chosen = []
        for part in typed.casefold().replace(",", " ").split():
            meant = ([words[int(part) - 1]] if part.isdigit() and 0 < int(part) <= len(words)
                     else [word for word in words if word.startswith(part)])
            if len(meant) != 1:
                raise ValueError(f"{part!r} is none of the words or several; type its number")
            chosen += meant
        if len(chosen) > 1 and (self.column not in SEVERAL or "none" in chosen):
            raise ValueError("only one of the words can stand here")
        return " ".join(chosen)

    def answer(self, typed: str) -> None:
        """Take one answer; after a unit's last the sheet is saved and the next unit shown."""
        if typed in (_BACK, _SKIP):
            step = self.at + (1 if typed == _SKIP else -1)
            self.at, self.said = min(max(step, 0), len(self.rows)), {}
            return
        if self.at == len(self.rows):
            return
        code = self.understand(typed)
        if not code and self.column not in OPTIONAL:
            raise ValueError(f"type an answer, {_SKIP} to leave the unit blank, {_BACK} to go back")
        self.said[self.column] = code
        if len(self.said) == len(self.asked) or code == "none" == self.said.get("content"):
            for column in self.asked:
                self.rows.loc[self.at, column] = self.said.get(column, "")
            write_file(self.path, csv_bytes(self.rows))
            self.at, self.said = self.next_blank(self.at), {}

    def screen(self) -> str:
        """The unit, its surroundings, and the question that is open, as HTML."""
        done = sum(map(self.coded, range(len(self.rows))))
        count = f"<p>{done} of {len(self.rows)} units are coded and saved.</p>"
        if self.at == len(self.rows):
            return count + ("<p>This is the end of the sheet; run <code>python -m analysis agree"
                            "</code>.</p>")
        row = {name: escape(cell) for name, cell in self.rows.loc[self.at].items()}
        unit = row["unit"].replace("⟦", "<mark>").replace("⟧", "</mark>")
        question = allowed(self.table)[len(self.said)].partition(" [")[0]
        words = "".join(f"<li>{word}</li>" for word in self.asked[self.column])
        target = f"<p>target: <b>{row['target']}</b></p>" if "target" in row else ""
        return (f"{count}<p>{row['before']}</p><p><b>{unit}</b></p><p>{row['after']}</p>{target}"
                f"<p>{escape(question)}</p><ol>{words}</ol>")


def code(sheet: str | Path):
    """Code a sheet in a notebook: type a number or the beginning of a word, then Enter.

    Parameters
    ----------
    sheet : path
        A coding sheet in CSV, ``codes/sheets/TABLE-NAME.csv``, as ``python -m analysis sample``
        writes it. It does not show the outlet, and the key beside it is not opened.

    Returns
    -------
    ipywidgets.VBox
        One unit a screen. ``s`` leaves a unit blank, ``b`` goes back. After each unit the sheet
        is saved; called again, it goes on at the first blank unit. One attribution a paragraph
        can be entered: copy the row in a spreadsheet for a second.

    Raises
    ------
    CorpusError
        If there is no such sheet.
    """
    import ipywidgets

    coding = _Coding(Path(sheet))
    screen, wrong = ipywidgets.HTML(coding.screen()), ipywidgets.HTML()
    box = ipywidgets.Text(placeholder="number or word, then Enter", continuous_update=False)

    def typed(change: dict) -> None:
        given = change["new"]
        if not given:
            return
        try:
            coding.answer(given.strip())
            wrong.value = ""
        except ValueError as error:
            wrong.value = f"<p role='alert'>{escape(str(error))}</p>"
        screen.value, box.value = coding.screen(), ""

    box.observe(typed, "value")
    return ipywidgets.VBox([screen, box, wrong])
