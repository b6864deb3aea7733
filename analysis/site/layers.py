"""What lies over an article's words: for the reader, each layer as marks and as facts."""

import functools
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pandas as pd

from analysis.definitions import FUNCTIONS, NETWORK

# Layers in the order of their switches.
LAYERS = ("voice", "attributions", "tone", "targets", "frames", "notes", "record", "compare",
          "cues", "agency", "furniture")
SURE = 0.6  # an attribution that the extractor scores below is drawn pale
# Layers that mark rows of one table, and the class of their marks.
_PLAIN = {"voice": ("voices", "v-{0.voice}"), "notes": ("notes", "noted"),
          "record": ("record", "recorded"), "cues": ("frame_cues", "framing"),
          "agency": ("agency", "as-{0.role}")}
_SCORED = re.compile(r"(.+?) ([+-]\d+\.\d+)(?:; |$)")


class Mark(NamedTuple):
    """A stretch of an article, the class of its pieces, and a ``data-`` attribute for them."""

    start: int
    end: int
    name: str
    attribute: str = ""
    value: str = ""


class Place(NamedTuple):
    """A mention that a claim or a cell rests on: the layer, whose reading, and of which actor."""

    article_id: str
    sentence: int
    layer: str
    by: str
    start: int
    actor: str = ""

    @property
    def id(self) -> str:
        """The anchor: ``vox-9.targets.coder-b.703``."""
        by = re.sub(r"[^A-Za-z0-9]+", "-", self.by)
        return f"{self.article_id}-{self.sentence}.{self.layer}.{by}.{self.start}"


class Shelf:
    """The tables of a corpus by article, each grouped once.

    Parameters
    ----------
    t : Tables
        As `analysis.load` returns it.
    places : iterable of Place
        Mentions that the reader's pages give an anchor of their own.
    """

    def __init__(self, t, places: Iterable[Place] = ()):
        self.t = t
        self.places = sorted(set(places), key=lambda place: (place.layer == "targets", place))
        self.actors = {name: i for i, name in enumerate(dict.fromkeys(t.mentions["actor"]))}
        self._groups: dict[str, dict[str, pd.DataFrame]] = {}

    def rows(self, name: str, article_id: str) -> list:
        """Return the article's rows of a table as tuples, in the table's order."""
        if name not in self._groups:
            table = getattr(self.t, name)
            self._groups[name] = {} if table.empty else dict(
                list(table.groupby("article_id", sort=False)))
        group = self._groups[name].get(article_id)
        return [] if group is None else list(group.itertuples(index=False))

    @functools.cached_property
    def longest(self) -> int:
        """The sentences of the longest article: the common scale of the maps."""
        return int(self.t.sentences.groupby("article_id").size().max())


class Telling:
    """One article with all that is laid over it."""

    def __init__(self, shelf: Shelf, article_id: str):
        texts = shelf.t.texts
        if article_id not in texts:
            raise KeyError(f"no article {article_id!r} in this corpus; it has {', '.join(texts)}")
        self.shelf, self.article_id, self.text = shelf, article_id, texts[article_id]
        facts = shelf.rows("articles", article_id)[0]._asdict()
        self.facts = {name: "" if pd.isna(value) else value for name, value in facts.items()}
        self.hue = shelf.t.outlets.index(self.facts["outlet"]) + 1
        self.paragraphs, self.sentences = self.rows("paragraphs"), self.rows("sentences")
        self.places = [place for place in shelf.places if place.article_id == article_id]

    def rows(self, table: str) -> list:
        """Return this article's rows of a table."""
        return self.shelf.rows(table, self.article_id)

    @functools.cached_property
    def attributions(self) -> dict[str, list]:
        """The parts of each attribution by whose reading it is and its id, the used one first."""
        parts: dict[str, list] = {}
        for row in sorted(self.rows("attributions"), key=lambda row: not row.used):
            if row.used or row.by_kind == "instrument":
                parts.setdefault(f"{row.by} {row.attribution_id}", []).append(row)
        return parts

    @functools.cached_property
    def tones(self) -> dict[str, dict[int, tuple[float, str]]]:
        """By reading, the used one first, each sentence's polarity and the words behind it."""
        tones: dict[str, dict[int, tuple[float, str]]] = {}
        for row in sorted(self.rows("sentiment"), key=lambda row: not row.used):
            if not pd.isna(row.polarity):
                numbers = self.numbers(row.start, row.end) if pd.isna(row.sentence) else [
                    int(row.sentence)]
                for number in numbers:
                    tones.setdefault(row.by, {})[number] = (round(float(row.polarity), 2),
                                                            given(row.evidence))
        return tones

    @functools.cached_property
    def functions(self) -> dict[str, dict[int, list[str]]]:
        """By coder, the frame functions of each sentence in one fixed order."""
        frames: dict[str, dict[int, list[str]]] = {}
        for row in sorted(self.rows("frames"), key=lambda row: not row.used):
            found = frames.setdefault(row.by, {})
            for number in self.numbers(row.start, row.end):
                both = {*found.get(number, []), *map(FUNCTIONS.get, given(row.entman).split())}
                found[number] = [name for name in FUNCTIONS.values() if name in both]
        return frames

    @functools.cached_property
    def remarks(self) -> list[tuple[int, int, str, str]]:
        """Notes and rows of the record: start, end, kind, words; in the order of their ends."""
        notes = [(int(row.start), int(row.end), row.kind, row.note) for row in self.rows("notes")]
        record = [(int(row.start), int(row.end), "record", row.record)
                  for row in self.rows("record")]
        return sorted({*notes, *record}, key=lambda note: (note[1], note))

    def uptakes(self) -> dict[str, str]:
        """Return what the coders say the author does with an attribution's words.

        By the key of `attributions`: uptake was coded on one coder's attributions, and belongs to
        these alone.
        """
        said: dict[str, dict[str, list[str]]] = {}
        for row in self.rows("uptake"):
            key = f"{row.attribution_by} {row.attribution_id}"
            said.setdefault(key, {}).setdefault(row.uptake, []).append(row.by)
        return {key: "; ".join(f"{uptake} ({', '.join(by)})" for uptake, by in found.items())
                for key, found in said.items()}

    def numbers(self, start: int, end: int) -> list[int]:
        """Return the sentences that share the larger part of either with a stretch."""
        return [int(row.sentence) for row in self.sentences
                if 2 * (min(end, row.end) - max(start, row.start))
                > min(end - start, row.end - row.start)]

    def marks(self, layers: Iterable[str]) -> list[Mark]:
        """Return the marks of the layers in order of their place; frames, furniture have none."""
        found = {mark for layer in layers for mark in getattr(self, f"_{layer}_marks", tuple)()}
        for table, name in filter(None, map(_PLAIN.get, layers)):
            found |= {Mark(int(row.start), int(row.end), name.format(row))
                      for row in self.rows(table)}
        return sorted(mark for mark in found if mark.start < mark.end and mark.name != "v-author")

    def _attributions_marks(self) -> Iterator[Mark]:
        for key, parts in self.attributions.items():
            if not parts[0].used:
                continue
            for row in parts:
                said = "scare" if row.quote_type == "scare" else "said"
                pale = "pale-" if row.score < SURE else ""  # a coder's has no score
                for name, start, end in ((pale + said, row.start, row.end),
                                         ("cue", row.cue_start, row.cue_end),
                                         ("who", row.speaker_start, row.speaker_end)):
                    if not (pd.isna(start) or pd.isna(end)):
                        yield Mark(int(start), int(end), name, "a", key)

    def _compare_marks(self) -> Iterator[Mark]:
        for parts in self.attributions.values():
            for row in parts:
                if not row.used:
                    name = "x-said x-pale" if row.score < SURE else "x-said"
                    yield Mark(int(row.start), int(row.end), name)
        for row in self.rows("targets"):
            if row.by == NETWORK and not row.used:
                yield Mark(int(row.start), int(row.end), f"x-{row.polarity}")

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
        used = [row for row in self.rows("targets") if row.used]
        for row in used:  # what a speaker holds is no author's
            held = "to" if row.holder == "author" else "held"
            yield Mark(int(row.start), int(row.end), f"{held}-{row.polarity}")
        for row in [*self.rows("mentions"), *used]:
            if row.actor in self.shelf.actors:
                yield Mark(int(row.start), int(row.end), "m", "m",
                           str(self.shelf.actors[row.actor]))

    def details(self) -> dict:
        """Return what the panel says of each sentence (``s``) and attribution (``a``)."""
        said = {int(row.sentence): {"p": int(row.paragraph), "v": row.voice}
                for row in self.sentences}
        for kind, by in (("t", self.tones), ("f", self.functions)):
            for name, found in by.items():
                for number in filter(found.get, found):
                    said[number].setdefault(kind, {})[name] = found[number]
        for number, kind, entry in self._entries():
            if not pd.isna(number) and int(number) in said:
                said[int(number)].setdefault(kind, []).append(entry)
        uptakes = self.uptakes()
        return {"s": said, "a": {key: _source(parts[0], uptakes.get(key, ""))
                                 for key, parts in self.attributions.items()}}

    def _entries(self) -> Iterator[tuple]:
        """Yield sentence, kind (mention, inferred actor, note, cue, act, attribution), entry."""
        for row in sorted(self.rows("targets"), key=lambda row: not row.used):
            yield row.sentence, "m", [row.mention, row.actor, row.polarity, given(row.holder),
                                      row.by]
        for row in self.rows("mentions"):
            if row.actor in self.shelf.actors:
                yield row.sentence, "i", self.shelf.actors[row.actor]
        for start, end, kind, words in self.remarks:
            yield from ((number, "n", [kind, words]) for number in self.numbers(start, end))
        for row in self.rows("frame_cues"):
            yield row.sentence, "c", [row.cue, f"{row.family}: {row.category}".replace("_", " ")]
        for row in self.rows("agency"):
            yield row.sentence, "g", [given(row.name_used), row.role, given(row.verb)]
        for key, parts in self.attributions.items():
            for row in self.sentences:
                if any(part.start < row.end and part.end > row.start for part in parts):
                    yield row.sentence, "a", key


def given(value: object) -> str:
    """Return a cell as text, empty where it is missing."""
    return "" if value is None or pd.isna(value) else str(value)


def _telling_words(evidence: str) -> list[str]:
    """Return the words that weigh at least half as much as the heaviest one."""
    weights = {words: abs(float(value)) for words, value in _SCORED.findall(evidence)}
    heavy = max(weights.values(), default=0.0) / 2
    return [words for words, weight in weights.items() if weight >= heavy > 0]


def _source(row, uptake: str) -> dict[str, str]:
    said = {"by": row.by, "speaker": row.speaker, "named": row.speaker_mention, "cue": row.cue,
            "role": row.role, "form": row.quote_type, "kind": row.kind,
            "stance": getattr(row, "stance", ""), "uptake": uptake,
            "score": "" if pd.isna(row.score) else f"{row.score:.2f}"}
    return {name: given(value).replace("_", " ") for name, value in said.items() if given(value)}
