"""What notebooks show beside pictures: tables, evidence, concordances, annotated articles.

All text of articles and codes is escaped. What carries meaning is an element (mark, u, em, del,
b, sub) or a word, never a colour alone, so that it survives where styles are stripped. A place is
a plain reference such as “Vox ¶ 12”, which the report turns into a link to its reader.
"""

import html
import os
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.definitions import FUNCTIONS, VOICES

__all__ = ["article", "evidence", "excel", "explore", "lines", "reference", "table"]


def __dir__() -> list[str]:
    return __all__


_LEFT, _RIGHT = "text-align:left;vertical-align:top", "text-align:right;vertical-align:top"
_WITHOUT_TEXTS = "ANALYSIS_WITHOUT_TEXTS"  # set for a report that may not show whole articles
_ELEMENTS = {"quoted": "mark", "paraphrased": "u", "self_quoted": "em", "furniture": "del",
             "negative": "u", "positive": "mark"}


class Shown:
    """HTML for a notebook, and the rows that it shows as a DataFrame in ``rows``."""

    def __init__(self, markup: str, rows: pd.DataFrame, text: str):
        self.markup, self.rows, self._text = markup, rows, text

    def _repr_html_(self) -> str:
        return self.markup

    def __repr__(self) -> str:
        return self._text


def _escaped(value: object) -> str:
    """Return untrusted text for HTML, on one line."""
    return html.escape(" ".join(str(value).split()))


def reference(row: Mapping, several: bool = False) -> str:
    """Return the place of a row in words, “Vox ¶ 12”, for the report to link where it can.

    ``several``: whether the outlet has more than one article, so that its id is needed.
    """
    words = _escaped(row.get("outlet", row["article_id"]))
    words += f" ({_escaped(row['article_id'])})" if several else ""
    if not pd.isna(row.get("paragraph")):
        words += f" ¶ {int(row['paragraph'])}"
    if pd.isna(row.get("sentence")):
        return f"<cite>{words}</cite>"
    at = html.escape(f"{row['article_id']}-{int(row['sentence'])}")
    return f'<cite class="ref" data-at="{at}">{words}</cite>'


def _several(rows: pd.DataFrame) -> set[str]:
    """Return the outlets with more than one article among the rows."""
    if "outlet" not in rows:
        return set()
    counts = rows.groupby("outlet", observed=True)["article_id"].nunique()
    return set(counts.index[counts > 1])


# Tables -----------------------------------------------------------------------------------------


def _written(value: object, form: str | Callable | None) -> str:
    missing = value is None or (pd.api.types.is_scalar(value) and pd.isna(value))
    if missing:
        return "–"
    if form:
        return str(form(value) if callable(form) else form.format(value)).replace("-", "−")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return (f"{value:,}" if isinstance(value, int) else f"{value:.2f}").replace("-", "−")
    return " ".join(str(value).split())


def _cell(value: object, form: str | Callable | None, clip: int, number: bool) -> str:
    if isinstance(value, Shown):
        return f'<td style="{_LEFT}">{value.markup}</td>'
    full = _written(value, form)
    text, more = full, ""
    if len(full) > clip:
        text = full[:clip].rsplit(" ", 1)[0] + " …"
        more = f' title="{html.escape(full)}"'
    inner = html.escape(text) if number else f"<bdi>{html.escape(text)}</bdi>"
    return f'<td style="{_RIGHT if number else _LEFT}"{more}>{inner}</td>'


def table(frame: pd.DataFrame | pd.Series, caption: str = "", *, n: int = 30, clip: int = 200,
          formats: Mapping[str, str | Callable] | None = None,
          index: bool | None = None) -> Shown:
    """Show a table for reading: text to the left, numbers to the right, a dash where nothing is.

    Parameters
    ----------
    n : int
        Rows shown; a line says how many there are.
    clip : int
        Characters of a cell; the whole of it appears when the pointer rests on it.
    formats : dict, optional
        For a column (or, for numbers everywhere, ``"*"``) a format such as ``"{:.0%}"``, or a
        function from a value to its text.
    index : bool, optional
        Whether the index is shown; by default unless it merely counts.
    """
    frame = frame.to_frame() if isinstance(frame, pd.Series) else frame
    about = html.escape(caption)
    if frame.empty:
        return Shown(f"<p>{about or 'Table'}: no rows.</p>", frame, f"{caption}: no rows")
    counting = pd.api.types.is_integer_dtype(frame.index) and frame.index.name is None
    keys = 0 if index is False or (index is None and counting) else frame.index.nlevels
    first = frame.head(n)
    cells = first.reset_index(allow_duplicates=True) if keys else first
    cells.columns = [" · ".join(map(str, c)) if isinstance(c, tuple) else str(c)
                     for c in cells.columns]
    if keys and not any(frame.index.names):
        cells.columns = ["", *cells.columns[1:]]
    numeric = [pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind)
               for kind in cells.dtypes]
    forms = [(formats or {}).get(name, (formats or {}).get("*") if number else None)
             for name, number in zip(cells.columns, numeric, strict=True)]
    head = "".join(f'<th scope="col" style="{_RIGHT if number else _LEFT}">{_escaped(name)}</th>'
                   for name, number in zip(cells.columns, numeric, strict=True))
    body = []
    for values in zip(*(cells.iloc[:, i].tolist() for i in range(cells.shape[1])), strict=True):
        row = [_cell(value, form, clip, number)
               for value, form, number in zip(values, forms, numeric, strict=True)]
        row[:keys] = [f'<th scope="row"{cell[3:-5]}</th>' for cell in row[:keys]]
        body.append(f"<tr>{''.join(row)}</tr>")
    rest = f"<p>{n} of {len(frame):,} rows</p>" if len(frame) > n else ""
    label = f"<caption>{about}</caption>" if about else ""
    return Shown(f"<table>{label}<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody>"
                 f"</table>{rest}", frame, f"{caption}\n{first.to_string()}".strip())


def excel(tables: object, path: str | Path) -> Path:
    """Write a DataFrame, or every table of what `load` returned, to an Excel file; return its path.

    Text stays text: a cell that begins with an equals sign is no formula.
    """
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    tables = tables.to_frame() if isinstance(tables, pd.Series) else tables
    tables = tables.rows if isinstance(tables, Shown) else tables
    frames = {"table": tables} if isinstance(tables, pd.DataFrame) else {
        name: frame for name, frame in vars(tables).items()
        if isinstance(frame, pd.DataFrame) and len(frame)}
    with pd.ExcelWriter(path, engine="openpyxl") as book:
        for name, frame in frames.items():
            bare = frame.map(lambda value: ILLEGAL_CHARACTERS_RE.sub(" ", value)
                             if isinstance(value, str) else value)
            counting = isinstance(frame.index, pd.RangeIndex)
            bare.to_excel(book, sheet_name=name[:31], index=not counting, freeze_panes=(1, 0))
            for row in book.sheets[name[:31]].iter_rows():
                for cell in row:
                    cell.data_type = "s" if cell.data_type == "f" else cell.data_type
    return Path(path)


# Evidence ---------------------------------------------------------------------------------------


def _sentences(t, article_id: str, start: int, end: int) -> pd.DataFrame:
    """Return the sentences of an article that share letters with a stretch."""
    own = t.sentences[t.sentences["article_id"] == article_id]
    return own[(own["start"] < end) & (own["end"] > start)]


def evidence(rows: pd.DataFrame, t=None, n: int = 5) -> Shown:
    """Show the first rows as evidence: their words, marked within their sentences, and the place.

    A place such as “Vox ¶ 12” is plain text in a notebook; the report links it to its reader.

    Parameters
    ----------
    rows : DataFrame
        Rows of any located table, in the order that decides which are shown.
    t : Tables, optional
        What `load` returned: needed for the sentences around the words, and for the report’s links.
    """
    parts, several = [], _several(rows if t is None else t.articles)
    for row in rows.head(n).to_dict("records"):
        words = f"<mark>{_escaped(row['text'])}</mark>"
        if t is not None and row["article_id"] in t.texts:
            text, start, end = t.texts[row["article_id"]], int(row["start"]), int(row["end"])
            around = _sentences(t, row["article_id"], start, end)
            low = min([start, *around["start"]])
            high = max([end, *around["end"]])
            words = html.escape(text[start:end])
            if (low, high) != (start, end):
                words = (f"{html.escape(text[low:start])}<mark>{words}</mark>"
                         f"{html.escape(text[end:high])}")
            row |= {"sentence": around["sentence"].iloc[0]} if len(around) else {}
        parts.append(f'<blockquote class="evidence"><p><bdi>{words}</bdi></p>'
                     f"{reference(row, row.get('outlet') in several)}</blockquote>")
    more = f"<p>{n} of {len(rows)}, in the table’s order</p>" if len(rows) > n else ""
    columns = [name for name in ("outlet", "paragraph", "text") if name in rows]
    return Shown("\n".join(parts) + more or "<p>No rows.</p>", rows.head(n),
                 rows[columns].head(n).to_string())


def lines(t, pattern: str, by: str | None = "outlet", voice: str | None = None, n: int = 50,
          width: int = 60) -> Shown:
    """Show each place where a word stands, with what stands around it (a concordance).

    Parameters
    ----------
    pattern : str
        A word or phrase; ``*`` stands for any letters, ``?`` for one; case is ignored.
    by : str, optional
        A column that orders and counts the lines: outlet, voice, paragraph_role.
    voice : str, optional
        Only words in this voice (author, quoted, paraphrased, self_quoted, furniture), by
        ``t.voices``.
    width : int
        Characters on either side.

    Returns
    -------
    Shown
        ``rows`` holds the places: start and end of the words, left and right, voice.
    """
    if voice not in (None, *VOICES):
        raise ValueError(f"no voice {voice!r}; choose among {', '.join(VOICES)}")
    if by and by not in t.voices:
        raise ValueError(f"no column {by!r} to order by; choose among {', '.join(t.voices)}")
    spelled = re.escape(" ".join(pattern.split())).replace(r"\*", r"\w*").replace(r"\?", r"\w")
    spelled = re.sub(r"['‘’]", "['‘’]", spelled).replace(r"\ ", r"\s+")
    found = []
    for piece in t.voices.to_dict("records"):
        if voice in (None, piece["voice"]):
            text, stop = t.texts[piece["article_id"]], piece["end"]
            for hit in re.finditer(rf"(?<!\w){spelled}(?!\w)", text, re.IGNORECASE):
                if piece["start"] <= hit.start() < stop:
                    found.append(piece | {
                        "start": hit.start(), "end": hit.end(), "text": hit.group(),
                        "left": re.sub(r"^\S*\s", "", text[max(0, hit.start() - width):
                                                           hit.start()]),
                        "right": re.sub(r"\s\S*$", "", text[hit.end():hit.end() + width])})
    rows = pd.DataFrame(found, columns=[*t.voices.columns, "left", "right"])
    rows["outlet"] = rows["outlet"].astype(t.voices["outlet"].dtype)
    if rows.empty:
        return Shown(f"<p>“{html.escape(pattern)}” stands nowhere.</p>", rows, "no line")
    return _concordance(t, rows.drop(columns=["place", "words"], errors="ignore"), by, n)


def _concordance(t, rows: pd.DataFrame, by: str | None, n: int) -> Shown:
    numbers, paragraphs = [], []
    for row in rows.to_dict("records"):
        at = _sentences(t, row["article_id"], row["start"], row["end"])
        numbers.append(at["sentence"].iloc[0] if len(at) else None)
        paragraphs.append(at["paragraph"].iloc[0] if len(at) else None)
    rows = rows.assign(sentence=numbers, paragraph=paragraphs)
    if by:
        order = rows[by].cat.codes if isinstance(rows[by].dtype, pd.CategoricalDtype) else rows[by]
        rows = rows.iloc[order.argsort(kind="stable")].reset_index(drop=True)
    counts = rows[by].value_counts(sort=False) if by else pd.Series({"": len(rows)})
    said = ", ".join(f"{_escaped(key)} {count}" for key, count in counts.items())
    several, body = _several(t.articles), []
    for row in rows.head(n).to_dict("records"):
        body.append(
            f'<tr><td style="text-align:right"><bdi>{_escaped(row["left"])}</bdi></td>'
            f'<td style="text-align:center"><mark>{_escaped(row["text"])}</mark></td>'
            f'<td style="text-align:left"><bdi>{_escaped(row["right"])}</bdi></td>'
            f'<td style="text-align:left">{_escaped(row["voice"])}</td>'
            f'<td style="text-align:left">{reference(row, row["outlet"] in several)}</td></tr>')
    more = f"; the first {n} shown" if len(rows) > n else ""
    counted = f"{len(rows)} line{'s' * (len(rows) != 1)}: {said}{more}"
    return Shown(f"<table><caption>{counted}</caption><tbody>"
                 f"{''.join(body)}</tbody></table>", rows,
                 rows[["outlet", "paragraph", "left", "text", "right"]].to_string())


# Articles ---------------------------------------------------------------------------------------


def _signed(value: float) -> str:
    return "not scored" if pd.isna(value) else f"{value:+.2f}".replace("-", "−")


# What marks a row in each layer: an element ("" for none), and the label after its end.
_MARKS: dict[str, Callable[[dict], tuple[str, str]]] = {
    "voices": lambda row: (_ELEMENTS.get(row["voice"], ""), ""),
    "attributions": lambda row: ("mark", f"{row['speaker'] or 'unnamed'}, {row['quote_type']}"),
    "sentiment": lambda row: (
        {1: "mark", -1: "u"}.get(np.sign(row["polarity"]), ""), _signed(row["polarity"])),
    "targets": lambda row: (_ELEMENTS.get(row["polarity"], "b"),
                            f"{row['polarity']} to {row['actor']}"),
    "frames": lambda row: ("", ", ".join(FUNCTIONS.get(key, key)
                                         for key in str(row["entman"]).split())),
    "frame_cues": lambda row: ("u", row["category"]),
    "agency": lambda row: ("b", f"{row['role']}: {row['actor'] or row['verb']}"),
}


def _marks(layer: str, rows: pd.DataFrame) -> list[tuple[int, int, str, str]]:
    """Return a layer's marks: start, end, element, and the label after the end."""
    made: list[tuple[int, int, str, str]] = []
    for row in rows.to_dict("records"):
        element, label = _MARKS[layer](row)
        if layer == "attributions" and not pd.isna(row["cue_start"]):
            made.append((int(row["cue_start"]), int(row["cue_end"]), "b", ""))
        made.append((int(row["start"]), int(row["end"]), element, str(label).replace("_", " ")))
    return [mark for mark in made if mark[0] < mark[1]]


LAYERS = {
    "voices": "<mark>quoted</mark>, <u>paraphrased</u>, <em>the author quoting an earlier piece"
    "</em>, <del>page furniture, set aside</del>; unmarked: the author",
    "attributions": "<mark>words given to somebody</mark> <sub>[who, in what form]</sub>, "
    "<b>cue</b>",
    "sentiment": "<mark>positive</mark> and <u>negative</u> sentences <sub>[polarity]</sub>",
    "targets": "a mention with what is held toward the actor: <mark>positive</mark>, "
    "<b>neutral</b>, <u>negative</u> <sub>[polarity and actor]</sub>",
    "frames": f"after each sentence <sub>[what it does: {', '.join(FUNCTIONS.values())}]</sub>",
    "frame_cues": "<u>words of the cue lists</u> <sub>[category]</sub>",
    "agency": "<b>who acts or is acted on</b> <sub>[agent, patient; agentless passive]</sub>",
}


def _layer_rows(t, layer: str, article_id: str, by: str | None) -> tuple[pd.DataFrame, str]:
    """Return an article's rows of one reading, and whose it is."""
    if layer not in LAYERS:
        raise ValueError(f"no layer {layer!r}; choose among {', '.join(LAYERS)}")
    rows = getattr(t, layer)
    rows = rows[rows["article_id"] == article_id]
    if "by" not in rows:
        return rows, ""
    chosen = rows[rows["used"]] if by is None else rows[rows["by"] == by]
    known = list(dict.fromkeys(getattr(t, layer)["by"]))
    if by is not None and by not in known:
        raise ValueError(f"nobody called {by!r} in {layer}; there are {', '.join(known)}")
    return chosen, f", by {' and '.join(dict.fromkeys(chosen['by'])) or by or 'nobody: not coded'}"


def _pieces(text: str, start: int, end: int, marks: Iterable[tuple]) -> str:
    """Return a stretch of text as HTML, cut flat at the ends of marks, letter for letter."""
    inside = [mark for mark in marks if mark[0] < end and mark[1] > start]
    cuts = sorted({start, end, *(cut for mark in inside for cut in mark[:2] if start < cut < end)})
    out = []
    for left, right in zip(cuts, cuts[1:], strict=False):
        names = sorted({m[2] for m in inside if m[2] and m[0] < right and m[1] > left})
        out += [*(f"<{name}>" for name in names), html.escape(text[left:right]),
                *(f"</{name}>" for name in reversed(names))]
        labels = dict.fromkeys(m[3] for m in inside if m[3] and m[1] == right)
        out += [f" <sub>[{html.escape('; '.join(labels))}]</sub>"] if labels else []
    return "".join(out)


def article(t, article_id: str, layer: str = "voices", by: str | None = None,
            actor: str | None = None) -> Shown:
    """Show an article with one reading laid over it, and a legend in words.

    Parameters
    ----------
    layer : {"voices", "attributions", "sentiment", "targets", "frames", "frame_cues", "agency"}
    by : str, optional
        The coder or instrument; by default the reading that is used.
    actor : str, optional
        Its mentions are set in bold too.

    Raises
    ------
    KeyError, ValueError
        If there is no such article, layer or reading; the message names those there are.
    """
    if article_id not in t.texts:
        raise KeyError(f"no article {article_id!r}; there are {', '.join(t.texts)}")
    facts = t.articles[t.articles["article_id"] == article_id].iloc[0]
    rows, who = _layer_rows(t, layer, article_id, by)
    title = f"<b>{_escaped(facts['outlet'])}: {_escaped(facts['headline'] or article_id)}</b>"
    if os.environ.get(_WITHOUT_TEXTS):
        return Shown("<p>This report leaves out the text of the articles.</p>", rows, "left out")
    marks, legend = _marks(layer, rows), LAYERS[layer]
    if actor:
        named = t.mentions[(t.mentions["article_id"] == article_id)
                           & (t.mentions["actor"] == actor)]
        marks += [(int(row.start), int(row.end), "b", "") for row in named.itertuples()]
        legend += (f"; <b>{len(named)} mention{'s' * (len(named) != 1)} of {_escaped(actor)}</b>")
    out = [f'<div class="shown"><p>{title}</p><p>{layer.replace("_", " ")}{_escaped(who)}: '
           f"{legend}</p>"]
    for row in t.paragraphs[t.paragraphs["article_id"] == article_id].itertuples():
        tag = "blockquote" if row.role in ("block_quotation", "self_quotation") else "p"
        inner = _pieces(t.texts[article_id], int(row.start), int(row.end), marks)
        bold = row.role in ("headline", "heading")
        out.append(f"<{tag}>{'<b>' * bold}{inner}{'</b>' * bold} <sub>¶ {row.paragraph}</sub>"
                   f"</{tag}>")
    return Shown("\n".join([*out, "</div>"]), rows, f"{facts['outlet']}, {layer}{who}")


def explore(t, live: bool = False):
    """Return an explorer: choose article, layer, coder or instrument, and actor.

    Without ``live`` this is the first article with its voices, static, so that a saved notebook
    shows it; with ``live`` it needs a running kernel. Tab and the arrow keys move through it, and
    the text keeps its place when another layer is chosen.
    """
    first = t.articles["article_id"].iloc[0]
    if not live:
        return article(t, first)
    import ipywidgets as widgets
    from IPython.display import HTML, display

    names = {f"{row.outlet}: {row.headline or row.article_id}"[:80]: row.article_id
             for row in t.articles.itertuples()}
    choose = {name: widgets.Dropdown(options=options, description=name) for name, options in (
        ("article", names), ("layer", list(LAYERS)), ("by", [""]),
        ("actor", ["", *dict.fromkeys(t.mentions["actor"])]))}
    view = widgets.HTML()

    def readings(*_) -> None:
        rows = getattr(t, choose["layer"].value)
        choose["by"].options = [("as used", "")] + [
            (name, name) for name in dict.fromkeys(rows.get("by", []))]

    def redraw(*_) -> None:
        view.value = article(t, choose["article"].value, choose["layer"].value,
                             choose["by"].value or None, choose["actor"].value or None).markup

    choose["layer"].observe(readings, names="value")
    readings()
    for control in choose.values():
        control.observe(redraw, names="value")
    redraw()
    box = widgets.VBox([widgets.HBox(list(choose.values()), layout={"flex_flow": "row wrap"}),
                        widgets.Box([view], layout={"max_height": "34rem", "overflow": "auto"})])
    # JupyterLab takes the arrow keys of what has the focus, unless that very element forbids it.
    box.add_class("explorer-of-articles")
    display(HTML("<script>document.addEventListener('focusin', event => event.target.closest("
                 "'.explorer-of-articles') && event.target.setAttribute("
                 "'data-lm-suppress-shortcuts', 'true'))</script>"))
    return box
