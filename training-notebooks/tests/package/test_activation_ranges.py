"""The ranges of the activations, measured and packed."""

import base64

import numpy as np
import torch

from fieldlens_training.__main__ import main
from fieldlens_training.data import tasks
from fieldlens_training.data.images import load_all, to_values
from fieldlens_training.data.reference_images import reference_images
from fieldlens_training.package import activation_ranges
from fieldlens_training.package.graph_model import GraphModel
from fieldlens_training.package.manifest import (
    read_manifest,
)
from fieldlens_training.training import recipes


def test_ranges_are_added_and_nothing_else_changes(shipped, data, monkeypatch):
    monkeypatch.setattr(activation_ranges, "PLAIN", 6)
    monkeypatch.setattr(activation_ranges, "SHIFTED", 3)
    before = read_manifest(shipped / "tiny")
    arguments = ["ranges", "tiny", "--data", str(data), "--out", str(shipped)]
    assert main([*arguments, "--package-version", "1.0.1"]) == 0
    after = read_manifest(shipped / "tiny")
    found = after["classifier"].pop("activations")
    assert after == before | {"version": "1.0.1"}
    references = reference_images(after["classifier"]["input"]["width"], tasks.CHEST)
    assert found["images"] == 6 + 2 * 3 + len(references)
    model = GraphModel(shipped / "tiny")
    read = {n["input"][0] for n in model.nodes.values() if n["op"] == "_FusedConv2D"}
    assert set(found["ranges"]) == read - {"input"}


def test_no_value_that_was_measured_is_beyond_its_range(shipped, data):
    folder = shipped / "tiny"
    items, _ = recipes.load_split(recipes.RECIPES["tiny"], data)
    size = read_manifest(folder)["classifier"]["input"]["width"]
    pixels = load_all(items[:4], size, 1)
    x = tasks.CHEST.normalise(to_values(torch.from_numpy(pixels)))
    model = activation_ranges.ObservedModel(folder)
    model.run(x.permute(0, 2, 3, 1).numpy())
    for name, largest in model.ranges.items():
        assert largest.ndim == 1 and largest.max() > 0, name
        packed = activation_ranges.pack(largest)
        codes = np.frombuffer(base64.b64decode(packed["channels"]), np.uint8).astype(float)
        unpacked = activation_ranges.unpack(packed)
        assert len(codes) == len(largest)
        assert (unpacked * 1.000001 >= largest).all()
        near = largest > packed["largest"] * 2**-15
        assert (unpacked[near] <= largest[near] * 1.05).all()
