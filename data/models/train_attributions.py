"""Learn the attribution models from annotated articles.

    python data/models/train_attributions.py TRAIN.jsonl

TRAIN.jsonl has one article a line: ``doc``, ``text``, and ``attributions``, each with ``source``,
``cue`` and ``content`` as lists of [start, end) character spans (PolNeAR's scheme). Writes
``attributions_cues.csv``, ``attributions_speaker.csv`` and ``attributions_content.csv`` beside
this script. Needs numpy and scipy; three to 25 minutes on one core.
"""

from __future__ import annotations

import json
import math
import sys
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.cluster.vq import kmeans2
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from analysis.corpus.language import Parsed, parse
from analysis.instruments import attribution_model as model
from analysis.instruments.quotations import find_quotations

HERE = Path(__file__).resolve().parent
# Smaller weights are left out. Those of cue and content add up: left out at .02 they cost .002.
LEAST = {"speaker": 0.02, "gate": 0.02, "cue": 0.005, "content": 0.005}
CLASSES = 200
MATCH = 0.5  # Jaccard index at which a content counts as found


class Groups:
    """Rows of features in groups, of which one row, or none, is right."""

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}
        self.rows, self.row_ends = array("i"), array("q")
        self.shared, self.shared_ends = array("i"), array("q")
        self.sizes, self.targets = array("i"), array("f")

    def add(self, shared: list[str], rows: list[list[str]], target: list[float]) -> None:
        ids = self.ids
        self.shared.extend([ids.setdefault("c:" + f, len(ids)) for f in shared])
        self.shared_ends.append(len(self.shared))
        for row in rows:
            self.rows.extend([ids.setdefault(f, len(ids)) for f in row])
            self.row_ends.append(len(self.rows))
        self.sizes.append(len(rows))
        self.targets.extend(target)

    def _matrix(self, values: array, ends: array, kept: np.ndarray, width: int) -> csr_matrix:
        columns = kept[np.frombuffer(values, dtype=np.int32)]
        starts = np.r_[0, np.frombuffer(ends, dtype=np.int64)]
        good = columns >= 0
        pointer = np.r_[0, np.cumsum(good)][starts]
        data = np.ones(int(good.sum()), dtype=np.float32)
        return csr_matrix((data, columns[good], pointer), shape=(len(starts) - 1, width))

    def fit(self, penalty: float, least: int) -> dict[str, float]:
        """Return the weights that maximise the penalised likelihood of the right rows."""
        counts = np.bincount(np.frombuffer(self.rows, dtype=np.int32), minlength=len(self.ids))
        if len(self.shared):
            counts += np.bincount(np.frombuffer(self.shared, dtype=np.int32),
                                  minlength=len(self.ids))
        frequent = counts >= least
        kept = np.where(frequent, np.cumsum(frequent) - 1, -1)
        width = int(frequent.sum())
        rows = self._matrix(self.rows, self.row_ends, kept, width)
        shared = self._matrix(self.shared, self.shared_ends, kept, width)
        rows_t, shared_t = rows.T.tocsr(), shared.T.tocsr()
        sizes = np.frombuffer(self.sizes, dtype=np.int32)
        group = np.repeat(np.arange(len(sizes)), sizes)
        starts = np.r_[0, np.cumsum(sizes)[:-1]]
        target = np.frombuffer(self.targets, dtype=np.float32).astype(float)
        none = 1.0 - np.add.reduceat(target, starts)

        def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
            score = rows @ w + (shared @ w)[group]
            top = np.maximum(np.maximum.reduceat(score, starts), 0.0)
            mass = np.exp(score - top[group])
            total = np.add.reduceat(mass, starts) + np.exp(-top)
            log_total = np.log(total) + top
            share = mass / total[group]
            value = (target * (log_total[group] - score)).sum() + (none * log_total).sum()
            residual = share - target
            gradient = rows_t @ residual + shared_t @ np.add.reduceat(residual, starts)
            return value + penalty * (w @ w) / 2, gradient + penalty * w

        result = minimize(loss, np.zeros(width), jac=True, method="L-BFGS-B",
                          options={"maxiter": 80, "maxcor": 8})
        names = np.array(list(self.ids), dtype=object)[frequent]
        print(f"{len(sizes)} groups, {len(group)} rows, {width} features, loss {result.fun:.0f}",
              file=sys.stderr)
        return dict(zip(names, result.x, strict=True))


# ---- gold --------------------------------------------------------------------------------------

def _chars(spans: Iterable[tuple[int, int]]) -> set[int]:
    return {i for start, end in spans for i in range(start, end)}


def _overlaps(spans: Iterable[tuple[int, int]], start: int, end: int) -> bool:
    return any(first < end and start < last for first, last in spans)


def count_cues(examples: Iterable[tuple[dict, Parsed]]) -> tuple[Counter, Counter, list]:
    """Return how often each lemma was a cue, how often it occurred, and the same per article."""
    cues, total, each = Counter(), Counter(), []
    for article, parsed in examples:
        mine, all_mine = Counter(), Counter()
        starts = parsed.paragraphs["start"].tolist()
        for doc in parsed.docs:
            all_mine.update((token.lemma_.lower(), token.pos_) for token in doc)
        for gold in article["attributions"]:
            if gold["cue"]:
                start, end = gold["cue"][0]
                place = int(np.searchsorted(starts, start, side="right")) - 1
                span = parsed.docs[place].char_span(
                    start - starts[place], end - starts[place], alignment_mode="expand")
                if span is not None:
                    mine[span.root.lemma_.lower(), span.root.pos_] += 1
        cues.update(mine)
        total.update(all_mine)
        each.append((mine, all_mine))
    return cues, total, each


def classify_words(total: Counter) -> pd.DataFrame:
    """Return lemma and class: frequent words grouped by the language model's word vectors."""
    from analysis.corpus.language import _model

    vocab = _model().vocab
    counts: Counter = Counter()
    for (lemma, pos), n in total.items():
        if pos in ("VERB", "NOUN", "ADJ", "ADV") and lemma.isalpha():
            counts[lemma] += n
    lemmas = sorted(lemma for lemma, n in counts.items() if n >= 4 and vocab.has_vector(lemma))
    vectors = np.array([vocab.get_vector(lemma) for lemma in lemmas], dtype=float)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    _, classes = kmeans2(vectors, CLASSES, iter=25, minit="++", seed=0)
    return pd.DataFrame({"lemma": lemmas, "class": classes})


class Rates(dict):
    """Cue counts without one article's own: what its words would show to a stranger."""

    def __init__(self, cues: Counter, total: Counter, mine: Counter, all_mine: Counter) -> None:
        self.parts = cues, total, mine, all_mine

    def get(self, key, default=None):
        cues, total, mine, all_mine = self.parts
        count = cues[key] - mine[key]
        return (count, total[key] - all_mine[key]) if count > 0 else default


def views(parsed: Parsed) -> Iterator[tuple[int, model.View]]:
    """Yield start and view of each paragraph."""
    outer = [q for q in find_quotations(parsed.text, parsed.paragraphs) if q.level == 1]
    for doc, start in zip(parsed.docs, parsed.paragraphs["start"].tolist(), strict=True):
        end = start + len(doc.text)
        yield start, model.View(doc, [(q.start - start, q.end - start)
                                      for q in outer if start <= q.start < end])


def _golds_near(golds: list, start: int, end: int) -> list:
    return [gold for gold in golds if gold["low"] < end and gold["high"] > start]


def prepared(article: dict) -> list[dict]:
    """Return the article's attributions with their content as a set of characters."""
    golds = []
    for gold in article["attributions"]:
        if gold["content"]:
            chars = _chars(gold["content"])
            spans = gold["content"] + gold["cue"]
            golds.append({**gold, "chars": chars, "low": min(s for s, _ in spans),
                          "high": max(e for _, e in spans)})
    return golds


def speaker_rows(view: model.View, start: int, i: int, golds: list) -> tuple | None:
    """Return rows and target for the speaker of a cue, or None where the gold has no such cue."""
    mine = [g for g in golds
            if _overlaps(g["cue"], start + view.start[i], start + view.end[i])]
    if len(mine) != 1:
        return None
    found = model.speakers(view, i)
    if not found:
        return None
    source = mine[0]["source"] or []
    right = [token for token in found
             if _overlaps(source, start + view.start[token], start + view.end[token])]
    # of several words of the source its head: the one nearest to the root
    heads = [t for t in right if view.head[t] not in right or view.head[t] == t]
    if source and not heads:
        return None
    rows = [model.speaker_features(view, i, token, path, len(found))
            for token, path in found.items()]
    return rows, [float(token in heads) / max(1, len(heads)) for token in found]


def content_rows(view: model.View, start: int, i: int, golds: list, counts: dict,
                 who: dict[str, float]) -> tuple | None:
    """Return cue features, rows and target for the content of a cue; None where it is unclear."""
    candidates = model.contents(view, i)
    if not candidates:
        return None
    mine = [g for g in golds
            if _overlaps(g["cue"], start + view.start[i], start + view.end[i])]
    target = [0.0] * len(candidates)
    if mine:
        scores = []
        for parts in candidates:
            chars = _chars(view.chars(*part) for part in parts)
            scores.append(max(len(chars & g["chars"]) / len(chars | g["chars"]) for g in mine))
        top = max(scores)
        if top < MATCH:
            return None
        shares = [math.exp(10 * (score - top)) if score >= MATCH else 0.0 for score in scores]
        target = [share / sum(shares) for share in shares]
    rate = model.prior(*counts.get((view.lemma[i], view.pos[i]), (0, 0)))
    best = model.best_speaker(view, i, who)
    rows = [model.content_features(view, i, parts, names, rate, best[0])
            for parts, names in candidates.items()]
    common = model.cue_features(view, i, counts)
    return common, model.who_features(view, i, rate, best), rows, target


def train(examples: list[tuple[dict, Parsed]]) -> tuple[Counter, Counter, dict]:
    """Return counts of cues and of words, and the weights of the three models."""
    cues, total, each = count_cues(examples)
    classify_words(total).to_csv(HERE / "attributions_words.csv", index=False, lineterminator="\n")
    model.word_classes.cache_clear()
    speaker, gate, content = Groups(), Groups(), Groups()
    for (article, parsed), own in zip(examples, each, strict=True):
        golds = prepared(article)
        counts = Rates(cues, total, *own)
        for start, view in views(parsed):
            near = _golds_near(golds, start, start + (view.end[-1] if view.count else 0))
            for i in range(view.count):
                if near and model.is_trigger(view, i, counts):
                    rows = speaker_rows(view, start, i, near)
                    if rows:
                        speaker.add([], *rows)
    who = speaker.fit(1.0, 4)
    del speaker
    for (article, parsed), own in zip(examples, each, strict=True):
        golds = prepared(article)
        counts = Rates(cues, total, *own)
        for start, view in views(parsed):
            near = _golds_near(golds, start, start + (view.end[-1] if view.count else 0))
            for i in range(view.count):
                if model.is_trigger(view, i, counts):
                    found = content_rows(view, start, i, near, counts, who)
                    if found:
                        common, more, rows, target = found
                        gate.add(common, [[]], [sum(target)])
                        content.add(common + more, rows, target)
    return cues, total, {"speaker": who, "gate": gate.fit(4.0, 10), "content": content.fit(3.0, 6)}


def write(cues: Counter, total: Counter, models: dict[str, dict[str, float]]) -> None:
    """Write the three tables, sorted, so that equal input gives equal bytes."""
    counts = sorted((lemma, pos, n, total[lemma, pos])
                    for (lemma, pos), n in cues.items() if n >= 2)
    pd.DataFrame(counts, columns=["lemma", "pos", "cues", "total"]).to_csv(
        HERE / "attributions_cues.csv", index=False, lineterminator="\n")
    models["gate"] = {name[2:]: weight for name, weight in models["gate"].items()}
    content = models.pop("content")
    models["cue"] = {name[2:]: weight for name, weight in content.items() if name[:2] == "c:"}
    models["content"] = {name: weight for name, weight in content.items() if name[:2] != "c:"}
    for name, weights in models.items():
        rows = sorted((f, f"{w:.3f}") for f, w in weights.items() if abs(w) >= LEAST[name])
        pd.DataFrame(rows, columns=["feature", "weight"]).to_csv(
            HERE / f"attributions_{name}.csv", index=False, lineterminator="\n")


def main(path: str) -> None:
    nobody = pd.DataFrame(columns=["actor", "aliases", "role", "side"], dtype=str)
    layout = pd.DataFrame(columns=["article_id", "paragraph", "start", "end", "role", "speaker"])
    with open(path, encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines]
    examples = [(article, parse(article["doc"], article["text"], layout, nobody))
                for article in articles]
    write(*train(examples))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
