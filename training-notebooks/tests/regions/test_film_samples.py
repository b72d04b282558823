"""The app's sample films are averages, lung on lung, and the same each time."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from fieldlens_training.regions.film_samples import (
    AVERAGED,
    aligned,
    with_amplitudes,
    write_film_samples,
)
from fieldlens_training.regions.found import find_outlines, load_finder
from fieldlens_training.regions.lung_crop import tight_box

ROOT = Path(__file__).resolve().parents[3]
FINDER = ROOT / "training-notebooks/runs/lung-finder/finder.pt"
SAMPLES = [ROOT / f"static/samples/chest/synthetic-{i}.jpg" for i in (1, 2, 3, 4)]


def moved_films(count: int, seed: int) -> np.ndarray:
    """The app's own samples, moved and scaled at random, uint8 ``(count, 224, 224)``."""
    rng, films = np.random.default_rng(seed), []
    for i in range(count):
        sample = Image.open(SAMPLES[i % 4]).convert("L")
        zoom, x, y = rng.uniform(0.85, 1), *rng.uniform(0, 60, 2)
        place = (1 / zoom, 0, -x, 0, 1 / zoom, -y)
        moved = sample.transform(sample.size, Image.Transform.AFFINE, place)
        films.append(np.asarray(moved.resize((224, 224))))
    return np.stack(films)


def test_lungs_are_laid_on_each_other():
    films = moved_films(8, 0)
    finder = load_finder(FINDER)
    boxes = [tight_box(found.mask) for found in find_outlines(finder, aligned(finder, films))]
    before = [tight_box(found.mask) for found in find_outlines(finder, films)]
    spread = [np.ptp([box.left for box in some]) for some in (before, boxes)]
    assert spread[1] < spread[0] / 2


def test_an_average_gets_the_detail_of_its_films():
    films = np.random.default_rng(0).integers(0, 256, (9, 32, 32)).astype(np.uint8)
    average = films.mean(axis=0)
    detailed = with_amplitudes(average, films)
    amplitudes = np.abs(np.fft.fft2(films, axes=(1, 2))).mean(axis=0)
    assert np.abs(np.fft.fft2(detailed)) == pytest.approx(amplitudes, rel=1e-6)
    assert detailed.std() > 2 * average.std()


def test_the_samples_are_the_same_each_time(tmp_path):
    for name, seed in (("NORMAL", 1), ("PNEUMONIA", 2)):
        (tmp_path / "train" / name).mkdir(parents=True)
        for i, film in enumerate(moved_films(AVERAGED, seed)):
            stem = f"IM-{i:04}-0001" if name == "NORMAL" else f"person{i}_virus_{i}"
            Image.fromarray(film).save(tmp_path / "train" / name / f"{stem}.png")
    first = write_film_samples(tmp_path, tmp_path / "a", FINDER)
    again = write_film_samples(tmp_path, tmp_path / "b", FINDER)
    assert [path.name for path in first] == [f"synthetic-{i}.jpg" for i in (1, 2, 3, 4)]
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in again]
    assert Image.open(first[0]).size == (640, 512)
