"""Learn the weights of loaded language from annotated sentences and say how well they do.

python data/models/train_loaded.py SENTENCES.jsonl writes loaded.csv and loaded_figures.csv beside
this file. Each line holds a ``text``, a ``label_bias`` (Biased or Non-biased; others are left
out), a ``topic`` and an ``outlet``. The data are the sentence group SG1 of BABE (Spinde et al.
2021, "Neural Media Bias Detection Using Distant Supervision With BABE", Findings of EMNLP;
AGPL-3.0). No sentence and no annotated word of them is kept: the lists are older than the fit,
and only the weights of their counts are learnt.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import rankdata
from textblob import TextBlob

sys.path.insert(0, str(Path(__file__).parents[2]))

from analysis.corpus.language import lexicon, parse
from analysis.corpus.tokens import Span
from analysis.instruments.cues import cues_in

RIDGE = 100.0  # on standardised features: strong, so that no family rests on a few sentences
SAYING = {"say", "tell", "report", "announce", "add", "state", "testify", "write"}
FIGURES = {"DATE", "TIME", "MONEY", "PERCENT", "CARDINAL", "QUANTITY"}
# Plain counts that stand beside the lists: each a question put to a token.
COUNTS = {
    "words": lambda token: token.is_alpha,
    "adjectives": lambda token: token.pos_ == "ADJ",
    "adverbs": lambda token: token.pos_ == "ADV",
    "numbers": lambda token: token.like_num,
    "dates and amounts": lambda token: token.ent_type_ in FIGURES and token.ent_iob_ == "B",
    "verbs of saying": lambda token: token.lemma_ in SAYING and token.pos_ == "VERB",
    "first person": lambda token: token.lower_ in ("i", "we", "our", "us", "my", "me"),
    "second person": lambda token: token.lower_ in ("you", "your"),
    "questions and exclamations": lambda token: token.text in ("?", "!"),
    "negations": lambda token: token.dep_ == "neg" or token.lower_ in ("no", "nothing", "nor"),
    "quotation marks": lambda token: token.text == '"',
}
LISTED = ("hedge", "booster", "intensifier", "one_sided", "totalizing", "colloquial",
           "scare_quote")


def read(path: Path) -> pd.DataFrame:
    """Return the labelled sentences, with ``biased`` as 0 or 1."""
    lines = pd.DataFrame([json.loads(line) for line in path.read_text("utf-8").splitlines()])
    kept = lines[lines["label_bias"].isin(["Biased", "Non-biased"])].reset_index(drop=True)
    return kept.assign(biased=(kept["label_bias"] == "Biased").astype(int))


def loaded_features(span: Span) -> dict[str, int]:
    """Count what the loaded-language model weighs in a sentence: cues by family, and words."""
    kinds = [(family, category) for _, _, family, category in cues_in(span)]
    categories = dict.fromkeys(lexicon("loaded")["category"])
    counts = {f"loaded: {name}": kinds.count(("loaded", name)) for name in categories}
    counts |= {f"stance: {name}": kinds.count(("stance", name)) for name in LISTED}
    for family in ("metaphor", "mind_reading"):
        counts[family] = sum(kind[0] == family for kind in kinds)
    return counts | {f"count: {name}": sum(map(asked, span)) for name, asked in COUNTS.items()}


def spans_of(sentences: list[str]) -> list[Span]:
    """Parse loose sentences and return one span for each; none may be blank."""
    flat = [" ".join(sentence.split()) for sentence in sentences]
    none = pd.DataFrame(columns=["article_id", "paragraph", "start", "end", "role", "speaker"])
    nobody = pd.DataFrame(columns=["actor", "aliases"])
    return [doc[:] for doc in parse("loose", "\n".join(flat), none, nobody).docs]


def features(texts: list[str]) -> pd.DataFrame:
    """Return the logarithm of one plus each count, a row a sentence."""
    return np.log1p(pd.DataFrame([loaded_features(span) for span in spans_of(texts)]))


def fit(table: pd.DataFrame, labels: np.ndarray, ridge: float = RIDGE) -> pd.Series:
    """Return intercept and weights of a ridge logistic regression, by Newton's method."""
    centre, spread = table.mean(), table.std(ddof=0).replace(0, 1.0)
    design = np.column_stack([np.ones(len(table)), (table - centre) / spread])
    penalty = np.diag([0.0, *[ridge] * table.shape[1]])
    weights = np.zeros(design.shape[1])
    for _ in range(25):
        chance = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (chance - labels) + penalty @ weights
        curve = (design.T * (chance * (1 - chance))) @ design + penalty
        weights -= np.linalg.solve(curve, slope)
    scaled = pd.Series(weights[1:], table.columns) / spread
    return pd.concat([pd.Series({"intercept": weights[0] - scaled @ centre}), scaled])


def auc(labels: np.ndarray, scores: np.ndarray) -> float:
    """Return the area under the curve: how often a biased sentence scores higher."""
    hits = int(labels.sum())
    ranks = rankdata(scores)[labels == 1].sum()
    return float((ranks - hits * (hits + 1) / 2) / (hits * (len(labels) - hits)))


def held_out(table: pd.DataFrame, labels: np.ndarray, folds: np.ndarray) -> np.ndarray:
    """Return scores of each fold by weights learnt on the others."""
    scores = np.zeros(len(labels))
    for fold in np.unique(folds):
        out = folds == fold
        weights = fit(table[~out], labels[~out])
        scores[out] = table[out].to_numpy() @ weights.to_numpy()[1:] + weights["intercept"]
    return scores


def measure(sentences: pd.DataFrame, table: pd.DataFrame, labels: np.ndarray) -> pd.DataFrame:
    """Return the held-out area under the curve of all features, and of each family.

    ``auc`` by random tenths from that family alone, ``without`` from all but it; for all
    features also with whole topics and whole outlets held out.
    """
    tenths = np.random.default_rng(0).permutation(len(labels)) % 10
    topics, outlets = (pd.factorize(sentences[name], sort=True)[0] for name in ("topic", "outlet"))

    def held(part: pd.DataFrame, folds: np.ndarray) -> float:
        return auc(labels, held_out(part, labels, folds))

    listed = ~table.columns.str.startswith("count")
    rows = [("all", held(table, tenths), np.nan, held(table, topics), held(table, outlets)),
            ("lists only", held(table.loc[:, listed], tenths), np.nan,
             held(table.loc[:, listed], topics), held(table.loc[:, listed], outlets))]
    for family in ("loaded", "stance", "metaphor", "mind_reading", "count"):
        own = table.columns.str.startswith(family)
        rows.append((family, held(table.loc[:, own], tenths), held(table.loc[:, ~own], tenths),
                     np.nan, np.nan))
    subjective = [TextBlob(text).sentiment.subjectivity for text in sentences["text"]]
    rivals = {"TextBlob subjectivity": np.array(subjective),
              "number of words": sentences["text"].str.split().str.len().to_numpy(float)}
    rows += [(name, auc(labels, scores), np.nan, np.nan, np.nan)
             for name, scores in rivals.items()]
    rows += [(name, auc(labels, table[name].to_numpy()), held(table.drop(columns=name), tenths),
              np.nan, np.nan) for name in table if name not in ("metaphor", "mind_reading")]
    return pd.DataFrame(rows, columns=["features", "auc", "without", "by_topic", "by_outlet"])


def loaded_score(texts: list[str]) -> np.ndarray:
    """Estimate how likely a reader trained to see it calls a sentence's wording biased.

    Between 0 and 1; higher is more loaded. Of use to rank sentences, not as a probability: half
    of those it learnt from were chosen for bias. It sees words, not who says them: a quoted
    insult weighs like the author's own.
    """
    weights = pd.read_csv(Path(__file__).with_name("loaded.csv"), index_col="feature")["weight"]
    names = weights.index.drop("intercept")
    linear = weights["intercept"] + features(texts)[names].to_numpy() @ weights[names]
    return 1 / (1 + np.exp(-np.asarray(linear)))


def main() -> None:
    """Write the weights learnt from all sentences, and the held-out figures."""
    sentences = read(Path(sys.argv[1]))
    table, labels = features(sentences["text"].tolist()), sentences["biased"].to_numpy()
    beside = Path(__file__)
    weights = fit(table, labels).round(4).rename("weight").rename_axis("feature")
    weights.to_csv(beside.with_name("loaded.csv"), lineterminator="\n")
    figures = measure(sentences, table, labels).round(3)
    figures.to_csv(beside.with_name("loaded_figures.csv"), index=False, lineterminator="\n")
    print(figures.head(7).to_string(index=False))


if __name__ == "__main__":
    main()
