"""Generated images: reference inputs of a package, and test vectors of the app's resize.

``python -m fieldlens_training.data.reference_images tests/unit/fixtures/pillow.json`` writes
the vectors that the TypeScript unit tests compare with.
"""

from __future__ import annotations

import base64
import json
import sys
import zlib
from pathlib import Path

import numpy as np
import PIL
from PIL import Image

from .images import to_grey
from .tasks import Task

GREY_FORMULA = "(x*7 + y*13 + (x*y)%31) % 256"
RGB_FORMULA = f"R = {GREY_FORMULA}, G = (x*3 + y*5) % 256, B = (x*y) % 256"
SHAPES = ((37, 53), (53, 37), (16, 16), (200, 120), (640, 480), (1, 5), (33, 1))
SIZES = (16, 32, 64)
RGB_SIZES = SIZES[:2]


def reference_images(size: int, task: Task) -> dict[str, np.ndarray]:
    """Three uint8 images with the rough look of the task's own, by id."""
    return _films(size) if task.channels == 1 else _cells(size)


def _cells(size: int) -> dict[str, np.ndarray]:
    """``(size, size, 3)``: a healthy cell, one with a ring and a dot, a coloured gradient."""
    line = (np.arange(size) + 0.5) / size * 2 - 1
    x, y = np.meshgrid(line, line)
    grain = np.random.default_rng(21).integers(-5, 6, size=(size, size, 3))
    disc = (np.hypot(x / 0.85, y / 0.9) < 1)[..., None]
    healthy = np.array([205, 150, 165]) + 20 * np.exp(-4 * (x**2 + y**2))[..., None] + grain
    ring = np.exp(-(((np.hypot(x - 0.25, y + 0.2) - 0.16) / 0.05) ** 2))[..., None]
    dot = np.exp(-(np.hypot(x - 0.4, y + 0.3) ** 2) / 0.004)[..., None]
    stained = healthy - (ring + dot) * np.array([70, 100, 20])
    gradient = np.stack([127 + 120 * x, 127 + 120 * y, 127 + 120 * x * y], -1) + grain
    cells = {"healthy-cell": healthy * disc, "ring-and-dot": stained * disc, "gradient": gradient}
    return {name: np.clip(np.rint(cell), 0, 255).astype(np.uint8) for name, cell in cells.items()}


def _films(size: int) -> dict[str, np.ndarray]:
    line = (np.arange(size) + 0.5) / size * 2 - 1
    x, y = np.meshgrid(line, line)
    grain = np.random.default_rng(20).integers(-6, 7, size=(size, size))

    def blob(cx: float, cy: float, rx: float, ry: float) -> np.ndarray:
        return np.exp(-((((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2) ** 2))

    lungs = blob(-0.42, -0.05, 0.34, 0.62) + blob(0.42, -0.05, 0.34, 0.62)
    body = 150 * blob(0, 0.1, 0.95, 1.05) + 30
    ribs = 14 * np.sin(18 * (y + 0.35 * x**2)) * lungs
    heart = 60 * blob(0.12, 0.25, 0.28, 0.34)
    clear = body - 90 * lungs + ribs + heart
    films = {
        "clear-lungs": clear + grain,
        "cloudy-lungs": clear + 70 * (blob(-0.4, 0.3, 0.3, 0.3) + blob(0.45, 0, 0.2, 0.4)) + grain,
        "gradient": 127 + 100 * x * y + 20 * y + 2 * grain,
    }
    return {name: np.clip(np.rint(film), 0, 255).astype(np.uint8) for name, film in films.items()}


def pack(pixels: np.ndarray) -> str:
    """Raw deflate (RFC 1951) of uint8 pixels, row by row, in base64."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    return base64.b64encode(deflate.compress(pixels.tobytes()) + deflate.flush()).decode()


def unpack(text: str, shape: tuple[int, ...]) -> np.ndarray:
    """Undo ``pack``."""
    return np.frombuffer(zlib.decompress(base64.b64decode(text), -15), np.uint8).reshape(shape)


def formula_image(width: int, height: int, channels: int) -> Image.Image:
    """The image of ``GREY_FORMULA`` (1 channel) or ``RGB_FORMULA`` (3 channels)."""
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    grey = (x * 7 + y * 13 + (x * y) % 31) % 256
    planes = [grey] if channels == 1 else [grey, (x * 3 + y * 5) % 256, (x * y) % 256]
    pixels = np.stack(planes, axis=-1).astype(np.uint8)
    return Image.fromarray(pixels[..., 0] if channels == 1 else pixels)


def resize_cases() -> list[dict]:
    """Expected outputs of Pillow: to grey or to RGB, then squashed with its bicubic filter."""
    cases = []
    for width, height in SHAPES:
        for channels, formula in ((1, GREY_FORMULA), (3, RGB_FORMULA)):
            source = formula_image(width, height, channels)
            targets = ((1, to_grey(source), SIZES), (3, source.convert("RGB"), RGB_SIZES))
            for to_channels, image, sizes in targets:
                for size in sizes:
                    small = image.resize((size, size), Image.Resampling.BICUBIC)
                    kind = f"{channels} channel(s) to {to_channels}"
                    case = {
                        "name": f"{width} x {height}, {kind}, to {size} x {size}",
                        "width": width,
                        "height": height,
                        "channels": channels,
                        "formula": formula,
                        "toChannels": to_channels,
                        "size": size,
                        "expected": base64.b64encode(small.tobytes()).decode(),
                    }
                    cases.append(case)
    return cases


def main(target: Path) -> None:
    """Write the test vectors to ``target``."""
    command = "python -m fieldlens_training.data.reference_images tests/unit/fixtures/pillow.json"
    content = {"madeBy": f"Pillow {PIL.__version__}: {command}", "cases": resize_cases()}
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(content, indent="\t") + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
