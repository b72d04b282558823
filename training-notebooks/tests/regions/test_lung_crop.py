"""The box, the mask and the greys of the crop, against plain definitions of each."""

import numpy as np
import pytest
from scipy import ndimage

from fieldlens_training.regions.lung_crop import (
    SMOOTHING,
    Box,
    NoLungsError,
    crop_lungs,
    cut,
    dilated,
    grey_range,
    grown,
    smoothed,
    stretched,
    tight_box,
)


def two_lungs(side=224):
    rows, columns = np.mgrid[:side, :side]
    left = ((columns - 70) / 35) ** 2 + ((rows - 110) / 70) ** 2 < 1
    right = ((columns - 155) / 35) ** 2 + ((rows - 110) / 70) ** 2 < 1
    return left | right


def test_the_box_is_the_least_around_the_mask():
    mask = np.zeros((50, 60), bool)
    mask[10, 20] = mask[30, 41] = True
    assert tight_box(mask) == Box(20, 10, 42, 31)


def test_an_empty_mask_has_no_box():
    with pytest.raises(NoLungsError):
        tight_box(np.zeros((5, 5), bool))


def test_the_margin_rounds_half_up_and_is_at_least_one_pixel():
    assert grown(Box(0, 0, 75, 8)) == Box(-5, -1, 80, 9)


def test_dilation_reaches_as_far_as_said():
    mask = np.zeros((9, 9), bool)
    mask[4, 4] = True
    grown_mask = dilated(mask, 2)
    assert grown_mask[2:7, 2:7].all()
    assert grown_mask.sum() == 25


def test_the_greys_are_the_percentiles_of_the_nearest_rank():
    rng = np.random.default_rng(3)
    film = rng.integers(0, 256, (224, 224)).astype(np.uint8)
    mask = two_lungs()
    expected = np.percentile(film[mask], [1, 99], method="inverted_cdf")
    assert grey_range(film, mask) == tuple(expected.astype(int))


def test_a_flat_film_has_a_range():
    assert grey_range(np.full((224, 224), 9, np.uint8), two_lungs()) == (9, 10)


def test_the_stretch_is_linear_and_rounds_half_up():
    film = np.arange(256, dtype=np.uint8)
    expected = np.clip(np.floor((film - 40.0) / 90 * 255 + 0.5), 0, 255)
    assert np.array_equal(stretched(film, 40, 130), expected)


def test_what_lies_beyond_the_picture_is_black():
    picture = np.full((4, 4), 7, np.uint8)
    part = cut(picture, Box(-1, 2, 3, 6))
    assert part.tolist() == [[0, 7, 7, 7], [0, 7, 7, 7], [0] * 4, [0] * 4]


def test_surroundings_and_exposure_change_nothing():
    rng = np.random.default_rng(1)
    film = rng.integers(60, 180, (224, 224)).astype(np.uint8)
    mask = two_lungs()
    crop = crop_lungs(film, mask, 96)
    assert crop.shape == (96, 96)
    elsewhere = film.copy()
    elsewhere[~dilated(mask, 12)] = 255
    assert np.array_equal(crop_lungs(elsewhere, mask, 96), crop)
    assert np.array_equal(crop_lungs(film + np.uint8(30), mask, 96), crop)
    brighter_inside = film.copy()
    brighter_inside[100:120, 60:80] = 255
    assert not np.array_equal(crop_lungs(brighter_inside, mask, 96), crop)


def test_smoothing_is_a_binomial_filter_in_integers():
    rng = np.random.default_rng(1)
    film = rng.integers(0, 256, (20, 31)).astype(np.uint8)
    expected = film.astype(float)
    for axis in (0, 1):
        for _ in range(SMOOTHING):
            expected = ndimage.correlate1d(expected, [0.25, 0.5, 0.25], axis, mode="nearest")
    assert np.array_equal(smoothed(film), np.floor(expected + 0.5).astype(np.uint8))
    assert np.array_equal(smoothed(film, 0), film)
    white = np.full((9, 9), 255, np.uint8)
    assert np.array_equal(smoothed(white, 5), white)
