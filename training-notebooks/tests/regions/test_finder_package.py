"""The written finder computes what the network computes."""

import json

import numpy as np
import pytest
import torch

from fieldlens_training.package.activation_ranges import unpack
from fieldlens_training.package.graph_model import GraphModel
from fieldlens_training.quantisation.fold import run_plan
from fieldlens_training.regions.finder_package import (
    OUTLINE,
    fold_finder,
    measure_ranges,
    write_finder,
)
from fieldlens_training.regions.found import finder_input
from fieldlens_training.regions.network import LungFinder, normalise


@pytest.fixture(scope="module")
def net():
    torch.manual_seed(0)
    net = LungFinder((8, 8, 16, 16))
    for _ in range(3):
        net(torch.randn(4, 1, 112, 112))
    return net.eval()


@pytest.fixture(scope="module")
def films():
    return np.random.default_rng(0).integers(0, 256, (6, 224, 224)).astype(np.uint8)


def test_folding_changes_nothing(net):
    x = torch.randn(2, 1, 48, 32)
    found = run_plan(fold_finder(net), x, (OUTLINE,))[OUTLINE]
    with torch.no_grad():
        assert torch.allclose(found, net(x), atol=1e-5)


def test_the_written_graph_computes_its_plan(net, films, tmp_path):
    plan = write_finder(net, films, tmp_path)
    x = normalise(torch.from_numpy(finder_input(films)))
    wanted = run_plan(plan, x, (OUTLINE,))[OUTLINE].permute(0, 2, 3, 1).numpy()
    found = GraphModel(tmp_path).run(x.permute(0, 2, 3, 1).numpy())[OUTLINE]
    assert found.shape == (6, 56, 56, 1)
    assert np.allclose(found, wanted, atol=1e-5)
    with torch.no_grad():
        exact = net(x).permute(0, 2, 3, 1).numpy()
    assert np.abs(found - exact).mean() < 0.1 * np.abs(exact).mean() + 0.02


def test_the_ranges_hold_what_was_seen(net, films, tmp_path):
    plan = write_finder(net, films, tmp_path)
    region = json.loads((tmp_path / "region.json").read_text())
    largest = measure_ranges(plan, normalise(torch.from_numpy(finder_input(films))))
    assert set(region["activations"]["ranges"]) == set(largest)
    for name, entry in region["activations"]["ranges"].items():
        assert (unpack(entry) >= largest[name] * (1 - 1e-6)).all()
