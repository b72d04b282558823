"""Compares networks, and learning-rate schedules, by short runs on one split and one budget.

``python -m fieldlens_training compare architectures --data DATA`` and ``compare schedules``;
the notebooks 05 and 06 show what they found.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from ..networks.candidates import CANDIDATES
from ..training.recipes import RECIPES
from ..training.record import record_run
from .schedules import SCHEDULES
from .tables import markdown_table
from .trial import Images, Trial, estimate_seconds, load_images, read_result, run_trial

RECIPE = RECIPES["pneumonia-resnet34"]
"""Whose split, task and presizing every trial shares."""

CHOOSES = "shifted_auc"
"""The figure that ranks: plain validation is nearly perfect for all, and test chooses nothing."""

LEFT_OUT = {
    "without gradient clipping": {"clip": None},
    "without weight decay": {"weight_decay": 0.0},
    "without class weights": {"weighted": False},
}
"""What is left out of the best schedule's run, one thing at a time."""


def trial_folder(trial: Trial, runs: Path, label: str) -> Path:
    """``<runs>/<comparison>/<budget>/<label>-seed<n>``; a budget of its own never mixes."""
    budget = f"{trial.size}px-{trial.epochs}epochs"
    if trial.subset < 1:
        budget += f"-{trial.subset:g}of-patients"
    if trial.name == "schedules":
        budget += f"-{trial.network}"
    slug = f"{label}-seed{trial.seed}"
    return runs / trial.name / budget.replace(" ", "-") / slug.replace(" ", "-")


def architecture_trials(base: Trial, networks: Sequence[str], seeds: int) -> dict[str, list[Trial]]:
    """One trial a network and seed, by the network's name."""
    return {
        name: [
            replace(base, network=name, peak_rate=CANDIDATES[name].peak_rate, seed=seed)
            for seed in range(1, seeds + 1)
        ]
        for name in networks
    }


def schedule_trials(base: Trial, seeds: int) -> dict[str, list[Trial]]:
    """One trial a schedule and seed, by the schedule's name."""
    return {
        name: [replace(base, schedule=name, seed=seed) for seed in range(1, seeds + 1)]
        for name in SCHEDULES
    }


def variation_trials(base: Trial, schedule: str, seeds: int) -> dict[str, list[Trial]]:
    """The runs with ``schedule``, as they are and with each of ``LEFT_OUT``."""
    whole = [replace(base, schedule=schedule, seed=seed) for seed in range(1, seeds + 1)]
    varied = {
        f"{schedule} {name}": [replace(trial, **change) for trial in whole]
        for name, change in LEFT_OUT.items()
    }
    return {schedule: whole, **varied}


def run_all(
    trials: dict[str, list[Trial]],
    images: Callable[[], Images],
    runs: Path,
    say: Callable[[str], None] = print,
) -> dict[str, list[dict]]:
    """Run what is not finished yet, seed by seed, and return every result by label.

    ``images`` loads the data; it is asked for only when something is left to run.
    """
    loaded: Images | None = None
    results: dict[str, list[dict]] = {label: [] for label in trials}
    for turn in range(max(len(same) for same in trials.values())):
        for label, same in trials.items():
            trial = same[turn]
            folder = trial_folder(trial, runs, label)
            result = read_result(trial, folder)
            if result is None:
                loaded = loaded or images()
                result = run_trial(trial, loaded, folder, say)
                record_run(trial, folder, runs / "mlruns")
            results[label].append(result)
    return results


def unfinished(trials: dict[str, list[Trial]], runs: Path) -> dict[str, list[Trial]]:
    """The trials that have no result yet; labels without one are left out."""
    left = {
        label: [t for t in same if read_result(t, trial_folder(t, runs, label)) is None]
        for label, same in trials.items()
    }
    return {label: same for label, same in left.items() if same}


def estimates(trials: dict[str, list[Trial]], images: Images) -> list[dict]:
    """Seconds of an epoch and of all seeds, by label, and the sum in minutes."""
    rows, total, known = [], 0.0, {}
    for label, same in trials.items():
        network = same[0].network
        if network not in known:
            known[network] = estimate_seconds(same[0], images)
        seconds = known[network]
        total += seconds["trial"] * len(same)
        rows.append(
            {
                "run": label,
                "seconds an epoch": round(seconds["epoch"], 1),
                "epochs": same[0].epochs,
                "seeds": len(same),
                "minutes in all": round(seconds["trial"] * len(same) / 60, 1),
            }
        )
    last = {"run": "all", "seconds an epoch": None, "epochs": None, "seeds": None}
    return [*rows, last | {"minutes in all": round(total / 60, 1)}]


def values(results: dict[str, list[dict]], figure: str) -> dict[str, list[float]]:
    """One figure of every seed, by label."""
    return {label: [r["figures"][figure] for r in same] for label, same in results.items()}


def curves(results: dict[str, list[dict]], key: str) -> dict[str, list[list[float]]]:
    """One column of the history of every seed, by label."""
    return {
        label: [[row[key] for row in r["history"]] for r in same] for label, same in results.items()
    }


def spread(numbers: Sequence[float]) -> float:
    """Standard deviation between seeds; 0 for a single one."""
    return float(np.std(numbers, ddof=1)) if len(numbers) > 1 else 0.0


def _with_spread(numbers: Sequence[float]) -> str:
    if len(numbers) == 1:
        return f"{numbers[0]:.4f}"
    return f"{np.mean(numbers):.4f} ± {spread(numbers):.4f}"


NAMES = {
    "validation_auc": "validation AUC",
    "shifted_auc": "AUC under simulated shift",
    "validation_accuracy": "validation accuracy",
    "test_auc": "test AUC",
    "test_accuracy": "test accuracy",
}


def figure_rows(results: dict[str, list[dict]]) -> list[dict]:
    """Mean and spread of the final figures, best under shift first."""
    order = sorted(results, key=lambda label: -np.mean(values(results, CHOOSES)[label]))
    return [
        {"run": label, "epochs": results[label][0]["trial"]["epochs"]}
        | {title: _with_spread(values(results, key)[label]) for key, title in NAMES.items()}
        for label in order
    ]


def cost_rows(results: dict[str, list[dict]]) -> list[dict]:
    """What each network costs: size, seconds an epoch, work and time of one image."""
    return [
        {
            "network": label,
            "parameters": f"{same[0]['cost']['parameters']:,}",
            "MB (float32)": f"{same[0]['cost']['megabytes']:.1f}",
            "seconds an epoch": f"{np.median([h['seconds'] for h in same[0]['history']]):.0f}",
            "million multiply-adds an image": f"{same[0]['cost']['multiply_adds'] / 1e6:.0f}",
            "ms an image (one thread)": f"{same[0]['cost']['milliseconds']:.1f}",
        }
        for label, same in results.items()
    ]


def best(results: dict[str, list[dict]]) -> str:
    """The label of the highest mean AUC under simulated shift."""
    found = values(results, CHOOSES)
    return max(found, key=lambda label: np.mean(found[label]))


def verdict(results: dict[str, list[dict]], figure: str = CHOOSES) -> str:
    """Who wins by ``figure``, by how much, and whether that is more than the seeds' spread.

    The spread is the pooled standard deviation between the seeds of the first two.
    """
    found, name = values(results, figure), NAMES[figure]
    order = sorted(found, key=lambda label: -np.mean(found[label]))
    first = order[0]
    if len(order) == 1:
        return f"{first} alone was run: {name} {_with_spread(found[first])}."
    second = order[1]
    gap = float(np.mean(found[first]) - np.mean(found[second]))
    said = f"By {name}, {first} is first ({_with_spread(found[first])}) and {second} second "
    said += f"({_with_spread(found[second])}): {gap:.4f} apart"
    if min(len(found[first]), len(found[second])) < 2:
        return f"{said}; with one seed nothing is known of the spread."
    between = float(np.sqrt((spread(found[first]) ** 2 + spread(found[second]) ** 2) / 2))
    if gap <= between:
        return f"{said}, which is not more than the spread between seeds ({between:.4f})."
    times = f"{gap / between:.1f} times" if between else "and the seeds do not differ:"
    return f"{said}, {times} the spread between seeds ({between:.4f})."


def add_commands(commands: argparse._SubParsersAction) -> None:
    """Register ``compare``."""
    command = commands.add_parser("compare", help="compare networks or schedules by short runs")
    command.set_defaults(run=_compare)
    command.add_argument("what", choices=("architectures", "schedules"))
    command.add_argument("--data", type=Path, required=True, help="folder with train/ and test/")
    command.add_argument("--runs", type=Path, default=Path("runs"), help="where results are kept")
    command.add_argument("--epochs", type=int, default=6)
    command.add_argument("--size", type=int, default=64, help="input side in pixels")
    command.add_argument("--seeds", type=int, default=2)
    command.add_argument("--subset", type=float, default=1.0, help="share of training patients")
    command.add_argument(
        "--networks",
        nargs="+",
        choices=list(CANDIDATES),
        metavar="NAME",
        help="for schedules the first; default: all, or ResNet34",
    )
    command.add_argument("--estimate", action="store_true", help="only say how long it would take")


def _compare(options: argparse.Namespace) -> int:
    network = (options.networks or ["ResNet34"])[0]
    base = Trial(
        options.what,
        network,
        size=options.size,
        epochs=options.epochs,
        subset=options.subset,
    )

    def images() -> Images:
        return load_images(RECIPE, options.data, options.size, options.subset)

    if options.what == "architectures":
        trials = architecture_trials(base, options.networks or list(CANDIDATES), options.seeds)
    else:
        base = replace(base, peak_rate=CANDIDATES[network].peak_rate)
        trials = schedule_trials(base, options.seeds)
    if left := unfinished(trials, options.runs):
        print(markdown_table(estimates(left, images())), flush=True)
    if options.estimate:
        return 0
    results = run_all(trials, images, options.runs, _say)
    print(markdown_table(figure_rows(results)))
    print(verdict(results))
    if options.what == "schedules":
        varied = variation_trials(base, best(results), options.seeds)
        more = run_all(varied, images, options.runs, _say)
        print(markdown_table(figure_rows(more)))
    return 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
