"""The figures as a set: hues that everybody can tell apart, and words that never collide."""

import shutil
from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.text import Text

from analysis.definitions import ROOT
from analysis.old import figures
from analysis.old.figures import style
from analysis.old.study import open_study

# Machado, Oliveira & Fernandes (2009), IEEE TVCG 15: severity 1, on linear RGB.
SEEN = {
    "everybody": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                     [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                   [0.004733, 0.691367, 0.303900]],
    "grey": [[0.2126, 0.7152, 0.0722]] * 3,
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
DARK_PAPER = "#161616"
# The shortest and the longest name that a corpus may hold, and one between.
NAMES = {"Washington Examiner": "X", "Vox": "The Quarterly Review of Foreign and Other Affairs",
         "The Duran": "Unabhängigkeitserklärungsanzeiger"}
UNTOLD = {"controls"}  # names no outlet; drawn by other tests


def linear(color):
    rgb = np.array(to_rgb(color))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    """CIE L*a*b* of linear RGB, white D65."""
    xyz = XYZ @ np.clip(rgb, 0, 1) / (XYZ @ np.ones(3))
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(one, other):
    """Ratio of luminances by WCAG 2."""
    low, high = sorted(float(XYZ[1] @ linear(color)) for color in (one, other))
    return (high + 0.05) / (low + 0.05)


def test_lightness_is_what_the_standard_gives():
    assert lab(linear("#777777"))[0] == pytest.approx(50.03, abs=0.1)
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize("eyes", SEEN)
@pytest.mark.parametrize("paper", [0, 1])
def test_the_hues_of_three_outlets_are_told_apart_by_all_eyes(eyes, paper):
    hues = [pair[paper] for pair in style.page_colors(["A", "B", "C"]).values()]
    seen = [lab(np.array(SEEN[eyes]) @ linear(hue)) for hue in hues]
    apart = min(np.linalg.norm(one - other) for one, other in combinations(seen, 2))
    assert apart >= (8 if eyes == "grey" else 20)  # just noticed: about 2


@pytest.mark.parametrize("paper", [0, 1])
def test_every_hue_stands_out_from_its_paper(paper):
    ground = (style.PAPER, DARK_PAPER)[paper]
    for pair in style.page_colors(["A", "B", "C"]).values():
        assert contrast(pair[paper], ground) >= 3  # WCAG 2.2, 1.4.11


@pytest.fixture(scope="module")
def renamed(tmp_path_factory):
    """The bundled articles with outlets of other names."""
    folder = tmp_path_factory.mktemp("renamed") / "data"
    shutil.copytree(ROOT / "data", folder, ignore=shutil.ignore_patterns("models", "lexicons"))
    path = folder / "articles.csv"
    text = path.read_text("utf-8")
    for old, new in NAMES.items():
        assert text.count(old) >= 1
        text = text.replace(f",{old},", f",{new},")
    path.write_text(text, "utf-8")
    study = open_study(folder)
    assert study.outlets == list(NAMES.values())
    return study


@pytest.fixture
def boxes(monkeypatch):
    """A function that gives every word of a drawing that is drawn, with its place in pixels."""
    drawn, draw = [], Text.draw

    def record(text, renderer, *args, **kwargs):
        if text.get_visible() and text.get_text().strip():
            drawn.append((text.get_text(), text.get_window_extent(renderer)))
        return draw(text, renderer, *args, **kwargs)

    def find(drawing):
        drawing.figure.canvas.draw()  # lays out
        monkeypatch.setattr(Text, "draw", record)
        drawing.figure.canvas.draw()
        monkeypatch.undo()
        return drawn

    return find


@pytest.mark.parametrize("name", sorted(set(figures.FIGURES) - UNTOLD))
def test_no_word_covers_another_or_leaves_the_figure(renamed, boxes, name):
    drawing = figures.FIGURES[name](renamed)
    width, height = drawing.figure.get_size_inches() * drawing.figure.dpi
    found = boxes(drawing)
    for words, box in found:
        assert box.x0 >= -1 and box.y0 >= -1, words
        assert box.x1 <= width + 1 and box.y1 <= height + 1, words
    for (one, a), (other, b) in combinations(found, 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        down = min(a.y1, b.y1) - max(a.y0, b.y0)
        assert across < 2 or down < 4, (one, other)  # a line's box holds room above its letters
