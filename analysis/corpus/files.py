"""Opens the files of a corpus: strictly, inside its folder, with a line for all that is wrong.

Rows count as a spreadsheet shows them: the header is row 1 (in JSON Lines, the first line is).
"""

import csv
import importlib
import io
import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

_WORD = re.compile(r"[^\W\d_]+")
ENGLISH = frozenset(_WORD.findall(
    "the of and to in a that is was for it with as on be at by this had not are but from or have "
    "an they which one you were all her she there would their we him been has when who will no if "
    "out so said what its about than into them can only other new some could these may then do "
    "any my now such like our over me even most after also did many before must he his i"
))
IMPORT = "python -m analysis import makes a corpus of it"


class CorpusError(ValueError):
    """A corpus that cannot be used; the message holds a line for each problem."""


def needed(module: str, what: str) -> Any:
    """Return a module of the extra `large`, or say that it is missing."""
    try:
        return importlib.import_module(module)
    except ImportError:
        raise CorpusError(f"{what} needs {module.split('.')[0]}, which is not installed; install "
                          "the extra 'large': pip install 'three-tellings[large]'") from None


@dataclass(frozen=True)
class Problem:
    """What is wrong with a file or one of its rows, and the remedy.

    ``article`` names the article that ``--skip-refused`` would go on without ("" if its row
    gives none); None where the corpus as a whole cannot be used. ``kind`` names what looks wrong
    and is refused under ``check --strict``; "" for what is only said.
    """

    file: str
    row: int | None
    message: str
    level: str = "refused"
    article: str | None = None
    kind: str = ""

    def __str__(self) -> str:
        place = self.file if self.row is None else f"{self.file}, row {self.row}"
        line = f"{place}: {'warning: ' if self.level == 'warning' else ''}{self.message}"
        return "".join(mark if mark.isprintable() else ascii(mark)[1:-1] for mark in line)


@dataclass(frozen=True)
class Row:
    """One row of a file: its number, and its cells by column."""

    number: int
    cells: dict[str, str]

    def get(self, column: str) -> str:
        """The cell without white space at its ends; "" if missing."""
        return self.cells.get(column, "").strip()


class Folder:
    """A folder whose files are opened, and the problems met on the way."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.opened: set[Path] = set()
        self.problems: list[Problem] = []

    def refuse(self, file: str, row: int | None, message: str, article: str | None = None) -> None:
        """Note that a file, a row or an article cannot be used."""
        self.problems.append(Problem(file, row, message, "refused", article))

    def warn(self, file: str, row: int | None, message: str, kind: str = "") -> None:
        """Note what is odd and can be used all the same."""
        self.problems.append(Problem(file, row, message, "warning", kind=kind))

    def _stays_inside(self, name: str) -> None:
        windows = PureWindowsPath(name)
        if PurePosixPath(name).is_absolute() or windows.drive or windows.root:
            raise ValueError("is an absolute path; name a file inside the folder")
        if ".." in windows.parts:
            raise ValueError("leaves the folder by '..'; name a file inside the folder")
        path = self.path
        for part in PurePosixPath(name).parts:
            path = path / part
            if path.is_symlink():
                raise ValueError(f"leads through the symbolic link {part!r}; put the file there")

    def read_text(self, name: str) -> str:
        """The file's bytes as text, nothing changed; ValueError says why there is none."""
        try:
            self._stays_inside(name)
            if not (self.path / name).is_file():
                raise ValueError(f"is missing; {self._meant(name) or 'put the file there'}")
            content = (self.path / name).read_bytes()
            self.opened.add((self.path / name).resolve())
        except OSError as error:
            raise ValueError(f"cannot be read ({error.strerror}); see that it opens") from None
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError as error:
            byte = content[error.start]
            place = f"byte {error.start + 1} (0x{byte:02x}) is not UTF-8"
            raise ValueError(f"{place}{_encoding_hint(content)}") from None

    def _meant(self, name: str) -> str:
        """The file that lies nearby under nearly this name, as a question, or ""."""
        plain = PurePosixPath(name.replace("\\", "/"))
        places = [self.path / plain.parent, self.path, self.path / "articles"]
        for place in places:
            for path in sorted(place.iterdir()) if place.is_dir() else []:
                if path.name.casefold() == plain.name.casefold() and path.is_file():
                    meant = path.relative_to(self.path).as_posix()
                    return f"did you mean {meant!r}? name it in the column file"
        return ""

    def _read_plain(self, name: str, required: list[str]) -> str:
        """A table's text without its byte-order mark, "" if refused."""
        try:
            text = self.read_text(name).removeprefix("\ufeff")
            if "\0" in text:
                raise ValueError(f"holds NUL at character {text.index(chr(0)) + 1}; save it as CSV")
            if not text.strip():
                raise ValueError(f"is empty; begin with the columns {', '.join(required)}")
        except ValueError as error:
            write = f"is missing; write one with the columns {', '.join(required)}"
            if name == "articles.csv" and any(self.path.glob("*.*")):
                write += f", or have it made: {IMPORT}"
            self.refuse(name, None, str(error).replace("is missing; put the file there", write))
            return ""
        return text

    def read_csv(self, name: str, required: list[str], spreadsheet: bool = False) -> list[Row]:
        """The rows of a CSV file; what cannot be read is noted and left out.

        With ``spreadsheet`` columns may be parted by semicolons or tabs too, as spreadsheets do
        where the comma stands in numbers.
        """
        text = self._read_plain(name, required)
        records = self._records(name, text, separator(text, required) if spreadsheet else ",")
        if not records:
            return []
        header = [cell.strip() for cell in records[0]]
        wrong = [f"column {name} stands twice; keep one" for name in sorted(_twice(header))]
        hint = "part the columns by commas" if ";" in text.split("\n")[0] else "add it"
        if name == "articles.csv" and "text" in required:
            hint += ", or name the folder instead of the file"
        articles = name == "articles.csv" or "text" in required  # what `import` could make
        wrong += [f"column {each} is missing; {articles and _nearest_column(each, header) or hint}"
                  for each in required if each not in header]
        for message in wrong:
            self.refuse(name, 1, message)
        if wrong:
            return []
        key = header.index("article_id") if "article_id" in header else None
        rows = []
        for number, cells in enumerate(records[1:], start=2):
            if len(cells) == len(header):
                rows.append(Row(number, dict(zip(header, cells, strict=True))))
            elif any(cells):
                article = None if key is None else "".join(cells[key : key + 1]).strip()
                message = (f"{len(cells)} cells here, {len(header)} in the header; put cells that "
                           "hold commas or line breaks in quotation marks")
                self.refuse(name, number, message, article)
        return [row for row in rows if any(cell.strip() for cell in row.cells.values())]

    def read_optional(self, name: str, required: list[str], spreadsheet: bool = False) -> list[Row]:
        """The rows of a CSV file that need not be there."""
        there = (self.path / name).exists() or (self.path / name).is_symlink()
        return self.read_csv(name, required, spreadsheet) if there else []

    def _records(self, name: str, text: str, delimiter: str) -> list[list[str]]:
        csv.field_size_limit(2**31 - 1)
        records: list[list[str]] = []
        try:
            records.extend(csv.reader(io.StringIO(text, newline=""), strict=True,
                                      delimiter=delimiter))
        except csv.Error as error:
            opened = "a quotation mark opens here and is not closed; close it"
            stray = "text follows a closing quotation mark; double the marks inside a cell"
            message = opened if "end of data" in str(error) else stray
            self.refuse(name, len(records) + 1, message)
        return records

    def read_lines(self, name: str, required: list[str], known: set[str]) -> list[Row]:
        """The rows of a JSON Lines file: one object a line, every value of a known column text."""
        rows: list[Row] = []
        text = self._read_plain(name, required)
        if text.lstrip()[:1] == "[":
            self.refuse(name, None, f"is one JSON array, not an object a line; {IMPORT}")
            return rows
        for number, line in enumerate(text.split("\n"), start=1):
            if not line.strip():
                continue
            try:
                found = json.loads(line, object_pairs_hook=_once)
                if not isinstance(found, dict):
                    raise ValueError("it is no object")
            except (ValueError, RecursionError) as error:
                reason = getattr(error, "msg", str(error))
                message = f"cannot be read ({reason}); write one JSON object a line"
                self.refuse(name, number, message, "")
                continue
            cells = {key: "" if value is None else value for key, value in found.items()
                     if key in known}
            wrong = [f"{key} is not text; write its value in quotation marks"
                     for key, value in cells.items() if not isinstance(value, str)]
            wrong += [f"{key} is missing; add it" for key in required if key not in cells]
            for message in wrong:
                self.refuse(name, number, message, str(cells.get("article_id", "")))
            if not wrong:
                rows.append(Row(number, cells))
        return rows


def separator(text: str, required: list[str]) -> str:
    """What parts the columns of a table: the first mark by which its header has what it needs."""
    header = text.split("\n", 1)[0]
    for mark in ",;\t":
        if {*required} <= {cell.strip(' "\r') for cell in header.split(mark)}:
            return mark
    return ","


def _encoding_hint(content: bytes) -> str:
    """What bytes that are not UTF-8 seem to be, and what to do."""
    from analysis.corpus.formats import what_is

    what = what_is(content[:4096])
    if what:
        return f": this is {what}; {IMPORT}"
    looks = "UTF-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "Windows-1252"
    return f" (it looks like {looks}); save the file as UTF-8"


def _nearest_column(name: str, header: list[str]) -> str:
    """The column that seems to be meant by a missing one, as a question, or ""."""
    from analysis.corpus.names import aliases, folded, nearest

    if len(header) < 2:
        return ""
    known = [each for each in header if folded(each) in aliases().get(name, [])]
    others = [each for each in header if folded(each) not in map(folded, aliases())]
    said = f"did you mean {known[0]!r}?" if known else nearest(name, others)
    return f"{said} ({IMPORT})" if said else ""


def folded_problems(problems: list[Problem]) -> list[Problem]:
    """One problem a kind where more than three rows of a file have it: count and first rows."""
    def kind(each: Problem) -> tuple[str, str, str]:
        # Alike are messages that differ in numbers and in what stands in quotation marks.
        pattern = re.sub(r"'(\\'|[^'])*'|\d+", "…", each.message) if each.row else str(each)
        return each.file, each.level, pattern

    rows: dict[tuple[str, str, str], list[int | None]] = {}
    for each in problems:
        rows.setdefault(kind(each), []).append(each.row)
    shown = []
    for each in problems:
        same = rows[kind(each)]
        if 0 < len(same) <= 3:
            shown.append(each)
        elif same:
            said = f"(so in {len(same):,} rows: {', '.join(map(str, same[:5]))} …)"
            shown.append(replace(each, row=None, message=f"{each.message} {said}"))
            rows[kind(each)] = []
    return shown


def _twice(names: list[str]) -> set[str]:
    return {name for name in names if name and names.count(name) > 1}


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    twice = _twice([key for key, _ in pairs])
    if twice:
        raise ValueError(f"{min(twice)!r} stands twice")
    return dict(pairs)


def some(names: Iterable[str], most: int = 4) -> str:
    """Name the first few and how many there are beside them."""
    names = [str(name) for name in names]
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest


def text_problem(text: str) -> str:
    """What keeps a text from being an article, or ""."""
    if not text:
        return "is empty; put the article's text there"
    if "\0" in text:
        return f"holds NUL at character {text.index(chr(0)) + 1}; save it as plain text"
    half = re.search("[\ud800-\udfff]", text)
    if half:
        return f"holds half a surrogate pair at character {half.start() + 1}; save it as UTF-8"
    if all(mark.isspace() or unicodedata.category(mark) in ("Cf", "Cc") for mark in text):
        return "is blank; put the article's text there"
    return ""
