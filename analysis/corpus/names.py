"""Which column holds what: the names that sources give, from ``lexicons/columns.csv``."""

import difflib
import functools
import re
import unicodedata
from collections.abc import Iterable

from analysis.corpus.patterns import lexicon


def folded(name: str) -> str:
    """A column's name without case, spaces and marks: ``Full_Text`` is ``full text``."""
    return re.sub(r"[\W_]+", "", name.casefold())


@functools.cache
def aliases() -> dict[str, list[str]]:
    """The folded names of each role's columns, the first that holds something counts."""
    return {str(role): list(dict.fromkeys(map(folded, rows["column"])))
            for role, rows in lexicon("columns").groupby("role", sort=False)}


@functools.cache
def _role_of() -> dict[str, str]:
    return {name: role for role, names in aliases().items() for name in names}


def roles_of(header: Iterable[str], columns: dict[str, str]) -> set[str]:
    """The roles that a row of column names fills; ``columns`` are the user's own words."""
    names = {folded(str(name)) for name in header}
    own = {role for role, name in columns.items() if folded(name) in names}
    return own | {_role_of()[name] for name in names if name in _role_of()}


def nearest(name: str, names: Iterable[str]) -> str:
    """The name that was perhaps meant, as a question, or ""."""
    by_fold = {folded(each): each for each in names}
    close = difflib.get_close_matches(folded(name), by_fold, n=1, cutoff=0.6)
    return f"did you mean {by_fold[close[0]]!r}?" if close else ""


_IDLE = frozenset(["the", "news", "online", "newspaper", "magazine"])


def _letters(name: str) -> tuple[list[str], set[str]]:
    """The words of an outlet's name that tell it apart, and how it may be written in one."""
    host = re.sub(r"^(https?://)?(www\.)?|(\.co)?\.[a-z]{2,10}(/.*)?$", "", name.casefold()) \
        if re.fullmatch(r"\S+\.\S+", name) else name
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", host).casefold())
    telling = [word for word in words if word not in _IDLE] or words
    return telling, {"".join(words), "".join(telling)}


def _abbreviates(short: str, words: list[str]) -> bool:
    """Whether a word is made of the beginnings of all words: nytimes, wsj."""
    if not words:
        return not short
    longest = next((n for n in range(min(len(short), len(words[0])), -1, -1)
                    if words[0].startswith(short[:n])), 0)
    return any(_abbreviates(short[n:], words[1:]) for n in range(longest, 0, -1))


def alike(outlets: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of outlets that may be one: other case or marks, a site and its name, initials."""
    names = list(dict.fromkeys(outlets))
    letters = {name: _letters(name) for name in names}
    pairs = []
    for i, one in enumerate(names):
        for two in names[i + 1 :]:
            (short, written), (long, also) = sorted(
                (letters[one], letters[two]), key=lambda each: len(each[0]))
            if written & also or (len(short) == 1 < len(long) and len(short[0]) > 1
                        and _abbreviates(short[0], long)):
                pairs.append((one, two))
    return pairs
