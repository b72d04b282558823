"""Agreement of a finder with the drawn outlines: ``python -m ...regions.measure_finder``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from torch import nn

from ..data.images import Item
from .agreement import dice, summary
from .crops import load_films
from .found import find_outlines, load_finder
from .outlines import load_mask, mask_path, outlined, split_outlined


def agreement(net: nn.Module, data: Path, items: list[Item]) -> dict[str, object]:
    """Dice at 224 px of outlines as the app makes them (levels, pieces, holes), and notes."""
    found = find_outlines(net, load_films(items))
    drawn = np.stack([load_mask(mask_path(data, item)) for item in items]) > 127
    scores = dice(np.stack([each.mask for each in found]), drawn)
    notes: dict[str, int] = {}
    for each in found:
        for note in each.quality.notes:
            notes[note] = notes.get(note, 0) + 1
    worst = [f"{items[i].path.parent.name}/{items[i].path.stem}" for i in np.argsort(scores)[:5]]
    return {"dice": summary(scores), "notes": notes, "worst": worst}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../../shared/data"))
    parser.add_argument("--finder", type=Path, required=True)
    parser.add_argument("--test", action="store_true", help="open the test half, too")
    arguments = parser.parse_args()
    net = load_finder(arguments.finder)
    _, validation = split_outlined(arguments.data)
    figures = {"validation": agreement(net, arguments.data, validation)}
    if arguments.test:
        figures["test"] = agreement(net, arguments.data, outlined(arguments.data, "test"))
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
