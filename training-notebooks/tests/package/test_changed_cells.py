"""The random changes of cells that are not about the whole picture."""

import pytest
import torch

from fieldlens_training.augment.cells import inclusions, pale_inclusions
from fieldlens_training.package.mean_weights import mixed

CELL, PARASITE = (0.8, 0.6, 0.7), (0.4, 0.15, 0.5)


def cell_with_parasite() -> torch.Tensor:
    """A cell of 24 pixels on black, with one stained pixel."""
    x = torch.zeros(1, 3, 32, 32)
    x[:, :, 4:28, 4:28] = torch.tensor(CELL).view(1, 3, 1, 1)
    x[0, :, 10, 10] = torch.tensor(PARASITE)
    return x


def changed(contrast: float, greyness: float) -> torch.Tensor:
    one = torch.ones(1, 1, 1, 1)
    return inclusions(cell_with_parasite(), one * contrast, one * greyness, torch.ones(1, 3, 1, 1))


def test_full_contrast_changes_nothing():
    assert torch.allclose(changed(1.0, 0.0), cell_with_parasite(), atol=1e-6)


def test_half_the_contrast_is_the_root_of_the_density():
    pixel = changed(0.5, 0.0)[0, :, 10, 10]
    # The typical colour is the cell's mean, which the one stained pixel of 576 darkens.
    typical = torch.tensor(CELL) + (torch.tensor(PARASITE) - torch.tensor(CELL)) / 576
    assert torch.allclose(pixel, (typical * torch.tensor(PARASITE)).sqrt(), atol=1e-4)


def test_grey_inclusions_take_the_same_share_of_each_channel():
    ratio = changed(1.0, 1.0)[0, :, 10, 10] / torch.tensor(CELL)
    assert float(ratio.max() - ratio.min()) < 0.005


def test_the_cell_and_the_black_around_it_stay():
    x = cell_with_parasite()
    y = pale_inclusions(x, torch.Generator().manual_seed(1))
    assert torch.equal(y[:, :, :4], x[:, :, :4])
    assert torch.allclose(y[0, :, 20, 20], x[0, :, 20, 20], atol=0.01)
    assert float(y[0, 1, 10, 10]) > float(x[0, 1, 10, 10]) + 0.1


@pytest.mark.parametrize(("share", "expected"), [(0.0, 2.0), (0.7, 5.5), (1.0, 7.0)])
def test_weights_are_mixed_and_counts_are_kept(share: float, expected: float):
    begun = {"weight": torch.tensor([2.0]), "steps": torch.tensor(3)}
    trained = {"weight": torch.tensor([7.0]), "steps": torch.tensor(9)}
    result = mixed(begun, trained, share)
    assert result["weight"].item() == pytest.approx(expected)
    assert result["steps"].item() == 9
