"""Teach the network that reads a sentence once for all its targets, and write it as a file.

    python data/models/train_reader.py TRAIN.jsonl UNLABELLED.jsonl --dev RW.jsonl MT.jsonl \
        --work FOLDER --out data/models/targets.onnx

The files, and FOLDER with its `marked.pt`, are those of `train_targets.py`, which comes first. The
marked network says what it thinks of the targets in some 30,000 sentences; the reader starts as its
copy and learns that, the annotations, and sentences made by rule (`target_lessons.csv`): an
acquittal beside the accusation, who insults beside who is insulted. Without a graphics card some
three hours of two cores. The figures stand in TARGETS.md.
"""

import csv
import random
import re
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from target_graph import export, of_file
from torch import nn
from torch.nn import functional as F
from train_targets import (
    BODIES,
    CLOSE,
    DEVICE,
    FIRST,
    LAST,
    LINKS,
    NAME,
    NAMED,
    OPEN,
    PIECES,
    PRONOUN,
    STATES,
    TRUST,
    Row,
    Student,
    figures,
    mean_of,
    network,
    options,
    people,
    read,
    run,
    run_stages,
    sentences,
    swap,
    tokens,
)

from analysis.instruments.targets import find_pieces

MARKED = .8  # what the marked network's logits are divided by, chosen on dev
# What the reader's logits are divided by. The least log-loss asks for .82 on dev, for .95 on names
# read in PolNeAR's articles (tests/benchmarks/targets_read.py), and of both together for .9.
DIVISOR = .9
LONGEST = 96  # pieces; longer lessons are left out


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

# --- Reading ---------------------------------------------------------------------------------


class Reader(Student):
    """The same network read once for all targets: a row for each target of each sentence."""

    def forward(self, pieces, mask, spans, owner):
        x = self.bert.embeddings(pieces)
        *layers, last = self.bert.encoder.layer
        for layer in layers:
            x = self.layer(layer, x, mask)
        whole = (x * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True)
        x = self.layer(last, x, mask)
        target = torch.bmm(spans.unsqueeze(1), x[owner]).squeeze(1)
        return self.head(torch.cat((x[owner, 0], whole[owner], target), -1))


def mark_all(text, spans):
    """The pieces of a sentence with all its targets marked, and the places of each target."""
    pieces, places, cut = [FIRST], {}, 0
    for start, end in sorted(spans):
        pieces += tokens(text[cut:start])
        first = len(pieces)
        pieces += [OPEN, *tokens(text[start:end]), CLOSE]
        places[start, end], cut = (first, len(pieces)), end
    pieces = [*pieces, *tokens(text[cut:])][:PIECES - 1] + [LAST]
    return pieces, [(min(first, PIECES - 2), max(min(last, PIECES - 1), first + 1))
                    for first, last in map(places.get, spans)]


def unmarked(text, spans):
    """The pieces of a sentence as it stands, and the places of each target among them."""
    found = [find_pieces(text, *span) for span in spans]
    return list(found[0][0]), [(own.start, own.stop) for _, own in found]


def together(read_so):
    """Sentences, each as pieces and the places of its targets, as one batch for a `Reader`."""
    shape = len(read_so), max(len(pieces) for pieces, _ in read_so)
    pieces, mask, spans, owner = torch.zeros(shape, dtype=torch.long), torch.zeros(shape), [], []
    for number, (found, places) in enumerate(read_so):
        pieces[number, :len(found)], mask[number, :len(found)] = torch.tensor(found), 1
        for first, last in places:
            spans.append(torch.zeros(shape[1]))
            spans[-1][first:last] = 1 / (last - first)
            owner.append(number)
    return tuple(tensor.to(DEVICE) for tensor in (pieces, mask, torch.stack(spans),
                                                  torch.tensor(owner)))


@torch.no_grad()
def predict(net, read_so, size=32):
    """Logits of the targets of each sentence."""
    net.eval()
    order = sorted(range(len(read_so)), key=lambda i: len(read_so[i][0]))
    logits = {}
    for first in range(0, len(order), size):
        chosen = order[first:first + size]
        said = run(net, together([read_so[i] for i in chosen])).cpu()
        logits |= zip(chosen, said.split([len(read_so[i][1]) for i in chosen]), strict=True)
    return [logits[i] for i in range(len(read_so))]


# --- Lessons: sentences with targets, each with what is to be learnt, or None ------------------

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
        while not (made := wrapped(rng.choice(rows), rng)):
            pass
        return made

    def rule():
        text, targets = frames.made(persons, rng)
        return joined(text, targets, short, rng) if rng.random() < .2 else (text, targets)

    makers = {"plain": plain, "wrapped": wrap, "act": act, "rule": rule}
    made = [(kind, *make()) for kind, make in makers.items() for _ in range(getattr(pool, kind))]
    return [lesson for lesson in made if lesson[2]]


def aimed(drawn, marked, rng):
    """Each lesson's kind, pieces, places, probabilities to learn and weights.

    The marked network reads each sentence with all its targets marked at once (on dev it does as
    well so as with one), and half of those not made by rule as their own target.
    """
    def said(read_so):
        return [(logits / MARKED).softmax(-1) for logits in predict(marked, read_so)]

    of_targets = said([mark_all(text, list(targets)) for _, text, targets in drawn])
    whole = [number for number, (kind, _, _) in enumerate(drawn)
             if kind in ("plain", "act") and rng.random() < .5]
    texts = [drawn[number][1] for number in whole]
    of_text = dict(zip(whole, said([mark_all(text, [(0, len(text))]) for text in texts]),
                       strict=True))
    made = []
    for number, (kind, text, targets) in enumerate(drawn):
        aims, weights, spans = [], [], list(targets)
        for aim, known in zip(of_targets[number], targets.values(), strict=True):
            match known:
                case None:
                    weight = 1
                case ("rule", told):
                    aim, weight = torch.tensor(told), 2
                case ("mixed", told, share):
                    aim, weight = (1 - share) * aim + share * torch.tensor(told), 1
                case _:
                    aim, weight = TRUST * aim + (1 - TRUST) * torch.tensor(known), 2
            aims.append(aim)
            weights.append(weight)
        if number in of_text:
            spans, aims, weights = [*spans, (0, len(text))], [*aims, of_text[number][0]], [
                *weights, 1]
        pieces, places = unmarked(text, spans)
        if len(pieces) <= LONGEST:
            made.append((kind, pieces, places, torch.stack(aims), torch.tensor(weights).float()))
    return made


# --- Teaching --------------------------------------------------------------------------------

@dataclass(frozen=True)
class Reading:
    """Settings of a run: where it starts, and how it goes on.

    It starts from the mean of the runs `start`, or from the marked network. Batches are of 32
    sentences of the `pool`, of which the share `rules` is not plain. The rate falls by steps from
    `rate` to `last` times that. `whole`: products are taken in whole numbers already here.
    """

    seed: int
    start: tuple[str, ...]
    pool: str
    rate: float
    steps: int
    last: float = 0.0
    rules: float = 0.0
    whole: bool = False


class Whole(nn.Linear):
    """A product in whole numbers, as in the file; the gradient passes as if nothing was rounded."""

    @staticmethod
    def rounded(x, top):
        scale = x.detach().abs().amax(-1, keepdim=True).clamp_min(1e-9) / top
        return x + ((x.detach() / scale).round() * scale - x.detach())

    def forward(self, x):
        return F.linear(self.rounded(x, 127), self.rounded(self.weight, 63), self.bias)


FIRST_TWO = {"start": ("reader-0",), "pool": "pool-1", "rate": 6e-5, "steps": 1_200, "last": .6}
LAST_TWO = {"start": ("reader-1", "reader-2"), "pool": "pool-2", "rate": 5e-5, "steps": 1_970,
            "rules": .10, "whole": True}
READERS = {"reader-0": Reading(0, (), "pool-1", 1e-4, 540),
           "reader-1": Reading(1, **FIRST_TWO, rules=.14), "reader-2": Reading(2, **FIRST_TWO),
           "reader-3": Reading(3, **LAST_TWO), "reader-4": Reading(4, **LAST_TWO)}
LANDED = ("reader-3", "reader-4")


def endless(made, rng):
    """The lessons in a random order, again and again."""
    while True:
        yield from rng.sample(made, len(made))


def teach(state, made, recipe):
    """The weights that a run gives: the running mean over its steps."""
    torch.manual_seed(recipe.seed)
    rng, net = random.Random(recipe.seed), network(Reader, state)
    net.bert.embeddings.requires_grad_(False)
    for module in net.bert.encoder.modules() if recipe.whole else ():
        if type(module) is nn.Linear:
            module.__class__ = Whole
    taught = {name: p for name, p in net.named_parameters() if p.requires_grad}
    optimizer = torch.optim.AdamW(
        [{"params": [p], "lr": recipe.rate * (3 if name.startswith("head") else 1),
          "weight_decay": .01 if p.ndim > 1 else 0} for name, p in taught.items()], fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda i: min(
        (i + 1) / 60, 1 - (1 - recipe.last) * min(1, i / recipe.steps)))
    parameters, step = list(taught.values()), 0
    mean = [p.detach().clone() for p in parameters]
    plain = endless([lesson for lesson in made if lesson[0] == "plain"], rng)
    by_rule = endless([lesson for lesson in made if lesson[0] != "plain"], rng)
    while step < recipe.steps:
        drawn = sorted((next(by_rule if rng.random() < recipe.rules else plain)
                        for _ in range(512)), key=lambda lesson: len(lesson[1]))
        groups = [drawn[first:first + 32] for first in range(0, 512, 32)]
        rng.shuffle(groups)
        for batch in groups[:recipe.steps - step]:
            said = run(net, together([lesson[1:3] for lesson in batch])) / MARKED
            aim = torch.cat([lesson[3] for lesson in batch]).to(DEVICE)
            weight = torch.cat([lesson[4] for lesson in batch]).to(DEVICE)
            loss = -((F.log_softmax(said, -1) * aim).sum(-1) * weight).sum() / weight.sum()
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            step += 1
            keep = min(.99, (step + 1) / (step + 10))
            torch._foreach_lerp_(mean, [p.detach() for p in parameters], 1 - keep)
    for p, average in zip(parameters, mean, strict=True):
        p.data.copy_(average)
    return {name: value.cpu() for name, value in net.state_dict().items()}


def main():
    chosen, rows, dev = options(__doc__, [*POOLS, *READERS])

    def kept(name):
        return torch.load(chosen.work / f"{name}.pt", weights_only=False)

    def fewer(settings, *names):
        """The settings, or smaller ones to try the script."""
        return replace(settings, **{name: min(getattr(settings, name), chosen.rows)
                                    for name in names if chosen.rows})

    def made(pool):
        pool = fewer(pool, "plain", "wrapped", "act", "rule")
        rng, known = random.Random(pool.seed), {row.text for part in dev.values() for row in part}
        drawn = lessons(rows, chosen.unlabelled, known, pool, rng)
        return aimed(drawn, network(Reader, kept("marked")), rng)

    def taught(recipe):
        state = mean_of([kept(name) for name in recipe.start or ("marked",)])
        return teach(state, kept(recipe.pool), fewer(recipe, "steps"))

    stages = {name: lambda pool=pool: made(pool) for name, pool in POOLS.items()}
    stages |= {name: lambda recipe=recipe: taught(recipe) for name, recipe in READERS.items()}
    run_stages(stages, chosen)
    if chosen.stage:
        return
    net = network(Reader, mean_of([kept(name) for name in LANDED]))
    print("reader", {name: figures(torch.cat(predict(net, [
        unmarked(row.text, [(row.start, row.end)]) for row in part])) / DIVISOR, part)
        for name, part in dev.items()})
    if chosen.out:
        export(net.state_dict(), DIVISOR, chosen.out)
        print("file", {name: figures(of_file(chosen.out, part), part)
                       for name, part in dev.items()}, chosen.out.stat().st_size)


if __name__ == "__main__":
    main()
