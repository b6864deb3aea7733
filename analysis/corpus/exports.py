"""Cuts the exports of news databases (Nexis, Factiva, ProQuest) into articles and their fields."""

from __future__ import annotations

import re
from collections import Counter
from itertools import takewhile

_DATE = re.compile(r"(?:\w+day,? )?(?:[A-Z][a-z]+\.? \d{1,2}, \d{4}|\d{1,2} [A-Z][a-z]+ \d{4})\b")
_RIGHTS = re.compile(r"(copyright|©|\(c\) ?\d{4}|all rights reserved)", re.I)
_NEXIS_ENDS = re.compile(r"^[ \t]*End of Document[ \t]*$", re.M)
_NEXIS_OPENS = re.compile(r"^[ \t]*(?:Document )?\d+ of \d+(?: DOCUMENTS)?[ \t]*$", re.M)
_NEXIS_HEAD = re.compile(
    r"(section|length|byline|headline|highlight|dateline|distribution|series):\s*(.*)", re.I)
_NEXIS_TAIL = re.compile(
    r"(LOAD-DATE|Load-Date|LANGUAGE|Language|PUBLICATION-TYPE|Publication-Type|DOCUMENT-TYPE|"
    r"GRAPHIC|SUBJECT|COMPANY|ORGANIZATION|PERSON|GEOGRAPHIC|COUNTRY|STATE|CITY|INDUSTRY|TICKER|"
    r"URL|JOURNAL-CODE|Journal Code|CORRECTION-DATE|NOTES):|(Classification|Graphic|Notes)$")
_NEXIS_LONE = re.compile(
    r"^[ \t]*(LENGTH|BYLINE|SECTION|LOAD-DATE|LANGUAGE|PUBLICATION-TYPE|Load-Date|Length|Byline"
    r"|Section):", re.M)  # three of these: one article of Nexis on its own
_PROQUEST_RULE = re.compile(r"^_{10,}[ \t]*$", re.M)
_PROQUEST_LABEL = re.compile(
    r"(Title|Author|Abstract|Links|Full text|Subject|Location|People|Company / organization|"
    r"Publication (?:info|title|date|year|subject)|Volume|Issue|Pages|Section|Publisher|"
    r"Place of publication|Country of publication|ISSN|Source type|Language of publication|"
    r"Document (?:type|URL)|ProQuest document ID|Copyright|Last updated|Database|Credit|"
    r"Identifier / keyword|Business indexing term|Classification|First page|Column):\s?(.*)")
_FACTIVA_ENDS = re.compile(r"^[ \t]*Document ([A-Za-z]{3,8}0{0,3}\d{8}\w+)[ \t]*$", re.M)
_FACTIVA_FIELD = re.compile(
    r"(HD|SE|CR|BY|WC|PD|ET|SN|SC|ED|PG|VOL|LA|CY|LP|TD|CT|RF|ART|CO|IN|NS|RE|IPD|IPC|PUB|AN)"
    r"(?:[\s|]+(.*?))?\|*$")
PAGE = re.compile(r"\W*(?:page )?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?\W*", re.I)
HEADER_LINE = re.compile(
    r"(LENGTH|SECTION|BYLINE|LOAD-DATE|LANGUAGE|PUBLICATION-TYPE|DATELINE|HIGHLIGHT|GRAPHIC): |"
    r"(Length|Load-Date|Publication-Type|Byline|Section): |End of Document$|\d+ of \d+ DOCUMENTS$|"
    r"(ProQuest document ID|Publication (title|info|date)|Full text|Document URL): |"
    r"Document [A-Za-z]{3,8}0{0,3}\d{8}\w+$|(HD|WC|PD|SN|LP|TD)\s{2,}\S")


def split(text: str) -> list[dict[str, str]]:
    """Return the articles of an export, each with the fields that it names.

    Text of no known export is one article; its only field is ``text``.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _NEXIS_ENDS.search(text) or re.search(r"^\s*\d+ of \d+ DOCUMENTS\s*$", text, re.M):
        pieces = _NEXIS_ENDS.split(text) if _NEXIS_ENDS.search(text) else \
            _NEXIS_OPENS.split(text)[1:]
        return [found for piece in pieces if (found := _nexis(piece))]
    if len(set(_NEXIS_LONE.findall(text))) > 2 and (found := _nexis(text)):
        return [found]
    if re.search(r"^Full text:", text, re.M) and re.search(
            r"^(ProQuest document ID|Publication (title|info)):", text, re.M):
        return [found for piece in _PROQUEST_RULE.split(text) if (found := _proquest(piece))]
    ends = list(_FACTIVA_ENDS.finditer(text))
    if ends:
        starts = [0, *(end.end() for end in ends)]
        return [_factiva(text[start : end.start()], end[1])
                for start, end in zip(starts, ends, strict=False)]
    return [{"text": text}]


def is_factiva_page(page: str) -> bool:
    """Whether a page holds articles of Factiva, of which a reader of pages would take one."""
    return len(re.findall(r"<div[^>]+class=[\"'][^\"']*article", page, re.I)) > 0 and \
        bool(re.search(r"\bDocument [A-Za-z]{3,8}0{0,3}\d{8}\w+", page))


def without_page_lines(pages: list[str]) -> str:
    """Join the pages of a document without page numbers and lines that recur on most of them."""
    lines = [[line.strip() for line in page.split("\n")] for page in pages]
    edges = Counter(line for page in lines for line in {*page[:2], *page[-2:]} if line)
    recurring = {line for line, n in edges.items() if n > 2 and n > len(pages) / 2}
    kept = [line for page in lines for line in page
            if not (line in recurring or (line and PAGE.fullmatch(line)))]
    return "\n".join(kept)


def _nexis(piece: str) -> dict[str, str] | None:
    lines = [line.strip() for line in piece.split("\n")]
    labels = {i: found for i, line in enumerate(lines) if (found := _NEXIS_HEAD.fullmatch(line))}
    body = next((i for i, line in enumerate(lines) if line == "Body"), None)
    if body is None:
        if not labels:
            return None
        run = list(takewhile(lambda i: i in labels or not lines[i] or lines[i - 1],
                             range(min(labels), len(lines))))
        body = max(i for i in labels if i in run)
        while body + 1 < len(lines) and lines[body + 1]:  # a label's words run on
            body += 1
    end = next((i for i in range(body + 1, len(lines)) if _NEXIS_TAIL.match(lines[i])
                or _RIGHTS.match(lines[i])), len(lines))
    fields = {found[1].lower(): found[2] for i, found in labels.items() if i <= body}
    first = min([*labels, body])
    head = [line for line in lines[:first] if not _RIGHTS.match(line)]
    at, dated = next(((i, found[0]) for i, line in enumerate(head)
                      if (found := _DATE.match(line))), (None, ""))
    text = "\n".join(lines[body + 1 : end]).strip("\n")
    if at is None or not text.strip():
        return None
    before, after = [line for line in head[:at] if line], head[at + 1 :]
    while after and (not after[0] or re.search(r"\b(Edition|Correction)\b", after[0])):
        after = after[1:]
    above = before[-2] if len(before) > 1 else ""
    below = " ".join(takewhile(bool, after))
    load = next((line for line in lines[end:] if line.lower().startswith("load-date:")), "")
    return {"outlet": before[-1] if before else "", "published": dated,
            "headline": fields.get("headline", "") or above or below,
            "author": re.sub(r"^By\s+", "", fields.get("byline", ""), flags=re.I),
            "load-date": load.partition(":")[2].strip(), "text": text, "wrapped": _narrow(text)}


def _narrow(text: str) -> str:
    """Whether no line is longer than an old export's: then its lines are wrapped."""
    longest = max(map(len, text.split("\n")))
    return "yes" if 40 < longest <= 100 and re.search(r"\S\n\S", text) else ""


def _proquest(piece: str) -> dict[str, str] | None:
    fields: dict[str, list[str]] = {"top": []}
    name = "top"
    for line in piece.split("\n"):
        found = _PROQUEST_LABEL.match(line.strip())
        if found and found[1].lower() not in fields:
            name = found[1].lower()
            fields[name] = [found[2]]
        else:
            fields[name].append(line.rstrip())
    known = {name: "\n".join(lines).strip() for name, lines in fields.items()}
    text = re.sub(r"\n\s*Credit: .*\Z", "", known.get("full text", ""))
    if not text:
        return None
    info = known.get("publication info", "")
    stated = re.search(r"\d{1,2} [A-Z][a-z]{2,8} \d{4}", info)
    top = next((line for line in known["top"].split("\n") if line.strip()), "")
    return {"headline": known.get("title") or re.sub(r"^Document \d+ of \d+", "", top).strip(),
            "outlet": known.get("publication title") or re.split(r"\s*[;\[]", info)[0],
            "published": known.get("publication date") or (stated.group() if stated else ""),
            "author": known.get("author", ""), "url": known.get("document url", ""),
            "article_id": known.get("proquest document id", ""), "text": text,
            "wrapped": _narrow(text)}


def _factiva(piece: str, key: str) -> dict[str, str]:
    lines = [line.strip() for line in piece.strip().split("\n")]
    marked = [found for line in lines if (found := _FACTIVA_FIELD.fullmatch(line))]
    if len({found[1] for found in marked}) >= 4:
        fields: dict[str, list[str]] = {}
        name = ""
        for line in lines:
            found = _FACTIVA_FIELD.fullmatch(line)
            name = found[1] if found else name
            fields.setdefault(name, []).append((found[2] or "") if found else line.strip("| "))
        known = {name: "\n".join(each).strip() for name, each in fields.items()}
        text = "\n\n".join(filter(None, (known.get("LP"), known.get("TD"))))
        return {"article_id": key, "headline": known.get("HD", ""), "outlet": known.get("SN", ""),
                "author": re.sub(r"^By\s+", "", known.get("BY", "")),
                "published": known.get("PD", ""), "text": text}
    full = [line for line in lines if line]
    at = next((i for i, line in enumerate(full) if re.fullmatch(r"[\d,]+ words", line)), 0)
    rights = next((i for i, line in enumerate(full) if i > at and _RIGHTS.match(line)), at)
    facts = full[at + 1 : rights]
    dated = next((i for i, line in enumerate(facts) if _DATE.match(line)), None)
    named = [line for line in facts[(dated or 0) + (dated is not None) :]
             if not re.fullmatch(r"[\d:]+|English", line)]
    body = piece.partition(full[rights])[2] if full else ""
    byline = next((line for line in full[1:at] if line.startswith("By ")), "")
    return {"article_id": key, "headline": full[0] if at else "", "author": byline[3:],
            "published": facts[dated] if dated is not None else "",
            "outlet": named[0] if named else "", "text": body.strip()}
