"""How tables are rounded and how results reach the disk.

Results appear whole or not at all. They are written aside, in the folder that holds the output,
and moved into place when all of them are there.
"""

import os
import shutil
from collections.abc import Iterator, Set
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import psutil

from analysis.definitions import DIGITS


def _cell(value: object) -> str:
    """One cell as text: missing is empty, a float is rounded, what needs quotes gets them."""
    if isinstance(value, float):
        if value != value:
            return ""
        return repr(round(float(value), DIGITS) + 0.0)  # + 0.0: no minus zero
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    text = str(value)
    if any(mark in text for mark in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def csv_bytes(table: pd.DataFrame) -> bytes:
    """A table as the bytes of its CSV file: UTF-8 without a mark, rows ended by a newline.

    Floats are rounded to ``DIGITS`` decimals; missing values are empty cells. Cells that hold a
    comma, a quotation mark or any line break stand in quotation marks.
    """
    columns = [table[name].astype(object).tolist() for name in table.columns]
    lines = [",".join(_cell(name) for name in table.columns)]
    lines += [",".join(map(_cell, row)) for row in zip(*columns, strict=True)]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _alive(process: str) -> bool:
    """Whether the run that left a folder behind still works."""
    return process.isdigit() and int(process) != os.getpid() and psutil.pid_exists(int(process))


def _aside(folder: Path, name: str) -> Path:
    """A new path in ``folder`` to write to; what killed runs left there for ``name`` goes."""
    mark = f".{name}.part-"
    for left in [path for path in folder.iterdir() if path.name.startswith(mark)]:
        if not _alive(left.name[len(mark) :]):
            shutil.rmtree(left) if left.is_dir() else left.unlink()
    return folder / f"{mark}{os.getpid()}"


@contextmanager
def write_whole(out: Path, keep: Set[Path] = frozenset()) -> Iterator[Path]:
    """Offer an empty folder to write to; on success its files move into ``out``.

    Files of the same name in ``out`` are replaced, others are left alone. If the block raises,
    if a file of ``keep`` (resolved paths) or a folder stands in the way, or if the process is
    killed, ``out`` stays as it was. What a killed run leaves aside (a folder ``.NAME.part-PID``)
    the next run removes.
    """
    out = Path(out).resolve()
    for path in (out, *out.parents):
        if path.exists() and not path.is_dir():
            raise NotADirectoryError(f"{path} is a file; name a folder to write to")
    made = [parent for parent in out.parents if not parent.exists()]
    out.parent.mkdir(parents=True, exist_ok=True)
    aside = _aside(out.parent, out.name)
    aside.mkdir()
    try:
        yield aside
        if not out.exists():
            aside.rename(out)
            return
        moves = [(path, out / path.relative_to(aside))
                 for path in sorted(aside.rglob("*")) if path.is_file()]
        for _, target in moves:
            if target.is_dir():
                raise IsADirectoryError(f"{target} is a folder; write to another place")
            if target.resolve() in keep:
                raise FileExistsError(f"{target} is of the corpus; write to another folder")
        for path, target in moves:
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, target)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        for parent in made:  # nearest first; a folder that holds something stays
            if not any(parent.iterdir()):
                parent.rmdir()
        raise
    shutil.rmtree(aside)


def write_file(path: Path, content: bytes) -> None:
    """Write one file whole: aside in its folder, then moved into place."""
    path = Path(path).resolve()
    if path.is_dir():
        raise IsADirectoryError(f"{path} is a folder; name a file to write")
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = _aside(path.parent, path.name)
    try:
        aside.write_bytes(content)
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)
