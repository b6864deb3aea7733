"""A table as a picture: rows and columns are what is drawn.

Hue means outlet and nothing else; the rest is ink, grey, texture and place. Each function takes a
table and returns a `Picture`, or a sentence where there is nothing to draw.
"""

import base64
import html
import io
import os
import re
import textwrap
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from matplotlib.ticker import MaxNLocator

from analysis.corpus.disk import csv_bytes

INK, MUTED, RULE, PAPER = "#1A1A1A", "#595959", "#BFBFBF", "#FFFFFF"
# Apart under the common colour-vision deficiencies and in grey, and at least 3:1 on white.
HUES = ("#3A1C5C", "#00788A", "#CF7A00")
# The same three for pages in dark mode: lightened until 4.5:1 on the dark paper.
_DARK_HUES = ("#A27FE6", "#3DB8CB", "#FFC066")
_MARKERS, _LINES = ("o", "s", "^"), ("-", "--", ":")
# Of categories, in their order: how much of the hue fills a piece, and the hatching over it.
_TEXTURES = ((1.0, ""), (0.0, "/////"), (0.3, ""), (0.0, "xxxxx"), (0.0, ""), (0.6, "....."),
             (0.0, "-----"))
_TINTS = (1.0, 0.55, 0.3, 0.14)  # of the segments of a stacked bar
FOLDER, ONLY = "ANALYSIS_FIGURES", "ANALYSIS_ONLY"  # set by the commands that write figures
_TYPE = 8.5  # points; every size below is meant at this one
_RC = {
    "font.family": "DejaVu Sans", "text.color": INK, "text.parse_math": False,
    "axes.edgecolor": MUTED, "axes.labelcolor": MUTED, "axes.linewidth": 0.6,
    "axes.spines.top": False, "axes.spines.right": False, "axes.titleweight": "bold",
    "axes.titlelocation": "left", "axes.titlesize": "medium", "axes.labelsize": "medium",
    "xtick.color": MUTED, "ytick.color": MUTED, "xtick.labelsize": "medium",
    "ytick.labelsize": "medium", "xtick.major.width": 0.6, "ytick.major.width": 0.6,
    "legend.frameon": False, "svg.hashsalt": "three-tellings", "svg.fonttype": "path",
    "figure.facecolor": PAPER, "savefig.facecolor": PAPER, "axes.unicode_minus": True,
    "hatch.linewidth": 0.7,
}
# What this kernel drew, by name: `plot.drawn["speakers"].save("slide.png", size=(8, 4.5))`.
drawn: dict[str, "Picture | Nothing"] = {}
__all__ = ["bars", "curve", "dots", "drawn", "heat", "lines", "stripes", "style"]


def __dir__() -> list[str]:
    return __all__


@dataclass(frozen=True)
class Setting:
    """How pictures look: inches, points, dots an inch, hues in the order of the outlets.

    Attributes
    ----------
    hues : sequence of str, or dict from outlet to colour
    outlets : sequence of str
        The order of outlets where a table's labels are no ordered categories.
    """

    width: float = 7.2
    type: float = _TYPE
    dpi: int = 150
    hues: Sequence[str] | Mapping[str, str] = HUES
    outlets: Sequence[str] = field(default=())


_setting = Setting()
Height = float | Callable[[Setting], float]  # inches of the marks


def style(**changes) -> None:
    """Set the look of every later picture, as ``style(type=11, width=9)``; no argument resets it.

    See `Setting` for the names.
    """
    global _setting
    _setting = replace(_setting, **changes) if changes else Setting()


@dataclass(frozen=True)
class Look:
    """How an outlet is told apart: by hue, and by marker and line for those who see none."""

    color: str
    marker: str
    line: str


_INKED = Look(INK, "o", "-")


def outlet_looks(outlets: Sequence[str], hues: Sequence[str] | Mapping[str, str] = HUES
                 ) -> dict[str, Look]:
    """Return each outlet's look, by its place in the one order; beyond the hues, in ink."""
    if not isinstance(hues, Mapping):
        plain = len(outlets) > len(hues)
        hues = {name: INK if plain else hues[i] for i, name in enumerate(outlets)}
    return {name: Look(hues.get(name, INK), _MARKERS[i % 3], _LINES[i % 3])
            for i, name in enumerate(outlets)}


def page_colors(outlets: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return each outlet's colour on light and on dark paper, for pages."""
    if len(outlets) > len(HUES):
        return dict.fromkeys(outlets, (INK, "#E8E8E8"))
    return {name: (HUES[i], _DARK_HUES[i]) for i, name in enumerate(outlets)}


def tint(color: str, share: float) -> str:
    """Return a colour mixed with paper: 0 is paper, 1 the colour."""
    red, green, blue = (1 - share * (1 - part) for part in to_rgb(color))
    return to_hex((red, green, blue))


def readable_on(color: str) -> str:
    """Return ink or paper, whichever stands out more from a colour."""
    parts = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in to_rgb(color)]
    return PAPER if np.dot(parts, (0.2126, 0.7152, 0.0722)) < 0.2 else INK


def _looks(labels: pd.Index | pd.Series, setting: Setting) -> Mapping[Any, Look]:
    """Return the looks of labels: outlets in their one order; names of anything else, in ink."""
    kinds = list(dict.fromkeys(labels))
    if labels.name not in (None, "outlet"):
        return dict.fromkeys(kinds, _INKED)
    if isinstance(labels.dtype, pd.CategoricalDtype):
        order = list(labels.dtype.categories)
    else:
        order = list(setting.outlets) if set(kinds) <= set(setting.outlets) else kinds
    return outlet_looks(order, setting.hues)


# Words ------------------------------------------------------------------------------------------


def _clean(text: object) -> str:
    """Return a text without what no font or file can hold: control marks, halves of characters."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+", " ", str(text))


def _say(label: object, width: int = 30) -> str:
    """Return a label as it is printed: one line, names of code as words, not too long."""
    parts = [str(part) for part in (label if isinstance(label, tuple) else (label,))]
    parts = [part.replace("_", " ") if re.fullmatch("[a-z0-9_]+", part) else part for part in parts]
    text = " ".join(_clean(" · ".join(parts)).split())
    if len(text) <= width:
        return text
    return textwrap.shorten(text, width, placeholder="…") if " " in text[:width] else (
        text[: width - 1] + "…")


def _writer(values: object, unit: str | None = None) -> Callable[[float], str]:
    """Return how numbers are printed, by what they are: counts, shares or measures."""
    try:
        found = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError("a picture draws numbers, and this table holds words; count rows with "
                         "pd.crosstab, or leave the column out") from None
    found = found[np.isfinite(found)]
    whole = bool(len(found)) and bool((found == found.round()).all())
    floats = np.asarray(values).dtype.kind == "f"
    unit = unit or ("count" if whole and (not floats or found.max() > 1) else
                    "share" if len(found) and 0 <= found.min() <= found.max() <= 1 else "measure")
    most = float(np.abs(found).max()) if len(found) else 0.0

    def write(value: float) -> str:
        if pd.isna(value):
            return "–"
        if unit == "share":
            return "<1 %" if 0 < value < 0.005 else f"{100 * value:.0f} %"
        if unit == "count":
            return f"{value:,.0f}".replace("-", "−")
        return f"{value:.{2 if most < 10 else 1 if most < 100 else 0}f}".replace("-", "−")

    return write


def _inches(text: str, size: float, weight: str = "normal") -> float:
    font = FontProperties(family="DejaVu Sans", weight=weight, size=size)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a script that the font lacks is drawn as boxes
        return text_to_path.get_text_width_height_descent(text, font, ismath=False)[0] / 72


def _wrapped(text: str, size: float, weight: str, width: float) -> list[str]:
    """Break a text into lines of at most ``width`` inches."""
    lines: list[str] = []
    for word in re.sub(r"(?<=\d) (?=%)", "\u00a0", _clean(text)).split(" "):  # "33 %" is whole
        if lines and _inches(f"{lines[-1]} {word}", size, weight) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines if text else []


# Pictures ---------------------------------------------------------------------------------------


class Picture:
    """A table drawn, with title, subtitle, note and alternative text; a notebook shows it.

    Attributes
    ----------
    table : DataFrame
        What is drawn, nothing more; saved beside the picture as CSV.
    alt : str
        Chart, measure, pattern and telling values, made from ``table``.
    """

    def __init__(self, draw: Callable[[Figure, Setting], None], height: Height,
                 table: pd.DataFrame, alt: str, name: str | None, parts: Mapping[str, str]):
        self._draw, self._height, self._setting = draw, height, _setting
        self.table, self.alt, self.name = table, _clean(alt), name
        self.title, self.subtitle, self.note = (
            parts.get(part, "") for part in ("title", "subtitle", "note"))

    def figure(self, size: tuple[float, float] | None = None, **look) -> Figure:
        """Return a matplotlib figure, newly drawn; ``size`` in inches, ``look`` as in `style`."""
        setting = replace(self._setting, **look)
        scale, width = setting.type / _TYPE, size[0] if size else setting.width
        setting = replace(setting, width=width)
        blocks = [(_wrapped(text, points * scale, weight, width - 0.24), points * scale, weight,
                   color) for text, points, weight, color in (
                       (self.title, 11.5, "bold", INK), (self.subtitle, 8.5, "normal", MUTED),
                       (self.note, 7.2, "normal", MUTED))]
        tall = [sum(1.35 * points / 72 for _ in lines) for lines, points, *_ in blocks]
        head, foot = 0.12 + tall[0] + tall[1] + 0.1 * scale, 0.1 + tall[2] + 0.08 * scale
        marks = self._height(setting) if callable(self._height) else self._height * scale
        height = size[1] if size else head + marks + foot
        if size and height - head - foot < 0.5:
            raise ValueError(f"{size} inches leave no room for the marks; give a larger size, a "
                             "smaller type, or a shorter title and note")
        with mpl.rc_context(_RC | {"font.size": setting.type}), warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*Glyph .* missing from")
            figure = Figure(figsize=(width, height), dpi=setting.dpi, layout="constrained")
            FigureCanvasAgg(figure)
            figure.get_layout_engine().set(
                rect=(0.01, foot / height, 0.98, (height - head - foot) / height))
            self._draw(figure, setting)
            for (lines, points, weight, color), top in zip(
                    blocks, (height - 0.12, height - 0.12 - tall[0], tall[2] + 0.1), strict=True):
                for place, line in enumerate(lines):
                    figure.text(0.12 / width, (top - place * 1.35 * points / 72) / height, line,
                                size=points, weight=weight, color=color, va="top")
            figure.get_layout_engine().execute(figure)
            figure.set_layout_engine(None)  # laid out once; each file would do it twice again
        return figure

    def _rendered(self, kind: str, size: tuple[float, float] | None = None, **look) -> bytes:
        about = {"svg": {"Date": None, "Creator": None, "Title": _clean(self.title),
                         "Description": self.alt},
                 "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
                 "png": {"Software": None}}
        figure, buffer = self.figure(size, **look), io.BytesIO()
        with mpl.rc_context(_RC), warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*Glyph .* missing from")
            figure.savefig(buffer, format=kind, metadata=about.get(kind), dpi=figure.dpi)
        made = buffer.getvalue()
        if kind == "svg":  # a clip path is named by its address; its place in the file does as well
            clips = dict.fromkeys(re.findall(rb'<clipPath id="(p[0-9a-f]+)"', made))
            for number, clip in enumerate(clips, start=1):
                made = made.replace(b'"' + clip + b'"', b'"clip%d"' % number)
                made = made.replace(b"(#" + clip + b")", b"(#clip%d)" % number)
        return made

    def png(self) -> bytes:
        """Return the picture as PNG, the same bytes each time."""
        return self._rendered("png")

    def svg(self) -> bytes:
        """Return the picture as SVG, the same bytes each time."""
        return self._rendered("svg")

    def csv(self) -> bytes:
        """Return the table that is drawn as CSV."""
        bare = isinstance(self.table.index, pd.RangeIndex) and self.table.index.name is None
        table = self.table.copy()
        table.columns = [" · ".join(map(str, c)) if isinstance(c, tuple) else str(c)
                         for c in table.columns]
        return csv_bytes(table if bare else table.reset_index(allow_duplicates=True))

    def save(self, path: str | Path, size: tuple[float, float] | None = None, **look) -> Path:
        """Write the picture to a file whose ending names its kind: png, svg, pdf.

        Parameters
        ----------
        size : (width, height), optional
            Inches of the whole picture, as (8, 4.5) for a slide.
        **look
            ``dpi``, ``type`` (points), ``hues``, as in `style`.
        """
        path = Path(path)
        path.write_bytes(self._rendered(path.suffix.lstrip(".").lower() or "png", size, **look))
        return path

    def _repr_mimebundle_(self, include=None, exclude=None) -> tuple[dict, dict]:
        about = {"alt": self.alt, "width": round(self._setting.width * 100),
                 "title": self.title, "note": self.note} | (
                     {"name": self.name} if self.name else {})
        table = f"{self.title}\n{self.table.to_string(max_rows=40)}".strip()
        return ({"image/png": base64.b64encode(self.png()).decode(), "text/plain": table},
                {"image/png": about})

    def __repr__(self) -> str:
        return f"<Picture {self.name or 'without a name'}: {self.alt}>"


class Nothing:
    """What stands in place of a picture that has nothing to show: a sentence."""

    def __init__(self, title: str, alt: str):
        self.alt, self.name, self.table = alt, None, pd.DataFrame()
        self.title = title

    def save(self, *_args, **_look) -> None:
        """Write no file."""

    def _repr_html_(self) -> str:
        return f"<p><em>{html.escape(self.alt)}</em></p>"

    def __repr__(self) -> str:
        return self.alt


def _picture(draw: Callable | None, height: Height, table: pd.DataFrame, alt: str,
             name: str | None, parts: Mapping[str, str | None]) -> Picture | Nothing:
    """Return the picture, and write its files where a command asks for them."""
    unknown = set(parts) - {"title", "subtitle", "note", "alt"}
    if unknown:
        raise TypeError(f"no argument {sorted(unknown)[0]!r}; give title, subtitle, note or alt")
    folder = os.environ.get(FOLDER)
    if name is not None and not re.fullmatch(r"[a-z0-9][a-z0-9-]*", name):
        raise ValueError(f"{name!r} names no figure: use small letters, digits and hyphens")
    if folder and name in drawn:
        raise ValueError(f"two figures are called {name!r}; give one of them another name")
    title = parts.get("title") or ""
    if draw is None:
        about = _clean(title or parts.get("subtitle") or "the table is empty").rstrip(".")
        return _named(name, Nothing(title, f"Nothing to draw: {about}."))
    picture = Picture(draw, height, table, parts.get("alt") or alt, name,
                      {key: text or "" for key, text in parts.items()})
    only = os.environ.get(ONLY, "").split()
    if folder and name and (not only or name in only):
        for kind, made in (("svg", picture.svg), ("png", picture.png), ("csv", picture.csv)):
            Path(folder, f"{name}.{kind}").write_bytes(made())
    return _named(name, picture)


def _named(name: str | None, picture: "Picture | Nothing") -> "Picture | Nothing":
    if name is not None:
        drawn[name] = picture
    return picture


def _about(parts: Mapping[str, str | None]) -> str:
    """Return what is measured, for the alternative text."""
    return (parts.get("subtitle") or parts.get("title") or "values").rstrip(".")


def _highest(table: pd.DataFrame, write: Callable[[float], str]) -> str:
    """Return where each column is highest, at most four of them, as a sentence."""
    tops = [f"{_say(table.columns[i])} is highest in {_say(column.idxmax())} "
            f"({write(column.max())})"
            for i in range(table.shape[1]) if (column := table.iloc[:, i]).notna().any()]
    more = f"; {len(tops) - 4} more columns" if len(tops) > 4 else ""
    return "; ".join(tops[:4]) + more + "."


def _numbers(table: pd.DataFrame | pd.Series) -> pd.DataFrame:
    table = table.to_frame() if isinstance(table, pd.Series) else table
    return table.astype(float) if len(table) else table


def _empty(table: pd.DataFrame | pd.Series) -> bool:
    return table.size == 0 or bool(pd.isna(table).to_numpy().all())


def _kinds(column: pd.Series) -> list:
    """Return the values of a column in their order, else as they come."""
    ordered = isinstance(column.dtype, pd.CategoricalDtype)
    return list(column.cat.categories if ordered else dict.fromkeys(column.dropna()))


def _bare(axes: Axes) -> None:
    """Leave the marks alone: no frame, no ticks."""
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, labelcolor=INK)


# Forms ------------------------------------------------------------------------------------------


def bars(table: pd.DataFrame, name: str | None = None, *, marks: pd.DataFrame | None = None,
         marks_are: str = "", columns: int = 3, unit: str | None = None, stacked: bool = False,
         sort: bool = False, **parts: str | None) -> Picture | Nothing:
    """Draw small panels, one a row of the table, with a bar a column (an outlet) from zero.

    Parameters
    ----------
    table : DataFrame
        Shares, counts or rates; a missing one is printed as a dash.
    name : str, optional
        The figure's file name, unique; left out while trying.
    marks : DataFrame, optional
        A second reading, drawn as upright strokes, its numbers in brackets; ``marks_are`` says
        in the picture whose it is.
    unit : {"share", "count", "measure"}, optional
        How numbers are printed; by default what the values look like.
    stacked : bool
        One bar a column instead, with the rows as its segments, in the table's order or, with
        ``sort``, the longest first. What is too small for its name is listed below the bar.
    **parts
        ``title``, ``subtitle``, ``note``, ``alt``.
    """
    write = _writer(table, unit)
    if _empty(table):
        return _picture(None, 0, table, "", name, parts)
    values = _numbers(table)
    if stacked:
        return _stacked(table, values, write, sort, name, parts)
    columns = max(1, min(columns, len(values)))
    rows = -(-len(values) // columns)
    second = None if marks is None else marks.reindex(
        index=values.index, columns=values.columns).astype(float)
    longest = np.nanmax([values.max().max(), 0 if second is None else second.max().max()]) or 1

    def draw(figure: Figure, setting: Setting) -> None:
        looks = _looks(values.columns, setting)
        panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        for place, (axes, (row, cells)) in enumerate(zip(panels.flat, values.iterrows(),
                                                          strict=False)):
            axes.barh(range(len(cells)), cells.fillna(0), height=0.66,
                      color=[looks[outlet].color for outlet in cells.index])
            for y, value in enumerate(cells):
                mark = np.nan if second is None else second.iloc[place, y]
                label = write(value) + ("" if pd.isna(mark) else f" ({write(mark)})")
                axes.plot([mark, mark], [y - 0.42, y + 0.42], color=INK, linewidth=1.3)
                axes.annotate(label, (np.nanmax([value, mark, 0]), y), (4, 0), color=INK,
                              textcoords="offset points", va="center", size="small")
            axes.axvline(0, color=MUTED, linewidth=0.6)
            axes.set_title(_say(row, 34))
            axes.set_xticks([])
            _bare(axes)
        for axes in list(panels.flat)[len(values):]:
            axes.set_visible(False)
        panels[0, 0].set_yticks(range(values.shape[1]), [_say(o, 22) for o in values.columns])
        panels[0, 0].set_ylim(values.shape[1] - 0.4, -0.6)
        panels[0, 0].set_xlim(min(0, np.nanmin(values)), longest * (1.35 if marks is None else 1.6))

    if second is not None:
        key = f"Upright stroke and number in brackets: {marks_are or 'a second reading'}."
        parts["note"] = f"{key} {parts.get('note') or ''}".strip()
    count = f"{len(values)} panel{'s' * (len(values) > 1)}"
    return _picture(draw, rows * (0.36 + 0.19 * values.shape[1]),
                    table, f"Bars in {count}: {_about(parts)}. {_highest(values, write)}", name,
                    parts)


def _stacked(table: pd.DataFrame, values: pd.DataFrame, write: Callable, sort: bool,
             name: str | None, parts: Mapping[str, str | None]) -> Picture | Nothing:
    whole = float(values.sum().max()) or 1.0

    def laid_out(setting: Setting) -> tuple[list, float]:
        """Return for each bar its pieces (in inches), the words below it and its top."""
        laid, y, inner = [], 0.0, 0.96 * setting.width
        for column, cells in values.items():
            left, rest, pieces, sizes = 0.0, [], [], cells.fillna(0).to_numpy()
            order = [i for i in (np.argsort(-sizes, kind="stable") if sort else range(len(sizes)))
                     if sizes[i] > 0]
            for place, i in enumerate(order):
                shade = _TINTS[(place if sort else i) % len(_TINTS)]
                label = f"{_say(values.index[i])} {write(sizes[i])}"
                wide = sizes[i] / whole * inner
                fits = _inches(label, 0.84 * setting.type) + 0.12 < wide
                rest += [] if fits else [label]
                pieces.append((left, wide, shade, label if fits else ""))
                left += wide
            then = "then " if 0 < len(rest) < len(order) and sort else "too narrow for a label: "
            words = _wrapped(then + ", ".join(rest), 0.84 * setting.type, "normal",
                             inner) if rest else []
            laid.append((column, cells.sum(), pieces, words, y))
            y += (3.3 + 1.05 * len(words)) * setting.type / 62
        return laid, y

    def draw(figure: Figure, setting: Setting) -> None:
        axes, looks, line = figure.subplots(), _looks(values.columns, setting), setting.type / 62
        laid, tall = laid_out(setting)
        for column, total, pieces, words, y in laid:
            at = [(0, y + 0.6 * line, _say(column), INK, "medium", "bold"),
                  (_inches(f"{_say(column)}  ", setting.type, "bold"), y + 0.6 * line,
                   f"{write(total)} in all".removeprefix("100 % in all"), MUTED, "small",
                   "normal")]
            for left, wide, shade, label in pieces:
                color = tint(looks[column].color, shade)
                axes.barh(y + 1.9 * line, wide, left=left, height=1.5 * line, color=color,
                          edgecolor=PAPER, linewidth=1.2)
                at.append((left + 0.05, y + 1.9 * line, label, readable_on(color), "small",
                           "normal"))
            at += [(0, y + (3.2 + place) * line, text, MUTED, "small", "normal")
                   for place, text in enumerate(words)]
            for left, top, text, color, size, weight in at:
                axes.text(left, top, text, va="center", color=color, size=size, weight=weight,
                          in_layout=False)
        axes.set(xlim=(0, 0.96 * setting.width), ylim=(tall, 0), xticks=[], yticks=[])
        _bare(axes)

    return _picture(draw, lambda setting: laid_out(setting)[1], table,
                    f"Stacked bars, a segment a row: {_about(parts)}. {_highest(values, write)}",
                    name, parts)


def heat(table: pd.DataFrame, name: str | None = None, *, unit: str | None = None,
         by: str = "table", **parts: str | None) -> Picture | Nothing:
    """Draw a grey map with the number in each cell: darker is more, on one scale from zero.

    Parameters
    ----------
    by : {"table", "row", "column"}
        What the darkest grey stands for: the highest value of the table, or for each row
        (column) all of its sum, so that greys are shares though counts are printed.
    """
    write = _writer(table, unit)
    if _empty(table):
        return _picture(None, 0, table, "", name, parts)
    values = _numbers(table)
    sums = {"row": values.sum(axis=1), "column": values.sum()}
    shares = values / (np.nanmax(values) or 1) if by == "table" else values.div(
        sums[by].replace(0, np.nan), axis="index" if by == "row" else "columns")

    def draw(figure: Figure, setting: Setting) -> None:
        axes, (rows, columns) = figure.subplots(), values.shape
        for y, x in np.ndindex(rows, columns):
            share, value = shares.iloc[y, x], values.iloc[y, x]
            color = tint(INK, 0.78 * float(np.nan_to_num(np.clip(share, 0, 1))))
            axes.barh(y, 1, left=x - 0.5, height=1, color=color, edgecolor=PAPER, linewidth=1.5)
            axes.text(x, y, "·" if value == 0 else write(value), ha="center", va="center",
                      color=readable_on(color))
        room = int(90 / columns * _TYPE / setting.type)
        axes.xaxis.tick_top()
        axes.set_xticks(range(columns), [textwrap.fill(_say(c, 3 * max(room, 6)), max(room, 6))
                                         for c in values.columns])
        axes.set_yticks(range(rows), [_say(row, 40) for row in values.index])
        axes.set(xlim=(-0.5, columns - 0.5), ylim=(rows - 0.5, -0.5))
        _bare(axes)

    return _picture(draw, 0.42 + 0.3 * len(values), table,
                    f"Table shaded by value: {_about(parts)}. {_highest(values, write)}", name,
                    parts)


def dots(table: pd.DataFrame, name: str | None = None, *, xlabel: str = "", zero: float = 0.0,
         text: str | None = None, panel: str | None = None, **parts: str | None
         ) -> Picture | Nothing:
    """Draw estimates with their intervals, a row each; hollow where the bar crosses zero
    (or where a column ``filled`` is False).

    Parameters
    ----------
    table : DataFrame
        ``value``, ``low``, ``high``; the index labels a row, and with two levels the first is
        a heading. A column or level called ``outlet`` gives the hue.
    zero : float
        The value of no difference, where the rule stands.
    text : str, optional
        A column that is printed at the right end, such as a verdict or a count.
    panel : str, optional
        A column whose values have scales of their own, such as units; it labels each scale.
    """
    if "value" not in table and not _empty(table):
        raise KeyError(f"no column 'value' to draw; the table has {', '.join(map(str, table))}")
    if _empty(table.get("value", pd.Series(dtype=float))):
        return _picture(None, 0, table, "", name, parts)
    table = table[table["value"].notna()]
    table = table.assign(**{end: table.get(end, np.nan) for end in ("low", "high")})
    write, labels = _writer(table["value"], "measure"), table.index
    grouped, column = labels.nlevels > 1, "outlet" in table
    outlets = table["outlet"] if column else (
        labels.get_level_values("outlet") if "outlet" in labels.names else None)
    words = [_say(label[-1] if grouped else label, 44) for label in labels]
    if column:
        words = [f"{word}, {_say(outlet, 22)}" for word, outlet in zip(words, outlets, strict=True)]
    heads = [_say(label[:-1], 48) if grouped else "" for label in labels]
    panels = table[panel].tolist() if panel else [xlabel] * len(table)
    groups = {key: [i for i, own in enumerate(panels) if own == key] for key in panels}
    heights = [len(own) + 0.4 + sum(1.2 for i, one in enumerate(own) if heads[one] and (
        i == 0 or heads[one] != heads[own[i - 1]])) for own in groups.values()]
    apart = table.get("filled", (table["low"] > zero) | (table["high"] < zero))

    def draw(figure: Figure, setting: Setting) -> None:
        looks = None if outlets is None else _looks(outlets, setting)
        drawn = figure.subplots(len(groups), 1, squeeze=False, height_ratios=heights)[:, 0]
        for axes, (key, own) in zip(drawn, groups.items(), strict=True):
            y, at, before = 0.0, [], ""
            axes.axvline(zero, color=MUTED, linewidth=0.8, zorder=0)
            for i in own:
                row, look = table.iloc[i], looks[outlets.tolist()[i]] if looks else _INKED
                if heads[i] != before:
                    y, before = y + 0.2 * (y > 0), heads[i]
                    axes.text(0, y, before, weight="bold", va="center",
                              transform=axes.get_yaxis_transform(),
                              bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1})
                    y += 1
                axes.plot([row["low"], row["high"]], [y, y], color=look.color, linewidth=1.2)
                axes.plot(row["value"], y, look.marker, color=look.color, markersize=5,
                          markerfacecolor=look.color if apart.iloc[i] else PAPER)
                if text and not pd.isna(row[text]):
                    axes.text(1.02, y, _say(row[text]), va="center", size="small",
                              transform=axes.get_yaxis_transform())
                at.append(y)
                y += 1
            axes.set_yticks(at, [words[i] for i in own])
            axes.set_ylim(y - 0.4, -0.7)
            axes.spines["left"].set_visible(False)
            axes.tick_params(axis="y", length=0, labelcolor=INK)
            axes.set_xlabel(_say(key, 90))

    far = (table["value"] - zero).abs().where(apart).to_numpy()
    tops = [f"{_say(labels[i], 60)} {write(row['value'])} ({write(row['low'])} to "
            f"{write(row['high'])})" for i in np.argsort(-far, kind="stable")[:min(3, apart.sum())]
            for row in [table.iloc[i]]]
    alt = (f"Dots with intervals: {_about(parts)}. {apart.sum()} of {len(table)} lie wholly to one "
           f"side of {zero:g}" + (f"; farthest: {'; '.join(tops)}." if tops else "."))
    return _picture(draw, 0.17 * sum(heights) + 0.42 * len(groups), table, alt, name, parts)


def lines(table: pd.DataFrame, name: str | None = None, *, xlabel: str | None = None,
          ylabel: str = "", unit: str | None = None, **parts: str | None) -> Picture | Nothing:
    """Draw a line a column (an outlet) along the index: place in the article, month, number.

    Beyond three outlets each gets a panel, with the others pale behind it.
    """
    write = _writer(table, unit)
    if _empty(table):
        return _picture(None, 0, table, "", name, parts)
    values, index = _numbers(table), table.index
    if isinstance(index, pd.PeriodIndex):
        index = index.to_timestamp()
    plain = not (pd.api.types.is_numeric_dtype(index) or isinstance(index, pd.DatetimeIndex))
    x = range(len(index)) if plain else index
    many = values.shape[1] > 3
    across = 3 if many else 1
    rows = -(-values.shape[1] // across) if many else 1

    def draw(figure: Figure, setting: Setting) -> None:
        looks = _looks(values.columns, setting)
        panels = figure.subplots(rows, across, sharex=True, sharey=True, squeeze=False)
        for axes, column in zip(panels.flat, values if many else [None], strict=False):
            for other in values if many else ():
                axes.plot(x, values[other], color=RULE, linewidth=0.6)
            for own in [column] if many else values:
                look = looks[own]
                axes.plot(x, values[own], look.line, marker=look.marker, color=look.color,
                          linewidth=1.6, markersize=4)
            axes.set_title(_say(column) if many else "")
            axes.yaxis.set_major_formatter(lambda value, _: write(value))
            if np.nanmin(values) >= 0:
                axes.set_ylim(bottom=0)
            else:
                axes.axhline(0, color=MUTED, linewidth=0.6)
        for axes in list(panels.flat)[values.shape[1] if many else 1:]:
            axes.set_visible(False)
        axes = panels[0, 0]
        if plain:
            every = -(-len(index) // (4 if many else 12))
            axes.set_xticks(x[::every], [_say(label, 12) for label in index[::every]])
        elif pd.api.types.is_integer_dtype(index):
            axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_ylabel(_say(ylabel, 60))
        if not many:
            _label_ends(axes, values, x, looks, setting)
        panels[-1, 0].set_xlabel(_say(index.name or "" if xlabel is None else xlabel, 90))

    peaks = "; ".join(f"{_say(c)} peaks at {write(v.max())} ({_say(v.idxmax())})"
                      for c, v in list(values.items())[:4] if v.notna().any())
    return _picture(draw, 2.3 if not many else 0.25 + 1.15 * rows, table,
                    f"Lines along {_say(index.name or 'the index')}: {_about(parts)}. {peaks}.",
                    name, parts)


def _label_ends(axes: Axes, values: pd.DataFrame, x: Sequence, looks: Mapping, setting: Setting
                ) -> None:
    """Write each line's name at its right end, apart from the others."""
    ends = {c: (x[int(np.flatnonzero(v.notna())[-1])], v.dropna().iloc[-1])
            for c, v in values.items() if v.notna().any()}
    low, high = axes.get_ylim()
    gap, last = 0.085 * (high - low) * setting.type / _TYPE, -np.inf
    for column, (_, end) in sorted(ends.items(), key=lambda item: item[1][1]):
        last = max(end, last + gap)
        axes.annotate(_say(column), (1.01, last), xycoords=axes.get_yaxis_transform(), va="center",
                      color=looks[column].color if looks[column].color != HUES[2] else "#8F5400")
    axes.margins(x=0.02)


def curve(table: pd.DataFrame, name: str | None = None, *, value: str = "value",
          panel: str | None = None, main: str | None = None, ylabel: str = "",
          choices: Sequence[str] | None = None, **parts: str | None) -> Picture | Nothing:
    """Draw a specification curve: estimates sorted, with the choices that gave each below.

    Parameters
    ----------
    table : DataFrame
        A row a specification: ``value``, the choices (all other columns but ``low``, ``high``
        unless ``choices`` names them).
    panel : str, optional
        A column that gives each of its values a panel, such as the pair of outlets.
    main : str, optional
        A column of True where the specification is the one relied on: drawn filled.
    """
    if _empty(table.get(value, pd.Series(dtype=float))):
        return _picture(None, 0, table, "", name, parts)
    panels = list(dict.fromkeys(table[panel])) if panel else [None]
    table = table[table[value].notna()].sort_values(value, kind="stable", ignore_index=True)
    aside = {value, panel, main, "low", "high"}
    choices = [c for c in table.columns if c not in aside] if choices is None else list(choices)
    grid = [(c, kind) for c in choices for kind in dict.fromkeys(table[c])]
    cuts = [table[table[panel] == key] if panel else table for key in panels]
    write = _writer(table[value], "measure")

    def draw(figure: Figure, setting: Setting) -> None:
        axes = figure.subplots(2, len(panels), sharex="col", sharey="row", squeeze=False,
                               height_ratios=[1.7, 0.17 * len(grid) + 0.1])
        for (top, below), key, rows in zip(axes.T, panels, cuts, strict=True):
            x, y = np.arange(len(rows)), rows[value].to_numpy()
            filled = rows[main].to_numpy(bool) if main else np.ones(len(rows), bool)
            top.axhline(0, color=MUTED, linewidth=0.8)
            if {"low", "high"} <= set(rows):
                top.vlines(x, rows["low"], rows["high"], color=RULE, linewidth=1)
            top.plot(x[~filled], y[~filled], "o", color=INK, markersize=3.5, markerfacecolor=PAPER)
            top.plot(x[filled], y[filled], "o", color=INK, markersize=3.5)
            top.set_title(textwrap.fill(_say(key, 60), 90 // len(panels)) if panel else "")
            top.yaxis.set_major_formatter(lambda v, _: f"{v:g}".replace("-", "−"))
            for place, (choice, kind) in enumerate(grid):
                at = x[(rows[choice] == kind).to_numpy()]
                below.plot(at, np.full(len(at), place), "|", color=INK, markersize=5)
                if place and grid[place - 1][0] != choice:
                    below.axhline(place - 0.5, color=RULE, linewidth=0.6)
            below.set_ylim(len(grid) - 0.4, -0.6)
            below.set_xticks([])
            _bare(below)
        axes[1, 0].set_yticks(range(len(grid)), [_say(kind, 30) for _, kind in grid])
        axes[0, 0].set_ylabel(_say(ylabel, 40))

    told = "; ".join(
        (f"{_say(key, 60)}: " if panel else "") + f"{int((rows[value] > 0).sum())} of {len(rows)} "
        f"above zero, {write(rows[value].min())} to {write(rows[value].max())}"
        for key, rows in zip(panels, cuts, strict=True))
    return _picture(draw, 1.9 + 0.16 * len(grid), table,
                    f"Specification curve: {_about(parts)}. {told}.", name, parts)


def stripes(table: pd.DataFrame, name: str | None = None, *, category: str, row: str = "outlet",
            strip: str | None = None, start: str = "start", end: str = "end",
            order: Sequence[str] | None = None, length: pd.Series | None = None,
            right: pd.Series | None = None, xlabel: str | None = None, **parts: str | None
            ) -> Picture | Nothing:
    """Draw each article as a barcode to scale: a stretch is a stripe, its category a texture.

    Parameters
    ----------
    table : DataFrame
        A row a stretch: ``row`` (outlet or article), ``start``, ``end``, ``category``. Without
        ``end``, or with places from 0 to 1 of no extent, a stripe is a thin stroke.
    strip : str, optional
        A column whose values have strips of their own below one another in each article, such
        as the functions of framing.
    order : sequence of str, optional
        Categories in the order of their textures: solid, hatched, pale, crossed, outlined.
    length : Series, optional
        The length of each article in the unit of ``start``; by default its last end.
    right : Series, optional
        Words at the right end of each article, such as the share that is the author's.
    """
    if _empty(table):
        return _picture(None, 0, table, "", name, parts)
    table = table.assign(**{end: table.get(end, table[start])})
    order = list(dict.fromkeys([*(order or ()), *_kinds(table[category])]))
    strips = _kinds(table[strip]) if strip else [None]
    rows = [key for key in _kinds(table[row]) if (table[row] == key).any()]
    ends = table.groupby(row, observed=True)[end].max() if length is None else length
    longest = float(ends.reindex(rows).max())
    share = longest <= 1
    thin = (1.0 if share else longest) / 250
    tall = 1.0 if strip else 1.7

    def draw(figure: Figure, setting: Setting) -> None:
        axes, y, ticks = figure.subplots(), 0.0, []
        looks = _looks(table[row], setting)
        for key in rows:
            own, color = table[table[row] == key], looks[key].color
            if strip:
                axes.text(0, y + 0.5, _say(key), weight="bold", va="center")
                y += 1.15
            for band in strips:
                axes.barh(y + tall / 2, ends[key], height=0.05 if strip else tall * 0.9,
                          color=RULE if strip else PAPER, edgecolor="none")
                inside = own if band is None else own[own[strip] == band]
                for kind, pieces in inside.groupby(category, observed=True, sort=False):
                    _stripe(axes, pieces[start], np.maximum(pieces[end] - pieces[start], thin), y,
                            tall, color, order.index(kind))
                ticks.append((y + tall / 2, _say(key if band is None else band)))
                y += tall + (0.1 if strip else 0.5)
            if right is not None and key in right.index:
                axes.text(float(ends[key]), y - 0.5 - tall / 2 if not strip else y - tall / 2,
                          f"  {_say(right[key])}", va="center")
            y += 0.35 if strip else 0.0
        for place, kind in enumerate(order):
            _stripe(axes, [np.nan], [1], 0, 1, MUTED, place, label=_say(kind))
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=min(len(order), 6),
                    fontsize="small", handlelength=1.6, columnspacing=1.2, borderpad=0.2)
        axes.set_yticks(*zip(*ticks, strict=True))
        axes.set(ylim=(y, -0.1), xlim=(0, longest * (1.0 if right is None else 1.16)))
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0, labelcolor=INK)
        if share:
            axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["start", "25 %", "50 %", "75 %", "end"])
        axes.set_xlabel(("" if share else "characters from the start of the article")
                        if xlabel is None else xlabel)

    extent = (table[end] - table[start]).where(lambda v: v > 0, thin if share else 1)
    sums = extent.groupby([table[row], table[category]], observed=True).sum()
    told = "; ".join(
        f"{_say(key)}: " + ", ".join(f"{_say(kind)} {100 * part:.0f} %" for kind, part in (
            sums[key] / sums[key].sum()).nlargest(3).items()) for key in rows[:4])
    return _picture(draw, 0.75 + 0.17 * len(rows) * (
        (1.1 * len(strips) + 1.5) if strip else 2.2), table,
        f"Strips along each article: {_about(parts)}. Of the characters: {told}.", name, parts)


def _stripe(axes: Axes, left: Sequence, width: Sequence, y: float, tall: float, color: str,
            place: int, label: str | None = None) -> None:
    fill, hatch = _TEXTURES[place % len(_TEXTURES)]
    axes.barh([y + tall / 2] * len(left), width, left=left, height=tall * 0.9, label=label,
              facecolor=tint(color, fill), hatch=hatch, edgecolor=color,
              linewidth=0.0 if fill else 0.4)
