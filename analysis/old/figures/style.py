"""One look for every figure: colours, type, the five parts, and how a figure is saved.

The only module that knows a colour. Hue means outlet and nothing else; everything else is ink,
muted ink, or grey.
"""

import io
import os
import re
import textwrap
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
import pandas as pd
from IPython.display import Markdown, display
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from analysis.corpus.disk import csv_bytes

INK, MUTED, RULE, PAPER = "#1A1A1A", "#595959", "#BFBFBF", "#FFFFFF"
# Apart under the common colour-vision deficiencies and in grey, and at least 3:1 on white.
_HUES = ("#3A1C5C", "#00788A", "#CF7A00")
# The same three for pages in dark mode: lightened until 4.5:1 on the dark paper.
_DARK_HUES = ("#A27FE6", "#3DB8CB", "#FFC066")
_MARKERS, _LINES = ("o", "s", "^"), ("-", "--", ":")
WIDTH = 7.2  # inches, the measure of the page
DPI = 150

mpl.rcParams.update({
    "font.family": "DejaVu Sans", "font.size": 8.5, "text.color": INK, "text.parse_math": False,
    "axes.edgecolor": MUTED, "axes.labelcolor": MUTED, "axes.linewidth": 0.6,
    "axes.spines.top": False, "axes.spines.right": False, "axes.titlesize": 9,
    "axes.titleweight": "bold", "axes.titlelocation": "left", "axes.labelsize": 8,
    "xtick.color": MUTED, "ytick.color": MUTED, "xtick.labelsize": 8, "ytick.labelsize": 8,
    "xtick.major.width": 0.6, "ytick.major.width": 0.6, "legend.frameon": False,
    "svg.hashsalt": "three-tellings", "svg.fonttype": "path", "figure.dpi": DPI,
    "figure.facecolor": PAPER, "savefig.facecolor": PAPER, "axes.unicode_minus": True,
})
# A name in a script that the font lacks is drawn as boxes; that is no reason to fail a notebook.
warnings.filterwarnings("ignore", message=".*Glyph .* missing from font")


@dataclass(frozen=True)
class Look:
    """How an outlet is told apart: by hue, and by marker and line for those who see none."""

    color: str
    marker: str
    line: str


@dataclass(frozen=True)
class Drawing:
    """A finished figure with its five parts and the table that it draws.

    Attributes
    ----------
    data : DataFrame
        What is drawn, nothing more; saved beside the picture as CSV.
    alt : str
        Chart, measure, pattern and telling values, made from ``data``.
    """

    name: str
    figure: Figure
    data: pd.DataFrame
    title: str
    subtitle: str
    note: str
    alt: str

    def png(self) -> bytes:
        """Return the picture as PNG, the same bytes each time."""
        return self._rendered("png", {"Software": None})

    def svg(self) -> bytes:
        """Return the picture as SVG, the same bytes each time."""
        svg = self._rendered("svg", {"Date": None, "Creator": None, "Title": self.title,
                                     "Description": self.alt})
        # matplotlib names a clip path by its address; its place in the file does as well.
        clips = dict.fromkeys(re.findall(rb'<clipPath id="(p[0-9a-f]+)"', svg))
        for number, name in enumerate(clips, start=1):
            svg = svg.replace(b'"' + name + b'"', b'"clip%d"' % number)
            svg = svg.replace(b"(#" + name + b")", b"(#clip%d)" % number)
        return svg

    def _rendered(self, kind: str, metadata: dict) -> bytes:
        buffer = io.BytesIO()
        self.figure.savefig(buffer, format=kind, metadata=metadata, dpi=DPI)
        return buffer.getvalue()


def outlet_looks(outlets: list[str]) -> dict[str, Look]:
    """Return each outlet's look, by its place in the one order; beyond three, in ink."""
    if len(outlets) > len(_HUES):
        return {name: Look(INK, _MARKERS[i % 3], _LINES[i % 3]) for i, name in enumerate(outlets)}
    return {name: Look(_HUES[i], _MARKERS[i], _LINES[i]) for i, name in enumerate(outlets)}


def page_colors(outlets: list[str]) -> dict[str, tuple[str, str]]:
    """Return each outlet's colour on light and on dark paper, for pages."""
    if len(outlets) > len(_HUES):
        return dict.fromkeys(outlets, (INK, "#E8E8E8"))
    return {name: (_HUES[i], _DARK_HUES[i]) for i, name in enumerate(outlets)}


def grey(share: float) -> str:
    """Return the grey of a heat map for a share from 0 (paper) to 1 (dark)."""
    level = round(255 - 175 * min(max(share, 0.0), 1.0))
    return f"#{level:02X}{level:02X}{level:02X}"


def on_grey(share: float) -> str:
    """Return the colour of a digit that is readable on ``grey(share)``."""
    return PAPER if share > 0.6 else INK


def _wrapped(text: str, size: float, weight: str, width: float) -> list[str]:
    """Break a text into lines of at most ``width`` inches in the figures' type."""
    font = FontProperties(family="DejaVu Sans", weight=weight, size=size)

    def inches(line: str) -> float:
        return text_to_path.get_text_width_height_descent(line, font, ismath=False)[0] / 72

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        lines: list[str] = []
        for word in re.sub(r"(?<=\d) (?=%)", "\u00a0", text).split(" "):  # "33 %" stays whole
            if lines and inches(f"{lines[-1]} {word}") <= width:
                lines[-1] += f" {word}"
            else:
                lines.append(word)
    return lines


def shorten(name: str, width: int = 24) -> str:
    """Return a name that fits beside its mark; the full one stands in the table."""
    return textwrap.shorten(name, width, placeholder="…") if " " in name else (
        name if len(name) <= width else name[: width - 1] + "…")


def canvas(height: float, rows: int = 1, columns: int = 1, width: float = WIDTH, **options):
    """Return an empty figure and its axes; ``height`` in inches is that of the marks alone.

    Options go to ``Figure.subplots``. Title, subtitle and note are added by ``finish``.
    """
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure, figure.subplots(rows, columns, **options)


def finish(name: str, figure: Figure, data: pd.DataFrame, *, title: str, subtitle: str, note: str,
           alt: str) -> Drawing:
    """Set the title, subtitle and note around the marks and return the finished drawing."""
    width, body = figure.get_size_inches()
    margin, gap = 0.12, 0.10
    inner = width - 2 * margin
    blocks = [(_wrapped(title, 11.5, "bold", inner), 11.5, "bold", INK),
              (_wrapped(subtitle, 8.5, "normal", inner), 8.5, "normal", MUTED)]
    notes = _wrapped(note, 7.2, "normal", inner)
    head = margin + sum(len(lines) * size * 1.35 / 72 for lines, size, *_ in blocks) + gap
    foot = margin / 2 + len(notes) * 7.2 * 1.35 / 72 + gap
    height = head + body + foot
    figure.set_size_inches(width, height)
    figure.get_layout_engine().set(rect=(0.01, foot / height, 0.98, body / height))
    y = height - margin
    for lines, size, weight, color in blocks:
        for line in lines:
            figure.text(margin / width, y / height, line, size=size, weight=weight, color=color,
                        va="top", ha="left")
            y -= size * 1.35 / 72
    y = foot - gap / 2
    for line in notes:
        figure.text(margin / width, y / height, line, size=7.2, color=MUTED, va="top", ha="left")
        y -= 7.2 * 1.35 / 72
    figure.get_layout_engine().execute(figure)
    figure.set_layout_engine(None)  # laid out once; each file would do it twice again
    return Drawing(name, figure, data, title, subtitle, note, alt)


FIGURES: dict[str, Callable] = {}


def figure(name: str) -> Callable:
    """Register a function that draws one figure from a study, or returns None if it cannot."""
    def register(draw: Callable) -> Callable:
        if name in FIGURES:
            raise ValueError(f"two figures are called {name!r}")
        FIGURES[name] = draw
        return draw
    return register


def show(name: str, study) -> None:
    """Display a figure in a notebook with its alternative text; say so where it cannot be drawn."""
    drawing = FIGURES[name](study)
    if drawing is None:
        display(Markdown(f"*Figure “{name}” needs data that this corpus does not have.*"))
        return
    folder = os.environ.get("ANALYSIS_FIGURES")  # a report keeps the files beside its pages
    picture = save(drawing, Path(folder))[1].read_bytes() if folder else drawing.png()
    display({"image/png": picture, "text/plain": drawing.alt}, raw=True,
            metadata={"image/png": {"alt": drawing.alt, "width": round(WIDTH * 100),
                                    "name": name, "title": drawing.title, "note": drawing.note}})


def save(drawing: Drawing, folder: Path) -> list[Path]:
    """Write a drawing as SVG and PNG beside the CSV of what it draws; return the three paths."""
    paths = [folder / f"{drawing.name}.{kind}" for kind in ("svg", "png", "csv")]
    paths[0].write_bytes(drawing.svg())
    paths[1].write_bytes(drawing.png())
    paths[2].write_bytes(csv_bytes(drawing.data))
    return paths
