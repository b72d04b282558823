"""Makes the colours of a cell's picture those of one stain and one light.

Stain, lamp and camera give the cells of each laboratory a colour of its own. What tells a parasite
is its colour beside that of the cell it lies in. So each channel is multiplied such that the
typical colour of the cell (the median over a disc in the middle of the picture) becomes
``TARGET``. In whole numbers, so that Python and the browser give the same bits
(``src/lib/pixels/even-colours.ts``).
"""

from __future__ import annotations

import torch

TARGET = (196, 158, 168)
"""The colour that the middle of a cell gets: about the median of all training cells."""
RADIUS = 35
"""Of the disc, hundredths of the picture's side."""
LEAST = 32
"""A typical colour counts as at least so bright: what is black is not made bright."""


def disc(side: int) -> torch.Tensor:
    """The pixels whose middle lies in the disc, bool ``(side, side)``; whole numbers."""
    line = 2 * torch.arange(side) + 1 - side
    squares = line.square()
    return (squares[:, None] + squares[None]) * 2500 <= (RADIUS * side) ** 2


def typical_colours(levels: torch.Tensor) -> torch.Tensor:
    """The lower median of each channel in the disc, int64 ``(n, 3)``, at least ``LEAST``.

    ``levels`` are whole numbers 0 to 255, ``(n, 3, side, side)``.
    """
    pixels = levels[:, :, disc(levels.shape[-1])]
    return pixels.median(dim=2).values.long().clamp_min(LEAST)


def even_colours(x: torch.Tensor) -> torch.Tensor:
    """Values 0 to 1, ``(n, 3, side, side)``, with the cell's typical colour at ``TARGET``.

    They are rounded to 256 levels first.
    """
    levels = (x * 255).round().int()
    typical = typical_colours(levels)
    target = torch.tensor(TARGET)
    # Each channel's 256 levels, evened, as a table.
    table = (2 * torch.arange(256) * target[:, None] + typical[..., None]) // (
        2 * typical[..., None]
    )
    flat = levels.flatten(2).long()
    even = table.clamp_max(255).to(x.dtype).div(255).gather(2, flat)
    return even.view_as(x)
