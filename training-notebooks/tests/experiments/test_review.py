"""What is shown around a run: tables say what the history says, mistakes are the worst."""

import numpy as np

from fieldlens_training.experiments import review
from fieldlens_training.experiments.review import Readings, checkpoint_rows
from fieldlens_training.experiments.tables import figure_text, markdown_table


def test_the_checkpoint_table_marks_the_exported_and_the_best_under_shift():
    def row(epoch: int, **areas: float) -> dict:
        return {"epoch": epoch, "size": 64, "validation_auc": 0.99, "shifted_auc": areas}

    history = [row(4, none=0.99, dark=0.97, blur=0.95), row(8, none=0.98, dark=0.9, blur=0.94)]
    history.insert(1, {"epoch": 5, "size": 64, "validation_auc": 1.0})
    first, second = checkpoint_rows(history)
    assert (first["epoch"], first[""]) == (4, "highest under shift")
    assert first["mean of shifts"] == np.mean([0.97, 0.95])
    assert (second["hardest shift"], second[""]) == ("dark 0.9000", "exported")


def test_the_report_counts_from_the_threshold_on():
    labels, scores = np.array([0, 0, 1, 1]), np.array([0.1, 0.5, 0.5, 0.9])
    found = Readings([], labels, scores, scores, 1)
    line = next(r for r in review.report(found, 0.5, ["no", "yes"]).splitlines() if "yes" in r)
    assert line.split() == ["yes", "0.667", "1.000", "0.800", "2"]


def test_tables_are_markdown_and_figures_carry_their_interval():
    assert markdown_table([{"a": 0.12345, "b": None}]) == "| a | b |\n| --- | --- |\n| 0.1235 | - |"
    assert markdown_table([]) == "(none)"
    assert figure_text({"value": 0.5, "low": 0.4, "high": 0.6}) == "0.500 (0.400 to 0.600)"
    assert figure_text({"value": None, "low": None, "high": None}) == "-"
