"""The reference file that the app's tests read is what this code makes."""

import json
from pathlib import Path

from fieldlens_training.regions.cells.reference_fields import cases, single_cases

FILE = Path(__file__).parents[4] / "tests" / "unit" / "fixtures" / "cells.json"


def test_the_reference_file_is_up_to_date():
    assert json.loads(FILE.read_text())["cases"] == json.loads(json.dumps(cases()))
    assert json.loads(FILE.read_text())["singles"] == single_cases()
