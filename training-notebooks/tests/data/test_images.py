"""Splits are by patient and stratified; images come as the app would read them."""

import json

import numpy as np
import pytest
from PIL import Image

from fieldlens_training.data.images import (
    DataError,
    load_image,
    split_by_patient,
    to_grey,
)
from fieldlens_training.data.task_files import FOLDER as TASK_FILES
from fieldlens_training.data.task_files import read_task_file
from fieldlens_training.data.tasks import CHEST, MALARIA


@pytest.mark.parametrize(
    ("name", "patient"),
    [
        ("person12_bacteria_46.jpeg", ("person12", "bacteria")),
        ("person12_virus_3.webp", ("person12", "virus")),
        ("IM-0115-0001.jpeg", ("IM-0115", "IM")),
        ("NORMAL2-IM-0115-0001-0002.jpeg", ("NORMAL2-IM-0115", "NORMAL2-IM")),
        ("my film.png", ("my film", "other")),
        ("a person12_bacteria_46.jpeg", ("a person12_bacteria_46", "other")),
    ],
)
def test_a_file_name_tells_the_patient(name, patient):
    assert CHEST.patient_of(name) == patient


def test_a_cell_s_file_name_tells_the_patient():
    assert MALARIA.patient_of("C33P1thinF_IMG_20150619_cell_1.png") == ("C33", "smear")
    assert MALARIA.patient_of("cell 7.png") == ("cell 7", "other")


def test_a_task_file_that_breaks_the_rules_is_refused_by_name(tmp_path):
    with pytest.raises(DataError, match=r"task\.json: cannot be read as a task"):
        read_task_file("chest-xray-pneumonia", tmp_path)
    content = json.loads((TASK_FILES / "malaria-cell" / "task.json").read_text())
    (tmp_path / "malaria-cell").mkdir()
    path = tmp_path / "malaria-cell" / "task.json"
    path.write_text(json.dumps(content | {"positiveClass": "uninfected"}))
    with pytest.raises(DataError, match="second class"):
        read_task_file("malaria-cell", tmp_path)


def test_no_patient_is_in_both_parts_and_no_image_is_lost(data):
    items = CHEST.list(data, "train")
    training, validation = split_by_patient(items, 0.3)
    who = [{(i.label, i.patient) for i in part} for part in (training, validation)]
    assert not who[0] & who[1]
    assert sorted(i.path for i in training + validation) == sorted(i.path for i in items)


def test_a_patient_with_both_germs_stays_in_one_part(data):
    (data / "train" / "PNEUMONIA" / "person3_bacteria_9.png").write_bytes(
        (data / "train" / "PNEUMONIA" / "person3_virus_0.png").read_bytes()
    )
    training, validation = split_by_patient(CHEST.list(data, "train"), 0.3)
    assert len({i.patient for i in training} & {i.patient for i in validation}) == 0


def test_cells_of_one_patient_stay_together_whatever_their_class(tmp_path):
    for folder in ("Parasitized", "Uninfected"):
        (tmp_path / "train" / folder).mkdir(parents=True)
        for patient in range(1, 21):
            if folder == "Uninfected" or patient % 4:
                name = f"C{patient}P{patient + 3}ThinF_IMG_{patient}_cell_7.png"
                Image.new("RGB", (4, 4)).save(tmp_path / "train" / folder / name)
    items = MALARIA.list(tmp_path, "train")
    assert {i.patient for i in items} == {f"C{n}" for n in range(1, 21)}
    training, validation = split_by_patient(items, 0.3)
    assert len(training) + len(validation) == len(items) and validation
    assert not {i.patient for i in training} & {i.patient for i in validation}
    assert {i.label for i in validation} == {0, 1}


def test_each_class_gives_its_share(data):
    items = CHEST.list(data, "train")
    _, validation = split_by_patient(items, 0.3)
    for label in (0, 1):
        share = sum(i.label == label for i in validation) / sum(i.label == label for i in items)
        assert 0.25 < share < 0.45


def test_the_split_is_the_same_every_time(data):
    items = CHEST.list(data, "train")
    assert split_by_patient(items) == split_by_patient(CHEST.list(data, "train"))


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(DataError, match=str(tmp_path / "train" / "NORMAL")):
        CHEST.list(tmp_path, "train")


def test_a_class_without_images_is_named(data):
    for path in (data / "train" / "PNEUMONIA").iterdir():
        path.unlink()
    with pytest.raises(DataError, match="PNEUMONIA: no image"):
        CHEST.list(data, "train")


def test_a_damaged_image_is_named(tmp_path):
    path = tmp_path / "broken.jpeg"
    path.write_bytes(b"\xff\xd8\xff\xe0 this is no film")
    with pytest.raises(DataError, match=r"broken\.jpeg: cannot be read"):
        load_image(path, 16, 1)


def test_a_cut_off_image_is_named(tmp_path):
    whole, path = tmp_path / "whole.png", tmp_path / "cut.png"
    Image.fromarray(np.arange(10000, dtype=np.uint8).reshape(100, 100)).save(whole)
    path.write_bytes(whole.read_bytes()[:150])
    with pytest.raises(DataError, match=r"cut\.png"):
        load_image(path, 16, 1)


def test_the_orientation_in_the_exif_data_is_honoured(tmp_path):
    pixels = np.zeros((32, 32), np.uint8)
    pixels[:8] = 255
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise
    Image.fromarray(pixels).save(tmp_path / "turned.png", exif=exif)
    seen = load_image(tmp_path / "turned.png", 32, 1)
    assert seen[:, -8:].mean() > 240
    assert seen[:, :16].mean() < 10


def test_sixteen_bits_and_transparency_are_read_as_grey():
    deep = Image.fromarray(np.array([[0, 257, 65535]], np.uint16))
    assert np.asarray(to_grey(deep)).tolist() == [[0, 1, 255]]
    clear = Image.new("RGBA", (1, 1), (200, 200, 200, 0))
    assert np.asarray(to_grey(clear)).tolist() == [[200]]
