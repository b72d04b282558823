"""Controls: what tells the classes of the films apart, and does it carry to other films?

``python -m fieldlens_training.experiments.what_it_sees --outlines outlines.npz --folder RUNS``
trains one small network a view and seed, all by one recipe, and writes what it finds beside
``history.json``: ``result.json`` (figures) and ``scores.npz`` (log-odds). A finished one is not
trained again. The thresholds and the calibration are of the validation films; the test half and
the adults are measured once, after the last epoch.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from monai.networks.nets.resnet import ResNet, ResNetBlock
from sklearn.linear_model import LogisticRegression
from torch import nn

from ..augment.common import uniform
from ..evaluation import calibration, metrics
from ..networks.network import channels_last
from ..regions.found import read_outlines
from ..regions.reader import log_odds, normalised
from ..training.batches import class_weights, shuffled_batches
from ..training.loop import Loop
from ..training.schedule import one_cycle
from .control_films import PARTS, Films, load_films
from .control_views import GREY, TEXTURE, VIEWS, mean_grey, shuffle_tiles


@dataclass(frozen=True)
class Control:
    """All that decides one run beside the data. The same for every view but ``view``."""

    view: str
    seed: int = 1
    widths: tuple[int, ...] = (16, 32, 64, 96)
    epochs: int = 6
    batch: int = 64
    peak_rate: float = 1e-3
    weight_decay: float = 0.05
    validation_fraction: float = 0.12

    @property
    def folder(self) -> str:
        """The name of its folder."""
        return f"{self.view.replace(' ', '-')}-seed{self.seed}"


def change(x: torch.Tensor, g: torch.Generator) -> torch.Tensor:
    """Mirror, turn, zoom, shift and expose anew; values 0..1, ``(n, 1, side, side)``.

    Black stays black, so that no view is told more or less than another.
    """
    n = len(x)
    angle = uniform(g, (n,), -0.14, 0.14)
    zoom = torch.exp(uniform(g, (n,), -0.1, 0.1))
    flip = torch.where(torch.rand(n, generator=g) < 0.5, -1.0, 1.0)
    cos, sin = zoom * angle.cos(), zoom * angle.sin()
    maps = torch.stack([flip * cos, -sin, flip * sin, cos], dim=1).view(n, 2, 2)
    maps = torch.cat([maps, uniform(g, (n, 2, 1), -0.06, 0.06)], dim=2)
    grid = F.affine_grid(maps, list(x.shape), align_corners=False)
    x = F.grid_sample(x, grid, padding_mode="zeros", align_corners=False)
    gamma = torch.exp(uniform(g, (n, 1, 1, 1), -0.35, 0.35))
    return (x.clamp_min(0) ** gamma * uniform(g, (n, 1, 1, 1), 0.85, 1.15)).clamp(0, 1)


def small_network(widths: tuple[int, ...]) -> nn.Module:
    """A residual network of one block a stage for one grey channel and two classes."""
    net: Any = ResNet(
        ResNetBlock,
        [1] * len(widths),
        list(widths),
        spatial_dims=2,
        n_input_channels=1,
        num_classes=2,
        conv1_t_stride=2,
        bias_downsample=False,
    )
    return net


class ControlRun(Loop):
    """Trains one small network on one view: no averaged weights, nothing chosen by a figure."""

    def __init__(self, control: Control, seen: np.ndarray, labels: np.ndarray) -> None:
        torch.manual_seed(control.seed)
        net = channels_last(small_network(control.widths))
        super().__init__(
            net,
            torch.optim.AdamW(
                net.parameters(), lr=control.peak_rate, weight_decay=control.weight_decay
            ),
        )
        self.control, self.seen = control, torch.from_numpy(seen)
        self.generator = torch.Generator().manual_seed(control.seed)
        steps = max(1, len(labels) // control.batch)
        self.schedule = one_cycle(self.optimiser, control.peak_rate, control.epochs * steps)
        self.weights = class_weights(labels, 2)
        self.targets = torch.from_numpy(labels)

    def batches(self, epoch: int) -> Iterator[torch.Tensor]:
        return shuffled_batches(len(self.targets), self.control.batch, self.generator)

    def loss(self, index: torch.Tensor) -> torch.Tensor:
        x = self.seen[index].unsqueeze(1).float() / 255
        if self.control.view == TEXTURE:
            x = shuffle_tiles(x, self.generator)
        x = normalised(change(x, self.generator))
        with torch.autocast("cpu", torch.bfloat16):
            logits = self.net(x)
        targets = self.targets[index]
        return F.cross_entropy(logits.float(), targets, self.weights, label_smoothing=0.05)


def figures(scores: dict[str, np.ndarray], parts: dict[str, Films]) -> dict[str, dict]:
    """Figures by group of films, from log-odds by part.

    Bias, temperature and the threshold of 99 % sensitivity are the validation films'.
    """
    labels = parts["validation"].labels
    bias, temperature = calibration.fit(scores["validation"], labels)
    chances = {n: calibration.probability(s, temperature, bias) for n, s in scores.items()}
    threshold = calibration.threshold_for_sensitivity(
        labels, chances["validation"], calibration.SENSITIVITY
    )
    found = {}
    for name, values in chances.items():
        for group, chosen in parts[name].groups.items():
            truth, some = parts[name].labels[chosen], values[chosen]
            said = metrics.decisions(truth, some, threshold)
            found[name if group == "all" else f"{name}, {group}"] = {
                "n": len(truth),
                "auc": round(metrics.auc(truth, some), 5),
                "sensitivity": round(said["sensitivity"], 4),
                "specificity": round(said["specificity"], 4),
                "calibrationError": round(metrics.expected_calibration_error(truth, some), 4),
                "meanScore": round(float(some.mean()), 4),
            }
    return found


def run_control(
    control: Control, parts: dict[str, Films], runs: Path, say: Callable[[str], None] = print
) -> dict:
    """Train and measure one network; its result is read where it was finished before."""
    folder = runs / control.folder
    if (folder / "result.json").is_file():
        saved = json.loads((folder / "result.json").read_text())
        if saved["control"] == json.loads(json.dumps(asdict(control))):
            return saved
    run = ControlRun(control, parts["training"].seen(control.view), parts["training"].labels)
    history = run.run(0, control.epochs)
    scores = {n: log_odds(run.net, parts[n].seen(control.view)) for n in PARTS[1:] if n in parts}
    result = {"control": asdict(control), "figures": figures(scores, parts), "history": history}
    folder.mkdir(parents=True, exist_ok=True)
    # One array a part; none can be named like an option of NumPy's.
    arrays: dict[str, Any] = {name: values.astype(np.float32) for name, values in scores.items()}
    np.savez_compressed(folder / "scores.npz", **arrays)
    torch.save(run.net.state_dict(), folder / "last.pt")
    (folder / "result.part").write_text(json.dumps(result, indent=1) + "\n")
    (folder / "result.part").replace(folder / "result.json")
    say(f"{control.folder}: {json.dumps(result['figures'])}")
    return result


def load_control(runs: Path, control: Control) -> nn.Module:
    """A finished network."""
    net = small_network(control.widths)
    net.load_state_dict(torch.load(runs / control.folder / "last.pt", weights_only=True))
    return channels_last(net.eval().requires_grad_(False))


def grey_control(parts: dict[str, Films]) -> dict:
    """The same figures of a logistic regression on the mean grey of the lungs and its square."""
    greys = {
        name: np.array([mean_grey(*pair) for pair in zip(part.films, part.masks, strict=True)])
        for name, part in parts.items()
    }
    inputs = {name: np.stack([grey, grey**2], axis=1) for name, grey in greys.items()}
    model = LogisticRegression(class_weight="balanced", C=1e4, max_iter=1000)
    model.fit(inputs["training"], parts["training"].labels)
    scores = {name: model.decision_function(inputs[name]) for name in PARTS[1:] if name in parts}
    return {"control": {"view": GREY}, "figures": figures(scores, parts), "history": []}


def run_all(
    parts: dict[str, Films],
    runs: Path,
    seeds: int,
    epochs: int = Control.epochs,
    say: Callable[[str], None] = print,
) -> list[dict]:
    """Every view with the seeds 1 to ``seeds`` (a seed's views together), and the mean grey."""
    found = [
        run_control(Control(view, seed, epochs=epochs), parts, runs, say)
        for seed in range(1, seeds + 1)
        for view in VIEWS
    ]
    return [*found, grey_control(parts)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../../shared/data"))
    parser.add_argument("--outlines", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=Control.epochs)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    parts = load_films(arguments.data, read_outlines(arguments.outlines))
    run_all(
        parts,
        arguments.folder,
        arguments.seeds,
        arguments.epochs,
        lambda line: print(line, flush=True),
    )


if __name__ == "__main__":
    main()
