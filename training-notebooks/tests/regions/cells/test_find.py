"""Cells are found in drawn fields, whose cells are known."""

import numpy as np
import pytest
from scipy import ndimage

from fieldlens_training.regions.cells.find import FoundCell, find_cells
from fieldlens_training.regions.cells.plane import squared_distances
from fieldlens_training.regions.cells.reference_fields import DrawnField, Shape, drawn, fields

FIELDS = {field.name: field for field in fields()}


def cell_at(cells: list[FoundCell], shape: Shape) -> list[FoundCell]:
    """Found red cells whose middle lies within a third of a shape's radius of its middle."""
    return [
        cell
        for cell in cells
        if cell.kind == "red"
        and np.hypot((cell.left + cell.right) / 2 - shape.x, (cell.top + cell.bottom) / 2 - shape.y)
        < shape.radius / 3
    ]


def from_edge(shape: Shape, field: DrawnField) -> int:
    """Pixels from a shape's middle to the picture's edge."""
    return min(shape.x, field.width - shape.x, shape.y, field.height - shape.y)


def test_each_whole_cell_is_found_once_whether_overlapping_or_pale():
    field = FIELDS["scattered under uneven light"]
    cells = find_cells(drawn(field)).cells
    whole = [shape for shape in field.shapes if from_edge(shape, field) > shape.radius]
    assert len(whole) > 40
    assert [len(cell_at(cells, shape)) for shape in whole] == [1] * len(whole)


@pytest.mark.parametrize("name", ["scattered under uneven light", "near, few and large"])
def test_whole_cells_are_counted_and_cut_off_ones_are_not(name):
    field = FIELDS[name]
    counted = [cell for cell in find_cells(drawn(field)).cells if not cell.is_cut]
    # A cell that just touches the edge may count as whole or as cut off.
    at_most = sum(from_edge(shape, field) > 0.8 * shape.radius for shape in field.shapes)
    at_least = sum(from_edge(shape, field) > 1.2 * shape.radius for shape in field.shapes)
    assert at_least <= len(counted) <= at_most < len(field.shapes)


def test_a_white_cell_and_a_platelet_are_told_from_red_cells():
    field = FIELDS["a white cell and a platelet"]
    kinds = [cell.kind for cell in find_cells(drawn(field)).cells]
    assert (kinds.count("white"), kinds.count("platelet")) == (1, 1)
    assert kinds.count("red") == len(field.shapes) - 3


def test_the_radius_is_that_of_the_cells_at_any_magnification():
    for name, radius in (("scattered under uneven light", 16), ("near, few and large", 44)):
        found = find_cells(drawn(FIELDS[name])).radius
        assert found == pytest.approx(radius, rel=0.06)


def test_in_an_empty_field_nothing_is_found():
    assert find_cells(drawn(FIELDS["nothing"])).cells == []


@pytest.mark.parametrize("value", [0, 128, 255])
def test_a_picture_of_one_colour_has_no_cells(value):
    assert find_cells(np.full((40, 60, 3), value, np.uint8)).cells == []


def test_squared_distances_are_those_of_scipy():
    rng = np.random.default_rng(0)
    mask = ndimage.gaussian_filter(rng.normal(size=(30, 41)), 2) > 0
    expected = ndimage.distance_transform_edt(mask) ** 2
    assert np.allclose(squared_distances(mask), expected)
