"""The readers of what a sandbox left: size, kind and shape, before anything is believed."""

from __future__ import annotations

import io
import json
import os
import struct
from pathlib import Path

import pytest

from tests.worker.programs import tensors
from worker.outputs import BadOutputError, MissingOutputError, check_shape, opened, read_object, strict_json


def reading(folder: Path, name: str = "file", most: int = 10) -> bytes:
    with opened(folder, name, most) as file:
        return file.read()


def test_a_file_within_its_bound_is_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"0123456789")

    assert reading(tmp_path) == b"0123456789"


def test_a_byte_more_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"0123456789X")

    with pytest.raises(BadOutputError, match="has 11 bytes, and 10 are allowed"):
        reading(tmp_path)


def test_what_is_missing_is_told_from_what_is_bad(tmp_path: Path) -> None:
    with pytest.raises(MissingOutputError, match="file is missing"):
        reading(tmp_path)


def test_a_link_is_not_followed_even_to_a_good_file(tmp_path: Path) -> None:
    (tmp_path / "good").write_bytes(b"ok")
    (tmp_path / "file").symlink_to(tmp_path / "good")

    with pytest.raises(BadOutputError, match="cannot be opened"):
        reading(tmp_path)


def test_a_link_to_nowhere_is_bad_and_not_missing(tmp_path: Path) -> None:
    (tmp_path / "file").symlink_to(tmp_path / "nowhere")

    with pytest.raises(BadOutputError, match="cannot be opened"):
        reading(tmp_path)


def test_a_pipe_does_not_hold_the_worker(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "file")

    with pytest.raises(BadOutputError, match="not a regular file"):
        reading(tmp_path)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "file").mkdir()

    with pytest.raises(BadOutputError, match="not a regular file"):
        reading(tmp_path)


@pytest.mark.parametrize(
    "text",
    ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", '{"a": [NaN]}', "{", "", "\xff", "[" * 100_000, "1" * 5000],
    ids=lambda text: text[:12],
)
def test_json_that_is_not_plain_finite_json_is_refused(text: str) -> None:
    with pytest.raises(BadOutputError):
        strict_json("file.json", text.encode("latin-1"))


@pytest.mark.parametrize("value", [[], "text", 1, None, {}, {"format": 2}, {"format": "1"}], ids=str)
def test_an_object_of_another_format_is_refused(tmp_path: Path, value: object) -> None:
    (tmp_path / "file").write_text(json.dumps(value))

    with pytest.raises(BadOutputError, match="not an object of format 1"):
        read_object(tmp_path, "file", 100)


def shape(content: bytes, name: str = "w.safetensors") -> None:
    check_shape(name, io.BufferedReader(io.BytesIO(content)), len(content))


def header(**entries: object) -> bytes:
    text = json.dumps(entries).encode()
    return struct.pack("<Q", len(text)) + text


@pytest.mark.parametrize("content", [tensors(), tensors(a=1), tensors(a=8, b=0, c=100)], ids=["none", "one", "three"])
def test_tensors_that_fill_their_file_pass(content: bytes) -> None:
    shape(content)


BAD_TENSORS = {
    "nothing": b"",
    "seven bytes": b"\x00" * 7,
    "a header longer than the file": struct.pack("<Q", 1000) + b"{}",
    "a header of exabytes": struct.pack("<Q", 1 << 62) + b"{}",
    "a header that is a list": struct.pack("<Q", 2) + b"[]",
    "bytes that belong to nobody": tensors(a=8) + b"x",
    "a tensor cut short": tensors(a=8)[:-1],
    "a gap": header(a={"data_offsets": [1, 2]}) + b"xx",
    "an overlap": header(a={"data_offsets": [0, 2]}, b={"data_offsets": [1, 2]}) + b"xx",
    "a tensor that ends before it begins": header(a={"data_offsets": [0, -1]}),
    "a tensor without a place": header(a={"dtype": "F32"}),
    "a tensor that is a word": header(a="F32"),
    "a pickle": b"\x80\x04\x95\x00\x00\x00\x00\x00\x00\x00\x00.",
}


@pytest.mark.parametrize("content", BAD_TENSORS.values(), ids=BAD_TENSORS.keys())
def test_tensors_that_do_not_are_refused(content: bytes) -> None:
    with pytest.raises(BadOutputError):
        shape(content)


def test_a_picture_has_no_shape_to_check_and_is_read_from_its_start() -> None:
    file = io.BufferedReader(io.BytesIO(b"\x89PNG"))

    check_shape("sheet.png", file, 4)

    assert file.read() == b"\x89PNG"


def test_a_checked_file_is_read_from_its_start_again() -> None:
    file = io.BufferedReader(io.BytesIO(b"[1, 2]"))

    check_shape("manifest.json", file, 6)

    assert file.read() == b"[1, 2]"
