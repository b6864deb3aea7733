"""A picture of a table: its look, its words, its alternative text, and how it is saved.

What is drawn, `plot` says; here stands what all forms share.
"""

import base64
import difflib
import functools
import html
import inspect
import io
import os
import re
import textwrap
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from analysis.corpus.disk import csv_bytes
from analysis.show import Shown

INK, MUTED, RULE, PAPER = "#1A1A1A", "#595959", "#BFBFBF", "#FFFFFF"
# Apart under the common colour-vision deficiencies and in grey, and at least 3:1 on white.
HUES = ("#3A1C5C", "#00788A", "#CF7A00")
# The same three for pages in dark mode: lightened until 4.5:1 on the dark paper.
_DARK_HUES = ("#A27FE6", "#3DB8CB", "#FFC066")
_MARKERS, _LINES = ("o", "s", "^"), ("-", "--", ":")
FOLDER, ONLY = "ANALYSIS_FIGURES", "ANALYSIS_ONLY"  # set by the commands that write figures
TYPE = 8.5  # points; every size is meant at this one
_RC = mpl.rc_params_from_file(Path(__file__).with_suffix(".mplstyle"), use_default_template=False)
_PARTS = ("title", "subtitle", "note", "alt")
# What this kernel drew, by name: `plot.drawn["speakers"].save("slide.png", size=(8, 4.5))`.
drawn: dict[str, "Picture | Nothing"] = {}


@dataclass(frozen=True)
class Setting:
    """How pictures look: inches, points, dots an inch, hues in the order of the outlets.

    Attributes
    ----------
    hues : sequence of str, or dict from outlet to colour
        An outlet that the dict leaves out is drawn in ink; one that is not drawn is an error.
    outlets : sequence of str
        The order of outlets where a table's labels are no ordered categories.
    """

    width: float = 7.2
    type: float = TYPE
    dpi: int = 150
    hues: Sequence[str] | Mapping[str, str] = HUES
    outlets: Sequence[str] = ()


_setting = Setting()


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


INKED = Look(INK, "o", "-")


def outlet_looks(outlets: Sequence[str], hues: Sequence[str] | Mapping[str, str] = HUES
                 ) -> dict[str, Look]:
    """Return each outlet's look, by its place in the one order; beyond the hues, in ink."""
    if not isinstance(hues, Mapping):
        hues = {} if len(outlets) > len(hues) else dict(zip(outlets, hues, strict=False))
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


def looks_of(labels: pd.Index | pd.Series, setting: Setting) -> Mapping[Any, Look]:
    """Return the looks of labels: outlets in their one order; names of anything else, in ink.

    Raises
    ------
    ValueError
        If a hue is for an outlet that is not there; the message names the nearest.
    """
    kinds = list(dict.fromkeys(labels))
    if labels.name not in (None, "outlet"):
        return dict.fromkeys(kinds, INKED)
    if isinstance(labels.dtype, pd.CategoricalDtype):
        order = list(labels.dtype.categories)
    else:
        order = list(setting.outlets) if set(kinds) <= set(setting.outlets) else kinds
    plain = [str(name) for name in order if name not in setting.hues]
    for name in set(setting.hues) - set(order) if isinstance(setting.hues, Mapping) else ():
        # Labels without a name may be anything: only what is nearly the same was meant.
        near = difflib.get_close_matches(name, plain, 1, 0 if labels.name else 0.6)
        if near:
            raise ValueError(f"no outlet is called {name!r}; the nearest is {near[0]!r}")
    return outlet_looks(order, setting.hues)


# Words ------------------------------------------------------------------------------------------


def _clean(text: object) -> str:
    """Return a text without what no font or file can hold: control marks, halves of characters."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+", " ", str(text))


def say(label: object, width: int = 30) -> str:
    """Return a label as it is printed: one line, names of code as words, not too long."""
    parts = [str(part) for part in (label if isinstance(label, tuple) else (label,))]
    parts = [part.replace("_", " ") if re.fullmatch("[a-z0-9_]+", part) else part for part in parts]
    text = " ".join(_clean(" · ".join(parts)).split())
    if len(text) <= width:
        return text
    return textwrap.shorten(text, width, placeholder="…") if " " in text[:width] else (
        text[: width - 1] + "…")


def writer(values: object, unit: str | None = None) -> Callable[[float], str]:
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


def inches(text: str, size: float, weight: str = "normal") -> float:
    font = FontProperties(family="DejaVu Sans", weight=weight, size=size)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a script that the font lacks is drawn as boxes
        return text_to_path.get_text_width_height_descent(text, font, ismath=False)[0] / 72


def wrapped(text: str, size: float, weight: str, width: float) -> list[str]:
    """Break a text into lines of at most ``width`` inches."""
    lines: list[str] = []
    for word in re.sub(r"(?<=\d) (?=%)", "\u00a0", _clean(text)).split(" "):  # "33 %" is whole
        if lines and inches(f"{lines[-1]} {word}", size, weight) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines if text else []


def highest(table: pd.DataFrame, write: Callable[[float], str]) -> str:
    """Return where each column is highest, at most four of them, as a sentence."""
    tops = [f"{say(table.columns[i])} is highest in {say(column.idxmax())} ({write(column.max())})"
            for i in range(table.shape[1]) if (column := table.iloc[:, i]).notna().any()]
    more = f"; {len(tops) - 4} more columns" if len(tops) > 4 else ""
    return "; ".join(tops[:4]) + more + "."


def bare(axes: Axes) -> None:
    """Leave the marks alone: no frame, no ticks."""
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, labelcolor=INK)


# Pictures ---------------------------------------------------------------------------------------


class Form(NamedTuple):
    """How a table is drawn."""

    table: pd.DataFrame  # what is drawn, nothing more
    draw: Callable[[Figure, Setting], None]
    height: float | Callable[[Setting], float]  # inches of the marks
    kind: str  # the alternative text: what it is, and after what is measured,
    told: str  # pattern and telling values
    key: str = ""  # what marks stand for, before the note


@contextmanager
def _styled(**more) -> Iterator[None]:
    with mpl.rc_context(_RC | more), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*Glyph .* missing from")
        yield


class Picture:
    """A table drawn, with title, subtitle, note and alternative text; a notebook shows it.

    Attributes
    ----------
    table : DataFrame
        What is drawn, nothing more; saved beside the picture as CSV.
    alt : str
        Chart, measure, pattern and telling values, made from ``table``.
    """

    def __init__(self, form: Form, name: str | None, parts: Mapping[str, str]):
        self._form, self._setting, self.table, self.name = form, _setting, form.table, name
        self.title, self.subtitle = parts["title"], parts["subtitle"]
        self.note = f"{form.key} {parts['note']}".strip() if form.key else parts["note"]
        about = (self.subtitle or self.title or "values").rstrip(".")
        self.alt = _clean(parts["alt"] or f"{form.kind}: {about}. {form.told}")

    def figure(self, size: tuple[float, float] | None = None, **look) -> Figure:
        """Return a matplotlib figure, newly drawn; ``size`` in inches, ``look`` as in `style`."""
        setting = replace(self._setting, **look)
        scale, width = setting.type / TYPE, size[0] if size else setting.width
        setting = replace(setting, width=width)
        blocks = [(wrapped(text, points * scale, weight, width - 0.24), points * scale, weight,
                   color) for text, points, weight, color in (
                       (self.title, 11.5, "bold", INK), (self.subtitle, 8.5, "normal", MUTED),
                       (self.note, 7.2, "normal", MUTED))]
        tall = [sum(1.35 * points / 72 for _ in lines) for lines, points, *_ in blocks]
        head, foot = 0.12 + tall[0] + tall[1] + 0.1 * scale, 0.1 + tall[2] + 0.08 * scale
        marks = self._form.height
        marks = marks(setting) if callable(marks) else marks * scale
        height = size[1] if size else head + marks + foot
        if size and height - head - foot < 0.5:
            raise ValueError(f"{size} inches leave no room for the marks; give a larger size, a "
                             "smaller type, or a shorter title and note")
        with _styled(**{"font.size": setting.type}):
            figure = Figure(figsize=(width, height), dpi=setting.dpi, layout="constrained")
            FigureCanvasAgg(figure)
            figure.get_layout_engine().set(
                rect=(0.01, foot / height, 0.98, (height - head - foot) / height))
            self._form.draw(figure, setting)
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
        with _styled():
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


class Nothing(Shown):
    """What stands in place of a picture that has nothing to show: a sentence."""

    def __init__(self, title: str, subtitle: str):
        about = _clean(title or subtitle or "the table is empty").rstrip(".")
        self.alt, self.title, self.name = f"Nothing to draw: {about}.", title, None
        self.table = pd.DataFrame()
        super().__init__(f"<p><em>{html.escape(self.alt)}</em></p>", self.table, self.alt)

    def save(self, *_args, **_look) -> None:
        """Write no file."""


def form(build: Callable[..., Form | None]) -> Callable[..., "Picture | Nothing"]:
    """Make what says how a table is drawn into what draws it, and writes files where asked."""
    told = inspect.signature(build)
    own = {*told.parameters} - {"parts"}

    @functools.wraps(build)
    def draws(table: pd.DataFrame | pd.Series, name: str | None = None, **options):
        if unknown := sorted({*options} - own - {*_PARTS}):
            raise TypeError(f"no argument {unknown[0]!r}; give title, subtitle, note or alt")
        if name is not None and not re.fullmatch(r"[a-z0-9][a-z0-9-]*", name):
            raise ValueError(f"{name!r} names no figure: use small letters, digits and hyphens")
        folder, only = os.environ.get(FOLDER), os.environ.get(ONLY, "").split()
        if folder and name in drawn:
            raise ValueError(f"two figures are called {name!r}; give one of them another name")
        table = table.to_frame() if isinstance(table, pd.Series) else table
        parts = {part: options.pop(part, None) or "" for part in _PARTS}
        made = build(table, **options) if table.notna().to_numpy().any() else None
        picture = Picture(made, name, parts) if made else Nothing(parts["title"], parts["subtitle"])
        if folder and name and made and (not only or name in only):
            for kind in ("svg", "png", "csv"):
                Path(folder, f"{name}.{kind}").write_bytes(getattr(picture, kind)())
        if name is not None:
            drawn[name] = picture
        return picture

    draws.__signature__ = told.replace(return_annotation="Picture | Nothing")  # type: ignore
    return draws
