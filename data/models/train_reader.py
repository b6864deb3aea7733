"""Teach the network that reads a sentence once for all its targets, and write it as a file.

    python data/models/train_reader.py TRAIN.jsonl UNLABELLED.jsonl --dev RW.jsonl MT.jsonl \
        --work FOLDER --out data/models/targets.onnx

The files, and FOLDER with its `marked.pt`, are those of `train_targets.py`, which comes first. The
marked network says what it thinks of the targets in some 30,000 sentences; the reader starts as its
copy and learns that, the annotations, and sentences made by rule (`target_lessons.csv`): an
acquittal beside the accusation, who insults beside who is insulted. Without a graphics card some
three hours of two cores. The figures stand in TARGETS.md.
"""

import random
from dataclasses import dataclass, replace

import torch
from target_graph import export, of_file
from target_lessons import POOLS, lessons
from torch import nn
from torch.nn import functional as F
from train_targets import (
    CLOSE,
    DEVICE,
    FIRST,
    LAST,
    OPEN,
    PIECES,
    TRUST,
    Student,
    figures,
    mean_of,
    network,
    options,
    run,
    run_stages,
    tokens,
)

from analysis.instruments.targets import find_pieces

MARKED = .8  # what the marked network's logits are divided by, chosen on dev
# What the reader's logits are divided by. The least log-loss asks for .82 on dev, for .95 on names
# read in PolNeAR's articles (tests/benchmarks/targets_read.py), and of both together for .9.
DIVISOR = .9
LONGEST = 96  # pieces; longer lessons are left out


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


# --- Aims ------------------------------------------------------------------------------------


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
