"""What is said of an outline."""

import math

import numpy as np
import pytest
from scipy import ndimage

from fieldlens_training.regions import quality
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
