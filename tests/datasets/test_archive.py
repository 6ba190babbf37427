"""An uploaded archive is judged by its directory: every reason at once, or its counts."""

import re
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixpoint.datasets.archive import ArchiveRules, Inspection, inspect
from tests.archives.forge import content_of, forge_end, forge_entry, forge_name, make_zip

CLASSES = ("i", "ii", "iv")
RULES = ArchiveRules(classes=CLASSES)
GOOD = tuple(f"{split}/{name}/{index}.png" for split in ("train", "val") for name in CLASSES for index in range(2))
NUMERALS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "upload.zip"


def _codes(found: Inspection) -> list[str]:
    return [refusal.rule for refusal in found.refusals]


def _details(found: Inspection, rule: str) -> dict[str, str]:
    return {refusal.path: refusal.detail for refusal in found.refusals if refusal.rule == rule}


@pytest.mark.parametrize("top", ["", "data/", "meine Daten ä/"])
def test_both_splits_bare_or_under_one_top_folder_are_clean(path: Path, top: str) -> None:
    found = inspect(make_zip(path, [top + name for name in GOOD]), RULES)
    assert found.is_clean
    assert found.top == top.rstrip("/")
    assert found.images == 12
    assert found.counts == {split: dict.fromkeys(CLASSES, 2) for split in ("train", "val")}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_stored_and_deflated_archives_are_clean(path: Path, method: int) -> None:
    assert inspect(make_zip(path, GOOD, method), RULES).is_clean


def test_folders_may_be_listed_and_images_may_lie_deeper(path: Path) -> None:
    folders = ["d/", "d/train/", "d/train/i/", "d/train/i/scans/"]
    found = inspect(make_zip(path, [*folders, *(f"d/{name}" for name in GOOD), "d/train/i/scans/x.jpg"]), RULES)
    assert found.is_clean
    assert found.counts["train"]["i"] == 3
    assert found.images == 13


def test_clutter_is_counted_and_otherwise_ignored(path: Path) -> None:
    clutter = [
        "__MACOSX/train/i/._0.png",
        ".DS_Store",
        "train/.DS_Store",
        "val/ii/Thumbs.db",
        "desktop.ini",
        "train/i/._1.png",
    ]
    found = inspect(make_zip(path, [*GOOD, "__MACOSX/", *clutter]), RULES)
    assert found.is_clean
    assert found.clutter == 6
    assert found.images == 12


def test_class_names_match_in_whatever_unicode_form_the_zip_has_them(path: Path) -> None:
    rules = ArchiveRules(classes=("é", "b"))
    names = [f"{split}/{name}/a.png" for split in ("train", "val") for name in ("e\u0301", "b")]
    assert inspect(make_zip(path, names), rules).is_clean


def test_a_file_that_is_no_zip_is_refused_as_one(path: Path) -> None:
    path.write_bytes(b"GIF89a" * 100)
    found = inspect(path, RULES)
    assert _codes(found) == ["not-a-zip"]
    assert found.images == 0


def test_an_archive_over_the_byte_limit_is_refused_with_its_other_reasons(path: Path) -> None:
    found = inspect(make_zip(path, [*GOOD, "notes.txt"]), ArchiveRules(classes=CLASSES, archive_bytes=100))
    assert _codes(found) == ["archive-too-big", "unexpected-file"]


def test_an_announced_flood_of_entries_is_refused_unread(path: Path) -> None:
    found = inspect(forge_end(make_zip(path, GOOD), entries=65_000, here=65_000), RULES)
    assert _codes(found) == ["too-many-entries"]
    assert "65,000" in found.refusals[0].detail
    assert found.entries == 65_000


def test_more_entries_than_allowed_are_still_counted_as_images(path: Path) -> None:
    rules = ArchiveRules(classes=("i",), images=10)
    names = [f"{split}/i/{index}.png" for split in ("train", "val") for index in range(600)]
    assert _codes(inspect(make_zip(path, names), rules)) == ["too-many-entries", "too-many-images"]


def test_one_image_too_many_is_refused_with_the_numbers(path: Path) -> None:
    rules = ArchiveRules(classes=CLASSES, images=11)
    found = inspect(make_zip(path, GOOD), rules)
    assert _codes(found) == ["too-many-images"]
    assert found.refusals[0].detail == "12 images, counted as files; at most 11 are allowed. Remove 1."
    assert inspect(path, ArchiveRules(classes=CLASSES, images=12)).is_clean


def test_images_in_wrong_places_count_too(path: Path) -> None:
    found = inspect(make_zip(path, [*GOOD, "train/v/a.png", "other/b.png"]), ArchiveRules(classes=CLASSES, images=13))
    assert "too-many-images" in _codes(found)


def test_what_unpacks_to_too_much_is_refused(path: Path) -> None:
    members = {name: content_of(name) for name in GOOD} | {"train/i/big.png": b"\0" * 50_000}
    rules = ArchiveRules(classes=CLASSES, unpacked_bytes=40_000)
    assert _codes(inspect(make_zip(path, members), rules)) == ["unpacked-too-big"]


def test_an_image_of_too_many_bytes_is_named(path: Path) -> None:
    members = {name: content_of(name) for name in GOOD} | {"train/i/big.png": bytes(range(256)) * 8}
    found = inspect(make_zip(path, members), ArchiveRules(classes=CLASSES, image_bytes=2000))
    assert list(_details(found, "image-too-many-bytes")) == ["train/i/big.png"]


@pytest.mark.parametrize("name", ["../evil.png", "/abs/evil.png", "train/i/a\\b.png", "train/../../x.png"])
def test_an_unsafe_name_is_refused_and_not_followed(path: Path, name: str) -> None:
    found = inspect(make_zip(path, [*GOOD, name]), RULES)
    assert _codes(found) == ["unsafe-name"]
    assert found.images == 12


def test_a_name_with_a_nul_is_shown_escaped(path: Path) -> None:
    found = inspect(
        forge_name(make_zip(path, [*GOOD, "train/i/xyz.png"]), "train/i/xyz.png", b"train/i/x\0z.png"), RULES
    )
    assert list(_details(found, "unsafe-name")) == ["train/i/x\\u0000z.png"]


def test_what_does_not_print_is_shown_escaped_in_paths_and_sentences(path: Path) -> None:
    found = inspect(make_zip(path, [*GOOD, "train/i\u00a0/a.png"]), RULES)
    (refusal,) = found.refusals
    assert refusal.path == "train/i\\u00a0/"
    assert "'i\\u00a0' is no class" in refusal.detail


def test_an_empty_name_is_unsafe(path: Path) -> None:
    found = inspect(forge_name(make_zip(path, [*GOOD, "abc"]), "abc", b"\0bc"), RULES)
    assert _codes(found) == ["unsafe-name"]


def test_a_link_is_refused(path: Path) -> None:
    found = inspect(forge_entry(make_zip(path, GOOD), GOOD[0], attributes=0o120777 << 16), RULES)
    assert "link" in _details(found, "unsafe-name")[GOOD[0]]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_is_refused(path: Path) -> None:
    make_zip(path, GOOD)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(GOOD[0], b"\x89PNG another")
    assert "twice" in _details(inspect(path, RULES), "duplicate-name")[GOOD[0]]


@pytest.mark.parametrize("other", ["train/i/A.png", "train/i/e\u0301.png"])
def test_names_that_would_overwrite_each_other_are_refused(path: Path, other: str) -> None:
    found = inspect(make_zip(path, [*GOOD, "train/i/a.png", "train/i/é.png", other]), RULES)
    assert "Collides with" in _details(found, "duplicate-name")[other]


def test_an_encrypted_file_is_refused(path: Path) -> None:
    found = inspect(forge_entry(make_zip(path, GOOD), GOOD[1], flags=1), RULES)
    assert list(_details(found, "encrypted")) == [GOOD[1]]


@pytest.mark.parametrize("method", [1, 6, 9, 12, 14, 93, 99])
def test_other_compressions_are_refused_with_their_number(path: Path, method: int) -> None:
    found = inspect(forge_entry(make_zip(path, GOOD), GOOD[1], method=method), RULES)
    assert f"method {method};" in _details(found, "unsupported-compression")[GOOD[1]]


@pytest.mark.parametrize("name", ["train/i/more.zip", "train.tar.gz", "val/ii/x.7Z"])
def test_an_archive_inside_is_refused_once(path: Path, name: str) -> None:
    found = inspect(make_zip(path, [*GOOD, name]), RULES)
    assert [(refusal.rule, refusal.path) for refusal in found.refusals] == [("nested-archive", name)]


def test_an_empty_image_is_damaged(path: Path) -> None:
    members = {name: content_of(name) for name in GOOD} | {"train/i/empty.png": b""}
    assert list(_details(inspect(make_zip(path, members), RULES), "damaged-entry")) == ["train/i/empty.png"]


def test_a_size_that_deflate_cannot_reach_is_damage(path: Path) -> None:
    found = inspect(forge_entry(make_zip(path, GOOD), GOOD[0], size=10_000_000), RULES)
    assert "cannot hold" in _details(found, "damaged-entry")[GOOD[0]]


def test_overlapping_entries_are_damage(path: Path) -> None:
    found = inspect(forge_entry(make_zip(path, GOOD), GOOD[3], offset=0), RULES)
    assert "overlaps" in next(iter(_details(found, "damaged-entry").values()))


def test_files_that_are_no_images_are_refused_by_their_suffix(path: Path) -> None:
    found = inspect(
        make_zip(path, [*GOOD, "train/i/notes.txt", "train/i/noext", "readme.md", "train/stray.png"]), RULES
    )
    assert _codes(found) == ["unexpected-file"] * 4
    assert "Not named as an image" in _details(found, "unexpected-file")["train/i/notes.txt"]
    assert "outside the folders" in _details(found, "unexpected-file")["train/stray.png"]


def test_a_strange_folder_is_refused_once_and_counted(path: Path) -> None:
    found = inspect(make_zip(path, [*GOOD, *(f"test/i/{index}.png" for index in range(7))]), RULES)
    assert _details(found, "unexpected-file") == {"test/": "7 files in a folder that is neither train nor val."}


def test_files_beside_the_top_folder_are_refused(path: Path) -> None:
    found = inspect(make_zip(path, [*(f"d/{name}" for name in GOOD), "readme.md", "other/x.png"]), RULES)
    assert sorted(_details(found, "unexpected-file")) == ["other/", "readme.md"]


@pytest.mark.parametrize("missing", ["train", "val"])
def test_a_missing_split_is_named_alone(path: Path, missing: str) -> None:
    found = inspect(make_zip(path, [f"d/{name}" for name in GOOD if not name.startswith(missing)]), RULES)
    assert [(refusal.rule, refusal.path) for refusal in found.refusals] == [("missing-split", f"d/{missing}/")]


@pytest.mark.parametrize("name", ["Train", "training", "TRAIN "])
def test_a_split_under_another_name_is_hinted_at(path: Path, name: str) -> None:
    found = inspect(make_zip(path, [each.replace("train", name) for each in GOOD]), RULES)
    assert f"Did you mean '{name}/'?" in _details(found, "missing-split")["train/"]


def test_splits_that_lie_too_deep_are_hinted_at(path: Path) -> None:
    found = inspect(make_zip(path, [f"a/b/{each}" for each in GOOD]), RULES)
    assert "Did you mean 'a/b/train/'?" in _details(found, "missing-split")["train/"]


def test_two_top_folders_are_named(path: Path) -> None:
    found = inspect(make_zip(path, [f"{top}/{each}" for each in GOOD for top in ("old", "new")]), RULES)
    assert "(new, old)" in _details(found, "missing-split")["train/"]


def test_every_missing_class_of_each_split_is_named(path: Path) -> None:
    found = inspect(make_zip(path, ["train/i/a.png", "val/ii/a.png", "val/iv/"]), RULES)
    missing = ["train/ii/", "train/iv/", "val/i/", "val/iv/"]
    assert list(_details(found, "missing-class")) == missing


def test_a_class_with_files_but_no_image_is_missing(path: Path) -> None:
    names = [name for name in GOOD if not name.startswith("train/iv/")]
    found = inspect(make_zip(path, [*names, "train/iv/a.txt"]), RULES)
    assert _codes(found) == ["missing-class", "unexpected-file"]


def test_an_upper_case_class_is_unknown_with_a_hint(path: Path) -> None:
    found = inspect(make_zip(path, [name.replace("/iv/", "/IV/") for name in GOOD]), RULES)
    assert _codes(found) == ["missing-class", "missing-class", "unknown-class", "unknown-class"]
    assert _details(found, "unknown-class")["train/IV/"].endswith("Did you mean 'iv'?")


def test_an_unknown_class_is_refused_once_with_its_count(path: Path) -> None:
    found = inspect(make_zip(path, [*GOOD, "val/xii/", *(f"train/xi/{index}.png" for index in range(5))]), RULES)
    assert _details(found, "unknown-class") == {
        "train/xi/": "'xi' is no class of this task; its folder holds 5 files.",
        "val/xii/": "'xii' is no class of this task; its folder holds 0 files.",
    }


def test_an_empty_zip_misses_both_splits(path: Path) -> None:
    assert _codes(inspect(make_zip(path, []), RULES)) == ["missing-split", "missing-split"]


def test_all_reasons_come_at_once(path: Path) -> None:
    make_zip(
        path, [*GOOD[:-2], "train/I/a.png", "../x.png", "train/i/a.zip", "train/i/A.png", "train/i/a.png", "x.txt"]
    )
    forge_entry(path, GOOD[0], flags=1)
    forge_entry(path, GOOD[1], method=12)
    forge_entry(path, GOOD[2], size=0)
    expected = {
        "too-many-images",
        "unsafe-name",
        "duplicate-name",
        "encrypted",
        "unsupported-compression",
        "damaged-entry",
    }
    expected |= {"nested-archive", "missing-class", "unknown-class", "unexpected-file"}
    assert set(_codes(inspect(path, ArchiveRules(classes=CLASSES, images=3)))) == expected


def test_ten_thousand_entries_are_inspected_within_a_second(path: Path) -> None:
    names = {
        f"d/{split}/{name}/{index:05}.png": b"x"
        for split in ("train", "val")
        for name in NUMERALS
        for index in range(500)
    }
    make_zip(path, names, zipfile.ZIP_STORED)
    took = []
    for _ in range(3):  # the least: neighbours only ever add to it
        began = time.process_time()
        assert inspect(path, ArchiveRules(classes=NUMERALS)).images == 10_000
        took.append(time.process_time() - began)
    assert min(took) < 1


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_no_bytes_of_a_stranger_make_it_raise(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = make_zip(tmp_path_factory.mktemp("fuzz") / "mutated.zip", GOOD)
    content = bytearray(path.read_bytes())
    start = content.index(b"PK\x01\x02")
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(start, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    found = inspect(path, RULES)
    assert all((refusal.path + refusal.detail).isprintable() for refusal in found.refusals)


@given(names=st.lists(st.text(max_size=30), max_size=8))
@settings(deadline=None)
def test_no_name_of_a_stranger_makes_it_raise(names: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "named.zip"
    with zipfile.ZipFile(path, "w") as archive:
        # A name ends for zipfile at its first NUL, so that two different ones may be the same.
        for name in dict.fromkeys(zipfile.ZipInfo(f"train/i/{name}").filename for name in names):
            with suppress(UnicodeEncodeError):
                archive.writestr(zipfile.ZipInfo(name), b"x")
    assert inspect(path, RULES).refusals


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "images", "clutter", "train"),
    [
        ("original", 2_880, 0, 2_067),
        ("entry-small", 1_069, 0, 869),
        ("entry-as-uploaded", 2_401, 27, 1_628),
        ("entry-mixed-modes", 7_681, 0, 6_908),
        ("entry-10k", 9_994, 0, 9_520),
    ],
)
def test_real_entries_are_clean_with_the_right_counts(
    real_data: Path, name: str, images: int, clutter: int, train: int
) -> None:
    found = inspect(real_data / "roman" / f"{name}.zip", ArchiveRules(classes=NUMERALS))
    assert found.is_clean
    assert (found.images, found.clutter, sum(found.counts["train"].values())) == (images, clutter, train)


@pytest.mark.data
def test_a_real_entry_with_seven_more_images_is_one_too_many(real_data: Path, path: Path) -> None:
    path.write_bytes((real_data / "roman" / "entry-10k.zip").read_bytes())
    with zipfile.ZipFile(path, "a") as archive:
        top = archive.namelist()[0].split("/")[0]
        for index in range(7):
            archive.writestr(f"{top}/val/i/more-{index}.png", content_of("x"))
    found = inspect(path, ArchiveRules(classes=NUMERALS))
    assert _codes(found) == ["too-many-images"]
    assert re.search(r"10,001 images", found.refusals[0].detail)
