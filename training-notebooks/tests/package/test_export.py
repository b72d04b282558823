"""A package holds PyTorch's network: exactly in float32, nearly so in eight bits."""

import json
from copy import copy

import numpy as np
import pytest
import torch
from monai.networks.nets import resnet34
from torch import nn

from fieldlens_training.data.images import to_values
from fieldlens_training.data.tasks import CHEST
from fieldlens_training.networks.network import build_network
from fieldlens_training.package import export
from fieldlens_training.package.export import Options, file_entry, grid_of, prepare, write_graph
from fieldlens_training.package.graph_model import GraphModel, PackageError
from fieldlens_training.package.packing import pack_shard, unpack_shard
from fieldlens_training.quantisation.equalise import equalise
from fieldlens_training.quantisation.fold import Convolution, fold, run_plan
from fieldlens_training.quantisation.quantise import quantise

BOTH = pytest.mark.parametrize("architecture", ["tiny", "tiny-bottleneck"])
SIZES = pytest.mark.parametrize("size", [48, 50])


def films(size: int, count: int = 6) -> np.ndarray:
    rng = np.random.default_rng(9)
    return rng.integers(0, 256, (count, size, size)).astype(np.uint8)


def as_input(pixels: np.ndarray) -> torch.Tensor:
    return CHEST.normalise(to_values(torch.from_numpy(pixels)))


@torch.no_grad()
def reference(net: nn.Module, x: torch.Tensor) -> tuple[np.ndarray, np.ndarray]:
    """Logits and last feature map of the PyTorch network."""
    seen = []
    handle = net.layer4.register_forward_hook(lambda *a: seen.append(a[2].clone()))
    logits = net(x)
    handle.remove()
    return logits.numpy(), seen[0].numpy()


@BOTH
@SIZES
def test_folding_keeps_logits_and_features(trained_net, architecture, size):
    net, x = trained_net(architecture), as_input(films(size))
    logits, features = reference(net, x)
    folded = run_plan(fold(net), x)
    np.testing.assert_allclose(folded["logits"], logits, atol=2e-5)
    np.testing.assert_allclose(folded["features"], features, atol=2e-4)


@BOTH
def test_equalising_keeps_logits_and_evens_the_channels(trained_net, architecture):
    net, x = trained_net(architecture), as_input(films(48))
    plan = fold(net)
    before = {p.name: p.weight for p in plan if isinstance(p, Convolution)}
    equalise(plan)
    np.testing.assert_allclose(run_plan(plan, x)["logits"], reference(net, x)[0], atol=2e-5)

    def unevenness(weight: torch.Tensor) -> float:
        return float(weight.abs().amax((1, 2, 3)).log().std())

    after = {p.name: p.weight for p in plan if isinstance(p, Convolution)}
    assert sum(map(unevenness, after.values())) < sum(map(unevenness, before.values()))


@BOTH
@SIZES
def test_a_float_package_gives_the_logits_of_pytorch(trained_net, architecture, size, tmp_path):
    net, pixels = trained_net(architecture), films(size)
    plan, levels = prepare(net, pixels, CHEST, Options(eight_bit=False, equalise=False))
    write_graph(plan, levels, size, tmp_path)
    found = GraphModel(tmp_path).run(as_input(pixels).permute(0, 2, 3, 1).numpy())
    logits, features = reference(net, as_input(pixels))
    np.testing.assert_allclose(found["logits"], logits, atol=2e-5)
    np.testing.assert_allclose(found["features"], features.transpose(0, 2, 3, 1), atol=2e-4)
    grid = grid_of(size)
    assert found["features"].shape == (6, grid, grid, features.shape[1])


@BOTH
def test_an_eight_bit_package_is_near_and_holds_exactly_what_was_measured(
    trained_net, architecture, tmp_path
):
    net, pixels = trained_net(architecture), films(48)
    plan, levels = prepare(net, pixels, CHEST)
    write_graph(plan, levels, 48, tmp_path)
    found = GraphModel(tmp_path).run(as_input(pixels).permute(0, 2, 3, 1).numpy())["logits"]
    measured = run_plan(plan, as_input(pixels))["logits"]
    np.testing.assert_allclose(found, measured, atol=2e-5)
    exact = reference(net, as_input(pixels))[0]
    assert np.abs(found - exact).max() < 0.02 * np.abs(exact).max()


def test_correcting_the_biases_brings_the_logits_nearer(trained_net):
    net, pixels = trained_net(), films(48, 16)
    exact = reference(net, as_input(pixels))[0]

    def distance(options: Options) -> float:
        plan, _ = prepare(net, pixels, CHEST, options)
        change = run_plan(plan, as_input(pixels))["logits"].numpy() - exact
        return float(np.abs(change.mean(axis=0)).max())

    assert distance(Options()) < distance(Options(correct_biases=False))


def test_no_shard_is_larger_than_the_limit_and_none_is_left_over(
    trained_net, tmp_path, monkeypatch
):
    monkeypatch.setattr(export, "SHARD_BYTES", 4096)
    plan, levels = prepare(trained_net(), films(48), CHEST)
    (tmp_path / "group1-shard9of9.bin").write_bytes(b"of an earlier export")
    written = write_graph(plan, levels, 48, tmp_path)
    shards = written.files[1:]
    assert len(shards) > 3
    sizes = [file_entry(path)["unpackedBytes"] for path in shards]
    assert all(size == 4096 for size in sizes[:-1])
    assert 0 < sizes[-1] <= 4096
    assert sorted(tmp_path.iterdir()) == sorted(written.files)
    GraphModel(tmp_path)


def test_the_shipped_architecture_stays_under_22_megabytes(tmp_path):
    assert export.SHARD_BYTES <= 4 * 1024 * 1024
    torch.manual_seed(0)
    net = build_network("resnet34", 1).eval()
    assert type(net) is type(resnet34(spatial_dims=2, n_input_channels=1))
    plan, levels = prepare(net, np.zeros((0, 112, 112), np.uint8), CHEST, Options(equalise=False))
    written = write_graph(plan, levels, 112, tmp_path)
    assert sum(path.stat().st_size for path in written.files) < 22_000_000


def test_quantisation_keeps_zero_and_stays_within_half_a_step():
    weight = np.random.default_rng(0).normal(0.3, 1, (4, 5, 3, 3)).astype(np.float32)
    weight[0, 0, 0, 0] = 0
    stored = quantise(weight)
    values = stored.values()
    assert values[0, 0, 0, 0] == 0
    assert np.abs(values - weight).max() <= stored.scale * 1.001
    assert quantise(np.zeros((2, 2))).values().tolist() == [[0, 0], [0, 0]]


def test_the_graph_says_what_tensorflow_js_reads(trained_net, tmp_path):
    plan, levels = prepare(trained_net(), films(48), CHEST)
    write_graph(plan, levels, 48, tmp_path)
    model = json.loads((tmp_path / "model.json").read_text())
    assert model["format"] == "graph-model"
    nodes = {node["name"]: node for node in model["modelTopology"]["node"]}
    assert nodes["input"]["op"] == "Placeholder"
    entries = [e for group in model["weightsManifest"] for e in group["weights"]]
    assert {e["name"] for e in entries} == {n for n, v in nodes.items() if v["op"] == "Const"}
    known = {"Placeholder", "Const", "_FusedConv2D", "AddV2", "Relu", "Pad", "MaxPool", "Mean"}
    assert {node["op"] for node in nodes.values()} == known | {"_FusedMatMul"}
    assert all(i in nodes for node in nodes.values() for i in node.get("input", []))


def test_a_damaged_package_is_refused_by_name(trained_net, tmp_path):
    plan, levels = prepare(trained_net(), films(48), CHEST)
    written = write_graph(plan, levels, 48, tmp_path)
    shard = written.files[-1]
    data = unpack_shard(shard.read_bytes(), 10**6)
    shard.write_bytes(pack_shard(data + b"more"))
    with pytest.raises(PackageError, match=r"model\.json: the shards hold"):
        GraphModel(tmp_path)
    shard.write_bytes(pack_shard(data) + b"more")
    with pytest.raises(PackageError, match=rf"{shard.name}: goes on past its end"):
        GraphModel(tmp_path)
    shard.unlink()
    with pytest.raises(PackageError, match=shard.name.replace(".deflate", "")):
        GraphModel(tmp_path)


def test_preparing_leaves_the_network_as_it_was(trained_net):
    net = trained_net()
    before = copy({k: v.clone() for k, v in net.state_dict().items()})
    prepare(net, films(48), CHEST)
    assert all(torch.equal(v, before[k]) for k, v in net.state_dict().items())
