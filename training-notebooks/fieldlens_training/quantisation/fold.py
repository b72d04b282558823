"""Turns a trained residual network into a short plan of convolutions without BatchNorm.

The plan is what is quantised and written: a list of layers in order of execution, each
naming the layers that it reads. Tensors are ``(batch, channels, height, width)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn

INPUT, FEATURES, LOGITS, DISTANCE = "input", "features", "logits", "distance"
"""Names of the plan's input and of its outputs; not every plan has a distance."""


@dataclass
class Convolution:
    """``relu?(conv(source) + bias)``; weight ``(out, in, height, width)``, bias ``(out,)``."""

    name: str
    source: str
    weight: torch.Tensor
    bias: torch.Tensor
    stride: int
    padding: int
    relu: bool


@dataclass
class MaxPool:
    """Maximum over 3 x 3 at stride 2, one row of padding around; reads values >= 0."""

    name: str
    source: str


@dataclass
class Sum:
    """``relu(first + second)``: the end of a residual block."""

    name: str
    first: str
    second: str


@dataclass
class Enlargement:
    """Each pixel four times: twice as high and wide, nearest neighbour."""

    name: str
    source: str


@dataclass
class Concatenation:
    """Maps of one size side by side, channel after channel in the order of ``sources``."""

    name: str
    sources: tuple[str, ...]


@dataclass
class Classifier:
    """Mean over height and width, then ``x @ weight.T + bias``; weight ``(classes, in)``."""

    name: str
    source: str
    weight: torch.Tensor
    bias: torch.Tensor


@dataclass
class Distance:
    """How unlike the training images an image is, from statistics of several maps.

    ``statistics`` names layers, each with what is taken of its channels: the ``mean``, the
    ``spread`` (mean absolute difference from it) or the ``tilt`` (the mean weighted from -1 at
    the top to 1 at the bottom: a film that lies upside down has the same mean). Of
    ``z = (values - mean) * scale``, cut to -+``FARTHEST``, the part in the span of ``basis``
    ``(values, k)`` counts by ``precision`` ``(k,)`` and what is left by ``rest``:
    ``sqrt(sum(precision p^2) + rest |z - basis p|^2)`` with ``p = z basis``. It is about 1
    for images like the training images, and no step of it leaves the range of 16-bit floats.
    """

    name: str
    statistics: tuple[tuple[str, str], ...]
    mean: torch.Tensor
    scale: torch.Tensor
    basis: torch.Tensor
    precision: torch.Tensor
    rest: float


FARTHEST = 20.0
"""Standard deviations from which on a value of a ``Distance`` counts no more."""

Layer = Convolution | MaxPool | Sum | Enlargement | Concatenation | Classifier | Distance


def fold(net: nn.Module) -> list[Layer]:
    """Fold every BatchNorm of a MONAI residual network into the convolution before it.

    ``w' = w g / sqrt(v + e)``, ``b' = beta - m g / sqrt(v + e)`` (running mean m and
    variance v), computed in float64. Modules without weights between the blocks (MixStyle)
    are the identity at inference and are left out.
    """
    resnet: Any = net  # its parts are not declared in a way that a type checker sees
    plan: list[Layer] = [fold_convolution("stem", INPUT, resnet.conv1, resnet.bn1, relu=True)]
    plan.append(MaxPool("pool", "stem"))
    source = "pool"
    stages = (resnet.layer1, resnet.layer2, resnet.layer3, resnet.layer4)
    blocks = [
        (f"stage{stage}_block{number}", block)
        for stage, layer in enumerate(stages, 1)
        for number, block in enumerate((m for m in layer if hasattr(m, "conv1")), 1)
    ]
    for name, block in blocks:
        depth = 3 if hasattr(block, "conv3") else 2
        inner = source
        for i in range(1, depth + 1):
            conv, norm = getattr(block, f"conv{i}"), getattr(block, f"bn{i}")
            plan.append(fold_convolution(f"{name}_conv{i}", inner, conv, norm, relu=i < depth))
            inner = plan[-1].name
        if block.downsample is not None:
            shortcut = fold_convolution(f"{name}_shortcut", source, *block.downsample, relu=False)
            plan.append(shortcut)
            source = shortcut.name
        plan.append(Sum(name, inner, source))
        source = name
    plan[-1].name = source = FEATURES
    weight, bias = (p.detach().cpu().float() for p in (resnet.fc.weight, resnet.fc.bias))
    plan.append(Classifier(LOGITS, source, weight.clone(), bias.clone()))
    return plan


def fold_convolution(
    name: str, source: str, conv: nn.Conv2d, norm: nn.BatchNorm2d, relu: bool
) -> Convolution:
    """A convolution with the BatchNorm after it folded in (see ``fold``)."""
    assert norm.running_var is not None and norm.running_mean is not None
    assert isinstance(conv.padding, tuple)
    variance = norm.running_var.detach().cpu().double()
    gain = norm.weight.detach().cpu().double() / (variance + norm.eps).sqrt()
    weight = conv.weight.detach().cpu().double() * gain.view(-1, 1, 1, 1)
    mean = norm.running_mean.detach().cpu().double()
    if conv.bias is not None:
        mean = mean - conv.bias.detach().cpu().double()
    bias = norm.bias.detach().cpu().double() - mean * gain
    return Convolution(
        name, source, weight.float(), bias.float(), conv.stride[0], conv.padding[0], relu
    )


def classifier_of(plan: list[Layer]) -> Classifier:
    """The plan's classifier; ``ValueError`` for a plan without one."""
    for layer in plan:
        if isinstance(layer, Classifier):
            return layer
    raise ValueError("the plan has no classifier")


def sources_of(layer: Layer) -> tuple[str, ...]:
    """Names of the layers that ``layer`` reads."""
    if isinstance(layer, Distance):
        return tuple(source for source, _ in layer.statistics)
    if isinstance(layer, Concatenation):
        return layer.sources
    return (layer.first, layer.second) if isinstance(layer, Sum) else (layer.source,)


def tilt_of(height: int) -> torch.Tensor:
    """Weights of the rows for a tilted mean, from -1 at the top to 1 at the bottom."""
    return torch.linspace(-1, 1, height)


def measure(
    values: dict[str, torch.Tensor], statistics: tuple[tuple[str, str], ...]
) -> torch.Tensor:
    """The values a ``Distance`` is computed from, ``(batch, values)``; see there."""
    parts = []
    for source, statistic in statistics:
        x = values[source]
        if statistic == "spread":
            x = (x - x.mean(dim=(2, 3), keepdim=True)).abs()
        elif statistic == "tilt":
            x = x * tilt_of(x.shape[2]).view(1, 1, -1, 1)
        parts.append(x.mean(dim=(2, 3)))
    return torch.cat(parts, dim=1)


def stage_ends(plan: list[Layer]) -> dict[int, str]:
    """Name of the last layer of each stage, by the stage's number (the last is FEATURES)."""
    ends = {}
    for layer in plan:
        if isinstance(layer, Sum) and layer.name.startswith("stage"):
            ends[int(layer.name[5])] = layer.name
    return ends | {4: FEATURES}


def run_layer(layer: Layer, values: dict[str, torch.Tensor]) -> torch.Tensor:
    """Output of one layer, given the outputs of those before it."""
    if isinstance(layer, Convolution):
        x = F.conv2d(values[layer.source], layer.weight, layer.bias, layer.stride, layer.padding)
        return F.relu(x) if layer.relu else x
    if isinstance(layer, MaxPool):
        return F.max_pool2d(values[layer.source], 3, 2, 1)
    if isinstance(layer, Sum):
        return F.relu(values[layer.first] + values[layer.second])
    if isinstance(layer, Enlargement):
        return F.interpolate(values[layer.source], scale_factor=2, mode="nearest")
    if isinstance(layer, Concatenation):
        return torch.cat([values[source] for source in layer.sources], dim=1)
    if isinstance(layer, Distance):
        z = (measure(values, layer.statistics) - layer.mean) * layer.scale
        z = z.clamp(-FARTHEST, FARTHEST)
        within = z @ layer.basis
        left = z - within @ layer.basis.T
        squares = (within.square() * layer.precision).sum(1) + layer.rest * left.square().sum(1)
        return squares.sqrt().unsqueeze(1)
    return F.linear(values[layer.source].mean(dim=(2, 3)), layer.weight, layer.bias)


def last_use(plan: list[Layer]) -> dict[str, int]:
    """Index of the last layer that reads each value, after which it can be freed."""
    return {name: i for i, layer in enumerate(plan) for name in sources_of(layer)}


@torch.no_grad()
def run_plan(
    plan: list[Layer], x: torch.Tensor, wanted: tuple[str, ...] = (LOGITS, FEATURES)
) -> dict[str, torch.Tensor]:
    """The ``wanted`` layers' outputs of normalised input ``(batch, channels, h, w)``."""
    values, last = {INPUT: x}, last_use(plan)
    for i, layer in enumerate(plan):
        values[layer.name] = run_layer(layer, values)
        for name in sources_of(layer):
            if last[name] == i and name not in wanted:
                values.pop(name, None)
    return {name: values[name] for name in wanted}
