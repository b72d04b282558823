"""What a control network is shown of a film: all, or one part that may tell the classes apart.

All pictures are uint8 ``(SIDE, SIDE)``, made from the working film and the outline of its lungs,
both ``(FILM_SIZE, FILM_SIZE)``.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from PIL import Image

from ..regions.lung_crop import crop_lungs, cut, dilated, grown, reach_of, tight_box

SIDE = 64
"""Pixels a side of what the networks read."""
TILE = 8
"""Pixels a side of the tiles that are shuffled."""
FINE = 128
"""Pixels a side of the crop that the tiles are cut from: finer, so that they show texture."""

View = Callable[[np.ndarray, np.ndarray], np.ndarray]


def _small(picture: np.ndarray, side: int = SIDE) -> np.ndarray:
    return np.asarray(Image.fromarray(picture).resize((side, side), Image.Resampling.BICUBIC))


def whole_film(film: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """The film as it is."""
    return _small(film)


def outside_only(film: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Everything but the lungs: they and a rim around them are black."""
    return _small(np.where(dilated(mask, reach_of(tight_box(mask))), 0, film).astype(np.uint8))


def lungs_only(film: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """The lungs alone, as the shipped networks read them (``crop_lungs``)."""
    return crop_lungs(film, mask, SIDE)


def outline_crop(mask: np.ndarray, side: int) -> np.ndarray:
    """The lungs' shape in the box of ``crop_lungs``: white where it shows the film."""
    tight = tight_box(mask)
    shown = dilated(mask, reach_of(tight)).astype(np.uint8) * 255
    return _small(cut(shown, grown(tight)), side)


def outline_only(film: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """The shape of the lungs, white on black, without a grey of the film."""
    return outline_crop(mask, SIDE)


def shuffled_texture(film: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Tiles from inside the lungs in random order: texture without anatomy or outline.

    The crop of ``FINE`` pixels is cut into tiles; those that lie wholly in what is shown are
    drawn without putting back until all are used, then again, and fill the picture. The order
    depends on the film alone. A film without a whole tile gives a black picture.
    """
    crop, shown = crop_lungs(film, mask, FINE), outline_crop(mask, FINE) == 255
    tiles = _tiles(crop)[_tiles(shown).all(axis=(1, 2))]
    if len(tiles) == 0:
        return np.zeros((SIDE, SIDE), np.uint8)
    rng = np.random.default_rng(int(crop.astype(np.int64).sum()))
    wanted = (SIDE // TILE) ** 2
    rounds = [rng.permutation(len(tiles)) for _ in range(-(-wanted // len(tiles)))]
    return _joined(tiles[np.concatenate(rounds)[:wanted]])


def _tiles(picture: np.ndarray) -> np.ndarray:
    """``(n, TILE, TILE)`` in reading order."""
    count = len(picture) // TILE
    return picture.reshape(count, TILE, count, TILE).swapaxes(1, 2).reshape(-1, TILE, TILE)


def _joined(tiles: np.ndarray) -> np.ndarray:
    count = SIDE // TILE
    return tiles.reshape(count, count, TILE, TILE).swapaxes(1, 2).reshape(SIDE, SIDE)


def shuffle_tiles(x: torch.Tensor, g: torch.Generator) -> torch.Tensor:
    """Put the tiles of ``(n, 1, SIDE, SIDE)`` into another random order, one for the batch."""
    count = x.shape[-1] // TILE
    tiles = x.unfold(2, TILE, TILE).unfold(3, TILE, TILE).flatten(2, 3)
    tiles = tiles[:, :, torch.randperm(count * count, generator=g)]
    return tiles.unflatten(2, (count, count)).transpose(3, 4).reshape(x.shape)


def mean_grey(film: np.ndarray, mask: np.ndarray) -> float:
    """Mean grey of the crop's shown part after its greys were stretched, 0 to 1."""
    shown = outline_crop(mask, SIDE) > 127
    return float(lungs_only(film, mask)[shown].mean() / 255)


WHOLE, OUTSIDE, LUNGS = "whole film", "outside only", "lungs only"
OUTLINE, TEXTURE, GREY = "outline only", "texture only", "mean grey only"

VIEWS: dict[str, View] = {
    WHOLE: whole_film,
    OUTSIDE: outside_only,
    LUNGS: lungs_only,
    OUTLINE: outline_only,
    TEXTURE: shuffled_texture,
}
"""By name; ``GREY`` is one number, ``mean_grey``, and needs no network."""
