"""Both data sets, generated and tiny, with a test folder: what the notebooks are run on."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.metrics import roc_auc_score

from fieldlens_training.regions.cells.pasted import paste


def write_chest(root: Path) -> Path:
    """Write ``root/{train,test}`` in the public layout: pneumonias are brighter."""
    rng = np.random.default_rng(7)
    for split, patients in (("train", 12), ("test", 6)):
        for name, level in (("NORMAL", 80), ("PNEUMONIA", 150)):
            folder = root / split / name
            folder.mkdir(parents=True)
            for patient in range(patients):
                for film in range(2):
                    germ = "bacteria" if patient % 3 else "virus"
                    stem = f"person{patient}_{germ}_{film}"
                    if name == "NORMAL":
                        stem = f"IM-{patient:04d}-{film:04d}"
                    pixels = rng.normal(level, 30, (40, 50)).clip(0, 255).astype(np.uint8)
                    Image.fromarray(pixels).save(folder / f"{stem}.png")
    return root


def write_cells(root: Path) -> Path:
    """Write ``root/{train,test}``: round cells on black, infected ones with a dark dot.

    A patient has healthy cells, and for half of the patients infected ones too.
    """
    rng = np.random.default_rng(8)
    line = np.linspace(-1, 1, 44)
    x, y = np.meshgrid(line, line)
    for split, first, patients in (("train", 1, 16), ("test", 101, 6)):
        for name in ("Uninfected", "Parasitized"):
            folder = root / split / name
            folder.mkdir(parents=True)
            for patient in range(first, first + patients):
                for cell in range(2 if name == "Uninfected" else 3 * (patient % 2)):
                    cells = rng.normal((205, 160, 170), 8, (44, 44, 3))
                    if name == "Parasitized":
                        dot = rng.uniform(-0.4, 0.4, 2)
                        cells[(x - dot[0]) ** 2 + (y - dot[1]) ** 2 < 0.03] = (90, 40, 110)
                    cells[x**2 + y**2 > rng.uniform(0.75, 0.95)] = 0
                    image = Image.fromarray(cells.clip(0, 255).astype(np.uint8))
                    image.save(folder / f"C{patient}P{patient}ThinF_IMG_1_cell_{cell}.png")
    return root


def write_smears(root: Path, cells: Path, fields: int = 4) -> None:
    """Write ``root/{smears,blood_fields}``: pasted fields of the cells of ``write_cells``.

    All cells are marked, as each source does it; every fourth is infected.
    """
    rng = np.random.default_rng(9)
    kinds = ("Uninfected", "Parasitized")
    paths = [sorted((cells / "train" / kind).iterdir()) for kind in kinds]
    plymouth = root / "smears" / "falciparum_plymouth"
    chula, blood = root / "smears" / "chula", root / "blood_fields"
    for folder in (plymouth / "fields", chula / "fields", blood / "images", blood / "annotations"):
        folder.mkdir(parents=True)
    boxes, centres = ["field,x,y,width,height,label"], ["field,x,y"]
    for number in range(fields):
        labels = [int(place % 4 == 0) for place in range(40)]
        drawn = [paths[label][rng.integers(len(paths[label]))] for label in labels]
        pictures = [np.asarray(Image.open(path).convert("RGB")) for path in drawn]
        field = paste(pictures, (640, 480), 56, rng)
        name, objects = f"field_{number}.jpg", ""
        for folder in (plymouth / "fields", chula / "fields", blood / "images"):
            Image.fromarray(field.picture).save(folder / name, quality=95)
        for (x, y, width, height), label in zip(field.boxes, labels, strict=True):
            said = "infected" if label else "healthy"
            boxes.append(f"{name},{x},{y},{width},{height},{said}")
            centres.append(f"{name},{x + width // 2},{y + height // 2}")
            ends = f"<xmax>{x + width}</xmax><ymax>{y + height}</ymax>"
            box = f"<bndbox><xmin>{x}</xmin><ymin>{y}</ymin>{ends}</bndbox>"
            objects += f"<object><name>RBC</name>{box}</object>"
        xml = f"<annotation>{objects}</annotation>"
        (blood / "annotations" / f"field_{number}.xml").write_text(xml)
    (plymouth / "boxes.csv").write_text("\n".join(boxes) + "\n")
    (chula / "centres.csv").write_text("\n".join(centres) + "\n")
    for kind, own in zip(kinds, paths, strict=True):
        (plymouth / "cells" / kind).mkdir(parents=True)
        for path in own[:8]:
            (plymouth / "cells" / kind / path.name).write_bytes(path.read_bytes())


def write_results(folder: Path, images: Path, model: str, version: str = "1.0.0") -> Path:
    """Write what ``npm run evaluate`` leaves: a score for each of ``images``, by class folder.

    The scores know the labels, but for the first image of each class.
    """
    folder.mkdir(parents=True)
    head = "path,score,category,operating_point,model,model_version,backend,time,reason"
    rows, labels, scores = [], [], []
    for label, name in enumerate(("NORMAL", "PNEUMONIA")):
        for number, path in enumerate(sorted((images / name).iterdir())):
            right = label if number else 1 - label
            score = 0.1 + 0.8 * right + 0.002 * number
            said = [f"{images.name}/{name}/{path.name}", f"{score:.6f}", "likely", "balanced"]
            rows.append([*said, model, version, "wasm", "t", ""])
            labels.append(label)
            scores.append(score)
    with (folder / "results.csv").open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows([head.split(","), *rows])
    said = {"model": model, "modelVersion": version, "n": len(labels), "positives": sum(labels)}
    said |= {"auc": roc_auc_score(labels, scores), "backend": "wasm", "medianMsPerImage": 12.5}
    said["notRecognised"] = {"count": 0, "share": 0.0}
    (folder / "metrics.json").write_text(json.dumps(said))
    return folder
