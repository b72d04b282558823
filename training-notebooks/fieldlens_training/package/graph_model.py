"""Reads a TensorFlow.js graph model and runs it, independently of the code that wrote it.

Only what the file says counts here: the reference logits of a package are computed from
its own bytes, with the dequantised weights in float32.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from .packing import PackingError, read_shard

STORED = {"float32": np.float32, "int32": np.int32, "uint8": np.uint8, "uint16": np.uint16}


class PackageError(Exception):
    """A package cannot be read; the message is one line that names the file."""


class GraphModel:
    """A graph model from ``folder/model.json`` and its shards; ``prefix`` begins their names.

    ``weights`` holds every constant by name, dequantised, in the file's layout; ``stored``
    the entries of ``model.json`` with their bytes, in order; ``head`` what else it says.
    """

    def __init__(self, folder: Path, prefix: str = "") -> None:
        path = Path(folder) / f"{prefix}model.json"
        try:
            model = json.loads(path.read_text())
        except (OSError, ValueError) as error:
            raise PackageError(f"{path}: cannot be read ({error})") from error
        if model.get("format") != "graph-model":
            raise PackageError(f"{path}: is no TensorFlow.js graph model")
        self.signature = model["signature"]
        self.nodes = {node["name"]: node for node in model["modelTopology"]["node"]}
        self.weights: dict[str, np.ndarray] = {}
        self.stored: list[tuple[dict, bytes]] = []
        self.head = {key: value for key, value in model.items() if key != "weightsManifest"}
        for group in model["weightsManifest"]:
            data = b"".join(_read(path.parent, prefix + name) for name in group["paths"])
            start = 0
            for entry in group["weights"]:
                start = self._take(entry, data, start)
            if start != len(data):
                raise PackageError(f"{path}: the shards hold {len(data)} bytes, not {start}")

    def _take(self, entry: dict, data: bytes, start: int) -> int:
        """Read one weight from ``data`` at ``start``; return where the next one starts."""
        map_back = entry.get("quantization")
        stored = STORED[map_back["dtype"] if map_back else entry["dtype"]]
        count = int(np.prod(entry["shape"], dtype=np.int64))
        values = np.frombuffer(data, stored, count, start).reshape(entry["shape"])
        if map_back:
            # As TensorFlow.js: in double precision, rounded once.
            wide = values.astype(np.float64) * map_back["scale"] + map_back["min"]
            values = wide.astype(np.float32)
        self.weights[entry["name"]] = values
        end = start + count * np.dtype(stored).itemsize
        self.stored.append((entry, data[start:end]))
        return end

    @torch.no_grad()
    def run(self, x: np.ndarray) -> dict[str, np.ndarray]:
        """Outputs by signature name of normalised float32 input ``(batch, h, w, channels)``."""
        (name,) = (entry["name"].split(":")[0] for entry in self.signature["inputs"].values())
        values = {name: torch.from_numpy(np.ascontiguousarray(x, dtype=np.float32))}
        outputs = self.signature["outputs"]
        return {
            key: self._value(entry["name"].split(":")[0], values).numpy()
            for key, entry in outputs.items()
        }

    def _value(self, name: str, values: dict[str, torch.Tensor]) -> torch.Tensor:
        """Value of a node, computing first what it needs."""
        waiting = [name]
        while waiting:
            node = self.nodes[waiting[-1]]
            missing = [n for n in node.get("input", []) if n not in values]
            if missing:
                waiting += missing
            else:
                values[waiting.pop()] = self._execute(node, values)
        return values[name]

    def _execute(self, node: dict, values: dict[str, torch.Tensor]) -> torch.Tensor:
        inputs = [values[name] for name in node.get("input", [])]
        attributes = node.get("attr", {})
        match node["op"]:
            case "Const":
                return torch.from_numpy(self.weights[node["name"]].copy())
            case "_FusedConv2D":
                return convolve(inputs, attributes)
            case "AddV2":
                return inputs[0] + inputs[1]
            case "Sub":
                return inputs[0] - inputs[1]
            case "Mul":
                return inputs[0] * inputs[1]
            case "ClipByValue":
                return inputs[0].clamp(float(inputs[1]), float(inputs[2]))
            case "Square":
                return inputs[0].square()
            case "Sqrt":
                return inputs[0].sqrt()
            case "Sum":
                return inputs[0].sum(dim=inputs[1].tolist(), keepdim=attributes["keep_dims"]["b"])
            case "ResizeNearestNeighbor":
                size = inputs[1].tolist()
                return F.interpolate(inputs[0].permute(0, 3, 1, 2), size).permute(0, 2, 3, 1)
            case "ConcatV2":
                return torch.cat(inputs[:-1], dim=int(inputs[-1]))
            case "MatMul":
                return inputs[0] @ (inputs[1].T if attributes["transpose_b"]["b"] else inputs[1])
            case "Relu":
                return F.relu(inputs[0])
            case "Pad":
                amounts = inputs[1].flip(0).flatten().tolist()
                return F.pad(inputs[0], amounts)
            case "MaxPool":
                size, stride = _integers(attributes, "ksize"), _integers(attributes, "strides")
                pooled = F.max_pool2d(inputs[0].permute(0, 3, 1, 2), size[1:3], stride[1:3])
                return pooled.permute(0, 2, 3, 1)
            case "Abs":
                return inputs[0].abs()
            case "Mean":
                kept = attributes.get("keep_dims", {}).get("b", False)
                return inputs[0].mean(dim=inputs[1].tolist(), keepdim=kept)
            case "_FusedMatMul":
                return inputs[0] @ inputs[1] + inputs[2]
        raise PackageError(f"node {node['name']}: operation {node['op']} is not known here")


def convolve(inputs: list[torch.Tensor], attributes: dict) -> torch.Tensor:
    """What a node ``_FusedConv2D`` makes of a map ``(n, h, w, in)``, its weight and its bias."""
    x, weight, bias = inputs
    if _text(attributes["padding"]["s"]) == "EXPLICIT":
        _, _, top, bottom, left, right, _, _ = _integers(attributes, "explicit_paddings")
        x = F.pad(x, (0, 0, left, right, top, bottom))
    stride = _integers(attributes, "strides")[1:3]
    y = F.conv2d(x.permute(0, 3, 1, 2), weight.permute(3, 2, 0, 1), bias, stride)
    operations = [_text(s) for s in attributes["fused_ops"]["list"]["s"]]
    return (F.relu(y) if "Relu" in operations else y).permute(0, 2, 3, 1)


def _integers(attributes: dict, name: str) -> list[int]:
    return [int(i) for i in attributes[name]["list"]["i"]]


def _text(encoded: str) -> str:
    return base64.b64decode(encoded).decode()


def _read(folder: Path, name: str) -> bytes:
    try:
        return read_shard(folder, name)
    except OSError as error:
        raise PackageError(f"{folder / name}: cannot be read ({error})") from error
    except PackingError as error:
        raise PackageError(str(error)) from error
