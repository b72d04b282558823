"""The shipped networks of the lungs: what lies outside the lungs must not decide.

The sample films of the app are always here. Real films of the test half are read where the data
are beside the project; elsewhere that test is skipped.
"""

import os
from pathlib import Path

import numpy as np
import pytest

from fieldlens_training.data.images import load_image
from fieldlens_training.data.reference_images import unpack
from fieldlens_training.package.manifest import read_manifest
from fieldlens_training.regions.invariance import invariance, outlined_films
from fieldlens_training.regions.outline_mask import FILM_SIZE
from fieldlens_training.regions.package_reader import PackageReader

PROJECT = Path(__file__).resolve().parents[3]
DATA = Path(os.environ.get("FIELDLENS_DATA", PROJECT.parent / "shared" / "data"))
SAMPLES = sorted((PROJECT / "static" / "samples" / "chest").glob("*.jpg"))
PACKAGES = sorted(
    path.parent
    for path in (PROJECT / "static" / "models").glob("*/manifest.json")
    if read_manifest(path.parent)["region"] is not None
)
EVERY = 3
"""Of the test half one film in so many: 105 films."""


@pytest.fixture(scope="module", params=PACKAGES, ids=lambda path: path.name)
def reader(request):
    return PackageReader(request.param)


def test_the_whole_path_gives_the_reference_vectors(reader):
    for vector in reader.manifest["referenceVectors"]:
        film = unpack(vector["film"], (FILM_SIZE, FILM_SIZE))
        crop = unpack(vector["pixels"], (reader.size, reader.size))
        assert np.array_equal(reader.crops(film[None])[0][0], crop)
        expected = vector["logits"][1] - vector["logits"][0]
        assert reader.read(film[None])[0] == pytest.approx(expected, abs=1e-3)


def test_the_samples_keep_their_decisions_with_other_surroundings(reader):
    films = np.stack([load_image(path, FILM_SIZE, 1) for path in SAMPLES])
    labels = np.array([1, 0, 1, 0])
    # At the careful setting one of the samples lies on the threshold of one of the models.
    masks, threshold = reader.outlines(films), reader.threshold("balanced")
    assert list(reader.read(films) >= threshold) == list(labels == 1)
    for name, figures in invariance(reader.read, films, masks, labels, threshold).items():
        assert figures["decisions that stay"] == 1, name
        assert figures["no lungs"] == 0, name


@pytest.mark.skipif(not (DATA / "lung_masks").is_dir(), reason=f"{DATA}: no films")
def test_films_keep_their_decisions_with_other_surroundings(reader):
    films, masks, labels = outlined_films(DATA, "test", EVERY)
    assert len(films) >= 100 and 0 < labels.mean() < 1
    found = invariance(reader.read, films, masks, labels, reader.threshold("sensitive"))
    for name, figures in found.items():
        # At most four of 105: all 313 are measured with ``regions.invariance``.
        assert figures["decisions that stay"] >= 0.96, name
        assert figures["no lungs"] == 0, name
