"""What each paragraph of a page is: from ``layout.csv`` where it says so, else by rule.

The rules come from how news pages are commonly built. They see the text of one page, no names of
outlets; how often they are right on pages with a layout table, `confusion` counts.
"""

from __future__ import annotations

import re

import pandas as pd

ROLES = (
    "headline",
    "deck",
    "heading",
    "body",
    "block_quotation",
    "self_quotation",
    "furniture",
)
COLUMNS = ["article_id", "paragraph", "start", "end", "role", "role_rule", "speaker"]
GIVEN = "layout.csv"

# Furniture: name of the rule, longest paragraph in words that it may claim, pattern.
_FURNITURE = [
    (
        "page menu",
        8,
        r"(skip to \w+( \w+)?|menu|search|home|(log|sign) ?in|print|e-?mail|tweet|comments?|share"
        r"( this| on \w+)?( (article|story))?|copy link|save|listen( to .+)?|advertisement|"
        r"story continues below.*|continue reading.*|(\d+|\w+)[ -]min(ute)?s?[ -]read)\W*",
    ),
    (
        "section label",
        12,
        r"(filed under|filed to|posted in|tags?|tagged|topics?|sections?|categor(y|ies)|keywords)"
        r"\s*:.*",
    ),
    (
        "related links",
        14,
        r"(related( content| stories| story| articles?| coverage| links?| reading| topics?)?|"
        r"(read|see|watch)( more| next| also|:)( .*)?|see also\b.*|recommended( .*)?|"
        r"most (read|popular|viewed).*|trending( now)?|editors?[’'] (picks?|choice)|"
        r"you (may|might) also (like|be interested).*|(more|up next|next up)( (on|from|in) .*)?:?|"
        r"what to read next)[^.!?]*",
    ),
    (
        "byline",
        16,
        r"by [A-Z][\w.’'-]*( [A-Z][\w.’'-]*){1,3}"
        r"(( and|,| &)? ?[A-Z][\w.’'-]*( [A-Z][\w.’'-]*)*)*(,? [\w, ]+)?",
    ),
    (
        "date line",
        12,
        r"((last )?(updated|published|posted|modified)\b.*\d.*|"
        r"((mon|tues|wednes|thurs|fri|satur|sun)day,? )?(\d{1,2} )?(january|february|march|april|"
        r"may|june|july|august|september|october|november|december) (\d{1,2},? )?\d{4}\b.{0,30})",
    ),
    (
        "newsletter",
        60,
        r"(sign up|subscribe|get|join|enter your e-?mail|want|click|follow us|like us|download|"
        r"support|become|donate|never miss)\b.*(newsletter|inbox|subscri|sign up|our editors|"
        r"our app|e-?mail address|facebook|twitter|members?hip|become a|donat).*",
    ),
    (
        "syndication",
        60,
        r"(the post|this (article|story|post|piece|essay|column|version)|originally|first|"
        r"reprinted|republished|a version of this).*\b(appeared|published|posted|reprinted|"
        r"republished|permission)\b.*\b(on|at|in|by|from|of)\b.*",
    ),
    ("copyright", 40, r"(©|\(c\)|copyright\b).*|.*\ball rights reserved\b.*"),
    (
        "editorial note",
        60,
        r"(editor[’']?s?[’']? note|correction|clarification|update|disclosure)\b ?[:(–—-].*|"
        r"[(\[][^()\[\]]*\b(emphasis|italics|bold|translat\w+|added|mine|edited)\b[^()\[\]]*[)\]]",
    ),
    (
        "picture credit",
        14,
        r".*\b(getty( images)?|shutterstock|ap photo|afp|epa|reuters|associated press|bloomberg|"
        r"images|wikimedia( commons)?|flickr|unsplash)|(photo(graph)?s?|image|picture|credit|"
        r"illustration|courtesy|screen ?grab)s?( ?:| by| of| courtesy| via)\b.*",
    ),
    ("picture caption", 60, r".*[(\[](file )?(photo|image|picture|credit|ap|reuters)\b[^()]*[)\]]"),
]
_RULES = [(name, most, re.compile(rule, re.I | re.S)) for name, most, rule in _FURNITURE]
# Where case tells a byline ("By Ann Lee") from a sentence ("by and large").
_BYLINE = re.compile(r"[Bb]y [A-Z][\w.’'-]+ [A-Z]")

_CUE = (
    r"(said|says|saying|wrote|writes|written|told|tells|tweet(ed|s)?|post(ed|s)?|put it|added|adds|"
    r"stat(ed?|es|ement)|declared|noted|explained|argued|observed|warned|asked|answered|replied|"
    r"remark(ed|s)?|comment(ed|s)?|announced|testified|continued|reads?|letter|e-?mail|speech|"
    r"according to|quot(ed?|ing)|report(ed|s)?|response|transcript|predicted|suggested|concluded)"
)
_SAYS = re.compile(rf"\b{_CUE}\b", re.I)
_SELF = re.compile(
    rf"\b(I|we)\b( \w+){{0,2}} {_CUE}\b|"
    r"\b[Mm]y (own |earlier |previous |last |recent )+(article|piece|column|post|book|words|story)"
)
_FIRST_PERSON = re.compile(r"\b(I|we|We|my|My|our|Our|us|me)\b")
_NAME = re.compile(r"\b[A-Z][\w’'-]*[a-z](?: (?:[a-z]{2,3} )?[A-Z][\w.’'-]*[a-z])*")
_POST = re.compile(r"[—–-] ?(?P<name>[^(@]{2,60}?) ?\(@\w+\).*", re.S)
_OPENS_MARKED = re.compile(r"[\"“”„‟'‘‚«»‹]")
_LIST_ITEM = re.compile(r"([-•*·–—]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s")
_ENDS_SENTENCE = re.compile(r"[.!?…:;,]['\"’”)\]]*$")
_NOT_NAMES = {"The", "A", "An", "In", "On", "At", "As", "But", "And", "Or", "For", "He", "She",
              "They", "It", "This", "That", "Then", "When", "While", "After", "Before", "Here",
              "However", "Yesterday", "Today", "Monday", "Tuesday", "Wednesday", "Thursday",
              "Friday", "Saturday", "Sunday", "President", "Minister"}  # fmt: skip


def find_paragraphs(text: str) -> list[tuple[int, int]]:
    """Spans of the paragraphs: stretches between newlines that are not blank, without the white
    space at their ends.

    Only U+000A parts paragraphs; a carriage return before it is white space at an end.
    """
    spans, start = [], 0
    for line in text.split("\n"):
        words = line.strip()
        if words:
            left = start + len(line) - len(line.lstrip())
            spans.append((left, left + len(words)))
        start += len(line) + 1
    return spans


def _furniture_rule(words: str) -> str:
    length = len(words.split())
    for name, most, rule in _RULES:
        if length <= most and rule.fullmatch(words):
            if name == "byline" and not _BYLINE.match(words):
                continue
            if name == "picture credit" and words.endswith("."):
                continue
            return name
    return ""


def _speaker(introduction: str) -> str:
    """The name nearest before the last cue of speech, else the first name; "" if none."""
    cues = list(_SAYS.finditer(introduction))
    names = []
    for found in _NAME.finditer(introduction):
        kept = found.group().split()
        while kept and kept[0] in _NOT_NAMES:
            kept.pop(0)
        if kept:
            names.append((found.start(), re.sub(r"[’']s$", "", " ".join(kept))))
    before = [name for start, name in names if cues and start < cues[-1].start()]
    return before[-1] if before else (names[0][1] if names else "")


def _last_sentence(words: str) -> str:
    return re.split(r"(?<=[.!?])['\"’”)]*\s+(?=[A-Z“\"‘])", words)[-1]


def _continues(words: str, speaker: str) -> bool:
    """Whether a paragraph after a block quotation still belongs to it."""
    if words[:1] in "….[" or words[:1].islower():
        return True
    return bool(
        speaker
        and _FIRST_PERSON.search(words)
        and speaker.split()[-1] not in words
        and not _SAYS.search(" ".join(words.split()[:12]))
        and not _OPENS_MARKED.match(words)
    )


class _Page:
    """The paragraphs of one page with what the rules have found so far."""

    def __init__(self, text: str) -> None:
        self.spans = find_paragraphs(text)
        self.words = [text[start:end] for start, end in self.spans]
        self.lengths = [len(words.split()) for words in self.words]
        # touches[i]: only one newline lies between paragraph i and the one after it
        self.touches = [
            text.count("\n", end, start) == 1
            for (_, end), (start, _) in zip(self.spans, self.spans[1:], strict=False)
        ]
        self.parted = not all(self.touches)  # paragraphs of this page are parted by blank lines
        self.found: list[tuple[str, str, str]] = [("", "", "")] * len(self.spans)

    def free(self, i: int) -> bool:
        return 0 <= i < len(self.words) and not self.found[i][0]

    def role(self, i: int) -> str:
        return self.found[i][0] if 0 <= i < len(self.words) else ""

    def set(self, i: int, role: str, rule: str, speaker: str = "") -> None:
        self.found[i] = (role, rule, speaker)


def _find_furniture(page: _Page) -> None:
    for i, words in enumerate(page.words):
        rule = _furniture_rule(words)
        if rule:
            page.set(i, "furniture", rule)
    for i in reversed(range(len(page.words) - 1)):  # title and caption stand right above a credit
        beside = page.found[i + 1][1] in ("picture credit", "picture block")
        if beside and page.parted and page.touches[i] and page.free(i) and page.lengths[i] <= 60:
            page.set(i, "furniture", "picture block")
    for i, words in enumerate(page.words[:-1]):  # icon names and menu words above the headline
        if not page.free(i):
            continue
        if words != words.lower() or _ENDS_SENTENCE.search(words) or page.lengths[i] > 12:
            break
        page.set(i, "furniture", "page menu")


def _find_headline(page: _Page) -> None:
    first = next((i for i in range(len(page.words)) if page.free(i)), -1)
    rest = any(page.free(i) for i in range(first + 1, len(page.words)))
    if first < 0 or not rest or page.lengths[first] > 25:
        return
    if re.search(r"[.…:;,]['\"’”)\]]*$", page.words[first]):
        return
    page.set(first, "headline", "first line without a full stop")
    deck = first + 1
    if page.free(deck) and page.lengths[deck] <= 45 and page.free(deck + 1) is False:
        follows = page.role(deck + 1) == "furniture"
        if follows and any(page.free(i) for i in range(deck + 1, len(page.words))):
            page.set(deck, "deck", "between headline and byline or picture")
        return
    if page.free(deck) and page.free(deck + 1) and 11 <= page.lengths[deck] <= 45:
        if _ENDS_SENTENCE.search(page.words[deck]):
            return
        page.set(deck, "deck", "line without a full stop below the headline")


def _find_headings(page: _Page) -> None:
    for i in range(len(page.words)):
        if not page.free(i) or page.lengths[i] > 10 or _ENDS_SENTENCE.search(page.words[i]):
            continue
        if _LIST_ITEM.match(page.words[i]) or not re.search(r"\w", page.words[i]):
            continue
        if not page.words[i].lstrip("\"“‘'(").lstrip()[:1].islower() and any(
            page.free(j) for j in range(i + 1, len(page.words))
        ):
            page.set(i, "heading", "short line without a full stop")


def _find_quotations(page: _Page) -> None:
    for i, words in enumerate(page.words):
        post = _POST.fullmatch(words)
        if post and page.lengths[i] <= 20:
            page.set(i, "furniture", "signature of an embedded post")
            if page.free(i - 1):
                page.set(i - 1, "block_quotation", "embedded post", post["name"].strip())
    for i, words in enumerate(page.words[:-1]):
        introduction = _last_sentence(words)
        if not words.endswith(":") or not page.free(i) or not page.free(i + 1):
            continue
        if _OPENS_MARKED.match(page.words[i + 1]) or _LIST_ITEM.match(page.words[i + 1]):
            continue
        if _SELF.search(introduction):
            role, speaker = "self_quotation", "AUTHOR"
        elif _SAYS.search(introduction):
            role, speaker = "block_quotation", _speaker(introduction)
        else:
            continue
        page.set(i + 1, role, "block after a colon", speaker)
        j, named = i + 2, "" if speaker == "AUTHOR" else speaker
        while page.free(j) and _continues(page.words[j], named):
            page.set(j, role, "block goes on", speaker)
            j += 1


def infer_roles(text: str) -> pd.DataFrame:
    """The role of each paragraph by rule.

    Returns
    -------
    DataFrame
        ``paragraph`` (from 1), ``start``, ``end``, ``role`` (one of `ROLES`), ``role_rule`` (the
        rule's name), ``speaker`` of a quotation in a block ("AUTHOR": the article's author; "" if
        unknown).

    Notes
    -----
    Most likely to bite: a quotation in a block whose introduction ends without a colon is not
    seen, and goes to the author.
    """
    page = _Page(text)
    for find in (_find_furniture, _find_headline, _find_quotations, _find_headings):
        find(page)
    rows = [
        (i + 1, start, end, *(found if found[0] else ("body", "none of the rules", "")))
        for i, ((start, end), found) in enumerate(zip(page.spans, page.found, strict=True))
    ]
    return pd.DataFrame(rows, columns=COLUMNS[1:])


def paragraphs(article_id: str, text: str, rows: pd.DataFrame | None = None) -> pd.DataFrame:
    """The paragraphs of an article with their roles.

    Parameters
    ----------
    rows : DataFrame, optional
        What ``layout.csv`` says of this article (``paragraph``, ``role``, ``speaker``);
        paragraphs without a row are inferred.

    Returns
    -------
    DataFrame
        The columns of the table *paragraphs*; ``role_rule`` is "layout.csv" for given rows.
    """
    table = infer_roles(text)
    table.insert(0, "article_id", article_id)
    if rows is not None and len(rows):
        at = rows["paragraph"].to_numpy() - 1
        table.loc[at, "role"] = rows["role"].to_numpy()
        table.loc[at, "speaker"] = rows["speaker"].to_numpy()
        table.loc[at, "role_rule"] = GIVEN
    return table.astype({"article_id": str, "role": str, "role_rule": str, "speaker": str})


def confusion(inferred: pd.DataFrame, given: pd.DataFrame) -> pd.DataFrame:
    """Paragraphs by given role (rows) and inferred role (columns), joined on article and number.

    The diagonal counts where the rules are right; only paragraphs in both tables count.
    """
    keys = ["article_id", "paragraph"]
    both = given[[*keys, "role"]].merge(inferred[[*keys, "role"]], on=keys, suffixes=("", "_rule"))
    return (
        pd.crosstab(both["role"], both["role_rule"])
        .reindex(index=list(ROLES), columns=list(ROLES), fill_value=0)
        .rename_axis(index="given", columns="inferred")
    )
