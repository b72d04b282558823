"""Finds the maps that the int8 engine has to hold in int16: rounding them moves the log-odds.

The engine holds a map in 7 bits of int8, or in 11 bits of int16 with weights of 11 to 15 bits;
the convolutions that read an int16 map take about three times as long. Which maps need it is
measured: to first order, the rounding of a convolution's input and weights changes the log-odds
by the scalar product of its error with the gradient there, so one backward pass an image gives
the share of every convolution.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from ..quantisation.fold import LOGITS
from .graph_model import GraphModel, convolve

LEVELS = 127
"""The largest integer of a map and of a weight (``LEVELS`` in ``engine/int8/kernel.ts``)."""

MOST = 0.01
"""Largest root mean square of the log-odds' change by all rounding, errors being independent."""


class RoundingErrors(GraphModel):
    """A graph model that measures what rounding does to its log-odds.

    ``ranges`` holds the largest value of each channel of the maps that convolutions read, by
    name. ``errors`` gets one number an image and map: the change of the log-odds when the
    convolutions that read that map do so in 7 bits with weights of 8. ``products`` gets the
    multiplications of one image there.
    """

    def __init__(self, folder: Path, ranges: dict[str, np.ndarray]) -> None:
        super().__init__(folder)
        self.ranges = {name: torch.from_numpy(r).float() for name, r in ranges.items()}
        self.errors: dict[str, list[np.ndarray]] = {name: [] for name in ranges}
        self.products = dict.fromkeys(ranges, 0)
        self._passed: list[tuple[str, torch.Tensor, torch.Tensor]] = []

    def measure(self, x: torch.Tensor) -> None:
        """Add the images ``x``, normalised ``(n, height, width, channels)``."""
        (source,) = (e["name"].split(":")[0] for e in self.signature["inputs"].values())
        self._passed, self.products = [], dict.fromkeys(self.ranges, 0)
        # Every value needs a gradient, and everything comes from the image.
        values = {source: x.clone().requires_grad_()}
        logits = self._value(self.signature["outputs"][LOGITS]["name"].split(":")[0], values)
        sums = [linear for _, linear, _ in self._passed]
        slopes = torch.autograd.grad((logits[:, 1] - logits[:, 0]).sum(), sums)
        of_map = {name: torch.zeros(len(x)) for name in self.ranges}
        for (name, _, error), slope in zip(self._passed, slopes, strict=True):
            of_map[name] += (slope * error).sum((1, 2, 3))
        for name, found in of_map.items():
            self.errors[name].append(found.numpy())

    def _execute(self, node: dict, values: dict[str, torch.Tensor]) -> torch.Tensor:
        name = node.get("input", [""])[0]
        if node["op"] != "_FusedConv2D" or name not in self.ranges:
            return super()._execute(node, values)
        x, weight, bias = (values[source] for source in node["input"])
        linear = deepcopy(node["attr"])
        operations = linear["fused_ops"]["list"]["s"]
        rectified = len(operations) > 1
        del operations[1:]
        found = convolve([x, weight, bias], linear)
        with torch.no_grad():
            rounded = [*self._rounded(x, weight, self.ranges[name]), bias]
            error = convolve(rounded, linear) - found
        self._passed.append((name, found, error))
        self.products[name] += found[0, ..., 0].numel() * weight.numel()
        return F.relu(found) if rectified else found

    @staticmethod
    def _rounded(
        x: torch.Tensor, weight: torch.Tensor, largest: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Map and weights as the engine rounds them; see ``engine/int8/pack.ts``."""
        step = largest / LEVELS
        folded = weight * largest.view(-1, 1)
        scale = folded.abs().amax((0, 1, 2)).clamp_min(1e-30) / LEVELS
        return (
            (x / step).round().clamp(0, LEVELS) * step,
            (folded / scale).round() * scale / largest.view(-1, 1),
        )


def int16_maps(
    folder: Path, ranges: dict[str, np.ndarray], batches: Iterable[torch.Tensor], most: float = MOST
) -> list[str]:
    """Names of the maps that the engine must hold in int16.

    ``batches`` are normalised ``(n, channels, height, width)``. Maps are
    chosen in the order of mean square error for their multiplications, until what the others
    add stays within ``most``.
    """
    model = RoundingErrors(folder, ranges)
    for x in batches:
        model.measure(x.permute(0, 2, 3, 1))
    squares = {
        name: float(np.mean(np.concatenate(found) ** 2)) for name, found in model.errors.items()
    }
    return choose(squares, model.products, most)


def choose(squares: dict[str, float], products: dict[str, int], most: float) -> list[str]:
    """The maps to be held in int16, by each one's mean square error and its multiplications."""
    order = sorted(squares, key=lambda name: -squares[name] / max(products[name], 1))
    count = 0
    while count < len(order) and sum(squares[name] for name in order[count:]) > most**2:
        count += 1
    return sorted(order[:count])
