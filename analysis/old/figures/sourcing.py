"""Figures of the sourcing notebook."""

import numpy as np
import pandas as pd

from analysis.old import show, sources
from analysis.old.figures import style
from analysis.old.figures.style import Drawing, figure

_MANY = 12  # articles above which outlets, not articles, are drawn
_SPREAD = 0.15  # a difference of shares below this is not called one
_UNNAMED = "speaker not named"


def _scope_note(study) -> str:
    count = len(study.corpus.articles)
    return f"{count} article{'s' if count > 1 else ''}; what holds here holds for them only."


# Who speaks --------------------------------------------------------------------------------------


def speakers_title(shares: pd.DataFrame) -> str:
    """Return the title that the shares of words by role earn."""
    wide = shares.pivot(index="role", columns="outlet", values="share")
    wide = wide.drop(index=_UNNAMED, errors="ignore").dropna(axis=1, how="all")
    if wide.empty:
        return "No words are given to sources"
    if wide.shape[1] == 1:
        role = wide.iloc[:, 0].idxmax()
        return f"{_capital(role)}: {show.percent(wide.iloc[:, 0].max())} of the words given"
    spread = wide.max(axis=1) - wide.min(axis=1)
    role = spread.idxmax()
    if spread[role] < _SPREAD:
        return "Every role has about the same share of the words given in each outlet"
    low, high = wide.loc[role].idxmin(), wide.loc[role].idxmax()
    return (f"{_capital(role)}: {show.percent(wide.loc[role, high])} of the words given in "
            f"{high}, {show.percent(wide.loc[role, low])} in {low}")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


@figure("speakers")
def speakers(study) -> Drawing | None:
    """Shares of attributed words by role, a small panel a role, a bar an outlet."""
    shares = sources.shares_beside(study)
    if shares.empty:
        return None
    by, coded = sources.primary(study), sources.primary(study) != sources.EXTRACTOR
    roles = list(dict.fromkeys(shares["role"]))
    columns = 3
    rows = -(-len(roles) // columns)
    drawing, axes = style.canvas((0.45 + 0.2 * len(study.outlets)) * rows, rows, columns,
                                 sharex=True, sharey=True, squeeze=False)
    looks = style.outlet_looks(study.outlets)
    for panel, role in zip(axes.flat, roles, strict=False):
        part = shares[shares["role"] == role].set_index("outlet").reindex(study.outlets)
        for y, (outlet, row) in enumerate(part.iterrows()):
            panel.barh(y, row["share"], height=0.62, color=looks[outlet].color)
            at = max(row["share"], row["share_of_extractor"] if coded else 0.0)
            panel.annotate(show.percent(row["share"]), (at, y), xytext=(4, 0),
                           textcoords="offset points", va="center", size=7.5, color=style.INK)
            if coded:
                panel.plot([row["share_of_extractor"]], [y], "|", color=style.INK, markersize=11,
                           markeredgewidth=1.6, clip_on=False)
        panel.set_title(_capital(role), size=8.5)
        panel.spines["bottom"].set_visible(False)
        panel.tick_params(length=0, labelbottom=False, labelcolor=style.INK)
        panel.axvline(0, color=style.MUTED, linewidth=0.8)
    for panel in list(axes.flat)[len(roles):]:
        panel.set_visible(False)
    axes[0, 0].set_yticks(range(len(study.outlets)),
                          [style.shorten(name, 22) for name in study.outlets])
    axes[0, 0].invert_yaxis()
    widest = shares.filter(like="share").to_numpy().max()
    axes[0, 0].set_xlim(0, 1.3 * max(0.05, float(widest)))
    totals = shares[shares["role"] != _UNNAMED].groupby("outlet", sort=False)["words"].sum()
    counted = "; ".join(f"{outlet} {totals.get(outlet, 0):,}" for outlet in study.outlets[:_MANY])
    told = "; ".join(f"{row.role} in {row.outlet} {show.percent(row.share)}"
                     for row in shares.itertuples() if row.share > 0)
    strokes = "; bars: coder, upright strokes: the extractor" if coded else ""
    return style.finish(
        "speakers", drawing, shares, title=speakers_title(shares),
        subtitle="Share of the words that each outlet gives to sources (speech, documents, acts "
        f"done by words), by role{strokes}",
        note=f"Words given: {counted}. Bars and figures: {by if coded else 'the extractor'}. "
        "“Speaker not named” overlaps the other panels; words quoted within a quotation count "
        "for both speakers. "
        f"{_scope_note(study)}",
        alt=f"Small panels of bars, one a role. {told}.")


# The company of cues -----------------------------------------------------------------------------


def stance_title(table: pd.DataFrame) -> str:
    """Return the title that the stances of cues earn, over all sides."""
    total = int(table["all"].sum()) if len(table) else 0
    if not total:
        return "No attribution has a cue"
    neutral = int(table["neutral"].sum())
    if neutral == total:
        return f"All {total} cues are neutral"
    loaded = total - neutral
    if neutral / total >= 0.5:
        return f"Most cues are neutral; {loaded} of {total} take a stance toward the words"
    return f"{loaded} of {total} cues take a stance toward the words"


@figure("stance-of-cues")
def stance(study) -> Drawing | None:
    """Stance of the cues that introduce each side's words, in a grey heat map with counts."""
    table = sources.stance_by_side(study)
    if table.empty:
        return None
    stances = ["neutral", "endorsing", "doubting", "colouring"]
    drawing, axes = style.canvas(0.4 + 0.26 * len(table))
    for y, row in enumerate(table.itertuples()):
        for x, name in enumerate(stances):
            count = int(getattr(row, name))
            _cell(axes, x, y, count / row.all, f"{count}" if count else "·")
    _heat(axes, [_capital(name) for name in stances],
          [f"{row.side} · {style.shorten(row.outlet, 22)} ({row.all})"
           for row in table.itertuples()])
    told = "; ".join(f"{row.side} in {row.outlet}: " + ", ".join(
        f"{getattr(row, name)} {name}" for name in stances if getattr(row, name))
        for row in table.itertuples())
    return style.finish(
        "stance-of-cues", drawing, table, title=stance_title(table),
        subtitle="Cues that introduce attributed words, by side of the speaker and outlet; in "
        "brackets all cues of the row",
        note="Neutral as said, endorsing as revealed, doubting as claimed, colouring as bragged; "
        "stances are those of the cue lexicon. Darker: a larger share of the row. "
        f"{_scope_note(study)}",
        alt=f"Grey heat map of cue stances. {told}.")


def _cell(axes, x: int, y: int, share: float, text: str) -> None:
    axes.barh(y, 1, left=x - 0.5, height=1, color=style.grey(share), edgecolor=style.PAPER)
    axes.text(x, y, text, ha="center", va="center", color=style.on_grey(share))


def _heat(axes, columns: list[str], rows: list[str]) -> None:
    axes.set_xticks(range(len(columns)), columns)
    axes.set_yticks(range(len(rows)), rows)
    axes.tick_params(length=0, labelcolor=style.INK, top=False, labeltop=True, bottom=False,
                     labelbottom=False)
    axes.set_xlim(-0.5, len(columns) - 0.5)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)


# Where each side is first heard ------------------------------------------------------------------


def first_title(table: pd.DataFrame) -> str:
    """Return the title that the places of first words earn."""
    sides = list(dict.fromkeys(table["side"]))
    if len(sides) < 2:
        return f"Only {sides[0]} is heard" if sides else "No side is heard"
    wide = table.pivot(index="article_id", columns="side", values="place")[sides]
    first = wide.fillna(2).idxmin(axis=1)[wide.notna().any(axis=1)]
    if first.nunique() == 1:
        many = "every article" if len(first) > 1 else "the article"
        return f"{first.iloc[0]} is heard first in {many}"
    counts = first.value_counts()
    return "Which side is heard first differs: " + ", ".join(
        f"{side} in {counts.get(side, 0)} of {len(first)} articles" for side in sides)


@figure("first-voices")
def first_voices(study) -> Drawing | None:
    """Place in each article of the first words given to each side.

    Above a dozen articles, the median place by outlet.
    """
    by = sources.primary(study)
    table = sources.first_voices(study, by)
    if table["place"].notna().sum() == 0:
        return None
    sides = list(dict.fromkeys(table["side"]))
    many = table["article_id"].nunique() > _MANY
    if many:
        data = table.groupby(["outlet", "side"], as_index=False)["place"].median()
        data = data.assign(row=data["outlet"])
    else:
        data = table.assign(row=table["article_id"])
    rows = study.outlets if many else list(dict.fromkeys(table["article_id"]))
    outlets = dict(zip(data["row"], data["outlet"], strict=True))
    looks = style.outlet_looks(study.outlets)
    drawing, axes = style.canvas(0.5 + 0.42 * len(rows))
    for row in data.dropna(subset=["place"]).itertuples():
        y, number = rows.index(row.row), sides.index(row.side)
        look = looks[row.outlet]
        axes.plot([row.place], [y], look.marker, color=look.color, markersize=6,
                  markerfacecolor=style.PAPER if number else look.color)
        axes.annotate(f"{row.side}, {show.percent(row.place)}", (row.place, y),
                      xytext=(0, 6 if number == 0 else -6), textcoords="offset points",
                      va="bottom" if number == 0 else "top", size=7, color=style.INK,
                      ha="left" if row.place < 0.7 else "right")
    for y in range(len(rows)):
        axes.axhline(y, color=style.RULE, linewidth=0.8, zorder=0)
    axes.set_yticks(range(len(rows)), [style.shorten(outlets.get(row, row), 24) for row in rows])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(-0.02, 1.02)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["start", "25 %", "50 %", "75 %", "end"])
    axes.tick_params(axis="y", length=0, labelcolor=style.INK)
    axes.spines["left"].set_visible(False)
    told = "; ".join(f"{row.outlet}: {row.side} at {show.percent(row.place)}"
                     for row in data.itertuples() if not np.isnan(row.place))
    return style.finish(
        "first-voices", drawing, data.drop(columns="row"), title=first_title(table),
        subtitle=("Median place" if many else "Place") + " in the article of the first words "
        "given to each side",
        note="Filled: the side with the most attributed words; hollow: the second. Sides are those "
        f"of actors.csv. By {by if by != sources.EXTRACTOR else 'the extractor'}. "
        f"{_scope_note(study)}",
        alt=f"Dots along each {'outlet' if many else 'article'}. {told}.")


# What is done with a quotation -------------------------------------------------------------------


def uptake_title(table: pd.DataFrame) -> str:
    """Return the title that the most frequent uptake of each outlet earns."""
    best = {}
    for outlet, rows in table.groupby("outlet", sort=False):
        if rows["count"].sum():
            top = rows["count"].max()
            best[outlet] = show.listing(list(rows.loc[rows["count"] == top, "uptake"]))
    if not best:
        return "No attributed words are coded for uptake"
    if len(best) == 1:
        outlet, names = next(iter(best.items()))
        return f"{outlet}’s most frequent response to words: {names}"
    if len(set(best.values())) == 1:
        return f"The most frequent response to words is the same everywhere: " \
            f"{next(iter(best.values()))}"
    return "Responses differ: " + "; ".join(f"{outlet} mostly {names}"
                                            for outlet, names in best.items())


@figure("uptake")
def uptake(study) -> Drawing | None:
    """What each author does with attributed words, as a grey heat map with shares and counts."""
    table = sources.uptake_shares(study)
    if table.empty:
        return None
    outlets = [name for name in study.outlets
               if table.loc[table["outlet"] == name, "count"].sum()]
    drawing, axes = style.canvas(0.4 + 0.34 * len(outlets))
    for row in table[table["outlet"].isin(outlets)].itertuples():
        x, y = sources.UPTAKES.index(row.uptake), outlets.index(row.outlet)
        _cell(axes, x, y, row.share,
              f"{show.percent(row.share)} ({row.count})" if row.count else "·")
    _heat(axes, list(sources.UPTAKES), [style.shorten(name, 24) for name in outlets])
    total = int(table["count"].sum())
    told = "; ".join(f"{row.outlet} {row.uptake} {row.count}" for row in table.itertuples()
                     if row.count)
    return style.finish(
        "uptake", drawing, table, title=uptake_title(table),
        subtitle="What the author does with attributed words: share of the outlet’s coded "
        "attributions (count)",
        note=f"{total} attributions, codes of the first coder. Endorse, use as evidence, qualify, "
        "leave uncommented, dispute (truth or logic), impugn (motive or character). Reference "
        f"codes by a language model, no human coder. {_scope_note(study)}",
        alt=f"Grey heat map, rows outlets, columns uptakes. {told}.")
