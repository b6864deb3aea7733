"""Opens what people have in hand: from any file to rows of named cells, an article a row.

Files are told apart by their first bytes, never by their name alone. What cannot be read raises a
ValueError that names the converter.
"""

import bz2
import codecs
import csv
import gzip
import importlib
import io
import itertools
import json
import logging
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import IO, Any

import pandas as pd

from analysis.corpus import exports
from analysis.corpus.markup import strip_tags
from analysis.corpus.names import roles_of

_HEAD = 65_536
_PACKED: dict[bytes, Callable[..., Any]] = {
    b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ\0": lzma.open}
# What is named and not read, by its first bytes, with what reads it.
_NAMED = {bytes.fromhex(row.first_bytes): row.what for row in pd.read_csv(
    Path(__file__).with_name("file_kinds.csv"), dtype=str).itertuples()}
_TRAFILATURA = ["url", "id", "fingerprint", "hostname", "title", "image", "date", "text",
                "comments", "license", "pagetype"]  # the order of its --csv, which has no header
_SKIPPED = re.compile(r"(^|/)(\.|~\$|__MACOSX|Thumbs\.db$|desktop\.ini$)")


@dataclass(frozen=True)
class Item:
    """A file, wherever it lies: its name with folders, and how to open it."""

    name: str
    open: Callable[[], IO[bytes]]

    def head(self) -> bytes:
        with self.open() as stream:
            return stream.read(_HEAD)


@dataclass(frozen=True)
class Found:
    """What one row or file holds; ``row`` as a spreadsheet counts, None for a whole file."""

    source: str
    row: int | None
    cells: dict[str, Any]
    changes: dict[str, int] = field(default_factory=dict)  # made while it was read
    wrong: str = ""  # why the row cannot be read


def walk(source: Path, named: bool = False) -> Iterator[Item]:
    """The files of a folder or an archive, sorted; ``named``: with the folder's own name."""
    root = source.parent if named or source.is_file() else source
    paths = [source] if source.is_file() else sorted(source.rglob("*"))
    for path in paths:
        name = path.relative_to(root).as_posix()
        if path.is_file() and not path.is_symlink() and (
                path == source or not _SKIPPED.search(path.relative_to(source).as_posix())):
            yield from _unpacked(on_disk(name, path))


def _unpacked(item: Item, depth: int = 0) -> Iterator[Item]:
    try:
        head = item.head()
        archive = head.startswith(b"PK\x03\x04") and not _office(item)
    except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError):
        yield item  # what is damaged is named where it is read
        return
    packed = next((opener for mark, opener in _PACKED.items() if head.startswith(mark)), None)
    if packed and depth < 3:
        name = re.sub(r"\.(gz|bz2|xz)$", "", item.name, flags=re.I)
        yield from _unpacked(Item(name, lambda: packed(item.open())), depth + 1)
    elif archive and depth < 3:
        with item.open() as stream, zipfile.ZipFile(stream) as packed_files:
            names = sorted(name for name in packed_files.namelist() if not name.endswith("/"))
        for name in names:
            if not _SKIPPED.search(name):
                yield from _unpacked(Item(name, partial(_member, item, name)), depth + 1)
    else:
        yield item


def _member(item: Item, name: str) -> IO[bytes]:
    return zipfile.ZipFile(item.open()).open(name)


def on_disk(name: str, path: Path) -> Item:
    """A file of a folder."""
    return Item(name, lambda: path.open("rb"))


def _office(item: Item) -> str:
    try:
        with item.open() as stream, zipfile.ZipFile(stream) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        raise ValueError("is a damaged Word, Excel or zip file; save it anew") from None
    kinds = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "content.xml": "opendocument",
             "xl/workbook.bin": "xlsb"}
    return next((kind for name, kind in kinds.items() if name in names), "")


def what_is(head: bytes) -> str:
    """What a file is by its first bytes, "" if it may be text."""
    known = {b"PK\x03\x04": "a Word, Excel or zip file", b"%PDF": "a PDF",
             b"\x1f\x8b": "a gzip file"}
    return next((what.partition(";")[0] for mark, what in {**known, **_NAMED}.items()
                 if head.startswith(mark)), "")


def found(item: Item, columns: dict[str, str]) -> Iterator[Found]:
    """The rows of a file.

    Parameters
    ----------
    columns : dict
        What the user says of columns: role to column.

    Raises
    ------
    ValueError
        If the file cannot be read; the message names what reads it.
    """
    head = item.head()
    for mark, what in _NAMED.items():
        if head.startswith(mark):
            raise ValueError(f"is {what}")
    if head.startswith(b"PK\x03\x04"):
        yield from _found_office(item, columns)
    elif head.startswith(b"%PDF"):
        for each in _articles(item.name, _pdf(item)):
            yield Found(each.source, each.row, {**each.cells, "wrapped": "yes"}, each.changes)
    elif head.startswith(b"{\\rtf"):
        yield from _articles(item.name, _rtf(item))
    elif head:
        yield from _found_text(item, columns)


def _articles(name: str, text: str, changes: dict[str, int] | None = None) -> Iterator[Found]:
    rows = exports.split(text)
    whole = len(rows) == 1 and set(rows[0]) == {"text"}
    for number, cells in enumerate(rows, start=1):
        yield Found(name, None if whole else number, dict(cells),
                    {**(changes or {}), **({} if whole else {"header lines cut": 1})})


def _library(module: str, name: str, what: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError:
        raise ValueError(f"is {what}, which needs {name}: pip install "
                         "\"three-tellings[formats]\"") from None


def _found_office(item: Item, columns: dict[str, str]) -> Iterator[Found]:
    kind = _office(item)
    if kind == "docx":
        yield from _articles(item.name, _docx(item))
    elif kind == "xlsx":
        import openpyxl

        with item.open() as stream:
            book = openpyxl.load_workbook(io.BytesIO(stream.read()), data_only=True)
        for sheet in book.worksheets:
            rows = ([_plain(cell) for cell in row] for row in sheet.iter_rows(values_only=True))
            yield from _table(item.name, rows, columns)
    else:
        raise ValueError("is an OpenDocument or binary Excel file; save it as .docx, .xlsx or CSV")


def _plain(cell: object) -> str:
    """A cell of a workbook or a value of JSON as the text that a reader would write."""
    if isinstance(cell, datetime):
        return cell.isoformat() if cell.time().replace(microsecond=0) != datetime.min.time() \
            else cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None or cell != cell else str(cell)


def _docx(item: Item) -> str:
    docx = _library("docx", "python-docx", "a Word file")
    with item.open() as stream:
        document = docx.Document(io.BytesIO(stream.read()))
    pieces = []
    for block in document.iter_inner_content():
        cells = [[block.text]] if hasattr(block, "text") else \
            [[cell.text for cell in row.cells] for row in block.rows]
        pieces += [" ".join(dict.fromkeys(row)) for row in cells]
    return "\n\n".join(piece for piece in pieces if piece.strip())


def _rtf(item: Item) -> str:
    striprtf = _library("striprtf.striprtf", "striprtf", "an RTF file")
    with item.open() as stream:
        text = stream.read().decode("cp1252", "replace")
    return str(striprtf.rtf_to_text(text, errors="ignore"))


def _pdf(item: Item) -> str:
    pypdf = _library("pypdf", "pypdf", "a PDF")
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    with item.open() as stream:
        pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(stream.read())).pages]
    text = exports.without_page_lines(pages)
    if not text.strip():
        raise ValueError("is a PDF without text (a scan); read it with ocrmypdf, then import it")
    return text


def encoding_of(item: Item) -> str:
    """By its mark, else UTF-8 where all of it is, else UTF-16 by its NULs, else Windows-1252."""
    head = item.head()
    for mark, name in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"),
                       (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"),
                       (codecs.BOM_UTF16_BE, "utf-16")):
        if head.startswith(mark):
            return name
    if b"\0" in head:
        for place, name in ((1, "utf-16-le"), (0, "utf-16-be")):
            if head[place::2].count(0) > 0.4 * len(head) / 2 and not head[1 - place :: 2].count(0):
                return name
        raise ValueError("is no text (it holds NUL); export it as CSV, JSON, DOCX or plain text")
    decoder = codecs.getincrementaldecoder("utf-8")()
    with item.open() as stream:
        try:
            while chunk := stream.read(1 << 20):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
            return "utf-8"
        except UnicodeDecodeError:
            return "cp1252"


def _text(item: Item, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(item.open(), encoding, errors="replace", newline="")


def _found_text(item: Item, columns: dict[str, str]) -> Iterator[Found]:
    encoding = encoding_of(item)
    with _text(item, encoding) as stream:
        sample = stream.read(_HEAD)
    changes = {"read as Windows-1252": 1} if encoding == "cp1252" else {}
    opening = sample.lstrip("\ufeff \t\r\n")[:1000].lower()
    suffix = Path(item.name).suffix.lower()
    if opening.startswith(("{", "[")) and (opening[1:].lstrip()[:1] in ("", *'"{[]}-0123456789')):
        yield from _json(item, encoding, columns)
    elif opening.startswith("<") and re.search(r"<(!doctype html|html|head|body|div|p|article)\b",
                                               opening):
        yield from _html(item, encoding)
    elif opening.startswith("<?xml"):
        raise ValueError("is XML of no known kind; write it as CSV or JSON")
    elif table := _dialect(sample, columns, suffix in (".csv", ".tsv", ".tab", ".psv")):
        with _text(item, encoding) as stream:
            rows = _csv_rows(stream, table)
            for each in _table(item.name, rows, columns):
                yield Found(each.source, each.row, each.cells, changes, each.wrong)
    else:
        with _text(item, encoding) as stream:
            yield from _articles(item.name, stream.read(), changes)


# Tables -----------------------------------------------------------------------------------------


def _dialect(sample: str, columns: dict[str, str], sure: bool) -> dict[str, Any] | None:
    """The dialect in which most rows have as many cells as the header, None if it is no table."""
    said = re.match(r'"?sep=(.)"?\r?\n?', sample)
    sample = sample[said.end() :] if said else sample
    # A backslash before a mark that no cell ends with: the mark is escaped, not doubled.
    escaped = {quote: bool(re.search(rf"\\{quote}(?!\s*([,;\t|]|$))", sample, re.M))
               for quote in "\"'"}
    best: tuple[Any, ...] = ()
    for order, (delimiter, quote, escape, skip) in enumerate(itertools.product(
            said[1] if said else ",;\t|", "\"'", (None, "\\"), (False, True))):
        dialect = {"delimiter": delimiter, "quotechar": quote, "doublequote": escape is None,
                   "escapechar": escape, "skipinitialspace": skip}
        rows = list(csv.reader(io.StringIO(sample, newline=""), **dialect))
        whole = [row for row in (rows[:-1] if len(sample) == _HEAD else rows) if any(row)]
        header = max(rows[:5], key=lambda row: (len(roles_of(row, columns)), len(row)), default=[])
        roles = roles_of(header, columns)
        over = [len(row) - len(header) for row in whole]  # R names no column for names of rows
        fits = (over.count(0) + 0.9 * over.count(1)) / (len(whole) or 1)
        known = len(roles) if "text" in roles or sure else 0
        bare = -sum(cell[:1] == cell[-1:] and cell[:1] in "\"'" and len(cell) > 1
                    for row in whole for cell in row)  # marks that belong to another dialect
        marks = 1 + escaped[quote] if bool(escape) == escaped[quote] else 0
        score = (known, round(fits, 3), bare, marks, len(header), -order)
        if len(header) > 1 and (not best or score > best[0]):
            best = (score, dialect)
    if not best or not (sure or best[0][0] >= 2):
        return None
    return {**best[1], "sep": said.end() if said else 0}


def _csv_rows(stream: IO[str], dialect: dict[str, Any]) -> Iterator[list[str]]:
    csv.field_size_limit(2**31 - 1)
    kept = {name: value for name, value in dialect.items() if name != "sep"}
    if dialect["sep"]:
        stream.readline()
        yield []
    rows, number = csv.reader(stream, **kept, strict=True), 1
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            opened = "opens and is not closed" if "end of data" in str(error) else \
                "is followed by text; double the marks inside a cell"
            raise ValueError(f"row {number}: a quotation mark {opened}") from None
        number += 1
        yield row


def _table(name: str, rows: Iterator[list[str]], columns: dict[str, str]) -> Iterator[Found]:
    first = list(itertools.islice(rows, 6))
    at = max(range(len(first)), key=lambda i: (len(roles_of(first[i], columns)), -i), default=0)
    if not first:
        return
    header = [cell.strip() for cell in first[at]]
    if not roles_of(header, columns) and len(first[0]) == len(_TRAFILATURA) and \
            re.match("https?://", first[0][0]):
        header, at = _TRAFILATURA, -1
    body = first[at + 1 :]
    if body and all(len(row) == len(header) + 1 for row in body if row) \
            and "article_id" not in roles_of(header[:1], columns):
        header = ["", *header]  # R's write.table names no column for the names of rows
    for number, row in enumerate(itertools.chain(body, rows), start=at + 2):
        if not any(cell.strip() for cell in row):
            continue
        fits = len(row) == len(header) or (len(row) < len(header) and not any(header[len(row) :]))
        wrong = "" if fits else f"{len(row)} cells, {len(header)} in the header"
        cells = dict(zip(header, row, strict=False))
        yield Found(name, number, {key: "" if value == "null" and header is _TRAFILATURA else value
                                   for key, value in cells.items() if key}, wrong=wrong)


# JSON -------------------------------------------------------------------------------------------


def _json(item: Item, encoding: str, columns: dict[str, str]) -> Iterator[Found]:
    with _text(item, encoding) as stream:
        first = next((line for line in stream if line.strip()), "")
        more = any(line.strip() for line in stream)
    try:
        lines = more and isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        lines = False
    with _text(item, encoding) as stream:
        if lines:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    yield _parsed_line(item.name, number, line)
            return
        try:
            values = _values(stream.read())
        except (ValueError, RecursionError) as error:
            place = f" at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
            raise ValueError(f"is broken JSON{place}; see that the file is whole") from None
    rows = [row for value in values for row in _objects(value, columns)]
    for number, row in enumerate(rows, start=1):
        yield Found(item.name, number if len(rows) > 1 else None, _flat(row))


def _parsed_line(name: str, number: int, line: str) -> Found:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        value = None
    if isinstance(value, dict):
        return Found(name, number, _flat(value))
    return Found(name, number, {}, wrong="no JSON object")


def _values(text: str) -> list[Any]:
    """One value, or several one after another."""
    decoder, values, at = json.JSONDecoder(), [], 0
    text = text.strip().removeprefix("\ufeff")
    while at < len(text):
        value, at = decoder.raw_decode(text, at)
        values.append(value)
        at = next((i for i in range(at, len(text)) if text[i] not in " \t\r\n,"), len(text))
    return values


def _objects(value: Any, columns: dict[str, str]) -> list[dict[str, Any]]:
    """The rows in a JSON value, in whichever way it holds them."""
    if isinstance(value, list):
        if value and all(isinstance(row, list) for row in value):  # the first row is the header
            return [dict(zip(map(str, value[0]), row, strict=False)) for row in value[1:]]
        return [row.get("_source", row) if isinstance(row.get("_source"), dict) else row
                for row in value if isinstance(row, dict)]
    if not isinstance(value, dict):
        return []
    inner = list(value.values())
    if {"columns", "data"} <= set(value) and isinstance(value["columns"], list):
        return [dict(zip(map(str, value["columns"]), row, strict=False)) for row in value["data"]]
    roles = roles_of(list(value), columns)
    if inner and all(isinstance(each, dict) for each in inner):
        if "text" in roles:  # by columns, as pandas writes
            keys = dict.fromkeys(key for each in inner for key in each)
            return [{name: each.get(key) for name, each in value.items()} for key in keys]
        if any("text" in roles_of(list(_flat(each)), columns) for each in inner):
            return inner  # by index
    if len(roles) > 1 and all(isinstance(each, list) for each in inner) \
            and len({len(each) for each in inner}) == 1:
        return [dict(zip(value, row, strict=True)) for row in zip(*inner, strict=True)]
    if "text" in roles:
        return [value]
    nested = [_objects(each, columns) for each in inner if isinstance(each, (dict, list))]
    best = max(nested, key=len, default=[])
    return best if best else [value]


def _flat(row: dict[str, Any], before: str = "") -> dict[str, Any]:
    cells: dict[str, Any] = {}
    for key, value in row.items():
        if isinstance(value, dict):
            cells.update(_flat(value, f"{before}{key}."))
        elif isinstance(value, list):
            cells[before + key] = [_element(each) for each in value]
        else:
            cells[before + key] = _plain(value)
    return cells


def _element(value: Any) -> str:
    if isinstance(value, dict):
        known = (value.get(name) for name in ("text", "content", "value", "body", "name"))
        return next((each for each in known if isinstance(each, str)), "")
    return "\n".join(map(_element, value)) if isinstance(value, list) else _plain(value)


# Pages ------------------------------------------------------------------------------------------


def _html(item: Item, encoding: str) -> Iterator[Found]:
    with item.open() as stream:
        source = stream.read()
    page = source.decode(encoding, "replace")
    if exports.is_factiva_page(page):
        yield from _articles(item.name, strip_tags(page))
        return
    trafilatura = _library("trafilatura", "trafilatura", "a web page")
    document = trafilatura.bare_extraction(page if encoding != "cp1252" else source,
                                           with_metadata=True, include_comments=False)
    if document is None or not (document.text or "").strip():
        raise ValueError("is a web page in which no article was found; copy its text into a file")
    facts = {name: getattr(document, name, None) or "" for name in
             ("text", "title", "author", "date", "url", "sitename", "hostname")}
    yield Found(item.name, None, facts, {"page around the article dropped": 1})
