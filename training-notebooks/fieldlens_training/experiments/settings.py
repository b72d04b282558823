"""Where the notebooks find the data, the runs and the models: environment variables."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from ..data.tasks import CHEST, MALARIA

FOLDERS = {CHEST.id: "chest_xray", MALARIA.id: "malaria"}
"""The data set of each task below ``FIELDLENS_DATA``."""


def _path(name: str, usual: str) -> Path:
    return Path(os.environ.get(name, usual))


@dataclass(frozen=True)
class Settings:
    """Folders (relative ones from ``training-notebooks``) and what else a reader may choose.

    ``FIELDLENS_DATA`` holds ``chest_xray`` and ``malaria``; ``FIELDLENS_RUNS`` receives
    checkpoints and results; ``FIELDLENS_MODELS`` the packages; ``FIELDLENS_EVALUATIONS``
    holds the ``--out`` folders of ``npm run evaluate``.
    """

    data: Path
    runs: Path
    models: Path
    evaluations: Path

    def images_of(self, task: str) -> Path:
        """The folder of a task's images, holding ``train`` and ``test``."""
        return self.data / FOLDERS[task]

    @property
    def all_data_sets(self) -> Path | None:
        """The folder of all data sets, where all are here: for images out of distribution."""
        return self.data if (self.data / "adult_chest").is_dir() else None


def from_environment() -> Settings:
    """The settings of this process, with what is usual in the project where none is given."""
    return Settings(
        _path("FIELDLENS_DATA", "../../shared/data"),
        _path("FIELDLENS_RUNS", "runs"),
        _path("FIELDLENS_MODELS", "../static/models"),
        _path("FIELDLENS_EVALUATIONS", "../out"),
    )


def number(name: str, usual: float | None) -> float | None:
    """The number in the variable ``name``; whole ones as ``int``."""
    text = os.environ.get(name)
    if text is None:
        return usual
    value = float(text)
    return int(value) if value.is_integer() else value
