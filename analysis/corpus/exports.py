"""Cuts the exports of news databases (Nexis, Factiva, ProQuest) into articles and their fields."""

import re
from collections import Counter
from itertools import takewhile

from analysis.corpus.patterns import patterns

_SIGNS = patterns("exports")
PAGE, HEADER_LINE = _SIGNS.page, _SIGNS.header_line
_DATE, _RIGHTS = _SIGNS.date, _SIGNS.rights


def split(text: str) -> list[dict[str, str]]:
    """Return the articles of an export, each with the fields that it names.

    Text of no known export is one article; its only field is ``text``.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _SIGNS.nexis_ends.search(text) or re.search(r"^\s*\d+ of \d+ DOCUMENTS\s*$", text, re.M):
        pieces = _SIGNS.nexis_ends.split(text) if _SIGNS.nexis_ends.search(text) else \
            _SIGNS.nexis_opens.split(text)[1:]
        return [found for piece in pieces if (found := _nexis(piece))]
    if len(set(_SIGNS.nexis_lone.findall(text))) > 2 and (found := _nexis(text)):
        return [found]
    if re.search(r"^Full text:", text, re.M) and re.search(
            r"^(ProQuest document ID|Publication (title|info)):", text, re.M):
        pieces = _SIGNS.proquest_rule.split(text)
        return [found for piece in pieces if (found := _proquest(piece))]
    ends = list(_SIGNS.factiva_ends.finditer(text))
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
    labels = {i: found for i, line in enumerate(lines)
              if (found := _SIGNS.nexis_head.fullmatch(line))}
    body = next((i for i, line in enumerate(lines) if line == "Body"), None)
    if body is None:
        if not labels:
            return None
        run = list(takewhile(lambda i: i in labels or not lines[i] or lines[i - 1],
                             range(min(labels), len(lines))))
        body = max(i for i in labels if i in run)
        while body + 1 < len(lines) and lines[body + 1]:  # a label's words run on
            body += 1
    end = next((i for i in range(body + 1, len(lines)) if _SIGNS.nexis_tail.match(lines[i])
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
        found = _SIGNS.proquest_label.match(line.strip())
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
    marked = [found for line in lines if (found := _SIGNS.factiva_field.fullmatch(line))]
    if len({found[1] for found in marked}) >= 4:
        fields: dict[str, list[str]] = {}
        name = ""
        for line in lines:
            found = _SIGNS.factiva_field.fullmatch(line)
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
