"""Explores a data set before training: counts, sizes, patients, duplicates.

Duplicates are searched within and across the parts (training, validation, test). Equal
decoded pixels are exact duplicates. Near ones (saved again, at another size or quality) are
found in two steps: a perceptual hash of the low frequencies names the candidates, and the
likeness of the small images decides, because to the hash alone all round cells are the same.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps
from scipy.fft import dctn

from ..data.images import DataError, Item, load_all, to_grey
from ..data.tasks import Task, task_of
from ..training.recipes import Recipe, load_split
from .plots import show_images

THUMBNAIL = 32
"""Side in pixels of the grey image that hash and likeness are computed from."""
MOST_BITS = 10
"""Hashes (64 bits) that differ in more are not looked at further."""
NEAR = 0.99
"""Correlation of two thumbnails from which on they count as near duplicates."""
ALIKE = 0.97
"""The same from which on a pair is kept at all, so that a reader sees where the line lies."""

ATTRIBUTION = {
    "chest-xray-pneumonia": "Kermany D, Zhang K, Goldbaum M (2018), Mendeley Data, "
    "doi:10.17632/rscbjbr9sj.2, CC BY 4.0",
    "malaria-cell": "US National Library of Medicine, public domain; Rajaraman S et al. (2018), "
    "PeerJ 6:e4568",
}
"""Whose images are shown, by task."""


def parts_of(recipe: Recipe, data: Path) -> dict[str, list[Item]]:
    """Training and validation as the recipe splits them, and test, from ``data``."""
    training, validation = load_split(recipe, data)
    test = task_of(recipe.task).list(data, "test")
    return {"training": training, "validation": validation, "test": test}


def count_rows(task: Task, parts: dict[str, list[Item]]) -> list[dict]:
    """Images, their share of the part and patients, by part and class."""
    rows = []
    for part, items in parts.items():
        for label, name in enumerate(task.folders):
            chosen = [item for item in items if item.label == label]
            row = {
                "part": part,
                "class": name,
                "images": len(chosen),
                "share": f"{len(chosen) / max(1, len(items)):.1%}",
                "patients": len({item.patient for item in chosen}),
                "MB on disk": f"{sum(i.path.stat().st_size for i in chosen) / 1e6:.1f}",
            }
            rows.append(row)
    return rows


def patient_rows(parts: dict[str, list[Item]]) -> list[dict]:
    """How many images a patient has, by part: smallest, median, largest."""
    rows = []
    for part, items in parts.items():
        counts = list(Counter(item.patient for item in items).values())
        both = {i.patient for i in items if i.label} & {i.patient for i in items if not i.label}
        row = {
            "part": part,
            "patients": len(counts),
            "fewest images": min(counts),
            "median": int(np.median(counts)),
            "most images": max(counts),
            "patients in both classes": len(both),
        }
        rows.append(row)
    return rows


def shared_patients(parts: dict[str, list[Item]]) -> list[dict]:
    """Patients whose name stands in two parts, for every pair of parts."""
    names = list(parts)
    who = {name: {item.patient for item in parts[name]} for name in names}
    return [
        {"parts": f"{a} and {b}", "patients in both": len(who[a] & who[b])}
        for i, a in enumerate(names)
        for b in names[i + 1 :]
    ]


@dataclass
class Prints:
    """What was kept of n images that were decoded once; ``hashes`` are 64 bits each."""

    items: list[Item]
    parts: list[str]
    sizes: np.ndarray
    modes: list[str]
    digests: list[str]
    hashes: np.ndarray
    thumbnails: np.ndarray


def take_prints(parts: dict[str, list[Item]]) -> Prints:
    """Decode every image once (about a minute for 27,000 small ones on one core)."""
    items = [item for part in parts.values() for item in part]
    names = [name for name, part in parts.items() for _ in part]
    sizes, modes, digests, hashes, thumbnails = [], [], [], [], []
    for item in items:
        image = _decode(item.path)
        sizes.append(image.size)
        modes.append(image.mode)
        digests.append(_digest(image))
        thumbnails.append(_thumbnail(image))
        hashes.append(perceptual_hash(thumbnails[-1]))
    return Prints(
        items,
        names,
        np.array(sizes),
        modes,
        digests,
        np.array(hashes, dtype=np.uint64),
        np.stack(thumbnails),
    )


def _decode(path: Path) -> Image.Image:
    try:
        with Image.open(path) as image:
            image.load()
            return ImageOps.exif_transpose(image)
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: cannot be read as an image ({error})") from error


def _digest(image: Image.Image) -> str:
    """sha256 of the size and of the decoded pixels; grey stored as colour counts as grey."""
    if image.mode == "RGB":
        pixels = np.asarray(image)
        if (pixels == pixels[..., :1]).all():
            image = image.getchannel(0)
    return hashlib.sha256(f"{image.mode} {image.size}".encode() + image.tobytes()).hexdigest()


def _thumbnail(image: Image.Image) -> np.ndarray:
    small = to_grey(image).resize((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS)
    return np.asarray(small)


def perceptual_hash(thumbnail: np.ndarray) -> int:
    """64 bits: which of the 8 x 8 lowest frequencies lie above their median.

    As ``phash`` of the ImageHash package; first frequency in the highest bit.
    """
    low = np.asarray(dctn(thumbnail.astype(np.float64), type=2))[:8, :8]
    bits = (low > np.median(low)).ravel()
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


@dataclass(frozen=True)
class Pair:
    """Two images (indices into the prints) that are the same, nearly so, or much alike."""

    first: int
    second: int
    exact: bool
    bits: int
    likeness: float

    @property
    def kind(self) -> str:
        """``exact``, ``near`` or ``alike`` (two different images)."""
        return "exact" if self.exact else "near" if self.likeness >= NEAR else "alike"


def find_pairs(prints: Prints, rows: int = 256) -> list[Pair]:
    """Every pair that is at least much alike, exact first, then by falling likeness."""
    flat = prints.thumbnails.reshape(len(prints.items), -1).astype(np.float32)
    flat -= flat.mean(axis=1, keepdims=True)
    flat /= np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6)
    pairs = []
    for i, j, bits in _candidates(prints.hashes, rows):
        likeness = np.einsum("nd,nd->n", flat[i], flat[j])
        for k in np.flatnonzero(likeness >= ALIKE):
            a, b = int(i[k]), int(j[k])
            exact = prints.digests[a] == prints.digests[b]
            pairs.append(Pair(a, b, exact, int(bits[k]), float(likeness[k])))
    return sorted(pairs, key=lambda p: (not p.exact, -p.likeness, p.first, p.second))


def _candidates(
    hashes: np.ndarray, rows: int
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Index pairs ``first < second`` of near hashes and their distance in bits, in parts."""
    for start in range(0, len(hashes), rows):
        distance = np.bitwise_count(hashes[start : start + rows, None] ^ hashes[None, start:])
        i, j = np.nonzero(distance <= MOST_BITS)
        later = j > i
        i, j = i[later], j[later]
        yield i + start, j + start, distance[i, j]


def pair_rows(prints: Prints, pairs: Sequence[Pair]) -> list[dict]:
    """Pairs by the parts that they lie in: how many, of which of one patient or two labels."""
    names = list(dict.fromkeys(prints.parts))
    groups: dict[tuple[str, str], list[Pair]] = {
        (a, b): [] for i, a in enumerate(names) for b in names[i:]
    }
    for pair in pairs:
        parts = (prints.parts[pair.first], prints.parts[pair.second])
        first, second = sorted(parts, key=names.index)
        groups[first, second].append(pair)
    rows = []
    for (a, b), found in groups.items():
        same = [(prints.items[p.first], prints.items[p.second]) for p in found if p.kind != "alike"]
        row = {
            "where": f"within {a}" if a == b else f"{a} and {b}",
            "exact": sum(p.kind == "exact" for p in found),
            "near": sum(p.kind == "near" for p in found),
            "of one patient": sum(one.patient == two.patient for one, two in same),
            "with two labels": sum(one.label != two.label for one, two in same),
            "only alike": sum(p.kind == "alike" for p in found),
        }
        rows.append(row)
    return rows


def size_rows(prints: Prints) -> list[dict]:
    """Smallest, median and largest side, and the kinds of pixels, by part."""
    rows = []
    for part in dict.fromkeys(prints.parts):
        chosen = [i for i, name in enumerate(prints.parts) if name == part]
        sides = prints.sizes[chosen]
        modes = Counter(prints.modes[i] for i in chosen)
        row = {"part": part}
        for name, column in (("width", 0), ("height", 1)):
            low, middle, high = np.percentile(sides[:, column], [0, 50, 100]).astype(int)
            row[f"{name}: least, median, most"] = f"{low}, {middle}, {high}"
        row["pixels"] = ", ".join(f"{mode} {count}" for mode, count in modes.most_common())
        rows.append(row)
    return rows


def draw_items(items: Sequence[Item], each: int, seed: int = 4) -> list[Item]:
    """``each`` items of every class, drawn at random, class by class."""
    rng = np.random.default_rng(seed)
    drawn = []
    for label in sorted({item.label for item in items}):
        chosen = [item for item in items if item.label == label]
        picks = rng.choice(len(chosen), min(each, len(chosen)), replace=False)
        drawn += [chosen[i] for i in picks]
    return drawn


def show_pairs(prints: Prints, pairs: Sequence[Pair], most: int = 6) -> None:
    """Show the first pairs side by side, with their parts, patients and likeness."""
    shown = pairs[:most]
    if not shown:
        print("none")
        return
    both = [i for pair in shown for i in (pair.first, pair.second)]
    titles = [f"{prints.parts[i]}\n{prints.items[i].path.stem[:22]}" for i in both]
    for place, pair in enumerate(shown):
        titles[2 * place] += f"\n{pair.kind}, {pair.likeness:.3f}"
    show_images(pictures([prints.items[i] for i in both]), titles)


def as_the_network_sees(
    recipe: Recipe, items: Sequence[Item], size: int, strength: float = 1.0, seed: int = 3
) -> list[np.ndarray]:
    """The items after the training-time changes: presized, changed once, cut to ``size``.

    Returns values in 0..1, ``(size, size)`` or ``(size, size, 3)``.
    """
    task = task_of(recipe.task)
    pixels = load_all(items, round(size * recipe.presize), task.channels)
    g = torch.Generator().manual_seed(seed)
    changed = task.augment(torch.from_numpy(pixels), size, g, strength)
    return list(changed.permute(0, 2, 3, 1).squeeze(-1).numpy())


def pictures(items: Sequence[Item]) -> list[np.ndarray]:
    """The images as they are on disk, uint8 ``(height, width[, 3])``."""
    return [np.asarray(_decode(item.path)) for item in items]
