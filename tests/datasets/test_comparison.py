"""What changed from one dataset to another, told image by image."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fixpoint.accounts.models import User
from fixpoint.datasets.comparison import CHANGES, Comparison, comparison
from fixpoint.datasets.likeness import read_greys
from fixpoint.datasets.manifest import manifest_of
from fixpoint.tasks.models import Task
from tests.support.bundles import write_zip
from tests.support.ingested import ingested_dataset
from tests.support.patterns import entry, pattern, saved_anew

pytestmark = pytest.mark.django_db
EINS, ZWEI = "klasse-eins", "klasse-zwei"
FIRST = f"train/{EINS}/0.png"

Told = Callable[[dict[str, bytes], dict[str, bytes]], tuple[dict[str, list[tuple[str | None, str | None]]], int]]


@pytest.fixture
def told(owner: User, task: Task, tmp_path: Path) -> Told:
    """Compares two tables of files: the changes that there are, as pairs of paths, and how many stayed."""

    def told(before: dict[str, bytes], after: dict[str, bytes]) -> object:
        sides = []
        for name, files in (("before", before), ("after", after)):
            dataset = ingested_dataset(owner, task, write_zip(tmp_path / f"{name}.zip", files), tmp_path)
            images = manifest_of(dataset.manifest_sha256)
            sides.append((images, read_greys(dataset.looks_sha256, len(images))))
        (old, old_greys), (new, new_greys) = sides
        found = comparison(old, new, old_greys, new_greys)
        assert_every_image_is_told(found, len(old), len(new))
        pairs = {
            change: [(a if a is None else old[a].path, b if b is None else new[b].path) for a, b in found.pairs[change]]
            for change in CHANGES
            if found.pairs[change]
        }
        return pairs, found.same

    return told  # type: ignore[return-value]


def assert_every_image_is_told(found: Comparison, before: int, after: int) -> None:
    pairs = {pair for change in found.pairs.values() for pair in change}
    assert found.same + len([old for old, _ in pairs if old is not None]) == before
    assert found.same + len([new for _, new in pairs if new is not None]) == after


def without(files: dict[str, bytes], *paths: str) -> dict[str, bytes]:
    return {path: data for path, data in files.items() if path not in paths}


def test_the_same_files_under_other_names_are_no_change(told: Told) -> None:
    renamed = {path.replace("/0.png", "/zero.png"): data for path, data in entry().items()}
    assert told(entry(), renamed) == ({}, 16)


def test_images_that_come_and_go(told: Told) -> None:
    new = f"val/{ZWEI}/new.png"
    pairs, same = told(entry(), without(entry(), FIRST) | {new: pattern(900)})
    assert pairs == {"added": [(None, new)], "removed": [(FIRST, None)]}
    assert same == 15


def test_one_of_two_copies_that_goes_is_one_removed(told: Told) -> None:
    copy = f"train/{EINS}/copy.png"
    pairs, _ = told(entry({copy: entry()[FIRST]}), entry())
    assert list(pairs) == ["removed"]
    assert len(pairs["removed"]) == 1


@pytest.mark.parametrize(
    ("target", "changes"),
    [
        (f"train/{ZWEI}/0-was-eins.png", ["relabelled"]),
        (f"val/{EINS}/0-was-train.png", ["moved"]),
        (f"val/{ZWEI}/0-was-both.png", ["relabelled", "moved"]),
    ],
)
def test_an_image_in_another_place_was_relabelled_or_moved_or_both(told: Told, target: str, changes: list[str]) -> None:
    pairs, same = told(entry(), without(entry(), FIRST) | {target: entry()[FIRST]})
    assert pairs == {change: [(FIRST, target)] for change in changes}
    assert same == 15


def test_the_same_pixels_in_other_bytes_were_saved_anew(told: Told) -> None:
    assert told(entry(), entry({FIRST: saved_anew(entry()[FIRST])}))[0] == {"reencoded": [(FIRST, FIRST)]}


def test_nearly_the_same_picture_under_the_same_name_was_edited(told: Told) -> None:
    assert told(entry(), entry({FIRST: pattern(0, version=1)}))[0] == {"edited": [(FIRST, FIRST)]}


def test_an_edited_picture_may_have_been_relabelled_too(told: Told) -> None:
    before = entry({f"train/{EINS}/mine.png": pattern(900)})
    after = entry({f"val/{ZWEI}/mine.png": pattern(900, version=1)})
    pair = (f"train/{EINS}/mine.png", f"val/{ZWEI}/mine.png")
    assert told(before, after)[0] == {"relabelled": [pair], "moved": [pair], "edited": [pair]}


def test_another_picture_under_the_same_name_is_not_an_edited_one(told: Told) -> None:
    pairs, _ = told(entry(), entry({FIRST: pattern(900)}))
    assert pairs == {"added": [(None, FIRST)], "removed": [(FIRST, None)]}


def test_nearly_the_same_picture_under_another_name_is_not_an_edited_one(told: Told) -> None:
    other = f"train/{EINS}/other.png"
    pairs, _ = told(entry(), without(entry(), FIRST) | {other: pattern(0, version=1)})
    assert pairs == {"added": [(None, other)], "removed": [(FIRST, None)]}
