"""What can be mended in a text without guessing, each change with its count."""

import html
import re
import unicodedata
from collections import Counter

from analysis.corpus import layout
from analysis.corpus.markup import TAG, strip_tags

SPACES = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_UNSEEN = re.compile(r"[\u00ad\u200b\u2060\ufeff]")
_BREAKS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
ENTITY = re.compile(r"&(?:#\d{2,6}|#x[0-9a-f]{2,5}|[a-z]{2,8}\d?);", re.I)
# UTF-8 read as Windows-1252 or Latin-1: a lead byte's letter, then what its next byte looks like.
MOJIBAKE = re.compile("â€[^\\s\\w]|â€\x9d|â€œ|Ã[\x80-\xbf©¨¢ª«´¶¼±§]|Â[\xa0-\xbf]|â\x80[\x80-\xbf]")
_HYPHENED = re.compile(r"(\w+)-\n([a-z]\w*)")
_FEWEST_WORDS = 3
_LOOKED_AT = 8  # a menu, a label and a picture may stand above the headline


def mended(text: str, wrapped: str = "") -> tuple[str, Counter[str]]:
    """Return the text as an article should be, and what was changed how often."""
    done: Counter[str] = Counter()
    if "\n" not in text and text.count("\\n") > 1:  # a table's cell that was written as code
        done["\\n written out"] = text.count("\\n")
        text = text.replace("\\r", "").replace("\\n", "\n")
    text, done["line ends"] = _BREAKS.subn("\n", text)
    text = _unmarked(text, done)
    text = _decoded(text, done)
    text, done["spaces of other kinds"] = SPACES.subn(" ", text)
    text, done["unseen characters"] = _UNSEEN.subn("", text)
    composed = unicodedata.normalize("NFC", text)
    done["letters composed"] = len(text) - len(composed)
    text = _joined(composed, wrapped, done)
    return text, +done


def _unmarked(text: str, done: Counter[str]) -> str:
    for _ in range(2):  # what was escaped twice
        tags = len(TAG.findall(text))
        if tags > 1 and re.search(r"<(p|br|div|a|h\d|li)\b", text, re.I):
            done["markup"] += tags
            text = strip_tags(text)
        text, entities = ENTITY.subn(lambda found: html.unescape(found.group()), text)
        done["entities"] += entities
    return text


def _decoded(text: str, done: Counter[str]) -> str:
    garbled = len(MOJIBAKE.findall(text))
    if not garbled:
        return text
    import ftfy

    # The marks stay curly and the words as they are: only the encoding is put right.
    right = ftfy.fix_encoding(text)
    if len(MOJIBAKE.findall(right)):  # a closing mark whose last byte was lost
        right = re.sub("â€(?:\x9d|\ufffd|(?=[\\s.,;:!?)]|$))", "”", right)
    done["garbled characters"] = garbled - len(MOJIBAKE.findall(right))
    return right


def _joined(text: str, wrapped: str, done: Counter[str]) -> str:
    spans = layout.find_paragraphs(text, wrapped)
    pieces, at = [], 0
    for start, end in spans:
        lines = text[start:end].split("\n")
        if len(lines) > 1:
            words = "\n".join(line.strip() for line in lines)
            words = _HYPHENED.sub(lambda found: _unhyphened(found, text), words)
            done["lines joined"] += len(lines) - 1
            pieces += [text[at:start], words.replace("\n", " ")]
        else:
            pieces += [text[at:end]]
        at = end
    return "".join([*pieces, text[at:]])


def _unhyphened(found: re.Match[str], text: str) -> str:
    """A word cut at a line's end: whole where the text has it whole elsewhere."""
    whole = found[1] + found[2]
    return whole if re.search(rf"\b{re.escape(whole)}\b", text, re.I) else f"{found[1]}-{found[2]}"


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())


def begins_with(text: str, headline: str) -> bool:
    """Whether one of the first paragraphs of a text is its headline."""
    words = _words(headline)
    tops = [text[start:end] for start, end in layout.find_paragraphs(text[:4000])[:_LOOKED_AT]]
    opening = _words(text[: 2 * len(headline) + 40])[: len(words)]
    return not words or any(_words(top) == words for top in tops) or (
        len(words) >= _FEWEST_WORDS and opening == words)
