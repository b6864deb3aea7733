"""A table as a picture: rows and columns are what is drawn.

Hue means outlet and nothing else; the rest is ink, grey, texture and place. Each function takes a
table and returns a `Picture`, or a sentence where there is nothing to draw. All take ``name`` (the
figure's file name, unique; left out while trying), ``title``, ``subtitle``, ``note`` and ``alt``
(by default made from the table).
"""

import textwrap
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis import picture
from analysis.picture import INK, MUTED, PAPER, RULE, Form, drawn, form, say, style

# Of categories, in their order: how much of the hue fills a piece, and the hatching over it.
_TEXTURES = ((1.0, ""), (0.0, "/////"), (0.3, ""), (0.0, "xxxxx"), (0.0, ""), (0.6, "....."),
             (0.0, "-----"))
_TINTS = (1.0, 0.55, 0.3, 0.14)  # of the segments of a stacked bar
_ACROSS = 3  # panels in a row
_STRIPS = 24  # articles that have a strip each; more are put together by outlet
__all__ = ["bars", "curve", "dots", "drawn", "heat", "lines", "stripes", "style"]


def __dir__() -> list[str]:
    return __all__


def _kinds(column: pd.Series) -> list:
    """Return the values of a column in their order, else as they come."""
    ordered = isinstance(column.dtype, pd.CategoricalDtype)
    return list(column.cat.categories if ordered else dict.fromkeys(column.dropna()))


def _panels(figure: Figure, count: int) -> np.ndarray:
    """Return so many panels that share their scales, row by row."""
    across = min(_ACROSS, count)
    panels = figure.subplots(-(-count // across), across, sharex=True, sharey=True, squeeze=False)
    for axes in panels.flat[count:]:
        axes.set_visible(False)
    return panels


@form
def bars(table: pd.DataFrame, name: str | None = None, *, marks: pd.DataFrame | None = None,
         marks_are: str = "a second reading", unit: str | None = None, stacked: bool = False,
         sort: bool = False, **parts: str | None) -> Form:
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
        ``title``, ``subtitle``, ``note``, ``alt`` (by default made from the table).
    """
    write = picture.writer(table, unit)
    values = table.astype(float)
    if stacked:
        return _stacked(table, values, write, sort)
    second = values * np.nan if marks is None else marks.reindex_like(values).astype(float)
    longest = np.nanmax([values.max().max(), 0, second.max().max()]) or 1

    def draw(figure: Figure, setting: picture.Setting) -> None:
        looks, panels = picture.looks_of(values.columns, setting), _panels(figure, len(values))
        for place, (axes, (row, cells)) in enumerate(zip(panels.flat, values.iterrows(),
                                                         strict=False)):
            axes.barh(range(len(cells)), cells.fillna(0), height=0.66,
                      color=[looks[outlet].color for outlet in cells.index])
            for y, (value, mark) in enumerate(zip(cells, second.iloc[place], strict=True)):
                label = write(value) + ("" if pd.isna(mark) else f" ({write(mark)})")
                axes.plot([mark, mark], [y - 0.42, y + 0.42], color=INK, linewidth=1.3)
                axes.annotate(label, (np.nanmax([value, mark, 0]), y), (4, 0), color=INK,
                              textcoords="offset points", va="center", size="small")
            axes.axvline(0, color=MUTED, linewidth=0.6)
            axes.set_title(say(row, 34))
            axes.set_xticks([])
            picture.bare(axes)
        panels[0, 0].set_yticks(range(values.shape[1]), [say(o, 22) for o in values.columns])
        panels[0, 0].set_ylim(values.shape[1] - 0.4, -0.6)
        panels[0, 0].set_xlim(min(0, np.nanmin(values)), longest * (1.35 if marks is None else 1.6))

    rows = -(-len(values) // _ACROSS)
    return Form(table, draw, rows * (0.36 + 0.19 * values.shape[1]),
                f"Bars in {len(values)} panel{'s' * (len(values) > 1)}",
                picture.highest(values, write),
                f"Upright stroke and number in brackets: {marks_are}." * (marks is not None))


def _stacked(table: pd.DataFrame, values: pd.DataFrame, write: Callable, sort: bool) -> Form:
    whole = float(values.sum().max()) or 1.0

    def laid_out(setting: picture.Setting) -> tuple[list, float]:
        """Return for each bar its pieces (in inches), the words below it and its top."""
        laid, y, inner = [], 0.0, 0.96 * setting.width
        for column, cells in values.items():
            left, rest, pieces, sizes = 0.0, [], [], cells.fillna(0).to_numpy()
            order = [i for i in (np.argsort(-sizes, kind="stable") if sort else range(len(sizes)))
                     if sizes[i] > 0]
            for place, i in enumerate(order):
                shade = _TINTS[(place if sort else i) % len(_TINTS)]
                label = f"{say(values.index[i])} {write(sizes[i])}"
                wide = sizes[i] / whole * inner
                fits = picture.inches(label, 0.84 * setting.type) + 0.12 < wide
                rest += [] if fits else [label]
                pieces.append((left, wide, shade, label if fits else ""))
                left += wide
            then = "then " if 0 < len(rest) < len(order) and sort else "too narrow for a label: "
            words = picture.wrapped(then + ", ".join(rest), 0.84 * setting.type, "normal",
                             inner) if rest else []
            laid.append((column, cells.sum(), pieces, words, y))
            y += (3.3 + 1.05 * len(words)) * setting.type / 62
        return laid, y

    def draw(figure: Figure, setting: picture.Setting) -> None:
        axes, looks = figure.subplots(), picture.looks_of(values.columns, setting)
        line, (laid, tall) = setting.type / 62, laid_out(setting)
        for column, total, pieces, words, y in laid:
            at = [(0, y + 0.6 * line, say(column), INK, "medium", "bold"),
                  (picture.inches(f"{say(column)}  ", setting.type, "bold"), y + 0.6 * line,
                   f"{write(total)} in all".removeprefix("100 % in all"), MUTED, "small",
                   "normal")]
            for left, wide, shade, label in pieces:
                color = picture.tint(looks[column].color, shade)
                axes.barh(y + 1.9 * line, wide, left=left, height=1.5 * line, color=color,
                          edgecolor=PAPER, linewidth=1.2)
                at.append((left + 0.05, y + 1.9 * line, label, picture.readable_on(color), "small",
                           "normal"))
            at += [(0, y + (3.2 + place) * line, text, MUTED, "small", "normal")
                   for place, text in enumerate(words)]
            for left, top, text, color, size, weight in at:
                axes.text(left, top, text, va="center", color=color, size=size, weight=weight,
                          in_layout=False)
        axes.set(xlim=(0, 0.96 * setting.width), ylim=(tall, 0), xticks=[], yticks=[])
        picture.bare(axes)

    return Form(table, draw, lambda setting: laid_out(setting)[1],
                "Stacked bars, a segment a row", picture.highest(values, write))


@form
def heat(table: pd.DataFrame, name: str | None = None, *, unit: str | None = None,
         by: str = "table", **parts: str | None) -> Form:
    """Draw a grey map with the number in each cell: darker is more, on one scale from zero.

    Parameters
    ----------
    by : {"table", "row", "column"}
        What the darkest grey stands for: the highest value of the table, or for each row
        (column) all of its sum, so that greys are shares though counts are printed.
    """
    write = picture.writer(table, unit)
    values = table.astype(float)
    sums = {"row": values.sum(axis=1), "column": values.sum()}
    shares = values / (np.nanmax(values) or 1) if by == "table" else values.div(
        sums[by].replace(0, np.nan), axis="index" if by == "row" else "columns")

    def draw(figure: Figure, setting: picture.Setting) -> None:
        axes, (rows, columns) = figure.subplots(), values.shape
        for y, x in np.ndindex(rows, columns):
            share, value = shares.iloc[y, x], values.iloc[y, x]
            color = picture.tint(INK, 0.78 * float(np.nan_to_num(np.clip(share, 0, 1))))
            axes.barh(y, 1, left=x - 0.5, height=1, color=color, edgecolor=PAPER, linewidth=1.5)
            axes.text(x, y, "·" if value == 0 else write(value), ha="center", va="center",
                      color=picture.readable_on(color))
        room = int(90 / columns * picture.TYPE / setting.type)
        axes.xaxis.tick_top()
        axes.set_xticks(range(columns), [textwrap.fill(say(c, 3 * max(room, 6)), max(room, 6))
                                         for c in values.columns])
        axes.set_yticks(range(rows), [say(row, 40) for row in values.index])
        axes.set(xlim=(-0.5, columns - 0.5), ylim=(rows - 0.5, -0.5))
        picture.bare(axes)

    return Form(table, draw, 0.42 + 0.3 * len(values), "Table shaded by value",
                picture.highest(values, write))


@form
def dots(table: pd.DataFrame, name: str | None = None, *, xlabel: str = "",
         text: str | None = None, panel: str | None = None, **parts: str | None) -> Form | None:
    """Draw estimates with their intervals, a row each; hollow where the bar crosses zero
    (or where a column ``filled`` is False).

    Parameters
    ----------
    table : DataFrame
        ``value``, ``low``, ``high``; the index labels a row, and with two levels the first is
        a heading. A column or level called ``outlet`` gives the hue.
    text : str, optional
        A column that is printed at the right end, such as a verdict or a count.
    panel : str, optional
        A column whose values have scales of their own, such as units; it labels each scale.
    """
    if "value" not in table:
        raise KeyError(f"no column 'value' to draw; the table has {', '.join(map(str, table))}")
    table = table[table["value"].notna()]
    if table.empty:
        return None
    table = table.assign(**{end: table.get(end, np.nan) for end in ("low", "high")})
    write, labels = picture.writer(table["value"], "measure"), table.index
    grouped, column = labels.nlevels > 1, "outlet" in table
    outlets = table["outlet"] if column else (
        labels.get_level_values("outlet") if "outlet" in labels.names else None)
    words = [say(label[-1] if grouped else label, 44) for label in labels]
    if column:
        words = [f"{word}, {say(outlet, 22)}" for word, outlet in zip(words, outlets, strict=True)]
    heads = [say(label[:-1], 48) if grouped else "" for label in labels]
    panels = table[panel].tolist() if panel else [xlabel] * len(table)
    groups = {key: [i for i, own in enumerate(panels) if own == key] for key in panels}
    heights = [len(own) + 0.4 + sum(1.2 for i, one in enumerate(own) if heads[one] and (
        i == 0 or heads[one] != heads[own[i - 1]])) for own in groups.values()]
    apart = table.get("filled", (table["low"] > 0) | (table["high"] < 0))

    def draw(figure: Figure, setting: picture.Setting) -> None:
        looks = None if outlets is None else picture.looks_of(outlets, setting)
        drawn = figure.subplots(len(groups), 1, squeeze=False, height_ratios=heights)[:, 0]
        for axes, (key, own) in zip(drawn, groups.items(), strict=True):
            y, at, before = 0.0, [], ""
            axes.axvline(0, color=MUTED, linewidth=0.8, zorder=0)
            for i in own:
                row, look = table.iloc[i], looks[outlets.tolist()[i]] if looks else picture.INKED
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
                    axes.text(1.02, y, say(row[text]), va="center", size="small",
                              transform=axes.get_yaxis_transform())
                at.append(y)
                y += 1
            axes.set_yticks(at, [words[i] for i in own])
            axes.set_ylim(y - 0.4, -0.7)
            axes.spines["left"].set_visible(False)
            axes.tick_params(axis="y", length=0, labelcolor=INK)
            axes.set_xlabel(say(key, 90))

    far = table["value"].abs().where(apart).to_numpy()
    tops = [f"{say(labels[i], 60)} {write(row['value'])} ({write(row['low'])} to "
            f"{write(row['high'])})" for i in np.argsort(-far, kind="stable")[:min(3, apart.sum())]
            for row in [table.iloc[i]]]
    return Form(table, draw, 0.17 * sum(heights) + 0.42 * len(groups), "Dots with intervals",
                f"{apart.sum()} of {len(table)} lie wholly to one side of 0"
                + (f"; farthest: {'; '.join(tops)}." if tops else "."))


@form
def lines(table: pd.DataFrame, name: str | None = None, *, xlabel: str | None = None,
          unit: str | None = None, **parts: str | None) -> Form:
    """Draw a line a column (an outlet) along the index: place in the article, month, number.

    Beyond three outlets each gets a panel, with the others pale behind it.
    """
    write = picture.writer(table, unit)
    values, index = table.astype(float), table.index
    if isinstance(index, pd.PeriodIndex):
        index = index.to_timestamp()
    plain = not (pd.api.types.is_numeric_dtype(index) or isinstance(index, pd.DatetimeIndex))
    x = range(len(index)) if plain else index
    many = values.shape[1] > 3

    def draw(figure: Figure, setting: picture.Setting) -> None:
        looks = picture.looks_of(values.columns, setting)
        panels = _panels(figure, values.shape[1] if many else 1)
        for axes, column in zip(panels.flat, values if many else [None], strict=False):
            for other in values if many else ():
                axes.plot(x, values[other], color=RULE, linewidth=0.6)
            for own in [column] if many else values:
                look = looks[own]
                axes.plot(x, values[own], look.line, marker=look.marker, color=look.color,
                          linewidth=1.6, markersize=4)
            axes.set_title(say(column) if many else "")
            axes.yaxis.set_major_formatter(lambda value, _: write(value))
            if np.nanmin(values) >= 0:
                axes.set_ylim(bottom=0)
            else:
                axes.axhline(0, color=MUTED, linewidth=0.6)
        axes = panels[0, 0]
        if plain:
            every = -(-len(index) // (4 if many else 12))
            axes.set_xticks(x[::every], [say(label, 12) for label in index[::every]])
        elif pd.api.types.is_integer_dtype(index):
            axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        if not many:
            _label_ends(axes, values, x, looks, setting)
        panels[-1, 0].set_xlabel(say(index.name or "" if xlabel is None else xlabel, 90))

    peaks = "; ".join(f"{say(c)} peaks at {write(v.max())} ({say(v.idxmax())})"
                      for c, v in list(values.items())[:4] if v.notna().any())
    rows = -(-values.shape[1] // _ACROSS)
    return Form(table, draw, 0.25 + 1.15 * rows if many else 2.3,
                f"Lines along {say(index.name or 'the index')}", f"{peaks}.")


def _label_ends(axes: Axes, values: pd.DataFrame, x: Sequence, looks: Mapping,
                setting: picture.Setting) -> None:
    """Write each line's name at its right end, apart from the others."""
    ends = {c: (x[int(np.flatnonzero(v.notna())[-1])], v.dropna().iloc[-1])
            for c, v in values.items() if v.notna().any()}
    low, high = axes.get_ylim()
    gap, last = 0.085 * (high - low) * setting.type / picture.TYPE, -np.inf
    for column, (_, end) in sorted(ends.items(), key=lambda item: item[1][1]):
        last = max(end, last + gap)
        hue = looks[column].color if looks[column].color != picture.HUES[2] else "#8F5400"
        axes.annotate(say(column), (1.01, last), xycoords=axes.get_yaxis_transform(), va="center",
                      color=hue)
    axes.margins(x=0.02)


@form
def curve(table: pd.DataFrame, name: str | None = None, *, panel: str | None = None,
          main: str | None = None, **parts: str | None) -> Form | None:
    """Draw a specification curve: estimates sorted, with the choices that gave each below.

    Parameters
    ----------
    table : DataFrame
        A row a specification: ``value``, perhaps ``low`` and ``high``, and the choices: all other
        columns.
    panel : str, optional
        A column that gives each of its values a panel, such as the pair of outlets.
    main : str, optional
        A column of True where the specification is the one relied on: drawn filled.
    """
    panels = list(dict.fromkeys(table[panel])) if panel else [None]
    table = table[table["value"].notna()].sort_values("value", kind="stable", ignore_index=True)
    if table.empty:
        return None
    choices = table.columns.difference(["value", "low", "high", panel, main], sort=False)
    grid = [(c, kind) for c in choices for kind in dict.fromkeys(table[c])]
    cuts = [table[table[panel] == key] if panel else table for key in panels]
    write = picture.writer(table["value"], "measure")

    def draw(figure: Figure, setting: picture.Setting) -> None:
        axes = figure.subplots(2, len(panels), sharex="col", sharey="row", squeeze=False,
                               height_ratios=[1.7, 0.17 * len(grid) + 0.1])
        for (top, below), key, rows in zip(axes.T, panels, cuts, strict=True):
            x, y = np.arange(len(rows)), rows["value"].to_numpy()
            filled = rows[main].to_numpy(bool) if main else np.ones(len(rows), bool)
            top.axhline(0, color=MUTED, linewidth=0.8)
            if {"low", "high"} <= set(rows):
                top.vlines(x, rows["low"], rows["high"], color=RULE, linewidth=1)
            top.plot(x[~filled], y[~filled], "o", color=INK, markersize=3.5, markerfacecolor=PAPER)
            top.plot(x[filled], y[filled], "o", color=INK, markersize=3.5)
            top.set_title(textwrap.fill(say(key, 60), 90 // len(panels)) if panel else "")
            top.yaxis.set_major_formatter(lambda v, _: f"{v:g}".replace("-", "−"))
            for place, (choice, kind) in enumerate(grid):
                at = x[(rows[choice] == kind).to_numpy()]
                below.plot(at, np.full(len(at), place), "|", color=INK, markersize=5)
                if place and grid[place - 1][0] != choice:
                    below.axhline(place - 0.5, color=RULE, linewidth=0.6)
            below.set_ylim(len(grid) - 0.4, -0.6)
            below.set_xticks([])
            picture.bare(below)
        axes[1, 0].set_yticks(range(len(grid)), [say(kind, 30) for _, kind in grid])

    told = "; ".join(
        (f"{say(key, 60)}: " if panel else "") + f"{(values > 0).sum()} of {len(values)} above "
        f"zero, {write(values.min())} to {write(values.max())}"
        for key, values in ((key, rows["value"]) for key, rows in zip(panels, cuts, strict=True)))
    return Form(table, draw, 1.9 + 0.16 * len(grid), "Specification curve", f"{told}.")


@form
def stripes(table: pd.DataFrame, name: str | None = None, *, category: str, row: str | None = None,
            strip: str | None = None, order: Sequence[str] = (), length: pd.Series | None = None,
            **parts: str | None) -> Form:
    """Draw each article as a barcode to scale: a stretch is a stripe, its category a texture.

    Of more than 24 articles a heat map is drawn instead: how much of each tenth of an outlet's
    articles every category takes.

    Parameters
    ----------
    table : DataFrame
        A row a stretch: ``row``, ``start``, ``end``, ``category``. Without ``end``, or with
        places from 0 to 1 of no extent, a stripe is a thin stroke.
    row : str, optional
        The column with a strip a value: by default the outlet where each has one article, else
        ``article_id``.
    strip : str, optional
        A column whose values have strips of their own below one another in each article, such
        as the functions of framing.
    order : sequence of str, optional
        Categories in the order of their textures: solid, hatched, pale, crossed, outlined.
    length : Series, optional
        The length of each article (by ``article_id``, else ``row``) in the unit of ``start``; by
        default its last end.
    """
    key = "article_id" if "article_id" in table else row or "outlet"
    given, table = table, table.assign(end=table.get("end", table["start"])).reset_index(drop=True)
    outlet = table.get("outlet", table[key])
    last = table[key].map(table.groupby(key)["end"].max() if length is None else length)
    row = row or (key if table[key].nunique() > outlet.nunique() else "outlet")
    table = table.iloc[np.argsort(pd.Categorical(outlet, _kinds(outlet)).codes, kind="stable")]
    if row == "article_id" and table[row].nunique() > _STRIPS:
        return _tenths(table, category, (table["start"] / last).fillna(0), outlet)
    order = list(dict.fromkeys([*order, *_kinds(table[category])]))
    strips = _kinds(table[strip]) if strip else [None]
    rows = [key for key in _kinds(table[row]) if (table[row] == key).any()]
    ends = last.groupby(table[row], observed=True).max()
    longest, hue = float(ends.max()), outlet.groupby(table[row], observed=True).first()
    share = longest <= 1
    thin = (1.0 if share else longest) / 250
    tall = 1.0 if strip else 1.7

    def draw(figure: Figure, setting: picture.Setting) -> None:
        axes, y, ticks = figure.subplots(), 0.0, []
        looks = picture.looks_of(outlet, setting)
        for key in rows:
            own, color = table[table[row] == key], looks[hue[key]].color
            if strip:
                axes.text(0, y + 0.5, say(key), weight="bold", va="center")
                y += 1.15
            for band in strips:
                axes.barh(y + tall / 2, ends[key], height=0.05 if strip else tall * 0.9,
                          color=RULE if strip else PAPER, edgecolor="none")
                inside = own if band is None else own[own[strip] == band]
                for kind, pieces in inside.groupby(category, observed=True, sort=False):
                    width = np.maximum(pieces["end"] - pieces["start"], thin)
                    _stripe(axes, pieces["start"], width, y, tall, color, order.index(kind))
                ticks.append((y + tall / 2, say(key if band is None else band)))
                y += tall + (0.1 if strip else 0.5)
            y += 0.35 if strip else 0.0
        for place, kind in enumerate(order):
            _stripe(axes, [np.nan], [1], 0, 1, MUTED, place, label=say(kind))
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=min(len(order), 6),
                    fontsize="small", handlelength=1.6, columnspacing=1.2, borderpad=0.2)
        axes.set_yticks(*zip(*ticks, strict=True))
        # A little room, so that the last outline of the longest strip is seen whole.
        axes.set(ylim=(y, -0.1), xlim=(0, 1.004 * longest))
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0, labelcolor=INK)
        if share:
            axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["start", "25 %", "50 %", "75 %", "end"])
        axes.set_xlabel("" if share else "characters from the start of the article")

    extent = (table["end"] - table["start"]).where(lambda v: v > 0, thin if share else 1)
    sums = extent.groupby([table[row], table[category]], observed=True).sum()
    told = "; ".join(
        f"{say(key)}: " + ", ".join(f"{say(kind)} {100 * part:.0f} %" for kind, part in (
            sums[key] / sums[key].sum()).nlargest(3).items()) for key in rows[:4])
    each = 1.1 * len(strips) + 1.5 if strip else 2.2
    return Form(given, draw, 0.75 + 0.17 * len(rows) * each, "Strips along each article",
                f"Of the characters: {told}.")


def _tenths(table: pd.DataFrame, category: str, place: pd.Series, outlet: pd.Series) -> Form:
    """Return the share of each category in every tenth of an outlet's articles, as a heat map."""
    tenth = (10 * place).clip(0, 9.5).astype(int)
    extent = (table["end"] - table["start"]).where(lambda v: v > 0, 1)
    sums = extent.groupby([outlet, table[category], tenth], observed=True).sum().unstack(
        fill_value=0).reindex(columns=range(10), fill_value=0)
    shares = (sums / sums.groupby(level=0, observed=True).transform("sum")).fillna(0)
    made = heat.__wrapped__(shares.set_axis([f"{10 * n} %" for n in range(10)], axis=1),
                            unit="share")
    return made._replace(kind=f"Each tenth of {table['article_id'].nunique()} articles from their "
                         "start on, and the share that each category has of it")


def _stripe(axes: Axes, left: Sequence, width: Sequence, y: float, tall: float, color: str,
            place: int, label: str | None = None) -> None:
    fill, hatch = _TEXTURES[place % len(_TEXTURES)]
    axes.barh([y + tall / 2] * len(left), width, left=left, height=tall * 0.9, label=label,
              facecolor=picture.tint(color, fill), hatch=hatch, edgecolor=color,
              linewidth=0.0 if fill else 0.4)
