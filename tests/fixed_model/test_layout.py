"""Where files stand: splits and classes, bare or under one top folder, and every way to get it wrong."""

import unicodedata
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixed_model.archive import Entry
from fixed_model.layout import Member, arrange
from fixed_model.refusals import Remarks

CLASSES = ["i", "v"]
WHOLE = ["train/i/1.png", "train/v/2.png", "val/i/3.png", "val/v/4.png"]


def arranged(
    paths: list[str], layout: str = "splits", classes: list[str] = CLASSES, limit: int = 1000
) -> tuple[list[Member], set[tuple[str, str]]]:
    """The members, and the refusals as (rule, path)."""
    refusals = Remarks()
    entries = [Entry(zipfile.ZipInfo(path), path) for path in paths]
    members = arrange(entries, layout, classes, limit, refusals)
    return members, {(remark.rule, remark.path) for remark in refusals.first}


def placed(members: list[Member]) -> list[tuple[str, str]]:
    return [(member.split, member.label) for member in members]


@pytest.mark.parametrize("root", ["", "v0/", "my data/", "数据/"])
def test_splits_stand_bare_or_under_one_top_folder(root: str) -> None:
    members, refusals = arranged([root + path for path in WHOLE])
    assert refusals == set()
    assert placed(members) == [("train", "i"), ("train", "v"), ("val", "i"), ("val", "v")]


def test_files_deeper_in_a_class_folder_belong_to_the_class() -> None:
    members, refusals = arranged([*WHOLE, "train/i/more/and more/5.png"])
    assert refusals == set()
    assert placed(members)[-1] == ("train", "i")


def test_a_missing_split_is_named() -> None:
    assert arranged(["train/i/1.png", "train/v/2.png"])[1] == {("missing-split", "val")}
    assert arranged(["v0/val/i/1.png", "v0/val/v/2.png"])[1] == {("missing-split", "v0/train")}


def test_no_split_at_all_names_both_and_every_file() -> None:
    _, refusals = arranged(["i/1.png", "v/2.png"])
    assert refusals == {
        ("missing-split", "train"),
        ("missing-split", "val"),
        ("unexpected-file", "i/1.png"),
        ("unexpected-file", "v/2.png"),
    }


def test_two_levels_of_top_folders_are_one_too_many() -> None:
    rules = {rule for rule, _ in arranged(["a/b/" + path for path in WHOLE])[1]}
    assert rules == {"missing-split", "unexpected-file"}


def test_each_class_that_a_split_lacks_is_named() -> None:
    _, refusals = arranged(["train/i/1.png", "val/v/4.png"])
    assert refusals == {("missing-class", "train/v"), ("missing-class", "val/i")}


def test_an_unknown_class_is_named_once_by_its_folder_and_its_files_are_still_looked_at() -> None:
    members, refusals = arranged(["v0/" + path for path in [*WHOLE, "train/xi/5.png", "train/xi/6.png"]])
    assert refusals == {("unknown-class", "v0/train/xi")}
    assert len(members) == 6


@pytest.mark.parametrize("stray", ["readme.txt", "train/readme.txt", "test/i/1.png", "notes/todo.md"])
def test_a_file_outside_the_class_folders_is_unexpected(stray: str) -> None:
    members, refusals = arranged([*WHOLE, stray])
    assert refusals == {("unexpected-file", stray)}
    assert len(members) == 4


def test_a_file_beside_the_top_folder_does_not_hide_the_top_folder() -> None:
    _, refusals = arranged(["v0/" + path for path in WHOLE] + ["readme.txt"])
    assert refusals == {("unexpected-file", "readme.txt")}


def test_an_archive_outside_the_class_folders_is_called_an_archive() -> None:
    assert arranged([*WHOLE, "backup.zip"])[1] == {("nested-archive", "backup.zip")}


def test_capitals_make_another_name() -> None:
    assert arranged(["train/I/1.png", *WHOLE[1:]])[1] == {("unknown-class", "train/I"), ("missing-class", "train/i")}


def test_every_file_in_a_class_folder_counts_as_an_image_known_class_or_not() -> None:
    paths = [*WHOLE, "train/i/notes.txt", "train/xi/6.png"]
    assert ("too-many-images", "") in arranged(paths, limit=5)[1]
    assert ("too-many-images", "") not in arranged(paths, limit=6)[1]


def test_an_accent_may_be_written_in_two_ways() -> None:
    whole = [path.replace("/i/", "/é/") for path in WHOLE]
    apart = [unicodedata.normalize("NFD", path) for path in whole]
    assert apart != whole
    members, refusals = arranged(apart, classes=["é", "v"])
    assert refusals == set()
    assert placed(members)[0] == ("train", "é")


@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1), min_size=1, max_size=6, unique=True))
def test_classes_may_be_any_words(words: list[str]) -> None:
    classes = list({unicodedata.normalize("NFC", word): word for word in words}.values())
    paths = [f"top/{split}/{name}/1.png" for split in ("train", "val") for name in classes]
    members, refusals = arranged(paths, classes=classes)
    assert refusals == set()
    assert [member.label for member in members] == classes * 2


def test_a_class_may_be_called_as_a_split() -> None:
    classes = ["train", "val"]
    paths = [f"{split}/{name}/1.png" for split in ("train", "val") for name in classes]
    assert arranged(paths, classes=classes)[1] == set()


# --- label books and hidden images ---


@pytest.mark.parametrize("root", ["", "label-book/"])
def test_a_label_book_has_classes_alone(root: str) -> None:
    members, refusals = arranged([f"{root}i/1.png", f"{root}v/2.png"], "classes")
    assert refusals == set()
    assert placed(members) == [("", "i"), ("", "v")]


def test_a_label_book_without_a_class_is_refused() -> None:
    assert arranged(["book/i/1.png"], "classes")[1] == {("missing-class", "book/v")}
    assert arranged(["1.png"], "classes")[1] == {("missing-class", ""), ("unexpected-file", "1.png")}


def test_hidden_images_are_numbers_at_the_root() -> None:
    members, refusals = arranged(["000001.png", "7", "12.JPG"], "flat", [])
    assert refusals == set()
    assert placed(members) == [("", "")] * 3


@pytest.mark.parametrize("path", ["i.png", "hidden/1.png", "1.png.txt", "-1.png", "1 .png", "٣.png"])
def test_a_hidden_image_with_another_name_is_refused(path: str) -> None:
    assert arranged(["1.png", path], "flat", [])[1] == {("unexpected-file", path)}


def test_a_layout_that_nobody_knows_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="layout"):
        arranged(WHOLE, "pyramid")
