"""Draw the way of the data, for ARCHITECTURE.md: ``python docs/architecture.py``.

Framed boxes are code, grey ones are files. What a box names exists: a test looks.
"""

import io
import re
from pathlib import Path
from typing import NamedTuple

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

HERE = Path(__file__).resolve().parent
INK, MUTED, PAPER, FILES = "#1A1A1A", "#595959", "#FFFFFF", "#E9E9E9"
ALT = ("The way of the data from top to bottom. Articles go through the room corpus to the rooms "
       "instruments and codes, which write tables on disk. load reads the tables as DataFrames; "
       "notebooks filter and compare them with plot, show and compare, behind which stands the "
       "room claims; the room site renders what the notebooks show as a report.")


class Box(NamedTuple):
    """A box by its middle, in inches from the lower left; ``path`` is what it stands for."""

    x: float
    y: float
    title: str
    about: str
    path: str
    wide: float = 2.2

    @property
    def is_code(self) -> bool:
        """Tell whether it is code; else it is files."""
        return self.path.startswith("analysis")


BOXES = {
    "texts": Box(2.3, 7.9, "data/", "articles, layout, actors", "data/articles.csv"),
    "lists": Box(6.0, 7.9, "data/lexicons, data/models", "lists, names, coefficients",
                 "data/lexicons", 2.5),
    "corpus": Box(2.3, 6.8, "corpus", "reads, checks, parses once", "analysis/corpus"),
    "instruments": Box(4.6, 5.6, "instruments", "one article in, rows out", "analysis/instruments"),
    "codes": Box(1.5, 5.6, "codes", "sheets, coders, agreement", "analysis/codes"),
    "tables": Box(4.6, 4.4, "data/tables", "what the instruments found", "data/README.md"),
    "coded": Box(1.5, 4.4, "data/codes", "what people and models coded", "data/codes"),
    "load": Box(3.05, 3.3, "load", "DataFrames, each your own", "analysis/tables.py"),
    "notebooks": Box(3.05, 2.1, "notebooks/", "filter, group, compare in sight", "notebooks", 2.5),
    "helpers": Box(6.0, 2.1, "plot · show · compare", "tables in; pictures, evidence",
                   "analysis/compare.py", 2.4),
    "claims": Box(6.0, 3.3, "claims", "sums per block in, verdicts out", "analysis/claims", 2.4),
    "site": Box(3.05, 0.95, "site", "executes notebooks, renders pages", "analysis/site", 2.5),
    "report": Box(6.0, 0.95, "reports/ · figures/", "what a reader opens", "figures"),
}
ARROWS = [("texts", "corpus"), ("corpus", "instruments"), ("corpus", "codes"),
          ("lists", "instruments"), ("instruments", "tables"), ("codes", "coded"),
          ("tables", "load"), ("coded", "load"), ("load", "notebooks"), ("notebooks", "helpers"),
          ("helpers", "claims"), ("notebooks", "site"), ("site", "report")]
SIZE, TALL = (7.5, 8.5), 0.62


def _edge(box: Box, other: Box) -> tuple[float, float]:
    """Return where an arrow leaves a box for another: its side if they stand level."""
    if box.y == other.y:
        return box.x + (box.wide if other.x > box.x else -box.wide) / 2, box.y
    lean = max(-0.35, min(0.35, (other.x - box.x) / 4)) * box.wide
    return box.x + lean, box.y + (TALL if other.y > box.y else -TALL) / 2


def draw() -> bytes:
    """Return the picture as SVG, the same bytes each time."""
    look = {"font.family": "DejaVu Sans", "svg.hashsalt": "three-tellings", "svg.fonttype": "path"}
    with mpl.rc_context(look):
        figure = Figure(figsize=SIZE, facecolor=PAPER)
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0, 0, 1, 1), xlim=(0, SIZE[0]), ylim=(0, SIZE[1]))
        axes.set_axis_off()
        for box in BOXES.values():
            axes.add_patch(FancyBboxPatch(
                (box.x - box.wide / 2, box.y - TALL / 2), box.wide, TALL,
                boxstyle="round,pad=0,rounding_size=0.06" if box.is_code else "square,pad=0",
                facecolor=PAPER if box.is_code else FILES,
                edgecolor=INK if box.is_code else FILES, linewidth=1.1))
            axes.text(box.x, box.y + 0.11, box.title, ha="center", va="center", size=10,
                      weight="bold", color=INK)
            axes.text(box.x, box.y - 0.13, box.about, ha="center", va="center", size=7.5,
                      color=MUTED)
        for one, other in ARROWS:
            axes.annotate("", _edge(BOXES[other], BOXES[one]), _edge(BOXES[one], BOXES[other]),
                          arrowprops={"arrowstyle": "-|>", "color": MUTED, "linewidth": 0.9,
                                      "shrinkA": 1, "shrinkB": 1})
        buffer = io.BytesIO()
        figure.savefig(buffer, format="svg", metadata={
            "Date": None, "Creator": None, "Title": "The way of the data", "Description": ALT})
    made = buffer.getvalue()
    clips = dict.fromkeys(re.findall(rb'<clipPath id="(p[0-9a-f]+)"', made))
    for number, clip in enumerate(clips, start=1):
        made = made.replace(clip, b"clip%d" % number)
    return made


if __name__ == "__main__":
    (HERE / "architecture.svg").write_bytes(draw())
