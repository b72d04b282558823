"""Makes the notebooks 02 to 04, one a shipped model, from ``templates/model.ipynb``.

``python -m fieldlens_training notebooks`` writes them anew and keeps the outputs of the cells
that are there; ``--execute`` runs them (papermill), which needs the data and the runs.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

FOLDER = Path(__file__).resolve().parents[2]
TEMPLATE = FOLDER / "templates" / "model.ipynb"
INJECTED = "injected-parameters"

FILMS = (
    'Kermany D, Zhang K, Goldbaum M (2018), "Labeled Optical Coherence Tomography\n'
    '(OCT) and Chest X-Ray Images for Classification", Mendeley Data, doi:10.17632/rscbjbr9sj.2,\n'
    "CC BY 4.0."
)
CELLS = (
    "US National Library of Medicine, public domain; Rajaraman S et al. (2018),\n"
    '"Pre-trained convolutional neural networks as feature extractors toward improved malaria '
    'parasite\ndetection in thin blood smear images", PeerJ 6:e4568.'
)


@dataclass(frozen=True)
class ModelNotebook:
    """What differs between the notebooks: the recipe, and the words of the first cell."""

    file: str
    recipe: str
    title: str
    images: str
    source: str


CHILDREN = "The films are of children aged 1 to 5 years, one hospital in Guangzhou."
NOTEBOOKS = (
    ModelNotebook(
        "02-pneumonia-resnet34.ipynb",
        "pneumonia-resnet34",
        "Pneumonia in children: ResNet34",
        CHILDREN,
        FILMS,
    ),
    ModelNotebook(
        "03-pneumonia-resnet50.ipynb",
        "pneumonia-resnet50",
        "Pneumonia in children: ResNet50",
        CHILDREN,
        FILMS,
    ),
    ModelNotebook(
        "04-malaria-resnet34.ipynb",
        "malaria-resnet34",
        "Malaria in blood cells: ResNet34",
        "Single red blood cells, cut from Giemsa-stained thin smears (P. falciparum, Chittagong).",
        CELLS,
    ),
)


def make(notebook: ModelNotebook, target: Path, execute: bool = False) -> Path:
    """Write ``target`` from the template with the notebook's parameters and words.

    Not executed, a code cell keeps the outputs of the cell with the same id in an earlier
    ``target``. Executed, all are new; papermill raises ``PapermillExecutionError`` where a
    cell fails, and ``target`` shows it.
    """
    import nbformat
    import papermill

    earlier = nbformat.read(target, 4) if target.exists() else nbformat.v4.new_notebook()
    papermill.execute_notebook(
        TEMPLATE,
        target,
        {"recipe": notebook.recipe},
        prepare_only=not execute,
        cwd=FOLDER,
        progress_bar=False,
    )
    made = nbformat.read(target, 4)
    outputs = {cell["id"]: cell for cell in earlier.cells if cell.cell_type == "code"}
    words = {name: getattr(notebook, name) for name in ("recipe", "title", "images", "source")}
    for cell in made.cells:
        _finish(cell, words, None if execute else outputs.get(cell["id"]))
    made.metadata.pop("papermill", None)
    nbformat.write(made, target)
    return target


def _finish(cell: dict, words: Mapping[str, str], kept: dict | None) -> None:
    """Fill in the words, take over outputs, and drop what would differ from run to run."""
    cell["metadata"].pop("papermill", None)
    if not cell["metadata"].get("tags"):
        cell["metadata"].pop("tags", None)
    elif INJECTED in cell["metadata"]["tags"]:
        cell["id"] = INJECTED
        cell["source"] = "\n".join(
            line for line in cell["source"].splitlines() if not line.startswith("#")
        )
    if cell["cell_type"] == "markdown":
        cell["source"] = Template(cell["source"]).substitute(words)
    elif kept is not None:
        cell["outputs"] = kept["outputs"]
        cell["execution_count"] = kept["execution_count"]
        if "execution" in kept["metadata"]:
            cell["metadata"]["execution"] = kept["metadata"]["execution"]


def add_commands(commands: argparse._SubParsersAction) -> None:
    """Register ``notebooks``."""
    command = commands.add_parser("notebooks", help="make the notebooks 02 to 04 anew")
    command.set_defaults(run=_notebooks)
    command.add_argument(
        "recipes", nargs="*", help=f"default: all of {', '.join(n.recipe for n in NOTEBOOKS)}"
    )
    command.add_argument("--execute", action="store_true", help="run every cell, with papermill")


def _notebooks(options: argparse.Namespace) -> int:
    for notebook in NOTEBOOKS:
        if not options.recipes or notebook.recipe in options.recipes:
            print(make(notebook, FOLDER / notebook.file, options.execute))
    return 0
