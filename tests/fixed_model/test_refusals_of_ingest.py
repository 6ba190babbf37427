"""Hostile and broken archives: each is refused for every reason it gives, and for nothing else."""

import io
import struct
import tarfile
import warnings
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from tests.fixed_model.archives import outcome_of, reasons, request, small_dataset, zipped
from tests.fixed_model.conftest import Judge
from tests.fixed_model.pictures import encoded, grey, grey_png

PLACE = "train/i/x.png"


def inner_zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.png", grey_png(0))
    return file.getvalue()


def inner_tar() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.png"))
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"just text", "not-an-image"),
        (b"", "not-an-image"),
        (grey_png(1)[:60], "unreadable-image"),
        (inner_zip(), "nested-archive"),
        (inner_tar(), "nested-archive"),
        (b"\x1f\x8b" + bytes(50), "nested-archive"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(50), "nested-archive"),
        (b"Rar!\x1a\x07\x01\x00" + bytes(50), "nested-archive"),
        (encoded(grey(1001, 1000), "PNG"), "image-too-many-pixels"),
        (bytes(1_000_001), "image-too-many-bytes"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_no_good_image_is_refused_by_its_rule(judge: Judge, data: bytes, rule: str) -> None:
    wide = request(image_bytes=2_000_000) if rule == "image-too-many-pixels" else None
    outcome = judge(small_dataset() | {PLACE: data}, wide)
    assert outcome["outcome"] == "refused"
    assert reasons(outcome) == {(rule, PLACE)}
    assert outcome["refusal_counts"] == {rule: 1}
    assert outcome["refusals"][0]["detail"]


def test_a_wrong_ending_does_not_matter_since_content_decides(judge: Judge) -> None:
    jpeg = encoded(Image.new("L", (8, 8)), "JPEG")
    assert judge(small_dataset() | {"train/i/x.png": jpeg, "val/v/y.txt": grey_png(77)})["outcome"] == "done"


def test_an_archive_is_refused_by_its_name_too(judge: Judge) -> None:
    assert reasons(judge(small_dataset() | {"train/i/x.zip": grey_png(50)})) == {("nested-archive", "train/i/x.zip")}


@pytest.mark.parametrize("name", ["../x.png", "/x.png", "train/i/../../../x.png", "C:/x.png", "train\\i\\x.png"])
def test_a_name_that_leads_elsewhere_is_refused(judge: Judge, name: str) -> None:
    assert reasons(judge(small_dataset() | {name: grey_png(50)})) == {("unsafe-name", name)}


def test_a_nul_in_a_name_is_refused_and_shown_without_it(judge: Judge, tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", small_dataset() | {"train/i/xQ.png": grey_png(50)})
    path.write_bytes(path.read_bytes().replace(b"xQ.png", b"x\0.png"))
    assert reasons(outcome_of(path, tmp_path / "out")) == {("unsafe-name", "train/i/x\ufffd.png")}


def test_a_symbolic_link_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", small_dataset())
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo(PLACE)
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert reasons(outcome_of(path, tmp_path / "out")) == {("unsafe-name", PLACE)}


def test_a_name_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", small_dataset())
    with zipfile.ZipFile(path, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr("train/i/0.png", grey_png(50))
    assert reasons(outcome_of(path, tmp_path / "out")) == {("duplicate-name", "train/i/0.png")}


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_compression_that_is_not_read_is_refused(tmp_path: Path, method: int) -> None:
    path = zipped(tmp_path / "a.zip", small_dataset())
    with zipfile.ZipFile(path, "a", method) as archive:
        archive.writestr(PLACE, grey_png(50))
    assert reasons(outcome_of(path, tmp_path / "out")) == {("unsupported-compression", PLACE)}


def flagged(path: Path, name: str, offset: int, value: bytes) -> None:
    """Overwrites bytes of one entry's header in the central directory."""
    data = bytearray(path.read_bytes())
    at = data.rindex(name.encode()) - 46
    assert data[at : at + 4] == b"PK\x01\x02"
    data[at + offset : at + offset + len(value)] = value
    path.write_bytes(data)


def test_an_encrypted_file_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", small_dataset())
    flagged(path, "train/i/1.png", 8, b"\x01\x00")
    assert reasons(outcome_of(path, tmp_path / "out")) == {("encrypted", "train/i/1.png")}


def test_a_file_whose_bytes_do_not_match_their_checksum_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", small_dataset(), zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    data[data.index(b"IDAT") + 8] ^= 0xFF
    path.write_bytes(data)
    assert reasons(outcome_of(path, tmp_path / "out")) == {("damaged-entry", "train/i/0.png")}


@pytest.mark.parametrize("declared", [10, 500_000])
def test_a_file_that_lies_about_its_size_is_refused_and_never_unpacked_further(tmp_path: Path, declared: int) -> None:
    path = zipped(tmp_path / "a.zip", small_dataset() | {PLACE: bytes(900_000)})
    flagged(path, PLACE, 24, struct.pack("<L", declared))
    assert reasons(outcome_of(path, tmp_path / "out")) == {("damaged-entry", PLACE)}


def test_a_file_whose_local_header_is_gone_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", small_dataset())
    data = bytearray(path.read_bytes())
    data[0:4] = b"XXXX"
    path.write_bytes(data)
    assert reasons(outcome_of(path, tmp_path / "out")) == {("damaged-entry", "train/i/0.png")}


def test_files_that_unpack_to_more_than_is_allowed_are_not_unpacked(judge: Judge) -> None:
    files = small_dataset() | {f"train/i/{n}.bin": bytes(900_000) for n in range(40)}
    outcome = judge(files, request(unpacked_bytes=30_000_000))
    assert reasons(outcome) == {("unpacked-too-big", "")}


def test_the_limit_of_images_is_met_exactly_and_passed_by_one(judge: Judge) -> None:
    assert judge(small_dataset(), request(images=8))["outcome"] == "done"
    outcome = judge(small_dataset(), request(images=7))
    assert reasons(outcome) == {("too-many-images", "")}
    assert outcome["refusals"][0]["detail"] == "8 images; the limit is 7"


def test_an_empty_archive_lacks_both_splits(judge: Judge) -> None:
    assert reasons(judge({})) == {("missing-split", "train"), ("missing-split", "val")}


def test_an_archive_without_hidden_images_is_refused(judge: Judge) -> None:
    assert judge({}, request("flat", ()))["outcome"] == "refused"


def test_every_reason_is_told_at_once(judge: Judge) -> None:
    files = small_dataset("v0/")
    del files["v0/val/v/0.png"], files["v0/val/v/1.png"]
    files |= {
        "v0/train/i/broken.png": grey_png(50)[:60],
        "v0/train/i/text.png": b"text",
        "v0/train/v/inner.zip": inner_zip(),
        "v0/train/xi/1.png": grey_png(51),
        "v0/readme.md": b"hello",
        "../escape.png": grey_png(52),
        "v0/val/i/huge.png": bytes(1_000_001),
    }
    assert reasons(judge(files, request(images=5))) == {
        ("unreadable-image", "v0/train/i/broken.png"),
        ("not-an-image", "v0/train/i/text.png"),
        ("nested-archive", "v0/train/v/inner.zip"),
        ("unknown-class", "v0/train/xi"),
        ("unexpected-file", "v0/readme.md"),
        ("unsafe-name", "../escape.png"),
        ("image-too-many-bytes", "v0/val/i/huge.png"),
        ("missing-class", "v0/val/v"),
        ("too-many-images", ""),
    }


def test_nothing_but_the_outcome_is_written_for_a_refused_archive(judge: Judge, tmp_path: Path) -> None:
    judge(small_dataset() | {PLACE: b"text"})
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["outcome.json"]


def test_past_the_limit_reasons_are_only_counted_and_none_of_another_kind_is_lost(
    judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fixed_model.refusals.SHOWN", 100)
    files = small_dataset() | {f"train/i/{n}.txt": b"" for n in range(300)} | {PLACE: grey_png(1)[:60]}
    outcome = judge(files, request(images=2000))
    assert outcome["refusal_counts"] == {"not-an-image": 300, "unreadable-image": 1}
    assert len(outcome["refusals"]) == 101
    assert ("unreadable-image", PLACE) in reasons(outcome)


def test_reasons_with_long_names_still_fit_into_an_outcome(judge: Judge, tmp_path: Path) -> None:
    files = small_dataset() | {f"train/i/{'数' * 125}{n}.txt": b"" for n in range(1100)}
    files |= {f"train/i/{'数' * 5000}{n}.txt": b"" for n in range(1000)}
    outcome = judge(files, request(images=3000, archive_bytes=10**8))
    assert outcome["refusal_counts"] == {"not-an-image": 1100, "unsafe-name": 1000}
    assert (tmp_path / "out" / "outcome.json").stat().st_size <= 1 << 20
    assert outcome["refusals"]
