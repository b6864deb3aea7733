"""What the tests share: the bundled corpus, small corpora made on the spot, a parser."""

import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings

from analysis.corpus import read as corpora
from analysis.definitions import ROOT

# No test is timed: beside other work a first call took .26 s, above the library's limit of .2.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

CORPORA = ROOT / "tests" / "corpora"
NO_ROWS = pd.DataFrame({"paragraph": [], "role": [], "speaker": []})


@pytest.fixture(scope="session")
def bundled():
    """The three articles."""
    return corpora.load_corpus(ROOT / "data")


@pytest.fixture
def small(tmp_path):
    """A function that writes a sound corpus of three short articles, with changes on request.

    ``small({"articles.csv": "…", "articles/a.txt": b"…", "articles/b.txt": None})`` replaces
    files, or leaves them out.
    """

    def write(changes: dict[str, str | bytes | None] | None = None, folder: str = "small") -> Path:
        files: dict[str, str | bytes | None] = {
            "articles.csv": "article_id,outlet,published\na,North,2020-01-02\nb,South,\nc,East,\n",
            "articles/a.txt": "Bridge reopens\n\nThe bridge opened on Monday.\n",
            "articles/b.txt": "The bridge stayed shut, said the mayor.",
            "articles/c.txt": "“It is open,” Ann Lee said.\nIt was not.",
        }
        files.update(changes or {})
        for name, content in files.items():
            path = tmp_path / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if content is not None:
                path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return tmp_path / folder

    return write


@pytest.fixture
def lines(tmp_path):
    """A function that writes rows as a JSON Lines corpus and returns its path."""

    def write(*rows: dict) -> Path:
        path = tmp_path / "corpus.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def parse_text():
    """A function that parses a text on its own: `parse_text("…")`, optionally with actors."""
    from analysis.corpus.language import parse

    def run(text: str, actors: pd.DataFrame | None = None, rows: pd.DataFrame = NO_ROWS):
        if actors is None:
            actors = pd.DataFrame({"actor": [], "aliases": [], "role": [], "side": []}, dtype=str)
        return parse("test", text, rows, actors)

    return run
