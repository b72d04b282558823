"""Levels, upsampling and pieces of the finder's map."""

import numpy as np
import torch
import torch.nn.functional as F

from fieldlens_training.regions.outline_mask import keep_lungs, levels_of, outline_of, upsample


def test_levels_round_half_up_and_are_held_within_a_byte():
    logits = np.array([0.0, 1 / 32, -1 / 32, 0.03, 100.0, -100.0])
    assert levels_of(logits).tolist() == [0, 1, 0, 0, 127, -128]


def test_upsampling_is_that_of_pytorch():
    levels = np.random.default_rng(0).integers(-128, 128, (7, 9)).astype(np.int8)
    wide = torch.from_numpy(levels.astype(np.float64))[None, None]
    expected = F.interpolate(wide, scale_factor=4, mode="bilinear", align_corners=False)
    assert np.array_equal(upsample(levels), (expected[0, 0] * 64).numpy())


def test_small_pieces_go_and_holes_are_filled():
    mask = np.zeros((40, 40), bool)
    mask[5:25, 3:15] = True  # 240 pixels
    mask[5:25, 22:30] = True  # 160
    mask[30:33, 30:33] = True  # 9: less than 12 in 100 of the largest
    mask[10:13, 6:9] = False  # a hole
    kept = keep_lungs(mask)
    assert not kept[30:33, 30:33].any()
    assert kept[10:13, 6:9].all()
    assert kept.sum() == 400


def test_pieces_that_meet_at_a_corner_are_two():
    mask = np.zeros((40, 40), bool)
    mask[0:20, 0:20] = True
    mask[20:25, 20:25] = True  # 25 of 400
    assert keep_lungs(mask).sum() == 400


def test_an_empty_map_gives_an_empty_outline():
    assert not outline_of(np.full((56, 56), -5, np.int8)).any()
