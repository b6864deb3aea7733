"""Figures of the validity notebook: claims, specifications, controls, power, agreement."""

import numpy as np
import pandas as pd

from analysis.claims import publishers, wording
from analysis.definitions import RELIABLE
from analysis.old import controls, show
from analysis.old.figures import style
from analysis.old.figures.style import Drawing, figure
from analysis.old.tone import SPOKEN

_ROWS = 40  # claims that a page can hold
_FILL = {"supported": style.INK, "direction_only": style.RULE, "not_supported": style.PAPER}
_WORDS = {"supported": "supported", "direction_only": "direction only",
          "not_supported": "not supported"}
_UNITS = {"polarity": "difference in polarity", "share": "difference in percentage points",
          "per 1,000 words": "difference per 1,000 words"}
_TIMES = {"share": 100.0}  # shares are drawn in percentage points


def _scope_note(study) -> str:
    count = len(study.corpus.articles)
    return f"{count} article{'s' if count > 1 else ''}; what holds here holds for them only."


def _tested(study) -> pd.DataFrame:
    """Members that could be tested, the strongest where there are too many for a page."""
    table = study.claims
    table = table[table["member"].fillna(False).astype(bool)
                  & (table["verdict"] != "not_testable")]
    if len(table) > _ROWS:
        table = table.loc[table["p"].sort_values(kind="stable").index[:_ROWS]].sort_index()
    return table.reset_index(drop=True)


def _panels(table: pd.DataFrame):
    """A panel a unit, its height by its rows; yields axes, unit and rows with their heights."""
    units = [unit for unit in _UNITS if (table["unit"] == unit).any()]
    lines = {}
    for unit in units:
        own = table[table["unit"] == unit]
        lines[unit] = len(own) + 1.4 * own["measure"].nunique()
    drawing, axes = style.canvas(
        0.17 * sum(lines.values()) + 0.55 * len(units), len(units), 1, squeeze=False,
        gridspec_kw={"height_ratios": list(lines.values())})
    return drawing, [(axes[place][0], unit, table[table["unit"] == unit])
                     for place, unit in enumerate(units)]


def _laid_out(axes, rows: pd.DataFrame, unit: str) -> dict[int, float]:
    """Label the rows of a panel, grouped by measure; return the height of each row."""
    heights, ticks, labels, y = {}, [], [], 0.0
    for _, own in rows.groupby(["family", "measure"], sort=False):
        axes.text(0.0, y, wording.subject(own.iloc[0]), transform=axes.get_yaxis_transform(),
                  size=8, weight="bold", va="center", color=style.INK)
        y += 1
        for place, row in own.iterrows():
            heights[place] = y
            ticks.append(y)
            labels.append(f"{style.shorten(row['outlet'], 20)} − "
                          f"{style.shorten(row['other_outlet'], 20)}")
            y += 1
        y += 0.4
    axes.set_yticks(ticks, labels)
    axes.tick_params(axis="y", length=0, labelcolor=style.INK, labelsize=7.5)
    axes.set_ylim(y - 0.4, -0.8)
    axes.spines["left"].set_visible(False)
    axes.axvline(0, color=style.RULE, linewidth=0.8, zorder=0)
    axes.set_xlabel(_UNITS[unit] + ": first outlet minus second")
    return heights


def claims_title(table: pd.DataFrame) -> str:
    """Return the title that the verdicts earn."""
    held = table[table["verdict"] == "supported"]
    if held.empty:
        return f"None of {len(table)} testable comparisons is supported"
    about = list(dict.fromkeys(wording.subject(row) for _, row in held.iterrows()))
    where = f", all in {about[0]}" if len(about) == 1 and len(held) > 1 else (
        f", in {about[0]}" if len(about) == 1 else "")
    return f"{len(held)} of {len(table)} testable comparisons {_is(len(held))} supported{where}"


def _is(count: int) -> str:
    return "is" if count == 1 else "are"


@figure("claims")
def claims(study) -> Drawing | None:
    """Every comparison that could be tested, with its interval and verdict."""
    if study.claims.empty or (table := _tested(study)).empty:
        return None
    drawing, panels = _panels(table)
    for axes, unit, rows in panels:
        heights, times = _laid_out(axes, rows, unit), _TIMES.get(unit, 1.0)
        for place, row in rows.iterrows():
            y = heights[place]
            axes.plot([times * row["low"], times * row["high"]], [y, y], color=style.INK,
                      linewidth=1.0, solid_capstyle="butt")
            axes.plot([times * row["effect"]], [y], marker="o", markersize=5, color=style.INK,
                      markerfacecolor=_FILL[row["verdict"]], linestyle="")
            axes.annotate(_WORDS[row["verdict"]], (1.0, y), xytext=(6, 0), size=7.5, va="center",
                          xycoords=("axes fraction", "data"), textcoords="offset points",
                          color=style.INK if row["verdict"] == "supported" else style.MUTED)
    aside = int((study.claims["member"].fillna(False).astype(bool)
                 & (study.claims["verdict"] == "not_testable")).sum())
    data = table[["claim_id", "family", "measure", "instrument", "outlet", "other_outlet",
                  "effect", "unit", "low", "high", "p_adjusted", "verdict"]]
    told = " ".join(row["statement"] for _, row in table.iterrows()
                    if row["verdict"] == "supported") or "No comparison is supported."
    return style.finish(
        "claims", drawing, data, title=claims_title(table),
        subtitle="Difference between two outlets in the author’s voice (sourcing: in all words), "
        "with 95 % intervals and the verdict",
        note="Filled: supported; grey: direction only; hollow: not supported. Intervals: symmetric "
        f"bootstrap-t, the widest of the coders’. {aside} comparisons had too few blocks to test. "
        + _scope_note(study),
        alt=f"Dots with intervals, one row for each of {len(table)} comparisons. {told}")


def specifications_title(table: pd.DataFrame, about: str) -> str:
    """Return the title that a specification curve earns."""
    signs = table.groupby(["outlet", "other_outlet"], sort=False)["effect"].agg(
        lambda effects: (effects > 0).all() or (effects < 0).all())
    if signs.all():
        return f"Every way of measuring {about} gives each pair one sign"
    if not signs.any():
        return f"The sign of the difference in {about} hangs on how it is measured"
    return f"{int(signs.sum())} of {len(signs)} pairs keep one sign however {about} is measured"


@figure("specifications")
def specifications(study) -> Drawing | None:
    """Every specification of the measure with the smallest p: effects above, choices below."""
    if study.claims.empty or (tested := _tested(study)).empty:
        return None
    best = tested.loc[tested["p"].idxmin()]
    table = controls.specification_curve(study, best["family"], best["measure"])
    shown = list(dict.fromkeys(zip(table["outlet"], table["other_outlet"], strict=True)))[:3]
    table = table[[pair in shown for pair in zip(table["outlet"], table["other_outlet"],
                                                 strict=True)]].reset_index(drop=True)
    choices = [(name, value) for name in ("coder", "voice", "scope", "weight")
               for value in dict.fromkeys(table[name]) if value and table[name].nunique() > 1]
    drawing, axes = style.canvas(2.0 + 0.19 * len(choices), 2, len(shown), squeeze=False,
                                 sharey="row", gridspec_kw={
                                     "height_ratios": [2.0, 0.05 + 0.19 * len(choices)]})
    for column, pair in enumerate(shown):
        own = table[(table["outlet"] == pair[0]) & (table["other_outlet"] == pair[1])]
        top, grid = axes[0][column], axes[1][column]
        x = np.arange(len(own))
        main = own["main"].to_numpy(bool)
        top.axhline(0, color=style.RULE, linewidth=0.8)
        for kind, fill in ((main, style.INK), (~main, style.PAPER)):
            top.plot(x[kind], own["effect"].to_numpy()[kind], "o", markersize=4, color=style.INK,
                     markerfacecolor=fill)
        top.set_title(f"{style.shorten(pair[0], 20)} −\n{style.shorten(pair[1], 20)}", size=8)
        top.set_xticks([])
        for line, (name, value) in enumerate(choices):
            hit = (own[name] == value).to_numpy()
            grid.plot(x[hit], np.full(hit.sum(), line), "s", markersize=2.6, color=style.INK)
        grid.set_yticks(range(len(choices)), [_choice(*choice) for choice in choices])
        grid.set_ylim(len(choices) - 0.5, -0.5)
        grid.set_xticks([])
        grid.tick_params(axis="y", length=0, labelcolor=style.INK, labelsize=7)
        grid.spines[["left", "bottom"]].set_visible(False)
    axes[0][0].set_ylabel(_UNITS[best["unit"]].replace("percentage points", "shares"))
    told = "; ".join(
        f"{pair[0]} minus {pair[1]}: {len(own)} specifications from "
        f"{show.signed(own['effect'].min())} to {show.signed(own['effect'].max())}"
        for pair, own in table.groupby(["outlet", "other_outlet"], sort=False))
    return style.finish(
        "specifications", drawing, table,
        title=specifications_title(table, wording.subject(best)),
        subtitle=f"Difference in {wording.subject(best)} under every specification, sorted; below, "
        "what was chosen",
        note="Filled: the specifications that the claims rest on. Specifications share sentences "
        "and are nested, so their number proves nothing; the claims use their joint permutation p "
        f"(Simonsohn et al. 2020). {_scope_note(study)}",
        alt=f"Specification curves. {told}.")


def _choice(name: str, value: str) -> str:
    return {"coder": f"coder {value}", "voice": f"voice: {value}", "scope": f"text: {value}",
            "weight": f"equal {value}"}[name]


def controls_title(table: pd.DataFrame) -> str:
    """Return the title that the three controls earn."""
    rates = table.set_index("control")["rate"]
    chance = rates[rates.index.str.startswith("dealt at random:")].max()
    one = rates.index.str.startswith("one publisher") & ~rates.index.str.endswith("any")
    same = rates[one].max()
    if not chance <= 0.075:
        return f"Chance alone is called supported in up to {show.percent(chance)} of deals"
    return (f"Chance is called supported in at most {show.percent(chance, 1)} of deals; "
            f"one test parts up to {show.percent(same)} of one publisher’s articles")


@figure("controls")
def controls_figure(study) -> Drawing | None:
    """How often nothing is taken for something: chance, halves, one publisher's articles."""
    if len(study.outlets) < 2:
        return None
    rows = [(f"dealt at random: {row.family}", row.rate, row.low, row.high, f"{row.runs} deals")
            for row in controls.placebo_of(study).itertuples()]
    rows += [(f"dealt at random, direction only: {row.family}", row.rate, row.low, row.high,
              f"{row.runs} deals") for row in controls.directions_of(study).itertuples()]
    halves = controls.halves(study)
    if len(halves):
        from analysis.proportions import wilson

        hits = int((halves["p"] <= 0.05).sum())
        rows.append(("halves of one article, one test at .05", hits / len(halves),
                     *wilson(hits, len(halves)), f"{len(halves)} tests"))
    for name, row in publishers.publisher_pairs().iterrows():
        for kind, label in (("same", "one publisher"), ("other", "two publishers")):
            pairs, rate = int(row[f"{kind}_pairs"]), row[f"{kind}_publisher_05"]
            rows.append((f"{label}, one test at .05: {SPOKEN.get(name, name)}", rate, np.nan,
                         np.nan, f"{pairs} pairs"))
    data = pd.DataFrame(rows, columns=["control", "rate", "low", "high", "of"])
    data = data.sort_values("control", key=lambda names: names.str.split(",").str[0].str.split(
        ":").str[0].map(["dealt at random", "halves of one article", "one publisher",
                         "two publishers"].index), kind="stable", ignore_index=True)
    drawing, axes = style.canvas(0.21 * len(data) + 0.5)
    y = np.arange(len(data))
    axes.hlines(y, 100 * data["low"], 100 * data["high"], color=style.INK, linewidth=1.0)
    axes.plot(100 * data["rate"], y, "o", color=style.INK, markersize=4.5)
    for place, row in data.iterrows():
        axes.annotate(f"{show.percent(row['rate'], 1)} of {row['of']}", (1.0, place), size=7.5,
                      xycoords=("axes fraction", "data"), xytext=(6, 0), va="center",
                      textcoords="offset points")
    axes.axvline(5, color=style.RULE, linewidth=0.8, zorder=0)
    axes.set_yticks(y, data["control"])
    axes.tick_params(axis="y", length=0, labelcolor=style.INK, labelsize=7.5)
    axes.set_ylim(len(data) - 0.5, -0.5)
    axes.set_xlim(left=0)
    axes.set_xlabel("called different, per cent")
    told = "; ".join(f"{row.control}: {show.percent(row.rate, 1)} of {row.of}"
                     for row in data.itertuples())
    return style.finish(
        "controls", drawing, data, title=controls_title(data),
        subtitle="How often a difference is reported where there is no outlet to find",
        note="Dealt at random: any claim of the family supported by the whole verdict, or at "
        "least direction only, for whose number nothing corrects; 95 % Wilson intervals. "
        "Publishers: pairs of PolNeAR articles, one studentized test each; ‘any’: of five "
        "measures. The rule marks 5 %.", alt=f"Dots, one a control. {told}.")


def power_title(table: pd.DataFrame) -> str:
    """Return the title that the detectable differences earn."""
    never = int(np.isinf(table["smallest_detectable"]).sum())
    reached = int((table["effect"].abs() >= table["smallest_detectable"]).sum())
    if never == len(table):
        return "These texts are too short to show any difference"
    return (f"{reached} of {len(table)} observed differences "
            f"{'reaches' if reached == 1 else 'reach'} the size that these texts show reliably")


@figure("power")
def power(study) -> Drawing | None:
    """Observed differences beside the smallest that would have been called supported."""
    if study.claims.empty or (table := _tested(study)).empty:
        return None
    drawing, panels = _panels(table)
    for axes, unit, rows in panels:
        heights, times = _laid_out(axes, rows, unit), _TIMES.get(unit, 1.0)
        axes.set_xlabel(_UNITS[unit] + ", without its sign")
        for place, row in rows.iterrows():
            y, least = heights[place], row["smallest_detectable"]
            axes.plot([times * abs(row["effect"])], [y], "o", color=style.INK, markersize=5,
                      markerfacecolor=_FILL[row["verdict"]])
            if np.isfinite(least):
                axes.plot([times * least], [y], "|", color=style.INK, markersize=9,
                          markeredgewidth=1.6)
            needs = row["articles_needed"]
            text = f"{needs:,.0f} articles" if np.isfinite(needs) else "over 10,000 articles"
            text += "; no stroke" if np.isinf(least) else ""
            axes.annotate(text, (1.0, y), xycoords=("axes fraction", "data"), xytext=(6, 0),
                          textcoords="offset points", va="center", size=7, color=style.MUTED)
    data = table[["claim_id", "family", "measure", "outlet", "other_outlet", "effect", "unit",
                  "smallest_detectable", "articles_needed", "blocks", "verdict"]]
    finite = data[np.isfinite(data["smallest_detectable"])]
    told = "; ".join(f"{wording.subject(row)}, {row['outlet']} and {row['other_outlet']}: observed "
                     f"{abs(row['effect']):.2f}, detectable {row['smallest_detectable']:.2f}"
                     for _, row in finite.iterrows())
    return style.finish(
        "power", drawing, data, title=power_title(data),
        subtitle="Dot: observed difference. Stroke: smallest difference that the whole verdict "
        "would call supported with power .80",
        note="Right: articles per outlet that would show the observed difference (never below the "
        "eight that a test takes); with one article an outlet, the spread between articles is "
        "taken from pairs of one publisher’s articles. A difference left of its stroke can be "
        "supported, but seldom would be. No stroke: no difference on the scale would be supported "
        "in four of five texts like these. "
        + _scope_note(study), alt=f"Dots and strokes, one row a comparison. {told}.")


def alpha_title(table: pd.DataFrame) -> str:
    """Return the title that the alphas earn."""
    codes = table[table["instrument"] == "codes"]
    others = table[table["instrument"] != "codes"]
    good = int((codes["low"] >= RELIABLE).sum())
    passed = int((others["low"] >= RELIABLE).sum())
    tail = f"; {passed or 'none'} of {len(others)} readings by instrument agrees with them"
    return f"Coders agree enough on {good} of {len(codes)} measures{tail if len(others) else ''}"


@figure("alpha")
def alpha(study) -> Drawing | None:
    """Agreement of coders, and of each instrument with them, for every measure of the claims."""
    table = study.reliability
    table = table[table["low"].notna()].reset_index(drop=True)
    if table.empty:
        return None
    names = list(dict.fromkeys(zip(table["family"], table["measure"], strict=True)))
    drawing, axes = style.canvas(0.19 * (len(table) + 0.5 * len(names)) + 0.5)
    y, ticks, labels = 0.0, [], []
    for family, measure in names:
        for row in table[(table["family"] == family)
                         & (table["measure"] == measure)].itertuples():
            coded = row.instrument == "codes"
            axes.plot([row.low, row.high], [y, y], color=style.INK, linewidth=1.0)
            axes.plot([row.alpha], [y], "o", markersize=5, color=style.INK,
                      markerfacecolor=style.INK if coded else style.PAPER)
            axes.annotate(f"{row.alpha:.2f}".replace("-", "−"), (1.0, y), xytext=(6, 0), size=7.5,
                          xycoords=("axes fraction", "data"), textcoords="offset points",
                          va="center")
            ticks.append(y)
            by = "coders" if coded else SPOKEN.get(row.instrument, row.instrument)
            labels.append(f"{style.shorten(wording.named(measure), 34)}: {by}")
            y += 1
        y += 0.5
    for bar in (RELIABLE, 0.8):
        axes.axvline(bar, color=style.RULE, linewidth=0.8, zorder=0)
    axes.set_yticks(ticks, labels)
    axes.tick_params(axis="y", length=0, labelcolor=style.INK, labelsize=7.5)
    axes.set_ylim(y, -0.8)
    axes.set_xlim(right=1.02)
    axes.set_xlabel("Krippendorff’s alpha")
    told = "; ".join(f"{row.measure}, {row.instrument}: {row.alpha:.2f}"
                     for row in table.itertuples())
    return style.finish(
        "alpha", drawing, table, title=alpha_title(table),
        subtitle="Krippendorff’s alpha with 95 % intervals: coders with each other (filled), each "
        "instrument with the coder it agrees with least (hollow)",
        note="Rules at .667 (tentative) and .80 (reliable). Intervals: paragraphs resampled. "
        "Measures that fewer than eight paragraphs show are left out. " + _scope_note(study),
        alt=f"Dots with intervals. {told}.")
