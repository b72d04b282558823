"""Stained bodies, on drawn cells."""

import numpy as np

from fieldlens_training.explanation.stained import chance_on_body, is_on_body, stained_bodies

SIZE = 112
Y, X = np.mgrid[:SIZE, :SIZE]


def cell(with_body: bool) -> np.ndarray:
    """A pale red disc on black, uint8 ``(SIZE, SIZE, 3)``, with a purple body on the right."""
    noise = np.random.default_rng(0).integers(-4, 5, (SIZE, SIZE, 1))
    picture = np.zeros((SIZE, SIZE, 3), int)
    disc = np.hypot(Y - 56, X - 56) < 50
    picture[disc] = (220, 170, 175)
    if with_body:
        picture[np.hypot(Y - 50, X - 80) < 6] = (130, 70, 150)
    return np.clip(picture + noise * disc[..., None], 0, 255).astype(np.uint8)


def map_with(row: int, column: int) -> np.ndarray:
    values = np.zeros((8, 8))
    values[row, column] = 1
    return values


def test_a_purple_body_is_found_and_the_rim_is_none():
    found = stained_bodies(cell(True))
    assert found[50, 80]
    assert 0.5 * 113 < found.sum() < 1.5 * 113
    assert not stained_bodies(cell(False)).any()


def test_the_hottest_point_is_on_the_body_or_not():
    bodies = stained_bodies(cell(True))
    # The cell from row 42 and column 70 on, and the one across.
    assert is_on_body(map_with(3, 5), bodies)
    assert not is_on_body(map_with(3, 2), bodies)


def test_chance_is_the_share_of_the_cell_near_the_body():
    picture = cell(True)
    bodies = stained_bodies(picture)
    near = np.maximum(np.abs(Y - 50), np.abs(X - 80)) <= 6 + 7
    disc = np.hypot(Y - 56, X - 56) < 50
    assert abs(chance_on_body(picture, bodies, 8) - near.sum() / disc.sum()) < 0.02
    assert chance_on_body(picture, np.zeros_like(bodies), 8) == 0
