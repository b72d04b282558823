"""A single cell with a background is cut out; what lies on black or shows several stays."""

import numpy as np
import pytest

from fieldlens_training.regions.cells.reference_fields import drawn, singles
from fieldlens_training.regions.cells.single import cut_out_single, lies_on_black

PICTURES = {field.name: drawn(field) for field in singles()}


def test_a_cell_is_alone_on_black():
    cell = cut_out_single(PICTURES["a cell and parts of others"])
    assert cell is not None
    assert lies_on_black(cell)
    # The disc of radius 30 and what touches it, nothing of its neighbour.
    shown = (cell.max(axis=2) > 0).sum()
    assert np.pi * 29**2 < shown < np.pi * 34**2


def test_a_cell_on_black_is_left_alone():
    cell = cut_out_single(PICTURES["a cell and parts of others"])
    assert cell is not None
    assert cut_out_single(cell) is None


@pytest.mark.parametrize("name", ["two whole cells", "small parts alone", "nothing"])
def test_what_is_no_single_cell_is_read_as_it_is(name):
    assert cut_out_single(PICTURES[name]) is None
