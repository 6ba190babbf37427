"""The readers of what a sandbox left: size, kind and shape, before anything is believed."""

from __future__ import annotations

import io
import json
import os
import struct
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

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
    [
        "NaN", "Infinity", "-Infinity", "1e999", "-1e999", '{"a": [NaN]}', "{", "", "\xff", "[1] [2]", "\xef\xbb\xbf{}",
        "[" * 100_000, "[" * 100_000 + "]" * 100_000, '{"a":' * 100_000 + "1" + "}" * 100_000,
        "1" * 5000, str(2**63), str(-(2**63)), '{"a": 1, "a": 2}', '{"a": {"b": 1, "b": 1}}',
        '"\\u0000"', '{"\\u0000": 1}', '"\\ud800"', '[["\\udfff and more"]]', '"\x00"',
    ],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_json_that_is_not_plain_finite_json_is_refused(text: str) -> None:
    with pytest.raises(BadOutputError):
        strict_json("file.json", text.encode("latin-1"))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-8-sig"])
def test_json_in_another_encoding_than_utf_8_is_refused(encoding: str) -> None:
    with pytest.raises(BadOutputError):
        strict_json("file.json", '{"a": 1}'.encode(encoding))


@pytest.mark.parametrize(
    "value",
    [2**63 - 1, -(2**63) + 1, 0.1, 1e308, "€ \N{GRINNING FACE} \\u0000", {"a": {"a": 1}}, [None, True]],
    ids=str,
)
def test_json_that_every_reader_takes_alike_passes(value: object) -> None:
    assert strict_json("file.json", json.dumps(value).encode()) == value
    assert strict_json("file.json", json.dumps(value, ensure_ascii=False).encode()) == value


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


def entry(size: float, place: list[int]) -> dict[str, object]:
    return {"dtype": "U8", "shape": [size], "data_offsets": place}


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
    "a gap": header(a=entry(1, [1, 2])) + b"xx",
    "an overlap": header(a=entry(2, [0, 2]), b=entry(1, [1, 2])) + b"xx",
    "a tensor that ends before it begins": header(a=entry(-1, [0, -1])),
    "two tensors in the same place": header(a=entry(2, [0, 2]), b=entry(2, [0, 2])) + b"xx",
    "one tensor twice": b"\x8e"
    + bytes(7)
    + b'{"a": %s, "a": %s}' % ((json.dumps(entry(2, [0, 2])).encode(),) * 2)
    + b"xx",
    "a shape of more than is there": header(a=entry(1 << 40, [0, 2])) + b"xx",
    "a shape of less": header(a=entry(1, [0, 2])) + b"xx",
    "a shape whose product wraps around 64 bits": header(a=entry(1, [0, 0]) | {"shape": [1 << 32, 1 << 32]}),
    "a shape of a negative side": header(a=entry(1, [0, 1]) | {"shape": [-1, -1]}) + b"x",
    "a shape of halves": header(a=entry(1, [0, 1]) | {"shape": [0.5, 2]}) + b"x",
    "a shape that is true": header(a=entry(1, [0, 1]) | {"shape": [True]}) + b"x",
    "a shape of nine sides": header(a=entry(1, [0, 1]) | {"shape": [1] * 9}) + b"x",
    "a kind that nobody knows": header(a=entry(1, [0, 1]) | {"dtype": "object"}) + b"x",
    "a kind of more bytes": header(a=entry(1, [0, 1]) | {"dtype": "F64"}) + b"x",
    "more in an entry than there is to say": header(a=entry(1, [0, 1]) | {"pickle": "x"}) + b"x",
    "a place beyond 64 bits": header(a=entry(0, [1 << 64, 1 << 64])),
    "metadata that are a list": header(__metadata__=[1]),
    "metadata that are no words": header(__metadata__={"a": 1}),
    "a header of NaN": header(a=entry(float("nan"), [0, 1])) + b"x",
    "a tensor without a place": header(a={"dtype": "F32"}),
    "a tensor that is a word": header(a="F32"),
    "a pickle": b"\x80\x04\x95\x00\x00\x00\x00\x00\x00\x00\x00.",
}


@pytest.mark.parametrize("content", BAD_TENSORS.values(), ids=BAD_TENSORS.keys())
def test_tensors_that_do_not_are_refused(content: bytes) -> None:
    with pytest.raises(BadOutputError):
        shape(content)


def test_a_header_of_two_megabytes_that_is_one_shape_is_refused_before_its_sides_are_multiplied() -> None:
    content = header(a=entry(1, [0, 1]) | {"shape": [2**63 - 1] * 100_000}) + b"x"
    assert len(content) > 2_000_000

    with pytest.raises(BadOutputError, match="more than 8 sides"):
        shape(content)


def test_a_shape_of_as_many_sides_as_are_allowed_passes_and_may_be_empty() -> None:
    shape(header(a=entry(1, [0, 2]) | {"shape": [1] * 7 + [2]}) + b"xx")
    shape(header(a=entry(1, [0, 0]) | {"shape": [2**40] * 7 + [0]}))


def test_what_safetensors_itself_writes_passes() -> None:
    kinds = (np.float64, np.float32, np.float16, np.int64, np.int32, np.int16, np.int8, np.uint8, np.bool_)
    arrays = {kind.__name__: np.ones((2, 3), kind) for kind in kinds} | {"scalar": np.array(1, np.float32)}

    shape(save(arrays))
    shape(save(arrays, metadata={"who": "the model"}))


def test_a_picture_has_no_shape_to_check_and_is_read_from_its_start() -> None:
    file = io.BufferedReader(io.BytesIO(b"\x89PNG"))

    check_shape("sheet.png", file, 4)

    assert file.read() == b"\x89PNG"


def test_a_checked_file_is_read_from_its_start_again() -> None:
    file = io.BufferedReader(io.BytesIO(b"[1, 2]"))

    check_shape("manifest.json", file, 6)

    assert file.read() == b"[1, 2]"
