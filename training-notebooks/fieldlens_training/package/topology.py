"""Writes a plan as a TensorFlow.js graph model: nodes, weight entries, bytes.

The format is TensorFlow's GraphDef in JSON (strings in base64, 64-bit integers as text)
with the weights beside it; ``tfjs-converter/src/operations`` of TensorFlow.js 4.22 is the
reader. Tensors are NHWC, convolution weights HWIO, classifier weights ``(in, classes)``.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field

import numpy as np
import torch

from ..quantisation.fold import (
    DISTANCE,
    FARTHEST,
    INPUT,
    Classifier,
    Concatenation,
    Convolution,
    Distance,
    Enlargement,
    Layer,
    MaxPool,
    Sum,
    tilt_of,
)
from ..quantisation.quantise import Quantised


@dataclass
class Graph:
    """The nodes and, in the order of their bytes, the weights of a graph model."""

    nodes: list[dict] = field(default_factory=list)
    weights: list[dict] = field(default_factory=list)
    chunks: list[bytes] = field(default_factory=list)

    def data(self) -> bytes:
        """All weights, one after the other."""
        return b"".join(self.chunks)


def build_graph(
    plan: list[Layer], levels: dict[str, Quantised], height: int, width: int, channels: int
) -> Graph:
    """Translate ``plan``; a layer in ``levels`` is stored as uint8, any other as float32."""
    graph = Graph()
    heights, widths = _sides(plan, height), _sides(plan, width)
    shape = (-1, height, width, channels)
    placeholder = {"dtype": _type("DT_FLOAT"), "shape": {"shape": _dimensions(shape)}}
    graph.nodes.append({"name": INPUT, "op": "Placeholder", "attr": placeholder})
    for layer in plan:
        if isinstance(layer, Convolution):
            _add_convolution(graph, layer, levels.get(layer.name))
        elif isinstance(layer, MaxPool):
            _add_pool(graph, layer)
        elif isinstance(layer, Sum):
            _add_node(graph, f"{layer.name}/add", "AddV2", [layer.first, layer.second])
            _add_node(graph, layer.name, "Relu", [f"{layer.name}/add"])
        elif isinstance(layer, Enlargement):
            _add_enlargement(graph, layer, heights[layer.name], widths[layer.name])
        elif isinstance(layer, Concatenation):
            axis = _add_constant(graph, f"{layer.name}/axis", np.array(3, dtype=np.int32))
            count = {"N": {"i": str(len(layer.sources))}, "Tidx": _type("DT_INT32")}
            _add_node(graph, layer.name, "ConcatV2", [*layer.sources, axis], **count)
        elif isinstance(layer, Distance):
            _add_distance(graph, layer, levels[layer.name], heights)
        else:
            _add_classifier(graph, layer, levels.get(layer.name))
    return graph


def signature(
    height: int,
    width: int,
    channels: int,
    grid: tuple[int, int, int],
    classes: int,
    distance: bool,
) -> dict:
    """The model's named inputs and outputs; ``grid`` is (height, width, features)."""

    def entry(name: str, shape: tuple[int, ...]) -> dict:
        return {"name": f"{name}:0", "dtype": "DT_FLOAT", "tensorShape": _dimensions(shape)}

    outputs = {
        "logits": entry("logits", (-1, classes)),
        "features": entry("features", (-1, *grid)),
    }
    if distance:
        outputs[DISTANCE] = entry(DISTANCE, (-1, 1))
    return {
        "inputs": {INPUT: entry(INPUT, (-1, height, width, channels))},
        "outputs": outputs,
    }


def _sides(plan: list[Layer], side: int) -> dict[str, int]:
    """Height of each layer's map for an input of that height; the same holds for widths."""
    heights = {INPUT: side}
    for layer in plan:
        if isinstance(layer, Convolution):
            kernel = layer.weight.shape[2]
            outer = heights[layer.source] + 2 * layer.padding - kernel
            heights[layer.name] = outer // layer.stride + 1
        elif isinstance(layer, MaxPool):
            heights[layer.name] = (heights[layer.source] - 1) // 2 + 1
        elif isinstance(layer, Sum):
            heights[layer.name] = heights[layer.first]
        elif isinstance(layer, Enlargement):
            heights[layer.name] = 2 * heights[layer.source]
        elif isinstance(layer, Concatenation):
            heights[layer.name] = heights[layer.sources[0]]
    return heights


def _add_convolution(graph: Graph, layer: Convolution, levels: Quantised | None) -> None:
    order = (2, 3, 1, 0)
    weight = _add_weight(graph, f"{layer.name}/weight", layer.weight.numpy(), levels, order)
    bias = _add_constant(graph, f"{layer.name}/bias", layer.bias.numpy().astype(np.float32))
    # Even a padding of zero is said explicitly only where there is one: WebGPU's fast path
    # for 1 x 1 convolutions looks at the padding's name.
    pad = layer.padding
    padding = {"padding": _text("EXPLICIT" if pad else "VALID")}
    if pad:
        padding["explicit_paddings"] = _integers([0, 0, pad, pad, pad, pad, 0, 0])
    _add_node(
        graph,
        layer.name,
        "_FusedConv2D",
        [layer.source, weight, bias],
        strides=_integers([1, layer.stride, layer.stride, 1]),
        dilations=_integers([1, 1, 1, 1]),
        data_format=_text("NHWC"),
        num_args={"i": "1"},
        fused_ops=_texts(["BiasAdd", "Relu"] if layer.relu else ["BiasAdd"]),
        **padding,
    )


def _add_pool(graph: Graph, layer: MaxPool) -> None:
    # TensorFlow.js ignores explicit paddings of MaxPool. What is pooled is not negative,
    # so a border of zeros changes no maximum.
    amounts = np.array([[0, 0], [1, 1], [1, 1], [0, 0]], dtype=np.int32)
    paddings = _add_constant(graph, f"{layer.name}/paddings", amounts)
    integer = {"Tpaddings": _type("DT_INT32")}
    _add_node(graph, f"{layer.name}/pad", "Pad", [layer.source, paddings], **integer)
    _add_node(
        graph,
        layer.name,
        "MaxPool",
        [f"{layer.name}/pad"],
        ksize=_integers([1, 3, 3, 1]),
        strides=_integers([1, 2, 2, 1]),
        padding=_text("VALID"),
        data_format=_text("NHWC"),
    )


def _add_enlargement(graph: Graph, layer: Enlargement, height: int, width: int) -> None:
    size = np.array([height, width], dtype=np.int32)
    _add_node(
        graph,
        layer.name,
        "ResizeNearestNeighbor",
        [layer.source, _add_constant(graph, f"{layer.name}/size", size)],
        align_corners={"b": False},
        half_pixel_centers={"b": False},
    )


def _add_classifier(graph: Graph, layer: Classifier, levels: Quantised | None) -> None:
    axes = _add_constant(graph, f"{layer.name}/axes", np.array([1, 2], dtype=np.int32))
    mean, integer = f"{layer.name}/mean", {"Tidx": _type("DT_INT32")}
    _add_node(graph, mean, "Mean", [layer.source, axes], keep_dims={"b": False}, **integer)
    weight = _add_weight(graph, f"{layer.name}/weight", layer.weight.numpy(), levels, (1, 0))
    bias = _add_constant(graph, f"{layer.name}/bias", layer.bias.numpy().astype(np.float32))
    _add_node(
        graph,
        layer.name,
        "_FusedMatMul",
        [mean, weight, bias],
        transpose_a={"b": False},
        transpose_b={"b": False},
        num_args={"i": "1"},
        fused_ops=_texts(["BiasAdd"]),
    )


def _add_distance(
    graph: Graph, layer: Distance, levels: Quantised, heights: dict[str, int]
) -> None:
    name = layer.name
    integer = {"Tidx": _type("DT_INT32")}

    def constant(part: str, values: torch.Tensor) -> str:
        return _add_constant(graph, f"{name}/{part}", values.numpy().astype(np.float32))

    def node(part: str, op: str, *inputs: str, **attributes: dict) -> str:
        _add_node(graph, f"{name}/{part}", op, list(inputs), **attributes)
        return f"{name}/{part}"

    def total(part: str, source: str) -> str:
        return node(part, "Sum", source, last, keep_dims={"b": True}, **integer)

    def product(part: str, first: str, second: str, transposed: bool) -> str:
        how = {"transpose_a": {"b": False}, "transpose_b": {"b": transposed}}
        return node(part, "MatMul", first, second, **how)

    axes = _add_constant(graph, f"{name}/axes", np.array([1, 2], dtype=np.int32))
    last = _add_constant(graph, f"{name}/last", np.array([1], dtype=np.int32))
    axis = _add_constant(graph, f"{name}/axis", np.array(1, dtype=np.int32))
    parts = []
    for i, (source, statistic) in enumerate(layer.statistics):
        if statistic == "spread":
            kept = {"keep_dims": {"b": True}} | integer
            middle = node(f"middle{i}", "Mean", source, axes, **kept)
            source = node(f"apart{i}", "Abs", node(f"moved{i}", "Sub", source, middle))
        elif statistic == "tilt":
            rows = constant(f"rows{i}", tilt_of(heights[source]).view(1, -1, 1, 1))
            source = node(f"weighted{i}", "Mul", source, rows)
        flat = {"keep_dims": {"b": False}} | integer
        parts.append(node(f"mean{i}", "Mean", source, axes, **flat))
    count = {"N": {"i": str(len(parts))}}
    pooled = node("pooled", "ConcatV2", *parts, axis, **count, **integer)
    centred = node("centred", "Sub", pooled, constant("centre", layer.mean))
    scaled = node("scaled", "Mul", centred, constant("scale", layer.scale))
    ends = [
        constant(part, torch.tensor(v)) for part, v in (("least", -FARTHEST), ("most", FARTHEST))
    ]
    z = node("z", "ClipByValue", scaled, *ends)
    basis = _add_weight(graph, f"{name}/basis", layer.basis.numpy(), levels, (0, 1))
    within = product("within", z, basis, False)
    left = node("left", "Sub", z, product("back", within, basis, True))
    # Scaled before they are squared: 16-bit floats end at 65,504.
    counted = node("counted", "Mul", within, constant("precision", layer.precision.sqrt()))
    rest = node("rest", "Mul", left, constant("share", torch.tensor([layer.rest]).sqrt()))
    counted, rest = node("squares", "Square", counted), node("left_squares", "Square", rest)
    squares = node("sum", "AddV2", total("within_sum", counted), total("rest_sum", rest))
    _add_node(graph, name, "Sqrt", [squares])


def _add_weight(
    graph: Graph,
    name: str,
    values: np.ndarray,
    levels: Quantised | None,
    order: tuple[int, ...],
) -> str:
    if levels is None:
        return _add_constant(graph, name, values.transpose(order).astype(np.float32))
    stored = levels.levels.transpose(order)
    quantization = {"dtype": "uint8", "scale": levels.scale, "min": levels.minimum}
    return _add_constant(graph, name, stored, {"quantization": quantization})


def _add_constant(graph: Graph, name: str, stored: np.ndarray, extra: dict | None = None) -> str:
    dtype = "int32" if stored.dtype == np.int32 else "float32"
    kind = {"int32": "DT_INT32", "float32": "DT_FLOAT"}[dtype]
    tensor = {"dtype": kind, "tensorShape": _dimensions(stored.shape)}
    attributes = {"dtype": _type(kind), "value": {"tensor": tensor}}
    graph.nodes.append({"name": name, "op": "Const", "attr": attributes})
    entry = {"name": name, "shape": list(stored.shape), "dtype": dtype}
    graph.weights.append(entry | (extra or {}))
    graph.chunks.append(np.ascontiguousarray(stored).tobytes())
    return name


def _add_node(graph: Graph, name: str, op: str, inputs: list[str], **attributes: dict) -> None:
    attributes = {"T": _type("DT_FLOAT")} | attributes
    graph.nodes.append({"name": name, "op": op, "input": inputs, "attr": attributes})


def _type(name: str) -> dict:
    return {"type": name}


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _text(text: str) -> dict:
    return {"s": _base64(text)}


def _texts(texts: list[str]) -> dict:
    return {"list": {"s": [_base64(text) for text in texts]}}


def _integers(values: list[int]) -> dict:
    return {"list": {"i": [str(v) for v in values]}}


def _dimensions(shape: tuple[int, ...]) -> dict:
    return {"dim": [{"size": str(size)} for size in shape]}
