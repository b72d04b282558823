"""Even colours of cells, by hand."""

import pytest
import torch

from fieldlens_training.data.colours import LEAST, TARGET, disc, even_colours


def picture(colour, side=20):
    return torch.tensor(colour).view(1, 3, 1, 1).expand(1, 3, side, side).clone() / 255


def levels(x):
    return (x * 255).round().long()


def test_the_middle_gets_the_target_whatever_light_there_was():
    for colour in ((120, 90, 150), (250, 240, 230), (60, 60, 60)):
        assert levels(even_colours(picture(colour)))[0, :, 10, 10].tolist() == list(TARGET)


def test_what_differs_from_the_middle_keeps_its_relation():
    x = picture((120, 90, 150))
    x[0, :, 10, 10] = torch.tensor((60, 30, 150)) / 255
    # 60 * 196 / 120 and 30 * 158 / 90, rounded.
    assert levels(even_colours(x))[0, :, 10, 10].tolist() == [98, 53, 168]


def test_corners_do_not_count_and_bright_ones_stay_white():
    x = picture((100, 100, 100))
    x[0, :, ~disc(20)] = 1.0
    even = levels(even_colours(x))[0]
    assert even[:, 10, 10].tolist() == list(TARGET)
    assert even[:, 0, 0].tolist() == [255, 255, 255]


def test_a_black_picture_is_not_made_bright():
    even = levels(even_colours(picture((4, 4, 4))))[0, :, 0, 0]
    assert even.tolist() == [(8 * t + LEAST) // (2 * LEAST) for t in TARGET]


def test_a_second_time_changes_nothing():
    x = torch.rand(3, 3, 16, 16, generator=torch.Generator().manual_seed(1)) * 0.6 + 0.3
    once = even_colours(x)
    assert torch.equal(even_colours(once), once)


@pytest.mark.parametrize("side", [7, 8])
def test_the_disc_is_symmetric(side):
    inside = disc(side)
    assert torch.equal(inside, inside.flip(0)) and torch.equal(inside, inside.T)
