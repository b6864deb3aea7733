"""A corpus as DataFrames: the tables that the instruments wrote, each the reader's own.

`load` reads the tables that lie beside a corpus where they were made from this very corpus by
these very instruments, and makes them otherwise. Nothing else is remembered between two calls.
"""

from __future__ import annotations

import dataclasses
import difflib
import functools
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.corpus.cache import code_of, folder
from analysis.corpus.copies import near_duplicates
from analysis.corpus.disk import csv_bytes, write_whole
from analysis.corpus.files import CorpusError, Problem
from analysis.corpus.read import Corpus, load_corpus
from analysis.corpus.spread import HERE, Where
from analysis.definitions import (
    AUTHOR,
    BOOLEAN,
    COLUMNS,
    COVERS,
    DIGITS,
    EXTRACTOR,
    KINDS,
    NETWORK,
    REAL,
    ROOT,
    SCORES,
    STANDS_IN,
    WHOLE,
    count_words,
    word_starts,
)

MADE = [name for name in COLUMNS if name != "claims"]  # by the instruments; claims judge them
SPANS = ["paragraphs", "sentences", "voices", "mentions", "attributions", "sentiment", "targets",
         "frame_cues", "agency", "frames", "uptake", "record", "readings", "notes"]
_TEXT_ROLES = ("headline", "deck", "body", "block_quotation", "self_quotation")


class Tables:
    """The tables of a corpus, each a plain DataFrame of your own: filter, edit, drop, replace.

    Every row with ``start`` and ``end`` carries ``outlet`` (in the order of the corpus),
    ``event``, ``block`` (what counts as one independent piece), ``text`` (the words themselves),
    ``words`` (their number: stretches without white space), ``place`` (0 at the start of the
    article, 1 at its end), ``paragraph`` and ``paragraph_role``.

    articles : article_id, outlet, headline, author, published, url, genre, event, words,
        author_words (those in the author's voice)
    paragraphs : role (headline, deck, heading, body, block_quotation, self_quotation,
        furniture), role_rule (what decided it), speaker of a block
    sentences : voice (author, quoted, paraphrased, self_quoted, furniture; mixed where none has
        four fifths), and a column for each instrument of tone (−1 to 1)
    voices : the article cut into pieces, each in one voice of one speaker
    mentions : actor of each mention, basis (alias, title, pronoun)
    attributions : who is credited with which words: speaker, cue, role, quote_type (direct,
        indirect, mixed, scare), kind (speech, document, performative, mental, attitude,
        silence), stance of the cue, side, named; score is how likely the speaker is right
    sentiment : polarity of each sentence (−1 to 1) by each instrument and coder
    targets : polarity toward an actor (negative, neutral, positive), holder (whose view it is),
        side, score (−1, 0, 1); a row is a mention; coder and network judge different mentions
    frame_cues : words that a list counts, by family and category: cue rates, no frames
    frames : Entman's functions and other frames of each sentence, by coder (codes only)
    uptake : what the author does with attributed words, by coder (codes only)
    agency : who does what (agent), to whom (patient); agentless passives
    terms : word choice of each outlet against the others (log-odds above 0: favoured)
    actors, record, readings, notes, coders, coded : what came with the corpus

    Where coders and instruments fill one table, ``by`` says who made a row ("extractor",
    "coder a"), ``by_kind`` what that is (instrument, model, person, unstated), and ``used``
    marks one reading an article: the coder's where he read it, else the instrument's.
    *Not coded* is never *none*: what stands in for codes is said in ``remarks``.
    """

    articles: pd.DataFrame
    paragraphs: pd.DataFrame
    sentences: pd.DataFrame
    voices: pd.DataFrame
    mentions: pd.DataFrame
    attributions: pd.DataFrame
    sentiment: pd.DataFrame
    targets: pd.DataFrame
    frame_cues: pd.DataFrame
    frames: pd.DataFrame
    uptake: pd.DataFrame
    agency: pd.DataFrame
    terms: pd.DataFrame
    actors: pd.DataFrame
    record: pd.DataFrame
    readings: pd.DataFrame
    notes: pd.DataFrame
    coders: pd.DataFrame
    coded: pd.DataFrame

    def __init__(self, corpus: Corpus, remarks: list[str], frames: dict[str, pd.DataFrame]):
        self.path = corpus.path
        self.texts = corpus.texts
        self.outlets = list(dict.fromkeys(corpus.articles["outlet"]))
        self.bundled, self.refused = corpus.bundled, corpus.refused
        self.remarks = remarks
        for name, frame in frames.items():
            setattr(self, name, frame)

    def frames_of(self) -> dict[str, pd.DataFrame]:
        """Return every table by its name."""
        return {name: table for name, table in vars(self).items()
                if isinstance(table, pd.DataFrame)}

    def __repr__(self) -> str:
        tables = ", ".join(f"{name} {len(table):,}" for name, table in self.frames_of().items()
                           if len(table))
        size = f"{len(self.articles)} articles of {len(self.outlets)} outlets"
        return "\n".join([f"{size}; rows: {tables}", *self.remarks, "help(t) tells the columns"])

    def locate(self) -> Tables:
        """Set anew every column that `load` adds: places, words, sides, scores; return itself."""
        for name in SPANS:
            table = getattr(self, name)
            if {"start", "end"} <= set(table):
                setattr(self, name, _located(self, table))
        sides = self.actors.drop_duplicates("actor").set_index("actor")["side"]
        self.attributions["side"] = _text(self.attributions["speaker"].map(sides))
        self.targets["side"] = _text(self.targets["actor"].map(sides))
        self.targets["score"] = self.targets["polarity"].map(SCORES).astype(float)
        return self

    def add_tone(self, name: str, function: Callable[[list[str]], Sequence[float]]) -> None:
        """Put an instrument of your own beside the others.

        Parameters
        ----------
        name : str
            Its name in ``sentiment["by"]``, and its column in ``sentences``.
        function : callable
            Takes a list of texts (the sentences), returns as many numbers from −1 (negative) to
            1 (positive); NaN is not scored.

        Raises
        ------
        ValueError
            If it returns too few or too many numbers, or one outside −1 to 1.
        """
        scores = np.array(list(function(self.sentences["text"].tolist())), dtype=float)
        if scores.shape != (len(self.sentences),):
            raise ValueError(f"{name} gave {scores.size} numbers for {len(self.sentences)} "
                             "sentences; return one a sentence")
        if (np.abs(scores) > 1).any():
            raise ValueError(f"{name} gave {scores[np.abs(scores) > 1][0]:g}; keep to −1 to 1")
        self.sentences[name] = scores
        rows = self.sentences.drop(columns=["voice", name], errors="ignore").assign(
            instrument=name, by=name, by_kind="instrument", used=False, polarity=scores,
            evidence="")
        kept = self.sentiment[self.sentiment["by"] != name]
        self.sentiment = pd.concat([kept, rows.reindex(columns=kept.columns)], ignore_index=True)


# Making -------------------------------------------------------------------------------------------


def _code() -> list[Path]:
    package = Path(__file__).parent
    return [package / "definitions.py", *sorted((package / "corpus").glob("*.py")),
            *sorted((package / "instruments").glob("*.py"))]


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


def _annotated(corpus: Corpus, where: Where, stamp: str, skip: bool):
    """Return actors, what the instruments found by chunks, why articles failed, what to forget."""
    _forget()
    from analysis.instruments import annotate

    work, counted = annotate.with_actors(annotate.jobs(corpus), where, stamp)
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


def without(corpus: Corpus, failed: dict[str, str]) -> Corpus:
    """Return a corpus without the articles that could not be read; they join the refused."""
    if not failed:
        return corpus
    lost = pd.DataFrame([("articles.csv", "", key, f"could not be read ({why})")
                         for key, why in failed.items()], columns=list(corpus.refused.columns))
    warning = f"{len(failed)} articles could not be read: {_some(failed)}; see refused.csv"

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


def _articles(corpus: Corpus, voices: pd.DataFrame) -> pd.DataFrame:
    here = corpus.articles["article_id"].isin(set(voices["article_id"]))
    facts = corpus.articles[here].reset_index(drop=True)
    author = dict(iter(voices[voices["voice"] == "author"].groupby("article_id")))
    measured = facts.assign(
        words=[count_words(corpus.texts[key]) for key in facts["article_id"]],
        author_words=[_words_within(corpus.texts[key], author.get(key))
                      for key in facts["article_id"]],
        sha256=[hashlib.sha256(corpus.texts[key].encode()).hexdigest()
                for key in facts["article_id"]])
    first = COLUMNS["articles"]
    return measured[first + [name for name in measured.columns if name not in first]]


def _words_within(text: str, pieces: pd.DataFrame | None) -> int:
    """Return the words of an article that begin in some of its pieces."""
    return 0 if pieces is None else int(_words_of_pieces(text, pieces).sum())


def _words_of_pieces(text: str, pieces: pd.DataFrame) -> np.ndarray:
    starts = np.array(word_starts(text))
    return np.searchsorted(starts, pieces["end"]) - np.searchsorted(starts, pieces["start"])


# Reading ------------------------------------------------------------------------------------------


def _homes(corpus: Corpus) -> list[Path]:
    """Where the tables of a corpus may lie, the first choice first."""
    key = hashlib.sha256(str(corpus.path.resolve()).encode()).hexdigest()[:16]
    aside = folder() / "tables" / key
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


def tables_of(corpus: Corpus, beside: bool = True, where: Where = HERE, skip: bool = False,
              form: str = "csv") -> tuple[Path, dict]:
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
    """
    stamp = {"corpus": _digest(corpus), "code": _digest_of(_code()), "lists": _digest_of(_lists())}
    for home in _homes(corpus):
        manifest = _stored(home, stamp)
        if manifest and (skip or not manifest.get("failed")):
            return home, manifest
    # The code that was loaded makes them, whatever lies on disk by now.
    manifest = stamp | {"code": _code_when_loaded(), "made_by": "python -m analysis tables"}
    actors, found, failed, kept = _annotated(corpus, where, manifest["code"] + stamp["lists"], skip)
    manifest |= {"failed": failed} if failed else {}
    for home in [*_homes(corpus)[not beside:], Path(tempfile.mkdtemp(prefix="three-tellings-"))]:
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


def _type_of(name: str, columns: Iterable[str]) -> str:
    """Return the type of a column on disk."""
    if name in BOOLEAN:
        return "bool"
    if name in REAL or (name == "polarity" and "instrument" in columns):
        return "float64"
    whole = name in WHOLE or name in ("start", "end") or name.endswith(("_start", "_end"))
    return "Int64" if whole else "str"


class TableWriter:
    """Writes a table that comes in parts, as CSV or as Parquet by the name of the file."""

    def __init__(self, path: Path):
        self.path, self.file = path, None
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
            name: _text(part[name]) if (kind := _type_of(name, part.columns)) == "str" else
            pd.to_numeric(part[name]).astype(kind) for name in part})
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


def _arrow():
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise CorpusError("Parquet needs pyarrow, which is not installed; install the extra "
                          "'large': pip install 'three-tellings[large]'") from None
    return pyarrow, pyarrow.parquet


def read_table(path: Path) -> pd.DataFrame:
    """Return a table as it lies on disk: text, whole numbers, measures, yes or no.

    Where there is no such CSV file, the Parquet file of its name is read.
    """
    if path.suffix == ".parquet" or not path.exists():
        arrow, parquet = _arrow()
        table = parquet.read_table(path.with_suffix(".parquet")).to_pandas(
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


def load(path: str | Path | None = None, outlets: Iterable[str] | None = None,
         articles: Iterable[str] | None = None, skip_refused: bool = False) -> Tables:
    """Load a corpus as DataFrames.

    Parameters
    ----------
    path : path, optional
        A corpus folder or file; by default the one that ``ANALYSIS_CORPUS`` names, else the
        bundled three articles.
    outlets, articles : iterable of str, optional
        Only these outlets, or articles by id, named as in ``articles.csv``.
    skip_refused : bool
        Go on without articles that cannot be read; ``refused`` of what is returned names them.

    Returns
    -------
    Tables
        Its attributes are DataFrames, yours to change; ``help(t)`` tells their columns.

    Raises
    ------
    CorpusError
        If the corpus is refused (file, row and remedy), or a name is unknown (the nearest one).
    """
    chosen = Path(path or os.environ.get("ANALYSIS_CORPUS") or ROOT / "data")
    skip = skip_refused or bool(os.environ.get("ANALYSIS_SKIP_REFUSED"))
    corpus = load_corpus(chosen, skip_refused=skip)
    home, manifest = tables_of(corpus, skip=skip)
    corpus = without(corpus, manifest.get("failed", {}))
    kept = _chosen(corpus.articles, outlets, articles)
    return held(corpus, home, kept)


def held(corpus: Corpus, home: Path, kept: list[str] | None = None) -> Tables:
    """Return what `load` returns, from the folder in which a corpus's tables lie."""
    kept = corpus.articles["article_id"].tolist() if kept is None else kept
    made = {name: read_table(home / f"{name}.csv") for name in [*MADE, "actors"]}
    whole = len(kept) == len(corpus.articles)
    if not whole:
        made = {name: table[table["article_id"].isin(kept)].reset_index(drop=True)
                if "article_id" in table else table for name, table in made.items()}
        made["terms"] = made["terms"].iloc[:0]
    return assembled(corpus, made, kept, whole)


def _chosen(facts: pd.DataFrame, outlets: Iterable[str] | None,
            articles: Iterable[str] | None) -> list[str]:
    for column, wanted in (("outlet", outlets), ("article_id", articles)):
        if wanted is None:
            continue
        known = list(dict.fromkeys(facts[column]))
        for name in [wanted] if isinstance(wanted, str) else wanted:
            if name not in known:
                near = difflib.get_close_matches(str(name), known, 1, 0)
                raise CorpusError(f"no {column} is called {name!r}; the nearest is {near[0]!r}")
        facts = facts[facts[column].isin([wanted] if isinstance(wanted, str) else list(wanted))]
    if facts.empty:
        raise CorpusError("no article is left of this choice; name other outlets or articles")
    return facts["article_id"].tolist()


def _extra(corpus: Corpus, name: str) -> pd.DataFrame:
    empty = {"coders": ["coder", "kind", "blind", "based_on"],
             "coded": ["coder", "table", "article_id", "start", "end", "probability"]}
    return getattr(corpus, name, pd.DataFrame(columns=empty.get(name, []), dtype="str")).copy()


# Assembling ---------------------------------------------------------------------------------------


def assembled(corpus: Corpus, made: dict[str, pd.DataFrame], kept: list[str],
               whole: bool) -> Tables:
    codes = {name: table[table["article_id"].isin(kept)].reset_index(drop=True)
             for name, table in corpus.codes.items()}
    actors = made["actors"]
    coders = _extra(corpus, "coders")
    kinds = coders.set_index("coder")["kind"].to_dict()
    frames = dict(made)
    frames["attributions"] = _joined(made["attributions"].assign(by=EXTRACTOR), _coded_attributions(
        codes.get("attributions"), actors))
    frames["sentiment"] = _joined(_instrument_tone(made), _coded_tone(codes.get("tone"), made))
    frames["targets"] = _joined(_network_targets(made), _coded_targets(
        codes.get("targets"), made["sentences"], actors))
    frames["frames"] = _coded_frames(codes.get("sentences"))
    frames["uptake"] = _uptake(codes.get("uptake"), codes.get("attributions"), coders,
                               made["attributions"])
    for name in ("attributions", "sentiment", "targets", "frames", "uptake"):
        frames[name] = _with_used(frames[name], name, made, corpus, kinds)
    for name in ("record", "readings", "notes"):
        table = _extra(corpus, name)
        frames[name] = table[table["article_id"].isin(kept)].reset_index(drop=True) \
            if "article_id" in table else table
    frames["coders"], frames["coded"] = coders, _extra(corpus, "coded")
    tone = made["sentiment"].pivot(index=["article_id", "sentence"], columns="instrument",
                                   values="polarity").reset_index()
    frames["sentences"] = made["sentences"].merge(tone, on=["article_id", "sentence"], how="left")
    narrowed = corpus.articles[corpus.articles["article_id"].isin(kept)]
    held = Tables(corpus, [], frames)
    held.texts = {key: corpus.texts[key] for key in kept}
    held.outlets = list(dict.fromkeys(narrowed["outlet"]))
    for table in (held.articles, held.terms):
        table["outlet"] = pd.Categorical(table["outlet"], held.outlets, ordered=True)
    copies = near_duplicates(held.texts)  # a cluster counts once an outlet, and is one event
    if len(copies):
        cluster = copies.set_index("article_id")["cluster"].astype("str")
        held.articles["cluster"] = _text(held.articles["article_id"].map(cluster))
    held.remarks = _remarks(corpus, held, whole)
    return held.locate()


def _joined(found: pd.DataFrame, coded: pd.DataFrame | None) -> pd.DataFrame:
    found = found.assign(by_kind="instrument")
    if coded is None or coded.empty:
        return found
    both = pd.concat([found, coded.drop(columns=["content"], errors="ignore")], ignore_index=True)
    for name in both:
        if found[name].dtype == bool if name in found else False:
            both[name] = both[name].astype(bool)
        elif both[name].dtype == object or str(both[name].dtype) == "str":
            both[name] = _text(both[name])
    return both


def _text(column: pd.Series) -> pd.Series:
    return column.astype("str").where(column.notna(), "").astype("str")


def canonical(names: pd.Series, actors: pd.DataFrame) -> pd.Series:
    """Return the actor that each name or alias stands for; a name without an actor stays."""
    known: dict[str, str] = {}
    for row in actors.itertuples():
        for alias in [row.actor, *str(row.aliases).split("|")]:
            known.setdefault(alias.strip().lower(), row.actor)
    bare = names.str.strip().str.lower()
    found = bare.str.removeprefix("the ").map(known).fillna(bare.map(known)).fillna(names)
    return found.where(bare != "author", AUTHOR)


def _coded_attributions(codes: pd.DataFrame | None, actors: pd.DataFrame) -> pd.DataFrame | None:
    if codes is None:
        return None
    return codes.assign(
        by="coder " + codes["coder"], kind=codes["kind"].replace(KINDS), stance="",
        role=codes.get("speaker_role", ""), speaker=canonical(codes["speaker"], actors),
        named=codes.get("speaker_role", pd.Series("", codes.index)).ne("anonymous_or_collective"))


def _instrument_tone(made: dict[str, pd.DataFrame]) -> pd.DataFrame:
    spans = made["sentences"][["article_id", "sentence", "start", "end"]]
    table = made["sentiment"].merge(spans, on=["article_id", "sentence"], how="left")
    return table.assign(by=table["instrument"])


def _coded_tone(codes: pd.DataFrame | None, made: dict[str, pd.DataFrame]) -> pd.DataFrame | None:
    if codes is None:
        return None
    by = "coder " + codes["coder"]
    return codes.assign(by=by, instrument=by, polarity=codes["polarity"].map(SCORES),
                        sentence=_sentence_of(codes, made["sentences"]))


def _network_targets(made: dict[str, pd.DataFrame]) -> pd.DataFrame:
    spans = made["sentences"][["article_id", "sentence", "start", "end"]].rename(
        columns={"start": "unit_start", "end": "unit_end"})
    table = made["targets"].merge(spans, on=["article_id", "sentence"], how="left")
    return table.assign(by=NETWORK, actor=table["target"])


def _coded_targets(codes: pd.DataFrame | None, sentences: pd.DataFrame,
                   actors: pd.DataFrame) -> pd.DataFrame | None:
    """Coded mentions under the names of the network's; the coder's sentence is the unit."""
    if codes is None:
        return None
    table = codes.rename(columns={"start": "unit_start", "end": "unit_end"})
    marked = "mention_start" in table
    for end in ("start", "end"):
        unit = table[f"unit_{end}"]
        table[end] = table[f"mention_{end}"].fillna(unit) if marked else unit
    holder = canonical(table["holder"], actors)
    return table.astype({"start": "int64", "end": "int64"}).assign(
        by="coder " + table["coder"], actor=canonical(table["target"], actors),
        holder=holder.where(holder != AUTHOR, "author"), sentence=_sentence_of(table, sentences))


def _coded_frames(codes: pd.DataFrame | None) -> pd.DataFrame:
    columns = ["article_id", "coder", "start", "end", "unit", "voice", "entman", "by", "by_kind"]
    if codes is None:
        return pd.DataFrame(columns=columns)
    return codes.assign(by="coder " + codes["coder"])


def _uptake(codes: pd.DataFrame | None, attributions: pd.DataFrame | None, coders: pd.DataFrame,
            found: pd.DataFrame) -> pd.DataFrame:
    """Uptake with the words it is about: those of the coder whose attributions were read."""
    columns = ["article_id", "coder", "attribution_id", "uptake", "by", "attribution_by", "start",
               "end"]
    if codes is None:
        return pd.DataFrame(columns=columns)
    spans = [found[["article_id", "attribution_id", "start", "end"]].assign(owner=EXTRACTOR)]
    known: list[str] = []
    if attributions is not None:
        known = list(dict.fromkeys(attributions["coder"]))
        spans.append(attributions.assign(owner="coder " + attributions["coder"]))
    based = coders.set_index("coder")["based_on"].to_dict()
    owner = {}
    for name in codes["coder"].unique():
        read = [one for one in [*str(based.get(name, "")).split("|"), name, *known] if one in known]
        owner[name] = f"coder {read[0]}" if read else EXTRACTOR
    whole = pd.concat(spans).groupby(["article_id", "owner", "attribution_id"], as_index=False).agg(
        start=("start", "min"), end=("end", "max"))
    table = codes.assign(owner=codes["coder"].map(owner)).merge(
        whole, on=["article_id", "owner", "attribution_id"], how="inner")
    return table.assign(by="coder " + table["coder"]).rename(columns={"owner": "attribution_by"})


def _sentence_of(rows: pd.DataFrame, sentences: pd.DataFrame) -> pd.Series:
    """Return the sentence in which most of each row's words stand."""
    found = pd.Series(pd.NA, rows.index, dtype="Int64")
    spans = dict(iter(sentences.groupby("article_id")))
    for article, own in rows.groupby("article_id"):
        if article not in spans:
            continue
        at = spans[article]
        start, end = (own[name].to_numpy()[:, None] for name in ("start", "end"))
        shared = np.minimum(end, at["end"].to_numpy()) - np.maximum(start, at["start"].to_numpy())
        best = shared.argmax(axis=1)
        number = at["sentence"].to_numpy()[best]
        found[own.index] = np.where(shared.max(axis=1) > 0, number, 0)
    return found.where(found != 0)


def _with_used(table: pd.DataFrame, name: str, made: dict[str, pd.DataFrame], corpus: Corpus,
               kinds: dict[str, str]) -> pd.DataFrame:
    """Mark one reading an article: a full coder's, where there is one, else the instrument's."""
    coded = table["by"].str.startswith("coder ") if "coder" in table else \
        pd.Series(False, table.index)
    kind = [kinds.get(by.removeprefix("coder "), "unstated") for by in table["by"]]
    known = table.get("by_kind", "unstated")
    table = table.assign(by_kind=np.where(coded, kind, known))
    best, full = _best_coder(table[coded], name, made, corpus, kinds)
    mine = table["by"].eq(best) & table["article_id"].isin(full)
    other = table["by"].eq(STANDS_IN.get(name, "")) & ~table["article_id"].isin(full)
    return table.assign(used=mine | other)


def _best_coder(rows: pd.DataFrame, name: str, made: dict[str, pd.DataFrame], corpus: Corpus,
                kinds: dict[str, str]) -> tuple[str, set[str]]:
    """Return the coder who stands for a table, and the articles that he read in full."""
    if rows.empty:
        return "", set()
    shares = _coverage(rows, name, made, corpus)
    units = shares.sum().reindex(shares.columns)
    full = [coder for coder in shares if units[coder] >= COVERS * units.max()]
    order = list(kinds)
    rank = {"person": 0, "model": 1}
    best = min(full, key=lambda by: (
        rank.get(kinds.get(by[6:], ""), 2), -units[by],
        order.index(by[6:]) if by[6:] in order else len(order), by))
    most = shares.max(axis=1)
    return best, set(shares.index[(shares[best] >= COVERS * most) & (most > 0)])


def _coverage(rows: pd.DataFrame, name: str, made: dict[str, pd.DataFrame],
              corpus: Corpus) -> pd.DataFrame:
    """Return how many units of each article (rows) each coder (columns) has read.

    ``codes/coded.csv`` says it where it names coder and table; a random part is no whole. Else
    sentences
    and marked mentions are read row by row, and the fullest coder has to have read `COVERS` of the
    sentences; open-ended tables are read where they have rows.
    """
    key = ["article_id", "start", "end"] if "start" in rows else ["article_id", "attribution_id"]
    if name in ("attributions", "uptake"):
        counts = (pd.crosstab(rows["article_id"], rows["by"]) > 0).astype(float)
    else:
        counts = pd.crosstab(rows.drop_duplicates([*key, "by"])["article_id"],
                             rows.drop_duplicates([*key, "by"])["by"]).astype(float)
    declared = _extra(corpus, "coded")
    declared = declared[declared["table"] == {"sentiment": "tone", "frames": "sentences"}.get(
        name, name)]
    for (coder, article), spans in declared.groupby(["coder", "article_id"]):
        part = (pd.to_numeric(spans["probability"], errors="coerce") < 1).any()  # drawn at random
        by = f"coder {coder}"
        counts[by] = counts.get(by, 0.0)
        counts.loc[article, by] = 0.0 if part else _units_read(
            spans, name, made["paragraphs"][made["paragraphs"]["article_id"] == article])
    counts = counts.fillna(0.0)
    if name in ("sentiment", "frames"):
        roles = made["paragraphs"][["article_id", "paragraph", "role"]]
        can = made["sentences"].merge(roles, on=["article_id", "paragraph"])
        can = can[can["role"].isin(_TEXT_ROLES)].groupby("article_id").size()
        enough = counts.max(axis=1) >= 0.9 * can.reindex(counts.index).fillna(0)
        counts = counts.where(enough, 0.0, axis=0)  # sentences that rules cut elsewhere: a tenth
    return counts


def _units_read(spans: pd.DataFrame, name: str, paragraphs: pd.DataFrame) -> float:
    """How many units the spans of ``coded.csv`` are; of open-ended tables 1 where all was read."""
    if name not in ("attributions", "uptake"):
        return float(len(spans.drop_duplicates(["start", "end"])))
    body = paragraphs[paragraphs["role"] != "furniture"]
    read = sum(max(0, min(end, row.end) - max(start, row.start)) for row in body.itertuples()
               for start, end in zip(spans["start"], spans["end"], strict=True))
    return float(read >= COVERS * (body["end"] - body["start"]).sum() or name == "uptake")


def _located(held: Tables, table: pd.DataFrame) -> pd.DataFrame:
    """Give rows with ``start`` and ``end`` their words and their place; in the corpus's order."""
    facts = held.articles.drop_duplicates("article_id").set_index("article_id")
    order = {key: number for number, key in enumerate(held.texts)}
    table = table.astype({"article_id": "str", "start": "int64", "end": "int64"})
    table = table[table["article_id"].isin(order)]
    rank = np.lexsort((table["start"], table["article_id"].map(order)))
    table = table.iloc[rank].reset_index(drop=True)
    texts = [held.texts[key] for key in table["article_id"]]
    words = [text[start:end] for text, start, end in
             zip(texts, table["start"], table["end"], strict=True)]
    outlet = table["article_id"].map(facts["outlet"].astype(str))
    table = table.assign(
        outlet=pd.Categorical(outlet, held.outlets, ordered=True),
        event=_text(table["article_id"].map(facts["event"])),
        text=pd.Series(words, table.index, dtype="str"),
        words=pd.Series([count_words(piece) for piece in words], table.index, dtype="int64"),
        place=table["start"] / pd.Series([len(text) for text in texts], table.index, dtype=float))
    if "voice" in table and "speaker" in table:  # pieces add up: a word counts where it begins
        for article, rows in table.groupby("article_id"):
            table.loc[rows.index, "words"] = _words_of_pieces(held.texts[article], rows)
    return _placed(held, table)


def _placed(held: Tables, table: pd.DataFrame) -> pd.DataFrame:
    where = held.paragraphs[["article_id", "paragraph", "start", "role"]].rename(
        columns={"role": "paragraph_role"}).astype({"start": "int64"}).sort_values("start")
    own = "paragraph" in table and table["paragraph"].notna().all() and "coder" not in table
    keys = table.drop(columns=["paragraph_role", *([] if own else ["paragraph"])], errors="ignore")
    if own:
        where = where.drop(columns="start")
        merged = keys.merge(where, on=["article_id", "paragraph"], how="left")
    else:
        merged = pd.merge_asof(keys.reset_index().sort_values("start", kind="stable"), where,
                               on="start", by="article_id").set_index("index").sort_index()
        merged = merged.rename_axis(None)
    merged["paragraph_role"] = _text(merged["paragraph_role"])
    merged["block"] = _blocks(held, merged)
    return merged


def _blocks(held: Tables, table: pd.DataFrame) -> pd.Series:
    """What counts as one independent piece: a paragraph, an event, or an article."""
    facts = held.articles.drop_duplicates("article_id")
    if not facts["outlet"].duplicated().any():
        return table["article_id"] + " ¶" + table["paragraph"].astype("Int64").astype(str)
    event = facts.set_index("article_id")["event"]
    repeated = event[(event != "") & event.duplicated(keep=False)]
    return table["article_id"].map(repeated.to_dict() | {
        key: key for key in event.index.difference(repeated.index)})


def _remarks(corpus: Corpus, held: Tables, whole: bool) -> list[str]:
    """Return what a reader of the tables has to know: inferred, not coded, left out."""
    said = []
    ruled = held.paragraphs[held.paragraphs["role_rule"] != "layout.csv"]["article_id"].unique()
    if len(ruled):
        said.append(f"The roles of paragraphs were inferred by rule in {_some(ruled)}.")
    if corpus.actors.empty and len(held.actors):
        said.append(f"Actors were inferred from recurring names: {_some(held.actors['actor'])}.")
    for name in STANDS_IN:
        said += _stands_in(name, getattr(held, name), held)
    if held.frames.empty:
        said.append("frames: not coded; no instrument stands in, since cue rates are no frames.")
    if not whole:
        said.append("terms: left out, since word choice compares with all outlets of the corpus.")
    if len(corpus.refused):
        said.append(f"{corpus.refused['article_id'].nunique()} articles were refused.")
    said += [str(warning) for warning in corpus.warnings]
    return said


def _stands_in(name: str, table: pd.DataFrame, held: Tables) -> list[str]:
    used = table[table["used"]]
    coded = used[used["by"] != STANDS_IN[name]]
    if coded.empty:
        kind = table.loc[table["by_kind"] != "instrument", "by"].unique()
        partly = f" in full ({', '.join(kind)} in part)" if len(kind) else ""
        return [f"{name}: not coded{partly}; measured by {STANDS_IN[name]}."]
    without = [key for key in held.texts if key not in set(coded["article_id"])]
    rest = f"; {_some(without)} not coded, measured by {STANDS_IN[name]}" if without else ""
    return [f"{name}: {coded['by'].iloc[0]} ({coded['by_kind'].iloc[0]}){rest}."]


def _some(names: Iterable[str], most: int = 4) -> str:
    names = [str(name) for name in names]
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest
