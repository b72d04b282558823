"""A tiny data set and a tiny network: everything is generated, nothing is downloaded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from monai.networks.nets import ResNet
from PIL import Image

from fieldlens_training.__main__ import main
from fieldlens_training.data import tasks
from fieldlens_training.evaluation import metrics
from fieldlens_training.networks import network
from fieldlens_training.training import recipes
from fieldlens_training.training.train import train

torch.set_num_threads(1)


def tiny(block: str = "basic", widths: tuple[int, ...] = (8, 12, 16, 24), **options):
    """The family's smallest member: one block a stage."""
    return ResNet(block, [1, 1, 1, 1], list(widths), **options)


@pytest.fixture(autouse=True)
def _tiny_architectures(monkeypatch):
    monkeypatch.setitem(network.ARCHITECTURES, "tiny", tiny)
    monkeypatch.setitem(
        network.ARCHITECTURES, "tiny-bottleneck", lambda **o: tiny("bottleneck", **o)
    )


@pytest.fixture
def recipe():
    """Two short stages of the tiny network."""
    return replace(
        recipes.RECIPES["pneumonia-resnet34"],
        name="tiny",
        architecture="tiny",
        stages=(recipes.Stage(32, 2, 1e-3), recipes.Stage(48, 1, 1e-3)),
        batch=8,
        validation_fraction=0.3,
    )


def write_data(root: Path, patients: int = 12) -> Path:
    """Write ``root/train`` in the public layout: two films a patient, pneumonias brighter."""
    rng = np.random.default_rng(3)
    for name, level in (("NORMAL", 80), ("PNEUMONIA", 150)):
        folder = root / "train" / name
        folder.mkdir(parents=True)
        for patient in range(patients):
            for film in range(2):
                if name == "NORMAL":
                    series = "IM" if patient % 2 else "NORMAL2-IM"
                    stem = f"{series}-{patient:04d}-{film:04d}"
                else:
                    germ = "bacteria" if patient % 3 else "virus"
                    stem = f"person{patient}_{germ}_{film}"
                pixels = rng.normal(level, 30, (40, 50)).clip(0, 255).astype(np.uint8)
                Image.fromarray(pixels).save(folder / f"{stem}.png")
    return root


@pytest.fixture
def data(tmp_path):
    return write_data(tmp_path / "chest_xray")


@pytest.fixture
def trained_net():
    """A network whose BatchNorms have moved off their initial values; builder by name."""

    def build(architecture: str = "tiny") -> torch.nn.Module:
        torch.manual_seed(5)
        net = network.build_network(architecture, 1)
        for module in net.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                torch.nn.init.uniform_(module.weight, 0.3, 2.0)
                torch.nn.init.normal_(module.bias, 0, 0.3)
                module.running_mean.normal_(0, 0.3)
                module.running_var.uniform_(0.2, 3.0)
        return net.eval()

    return build


@pytest.fixture
def shipped(recipe, data, tmp_path, monkeypatch):
    """A package of a tiny network that was trained for three epochs."""
    quick = {"none": lambda x, g: x, "darker": lambda x, g: x * 0.7}
    monkeypatch.setitem(tasks.TASKS, tasks.CHEST.id, replace(tasks.CHEST, shifts=quick))
    monkeypatch.setattr(metrics, "FOLDS", 100)
    monkeypatch.setitem(recipes.RECIPES, "tiny", recipe)
    train(recipe, data, tmp_path / "runs" / "tiny", say=lambda _: None)
    arguments = ["export", "tiny", "--data", str(data), "--runs", str(tmp_path / "runs")]
    assert main([*arguments, "--out", str(tmp_path / "models")]) == 0
    return tmp_path / "models"
