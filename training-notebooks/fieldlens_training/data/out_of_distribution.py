"""Out-of-distribution images: pictures not of a task's kind, to measure what a model does.

Each set is uint8 as ``images.load_all`` gives it. Most are made from a seed, so that anyone
gets the same; the rest are other data sets, and the small DICOM files that pydicom carries.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from .images import IMAGE_SUFFIXES, load_all, to_grey
from .tasks import CHEST, MALARIA, Task

COUNT = 200
"""Pictures of a set, where there are as many."""

OTHER_TASK = {CHEST.id: (MALARIA, "malaria"), MALARIA.id: (CHEST, "chest_xray")}
OTHER_KIND = {CHEST.id: "blood-cells", MALARIA.id: "chest-xrays"}


def out_of_distribution_sets(
    task: Task, pixels: np.ndarray, shared: Path, size: int, seed: int = 5
) -> dict[str, np.ndarray]:
    """The sets by their ids in the manifest; ``pixels`` are the task's own validation images.

    ``shared`` is the folder that holds ``chest_xray/``, ``malaria/`` and ``blood_fields/``.
    """
    rng = np.random.default_rng(seed)
    other, folder = OTHER_TASK[task.id]
    items = other.list(shared / folder, "train")
    chosen = rng.choice(len(items), min(COUNT, len(items)), replace=False)
    own = pixels[rng.choice(len(pixels), min(COUNT, len(pixels)), replace=False)]
    channels = task.channels
    sets = {
        OTHER_KIND[task.id]: load_all([items[i] for i in sorted(chosen)], size, channels),
        "noise": _many(_noise, size, channels, rng),
        "patterns": _many(_pattern, size, channels, rng),
        "photographs": _many(_photograph, size, channels, rng),
        "text-pages": _many(_page, size, channels, rng),
        "other-dicom": other_scans(size, channels),
        "inverted": 255 - own,
    }
    if task.id == CHEST.id:
        sets["turned-90"] = np.rot90(own, 1, (1, 2)).copy()
        sets["turned-180"] = np.rot90(own, 2, (1, 2)).copy()
    else:
        paths = sorted((shared / "blood_fields" / "images").glob("*.jp*g"))[:COUNT]
        sets["microscope-fields"] = np.stack(
            [_fit(Image.open(path), size, channels) for path in paths]
        )
    return sets


def folder_images(folder: Path, size: int, channels: int) -> np.ndarray:
    """Every image under ``folder``, such as films of adults."""
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in IMAGE_SUFFIXES)
    return np.stack([_fit(Image.open(path), size, channels) for path in paths])


def other_scans(size: int, channels: int) -> np.ndarray:
    """Each DICOM file of pydicom's own test data that it can read: CT, MR, ultrasound, ..."""
    import pydicom

    folder = Path(pydicom.__file__).parent / "data" / "test_files"
    out = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                values = pydicom.dcmread(path, force=True).pixel_array.astype(np.float64)
        except Exception:  # many of these files are broken on purpose, in every way
            continue
        while values.ndim > 3 or (values.ndim == 3 and values.shape[-1] != 3):
            values = values[0]
        low, high = np.percentile(values, (0.5, 99.5))
        levels = np.clip((values - low) / max(high - low, 1e-9) * 255, 0, 255)
        out.append(_fit(Image.fromarray(levels.astype(np.uint8)), size, channels))
    return np.stack(out)


def _fit(image: Image.Image, size: int, channels: int) -> np.ndarray:
    image = to_grey(image) if channels == 1 else image.convert("RGB")
    return np.asarray(image.resize((size, size), Image.Resampling.BICUBIC))


def _many(make, size: int, channels: int, rng: np.random.Generator) -> np.ndarray:
    return np.stack([_fit(make(rng), size, channels) for _ in range(COUNT)])


def _noise(rng: np.random.Generator) -> Image.Image:
    """White, coarse or 1/f noise, grey or coloured."""
    side = 224
    if rng.random() < 0.5:
        small = rng.integers(0, 256, (int(rng.integers(4, side)),) * 2 + (3,), dtype=np.uint8)
        image = Image.fromarray(small).resize((side, side), Image.Resampling.BICUBIC)
    else:
        image = Image.fromarray(_cloud(rng, side))
    return image.convert("L") if rng.random() < 0.5 else image


def _cloud(rng: np.random.Generator, side: int) -> np.ndarray:
    """Noise whose spectrum falls as 1/f^a, as that of natural pictures does; RGB uint8."""
    along = np.fft.fftfreq(side)
    distance = np.hypot(along[:, None], along[None, : side // 2 + 1] * 1.0)
    distance[0, 0] = 1
    power = distance ** -rng.uniform(0.6, 2.0)
    planes = []
    common = np.fft.rfft2(rng.normal(size=(side, side)))
    for _ in range(3):
        own = np.fft.rfft2(rng.normal(size=(side, side)))
        plane = np.fft.irfft2((common + 0.5 * own) * power, s=(side, side))
        low, high = np.percentile(plane, (1, 99))
        planes.append(np.clip((plane - low) / (high - low) * 255, 0, 255))
    return np.stack(planes, -1).astype(np.uint8)


def _pattern(rng: np.random.Generator) -> Image.Image:
    """A gradient, stripes, rings, a chessboard or one flat tone."""
    side = 224
    line = np.linspace(-1, 1, side)
    x, y = np.meshgrid(line, line)
    angle, rate = rng.uniform(0, 2 * np.pi), rng.uniform(2, 40)
    along = x * np.cos(angle) + y * np.sin(angle)
    kinds = (
        along,
        np.sin(rate * along),
        np.sin(rate * np.hypot(x, y)),
        np.sign(np.sin(rate * x) * np.sin(rate * y)),
        np.full_like(x, rng.uniform(-1, 1)),
    )
    values = kinds[int(rng.integers(len(kinds)))]
    colours = rng.integers(0, 256, (2, 3)).astype(np.float64)
    share = (values[..., None] + 1) / 2
    levels = colours[0] * (1 - share) + colours[1] * share
    return Image.fromarray(np.clip(levels, 0, 255).astype(np.uint8))


def _photograph(rng: np.random.Generator) -> Image.Image:
    """A scene: sky, ground and things with shadows, textured, slightly out of focus."""
    width, height = 320, 240
    image = Image.fromarray(_cloud(rng, 320)).crop((0, 0, width, height))
    draw = ImageDraw.Draw(image, "RGBA")
    horizon = int(height * rng.uniform(0.2, 0.8))

    def tone() -> tuple[int, int, int, int]:
        red, green, blue = (int(v) for v in rng.integers(0, 256, 3))
        return red, green, blue, int(rng.integers(120, 256))

    draw.rectangle((0, 0, width, horizon), fill=tone())
    draw.rectangle((0, horizon, width, height), fill=tone())
    for _ in range(int(rng.integers(3, 14))):
        cx, cy = rng.uniform(0, width), rng.uniform(0, height)
        w, h = rng.uniform(8, 120, 2)
        box = (cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2)
        shadow = (box[0] + 6, box[1] + 8, box[2] + 6, box[3] + 8)
        kind = int(rng.integers(3))
        if kind == 0:
            draw.ellipse(shadow, fill=(0, 0, 0, 90))
            draw.ellipse(box, fill=tone())
        elif kind == 1:
            draw.rectangle(shadow, fill=(0, 0, 0, 90))
            draw.rectangle(box, fill=tone())
        else:
            corners = [(cx + rng.uniform(-w, w), cy + rng.uniform(-h, h)) for _ in range(5)]
            draw.polygon(corners, fill=tone())
    return image.filter(ImageFilter.GaussianBlur(rng.uniform(0, 1.5)))


def _page(rng: np.random.Generator) -> Image.Image:
    """Lines of dark strokes on light paper, as a scanned letter looks from afar."""
    width, height = 210, 297
    image = Image.new("L", (width, height), int(rng.integers(200, 256)))
    draw = ImageDraw.Draw(image)
    step = int(rng.integers(5, 14))
    for y in range(int(rng.integers(10, 40)), height - 15, step):
        x = 15.0
        end = width - 15 - (rng.uniform(0, 120) if rng.random() < 0.3 else 0)
        while x < end:
            long = rng.uniform(3, 24)
            draw.line((x, y, min(x + long, end), y), fill=int(rng.integers(0, 90)), width=step // 3)
            x += long + rng.uniform(2, 5)
    return image.rotate(rng.uniform(-3, 3), fillcolor=255)
