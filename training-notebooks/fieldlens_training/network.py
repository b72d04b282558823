"""The networks: MONAI's residual networks with a finer last feature map."""

from __future__ import annotations

import torch
from monai.networks.nets import resnet34, resnet50
from torch import nn

ARCHITECTURES = {"resnet34": resnet34, "resnet50": resnet50}


class MixStyle(nn.Module):
    """Mixes feature statistics between the images of a batch while training.

    Zhou et al. 2021, "Domain Generalization with MixStyle" (random shuffle, alpha 0.1).
    Acts on ``(batch, channels, height, width)``; the identity outside training.
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


def build_network(
    architecture: str, channels: int, classes: int = 2, mix_style: bool = True
) -> nn.Module:
    """Build a network whose last stage keeps its input's resolution (stride 16 in all).

    Input ``(batch, channels, height, width)``, normalised; output logits
    ``(batch, classes)``. The finer last map makes the CAM grid height / 16 by width / 16.
    """
    net = ARCHITECTURES[architecture](
        spatial_dims=2,
        n_input_channels=channels,
        num_classes=classes,
        conv1_t_stride=2,
        shortcut_type="B",
        bias_downsample=False,
    )
    first = net.layer4[0]
    for conv in [m for m in first.modules() if isinstance(m, nn.Conv2d) and m.stride == (2, 2)]:
        conv.stride = (1, 1)
    if mix_style:
        net.layer1 = nn.Sequential(*net.layer1, MixStyle())
        net.layer2 = nn.Sequential(*net.layer2, MixStyle())
    return net
