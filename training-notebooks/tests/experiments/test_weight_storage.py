"""Each way to store weights holds what it says in the bytes that it says."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from sklearn.cluster import KMeans

from fieldlens_training.experiments.weight_storage import (
    EIGHT_BIT,
    METHODS,
    SHIPPED,
    bytes_of,
    palette_of,
    store_plan,
)
from fieldlens_training.package.export import store
from fieldlens_training.quantisation import bit_budget
from fieldlens_training.quantisation.equalise import equalise
from fieldlens_training.quantisation.fold import Convolution, fold, run_plan

BY_NAME = {way.name: way for way in METHODS}


@pytest.fixture
def weight():
    return np.random.default_rng(1).normal(0, 1, (6, 5, 3, 3)).astype(np.float32)


@pytest.fixture
def plan_and_input(trained_net):
    x = torch.randn(4, 1, 48, 48, generator=torch.Generator().manual_seed(2))
    return fold(trained_net()), x


@pytest.mark.parametrize("way", METHODS, ids=lambda way: way.name)
def test_the_raw_bytes_are_as_many_as_the_bits(way, weight):
    stored = way.store(weight)
    assert stored.values.shape == weight.shape and stored.values.dtype == np.float32
    assert len(stored.raw()) == -(-weight.size * stored.bits // 8) + len(stored.side)


def test_packed_codes_can_be_unpacked(weight):
    for name in ("6 bits per tensor, both", "4 bits, palette per tensor"):
        stored = BY_NAME[name].store(weight)
        data = np.frombuffer(stored.raw(), np.uint8)
        bits = np.unpackbits(data)[: weight.size * stored.bits].reshape(-1, stored.bits)
        codes = bits @ (1 << np.arange(stored.bits)[::-1])
        np.testing.assert_array_equal(codes, stored.codes.ravel())
        assert stored.codes.max() < 2**stored.bits


def test_coarser_ways_err_more(weight):
    def error(name: str, channels: slice = slice(None)) -> float:
        change = BY_NAME[name].store(weight).values - weight
        return float(np.square(change[channels]).mean())

    order = ["float32", "float16", "uint8 per tensor", "6 bits per tensor, both"]
    order += ["4 bits, palette per tensor"]
    errors = [error(name) for name in order]
    assert errors[0] == 0 and errors == sorted(errors)
    weight[0] *= 20  # one wide channel, whose range serves the others badly
    rest = slice(1, None)
    assert error("uint8 per channel, biases corrected", rest) < error("uint8 per tensor", rest) / 50
    assert error("4 bits, palette per channel") < error("4 bits, palette per tensor")


def test_a_palette_is_as_good_as_scikit_learns():
    values = np.random.default_rng(3).standard_normal(3000).astype(np.float32)
    codes, palette = palette_of(values, rounds=200)
    found = np.square(palette[codes] - values).sum()
    other = KMeans(16, n_init=3, random_state=0).fit(values[:, None]).inertia_
    assert found <= other * 1.05
    assert (np.abs(values[:, None] - palette).argmin(1) == codes).all()


def test_a_palette_of_few_values_is_exact():
    values = np.array([0.5, -1, 0.5, 2, 2, 2], np.float32)
    codes, palette = palette_of(values)
    np.testing.assert_allclose(palette[codes], values)


def test_the_shipped_way_is_the_exporters(plan_and_input, trained_net, monkeypatch):
    monkeypatch.setattr(bit_budget, "FINE_WEIGHTS", 200)
    plan, x = plan_and_input
    coarse, _ = store_plan(plan, BY_NAME[SHIPPED], x)
    exact = fold(trained_net())
    equalise(exact)
    exported, levels = store(exact, x)
    for mine, theirs in zip(coarse, exported, strict=True):
        if isinstance(mine, Convolution):
            torch.testing.assert_close(mine.weight, theirs.weight, atol=0, rtol=0)
            torch.testing.assert_close(mine.bias, theirs.bias, atol=0, rtol=0)
    assert levels


def test_storing_leaves_the_plan_as_it_was(plan_and_input):
    plan, x = plan_and_input
    before = run_plan(plan, x)["logits"]
    for way in METHODS:
        store_plan(plan, way, x)
    torch.testing.assert_close(run_plan(plan, x)["logits"], before, atol=0, rtol=0)


def test_float32_changes_nothing_and_correcting_brings_the_logits_nearer(plan_and_input):
    plan, x = plan_and_input
    exact = run_plan(plan, x)["logits"]

    def change(way) -> float:
        return float((run_plan(store_plan(plan, way, x)[0], x)["logits"] - exact).abs().mean())

    assert change(BY_NAME["float32"]) == 0
    four = BY_NAME["4 bits, palette per tensor"]
    assert change(four) < change(replace(four, corrected=False))


def test_fewer_bits_are_fewer_bytes(plan_and_input, monkeypatch):
    monkeypatch.setattr(bit_budget, "FINE_WEIGHTS", 200)
    plan, x = plan_and_input
    raw, zipped = zip(*(bytes_of(*store_plan(plan, way, x)) for way in METHODS), strict=True)
    sizes = dict(zip((way.name for way in METHODS), raw, strict=True))
    count = sum(layer.weight.numel() for layer in plan if hasattr(layer, "weight"))
    biases = sum(layer.bias.numel() for layer in plan if hasattr(layer, "bias"))
    assert sizes["float32"] == 4 * (count + biases)
    assert sizes["float16"] == 2 * count + 4 * biases
    assert sizes["6 bits per tensor, both"] < sizes["uint8 per tensor"] < sizes["float16"]
    assert all(z < r * 1.02 for r, z in zip(raw, zipped, strict=True))
    packed = dict(zip((way.name for way in METHODS), zipped, strict=True))
    assert packed[SHIPPED] < 0.7 * packed[EIGHT_BIT]
