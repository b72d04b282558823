"""The images that both sides read for comparison."""

import json

import numpy as np
import pytest

from fieldlens_training.data import tasks
from fieldlens_training.data.reference_images import pack, reference_images, resize_cases, unpack
from fieldlens_training.package.manifest import (
    SCHEMA,
)


def test_generated_images_are_packed_without_loss():
    for task in (tasks.CHEST, tasks.MALARIA):
        for pixels in reference_images(64, task).values():
            assert pixels.dtype == np.uint8
            assert np.array_equal(unpack(pack(pixels), pixels.shape), pixels)


def test_the_fixture_of_the_app_is_what_pillow_gives():
    path = SCHEMA.parents[1] / "tests" / "unit" / "fixtures" / "pillow.json"
    if not path.exists():
        pytest.skip("the app's tests are not here")
    assert json.loads(path.read_text())["cases"] == resize_cases()
