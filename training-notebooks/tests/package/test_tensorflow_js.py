"""Where TensorFlow.js cannot be asked, one line says why."""

import pytest

from fieldlens_training.package import tensorflow_js
from fieldlens_training.package.graph_model import PackageError


def test_without_node_one_line_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(tensorflow_js.shutil, "which", lambda _: None)
    with pytest.raises(PackageError, match="install Node"):
        tensorflow_js.ask_tensorflow_js(tmp_path)


def test_a_package_that_tensorflow_js_cannot_open_is_named(tmp_path):
    packages = tensorflow_js.REPOSITORY / "node_modules"
    if tensorflow_js.shutil.which("node") is None or not packages.exists():
        pytest.skip("npm ci was not run")
    with pytest.raises(PackageError, match=r"manifest\.json cannot be read"):
        tensorflow_js.ask_tensorflow_js(tmp_path)
