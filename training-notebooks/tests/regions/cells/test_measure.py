"""Found cells are compared with marks; the cases are counted by hand."""

import numpy as np

from fieldlens_training.regions.cells.find import FoundCell, FoundCells
from fieldlens_training.regions.cells.marked import MarkedField, half_of
from fieldlens_training.regions.cells.measure import match, overlap


def cell(left: int, top: int, side: int = 10, kind="red", is_cut: bool = False) -> FoundCell:
    return FoundCell(left, top, left + side, top + side, kind, is_cut)


def found_cells(cells: list[FoundCell]) -> FoundCells:
    return FoundCells(5.0, cells, np.zeros((0, 0), np.int64))


def test_overlap_is_the_intersection_over_the_union():
    # 5 x 10 of 150 pixels.
    assert overlap((0, 0, 10, 10), cell(5, 0)) == 50 / 150
    assert overlap((0, 0, 10, 10), cell(10, 0)) == 0


def test_each_mark_takes_one_cell_and_each_cell_one_mark():
    found = found_cells([cell(0, 0), cell(1, 0)])
    matches = match([(0, 0, 10, 10)], found)
    assert (matches.found, matches.missed, matches.unmarked) == (1, 0, 1)
    matches = match([(0, 0, 10, 10), (0, 1, 10, 11)], found_cells([cell(0, 0)]))
    assert (matches.found, matches.missed, matches.unmarked) == (1, 1, 0)


def test_cells_at_the_edge_and_other_kinds_are_no_false_ones():
    others = [cell(40, 0, is_cut=True), cell(60, 0, kind="white"), cell(80, 0, kind="debris")]
    matches = match([(0, 0, 10, 10)], found_cells([cell(0, 0), *others]))
    assert (matches.found, matches.missed, matches.unmarked) == (1, 0, 0)


def test_a_centre_is_found_within_one_radius():
    found = found_cells([cell(0, 0)])
    assert match([(9, 5)], found).found == 1
    assert match([(11, 5)], found).found == 0


def test_halves_share_no_field(tmp_path):
    fields = [MarkedField(tmp_path / str(i), []) for i in range(5)]
    assert half_of(fields, 0) + half_of(fields, 1) == [fields[i] for i in (0, 2, 4, 1, 3)]
