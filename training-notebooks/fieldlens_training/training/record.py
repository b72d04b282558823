"""Records a run in MLflow, where that is installed: settings, curves, figures.

The store is a folder, ``<runs>/mlruns``; ``mlflow ui --backend-store-uri runs/mlruns`` of
the full MLflow shows it. Recording reads ``history.json``, so that it can be
done after the training, and again.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar, Protocol

TAG = "fieldlens.run"


class Settings(Protocol):
    """A named dataclass that decides a run, such as a ``Recipe``."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def name(self) -> str: ...


def record_run(settings: Settings, folder: Path, store: Path) -> str | None:
    """Write the run in ``folder`` to the MLflow store and return its id.

    A run recorded before is replaced. Returns None, and does nothing, without MLflow or
    without ``history.json``.
    """
    try:
        from mlflow import MlflowClient
        from mlflow.entities import Metric, Param, RunTag
    except ImportError:
        return None
    history = folder / "history.json"
    if not history.exists():
        return None
    rows = json.loads(history.read_text())
    # MLflow 3 asks for a database unless told that a folder is meant.
    os.environ.setdefault("MLFLOW_ALLOW_FILE_STORE", "true")
    client = MlflowClient(tracking_uri=store.resolve().as_uri())
    experiment = client.get_experiment_by_name(settings.name)
    identifier = experiment.experiment_id if experiment else client.create_experiment(settings.name)
    name = str(folder.resolve())
    for old in client.search_runs([identifier], filter_string=f"tags.`{TAG}` = '{name}'"):
        client.delete_run(old.info.run_id)
    run = client.create_run(identifier, run_name=folder.name)
    parameters = [Param(key, str(value)) for key, value in asdict(settings).items()]
    curves = [
        Metric(key.replace(" ", "_"), value, 0, row["epoch"])
        for row in rows
        for key, value in _flat(row).items()
    ]
    client.log_batch(run.info.run_id, params=parameters, tags=[RunTag(TAG, name)])
    for start in range(0, len(curves), 900):
        client.log_batch(run.info.run_id, metrics=curves[start : start + 900])
    client.set_terminated(run.info.run_id)
    return run.info.run_id


def _flat(row: dict) -> dict[str, float]:
    """An epoch's figures, those of the simulated shifts as ``shifted_auc/<name>``."""
    flat = {k: float(v) for k, v in row.items() if isinstance(v, int | float) and k != "epoch"}
    for name, value in row.get("shifted_auc", {}).items():
        flat[f"shifted_auc/{name}"] = float(value)
    return flat
