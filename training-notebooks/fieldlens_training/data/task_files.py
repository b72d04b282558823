"""The tasks as the app defines them: ``src/lib/tasks/<task>/task.json``.

Classes, folders of the public data set, how its file names tell the patient, channels. The app
checks manifests and names with the same files, so that the two sides cannot differ.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path

TASKS = Path(__file__).resolve().parents[3] / "src" / "lib" / "tasks"

PatientOf = Callable[[str], tuple[str, str]]
"""A file name to ``(patient, series)``."""


def read_task(identifier: str) -> dict:
    """The task's ``task.json``; ``OSError`` where there is none."""
    return json.loads((TASKS / identifier / "task.json").read_text(encoding="utf-8"))


def patient_reader(rules: Sequence[dict[str, str]]) -> PatientOf:
    """How file names tell ``(patient, series)``.

    The first rule whose pattern fits decides; its texts may hold ``$1`` for a group. A name of
    no known form is its own patient, so that a user's own data set can be read too.
    """
    known = [(re.compile(r["pattern"], re.ASCII), r["patient"], r["series"]) for r in rules]

    def patient_of(name: str) -> tuple[str, str]:
        for pattern, patient, series in known:
            if match := pattern.match(name):
                return _filled(patient, match), _filled(series, match)
        return Path(name).stem, "other"

    return patient_of


def _filled(text: str, match: re.Match[str]) -> str:
    return re.sub(r"\$(\d)", lambda group: match[int(group[1])], text)
