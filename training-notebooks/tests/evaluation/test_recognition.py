"""A package tells images that are not of its kind, by the same distance everywhere."""

import numpy as np
import pytest
import torch
from scipy.spatial.distance import mahalanobis

from fieldlens_training.data.images import to_values
from fieldlens_training.data.out_of_distribution import other_scans, out_of_distribution_sets
from fieldlens_training.data.tasks import CHEST
from fieldlens_training.evaluation.recognition import (
    Read,
    Region,
    distances,
    fit_distance,
    recognise,
)
from fieldlens_training.evaluation.shape import fit_shape, weighed
from fieldlens_training.package.export import prepare, write_graph
from fieldlens_training.package.graph_model import GraphModel
from fieldlens_training.quantisation.fold import FARTHEST, tilt_of


def films(count: int, seed: int) -> np.ndarray:
    """Bright above, dark below, with grain: a kind of picture that has an upright."""
    rng = np.random.default_rng(seed)
    ramp = np.linspace(200, 60, 48)[:, None] + rng.normal(0, 8, (count, 1, 1))
    return (ramp + rng.normal(0, 6, (count, 48, 48))).clip(0, 255).astype(np.uint8)


@pytest.mark.parametrize("architecture", ["tiny", "tiny-bottleneck"])
def test_the_package_measures_the_distance_of_the_plan(trained_net, architecture, tmp_path):
    pixels = films(40, 1)
    plan, levels = prepare(trained_net(architecture), pixels, CHEST)
    known = recognise(plan, pixels, films(40, 2), CHEST, None)
    write_graph(plan, levels | {known.layer.name: known.levels}, 48, tmp_path)
    x = CHEST.normalise(to_values(torch.from_numpy(films(6, 3))))
    found = GraphModel(tmp_path).run(x.permute(0, 2, 3, 1).numpy())
    measured = distances(plan, films(6, 3), CHEST)
    assert found["distance"].shape == (6, 1)
    np.testing.assert_allclose(found["distance"][:, 0], measured, rtol=1e-4)
    assert plan[-1].name == "logits"


def test_own_images_are_recognised_and_turned_or_inverted_ones_are_not(trained_net):
    plan, _ = prepare(trained_net(), films(8, 0), CHEST)
    known = recognise(plan, films(300, 1), films(200, 2), CHEST, None)
    assert known.validation == {"n": 200, "flagged": pytest.approx(0.01, abs=0.006)}
    fresh = films(200, 3)
    assert (distances(plan, fresh, CHEST) > known.threshold).mean() < 0.06
    for changed in (fresh[:, ::-1].copy(), 255 - fresh, np.zeros_like(fresh)):
        assert (distances(plan, changed, CHEST) > known.threshold).mean() > 0.95


def test_training_images_lie_at_a_distance_of_about_one(trained_net):
    plan, _ = prepare(trained_net(), films(8, 0), CHEST)
    layer, levels = fit_distance(plan, films(300, 1), CHEST)
    plan.insert(len(plan) - 1, layer)
    # Values that hardly vary count less (LEAST_VARIANCE), so that it is 1 at most.
    assert 0.4 < np.square(distances(plan, films(300, 1), CHEST)).mean() < 1.1
    assert levels.values().shape == layer.basis.shape
    # Within the range of 16-bit floats at every step, whatever the picture.
    assert (layer.precision * FARTHEST**2 * len(layer.mean)).max() < 65504
    assert FARTHEST**2 * layer.rest < 65504


def test_the_distance_of_a_shape_is_mahalanobis():
    rng = np.random.default_rng(0)
    values = rng.normal(size=(400, 3)) @ np.array([[2, 1, 0], [0, 1, 0.5], [0, 0, 0.2]]) + 5
    shape = fit_shape(values)
    squared = shape.distances(values) ** 2
    assert squared.mean() == pytest.approx(1, abs=0.01)
    expected = mahalanobis(values[0], values.mean(0), np.linalg.inv(np.cov(values.T)))
    assert shape.distances(values[:1])[0] == pytest.approx(expected / np.sqrt(3), rel=1e-4)


def test_both_distances_vary_alike():
    rng = np.random.default_rng(1)
    values, others = rng.normal(size=(300, 2)), rng.uniform(0.5, 3, 300)
    shape = weighed(fit_shape(values), others, values)
    weighted = shape.weight * shape.distances(values) ** 2
    assert np.std(weighted) == pytest.approx(np.std(others**2), rel=1e-4)
    np.testing.assert_allclose(shape.joined(others, values) ** 2, others**2 + weighted)


def test_an_unusual_shape_is_not_recognised_whatever_its_maps(trained_net):
    plan, _ = prepare(trained_net(), films(8, 0), CHEST)
    shapes = np.random.default_rng(2).normal(size=(300, 2))
    region = Region(films(200, 2), lambda pictures: Read(pictures, shapes[: len(pictures)]), shapes)
    known = recognise(plan, films(300, 1), films(200, 2), CHEST, None, region=region)
    assert known.validation["flagged"] == pytest.approx(0.01, abs=0.006)
    assert known.shape is not None
    own = distances(plan, films(50, 3), CHEST)
    usual = known.shape.joined(own, np.zeros((50, 2)))
    unusual = known.shape.joined(own, np.full((50, 2), 30.0))
    assert (usual <= known.threshold).mean() > 0.9
    assert (unusual > known.threshold).all()
    assert known.entry()["shape"]["weight"] == known.shape.weight


def test_the_tilt_weighs_the_rows_from_top_to_bottom():
    assert tilt_of(5).tolist() == [-1, -0.5, 0, 0.5, 1]


def test_out_of_distribution_images_are_the_same_for_everyone(data, tmp_path):
    pytest.importorskip("pydicom")
    cells = tmp_path / "malaria" / "train"
    for folder in ("Uninfected", "Parasitized"):
        (cells / folder).mkdir(parents=True)
        from PIL import Image

        Image.new("RGB", (20, 20), (200, 150, 160)).save(cells / folder / "C1P1.png")
    pixels = films(5, 1)
    first = out_of_distribution_sets(CHEST, pixels, tmp_path, 32)
    second = out_of_distribution_sets(CHEST, pixels, tmp_path, 32)
    assert len(first) >= 8
    for name, images in first.items():
        assert images.dtype == np.uint8 and images.ndim == 3 and len(images), name
        assert np.array_equal(images, second[name]), name
    assert len(other_scans(16, 3)) >= 60
