"""What the app writes as DICOM, read back by pydicom (PS3.3 A.8.1, A.35.3; PS3.16 TID 1500)."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pydicom import config, dcmread
from pydicom.dataset import Dataset
from pydicom.uid import JPEGBaseline8Bit
from pydicom.valuerep import validate_value

ROOT = Path(__file__).parents[3]
TSX = ROOT / "node_modules" / "tsx" / "dist" / "cli.mjs"
SCRIPT = ROOT / "tests" / "unit" / "helpers" / "write-dicom.ts"

COMPREHENSIVE_SR = "1.2.840.10008.5.1.4.1.1.88.33"
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
SOURCE_STUDY = "1.2.840.99.1"
SOURCE_SERIES = "1.2.840.99.1.1"

#: Attributes that must be there: type 1 with a value, type 2 perhaps empty.
COMMON_1 = ["SOPClassUID", "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "Modality"]
COMMON_2 = [
    *["PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime"],
    *["ReferringPhysicianName", "StudyID", "AccessionNumber", "Manufacturer"],
]
SR_1 = [
    *["SeriesNumber", "InstanceNumber", "CompletionFlag", "VerificationFlag", "ContentDate"],
    *["ContentTime", "ValueType", "ConceptNameCodeSequence", "ContinuityOfContent"],
    "ContentTemplateSequence",
]
SR_2 = ["ReferencedPerformedProcedureStepSequence", "PerformedProcedureCodeSequence"]
SC_1 = [
    *["ConversionType", "SamplesPerPixel", "PhotometricInterpretation", "Rows", "Columns"],
    *["BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation", "PixelData"],
    "PlanarConfiguration",
]
SC_2 = ["SeriesNumber", "InstanceNumber", "PatientOrientation", "Laterality"]

Files = dict[str, Dataset]


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    """A picture without edges, which JPEG hardly changes."""
    rows, columns = np.mgrid[0:48, 0:64]
    return np.stack([rows * 5, columns * 4, rows + columns], axis=-1).astype(np.uint8)


@pytest.fixture(scope="module")
def written(picture, tmp_path_factory):
    """All files of a list, with names, under replacement numbers and without patients."""
    node = shutil.which("node")
    if node is None or not TSX.exists():
        pytest.skip("the packages of the page are not installed")
    folder = tmp_path_factory.mktemp("dicom")
    jpeg = folder / "picture.jpg"
    Image.fromarray(picture).save(jpeg, quality=95, subsampling=0)

    def files(naming: str) -> Files:
        out = folder / f"{naming}.zip"
        call = [node, str(TSX), str(SCRIPT), str(jpeg), str(out), naming]
        subprocess.run(call, check=True, cwd=ROOT)
        with zipfile.ZipFile(out) as archive:
            assert archive.testzip() is None
            names = archive.namelist()
            return {name: dcmread(io.BytesIO(archive.read(name))) for name in names}

    return {naming: files(naming) for naming in ("names", "code", "none")}


def reports(files: Files) -> list[Dataset]:
    return [file for file in files.values() if file.SOPClassUID == COMPREHENSIVE_SR]


def pictures(files: Files) -> list[Dataset]:
    return [file for file in files.values() if file.SOPClassUID == SECONDARY_CAPTURE]


def items(report: Dataset) -> list[Dataset]:
    """All content items, from the top."""
    found = [report]
    for item in report.get("ContentSequence", []):
        found += items(item)
    return found


def named(item: Dataset) -> str:
    return item.ConceptNameCodeSequence[0].CodeMeaning


def groups(report: Dataset) -> list[Dataset]:
    return [item for item in items(report) if named(item) == "Measurement Group"]


def valued(group: Dataset) -> dict[str, str]:
    """The items of a group by their names, as text."""
    found = {}
    for item in group.ContentSequence:
        if item.ValueType == "NUM":
            value = str(item.MeasuredValueSequence[0].NumericValue)
        elif item.ValueType == "CODE":
            value = item.ConceptCodeSequence[0].CodeValue
        elif item.ValueType == "PNAME":
            value = str(item.PersonName)
        else:
            value = item.get("TextValue", "")
        found[named(item)] = value
    return found


def group_of(files: Files, path: str, number: int = 0) -> dict[str, str]:
    """What is said of an image: first by the program, then by the person."""
    all_groups = [valued(group) for report in reports(files) for group in groups(report)]
    return [one for one in all_groups if one["Tracking Identifier"] == path][number]


@pytest.mark.parametrize("naming", ["names", "code", "none"])
def test_has_what_its_kind_of_file_must_have(written, naming):
    files = written[naming]
    for file in files.values():
        is_report = file.SOPClassUID == COMPREHENSIVE_SR
        assert file.file_meta.MediaStorageSOPInstanceUID == file.SOPInstanceUID
        assert file.SpecificCharacterSet == "ISO_IR 192"
        for keyword in COMMON_1 + (SR_1 if is_report else SC_1):
            assert file.get(keyword) not in (None, ""), keyword
        for keyword in COMMON_2 + (SR_2 if is_report else SC_2):
            assert keyword in file, keyword
        for element in file.iterall():
            if isinstance(element.value, str):
                validate_value(element.VR, element.value, config.RAISE)
    uids = [file.SOPInstanceUID for file in files.values()]
    assert len(set(uids)) == len(uids)
    assert all(uid.startswith("2.25.") and uid.is_valid for uid in uids)


def test_the_report_follows_its_template(written):
    for report in reports(written["names"]):
        template = report.ContentTemplateSequence[0]
        assert (template.MappingResource, template.TemplateIdentifier) == ("DCMR", "1500")
        assert report.ConceptNameCodeSequence[0].CodeValue == "126000"
        names = [named(item) for item in report.ContentSequence]
        assert "Imaging Measurements" in names
        assert "Language of Content Item and Descendants" in names
        assert "Procedure reported" in names
        assert (report.PreliminaryFlag, report.VerificationFlag) == ("PRELIMINARY", "UNVERIFIED")
        said = [item.TextValue for item in items(report) if item.ValueType == "TEXT"]
        assert "A help for sorting, not a diagnosis. A person decides." in said


def test_score_category_and_model_are_apart_from_what_a_person_says(written):
    program = group_of(written["names"], "Zoë Müller/front.dcm")
    person = group_of(written["names"], "Zoë Müller/front.dcm", 1)
    assert program["Suspicion by the program, for sorting"] == "87.3"
    assert program["Category by the program"] == "likely"
    assert program["Algorithm Version"] == "1.2.3"
    assert "Finding" not in program and "Person Observer Name" not in program
    assert person["Finding"] == "present"
    assert person["Person Observer Name"] == "AB"
    assert person["Comment"].splitlines() == ["left base\\", "see again"]
    assert not any("program" in name or "Algorithm" in name for name in person)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("adult.dcm", "Outside"),
        ("wrong outline.jpg", "outline"),
        ("cut.jpg", "stopped"),
    ],
)
def test_no_score_stands_where_it_means_nothing(written, path, reason):
    said = group_of(written["none"], path)
    assert "Suspicion by the program, for sorting" not in said
    assert reason.lower() in said["Why there is no score"].lower()


def test_an_image_of_an_archive_is_referred_to_and_its_study_kept(written):
    files = written["names"]
    (report,) = (one for one in reports(files) if one.StudyInstanceUID == SOURCE_STUDY)
    assert (report.PatientID, report.PatientName) == ("KC-0042", "Müller^Zoë^^^")
    assert (report.StudyDate, report.StudyTime, report.AccessionNumber) == (
        "20261102",
        "081500",
        "A-1",
    )
    evidence = report.CurrentRequestedProcedureEvidenceSequence
    assert [study.StudyInstanceUID for study in evidence] == [SOURCE_STUDY]
    by_series = {
        series.SeriesInstanceUID: [
            one.ReferencedSOPInstanceUID for one in series.ReferencedSOPSequence
        ]
        for series in evidence[0].ReferencedSeriesSequence
    }
    captures = [one for one in pictures(files) if one.StudyInstanceUID == SOURCE_STUDY]
    assert by_series == {
        SOURCE_SERIES: [f"{SOURCE_SERIES}.1", f"{SOURCE_SERIES}.2"],
        captures[0].SeriesInstanceUID: [one.SOPInstanceUID for one in captures],
    }
    sources = [one.SourceImageSequence[0].ReferencedSOPInstanceUID for one in captures]
    assert sources == by_series[SOURCE_SERIES]
    shown = [
        item.ReferencedSOPSequence[0].ReferencedSOPInstanceUID
        for item in items(report)
        if item.ValueType == "IMAGE"
    ]
    assert set(shown) == {uid for uids in by_series.values() for uid in uids}


def test_a_replaced_patient_is_nobody(written):
    for naming in ("code", "none"):
        for file in written[naming].values():
            assert file.StudyInstanceUID.startswith("2.25.")
            text = str(file)
            for hidden in ("Zoë", "Müller", "KC-0042", "أمينة", "20230502", "1.2.840.99"):
                assert hidden not in text, hidden
    known = [str(file.PatientID) for file in reports(written["code"]) if file.PatientID]
    assert len(known) == 3 and all(number.startswith("P-7K3M-Q2X") for number in known)
    assert all(not file.PatientID and not file.PatientName for file in written["none"].values())


def test_names_are_written_in_any_script(written):
    names = {str(file.PatientName) for file in reports(written["names"])}
    assert "أمينة كاتو" in names


def test_the_picture_is_the_one_that_was_read(written, picture):
    shown = pictures(written["names"])
    assert len(shown) == 5
    for file in shown:
        assert file.file_meta.TransferSyntaxUID == JPEGBaseline8Bit
        assert (file.LossyImageCompression, file.LossyImageCompressionMethod) == (
            "01",
            "ISO_10918_1",
        )
        assert file.ImageType == ["DERIVED", "SECONDARY"]
        # pydicom gives YBR as RGB where it unpacks with Pillow.
        pixels = file.pixel_array
        assert pixels.shape == picture.shape
        assert np.abs(pixels.astype(int) - picture).mean() < 3
    assert [("small one" in file.DerivationDescription) for file in shown].count(True) == 1
