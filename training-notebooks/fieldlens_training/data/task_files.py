"""Reads what the app and this package share of a task: ``src/lib/tasks/<id>/task.json``."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from .images import DataError

FOLDER = Path(__file__).resolve().parents[3] / "src" / "lib" / "tasks"


@dataclass(frozen=True)
class PatientRule:
    """How a file name tells the patient, and the series that the patient's number belongs to.

    ``pattern`` is a regular expression that means the same in JavaScript and in Python;
    ``patient`` and ``series`` are texts in which ``$1`` is its first group.
    """

    pattern: str
    patient: str
    series: str


@dataclass(frozen=True)
class TaskFile:
    """The shared half of a task; the second of ``classes`` and ``folders`` is the positive one.

    ``channels`` is 1 for grey images, 3 for colour; ``classes`` are the ids.
    """

    id: str
    channels: int
    classes: tuple[str, str]
    folders: tuple[str, str]
    patients: tuple[PatientRule, ...]

    def patient_of(self, name: str) -> tuple[str, str]:
        """Return ``(patient, series)`` of an image's file name.

        A name of no known form is its own patient, of the series ``other``, so that a user's
        own data set can be read too.
        """
        for rule in self.patients:
            if match := re.match(rule.pattern, name):
                # "$1" of JavaScript is "\\1" of Python.
                patient, series = (text.replace("$", "\\") for text in (rule.patient, rule.series))
                return match.expand(patient), match.expand(series)
        return Path(name).stem, "other"


def read_task_file(identifier: str, folder: Path = FOLDER) -> TaskFile:
    """Read a task's file; ``DataError`` names it where it cannot be read or breaks the rules."""
    path = folder / identifier / "task.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        first, second = content["classes"]
        if content["positiveClass"] != second["id"]:
            raise ValueError("the second class has to be the positive one")
        return TaskFile(
            content["id"],
            content["channels"],
            (first["id"], second["id"]),
            (first["folder"], second["folder"]),
            tuple(PatientRule(**rule) for rule in content["patients"]),
        )
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise DataError(f"{path}: cannot be read as a task ({error})") from error
