"""Duplicates are found where they are, and only there."""

import numpy as np
import pytest
from PIL import Image

from fieldlens_training.data.images import DataError, Item
from fieldlens_training.data.reference_images import formula_image, reference_images
from fieldlens_training.data.tasks import CHEST
from fieldlens_training.experiments import explore
from fieldlens_training.experiments.explore import (
    find_pairs,
    pair_rows,
    perceptual_hash,
    take_prints,
)


@pytest.fixture
def films(tmp_path):
    """Ten unlike pictures, as PNG."""
    rng = np.random.default_rng(2)
    paths = []
    for number in range(10):
        coarse = Image.fromarray(rng.integers(0, 256, (9, 9), np.uint8))
        path = tmp_path / f"IM-{number:04d}-0001.png"
        coarse.resize((160, 128), Image.Resampling.BICUBIC).save(path)
        paths.append(path)
    return paths


def item(path, label: int = 0) -> Item:
    return Item(path, label, path.name[:7], "IM")


def pairs_of(parts):
    prints = take_prints(parts)
    return prints, find_pairs(prints, rows=3)


def test_equal_pixels_in_another_format_are_exact(films, tmp_path):
    again = tmp_path / "IM-0100-0001.bmp"
    Image.open(films[3]).convert("RGB").save(again)
    prints, pairs = pairs_of({"training": [item(p) for p in films], "test": [item(again, label=1)]})
    (pair,) = pairs
    assert (pair.kind, pair.first, pair.second) == ("exact", 3, 10)
    row = next(r for r in pair_rows(prints, pairs) if r["where"] == "training and test")
    assert (row["exact"], row["near"]) == (1, 0)
    assert (row["of one patient"], row["with two labels"]) == (0, 1)


def test_an_image_saved_again_smaller_and_coarser_is_near(films, tmp_path):
    again = tmp_path / "IM-0003-0002.jpeg"
    Image.open(films[3]).resize((100, 90)).save(again, quality=60)
    _, pairs = pairs_of({"training": [item(p) for p in films] + [item(again)]})
    assert [(p.kind, p.first, p.second) for p in pairs] == [("near", 3, 10)]


def test_unlike_images_are_no_pair(films):
    prints, pairs = pairs_of({"training": [item(p) for p in films]})
    assert pairs == []
    assert [sum(v for k, v in r.items() if k != "where") for r in pair_rows(prints, pairs)] == [0]


def test_the_hash_is_that_of_imagehash():
    # ImageHash 4.3.2: str(imagehash.phash(image)), of images of 32 x 32 pixels.
    images = {name: Image.fromarray(p) for name, p in reference_images(32, CHEST).items()}
    images["formula"] = formula_image(32, 32, 1)
    assert {name: f"{perceptual_hash(np.asarray(i)):016x}" for name, i in images.items()} == {
        "clear-lungs": "996e46993367385c",
        "cloudy-lungs": "983c67c33637683c",
        "gradient": "b87d025e915f4c5c",
        "formula": "c631c4952ef32f0b",
    }


def test_a_patient_in_two_parts_is_counted(films):
    first, second = [item(p) for p in films[:5]], [item(p) for p in films[4:]]
    rows = explore.shared_patients({"training": first, "validation": second})
    assert rows == [{"parts": "training and validation", "patients in both": 1}]


def test_a_damaged_image_is_named(tmp_path):
    path = tmp_path / "broken.png"
    path.write_bytes(b"no image")
    with pytest.raises(DataError, match=r"broken\.png: cannot be read"):
        take_prints({"training": [item(path)]})
