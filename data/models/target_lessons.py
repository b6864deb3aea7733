"""Lessons of the network for targets: sentences with targets, each with what is to be learnt.

Plain ones come from the annotated and the unlabelled articles, the others are made by rule: an
annotated sentence said to be untrue, a name before a verb of saying, the frames that stand in
`target_lessons.csv`. `train_reader.py` teaches by them; TARGETS.md tells the recipe.
"""

import csv
import random
import re
from dataclasses import dataclass
from pathlib import Path

from train_targets import (
    BODIES,
    LINKS,
    NAME,
    NAMED,
    PRONOUN,
    STATES,
    Row,
    people,
    read,
    sentences,
    swap,
)


@dataclass(frozen=True)
class Pool:
    """How many lessons of each kind are made.

    Of the plain ones the share `news` has no annotation, the share `several` of the others is drawn
    from sentences with several annotated targets.
    """

    seed: int
    plain: int
    wrapped: int
    act: int
    rule: int
    news: float
    several: float


POOLS = {"pool-1": Pool(1, 26_000, 1_200, 1_600, 4_400, news=.4, several=.4),
         "pool-2": Pool(2, 22_000, 1_000, 1_400, 3_000, news=.35, several=.15)}

# What is learnt of a target is an annotation, three probabilities by a rule, or both mixed: what
# the marked network says counts for 1, .5 and 1 minus the share.
NEUTRAL = (.05, .90, .05)
SAYS = re.compile(
    "(" + NAME.pattern + r")(?: (?:has|had|also|on \w+|later|then))* (?:announced|urged|pledged|"
    r"promised|vowed|called (?:on|for)|proposed|supports?|backed|endorsed|agreed|plans? to|will|"
    r"met|welcomed|apologi[sz]ed|denied|den(?:ies)|rejected|declined|thanked|congratulated|unveiled|"
    r"signed|said|told|accused|criticized|blasted|attacked|condemned|denounced|slammed|mocked)\b")
BY = re.compile(
    r"\b(?:praised|criticized|attacked|mocked|insulted|endorsed|accused|condemned|denounced|blamed|"
    r"ridiculed|dismissed|hailed|welcomed|rejected|blasted|slammed|opposed|supported|described|"
    r"called|cited|raised|told) (?:\w+ ){0,3}?by (" + NAME.pattern + ")")
UNTRUE = ("There is no evidence that ", "It is not true that ", "It is false to say that ",
          "No one has shown that ", "Investigators found no proof that ",
          "The court rejected the claim that ", "It was wrongly reported that ",
          "There was never any proof that ")
UNTRUE_AFTER = (("The claim that ", " is false."), ("The allegation that ", " is baseless."),
                ("The report that ", " turned out to be untrue."),
                ("The rumour that ", " was invented."))
TRUE = ("It is true that ", "There is clear evidence that ", "The court found that ",
        "Investigators showed that ", "It was rightly reported that ")
OPENS = {"The", "A", "An", "He", "She", "They", "In", "But", "Mr.", "President"}
LOWERED = {"The", "He", "She", "They"}


def apart(spans):
    """The spans that touch none before them."""
    kept = []
    for start, end in spans:
        if not any(left < end and start < right for left, right in kept):
            kept.append((start, end))
    return kept


def others(text, taken, most, rng):
    """Further mentions in a sentence: states, bodies, names and pronouns."""
    names = [match.span() for match in NAME.finditer(text) if match.start() or " " in match[0]]
    found = [[match.span() for match in kind.finditer(text)] for kind in (NAMED, PRONOUN)]
    found = apart([*taken, *found[0], *names, *found[1]])[len(taken):]
    rng.shuffle(found)
    return dict.fromkeys(found[:most])


def joined(text, targets, rows, rng):
    """The sentence made one with a short one, of another polarity if four draws find it."""
    label = rng.choice(list(targets.values()))
    for _ in range(4):
        other = rng.choice(rows)
        if other.taught != label:
            break
    if len(text) + len(other.text) >= 300:
        return text, targets
    link, head = rng.choice(LINKS), other.text.rstrip().rstrip(".")
    if rng.random() < .5 and other.end <= len(head):
        shift = len(head) + len(link)
        moved = {(a + shift, b + shift): taught for (a, b), taught in targets.items()}
        return head + link + text, {(other.start, other.end): other.taught, **moved}
    head = text.rstrip().rstrip(".")
    if any(end > len(head) for _, end in targets):
        return text, targets
    shift = len(head) + len(link)
    return head + link + other.text, {
        **targets, (other.start + shift, other.end + shift): other.taught}


def wrapped(row, rng):
    """An annotated sentence said to be untrue, or to be true; None where that does not fit.

    Who is blamed in what is untrue is not blamed; a sentence said to be true keeps its label.
    """
    text, first = row.text, row.text.split()[0]
    if (text[-1] != "." or len(text) > 220 or any(mark in text for mark in '"“”?!:;')
            or row.start and first not in OPENS or row.taught[1]):
        return None
    if row.start or first in LOWERED:
        text = text[0].lower() + text[1:]
    chance, before, after, taught = rng.random(), "", ".", row.taught
    if chance < .35:
        before = rng.choice(TRUE)
    else:
        taught = (.08, .74, .18) if row.taught[0] else (.45, .48, .07)
        before, after = (rng.choice(UNTRUE), ".") if chance < .75 else rng.choice(UNTRUE_AFTER)
    shift = len(before)
    return before + text[:-1] + after, {
        (shift + row.start, shift + row.end): ("rule", taught)}


class Frames:
    """Sentences by rule: frames of `target_lessons.csv`, filled with `target_lesson_words.csv`."""

    HOLE = re.compile(r"\{([^{}]*)\}")

    def __init__(self):
        folder = Path(__file__).parent
        with (folder / "target_lessons.csv").open(encoding="utf-8", newline="") as file:
            self.kinds = {}
            for row in csv.DictReader(file):
                self.kinds.setdefault((row["kind"], float(row["share"])), []).append(row)
        with (folder / "target_lesson_words.csv").open(encoding="utf-8", newline="") as file:
            self.words = {row["slot"]: row["choices"].split("|") for row in csv.DictReader(file)}

    def word(self, hole, rng):
        chosen = rng.choice(self.words.get(hole) or hole.split("|"))
        chosen = rng.choice(self.words.get(chosen, [chosen]))
        return re.sub(r"\b(?:OBJ|CRIME)\b", lambda slot: rng.choice(self.words[slot[0]]), chosen)

    def made(self, persons, rng):
        """A sentence about a person, a state or a body, its target, and who else is named."""
        kind, _ = chosen = rng.choices(list(self.kinds), [share for _, share in self.kinds])[0]
        row, drawn = rng.choice(self.kinds[chosen]), rng.random()
        name = rng.choice(persons if drawn < .55 else STATES if drawn < .75 else BODIES)
        text = self.HOLE.sub(lambda hole: "\0" if hole[1] == "T" else self.word(hole[1], rng),
                             row["frame"])
        text = re.sub(" +", " ", text)
        start = text.index("\0")
        name = name if start else name[0].upper() + name[1:]
        text = (text[:start] + name + text[start + 1:]).rstrip() + rng.choice((".",) * 5 + ("",))
        targets = {(start, start + len(name)): (
            "rule", tuple(float(row[label]) for label in ("negative", "neutral", "positive")))}
        if kind in ("agent of a passive", "agent", "patient of a passive", "accuser or reporter",
                    "announcement", "accusation"):
            targets |= others(text, targets, 1, rng)
        return text[0].upper() + text[1:], targets


def lessons(rows, articles, known, pool, rng):
    """Lessons of all kinds, as kind, text and targets."""
    annotated, persons = {}, people(rows)
    for row in rows:
        annotated.setdefault(row.text, {})[row.start, row.end] = row.taught
    short = [row for row in rows if 30 < len(row.text) < 140]
    known = {*annotated, *known}
    news = list(dict.fromkeys(text for article in read(articles)
                              for text in sentences(article["text"]) if text not in known))
    acts = [(text, found.span(1), .5) for text in news for found in SAYS.finditer(text)]
    agents = [(text, found.span(1), .75) for text in news for found in BY.finditer(text)]
    news = [text for text in news if NAME.search(text) or NAMED.search(text)]
    several = [text for text, targets in annotated.items() if len(apart(targets)) > 1]
    annotated_texts, frames = list(annotated), Frames()
    wrappable = [row for row in rows if wrapped(row, random.Random(0))]

    def plain():
        if rng.random() < pool.news:
            text = rng.choice(news)
            return text, others(text, [], 4, rng)
        many = rng.random() < pool.several
        text = rng.choice(several if many else annotated_texts)
        targets = {span: annotated[text][span] for span in apart(annotated[text])}
        change = rng.uniform(.25 if many else 0, 1)  # another name goes into a single target
        if change < .25:
            span, taught = rng.choice(list(targets.items()))
            row = swap(Row(text, *span, taught), rng, persons)
            text, targets = row.text, {(row.start, row.end): taught}
        elif change < .45:
            text, targets = joined(text, targets, short, rng)
        return text, targets | others(text, targets, 2, rng)

    def act():
        text, span, share = rng.choice(agents if agents and rng.random() < .2 else acts)
        return text, {span: ("mixed", NEUTRAL, share), **others(text, [span], 2, rng)}

    def wrap():
        return wrapped(rng.choice(wrappable), rng)

    def rule():
        text, targets = frames.made(persons, rng)
        return joined(text, targets, short, rng) if rng.random() < .2 else (text, targets)

    makers = {"plain": plain, "wrapped": wrap, "act": act, "rule": rule}
    made = [(kind, *make()) for kind, make in makers.items() for _ in range(getattr(pool, kind))]
    return [lesson for lesson in made if lesson[2]]
