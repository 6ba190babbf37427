"""Names from a stranger's zip: what is safe, what is clutter, and how they were meant."""

import stat
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixed_model.names import is_archive_name, is_clutter, readable_name, why_unsafe


def entry(name: str, mode: int = 0) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("", "empty"),
        ("../a.png", ".."),
        ("train/../../a.png", ".."),
        ("train/..", ".."),
        ("/etc/passwd", "absolute"),
        ("C:/a.png", "absolute"),
        ("c:a.png", "absolute"),
        ("train\\i\\a.png", "backslash"),
        ("train/i/a\0.png", "control"),
        ("train/i/a\n.png", "control"),
        ("train/i/a\x7f.png", "control"),
        ("train/i/gnp.\u202eexe", "control"),
        ("train/i/" + "a" * 400, "longer"),
        ("train/i/" + "ü" * 200, "longer"),
    ],
)
def test_an_unsafe_name_is_named_for_what_it_is(name: str, word: str) -> None:
    assert word in why_unsafe(entry(name), name)


@pytest.mark.parametrize("name", ["a.png", "train/i/a b (1).png", "train/ⅷ/数字.png", "train/i/..a.png", "v0/"])
def test_a_plain_relative_name_is_safe(name: str) -> None:
    assert why_unsafe(entry(name), name) == ""


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK])
def test_a_link_or_a_device_is_unsafe(kind: int) -> None:
    assert "link or a device" in why_unsafe(entry("train/i/a.png", kind | 0o644), "train/i/a.png")


@pytest.mark.parametrize("kind", [0, stat.S_IFREG, stat.S_IFDIR])
def test_files_and_folders_are_safe(kind: int) -> None:
    assert why_unsafe(entry("train/i/a.png", kind | 0o644), "train/i/a.png") == ""


@given(st.text())
def test_any_name_is_judged_and_a_safe_one_stays_below_its_folder(name: str) -> None:
    if why_unsafe(entry("x"), name) == "":
        assert not name.startswith("/")
        assert ".." not in name.split("/")
        assert "\0" not in name


@pytest.mark.parametrize(
    "path",
    ["v0/.DS_Store", "__MACOSX/v0/._a.png", "._v0", "train/i/Thumbs.db", "train/i/thumbs.DB", "a/Desktop.ini"],
)
def test_what_operating_systems_leave_behind_is_clutter(path: str) -> None:
    assert is_clutter(path)


@pytest.mark.parametrize("path", ["train/i/a.png", "train/i/DS_Store.png", "MACOSX/a.png", "train/i/.hidden.png"])
def test_what_a_person_put_there_is_not_clutter(path: str) -> None:
    assert not is_clutter(path)


def test_utf8_without_its_flag_is_read_as_macos_meant_it() -> None:
    info = entry("train/é/1.png".encode().decode("cp437"))
    assert readable_name(info) == "train/é/1.png"


def test_an_old_dos_name_stays_what_it_says() -> None:
    assert readable_name(entry("train/é/1.png")) == "train/é/1.png"


def test_a_name_with_the_flag_is_believed() -> None:
    info = entry("train/Ã©/1.png")
    info.flag_bits = 0x800
    assert readable_name(info) == "train/Ã©/1.png"


@pytest.mark.parametrize("name", ["a.zip", "x/DATA.TAR.GZ", "b.7z", "c.rar", "d.tgz"])
def test_an_archive_is_known_by_its_name(name: str) -> None:
    assert is_archive_name(name)


def test_an_image_is_no_archive_by_its_name() -> None:
    assert not is_archive_name("train/i/zip.png")
