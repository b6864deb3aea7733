"""Figures of the corpus notebook."""

import numpy as np
import pandas as pd
from matplotlib.patches import Patch

from analysis.old import overview, show
from analysis.old.figures import style
from analysis.old.figures.style import Drawing, figure

# Voice is told by form: the author's words are solid, others are hatched, furniture is empty.
_HATCH = {"author": "", "quoted": "/////", "paraphrased": ".....", "self_quoted": "xxxxx",
          "furniture": ""}
_NAMES = {"author": "author", "quoted": "quoted", "paraphrased": "paraphrased",
          "self_quoted": "author quoting an earlier piece", "furniture": "page furniture"}
_MANY = 12  # articles above which outlets, not articles, are drawn


def voices_title(shares: pd.Series) -> str:
    """Return the title that the author's shares of the words earn."""
    if len(shares) == 1:
        return f"{show.percent(shares.iloc[0])} of the words are the author’s own"
    low, high = shares.min(), shares.max()
    if high - low < 0.05:
        return f"About {show.percent(shares.mean())} of the words are the authors’ own throughout"
    return (f"From {show.percent(low)} to {show.percent(high)} of the words "
            "are the authors’ own")


def _pieces(study) -> pd.DataFrame:
    """The pieces to draw, in reading order: a row a stretch, lengths in characters."""
    outlets = study.corpus.articles.set_index("article_id")["outlet"]
    pieces = study.voices.assign(outlet=study.voices["article_id"].map(outlets))
    pieces = pieces[["article_id", "outlet", "voice", "start", "end"]]
    if len(outlets) <= _MANY:
        return pieces
    length = (pieces["end"] - pieces["start"]).groupby([pieces["outlet"], pieces["voice"]]).sum()
    summed = length.unstack(fill_value=0).reindex(
        index=study.outlets, columns=overview.VOICES, fill_value=0)
    shares = summed.div(summed.sum(axis=1), axis=0)
    ends = shares.cumsum(axis=1)
    return pd.concat([pd.DataFrame({"article_id": "", "outlet": outlet, "voice": shares.columns,
                                    "start": (ends - shares).loc[outlet].to_numpy(),
                                    "end": ends.loc[outlet].to_numpy()})
                      for outlet in study.outlets], ignore_index=True)


@figure("voices")
def voices(study) -> Drawing:
    """Whose words each stretch of each article is, in reading order, on one scale."""
    pieces = _pieces(study)
    many = (pieces["article_id"] == "").all()
    key = "outlet" if many else "article_id"
    rows = list(dict.fromkeys(pieces[key]))
    looks = style.outlet_looks(study.outlets)
    words = overview.voice_words(study)
    outlets = study.corpus.articles.set_index("article_id")["outlet"]
    totals = words.groupby(outlets.reindex(words.index)).sum() if many else words
    shares = (totals["author"] / totals.sum(axis=1)).reindex(rows)
    drawing, axes = style.canvas(0.55 + 0.5 * len(rows))
    for y, row in enumerate(rows):
        for piece in pieces[pieces[key] == row].itertuples():
            color = looks[piece.outlet].color
            aside = piece.voice == "furniture"
            axes.barh(y, piece.end - piece.start, left=piece.start, height=0.56,
                      facecolor=color if piece.voice == "author" else style.PAPER,
                      edgecolor=style.RULE if aside else color, hatch=_HATCH[piece.voice],
                      linewidth=0.5)
        axes.annotate(f"{show.percent(shares[row])} author", (1.0, y),
                      xycoords=("axes fraction", "data"), xytext=(4, 0),
                      textcoords="offset points", va="center", color=style.INK)
    axes.set_yticks(np.arange(len(rows)), [
        style.shorten(row if many else outlets[row], 22) for row in rows])
    axes.tick_params(axis="y", length=0, labelcolor=style.INK)
    axes.invert_yaxis()
    axes.spines["left"].set_visible(False)
    axes.margins(x=0)
    axes.set_xlabel("share of characters" if many else "characters from the start of the file")
    present = [name for name in overview.VOICES if name in set(pieces["voice"])]
    axes.legend(handles=[
        Patch(facecolor=style.MUTED if name == "author" else style.PAPER, hatch=_HATCH[name],
              edgecolor=style.RULE if name == "furniture" else style.MUTED, label=_NAMES[name])
        for name in present], loc="lower left", bbox_to_anchor=(0, 1), ncols=len(present),
        fontsize=7.5, borderpad=0, borderaxespad=0.3, handlelength=1.6, columnspacing=1.2)
    told = "; ".join(f"{row if many else outlets[row]} {show.percent(shares[row])}"
                     for row in rows[:_MANY])
    return style.finish(
        "voices", drawing, pieces, title=voices_title(shares),
        subtitle="Whose words each stretch is: "
        + ("shares of characters by outlet" if many else "each file in reading order, to scale"),
        note=f"{len(outlets)} articles, {int(words.to_numpy().sum()):,} words. Percentages are the "
        "author’s share of all words of the file. Layout comes from layout.csv where a row "
        "names the paragraph, else from rules; quotations from marks and cues.",
        alt=f"Bars of voice by {'outlet' if many else 'article'}. Author’s share of words: {told}.")
