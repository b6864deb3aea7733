"""Figures of the framing notebook."""

import numpy as np
import pandas as pd

from analysis.definitions import ROOT
from analysis.old import frames, show
from analysis.old.figures import style
from analysis.old.figures.style import Drawing, figure

_FEW = 4  # outlets that can stand side by side in one panel
_MANY = 12  # articles above which sentences are no longer drawn one by one
_LEVEL = 0.05
_FILLS = {"author": "full", "mixed": "left", "quoted": "none"}
_PER_ROW = 14  # squares in a row of a cell


def _scope_note(study) -> str:
    count = len(study.corpus.articles)
    return f"{count} article{'s' if count > 1 else ''}; what holds here holds for them only."


def _spoken(category: str) -> str:
    return category.replace("_", " ")


def _heat(axes, table: pd.DataFrame, write, most: float) -> None:
    """Draw a grey heat map on one scale from zero, the value printed in each cell."""
    for y, (_, row) in enumerate(table.iterrows()):
        for x, value in enumerate(row):
            share = 0 if pd.isna(value) or not most else value / most
            axes.fill_between([x - 0.47, x + 0.47], y - 0.45, y + 0.45, linewidth=0,
                              color=style.grey(share))
            axes.text(x, y, write(value), ha="center", va="center", size=8,
                      color=style.on_grey(share))
    axes.set_xlim(-0.5, len(table.columns) - 0.5)
    axes.set_ylim(len(table) - 0.5, -0.5)
    tilted = {"rotation": 40, "ha": "left", "rotation_mode": "anchor"}
    axes.set_xticks(range(len(table.columns)), [style.shorten(name, 20) for name in table.columns],
                    **(tilted if len(table.columns) > _FEW else {}))
    axes.set_yticks(range(len(table)), [_spoken(name) for name in table.index])
    axes.tick_params(length=0, labelcolor=style.INK)
    axes.xaxis.tick_top()
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)


# Entman's functions -------------------------------------------------------------------------------


def grid_title(counts: pd.DataFrame) -> str:
    """Return the title that the counts of Entman's functions earn."""
    wide = counts.pivot(index="function", columns="outlet", values="agreed")
    wide = wide.loc[list(frames.FUNCTIONS), wide.sum() > 0]
    whose = "every article" if wide.shape[1] > 1 else "this article"
    first = {name for name in wide.index if (wide.loc[name] == wide.max()).all()
             and (wide == wide.loc[name]).sum().eq(1).all()}
    last = {name for name in wide.index if (wide.loc[name] == wide.min()).all()
            and (wide == wide.loc[name]).sum().eq(1).all()}
    said = [f"{frames.FUNCTIONS[name]} comes {place}"
            for names, place in ((first, "first"), (last, "last")) for name in names]
    if not said:
        return f"No function of framing comes first or last in {whose}"
    return f"In {whose}, {' and '.join(said)}"


@figure("entman-grid")
def entman_grid(study) -> Drawing | None:
    """Coded sentences by Entman's function and outlet, a square a sentence, filled by voice."""
    if not frames.coders(study):
        return None
    grid, counts = frames.entman_grid(study), frames.grid_counts(study)
    if len(study.outlets) > _FEW or grid["article_id"].nunique() > _MANY:
        return _grid_heat(study, counts)
    most = grid.groupby(["function", "outlet"]).size().groupby("function").max()
    deep = [max(1, int(np.ceil(most.get(function, 0) / _PER_ROW))) for function in frames.FUNCTIONS]
    drawing, axes = style.canvas(0.5 + 4 * 0.22 + 0.17 * sum(deep), 4, len(study.outlets),
                                 squeeze=False, height_ratios=deep)
    looks, whole = style.outlet_looks(study.outlets), len(frames.coders(study))
    for i, function in enumerate(frames.FUNCTIONS):
        for j, outlet in enumerate(study.outlets):
            cell = grid[(grid["function"] == function) & (grid["outlet"] == outlet)]
            _cell(axes[i, j], cell, looks[outlet].color, whole, deep[i])
            row = counts[(counts["function"] == function) & (counts["outlet"] == outlet)].iloc[0]
            if len(cell):
                axes[i, j].set_title(_cell_label(row), size=7.5, weight="normal", pad=2)
            if i == 0:
                axes[i, j].annotate(style.shorten(outlet, 24), (0, 1), xytext=(0, 18), size=9,
                                    xycoords="axes fraction", textcoords="offset points",
                                    weight="bold", color=looks[outlet].color)
        axes[i, 0].set_ylabel(frames.FUNCTIONS[function].replace(" ", "\n"), rotation=0,
                              ha="right", va="center", size=8.5, color=style.INK)
    told = "; ".join(f"{row.outlet}, {frames.FUNCTIONS[row.function]}: {row.agreed} "
                     f"(author {row.author}, mixed {row.mixed}, quoted {row.quoted})"
                     for row in counts.itertuples())
    return style.finish(
        "entman-grid", drawing, counts, title=grid_title(counts),
        subtitle="Sentences that all coders gave a function of framing (Entman 1993), in reading "
        "order, by whose voice carries them",
        note=f"Filled: the author’s own; half: attribution and the author’s assertion; hollow: "
        f"quoted. Small dots: only one coder of {whole}. A sentence may have several functions. "
        f"Blank: the text has none. Coders are passes of a language model. {_scope_note(study)}",
        alt=f"Grid of functions by outlet, a square a sentence. {told}.")


def _cell(axes, cell: pd.DataFrame, color: str, whole: int, deep: int) -> None:
    for k, row in enumerate(cell.sort_values(["article_id", "start"]).itertuples()):
        x, y = k % _PER_ROW, k // _PER_ROW
        if row.coders < whole:
            axes.plot([x], [y], ".", color=style.MUTED, markersize=2.5)
        else:
            axes.plot([x], [y], "s", color=color, fillstyle=_FILLS.get(row.voice, "none"),
                      markersize=5.2, markeredgewidth=0.8, markerfacecoloralt=style.PAPER)
    axes.set_xlim(-0.7, _PER_ROW - 0.3)
    axes.set_ylim(deep - 0.4, -0.6)
    axes.set_xticks([])
    axes.set_yticks([])
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)


def _cell_label(row: pd.Series) -> str:
    parts = [f"{row[voice]} {voice}" for voice in _FILLS if row[voice]]
    return f"{row['agreed']}: {', '.join(parts)}" if parts else "0"


def _grid_heat(study, counts: pd.DataFrame) -> Drawing:
    wide = counts.pivot(index="function", columns="outlet", values="agreed")
    wide = wide.loc[list(frames.FUNCTIONS), study.outlets].rename(index=frames.FUNCTIONS)
    drawing, axes = style.canvas(1.6)
    _heat(axes, wide, lambda value: f"{value:.0f}", wide.to_numpy().max())
    told = "; ".join(f"{row.outlet}, {frames.FUNCTIONS[row.function]}: {row.agreed}"
                     for row in counts.itertuples())
    return style.finish(
        "entman-grid", drawing, counts, title=grid_title(counts),
        subtitle="Sentences that all coders gave a function of framing (Entman 1993)",
        note=f"A sentence may have several functions. {_scope_note(study)}",
        alt=f"Heat map of functions by outlet. {told}.")


# Generic and policy frames ------------------------------------------------------------------------


def frames_title(shares: pd.DataFrame) -> str:
    """Return the title that the shares of generic frames earn: which one leads where."""
    generic = shares[shares["family"] == "generic"]
    led: dict[str, list[str]] = {}
    for outlet, rows in generic.groupby("outlet", sort=False):
        top = rows[rows["share"] == rows["share"].max()]
        if len(top) == 1 and top["share"].iloc[0] > 0:
            frame = top["frame"].iloc[0]
            led.setdefault(frames.GENERIC.get(frame, _spoken(frame)), []).append(outlet)
    if not led:
        return "No generic frame leads in any outlet"
    said = [f"{frame}{'' if k else ' leads'} in {show.listing(names)}"
            for k, (frame, names) in enumerate(led.items())]
    return "; ".join(said)[0].upper() + "; ".join(said)[1:]


@figure("frames")
def frame_heat(study) -> Drawing | None:
    """Share of coded sentences with each generic and policy frame, as a grey heat map."""
    if not frames.coders(study):
        return None
    shares = frames.frame_shares(study)
    tables = {family: rows.pivot(index="frame", columns="outlet", values="share")
              for family, rows in shares.groupby("family")}
    tables = {family: table.reindex(columns=[name for name in study.outlets if name in table])
              for family, table in tables.items()}
    tables = {family: table.loc[table.mean(axis=1).sort_values(ascending=False).index]
              for family, table in tables.items()}
    sizes = [len(table) for table in tables.values()]
    drawing, axes = style.canvas(0.5 + 0.27 * (sum(sizes) + 2), len(tables), squeeze=False,
                                 height_ratios=sizes)
    most = shares["share"].max()
    for panel, (family, table) in zip(axes[:, 0], tables.items(), strict=True):
        _heat(panel, table, lambda value: show.percent(value), most)
        panel.set_title(f"{family} frames", pad=8)
    told = "; ".join(f"{row.outlet}, {_spoken(row.frame)} {show.percent(row.share)}"
                     for row in shares.itertuples())
    return style.finish(
        "frames", drawing, shares, title=frames_title(shares),
        subtitle="Share of coded sentences with each frame, mean of the coders; one scale of grey "
        "from zero",
        note="Generic frames after Semetko & Valkenburg 2000, whose items are about whole "
        "stories: coding sentences is an adaptation. Policy frames after Boydstun et al. 2014. "
        f"A sentence may have several. {_scope_note(study)}",
        alt=f"Heat map of frames by outlet. {told}.")


def standing_title(standing: pd.DataFrame) -> str:
    """Return the title that the cue families earn against the codes."""
    if standing.empty:
        return "No codes: what cues are worth cannot be told here"
    good = int((standing["shown"] != "as coded only").sum())
    if not good:
        return f"None of {len(standing)} cue families can stand in for a coder"
    return f"{good} of {len(standing)} cue families can stand in for a coder"


# Word choice --------------------------------------------------------------------------------------


def word_title(terms: pd.DataFrame, level: float = _LEVEL) -> str:
    """Return the title that the corrected p-values of the author's terms earn.

    Counted are the terms that some author favours: those that the figure can ring.
    """
    own = terms[terms["voice"] == "author"]
    total = own["term"].nunique()
    kept = own.loc[(own["p_adjusted"] <= level) & (own["log_odds"] > 0), ["term", "kind"]]
    kept = kept.drop_duplicates("term")
    how = int((kept["kind"] == "how").sum())
    if kept.empty:
        return f"No term of {total:,} in the authors’ voices survives correction"
    few = "Hardly a term survives" if len(kept) <= total / 50 else "Some terms survive"
    told = f"{how} of them a word of telling" if how == 1 else f"{how or 'none'} of telling"
    return f"{few} correction: {len(kept)} of {total:,} of the authors’, {told}"


def other_voices(terms: pd.DataFrame, level: float = _LEVEL) -> str:
    """Return, in a sentence, what survives when quoted words are counted too."""
    kept = terms[(terms["voice"] == "all") & (terms["p_adjusted"] <= level)
                 & (terms["log_odds"] > 0)]
    total = terms.loc[terms["voice"] == "all", "term"].nunique()
    if kept.empty:
        return f"With the words of all voices none of {total:,} terms survives either."
    said = show.listing([f"“{show.term(row.term)}” in {row.outlet} ({row.count} here, "
                         f"{row.count_elsewhere} elsewhere)"
                         for row in kept.drop_duplicates("term").head(6).itertuples()])
    count = kept["term"].nunique()
    return (f"With the words of all voices {count} of {total:,} terms "
            f"survive{'s' if count == 1 else ''}{', among them' if count > 6 else ':'} {said}.")


@figure("word-choice")
def word_choice(study) -> Drawing | None:
    """Log-odds of the most distinctive words of telling, author's voice, per outlet."""
    terms = study.terms
    own = terms[(terms["voice"] == "author") & (terms["kind"] == "how")]
    if own.empty:
        return None
    each = max(2, min(8, 44 // len(study.outlets)))
    data = own[own["count"] >= 2].sort_values(["z", "term"], ascending=[False, True])
    data = data.groupby("outlet", sort=False).head(each)
    data = pd.concat([data[data["outlet"] == outlet] for outlet in study.outlets])
    data = data.assign(error=data[["se", "se_block"]].max(axis=1)).reset_index(drop=True)
    data["low"], data["high"] = (data["log_odds"] - 1.96 * data["error"],
                                 data["log_odds"] + 1.96 * data["error"])
    rows = len(data) + len(study.outlets)
    drawing, axes = style.canvas(0.5 + 0.165 * rows)
    looks, y, ticks = style.outlet_looks(study.outlets), 0, []
    axes.axvline(0, color=style.RULE, linewidth=0.8, zorder=0)
    for outlet in study.outlets:
        part = data[data["outlet"] == outlet]
        if part.empty:
            continue
        axes.text(0.0, y, style.shorten(outlet, 30), weight="bold", color=looks[outlet].color,
                  transform=axes.get_yaxis_transform(), va="center")
        y += 1
        for row in part.itertuples():
            _word(axes, y, row, looks[outlet])
            ticks.append((y, f"{show.term(row.term)}  {row.count} : {row.count_elsewhere}"))
            y += 1
    axes.set_yticks([place for place, _ in ticks], [text for _, text in ticks])
    axes.tick_params(axis="y", length=0, labelcolor=style.INK)
    axes.set_ylim(y - 0.4, -0.6)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("log-odds against all other outlets (nats); right: favoured here")
    told = "; ".join(f"{row.outlet} “{show.term(row.term)}” {show.signed(row.log_odds)} "
                     f"({show.signed(row.low)} to {show.signed(row.high)})"
                     for row in data.groupby("outlet", sort=False).head(3).itertuples())
    return style.finish(
        "word-choice", drawing, data, title=word_title(terms),
        subtitle="Words of telling that each author favours most: weighted log-odds (Monroe et "
        "al. 2008), 95 % bars; beside each word its count here : elsewhere",
        note="Chosen by z, so the bars flatter; hollow: the bar crosses zero; ringed: at most "
        f"{_LEVEL} after correction over all terms by dealing blocks. Bars use the larger of the "
        "formula’s error and that of redrawn blocks. Names, numbers and plain nouns are left out. "
        f"{_scope_note(study)}",
        alt=f"Dots with bars on one axis, a group an outlet. {told}.")


def _word(axes, y: float, row, look: style.Look) -> None:
    axes.plot([row.low, row.high], [y, y], color=look.color, linewidth=1.0)
    solid = row.low > 0 or row.high < 0
    axes.plot([row.log_odds], [y], look.marker, color=look.color, markersize=4.5,
              markerfacecolor=look.color if solid else style.PAPER)
    if row.p_adjusted <= _LEVEL:
        axes.plot([row.log_odds], [y], "o", color=style.INK, markersize=9, fillstyle="none",
                  markeredgewidth=0.8)


def loaded_figures() -> pd.DataFrame:
    """Return how well each family of counts finds biased sentences, as measured at its making."""
    table = pd.read_csv(ROOT / "data" / "models" / "loaded_figures.csv")
    kept = table[~table["features"].str.contains(": ")]
    return kept.rename(columns={"auc": "alone", "by_topic": "topics held out",
                                "by_outlet": "outlets held out"})


# Stance -------------------------------------------------------------------------------------------


def rates_title(rates: pd.DataFrame, what: str) -> str:
    """Return the title that rates with intervals earn: which category keeps two outlets apart."""
    outlets = list(dict.fromkeys(rates["outlet"]))
    if len(outlets) == 1:
        return f"{what} in the author’s words of {outlets[0]}"
    apart = []
    for category, rows in rates.groupby("category", sort=False):
        for one in rows.itertuples():
            for other in rows.itertuples():
                if one.low > other.high:
                    apart.append((one.low - other.high, category, one.outlet, other.outlet))
    if not apart:
        return f"{what}: every interval overlaps every other"
    _, category, more, less = max(apart)
    rest = len({name for _, name, *_ in apart}) - 1
    more_of = "category parts" if rest == 1 else "categories part"
    also = f"; {rest} more {more_of} outlets" if rest else ""
    return f"{_spoken(category).capitalize()}: more often in {more} than in {less}{also}"


@figure("stance")
def stance(study) -> Drawing | None:
    """Rates of stance cues in the author's voice, by category and outlet."""
    return _rates(study, "stance", frames.cue_rates(study, "stance", frames.STANCE),
                  "Stance cues", "Cues of stance per 1,000 words of the author, 95 % intervals")


@figure("loaded")
def loaded(study) -> Drawing | None:
    """Rates of loaded words in the author's voice, by category and outlet."""
    return _rates(study, "loaded", frames.cue_rates(study, "loaded"), "Loaded words",
                  "Loaded words per 1,000 words of the author, 95 % intervals")


def _rates(study, name: str, rates: pd.DataFrame, what: str, subtitle: str) -> Drawing | None:
    if not rates["words"].sum() or rates.empty:
        return None
    many = len(study.outlets) > _FEW
    drawing = (_rate_heat if many else _rate_dots)(study, rates)
    shown = "Intervals and counts are in the table. " if many else "Small digits: number of cues. "
    told = "; ".join(f"{_spoken(row.category)} in {row.outlet}: {row.rate:.1f} ({row.cues})"
                     for row in rates.itertuples())
    return style.finish(
        name, drawing, rates, title=rates_title(rates, what), subtitle=subtitle,
        note=f"{shown}Symmetric bootstrap-t over blocks; no interval below four blocks or without "
        "a cue. A cue is a listed word, whatever it means where it stands. "
        f"{_scope_note(study)}",
        alt=f"{what} by category and outlet, rate per 1,000 words and count. {told}.")


def _rate_heat(study, rates: pd.DataFrame):
    wide = rates.pivot(index="category", columns="outlet", values="rate")
    wide = wide.loc[list(dict.fromkeys(rates["category"])), study.outlets]
    drawing, axes = style.canvas(1.4 + 0.27 * len(wide))
    _heat(axes, wide, lambda value: "–" if pd.isna(value) else f"{value:.0f}",
          float(np.nanmax(wide.to_numpy())))
    return drawing


def _rate_dots(study, rates: pd.DataFrame):
    categories, looks = list(dict.fromkeys(rates["category"])), style.outlet_looks(study.outlets)
    drawing, axes = style.canvas(0.4 + len(categories) * (0.1 + 0.11 * len(study.outlets)))
    step = 0.75 / max(len(study.outlets), 1)
    limit = max(20.0, 1.6 * rates["rate"].max())
    for row in rates.itertuples():
        y = categories.index(row.category) + step * (study.outlets.index(row.outlet)
                                                     - (len(study.outlets) - 1) / 2)
        look = looks[row.outlet]
        if not np.isnan(row.low):
            axes.plot([row.low, min(row.high, limit)], [y, y], color=look.color, linewidth=0.9)
            if row.high > limit:
                axes.plot([limit], [y], ">", color=look.color, markersize=3, clip_on=False)
        axes.plot([row.rate], [y], look.marker, color=look.color, markersize=4.5, clip_on=False,
                  markerfacecolor=look.color if row.cues else style.PAPER)
        end = row.rate if np.isnan(row.high) else min(row.high, limit)
        axes.annotate(str(row.cues), (end, y), xytext=(5, 0), va="center", size=6,
                      textcoords="offset points", color=style.MUTED)
    axes.set_yticks(range(len(categories)), [_spoken(name) for name in categories])
    axes.tick_params(axis="y", length=0, labelcolor=style.INK)
    axes.set_ylim(len(categories) - 0.45, -0.6)
    axes.set_xlim(0, limit)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("cues per 1,000 words of the author")
    for outlet in study.outlets:
        axes.plot([], [], looks[outlet].marker, color=looks[outlet].color, markersize=4.5,
                  label=f"{style.shorten(outlet, 24)}")
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.1, fontsize=8,
                ncols=len(study.outlets), labelcolor=[looks[name].color for name in study.outlets],
                handletextpad=0.3)
    return drawing
