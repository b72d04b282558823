"""What rounding to int8 does to the log-odds, and the maps that need more bits."""

import numpy as np
import pytest
import torch

from fieldlens_training.data import tasks
from fieldlens_training.data.images import load_all, to_values
from fieldlens_training.networks.predict import score
from fieldlens_training.package import activation_ranges
from fieldlens_training.package.manifest import read_manifest
from fieldlens_training.package.rounding_errors import RoundingErrors, choose, int16_maps
from fieldlens_training.quantisation.fold import LOGITS
from fieldlens_training.training import recipes


@pytest.fixture
def measured(shipped, data):
    """The tiny package, images, its ranges on them, and what was measured."""
    folder = shipped / "tiny"
    items, _ = recipes.load_split(recipes.RECIPES["tiny"], data)
    size = read_manifest(folder)["classifier"]["input"]["width"]
    pixels = torch.from_numpy(load_all(items[:6], size, 1))
    x = tasks.CHEST.normalise(to_values(pixels))
    observed = activation_ranges.ObservedModel(folder)
    observed.run(x.permute(0, 2, 3, 1).numpy())
    largest = {
        n: activation_ranges.unpack(activation_ranges.pack(r)) for n, r in observed.ranges.items()
    }
    model = RoundingErrors(folder, largest)
    model.measure(x.permute(0, 2, 3, 1))
    return folder, x, largest, model


class RoundedAt(RoundingErrors):
    """The network itself, with one map and the weights that read it rounded."""

    name = ""

    def _execute(self, node, values):
        source = node.get("input", [""])[0]
        if node["op"] == "_FusedConv2D" and source == self.name:
            x, weight, bias = (values[name] for name in node["input"])
            x, weight = self._rounded(x, weight, self.ranges[source])
            names = dict(zip(node["input"], (x, weight, bias), strict=True))
            return super(RoundingErrors, self)._execute(node, values | names)
        return super(RoundingErrors, self)._execute(node, values)


def test_the_first_order_is_what_rounding_one_map_does(measured):
    folder, x, largest, model = measured
    exact, rounded = (RoundedAt(folder, largest) for _ in range(2))
    log_odds = lambda m: score(m.run(x.permute(0, 2, 3, 1).numpy())[LOGITS])  # noqa: E731
    before = log_odds(exact)
    wanted, found = [], []
    for name in largest:
        rounded.name = name
        wanted.append(log_odds(rounded) - before)
        (errors,) = model.errors[name]
        found.append(errors)
    assert np.corrcoef(np.ravel(wanted), np.ravel(found))[0, 1] > 0.95
    assert np.linalg.norm(found) == pytest.approx(np.linalg.norm(wanted), rel=0.2)


def test_products_are_those_of_the_convolutions_that_read_a_map(measured):
    _, _, largest, model = measured
    convolutions = [n for n in model.nodes.values() if n["op"] == "_FusedConv2D"]
    assert set(model.products) == set(largest)
    assert all(count > 0 for count in model.products.values())
    read_twice = [name for name in largest if sum(n["input"][0] == name for n in convolutions) == 2]
    assert read_twice, "no block with a shortcut of its own"


def test_the_maps_that_help_most_for_their_time_come_first():
    squares = {"a": 4e-4, "b": 4e-4, "c": 1e-4, "d": 1e-6}
    products = {"a": 10, "b": 100, "c": 1, "d": 1}
    assert choose(squares, products, 1.0) == []
    assert choose(squares, products, 0.021) == ["a", "c"]
    assert choose(squares, products, 0.0011) == ["a", "b", "c"]
    assert choose(squares, products, 0.0) == ["a", "b", "c", "d"]


def test_without_a_bound_every_map_that_errs_is_int16(measured):
    folder, x, largest, _ = measured
    assert int16_maps(folder, largest, [x[:2]], most=0.0) == sorted(largest)
    assert int16_maps(folder, largest, [x[:2]], most=1e6) == []
