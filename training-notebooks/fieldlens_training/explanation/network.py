"""A package's classifier as the candidates need it: log-odds, last maps, changed copies."""

from __future__ import annotations

import copy
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from ..package.graph_model import GraphModel, convolve
from ..quantisation.fold import FEATURES, LOGITS

BATCH = 64


class _Graph(GraphModel):
    """A graph that keeps its constants as tensors between its runs."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.constants: dict[str, torch.Tensor] = {}

    def outputs(self, x: np.ndarray) -> dict[str, np.ndarray]:
        """Logits and last maps of normalised input."""
        (name,) = (entry["name"].split(":")[0] for entry in self.signature["inputs"].values())
        values = {name: torch.from_numpy(x)}
        with torch.inference_mode():
            nodes = {key: self.signature["outputs"][key]["name"] for key in (LOGITS, FEATURES)}
            found = {key: self._value(n.split(":")[0], values) for key, n in nodes.items()}
            return {key: value.numpy() for key, value in found.items()}

    def _execute(self, node: dict, values: dict[str, torch.Tensor]) -> torch.Tensor:
        if node["op"] != "Const":
            return super()._execute(node, values)
        name = node["name"]
        if name not in self.constants:
            self.constants[name] = self._constant(torch.from_numpy(self.weights[name].copy()))
        return self.constants[name]

    def _constant(self, value: torch.Tensor) -> torch.Tensor:
        if value.ndim != 4:
            return value
        # In the memory order that the convolution reads, which ``convolve`` undoes again.
        weight = value.permute(3, 2, 0, 1).contiguous(memory_format=torch.channels_last)
        return weight.permute(2, 3, 1, 0)


class _MendedGraph(_Graph):
    """Convolutions count only what lies inside: Liu et al. 2018, "Partial Convolution based
    Padding". The sum over a window that reaches beyond the border is enlarged by the share of
    the window that lies inside."""

    def _execute(self, node: dict, values: dict[str, torch.Tensor]) -> torch.Tensor:
        attributes = node.get("attr", {})
        if node["op"] != "_FusedConv2D" or "explicit_paddings" not in attributes:
            return super()._execute(node, values)
        x, weight, bias = (values[name] for name in node["input"])
        plain = attributes | {"fused_ops": {"list": {"s": []}}}
        sums = convolve([x, weight, torch.zeros_like(bias)], plain)
        ones, window = torch.ones((1, *x.shape[1:3], 1)), torch.ones((*weight.shape[:2], 1, 1))
        inside = convolve([ones, window, torch.zeros(1)], plain)
        y = sums * (window.numel() / inside.clamp_min(1)) + bias
        return F.relu(y) if len(attributes["fused_ops"]["list"]["s"]) > 1 else y


class PackageNetwork:
    """The network of ``folder/model.json``, whose input is ``(value / 255 - mean) / std``."""

    def __init__(self, folder: Path, mean: list[float], std: list[float]) -> None:
        self.folder = folder
        self.graph = _Graph(folder)
        self.mean, self.std = np.array(mean, np.float32), np.array(std, np.float32)

    @property
    def direction(self) -> np.ndarray:
        """Weights of the class activation map (Zhou et al. 2016), ``(features,)``."""
        weight = self.graph.weights["logits/weight"]
        return weight[:, 1] - weight[:, 0]

    def outputs(self, pictures: np.ndarray) -> dict[str, np.ndarray]:
        """Logits and last maps of uint8 pictures ``(n, size, size, channels)``."""
        found: dict[str, list[np.ndarray]] = {LOGITS: [], FEATURES: []}
        for start in range(0, len(pictures), BATCH):
            x = (pictures[start : start + BATCH].astype(np.float32) / 255 - self.mean) / self.std
            result = self.graph.outputs(x)
            for name, parts in found.items():
                parts.append(result[name])
        return {name: np.concatenate(parts) for name, parts in found.items()}

    def read(self, pictures: np.ndarray) -> np.ndarray:
        """Log-odds of the positive class, float64 ``(n,)``."""
        logits = self.outputs(pictures)[LOGITS].astype(np.float64)
        return logits[:, 1] - logits[:, 0]

    @cached_property
    def mended(self) -> PackageNetwork:
        """The same, but not taking what lies beyond a map's border for zeros."""
        return self._with(_MendedGraph(self.folder), self.graph.weights)

    def shuffled(self, layers: tuple[str, ...], seed: int = 0) -> PackageNetwork:
        """A copy whose layers of these names' beginnings have their weights in random order."""
        rng = np.random.default_rng(seed)
        weights = {
            name: rng.permutation(value.ravel()).reshape(value.shape)
            if name.startswith(layers) and name.endswith("/weight")
            else value
            for name, value in self.graph.weights.items()
        }
        return self._with(_Graph(self.folder), weights)

    def _with(self, graph: _Graph, weights: dict[str, np.ndarray]) -> PackageNetwork:
        other = copy.copy(self)
        other.__dict__.pop("mended", None)
        other.graph = graph
        other.graph.weights = weights
        return other
