"""Tone toward each actor: by outlet and holder, codes and network side by side."""

import functools
import re
from collections.abc import Iterable

import numpy as np
import pandas as pd

from analysis.instruments import targets
from analysis.instruments import tone as sentiment
from analysis.old import instruments, show, tone
from analysis.old.study import Study

_EXAMPLE = ["outlet", "actor", "code", "network", "sentence", "paragraph"]


def canonical(study: Study, names: Iterable[str]) -> list[str]:
    """Return the actor that each name or alias stands for; a name without actor stays."""
    known = {}
    for row in study.actors.itertuples():
        for alias in [row.actor, *str(row.aliases).split("|")]:
            known.setdefault(alias.strip().lower(), row.actor)
    return [known.get(re.sub(r"^the ", "", name.strip().lower()),
                      known.get(name.strip().lower(), name)) for name in names]


def _held_by(holder: pd.Series) -> np.ndarray:
    return np.where(holder.str.lower() == "author", "author", "others")


@functools.lru_cache(maxsize=4)
def target_tone(study: Study) -> pd.DataFrame:
    """Return mean polarity toward each actor by outlet, holder and instrument.

    Returns
    -------
    DataFrame
        target, outlet, holder ("author" or "others"), instrument ("network" or "coder NAME"),
        mentions, mean (−1 to +1), negative, neutral, positive (shares of mentions). Actors in
        order of their mentions. Furniture is nobody's view and left out.
    """
    outlets = tone.outlets_of(study)
    found = study.targets[study.targets["holder"].ne("")]
    parts = [found.assign(instrument="network")]
    parts += [codes.assign(instrument=f"coder {coder}", target=canonical(study, codes["target"]))
              for coder, codes in tone.coded(study, "targets")]
    names = ["article_id", "target", "holder", "polarity", "instrument"]
    table = pd.concat([part[names] for part in parts], ignore_index=True)
    table = table.assign(outlet=table["article_id"].map(outlets), by=_held_by(table["holder"]),
                         value=table["polarity"].map(tone.SIGN))
    grouped = table.groupby(["target", "outlet", "by", "instrument"])
    means = grouped["value"].agg(mentions="size", mean="mean")
    for label in tone.LABELS:
        means[label] = grouped["polarity"].agg(lambda values, label=label: (values == label).mean())
    means = means.reset_index().rename(columns={"by": "holder"})
    total = found.groupby("target").size().reindex(means["target"].unique()).fillna(0)
    ranks = {name: i for i, name in enumerate(
        sorted(total.index, key=lambda name: (-total[name], name)))}
    places = {name: i for i, name in enumerate(study.outlets)}
    order = means.assign(rank=means["target"].map(ranks), place=means["outlet"].map(places))
    return order.sort_values(["rank", "place", "holder", "instrument"]).drop(
        columns=["rank", "place"]).reset_index(drop=True)


def target_reliability(study: Study) -> pd.DataFrame:
    """Hold tone toward targets against the codes on which all coders of targets agree.

    Returns
    -------
    DataFrame
        outlet ("all" for all), instrument (with "always neutral"), targets, accuracy, macro_f1.
        TextBlob and VADER give the polarity of the sentence. Empty without codes.
    """
    coded = _agreed_targets(study)
    rows = []
    for outlet in ["all", *study.outlets] if len(coded) else []:
        held = coded if outlet == "all" else coded[coded["outlet"] == outlet]
        for name in ("always neutral", "textblob", "vader", "network"):
            if len(held):
                said, gold = held[name], held["polarity"]
                rows.append((outlet, name, len(held), float((said == gold).mean()),
                             macro_f1(gold, said)))
    return pd.DataFrame(rows, columns=["outlet", "instrument", "targets", "accuracy", "macro_f1"])


def macro_f1(gold: pd.Series, said: pd.Series) -> float:
    """Return the mean over the three labels of F1; a label that never occurs counts as 0."""
    scores = []
    for label in tone.LABELS:
        total = int((gold == label).sum() + (said == label).sum())
        scores.append(2 * int(((gold == label) & (said == label)).sum()) / total if total else 0.0)
    return float(np.mean(scores))


def _agreed_targets(study: Study) -> pd.DataFrame:
    """Coded mentions on which the coders agree, with what each instrument says of them."""
    coders = tone.coded(study, "targets")
    if len(coders) < 2:
        return pd.DataFrame()
    key = ["article_id", "start", "end", "mention_start", "mention_end"]
    first = coders[0][1].drop_duplicates(key)
    for _, codes in coders[1:]:
        other = codes.drop_duplicates(key)[[*key, "polarity"]]
        first = first.merge(other, on=key, suffixes=("", "_other"))
        first = first[first["polarity"] == first.pop("polarity_other")]
    texts = [study.corpus.texts[row.article_id][row.start:row.end] for row in first.itertuples()]
    spans = [(row.mention_start - row.start, row.mention_end - row.start)
             for row in first.itertuples()]
    said = targets.score_mentions(texts, spans)
    first = first.assign(outlet=first["article_id"].map(tone.outlets_of(study)),
                         network=said["polarity"].to_numpy())
    first["always neutral"] = "neutral"
    for name in ("textblob", "vader"):
        scores = pd.Series(sentiment.polarities(texts, name))
        first[name] = [tone.LABELS[int(value)] for value in instruments.signs(scores, name)]
    return first


def beside(study: Study, most: int = 8) -> pd.DataFrame:
    """Return author-held tone toward the most named actors, codes and network in columns.

    Returns
    -------
    DataFrame
        actor, outlet, and for each judge (coders, network) "mean (mentions)".
    """
    table = target_tone(study)
    table = table[(table["holder"] == "author")
                  & table["target"].isin(list(dict.fromkeys(table["target"]))[:most])]
    cells = table.assign(cell=[f"{value:+.2f} ({count})".replace("-", "−")
                               for value, count in zip(table["mean"], table["mentions"],
                                                       strict=True)])
    order = list(dict.fromkeys(zip(table["target"], table["outlet"], strict=True)))
    wide = cells.pivot(index=["target", "outlet"], columns="instrument", values="cell")
    wide = wide.reindex(order)[sorted(wide.columns)].reset_index()
    return wide.rename(columns={"target": "actor"}).rename_axis(columns=None)


def examples(study: Study) -> pd.DataFrame:
    """Return evidence for the first actor of `beside`: per outlet one hit and one miss.

    Rule of choice: author-held mentions in reading order; the first on which the first coder and
    the network give the same label that is not neutral, and the first on which they differ.
    Without codes, the mention of which the network is surest.

    Returns
    -------
    DataFrame
        outlet, actor, code, network, sentence (its words), paragraph.
    """
    found = study.targets[study.targets["holder"] == "author"]
    if found.empty:
        return pd.DataFrame(columns=_EXAMPLE)
    spans = study.sentences[["article_id", "sentence", "paragraph", "start", "end"]]
    table = found.rename(columns={"polarity": "network"}).drop(columns=["start", "end"]).merge(
        spans, on=["article_id", "sentence"])
    table = table[table["target"] == found["target"].value_counts(sort=True).index[0]]
    table = table.assign(outlet=table["article_id"].map(tone.outlets_of(study)), code="")
    coders = tone.coded(study, "targets")
    if coders:
        codes = coders[0][1]
        codes = codes.assign(target=canonical(study, codes["target"]))
        codes = codes[codes["holder"].str.lower() == "author"]
        known = {(row.article_id, row.start, row.target): row.polarity
                 for row in codes.itertuples()}
        table["code"] = [known.get((row.article_id, row.start, row.target), "")
                         for row in table.itertuples()]
    rows = []
    for outlet in study.outlets:
        part = table[table["outlet"] == outlet]
        if coders:
            same = part[(part["code"] == part["network"]) & (part["code"] != "neutral")]
            other = part[part["code"].ne("") & (part["code"] != part["network"])]
            rows += [same.head(1), other.head(1)]
        else:
            surest = part[["p_negative", "p_positive"]].max(axis=1).sort_values(
                ascending=False, kind="stable")
            rows.append(part.loc[surest.index[:1]])
    chosen = pd.concat(rows, ignore_index=True).rename(columns={"target": "actor"})
    words = [" ".join(study.corpus.texts[row.article_id][row.start:row.end].split())
             for row in chosen.itertuples()]
    return chosen.assign(sentence=words)[_EXAMPLE]


def answer(study: Study) -> list[str]:
    """Return the answer of the sentiment notebook as paragraphs, with its numbers."""
    ladder = tone.ladder(study)
    held = instruments.reliability(study)
    held = held[held["outlet"] == "all"].drop_duplicates("instrument")
    said = []
    if len(held):
        marks = [f"{tone.spoken(row.instrument)} {_share(row.right)} (alpha {_share(row.alpha)})"
                 for row in held.itertuples()]
        low = held["low"].max()
        verdict = ("No instrument reads the tone of these sentences well enough to rest a "
                   "comparison on it" if low < 0.667 else
                   f"{tone.spoken(held.loc[held['low'].idxmax(), 'instrument'])} reads the tone "
                   "of these sentences as the coders do")
        said.append(f"**{verdict}.** Share of {int(held['sentences'].max())} coded sentences with "
                    f"the right sign, and agreement with {held['coder'].iloc[0]}: "
                    f"{show.listing(marks)}.")
    else:
        said.append("**No reference codes: nothing here says which instrument is right.** What "
                    "follows shows what each says, where it rests on words that mislead, and how "
                    "far the instruments agree.")
    raw = ladder[(ladder["scope"] == "raw") & ladder["p"].notna()]
    if len(raw):
        row = raw.loc[raw["p"].idxmin()]
        own = ladder[(ladder["outlet"] == row["outlet"]) & (ladder["scope"] == "author")
                     & (ladder["other_outlet"] == row["other_outlet"])].iloc[0]
        said.append(
            f"On the raw files the largest TextBlob difference, {show.plain(row['outlet'])} minus "
            f"{show.plain(row['other_outlet'])}, is {show.signed(row['effect'], 3)} "
            f"({show.p_value(row['p'])}); in the author’s voice it is "
            f"{show.signed(own['effect'], 3)} ({show.p_value(own['p'])}). Toward whom "
            "the tone is, and who holds it, is asked below.")
    return said


def _share(value: float) -> str:
    return "–" if pd.isna(value) else f"{value:.2f}".replace("0.", ".").replace("-", "−")


def follows(study: Study) -> str:
    """Return what follows from the notebook and what does not, in three sentences."""
    table = instruments.confusion(study, "textblob")
    held = instruments.reliability(study)
    if held.empty:
        first = ("It follows that a sentence score here is a count of known words, flagged where "
                 "they mislead, and no more until sentences of this corpus are coded.")
    else:
        rows = held[held["outlet"] == "all"].groupby("instrument", sort=False)["alpha"].mean()
        first = (f"It follows that the best instrument here is the {tone.spoken(rows.idxmax())}, "
                 f"at alpha {_share(rows.max())} still too weak to carry a claim, and that "
                 f"TextBlob’s error, {instruments.reversals(table)} signs turned round, differs "
                 "by outlet and does not cancel in a comparison.")
    second = ("It follows that tone has to be asked of a holder and a target: what the author "
              "says of an actor, apart from what the people quoted say of it.")
    third = ("It does not follow that any outlet is more negative than another, that voice rather "
             "than lost precision removed a difference, or that a score tells what an author felt.")
    return f"{first} {second} {third}"
