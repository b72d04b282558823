"""Quantises the bench's ONNX network with ONNX Runtime's own tool.

``python -m fieldlens_training.experiments.onnx_int8 MODEL --data ../../shared/data/chest_xray``
reads ``.cache/MODEL.onnx`` (``npx tsx tools/bench/write-onnx.ts MODEL`` writes it) and writes
``.cache/MODEL.int8.onnx``, which ``npm run bench`` then measures too. Calibrated with the same
training images as the app's int8 engine (``ranges``). Needs
``requirements-bench.txt``.

QDQ, weights of int8 a channel, maps of uint8 with ranges from least to largest: what ONNX
Runtime documents for convolutional networks on the processor.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from onnxruntime.quantization import (  # pyright: ignore[reportMissingImports]
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process  # pyright: ignore[reportMissingImports]

from ..package.activation_ranges import calibration_batches
from ..package.manifest import read_manifest

ROOT = Path(__file__).resolve().parents[3]


class Batches(CalibrationDataReader):
    """Batches of normalised images for the calibration, one at a time."""

    def __init__(self, name: str, batches: Iterator[np.ndarray]) -> None:
        self.name, self.batches = name, batches

    def get_next(self) -> dict[str, np.ndarray] | None:
        """The next batch by the input's name, None at the end."""
        batch = next(self.batches, None)
        return None if batch is None else {self.name: batch}


def quantise(model: str, data: Path, cache: Path) -> Path:
    """Quantise ``cache/MODEL.onnx``; returns the new file."""
    manifest = read_manifest(ROOT / "static" / "models" / model)
    batches = (batch.numpy() for batch in calibration_batches(manifest, data))
    out = cache / f"{model}.int8.onnx"
    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder) / "prepared.onnx"
        quant_pre_process(cache / f"{model}.onnx", prepared, skip_symbolic_shape=True)
        quantize_static(
            prepared,
            out,
            Batches(manifest["classifier"]["input"]["name"], batches),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
        )
    return out


def main() -> None:
    """Read the command line and quantise."""
    parser = argparse.ArgumentParser(description="quantise the bench's ONNX network")
    parser.add_argument("model")
    parser.add_argument("--data", type=Path, required=True, help="folder that holds train/")
    options = parser.parse_args()
    print(quantise(options.model, options.data, ROOT / ".cache"))


if __name__ == "__main__":
    main()
