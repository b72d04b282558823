"""What is said of an outline."""

import math

import numpy as np
import pytest
from scipy import ndimage

from fieldlens_training.regions import heart_side, quality
from fieldlens_training.regions.turning import turned_back


def lungs(side=224):
    """Two triangles, narrow above and growing outwards below, as lungs are."""
    rows, columns = np.mgrid[:side, :side]
    half = (rows - 40) * 0.25
    high = (rows > 50) & (rows < 170)
    left = (columns < 100) & (columns >= 100 - 2 * half)
    right = (columns >= 124) & (columns < 124 + 2 * half)
    return high & (left | right)


def test_upright_lungs_have_no_note():
    found = quality.quality_of(lungs())
    assert found.notes == ()
    assert found.turn == pytest.approx(0, abs=0.5)


def test_no_lungs():
    assert quality.quality_of(np.zeros((224, 224), bool)).notes == (quality.NO_LUNGS,)


def test_one_lung():
    mask = lungs()
    mask[:, :112] = False
    assert quality.quality_of(mask).notes == (quality.ONE_LUNG,)


@pytest.mark.parametrize("axis", [0, 1])
def test_two_films_in_one_picture(axis):
    half = lungs()[:, ::2] if axis else lungs()[::2]
    pair = np.concatenate([half, half], axis=axis)
    assert quality.quality_of(pair).notes == (quality.SEVERAL_FILMS,)


def film_with_heart():
    """Dark lungs and a bright heart that reaches into the lower part of the right lung."""
    rows, columns = np.mgrid[:224, :224]
    film = np.where(lungs(), 40 + columns % 30, 180).astype(np.uint8)
    film[((rows - 140) / 28) ** 2 + ((columns - 128) / 26) ** 2 < 1] = 200
    return film


def test_the_hearts_side_tells_a_mirrored_film():
    film, mask = film_with_heart(), lungs()
    assert heart_side.heart_score(film, mask) > heart_side.LIMIT
    assert not heart_side.is_mirrored(film, mask)
    assert heart_side.is_mirrored(film[:, ::-1], mask[:, ::-1])


def test_nothing_is_said_where_both_sides_are_alike():
    mask = lungs()
    film = np.where(mask, 40, 180).astype(np.uint8)
    assert abs(heart_side.heart_score(film, mask)) < heart_side.LIMIT


def test_lungs_cut_off_below():
    mask = np.roll(lungs(), 80, axis=0)
    mask[:40] = False
    found = quality.quality_of(mask)
    assert found.notes == (quality.CUT_OFF,)
    assert found.sides == ("bottom",)


@pytest.mark.parametrize("angle", [-40, -20, 20, 40])
def test_turned_lungs_are_measured(angle):
    # A positive angle of scipy's turns the picture anticlockwise.
    mask = ndimage.rotate(lungs().astype(float), -angle, reshape=False, order=1) > 0.5
    found = quality.quality_of(mask)
    assert found.turn == pytest.approx(angle, abs=2)
    assert quality.TURNED in found.notes


def test_a_squashed_film_is_judged_by_its_true_angle():
    assert quality.turn_of((0, 0), (10, 10), 2.0) == pytest.approx(math.degrees(math.atan2(1, 2)))


def test_upside_down():
    assert quality.quality_of(lungs()[::-1]).notes == (quality.UPSIDE_DOWN,)


def test_a_level_turn_changes_nothing():
    film = np.random.default_rng(0).integers(0, 256, (224, 224)).astype(np.uint8)
    assert np.array_equal(turned_back(film, 3.0, 0.0, 1.3), film)


def test_a_quarter_turn_is_exact():
    film = np.random.default_rng(0).integers(0, 256, (64, 64)).astype(np.uint8)
    assert np.array_equal(turned_back(film, 0.0, 2.0, 1.0), np.rot90(film))


def test_turning_back_levels_the_lungs():
    film = ndimage.rotate(lungs().astype(float) * 200, -30, reshape=False, order=1)
    mask = film > 100
    (x0, y0, _), (x1, y1, _) = sorted(quality.lung_centres(mask))
    back = turned_back(film.clip(0, 255).astype(np.uint8), x1 - x0, y1 - y0, 1.0)
    assert quality.quality_of(back > 100).turn == pytest.approx(0, abs=1)
