"""Annotated articles as HTML: the reader's pages.

Annotations overlap, so each sentence is cut at every annotation's ends into flat pieces that
carry the classes of all that cover them. Nothing is added to the text: the letters between the
tags are the article's, in its order, and labels are drawn by the style sheet.
"""

import html
import json
import re
from collections import Counter
from collections.abc import Container, Iterable
from pathlib import Path

import pandas as pd
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape

from analysis.definitions import FUNCTIONS
from analysis.picture import page_colors
from analysis.site.layers import LAYERS, Mark, Place, Shelf, Telling, given

TOGETHER, CHARACTERS = 12, 80_000  # beyond either, each article has a page of its own
MANY = 100  # beyond, the list of the articles has a line each, and no map
# Ways to look at the texts, before single layers: the layers of each.
PRESETS = {"Who speaks": "voice attributions", "Tone toward actors": "targets", "Frames": "frames",
           "Record": "record", "Notes": "voice notes", "Text alone": ""}
_TAGS = {"headline": "h3", "heading": "h4", "block_quotation": "blockquote",
         "self_quotation": "blockquote"}
_TEMPLATES = Path(__file__).parent / "templates"


def templates() -> Environment:
    """Return the templates of all pages; what they print is escaped."""
    pages = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=True,
                        lstrip_blocks=True, keep_trailing_newline=True)
    pages.filters.update(day=long_date, safe_url=safe_url, quoting=quoting, signed=signed)
    return pages


def asset(name: str) -> Markup:
    """Return a style sheet or script of the pages."""
    return Markup((_TEMPLATES / name).read_text("utf-8"))


def unscripted(style: str) -> Markup:
    """Return the rules of the layers (``.on-voice …``) anew for a page whose scripts do not run.

    There the switches themselves are asked, which costs the browser several times as much.
    """
    rules = [line for line in style.splitlines() if line.startswith(".on-")]
    return Markup(re.sub(r"\.on-(\w+)", r":root:has(#layer-\1:checked)", "\n".join(rules)))


def quoting(words: str) -> Markup:
    """Return words escaped, an article's own, between curly marks, in its type; first digits bold.

    Examples
    --------
    >>> str(quoting("3 of 4: “It is”"))
    '<b>3 of 4</b>: <span class="own">“It is”</span>'
    """
    said = re.sub(r"“[^”]*”", r'<span class="own">\g<0></span>', str(escape(words)))
    return Markup(re.sub(r"\A\d[\d,]*(?: of \d[\d,]*)?", r"<b>\g<0></b>", said))


def safe_url(url: object) -> str:
    """Return a web address as it is, and nothing for anything else (``javascript:``, ``data:``)."""
    return url if isinstance(url, str) and re.match(r"https?://[^\s\"'<>\\]+\Z", url) else ""


def long_date(iso: object) -> str:
    """Return an ISO date as a reader writes it, "21 March 2018"; other text as it is."""
    day = pd.to_datetime(given(iso), format="%Y-%m-%d", errors="coerce")
    return given(iso) if pd.isna(day) else f"{day.day} {day:%B %Y}"


def tone_label(polarity: float) -> str:
    """Return a polarity with its sign, a true minus included, and two decimals."""
    return f"{polarity:+.2f}".replace("-", "−") if round(polarity, 2) else "0.00"


def signed(value: float, effect: float) -> str:
    """Return a number with its sign, in as many digits as its effect has, "–" where none is."""
    digits = 0 if abs(effect) >= 100 else 2
    return "–" if pd.isna(value) else f"{value:+.{digits}f}".replace("-", "−")


def outlet_styles(outlets: list[str]) -> Markup:
    """Return the style rules that give each outlet its hue on light and on dark paper."""
    pairs = list(enumerate(page_colors(outlets).values(), start=1))
    light, dark = ("".join(f"--outlet-{i}:{pair[shade]};" for i, pair in pairs) for shade in (0, 1))
    return Markup(f":root{{{light}}}@media screen and (prefers-color-scheme:dark)"
                  f"{{:root{{{dark}}}}}")


def embedded_json(value: object) -> Markup:
    """Return JSON that can stand in a script element: no markup, no line separator survives."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    for mark in "<>&\u2028\u2029":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return Markup(text)


def body(telling: Telling, layers: Iterable[str] = LAYERS) -> Markup:
    """Return an article's text as HTML, cut and labelled for the layers.

    Its text content is the article, letter for letter, white space included: notes and labels are
    attributes of empty elements, which the style sheet draws.
    """
    layers = tuple(layers)
    marks = telling.marks(layers)
    tone = next(iter(telling.tones.values()), {}) if "tone" in layers else {}
    frames = next(iter(telling.functions.values()), {}) if "frames" in layers else {}
    shown = [note for note in telling.remarks
             if ("record" if note[2] == "record" else "notes") in layers]
    out, at, headline = [], 0, False
    for paragraph in telling.paragraphs:
        start, end = int(paragraph.start), int(paragraph.end)
        tag = _TAGS.get(paragraph.role, "p")
        if tag == "h4" and not headline:
            tag = "h3"  # no level of headings is left out
        headline = headline or tag == "h3"
        out += [_escaped(telling.text[at:start]), f'<{tag} class="{paragraph.role}">']
        at = start
        for row in telling.sentences:
            if start <= row.start and row.end <= end:
                number = int(row.sentence)
                labels = {"id": f"{telling.article_id}-{number}",
                          "data-t": tone_label(tone[number][0]) if number in tone else "",
                          "data-f": " · ".join(frames.get(number, []))}
                stops: dict[int, str] = {}
                for place in telling.places:  # those of mentions stand right before them
                    if place.sentence == number:
                        stops[place.start] = stops.get(place.start, "") + _anchor(place, telling)
                out += [_escaped(telling.text[at:row.start]),
                        _sentence(telling.text, int(row.start), int(row.end), labels, marks,
                                  stops)]
                at = int(row.end)
        out += [_escaped(telling.text[at:end]),
                *(_note(*note) for note in shown if start < note[1] <= end), f"</{tag}>"]
        at = end
    return Markup("".join(out) + _escaped(telling.text[at:]))


def _note(start: int, end: int, kind: str, words: str) -> str:
    said = words if words.lower().startswith(kind) else f"{kind.capitalize()}: {words}"
    return (f'<span class="note {"record" if kind == "record" else "notes"}-note" role="note" '
            f'aria-label="{_quoted(said)}" data-note="{_quoted(said)}"></span>')


def _anchor(place: Place, telling: Telling) -> str:
    actor = telling.shelf.actors.get(place.actor, "")
    return (f'<span class="at" id="{_quoted(place.id)}" data-layer="{_quoted(place.layer)}" '
            f'data-by="{_quoted(place.by)}" data-actor="{actor}"></span>')


def _sentence(text: str, start: int, end: int, labels: dict[str, str], marks: list[Mark],
              anchors: dict[int, str] | None = None) -> str:
    inside, anchors = [m for m in marks if m.start < end and m.end > start], anchors or {}
    ends = {start, end, *(mark.start for mark in inside), *(mark.end for mark in inside), *anchors}
    cuts = sorted(cut for cut in ends if start <= cut <= end)
    pieces = "".join(
        anchors.get(left, "") + _piece(text[left:right], right, [
            m for m in inside if m.start < right and m.end > left])
        for left, right in zip(cuts, cuts[1:], strict=False))
    given_labels = "".join(f' {name}="{_quoted(value)}"' for name, value in labels.items() if value)
    return f'<bdi class="s" dir="ltr"{given_labels}>{pieces}</bdi>'


def _piece(words: str, right: int, marks: list[Mark]) -> str:
    if not marks:
        return _escaped(words)
    names = {mark.name for mark in marks} | {f"{m.name}-end" for m in marks if m.end == right}
    names |= {f"{m.name}-start" for m in marks if m.name == "who" and m.start == right - len(words)}
    data: dict[str, set[str]] = {}
    for mark in marks:
        if mark.attribute:
            data.setdefault(mark.attribute, set()).add(mark.value)
    attributes = "".join(f' data-{name}="{_quoted("|".join(sorted(values)))}"'
                         for name, values in sorted(data.items()))
    return f'<span class="{" ".join(sorted(names))}"{attributes}>{_escaped(words)}</span>'


def _escaped(text: str) -> str:
    """Escape text for HTML; a carriage return would else be read as a newline."""
    return html.escape(text, quote=False).replace("\r", "&#13;")


def _quoted(text: object) -> str:
    return html.escape(str(text), quote=True)


def barcode(telling: Telling, page: str = "", linked: Container[int] | None = None) -> Markup:
    """Return the article's map: a stripe a sentence; strips for voice, source, frame and tone.

    A stripe is as wide in every article of the corpus. Stripes are links to sentences of
    ``page``, all or only those in ``linked``.
    """
    links = []
    for i, row in enumerate(telling.sentences):
        if linked is None or int(row.sentence) in linked:
            label = f"Sentence {row.sentence}, {row.voice.replace('_', ' ')}"
            links.append(f'<a href="{_quoted(f"{page}#{telling.article_id}-{row.sentence}")}" '
                         f'aria-label="{label}"><rect x="{10 * i}" width="10" height="64"/></a>')
    paths = "".join(f'<path class="b-{name}" d="{"".join(bars)}"/>'
                    for name, bars in _strips(telling).items())
    return Markup(
        f'<svg viewBox="0 0 {10 * telling.shelf.longest} 64" preserveAspectRatio="none">'
        f'<path class="b-zero" d="M0,53.5h{10 * len(telling.sentences)}v.6H0z"/>'
        f'{paths}{"".join(links)}</svg>')


def _strips(telling: Telling) -> dict[str, list[str]]:
    heights = {"author": (7, 3), "furniture": (9, 1), "mixed": (4, 6)}  # the others stand full
    tone = next(iter(telling.tones.values()), {})
    frames = next(iter(telling.functions.values()), {})
    sources: dict[int, str] = {}
    for parts in telling.attributions.values():
        for row in parts:
            for number in telling.numbers(row.start, row.end) if row.used else ():
                named = given(row.speaker) or sources.get(number) == "named"
                sources[number] = "named" if named else "unnamed"
    strips: dict[str, list[str]] = {}

    def bar(name: str, i: int, y: float, height: float) -> None:
        strips.setdefault(name, []).append(f"M{10 * i + 1},{y:g}h8v{height:g}h-8z")

    for i, row in enumerate(telling.sentences):
        number = int(row.sentence)
        bar(row.voice, i, *heights.get(row.voice, (0, 10)))
        if number in sources:
            bar(sources[number], i, *((13, 6) if sources[number] == "named" else (17, 2)))
        for order, name in enumerate(FUNCTIONS.values()):
            if name in frames.get(number, []):
                bar("frame", i, 22 + 5 * order, 4)
        polarity = tone.get(number, (0.0, ""))[0]
        if polarity:
            bar("tone", i, round(53.8 - 10 * max(polarity, 0), 2), round(10 * abs(polarity), 2))
    return strips


def voices_strip(telling: Telling) -> Markup:
    """Return the article as one strip to scale, characters from left to right: whose words.

    The author's words lie low; words quoted stand full, paraphrased ones pale, the author's own
    earlier ones striped, page furniture as a thin line. An article is as long as its text, on the
    scale of the corpus's longest.
    """
    longest = max(map(len, telling.shelf.t.texts.values()))
    heights = {"author": (22, 8), "furniture": (28, 2)}
    bars = []
    for row in telling.rows("voices"):
        y, height = heights.get(row.voice, (0, 30))
        bars.append(f'<rect class="b-{row.voice}" x="{1000 * row.start / longest:.1f}" y="{y}" '
                    f'width="{1000 * (row.end - row.start) / longest:.1f}" height="{height}"/>')
    return Markup(f'<svg class="strip" viewBox="0 0 1000 30" preserveAspectRatio="none" '
                  f'aria-hidden="true">{"".join(bars)}</svg>')


def page_of(t, article_id: str) -> str:
    """Return the name of the page that holds an article."""
    texts = t.texts
    together = len(texts) <= TOGETHER and sum(map(len, texts.values())) <= CHARACTERS
    return "reader.html" if together or len(texts) == 1 else f"reader-{article_id}.html"


def reader_pages(t, excerpts: dict[str, dict[int, str]] | None = None,
                 places: Iterable[Place] = ()) -> dict[str, dict]:
    """Return, for each page of the reader, what its template needs.

    Parameters
    ----------
    excerpts : dict, optional
        For a report without texts: by article, the words shown of each sentence that is linked,
        empty where they are left out.
    places : iterable of Place
        Mentions that get an anchor of their own.
    """
    shelf = Shelf(t, places)
    tellings = [Telling(shelf, key) for key in t.articles["article_id"]]
    pages: dict[str, list[Telling]] = {}
    for telling in tellings:
        pages.setdefault(page_of(t, telling.article_id), []).append(telling)
    made = {name: _reader_page(held, excerpts) for name, held in pages.items()}
    if "reader.html" not in made and len(tellings) > MANY:
        made["reader.html"] = {"listing": True, "many": len(tellings), "tellings": sorted(
            (_header(telling, Markup("")) for telling in tellings),
            key=lambda told: (told["hue"], told["facts"]["event"]))}
    elif "reader.html" not in made:
        made["reader.html"] = {"tellings": [
            _header(telling, barcode(telling, page_of(t, telling.article_id),
                                     excerpts and excerpts.get(telling.article_id, {})))
            for telling in tellings], "listing": True}
    return made


def _header(telling: Telling, strips: Markup, **more) -> dict:
    roles = {row.role for row in telling.paragraphs}
    return {"id": telling.article_id, "hue": telling.hue, "facts": telling.facts,
            "barcode": strips, "headed": "headline" in roles, **more}


def _reader_page(tellings: list[Telling], excerpts: dict[str, dict[int, str]] | None) -> dict:
    if excerpts is not None:
        return {"excerpts": True, "tellings": [
            _header(telling, barcode(telling, linked=excerpts.get(telling.article_id, {})),
                    passages=_passages(telling, excerpts.get(telling.article_id, {})))
            for telling in tellings]}
    coders = dict.fromkeys(name for telling in tellings for name in telling.functions)
    instruments = dict.fromkeys(name for telling in tellings for name in telling.tones)
    data = {"actors": list(tellings[0].shelf.actors),
            "articles": {telling.article_id: telling.details() for telling in tellings}}
    heard = Counter(actor for article in data["articles"].values()
                    for sentence in article["s"].values() for actor in sentence.get("i", []))
    often = sorted(heard, key=lambda i: (-heard[i], data["actors"][i]))
    empty = {name for name in ("notes", "record") if not any(
        telling.rows(name) for telling in tellings)} | ({"frames"} if not coders else set())
    layers = [name for name in LAYERS if name not in empty]
    return {"tellings": [_header(telling, barcode(telling), text=body(telling))
                         for telling in tellings],
            "coders": list(coders), "instruments": list(instruments), "layers": layers,
            "presets": {name: on for name, on in PRESETS.items()
                        if set(on.split()) <= set(layers)},
            "actors": [(i, data["actors"][i]) for i in often],
            "data": embedded_json(data)}


def _passages(telling: Telling, shown: dict[int, str]) -> list[dict]:
    return [{"number": int(row.sentence), "paragraph": int(row.paragraph),
             "words": shown[int(row.sentence)]}
            for row in telling.sentences if int(row.sentence) in shown]
