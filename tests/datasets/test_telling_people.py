"""The notice of how a dataset's reading ended: one to its owner, whatever the end, and what stands in its way."""

import pytest
from django.conf import settings as site
from django.urls import reverse

from fixpoint.accounts.language import language_choose
from fixpoint.accounts.models import Notice
from fixpoint.datasets.models import Dataset
from fixpoint.datasets.services import dataset_cancel, dataset_fail, dataset_retry, dataset_take
from fixpoint.submissions.services import submission_enter
from tests.datasets.ingesting import OUTCOME, refused, worker_of
from tests.support.bundles import entry_files, write_zip
from worker.contract import Fact, Phase

pytestmark = pytest.mark.django_db


@pytest.fixture
def take(rows, owner, task, tmp_path):
    """Hands in a zip; `enters`: to be entered on its acceptance."""

    def send(files: dict[str, bytes] | None = None, *, enters: bool = False) -> Dataset:
        path = tmp_path / "mine.zip"
        write_zip(path, files or entry_files())
        return dataset_take(owner=owner, task=task, name="as generated", path=path, enters=enters)

    return send


def told() -> list[tuple[str, str]]:
    return list(Notice.objects.values_list("subject", "text"))


def read(dataset: Dataset) -> None:
    worker = worker_of(dataset)
    worker.claim()
    delivered = tuple(worker.put(name, b"x") for name in ("pack.safetensors", "manifest.json", "sheet.png"))
    for _ in range(2):  # a report may come twice
        worker.report(Fact.INGESTED, Phase.INGEST, delivered=delivered, result=OUTCOME)
    dataset.refresh_from_db()
    assert dataset.status == "accepted"


def test_who_waits_for_acceptance_is_told_once(take, owner):
    dataset = take()
    assert told() == []

    read(dataset)

    [notice] = Notice.objects.all()
    assert notice.user == owner
    assert (notice.subject, notice.text) == (
        "Accepted: your dataset “as generated” in Numerals", "12 images, ready to be entered."
    )  # fmt: skip
    assert notice.path == reverse("dataset", args=[dataset.pk])
    assert notice.mailed_at is None, "it waits to be mailed with the others"


def test_what_is_entered_on_acceptance_says_so(take):
    read(take(enters=True))

    assert told() == [
        (
            "Accepted and entered: your dataset “as generated” in Numerals",
            "Its entry waits for a worker. You are told when it has ended.",
        )
    ]


def test_what_could_not_be_entered_says_why_in_its_owners_language(take, rows, owner, task):
    dataset = take(enters=True)
    language_choose(user=owner, language="fr")
    type(task).objects.update(entries_total=1)
    submission_enter(owner=owner, dataset=rows.accepted_dataset(owner, task))

    read(dataset)

    [(_, text)] = told()
    dataset.refresh_from_db()
    assert dataset.entry_refusal == "1 entry is all that this task allows, and it is used."
    assert "1 soumission" in text


def test_a_refusal_by_its_images_says_how_many_reasons_there_are(take):
    dataset = take()
    worker = worker_of(dataset)
    worker.claim()
    reasons = [{"rule": "unreadable-image", "path": f"train/i/{n}.png", "detail": "It is cut."} for n in range(3)]

    refused(worker, reasons, {"unreadable-image": 3})

    assert told() == [
        (
            "Refused: your dataset “as generated” in Numerals",
            "Refused for 3 reasons: each is listed with what to do.",
        )
    ]


def test_a_limit_that_was_reached_is_told(take):
    dataset_fail(dataset=take(), reason="It needed more memory than it may use.")

    [(subject, text)] = told()
    assert (subject[:8], text) == ("Refused:", "It needed more memory than it may use.")


def test_a_fault_of_ours_is_told_once_it_is_given_up(take, owner):
    dataset = take()
    dataset_retry(dataset=dataset, why="lost")
    assert told() == []

    dataset.attempt = site.MAX_ATTEMPTS
    dataset.save()
    dataset_retry(dataset=dataset, why="betriebssache")

    [notice] = Notice.objects.filter(user=owner)
    assert notice.subject.startswith("Not read, by a fault of ours:")
    assert "betriebssache" not in notice.text


def test_who_cancels_knows_and_whose_was_cancelled_is_told(take, owner, organizer):
    dataset_cancel(dataset=take(), who=owner)
    assert told() == []

    dataset_cancel(dataset=take(), who=organizer)
    assert [subject for subject, _ in told()] == ["Cancelled: your dataset “as generated” in Numerals"]


def test_what_its_directory_refuses_is_answered_at_once_and_needs_no_notice(take):
    dataset = take({"train/nothing.txt": b"x"})

    assert dataset.status == "refused"
    assert told() == []


def test_who_wants_no_mails_of_runs_has_it_listed_alone(take, owner):
    type(owner).objects.update(mails_runs=False)

    read(take())

    assert Notice.objects.get().mailed_at is not None


def test_the_form_says_what_is_left_of_the_quota_beside_entering_at_once(client, owner, task, rows):
    client.force_login(owner)
    address = reverse("upload") + f"?task={task.slug}"
    assert "<strong>3</strong> entries left within 24 hours" in client.get(address).content.decode()

    type(task).objects.update(entries_total=1)
    entered = rows.accepted_dataset(owner, task)
    client.post(reverse("enter", args=[entered.pk]))

    page = client.get(address).content.decode()
    assert "No entry is left now." in page
    assert "1 entry is all that this task allows, and it is used." in page
