"""Coarse weights: which steps, and how each rounding error is made up for."""

import numpy as np
import pytest
import torch

from fieldlens_training.quantisation import bit_budget
from fieldlens_training.quantisation.bit_budget import choose_steps, entropy, finest, sensitivities
from fieldlens_training.quantisation.fold import Convolution, fold, run_plan
from fieldlens_training.quantisation.quantise import quantise
from fieldlens_training.quantisation.rounding import round_plan, round_with_feedback, second_moments


@pytest.fixture
def plan(trained_net):
    return fold(trained_net("tiny-bottleneck"))


@pytest.fixture
def x():
    return torch.randn(12, 1, 32, 32, generator=torch.Generator().manual_seed(2))


def convolution(padding: int = 1, stride: int = 2) -> Convolution:
    g = torch.Generator().manual_seed(1)
    weight = torch.randn(7, 5, 3, 3, generator=g)
    return Convolution("c", "input", weight, torch.zeros(7), stride, padding, False)


def test_second_moments_are_those_of_the_patches_that_the_kernel_sees():
    layer, x = convolution(), torch.randn(3, 5, 9, 8, generator=torch.Generator().manual_seed(3))
    padded = torch.nn.functional.pad(x, (1, 1, 1, 1))
    patches = [
        image[:, top : top + 3, left : left + 3].flatten().double()
        for image in padded
        for top in range(0, 9, 2)
        for left in range(0, 8, 2)
    ]
    expected = sum(torch.outer(p, p) for p in patches) / len(patches)
    torch.testing.assert_close(second_moments(layer, x), expected, atol=1e-5, rtol=1e-5)


def test_without_correlation_feedback_is_plain_rounding():
    weight = convolution().weight
    found = round_with_feedback(weight, torch.eye(45, dtype=torch.float64), 0.3)
    plain = quantise(weight.numpy(), step=0.3)
    np.testing.assert_array_equal(found.levels, plain.levels)
    assert (found.scale, found.minimum) == (plain.scale, plain.minimum)


def test_feedback_keeps_the_output_nearer_than_rounding_does():
    g = torch.Generator().manual_seed(4)
    weight = convolution().weight
    inputs = torch.randn(2000, 45, generator=g) @ torch.randn(45, 45, generator=g)
    moments = (inputs.T @ inputs).double() / len(inputs)

    def error(values: np.ndarray) -> float:
        change = torch.from_numpy(values).reshape(7, -1) - weight.reshape(7, -1)
        return float((inputs @ change.T).square().mean())

    found = round_with_feedback(weight, moments, 0.3)
    assert error(found.values()) < 0.5 * error(quantise(weight.numpy(), step=0.3).values())
    zero = round(-found.minimum / found.scale)
    assert 0 <= zero <= 255
    assert found.minimum + zero * found.scale == 0


def test_what_was_never_seen_is_rounded_and_stays_finite():
    found = round_with_feedback(convolution().weight, torch.zeros(45, 45).double(), 0.5)
    assert np.abs(found.values() - convolution().weight.numpy()).max() <= 0.2501


def test_sensitivities_are_squared_derivatives(plan, x):
    name, step = "stage1_block1_conv1", 1e-3
    layer = next(p for p in plan if p.name == name)
    found = sensitivities(plan, x[:2])[name]

    def log_odds(shift: float, at: tuple) -> torch.Tensor:
        kept = layer.weight.clone()
        layer.weight[at] += shift
        logits = run_plan(plan, x[:2], ("logits",))["logits"]
        layer.weight = kept
        return (logits[:, 1] - logits[:, 0]).double()

    squares = []
    for at in np.ndindex(*layer.weight.shape):
        slope = (log_odds(step, at) - log_odds(-step, at)) / (2 * step)
        squares.append(float(slope.square().mean()))
    assert found == pytest.approx(np.mean(squares), rel=0.02)


def test_steps_meet_the_wanted_bits_and_are_finer_where_it_matters(plan, x, monkeypatch):
    monkeypatch.setattr(bit_budget, "FINE_WEIGHTS", 100)
    sensitive = sensitivities(plan, x)
    steps = choose_steps(plan, sensitive, 3.5)
    weights = {p.name: p.weight.numpy() for p in plan if p.name in steps}
    assert min(w.size for w in weights.values()) > 100
    bits = sum(w.size * entropy(quantise(w, step=steps[n]).levels) for n, w in weights.items())
    assert bits / sum(w.size for w in weights.values()) == pytest.approx(3.5, abs=0.05)
    free = [name for name in steps if steps[name] > finest(weights[name]) * 1.001]
    assert len(free) > 3
    costs = [steps[name] * sensitive[name] ** 0.5 for name in free]
    assert max(costs) == pytest.approx(min(costs), rel=1e-6)


def test_entropy_is_that_of_the_levels():
    assert entropy(np.array([3, 3, 3], np.uint8)) == 0
    assert entropy(np.arange(256, dtype=np.uint8)) == pytest.approx(8)
    assert entropy(np.array([0, 0, 1, 2], np.uint8)) == pytest.approx(1.5)


def test_a_plan_is_rounded_where_steps_say_so_and_read_back_as_it_is_stored(plan, x):
    name = "stage3_block1_conv2"
    before = {p.name: p.weight.clone() for p in plan if hasattr(p, "weight")}
    rounded, levels = round_plan(plan, {name: 0.2}, x)
    assert levels.keys() == before.keys()
    assert levels[name].scale == 0.2
    for layer in rounded:
        if layer.name in levels:
            np.testing.assert_array_equal(layer.weight.numpy(), levels[layer.name].values())
    assert all(torch.equal(p.weight, before[p.name]) for p in plan if p.name in before)
