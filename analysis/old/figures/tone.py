"""Figures of the sentiment notebook."""

import numpy as np
import pandas as pd

from analysis.claims import inference
from analysis.old import instruments, show, tone, toward
from analysis.old.figures import style
from analysis.old.figures.style import Drawing, figure

_MANY = 12  # articles above which outlets, not articles, are drawn
_ROWS = 60  # rows of marks that a page can hold
_CLEAR = 0.1  # a change of mean polarity below this is not called one
_RELIABLE = 0.667
_SCOPES = {"raw": "everything", "article": "no furniture", "author": "author’s voice"}
_VOICES = {"author": "author", "mixed": "mixed", "paraphrased": "paraphrased", "quoted": "quoted",
           "self_quoted": "author’s earlier piece", "furniture": "page furniture"}


def _scope_note(study) -> str:
    count = len(study.corpus.articles)
    return f"{count} article{'s' if count > 1 else ''}; what holds here holds for them only."


def _interval(axes, y: float, row, look: style.Look, filled: bool) -> None:
    """Draw one mark with its interval; hollow where `filled` is false."""
    mean, low, high = row
    if not np.isnan(low):
        axes.plot([low, high], [y, y], color=look.color, linewidth=1.1, solid_capstyle="butt")
    axes.plot([mean], [y], marker=look.marker, color=look.color, markersize=5, linestyle="",
              markerfacecolor=look.color if filled else style.PAPER, markeredgewidth=1.1,
              clip_on=False)


def _grouped(axes, groups: dict[str, list[str]]) -> dict[tuple[str, str], float]:
    """Lay out labelled rows in groups; return the height of each (group, row)."""
    places, ticks, labels, y = {}, [], [], 0.0
    for group, rows in groups.items():
        axes.text(-0.02, y, group, transform=axes.get_yaxis_transform(), ha="right", va="center",
                  size=8, weight="bold", color=style.INK)
        y += 1
        for row in rows:
            places[group, row] = y
            ticks.append(y)
            labels.append(style.shorten(row, 26))
            y += 1
        y += 0.5
    axes.set_yticks(ticks, labels)
    axes.tick_params(axis="y", length=0, labelcolor=style.INK, labelsize=7.5)
    axes.set_ylim(y - 0.4, -0.7)
    axes.spines["left"].set_visible(False)
    return places


def _zero(axes) -> None:
    axes.axvline(0, color=style.RULE, linewidth=0.8, zorder=0)


# How the naive finding appears and goes ----------------------------------------------------------


def ladder_title(table: pd.DataFrame, instrument: str = "textblob") -> str:
    """Return the title that the ladder of scopes earns."""
    name = tone.spoken(instrument)
    wide = table.pivot(index=["outlet", "other_outlet"], columns="scope", values="p")
    raw = wide[wide["raw"] < 0.05]
    if raw.empty:
        return f"{name} tells no two outlets apart, even on the raw files"
    gone = raw[~(raw["author"] < 0.05)]
    if gone.empty:
        one, other = raw["raw"].idxmin()
        return f"{name}’s difference between {one} and {other} stays in the author’s voice"
    one, other = gone["raw"].idxmin()
    return f"{name} parts {one} and {other} on raw text, not in the author’s voice"


def _drawn_pairs(table: pd.DataFrame, strength: pd.Series) -> tuple[list[tuple[str, str]], str]:
    """Return at most three pairs, the strongest, in table order, and a word on the others."""
    order = list(dict.fromkeys(zip(table["outlet"], table["other_outlet"], strict=True)))
    if len(order) <= tone.MANY_PAIRS:
        return order, ""
    best = set(strength.sort_values(ascending=False, kind="stable").index[: tone.MANY_PAIRS])
    return ([pair for pair in order if pair in best],
            f" Drawn: the {tone.MANY_PAIRS} most different of {len(order)} pairs.")


@figure("ladder")
def ladder(study) -> Drawing | None:
    """Differences of mean TextBlob polarity between outlets as text that is no tone is set aside.

    Needs two outlets.
    """
    table = tone.ladder(study)
    if table["effect"].notna().sum() == 0:
        return None
    raw = table[table["scope"] == "raw"].set_index(["outlet", "other_outlet"])
    pairs, aside = _drawn_pairs(table, -raw["p"].fillna(1))
    table = table[[pair in pairs for pair in zip(table["outlet"], table["other_outlet"],
                                                 strict=True)]].reset_index(drop=True)
    labels = {pair: " − ".join(style.shorten(name, 24) for name in pair) for pair in pairs}
    if len(set(labels.values())) < len(labels):  # names that begin alike
        labels = {pair: " − ".join(pair) for pair in pairs}
    groups = {label: list(_SCOPES.values()) for label in labels.values()}
    drawing, axes = style.canvas(0.5 + 0.2 * 4.5 * len(pairs))
    places = _grouped(axes, groups)
    ink = style.Look(style.INK, "o", "-")
    for row in table.itertuples():
        y = places[labels[row.outlet, row.other_outlet], _SCOPES[row.scope]]
        _interval(axes, y, (row.effect, row.low, row.high), ink, not row.low <= 0 <= row.high)
        axes.annotate(f"{show.signed(row.effect, 3)}, {show.p_value(row.p)}", (1.0, y), size=7.5,
                      xycoords=("axes fraction", "data"), xytext=(6, 0), va="center",
                      textcoords="offset points", color=style.INK)
    _zero(axes)
    axes.set_xlabel("difference of mean polarity: first outlet minus second")
    told = "; ".join(f"{row.outlet} minus {row.other_outlet}, {_SCOPES[row.scope]}: "
                     f"{show.signed(row.effect, 3)}, {show.p_value(row.p)}"
                     for row in table.itertuples())
    unit = "paragraphs" if "paragraph" in tone.block_key(study) else "articles"
    return style.finish(
        "ladder", drawing, table, title=ladder_title(table),
        subtitle="Difference of mean TextBlob polarity per sentence, with less and less that is "
        "not the author’s, 95 % intervals",
        note=f"Symmetric bootstrap-t over {unit}; p by dealing {unit} at random (studentized). "
        "Hollow: the interval holds zero. A larger p in a smaller scope does not tell whether "
        f"voice or lost precision is the reason.{aside} {_scope_note(study)}",
        alt=f"Dots with intervals, three scopes for each pair of outlets. {told}.")


# Sentence by sentence ----------------------------------------------------------------------------


def smooth(values: np.ndarray, width: float = 3.0) -> np.ndarray:
    """Return a running mean with Gaussian weights, `width` sentences wide; missing ones skipped."""
    places = np.arange(len(values))
    weights = np.exp(-0.5 * ((places[:, None] - places) / width) ** 2) * ~np.isnan(values)
    total = weights.sum(axis=1)
    return np.divide(weights @ np.nan_to_num(values), total, out=np.full(len(values), np.nan),
                     where=total > 0)


def arcs_title(change: pd.Series, by: str) -> str:
    """Return the title that the change from first to last third earns, outlet by outlet."""
    down, up = change < -_CLEAR, change > _CLEAR
    if len(change) and down.all():
        return f"{_all(change)} more negatively than it opens, by {by}"
    if len(change) and up.all():
        return f"{_all(change)} more positively than it opens, by {by}"
    return f"No common direction from opening to close, by {by}"


def _all(change: pd.Series) -> str:
    return f"{change.index[0]} closes" if len(change) == 1 else "Every outlet closes"


def _arc_columns(table: pd.DataFrame) -> dict[str, pd.Series]:
    """Return what is drawn side by side: TextBlob, and the codes or else the network."""
    coders = [name for name in table if name.startswith("coder ")]
    other = {"codes": table[coders].mean(axis=1)} if coders else {"network": table["network"]}
    return {"TextBlob": table["textblob"], **other}


@figure("arcs")
def arcs(study) -> Drawing:
    """Polarity sentence by sentence through each article, by TextBlob and by the codes.

    Above a dozen articles, the mean of each tenth of the articles, by outlet.
    """
    table = tone.sentence_tone(study)
    table = table[tone.in_scope(table, "article")].reset_index(drop=True)
    columns = _arc_columns(table)
    table["place"] = table.groupby("article_id").cumcount() + 1
    table["share"] = (table["place"] - 0.5) / table.groupby("article_id")["place"].transform("size")
    data = pd.concat([table[["article_id", "outlet", "sentence", "place", "share", "voice"]].assign(
        by=name, polarity=values) for name, values in columns.items()], ignore_index=True)
    many = table["article_id"].nunique() > _MANY
    rows = study.outlets if many else list(dict.fromkeys(table["article_id"]))
    if many:
        data = _tenths(data)
    drawing, axes = style.canvas(0.35 + 1.05 * len(rows), len(rows), len(columns), sharex=True,
                                 sharey=True, squeeze=False)
    looks, outlets = style.outlet_looks(study.outlets), study.corpus.articles.set_index(
        "article_id")["outlet"]
    for i, row in enumerate(rows):
        outlet = row if many else outlets[row]
        for j, name in enumerate(columns):
            part = data[(data["outlet" if many else "article_id"] == row) & (data["by"] == name)]
            _arc(axes[i, j], part, looks[outlet], "share" if many else "place")
            axes[i, j].set_title(f"{style.shorten(outlet, 28)} · {name}", color=looks[outlet].color)
    for panel in axes[-1]:
        panel.set_xlabel("tenth of the article" if many else "sentence")
    last = list(columns)[-1]
    change = _change(data[data["by"] == last], study.outlets)
    told = "; ".join(f"{outlet} {show.signed(value)}" for outlet, value in change.items())
    return style.finish(
        "arcs", drawing, data, title=arcs_title(change, "the codes" if last == "codes" else last),
        subtitle="Polarity of each sentence (−1 to +1) in reading order; line: running mean of "
        "about seven sentences" if not many else "Mean polarity of each tenth of the articles",
        note="Filled marks: the author’s voice; hollow: quoted, paraphrased, self-quoted or mixed. "
        "Furniture and headings are left out. The codes are the mean of the coders’ negative, "
        f"neutral, positive as −1, 0, +1. {_scope_note(study)}",
        alt=f"Stems of polarity by sentence, a panel an article, {' and '.join(columns)} side by "
        f"side. Change of the mean from first to last third by {last}: {told}.")


def _tenths(data: pd.DataFrame) -> pd.DataFrame:
    tenth = (data["share"] * 10).astype(int).clip(upper=9)
    means = data.assign(share=tenth / 10 + 0.05).groupby(
        ["outlet", "by", "share"], as_index=False)["polarity"].mean()
    return means.assign(voice="author")


def _arc(axes, part: pd.DataFrame, look: style.Look, across: str) -> None:
    x, y = part[across].to_numpy(), part["polarity"].to_numpy()
    own = part["voice"].eq("author").to_numpy()
    axes.axhline(0, color=style.MUTED, linewidth=0.7)
    axes.vlines(x, 0, y, color=style.RULE, linewidth=0.9)
    size = 2.6 if len(part) > 40 else 3.4
    axes.plot(x[own], y[own], look.marker, color=look.color, markersize=size)
    axes.plot(x[~own], y[~own], look.marker, color=look.color, markersize=size,
              markerfacecolor=style.PAPER, markeredgewidth=0.8)
    axes.plot(x, smooth(y), color=look.color, linewidth=2)
    axes.set_ylim(-1.1, 1.1)
    axes.set_yticks([-1, 0, 1], ["−1", "0", "+1"])


def _change(data: pd.DataFrame, outlets: list[str]) -> pd.Series:
    late = data[data["share"] > 2 / 3].groupby("outlet")["polarity"].mean()
    early = data[data["share"] < 1 / 3].groupby("outlet")["polarity"].mean()
    return (late - early).reindex(outlets).dropna()


# By voice ----------------------------------------------------------------------------------------


def voice_title(table: pd.DataFrame, by: str) -> str:
    """Return the title that the means of author and quoted voice earn, by one instrument."""
    wide = table.pivot(index="outlet", columns="voice", values=["mean", "low", "high"])
    if not {"author", "quoted"} <= set(table["voice"]):
        return "Mean tone by voice: no outlet has both its author’s voice and quotations"
    low, high = wide["low"], wide["high"]
    apart = (high["author"] < low["quoted"]) | (high["quoted"] < low["author"])
    if not apart.any():
        return f"No outlet’s quoted voice is clearly apart from its author’s, by {by}"
    named = show.listing(list(apart.index[apart]))
    return f"In {named}, the quoted voice is apart from the author’s, by {by}"


@figure("tone-by-voice")
def by_voice(study) -> Drawing:
    """Mean polarity of sentences by voice and outlet, a panel an instrument."""
    table = tone.mean_by_voice(study)
    names = list(dict.fromkeys(table["instrument"]))
    coders = [name for name in names if name.startswith("coder ")]
    names = [name for name in names if name not in coders[1:]]
    table = table[table["instrument"].isin(names)].reset_index(drop=True)
    if len(study.outlets) * 6 > _ROWS:
        table = table[table["voice"].isin(["author", "quoted"])].reset_index(drop=True)
    groups = {_VOICES[voice]: list(dict.fromkeys(table.loc[table["voice"] == voice, "outlet"]))
              for voice in _VOICES if voice in set(table["voice"])}
    height = 0.4 + 0.17 * sum(len(rows) + 1.5 for rows in groups.values())
    drawing, axes = style.canvas(height, 1, len(names), sharex=True, sharey=True, squeeze=False)
    looks = style.outlet_looks(study.outlets)
    for panel, name in zip(axes[0], names, strict=True):
        places = _grouped(panel, groups) if panel is axes[0, 0] else places  # noqa: F821
        panel.spines["left"].set_visible(False)
        panel.tick_params(axis="y", length=0)
        for row in table[table["instrument"] == name].itertuples():
            y = places[_VOICES[row.voice], row.outlet]
            _interval(panel, y, (row.mean, row.low, row.high), looks[row.outlet],
                      row.low > 0 or row.high < 0)
        _zero(panel)
        panel.set_xlim(-1.05, 1.05)
        panel.set_title(tone.spoken(name))
    axes[0, 0].set_xlabel("mean polarity")
    by = coders[0] if coders else "network"
    told = "; ".join(f"{row.outlet} {_VOICES[row.voice]} {show.signed(row.mean)} "
                     f"({row.sentences} sentences)"
                     for row in table[table["instrument"] == by].itertuples())
    return style.finish(
        "tone-by-voice", drawing, table,
        title=voice_title(table[table["instrument"] == by], tone.spoken(by)),
        subtitle="Mean polarity of sentences (−1 to +1) by voice, 95 % intervals",
        note="Symmetric bootstrap-t over blocks; no interval below four blocks. Hollow: the "
        "interval holds zero or is missing. A voice that fills a few sentences says little: "
        f"counts are in the table. {_scope_note(study)}",
        alt=f"Dots with intervals by voice and outlet, a panel an instrument. By {by}: {told}.")


# What the instruments are worth ------------------------------------------------------------------


def agreement_title(table: pd.DataFrame) -> str:
    """Return the title that the agreement of the instruments with one another earns."""
    coded = table["one"].str.startswith("coder ") | table["other"].str.startswith("coder ")
    rows = table[~coded & table["alpha"].notna()]
    if rows.empty:
        return "The instruments cannot be held against one another here"
    best = rows.loc[rows["alpha"].idxmax()]
    pair = f"{tone.spoken(best.one)} and {tone.spoken(best.other)}"
    if best.alpha < _RELIABLE:
        return f"No two instruments agree: the closest, {pair}, reach alpha {_alpha(best.alpha)}"
    return f"{pair} agree (alpha {_alpha(best.alpha)})"


def _alpha(value: float) -> str:
    if pd.isna(value):
        return "–"
    return f"{value:.2f}".replace("0.", ".").replace("-", "−")


@figure("agreement")
def agreement(study) -> Drawing:
    """Agreement of every two instruments and coders, as ordinal alpha in a grey heat map."""
    table = instruments.mutual(study)
    names = list(dict.fromkeys([*table["one"], *table["other"]]))
    drawing, axes = style.canvas(0.3 + 0.36 * len(names), width=style.WIDTH)
    for row in table.itertuples():
        x, y = names.index(row.one), names.index(row.other)
        share = max(row.alpha, 0.0) if not pd.isna(row.alpha) else 0.0
        axes.barh(y, 1, left=x - 0.5, height=1, color=style.grey(share), edgecolor=style.PAPER)
        axes.text(x, y, _alpha(row.alpha), ha="center", va="center", color=style.on_grey(share))
    axes.set_xticks(range(len(names) - 1), [tone.spoken(name) for name in names[:-1]])
    axes.set_yticks(range(1, len(names)), [tone.spoken(name) for name in names[1:]])
    axes.tick_params(length=0, labelcolor=style.INK)
    axes.set_ylim(len(names) - 0.5, 0.5)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    told = "; ".join(f"{tone.spoken(row.one)} with {tone.spoken(row.other)} {_alpha(row.alpha)}"
                     for row in table.itertuples())
    count = int(table["sentences"].max()) if len(table) else 0
    return style.finish(
        "agreement", drawing, table, title=agreement_title(table),
        subtitle="Krippendorff’s alpha (ordinal) on negative, neutral, positive: 1 perfect, "
        "0 as by chance",
        note=f"{count} sentences, furniture and headings left out. Neutral: TextBlob 0, VADER "
        "within ±.05, network within ±.33. The coders are passes of one language model, which "
        f"flatters their agreement. {_scope_note(study)}",
        alt=f"Heat map of alpha between instruments. {told}.")


def reliability_title(table: pd.DataFrame) -> str:
    """Return the title that the instruments' agreement with the codes earns, over all outlets."""
    rows = table[table["outlet"] == "all"]
    low = rows.groupby("instrument", sort=False)["low"].min()
    best = rows.groupby("instrument", sort=False)["alpha"].mean()
    good = list(low.index[low >= _RELIABLE])
    if good:
        return f"{show.listing([tone.spoken(name) for name in good])} can be relied on here"
    below = rows.groupby("instrument", sort=False)["high"].max()
    worse = [tone.spoken(name) for name in below.index[below < 0]]
    if worse:
        return f"No instrument is reliable here, and {show.listing(worse)} does worse than chance"
    return f"No instrument is reliable here; the best, {tone.spoken(best.idxmax())}, reaches " \
        f"alpha {_alpha(best.max())}"


@figure("reliability")
def reliability(study) -> Drawing | None:
    """Each instrument against each coder of tone, for all sentences and for each outlet."""
    table = instruments.reliability(study)
    if table.empty:
        return None
    outlets = ["all", *study.outlets][: max(4, _ROWS // 3)]
    table = table[table["outlet"].isin(outlets)].reset_index(drop=True)
    coders = list(dict.fromkeys(table["coder"]))
    groups = {tone.spoken(name): outlets for name in dict.fromkeys(table["instrument"])}
    drawing, axes = style.canvas(0.4 + 0.2 * sum(len(rows) + 1.5 for rows in groups.values()))
    places = _grouped(axes, groups)
    looks = {"all": style.Look(style.INK, "D", "-"), **style.outlet_looks(study.outlets)}
    for row in table.itertuples():
        number = coders.index(row.coder)
        aside = 0.34 * (number - (len(coders) - 1) / 2)
        y = places[tone.spoken(row.instrument), row.outlet] + aside
        _interval(axes, y, (row.alpha, row.low, row.high), looks[row.outlet], number == 0)
    _zero(axes)
    for value, word in ((_RELIABLE, ".667"), (0.8, ".80")):
        axes.axvline(value, color=style.RULE, linewidth=0.8, linestyle=":", zorder=0)
        axes.annotate(word, (value, 1), xycoords=("data", "axes fraction"), xytext=(2, 0),
                      textcoords="offset points", size=7, color=style.MUTED, va="top")
    axes.set_xlim(-1, 1)
    axes.set_xlabel("alpha against the codes")
    told = "; ".join(f"{tone.spoken(row.instrument)} against {row.coder} {_alpha(row.alpha)}, "
                     f"sign right in {_alpha(row.right)} of {row.sentences:.0f}"
                     for row in table[table["outlet"] == "all"].itertuples())
    return style.finish(
        "reliability", drawing, table, title=reliability_title(table),
        subtitle="Krippendorff’s alpha (ordinal) of each instrument against each coder of tone, "
        "95 % intervals",
        note="From .667 conclusions are tentative, from .80 an instrument can be relied on. "
        f"Paragraphs resampled. Filled: {coders[0]}; hollow: {', '.join(coders[1:])}. "
        "Reference codes by a language model, no human coder. Neutral: TextBlob 0, VADER within "
        f"±.05, network within ±.33. {_scope_note(study)}",
        alt=f"Dots with intervals by instrument and outlet. All outlets: {told}.")


# Specification curve -----------------------------------------------------------------------------


def curve_title(table: pd.DataFrame) -> str:
    """Return the title that the curves earn: the pairs told apart by instruments and by codes.

    A pair is told apart where all specifications have one sign and the joint p, after Holm's
    correction over the pairs, is at most .05.
    """
    told = {}
    for kind, rows in table.groupby(table["instrument"].str.startswith("coder ")):
        pairs = rows.groupby(["outlet", "other_outlet"], sort=False)
        same = pairs["effect"].agg(lambda values: bool((values > 0).all() or (values < 0).all()))
        adjusted = inference.holm(pairs["joint_p"].first().to_numpy())
        told[kind] = int((same.to_numpy() & (adjusted <= 0.05)).sum())
    total = table.groupby(["outlet", "other_outlet"]).ngroups
    said = {0: "none", total: "all" if total > 1 else "the one"}
    by = f"The instruments tell {said.get(told[False], told[False])} of {total} "
    by += f"pair{'s' if total > 1 else ''} of outlets apart"
    return by if True not in told else f"{by}, the codes {said.get(told[True], told[True])}"


@figure("curve")
def curve(study) -> Drawing | None:
    """Difference between outlets under every choice of instrument, scope and unit."""
    table = tone.curve(study)
    if table.empty:
        return None
    strength = table.groupby(["outlet", "other_outlet"])["t"].median().abs()
    pairs, aside = _drawn_pairs(table, strength)
    choices = [*dict.fromkeys(table["instrument"]), *tone.SCOPES, *tone.UNITS]
    names = [*map(tone.spoken, dict.fromkeys(table["instrument"])), *_SCOPES.values(),
             *(f"mean of {unit}s" for unit in tone.UNITS)]
    drawing, axes = style.canvas(4.1, 2, len(pairs), sharex="col", sharey="row", squeeze=False,
                                 height_ratios=[1, 1.15])
    drawn = []
    for j, (one, other) in enumerate(pairs):
        part = table[(table["outlet"] == one) & (table["other_outlet"] == other)]
        part = part.sort_values("effect", kind="stable").reset_index(drop=True)
        drawn.append(part.assign(place=part.index + 1))
        _curve(axes[0, j], axes[1, j], part, choices)
        joint = part.groupby(part["instrument"].str.startswith("coder "))["joint_p"].first()
        said = [f"{name} {show.p_value(joint[kind])[2:].lstrip('= ')}"
                for kind, name in ((False, "instruments"), (True, "codes")) if kind in joint.index]
        axes[0, j].set_title(f"{style.shorten(one, 20)} −\n{style.shorten(other, 20)}")
        axes[0, j].annotate("joint p:\n" + "\n".join(said), (0.97, 0.03), ha="right",
                            xycoords="axes fraction", va="bottom", size=7.5, color=style.INK)
    axes[1, 0].set_yticks(range(len(names)), names)
    axes[1, 0].set_ylim(len(names) - 0.5, -0.5)
    axes[0, 0].set_ylabel("difference of\nmean polarity")
    data = pd.concat(drawn, ignore_index=True)
    told = "; ".join(
        f"{one} minus {other}: {int((part['effect'] < 0).sum())} of {len(part)} below zero, "
        f"joint {show.p_value(part['joint_p'].iloc[0])}"
        for (one, other), part in data.groupby(["outlet", "other_outlet"], sort=False))
    return style.finish(
        "curve", drawing, data, title=curve_title(table),
        subtitle="Difference of mean polarity, a dot per specification; below, the choices made",
        note="Solid dots: instruments; hollow: reference codes. Specifications share sentences, so "
        "their number proves nothing; the joint p is the share of random deals of blocks with a "
        f"median as far from zero (Simonsohn et al. 2020). The title counts pairs with one sign "
        f"throughout and a joint p of at most .05 after Holm’s correction.{aside} "
        f"{_scope_note(study)}",
        alt=f"Specification curves, a panel a pair of outlets. {told}.")


def _curve(top, grid, part: pd.DataFrame, choices: list[str]) -> None:
    coded = part["instrument"].str.startswith("coder ").to_numpy()
    x, y = part.index.to_numpy() + 1, part["effect"].to_numpy()
    top.axhline(0, color=style.RULE, linewidth=0.8)
    top.plot(x[~coded], y[~coded], "o", color=style.INK, markersize=3)
    top.plot(x[coded], y[coded], "o", color=style.INK, markersize=3, markerfacecolor=style.PAPER,
             markeredgewidth=0.8)
    top.tick_params(axis="x", length=0)
    for name in ("instrument", "scope", "unit"):
        grid.plot(x, [choices.index(value) for value in part[name]], "|", color=style.INK,
                  markersize=5)
    for edge in (_count(choices, tone.SCOPES), _count(choices, tone.UNITS)):
        grid.axhline(edge - 0.5, color=style.RULE, linewidth=0.6)
    grid.tick_params(length=0, labelcolor=style.INK)
    grid.set_xticks([])
    for side in ("left", "bottom"):
        grid.spines[side].set_visible(False)


def _count(choices: list[str], names) -> int:
    return choices.index(next(iter(names)))


# Tone toward actors ------------------------------------------------------------------------------


def actors_title(table: pd.DataFrame, outlets: list[str]) -> str:
    """Return the title that author-held tone toward actors earns, by the first coder if any."""
    by = _first_judge(table)
    rows = table[(table["instrument"] == by) & (table["holder"] == "author")
                 & (table["mentions"] >= 3)]
    wide = rows.pivot(index="target", columns="outlet", values="mean").dropna()
    spread = (wide.max(axis=1) - wide.min(axis=1)) if len(wide) else pd.Series(dtype=float)
    said = "the codes" if by.startswith("coder ") else "the network"
    if len(outlets) < 2 or spread.empty or spread.max() < 0.3:
        return f"No actor is treated clearly differently by the authors, by {said}"
    actor = spread.idxmax()
    low, high = wide.loc[actor].idxmin(), wide.loc[actor].idxmax()
    return (f"{actor}: from {show.signed(wide.loc[actor].min(), 1)} in {low} to "
            f"{show.signed(wide.loc[actor].max(), 1)} in {high}, by {said}")


def _first_judge(table: pd.DataFrame) -> str:
    coders = sorted(name for name in set(table["instrument"]) if name.startswith("coder "))
    return coders[0] if coders else "network"


@figure("tone-toward-actors")
def actors(study) -> Drawing | None:
    """Mean polarity toward the most named actors, by outlet and holder; codes and network."""
    table = toward.target_tone(study)
    if table.empty:
        return None
    most = max(2, min(8, int(_ROWS / (len(study.outlets) + 1.5))))
    chosen = list(dict.fromkeys(table["target"]))[:most]
    judges = list(dict.fromkeys([_first_judge(table), "network"]))
    data = table[table["target"].isin(chosen) & table["instrument"].isin(judges)]
    data = data.reset_index(drop=True)
    groups = {actor: [name for name in study.outlets if name in
                      set(data.loc[data["target"] == actor, "outlet"])] for actor in chosen}
    height = 0.4 + 0.17 * sum(len(rows) + 1.5 for rows in groups.values())
    drawing, axes = style.canvas(height, 1, len(judges), sharex=True, sharey=True, squeeze=False)
    looks = style.outlet_looks(study.outlets)
    places = _grouped(axes[0, 0], groups)
    for panel, judge in zip(axes[0], judges, strict=True):
        panel.spines["left"].set_visible(False)
        panel.tick_params(axis="y", length=0)
        _zero(panel)
        for row in data[data["instrument"] == judge].itertuples():
            own = row.holder == "author"
            look, y = looks[row.outlet], places[row.target, row.outlet] + (0 if own else 0.3)
            panel.plot([row.mean], [y], look.marker, color=look.color, markersize=5 if own else 4,
                       markerfacecolor=look.color if own else style.PAPER)
            panel.annotate(str(row.mentions), (row.mean, y), xytext=(4 if own else -4, 0),
                           textcoords="offset points", ha="left" if own else "right",
                           va="center", size=6, color=style.MUTED)
        panel.set_xlim(-1.12, 1.12)
        panel.set_title(tone.spoken(judge))
    axes[0, 0].set_xlabel("mean polarity toward the actor")
    own = data[(data["holder"] == "author") & (data["instrument"] == judges[0])]
    told = "; ".join(f"{row.target} in {row.outlet} {show.signed(row.mean)} (n {row.mentions})"
                     for row in own.itertuples())
    return style.finish(
        "tone-toward-actors", drawing, data, title=actors_title(table, study.outlets),
        subtitle="Mean polarity toward each actor (−1 to +1): codes and network side by side",
        note="Filled: held by the author; hollow: held by others whom the article quotes. Small "
        "digits: mentions. The network cannot tell whose view a sentence gives, and calls too "
        f"much negative. Actors without marks on the left are not coded. {_scope_note(study)}",
        alt=f"Dots by actor and outlet. Author-held, by {judges[0]}: {told}.")
