"""The network for targets as a file: the graph node by node, with products in whole numbers.

What is written here is what `analysis/instruments/targets.py` runs; `train_reader.py` calls it.
"""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from train_targets import DIM, HEADS, PIECES

from analysis.instruments.targets import find_pieces


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
        self.middle = self.array(np.uint8(128))  # the whole number that stands for zero
        self.middles = self.add("Expand", self.middle, self.add("Shape", "pieces"))

    def array(self, values):
        name = f"a{len(self.arrays)}"
        self.arrays.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(self, operation, *inputs, outputs=None, **attributes):
        outputs = outputs or [f"x{len(self.nodes)}"]
        self.nodes.append(helper.make_node(operation, list(inputs), outputs, **attributes))
        return outputs[0]

    def dense(self, x, weights, bias):
        """A product in whole numbers: a scale a row of x, a scale a column of the weights.

        With one scale for all rows, as the runtime's own node has, 1.9 of 100 labels differ from
        those in full precision, with a scale a row 1.5, for a twentieth of the time.
        """
        numbers, scale = map(self.array, quantise(weights))
        rows = self.add("Mul", self.add("ReduceMax", self.add("Abs", x), axes=[1], keepdims=0),
                        self.array(np.float32(1 / 127)))
        x = self.add("QuantizeLinear", x, rows, self.middles, axis=0)
        x = self.add("MatMulIntegerToFloat", x, numbers, self.array(np.float32(1)), scale,
                     self.middle, domain="com.microsoft")
        x = self.add("Mul", x, self.add("Unsqueeze", rows, self.array(np.array([1]))))
        return self.add("Add", x, self.array(bias))

    def wide(self, x):
        """In double precision, as all that is summed is.

        Processors add in different orders: what that changes is lost when `narrow` rounds to
        single precision. Else it would now and then move a whole number, and with it the third
        digit of a probability.
        """
        return self.add("Cast", x, to=TensorProto.DOUBLE)

    def narrow(self, x):
        return self.add("Cast", x, to=TensorProto.FLOAT)

    def mean(self, x):
        """The mean of the rows, as one row."""
        return self.narrow(self.add("ReduceMean", self.wide(x), axes=[0], keepdims=1))

    def norm(self, x, layer):
        """Each row to mean 0 and variance 1, then times a weight and plus a bias."""
        wide, scale = self.wide(x), self.array(np.float64(1 / DIM))
        mean = self.add("ReduceMean", wide, axes=[1], keepdims=1)
        square = self.add("Mul", self.add("ReduceSumSquare", wide, axes=[1], keepdims=1), scale)
        spread = self.add("Sqrt", self.add("Sub", square, self.add("Mul", mean, mean)))
        x = self.add("Mul", self.add("Sub", x, self.narrow(mean)),
                     self.narrow(self.add("Reciprocal", spread)))
        return self.add("Add", self.add("Mul", x, self.array(layer["weight"])),
                        self.array(layer["bias"]))

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


def attention(graph, x, layer):
    """Attention of one layer, with one product for queries, keys and values."""
    parts = [dict(layer(f"attention.self.{name}")) for name in ("query", "key", "value")]
    for name in ("weight", "bias"):
        parts[0][name] = parts[0][name] / np.float32(np.sqrt(DIM / HEADS))
    rows = graph.dense(x, np.concatenate([part["weight"].T for part in parts], 1),
                       np.concatenate([part["bias"] for part in parts]))
    rows = graph.add("Reshape", rows, graph.array(np.array([0, 3 * HEADS, DIM // HEADS])))
    rows = graph.wide(graph.add("Transpose", rows, perm=[1, 0, 2]))
    names = [f"x{len(graph.nodes)}{name}" for name in ("query", "key", "value")]
    graph.add("Split", rows, graph.array(np.array([HEADS] * 3)), outputs=names, axis=0)
    seen = graph.add("MatMul", names[0], graph.add("Transpose", names[1], perm=[0, 2, 1]))
    # Scores are far below the 700 at which an exponential in double precision overflows.
    seen = graph.add("Exp", seen)
    total = graph.add("ReduceSum", seen, graph.array(np.array([2])), keepdims=1)
    seen = graph.narrow(graph.add("Div", graph.add("MatMul", seen, names[2]), total))
    seen = graph.add("Reshape", graph.add("Transpose", seen, perm=[1, 0, 2]),
                     graph.array(np.array([0, DIM])))
    out = layer("attention.output.dense")
    return graph.add("Add", x, graph.dense(seen, out["weight"].T, out["bias"]))


def export(state, temperature, path):
    """Write the network for one sentence at a time.

    Its pieces go in. Out comes a row for each piece, with what it says for each label: the mean of
    a target's rows are the logits of the three labels, because the head is linear.
    """
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
    last = sum(".attention.self.query.weight" in name for name in state) - 1
    for number in range(last + 1):
        def layer(name, number=number):
            return part(f"bert.encoder.layer.{number}.{name}")
        if number == last:
            whole = graph.mean(x)
        x = attention(graph, x, layer)
        x = graph.norm(x, layer("attention.output.LayerNorm"))
        wide, narrow = layer("intermediate.dense"), layer("output.dense")
        inner = graph.gelu(graph.dense(x, wide["weight"].T, wide["bias"]))
        x = graph.add("Add", x, graph.dense(inner, narrow["weight"].T, narrow["bias"]))
        x = graph.norm(x, layer("output.LayerNorm"))
    parts = np.split(state["head.weight"].T.astype(np.float64) / temperature, 3)
    first, whole, own = (graph.add("MatMul", graph.wide(rows), graph.array(part)) for rows, part
                         in zip((graph.add("Gather", x, zero), whole, x), parts, strict=True))
    bias = graph.array(state["head.bias"].astype(np.float64) / temperature)
    x = graph.add("Add", own, graph.add("Add", graph.add("Add", first, whole), bias))
    graph.add("Cast", x, to=TensorProto.FLOAT, outputs=["leanings"])
    made = helper.make_graph(
        graph.nodes, "targets", [helper.make_tensor_value_info("pieces", TensorProto.INT64, ["n"])],
        [helper.make_tensor_value_info("leanings", TensorProto.FLOAT, ["n", 3])], graph.arrays)
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17),
                                                   helper.make_opsetid("com.microsoft", 1)],
                              producer_name="train_reader.py")
    model.ir_version = 8
    onnx.checker.check_model(model)
    Path(path).write_bytes(model.SerializeToString(deterministic=True))


def of_file(path, rows):
    """Logits that an exported network gives."""
    session, logits = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"]), []
    for row in rows:
        pieces, own = find_pieces(*row.key)
        logits.append(session.run(None, {"pieces": np.array(pieces)})[0][own].mean(0))
    return torch.tensor(np.array(logits))
