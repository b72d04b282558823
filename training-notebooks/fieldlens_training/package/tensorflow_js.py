"""Asks stock TensorFlow.js what it computes from a package."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from ..data.reference_images import pack
from .graph_model import PackageError

REPOSITORY = Path(__file__).resolve().parents[3]


def ask_tensorflow_js(
    folder: Path, pixels: np.ndarray | None = None, backend: str = "wasm"
) -> np.ndarray:
    """Logits that stock TensorFlow.js computes from the package in ``folder``, ``(n, classes)``.

    Of uint8 images ``(n, h, w[, channels])`` of the package's size, or of its reference
    vectors. Raises ``PackageError`` where Node or the packages of ``npm ci`` are missing.
    """
    node = shutil.which("node")
    if node is None or not (REPOSITORY / "node_modules" / "@tensorflow").exists():
        raise PackageError("TensorFlow.js is not here: install Node and run npm ci first")
    command = [node, "--import", "tsx", "tools/open-package.ts", "--package", str(folder.resolve())]
    command += ["--backend", backend]
    with tempfile.TemporaryDirectory() as scratch:
        if pixels is not None:
            images = [{"name": str(i), "pixels": pack(image)} for i, image in enumerate(pixels)]
            path = Path(scratch) / "images.json"
            path.write_text(json.dumps(images))
            command += ["--images", str(path)]
        run = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if run.returncode:
        said = run.stderr.strip()[-300:]
        raise PackageError(f"{folder}: TensorFlow.js could not open it: {said}")
    return np.array([image["logits"] for image in json.loads(run.stdout)["images"]])
