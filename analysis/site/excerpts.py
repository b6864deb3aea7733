"""Finds the sentences that a page quotes: to link them, and to count what a copy gives away."""

from bisect import bisect_right
from collections.abc import Callable, Iterator

EXCERPT = 240  # characters of a sentence that a report without texts may show
SHARE = 0.2  # of an article that such a report may show in all, in excerpts
_LINKED, _COUNTED = 25, 40  # characters: shorter words are not looked up
_AROUND = " \"'“”‘’…"


def excerpt(words: str, longest: int = EXCERPT) -> str:
    """Return a sentence on one line, cut at a word with an ellipsis where it is long."""
    line = " ".join(words.split())
    return line if len(line) <= longest else line[:longest].rsplit(" ", 1)[0] + " …"


class Excerpts:
    """All sentences of a corpus in one line each, white space made even.

    Parameters
    ----------
    page_of : callable
        From an article_id to the page of the reader that holds it.
    """

    def __init__(self, t, page_of: Callable[[str], str]):
        self._page_of, self._starts, self._keys, lines = page_of, [], [], []
        at = 0
        for row in t.sentences.itertuples():
            text = t.texts[row.article_id]
            lines.append(" ".join(text[row.start:row.end].split()))
            self._starts.append(at)
            self._keys.append((row.article_id, int(row.sentence)))
            at += len(lines[-1]) + 1
        self._text = " ".join(lines)
        self._shown = bytearray(len(self._text))
        self._left: dict[str, float] = {}
        for (key, _), line in zip(self._keys, lines, strict=True):
            self._left[key] = self._left.get(key, 0) + SHARE * len(line)
        self._left = {key: max(left, EXCERPT) for key, left in self._left.items()}

    def link(self, words: str) -> str:
        """Return the link to the sentence that holds the words, nothing where none or two do."""
        for part in _parts(words):
            at = self._text.find(part) if len(part) >= _LINKED else -1
            if at >= 0 and self._text.find(part, at + 1) < 0:
                key, number = self._key(at)
                return f"{self._page_of(key)}#{key}-{number}"
        return ""

    def afford(self, words: str) -> bool:
        """Return whether the words may be shown, and count them if they are an article's.

        What has been shown once costs nothing the second time.
        """
        costs: dict[str, int] = {}
        spans = list(self._spans(words))
        for start, end in spans:
            key = self._key(start)[0]
            costs[key] = costs.get(key, 0) + self._shown.count(0, start, end)
        if any(cost > self._left[key] for key, cost in costs.items()):
            return False
        for key, cost in costs.items():
            self._left[key] -= cost
        for start, end in spans:
            self._shown[start:end] = b"\1" * (end - start)
        return True

    def known(self, words: str) -> bool:
        """Return whether the words, or a part of them between ellipses, are an article's."""
        return any(True for _ in self._spans(words))

    def _spans(self, words: str) -> Iterator[tuple[int, int]]:
        for part in _parts(words):
            at = self._text.find(part) if len(part) >= _COUNTED else -1
            if at >= 0:
                yield at, at + len(part)

    def _key(self, at: int) -> tuple[str, int]:
        return self._keys[bisect_right(self._starts, at) - 1]


def _parts(words: str) -> Iterator[str]:
    for part in " ".join(words.split()).split(" … "):
        yield part.strip(_AROUND)
