"""Writes a reader as the app reads it: ``python -m fieldlens_training.regions.reader_package``.

``model.json`` and packed shards with quantised weights (see ``package.export``), and the AUC
of the stored weights on the validation films beside that of the floats.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from ..package.export import Options, store, write_graph
from ..quantisation.equalise import equalise
from ..quantisation.fold import LOGITS, fold, run_plan
from .crops import exact_crops
from .found import read_outlines
from .reader import MEAN, STD, figures, log_odds, normalised, threshold_at
from .report import load_reader
from .train_reader import Validation, split_films

CALIBRATION = 128
"""Training crops on which the rounding of the weights is made up for."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../../shared/data"))
    parser.add_argument("--outlines", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--bits", type=float, default=Options.bits)
    arguments = parser.parse_args()
    outlines = read_outlines(arguments.outlines)
    net, record = load_reader(arguments.folder)
    size = record["log"][-1]["size"]
    training, held = split_films(arguments.data, record["recipe"]["validation_fraction"])
    chosen = np.linspace(0, len(training) - 1, CALIBRATION).round().astype(int)
    crops = exact_crops(arguments.data, [training[i] for i in chosen], outlines, size)
    inputs = normalised(torch.from_numpy(crops).unsqueeze(1).float() / 255)
    plan = fold(net)
    equalise(plan)
    stored, levels = store(plan, inputs.contiguous(), Options(bits=arguments.bits))
    exported = write_graph(stored, levels, size, arguments.out)
    validation = Validation(arguments.data, held, outlines)
    crops = validation.crop("none", size)
    exact = log_odds(net, crops)
    values = normalised(torch.from_numpy(crops).unsqueeze(1).float() / 255)
    with torch.inference_mode():
        logits = torch.cat([run_plan(stored, x, (LOGITS,))[LOGITS] for x in values.split(64)])
    scores = (logits[:, 1] - logits[:, 0]).numpy()
    labels = validation.labels
    found = {
        "size": size,
        "mean": MEAN,
        "std": STD,
        "bytes": sum(path.stat().st_size for path in exported.files),
        "float": figures(labels, exact, threshold_at(labels, exact)),
        "stored": figures(labels, scores, threshold_at(labels, scores)),
        "mean change of log-odds": round(float(np.abs(scores - exact).mean()), 4),
    }
    (arguments.out / "figures.json").write_text(json.dumps(found, indent=1) + "\n")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
