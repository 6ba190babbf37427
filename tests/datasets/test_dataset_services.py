"""An upload from its bytes to accepted or refused with every reason; who may see it, and what there is to say."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile

from fixpoint.blobs.store import is_blob
from fixpoint.datasets.models import Dataset, Remark
from fixpoint.datasets.rules import SHOWN_PER_RULE
from fixpoint.datasets.selectors import dataset_for, remark_groups
from fixpoint.datasets.services import dataset_cancel, dataset_take, dataset_upload
from fixpoint.dispatch.models import Attempt
from tests.datasets.ingesting import OUTCOME, ingested, refused, worker_of
from tests.support.bundles import entry_files, picture, write_zip
from tests.support.platform import CLASSES, zip_of
from tests.support.worker import ScriptedWorker
from worker.contract import Fact, Fault, Phase


@pytest.fixture
def upload(rows, owner, task):
    """Hands in a zip of these files, as a form does."""

    def send(files: dict[str, bytes], name: str = "mine") -> Dataset:
        file = SimpleUploadedFile("mine.zip", zip_of(files), "application/zip")
        return dataset_upload(owner=owner, task=task, name=name, file=file)

    return send


@pytest.fixture
def dataset(upload) -> Dataset:
    return upload(entry_files())


@pytest.fixture
def worker(dataset) -> ScriptedWorker:
    worker = worker_of(dataset)
    assert worker.claim().status_code == 200
    return worker


def test_a_good_zip_is_stored_counted_and_sent_to_be_read(dataset, task):
    assert (dataset.status, dataset.images) == ("ingesting", 12)
    assert dataset.counts == {"train": dict.fromkeys(CLASSES, 4), "val": dict.fromkeys(CLASSES, 2)}
    assert is_blob(dataset.archive_sha256)
    attempt = Attempt.objects.get()
    assert (attempt.queue, attempt.kind, attempt.subject_id) == ("ingest", "ingest", dataset.pk)


def test_a_bad_zip_is_refused_at_once_with_every_reason_and_no_worker_is_asked(upload):
    files = entry_files()
    del files[f"val/{CLASSES[1]}/0.png"], files[f"val/{CLASSES[1]}/1.png"]
    files |= {"train/stranger/1.png": picture(1), "notes.txt": b"hello", "../escape.png": picture(2)}
    dataset = upload(files)
    assert dataset.status == "refused"
    groups = {group.rule.code: group.total for group in remark_groups(dataset)}
    assert groups == {"unsafe-name": 1, "missing-class": 1, "unknown-class": 1, "unexpected-file": 1}
    assert "4 reasons" in dataset.reason
    assert dataset.ended_at is not None
    assert not Attempt.objects.exists()


def test_one_reason_is_told_as_one(upload):
    dataset = upload(entry_files() | {"../notes.txt": b"hello"})
    assert dataset.reason == "Refused for 1 reason: each is listed with what to do."


def test_what_is_no_zip_is_refused_and_not_an_error(rows, owner, task):
    file = SimpleUploadedFile("mine.zip", b"I am a text.", "application/zip")
    dataset = dataset_upload(owner=owner, task=task, name="mine", file=file)
    assert [group.rule.code for group in remark_groups(dataset)] == ["not-a-zip"]


def test_the_tasks_own_limits_count(rows, owner, stranger):
    task = rows.open_task(max_images=11)
    file = SimpleUploadedFile("mine.zip", zip_of(entry_files()), "application/zip")
    dataset = dataset_upload(owner=owner, task=task, name="mine", file=file)
    [group] = remark_groups(dataset)
    assert group.rule.code == "too-many-images"
    assert group.first[0].detail.startswith("12 images")


def test_clutter_is_ignored_and_counted(upload):
    clutter = {"__MACOSX/._0.png": b"x", "train/.DS_Store": b"x", f"val/{CLASSES[0]}/Thumbs.db": b"x"}
    dataset = upload(entry_files() | clutter)
    assert (dataset.status, dataset.clutter, dataset.images) == ("ingesting", 3, 12)


def test_a_file_on_this_disk_goes_the_same_way(rows, owner, task, tmp_path):
    path = write_zip(tmp_path / "mine.zip", entry_files())
    dataset = dataset_take(owner=owner, task=task, name="x" * 200, path=path)
    assert (dataset.status, len(dataset.name)) == ("ingesting", 120)


def test_a_worker_that_read_every_image_makes_it_accepted(dataset, worker):
    assert ingested(worker).status_code == 200
    dataset.refresh_from_db()
    assert dataset.status == "accepted"
    assert (dataset.images, dataset.clutter, dataset.decoded_megapixels) == (12, 3, 0.25)
    assert (dataset.digest, dataset.sheet) == ("d" * 64, {"sheet_cell": 48, "sheet_columns": 4, "sheet_rows": 2})
    assert all(is_blob(each) for each in (dataset.pack_sha256, dataset.manifest_sha256, dataset.sheet_sha256))
    assert dataset.provenance["sandbox"] == "fake"
    assert [each.phase for each in dataset.energies.all()] == ["ingest"]
    assert [each.to_status for each in dataset.transitions.all()] == ["ingesting", "accepted"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"images": "twelve"},
        {"images": None},
        {"dataset_digest": "short"},
        {"counts": {"train": 4}},
        {"findings": [{"rule": "x"}]},
        {"sheet_cell": None},
        {"decoded_megapixels": -1.0},
    ],
)
def test_an_account_that_does_not_hold_is_not_believed(dataset, worker, wrong):
    assert ingested(worker, **wrong).status_code == 422
    dataset.refresh_from_db()
    assert (dataset.status, dataset.digest) == ("ingesting", "")
    assert ingested(worker).status_code == 200, "the right account can still be told"


def test_a_reading_without_its_pack_is_not_believed(dataset, worker):
    answer = worker.report(Fact.INGESTED, Phase.INGEST, result=OUTCOME)
    assert answer.status_code == 412
    dataset.refresh_from_db()
    assert dataset.status == "ingesting"


def test_findings_are_kept_beside_an_accepted_dataset(dataset, worker):
    finding = {"rule": "extra-frames", "path": "train/klasse-eins/0.gif", "detail": "3 frames."}
    ingested(worker, findings=[finding], finding_counts={"extra-frames": 7})
    dataset.refresh_from_db()
    [group] = remark_groups(dataset)
    assert (dataset.status, group.severity, group.total, group.more) == ("accepted", "finding", 7, 6)
    assert group.first[0].path == finding["path"]


def test_a_worker_that_found_reasons_makes_it_refused(dataset, worker):
    refusal = {"rule": "unreadable-image", "path": "train/klasse-eins/0.png", "detail": "It ends too early."}
    assert refused(worker, [refusal], {"unreadable-image": 1}).status_code == 200
    dataset.refresh_from_db()
    [group] = remark_groups(dataset)
    assert (dataset.status, group.rule.code, group.first[0].detail) == (
        "refused",
        "unreadable-image",
        "It ends too early.",
    )


def test_of_many_reasons_ten_are_shown_and_all_are_counted(dataset, worker):
    many = [{"rule": "not-an-image", "path": f"train/klasse-eins/{n}.png", "detail": "A text."} for n in range(1000)]
    few = [{"rule": "unreadable-image", "path": "val/klasse-eins/0.png", "detail": "It ends too early."}]
    refused(worker, many + few, {"not-an-image": 4321, "unreadable-image": 1})
    dataset.refresh_from_db()
    first, second = remark_groups(dataset)
    assert (first.rule.code, first.total, len(first.first)) == ("not-an-image", 4321, SHOWN_PER_RULE)
    assert first.more == 4321 - SHOWN_PER_RULE
    assert (second.rule.code, second.total, second.more) == ("unreadable-image", 1, 0)
    assert "4,322 reasons" in dataset.reason


def test_a_rule_that_only_a_newer_worker_knows_is_shown_as_it_came(dataset, worker):
    refused(worker, [{"rule": "too-blue", "path": "a", "detail": "Blue."}], {"too-blue": 1})
    dataset.refresh_from_db()
    [group] = remark_groups(dataset)
    assert (group.rule.code, group.first[0].detail) == ("too-blue", "Blue.")


def test_names_of_any_length_are_kept_as_far_as_they_go(dataset, worker):
    refused(worker, [{"rule": "r" * 100, "path": "p" * 1000, "detail": "d" * 1000}], {"r": 1})
    remark = Remark.objects.get()
    assert (len(remark.rule), len(remark.path), len(remark.detail)) == (40, 500, 500)


def test_a_limit_that_was_reached_refuses_in_one_sentence(dataset, worker):
    worker.report(Fact.FAILED, Phase.INGEST, fault=Fault("memory", "It needs more memory than 1 GiB."))
    dataset.refresh_from_db()
    assert (dataset.status, dataset.reason) == ("refused", "It needs more memory than 1 GiB.")


def test_a_fault_of_ours_is_tried_again_and_then_told_as_ours(dataset, organizer, settings):
    for number in range(1, settings.MAX_ATTEMPTS + 1):
        dataset.refresh_from_db()
        assert (dataset.status, dataset.attempt) == ("ingesting", number)
        worker = worker_of(dataset)
        worker.claim()
        worker.report(Fact.ERROR, Phase.INGEST)
    dataset.refresh_from_db()
    assert dataset.status == "error"
    assert "our fault, not your data's" in dataset.reason
    assert organizer.notices.get().subject == f"A dataset of {dataset.task} was given up"
    assert not Attempt.objects.filter(ended_at=None).exists()


def test_a_late_account_of_a_superseded_attempt_changes_nothing(dataset, worker):
    worker.report(Fact.ERROR, Phase.INGEST)
    assert refused(worker, [], {}).status_code == 410
    dataset.refresh_from_db()
    assert (dataset.status, dataset.attempt) == ("ingesting", 2)


def test_a_cancel_stops_the_reading_and_a_second_one_is_too_late(dataset, worker, owner):
    assert dataset_cancel(dataset=dataset, who=owner)
    assert worker.beat().json() == {"answer": "cancel"}
    assert not dataset_cancel(dataset=dataset, who=owner)
    dataset.refresh_from_db()
    assert dataset.status == "cancelled"


def test_a_cancel_reaches_an_attempt_that_its_page_did_not_know_of(dataset, worker, owner):
    shown = Dataset.objects.get(pk=dataset.pk)
    worker.report(Fact.ERROR, Phase.INGEST)
    assert dataset_cancel(dataset=shown, who=owner)
    dataset.refresh_from_db()
    assert (dataset.status, dataset.attempt) == ("cancelled", 2)


def test_a_dataset_is_seen_by_its_owner_and_by_organizers_only(dataset, owner, stranger, organizer):
    assert dataset_for(owner, dataset.pk) == dataset
    assert dataset_for(organizer, dataset.pk) == dataset
    for nobody in (stranger, AnonymousUser()):
        with pytest.raises(Dataset.DoesNotExist):
            dataset_for(nobody, dataset.pk)


def test_remarks_are_read_with_a_query_a_rule_however_many_there_are(dataset, worker, django_assert_num_queries):
    many = [{"rule": "not-an-image", "path": str(n), "detail": "A text."} for n in range(500)]
    refused(worker, many, {"not-an-image": 500})
    found = Dataset.objects.select_related("task").get(pk=dataset.pk)
    with django_assert_num_queries(2):
        remark_groups(found)


def test_the_bytes_of_what_is_refused_are_not_kept(upload):
    refused = upload({"notes.txt": b"nothing of use"})
    assert refused.status == Dataset.Status.REFUSED
    assert len(refused.archive_sha256) == 64
    assert not is_blob(refused.archive_sha256)
    accepted = upload(entry_files())
    assert is_blob(accepted.archive_sha256)


def test_a_dataset_that_waits_when_its_recipe_is_retired_ends_with_the_reason(rows, dataset, tmp_path, monkeypatch):
    rows.retire(dataset.task, tmp_path, monkeypatch)
    assert worker_of(dataset).claim().status_code == 409
    dataset.refresh_from_db()
    assert dataset.status == "error"
    assert "was retired on 2026-11-22: A network of it was wrong." in dataset.reason
