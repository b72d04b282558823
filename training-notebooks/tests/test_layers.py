"""The sub-packages import in one direction."""

import ast
from pathlib import Path

import pytest

import fieldlens_training

ROOT = Path(fieldlens_training.__file__).parent
ORDER = (
    "augment",
    "data",
    "networks",
    "training",
    "quantisation",
    "evaluation",
    "package",
    "regions",
    "experiments",
)
"""Each may import those before it."""


def imported(path: Path) -> set[str]:
    """The sub-packages that a module imports, its own among them."""
    here = path.relative_to(ROOT).parts
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            parts = [*here[: len(here) - node.level], *(node.module or "").split(".")]
            names = [parts[0]] if parts[0] else [alias.name for alias in node.names]
            found |= {name for name in names if name in ORDER}
        elif isinstance(node, ast.ImportFrom | ast.Import):
            modules = [getattr(node, "module", None) or "", *(a.name for a in node.names)]
            assert not any(name.startswith("fieldlens_training") for name in modules), (
                f"{path}: imports the package by its name instead of relatively"
            )
    return found


def test_the_order_names_every_sub_package():
    assert {p.parent.name for p in ROOT.glob("*/__init__.py")} == set(ORDER)


@pytest.mark.parametrize("name", ORDER)
def test_a_sub_package_imports_only_those_before_it(name):
    allowed = set(ORDER[: ORDER.index(name) + 1])
    for path in (ROOT / name).rglob("*.py"):
        assert imported(path) <= allowed, path


def test_an_import_is_found_in_each_form():
    assert imported(ROOT / "training" / "train.py") >= {"data", "networks", "training"}
    assert imported(ROOT / "__main__.py") >= {"data", "experiments", "package"}
    assert "networks" in imported(ROOT / "experiments" / "compare.py")
