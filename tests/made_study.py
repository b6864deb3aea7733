"""A made-up study of any size, for figures that must work with one outlet and with twelve."""

import types

import numpy as np
import pandas as pd

PARAGRAPHS, SENTENCES = 6, 3
WORDS = "More people came to the first good talks. "


class Made:
    """A study of given tables; it can be hashed, as the measures that keep results ask."""

    def __init__(self, **tables):
        self.__dict__.update(tables)


def make_study(outlets=2, articles=1, codes=False):
    """Return tables of ``articles`` articles for each of ``outlets`` outlets, seeded."""
    rng = np.random.default_rng(7)
    names = [f"Outlet {chr(65 + i)}" for i in range(outlets)]
    keys = [(f"{name[-1]}{n}".lower(), name) for name in names for n in range(articles)]
    facts = pd.DataFrame(keys, columns=["article_id", "outlet"])
    length = len(WORDS)
    tables = {name: [] for name in ("paragraphs", "sentences", "voices", "sentiment", "targets",
                                    "attributions")}
    tone = []
    for key, _ in keys:
        for place in range(PARAGRAPHS):
            start, size = place * SENTENCES * length, SENTENCES * length
            role = "furniture" if place == PARAGRAPHS - 1 else "body"
            tables["paragraphs"].append((key, place + 1, start, start + size - 1, role))
            for turn in range(SENTENCES):
                number, at = place * SENTENCES + turn + 1, start + turn * length
                voice = role if role == "furniture" else ("author", "author", "quoted")[turn]
                tables["sentences"].append((key, place + 1, number, at, at + length - 1, voice))
                tables["voices"].append((key, at, at + length, voice, ""))
                for name in ("textblob", "vader", "network"):
                    tables["sentiment"].append((key, number, name, rng.normal(0, 0.4), np.nan,
                                                "more +0.50; first +0.25", "degree_word: more"))
                label = ("negative", "neutral", "positive")[int(rng.integers(3))]
                holder = "author" if voice == "author" else "Actor Y"
                if role == "body":
                    tables["targets"].append((key, number, at + 5, at + 11, "people",
                                              f"Actor {'XY'[turn % 2]}", holder, label, 0.2, 0.5,
                                              0.3))
                    tone.append((key, "d", at, at + length - 1, label))
                if voice == "quoted":
                    tables["attributions"].append(
                        (key, number, 1, at, at + length - 1, "said", "Actor X", "X side",
                         "expert", "direct", "speech", "neutral", True))
    frames = {
        "paragraphs": "article_id paragraph start end role",
        "sentences": "article_id paragraph sentence start end voice",
        "voices": "article_id start end voice speaker",
        "sentiment": "article_id sentence instrument polarity subjectivity evidence flags",
        "targets": "article_id sentence start end mention target holder polarity p_negative "
                   "p_neutral p_positive",
        "attributions": "article_id attribution_id part start end cue speaker side role "
                        "quote_type kind stance named",
    }
    made = {name: pd.DataFrame(rows, columns=frames[name].split())
            for name, rows in tables.items()}
    made["sentiment"]["polarity"] = made["sentiment"]["polarity"].clip(-1, 1)
    text = WORDS * SENTENCES * PARAGRAPHS
    corpus = types.SimpleNamespace(
        articles=facts.assign(author="", event="", headline=""),
        texts={key: text for key, _ in keys}, record=pd.DataFrame())
    coded = pd.DataFrame(tone, columns=["article_id", "coder", "start", "end", "polarity"])
    return Made(
        **made, corpus=corpus, outlets=names,
        articles=facts.assign(words=len(text.split())),
        codes={"tone": coded} if codes else {},
        actors=pd.DataFrame({"actor": ["Actor X", "Actor Y"], "aliases": ["X", "Y"],
                             "side": ["X side", "Y side"], "role": ["expert", "expert"]}))
