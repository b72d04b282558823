"""The networks that the field's tutorials compare, for small grey images.

Each takes ``(batch, channels, height, width)``, normalised, of any size from 32 px, and gives
logits ``(batch, classes)``. The residual networks of one design (34, 50, 50V2) have their
last stage at stride 16, as what ships has; the classic ones end in an adaptive pooling
instead of the 7 x 7 (VGG16) or 6 x 6 (AlexNet) map that 224 px would give.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import torch
from monai.networks.nets import DenseNet201
from torch import nn

from .network import build_network


@dataclass(frozen=True)
class Candidate:
    """A network by name: how it is built and the peak of its learning rate.

    The two classic ones, with their wide dense layers, get the smaller rate.
    """

    name: str
    build: Callable[[int, int], nn.Module]
    peak_rate: float = 1e-3


def small_cnn(channels: int, classes: int) -> nn.Module:
    """Four convolutions and two dense layers, about 0.5 million parameters."""
    layers: list[nn.Module] = []
    widths = (channels, 32, 64, 128, 256)
    for before, after in pairwise(widths):
        layers += [nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after)]
        layers += [nn.ReLU(inplace=True), nn.MaxPool2d(2)]
    head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(256, 512), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers, *head, nn.Dropout(0.3), nn.Linear(512, classes))


def vgg16(channels: int, classes: int) -> nn.Module:
    """VGG16 with BatchNorm (Simonyan and Zisserman 2015; without it, it hardly starts)."""
    layers: list[nn.Module] = []
    before = channels
    for width, depth in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(depth):
            layers += [nn.Conv2d(before, width, 3, padding=1), nn.BatchNorm2d(width)]
            layers += [nn.ReLU(inplace=True)]
            before = width
        layers += [nn.MaxPool2d(2, ceil_mode=True)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(2), *_dense(512 * 4, 4096, classes))


def alexnet(channels: int, classes: int) -> nn.Module:
    """AlexNet (Krizhevsky 2014, one tower), its first stride 2 instead of 4."""
    relu = nn.ReLU(inplace=True)
    layers = [
        *(nn.Conv2d(channels, 64, 11, stride=2, padding=5), relu, nn.MaxPool2d(3, 2, 1)),
        *(nn.Conv2d(64, 192, 5, padding=2), relu, nn.MaxPool2d(3, 2, 1)),
        *(nn.Conv2d(192, 384, 3, padding=1), relu),
        *(nn.Conv2d(384, 256, 3, padding=1), relu),
        *(nn.Conv2d(256, 256, 3, padding=1), relu, nn.MaxPool2d(3, 2, 1)),
    ]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(3), *_dense(256 * 9, 4096, classes))


def _dense(features: int, width: int, classes: int) -> list[nn.Module]:
    layers: list[nn.Module] = [nn.Flatten()]
    for before in (features, width):
        layers += [nn.Linear(before, width), nn.ReLU(inplace=True), nn.Dropout(0.5)]
    return [*layers, nn.Linear(width, classes)]


class PreActivation(nn.Module):
    """Bottleneck with BatchNorm and ReLU before each convolution (He et al. 2016b)."""

    def __init__(self, before: int, width: int, stride: int) -> None:
        super().__init__()
        after = 4 * width
        self.norm = nn.Sequential(nn.BatchNorm2d(before), nn.ReLU(inplace=True))
        self.body = nn.Sequential(
            nn.Conv2d(before, width, 1, bias=False),
            *(nn.BatchNorm2d(width), nn.ReLU(inplace=True)),
            nn.Conv2d(width, width, 3, stride=stride, padding=1, bias=False),
            *(nn.BatchNorm2d(width), nn.ReLU(inplace=True)),
            nn.Conv2d(width, after, 1, bias=False),
        )
        changes = stride > 1 or before != after
        self.shortcut = nn.Conv2d(before, after, 1, stride=stride, bias=False) if changes else None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.norm(x)
        return self.body(y) + (x if self.shortcut is None else self.shortcut(y))


def resnet50v2(channels: int, classes: int) -> nn.Module:
    """ResNet50V2: pre-activation bottlenecks, 3-4-6-3, last stage at stride 16."""
    stem = [nn.Conv2d(channels, 64, 7, stride=2, padding=3), nn.MaxPool2d(3, 2, 1)]
    blocks: list[nn.Module] = []
    before = 64
    for width, depth, stride in ((64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 1)):
        for number in range(depth):
            blocks.append(PreActivation(before, width, stride if number == 0 else 1))
            before = 4 * width
    head = [nn.BatchNorm2d(before), nn.ReLU(inplace=True), nn.AdaptiveAvgPool2d(1), nn.Flatten()]
    return nn.Sequential(*stem, *blocks, *head, nn.Linear(before, classes))


def densenet201(channels: int, classes: int) -> nn.Module:
    """MONAI's DenseNet201 (Huang et al. 2017)."""
    return DenseNet201(spatial_dims=2, in_channels=channels, out_channels=classes)


def _residual(architecture: str) -> Callable[[int, int], nn.Module]:
    """The network that ships, without MixStyle, which belongs to its recipe."""
    return lambda channels, classes: build_network(architecture, channels, classes, mix_style=False)


CANDIDATES = {
    candidate.name: candidate
    for candidate in (
        Candidate("small CNN", small_cnn),
        Candidate("AlexNet", alexnet, 3e-4),
        Candidate("VGG16", vgg16, 3e-4),
        Candidate("DenseNet201", densenet201),
        Candidate("ResNet34", _residual("resnet34")),
        Candidate("ResNet50", _residual("resnet50")),
        Candidate("ResNet50V2", resnet50v2),
    )
}
"""The seven networks of the comparison, by name."""
