"""A task from its bundle to open; and the search for everything that could tell a worker a hidden label."""

import io
import json
import zipfile
from dataclasses import dataclass

import pytest
from asgiref.sync import async_to_sync
from django.core.management import CommandError, call_command
from django.test import AsyncClient

from fixpoint.blobs.store import blob_open
from fixpoint.dispatch.models import Attempt
from fixpoint.organizing.management.commands import task_import
from fixpoint.submissions.services import submission_enter
from fixpoint.tasks.bundle import load_bundle
from fixpoint.tasks.creating import TaskExistsError, task_create
from fixpoint.tasks.hidden_archive import HiddenArchiveError
from fixpoint.tasks.models import Material, Task
from fixpoint.tasks.selectors import hidden_material, label_book_sheet, tasks_open
from tests.support.bundles import SECRETS, hidden_files, write_bundle, write_zip
from tests.support.platform import CLASSES, retire
from tests.support.searching import found_in
from tests.support.worker import ScriptedWorker, job_of
from worker.contract import Fact, Fault, Phase


@pytest.fixture
def task(db, tmp_path) -> Task:
    return task_create(bundle=load_bundle(write_bundle(tmp_path / "bundle")))


def material(task: Task, role: str) -> Material:
    return task.materials.get(role=role)


def worker_of(found: Material) -> ScriptedWorker:
    return ScriptedWorker(job_of(Attempt.objects.get(subject_id=found.pk, ended_at=None)))


@dataclass(frozen=True)
class Received:
    """Everything that a claim hands out: its own bytes, and all blobs behind its addresses."""

    claim: bytes
    blobs: dict[str, bytes]

    def tells(self) -> set[str]:
        words = found_in(self.claim, SECRETS)
        return words.union(*(found_in(data, SECRETS) for data in self.blobs.values()))


def received(worker: ScriptedWorker) -> Received:
    answer = worker.claim()
    assert answer.status_code == 200, answer.content
    return Received(answer.content, {each["name"]: fetched(each["url"]) for each in answer.json()["inputs"]})


def fetched(url: str) -> bytes:
    async def fetch() -> bytes:
        response = await AsyncClient().get(url)
        assert response.status_code == 200
        return b"".join([piece async for piece in response.streaming_content])

    return async_to_sync(fetch)()


def pack(worker: ScriptedWorker, images: int, *, sheet: bool = False) -> None:
    worker.claim()
    delivered = [worker.put("pack.safetensors", b"a pack"), worker.put("manifest.json", b"{}")]
    if sheet:
        delivered.append(worker.put("sheet.png", b"a sheet"))
    answer = worker.report(Fact.INGESTED, Phase.INGEST, delivered=tuple(delivered), result={"images": images})
    assert answer.status_code == 200, answer.content


def test_the_search_finds_what_it_should(tmp_path):
    inner = write_zip(tmp_path / "inner.zip", {"secret/Klasse-Eins.txt": b""}).read_bytes()
    assert found_in(write_zip(tmp_path / "outer.zip", {"x": inner}).read_bytes(), SECRETS) == {"klasse-eins"}
    assert found_in("umschlag-sieben".encode("utf-16"), SECRETS) == {"umschlag-sieben"}
    source = write_zip(tmp_path / "hidden.zip", hidden_files()).read_bytes()
    assert found_in(source, SECRETS) == set(SECRETS)


def test_the_neutral_archive_holds_the_bytes_under_numbers_and_nothing_else(task):
    with blob_open(hidden_material(task).archive_sha256) as file:
        data = file.read()
    assert found_in(data, SECRETS) == set()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.namelist() == [f"{number:06d}" for number in range(1, 11)]
        assert {archive.read(name) for name in archive.namelist()} == set(hidden_files().values())
        assert archive.comment == b""


def test_what_a_claim_for_the_hidden_images_hands_out_tells_no_label(task):
    found = received(worker_of(material(task, "hidden")))
    assert set(found.blobs) == {"archive.zip"}
    assert found.tells() == set()
    [stage] = json.loads(found.claim)["stages"]
    assert stage["request"]["layout"] == "flat"
    assert stage["request"]["classes"] == []
    assert "sheet.png" not in {each["name"] for each in stage["outputs"]}


def test_what_a_claim_for_an_entry_hands_out_tells_no_label(task, rows, owner, tmp_path):
    """With stand-ins for the packs; with real ones tests/stack/test_hidden_labels.py."""
    pack(worker_of(material(task, "hidden")), 10)
    pack(worker_of(material(task, "label_book")), 4, sheet=True)
    dataset = rows.accepted_dataset(owner, task)
    dataset.pack_sha256 = hidden_material(task).pack_sha256
    dataset.save()
    entry = submission_enter(owner=owner, dataset=dataset)
    found = received(ScriptedWorker(job_of(Attempt.objects.get(subject_id=entry.pk))))
    assert set(found.blobs) == {"pack.safetensors", "hidden.safetensors"}
    assert found.tells() == set()


def test_a_job_tells_no_label_either(task):
    for attempt in Attempt.objects.all():
        assert found_in(str(job_of(attempt)).encode(), SECRETS) == set()


def test_names_and_labels_stay_in_the_database_in_the_order_of_the_numbers(task):
    with blob_open(hidden_material(task).archive_sha256) as file, zipfile.ZipFile(file) as archive:
        for image in task.hidden_images.all():
            assert archive.read(f"{image.number:06d}") == hidden_files()[image.name]
            assert CLASSES[image.label] in image.name
    assert [image.number for image in task.hidden_images.all()] == list(range(1, 11))


def test_the_order_tells_no_label(db, tmp_path):
    """By a key of its own: of all orders that a drawn one gives to ten images, each 126th is by label."""
    task = task_create(bundle=load_bundle(write_bundle(tmp_path / "bundle", hidden_key=f"{'0a' * 32!r}")))

    labels = list(task.hidden_images.values_list("label", flat=True))

    assert labels != sorted(labels)
    assert labels != sorted(labels, reverse=True)


def test_two_tasks_of_one_bundle_are_in_different_orders(task, tmp_path):
    twin = task_create(bundle=load_bundle(write_bundle(tmp_path / "twin", slug="twin")))
    orders = [list(each.hidden_images.values_list("name", flat=True)) for each in (task, twin)]
    assert sorted(orders[0]) == sorted(orders[1])
    assert orders[0] != orders[1]


def test_a_task_waits_for_all_of_its_material_and_then_opens_by_itself(task):
    assert (task.status, task.materials.count()) == ("preparing", 2)
    pack(worker_of(material(task, "hidden")), 10)
    task.refresh_from_db()
    assert task.status == "preparing"
    assert not tasks_open().exists()

    pack(worker_of(material(task, "label_book")), 4, sheet=True)

    task.refresh_from_db()
    assert task.status == "open"
    assert label_book_sheet(task) == material(task, "label_book").sheet_sha256 != ""
    assert list(tasks_open()) == [task]


def test_a_task_without_a_label_book_opens_with_its_hidden_images(db, tmp_path):
    task = task_create(bundle=load_bundle(write_bundle(tmp_path / "bundle", label_book=False)))
    pack(worker_of(material(task, "hidden")), 10)
    task.refresh_from_db()
    assert task.status == "open"
    assert label_book_sheet(task) == ""


def test_a_pack_that_misses_an_image_is_no_hidden_test_set(task):
    pack(worker_of(material(task, "hidden")), 9)
    task.refresh_from_db()
    assert (task.status, material(task, "hidden").status) == ("error", "refused")
    assert material(task, "hidden").reason == "9 of 10 hidden images were packed."


def test_a_refused_material_says_why_and_the_task_does_not_open(task):
    worker = worker_of(material(task, "label_book"))
    worker.claim()
    refusals = [
        {"rule": "not-an-image", "path": "klasse-eins/0.png", "detail": "It is a text."},
        {"rule": "unpacked-too-big", "path": "", "detail": "the files unpack to 9 bytes;\nthe limit is 8"},
    ]
    result = {"refusals": refusals, "refusal_counts": {"not-an-image": 1, "unpacked-too-big": 1}}
    worker.report(Fact.REFUSED, Phase.INGEST, result=result)
    task.refresh_from_db()
    assert task.status == "error"
    assert material(task, "label_book").reason.split("\n") == [
        "klasse-eins/0.png: It is a text.",
        "the archive: the files unpack to 9 bytes; the limit is 8",
    ], "a line each"

    pack(worker_of(material(task, "hidden")), 10)
    task.refresh_from_db()
    assert task.status == "error", "the rest of its material does not open it"


def test_a_limit_that_the_material_reached_is_told_as_it_came(task):
    worker = worker_of(material(task, "hidden"))
    worker.claim()
    worker.report(Fact.FAILED, Phase.INGEST, fault=Fault("memory", "It needs more memory than 1 GiB."))
    assert material(task, "hidden").reason == "It needs more memory than 1 GiB."


def test_a_fault_of_ours_is_tried_again_and_then_told(task, organizer, settings):
    for number in range(1, settings.MAX_ATTEMPTS + 1):
        assert material(task, "hidden").attempt == number
        worker = worker_of(material(task, "hidden"))
        worker.claim()
        worker.report(Fact.ERROR, Phase.INGEST, fault=Fault("sandbox", "The sandbox is broken."))
    found = material(task, "hidden")
    task.refresh_from_db()
    assert (found.status, task.status, found.reason) == ("error", "error", "The sandbox is broken.")
    assert [each.to_status for each in found.transitions.all()] == ["ingesting", "ingesting", "error"]
    assert "The sandbox is broken." in organizer.notices.get().text


def test_the_second_attempt_can_still_open_the_task(task):
    first = worker_of(material(task, "hidden"))
    first.claim()
    first.report(Fact.ERROR, Phase.INGEST)
    pack(worker_of(material(task, "hidden")), 10)
    pack(worker_of(material(task, "label_book")), 4, sheet=True)
    task.refresh_from_db()
    assert task.status == "open"


def test_material_that_waits_when_its_recipe_is_retired_ends_with_the_reason(task, tmp_path, monkeypatch):
    worker = worker_of(material(task, "hidden"))
    retire(task, tmp_path, monkeypatch)
    assert worker.claim().status_code == 409
    task.refresh_from_db()
    assert (task.status, material(task, "hidden").status) == ("error", "error")
    assert "was retired on 2026-11-22: A network of it was wrong." in material(task, "hidden").reason
    assert not Attempt.objects.filter(ended_at=None, subject_id=material(task, "hidden").pk).exists()


def test_a_task_whose_runs_would_outlast_their_addresses_is_refused_in_a_sentence(db, tmp_path, settings):
    settings.ADDRESS_SECONDS = 11_000
    with pytest.raises(CommandError, match=r"A run could take 11,400 seconds .* 10,000 are allowed"):
        call_command("task_import", str(write_bundle(tmp_path / "bundle")))
    assert not Task.objects.exists()


def test_a_task_whose_logits_are_too_large_is_refused_in_a_sentence(db, tmp_path, monkeypatch):
    monkeypatch.setattr("fixpoint.tasks.creating._LOGITS_BYTES", 4 * 10 * 2 - 1)
    with pytest.raises(CommandError, match="hidden images × classes: 1 × 10 × 2"):
        call_command("task_import", str(write_bundle(tmp_path / "bundle")))
    assert not Task.objects.exists()


def test_a_pack_that_was_not_handed_in_opens_nothing(task):
    worker = worker_of(material(task, "hidden"))
    worker.claim()
    assert worker.report(Fact.INGESTED, Phase.INGEST, result={"images": 10}).status_code == 412
    assert material(task, "hidden").status == "ingesting"


@pytest.mark.parametrize("result", [{}, {"images": "ten"}, {"images": -1}, {"images": 10.5}])
def test_an_account_that_does_not_hold_opens_nothing(task, result):
    worker = worker_of(material(task, "hidden"))
    worker.claim()
    delivered = (worker.put("pack.safetensors", b"a pack"), worker.put("manifest.json", b"{}"))
    answer = worker.report(Fact.INGESTED, Phase.INGEST, delivered=delivered, result=result)
    assert answer.status_code == 422
    assert material(task, "hidden").status == "ingesting"


def test_limits_and_dates_come_out_as_they_were_written(db, tmp_path):
    fields = {
        "limits": "{max_images: 50, max_archive_mib: 3, max_image_mib: 2, max_image_megapixels: 4, memory_gib: 2}",
        "accuracy_floor": 0.25,
        "seed": 7,
        "seeds": 3,
        "opens_at": "2026-01-01T00:00:00",
        "public_share": 0.6,
        "score_decimals": 2,
        "ladder": "true",
        "counting": "chosen",
        "max_chosen": 4,
        "takes_late_entries": "true",
    }
    task = task_create(bundle=load_bundle(write_bundle(tmp_path / "bundle", **fields)))
    task.refresh_from_db()
    assert (task.max_images, task.max_archive_bytes, task.max_image_bytes) == (50, 3 * 2**20, 2 * 2**20)
    assert (task.max_image_pixels, task.memory_bytes) == (4_000_000, 2 * 2**30)
    assert (task.accuracy_floor, task.opens_at.year) == (0.25, 2026)
    assert task.entry_seeds == [7, 8, 9]
    assert (task.public_share, task.score_decimals, task.ladder) == (0.6, 2, True)
    assert (task.counting, task.max_chosen, task.takes_late) == ("chosen", 4, True)
    assert task.classes == CLASSES


def test_the_organizers_own_files_are_left_where_they_are(db, tmp_path):
    path = write_bundle(tmp_path / "bundle", training_data="hidden.zip")
    before = {each.name: each.read_bytes() for each in path.parent.iterdir()}
    task_create(bundle=load_bundle(path))
    assert {each.name: each.read_bytes() for each in path.parent.iterdir()} == before


def test_a_slug_that_is_taken_is_refused(task, tmp_path):
    with pytest.raises(TaskExistsError, match="choose another slug"):
        task_create(bundle=load_bundle(write_bundle(tmp_path / "again")))
    assert Task.objects.count() == 1


def test_hidden_images_of_an_unknown_class_make_no_task(db, tmp_path):
    path = write_bundle(tmp_path / "bundle")
    write_zip(path.parent / "hidden.zip", hidden_files() | {"umschlag-sieben/stranger/1.png": b"\x89PNG\r\n\x1a\n"})
    with pytest.raises(HiddenArchiveError, match="stranger"):
        task_create(bundle=load_bundle(path))
    assert not Task.objects.exists()
    assert not Attempt.objects.exists()


def test_the_command_says_what_it_made(db, tmp_path, capsys):
    call_command("task_import", str(write_bundle(tmp_path / "bundle")))
    assert "'numerals' is being prepared: 10 hidden images" in capsys.readouterr().out
    assert Task.objects.get().status == "preparing"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"recipe": "resnet-of-my-own"}, "The recipe 'resnet-of-my-own' is unknown; known are"),
        ({"hidden_test": "elsewhere.zip"}, "'hidden_test': there is no file elsewhere.zip"),
        ({"titel": "x"}, "'titel' is not a field of a task"),
        ({"classes": "[klasse-eins, klasse-drei]"}, "'klasse-zwei' is no class of this task"),
    ],
)
def test_what_is_wrong_with_a_bundle_is_said_in_a_sentence(db, tmp_path, fields, words):
    with pytest.raises(CommandError, match=words):
        call_command("task_import", str(write_bundle(tmp_path / "bundle", **fields)))


def test_a_slug_that_is_taken_is_said_in_a_sentence(task, tmp_path):
    with pytest.raises(CommandError, match="exists already"):
        call_command("task_import", str(write_bundle(tmp_path / "again")))


def test_a_file_that_is_not_there_is_said_in_a_sentence(db, tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("task_import", str(tmp_path / "nothing.yaml"))


def test_a_task_that_did_not_open_is_said_with_its_reasons(task):
    pack(worker_of(material(task, "hidden")), 9)
    task.refresh_from_db()
    with pytest.raises(CommandError, match="9 of 10 hidden images were packed"):
        task_import._wait_until_open(task)
