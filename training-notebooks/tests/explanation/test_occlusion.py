"""The occlusion map, on pictures and readers that can be worked out by hand."""

import numpy as np
import pytest

from fieldlens_training.explanation.occlusion import (
    CELLS,
    blurred,
    blurred_parts,
    cell_values,
    enlarged,
    explain,
    is_supported,
    occluded,
    packed,
    patches,
    ranked,
    read_area,
)

SIZE = 64


def spotted(row: int, column: int) -> np.ndarray:
    """Even grey with a chessboard in one cell of the map, uint8 ``(SIZE, SIZE, 1)``."""
    picture = np.full((SIZE, SIZE, 1), 120, np.uint8)
    side = SIZE // CELLS
    board = np.indices((side, side)).sum(axis=0) % 2 * 254 + 1
    at = slice(row * side, (row + 1) * side), slice(column * side, (column + 1) * side)
    picture[at] = board[..., None]
    return picture


def contrast(pictures: np.ndarray) -> np.ndarray:
    """A reader that counts what differs from grey."""
    return np.abs(pictures.astype(float) - 120).sum(axis=(1, 2, 3)) / 1000


def test_the_spot_that_is_read_is_the_hottest_place():
    picture = spotted(2, 5)
    values, supported = explain(contrast, picture, contrast(picture[None])[0])
    assert np.unravel_index(values.argmax(), values.shape) == (2, 5)
    assert supported
    assert packed(values)[2, 5] == 255


def test_a_map_of_what_does_not_count_is_not_supported():
    picture = spotted(2, 5)
    elsewhere = np.zeros((CELLS, CELLS))
    elsewhere[6, 1] = 1
    falls = contrast(picture[None]) - contrast(blurred_parts(picture, elsewhere))
    assert not is_supported(falls)


def test_no_place_counts_where_blurring_changes_nothing():
    picture = np.full((SIZE, SIZE, 1), 90, np.uint8)
    values, supported = explain(contrast, picture, contrast(picture[None])[0])
    assert not values.any()
    assert not supported
    assert not packed(values).any()


def test_a_black_picture_is_not_read():
    def read(pictures):
        assert (pictures == 0).all()
        return np.zeros(len(pictures))

    _, supported = explain(read, np.zeros((SIZE, SIZE, 1), np.uint8), 0.0)
    assert not supported


def test_a_pixel_becomes_the_mean_of_the_read_pixels_around_it():
    picture = np.zeros((8, 8, 1), np.uint8)
    picture[3, 2:6, 0] = [10, 20, 40, 81]
    blur = blurred(picture, read_area(picture))[3, :, 0]
    # Radius 2: 70/3, 151/4, 151/4 and 141/3, rounded; what is not read stays black.
    assert blur.tolist() == [0, 0, 23, 38, 38, 47, 0, 0]


def test_dark_pixels_of_a_cut_out_cell_are_not_read():
    picture = np.full((8, 8, 3), 40, np.uint8)
    picture[2, 3, 1] = 41
    assert np.argwhere(read_area(picture)).tolist() == [[2, 3]]
    assert read_area(picture[..., :1]).all()


def test_patches_without_a_read_pixel_are_left_out():
    area = np.zeros((SIZE, SIZE), bool)
    area[0, 0] = True
    assert patches(area) == [(0, 0)]
    assert len(patches(np.ones((SIZE, SIZE), bool))) == (CELLS - 1) ** 2
    area[20, 36] = True
    assert patches(area) == [(0, 0), (1, 3), (1, 4), (2, 3), (2, 4)]


def test_a_cell_has_the_mean_of_the_patches_that_cover_it():
    values = cell_values([(0, 0), (0, 1)], np.array([1.0, 4.0]))
    assert values[0, :4].tolist() == [1, 2.5, 4, 0]
    assert values[1, :4].tolist() == [1, 2.5, 4, 0]
    assert not values[2:].any()


def test_only_the_patch_is_blurred():
    picture = spotted(0, 0)
    pictures, places = occluded(picture)
    changed = (pictures[0] != picture).any(axis=2)
    side = 2 * SIZE // CELLS
    assert places[0] == (0, 0)
    assert changed[:side, :side].any()
    assert not changed[side:].any()
    assert not changed[:, side:].any()


@pytest.mark.parametrize("cells", [1, 4, 7])
def test_an_enlarged_map_keeps_its_values_at_the_cells_middles(cells):
    values = np.random.default_rng(0).random((cells, cells))
    large = enlarged(values, 3 * cells)
    assert large[1::3, 1::3] == pytest.approx(values)


def test_equal_pixels_are_ranked_in_reading_order():
    area = np.ones((16, 16), bool)
    area[0, :3] = False
    assert ranked(np.zeros((CELLS, CELLS)), area).tolist() == list(range(3, 256))


def test_fifths_have_equal_area():
    picture = spotted(1, 1)
    values = np.random.default_rng(1).random((CELLS, CELLS))
    blur = np.full_like(picture, 7)
    order = ranked(values, read_area(picture))
    parts = [order[k * len(order) // 5 : (k + 1) * len(order) // 5] for k in range(5)]
    assert blur.size == sum(len(part) for part in parts)
    assert max(len(part) for part in parts) - min(len(part) for part in parts) <= 1


def test_a_map_is_supported_only_by_its_hottest_fifth():
    assert is_supported(np.array([0.4, 0.1, 0.0, -1.0, 0.39]))
    assert not is_supported(np.array([0.4, 0.1, 0.4, -1.0, 0.0]))
    assert not is_supported(np.array([-0.1, -0.2, -0.3, -0.4, -0.5]))
