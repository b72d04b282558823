"""Runs the finder over folders of films and keeps what it found.

``python -m fieldlens_training.regions.found --finder finder.pt --out outlines.npz``
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn

from ..data.images import DataError, list_images, load_all
from ..data.tasks import CHEST
from .network import INPUT_SIZE, LungFinder, normalise
from .outline_mask import FILM_SIZE, levels_of, outline_of
from .outlines import CLASSES
from .quality import NO_LUNGS, Quality, quality_of

SETS = (("chest_xray", "train"), ("chest_xray", "test"), ("adult_chest", ""))
FINDER = Path(__file__).resolve().parents[2] / "runs" / "lung-finder" / "finder.pt"
"""The network that is shipped."""
MOST_AT_ONCE = 512
"""Films that are held in memory together."""


@dataclass(frozen=True)
class Found:
    """The outline of one film, bool ``(FILM_SIZE, FILM_SIZE)``, and what is said of it."""

    mask: np.ndarray
    quality: Quality


def load_finder(path: Path) -> LungFinder:
    """The network of a file that ``save_finder`` wrote."""
    try:
        saved = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError) as error:
        raise DataError(f"{path}: cannot be read as a finder ({error})") from error
    net = LungFinder(tuple(saved["widths"]))
    net.load_state_dict({name: value.float() for name, value in saved["weights"].items()})
    return net.eval()


def save_finder(net: LungFinder, path: Path) -> None:
    """Write the weights as float16 (running statistics too), readable with weights_only."""
    weights = {
        name: value.half() if value.is_floating_point() else value
        for name, value in net.state_dict().items()
        if not name.endswith("num_batches_tracked")
    }
    zero = torch.zeros((), dtype=torch.int64)
    weights |= {n: zero for n in net.state_dict() if n.endswith("num_batches_tracked")}
    torch.save({"widths": list(net.widths), "weights": weights}, path)


def finder_input(films: np.ndarray, size: int = INPUT_SIZE) -> np.ndarray:
    """Working films, uint8 ``(n, FILM_SIZE, FILM_SIZE)``, at the finder's size."""
    side = (size, size)
    bicubic = Image.Resampling.BICUBIC
    return np.stack([np.asarray(Image.fromarray(film).resize(side, bicubic)) for film in films])


@torch.inference_mode()
def find_levels(net: nn.Module, films: np.ndarray, batch: int = 64) -> np.ndarray:
    """The finder's int8 levels ``(n, size / 2, size / 2)`` of working films."""
    small = finder_input(films)
    found = []
    for start in range(0, len(small), batch):
        logits = net(normalise(torch.from_numpy(small[start : start + batch])))
        found.append(levels_of(logits[:, 0].numpy()))
    return np.concatenate(found)


def find_outlines(net: nn.Module, films: np.ndarray) -> list[Found]:
    """Outlines and notes of working films, uint8 ``(n, FILM_SIZE, FILM_SIZE)``."""
    masks = [outline_of(levels) for levels in find_levels(net, films)]
    return [Found(mask, quality_of(mask)) for mask in masks]


def write_outlines(paths: Sequence[str], found: Sequence[Found], file: Path) -> None:
    """Keep outlines as packed bits with their films' names and notes."""
    notes = [json.dumps(asdict(each.quality)) for each in found]
    bits = np.packbits(np.stack([each.mask for each in found]).reshape(len(found), -1), axis=1)
    np.savez_compressed(file, paths=np.array(paths), bits=bits, notes=np.array(notes))


def read_outlines(file: Path) -> dict[str, np.ndarray]:
    """Outlines by the film's path below the data folder, bool ``(FILM_SIZE, FILM_SIZE)``."""
    with np.load(file) as saved:
        masks = np.unpackbits(saved["bits"], axis=1).astype(bool)
        masks = masks.reshape(-1, FILM_SIZE, FILM_SIZE)
        return dict(zip(saved["paths"].tolist(), masks, strict=True))


def outline_all(
    data: Path, net: nn.Module, file: Path, say: Callable[[str], None] = print
) -> dict[str, np.ndarray]:
    """Outline the films of ``SETS`` that are in ``data``, and keep them in ``file``."""
    names: list[str] = []
    found: list[Found] = []
    for folder, split in SETS:
        if not (data / folder).is_dir():
            continue
        items = list_images(data / folder, split, CLASSES, CHEST.patient_of)
        for start in range(0, len(items), MOST_AT_ONCE):
            some = items[start : start + MOST_AT_ONCE]
            found += find_outlines(net, load_all(some, FILM_SIZE, 1))
            names += [str(item.path.relative_to(data)) for item in some]
        here = found[-len(items) :]
        counts: dict[str, int] = {}
        for each in here:
            for note in each.quality.notes:
                counts[note] = counts.get(note, 0) + 1
        none = sum(NO_LUNGS in each.quality.notes for each in here)
        say(json.dumps({"set": f"{folder}/{split}", "films": len(here), "none": none} | counts))
    file.parent.mkdir(parents=True, exist_ok=True)
    write_outlines(names, found, file)
    return read_outlines(file)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../../shared/data"))
    parser.add_argument("--finder", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    outline_all(arguments.data, load_finder(arguments.finder), arguments.out)


if __name__ == "__main__":
    main()
