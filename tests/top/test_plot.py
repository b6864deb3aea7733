"""A table as a picture: what is drawn is what the table says, in words too."""

import io
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from matplotlib.text import Text
from PIL import Image

from analysis import picture, plot

OUTLETS = ["North Herald", "South", "The East"]
# The shortest and the longest name that a corpus may hold, one that is markup, and one that is
# no word of a font.
NAMES = ["X", "The Quarterly Review of Foreign and Other Affairs", "<b>$x_1$</b> \x07 北京"]
DARK_PAPER = "#161616"
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


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """No command is running, and no setting or name is left from another test."""
    monkeypatch.delenv(picture.FOLDER, raising=False)
    monkeypatch.delenv(picture.ONLY, raising=False)
    picture.drawn.clear()
    yield
    plot.style()


def wide(outlets=OUTLETS, rows=("officials", "experts", "nobody named")):
    """Shares that can be told apart: .1, .2, .3 … by row and column."""
    cells = np.arange(1, len(rows) * len(outlets) + 1).reshape(len(rows), -1) / 100
    return pd.DataFrame(cells, list(rows), pd.Index(outlets, name="outlet"))


def spans(outlets=OUTLETS):
    rows = [(o, i * 10, i * 10 + 10, voice) for o in outlets
            for i, voice in enumerate(["author", "quoted", "author"])]
    return pd.DataFrame(rows, columns=["outlet", "start", "end", "voice"])


def estimates(outlets=OUTLETS):
    return pd.DataFrame({"value": [-0.5, 0.1, 0.4][:len(outlets)], "outlet": outlets[:3],
                         "low": [-0.9, -0.2, 0.1][:len(outlets)],
                         "high": [-0.1, 0.4, 0.7][:len(outlets)]},
                        [f"word {i}" for i in range(len(outlets[:3]))])


def specifications():
    return pd.DataFrame({"value": [0.3, -0.1, 0.2, 0.1], "tool": ["a", "b", "a", "b"],
                         "scope": ["all", "all", "author", "author"],
                         "pair": ["N − S", "N − S", "N − E", "N − E"],
                         "trusted": [True, False, False, False]})


def drawings(outlets=OUTLETS, **parts):
    """One picture of every form."""
    table = wide(outlets)
    return {
        "bars": plot.bars(table, marks=table / 2, marks_are="the extractor", **parts),
        "stacked": plot.bars((100 * table).astype(int), stacked=True, sort=True, **parts),
        "heat": plot.heat((100 * table).astype(int), by="row", **parts),
        "dots": plot.dots(estimates(outlets), xlabel="nats", **parts),
        "lines": plot.lines(table, xlabel="tenth", **parts),
        "curve": plot.curve(specifications(), panel="pair", main="trusted", **parts),
        "stripes": plot.stripes(spans(outlets), category="voice", **parts),
        "strips": plot.stripes(spans(outlets), category="voice", strip="voice", **parts),
    }


FORMS = list(drawings())
WORDS = {"title": "A claim in about ten words that a reader can check",
         "subtitle": "Share of the words, by role", "note": "Three articles; a caveat. " * 6}


def texts_of(picture):
    return [text.get_text() for axes in picture.figure().axes
            for text in axes.findobj(Text) if text.get_visible()]


# Colours ----------------------------------------------------------------------------------------


def test_lightness_is_what_the_standard_gives():
    assert lab(linear("#777777"))[0] == pytest.approx(50.03, abs=0.1)
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize("eyes", SEEN)
@pytest.mark.parametrize("paper", [0, 1])
def test_the_hues_of_three_outlets_are_told_apart_by_all_eyes(eyes, paper):
    hues = [pair[paper] for pair in picture.page_colors(OUTLETS).values()]
    seen = [lab(np.array(SEEN[eyes]) @ linear(hue)) for hue in hues]
    apart = min(np.linalg.norm(one - other) for one, other in combinations(seen, 2))
    assert apart >= (8 if eyes == "grey" else 20)  # just noticed: about 2


@pytest.mark.parametrize("paper", [0, 1])
def test_every_hue_stands_out_from_its_paper(paper):
    for pair in picture.page_colors(OUTLETS).values():
        assert contrast(pair[paper], (picture.PAPER, DARK_PAPER)[paper]) >= 3  # WCAG 2.2, 1.4.11


@pytest.mark.parametrize("share", np.linspace(0, 1, 21))
@pytest.mark.parametrize("color", [picture.INK, *picture.HUES])
def test_digits_can_be_read_on_every_tint(color, share):
    ground = picture.tint(color, share)
    assert contrast(picture.readable_on(ground), ground) >= 4.2


def test_an_outlet_keeps_its_hue_where_another_has_no_rows():
    two = pd.Index(pd.CategoricalIndex(OUTLETS[1:], OUTLETS, ordered=True, name="outlet"))
    looks = picture.looks_of(two, picture.Setting())
    assert [looks[name].color for name in OUTLETS[1:]] == list(picture.HUES[1:])


def test_columns_that_are_no_outlets_are_drawn_in_ink():
    table = wide().rename_axis(columns="voice")
    patches = [p for axes in plot.bars(table).figure().axes for p in axes.patches]
    assert {p.get_facecolor()[:3] for p in patches} == {to_rgb(picture.INK)}


def test_beyond_three_outlets_hue_says_nothing():
    looks = picture.outlet_looks([f"outlet {i}" for i in range(12)])
    assert {look.color for look in looks.values()} == {picture.INK}


# What is drawn ----------------------------------------------------------------------------------


def test_bars_are_as_long_as_the_values_and_carry_their_numbers():
    picture = plot.bars(wide(rows=["officials"]))
    axes = picture.figure().axes[0]
    assert [p.get_width() for p in axes.patches] == pytest.approx([0.01, 0.02, 0.03])
    assert {"1 %", "2 %", "3 %"} <= set(texts_of(picture))


def test_a_second_reading_prints_its_own_number():
    table = pd.DataFrame([[0.18]], ["officials"], ["Vox"])
    assert "18 % (27 %)" in texts_of(plot.bars(table, marks=table * 1.5, marks_are="the extractor"))
    assert "the extractor" in plot.bars(table, marks=table, marks_are="the extractor").note


@pytest.mark.parametrize("values, texts", [
    ([1, 20, 1200], ["1", "20", "1,200"]),
    ([0.0, 0.004, 1.0], ["0 %", "<1 %", "100 %"]),
    ([1.0, 3.0, np.nan], ["1", "3", "–"]),
    ([-0.25, 0.5, 1.5], ["−0.25", "0.50", "1.50"]),
    ([12.34, 0.5, 31.0], ["12.3", "0.5", "31.0"]),
])
def test_numbers_are_printed_as_what_they_are(values, texts):
    write = picture.writer(pd.Series(values))
    assert [write(value) for value in values] == texts


def test_a_share_of_nothing_is_a_dash_and_no_error():
    table = pd.DataFrame({"A": [0.5, 0.5], "B": [np.nan, np.nan]}, ["x", "y"])
    assert texts_of(plot.bars(table)).count("–") == 2


def test_segments_of_a_bar_stand_in_order_of_size_and_fill_it():
    table = pd.DataFrame({"A": [1, 6, 3]}, ["x", "y", "z"])
    patches = plot.bars(table, stacked=True, sort=True).figure().axes[0].patches
    widths = [p.get_width() for p in patches]
    assert np.array(widths) / sum(widths) == pytest.approx([0.6, 0.3, 0.1])
    assert [p.get_x() for p in patches] == pytest.approx([0, widths[0], widths[0] + widths[1]])


def test_no_speaker_is_lost_from_a_bar_however_few_his_words():
    table = pd.DataFrame({"A": [500, *range(1, 15)]}, [f"speaker {i}" for i in range(15)])
    shown = " ".join(texts_of(plot.bars(table, stacked=True, sort=True)))
    assert all(f"speaker {i} " in f"{shown} " for i in range(15))


def test_greys_are_shares_of_the_row_where_asked():
    table = pd.DataFrame({"a": [1, 50], "b": [3, 50]}, ["x", "y"])
    cells = plot.heat(table, by="row").figure().axes[0].patches
    assert [p.get_facecolor() for p in cells][2] == [p.get_facecolor() for p in cells][3]
    darker = [sum(p.get_facecolor()[:3]) for p in cells]
    assert darker[1] < darker[2] < darker[0]


def test_a_dot_is_hollow_where_its_bar_crosses_zero():
    axes = plot.dots(estimates()).figure().axes[0]
    dots = [line for line in axes.lines if line.get_marker() in "os^"]
    assert [dot.get_markerfacecolor() == picture.PAPER for dot in dots] == [False, True, False]


def test_a_curve_is_sorted_and_its_choices_stand_below():
    top, below = plot.curve(specifications().drop(columns="pair"), main="trusted").figure().axes
    heights = np.concatenate([line.get_ydata() for line in top.lines if line.get_marker() == "o"])
    assert sorted(heights) == pytest.approx([-0.1, 0.1, 0.2, 0.3])
    assert [t.get_text() for t in below.get_yticklabels()] == ["b", "a", "all", "author", "True",
                                                               "False"][:4]


def test_stripes_are_to_scale_across_articles():
    rows = spans()
    rows.loc[rows["outlet"] == "South", ["start", "end"]] *= 2
    widths = [p.get_width() for p in plot.stripes(rows, category="voice").figure().axes[0].patches]
    assert max(widths) == 60 and {10, 20} <= set(widths)


def test_several_articles_of_an_outlet_have_a_strip_each_in_its_hue():
    """They had been drawn over one another, in one strip an outlet."""
    rows = pd.concat([spans().assign(article_id=spans()["outlet"] + name) for name in ("1", "2")])
    axes = plot.stripes(rows, category="voice").figure().axes[0]
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels == [f"{name}{n}" for name in spans()["outlet"].unique() for n in (1, 2)]
    first = plot.stripes(spans(), category="voice").figure().axes[0]
    assert {p.get_edgecolor() for p in axes.patches} == {p.get_edgecolor() for p in first.patches}


def test_many_articles_are_put_together_by_tenths():
    """Of 30 articles of 100 letters the first half is quoted, of the last five the second too."""
    rows = pd.DataFrame([(f"a{n:02}", "North", start, start + 50, voice) for n in range(30)
                         for start, voice in ((0, "quoted"),
                                              (50, "author" if n < 25 else "quoted"))],
                        columns=["article_id", "outlet", "start", "end", "voice"])
    made = plot.stripes(rows, category="voice")
    assert made.table.loc[("North", "quoted")].tolist() == pytest.approx(
        [1, 0, 0, 0, 0, 1 / 6, 0, 0, 0, 0])
    assert "30 articles" in made.alt


def test_a_label_may_stand_twice():
    twice = pd.concat([estimates(), estimates()])
    assert len(plot.dots(twice).table) == 6
    assert plot.dots(twice.drop(columns=["low", "high"])).png()  # estimates without interval
    assert plot.bars(pd.DataFrame({"A": [1, 2]}, ["x", "x"]), stacked=True).png()


def test_an_outlet_that_is_no_label_stands_beside_the_label():
    labels = plot.dots(estimates()).figure().axes[0].get_yticklabels()
    assert [label.get_text() for label in labels] == [
        "word 0, North Herald", "word 1, South", "word 2, The East"]


def test_months_stand_in_order_on_the_axis():
    table = pd.DataFrame({"A": [1, 4]}, pd.period_range("2018-01", periods=2, freq="M"))
    line = plot.lines(table).figure().axes[0].lines[0]
    assert [str(x)[:7] for x in line.get_xdata()] == ["2018-01", "2018-02"]


# Any corpus -------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("outlets", [["Only"], [f"Outlet {i}" for i in range(12)]])
def test_every_form_draws_one_outlet_and_twelve(form, outlets):
    picture = drawings(outlets)[form]
    assert Image.open(io.BytesIO(picture.png())).width == 1080


@pytest.mark.parametrize("table", [pd.DataFrame(), pd.DataFrame({"A": []}),
                                   pd.DataFrame({"A": [np.nan]}, ["x"])])
@pytest.mark.parametrize("draw", [
    plot.bars, plot.heat, plot.dots, plot.lines, plot.curve,
    lambda table, **parts: plot.bars(table, stacked=True, **parts),
    lambda table, **parts: plot.stripes(table, category="voice", **parts)])
def test_nothing_to_draw_is_a_sentence(draw, table):
    shown = draw(table, title="Words given <to> nobody")
    assert shown._repr_html_() == (
        "<p><em>Nothing to draw: Words given &lt;to&gt; nobody.</em></p>")
    assert shown.save("nowhere.png") is None


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("outlets", [OUTLETS, NAMES])
def test_no_word_covers_another_or_leaves_the_picture(form, outlets, monkeypatch):
    figure = drawings(outlets, **WORDS)[form].figure()
    drawn, draw = [], Text.draw

    def record(text, renderer, *args, **kwargs):
        if text.get_visible() and text.get_text().strip():
            drawn.append((text.get_text(), text.get_window_extent(renderer)))
        return draw(text, renderer, *args, **kwargs)

    monkeypatch.setattr(Text, "draw", record)
    figure.canvas.draw()
    width, height = figure.get_size_inches() * figure.dpi
    for words, box in drawn:
        assert box.x0 >= -1 and box.y0 >= -1, words
        assert box.x1 <= width + 1 and box.y1 <= height + 1, words
    for (one, a), (other, b) in combinations(drawn, 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        down = min(a.y1, b.y1) - max(a.y0, b.y0)
        assert across < 2 or down < 4, (one, other)  # a line's box holds room above its letters


# Words, files, names ----------------------------------------------------------------------------


def test_alternative_text_names_chart_measure_and_telling_values():
    assert plot.bars(wide(OUTLETS[:2]), **WORDS).alt == (
        "Bars in 3 panels: Share of the words, by role. North Herald is highest in nobody named "
        "(5 %); South is highest in nobody named (6 %).")
    assert plot.dots(estimates(), subtitle="Log-odds").alt == (
        "Dots with intervals: Log-odds. 2 of 3 lie wholly to one side of 0; farthest: word 0 −0.50 "
        "(−0.90 to −0.10); word 2 0.40 (0.10 to 0.70).")


def test_a_notebook_gets_picture_text_and_alternative_text():
    data, about = plot.bars(wide(), "who-speaks", **WORDS)._repr_mimebundle_()
    assert set(data) == {"image/png", "text/plain"}
    assert data["text/plain"].startswith(WORDS["title"]) and "officials" in data["text/plain"]
    assert about["image/png"]["name"] == "who-speaks"
    assert about["image/png"]["alt"].startswith("Bars in 3 panels")


@pytest.mark.parametrize("form", FORMS)
def test_the_same_table_gives_the_same_bytes(form):
    one, two = drawings(**WORDS)[form], drawings(**WORDS)[form]
    assert one.png() == two.png() == one.png()
    assert one.svg() == two.svg()
    assert b"<dc:date>" not in one.svg()


def test_files_are_written_only_where_a_command_asks(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    plot.bars(wide(), "who-speaks")
    assert not list(tmp_path.rglob("*"))
    monkeypatch.setenv(picture.FOLDER, str(tmp_path))
    picture.drawn.clear()
    saved = plot.bars(wide(), "who-speaks")
    plot.bars(wide())  # without a name: a trial
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "who-speaks.csv", "who-speaks.png", "who-speaks.svg"]
    assert (tmp_path / "who-speaks.png").read_bytes() == saved.png()
    assert (tmp_path / "who-speaks.csv").read_text().splitlines()[:2] == [
        "index,North Herald,South,The East", "officials,0.01,0.02,0.03"]


def test_one_figure_can_be_asked_for_alone(tmp_path, monkeypatch):
    monkeypatch.setenv(picture.FOLDER, str(tmp_path))
    monkeypatch.setenv(picture.ONLY, "uptake claims")
    plot.heat(wide(), "uptake")
    plot.heat(wide(), "speakers")
    assert {path.stem for path in tmp_path.iterdir()} == {"uptake"}


def test_a_name_stands_for_one_figure_while_a_command_runs(tmp_path, monkeypatch):
    plot.bars(wide(), "again")
    plot.bars(wide(), "again")  # a cell that is run twice while trying
    monkeypatch.setenv(picture.FOLDER, str(tmp_path))
    with pytest.raises(ValueError, match="two figures are called 'again'"):
        plot.bars(wide(), "again")


def test_a_name_that_is_no_file_name_is_refused():
    with pytest.raises(ValueError, match="small letters"):
        plot.bars(wide(), "../x")


def test_a_misspelt_part_is_an_error():
    with pytest.raises(TypeError, match="'titel'"):
        plot.bars(wide(), titel="x")


def test_a_slide_has_the_size_that_was_asked_for(tmp_path):
    plot.bars(wide(), **WORDS).save(tmp_path / "slide.png", size=(8, 4.5), dpi=100)
    assert Image.open(tmp_path / "slide.png").size == (800, 450)
    with pytest.raises(ValueError, match="no room"):
        plot.bars(wide(), **WORDS).save(tmp_path / "stamp.png", size=(1, 1))


def test_type_and_hues_can_be_set_and_set_back():
    before = plot.bars(wide()).png()
    plot.style(type=12, hues={"South": "#777777"})
    figure = plot.bars(wide(), title="T").figure()
    assert figure.texts[0].get_size() == pytest.approx(11.5 * 12 / 8.5)
    assert to_rgb("#777777") in {p.get_facecolor()[:3] for p in figure.axes[0].patches}
    plot.style()
    assert plot.bars(wide()).png() == before


@pytest.mark.parametrize("form", ["bars", "stacked", "dots", "lines", "stripes", "strips"])
def test_a_hue_for_an_outlet_that_is_not_there_names_the_nearest(form, tmp_path):
    with pytest.raises(ValueError, match="no outlet is called 'Sout'; the nearest is 'South'"):
        drawings()[form].save(tmp_path / "x.png", hues={"Sout": "#777777"})


def test_hues_of_further_outlets_and_of_no_outlets_are_no_error():
    plot.style(hues=dict.fromkeys([*OUTLETS, "Vale News"], "#777777"))
    assert plot.bars(wide()).png()
    plot.style(hues={"Vale News": "#777777"})
    assert plot.bars(wide().rename_axis(columns="voice")).png()
    assert plot.bars(pd.DataFrame({"acts": [1], "suffers": [2]}, ["x"])).png()


def test_a_notebooks_own_figures_keep_their_look():
    import matplotlib as mpl

    before = dict(mpl.rcParams)
    plot.bars(wide()).png()
    assert dict(mpl.rcParams) == before


def test_a_picture_of_words_says_how_to_count_them():
    with pytest.raises(ValueError, match="holds words; count rows with pd.crosstab"):
        plot.bars(pd.DataFrame({"speaker": ["Lee", "Karim"]}))
    with pytest.raises(KeyError, match="no column 'value' to draw; the table has effect"):
        plot.dots(pd.DataFrame({"effect": [1.0]}))


def test_what_was_drawn_is_found_by_its_name(tmp_path):
    plot.bars(pd.DataFrame({"North": [1.0]}, index=["a"]), "tried")
    assert plot.drawn["tried"].save(tmp_path / "slide.png", size=(8, 4.5), dpi=100).stat().st_size
    assert set(dir(plot)) >= {"bars", "drawn", "style"} and "np" not in dir(plot)
