"""The pictures of the notebook of smears."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.patches import Rectangle

from ..data.colours import TARGET, even_colours, typical_colours
from ..data.images import to_values
from ..regions.cells.cell_reader import CellReader
from ..regions.cells.find import find_cells
from ..regions.cells.marked import SOURCES, half_of
from ..regions.cells.single import cut_out_single
from . import plots
from .smear_study import Cells

COLOURS = {"red": "#0a7d6c", "white": "#7a3fb0", "platelet": "#c07a00", "debris": "#777777"}
SHOWN = 5
"""Cells of each class and laboratory."""


def show_found(data: Path) -> None:
    """The first field of each source with what was found; dashed: cut off and not counted."""
    _, axes = plt.subplots(1, len(SOURCES), figsize=(12, 3.4))
    for axis, (name, source) in zip(axes, SOURCES.items(), strict=True):
        (field, *_) = half_of(source(data), 0)
        picture = field.picture()
        axis.imshow(picture)
        axis.axis("off")
        found = find_cells(picture)
        for cell in found.cells:
            corner, sides = (cell.left, cell.top), (cell.right - cell.left, cell.bottom - cell.top)
            style = "--" if cell.is_cut else "-"
            colour = COLOURS[cell.kind]
            axis.add_patch(Rectangle(corner, *sides, fill=False, edgecolor=colour, linestyle=style))
        whole = sum(cell.kind == "red" and not cell.is_cut for cell in found.cells)
        axis.set_title(f"{name}: {whole} red cells counted, {len(field.marks)} marks", fontsize=9)
    plots.finish()


def show_colours(reader: CellReader, cells: Sequence[Cells]) -> None:
    """Typical colours of cells as photographed, and of each laboratory some cells made even."""
    _, axis = plt.subplots(figsize=(5, 3))
    pictures = []
    for part in cells:
        levels = levels_of(reader, part.pictures)
        typical = typical_colours(levels.permute(0, 3, 1, 2)).numpy()
        axis.plot(typical[:, 0], typical[:, 1], ".", markersize=3, alpha=0.3, label=part.name)
        shown = [*np.flatnonzero(part.labels == 0)[:SHOWN], *np.flatnonzero(part.labels)[:SHOWN]]
        some = levels[torch.tensor(shown)]
        even = (even_colours(to_values(some)) * 255).round().byte().permute(0, 2, 3, 1)
        pictures += [*some.numpy(), *even.numpy()]
    axis.plot(TARGET[0], TARGET[1], "k+", markersize=14, label="what all become")
    axis.set(xlabel="typical red", ylabel="typical green")
    axis.legend(fontsize=8, frameon=False, bbox_to_anchor=(1.01, 1), loc="upper left")
    plots.finish()
    plots.show_images(pictures, columns=2 * SHOWN, side=1.0)


def levels_of(reader: CellReader, pictures: Sequence[np.ndarray]) -> torch.Tensor:
    """Cells on black as the classifier's input before evening, uint8 ``(n, size, size, 3)``."""
    cut = [(cut_out_single(picture), picture) for picture in pictures]
    squashed = [reader.squashed(picture if on is None else on) for on, picture in cut]
    return torch.from_numpy(np.stack(squashed))


def show_shares(rows: Sequence[dict]) -> None:
    """The shares of ``slide_rows`` with their intervals, one line a row."""
    _, axis = plt.subplots(figsize=(7, 0.4 * len(rows) + 1))
    for place, row in enumerate(rows):
        low, high = (float(end) for end in row["95 % interval, %"].split(" to "))
        colour = "C1" if row["by"] == "labels" else "C0"
        axis.plot([low, high], [place, place], color=colour)
        axis.plot(float(row["share, %"]), place, "o", color=colour)
    axis.set_yticks(range(len(rows)), [f"{row['slide']}, {row['by']}" for row in rows], fontsize=8)
    axis.invert_yaxis()
    axis.set_xlabel("infected red cells, % (95 % interval)")
    plots.finish()
