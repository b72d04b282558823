"""Every notebook runs from its first cell to its last, on tiny generated data.

The cells run in this process, so that the networks can be tiny ones; what a notebook shows is
collected and looked at.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import IPython.display
import matplotlib.pyplot as plt
import pytest

from fieldlens_training.__main__ import main
from fieldlens_training.data.tasks import TASKS
from fieldlens_training.evaluation import metrics
from fieldlens_training.experiments import compare, model_notebooks
from fieldlens_training.experiments.model_notebooks import make
from fieldlens_training.networks import candidates, network
from fieldlens_training.regions.found import Found, write_outlines
from fieldlens_training.regions.outlines import load_mask
from fieldlens_training.regions.quality import Quality
from fieldlens_training.training import recipes
from tests.conftest import tiny
from tests.generated import write_cells, write_chest, write_results, write_smears
from tests.regions.drawn import draw_data

FOLDER = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def code_of(path: Path) -> list[str]:
    cells = json.loads(path.read_text())["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Data, recipes and networks small enough, and where the notebooks look for them."""
    data = tmp_path / "data"
    write_chest(data / "chest_xray")
    write_cells(data / "malaria")
    for name, value in {
        "FIELDLENS_DATA": data,
        "FIELDLENS_RUNS": tmp_path / "runs",
        "FIELDLENS_MODELS": tmp_path / "models",
        "FIELDLENS_EVALUATIONS": tmp_path / "out",
        "FIELDLENS_EPOCHS": 2,
        "FIELDLENS_SEEDS": 2,
    }.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(metrics, "FOLDS", 100)
    monkeypatch.setitem(network.ARCHITECTURES, "resnet34", tiny)
    monkeypatch.setitem(network.ARCHITECTURES, "resnet50", lambda **o: tiny("bottleneck", **o))
    for name in ("pneumonia-resnet34", "pneumonia-resnet50", "malaria-resnet34"):
        small = replace(
            recipes.RECIPES[name],
            stages=(recipes.Stage(32, 1, 1e-3), recipes.Stage(48, 1, 1e-3)),
            teachers=(),
            initialisation=network.RANDOM,
            package="",
            batch=8,
            validation_fraction=0.3,
        )
        monkeypatch.setitem(recipes.RECIPES, name, small)
    monkeypatch.setattr(compare, "RECIPE", recipes.RECIPES["pneumonia-resnet34"])
    for task in TASKS.values():
        for shift in list(task.shifts)[2:]:
            monkeypatch.delitem(task.shifts, shift)
    return tmp_path


@pytest.fixture
def shown(monkeypatch):
    """What the notebooks display: texts, and one mark a figure."""
    seen: list[str] = []
    monkeypatch.setattr(IPython.display, "display", lambda what: seen.append(what.data))
    monkeypatch.setattr(plt, "show", lambda: seen.append("(a figure)"))
    return seen


def run(name: str) -> None:
    (path,) = FOLDER.glob(f"{name}*.ipynb")
    space: dict = {}
    for number, source in enumerate(code_of(path), 1):
        exec(compile(source, f"{path.name}, code cell {number}", "exec"), space)


def figures(shown: list[str]) -> int:
    return shown.count("(a figure)")


def test_01_counts_shows_and_finds_the_planted_duplicates(place, shown):
    folder = place / "data" / "chest_xray"
    copy = folder / "test" / "NORMAL" / "IM-0900-0001.png"
    copy.write_bytes((folder / "train" / "NORMAL" / "IM-0001-0000.png").read_bytes())
    run("01")
    text = "\n".join(shown)
    assert "training and test | 1 | 0 |" in text or "validation and test | 1 | 0 |" in text
    assert "Blood cells" in text and "Rajaraman" in text
    assert figures(shown) >= 12


@pytest.mark.parametrize(
    "name", ["02-pneumonia-resnet34", "03-pneumonia-resnet50", "04-malaria-resnet34"]
)
def test_02_to_04_train_export_and_look_at_the_mistakes(place, shown, name, capsys):
    run(name)
    recipe = name[3:]
    assert (place / "models" / recipe / "manifest.json").exists()
    history = json.loads((place / "runs" / recipe / "history.json").read_text())
    assert len(history) == 2
    assert "precision" in capsys.readouterr().out
    assert figures(shown) >= 10


@pytest.mark.parametrize("notebook", model_notebooks.NOTEBOOKS, ids=lambda n: n.recipe)
def test_02_to_04_are_what_the_template_gives(notebook, tmp_path):
    committed = FOLDER / notebook.file
    made = make(notebook, tmp_path / notebook.file)
    cells, expected = (json.loads(path.read_text())["cells"] for path in (committed, made))
    assert [cell["source"] for cell in cells] == [cell["source"] for cell in expected]
    assert any(cell["outputs"] for cell in cells if cell["cell_type"] == "code")
    assert not any(cell["outputs"] for cell in expected if cell["cell_type"] == "code")


def test_a_notebook_that_is_made_anew_keeps_its_outputs(tmp_path):
    notebook = model_notebooks.NOTEBOOKS[0]
    before = (FOLDER / notebook.file).read_text()
    path = tmp_path / notebook.file
    path.write_text(before)
    assert make(notebook, path).read_text() == before


@pytest.fixture
def few_networks(monkeypatch):
    """Two networks in place of the seven, which have a test of their own."""
    for name in [n for n in candidates.CANDIDATES if n not in ("small CNN", "ResNet34")]:
        monkeypatch.delitem(candidates.CANDIDATES, name)


def test_05_says_which_network_wins_and_goes_on_where_it_was(place, shown, few_networks):
    run("05")
    text = "\n".join(shown)
    assert "spread between seeds" in text and "| small CNN |" in text
    kept = sorted((place / "runs" / "architectures" / "64px-2epochs").iterdir())
    names = [p.name for p in kept]
    assert names == ["ResNet34-seed1", "ResNet34-seed2", "small-CNN-seed1", "small-CNN-seed2"]
    before = [(p / "result.json").stat().st_mtime_ns for p in kept]
    run("05")
    assert [(p / "result.json").stat().st_mtime_ns for p in kept] == before


def test_06_runs_every_schedule_and_leaves_things_out(place, shown, monkeypatch):
    monkeypatch.setenv("FIELDLENS_SEEDS", "1")
    monkeypatch.setenv("FIELDLENS_COMPARE_SIZE", "32")
    monkeypatch.setenv("FIELDLENS_NETWORK", "small CNN")
    run("06")
    text = "\n".join(shown)
    assert all(f"| {name} |" in text for name in ("constant", "natural exponential", "staircase"))
    assert "without weight decay |" in text


def test_07_measures_every_way_and_opens_the_package(place, shown):
    if not (FOLDER.parent / "node_modules" / "@tensorflow").exists():
        pytest.skip("npm ci was not run")
    inputs = ["pneumonia-resnet34", "--data", str(place / "data" / "chest_xray")]
    inputs += ["--runs", str(place / "runs")]
    assert main(["train", *inputs]) == 0
    assert main(["export", *inputs, "--out", str(place / "models")]) == 0
    run("07")
    text = "\n".join(shown)
    assert "4 bits, palette per channel" in text and "| wasm |" in text


@pytest.mark.parametrize("count", [1, 2, 3])
def test_08_shows_what_is_here(place, shown, count):
    names = ("pneumonia-resnet34", "malaria-resnet34", "pneumonia-resnet50")[:count]
    for name in names:
        task = recipes.RECIPES[name].task
        folder = "malaria" if "malaria" in task else "chest_xray"
        inputs = [name, "--data", str(place / "data" / folder), "--runs", str(place / "runs")]
        assert main(["train", *inputs]) == 0
        assert main(["export", *inputs, "--out", str(place / "models")]) == 0
    images = place / "data" / "chest_xray" / "test"
    write_results(place / "out" / "test", images, "pneumonia-resnet34")
    write_results(place / "out" / "old", images, "pneumonia-resnet34", version="0.9.0")
    arguments = ["publish", "pneumonia-resnet34", "--evaluation", str(place / "out" / "test")]
    assert main([*arguments, "--data-set", "test", "--out", str(place / "models")]) == 0
    run("08")
    text = "\n".join(shown)
    (line,) = [row for row in text.splitlines() if row.startswith("| test | pneumonia")]
    assert line.startswith("| test | pneumonia-resnet34 1.0.0 | 24 | 0.9167 |")
    assert line.endswith("| kermany-test |")
    assert "| old | pneumonia-resnet34 0.9.0 | 24 |" in text and "| no |" in text
    assert "(`test`)" in text and "(`old`)" not in text
    assert "Kermany 2018" in text and "**pneumonia-resnet34 1.0.0**, balanced" in text
    assert text.count("no figures from the browser") == count - 1


def test_09_compares_what_is_seen(place, shown, monkeypatch):
    data = draw_data(place / "films", 12)
    monkeypatch.setenv("FIELDLENS_DATA", str(data))
    drawn = sorted((data / "lung_masks").rglob("*.png"))
    names = [f"chest_xray/{path.relative_to(data / 'lung_masks')}" for path in drawn]
    masks = [Found(load_mask(path) > 127, Quality()) for path in drawn]
    (place / "runs").mkdir()
    write_outlines(names, masks, place / "runs" / "outlines.npz")
    run("09")
    text = "\n".join(shown)
    for view in ("whole film", "outside only", "texture only", "mean grey only"):
        assert f"| {view} |" in text
    assert "another hospital" not in text
    kept = sorted(path.name for path in (place / "runs" / "what-it-sees").iterdir())
    assert len(kept) == 10 and kept[0] == "lungs-only-seed1"
    assert figures(shown) >= 3
    before = shown.copy()
    run("09")
    assert shown[len(before) :] == before


def test_10_finds_reads_and_counts(place, shown, monkeypatch):
    write_smears(place / "data", place / "data" / "malaria")
    monkeypatch.setenv("FIELDLENS_MODELS", str(FOLDER.parent / "static" / "models"))
    monkeypatch.setenv("FIELDLENS_FIELDS", "2")
    monkeypatch.setenv("FIELDLENS_CELLS", "6")
    run("10")
    text = "\n".join(shown)
    for source in ("falciparum_plymouth", "chula", "blood_fields"):
        assert f"| {source} | 2 | 80 |" in text
    assert "| Chittagong, validation patients | " in text
    # All cells are found and labelled; every fourth is infected.
    assert "| Plymouth | labels | 2 | 80 | 20 | 25.00 |" in text
    assert "| Chula, no malaria | model, balanced | 2 | " in text
    assert figures(shown) == 4


def test_the_notebooks_are_numbered_and_tested():
    assert [path.name[:2] for path in NOTEBOOKS] == [f"{n:02d}" for n in range(1, 11)]
