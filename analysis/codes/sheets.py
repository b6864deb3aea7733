"""Coding sheets: a random part of the units, drawn within outlets, shown without the outlet.

A sheet holds an opaque id, the unit and what stands around it, and blank cells. What an id stands
for, and how probable it was to be drawn, lies beside it in ``key-TABLE-NAME.csv``: a coder need
not open that file, and should not.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import pandas as pd

from analysis.codes.units import ASKED, SEVERAL, digest, paragraphs, units
from analysis.corpus.disk import csv_bytes, write_whole
from analysis.corpus.language import lexicon
from analysis.corpus.read import Corpus, CorpusError
from analysis.definitions import ROOT

KEY = ["id", "article_id", "start", "end", "shown_start", "shown_end", "target",
       "attribution_id", "units_of", "probability", "seed", "words"]
_BEFORE, _AFTER, _AFTERMATH = 300, 200, 700  # characters of context; after an attribution, more
_WIDE = {"before": 45, "unit": 60, "after": 35, "content": 40, "note": 30}


def folder_of(corpus: Corpus) -> Path:
    """Return the folder of a corpus's codes, whether or not it is there."""
    return (corpus.path if corpus.path.is_dir() else corpus.path.parent) / "codes"


def rule(corpus: Corpus, table: str) -> str:
    """Return the codebook's section on a table: the corpus's own, else that of the project."""
    for path in (folder_of(corpus) / "CODEBOOK.md", ROOT / "data" / "codes" / "CODEBOOK.md"):
        text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
        found = re.search(rf"^## {table}\.csv *\n(.*?)(?=^## |\Z)", text, re.S | re.M)
        if found:
            return " ".join(found.group(1).split())
    return ""


def allowed(table: str) -> list[str]:
    """Return, column by column, what is asked and what may be written, in words."""
    rows = lexicon("questions")[lambda t: t["table"] == table]
    return [f"{row.column}: {row.question}" + (f" [{', '.join(row.words.split())}"
            f"{'; one or several' if row.several else ''}]" if row.words else "")
            for row in rows.itertuples()] + ["A blank row is not coded."]


def _allot(sizes: dict[str, int], share: float | None, number: int | None) -> dict[str, int]:
    """How many units each outlet gives: a share of its own, or as equal parts as sizes allow."""
    if share is not None:
        return {name: max(1, int(share * size + 0.5)) for name, size in sizes.items()}
    left, given = number or 0, {}
    for i, name in enumerate(sorted(sizes, key=sizes.__getitem__)):  # the smallest first; stable
        given[name] = min(sizes[name], left // (len(sizes) - i))
        left -= given[name]
    return given


def draw(found: pd.DataFrame, outlets: pd.Series, share: float | None = None,
         number: int | None = None, seed: int = 1) -> pd.DataFrame:
    """Draw units at random within outlets, each of an outlet as probable as the next.

    Every unit has a place of its own in a random order that the seed fixes: another coder with
    the same seed gets the same units, a larger sample holds the smaller one, and neither the
    order of files nor the names of outlets matter.

    Parameters
    ----------
    found : DataFrame
        What `analysis.codes.units.units` returns.
    outlets : Series
        Outlet by article_id.
    share, number : one of them
        Part of each outlet's units (at least one unit), or units in all, in equal parts.

    Returns
    -------
    DataFrame
        The drawn units in random order, with id, probability and seed.
    """
    what = found[["article_id", "start", "end", "target", "attribution_id"]].to_numpy().tolist()
    table = found.assign(id=["u" + digest(*row) for row in what], seed=seed,
                         rank=[digest(seed, *row) for row in what]).sort_values("rank")
    outlet = table["article_id"].map(outlets)
    sizes = found["article_id"].map(outlets).value_counts(sort=False)
    given = outlet.map(_allot(sizes.to_dict(), share, number))
    table["probability"] = given / outlet.map(sizes)
    return table[outlet.groupby(outlet).cumcount() < given].reset_index(drop=True)


def _around(text: str, inside: list[list[int]], start: int, end: int,
            after: int) -> tuple[str, str]:
    """What stands before and after a unit in the paragraphs of the article, cut to whole words."""
    told = [" ".join(text[max(a, low):min(b, high)] for a, b in inside if a < high and b > low)
            for low, high in ((0, start), (end, len(text)))]
    left, right = (" ".join(words.split()) for words in told)
    if len(left) > _BEFORE:
        left = "… " + left[-_BEFORE:].partition(" ")[2]
    if len(right) > after:
        right = right[:after].rpartition(" ")[0] + " …"
    return left, right


def sheet(corpus: Corpus, table: str, key: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a sheet: id, before, unit, after, (target,) blank codes, note.

    A mention or attribution that is asked about stands between ⟦ and ⟧. Outlet, author and
    headline are not named, unless the article's own words name them.
    """
    body = paragraphs(corpus)
    spans = {article: rows[["start", "end"]].to_numpy().tolist()
             for article, rows in body[body["role"] != "headline"].groupby("article_id")}
    rows = []
    for unit in key.itertuples():
        text = corpus.texts[unit.article_id]
        shown = text[unit.shown_start:unit.shown_end]
        if (unit.start, unit.end) != (unit.shown_start, unit.shown_end):
            a, b = unit.start - unit.shown_start, unit.end - unit.shown_start
            shown = f"{shown[:a]}⟦{shown[a:b]}⟧{shown[b:]}"
        before, after = _around(text, spans.get(unit.article_id, []), unit.shown_start,
                                unit.shown_end, _AFTERMATH if table == "uptake" else _AFTER)
        rows.append({"id": unit.id, "before": before, "unit": " ".join(shown.split()),
                     "after": after, "target": unit.target})
    columns = ["id", "before", "unit", "after", *(["target"] if table == "targets" else [])]
    blank = dict.fromkeys([*ASKED[table], "note"], "")
    return pd.DataFrame(rows, columns=columns).map(_safe).assign(**blank)


def _safe(cell: str) -> str:
    """Text that no spreadsheet takes for a formula, without what none can hold."""
    cell = re.sub(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]", " ", cell)
    return "'" + cell if cell.startswith(("=", "+", "-", "@")) else cell


def _as_csv(table: str, rows: pd.DataFrame, told: str) -> dict[str, bytes]:
    first = [" ".join(allowed(table)), told]
    return {".csv": csv_bytes(pd.concat([rows, pd.DataFrame(
        [first], index=rows.index[:1], columns=["allowed", "rule"])], axis=1))}


def _as_xlsx(table: str, rows: pd.DataFrame, told: str) -> dict[str, bytes]:
    """A workbook whose cells offer the allowed words; the rule stands on a second sheet."""
    from openpyxl.styles import Alignment
    from openpyxl.worksheet.datavalidation import DataValidation

    written = io.BytesIO()
    with pd.ExcelWriter(written, engine="openpyxl") as book:
        rows.to_excel(book, sheet_name="codes", index=False, freeze_panes=(1, 1))
        pd.DataFrame({"rule": [*allowed(table), told]}).to_excel(book, sheet_name="rule",
                                                                 index=False)
        page = book.sheets["codes"]
        for cell in [cell for sheet in book.sheets.values() for row in sheet for cell in row]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        book.sheets["rule"].column_dimensions["A"].width = 100
        for head in page[1]:
            name, letter = head.value, head.column_letter
            page.column_dimensions[letter].width = _WIDE.get(name, 16)
            words = ASKED[table].get(name)
            if words and name not in SEVERAL:
                choice = DataValidation("list", f'"{",".join(words)}"', showErrorMessage=True)
                choice.add(f"{letter}2:{letter}{len(rows) + 1}")
                page.add_data_validation(choice)
    return {".xlsx": _without_clock(written)}


def _without_clock(book: io.BytesIO) -> bytes:
    """The same workbook with a fixed time, so that one sheet has the same bytes each time."""
    out = io.BytesIO()
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", b"2000-01-01T00:00:00Z", content)
            new.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _as_label_studio(table: str, rows: pd.DataFrame, told: str) -> dict[str, bytes]:
    """Tasks to import into Label Studio, and the labelling interface to paste there."""
    view = Element("View")
    for line in filter(None, [*allowed(table), told]):
        SubElement(view, "Header", value=line)
    shown = [name for name in rows if name not in (*ASKED[table], "note")]
    for name in shown[1:]:
        SubElement(view, "Text", name=name, value=f"${name}")
    each = {"perRegion": "true"} if table == "attributions" else {}
    for name, words in [*ASKED[table].items(), ("note", ())]:
        SubElement(view, "Header", value=name)
        on = {"name": name, "toName": "unit"}
        if name == "content":  # stretches are marked; nothing may be said of the whole unit
            SubElement(SubElement(view, "Labels", on), "Label", value=name)
            words, on = ("none",), on | {"name": "nothing"}
        elif name != "note":
            on |= each
        box = SubElement(view, "Choices" if words else "TextArea", on)
        if name in SEVERAL:
            box.set("choice", "multiple")
        for word in words:
            SubElement(box, "Choice", value=word)
    indent(view)
    return {".json": (json.dumps([{"data": row} for row in rows[shown].to_dict("records")],
                                 ensure_ascii=False, indent=1) + "\n").encode(),
            ".xml": tostring(view, encoding="utf-8") + b"\n"}


_WRITE = {"csv": _as_csv, "xlsx": _as_xlsx, "label-studio": _as_label_studio}


def sample(corpus: Corpus, table: str, coder: str, found: Callable[[str], pd.DataFrame],
           share: float | None = None, number: int | None = None, seed: int = 1,
           form: str = "csv") -> tuple[list[Path], list[str]]:
    """Draw units and write a coding sheet with its key into ``codes/sheets/``.

    Parameters
    ----------
    table, found, share, number, seed
        As for `draw` and `analysis.codes.units.units`.
    coder : str
        Who will code: letters, digits, ``_``, ``.``, ``-``.
    form : str
        csv, xlsx or label-studio.

    Returns
    -------
    tuple
        The written files, the sheet first; lines on what was drawn.

    Raises
    ------
    CorpusError
        If there is a sheet of this table for this coder, or codes of his, or too few units.
    """
    if not re.fullmatch(r"\w[\w.-]*", coder):
        raise CorpusError(f"--coder {coder!r}: use letters, digits, '_', '.', '-'")
    folder, stem = folder_of(corpus), f"{table}-{coder}"
    there = [path.name for path in (folder / "sheets").glob(f"*{stem}.*")
             if path.stem in (stem, f"key-{stem}")]
    if there:
        raise CorpusError(f"codes/sheets/{min(there)} is there already; fill it and run agree, "
                          "or name another coder")
    if coder in corpus.codes.get(table, pd.DataFrame({"coder": []}))["coder"].tolist():
        raise CorpusError(f"codes/ holds codes of {coder!r} for {table} already; name another "
                          "coder")
    everything = units(corpus, table, found, without=coder)
    if len(everything) < (number or 1):
        raise CorpusError(f"{len(everything)} units of {table} are there to be drawn; ask for no "
                          "more, or code by hand" if len(everything) else
                          f"there is no unit of {table} in these articles; choose another table")
    outlets = corpus.articles.set_index("article_id")["outlet"]
    key = draw(everything, outlets, share, number, seed)
    key["words"] = [corpus.texts[row.article_id][row.start:row.end] for row in key.itertuples()]
    rows = sheet(corpus, table, key)
    files = _WRITE[form](table, rows, rule(corpus, table))
    with write_whole(folder / "sheets") as aside:
        for ending, content in files.items():
            (aside / f"{stem}{ending}").write_bytes(content)
        (aside / f"key-{stem}.csv").write_bytes(csv_bytes(key[KEY]))
    return ([folder / "sheets" / f"{stem}{ending}" for ending in files]
            + [folder / "sheets" / f"key-{stem}.csv"], _said(everything, key, outlets, rows))


def _said(everything: pd.DataFrame, key: pd.DataFrame, outlets: pd.Series,
          rows: pd.DataFrame) -> list[str]:
    of = everything["article_id"].map(outlets).value_counts(sort=False)
    drawn = key["article_id"].map(outlets).value_counts()
    lines = [f"{name}: {drawn.get(name, 0)} of {size} units" for name, size in of.items()]
    names = key["article_id"].map(outlets)
    told = sum(bool(re.search(rf"\b{re.escape(name)}\b", " ".join(row)))
               for name, row in zip(names, rows.to_numpy().tolist(), strict=True))
    if told:
        lines.append(f"{told} of {len(rows)} units, or the words around them, name their outlet")
    return lines
