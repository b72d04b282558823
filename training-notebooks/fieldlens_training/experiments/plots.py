"""The plots of the notebooks: each function draws one figure from what it is given."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from sklearn.metrics import precision_recall_curve

from ..evaluation.metrics import mean_of_shifts

STYLE: dict[Any, Any] = {"figure.dpi": 72, "axes.spines.top": False, "axes.spines.right": False}


def use_style() -> None:
    """Small figures, so that an executed notebook stays small."""
    plt.rcParams.update(STYLE)


def finish() -> None:
    """Show the figure and let go of it."""
    plt.tight_layout()
    plt.show()
    plt.close("all")


def show_images(
    images: Sequence[np.ndarray],
    titles: Sequence[str] | None = None,
    columns: int = 6,
    side: float = 1.5,
    maps: Sequence[np.ndarray] | None = None,
) -> None:
    """Show images in a grid: grey ``(h, w)`` or colour ``(h, w, 3)``, uint8 or 0..1.

    ``maps`` are heat maps (any size, positive speaks for the positive class) laid over them.
    """
    rows = -(-len(images) // columns)
    _, axes = plt.subplots(
        rows, columns, figsize=(side * columns, side * 1.15 * rows), squeeze=False
    )
    for axis in axes.flat:
        axis.axis("off")
    for i, (axis, image) in enumerate(zip(axes.flat, images, strict=False)):
        most = 255 if image.dtype == np.uint8 else 1
        axis.imshow(image, cmap="gray", vmin=0, vmax=most)
        if titles is not None:
            axis.set_title(titles[i], fontsize=7)
        if maps is not None:
            height, width = image.shape[:2]
            axis.imshow(
                maps[i],
                cmap="inferno",
                alpha=0.45,
                vmin=0,
                vmax=max(1e-6, float(np.max(maps[i]))),
                extent=(-0.5, width - 0.5, height - 0.5, -0.5),
                interpolation="bilinear",
            )
    finish()


def balance(rows: list[dict]) -> None:
    """Images by part and class (rows of ``explore.count_rows``)."""
    names = list(dict.fromkeys(row["class"] for row in rows))
    parts = list(dict.fromkeys(row["part"] for row in rows))
    _, axis = plt.subplots(figsize=(5, 2.6))
    for i, name in enumerate(names):
        counts = [row["images"] for row in rows if row["class"] == name]
        bars = axis.bar(np.arange(len(parts)) + 0.4 * i - 0.2, counts, 0.38, label=name)
        axis.bar_label(bars, fontsize=8)
    axis.set_xticks(range(len(parts)), parts)
    axis.set_ylabel("images")
    axis.legend(fontsize=8, frameon=False)
    finish()


def sizes(widths: np.ndarray, heights: np.ndarray, labels: np.ndarray, names: Sequence) -> None:
    """Width against height, and the share of each class by area."""
    _, axes = plt.subplots(1, 2, figsize=(9, 3))
    for label, name in enumerate(names):
        chosen = labels == label
        axes[0].plot(widths[chosen], heights[chosen], ".", markersize=2, alpha=0.4, label=name)
        area = np.sqrt(widths[chosen] * heights[chosen])
        axes[1].hist(area, bins=40, density=True, histtype="step", label=name)
    axes[0].set(xlabel="width, pixels", ylabel="height, pixels")
    axes[1].set(xlabel="root of the area, pixels", ylabel="density")
    axes[1].legend(fontsize=8, frameon=False)
    finish()


def images_of_patients(counts: dict[str, Sequence[int]]) -> None:
    """Histogram of the images that a patient has, by part."""
    _, axes = plt.subplots(1, len(counts), figsize=(3.2 * len(counts), 2.4), squeeze=False)
    for axis, (part, values) in zip(axes.flat, counts.items(), strict=True):
        axis.hist(values, bins=min(40, max(2, max(values))))
        axis.set(title=part, xlabel="images of a patient", yscale="log")
    axes.flat[0].set_ylabel("patients")
    finish()


def range_test(rates: Sequence[float], losses: Sequence[float], marks: dict[str, float]) -> None:
    """The learning-rate finder's curve; ``marks`` are rates in use, by name."""
    _, axis = plt.subplots(figsize=(6, 3))
    axis.semilogx(rates, losses)
    for name, rate in marks.items():
        axis.axvline(rate, color="grey", linestyle=":")
        axis.text(rate, axis.get_ylim()[1], name, fontsize=8, rotation=90, va="top")
    axis.set(xlabel="learning rate", ylabel="training loss, smoothed")
    finish()


def run_curves(history: list[dict]) -> None:
    """Loss, accuracy, AUC and learning rate of a run by epoch; dotted where the stage changes."""
    epochs = [row["epoch"] for row in history]
    _, axes = plt.subplots(1, 4, figsize=(15, 3.1))
    axes[0].plot(epochs, [row["loss"] for row in history], label="training (augmented, weighted)")
    axes[0].plot(epochs, [row["validation_loss"] for row in history], label="validation")
    axes[0].set_title("loss")
    axes[1].plot(epochs, [row["validation_accuracy"] for row in history])
    axes[1].set_title("validation accuracy at even odds, uncalibrated", fontsize=9)
    axes[2].plot(epochs, [row["validation_auc"] for row in history], label="plain")
    shifted = [row for row in history if "shifted_auc" in row]
    means = [mean_of_shifts(row["shifted_auc"]) for row in shifted]
    axes[2].plot([row["epoch"] for row in shifted], means, "o-", label="mean of simulated shifts")
    low = min([row["validation_auc"] for row in history] + means)
    axes[2].set_ylim(max(0.0, min(0.95, low - 0.01)), 1.001)
    axes[2].set_title("validation AUC")
    axes[3].semilogy(epochs, [row["rate"] for row in history])
    axes[3].set_title("learning rate at the epoch's end")
    for axis in (axes[0], axes[2]):
        axis.legend(fontsize=8, frameon=False)
    for axis in axes:
        axis.set_xlabel("epoch")
        for before, row in pairwise(history):
            if before["size"] != row["size"]:
                axis.axvline(row["epoch"] - 0.5, color="grey", linestyle=":")
    finish()


def overlaid(
    curves: dict[str, list[list[float]]], label: str, title: str = "", log: bool = False
) -> None:
    """Curves by epoch, one colour a name; each of its seeds is a thin line, the mean thick."""
    _, axis = plt.subplots(figsize=(8, 3.6))
    for number, (name, runs) in enumerate(curves.items()):
        colour = f"C{number % 10}"
        style = "-" if number < 10 else "--"
        epochs = np.arange(1, len(runs[0]) + 1)
        for run in runs:
            axis.plot(epochs, run, style, color=colour, linewidth=0.6, alpha=0.5)
        axis.plot(epochs, np.mean(runs, axis=0), style, color=colour, linewidth=2, label=name)
    axis.set(xlabel="epoch", ylabel=label, title=title, yscale="log" if log else "linear")
    axis.legend(fontsize=8, frameon=False, bbox_to_anchor=(1.01, 1), loc="upper left")
    finish()


def seeds_and_means(values: dict[str, list[float]], label: str) -> None:
    """One row a name: each seed a dot, their mean a bar; best on top."""
    order = sorted(values, key=lambda name: np.mean(values[name]))
    _, axis = plt.subplots(figsize=(7, 0.32 * len(order) + 1))
    for place, name in enumerate(order):
        axis.plot(values[name], [place] * len(values[name]), "o", color="C0", alpha=0.6)
        axis.plot([np.mean(values[name])], [place], "|", color="black", markersize=14)
    axis.set_yticks(range(len(order)), order)
    axis.set_xlabel(label)
    finish()


def roc(entries: dict[str, dict], points: list[dict], title: str = "ROC") -> None:
    """ROC of the manifest's data sets, whole and its corner; dots are the operating points.

    ``entries`` are entries of ``manifest.metrics`` by what they are called here; the dots
    are those of the first.
    """
    _, axes = plt.subplots(1, 2, figsize=(9, 4))
    for name, entry in entries.items():
        curve, area = np.array(entry["roc"]), entry["auc"]
        text = f"{name}: {area['value']:.4f} ({area['low']:.4f} to {area['high']:.4f})"
        for axis in axes:
            axis.plot(curve[:, 0], curve[:, 1], label=text)
    first = next(iter(entries.values()))
    for point in points:
        cells = first["operatingPoints"][point["id"]]
        x, y = 1 - cells["specificity"]["value"], cells["sensitivity"]["value"]
        for axis in axes:
            axis.plot(x, y, "ko", markersize=4)
        if x <= 0.4 and y >= 0.8:
            axes[1].annotate(
                point["id"], (x, y), textcoords="offset points", xytext=(6, -10), fontsize=8
            )
    axes[0].set_title(title)
    axes[0].legend(fontsize=7, loc="lower right")
    axes[1].set(xlim=(-0.01, 0.4), ylim=(0.8, 1.005), title="its upper left corner")
    for axis in axes:
        axis.set(xlabel="1 - specificity", ylabel="sensitivity")
    finish()


def precision_recall(labels: np.ndarray, scores: np.ndarray) -> None:
    """Precision against recall; dotted is the share of positives."""
    precision, recall, _ = precision_recall_curve(labels, scores)
    _, axis = plt.subplots(figsize=(4.4, 3.6))
    axis.plot(recall, precision)
    axis.axhline(float(np.mean(labels)), color="grey", linestyle=":")
    axis.set(xlabel="recall (sensitivity)", ylabel="precision", ylim=(0.4, 1.01))
    finish()


def confusions(entry: dict, points: list[dict], classes: Sequence[str]) -> None:
    """Confusion matrix of a data set's entry at every operating point."""
    _, axes = plt.subplots(1, len(points), figsize=(3.4 * len(points), 3.2), squeeze=False)
    for axis, point in zip(axes.flat, points, strict=True):
        counts = entry["operatingPoints"][point["id"]]["confusion"]
        cells = np.array(
            [
                [counts["trueNegative"], counts["falsePositive"]],
                [counts["falseNegative"], counts["truePositive"]],
            ]
        )
        share = cells / np.maximum(cells.sum(axis=1, keepdims=True), 1)
        axis.imshow(share, cmap="Blues", vmin=0, vmax=1)
        for (row, column), count in np.ndenumerate(cells):
            dark = share[row, column] > 0.5
            axis.text(column, row, count, ha="center", color="white" if dark else "black")
        axis.set_title(f"{point['id']} (from {point['threshold']:.3f})", fontsize=10)
        axis.set_xticks([0, 1], ["not called", "called"])
        axis.set_yticks([0, 1], classes)
    finish()


def reliability(curves: dict[str, tuple[list[dict], float | None]], positive: str) -> None:
    """Reliability diagram: by name, the bins and the expected calibration error."""
    _, axis = plt.subplots(figsize=(4.4, 4.2))
    axis.plot([0, 1], [0, 1], color="grey", linestyle=":")
    for name, (bins, error) in curves.items():
        text = name if error is None else f"{name}: error {error:.3f}"
        x, y = [b["predicted"] for b in bins], [b["observed"] for b in bins]
        axis.plot(x, y, "o-", markersize=4, label=text)
    axis.set(xlabel=f"predicted probability of {positive}", ylabel="share observed")
    axis.legend(fontsize=8, frameon=False)
    finish()


def schedules(rates: dict[str, list[float]]) -> None:
    """Learning rate by step, one small plot a schedule."""
    rows = -(-len(rates) // 4)
    _, axes = plt.subplots(rows, 4, figsize=(11, 1.9 * rows), sharex=True, sharey=True)
    for axis, (name, values) in zip(axes.flat, rates.items(), strict=False):
        axis.semilogy(values)
        axis.set_title(name, fontsize=9)
        axis.set_ylim(max(values) / 2000, max(values) * 1.5)
    finish()


def sizes_and_changes(rows: list[dict]) -> None:
    """Gzipped size against the rms change of the log-odds (rows of the quantisation study)."""
    _, axis = plt.subplots(figsize=(8, 3.4))
    for number, row in enumerate(rows):
        change = max(row["rms change of the log-odds"], 1e-5)
        filled = row["read by TensorFlow.js"] == "yes"
        style = {"color": f"C{number}", "fillstyle": "full" if filled else "none"}
        axis.semilogy(float(row["MB packed"]), change, "o", label=row["way"], **style)
    axis.set(xlabel="MB, packed", ylabel="rms change of the log-odds")
    axis.set_title("filled: TensorFlow.js reads it as it is", fontsize=9)
    axis.legend(fontsize=7, frameon=False, bbox_to_anchor=(1.01, 1), loc="upper left")
    finish()
