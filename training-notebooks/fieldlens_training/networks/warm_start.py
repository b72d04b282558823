"""Begins a network with the weights of a package, as far as its layers are the same.

A package holds convolutions with BatchNorm folded in. To train on, each gets a BatchNorm again
whose statistics are measured on some images, with gain and bias such that nothing changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import nn


def convolutions(net: nn.Module) -> dict[str, tuple[nn.Conv2d, nn.BatchNorm2d]]:
    """A MONAI residual network's convolutions with their norms, by their names in a package."""
    resnet: Any = net  # its parts are not declared in a way that a type checker sees
    found = {"stem": (resnet.conv1, resnet.bn1)}
    for stage, layer in enumerate((resnet.layer1, resnet.layer2, resnet.layer3, resnet.layer4), 1):
        blocks = [module for module in layer if hasattr(module, "conv1")]
        for number, block in enumerate(blocks, 1):
            name = f"stage{stage}_block{number}"
            for i in range(1, 4 if hasattr(block, "conv3") else 3):
                pair = getattr(block, f"conv{i}"), getattr(block, f"bn{i}")
                found[f"{name}_conv{i}"] = pair
            if block.downsample is not None:
                found[f"{name}_shortcut"] = tuple(block.downsample)
    return found


@torch.no_grad()
def start_from_weights(
    net: nn.Module, weights: Mapping[str, np.ndarray], images: torch.Tensor, head: bool = False
) -> None:
    """Load a package's convolutions into ``net`` and measure its norms on ``images``.

    ``weights`` by their names in the package (``GraphModel.weights``), ``images`` normalised,
    ``(batch, channels, height, width)``. The last layer is left unless ``head`` asks for it.
    """
    pairs = convolutions(net)
    for name, (conv, norm) in pairs.items():
        conv.weight.copy_(torch.tensor(weights[f"{name}/weight"]).permute(3, 2, 0, 1))
        assert norm.running_mean is not None and norm.running_var is not None
        norm.running_mean.zero_()
        norm.running_var.fill_(1 - norm.eps)
        norm.weight.fill_(1)
        norm.bias.copy_(torch.tensor(weights[f"{name}/bias"]))
    if head:
        assert isinstance(net.fc, nn.Linear)
        net.fc.weight.copy_(torch.tensor(weights["logits/weight"]).T)
        net.fc.bias.copy_(torch.tensor(weights["logits/bias"]))
    measured: dict[Any, tuple[torch.Tensor, torch.Tensor]] = {}

    def measure(norm: nn.Module, inputs: tuple[torch.Tensor]) -> None:
        variance, mean = torch.var_mean(inputs[0].float(), dim=(0, 2, 3))
        measured[norm] = mean, variance

    hooks = [norm.register_forward_pre_hook(measure) for _, norm in pairs.values()]
    net.eval()
    net(images)
    for hook in hooks:
        hook.remove()
    for norm, (mean, variance) in measured.items():
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
        norm.weight.copy_((variance + norm.eps).sqrt())
        norm.bias.add_(mean)
