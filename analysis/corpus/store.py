"""Tables on disk, as CSV or Parquet: written in parts as they come, read back with their types."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.corpus.disk import csv_bytes
from analysis.corpus.files import needed
from analysis.definitions import BOOLEAN, DIGITS, REAL, WHOLE


def as_text(column: pd.Series) -> pd.Series:
    """Return a column as text; what is missing is the empty text."""
    return column.astype("str").where(column.notna(), "").astype("str")


def read_table(path: Path, articles: list[str] | None = None) -> pd.DataFrame:
    """Return a table as it lies on disk: text, whole numbers, measures, yes or no.

    Where there is no such CSV file, the Parquet file of its name is read; of that, where
    ``articles`` are given, their rows alone.
    """
    if path.suffix == ".parquet" or not path.exists():
        arrow, parquet = _arrow()
        path = path.with_suffix(".parquet")
        known = articles is not None and "article_id" in parquet.read_schema(path).names
        rows = [("article_id", "in", articles)] if known else None
        table = parquet.read_table(path, filters=rows).to_pandas(
            types_mapper={arrow.int64(): pd.Int64Dtype()}.get)
        return table.astype({name: "int64" for name in table
                             if table[name].dtype == "Int64" and not table[name].hasnans})
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    for name in table.columns:
        cells, kind = table[name], _type_of(name, table.columns)
        if kind == "bool":
            table[name] = cells == "True"
        elif kind == "float64":
            table[name] = pd.to_numeric(cells.where(cells != "", None)).astype(float)
        elif kind == "Int64":
            whole = pd.to_numeric(cells.where(cells != "", None)).astype("Int64")
            table[name] = whole if whole.hasnans else whole.astype("int64")
    return table


class TableWriter:
    """Writes a table that comes in parts, as CSV or as Parquet by the name of the file."""

    def __init__(self, path: Path):
        self.path = path
        self.file: Any = None
        self.parquet = path.suffix == ".parquet"
        if self.parquet:
            _arrow()

    def add(self, part: pd.DataFrame) -> None:
        """Write further rows; the columns are those of the first part."""
        if self.parquet:
            self._add_parquet(part)
            return
        written = csv_bytes(part)
        if self.file is None:
            self.file = open(self.path, "wb")  # noqa: SIM115 - closed by `close`
        else:
            written = written.partition(b"\n")[2]
        self.file.write(written)

    def _add_parquet(self, part: pd.DataFrame) -> None:
        arrow, parquet = _arrow()
        kinds = {"bool": arrow.bool_(), "float64": arrow.float64(), "Int64": arrow.int64(),
                 "str": arrow.string()}
        typed = pd.DataFrame({
            name: as_text(part[name]) if (kind := _type_of(name, part.columns)) == "str" else
            pd.to_numeric(part[name]).astype(kind)
            for name in part.columns})
        for name in typed.select_dtypes("float64"):  # as `csv_bytes` rounds
            typed[name] = [round(value, DIGITS) + 0.0 for value in typed[name].tolist()]
        rows = arrow.Table.from_pandas(
            typed, preserve_index=False,
            schema=arrow.schema([(name, kinds[_type_of(name, part.columns)]) for name in part]))
        if self.file is None:
            self.file = parquet.ParquetWriter(self.path, rows.schema)
        self.file.write_table(rows)

    def close(self) -> None:
        """Finish the file."""
        if self.file is not None:
            self.file.close()


def copy_table(source: Path | pd.DataFrame, target: Path) -> None:
    """Write a table, or that of a CSV file or the Parquet file of its name, to a file."""
    if isinstance(source, Path):
        if not source.exists():
            source = source.with_suffix(".parquet")
        if source.suffix == target.suffix:
            shutil.copyfile(source, target)
            return
        source = read_table(source)
    writer = TableWriter(target)
    writer.add(source)
    writer.close()


def _type_of(name: str, columns: Iterable[str]) -> str:
    """Return the type of a column on disk."""
    if name in BOOLEAN:
        return "bool"
    if name in REAL or (name == "polarity" and "instrument" in columns):
        return "float64"
    whole = name in WHOLE or name in ("start", "end") or name.endswith(("_start", "_end"))
    return "Int64" if whole else "str"


def _arrow() -> tuple[Any, Any]:
    return needed("pyarrow", "Parquet"), needed("pyarrow.parquet", "Parquet")
