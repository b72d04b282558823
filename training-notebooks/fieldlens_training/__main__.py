"""The commands of the package.

``python -m fieldlens_training train pneumonia-resnet34 --data ../../shared/data/chest_xray``
trains; ``sizes`` and ``quantisation`` measure a checkpoint on validation; ``export`` writes
the package; ``ranges`` measures its maps for the int8 engine; ``publish`` puts the
figures of ``npm run evaluate`` into its manifest; ``samples``
writes the app's sample images; ``compare`` runs networks or schedules against each other.
"""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path

from .data.images import DataError
from .data.samples import write_cell_samples
from .experiments import compare, model_notebooks, quantisation_study
from .experiments.tables import markdown_table
from .networks.network import IMAGENET
from .package.activation_ranges import write_ranges
from .package.card import DATA_SETS
from .package.graph_model import GraphModel, PackageError
from .package.manifest import ManifestError
from .package.publish import publish
from .package.requantise import requantise
from .package.shipping import compare_sizes, default_checkpoint, export_package
from .quantisation.bit_budget import BITS
from .regions.cells.sample_slide import write_sample_slide
from .regions.film_samples import write_film_samples
from .training.recipes import RECIPES, pretrained
from .training.record import record_run
from .training.train import train

STATIC = Path(__file__).resolve().parents[2] / "static"
MODELS = STATIC / "models"
FINDER = Path(__file__).resolve().parents[1] / "runs/lung-finder/finder.pt"
SAMPLES = {
    "chest": partial(write_film_samples, finder=FINDER),
    "cells": write_cell_samples,
    "smear": write_sample_slide,
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except (DataError, ManifestError, PackageError) as error:
        print(error, file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="fieldlens_training",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)

    def add(name: str, run, text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text)
        command.set_defaults(run=run)
        command.add_argument("recipe", choices=sorted(RECIPES))
        return command

    def add_inputs(command: argparse.ArgumentParser) -> None:
        command.add_argument("--data", type=Path, required=True, help="folder that holds train/")
        command.add_argument("--runs", type=Path, default=Path("runs"), help="checkpoints")

    training = add("train", _train, "train a network, or go on with a run")
    add_inputs(training)
    training.add_argument(
        "--pretrained", action="store_true", help="begin with torchvision's ImageNet weights"
    )
    sizes = add("sizes", _sizes, "validation AUC of a checkpoint at several input sizes")
    add_inputs(sizes)
    sizes.add_argument("--checkpoint", type=Path, help="default: the run's last.pt")
    sizes.add_argument(
        "--sizes", type=int, nargs="+", default=[96, 112, 128, 144, 160, 176, 192], metavar="PX"
    )
    export = add("export", _export, "write the package for the browser")
    add_inputs(export)
    export.add_argument("--checkpoint", type=Path, help="default: the run's last.pt")
    export.add_argument("--size", type=int, help="input side, default: the last trained on")
    export.add_argument("--out", type=Path, default=MODELS, help="default: static/models")
    export.add_argument("--package-version", default="1.0.0", help="raise it with new weights")
    export.add_argument("--runs-tried", type=int, default=1, help="for the model card")
    export.add_argument(
        "--shared", type=Path, help="folder of all data sets: measures what is not recognised"
    )
    requantising = add(
        "requantise", _requantise, "store a finished package's weights in fewer bytes"
    )
    requantising.add_argument("--data", type=Path, required=True, help="folder that holds train/")
    requantising.add_argument("--models", type=Path, default=MODELS, help="default: static/models")
    requantising.add_argument("--out", type=Path, help="default: the folder of --models")
    requantising.add_argument("--package-version", required=True, help="of the new package")
    requantising.add_argument("--bits", type=float, default=BITS, help=f"a weight, default {BITS}")
    requantising.add_argument(
        "--keep-shifts", action="store_true", help="do not measure simulated shifts again"
    )
    publishing = add("publish", _publish, "put an evaluation's figures into the manifest")
    publishing.add_argument("--evaluation", type=Path, required=True, help="its --out folder")
    publishing.add_argument(
        "--integer", type=Path, help="the same with --backend int8, to say how far it agrees"
    )
    publishing.add_argument(
        "--data-set", choices=sorted({word for _, word in DATA_SETS}), required=True
    )
    publishing.add_argument("--out", type=Path, default=MODELS, help="default: static/models")
    ranges = add("ranges", _ranges, "measure the maps of a package for the integer engine")
    ranges.add_argument("--data", type=Path, required=True, help="folder that holds train/")
    ranges.add_argument("--out", type=Path, default=MODELS, help="default: static/models")
    ranges.add_argument(
        "--package-version", help="where one is published: the fast way answers otherwise"
    )
    samples = commands.add_parser("samples", help="write the app's synthetic sample images")
    samples.set_defaults(run=_samples)
    samples.add_argument("kind", choices=sorted(SAMPLES))
    samples.add_argument("--data", type=Path, required=True, help="folder that holds train/")
    samples.add_argument("--out", type=Path, help="default: static/samples/KIND")
    compare.add_commands(commands)
    quantisation_study.add_commands(commands)
    model_notebooks.add_commands(commands)
    return parser


def _train(options: argparse.Namespace) -> int:
    recipe = RECIPES[options.recipe]
    folder = options.runs / recipe.name
    if options.pretrained and recipe.initialisation != IMAGENET:
        recipe = pretrained(recipe)
        folder = options.runs / f"{recipe.name}-pretrained"
    weights = GraphModel(Path(recipe.package)).weights if recipe.package else None
    train(recipe, options.data, folder, weights=weights)
    if record_run(recipe, folder, options.runs / "mlruns") is None:
        print("MLflow is not installed: the run was not recorded there", file=sys.stderr)
    return 0


def _checkpoint(options: argparse.Namespace) -> Path:
    return options.checkpoint or default_checkpoint(RECIPES[options.recipe], options.runs)


def _sizes(options: argparse.Namespace) -> int:
    rows = compare_sizes(options.recipe, options.data, _checkpoint(options), options.sizes)
    print(markdown_table(rows))
    return 0


def _export(options: argparse.Namespace) -> int:
    folder = export_package(
        options.recipe,
        options.data,
        _checkpoint(options),
        options.out,
        options.size,
        options.package_version,
        options.runs_tried,
        options.shared,
    )
    print(folder)
    return 0


def _requantise(options: argparse.Namespace) -> int:
    folder = requantise(
        options.recipe,
        options.data,
        options.models,
        options.out or options.models,
        options.package_version,
        options.bits,
        options.keep_shifts,
    )
    print(folder)
    return 0


def _publish(options: argparse.Namespace) -> int:
    entry = publish(
        options.out,
        options.recipe,
        options.evaluation,
        options.data_set,
        integer=options.integer,
    )
    print(f"{entry['id']}: n {entry['n']}, AUC {entry['auc']}")
    if agreement := entry.get("int8"):
        print(f"in int8: {agreement}")
    return 0


def _ranges(options: argparse.Namespace) -> int:
    folder = options.out / options.recipe
    found = write_ranges(folder, options.data, options.package_version)
    int16 = [name for name, entry in found["ranges"].items() if entry.get("int16")]
    print(f"{options.recipe}: {len(found['ranges'])} maps of {found['images']} images")
    print(f"in int16: {', '.join(int16) or 'none'}")
    return 0


def _samples(options: argparse.Namespace) -> int:
    folder = options.out or STATIC / "samples" / options.kind
    for path in SAMPLES[options.kind](options.data, folder):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
