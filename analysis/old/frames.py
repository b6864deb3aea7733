"""Frames as functions filled with sentences: what the codes say, and what cues are worth.

Cue rates are counts of words. Which of them stand for a frame, `cue_agreement` says, coder by
coder; the rest is shown as coded only.
"""

import functools

import numpy as np
import pandas as pd

from analysis.claims import inference
from analysis.codes import agreement
from analysis.old import tone
from analysis.old.study import Study

FUNCTIONS = {"problem_definition": "problem", "causal_attribution": "cause",
             "moral_evaluation": "moral judgement", "treatment_recommendation": "remedy"}
GENERIC = {"conflict": "conflict", "attribution_of_responsibility": "responsibility",
           "human_interest": "human interest", "morality": "morality",
           "economic_consequences": "economic consequences"}
FAMILIES = {"entman": list(FUNCTIONS), "generic": list(GENERIC)}
CODED = {"entman": "entman", "generic": "generic_frames", "policy": "policy_frames"}
RELIABLE = 0.667
_FEWEST = 5  # coded sentences below which agreement is not told
STANCE = ["hedge", "hearsay", "booster", "intensifier", "totalizing", "factive", "assertive",
          "one_sided", "scare_quote", "rhetorical_question"]


# Codes ------------------------------------------------------------------------------------------


@functools.lru_cache(maxsize=2)
def coded_sentences(study: Study) -> pd.DataFrame:
    """Return the coded sentences, a row each, with every coder's frames.

    Returns
    -------
    DataFrame
        article_id, start, end, outlet, paragraph, sentence, voice (first coder's) and, for each
        coder, "entman NAME", "generic NAME", "policy NAME": frozensets of codes. Without codes
        no rows. Editorial notes are left out.
    """
    codes = study.codes.get("sentences")
    if codes is None or codes.empty:
        return pd.DataFrame()
    codes = codes[codes["unit"] != "editorial_note"]
    keys = ["article_id", "start", "end"]
    table = codes.drop_duplicates(keys)[[*keys, "voice"]].sort_values(keys)
    for coder, rows in codes.groupby("coder"):
        own = rows.set_index(keys)
        for family, column in CODED.items():
            sets = own[column].fillna("").map(lambda text: frozenset(text.split()))
            table[f"{family} {coder}"] = [sets.get(key, None) for key in
                                          table[keys].itertuples(index=False, name=None)]
    table["outlet"] = table["article_id"].map(tone.outlets_of(study))
    order = study.corpus.articles["article_id"].tolist()
    table = table[table["article_id"].isin(order)]
    place = [_place(study, *row) for row in table[keys].itertuples(index=False, name=None)]
    table["paragraph"], table["sentence"] = zip(*place, strict=True)
    table["order"] = table["article_id"].map(order.index)
    return table.sort_values(["order", "start"]).drop(columns="order").reset_index(drop=True)


def _place(study: Study, article_id: str, start: int, end: int) -> tuple[int, int]:
    rows = study.sentences[study.sentences["article_id"] == article_id]
    row = max(int(rows["start"].searchsorted((start + end) // 2, side="right")) - 1, 0)
    return int(rows["paragraph"].iat[row]), int(rows["sentence"].iat[row])


def coders(study: Study) -> list[str]:
    """Return the names of those who coded sentences."""
    table = coded_sentences(study)
    return [name.split(" ", 1)[1] for name in table.columns if name.startswith("entman ")]


def entman_grid(study: Study) -> pd.DataFrame:
    """Return the sentences that any coder gave a function of Entman's, one row for each function.

    Returns
    -------
    DataFrame
        function, outlet, article_id, paragraph, sentence, start, end, voice, coders (how many
        gave it the function).
    """
    table, names, rows = coded_sentences(study), coders(study), []
    for row in table.to_dict("records"):
        for function in FUNCTIONS:
            given = sum(function in (row[f"entman {name}"] or ()) for name in names)
            if given:
                rows.append((function, row["outlet"], row["article_id"], row["paragraph"],
                             row["sentence"], row["start"], row["end"], row["voice"], given))
    return pd.DataFrame(rows, columns=["function", "outlet", "article_id", "paragraph", "sentence",
                                       "start", "end", "voice", "coders"])


def grid_counts(study: Study) -> pd.DataFrame:
    """Return, by function and outlet, the sentences that all coders agree on, split by voice."""
    grid = entman_grid(study)
    agreed = grid[grid["coders"] == len(coders(study))]
    counts = agreed.pivot_table(index=["function", "outlet"], columns="voice", values="sentence",
                                aggfunc="size", fill_value=0)
    index = pd.MultiIndex.from_product([FUNCTIONS, study.outlets], names=["function", "outlet"])
    counts = counts.reindex(index, fill_value=0).reindex(
        columns=["author", "mixed", "quoted"], fill_value=0)
    either = grid.groupby(["function", "outlet"]).size().reindex(index, fill_value=0)
    return counts.assign(agreed=counts.sum(axis=1), any_coder=either).reset_index().rename_axis(
        columns=None)


def frame_shares(study: Study) -> pd.DataFrame:
    """Return the share of coded sentences with each generic and policy frame, coders averaged.

    Returns
    -------
    DataFrame
        family, frame, outlet, sentences, share, lowest and highest (over the coders).
    """
    table, names, rows = coded_sentences(study), coders(study), []
    for family in ("generic", "policy"):
        found = sorted({code for name in names for codes in table[f"{family} {name}"].dropna()
                        for code in codes})
        for outlet in study.outlets:
            part = table[table["outlet"] == outlet]
            for frame in found if len(part) else []:
                shares = [np.mean([frame in codes for codes in part[f"{family} {name}"].dropna()])
                          for name in names]
                rows.append((family, frame, outlet, len(part), float(np.mean(shares)),
                             float(min(shares)), float(max(shares))))
    return pd.DataFrame(rows, columns=["family", "frame", "outlet", "sentences", "share",
                                       "lowest", "highest"])


def coder_agreement(study: Study) -> pd.DataFrame:
    """Return the coders' agreement on each frame: family, frame, alpha, low, high.

    Krippendorff's alpha over sentences, its interval over resampled paragraphs. Frames that some
    coder gave to fewer than five sentences are left out: too few to tell.
    """
    table, names, rows = coded_sentences(study), coders(study), []
    for family, frame in [(family, frame) for family, known in FAMILIES.items() for frame in known]:
        codes = np.column_stack([
            [np.nan if given is None else float(frame in given) for given in
             table[f"{family} {name}"]] for name in names])
        blocks = table.groupby(["article_id", "paragraph"]).ngroup().to_numpy()
        if np.nansum(codes, axis=0).min() >= _FEWEST:
            rows.append((family, frame, *agreement.alpha_interval(codes, 2, blocks)))
    return pd.DataFrame(rows, columns=["family", "frame", "alpha", "low", "high"])


def reliability_sentence(study: Study) -> str:
    """Return how far the coders agree on the frames, in a sentence or two."""
    if len(coders(study)) < 2:
        return ("Nobody coded frames in this corpus." if not coders(study) else
                "One coder coded the frames; how far a second would agree is not known.")
    table, spoken = coder_agreement(study), {**FUNCTIONS, **GENERIC}
    good = [spoken[frame] for frame in table.loc[table["low"] >= RELIABLE, "frame"]]
    said = ", ".join(f"{spoken[row.frame]} {row.alpha:.2f} [{row.low:.2f}, {row.high:.2f}]"
                     for row in table.itertuples())
    clear = f"only {' and '.join(good)} reach{'es' if len(good) == 1 else ''}" if good else (
        "none of them reaches")
    return (f"Agreement of the coders (alpha, 95 % interval): {said}. By the lower bound {clear} "
            f"{RELIABLE}, the least on which even tentative conclusions rest.")


# What cues are worth ------------------------------------------------------------------------------


def _cued(study: Study, table: pd.DataFrame, family: str, category: str) -> np.ndarray:
    """Return, for each coded sentence, whether it holds a cue of the category."""
    cues = study.frame_cues
    cues = cues[(cues["family"] == family) & (cues["category"] == category)]
    starts = {key: np.sort(rows["start"].to_numpy()) for key, rows in cues.groupby("article_id")}
    nothing = np.zeros(0, int)
    return np.array([np.diff(starts.get(key, nothing).searchsorted([start, end]))[0] > 0
                     for key, start, end in
                     zip(table["article_id"], table["start"], table["end"], strict=True)])


def cue_agreement(study: Study) -> pd.DataFrame:
    """Return how well each cue family finds the sentences that a coder gave the frame.

    Returns
    -------
    DataFrame
        family, category, coder, outlet ("all" first), sentences, coded, cued, precision and
        recall with Wilson's intervals (columns ``*_low``, ``*_high``), alpha with its interval
        over resampled paragraphs. Empty without codes.
    """
    table, rows = coded_sentences(study), []
    for family, categories in FAMILIES.items() if len(table) else []:
        for category in categories:
            cued = _cued(study, table, family, category)
            for coder in coders(study):
                codes = table[f"{family} {coder}"]
                truth = np.array([category in given if given is not None else False
                                  for given in codes])
                for outlet in ["all", *study.outlets]:
                    held = codes.notna().to_numpy() & (
                        (table["outlet"] == outlet).to_numpy() | (outlet == "all"))
                    if held.any():
                        rows.append({"family": family, "category": category, "coder": coder,
                                     "outlet": outlet, "sentences": int(held.sum()),
                                     "coded": int(truth[held].sum()), "cued": int(cued[held].sum()),
                                     **_worth(truth[held], cued[held], table[held])})
    return pd.DataFrame(rows)


def _worth(truth: np.ndarray, cued: np.ndarray, table: pd.DataFrame) -> dict[str, float]:
    found = agreement.precision_recall(truth, cued)
    blocks = table.groupby(["article_id", "paragraph"]).ngroup().to_numpy()
    alpha, low, high = agreement.alpha_interval(np.column_stack([truth, cued]), 2, blocks)
    return {**found, "alpha": alpha, "alpha_low": low, "alpha_high": high}


def standing(study: Study) -> pd.DataFrame:
    """Return, for each frame, its least favourable figures over coders, and how it is shown."""
    table = cue_agreement(study)
    if table.empty:
        return table
    worst = table[table["outlet"] == "all"].groupby(["family", "category"], sort=False)[
        ["precision_low", "recall_low", "alpha", "alpha_low"]].min().reset_index()
    good = worst["alpha_low"] >= RELIABLE
    return worst.assign(shown=np.where(good, "as cue rate", "as coded only"))


# Rates in the author's voice ----------------------------------------------------------------------


@functools.lru_cache(maxsize=2)
def voiced_cues(study: Study) -> pd.DataFrame:
    """Return the cues with the voice and paragraph in which each one begins, and its outlet."""
    parts = []
    voices = dict(iter(study.voices.groupby("article_id")))
    paragraphs = dict(iter(study.paragraphs.groupby("article_id")))
    for key, cues in study.frame_cues.groupby("article_id", sort=False):
        start = cues["start"].to_numpy()
        voice = voices[key]["voice"].to_numpy()[
            voices[key]["start"].searchsorted(start, side="right") - 1]
        paragraph = paragraphs[key]["paragraph"].to_numpy()[
            paragraphs[key]["start"].searchsorted(start, side="right") - 1]
        parts.append(cues.assign(voice=voice, paragraph=paragraph))
    empty = study.frame_cues.assign(voice="", paragraph=0)
    table = pd.concat(parts, ignore_index=True) if parts else empty
    return table.assign(outlet=table["article_id"].map(tone.outlets_of(study)))


@functools.lru_cache(maxsize=2)
def _author_words(study: Study) -> pd.DataFrame:
    words = study.counted.words.rename(columns={"block": "paragraph"})
    words = words[words["voice"] == "author"]
    sizes = words.groupby(["article_id", "paragraph"]).size().rename("words").reset_index()
    return sizes.assign(outlet=sizes["article_id"].map(tone.outlets_of(study)))


def cue_rates(study: Study, family: str, categories: list[str] | None = None) -> pd.DataFrame:
    """Return how often cues stand in the author's voice, per 1,000 of the author's words.

    Returns
    -------
    DataFrame
        category, outlet, cues, words, rate, low, high (95 %, symmetric bootstrap-t over blocks;
        empty below four blocks or without a cue).
    """
    cues, sizes, key = voiced_cues(study), _author_words(study), tone.block_key(study)
    cues = cues[(cues["voice"] == "author") & (cues["family"] == family)]
    rows = []
    for category in categories or sorted(set(cues["category"])):
        own = cues[cues["category"] == category]
        counts = own.groupby(["article_id", "paragraph"]).size().rename("cues").reset_index()
        table = sizes.merge(counts, on=["article_id", "paragraph"], how="left").fillna({"cues": 0})
        for outlet in study.outlets:
            blocks = table[table["outlet"] == outlet].groupby(key)[["cues", "words"]].sum()
            rows.append((category, outlet, int(blocks["cues"].sum()), int(blocks["words"].sum()),
                         *_rate(blocks)))
    return pd.DataFrame(rows, columns=["category", "outlet", "cues", "words", "rate", "low",
                                       "high"])


def _rate(blocks: pd.DataFrame) -> tuple[float, float, float]:
    if not blocks["words"].sum():
        return np.nan, np.nan, np.nan
    rate = 1000 * blocks["cues"].sum() / blocks["words"].sum()
    if len(blocks) < 4 or not rate:
        return float(rate), np.nan, np.nan
    nothing = inference.moments(np.zeros(100), np.ones(100))
    found = inference.bootstrap_t(
        inference.moments(1000 * blocks["cues"].to_numpy(), blocks["words"].to_numpy()), nothing)
    return float(rate), max(0.0, float(found.low[0])), float(found.high[0])
