"""Cross-layer equalisation: rescales channels so that one 8-bit range a tensor is enough.

Nagel et al. 2019, "Data-Free Quantization Through Weight Equalization and Bias Correction".
Convolution, addition, maximum and ReLU are positively homogeneous: when everything that
writes a channel is divided by s > 0 and everything that reads it is multiplied by s, the
network's logits stay the same. Beside the pairs inside a block this also rescales the
residual streams, whose channels have several writers and readers.
"""

from __future__ import annotations

import torch

from .fold import INPUT, Classifier, Convolution, Layer, MaxPool, Sum

LARGEST_SCALE = 16.0
"""Bound on a channel's scale (and its inverse), for the sake of half-precision backends."""


def equalise(plan: list[Layer], sweeps: int = 30) -> None:
    """Rescale the plan's channels in place; logits and CAM stay what they were."""
    streams = _streams(plan)
    total = {name: torch.ones(_width(writers)) for name, (writers, _) in streams.items()}
    for _ in range(sweeps):
        for name, (writers, readers) in streams.items():
            written = torch.stack([_share(w.weight, 0) for w in writers]).amax(0)
            read = torch.stack([_share(r.weight, 1) for r in readers]).amax(0)
            scale = (written / read.clamp_min(1e-12)).clamp_min(1e-12).sqrt()
            scale = scale / scale.log().mean().exp()
            wanted = (total[name] * scale).clamp(1 / LARGEST_SCALE, LARGEST_SCALE)
            scale, total[name] = wanted / total[name], wanted
            for writer in writers:
                writer.weight = writer.weight / scale.view(-1, 1, 1, 1)
                writer.bias = writer.bias / scale
            for reader in readers:
                shape = (1, -1, 1, 1) if isinstance(reader, Convolution) else (1, -1)
                reader.weight = reader.weight * scale.view(shape)


def _width(writers: list[Convolution]) -> int:
    return len(writers[0].bias)


def _share(weight: torch.Tensor, dimension: int) -> torch.Tensor:
    """Largest weight of each channel over the largest of the tensor."""
    size = weight.abs()
    others = tuple(d for d in range(size.ndim) if d != dimension)
    return (size.amax(others) / size.max().clamp_min(1e-12)).clamp_min(1e-6)


def _streams(
    plan: list[Layer],
) -> dict[str, tuple[list[Convolution], list[Convolution | Classifier]]]:
    """Writers and readers of each set of values whose channels must share their scales."""
    stream: dict[str, str] = {}
    for layer in plan:
        if isinstance(layer, Convolution):
            stream[layer.name] = layer.name
        elif isinstance(layer, MaxPool):
            stream[layer.name] = stream[layer.source]
        elif isinstance(layer, Sum):
            kept, merged = stream[layer.second], stream[layer.first]
            stream = {k: kept if v == merged else v for k, v in stream.items()}
            stream[layer.name] = kept
    out: dict[str, tuple[list, list]] = {name: ([], []) for name in set(stream.values())}
    for layer in plan:
        if isinstance(layer, Convolution):
            out[stream[layer.name]][0].append(layer)
        if isinstance(layer, Convolution | Classifier) and layer.source != INPUT:
            out[stream[layer.source]][1].append(layer)
    return dict(sorted(out.items()))
