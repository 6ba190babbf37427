"""What is listed as suspicious, why, and what is not."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from fixpoint.blobs.store import blob_take
from fixpoint.datasets.models import HiddenOverlap
from fixpoint.organizing.contamination.accounts import alike_accounts, is_alike
from fixpoint.organizing.contamination.copies import LEAST_SHARED, copies, shared_images
from fixpoint.organizing.contamination.hidden import hidden_images_entered
from fixpoint.organizing.contamination.jumps import jumps
from fixpoint.submissions.models import Submission
from tests.pages.rows import Score, entry_of, scored, set_time, training


def manifest(folder, images, form=2):
    """A stored manifest with an image for each of these words, saved anew behind an @; returns its digest."""
    digest = {1: "pixels_sha256", 2: "pixels_blake3"}[form]
    plain = {"bytes": 1, "width": 32, "height": 32, "mode": "L", "format": "PNG", "split": "train", "class": "i"}
    words = [(word.partition("@")[0], word) for word in images]
    listed = [plain | {"path": f"{file}.png", "sha256": file, digest: f"{form} {shown}"} for shown, file in words]
    path = folder / "manifest.json"
    path.write_text(json.dumps({"format": form, "images": listed}))
    return blob_take(path).sha256


@pytest.fixture
def enter(rows, task, tmp_path):
    """Enters a dataset of these images for this person, scored so well."""

    def made(person, name, images, accuracy=0.5, form=2, **values):
        dataset = rows.accepted_dataset(person, task, name)
        given = {"digest": f"{name:d<64}", "archive_sha256": f"{name:a<64}"} | values
        for field, value in given.items():
            setattr(dataset, field, value)
        dataset.manifest_sha256 = manifest(tmp_path, images, form)
        dataset.save()
        return scored(training(entry_of(dataset), [(1.0, 0.5)]), Score(accuracy=accuracy))

    return made


def words(prefix, count):
    return [f"{prefix}{n}" for n in range(count)]


def kinds(found):
    return [each.kind.value for each in found]


def test_entered_hidden_images_are_listed_the_most_first(enter, owner, stranger, task):
    few, many = enter(owner, "few", ["a"]), enter(stranger, "many", ["b"])
    HiddenOverlap.objects.create(dataset=few.dataset, exact=[], near=[[0, 1]])
    HiddenOverlap.objects.create(dataset=many.dataset, exact=[[0, 1], [1, 2]], near=[])

    first, second = hidden_images_entered(task)

    assert first.why == "2 images are hidden ones, 0 are nearly such."
    assert (first.teams, second.teams) == (("stranger",), ("owner",))
    assert f"/datasets/{many.dataset.pk}/hidden-overlap/" in [path for _name, path in first.links]


def test_a_dataset_without_hidden_images_or_that_was_not_entered_is_not_listed(enter, owner, rows, task):
    HiddenOverlap.objects.create(dataset=enter(owner, "clean", ["a"]).dataset, exact=[], near=[])
    HiddenOverlap.objects.create(dataset=rows.accepted_dataset(owner, task), exact=[[0, 1]], near=[])

    assert hidden_images_entered(task) == []


def test_a_score_that_rises_with_hardly_a_change_is_listed(enter, owner, task):
    images = words("i", 100)
    before = enter(owner, "before", images, accuracy=0.5)
    after = enter(owner, "after", [*images[:-5], *words("new", 5)], accuracy=0.55)

    (found,) = jumps(task)

    assert found.why == "Accuracy rose by 0.0500, while 5.0 % of the images changed."
    assert f"/datasets/{after.dataset_id}/compare/?with={before.dataset_id}" in [path for _name, path in found.links]


@pytest.mark.parametrize(("changed", "listed"), [(5, 1), (6, 0)])
def test_what_changed_between_manifests_of_two_formats_is_told_by_files(enter, owner, task, changed, listed):
    images = words("i", 100)
    enter(owner, "before", images, accuracy=0.5, form=1)
    enter(owner, "after", [*images[:-changed], *words("new", changed)], accuracy=0.55)

    assert len(jumps(task)) == listed


@pytest.mark.parametrize(("changed", "accuracy"), [(6, 0.6), (5, 0.549)])
def test_a_score_that_rises_by_less_or_with_more_changes_is_not(enter, owner, task, changed, accuracy):
    images = words("i", 100)
    enter(owner, "before", images, accuracy=0.5)
    enter(owner, "after", [*images[:-changed], *words("new", changed)], accuracy=accuracy)

    assert jumps(task) == []


def test_a_jump_is_against_ones_own_entry_before(enter, owner, stranger, task):
    images = words("i", 100)
    enter(owner, "weak", images, accuracy=0.5)
    enter(stranger, "strong", images, accuracy=0.9)

    assert jumps(task) == []


def test_one_dataset_in_two_teams_is_listed_once(enter, owner, stranger, task):
    for person in (owner, stranger):
        enter(person, f"of {person}", ["a"], digest="e" * 64, archive_sha256="f" * 64)

    (found,) = copies(task)

    assert (found.kind.value, found.teams) == ("same-dataset", ("owner", "stranger"))


def test_one_zip_in_two_teams_is_listed_where_its_content_is_told_as_another(enter, owner, stranger, task):
    enter(owner, "one", ["a"], archive_sha256="f" * 64)
    enter(stranger, "two", ["a"], archive_sha256="f" * 64)

    assert kinds(copies(task)) == ["same-zip"]


def test_ones_own_dataset_entered_twice_is_not_listed(enter, owner, task):
    enter(owner, "one", ["a"], digest="e" * 64)
    enter(owner, "two", ["a"], digest="e" * 64)

    assert copies(task) == []


def test_what_was_cancelled_is_not_looked_at(enter, owner, stranger, task):
    for person in (owner, stranger):
        enter(person, f"of {person}", ["a"], digest="e" * 64)
    Submission.objects.filter(owner=stranger).update(status="cancelled", accuracy=None)

    assert copies(task) == []


def test_images_that_two_teams_hold_and_no_third_are_listed(enter, owner, stranger, rows, task):
    start, theirs = words("start", 100), words("theirs", LEAST_SHARED)
    enter(owner, "one", [*start[:80], *theirs])
    enter(stranger, "two", [*start[:80], *theirs])
    enter(rows.person("third"), "three", start)

    (found,) = shared_images(task)

    assert (found.kind.value, found.teams) == ("shared-images", ("owner", "stranger"))
    assert found.why.startswith("20 images are in both")


@pytest.mark.parametrize("form", [1, 2])
def test_images_that_everybody_started_from_are_not(enter, owner, stranger, rows, task, form):
    enter(owner, "of owner", words("start", 100), form=form)
    for person in (stranger, rows.person("third")):
        enter(person, f"of {person}", words("start", 100))

    assert shared_images(task) == []


@pytest.mark.parametrize("third", [1, 2])
def test_pictures_that_two_teams_saved_anew_are_listed_whatever_the_format_of_a_third(
    enter, owner, stranger, rows, task, third
):
    start, theirs = words("start", 80), words("theirs", LEAST_SHARED)
    enter(owner, "one", [*start, *theirs])
    enter(stranger, "two", [*start, *(f"{word}@anew" for word in theirs)])
    enter(rows.person("third"), "three", start, form=third)

    (found,) = shared_images(task)

    assert found.teams == ("owner", "stranger")
    assert found.why.startswith("20 images are in both"), "the 80 are in the third, too: it has them in the same files"


def test_between_formats_pictures_in_the_same_files_are_listed(enter, owner, stranger, rows, task):
    start, theirs = words("start", 80), words("theirs", LEAST_SHARED)
    enter(owner, "one", [*start, *theirs], form=1)
    enter(stranger, "two", [*start, *theirs])
    enter(rows.person("third"), "three", start)

    (found,) = shared_images(task)

    assert found.teams == ("owner", "stranger")
    assert found.why == ("20 images are in both and in no third of the leading teams: 20 % of the smaller dataset.")


def test_with_two_teams_it_is_unknown_what_everybody_started_from(enter, owner, stranger, task):
    for person in (owner, stranger):
        enter(person, f"of {person}", words("start", 100))

    assert shared_images(task) == []


def test_alike_names_that_signed_up_together_are_listed(enter, rows, task):
    for name in ("numeral-fan1", "numeral_fan2"):
        enter(rows.person(name), name[-1], ["a"])

    (found,) = alike_accounts(task)

    assert found.why.startswith("numeral-fan1 and numeral_fan2 signed up within 1 minutes")


def test_alike_names_that_signed_up_an_hour_apart_are_not(enter, rows, task):
    enter(rows.person("numeral-fan1"), "one", ["a"])
    later = rows.person("numeral-fan2")
    set_time(later, "date_joined", timezone.now() + timedelta(hours=1))
    enter(later, "two", ["a"])

    assert alike_accounts(task) == []


@pytest.mark.parametrize(
    ("one", "other", "alike"), [("anna", "Anna7", True), ("anna", "berta", False), ("1", "2", False)]
)
def test_names_are_alike_by_their_letters(one, other, alike):
    assert is_alike(one, other) is alike


def test_the_page_lists_them_with_links_and_the_file_says_the_same(running, enter, owner, stranger, task):
    entries = [enter(person, f"of {person}", ["a"], digest="e" * 64) for person in (owner, stranger)]

    page = running.get(f"/organize/{task.slug}/contamination/?images=1").content.decode()
    listed = running.get(f"/organize/{task.slug}/contamination.csv").content.decode("utf-8-sig")

    assert all(f"/entries/{each.pk}/" in page for each in entries)
    (row,) = csv.DictReader(io.StringIO(listed))
    assert (row["kind"], row["teams"]) == ("same-dataset", "owner, stranger")


def test_looking_changes_nothing(running, enter, owner, stranger, task):
    entries = [enter(person, f"of {person}", ["a"], digest="e" * 64) for person in (owner, stranger)]

    running.get(f"/organize/{task.slug}/contamination/")

    for entry in entries:
        entry.refresh_from_db()
        assert entry.disqualified_at is None
