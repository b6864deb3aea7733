"""Codes beside the instruments' rows: who says so (`by`), and which reading stands (`used`)."""

import numpy as np
import pandas as pd

from analysis.corpus.read import Corpus
from analysis.corpus.store import as_text
from analysis.definitions import AUTHOR, COVERS, EXTRACTOR, KINDS, NETWORK, SCORES, STANDS_IN

_TEXT_ROLES = ("headline", "deck", "body", "block_quotation", "self_quotation")


def joined(corpus: Corpus, made: dict[str, pd.DataFrame],
           kept: list[str]) -> dict[str, pd.DataFrame]:
    """Return the tables that coders and instruments fill together, of the articles kept."""
    codes = {name: table[table["article_id"].isin(kept)].reset_index(drop=True)
             for name, table in corpus.codes.items()}
    actors = made["actors"]
    tables = {
        "attributions": _beside(made["attributions"].assign(by=EXTRACTOR), "attributions" in codes
                                and _coded_attributions(codes["attributions"], actors)),
        "sentiment": _beside(_instrument_tone(made), "tone" in codes
                             and _coded_tone(codes["tone"], made)),
        "targets": _beside(_network_targets(made), "targets" in codes
                           and _coded_targets(codes["targets"], made["sentences"], actors)),
        "frames": _coded_frames(codes.get("sentences")),
        "uptake": _uptake(codes.get("uptake"), codes.get("attributions"), corpus.coders,
                          made["attributions"])}
    return {name: _with_used(table, name, made, corpus) for name, table in tables.items()}


def _beside(found: pd.DataFrame, coded: pd.DataFrame | bool) -> pd.DataFrame:
    found = found.assign(by_kind="instrument")
    if isinstance(coded, bool) or coded.empty:
        return found
    both = pd.concat([found, coded.drop(columns=["content"], errors="ignore")], ignore_index=True)
    for name in both:
        if found[name].dtype == bool if name in found else False:
            both[name] = both[name].astype(bool)
        elif both[name].dtype == object or str(both[name].dtype) == "str":
            both[name] = as_text(both[name])
    return both


def canonical(names: pd.Series, actors: pd.DataFrame) -> pd.Series:
    """Return the actor that each name or alias stands for; a name without an actor stays."""
    known: dict[str, str] = {}
    for row in actors.itertuples():
        for alias in [row.actor, *str(row.aliases).split("|")]:
            known.setdefault(alias.strip().lower(), row.actor)
    bare = names.str.strip().str.lower()
    found = bare.str.removeprefix("the ").map(known).fillna(bare.map(known)).fillna(names)
    return found.where(bare != "author", AUTHOR)


def _coded_attributions(codes: pd.DataFrame, actors: pd.DataFrame) -> pd.DataFrame:
    return codes.assign(
        by="coder " + codes["coder"], kind=codes["kind"].replace(KINDS), stance="",
        role=codes.get("speaker_role", ""), speaker=canonical(codes["speaker"], actors),
        named=codes.get("speaker_role", pd.Series("", codes.index)).ne("anonymous_or_collective"))


def _instrument_tone(made: dict[str, pd.DataFrame]) -> pd.DataFrame:
    spans = made["sentences"][["article_id", "sentence", "start", "end"]]
    table = made["sentiment"].merge(spans, on=["article_id", "sentence"], how="left")
    return table.assign(by=table["instrument"])


def _coded_tone(codes: pd.DataFrame, made: dict[str, pd.DataFrame]) -> pd.DataFrame:
    by = "coder " + codes["coder"]
    return codes.assign(by=by, instrument=by, polarity=codes["polarity"].map(SCORES),
                        sentence=_sentence_of(codes, made["sentences"]))


def _network_targets(made: dict[str, pd.DataFrame]) -> pd.DataFrame:
    spans = made["sentences"][["article_id", "sentence", "start", "end"]].rename(
        columns={"start": "unit_start", "end": "unit_end"})
    table = made["targets"].merge(spans, on=["article_id", "sentence"], how="left")
    return table.assign(by=NETWORK, actor=table["target"])


def _coded_targets(codes: pd.DataFrame, sentences: pd.DataFrame,
                   actors: pd.DataFrame) -> pd.DataFrame:
    """Coded mentions under the names of the network's; the coder's sentence is the unit."""
    table = codes.rename(columns={"start": "unit_start", "end": "unit_end"})
    marked = "mention_start" in table
    for end in ("start", "end"):
        unit = table[f"unit_{end}"]
        table[end] = table[f"mention_{end}"].fillna(unit) if marked else unit
    holder = canonical(table["holder"], actors)
    return table.astype({"start": "int64", "end": "int64"}).assign(
        by="coder " + table["coder"], actor=canonical(table["target"], actors),
        holder=holder.where(holder != AUTHOR, "author"), sentence=_sentence_of(table, sentences))


def _coded_frames(codes: pd.DataFrame | None) -> pd.DataFrame:
    columns = ["article_id", "coder", "start", "end", "unit", "voice", "entman", "by", "by_kind"]
    if codes is None:
        return pd.DataFrame(columns=columns)
    return codes.assign(by="coder " + codes["coder"])


def _uptake(codes: pd.DataFrame | None, attributions: pd.DataFrame | None, coders: pd.DataFrame,
            found: pd.DataFrame) -> pd.DataFrame:
    """Uptake with the words it is about: those of the coder whose attributions were read."""
    columns = ["article_id", "coder", "attribution_id", "uptake", "by", "attribution_by", "start",
               "end"]
    if codes is None:
        return pd.DataFrame(columns=columns)
    spans = [found[["article_id", "attribution_id", "start", "end"]].assign(owner=EXTRACTOR)]
    known: list[str] = []
    if attributions is not None:
        known = list(dict.fromkeys(attributions["coder"]))
        spans.append(attributions.assign(owner="coder " + attributions["coder"]))
    based = coders.set_index("coder")["based_on"].to_dict()
    owner = {}
    for name in codes["coder"].unique():
        read = [one for one in [*str(based.get(name, "")).split("|"), name, *known] if one in known]
        owner[name] = f"coder {read[0]}" if read else EXTRACTOR
    whole = pd.concat(spans).groupby(["article_id", "owner", "attribution_id"], as_index=False).agg(
        start=("start", "min"), end=("end", "max"))
    table = codes.assign(owner=codes["coder"].map(owner)).merge(
        whole, on=["article_id", "owner", "attribution_id"], how="inner")
    return table.assign(by="coder " + table["coder"]).rename(columns={"owner": "attribution_by"})


def _sentence_of(rows: pd.DataFrame, sentences: pd.DataFrame) -> pd.Series:
    """Return the sentence in which most of each row's words stand."""
    found = pd.Series(pd.NA, rows.index, dtype="Int64")
    spans = dict(iter(sentences.groupby("article_id")))
    for article, own in rows.groupby("article_id"):
        if article not in spans:
            continue
        at = spans[article]
        start, end = (own[name].to_numpy()[:, None] for name in ("start", "end"))
        shared = np.minimum(end, at["end"].to_numpy()) - np.maximum(start, at["start"].to_numpy())
        best = shared.argmax(axis=1)
        number = at["sentence"].to_numpy()[best]
        found[own.index] = np.where(shared.max(axis=1) > 0, number, 0)
    return found.where(found != 0)


def _with_used(table: pd.DataFrame, name: str, made: dict[str, pd.DataFrame],
               corpus: Corpus) -> pd.DataFrame:
    """Mark one reading an article: a full coder's, where there is one, else the instrument's."""
    kinds = corpus.coders.set_index("coder")["kind"].to_dict()
    coded = table["by"].str.startswith("coder ") if "coder" in table else \
        pd.Series(False, table.index)
    kind = [kinds.get(by.removeprefix("coder "), "unstated") for by in table["by"]]
    known = table.get("by_kind", "unstated")
    table = table.assign(by_kind=np.where(coded, kind, known))
    best, full = _best_coder(table[coded], name, made, corpus, kinds)
    mine = table["by"].eq(best) & table["article_id"].isin(full)
    other = table["by"].eq(STANDS_IN.get(name, "")) & ~table["article_id"].isin(full)
    return table.assign(used=mine | other)


def _best_coder(rows: pd.DataFrame, name: str, made: dict[str, pd.DataFrame], corpus: Corpus,
                kinds: dict[str, str]) -> tuple[str, set[str]]:
    """Return the coder who stands for a table, and the articles that he read in full."""
    if rows.empty:
        return "", set()
    shares = _coverage(rows, name, made, corpus)
    units = shares.sum().reindex(shares.columns)
    full = [coder for coder in shares if units[coder] >= COVERS * units.max()]
    order = list(kinds)
    rank = {"person": 0, "model": 1}
    best = min(full, key=lambda by: (
        rank.get(kinds.get(by[6:], ""), 2), -units[by],
        order.index(by[6:]) if by[6:] in order else len(order), by))
    most = shares.max(axis=1)
    return best, set(shares.index[(shares[best] >= COVERS * most) & (most > 0)])


def _coverage(rows: pd.DataFrame, name: str, made: dict[str, pd.DataFrame],
              corpus: Corpus) -> pd.DataFrame:
    """Return how many units of each article (rows) each coder (columns) has read.

    ``codes/coded.csv`` says it where it names coder and table; a random part is no whole. Else
    sentences and marked mentions are read row by row, and the fullest coder has to have read
    `COVERS` of the sentences; open-ended tables are read where they have rows.
    """
    key = ["article_id", "start", "end"] if "start" in rows else ["article_id", "attribution_id"]
    if name in ("attributions", "uptake"):
        counts = (pd.crosstab(rows["article_id"], rows["by"]) > 0).astype(float)
    else:
        counts = pd.crosstab(rows.drop_duplicates([*key, "by"])["article_id"],
                             rows.drop_duplicates([*key, "by"])["by"]).astype(float)
    in_codes = {"sentiment": "tone", "frames": "sentences"}.get(name, name)
    declared = corpus.coded[corpus.coded["table"] == in_codes]
    for (coder, article), spans in declared.groupby(["coder", "article_id"]):
        part = (pd.to_numeric(spans["probability"], errors="coerce") < 1).any()  # drawn at random
        by = f"coder {coder}"
        counts[by] = counts.get(by, 0.0)
        counts.loc[article, by] = 0.0 if part else _units_read(
            spans, name, made["paragraphs"][made["paragraphs"]["article_id"] == article])
    counts = counts.fillna(0.0)
    if name in ("sentiment", "frames"):
        roles = made["paragraphs"][["article_id", "paragraph", "role"]]
        can = made["sentences"].merge(roles, on=["article_id", "paragraph"])
        units = can[can["role"].isin(_TEXT_ROLES)].groupby("article_id").size()
        enough = counts.max(axis=1) >= 0.9 * units.reindex(counts.index).fillna(0)
        counts = counts.where(enough, 0.0, axis=0)  # sentences that rules cut elsewhere: a tenth
    return counts


def _units_read(spans: pd.DataFrame, name: str, paragraphs: pd.DataFrame) -> float:
    """How many units the spans of ``coded.csv`` are; of open-ended tables 1 where all was read."""
    if name not in ("attributions", "uptake"):
        return float(len(spans.drop_duplicates(["start", "end"])))
    body = paragraphs[paragraphs["role"] != "furniture"]
    read = sum(max(0, min(end, row.end) - max(start, row.start)) for row in body.itertuples()
               for start, end in zip(spans["start"], spans["end"], strict=True))
    return float(read >= COVERS * (body["end"] - body["start"]).sum() or name == "uptake")
