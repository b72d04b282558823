"""Turns a film back, exactly: IEEE double precision with ``+ - * /`` and ``sqrt`` only.

The turn is given by the vector between the two lungs, not by an angle, so that no sine is
needed: ``across`` and ``down`` in units of the film's height, ``cos = across / length``,
``sin = down / length`` with ``length = sqrt(across^2 + down^2)``.

For the output pixel ``(x, y)`` of a square of ``side`` pixels, with ``half = side / 2`` and
``aspect`` the film's width over its height::

    u = ((x + 0.5) - half) * aspect
    v = (y + 0.5) - half
    source_x = (u * cos - v * sin) / aspect + half - 0.5
    source_y = (u * sin + v * cos) + half - 0.5

``column = floor(source_x * 256 + 0.5)`` and ``row`` likewise are places in 1/256 pixel; the
grey is the bilinear mean of the four neighbours, ``(sum + 32768) >> 16`` with weights of 1/256
along each side, and neighbours beyond the film are black.
"""

from __future__ import annotations

import math

import numpy as np


def turned_back(film: np.ndarray, across: float, down: float, aspect: float) -> np.ndarray:
    """The film, uint8 ``(side, side)``, turned so that ``(across, down)`` lies level."""
    side = film.shape[0]
    half = side / 2
    length = math.sqrt(across * across + down * down)
    cos, sin = across / length, down / length
    line = (np.arange(side) + 0.5) - half
    u, v = (line * aspect)[np.newaxis, :], line[:, np.newaxis]
    source_x = (u * cos - v * sin) / aspect + half - 0.5
    source_y = (u * sin + v * cos) + half - 0.5
    column = np.floor(source_x * 256 + 0.5).astype(np.int64)
    row = np.floor(source_y * 256 + 0.5).astype(np.int64)
    padded = np.zeros((side + 2, side + 2), np.int64)
    padded[1:-1, 1:-1] = film
    # Far beyond the film all is black; held there, the padding answers for it.
    column = np.clip(column, -256, side * 256)
    row = np.clip(row, -256, side * 256)
    x, y = (column >> 8) + 1, (row >> 8) + 1
    right, lower = column & 255, row & 255
    after_x, after_y = np.minimum(x + 1, side + 1), np.minimum(y + 1, side + 1)
    upper = padded[y, x] * (256 - right) + padded[y, after_x] * right
    below = padded[after_y, x] * (256 - right) + padded[after_y, after_x] * right
    return ((upper * (256 - lower) + below * lower + 32768) >> 16).astype(np.uint8)
