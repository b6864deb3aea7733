"""Figures of the actors notebook."""

import pandas as pd

from analysis.old import portraits, show
from analysis.old.figures import style
from analysis.old.figures.style import Drawing, figure

_ROWS = 48  # rows that a page can hold


def roles_title(counts: pd.DataFrame) -> str:
    """Return the title that the counts of acts earn: who acts most, and where."""
    led: dict[str, list[str]] = {}
    for outlet, rows in counts.groupby("outlet", sort=False):
        top = rows[rows["agent"] == rows["agent"].max()]
        if len(top) == 1 and top["agent"].iloc[0] > 0:
            led.setdefault(top["actor"].iloc[0], []).append(outlet)
    outlets = counts["outlet"].nunique()
    if not led:
        return "No actor acts more than the others"
    if len(led) == 1 and len(next(iter(led.values()))) == outlets:
        where = "every outlet" if outlets > 1 else next(iter(led.values()))[0]
        return f"{next(iter(led))} acts most in {where}"
    if outlets > 4:
        return "Who acts most differs from outlet to outlet"
    return "Who acts most: " + "; ".join(f"{actor} in {show.listing(names)}"
                                         for actor, names in led.items())


@figure("agency")
def agency(study) -> Drawing | None:
    """Acts done and suffered by the main actors, by outlet; told as real, possible or denied."""
    most = max(2, min(5, _ROWS // (len(study.outlets) + 1)))
    actors = portraits.main_actors(study, most)
    counts = portraits.role_counts(study, actors)
    if not len(actors) or not counts[portraits.ROLES].to_numpy().sum():
        return None
    drawing, axes = style.canvas(0.5 + 0.17 * len(actors) * (len(study.outlets) + 1.4))
    looks, y, ticks = style.outlet_looks(study.outlets), 0.0, []
    left, right = counts["patient"].max(), counts["agent"].max()
    room = 0.1 * (left + right) + 0.5
    for actor in actors:
        axes.text(-0.02, y, style.shorten(actor, 30), weight="bold", va="center", ha="right",
                  transform=axes.get_yaxis_transform())
        y += 1
        for row in counts[counts["actor"] == actor].itertuples():
            _bars(axes, y, row, looks[row.outlet].color)
            ticks.append((y, f"{style.shorten(row.outlet, 22)}  {row.mentions}"))
            y += 1
        y += 0.4
    axes.axvline(0, color=style.INK, linewidth=0.8)
    axes.set_yticks([place for place, _ in ticks], [text for _, text in ticks])
    axes.tick_params(axis="y", length=0, labelcolor=style.INK)
    axes.set_ylim(y - 0.6, -0.7)
    axes.set_xlim(-left - room, right + room)
    axes.set_xticks([])
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    for word, side, align in (("acted on ", -1, "right"), (" acts", 1, "left")):
        axes.annotate(word, (0, 1), xycoords=("data", "axes fraction"), va="bottom", ha=align,
                      color=style.MUTED, xytext=(3 * side, 0), textcoords="offset points")
    told = "; ".join(f"{row.actor} in {row.outlet}: acts {row.agent} ({row.real} told as real), "
                     f"acted on {row.patient} ({row.agentless} without a doer)"
                     for row in counts.itertuples())
    return style.finish(
        "agency", drawing, counts, title=roles_title(counts),
        subtitle="Number of acts that each actor does and that are done to it; beside the outlet, "
        "its mentions",
        note="Dark: told as real; pale: possible, wanted, conditional or denied. Left, pale: a "
        "passive that does not say who did it. Rules over a dependency parse; of the hand-written "
        "test pairs more than nine in ten are right. A pronoun counts where only one can be meant. "
        "All voices.",
        alt=f"Bars from a common zero, actors by outlet. {told}.")


def _bars(axes, y: float, row, color: str) -> None:
    axes.barh(y, row.agent, 0.72, color=color, alpha=0.35, linewidth=0)
    axes.barh(y, row.real, 0.72, color=color, linewidth=0)
    axes.barh(y, -row.patient, 0.72, color=color, alpha=0.35, linewidth=0)
    axes.barh(y, -(row.patient - row.agentless), 0.72, color=color, linewidth=0)
    for x, value, side in ((row.agent, row.agent, 1), (-row.patient, row.patient, -1)):
        axes.annotate(str(value), (x, y), xytext=(3 * side, 0), textcoords="offset points",
                      ha="left" if side > 0 else "right", va="center", size=7.5)
