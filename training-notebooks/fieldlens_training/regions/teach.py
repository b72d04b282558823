"""What finished networks say of the training films: ``python -m fieldlens_training.regions.teach``.

The teachers read each film once, as the app would, and mirrored. A network that learns from that
under all simulated changes also learns that these must change nothing.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from ..data.images import Item
from ..training.distillation import TEMPERATURE
from .crops import exact_crops
from .found import read_outlines
from .reader import log_odds
from .train_reader import ReaderRecipe, load_reader, split_films


def softened(
    data: Path, items: Sequence[Item], outlines: dict[str, np.ndarray], runs: Sequence[Path]
) -> np.ndarray:
    """The mean softened probability of pneumonia of each film, ``(n,)`` in 0..1."""
    said = []
    for run in runs:
        net, record = load_reader(run)
        crops = exact_crops(data, items, outlines, record["log"][-1]["size"])
        for each in (crops, np.ascontiguousarray(crops[:, :, ::-1])):
            said.append(1 / (1 + np.exp(-log_odds(net, each) / TEMPERATURE)))
    return np.mean(said, axis=0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", type=Path, nargs="+", help="folders of the teachers' runs")
    parser.add_argument("--data", type=Path, default=Path("../../shared/data"))
    parser.add_argument("--outlines", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="the file, .npz")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    items, _ = split_films(arguments.data, ReaderRecipe.validation_fraction)
    outlines = read_outlines(arguments.outlines)
    said = softened(arguments.data, items, outlines, arguments.runs)
    names = [str(item.path.relative_to(arguments.data)) for item in items]
    np.savez(arguments.out, paths=np.array(names), probabilities=said)


if __name__ == "__main__":
    main()
