"""A corpus as DataFrames: the tables that the instruments wrote, each the reader's own.

`load` reads the tables that lie beside a corpus where they were made from this very corpus by
these very instruments, and makes them otherwise. Nothing else is remembered between two calls.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.blocks import blocks, independent
from analysis.corpus.copies import near_duplicates
from analysis.corpus.files import CorpusError, some
from analysis.corpus.read import Corpus, load_corpus
from analysis.corpus.store import as_text, read_table
from analysis.definitions import INSTRUMENTS, ROOT, SCORES, STANDS_IN, count_words
from analysis.joined import joined
from analysis.pipeline import MADE, tables_of, without, words_of_pieces

_WIDE = 1 << 40  # above every offset: article and offset are one number
SPANS = ["paragraphs", "sentences", "voices", "mentions", "attributions", "sentiment", "targets",
         "frame_cues", "agency", "frames", "uptake", "record", "readings", "notes"]


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

    sentiment: pd.DataFrame
    if TYPE_CHECKING:  # what is set by name
        def __getattr__(self, name: str) -> pd.DataFrame: ...

    def __init__(self, corpus: Corpus, kept: list[str], frames: dict[str, pd.DataFrame]):
        self.path, self.bundled, self.refused = corpus.path, corpus.bundled, corpus.refused
        self.texts = {key: corpus.texts[key] for key in kept}
        here = corpus.articles["article_id"].isin(kept)
        self.outlets = list(dict.fromkeys(corpus.articles.loc[here, "outlet"]))
        self.remarks: list[str] = []
        vars(self).update(frames)

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
        facts = _facts(self.articles)
        for name in SPANS:
            table = getattr(self, name)
            if {"start", "end"} <= set(table):
                setattr(self, name, _located(self, table, facts))
        sides = self.actors.drop_duplicates("actor").set_index("actor")["side"]
        self.attributions["side"] = as_text(self.attributions["speaker"].map(sides))
        self.targets["side"] = as_text(self.targets["actor"].map(sides))
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
            If it returns too few or too many numbers, or one outside −1 to 1, or the name is that
            of another column.
        """
        if name in self.sentences and name not in set(self.sentiment["by"]):
            raise ValueError(f"{name!r} is a column of sentences already; give another name")
        given = function(self.sentences["text"].tolist())
        if np.ndim(given) != 1:
            raise ValueError(f"{name} gave no list; it takes a list of texts and returns as many "
                             "numbers: lambda texts: [score(text) for text in texts]")
        scores = np.array(given, dtype=float)
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


def load(path: str | Path | None = None, outlets: Iterable[str] | None = None,
         articles: Iterable[str] | None = None, skip_refused: bool = False,
         without_tone: bool = False) -> Tables:
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
    without_tone : bool
        Leave the instruments' tone of sentences and toward actors out: most of the cost.

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
    toneless = without_tone or bool(os.environ.get("ANALYSIS_WITHOUT_TONE"))
    home, manifest = tables_of(corpus, skip=skip, tone=False if toneless else None, say=True)
    corpus = without(corpus, manifest.get("failed", {}))
    kept = _chosen(corpus.articles, outlets, articles)
    return held(corpus, home, kept)


def held(corpus: Corpus, home: Path, kept: list[str] | None = None,
         copies: pd.DataFrame | None = None) -> Tables:
    """Return what `load` returns, from the folder in which a corpus's tables lie.

    ``copies`` are the near-duplicates of a larger corpus, of which this is a part.
    """
    kept = corpus.articles["article_id"].tolist() if kept is None else kept
    made = {name: _of(kept, read_table(home / f"{name}.csv", kept)) for name in [*MADE, "actors"]}
    whole = len(kept) == len(corpus.articles)
    made["terms"] = made["terms"].iloc[:None if whole else 0]
    frames = made | joined(corpus, made, kept)
    frames |= {name: _of(kept, getattr(corpus, name)) for name in ("record", "readings", "notes")}
    frames["coders"], frames["coded"] = corpus.coders.copy(), corpus.coded.copy()
    tone = made["sentiment"].pivot(index=["article_id", "sentence"], columns="instrument",
                                   values="polarity")
    tone = tone.reindex(columns=tone.columns.union(INSTRUMENTS)).reset_index()
    frames["sentences"] = made["sentences"].merge(tone, on=["article_id", "sentence"], how="left")
    t = Tables(corpus, kept, frames)
    for table in (t.articles, t.terms):
        table["outlet"] = pd.Categorical(table["outlet"], t.outlets, ordered=True)
    t.articles = clustered(t.articles, near_duplicates(t.texts) if copies is None else copies)
    t.remarks = _remarks(corpus, t, whole)
    return t.locate()


def clustered(articles: pd.DataFrame, copies: pd.DataFrame) -> pd.DataFrame:
    """Name the cluster of each near-duplicate: it counts once an outlet, and is one event."""
    cluster = articles["article_id"].map(copies.set_index("article_id")["cluster"].astype("str"))
    return articles.assign(cluster=as_text(cluster)) if cluster.notna().any() else articles


def _of(kept: list[str], table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the articles that were chosen; a table of no articles as it is."""
    if "article_id" not in table:
        return table
    return table[table["article_id"].isin(kept)].reset_index(drop=True)


def _chosen(facts: pd.DataFrame, outlets: Iterable[str] | None,
            articles: Iterable[str] | None) -> list[str]:
    for column, wanted in (("outlet", outlets), ("article_id", articles)):
        known = list(dict.fromkeys(facts[column]))
        wanted = [wanted] if isinstance(wanted, str) else known if wanted is None else [*wanted]
        for name in wanted:
            if name not in known:
                near = difflib.get_close_matches(str(name), known, 1, 0)
                raise CorpusError(f"no {column} is called {name!r}; the nearest is {near[0]!r}")
        facts = facts[facts[column].isin(wanted)]
    if facts.empty:
        raise CorpusError("no article is left of this choice; name other outlets or articles")
    return facts["article_id"].tolist()


def _facts(articles: pd.DataFrame) -> pd.DataFrame:
    """Outlet, event and block by article; a repeated near-duplicate of an outlet has no block."""
    counted = independent(articles := articles.drop_duplicates("article_id"))
    event = counted.set_index("article_id")["event"]
    facts = articles.astype({"outlet": "str"}).set_index("article_id")[["outlet", "event"]]
    return facts.assign(event=event.reindex(facts.index).fillna(facts["event"]),
                        block=blocks(counted))


def _located(held: Tables, table: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    """Give rows with ``start`` and ``end`` their words and their place; in the corpus's order."""
    rank = pd.Index(list(held.texts)).get_indexer(table["article_id"])
    start = table["start"].to_numpy("int64")
    rows = np.lexsort((start, rank))[(rank < 0).sum():]  # what is of no article is left out
    table, rank, start = table.iloc[rows].reset_index(drop=True), rank[rows], start[rows]
    end = table["end"].to_numpy("int64")
    texts = list(held.texts.values())
    words = [texts[at][first:last] for at, first, last in zip(rank, start, end, strict=True)]
    facts = facts.reindex(held.texts)
    size = np.array([len(text) for text in texts], dtype=float)
    table = table.assign(
        start=start, end=end, article_id=table["article_id"].astype("str"),
        outlet=pd.Categorical(facts["outlet"].astype("str").array[rank], held.outlets,
                              ordered=True),
        event=as_text(facts["event"]).array[rank], text=pd.array(words, "str"),
        words=np.array([count_words(piece) for piece in words], dtype="int64"),
        place=start / size[rank])
    if "voice" in table and "speaker" in table:  # pieces add up: a word counts where it begins
        for number, pieces in table.groupby(rank):
            table.loc[pieces.index, "words"] = words_of_pieces(texts[int(number)], pieces)  # type: ignore
    at = _paragraph_of(held, table, rank)
    role = held.paragraphs["role"].array.take(at, allow_fill=True)
    if "paragraph" not in table or "coder" in table:
        table["paragraph"] = held.paragraphs["paragraph"].array.take(at, allow_fill=True)
    table["paragraph_role"] = as_text(pd.Series(role, table.index))
    block = pd.Series(facts["block"].array[rank], table.index)
    if not facts["outlet"].dropna().duplicated().any():
        block = block + " ¶" + table["paragraph"].astype("Int64").astype(str)
    return table.assign(block=block)


def _paragraph_of(held: Tables, table: pd.DataFrame, rank: np.ndarray) -> np.ndarray:
    """Return the row of each row's paragraph, by its number or else by where it starts; or −1."""
    by = "paragraph" if "paragraph" in table and "coder" not in table else "start"
    home = pd.Index(list(held.texts)).get_indexer(held.paragraphs["article_id"])
    keys = home * _WIDE + held.paragraphs[by].to_numpy("int64")
    wanted = rank * _WIDE + table[by].to_numpy("int64")
    order = np.argsort(keys, kind="stable")
    before = np.searchsorted(keys[order], wanted, "right") - 1
    at = np.append(order, -1)[before]
    same = (before >= 0) & (keys[at] == wanted if by == "paragraph" else home[at] == rank)
    if by == "start":  # what stood in a paragraph that was dropped is in none, not in the last one
        texts, ends = list(held.texts.values()), held.paragraphs["end"].to_numpy("int64")
        for row in np.flatnonzero(same & (ends[at] <= table["start"].to_numpy("int64"))):
            same[row] = not texts[rank[row]][ends[at[row]]:1 + table["start"].iloc[row]].strip()
    return np.where(same, at, -1)


def _remarks(corpus: Corpus, held: Tables, whole: bool) -> list[str]:
    """Return what a reader of the tables has to know: inferred, not coded, left out."""
    said = []
    ruled = held.paragraphs[held.paragraphs["role_rule"] != "layout.csv"]["article_id"].unique()
    if len(ruled):
        said.append(f"The roles of paragraphs were inferred by rule in {some(ruled)}.")
    if corpus.actors.empty and len(held.actors):
        said.append(f"Actors were inferred from recurring names: {some(held.actors['actor'])}.")
    for name in STANDS_IN:
        said += _stands_in(name, getattr(held, name), held)
    for name in ("frames", "uptake"):
        coded = set(getattr(held, name)["article_id"])
        without = [key for key in held.texts if key not in coded]
        if without and (coded or name == "frames"):
            rest = f" in {some(without)}" if coded else ""
            said.append(f"{name}: not coded{rest}; no instrument stands in, and not coded is not "
                        "none.")
    if not whole:
        said.append("terms: left out, since word choice compares with all outlets of the corpus; "
                    "claims are corrected over the comparisons of what is loaded alone.")
    if len(corpus.refused):
        said.append(f"{corpus.refused['article_id'].nunique()} articles were refused.")
    said += [str(warning) for warning in corpus.warnings]
    return said


def _stands_in(name: str, table: pd.DataFrame, held: Tables) -> list[str]:
    toned = name == "attributions" or held.sentiment["by_kind"].eq("instrument").any()
    instead = f"measured by {STANDS_IN[name]}" if toned or held.sentences.empty else \
        "tone was not computed (--without-tone), which is not zero"
    used = table[table["used"]]
    coded = used[used["by"] != STANDS_IN[name]]
    if coded.empty:
        kind = table.loc[table["by_kind"] != "instrument", "by"].unique()
        partly = f" in full ({', '.join(kind)} in part)" if len(kind) else ""
        return [f"{name}: not coded{partly}; {instead}."]
    without = [key for key in held.texts if key not in set(coded["article_id"])]
    rest = f"; {some(without)} not coded, {instead}" if without else ""
    return [f"{name}: {coded['by'].iloc[0]} ({coded['by_kind'].iloc[0]}){rest}."]
