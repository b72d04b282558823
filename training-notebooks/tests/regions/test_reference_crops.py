"""The reference file that the app's tests read is what this code makes."""

import json
from pathlib import Path

from fieldlens_training.regions.reference_crops import cases

FILE = Path(__file__).parents[3] / "tests" / "unit" / "fixtures" / "lungs.json"


def test_the_reference_file_is_up_to_date():
    assert json.loads(FILE.read_text())["cases"] == json.loads(json.dumps(cases()))
