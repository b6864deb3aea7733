"""Word choice: which terms one outlet uses more than the others do."""

from __future__ import annotations

import bisect
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.blocks import together
from analysis.corpus.language import Parsed, lexicon, listed, told
from analysis.definitions import COLUMNS
from analysis.instruments.cues import HYPHENS

if TYPE_CHECKING:
    from analysis.corpus.tokens import Span, Token

PRIOR_WORDS = 500  # strength of the prior of word choice, in words
DEALS = 999  # random dealings of blocks behind p_adjusted
_WORDS = ["article_id", "paragraph", "voice", "term", "n", "kind", "count"]
VOCABULARY = 20_000  # the commonest terms that are compared, in a large corpus
_FUNCTION = {"ADP", "AUX", "CCONJ", "DET", "PART", "PRON", "PUNCT", "SCONJ", "SPACE"}
_NAMED = {"PERSON", "NORP", "GPE", "ORG", "LOC", "FAC", "EVENT", "DATE", "TIME", "CARDINAL",
          "ORDINAL", "MONEY", "PERCENT", "QUANTITY", "WORK_OF_ART", "LAW", "PRODUCT"}


# A contracted word counts as the word that it is; so "don't" and "do not" are one choice. House
# style is no choice of the author's: "U.S." and "US" are one term, "Mr." is none, "per cent" and
# "%" are "percent", "organised" is "organized" (but "organism" is no "organizm").
_FULL = told("written out")
_SPELLED = told("British spelling")
_BRITISH = re.compile("|".join(stem + ("(?=[aei])" if stem.endswith("is") else "")
                               for stem in sorted(_SPELLED, key=len, reverse=True)))
_CUT = {"ca": "can", "wo": "will", "sha": "shall"}
_HONORIFICS = {"mr", "mrs", "ms", "mx", "messrs", "dr", "sen", "rep", "gov", "prof"}
# Written small, these would be another word or another word's beginning: "US", "WHO", "IT".
_ACRONYMS = listed("acronym or word")


def _word(token: Token) -> str:
    """Return a word lower-cased and written out; an acronym that spells a word stays as it is."""
    word = token.lower_
    if word in _CUT and token.i + 1 < len(token.doc) and token.nbor().lower_ == "n't":
        return _CUT[word]
    if word == "'d":
        verb = token.head
        helped = {child.lemma_ for child in verb.children if token.i < child.i < verb.i}
        return "had" if verb.tag_ == "VBN" and not helped & {"be", "have"} else "would"
    if word == "'s":
        return "us" if token.pos_ == "PRON" else "has" if token.lemma_ == "have" else "is"
    if word in _ACRONYMS and token.text.isupper() and not token.sent.text.isupper():
        return token.text
    word = _FULL.get(word, word)
    british = None if token.pos_ == "PROPN" else _BRITISH.match(word)
    return _SPELLED[british[0]] + word[british.end():] if british else word


def _is_mark(token: Token) -> bool:
    """Whether a token is punctuation; "%" is a word."""
    return token.is_punct and token.text not in _FULL


def _goes_on(token: Token) -> bool:
    """Whether a token goes on with the word before it: *-*, *right* in "far-right", "per cent"."""
    if token.lower_ == "cent" and token.i and token.nbor(-1).lower_ == "per":
        return True
    hyphen = token if token.text in HYPHENS or not token.i else token.nbor(-1)
    if hyphen.text not in HYPHENS or not 0 < hyphen.i < len(token.doc) - 1:
        return False
    left, right = hyphen.nbor(-1), hyphen.nbor()
    return not (left.whitespace_ or hyphen.whitespace_) and left.is_alpha and right.is_alpha


# Words of a single-word cue of stance, loaded language or metaphor.
_TELLING = {cue for name in ("stance", "loaded", "metaphors") for cue in lexicon(name)["cue"]
            if " " not in cue}


def _tells_what(token: Token) -> bool:
    """Whether a word names what happened: names, numbers, nouns that are no cue."""
    if token.ent_type_ in _NAMED or token.pos_ in ("PROPN", "NUM", "SYM"):
        return True
    listed = token.lower_ in _TELLING or token.lemma_.lower() in _TELLING
    return token.pos_ == "NOUN" and not listed


def _terms_in(span: Span) -> Iterator[tuple[Token, Token, str, int, str]]:
    """Yield words, and phrases of two or three that open and close on a content word.

    Each with its first and last token, as it is counted, its number of words and its kind. A
    hyphened word is one; an honorific is none; a possessive's 's joins the word before it.
    """
    tokens = list(span)
    words: list[tuple[int, int]] = []
    written, breaks = [], []
    for here, token in enumerate(tokens):
        joins = _goes_on(token)
        honorific = token.lower_.rstrip(".") in _HONORIFICS
        if words and words[-1][1] == here and joins:
            words[-1] = (words[-1][0], here + 1)
        elif token.tag_ != "POS" and not honorific:
            words.append((here, here + 1))
        written.append("" if honorific else token.lower_ if token.tag_ == "POS" or joins
                       else f" {_word(token)}")
        breaks.append(token.is_space or (_is_mark(token) and token.tag_ != "POS" and not joins))
    content = [token.pos_ not in _FUNCTION for token in tokens]
    telling = [_tells_what(token) for token in tokens]

    def term(here: int, after: int, n: int) -> tuple[Token, Token, str, int, str]:
        told = [telling[i] for i in range(here, after) if content[i]]
        return (tokens[here], tokens[after - 1], "".join(written[here:after]).lstrip(), n,
                "what" if told and all(told) else "how")

    for at, (here, end) in enumerate(words):
        token = tokens[here]
        if not (token.text[0].isalnum() or len(token) > 1 or token.text in _FULL) \
                or _is_mark(token) or token.is_space:
            continue
        yield term(here, end, 1)
        if end == here + 1 and not content[here] and token.dep_ != "neg" and token.lower_ != "no":
            continue
        for n, (_, after) in enumerate(words[at + 1 : at + 3], start=2):
            if content[after - 1] and not any(breaks[here:after]):
                yield term(here, after, n)


def count_terms(parsed: Parsed, voices: pd.DataFrame) -> pd.DataFrame:
    """Count words and two- and three-word phrases per paragraph and voice, without furniture.

    Returns
    -------
    DataFrame
        article_id, paragraph, voice, term (lower-cased, contractions written out), n (words in
        the term), kind, count. ``kind`` is ``what`` for names, numbers, and nouns that no list of
        cues holds (what happened), else ``how`` (how it is told). A phrase that runs over two
        voices is left out.
    """
    starts, ends, labels = (voices[name].tolist() for name in ("start", "end", "voice"))
    counts: Counter[tuple] = Counter()
    for _, paragraph, span in parsed.iter_sentences():
        base = span.doc.user_data["start"]
        for first, last, term, n, kind in _terms_in(span):
            row = bisect.bisect_right(starts, base + first.idx) - 1
            if row >= 0 and base + last.idx + len(last) <= ends[row] and labels[row] != "furniture":
                counts[paragraph, labels[row], term, n, kind] += 1
    rows = [(parsed.article_id, *key, count) for key, count in sorted(counts.items())]
    return pd.DataFrame(rows, columns=_WORDS)


def log_odds(y: np.ndarray, other: np.ndarray, size: np.ndarray, other_size: np.ndarray,
             prior: np.ndarray, strength: np.ndarray | float) -> tuple[np.ndarray, np.ndarray]:
    """Weighted log-odds of each word in one outlet against the others, and the standard error.

    Above zero, the outlet favours the word; at zero, neither does.

    Parameters
    ----------
    y, other : array
        Counts of each word in the outlet, and elsewhere.
    size, other_size : array
        Words of the outlet, and elsewhere.
    prior, strength : array
        Pseudo-counts of each word, each above zero, and their sum. All arguments broadcast.

    Notes
    -----
    Tokens are taken as independent, which they are not: the error is too narrow.

    References
    ----------
    Monroe, Colaresi & Quinn (2008), "Fightin' Words", Political Analysis 16(4).
    """
    here, there = y + prior, other + prior
    # A text of one word has no others to hold it against: its odds are without bound.
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = (np.log(here / (size + strength - here))
                - np.log(there / (other_size + strength - there)))
    return np.where(np.isnan(odds), 0.0, odds), np.sqrt(1 / here + 1 / there)


def _blocks(articles: pd.DataFrame) -> tuple[bool, pd.DataFrame]:
    """Return whether paragraphs are the blocks, and by article its outlet, block and stratum."""
    facts = articles.assign(event=articles.get("event", ""))[["article_id", "outlet", "event"]]
    facts = facts.fillna({"event": ""})
    found = together(facts).assign(outlet=facts["outlet"].to_numpy())
    single = not facts["outlet"].duplicated().any()
    return single, found.assign(unit=found.index, stratum="") if single else found


class _Tally:
    """Counts of the compared terms by block, for one voice."""

    def __init__(self, rows: pd.DataFrame, sizes: np.ndarray, terms: pd.Index):
        cells = (rows["count"].to_numpy(float), (rows["block"], rows["at"]))
        self.counts = sparse.csr_matrix(cells, shape=(len(sizes), len(terms)))
        self.n = np.array([term.count(" ") + 1 for term in terms], dtype=np.int64)
        self.sizes, self.total = sizes, np.asarray(self.counts.sum(axis=0)).ravel()
        self.chosen = self.total >= 2
        every = sizes.sum(axis=0)[self.n]
        self.prior = PRIOR_WORDS * np.maximum(self.total, 1e-9) / np.maximum(every, 1)

    def sums(self, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return each outlet's counts and sizes, outlets by terms; weights: blocks by outlets."""
        return (self.counts.T @ weights).T, (weights.T @ self.sizes)[:, self.n]

    def odds(self, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return log-odds and standard errors, outlets by terms."""
        here, size = self.sums(weights)
        return log_odds(here, here.sum(axis=0) - here, size, size.sum(axis=0) - size,
                        self.prior, PRIOR_WORDS)

    def largest(self, weights: np.ndarray) -> float:
        """Return the largest absolute z of any chosen term in any outlet."""
        effect, se = self.odds(weights)
        return float(np.abs(effect / se)[:, self.chosen].max(initial=0.0))


def _dealt(groups: np.ndarray, strata: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the labels dealt anew among the blocks of each stratum."""
    order = np.argsort(rng.random(len(groups)), kind="stable")
    order = order[np.argsort(strata[order], kind="stable")]
    dealt = np.empty_like(groups)
    dealt[np.argsort(strata, kind="stable")] = groups[order]
    return dealt


def _block_error(tally: _Tally, groups: np.ndarray, outlets: int, runs: int,
                 rng: np.random.Generator) -> np.ndarray:
    """Return the standard error of each log-odds when the blocks of each outlet are redrawn."""
    total = squares = 0.0
    members = [np.flatnonzero(groups == outlet) for outlet in range(outlets)]
    for _ in range(runs):
        weights = np.zeros((len(groups), outlets))
        for outlet, own in enumerate(members):
            drawn = rng.integers(len(own), size=len(own))
            weights[own, outlet] = np.bincount(drawn, minlength=len(own))
        effect, _ = tally.odds(weights)
        total, squares = total + effect, squares + effect**2
    return np.sqrt(np.maximum(squares / runs - (total / runs) ** 2, 0.0) * runs / (runs - 1))


def compare_terms(words: pd.DataFrame | Iterable[pd.DataFrame], articles: pd.DataFrame,
                  deals: int = DEALS, redraws: int = 200, seed: int = 0) -> pd.DataFrame:
    """Compare word choice: each outlet against all others, in the author's voice and in all.

    Parameters
    ----------
    words : DataFrame, or an iterable of them
        Rows of `count_terms`, of any number of articles; those of a large corpus in parts, each
        article in one. The parts are read three times, and only sums are kept.
    articles : DataFrame
        article_id, outlet and, where articles share events, event.
    deals : int
        Random dealings of the blocks' outlets behind ``p_adjusted``.
    redraws : int
        Redrawings of the blocks behind ``se_block``.

    Returns
    -------
    DataFrame
        outlet, term, voice, count, count_elsewhere, log_odds, se, z, p_adjusted, kind, n,
        se_block, blocks (those of the outlet that hold the term); for terms used at least twice
        in the voice. Above zero the outlet favours the term. No rows with fewer than two outlets.

    Notes
    -----
    The prior is the corpus itself: 500 words dealt out in proportion to each term's share of all
    outlets. ``se`` takes tokens as independent; ``se_block`` redraws whole blocks. Blocks are
    paragraphs where each outlet has a single article, else articles, or events that repeat
    within an outlet; labels are dealt within events that several outlets covered.
    ``p_adjusted`` is the share of dealings whose largest absolute z, over all terms,
    outlets and both voices, reaches this one (Westfall & Young 1993), so it is corrected for
    all that is looked at. At most 20,000 terms are compared, the commonest.
    """
    outlets = list(dict.fromkeys(articles["outlet"]))
    columns = [*COLUMNS["terms"], "kind", "n", "se_block", "blocks"]
    parts = [words] if isinstance(words, pd.DataFrame) else words
    counted = _Counted(parts, articles)
    if len(outlets) < 2 or counted.blocks.empty:
        return pd.DataFrame(columns=columns)
    terms, kinds = counted.vocabulary()
    facts = counted.facts.drop_duplicates("unit").set_index("unit").reindex(
        counted.blocks["article_id"])
    groups = facts["outlet"].map(outlets.index).to_numpy()
    strata = pd.factorize(facts["stratum"].to_numpy(object), sort=True)[0]
    tallies = {voice: _Tally(rows, sizes, terms)
               for voice, rows, sizes in counted.sums()}
    large = tallies["all"].counts.nnz > 500_000
    rng = np.random.default_rng(seed)
    same = np.eye(len(outlets))
    null = []
    for _ in range(min(deals, 199) if large else deals):
        weights = same[_dealt(groups, strata, rng)]
        null.append(max(tally.largest(weights) for tally in tallies.values()))
    parts = []
    for voice, tally in tallies.items():
        error = _block_error(tally, groups, len(outlets), 50 if large else redraws, rng)
        rows = _term_rows(tally, same[groups], np.sort(null), error)
        for outlet, part in zip(outlets, rows, strict=True):
            part = part.assign(outlet=outlet, term=terms, voice=voice, kind=kinds)[tally.chosen]
            parts.append(part.sort_values(["z", "term"], ascending=[False, True]))
    whole = {"count": int, "count_elsewhere": int, "blocks": int}
    return pd.concat(parts, ignore_index=True).astype(whole)[columns]


class _Counted:
    """Sums over parts of `count_terms`; a term is held as a number of 64 bits, not as a word.

    Two of ten million terms share a number with a chance of some three in a million.
    """

    def __init__(self, parts: Iterable[pd.DataFrame], articles: pd.DataFrame):
        single, self.facts = _blocks(articles)
        self.place = ["article_id", "paragraph"] if single else ["article_id"]
        self.unit = self.facts["unit"]
        kinds = [pd.DataFrame({"what": [], "how": []}, pd.Index([], dtype="uint64"), dtype="int64")]
        blocks, fresh = [], 0
        for part in parts:
            part = self._own(part)
            blocks.append(part[self.place].drop_duplicates())
            counts = part["count"].to_numpy()
            what = counts * (part["kind"] == "what").to_numpy()
            kinds.append(pd.DataFrame({"what": what, "how": counts - what}, _hashed(part)))
            fresh += len(part)
            if fresh > len(kinds[0]):  # so that each row is summed up a few times at most
                kinds, fresh = [self._summed(kinds)], 0
        self.kinds = self._summed(kinds)
        self.blocks = pd.concat([pd.DataFrame(columns=self.place), *blocks]) \
            .drop_duplicates().sort_values(self.place, ignore_index=True)
        self.parts = parts

    def _own(self, part: pd.DataFrame) -> pd.DataFrame:
        part = part[part["article_id"].isin(self.unit.index)]
        return part.assign(article_id=part["article_id"].map(self.unit))

    @staticmethod
    def _summed(kinds: list[pd.DataFrame]) -> pd.DataFrame:
        return pd.concat(kinds).groupby(level=0).sum()

    def vocabulary(self) -> tuple[pd.Index, np.ndarray]:
        """Return the terms counted at least twice, commonest first, and the kind of each."""
        total = self.kinds.sum(axis=1)
        total = total[total >= 2]
        if len(total) > VOCABULARY:
            total = total[total >= total.nlargest(VOCABULARY).iloc[-1]]
        words: dict[int, str] = {}
        for part in map(self._own, self.parts):
            numbers = _hashed(part)
            found = np.flatnonzero(np.isin(numbers, total.index.to_numpy()))
            words.update(zip(numbers[found].tolist(), part["term"].iloc[found], strict=True))
        counts = total.to_dict()
        order = sorted(counts, key=lambda number: (-counts[number], words[number]))
        chosen = self.kinds.loc[order[:VOCABULARY]]
        self.numbers = chosen.index
        return (pd.Index([words[number] for number in chosen.index], name="term"),
                np.where(chosen["what"] >= chosen["how"], "what", "how"))

    def sums(self) -> Iterator[tuple[str, pd.DataFrame, np.ndarray]]:
        """Yield the voices "author" and "all": counts by block and term, words by block and n."""
        index = pd.MultiIndex.from_frame(self.blocks)
        sizes = {voice: np.zeros((len(index), 4)) for voice in ("author", "all")}
        kept: dict[str, list[pd.DataFrame]] = {voice: [] for voice in sizes}
        for part in map(self._own, self.parts):
            rows = part[["n", "count"]].assign(
                block=index.get_indexer(pd.MultiIndex.from_frame(part[self.place])),
                at=self.numbers.get_indexer(_hashed(part)))
            for voice in sizes:
                own = rows if voice == "all" else rows[(part["voice"] == "author").to_numpy()]
                np.add.at(sizes[voice], (own["block"], own["n"]), own["count"])
                compared = own[own["at"] >= 0]
                kept[voice].append(compared.groupby(["block", "at"], as_index=False)["count"].sum())
        for voice in sizes:
            yield voice, pd.concat(kept[voice]), sizes[voice]


def _hashed(part: pd.DataFrame) -> np.ndarray:
    return pd.util.hash_array(part["term"].to_numpy(object), categorize=False)


def _term_rows(tally: _Tally, weights: np.ndarray, null: np.ndarray,
               error: np.ndarray) -> list[pd.DataFrame]:
    """Return the measures of every term, a table an outlet; ``null`` is sorted."""
    effect, se = tally.odds(weights)
    counts, _ = tally.sums(weights)
    holds = weights.T @ (tally.counts > 0)
    # A dealing that ties but for rounding has reached the observed value.
    reached = 1 + len(null) - null.searchsorted(np.abs(effect / se) - 1e-9)
    return [pd.DataFrame({
        "count": counts[row], "count_elsewhere": tally.total - counts[row],
        "log_odds": effect[row], "se": se[row], "z": effect[row] / se[row],
        "p_adjusted": reached[row] / (1 + len(null)), "n": tally.n, "se_block": error[row],
        "blocks": holds[row],
    }) for row in range(weights.shape[1])]
