"""Public and private hidden images: drawn once, by a key, class by class, the same bytes on one side."""

import hmac
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixpoint.tasks.bundle import load_bundle
from fixpoint.tasks.bundle_problems import BundleError
from fixpoint.tasks.creating import task_create
from fixpoint.tasks.hidden_archive import HiddenEntry
from fixpoint.tasks.models import HiddenImage, Task
from fixpoint.tasks.selectors import hidden_truth
from fixpoint.tasks.split import one_sided, public_numbers
from tests.support.bundles import hidden_files, write_bundle, write_zip
from tests.support.names import CLASSES

KEY, OTHER_KEY = b"a key of this test", b"another key of it"


def hidden(*counts: int, copies: int = 1) -> list[HiddenEntry]:
    """So many images of each class, in turn `copies` of the same bytes."""
    labels = [label for label, count in enumerate(counts) for _ in range(count)]
    return [
        HiddenEntry(number, f"{number}.png", label, f"{label:032x}{number // copies:032x}", 100)
        for number, label in enumerate(labels, start=1)
    ]


def public_of(entries: list[HiddenEntry], share: float, key: bytes = KEY) -> Counter[int]:
    public = public_numbers(entries, share=share, key=key)
    return Counter(entry.label for entry in entries if entry.number in public)


def test_every_class_gives_its_share():
    assert public_of(hidden(100, 40, 10), 0.3) == {0: 30, 1: 12, 2: 3}


def test_what_is_left_over_goes_to_the_largest_remainders_so_that_the_sum_is_right():
    assert public_of(hidden(11, 13, 6), 0.5) == {0: 6, 1: 6, 2: 3}
    assert public_of(hidden(7, 7, 7, 9), 0.25) == {0: 2, 1: 2, 2: 2, 3: 2}


def test_a_share_is_the_decimal_that_was_written_and_not_the_float_beside_it():
    assert public_of(hidden(10), 0.7) == {0: 7}
    assert public_of(hidden(50), 0.29) == {0: 14}, "14.5, to the even"


def test_the_same_key_draws_the_same_and_another_one_otherwise():
    entries = hidden(50, 50)
    drawn = public_numbers(entries, share=0.5, key=KEY)
    assert drawn == public_numbers(entries[::-1], share=0.5, key=KEY)
    assert drawn != public_numbers(entries, share=0.5, key=OTHER_KEY)


def test_the_number_of_an_image_tells_nothing_of_its_side():
    """Numbers are drawn with the same key: were the context missing, the first ones would be the public ones."""
    by_number = sorted(
        hidden(500),
        key=lambda each: hmac.digest(KEY, bytes.fromhex(each.sha256) + each.original_name.encode(), "sha256"),
    )
    entries = [replace(each, number=number) for number, each in enumerate(by_number, start=1)]
    public = public_numbers(entries, share=0.5, key=KEY)
    assert 90 < sum(number <= 250 for number in public) < 160


def test_the_same_bytes_stand_on_one_side_even_under_two_classes():
    entries = [*hidden(40, 40, copies=2)]
    twice = [HiddenEntry(81, "a.png", 0, "a" * 64, 100), HiddenEntry(82, "b.png", 1, "a" * 64, 100)]
    public = public_numbers([*entries, *twice], share=0.5, key=KEY)
    sides: dict[str, set[bool]] = {}
    for entry in [*entries, *twice]:
        sides.setdefault(entry.sha256, set()).add(entry.number in public)
    assert all(len(each) == 1 for each in sides.values())


@given(
    counts=st.lists(st.integers(1, 60), min_size=1, max_size=6),
    share=st.sampled_from([0.1, 0.25, 0.333, 0.5, 0.8]),
    key=st.binary(min_size=1, max_size=8),
)
def test_no_class_is_further_from_its_share_than_one_image_and_the_sum_is_its_rounding(counts, share, key):
    found = public_of(hidden(*counts), share, key)
    assert found.total() == round(sum(counts) * share) or abs(found.total() - sum(counts) * share) == 0.5
    assert all(abs(found[label] - share * count) < 1 for label, count in enumerate(counts))


def test_a_class_with_one_side_empty_is_told_in_a_sentence():
    entries = [*hidden(20, 20), HiddenEntry(41, "x.png", 2, "b" * 64, 1), HiddenEntry(42, "y.png", 2, "b" * 64, 1)]
    [problem] = one_sided(entries, public_numbers(entries, share=0.5, key=KEY), ("i", "ii", "iii"))
    assert problem.startswith("Class 'iii' would have 0 public and 2 private images of 2 (1 different ones)")
    assert "Hide more images of it" in problem


def test_a_task_is_made_with_its_split(db, tmp_path):
    task = task_create(bundle=load_bundle(write_bundle(tmp_path / "bundle", public_share=0.4)))
    sides = Counter(HiddenImage.objects.filter(task=task).values_list("label", "is_public"))
    assert sides == {(label, side): count for label in (0, 1) for side, count in ((True, 2), (False, 3))}
    assert hidden_truth(task.pk).is_public.sum() == 4


def test_without_a_share_all_images_are_public(db, tmp_path):
    task = task_create(bundle=load_bundle(write_bundle(tmp_path / "bundle")))
    assert not HiddenImage.objects.filter(task=task, is_public=False).exists()


def test_a_bundle_whose_classes_cannot_be_split_makes_no_task_and_names_each_of_them(db, tmp_path):
    path = write_bundle(tmp_path / "bundle", public_share=0.05)
    write_zip(path.parent / "hidden.zip", hidden_files(per_class=3))
    with pytest.raises(BundleError) as refused:
        task_create(bundle=load_bundle(path))
    assert [problem.split("'")[1] for problem in refused.value.problems] == CLASSES
    assert not Task.objects.exists()
