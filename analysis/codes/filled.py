"""Filled sheets into codes: what was written, where it stands, and what was read.

A sheet comes back as CSV (as any spreadsheet saves it), as a workbook or as Label Studio's export,
beside the blank one or in its place. A blank row is not coded; *none* is.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Sequence
from pathlib import Path
from zipfile import BadZipFile

import pandas as pd

from analysis.codes.sheets import folder_of
from analysis.codes.units import ASKED, OPTIONAL, SEVERAL
from analysis.corpus.coders import CODED, CODERS, whole
from analysis.corpus.disk import csv_bytes, write_whole
from analysis.corpus.files import separator
from analysis.corpus.language import straighten
from analysis.corpus.read import CODES, Corpus, CorpusError

Cells = dict[str, str]
Said = tuple[str, Cells]  # the place of a row, and its answers
_NONE = {"targets": "polarity", "attributions": "content"}  # where none is no code, but read


def read_csv(content: bytes, needed: str, columns: list[str] | None = None) -> pd.DataFrame:
    """A CSV file as text: UTF-8, or what a spreadsheet on Windows writes."""
    for encoding in ("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig",
                     "cp1252"):
        try:
            text = re.sub(r"^sep=.\r?\n", "", content.decode(encoding))
            break
        except UnicodeDecodeError:
            continue
    table = pd.read_csv(io.StringIO(text), sep=separator(text.lower(), [needed]), dtype=str,
                        keep_default_na=False, skip_blank_lines=False, index_col=False)
    return table if columns is None else table.reindex(
        columns=list(dict.fromkeys([*table, *columns])), fill_value="")


def _table(path: Path, columns: list[str]) -> pd.DataFrame:
    """A CSV file of codes as text, with no rows where it is not there."""
    return (read_csv(path.read_bytes(), columns[0], columns) if path.is_file()
            else pd.DataFrame(columns=columns, dtype=str))


def _label_studio(tasks: list[dict]) -> pd.DataFrame:
    """Rows of an export in Label Studio's JSON: one an annotation, or one a marked stretch."""
    rows = []
    for number, task in enumerate(tasks, start=1):
        unit = task["data"]["id"]
        for annotation in task.get("annotations", []):
            results = [result for result in annotation["result"] if "value" in result
                       and not annotation.get("was_cancelled")]
            regions = {result["id"] for result in results if "labels" in result["value"]}
            answers: dict[str, Cells] = {}
            for result in results:
                value, name = result["value"], result["from_name"]
                region = result["id"] if result["id"] in regions else ""
                answers.setdefault(region, {})["content" if name == "nothing" else name] = (
                    value["text"] if "labels" in value
                    else " ".join(value.get("choices") or value.get("text") or []))
            rows += [{"id": unit, "place": f"task {number}", **cells}
                     for cells in answers.values()]
    return pd.DataFrame(rows, columns=list(dict.fromkeys(
        ["id", "place", *(name for names in ASKED.values() for name in names), "note"])))


def _rows(path: Path, table: str) -> pd.DataFrame:
    """Every row of a sheet with its place, in whatever format it came back."""
    place = f"codes/sheets/{path.name}"
    try:
        if path.suffix == ".json":
            rows = _label_studio(json.loads(path.read_text("utf-8-sig")))
        elif path.suffix == ".xlsx":
            rows = pd.read_excel(path, dtype=str, keep_default_na=False)
        else:
            rows = read_csv(path.read_bytes(), "id")
    except (ValueError, KeyError, TypeError, AttributeError, BadZipFile) as error:
        said, remedy = " ".join(str(error).split()), "save it again in its format"
        if path.suffix == ".json":
            remedy = "export it from Label Studio as JSON"
        raise CorpusError(f"{place}: cannot be read ({said}); {remedy}") from None
    rows.columns = [str(name).strip().lower() for name in rows]
    for name in ("id", *ASKED[table]):
        if name not in rows:
            raise CorpusError(f"{place}, row 1: column {name} is missing; keep the columns as "
                              "they were written")
    rows = rows.astype(object).fillna("").map(str.strip)
    if "place" not in rows:
        rows["place"] = [f"row {number}" for number in range(2, len(rows) + 2)]
    return rows.assign(place=f"{place}, " + rows["place"])


def _answer(column: str, words: tuple[str, ...], cell: str) -> str:
    """One cell in the words that the sheet allows; ValueError says which they are."""
    if not words or not cell:
        return re.sub(r"^'(?=[=+@-])", "", cell)
    parts = re.findall(r"[^,;|\s]+", cell.casefold()) if column in SEVERAL else [cell.casefold()]
    for part in parts:
        if part not in words:
            raise ValueError(f"{column} {part!r} is unknown; write one of {', '.join(words)}")
    if len(parts) > 1 and "none" in parts:
        raise ValueError(f"{column} holds none and something; keep one of them")
    return " ".join(sorted(set(parts), key=words.index))


def _answers(table: str, cells: Cells) -> Cells:
    """The codes of one row; empty if it is blank, ValueError if it is half filled."""
    said = {column: _answer(column, words, cells[column])
            for column, words in ASKED[table].items()}
    if said.get(_NONE.get(table, ""), "").casefold() == "none":
        return dict.fromkeys(said, "") | {_NONE[table]: "none", "note": cells.get("note", "")}
    for column, cell in said.items() if any(said.values()) else ():
        if not cell and column not in OPTIONAL:
            none = " (none where there is none)" if column in SEVERAL else ""
            raise ValueError(f"{column} is blank and the rest of the row is not; fill it{none}, "
                             "or leave the row blank")
    return said | {"note": cells.get("note", "")} if any(said.values()) else {}


def read_sheets(paths: list[Path], table: str, ids: set[str]) -> dict[str, list[Said]]:
    """Read what a coder wrote about each unit of a sheet, from all its files together.

    Returns
    -------
    dict
        By id of the unit: its answers with their places; one, but for attributions.

    Raises
    ------
    CorpusError
        A line for each row that is half filled, holds an unknown word or id, or says something
        else than another row of the same unit.
    """
    found: dict[str, list[Said]] = {}
    wrong = []
    for path in paths:
        for cells in _rows(path, table).to_dict("records"):
            try:
                said = _answers(table, cells)
                if not said:
                    continue
                if cells["id"] not in ids:
                    raise ValueError(f"id {cells['id']!r} is not of this sheet; leave the column "
                                     "as it was written")
                before = found.setdefault(cells["id"], [])
                codes = [[other[name] for name in ASKED[table]] for _, other in before]
                mine = [said[name] for name in ASKED[table]]
                if before and mine not in codes and (
                        table != "attributions" or "none" in (mine[0], codes[0][0])):
                    raise ValueError(f"says something else than {before[0][0]}; keep one of them")
                if mine not in codes:
                    before.append((cells["place"], said))
            except ValueError as error:
                wrong.append(f"{cells['place']}: {error}")
    if wrong:
        raise CorpusError("\n".join(wrong))
    return found


def _locate(words: str, name: str, text: str, start: int, end: int,
            taken: Sequence[tuple[int, int]] = ()) -> tuple[int, int] | tuple[str, str]:
    """Where copied words stand, whatever became of their spaces and quotation marks."""
    pattern = r"\s+".join(map(re.escape, straighten(words).split()))
    for found in re.compile(pattern).finditer(straighten(text), start, end):
        if found.span() not in taken:
            return found.span() if words else ("", "")
    raise ValueError(f"{name} {words[:40]!r} does not stand there{' again' if taken else ''}; copy "
                     "it from the unit")


def _attributions(unit, answers: list[Said], text: str) -> list[dict]:
    """The attributions of one paragraph, a row for each part of their contents."""
    rows: list[dict] = []
    for number, (_, said) in enumerate(answers, start=1):
        cue = _locate(said["cue"], "cue", text, unit.start, unit.end)
        for part, words in enumerate(filter(str.strip, said["content"].split("|")), start=1):
            start, end = _locate(words, "content", text, unit.start, unit.end,
                                 [(row["start"], row["end"]) for row in rows])
            rows.append({**said, "attribution_id": f"{unit.id}.{number}", "part": part,
                         "start": start, "end": end, "content": text[start:end],
                         "cue": text[cue[0]:cue[1]] if said["cue"] else "", "cue_start": cue[0],
                         "cue_end": cue[1]})
    return rows


def _codes(table: str, unit, answers: list[Said], text: str) -> list[dict]:
    """The rows of codes of one unit; none where it was read and holds nothing."""
    place, said = answers[0]
    if said.get(_NONE.get(table, "")) == "none":
        return []
    row = {"start": unit.start, "end": unit.end, **said}
    try:
        if table == "attributions":
            return _attributions(unit, answers, text)
        if table == "targets":
            row |= {"start": unit.shown_start, "end": unit.shown_end, "target": unit.target,
                    "mention": text[unit.start:unit.end], "mention_start": unit.start,
                    "mention_end": unit.end, "holder": "author"}
        if table == "uptake":
            span = _locate(said["response"], "response", text, 0, len(text))
            row = {"attribution_id": unit.attribution_id, "uptake": said["uptake"],
                   "response_start": span[0], "response_end": span[1], "note": said["note"]}
    except ValueError as error:
        raise CorpusError(f"{place}: {error}") from None
    return [row]


def _read_key(corpus: Corpus, path: Path) -> pd.DataFrame:
    """The units of a sheet; CorpusError where the articles no longer hold them."""
    key = read_csv(path.read_bytes(), "article_id")
    for name in ("start", "end", "shown_start", "shown_end"):
        key[name] = key[name].map(whole)
    for row in key.itertuples():
        text = corpus.texts.get(row.article_id, "")
        if row.start is None or row.end is None or text[row.start:row.end] != row.words:
            raise CorpusError(f"codes/sheets/{path.name}, row {row.Index + 2}: article "
                              f"{row.article_id!r} does not hold these words there; draw a new "
                              "sheet from the corpus as it is")
    return key.assign(probability=key["probability"].str.replace(",", ".").astype(float)) \
        .sort_values(["article_id", "start", "end", "target"], kind="stable")


def _files_of(stem: str, folder: Path) -> list[Path]:
    """What may be this sheet come back: files of its name, or that with something after it."""
    stems = [path.stem.removeprefix("key-") for path in folder.glob("key-*.csv")]
    return [path for path in sorted(folder.iterdir()) if path.suffix in (".csv", ".xlsx", ".json")
            and stem == max((other for other in stems if re.match(
                rf"{re.escape(other)}(?!\w)", path.stem)), key=len, default="")]


def _take(corpus: Corpus, folder: Path, stem: str, files: dict[str, pd.DataFrame]) -> list[str]:
    """Take one sheet into the tables of `files`; return lines on what was taken."""
    table, _, coder = stem.partition("-")
    key = _read_key(corpus, folder / "sheets" / f"key-{stem}.csv")
    answers = read_sheets(_files_of(stem, folder / "sheets"), table, {*key["id"]})
    if not answers:
        return [f"{stem}: nothing is filled in yet"]
    before = _table(folder / f"{stem}.csv", ["article_id", *CODES[table], "sheet_id"])
    known = corpus.codes.get(table, pd.DataFrame({"coder": []}))["coder"].eq(coder).sum()
    if known > len(before):
        raise CorpusError(f"codes/{table}.csv: holds codes of {coder!r} too; move them to "
                          f"codes/{stem}.csv")
    done = key[key["id"].isin(answers)]
    rows = [{"article_id": unit.article_id, **row, "sheet_id": unit.id}
            for unit in done.itertuples()
            for row in _codes(table, unit, answers[unit.id], corpus.texts[unit.article_id])]
    kept = before[~before["sheet_id"].isin(key["id"])]
    files[f"{stem}.csv"] = pd.concat([kept, pd.DataFrame(rows, dtype=object)]).fillna("")
    _note_read(corpus, files, table, coder, key, done)
    _note_coder(files, coder, key)
    lines = [f"{stem}: {len(done)} of {len(key)} units are coded"]
    if len(done) < len(key):
        lines.append(f"{stem}: the probabilities are those of the coded units, as if the blank "
                     "ones had been left at random")
    nothing = sum(said[0][1].get(_NONE.get(table, "")) == "none" for said in answers.values())
    return lines + [f"{stem}: {nothing} of them hold nothing (none)"] * bool(nothing)


def _note_read(corpus: Corpus, files: dict, table: str, coder: str, key: pd.DataFrame,
               done: pd.DataFrame) -> None:
    """Into coded.csv, with the probability of each outlet's coded units among all of its units."""
    outlets = corpus.articles.set_index("article_id")["outlet"]
    drawn, coded = (rows["article_id"].map(outlets).value_counts() for rows in (key, done))
    where, before = done["article_id"].map(outlets), files["coded.csv"]
    share = where.map(coded) / (where.map(drawn) / done["probability"]).round()
    new = done.assign(coder=coder, table=table, probability=share.round(6).map("{:.6g}".format))
    kept = before[(before["coder"] != coder) | (before["table"] != table)]
    files["coded.csv"] = pd.concat([kept, new.drop_duplicates(CODED[:5])[CODED].astype(str)])


def _note_coder(files: dict, coder: str, key: pd.DataFrame) -> None:
    """Into coders.csv: a person, blind to the outlet, and whose units he was given."""
    rows = files["coders.csv"]
    if coder not in rows["coder"].tolist():
        rows.loc[len(rows)] = {**dict.fromkeys(rows, ""), "coder": coder, "kind": "person",
                               "blind": "yes"}
    at = rows.index[rows["coder"] == coder][0]
    given = [*rows.loc[at, "based_on"].split("|"), *sorted({*key["units_of"]})]
    rows.loc[at, "based_on"] = "|".join(filter(None, dict.fromkeys(given)))


def take(corpus: Corpus) -> list[str]:
    """Take every filled sheet of a corpus into its codes, whole or not at all.

    Writes ``codes/TABLE-NAME.csv``, ``codes/coded.csv`` and ``codes/coders.csv``. The sheet is
    the source: a code that is taken out of it leaves the codes as well. Taken twice, nothing
    changes.

    Returns
    -------
    list of str
        Lines on what was taken.

    Raises
    ------
    CorpusError
        Where a sheet cannot be taken: a line for each row, with the remedy.
    """
    folder = folder_of(corpus)
    files = {"coders.csv": _table(folder / "coders.csv", CODERS),
             "coded.csv": _table(folder / "coded.csv", CODED)}
    stems = [path.stem.removeprefix("key-")
             for path in sorted((folder / "sheets").glob("key-*.csv"))]
    said = [line for stem in stems for line in _take(corpus, folder, stem, files)]
    read = {path for stem in stems for path in _files_of(stem, folder / "sheets")}
    said += [f"codes/sheets/{path.name} is not read; save it as TABLE-NAME.csv, .xlsx or .json of "
             "its sheet" for path in sorted((folder / "sheets").glob("[!.~]*"))
             if path not in read and path.suffix != ".xml"
             and not path.name.startswith(("key-", "discuss-"))]
    if len(files) > 2:
        with write_whole(folder) as aside:
            for name, table in files.items():
                (aside / name).write_bytes(csv_bytes(table))
    return said
