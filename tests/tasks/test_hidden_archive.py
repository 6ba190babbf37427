"""Hidden images leave the platform as bytes under numbers: no name, no label, no order that tells one."""

import hashlib
import zipfile
from itertools import pairwise
from pathlib import Path

import pytest

from fixpoint.tasks.hidden_archive import HiddenArchiveError, HiddenEntry, neutral_archive
from tests.archives.forge import PNG_HEAD, forge_end, forge_entry, make_zip

CLASSES = ("sparrowhawk", "kestrel", "buzzard")
KEY = b"a key of this test"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    names = [f"birds/{name}/{name}-original-{index}.png" for name in CLASSES for index in range(12)]
    return make_zip(tmp_path / "hidden.zip", names)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "neutral.zip"


def _hide(source: Path, target: Path, key: bytes = KEY, classes: tuple[str, ...] = CLASSES) -> list[HiddenEntry]:
    return neutral_archive(source, target, classes=classes, key=key)


def _problems(source: Path, target: Path, classes: tuple[str, ...] = CLASSES) -> list[str]:
    with pytest.raises(HiddenArchiveError) as refused:
        _hide(source, target, classes=classes)
    assert not target.exists()
    return list(refused.value.problems)


def test_no_class_and_no_original_name_stands_in_the_archive(source: Path, target: Path) -> None:
    _hide(source, target)
    with zipfile.ZipFile(target) as archive:
        around = target.read_bytes()
        for name in archive.namelist():  # what stands in the images themselves is the organizers' own
            around = around.replace(archive.read(name), b"")
    for told in (*CLASSES, *(name[::-1] for name in CLASSES), "birds", "original", ".png"):
        assert told.encode() not in around


def test_names_are_the_numbers_in_order_and_nothing_else_is_written(source: Path, target: Path) -> None:
    entries = _hide(source, target)
    with zipfile.ZipFile(target) as archive:
        infos = archive.infolist()
        assert [info.filename for info in infos] == [f"{number:06d}" for number in range(1, 37)]
        assert archive.comment == b""
    assert [entry.neutral_name for entry in entries] == [info.filename for info in infos]
    assert {info.date_time for info in infos} == {(1980, 1, 1, 0, 0, 0)}
    assert {info.extra + info.comment for info in infos} == {b""}
    assert {info.compress_type for info in infos} == {zipfile.ZIP_STORED}
    assert len({info.external_attr for info in infos}) == 1


def test_bytes_are_copied_and_described_as_they_are(source: Path, target: Path) -> None:
    with zipfile.ZipFile(source) as before:
        originals = {name: before.read(name) for name in before.namelist()}
    entries = _hide(source, target)
    with zipfile.ZipFile(target) as after:
        for entry in entries:
            data = after.read(entry.neutral_name)
            assert data == originals[entry.original_name]
            assert entry.sha256 == hashlib.sha256(data).hexdigest()
            assert entry.size == len(data)
            assert CLASSES[entry.label] == entry.original_name.split("/")[1]
    assert {entry.original_name for entry in entries} == originals.keys()


def test_the_same_key_gives_the_same_archive_and_another_key_another_order(source: Path, tmp_path: Path) -> None:
    first, again, other = (tmp_path / name for name in ("1.zip", "2.zip", "3.zip"))
    entries = _hide(source, first)
    assert _hide(source, again) == entries
    assert first.read_bytes() == again.read_bytes()
    shuffled = _hide(source, other, key=b"another key")
    assert [entry.original_name for entry in shuffled] != [entry.original_name for entry in entries]


def test_the_order_tells_neither_classes_nor_names(source: Path, target: Path) -> None:
    entries = _hide(source, target)
    labels = [entry.label for entry in entries]
    assert labels != sorted(labels)
    assert sum(a != b for a, b in pairwise(labels)) > 10
    assert [entry.original_name for entry in entries] != sorted(entry.original_name for entry in entries)
    assert [entry.sha256 for entry in entries] != sorted(entry.sha256 for entry in entries)


def test_the_order_of_the_source_does_not_matter(source: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(source) as archive:
        turned = make_zip(tmp_path / "turned.zip", {name: archive.read(name) for name in reversed(archive.namelist())})
    assert _hide(source, tmp_path / "1.zip") == _hide(turned, tmp_path / "2.zip")


def test_one_image_under_two_names_is_hidden_twice(tmp_path: Path, target: Path) -> None:
    source = make_zip(tmp_path / "twins.zip", {"a/1.png": PNG_HEAD, "a/2.png": PNG_HEAD, "b/1.png": PNG_HEAD})
    assert [entry.sha256 for entry in _hide(source, target, classes=("a", "b"))] == 3 * [
        hashlib.sha256(PNG_HEAD).hexdigest()
    ]


@pytest.mark.parametrize("top", ["", "hidden-test/"])
def test_classes_lie_bare_or_under_one_top_folder_with_clutter_beside(tmp_path: Path, target: Path, top: str) -> None:
    names = [
        f"{top}a/1.png",
        f"{top}a/deep/2.png",
        f"{top}b/1.png",
        f"{top}a/",
        f"{top}.DS_Store",
        "__MACOSX/a/._1.png",
    ]
    assert len(_hide(make_zip(tmp_path / "s.zip", names), target, classes=("a", "b"))) == 3


def test_every_problem_is_told_at_once(tmp_path: Path, target: Path) -> None:
    members = {"t/a/1.png": PNG_HEAD, "t/xi/1.png": PNG_HEAD, "t/xi/2.png": PNG_HEAD, "t/stray.png": PNG_HEAD}
    source = make_zip(
        tmp_path / "bad.zip", members | {"../x.png": PNG_HEAD, "t/a/empty.png": b"", "t/a/c.png": PNG_HEAD}
    )
    forge_entry(source, "t/a/c.png", flags=1)
    told = "\n".join(_problems(source, target, ("a", "b")))
    expected = [
        "'xi' is no class of this task (2 files)",
        "t/stray.png",
        "No image of class 'b'",
        "leaves its folder",
        "'t/a/empty.png': the file is empty",
        "'t/a/c.png' is encrypted",
    ]
    for problem in expected:
        assert problem in told


def test_what_is_not_an_image_is_named(tmp_path: Path, target: Path) -> None:
    members = {"a/1.png": PNG_HEAD, "a/notes.png": b"hello there", "a/evil.png": b"<svg/>"}
    assert _problems(make_zip(tmp_path / "s.zip", members), target, ("a",)) == [
        "'a/notes.png' is not an image.",
        "'a/evil.png' is not an image.",
    ]


def test_damaged_bytes_are_named(tmp_path: Path, target: Path) -> None:
    source = make_zip(tmp_path / "s.zip", {"a/1.png": PNG_HEAD + b"0123456789"}, zipfile.ZIP_STORED)
    source.write_bytes(source.read_bytes().replace(b"0123456789", b"0123456788"))
    (problem,) = _problems(source, target, ("a",))
    assert problem.startswith("'a/1.png' is damaged")


def test_a_local_header_that_contradicts_the_directory_is_named(tmp_path: Path, target: Path) -> None:
    source = make_zip(tmp_path / "s.zip", {"a/1.png": PNG_HEAD}, zipfile.ZIP_STORED)
    source.write_bytes(source.read_bytes().replace(b"a/1.png", b"a/2.png", 1))
    (problem,) = _problems(source, target, ("a",))
    assert "is damaged" in problem


@pytest.mark.parametrize(
    ("forged", "expected"),
    [
        ({"method": 12}, "neither stored nor deflated"),
        ({"attributes": 0o120777 << 16}, "link"),
        ({"size": 1 << 31}, "too big"),
    ],
)
def test_forged_entries_are_refused(tmp_path: Path, target: Path, forged: dict[str, int], expected: str) -> None:
    source = forge_entry(make_zip(tmp_path / "s.zip", ["a/1.png", "a/2.png"]), "a/2.png", **forged)
    assert expected in "\n".join(_problems(source, target, ("a",)))


def test_names_that_collide_and_entries_that_overlap_are_refused(tmp_path: Path, target: Path) -> None:
    source = make_zip(tmp_path / "s.zip", ["a/1.png", "a/2.png", "a/X.png", "a/x.png"])
    told = "\n".join(_problems(forge_entry(source, "a/2.png", offset=0), target, ("a",)))
    assert "'a/x.png' collides" in told
    assert "overlaps" in told


def test_two_top_folders_are_refused(tmp_path: Path, target: Path) -> None:
    (problem,) = _problems(make_zip(tmp_path / "s.zip", ["one/a/1.png", "two/a/1.png"]), target, ("a",))
    assert "one top folder" in problem


def test_a_file_that_is_no_zip_or_has_too_many_entries_is_refused(tmp_path: Path, target: Path) -> None:
    source = tmp_path / "s.zip"
    source.write_bytes(b"GIF89a")
    assert "cannot be read as a zip" in _problems(source, target)[0]
    forge_end(make_zip(source, ["a/1.png"]), entries=9, here=9)
    assert "announces 9 entries" in _problems(source, target)[0]


def test_an_empty_zip_lacks_every_class(tmp_path: Path, target: Path) -> None:
    assert len(_problems(make_zip(tmp_path / "s.zip", []), target)) == len(CLASSES)


@pytest.mark.data
def test_the_real_hidden_half_is_hidden_whole(real_data: Path, target: Path) -> None:
    classes = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
    entries = _hide(real_data / "roman" / "hidden-test-half.zip", target, classes=classes)
    assert len(entries) == 1_238
    assert {entry.label for entry in entries} == set(range(10))
    data = target.read_bytes()
    assert b"hidden-test" not in data
    for entry in entries:
        assert Path(entry.original_name).name.encode() not in data
