"""The shipped package reads cells in Python as its reference vectors say."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fieldlens_training.data.reference_images import reference_images
from fieldlens_training.regions.cells.cell_reader import CellReader
from fieldlens_training.regions.cells.find import find_cells

PROJECT = Path(__file__).resolve().parents[4]
SAMPLES = sorted((PROJECT / "static" / "samples" / "smear").glob("*.jpg"))


@pytest.fixture(scope="module")
def reader() -> CellReader:
    return CellReader(PROJECT / "static" / "models" / "malaria-resnet34")


def test_cells_are_scored_as_the_reference_vectors_say(reader):
    vectors = {vector["id"]: vector for vector in reader.manifest["referenceVectors"]}
    cells = reference_images(reader.size, reader.task)
    assert set(cells) == set(vectors)
    scores = reader.read(list(cells.values()))
    logits = np.array([vectors[name]["logits"] for name in cells])
    odds = (logits[:, 1] - logits[:, 0]) / reader.manifest["calibration"]["temperature"]
    assert scores.probabilities == pytest.approx(1 / (1 + np.exp(-odds)), abs=1e-4)
    distances = np.array([vectors[name]["distance"] for name in cells])
    threshold = reader.manifest["recognition"]["threshold"]
    assert scores.recognised.tolist() == (distances <= threshold).tolist()


def test_the_infected_cells_of_the_sample_slide_stand_out(reader):
    # Six of 198 cells are infected; the slide is made of averaged cells.
    found = suspected = 0
    for path in SAMPLES:
        picture = np.asarray(Image.open(path).convert("RGB"))
        cells = find_cells(picture)
        whole = [i for i, cell in enumerate(cells.cells) if cell.kind == "red" and not cell.is_cut]
        found += len(whole)
        suspected += int((reader.read_field(picture, cells, whole).probabilities >= 0.5).sum())
    assert found == 198 and suspected == 6


def test_nothing_to_read_is_no_error(reader):
    assert len(reader.read([]).probabilities) == 0
