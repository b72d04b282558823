"""Fields made of single cells hold each of them once, where their boxes say."""

import csv

import numpy as np
import pytest
from PIL import Image, ImageDraw

from fieldlens_training.data.tasks import MALARIA
from fieldlens_training.regions.cells import synthetic_slides
from fieldlens_training.regions.cells.find import find_cells
from fieldlens_training.regions.cells.measure import overlap
from fieldlens_training.regions.cells.pasted import outline, paste
from fieldlens_training.regions.cells.sample_slide import without_rim


def cell(width: int = 120, height: int = 112, fill=(190, 140, 160)) -> np.ndarray:
    image = Image.new("RGB", (width, height))
    ImageDraw.Draw(image).ellipse((1, 1, width - 2, height - 2), fill=fill)
    return np.asarray(image)


def test_each_pasted_cell_is_found_where_its_box_says():
    cells = [cell(120 - 3 * i, 112 - 2 * i) for i in range(12)]
    field = paste(cells, (500, 400), 80, np.random.default_rng(0))
    found = [each for each in find_cells(field.picture).cells if each.kind == "red"]
    assert len(found) == len(field.boxes) == 12
    for x, y, width, height in field.boxes:
        box = (x, y, x + width, y + height)
        assert max(overlap(box, each) for each in found) > 0.8


def test_the_background_is_paler_than_the_cells_and_has_their_colour():
    field = paste([cell()], (300, 300), 90, np.random.default_rng(0)).picture
    corner = field[150, 5:20].mean(axis=0)
    assert (corner > (190, 140, 160)).all()
    assert corner[1] < corner[0]


def test_more_cells_than_places_are_refused():
    with pytest.raises(ValueError, match="places"):
        paste([cell()] * 5, (200, 200), 90, np.random.default_rng(0))


def test_a_dark_rim_is_cut_away():
    rimmed = cell(fill=(60, 50, 55))
    inner = cell(100, 92)
    rimmed = np.array(rimmed)
    rimmed[10:102, 10:110][outline(inner)] = (190, 140, 160)
    kept = without_rim(rimmed)
    assert outline(kept).sum() == pytest.approx(outline(inner).sum(), rel=0.05)


def test_a_slide_has_the_wanted_share_of_infected_cells_of_one_patient(tmp_path, monkeypatch):
    monkeypatch.setattr(synthetic_slides, "CELLS", 30)
    monkeypatch.setattr(synthetic_slides, "SIZE", (700, 600))
    for name in ("Parasitized", "Uninfected"):
        folder = tmp_path / "test" / name
        folder.mkdir(parents=True)
        for number in range(3):
            Image.fromarray(cell()).save(folder / f"C7_{number}.png")
    items = MALARIA.list(tmp_path, "test")
    assert synthetic_slides.patients_of(items, 3) == ["C7"]
    assert synthetic_slides.patients_of(items, 4) == []
    rng = np.random.default_rng(2)
    for share, most in ((0.0, 0), (0.5, 45)):
        synthetic_slides.write_slide(tmp_path / "out", items, share, 2, rng)
        with (tmp_path / "out" / "boxes.csv").open() as file:
            rows = list(csv.DictReader(file))
        infected = sum(row["label"] == "infected" for row in rows)
        assert len(rows) == 60
        assert most - 30 <= infected <= most
        assert (infected > 0) == (share > 0)
