"""The app's sample images are averages, and the same each time."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from fieldlens_training.data.images import DataError
from fieldlens_training.data.samples import AVERAGED, CELL_SIZE, write_cell_samples


def write_cells(root, count, spot_angles=(0.0,)):
    """Round pink cells on black, the infected with a purple spot halfway to the rim."""
    for name in ("Parasitized", "Uninfected"):
        folder = root / "train" / name
        folder.mkdir(parents=True)
        for number in range(count):
            image = Image.new("RGB", (130, 126))
            draw = ImageDraw.Draw(image)
            draw.ellipse((0, 0, 129, 125), fill=(220, 160, 160))
            if name == "Parasitized":
                angle = spot_angles[number % len(spot_angles)]
                x, y = 65 + 33 * np.cos(angle), 63 + 31 * np.sin(angle)
                draw.ellipse((x - 7, y - 7, x + 7, y + 7), fill=(120, 30, 140))
            image.save(folder / f"C{number}_cell.png")
    return root


def test_an_infected_cell_keeps_its_spot_in_the_average(tmp_path):
    data = write_cells(tmp_path / "cells", AVERAGED + 2, spot_angles=(0, 1, 2.5, 4, 5.5))
    paths = write_cell_samples(data, tmp_path / "out")
    assert [path.name for path in paths] == [f"synthetic-{i}.jpg" for i in (1, 2, 3, 4)]
    green = [np.asarray(Image.open(path))[..., 1].astype(int) for path in paths]
    line = (np.arange(CELL_SIZE) + 0.5) / CELL_SIZE * 2 - 1
    inside = np.hypot(*np.meshgrid(line, line)) < 0.8
    for infected, plain in ((green[0], green[1]), (green[2], green[3])):
        assert infected.shape == (CELL_SIZE, CELL_SIZE)
        assert infected[inside].min() < 80
        assert plain[inside].min() > 140


def test_the_samples_are_the_same_each_time(tmp_path):
    data = write_cells(tmp_path / "cells", AVERAGED)
    first = [p.read_bytes() for p in write_cell_samples(data, tmp_path / "a")]
    assert [p.read_bytes() for p in write_cell_samples(data, tmp_path / "b")] == first


def test_too_few_cells_are_named(tmp_path):
    data = write_cells(tmp_path / "cells", AVERAGED - 1)
    with pytest.raises(DataError, match="Parasitized: fewer than"):
        write_cell_samples(data, tmp_path / "out")
