"""Turns a trained residual network into a short plan of convolutions without BatchNorm.

The plan is what is quantised and written: a list of layers in order of execution, each
naming the layers that it reads. Tensors are ``(batch, channels, height, width)``.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn

INPUT, FEATURES, LOGITS = "input", "features", "logits"
"""Names of the plan's input and of its two outputs."""


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
class Classifier:
    """Mean over height and width, then ``x @ weight.T + bias``; weight ``(classes, in)``."""

    name: str
    source: str
    weight: torch.Tensor
    bias: torch.Tensor


Layer = Convolution | MaxPool | Sum | Classifier


def fold(net: nn.Module) -> list[Layer]:
    """Fold every BatchNorm of a MONAI residual network into the convolution before it.

    ``w' = w g / sqrt(v + e)``, ``b' = beta - m g / sqrt(v + e)`` (running mean m and
    variance v), computed in float64. Modules without weights between the blocks (MixStyle)
    are the identity at inference and are left out.
    """
    plan: list[Layer] = [_convolution("stem", INPUT, net.conv1, net.bn1, relu=True)]
    plan.append(MaxPool("pool", "stem"))
    source = "pool"
    blocks = [
        (f"stage{stage}_block{number}", block)
        for stage, layer in enumerate((net.layer1, net.layer2, net.layer3, net.layer4), 1)
        for number, block in enumerate((m for m in layer if hasattr(m, "conv1")), 1)
    ]
    for name, block in blocks:
        depth = 3 if hasattr(block, "conv3") else 2
        inner = source
        for i in range(1, depth + 1):
            conv, norm = getattr(block, f"conv{i}"), getattr(block, f"bn{i}")
            plan.append(_convolution(f"{name}_conv{i}", inner, conv, norm, relu=i < depth))
            inner = plan[-1].name
        if block.downsample is not None:
            shortcut = _convolution(f"{name}_shortcut", source, *block.downsample, relu=False)
            plan.append(shortcut)
            source = shortcut.name
        plan.append(Sum(name, inner, source))
        source = name
    plan[-1].name = source = FEATURES
    weight, bias = net.fc.weight.detach().cpu().float(), net.fc.bias.detach().cpu().float()
    plan.append(Classifier(LOGITS, source, weight.clone(), bias.clone()))
    return plan


def _convolution(
    name: str, source: str, conv: nn.Conv2d, norm: nn.BatchNorm2d, relu: bool
) -> Convolution:
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


def sources_of(layer: Layer) -> tuple[str, ...]:
    """Names of the layers that ``layer`` reads."""
    return (layer.first, layer.second) if isinstance(layer, Sum) else (layer.source,)


def run_layer(layer: Layer, values: dict[str, torch.Tensor]) -> torch.Tensor:
    """Output of one layer, given the outputs of those before it."""
    if isinstance(layer, Convolution):
        x = F.conv2d(values[layer.source], layer.weight, layer.bias, layer.stride, layer.padding)
        return F.relu(x) if layer.relu else x
    if isinstance(layer, MaxPool):
        return F.max_pool2d(values[layer.source], 3, 2, 1)
    if isinstance(layer, Sum):
        return F.relu(values[layer.first] + values[layer.second])
    return F.linear(values[layer.source].mean(dim=(2, 3)), layer.weight, layer.bias)


def last_use(plan: list[Layer]) -> dict[str, int]:
    """Index of the last layer that reads each value, so that it can be let go of."""
    return {name: i for i, layer in enumerate(plan) for name in sources_of(layer)}


@torch.no_grad()
def run_plan(plan: list[Layer], x: torch.Tensor) -> dict[str, torch.Tensor]:
    """Logits ``(batch, classes)`` and features ``(batch, channels, h, w)`` of normalised input."""
    values, last = {INPUT: x}, last_use(plan)
    for i, layer in enumerate(plan):
        values[layer.name] = run_layer(layer, values)
        for name in sources_of(layer):
            if last[name] == i and name != FEATURES:
                values.pop(name, None)
    return {name: values[name] for name in (LOGITS, FEATURES)}
