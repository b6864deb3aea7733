"""What lies over an article's words: for the reader, each layer as marks and as facts."""

import functools
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pandas as pd

# Layers in the order of their switches.
LAYERS = ("voice", "attributions", "tone", "targets", "frames", "cues", "agency", "furniture")
# Entman's functions by the codebook's name, as the reader sees them.
FUNCTIONS = {
    "problem_definition": "problem",
    "causal_attribution": "cause",
    "moral_evaluation": "judgement",
    "treatment_recommendation": "remedy",
}
_SIGN = {"negative": -1.0, "neutral": 0.0, "positive": 1.0}
_SCORED = re.compile(r"(.+?) ([+-]\d+\.\d+)(?:; |$)")


class Mark(NamedTuple):
    """A stretch of an article, the class of its pieces, and a ``data-`` attribute for them."""

    start: int
    end: int
    name: str
    attribute: str = ""
    value: str = ""


class Shelf:
    """The tables of a study by article, each grouped once."""

    def __init__(self, study):
        self.study = study
        self.actors = {name: i for i, name in enumerate(study.actors["actor"])}
        self._groups: dict[int, dict[str, pd.DataFrame]] = {}

    def rows(self, table: pd.DataFrame | None, article_id: str) -> list:
        """Return the article's rows of a table as tuples, in the table's order."""
        if table is None or table.empty:
            return []
        if id(table) not in self._groups:
            self._groups[id(table)] = dict(list(table.groupby("article_id", sort=False)))
        group = self._groups[id(table)].get(article_id)
        return [] if group is None else list(group.itertuples(index=False))

    @functools.cached_property
    def longest(self) -> int:
        """The sentences of the longest article: the common scale of the maps."""
        return int(self.study.sentences.groupby("article_id").size().max())


class Telling:
    """One article with all that is laid over it."""

    def __init__(self, shelf: Shelf, article_id: str):
        texts = shelf.study.corpus.texts
        if article_id not in texts:
            raise KeyError(f"no article {article_id!r} in this corpus; it has {', '.join(texts)}")
        self.shelf, self.article_id, self.text = shelf, article_id, texts[article_id]
        facts = shelf.rows(shelf.study.articles, article_id)[0]._asdict()
        self.facts = {name: "" if pd.isna(value) else value for name, value in facts.items()}
        self.hue = shelf.study.outlets.index(self.facts["outlet"]) + 1
        self.paragraphs, self.sentences = self._rows("paragraphs"), self._rows("sentences")

    def _rows(self, table: str) -> list:
        return self.shelf.rows(getattr(self.shelf.study, table), self.article_id)

    def _coded(self, table: str) -> list:
        return self.shelf.rows(self.shelf.study.codes.get(table), self.article_id)

    @functools.cached_property
    def attributions(self) -> dict[str, list]:
        """The parts of each attribution, by its id."""
        parts: dict[str, list] = {}
        for row in self._rows("attributions"):
            parts.setdefault(str(row.attribution_id), []).append(row)
        return parts

    @functools.cached_property
    def tones(self) -> dict[str, dict[int, tuple[float, str]]]:
        """By instrument and by coder, each sentence's polarity and the words behind it."""
        tones: dict[str, dict[int, tuple[float, str]]] = {}
        for row in self._rows("sentiment"):
            if not pd.isna(row.polarity):
                found = tones.setdefault(str(row.instrument), {})
                found[int(row.sentence)] = (round(float(row.polarity), 2), given(row.evidence))
        for row in self._coded("tone"):
            found = tones.setdefault(f"coder {row.coder}", {})
            for number in self.numbers(row.start, row.end):
                found[number] = (_SIGN.get(row.polarity, 0.0), "")
        return tones

    @functools.cached_property
    def functions(self) -> dict[str, dict[int, list[str]]]:
        """By coder, the frame functions of each sentence in one fixed order."""
        frames: dict[str, dict[int, list[str]]] = {}
        for row in self._coded("sentences"):
            found = frames.setdefault(f"coder {row.coder}", {})
            for number in self.numbers(row.start, row.end):
                both = {*found.get(number, []), *map(FUNCTIONS.get, given(row.entman).split())}
                found[number] = [name for name in FUNCTIONS.values() if name in both]
        return frames

    def uptakes(self) -> dict[str, str]:
        """Return what the coders say the author does with an attribution's words, by its id."""
        coded: dict[str, dict[str, list[str]]] = {}
        for row in self._coded("uptake"):
            said = coded.setdefault(str(row.attribution_id), {})
            said.setdefault(row.uptake, []).append(str(row.coder))
        spans = [row for row in self._coded("attributions") if str(row.attribution_id) in coded]
        return {key: "; ".join(f"{uptake} (coder {', '.join(by)})"
                               for uptake, by in coded[best].items())
                for key, parts in self.attributions.items()
                if (best := _most_shared(parts, spans))}

    def numbers(self, start: int, end: int) -> list[int]:
        """Return the sentences that share the larger part of either with a stretch."""
        return [int(row.sentence) for row in self.sentences
                if 2 * (min(end, row.end) - max(start, row.start))
                > min(end - start, row.end - row.start)]

    def marks(self, layers: Iterable[str]) -> list[Mark]:
        """Return the marks of the layers in order of their place; frames, furniture have none."""
        found = {mark for layer in layers for mark in getattr(self, f"_{layer}_marks", tuple)()}
        return sorted(mark for mark in found if mark.start < mark.end)

    def _voice_marks(self) -> Iterator[Mark]:
        for row in self._rows("voices"):
            if row.voice != "author":
                yield Mark(int(row.start), int(row.end), f"v-{row.voice}")

    def _attributions_marks(self) -> Iterator[Mark]:
        for key, parts in self.attributions.items():
            for row in parts:
                said = "scare" if row.quote_type == "scare" else "said"
                for name, start, end in ((said, row.start, row.end),
                                         ("cue", row.cue_start, row.cue_end),
                                         ("who", row.speaker_start, row.speaker_end)):
                    if not (pd.isna(start) or pd.isna(end)):
                        yield Mark(int(start), int(end), name, "a", key)

    def _tone_marks(self) -> Iterator[Mark]:
        spans = {int(row.sentence): (int(row.start), int(row.end)) for row in self.sentences}
        for instrument, scores in self.tones.items():
            for number, (_, evidence) in scores.items():
                start, end = spans.get(number, (0, 0))
                for word in _telling_words(evidence):
                    spelled = re.escape(word).replace("'", "['‘’]")  # scored with straight ones
                    pattern = rf"(?<!\w){spelled}(?!\w)"
                    for hit in re.finditer(pattern, self.text[start:end], re.IGNORECASE):
                        yield Mark(start + hit.start(), start + hit.end(), "word", "w", instrument)

    def _targets_marks(self) -> Iterator[Mark]:
        for row in self._rows("mentions"):
            if row.actor in self.shelf.actors:
                actor = str(self.shelf.actors[row.actor])
                yield Mark(int(row.start), int(row.end), "m", "m", actor)
        for row in self._rows("targets"):
            yield Mark(int(row.start), int(row.end), f"to-{row.polarity}")

    def _cues_marks(self) -> Iterator[Mark]:
        for row in self._rows("frame_cues"):
            yield Mark(int(row.start), int(row.end), "framing")

    def _agency_marks(self) -> Iterator[Mark]:
        for row in self._rows("agency"):
            yield Mark(int(row.start), int(row.end), f"as-{row.role}")

    def details(self) -> dict:
        """Return what the panel says of each sentence (``s``) and attribution (``a``)."""
        said = {int(row.sentence): {"p": int(row.paragraph), "v": row.voice}
                for row in self.sentences}

        def add(number, kind: str, entry) -> None:
            if not pd.isna(number) and int(number) in said:
                said[int(number)].setdefault(kind, []).append(entry)

        for kind, by in (("t", self.tones), ("f", self.functions)):
            for name, found in by.items():
                for number, value in found.items():
                    if value:
                        said[number].setdefault(kind, {})[name] = value
        for row in self._rows("targets"):
            add(row.sentence, "m", [row.mention, row.target, row.polarity, given(row.holder)])
        for row in self._rows("mentions"):
            if row.actor in self.shelf.actors:
                add(row.sentence, "i", self.shelf.actors[row.actor])
        for row in self._rows("frame_cues"):
            add(row.sentence, "c", [row.cue, f"{row.family}: {row.category}".replace("_", " ")])
        for row in self._rows("agency"):
            add(row.sentence, "g", [given(row.name_used), row.role, given(row.verb)])
        uptakes, sources = self.uptakes(), {}
        for key, parts in self.attributions.items():
            sources[key] = _source(parts[0], uptakes.get(key, ""))
            for row in self.sentences:
                if any(part.start < row.end and part.end > row.start for part in parts):
                    add(row.sentence, "a", key)
        return {"s": said, "a": sources}


def given(value: object) -> str:
    """Return a cell as text, empty where it is missing."""
    return "" if value is None or pd.isna(value) else str(value)


def _telling_words(evidence: str) -> list[str]:
    """Return the words that weigh at least half as much as the heaviest one."""
    weights = {words: abs(float(value)) for words, value in _SCORED.findall(evidence)}
    heavy = max(weights.values(), default=0.0) / 2
    return [words for words, weight in weights.items() if weight >= heavy > 0]


def _most_shared(parts: list, spans: list) -> str:
    """Return the id of the coded attribution that shares at least half of these parts."""
    shared: dict[str, int] = {}
    for part in parts:
        for span in spans:
            both = min(part.end, span.end) - max(part.start, span.start)
            if both > 0:
                key = str(span.attribution_id)
                shared[key] = shared.get(key, 0) + both
    best = max(shared, key=shared.get, default="")
    return best if best and 2 * shared[best] >= sum(p.end - p.start for p in parts) else ""


def _source(row, uptake: str) -> dict[str, str]:
    said = {"speaker": row.speaker, "named": row.speaker_mention, "cue": row.cue,
            "role": row.role, "form": row.quote_type, "kind": row.kind,
            "stance": getattr(row, "stance", ""), "uptake": uptake,
            "score": "" if pd.isna(row.score) else f"{row.score:.2f}"}
    return {name: given(value).replace("_", " ") for name, value in said.items() if given(value)}
