"""What each way to store the weights costs: bytes, AUC, decisions, logits.

``python -m fieldlens_training quantisation pneumonia-resnet34 --data DATA --size 144``; the
notebook 07 shows it. Everything is measured on the validation images, on the processor, with
the weights as they are read back in float32.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from . import metrics
from .assess import PlanNetwork, assess
from .budget import BITS
from .calibration import probability
from .data import load_all
from .equalise import equalise
from .export import Options, store
from .fold import Classifier, Convolution, Layer, fold
from .graph_model import GraphModel, PackageError
from .package import read_manifest
from .packing import pack_shard
from .quantise import Quantised, correct_biases, quantise
from .recipes import RECIPES
from .reference_images import pack
from .shipping import CALIBRATION_IMAGES, default_checkpoint, load_checkpoint, some_images
from .tables import markdown_table
from .tasks import task_of
from .training import load_split, predict, score, to_values

REPOSITORY = Path(__file__).resolve().parents[2]
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
class Way:
    """How weights are stored, and what is done to the plan before and after."""

    name: str
    store: Callable[[np.ndarray], Stored]
    """One tensor; not asked where ``bits`` are given."""
    equalised: bool = False
    corrected: bool = False
    readable: bool = True
    """Whether TensorFlow.js reads it as it is, or when a shard was inflated."""
    bits: float | None = None
    """Of entropy a weight: the exporter's own way, all tensors together (``export.store``)."""


WAYS = (
    Way("float32", _store_float32),
    Way("float16", _store_float16),
    Way("uint8 per tensor", _store_levels),
    Way("uint8 per tensor, equalised", _store_levels, equalised=True),
    Way("uint8 per tensor, biases corrected", _store_levels, corrected=True),
    Way(EIGHT_BIT, _store_levels, equalised=True, corrected=True),
    Way(SHIPPED, _store_levels, equalised=True, corrected=True, bits=BITS),
    Way("uint8 per channel, biases corrected", _store_channels, corrected=True, readable=False),
    Way(
        "6 bits per tensor, both",
        lambda w: _store_levels(w, 6),
        equalised=True,
        corrected=True,
        readable=False,
    ),
    Way("4 bits, palette per tensor", _store_palette, corrected=True, readable=False),
    Way("4 bits, palette per channel", _store_palettes, corrected=True, readable=False),
)


def store_plan(
    plan: list[Layer], way: Way, x: torch.Tensor
) -> tuple[list[Layer], dict[str, Stored]]:
    """Store every weight of a copy of ``plan`` in this way.

    ``x`` are normalised training images for the correction of the biases. Returns the plan as
    it is read back, and what is stored by layer name; biases stay float32.
    """
    exact = [copy(layer) for layer in plan]
    if way.equalised:
        equalise(exact)
    if way.bits is not None:
        coarse, levels = store(exact, x, Options(bits=way.bits, correct_biases=way.corrected))
        return coarse, {name: _stored(found) for name, found in levels.items()}
    coarse, stored = [copy(layer) for layer in exact], {}
    for layer in coarse:
        if isinstance(layer, Convolution | Classifier):
            stored[layer.name] = way.store(layer.weight.numpy())
            layer.weight = torch.from_numpy(stored[layer.name].values)
    if way.corrected:
        correct_biases(exact, coarse, x)
    return coarse, stored


def bytes_of(plan: list[Layer], stored: dict[str, Stored]) -> tuple[int, int]:
    """Bytes of all weights and biases, raw and packed.

    Packed is the smallest of gzip on either form of the codes and the package's own packing,
    which looks for no repetitions.
    """
    biases = b"".join(p.bias.numpy().tobytes() for p in plan if p.name in stored)
    raw = b"".join(s.raw() for s in stored.values()) + biases
    loose = b"".join(s.one_a_byte() for s in stored.values()) + biases
    zipped = [len(gzip.compress(form, 6)) for form in (raw, loose)]
    return len(raw), min(*zipped, len(pack_shard(loose)))


def study(
    recipe_name: str,
    data: Path,
    checkpoint: Path,
    size: int,
    ways: Sequence[Way] = WAYS,
    say: Callable[[str], None] = lambda _: None,
) -> list[dict]:
    """One row a way: bytes, AUC, largest and rms change, decisions changed at each point.

    The operating points are those that the float32 network would get.
    """
    recipe = RECIPES[recipe_name]
    task = task_of(recipe.task)
    trained = load_checkpoint(checkpoint, recipe)
    training, validation = load_split(recipe, data)
    labels = np.array([item.label for item in validation])
    pixels = load_all(validation, size, task.channels)
    images = some_images(training, size, task, CALIBRATION_IMAGES)
    x = task.normalise(to_values(torch.from_numpy(images)))
    plan = fold(trained.net)
    found = assess(plan, pixels, labels, [item.patient for item in validation], task)
    exact = predict(PlanNetwork(plan), pixels, task, autocast=False)

    def calls(logits: np.ndarray) -> dict[str, np.ndarray]:
        scores = probability(score(logits), found.temperature, found.bias)
        return {name: scores >= t for name, t in found.thresholds().items()}

    expected, rows = calls(exact), []
    for way in ways:
        coarse, stored = store_plan(plan, way, x)
        logits = predict(PlanNetwork(coarse), pixels, task, autocast=False)
        raw, zipped = bytes_of(coarse, stored)
        change = logits - exact
        row = {
            "way": way.name,
            "read by TensorFlow.js": "yes" if way.readable else "no",
            "MB": f"{raw / 1e6:.2f}",
            "MB packed": f"{zipped / 1e6:.2f}",
            "AUC": metrics.auc(labels, score(logits)),
            "largest change of a logit": float(np.abs(change).max()),
            "rms change of the log-odds": float(np.sqrt(np.square(score(change)).mean())),
        }
        changed = calls(logits)
        for name, before in expected.items():
            row[f"decisions changed: {name}"] = int((changed[name] != before).sum())
        rows.append(row)
        say(json.dumps(row))
    return rows


def choice_text(rows: list[dict]) -> str:
    """What the study says of the way that ships, beside float32 and the ways not taken."""
    by_way = {row["way"]: row for row in rows}
    shipped, exact = by_way[SHIPPED], by_way["float32"]
    changed = sum(v for k, v in shipped.items() if k.startswith("decisions changed"))
    key = "rms change of the log-odds"
    lines = [
        f"- **{SHIPPED}**: {shipped['MB packed']} MB packed where float32 is "
        f"{exact['MB packed']} MB; AUC {shipped['AUC'] - exact['AUC']:+.4f}, no logit changes "
        f"by more than {shipped['largest change of a logit']:.4f}, and {changed} decisions "
        "change, those at all operating points counted together."
    ]
    for row in rows:
        if row["way"] in (SHIPPED, "float32"):
            continue
        more = float(row["MB packed"]) - float(shipped["MB packed"])
        times = row[key] / max(shipped[key], 1e-12)
        changed = sum(v for k, v in row.items() if k.startswith("decisions changed"))
        lines.append(
            f"- {row['way']}: {abs(more):.2f} MB {'more' if more >= 0 else 'less'}, "
            f"{times:.2g} times its change of the log-odds, {changed} decisions change."
        )
    return "\n".join(lines)


def ask_tensorflow_js(
    folder: Path, pixels: np.ndarray | None = None, backend: str = "wasm"
) -> np.ndarray:
    """Logits that stock TensorFlow.js computes from the package in ``folder``, ``(n, classes)``.

    Of uint8 images ``(n, h, w[, channels])`` of the package's size, or of its reference
    vectors. Raises ``PackageError`` where Node or the packages of ``npm ci`` are missing.
    """
    node = shutil.which("node")
    if node is None or not (REPOSITORY / "node_modules" / "@tensorflow").exists():
        raise PackageError("TensorFlow.js is not here: install Node and run npm ci first")
    command = [node, "tools/open-package.mjs", "--package", str(folder.resolve())]
    command += ["--backend", backend]
    with tempfile.TemporaryDirectory() as scratch:
        if pixels is not None:
            images = [{"name": str(i), "pixels": pack(image)} for i, image in enumerate(pixels)]
            path = Path(scratch) / "images.json"
            path.write_text(json.dumps(images))
            command += ["--images", str(path)]
        run = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if run.returncode:
        said = run.stderr.strip()[-300:]
        raise PackageError(f"{folder}: TensorFlow.js could not open it: {said}")
    return np.array([image["logits"] for image in json.loads(run.stdout)["images"]])


def compare_engines(folder: Path, pixels: np.ndarray) -> list[dict]:
    """How far TensorFlow.js is from the package's own arithmetic in PyTorch, by backend.

    On the reference vectors (as the manifest has them) and on ``pixels``.
    """
    manifest = read_manifest(folder)
    rule = manifest["input"]
    expected = np.array([vector["logits"] for vector in manifest["referenceVectors"]])
    values = pixels.reshape(len(pixels), rule["height"], rule["width"], rule["channels"]) / 255
    x = ((values - rule["mean"]) / rule["std"]).astype(np.float32)
    logits = GraphModel(folder).run(x)["logits"]
    rows = []
    for backend in ("wasm", "cpu"):
        vectors = np.abs(ask_tensorflow_js(folder, None, backend) - expected)
        images = np.abs(ask_tensorflow_js(folder, pixels, backend) - logits)
        row = {
            "backend": backend,
            "largest difference, reference vectors": f"{vectors.max():.6f}",
            "images": len(pixels),
            "largest difference, images": f"{images.max():.6f}",
        }
        rows.append(row)
    return rows


def tensor_rows(plan: list[Layer], most: int = 5) -> list[dict]:
    """The tensors that one range serves worst: how uneven their channels are."""
    rows = []
    for layer in plan:
        if isinstance(layer, Convolution):
            largest = layer.weight.abs().amax((1, 2, 3)).numpy()
            median = max(float(np.median(largest)), 1e-12)
            row = {
                "layer": layer.name,
                "channels": len(largest),
                "largest weight over the median channel's": float(largest.max() / median),
                "bits left to the median channel": 8 - math.log2(max(1, largest.max() / median)),
            }
            rows.append(row)
    key = "largest weight over the median channel's"
    return sorted(rows, key=lambda row: -row[key])[:most]


def add_commands(commands: argparse._SubParsersAction) -> None:
    """Register ``quantisation``."""
    command = commands.add_parser("quantisation", help="what each way to store weights costs")
    command.set_defaults(run=_quantisation)
    command.add_argument("recipe", choices=sorted(RECIPES))
    command.add_argument("--data", type=Path, required=True, help="folder that holds train/")
    command.add_argument("--runs", type=Path, default=Path("runs"), help="checkpoints")
    command.add_argument("--checkpoint", type=Path, help="default: the run's last.pt")
    command.add_argument("--size", type=int, default=128, help="input side in pixels")


def _quantisation(options: argparse.Namespace) -> int:
    checkpoint = options.checkpoint or default_checkpoint(RECIPES[options.recipe], options.runs)
    rows = study(options.recipe, options.data, checkpoint, options.size)
    print(markdown_table(rows))
    return 0
