"""What the pre-check finds in a dataset that the real ingest program read."""

from collections.abc import Callable
from pathlib import Path

import pytest

from fixpoint.accounts.models import User
from fixpoint.datasets.manifest import manifest_of
from fixpoint.datasets.models import Dataset
from fixpoint.datasets.precheck.kinds import KINDS
from fixpoint.tasks.models import Task
from tests.support.bundles import write_zip
from tests.support.ingested import examined_dataset, packed_material
from tests.support.patterns import entry, pattern, plain, saved_anew

pytestmark = pytest.mark.django_db
EINS, ZWEI = "klasse-eins", "klasse-zwei"

Examine = Callable[..., Dataset]


@pytest.fixture
def examine(owner: User, task: Task, tmp_path: Path) -> Examine:
    """Reads and examines the usual entry with these files on top."""

    def examine(more: dict[str, bytes] | None = None) -> Dataset:
        return examined_dataset(owner, task, write_zip(tmp_path / "entry.zip", entry(more)), tmp_path)

    return examine


def found(dataset: Dataset) -> dict[str, list[set[str]]]:
    """By kind the groups of paths."""
    images = manifest_of(dataset.manifest_sha256)
    return {
        finding.kind: [{images[row].path for row in group} for group in finding.groups]
        for finding in dataset.findings.all()
    }


def test_a_clean_dataset_has_no_finding(examine: Examine) -> None:
    dataset = examine()
    assert dataset.examined_at is not None
    assert found(dataset) == {}


def test_the_same_pixels_under_two_labels_contradict_each_other(examine: Examine) -> None:
    first, second = f"train/{EINS}/one.png", f"train/{ZWEI}/two.png"
    dataset = examine({first: pattern(900), second: saved_anew(pattern(900))})
    assert found(dataset) == {"contradiction": [{first, second}]}


def test_the_same_pixels_in_both_splits_are_leakage(examine: Examine) -> None:
    first, second = f"train/{EINS}/one.png", f"val/{EINS}/two.png"
    assert found(examine({first: pattern(900), second: pattern(900)})) == {"leakage": [{first, second}]}


def test_copies_within_a_split_and_class_are_duplicates(examine: Examine) -> None:
    paths = [f"train/{EINS}/copy-{number}.png" for number in range(3)]
    dataset = examine(dict.fromkeys(paths, pattern(900)))
    assert found(dataset) == {"duplicates": [set(paths)]}
    assert dataset.findings.get().images == 3


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        (f"val/{ZWEI}/b.png", "near-contradiction"),
        (f"val/{EINS}/b.png", "near-leakage"),
        (f"train/{EINS}/b.png", "near-duplicates"),
    ],
)
def test_versions_of_a_picture_are_told_by_where_they_stand(examine: Examine, other: str, kind: str) -> None:
    first = f"train/{EINS}/a.png"
    dataset = examine({first: pattern(900), other: pattern(900, version=1, width=90, height=80)})
    assert found(dataset) == {kind: [{first, other}]}


def test_many_versions_of_a_picture_are_one_group(examine: Examine) -> None:
    paths = [f"train/{EINS}/v{number}.png" for number in range(12)]
    dataset = examine({path: pattern(900, version=number) for number, path in enumerate(paths)})
    assert found(dataset) == {"near-duplicates": [set(paths)]}


def test_a_blank_picture_is_blank_and_like_no_other(examine: Examine) -> None:
    one, two = f"train/{EINS}/white.png", f"train/{EINS}/grey.png"
    blank = found(examine({one: plain(255), two: plain(90)}))
    assert blank.keys() == {"blank"}
    assert sorted(map(sorted, blank["blank"])) == [[two], [one]]


def test_tiny_and_narrow_pictures_are_odd(examine: Examine) -> None:
    tiny, narrow = f"train/{EINS}/tiny.png", f"val/{ZWEI}/narrow.png"
    dataset = examine({tiny: pattern(900, width=40, height=31), narrow: pattern(901, width=300, height=64)})
    assert found(dataset) == {"tiny": [{tiny}], "aspect": [{narrow}]}


def test_a_picture_unlike_all_others_is_found_among_many(examine: Examine) -> None:
    like = {f"train/{EINS}/{number}.png": pattern(900, version=number + 1) for number in range(60)}
    odd = f"train/{EINS}/odd.png"
    dataset = examine(like | {odd: pattern(901)})
    assert {odd} in found(dataset)["unlike"]
    assert not any(path in group for group in found(dataset)["unlike"] for path in like)


def test_the_label_book_is_recognised_and_its_labels_count(examine: Examine, task: Task, tmp_path: Path) -> None:
    book = {f"{EINS}/a.png": pattern(900), f"{ZWEI}/b.png": pattern(901), f"{ZWEI}/c.png": pattern(902)}
    packed_material(task, "label_book", write_zip(tmp_path / "book.zip", book), tmp_path)
    same, other, near = f"train/{EINS}/same.png", f"val/{EINS}/other.png", f"train/{ZWEI}/near.png"

    dataset = examine({same: pattern(900), other: saved_anew(pattern(901)), near: pattern(902, version=1)})

    assert found(dataset) == {"in-book": [{same}], "against-book": [{other}], "near-book": [{near}]}


def test_sizes_modes_and_formats_are_counted(examine: Examine) -> None:
    dataset = examine({f"train/{EINS}/colour.png": pattern(900, width=70, height=50, mode="RGB")})
    parts = dataset.composition
    assert parts["modes"] == [["L", 16], ["RGB", 1]]
    assert parts["formats"] == [["PNG", 17]]
    assert parts["sizes"] == [[64, 64, 16], [70, 50, 1]]
    assert parts["ranges"]["width"] == [64, 64, 70]


def test_every_kind_says_what_to_do() -> None:
    assert len({kind.code for kind in KINDS}) == len(KINDS)
    assert all(str(kind.title) and str(kind.says).endswith(".") and str(kind.remedy).endswith(".") for kind in KINDS)
