"""Text out of markup, where tags stand in a text that should be plain."""

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(["p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol",
                     "table", "blockquote", "section", "article", "header", "footer", "hr", "pre",
                     "figure", "figcaption", "dd", "dt", "title"])
_HIDDEN = frozenset(["script", "style", "noscript", "template", "svg"])
TAG = re.compile(r"</?(?:p|div|br|span|a|b|i|em|strong|h[1-6]|ul|ol|li|img|figure|table|tr|td|html"
                 r"|body|head|script|blockquote)(?:\s[^<>]*)?/?>", re.I)


class _Stripper(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in _HIDDEN
        self.pieces.append("\n" if tag in _BLOCKS else " " if tag == "td" else "")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in _HIDDEN and self.hidden > 0
        self.pieces.append("\n" if tag in _BLOCKS and tag != "br" else "")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.pieces.append(data)


def strip_tags(text: str) -> str:
    """Return the words between the tags, a paragraph for each block."""
    parser = _Stripper()
    parser.feed(text)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.pieces).split("\n"))
    return "\n\n".join(line for line in lines if line)
