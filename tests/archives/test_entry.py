"""What an entry's name, flags and sizes say about it."""

import stat
import zipfile

import pytest

from fixpoint.archives.entry import (
    collision_key,
    damage_reason,
    is_archive_name,
    is_clutter,
    is_encrypted,
    is_folder,
    is_image_name,
    is_readable_method,
    name_of,
    parts_of,
    unsafe_reason,
)


def _entry(name: str, **fields: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo("placeholder")
    entry.orig_filename = entry.filename = name
    entry.flag_bits = 0x800
    entry.file_size = entry.compress_size = 10
    for field, value in fields.items():
        setattr(entry, field, value)
    return entry


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "empty"),
        ("/", "empty"),
        ("./", "empty"),
        ("../a.png", "leaves its folder"),
        ("train/../../a.png", "leaves its folder"),
        ("train/i/..", "leaves its folder"),
        ("/etc/passwd", "absolute"),
        ("C:/a.png", "absolute"),
        ("c:a.png", "absolute"),
        ("train\\i\\a.png", "backslash"),
        ("train/i/a.png\0.exe", "control character"),
        ("train/i/\n.png", "control character"),
        ("train/i/\x7f.png", "control character"),
        ("train/i/\ud800.png", "control character"),
        ("train/i/gnp.\u202egpj", "reorders"),
        ("train/i/\u2066a.png", "reorders"),
        ("train/i/\ufeffa.png", "reorders"),
        (f"train/i/{'a' * 256}.png", "too long"),
        ("a/" * 250 + "a.png", "too long"),
        (f"train/i/{'ü' * 130}.png", "too long"),
    ],
)
def test_a_name_that_may_not_become_a_path_is_unsafe(name: str, reason: str) -> None:
    assert reason in unsafe_reason(_entry(name))


@pytest.mark.parametrize(
    "name",
    ["train/i/a.png", "train/i/", "./train/i/a.png", "train//i/a.png", "train/i/ä ö.png", "train/i/🙂.png", "a...b.png",
     "train/i/-rf.png", "train/i/%2e%2e.png", "train/i/…png", "train/i/" + "a" * 200 + ".png"],
)  # fmt: skip
def test_an_ordinary_name_is_safe(name: str) -> None:
    assert unsafe_reason(_entry(name)) == ""


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK, stat.S_IFDIR])
def test_a_link_or_a_device_is_unsafe_whatever_its_name(kind: int) -> None:
    assert "link or a device" in unsafe_reason(_entry("train/i/a.png", external_attr=(kind | 0o777) << 16))


def test_files_and_folders_with_their_modes_are_safe() -> None:
    assert unsafe_reason(_entry("train/i/a.png", external_attr=(stat.S_IFREG | 0o644) << 16)) == ""
    assert unsafe_reason(_entry("train/i/", external_attr=(stat.S_IFDIR | 0o755) << 16)) == ""


def test_utf8_names_without_the_flag_read_as_macos_meant_them() -> None:
    stored = "train/é/a.png".encode().decode("cp437")
    assert name_of(_entry(stored, flag_bits=0)) == "train/é/a.png"


def test_names_of_dos_stay_what_they_say() -> None:
    assert name_of(_entry("train/é/a.png", flag_bits=0)) == "train/é/a.png"


def test_parts_are_in_one_unicode_form_without_empty_ones() -> None:
    assert parts_of(_entry("./train//e\u0301/a.png")) == ("train", "é", "a.png")


@pytest.mark.parametrize(
    ("one", "other"),
    [("a/B.png", "a/b.png"), ("é.png", "e\u0301.png"), ("a/b/", "a/b"), ("./a.png", "a.png"), ("straße", "STRASSE")],
)
def test_names_that_meet_on_some_file_system_collide(one: str, other: str) -> None:
    assert collision_key(_entry(one)) == collision_key(_entry(other))


@pytest.mark.parametrize(
    "name",
    ["a/.DS_Store", "__MACOSX/a/b.png", "top/__MACOSX/._b", "i/._a.png", "i/Thumbs.db", "i/THUMBS.DB", "desktop.ini"],
)
def test_what_operating_systems_leave_behind_is_clutter(name: str) -> None:
    assert is_clutter(_entry(name))


@pytest.mark.parametrize("name", ["i/a.png", "i/_a.png", "i/.hidden.png", "MACOSX/a.png", "i/thumbs.png"])
def test_what_people_made_is_not_clutter(name: str) -> None:
    assert not is_clutter(_entry(name))


@pytest.mark.parametrize(
    ("name", "fields", "reason"),
    [
        ("a.png", {"file_size": 0, "compress_size": 0}, "empty"),
        ("a.png", {"compress_type": 0, "compress_size": 9}, "two sizes differ"),
        ("a.png", {"compress_type": 8, "file_size": 2_000_000, "compress_size": 1000}, "cannot hold"),
        ("a/", {"file_size": 5}, "folder"),
    ],
)
def test_sizes_that_cannot_be_true_are_damage(name: str, fields: dict[str, int], reason: str) -> None:
    assert reason in damage_reason(_entry(name, **fields))


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("a.png", {}),
        ("a.png", {"compress_type": 8, "file_size": 1_000_000, "compress_size": 1000}),
        ("a.png", {"compress_type": 0, "compress_size": 22, "flag_bits": 1}),
        ("a/", {"file_size": 0, "compress_size": 0}),
    ],
)
def test_sizes_that_may_be_true_are_none(name: str, fields: dict[str, int]) -> None:
    assert damage_reason(_entry(name, **fields)) == ""


@pytest.mark.parametrize("flags", [0x1, 0x40, 0x2000, 0x801])
def test_every_kind_of_encryption_is_seen(flags: int) -> None:
    assert is_encrypted(_entry("a.png", flag_bits=flags))


def test_other_flags_are_no_encryption() -> None:
    assert not is_encrypted(_entry("a.png", flag_bits=0x808))


def test_stored_and_deflated_are_read_and_nothing_else() -> None:
    assert [method for method in range(100) if is_readable_method(_entry("a", compress_type=method))] == [0, 8]


def test_kinds_go_by_the_last_suffix_in_any_case() -> None:
    assert all(
        is_image_name(f"a.{suffix}") for suffix in ("png", "PNG", "jpg", "Jpeg", "webp", "bmp", "gif", "tif", "tiff")
    )
    assert not any(is_image_name(name) for name in ("a.svg", "a.png.exe", "png", "a.pdf", "a", "b.png/c"))
    assert all(is_archive_name(name) for name in ("a.zip", "a.tar.gz", "b.7Z", "c.RAR"))
    assert not is_archive_name("zip")


def test_a_name_with_a_slash_at_its_end_is_a_folder() -> None:
    assert is_folder(_entry("a/"))
    assert not is_folder(_entry("a"))
    assert not is_folder(_entry(""))
