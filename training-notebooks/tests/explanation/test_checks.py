"""The checks, with a network that sees one corner."""

import numpy as np
import pytest

from fieldlens_training.explanation import checks, measure
from fieldlens_training.explanation.network import PackageNetwork
from fieldlens_training.explanation.occlusion import CELLS
from fieldlens_training.package.graph_model import GraphModel

SIZE = 32


class Corner:
    """Log-odds are the contrast of the upper left quarter."""

    def read(self, pictures: np.ndarray) -> np.ndarray:
        quarter = pictures[:, : SIZE // 2, : SIZE // 2].astype(float)
        return quarter.std(axis=(1, 2, 3)) / 20


@pytest.fixture
def pictures() -> np.ndarray:
    rng = np.random.default_rng(0)
    return rng.integers(30, 255, (6, SIZE, SIZE, 1)).astype(np.uint8)


def corner_map(row: int, column: int) -> np.ndarray:
    values = np.zeros((CELLS, CELLS))
    values[row : row + 4, column : column + 4] = 1
    return values


def test_a_map_of_what_counts_passes_and_one_of_the_rest_fails(pictures):
    network = Corner()
    scores = network.read(pictures)
    chance = checks.curves(network, pictures, checks.random_maps(len(pictures)))
    corner = corner_map(0, 0)
    for values, is_right in ((corner, True), (1 - corner, False)):
        maps = [values] * len(pictures)
        falls = checks.part_falls(network, pictures, maps, scores)
        assert (checks.share_supported(falls) == 1) is is_right
        deletion, insertion = checks.curves(network, pictures, maps)
        assert bool((chance[0] - deletion).mean() > 0) is is_right
        assert bool((insertion - chance[1]).mean() > 0) is is_right


def test_rank_correlation_is_spearmans_over_the_read_area():
    first = np.arange(CELLS * CELLS, dtype=float).reshape(CELLS, CELLS)
    area = np.ones((SIZE, SIZE), bool)
    assert checks.rank_correlation(first, first**3, area) == pytest.approx(1, abs=0.01)
    assert checks.rank_correlation(first, -first, area) == pytest.approx(-1)
    assert checks.rank_correlation(first, np.zeros_like(first), area) == 0


def test_an_interval_is_the_mean_with_its_error():
    # Standard deviation 1, so the half width is 1.96 / 2.
    found = checks.interval(np.array([1.0, 2.0, 3.0, 2.0]) + np.array([0, 0, 0, 0]))
    half = 1.96 * np.std([1, 2, 3, 2], ddof=1) / 2
    assert found == {"mean": 2.0, "low": round(2 - half, 4), "high": round(2 + half, 4)}


GOOD = {
    "hottestFifthFirst": 0.95,
    "deletionBelowRandom": {"mean": 0.5, "low": 0.4, "high": 0.6},
    "insertionAboveRandom": {"mean": 0.5, "low": 0.4, "high": 0.6},
    "randomised": {"logits": 0.9, "logits+stage4": 0.1},
}


@pytest.mark.parametrize(
    ("change", "passes"),
    [
        ({}, True),
        ({"hottestFifthFirst": 0.89}, False),
        ({"deletionBelowRandom": {"mean": 0.1, "low": -0.01, "high": 0.2}}, False),
        ({"insertionAboveRandom": {"mean": 0.1, "low": -0.01, "high": 0.2}}, False),
        ({"randomised": {"logits": 0.1, "logits+stage4": -0.6}}, False),
        ({"onBody": {"n": 10, "share": 0.91, "chance": 0.1}}, True),
        ({"onBody": {"n": 10, "share": 0.89, "chance": 0.1}}, False),
    ],
)
def test_a_kind_of_map_passes_all_checks_or_is_not_shown(change, passes):
    assert measure.passes(GOOD | change) is passes


def test_a_package_is_read_changed_and_written(shipped):
    """One test: its package is trained first."""
    package = shipped / "tiny"
    rule = measure.read_manifest(package)["classifier"]["input"]
    network = PackageNetwork(package, rule["mean"], rule["std"])
    side, channels = rule["width"], rule["channels"]
    pictures = np.random.default_rng(1).integers(0, 256, (2, side, side, channels), np.uint8)
    x = (pictures.astype(np.float32) / 255 - np.float32(rule["mean"])) / np.float32(rule["std"])
    found = GraphModel(package).run(x)
    assert network.outputs(pictures)["logits"] == pytest.approx(found["logits"], abs=1e-4)
    # Mended at the border it reads something else, but of the same size.
    mended = network.mended.outputs(pictures)["features"]
    assert mended.shape == found["features"].shape
    assert not np.allclose(mended, found["features"], atol=1e-3)

    # Shuffled layers have the same weights in another order.
    other = network.shuffled(("logits", "stage4"))
    for name, value in network.graph.weights.items():
        after = other.graph.weights[name]
        is_shuffled = name.startswith(("logits", "stage4")) and name.endswith("/weight")
        assert np.array_equal(value, after) is not is_shuffled
        assert np.array_equal(np.sort(value.ravel()), np.sort(after.ravel()))

    # The figures of a map that passes stand in the manifest, those of another do not.
    measure.write_explanation(package, {"occlusion": GOOD | {"passes": True}}, 200, "validation")
    written = measure.read_manifest(package)["explanation"]
    assert written["n"] == 200
    assert written["shuffledCorrelation"] == 0.1
    assert "onBody" not in written
    measure.write_explanation(package, {"occlusion": GOOD | {"passes": False}}, 200, "validation")
    assert "explanation" not in measure.read_manifest(package)
