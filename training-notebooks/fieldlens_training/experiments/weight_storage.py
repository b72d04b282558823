"""The methods of storing weights that are compared: what each keeps, and in how many bytes."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass

import numpy as np
import torch

from ..package.export import Options, store
from ..package.packing import pack_shard
from ..quantisation.bit_budget import BITS
from ..quantisation.equalise import equalise
from ..quantisation.fold import Classifier, Convolution, Layer
from ..quantisation.quantise import Quantised, correct_biases, quantise

PALETTE = 16


@dataclass(frozen=True)
class Stored:
    """A tensor as a file would hold it.

    ``values`` are those read back; ``codes`` the integers (or half-precision numbers) that are
    stored, ``bits`` of each; ``side`` the bytes of scales or palettes beside them.
    """

    values: np.ndarray
    codes: np.ndarray
    bits: int
    side: bytes

    def raw(self) -> bytes:
        """The bytes, codes of fewer than eight bits packed tightly."""
        if self.codes.dtype != np.uint8 or self.bits == 8:
            return self.codes.tobytes() + self.side
        planes = np.unpackbits(self.codes.ravel()[:, None], axis=1)[:, 8 - self.bits :]
        return np.packbits(planes).tobytes() + self.side

    def one_a_byte(self) -> bytes:
        """The same with a whole byte a code, which gzip may make smaller."""
        return self.codes.tobytes() + self.side


def _store_float32(weight: np.ndarray) -> Stored:
    return Stored(weight, weight, 32, b"")


def _store_float16(weight: np.ndarray) -> Stored:
    half = weight.astype(np.float16)
    return Stored(half.astype(np.float32), half, 16, b"")


def _store_levels(weight: np.ndarray, bits: int = 8) -> Stored:
    """One range a tensor, ``2 ** bits`` levels."""
    return _stored(quantise(weight, 2**bits - 1), bits)


def _stored(found: Quantised, bits: int = 8) -> Stored:
    side = np.array([found.scale, found.minimum], np.float32).tobytes()
    return Stored(found.values(), found.levels, bits, side)


def _store_channels(weight: np.ndarray) -> Stored:
    """One range an output channel, 256 levels."""
    return _by_channel(weight, _store_levels)


def _store_palette(weight: np.ndarray) -> Stored:
    """Sixteen values a tensor."""
    codes, palette = palette_of(weight.ravel())
    values = palette[codes].reshape(weight.shape)
    return Stored(values, codes.reshape(weight.shape), 4, palette.tobytes())


def _store_palettes(weight: np.ndarray) -> Stored:
    """Sixteen values an output channel."""
    return _by_channel(weight, _store_palette)


def _by_channel(weight: np.ndarray, store: Callable[[np.ndarray], Stored]) -> Stored:
    parts = [store(channel) for channel in weight]
    return Stored(
        np.stack([p.values for p in parts]),
        np.stack([p.codes for p in parts]),
        parts[0].bits,
        b"".join(p.side for p in parts),
    )


def palette_of(values: np.ndarray, size: int = PALETTE, rounds: int = 25) -> tuple:
    """The ``size`` values of least squared error (Lloyd 1957, k-means in one dimension).

    Returns the codes (uint8, the shape of ``values``) and the palette (float32). Starts from
    the quantiles; exact sums of the sorted values make a round cost only ``size`` look-ups.
    """
    ordered = np.sort(values.astype(np.float64))
    sums = np.concatenate([[0.0], np.cumsum(ordered)])
    centres = np.quantile(ordered, (np.arange(size) + 0.5) / size)
    for _ in range(rounds):
        cuts = np.searchsorted(ordered, (centres[1:] + centres[:-1]) / 2)
        edges = np.concatenate([[0], cuts, [len(ordered)]])
        counts = np.diff(edges)
        means = np.diff(sums[edges]) / np.maximum(counts, 1)
        centres = np.where(counts > 0, means, centres)
    palette = centres.astype(np.float32)
    codes = np.searchsorted((palette[1:] + palette[:-1]) / 2, values)
    return codes.astype(np.uint8), palette


EIGHT_BIT = "uint8 per tensor, both"
SHIPPED = f"uint8, {BITS:g} bits after entropy coding (shipped)"


@dataclass(frozen=True)
class Method:
    """How weights are stored, and what is done to the plan before and after."""

    name: str
    store: Callable[[np.ndarray], Stored]
    """One tensor; not asked where ``bits`` are given."""
    equalised: bool = False
    corrected: bool = False
    readable: bool = True
    """Whether TensorFlow.js reads it as it is, or when a shard was inflated."""
    bits: float | None = None
    """Of entropy a weight: the exporter's own method, all tensors together (``export.store``)."""


METHODS = (
    Method("float32", _store_float32),
    Method("float16", _store_float16),
    Method("uint8 per tensor", _store_levels),
    Method("uint8 per tensor, equalised", _store_levels, equalised=True),
    Method("uint8 per tensor, biases corrected", _store_levels, corrected=True),
    Method(EIGHT_BIT, _store_levels, equalised=True, corrected=True),
    Method(SHIPPED, _store_levels, equalised=True, corrected=True, bits=BITS),
    Method("uint8 per channel, biases corrected", _store_channels, corrected=True, readable=False),
    Method(
        "6 bits per tensor, both",
        lambda w: _store_levels(w, 6),
        equalised=True,
        corrected=True,
        readable=False,
    ),
    Method("4 bits, palette per tensor", _store_palette, corrected=True, readable=False),
    Method("4 bits, palette per channel", _store_palettes, corrected=True, readable=False),
)


def store_plan(
    plan: list[Layer], method: Method, x: torch.Tensor
) -> tuple[list[Layer], dict[str, Stored]]:
    """Store every weight of a copy of ``plan`` in this method.

    ``x`` are normalised training images for the correction of the biases. Returns the plan as
    it is read back, and what is stored by layer name; biases stay float32.
    """
    exact = [copy(layer) for layer in plan]
    if method.equalised:
        equalise(exact)
    if method.bits is not None:
        coarse, levels = store(exact, x, Options(bits=method.bits, correct_biases=method.corrected))
        return coarse, {name: _stored(found) for name, found in levels.items()}
    coarse, stored = [copy(layer) for layer in exact], {}
    for layer in coarse:
        if isinstance(layer, Convolution | Classifier):
            stored[layer.name] = method.store(layer.weight.numpy())
            layer.weight = torch.from_numpy(stored[layer.name].values)
    if method.corrected:
        correct_biases(exact, coarse, x)
    return coarse, stored


def bytes_of(plan: list[Layer], stored: dict[str, Stored]) -> tuple[int, int]:
    """Bytes of all weights and biases, raw and packed.

    Packed is the smallest of gzip on either form of the codes and the package's own packing,
    which looks for no repetitions.
    """
    weighted = [p for p in plan if isinstance(p, Convolution | Classifier)]
    biases = b"".join(p.bias.numpy().tobytes() for p in weighted if p.name in stored)
    raw = b"".join(s.raw() for s in stored.values()) + biases
    loose = b"".join(s.one_a_byte() for s in stored.values()) + biases
    zipped = [len(gzip.compress(form, 6)) for form in (raw, loose)]
    return len(raw), min(*zipped, len(pack_shard(loose)))
