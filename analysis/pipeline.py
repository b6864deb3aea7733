"""The pipeline that writes tables: a corpus in, a folder of tables with a manifest out.

The manifest holds digests of the corpus, of the code as loaded and of the lists as read: tables
are taken from disk where all three agree, and made otherwise. No result is remembered elsewhere.
"""

import dataclasses
import functools
import hashlib
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.corpus.cache import code_of, folder
from analysis.corpus.disk import write_whole
from analysis.corpus.files import CorpusError, Problem, some
from analysis.corpus.read import Corpus
from analysis.corpus.spread import HERE, Where, in_cell
from analysis.corpus.store import TableWriter
from analysis.definitions import COLUMNS, ROOT, count_words, word_starts

MADE = [name for name in COLUMNS if name != "claims"]  # by the instruments; claims judge them


def tables_of(corpus: Corpus, beside: bool = True, where: Where = HERE, skip: bool = False,
              form: str = "csv", tone: bool | None = None, say: bool = False) -> tuple[Path, dict]:
    """Return the folder with the tables of a corpus, made where they are not, and its manifest.

    Parameters
    ----------
    beside : bool
        Let them be written beside the corpus, in its folder ``tables``; else, and where that
        cannot be written, they lie in the cache.
    where : Where
        The processes or the cluster that make them; the bytes are the same.
    skip : bool
        Go on without an article at which an instrument fails; the manifest's ``failed`` says why.
    form : {"csv", "parquet"}
        How they are written where they have to be made.
    tone : bool, optional
        Whether they hold the tone of sentences and toward actors, most of the cost. By default it
        is computed, but tables beside the corpus are taken that were made without it.
    say : bool
        Say in a line on stderr that they are being made, where no bar shows it.
    """
    stamp = {"corpus": _digest(corpus), "code": _digest_of(_code()), "lists": _digest_of(_lists())}
    homes = _homes(corpus, tone is False)
    for home in homes:
        manifest = _stored(home, stamp)
        if manifest and (skip or not manifest.get("failed")) and (
                tone in (None, manifest.get("tone", True))):
            return home, manifest
    if say and not in_cell() and not sys.stderr.isatty():
        print(f"{corpus.path}: making its tables ({len(corpus.articles)} articles), once; this "
              "takes half a minute, and longer for many articles", file=sys.stderr)
    # The code that was loaded makes them, whatever lies on disk by now.
    manifest = stamp | {"code": _code_when_loaded(), "made_by": "python -m analysis tables"}
    actors, found, failed, kept = _annotated(
        corpus, where, manifest["code"] + stamp["lists"], skip, tone is not False)
    manifest |= ({"failed": failed} if failed else {}) | ({"tone": False} if tone is False else {})
    for home in [*homes[not beside:], Path(tempfile.mkdtemp(prefix="three-tellings-"))]:
        try:
            with write_whole(home, keep=corpus.files) as aside:
                _write(without(corpus, failed), actors, found, aside, form)
                (aside / "manifest.json").write_text(
                    json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")
                for name in [*MADE, "actors"]:  # none of the other form outlives its manifest
                    other = home / f"{name}.{'csv' if form == 'parquet' else 'parquet'}"
                    other.unlink(missing_ok=True)
        except OSError:
            continue
        for part in kept:
            part.forget()
        return home, manifest
    raise CorpusError(f"{corpus.path}: its tables can be written nowhere; free some space")


def _code() -> list[Path]:
    package = Path(__file__).parent
    rooms = [path for room in ("corpus", "instruments") for path in (package / room).glob("*.*")]
    return [package / "definitions.py", package / "columns.csv", package / "pipeline.py",
            *sorted(path for path in rooms if path.suffix in (".py", ".csv", ".toml"))]


def _lists() -> list[Path]:
    models = (ROOT / "data" / "models").glob("*")
    return [*sorted((ROOT / "data" / "lexicons").glob("*.csv")),
            *sorted(path for path in models if path.suffix in (".csv", ".onnx", ".txt", ".json"))]


def _digest_of(files: list[Path]) -> str:
    """Return the digest of `code_of`, of what lies on disk now: nothing remembered."""
    return code_of.__wrapped__(*files)


@functools.cache
def _code_when_loaded() -> str:
    from analysis.instruments import annotate  # noqa: F401 - loads every instrument

    return _digest_of(_code())


def _digest(corpus: Corpus) -> str:
    """Return a digest of everything of a corpus that enters its tables."""
    parts = [corpus.articles, corpus.layout, corpus.actors,
             *(corpus.codes[name] for name in sorted(corpus.codes))]
    digest = hashlib.sha256("\0".join(part.to_csv(index=False) for part in parts).encode())
    for key in corpus.articles["article_id"]:
        digest.update(corpus.texts[key].encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()


def _homes(corpus: Corpus, toneless: bool) -> list[Path]:
    """Where the tables of a corpus may lie, the first choice first."""
    key = hashlib.sha256(str(corpus.path.resolve()).encode()).hexdigest()[:16]
    aside = folder() / "tables" / (key + "-toneless" * toneless)
    inside = corpus.path / "tables"
    whole = corpus.path.is_dir() and corpus.refused.empty
    return [inside if whole else aside, aside]


def _stored(home: Path, stamp: dict[str, str]) -> dict | None:
    try:
        manifest = json.loads((home / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    here = any((home / f"{MADE[-1]}.{form}").exists() for form in ("csv", "parquet"))
    same = all(manifest.get(key) == value for key, value in stamp.items())
    return manifest if here and same else None


def _annotated(corpus: Corpus, where: Where, stamp: str, skip: bool, tone: bool):
    """Return actors, what the instruments found by chunks, why articles failed, what to forget."""
    _forget()
    from analysis.instruments import annotate

    work, counted = annotate.with_actors(annotate.jobs(corpus, tone), where, stamp)
    found = annotate.annotate_corpus(work, where, stamp)
    failed = {key: why for _, reasons in found for key, why in reasons.items()}
    if failed and (not skip or len(failed) == len(work)):
        found.forget(lambda result: result[1])  # the next run tries them anew
        lines = [f"article {key!r} could not be read ({why})" for key, why in failed.items()]
        rest = [f"{len(lines) - 5} more could not be read"] if len(lines) > 5 else []
        raise CorpusError("\n".join(
            f"{line}; report it, and leave it out with --skip-refused" for line in
            lines[:5] + rest))
    return work[0].actors, found, failed, [part for part in (found, counted) if part]


def _write(corpus: Corpus, actors: pd.DataFrame, found: Iterable, home: Path, form: str) -> None:
    """Write all tables but the claims, chunk by chunk as they are read back."""
    from analysis.instruments import words

    writers = {name: TableWriter(home / f"{name}.{form}") for name in [*MADE, "actors"]}
    for made, _ in found:
        if made:
            made["articles"] = _articles(corpus, made["voices"])
            for name in set(MADE) - {"terms"}:
                writers[name].add(made[name])
    writers["terms"].add(words.compare_terms(_Words(found), corpus.articles))
    writers["actors"].add(actors)
    for writer in writers.values():
        writer.close()


class _Words:
    """The counts of terms among what was found, chunk by chunk, as often as they are asked for."""

    def __init__(self, found: Iterable):
        self.found = found

    def __iter__(self) -> Iterator[pd.DataFrame]:
        return (made["words"] for made, _ in self.found if made)


def _articles(corpus: Corpus, voices: pd.DataFrame) -> pd.DataFrame:
    here = corpus.articles["article_id"].isin(set(voices["article_id"]))
    facts = corpus.articles[here].reset_index(drop=True)
    author = dict(iter(voices[voices["voice"] == "author"].groupby("article_id")))
    measured = facts.assign(
        words=[count_words(corpus.texts[key]) for key in facts["article_id"]],
        author_words=[int(words_of_pieces(corpus.texts[key], author[key]).sum())
                      if key in author else 0 for key in facts["article_id"]],
        sha256=[hashlib.sha256(corpus.texts[key].encode()).hexdigest()
                for key in facts["article_id"]])
    first = COLUMNS["articles"]
    return measured[first + [name for name in measured.columns if name not in first]]


def without(corpus: Corpus, failed: dict[str, str]) -> Corpus:
    """Return a corpus without the articles that could not be read; they join the refused."""
    if not failed:
        return corpus
    lost = pd.DataFrame([("articles.csv", "", key, f"could not be read ({why})")
                         for key, why in failed.items()], columns=list(corpus.refused.columns))
    warning = f"{len(failed)} articles could not be read: {some(failed)}; see refused.csv"

    def rest(table: pd.DataFrame) -> pd.DataFrame:
        return table[~table["article_id"].isin(failed)].reset_index(drop=True)

    return dataclasses.replace(
        corpus, articles=rest(corpus.articles), layout=rest(corpus.layout),
        texts={key: text for key, text in corpus.texts.items() if key not in failed},
        codes={name: rest(table) for name, table in corpus.codes.items()},
        refused=pd.concat([corpus.refused, lost], ignore_index=True),
        warnings=[*corpus.warnings, Problem("articles.csv", None, warning, "warning")])


def _forget() -> None:
    """Read lists and models anew: they may have been edited while this process runs."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("analysis.instruments", "analysis.corpus")):
            for kept in vars(module).values():
                if hasattr(kept, "cache_clear") and kept.__name__ not in ("_model", "_network"):
                    kept.cache_clear()


def words_of_pieces(text: str, pieces: pd.DataFrame) -> np.ndarray:
    """Return how many words of an article begin in each of its pieces."""
    starts = np.array(word_starts(text))
    return np.searchsorted(starts, pieces["end"]) - np.searchsorted(starts, pieces["start"])
