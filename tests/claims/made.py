"""Tables of a made-up corpus, as `load` gives them, with a difference planted where wanted."""

from types import SimpleNamespace

import numpy as np
import pandas as pd

WORD, SIZE, EACH = "word ", 10, 2  # ten words a sentence, two sentences a paragraph
SCORES = {-1.0: "negative", 0.0: "neutral", 1.0: "positive"}


def make_tables(outlets=("North", "South", "West"), paragraphs=14, seed=1, planted="tone",
                coders=("b", "c"), kinds=None, articles=1, noise=0.0, event=None):
    """Tables of some outlets; North is *planted* apart: in "tone", "targets" or "sourcing".

    Coders agree but for a share of `noise`; the instruments see what the first coder sees, one
    time in two.
    """
    rng = np.random.default_rng(seed)
    facts, rows, tone, targets, said = [], [], [], [], []
    length, text = len(WORD) * SIZE, (WORD * SIZE).rstrip()
    for outlet in outlets:
        for number in range(articles):
            key = f"{outlet.lower()}{number}"
            facts.append((key, outlet, event(outlet, number) if event else ""))
            for place in range(paragraphs * EACH):
                start, apart = place * length, outlet == outlets[0]
                spot = (key, place // EACH + 1, place + 1, start, start + len(text))
                rows.append((*spot, "author", text, 0))
                span = (key, place + 1, start, start + len(text))

                def drawn(which, apart=apart):
                    odds = [0.9, 0.05, 0.05] if apart and planted == which else [0.05, 0.05, 0.9]
                    return float(rng.choice([-1.0, 0.0, 1.0], p=odds))

                values = {which: drawn(which) for which in ("tone", "targets")}
                given = rng.random() < (0.95 if apart and planted == "sourcing" else 0.1)
                guess = rng.random() < 0.5
                for which, table in (("tone", tone), ("targets", targets)):
                    seen = values[which] if guess else float(rng.choice([-1.0, 0.0, 1.0]))
                    table.append((*span, "network", "instrument", seen, "network"))
                    for coder in coders:
                        off = rng.random() < noise
                        code = float(rng.choice([-1.0, 0.0, 1.0])) if off else values[which]
                        table.append((*span, f"coder {coder}", "model", code, coder))
                for by in ("extractor", *(f"coder {coder}" for coder in coders)):
                    if given or place % 9 == 0:
                        said.append((*span, by, "instrument" if by == "extractor" else "model"))
    names = ["article_id", "sentence", "start", "end", "by", "by_kind"]
    sentences = pd.DataFrame(rows, columns=[
        "article_id", "paragraph", "sentence", "start", "end", "voice", "text", "marked"])
    places = sentences.groupby(["article_id", "paragraph"], as_index=False).agg(
        start=("start", "min"), end=("end", "max"))
    toward = pd.DataFrame(targets, columns=[*names, "score", "coder"])
    toward = toward.assign(target="Ann", holder="author", unit_start=toward["start"],
                           unit_end=toward["end"], polarity=toward["score"].map(SCORES))
    sentiment = pd.DataFrame(tone, columns=[*names, "polarity", "coder"])
    sentiment["by"] = sentiment["by"].replace({"network": "vader"})
    kinds = kinds or {}
    return SimpleNamespace(
        articles=pd.DataFrame(facts, columns=["article_id", "outlet", "event"]),
        paragraphs=places.assign(role="body"), sentences=sentences,
        voices=sentences[["article_id", "start", "end", "voice"]].assign(speaker=""),
        mentions=sentences[["article_id", "sentence"]].assign(actor="Ann"),
        attributions=pd.DataFrame(said, columns=names).assign(
            speaker="Ann", kind="speech", quote_type="direct"),
        sentiment=sentiment, targets=toward,
        frame_cues=pd.DataFrame(columns=["article_id", "sentence", "start", "family", "category"]),
        frames=pd.DataFrame(columns=["article_id", "coder", "start", "end", "entman"]),
        actors=pd.DataFrame({"actor": ["Ann"], "aliases": [""], "role": ["expert"],
                             "side": ["Ann"]}),
        coders=pd.DataFrame({"coder": list(coders), "kind": [kinds.get(name, "model")
                                                             for name in coders]}),
        coded=pd.DataFrame(columns=["coder", "table", "article_id", "start", "end",
                                    "probability"]), outlets=list(outlets))


TABLES = {"tone": "sentiment", "targets": "targets", "sourcing": "attributions"}
ROWS = {"tone": "sentences", "targets": "toward Ann", "sourcing": "words of others"}


def add_coder(t, name, share, kind="person", agrees=True, seed=5, declared=False):
    """A coder of a random share of sentences: a copy of the first coder's codes, or noise."""
    rng = np.random.default_rng(seed)
    first = t.coders["coder"].iloc[0]
    keys = t.sentences[["article_id", "sentence", "start", "end"]]
    drawn = keys[rng.random(len(keys)) < share]
    at = pd.MultiIndex.from_frame(drawn[["article_id", "sentence"]])
    for table in ("sentiment", "targets", "attributions"):
        held = getattr(t, table)
        own = held[held["by"] == f"coder {first}"]
        own = own[pd.MultiIndex.from_frame(own[["article_id", "sentence"]]).isin(at)]
        own = own.assign(by=f"coder {name}", by_kind=kind, coder=name)
        if not agrees and table != "attributions":
            code = rng.choice([-1.0, 0.0, 1.0], len(own))
            own = own.assign(polarity=code if table == "sentiment" else
                             pd.Series(code, own.index).map(SCORES))
        setattr(t, table, pd.concat([held, own], ignore_index=True))
    t.coders = pd.concat([t.coders, pd.DataFrame({"coder": [name], "kind": [kind]})],
                         ignore_index=True)
    # Attributions are open-ended: what was read of them has to be said.
    listed = ("tone", "targets", "attributions") if declared else ("attributions",)
    parts = [drawn.assign(coder=name, table=table, probability=share if declared else np.nan)
             for table in listed]
    t.coded = pd.concat(parts, ignore_index=True)
    return t
