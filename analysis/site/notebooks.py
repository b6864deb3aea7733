"""The notebooks of the project: which they are, by what name one asks for them, how they are kept.

The list is explicit, so that a scratch notebook beside them breaks nothing. JupyterLab's hook
(`jupyter_server_config.py`) and the commands write a notebook alike, so that saving leaves no
difference.
"""

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat

from analysis.corpus.files import CorpusError
from analysis.definitions import ROOT

FOLDER = ROOT / "notebooks"
# JupyterLab adds the kernel's version to these, which differs from machine to machine.
METADATA = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"}}


def listed() -> list[Path]:
    """Return the project's notebooks, in the order of their numbers."""
    return sorted(FOLDER.glob("[0-9][0-9]-*.ipynb"))


def tidy(notebook: dict[str, Any]) -> None:
    """Take out of a notebook, in place, what differs between two runs or two programs."""
    notebook["metadata"] = nbformat.from_dict(METADATA)
    for cell in notebook["cells"]:
        tags = cell.get("metadata", {}).get("tags")
        cell["metadata"] = nbformat.from_dict({"tags": tags} if tags else {})


def named(asked: Iterable[str]) -> list[Path]:
    """Return notebooks by path, stem, number or word: ``04-sourcing``, ``04``, ``sourcing``.

    Raises
    ------
    CorpusError
        If no notebook is called so; the message names the nearest and lists all.
    """
    known = {path.stem: path for path in listed()}
    return [Path(name) if _elsewhere(name) else known[nearest(name, known, "notebook")]
            for name in asked]


def _elsewhere(name: str) -> bool:
    """Tell whether a name is the path of a notebook of somebody's own, as in ``scratch/``."""
    path = Path(name)
    return path.suffix == ".ipynb" and path.is_file() and path.resolve().parent != FOLDER


def nearest(asked: str, known: Iterable[str], what: str) -> str:
    """Return the one name that is meant by a file, a stem, or a part that no other name holds.

    Examples
    --------
    >>> nearest("figures/claims.svg", ["claims", "speakers"], "figure")
    'claims'
    >>> nearest("sourcing", ["03-sentiment", "04-sourcing"], "notebook")
    '04-sourcing'

    Raises
    ------
    CorpusError
        If none or several are meant; the message names the nearest and lists all.
    """
    names = sorted(known)
    meant = _meant(Path(asked).stem.lower(), names)
    if len(meant) == 1:
        return meant[0]
    parts = {part: name for name in names for part in (*name.split("-"), name)}
    close = difflib.get_close_matches(Path(asked).stem.lower(), parts, n=1)
    guess = meant or [parts[part] for part in close]
    question = f"; did you mean {' or '.join(guess)}?" if guess else "."
    raise CorpusError(f"no {what} is called {asked!r}{question} The {what}s are: "
                      f"{', '.join(names)}")


def _meant(stem: str, names: list[str]) -> list[str]:
    """Return the names that are so called; else hold the word; else have one that begins so."""
    words = {name: [name.lower(), *name.lower().split("-")] for name in names}
    for fits in (lambda said: stem == said[0], lambda said: stem in said,
                 lambda said: bool(stem) and any(word.startswith(stem) for word in said)):
        if found := [name for name, said in words.items() if fits(said)]:
            return found
    return []
