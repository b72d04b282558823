"""Cells cut out of drawn fields."""

import numpy as np

from fieldlens_training.regions.cells.cut_out import cut_out
from fieldlens_training.regions.cells.find import FoundCell, FoundCells


def found(owners, *boxes):
    cells = [FoundCell(*box, "red", False) for box in boxes]
    return FoundCells(3.0, cells, np.asarray(owners))


def test_a_cell_keeps_its_pixels_and_those_that_touch_it():
    owners = np.zeros((10, 10), int)
    owners[4:6, 4:6] = 1
    picture = np.arange(1, 101, dtype=np.uint8).reshape(10, 10, 1).repeat(3, 2)
    # A box of 4 has no margin: 3 % of it is less than half a pixel.
    cell = cut_out(picture, found(owners, (3, 3, 7, 7)), 0)
    assert cell.shape == (4, 4, 3)
    kept = cell[..., 0] > 0
    assert kept.tolist() == [
        [False, True, True, False],
        [True, True, True, True],
        [True, True, True, True],
        [False, True, True, False],
    ]
    assert (cell[kept] == picture[3:7, 3:7][kept]).all()


def test_a_neighbour_is_black_even_where_it_touches():
    owners = np.zeros((10, 10), int)
    owners[:, 2:5], owners[:, 5:8] = 1, 2
    picture = np.full((10, 10, 3), 200, np.uint8)
    left = cut_out(picture, found(owners, (2, 0, 5, 10), (5, 0, 8, 10)), 0)
    # The square is 10 wide around column 3.5: columns -2 (beyond the picture) to 7.
    assert [bool(v) for v in left[5, :, 0]] == [False] * 3 + [True] * 4 + [False] * 3


def test_the_owners_of_a_smaller_working_picture_are_looked_up_by_place():
    owners = np.zeros((4, 4), int)
    owners[1:3, 1:3] = 1
    picture = np.full((40, 40, 3), 90, np.uint8)
    cell = cut_out(picture, found(owners, (10, 10, 30, 30)), 0)
    # 3 % of 20 is rounded to 1; the mask reaches one working pixel (10) further than the cell.
    assert cell.shape == (22, 22, 3)
    assert cell[11, 11, 0] == 90 and cell[0, 0, 0] == 0 and cell[0, 11, 0] == 90
