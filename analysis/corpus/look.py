"""What looks wrong in texts that can be read: one message a kind, with its remedy.

Nothing here is refused by itself; ``check --strict`` refuses it all.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import takewhile
from pathlib import Path

import pandas as pd

from analysis.corpus import layout
from analysis.corpus.copies import near_duplicates
from analysis.corpus.exports import HEADER_LINE, PAGE
from analysis.corpus.files import ENGLISH, Problem
from analysis.corpus.markup import TAG
from analysis.corpus.mend import ENTITY, MOJIBAKE, begins_with
from analysis.corpus.names import alike
from analysis.corpus.patterns import patterns

_SIGNS = patterns("look")
_CELL = 32_767  # characters: what a cell of Excel holds
_STUB_WORDS = 150  # a longer text that speaks of cookies may be about them
_LONG_LINE = 120  # words in one paragraph: no news page is set so
_RECURS = 3  # articles of an outlet that share a line


@dataclass(frozen=True)
class Finding:
    """One kind of fault in one article: how often, and an example."""

    key: str
    count: int
    example: str


def _found(pattern: re.Pattern[str], least: int = 1) -> Callable[[str], tuple[int, str]]:
    def find(text: str) -> tuple[int, str]:
        hits = list(pattern.finditer(text))
        if len(hits) < least:
            return 0, ""
        return len(hits), text[max(0, hits[0].start() - 12) : hits[0].end() + 12]

    return find


def _markup(text: str) -> tuple[int, str]:
    source = _SIGNS.source.match(text)
    return (1, source.group()) if source else _found(TAG, 2)(text)


def _cut(text: str) -> tuple[int, str]:
    units = len(text) + sum(mark > "\uffff" for mark in text) if len(text) > _CELL - 4096 else 0
    return (1, text[-20:]) if units == _CELL else _found(_SIGNS.cut)(text)


def _stub(text: str) -> tuple[int, str]:
    if _SIGNS.nothing.fullmatch(text):
        return 1, text
    words = len(text.split())
    hits = list(_SIGNS.stub.finditer(text)) if words <= _STUB_WORDS else []
    return len(hits), hits[0].group() if hits else ""


def _one_line(text: str) -> tuple[int, str]:
    breaks = len(_SIGNS.other_breaks.findall(text))
    lines = len(layout.find_paragraphs(text))
    words = len(text.split())
    return (1, f"one paragraph of {words} words") if lines == 1 and (
        words >= _LONG_LINE or breaks > 1) else (0, "")


def _headers(text: str) -> tuple[int, str]:
    lines = [line.strip() for line in text.split("\n")]
    hits = [line for line in lines if HEADER_LINE.match(line)]
    pages = [line for line in lines if line and PAGE.fullmatch(line)]
    found = hits + (pages if len(pages) > 1 or any("of" in line for line in pages) else [])
    return len(found), found[0] if found else ""


def _capitals(text: str) -> tuple[int, str]:
    letters = [mark for mark in text if mark.isalpha()]
    upper = sum(mark.isupper() for mark in letters)
    return (upper, text[:30]) if len(letters) > 200 and upper > 0.6 * len(letters) else (0, "")


def _decomposed(text: str) -> tuple[int, str]:
    marks = 0 if text.isascii() else len(text) - len(unicodedata.normalize("NFC", text))
    at = next((i for i, mark in enumerate(text) if unicodedata.combining(mark)), 0)
    return max(0, marks), text[max(0, at - 5) : at + 8]


def foreign(text: str) -> tuple[int, str]:
    """Return how many words seem to be in another language than English, and which.

    Paragraphs in which few of the words are common English ones go to an identifier of languages
    (py3langid, offline); under a third of an article, or fifteen words, nothing is said.
    """
    letters = [mark for mark in text if mark.isalpha()]
    others = sum(mark > "\u024f" for mark in letters)
    if others > 0.3 * len(letters):
        return max(1, others // 5), "letters that are not Latin"
    total, found, names, piece = 0, 0, [], ""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        piece += "\n" + line
        words = _SIGNS.word.findall(piece)
        if len(words) < 20 and number < len(lines) - 1:
            continue
        total += len(words)
        english = sum(word.lower() in ENGLISH for word in words)
        if len(words) >= 12 and english < 0.28 * len(words):
            import py3langid

            language = py3langid.classify(piece)[0]
            if language != "en":
                found += len(words)
                names.append(f"{language}: {english} of {len(words)} words are common English ones")
        piece = ""
    return (found, names[0]) if found >= 15 and found > total / 3 else (0, "")


# How each kind is found in a text; what it is, and what to do, stands in look.csv.
_FINDS = {"markup": _markup, "entities": _found(ENTITY), "mojibake": _found(MOJIBAKE),
          "lost marks": _found(_SIGNS.lost), "cut": _cut, "stub": _stub, "one line": _one_line,
          "header lines": _headers, "capitals": _capitals, "decomposed": _decomposed,
          "language": foreign}


def look(articles: pd.DataFrame, texts: Mapping[str, str], laid_out: set[str]
         ) -> dict[str, list[Finding]]:
    """Return what looks wrong, by kind, and where.

    Parameters
    ----------
    articles : DataFrame
        article_id, outlet, headline and wrapped of each article.
    laid_out : set of str
        The articles with rows in ``layout.csv``: their headline is what that table says.
    """
    found = {kind: [Finding(key, *hit) for key, text in texts.items() if (hit := find(text))[0]]
             for kind, find in _FINDS.items()}
    rows = list(zip(articles["article_id"], articles["headline"], articles["wrapped"], strict=True))
    widths = {key: layout.wrap_width(texts[key])[0] for key, _, wrapped in rows if not wrapped}
    found["wrapped"] = [Finding(key, 1, f"at {width} characters")
                        for key, width in widths.items() if width]
    found["headline"] = [
        Finding(key, 1, headline) for key, headline, _ in rows
        if headline and key not in laid_out and not begins_with(texts[key], headline)]
    found["recurring"] = _recurring(articles, texts)
    return {kind: hits for kind, hits in found.items() if hits}


def _recurring(articles: pd.DataFrame, texts: Mapping[str, str]) -> list[Finding]:
    """Teasers, notices, signatures: lines that three articles of an outlet share, or more.

    Lines that are no sentence count wherever they stand; sentences, which a reporter may repeat,
    where half of the outlet's articles begin or end with them. Near-duplicates count once.
    """
    copied = near_duplicates(texts)
    cluster = dict(zip(copied["article_id"], copied["cluster"], strict=True))
    outlet_of = dict(zip(articles["article_id"], articles["outlet"], strict=True))
    sizes = articles["outlet"].value_counts()
    lines: dict[str, list[str]] = {}
    holders: dict[tuple[str, str], set[object]] = defaultdict(set)
    for key, outlet in outlet_of.items():
        lines[key] = [texts[key][start:end] for start, end in layout.find_paragraphs(texts[key])]
        for words in lines[key]:
            holders[outlet, words].add(cluster.get(key, key))

    def recurs(key: str, share: float, words: str) -> bool:
        n = len(holders[outlet_of[key], words])
        return n >= max(_RECURS, share * sizes[outlet_of[key]]) and len(words.split()) > 1

    hits = []
    for key, own in lines.items():
        often = partial(recurs, key, 0.5)
        edges = [*takewhile(often, own), *takewhile(often, reversed(own))]
        found = [words for words in own if (words in edges or (
            not _SIGNS.sentence.search(words) and recurs(key, 0.05, words)))
            and not layout.is_furniture(words)]
        if found:
            hits.append(Finding(key, len(found), found[0]))
    return hits


def copies(articles: pd.DataFrame, texts: Mapping[str, str]) -> list[str]:
    """Say which articles are nearly the same, within an outlet and across outlets."""
    table = near_duplicates(texts).merge(articles[["article_id", "outlet"]], on="article_id")
    lines = []
    for across in (False, True):
        groups = [rows for _, rows in table.groupby("cluster")
                  if (rows["outlet"].nunique() > 1) == across]
        if not groups:
            continue
        said = "; ".join(" ~ ".join(map(repr, rows["article_id"].head(5))) for rows in groups[:3])
        count = sum(map(len, groups))
        where = "across outlets" if across else "within an outlet"
        remedy = "each cluster counts as one event" if across else \
            "each cluster counts once; leave all but one out"
        lines.append(f"{count} articles {where} are near-duplicates in {len(groups)} "
                     f"{'clusters' if len(groups) > 1 else 'cluster'} ({said}"
                     f"{' …' if len(groups) > 3 else ''}); {remedy}")
    return lines


def unlisted(folder: Path, opened: set[Path]) -> list[str]:
    """The files in ``articles/`` that no row of the corpus names."""
    inside = sorted((folder / "articles").rglob("*")) if (folder / "articles").is_dir() else []
    return [path.relative_to(folder).as_posix() for path in inside
            if path.is_file() and not path.name.startswith(".") and path.resolve() not in opened]


def problems(file: str, articles: pd.DataFrame, texts: Mapping[str, str], laid_out: set[str],
             row_of: Mapping[str, int | None]) -> list[Problem]:
    """Return what looks wrong as warnings, one a kind, with its count and first rows."""
    lines: list[Problem] = []
    told = pd.read_csv(Path(__file__).with_suffix(".csv"), index_col="kind")
    for kind, hits in look(articles, texts, laid_out).items():
        what, remedy = told.loc[kind, ["what", "remedy"]]
        first, many = hits[0], len(hits) > 1
        rows = ", ".join(str(row_of[hit.key]) for hit in hits[:5]) + (" …" if len(hits) > 5 else "")
        names = ", ".join(repr(hit.key) for hit in hits[:3]) + (" …" if len(hits) > 3 else "")
        where = f"{len(hits):,} of {len(texts):,} articles ({names}; rows {rows})" if many \
            else repr(first.key)
        example = " ".join(first.example.split())[:80]
        count = sum(hit.count for hit in hits)
        lines.append(Problem(file, None if many else row_of[first.key],
                             f"{where}: {what} ({count:,} ×; {example!r}); {remedy}",
                             "warning", kind=kind))
    lines += [Problem(file, None, said, "warning", kind="near-duplicates")
              for said in copies(articles, texts)]
    lines += [Problem(file, None, f"outlet {two!r} and {one!r} look alike", "warning", kind="alike")
              for one, two in alike(articles["outlet"])]
    return lines
