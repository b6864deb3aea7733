"""What notebooks print: computed headings, evidence, tables. All article text is escaped."""

import html
import re
from collections.abc import Callable

import pandas as pd
from IPython.display import HTML, Markdown, display

# Columns that hold names of the tables' own, such as block_quotation; they are shown as words.
_CODED = {"category", "family", "features", "given", "role", "verdict"}
_MARKDOWN = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]<>#|$~&"})


def plain(text: str) -> str:
    """Return untrusted text so that Markdown shows it as it is."""
    return " ".join(text.split()).translate(_MARKDOWN)


def heading(text: str, level: int = 2) -> None:
    """Display a computed heading; ``text`` is a finding, never article text."""
    display(Markdown(f"{'#' * level} {text}"))


def markdown(*paragraphs: str) -> None:
    """Display running text whose numbers were computed; one argument a paragraph."""
    display(Markdown("\n\n".join(paragraphs)))


def term(text: str) -> str:
    """Return a counted term as it is printed: the pronoun I is a capital, the apostrophe curly."""
    return re.sub(r"\bi\b(?!')", "I", text).replace("'", "’")


def percent(share: float, digits: int = 0) -> str:
    """Return a share as a percentage with a space, "–" where it is missing."""
    return "–" if pd.isna(share) else f"{100 * share:.{digits}f} %"


def signed(value: float, digits: int = 2) -> str:
    """Return a number with its sign, a true minus included; "–" where it is missing."""
    return "–" if pd.isna(value) else f"{value:+.{digits}f}".replace("-", "−")


def p_value(p: float) -> str:
    """Return a p-value as "p = .013" or "p < .001"."""
    if pd.isna(p):
        return "p not testable"
    return "p < .001" if p < 0.0005 else f"p = {p:.3f}".replace("0.", ".")


def listing(names: list[str]) -> str:
    """Return names as a reader lists them: "A", "A and B", "A, B and C"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def quote(study, article_id: str, start: int, end: int) -> str:
    """Return the words of an article with outlet, paragraph and link, as an HTML block quotation.

    The link leads to the sentence in the reader: ``reader.html#<article_id>-<sentence>``.
    """
    words = " ".join(study.corpus.texts[article_id][start:end].split())
    sentences = study.sentences[study.sentences["article_id"] == article_id]
    inside = sentences[(sentences["start"] <= start) & (start < sentences["end"])]
    article = study.corpus.articles.set_index("article_id").loc[article_id]
    where = html.escape(article["outlet"])
    if len(inside):
        row = inside.iloc[0]
        anchor = html.escape(f"reader.html#{article_id}-{row['sentence']}", quote=True)
        where = f'<a href="{anchor}">{where}, paragraph {row["paragraph"]}</a>'
    return (f'<blockquote class="evidence"><p><bdi>{html.escape(words)}</bdi></p>'
            f"<footer>{where}</footer></blockquote>")


def evidence(study, *places: tuple[str, int, int]) -> None:
    """Display evidence: for each (article_id, start, end) its words, outlet and place."""
    display(HTML("\n".join(quote(study, *place) for place in places)))


def _cell(value: object) -> str:
    if isinstance(value, HTML):
        return value.data
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return "–"
    if isinstance(value, float):
        return f"{value:.2f}".replace("-", "−")
    return f"<bdi>{html.escape(str(value))}</bdi>" if isinstance(value, str) else str(value)


def table(frame: pd.DataFrame, caption: str,
          formats: dict[str, Callable[[object], str]] | None = None, index: bool = False) -> HTML:
    """Return a table for readers: a caption, column headers, numbers to the right, text escaped.

    Where there are no rows, a line that says so.

    Parameters
    ----------
    formats : dict, optional
        For a column, the function that writes its cells.
    index : bool
        Whether the index is shown, as the header of each row.
    """
    if frame.empty:
        return HTML(f"<p>{html.escape(caption)}: nothing in this corpus.</p>")
    formats = formats or {}
    shown = frame.reset_index() if index else frame
    numeric = {name for name in shown.columns if pd.api.types.is_numeric_dtype(shown[name])}
    mark, rows = ' class="number"', []
    for record in shown.to_dict("records"):
        cells = []
        for position, (name, value) in enumerate(record.items()):
            value = value.replace("_", " ") if name in _CODED and isinstance(value, str) else value
            text = html.escape(formats[name](value)) if name in formats else _cell(value)
            cells.append(f'<th scope="row">{text}</th>' if index and position == 0
                         else f"<td{mark if name in numeric else ''}>{text}</td>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    heads = "".join(
        f'<th scope="col"{mark if name in numeric else ""}>'
        f"{html.escape(str(name).replace('_', ' '))}</th>" for name in shown.columns)
    label = html.escape(caption, quote=True)
    return HTML(
        f'<div class="table" role="region" tabindex="0" aria-label="{label}">'
        f"<table><caption>{html.escape(caption)}</caption><thead><tr>{heads}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table></div>")


def show_article(article_id: str, *_layers, **_more):
    """Show an article as the notebooks of before ask for it."""
    from analysis import load, show

    return show.article(load(), article_id)


def explore(*_study, live: bool = False):
    """Explore the articles as the notebooks of before ask for it."""
    from analysis import load, show

    return show.explore(load(), live)
