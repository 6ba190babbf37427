"""All the reasons at once: what the directory refuses is read all the same, for the reasons of its images."""

import pytest

from fixpoint.blobs.store import blob_open, is_blob
from fixpoint.datasets.models import Dataset
from fixpoint.datasets.selectors import remark_groups
from fixpoint.datasets.services import dataset_cancel, dataset_retire, dataset_take
from tests.datasets.ingesting import ingested, refused, worker_of
from tests.support.bundles import entry_files, picture, write_zip
from tests.support.ingested import read_outcome
from tests.support.platform import CLASSES
from worker.contract import Fact, Fault, Phase

CUT = picture(3)[:-40]
WRONG = {"train/Klasse-Eins/only.png": picture(1), "notes.txt": b"hello"}
BROKEN = {f"train/{CLASSES[0]}/cut.png": CUT, f"val/{CLASSES[1]}/text.png": b"no image at all"}
KNOWN = {"unknown-class": 1, "unexpected-file": 1}


@pytest.fixture
def take(rows, owner, task, tmp_path):
    """Hands in a zip of a good entry's files and these."""

    def send(files: dict[str, bytes], **how: object) -> Dataset:
        path = write_zip(tmp_path / "mine.zip", entry_files() | files)
        return dataset_take(owner=owner, task=task, name="mine", path=path, **how)

    return send


@pytest.fixture
def wrong(take) -> Dataset:
    return take(WRONG)


@pytest.fixture
def worker(wrong):
    worker = worker_of(wrong)
    assert worker.claim().status_code == 200
    return worker


def counts_of(dataset: Dataset) -> dict[str, int]:
    return {group.rule.code: group.total for group in remark_groups(dataset)}


def test_a_mistake_of_the_directory_is_told_at_once_and_the_images_are_read_for_more(wrong):
    assert (wrong.status, wrong.is_refused_already) == ("ingesting", True)
    assert counts_of(wrong) == KNOWN
    assert "images are read for what else there is" in wrong.transitions.last().why
    assert is_blob(wrong.archive_sha256)


def test_what_the_real_program_finds_in_the_images_joins_the_directorys_reasons(take, task, tmp_path):
    dataset = take(WRONG | BROKEN)
    worker = worker_of(dataset)
    worker.claim()
    with blob_open(dataset.archive_sha256) as file:
        (tmp_path / "archive.zip").write_bytes(file.read())
    outcome = read_outcome(tmp_path / "archive.zip", tmp_path / "out", task)
    assert outcome["refusal_counts"].keys() > KNOWN.keys(), "the program judges the directory too"
    refused(worker, outcome["refusals"], outcome["refusal_counts"])
    dataset.refresh_from_db()
    assert dataset.status == "refused"
    assert counts_of(dataset) == KNOWN | {"not-an-image": 1, "unreadable-image": 1}
    assert dataset.reason.startswith("Refused for 4 reasons")
    [folder] = [group for group in remark_groups(dataset) if group.rule.code == "unknown-class"]
    assert "Did you mean" in folder.first[0].detail, "the platform's own words, which give a hint"


def test_an_archive_that_is_known_by_its_bytes_joins_those_known_by_their_names(take):
    dataset = take({"train/more.zip": b"PK\x03\x04"})
    worker = worker_of(dataset)
    worker.claim()
    paths = ["train/more.zip", f"train/{CLASSES[0]}/7.png"]
    refused(worker, [{"rule": "nested-archive", "path": path, "detail": "."} for path in paths], {"nested-archive": 2})
    dataset.refresh_from_db()
    [group] = [group for group in remark_groups(dataset) if group.rule.code == "nested-archive"]
    assert (group.total, [remark.path for remark in group.first]) == (2, paths)


def test_of_directory_and_images_together_no_more_reasons_are_kept_than_of_one_and_some_of_every_kind(
    monkeypatch, wrong, worker
):
    monkeypatch.setattr("fixpoint.datasets.refusing.MOST_KEPT", len(KNOWN) + 12)
    named = [{"rule": "not-an-image", "path": f"{n}.png", "detail": "."} for n in range(30)]
    named.append({"rule": "unreadable-image", "path": "last.png", "detail": "."})
    refused(worker, named, {"not-an-image": 30, "unreadable-image": 1})
    wrong.refresh_from_db()
    assert wrong.remarks.count() == len(KNOWN) + 12
    assert counts_of(wrong) == KNOWN | {"not-an-image": 30, "unreadable-image": 1}
    assert wrong.remarks.filter(rule="unreadable-image").exists()


def test_a_worker_that_finds_nothing_takes_no_reason_back(wrong, worker):
    assert ingested(worker).status_code == 200
    wrong.refresh_from_db()
    assert (wrong.status, counts_of(wrong), wrong.pack_sha256) == ("refused", KNOWN, "")


def test_what_was_to_be_entered_on_acceptance_is_not(take):
    dataset = take(WRONG, enters=True)
    worker = worker_of(dataset)
    worker.claim()
    ingested(worker)
    dataset.refresh_from_db()
    assert (dataset.status, dataset.submissions.count()) == ("refused", 0)


def test_a_limit_that_is_reached_meanwhile_stands_beside_the_reasons(wrong, worker):
    worker.report(Fact.FAILED, Phase.INGEST, fault=Fault("memory", "It needs more memory than 1 GiB."))
    wrong.refresh_from_db()
    assert (wrong.status, counts_of(wrong)) == ("refused", KNOWN)
    assert wrong.reason.endswith("It needs more memory than 1 GiB.")


def test_a_fault_of_ours_leaves_it_refused_for_what_is_known(wrong, organizer, settings):
    for _ in range(settings.MAX_ATTEMPTS):
        wrong.refresh_from_db()
        assert wrong.is_refused_already
        worker = worker_of(wrong)
        worker.claim()
        worker.report(Fact.ERROR, Phase.INGEST)
    wrong.refresh_from_db()
    assert (wrong.status, counts_of(wrong)) == ("refused", KNOWN)
    assert "our fault: there may be more" in wrong.reason
    assert organizer.notices.count() == 1


def test_a_retired_recipe_leaves_it_refused_for_what_is_known(wrong):
    dataset_retire(dataset=wrong, why="Its recipe was retired.")
    wrong.refresh_from_db()
    assert (wrong.status, counts_of(wrong)) == ("refused", KNOWN)
    assert wrong.reason.endswith("Its recipe was retired.")


def test_it_can_be_cancelled_and_keeps_the_reasons(wrong, worker, owner):
    assert dataset_cancel(dataset=wrong, who=owner)
    assert worker.beat().json() == {"answer": "cancel"}
    wrong.refresh_from_db()
    assert (wrong.status, counts_of(wrong)) == ("cancelled", KNOWN)


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"../up.png": picture(1)} | WRONG, id="a name that leaves its folder"),
        pytest.param({f"more/{n}.png": b"x" for n in range(20)}, id="over twice the images"),
        pytest.param({f"train/{CLASSES[0]}/{n}.dat": b"x" for n in range(20)}, id="over twice the files"),
    ],
)
def test_what_is_hostile_or_far_too_much_is_refused_without_a_worker(rows, owner, tmp_path, files):
    task = rows.open_task(max_images=15)
    path = write_zip(tmp_path / "mine.zip", entry_files() | files)
    dataset = dataset_take(owner=owner, task=task, name="mine", path=path)
    assert dataset.status == "refused"
    assert not is_blob(dataset.archive_sha256)


def test_a_zip_without_any_image_is_refused_without_a_worker(owner, task, tmp_path):
    path = write_zip(tmp_path / "mine.zip", {"train/notes.txt": b"hello"})
    assert dataset_take(owner=owner, task=task, name="mine", path=path).status == "refused"
