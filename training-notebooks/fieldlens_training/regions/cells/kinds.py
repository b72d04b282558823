"""Red cells, white cells, platelets and the rest told apart, by size and by stain.

A nucleus absorbs red light; overlapping red cells absorb more of red and of green alike, so the
ratio of both tells them from nuclei. Levels are those of the flattened channels; a typical red
cell's are medians over cells.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .foreground import CLEAR, Foreground

Kind = Literal["red", "white", "platelet", "debris"]

CUT = 0.35
"""Of the typical radius: how long a cell may lie along the edge without being cut off."""
SMALLEST = 0.2
LARGEST = 3
"""Of a typical cell's area: what a red cell covers at least and at most."""
PLATELET = 0.45
"""Of a typical cell's area: up to here a darkly stained part is a platelet."""
PLATELET_RED = 160
PLATELET_GREEN = 115
"""Percent of the typical absorption that a platelet reaches in one of the channels."""
NUCLEUS = 0.3
"""Of a typical cell's area: a nucleus of a white cell."""
NUCLEUS_RED = 200
"""Percent of the typical red absorption that a nucleus reaches."""
NUCLEUS_RATIO = 130
"""Percent of the typical ratio of red to green absorption that a nucleus reaches."""
LEAST_ABSORPTION = 8
"""Levels that typical red cells absorb at least; below it is noise."""


@dataclass(frozen=True)
class Part:
    """What belongs to one disc: its box (ends excluded), pixels, pixels along the picture's
    edge, sums of the flattened channels. In working pixels."""

    left: int
    top: int
    right: int
    bottom: int
    area: int
    edge: int
    green: int
    red: int


@dataclass(frozen=True)
class Typical:
    """The typical red cell: its radius in working pixels, its flattened green and red."""

    radius: float
    green: int
    red: int


def measure_parts(owners: np.ndarray, count: int, foreground: Foreground) -> list[Part]:
    """Measure the parts that pixels belong to."""
    border = np.zeros(owners.shape, np.int64)
    for side in np.s_[0, :], np.s_[-1, :], np.s_[:, 0], np.s_[:, -1]:
        border[side] += 1  # a corner lies along two edges
    flat = owners.ravel()

    def sums(values: np.ndarray) -> np.ndarray:
        return np.bincount(flat, values.ravel(), count + 1).astype(np.int64)[1:]

    rows, columns = np.indices(owners.shape)
    lows = np.full((2, count + 1), max(owners.shape), np.int64)
    highs = np.zeros((2, count + 1), np.int64)
    for axis, places in enumerate((columns, rows)):
        np.minimum.at(lows[axis], flat, places.ravel())
        np.maximum.at(highs[axis], flat, places.ravel() + 1)
    areas, edges = sums(np.ones(owners.shape)), sums(border)
    greens, reds = sums(foreground.green), sums(foreground.red)
    return [
        Part(
            left=int(lows[0, i + 1]),
            top=int(lows[1, i + 1]),
            right=int(highs[0, i + 1]),
            bottom=int(highs[1, i + 1]),
            area=int(areas[i]),
            edge=int(edges[i]),
            green=int(greens[i]),
            red=int(reds[i]),
        )
        for i in range(count)
    ]


def typical_of(parts: list[Part], radius: float) -> Typical:
    """The typical red cell of a field; the background where there is none."""
    cell = math.pi * radius * radius
    usual = [part for part in parts if 0.5 * cell < part.area < 1.8 * cell]
    if not usual:
        return Typical(radius, CLEAR, CLEAR)
    middle = (len(usual) - 1) // 2
    greens = sorted(part.green // part.area for part in usual)
    reds = sorted(part.red // part.area for part in usual)
    return Typical(radius, greens[middle], reds[middle])


def absorption_of(typical: Typical) -> tuple[int, int]:
    """What a typical red cell absorbs of red and of green, levels."""
    red, green = CLEAR - typical.red, CLEAR - typical.green
    return max(LEAST_ABSORPTION, red), max(LEAST_ABSORPTION, green)


def nuclei_of(
    owners: np.ndarray, count: int, foreground: Foreground, typical: Typical
) -> np.ndarray:
    """Of each part the pixels that are stained as nuclei are, int64 ``(count,)``."""
    usual_red, usual_green = absorption_of(typical)
    dark = CLEAR - foreground.red
    nucleus = (dark * 100 >= NUCLEUS_RED * usual_red) & (
        dark * usual_green * 100 >= NUCLEUS_RATIO * (CLEAR - foreground.green) * usual_red
    )
    return np.bincount(owners.ravel(), nucleus.ravel(), count + 1).astype(np.int64)[1:]


def is_cut_off(part: Part, typical: Typical) -> bool:
    """Whether the picture's edge cuts a part off."""
    return part.edge > CUT * typical.radius


def kind_of(part: Part, nucleus: int, typical: Typical) -> Kind:
    """What a part is, with the pixels in it that are stained as nuclei are."""
    cell = math.pi * typical.radius * typical.radius
    area = part.area
    if nucleus > NUCLEUS * cell:
        return "white"
    if area < PLATELET * cell:
        red, green = absorption_of(typical)
        if (CLEAR * area - part.red) * 100 >= PLATELET_RED * red * area or (
            CLEAR * area - part.green
        ) * 100 >= PLATELET_GREEN * green * area:
            return "platelet"
    return "debris" if area < SMALLEST * cell or area > LARGEST * cell else "red"
