"""What an entry's page tells of a run that waits, runs or was lost: in words, estimated where it is."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fixpoint.accounts.models import User
from fixpoint.datasets.models import Dataset
from fixpoint.energy.constants import CALIBRATIONS
from fixpoint.energy.estimates import standardised_kwh, work_of_entry
from fixpoint.pages.learning import progress_of
from fixpoint.pages.so_far import so_far_of
from fixpoint.recipes import recipe_facts
from fixpoint.submissions.models import Submission, SubmissionEnergy
from tests.pages.rows import entry_of, moved, training
from tests.support.hellos import hello_from

pytestmark = pytest.mark.django_db


def page(client: Client, entry: Submission) -> str:
    return client.get(reverse("entry", args=[entry.pk])).content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_energy_so_far_is_estimated_from_the_epochs_that_have_ended(signed_in: Client, accepted: Dataset) -> None:
    facts = recipe_facts(accepted.task.recipe)
    entry = training(entry_of(accepted), [(1.0, 0.5)] * facts.epochs, epochs=facts.epochs)

    so_far = so_far_of(entry, progress_of(entry))

    # After the last epoch it is what the whole work without its hidden images and its decoding takes.
    gflop = work_of_entry(facts, train=4, val=4, hidden=0)
    assert so_far is not None
    assert so_far.is_estimated
    assert so_far.kwh == pytest.approx(standardised_kwh(gflop, 0.0, CALIBRATIONS[entry.task.calibration]))
    assert so_far.grams == pytest.approx(so_far.kwh * 445)
    assert "estimated so far, CPU-seconds" in page(signed_in, entry)


def test_energy_so_far_is_measured_once_training_has_ended(signed_in: Client, running: Submission) -> None:
    Submission.objects.filter(pk=running.pk).update(status="predicting")
    SubmissionEnergy.objects.create(
        submission=running, attempt=1, phase="train", seconds=10, level="M1", method="cpu", kwh=0.002, cpu_seconds=42
    )

    shown = page(signed_in, running)

    assert "measured so far, CPU-seconds" in shown
    assert "0.890 g" in shown
    assert "estimated" not in shown


def test_what_happened_is_told_in_words_without_names_of_workers(signed_in: Client, running: Submission) -> None:
    moved(running, "training", "queued", "worker-betriebssache was silent", timezone.now() + timedelta(minutes=1))
    Submission.objects.filter(pk=running.pk).update(status="queued", attempt=2)

    shown = page(signed_in, running)

    entered, began = shown.index("Entered."), shown.index("Training began.")
    assert entered < began < shown.index("Attempt 1 was lost through no fault of the data.")
    for private in ("betriebssache", "worker-1"):
        assert private not in shown


def test_strangers_read_no_log(running: Submission, stranger: User) -> None:
    client = Client()
    client.force_login(stranger)
    Submission.objects.filter(pk=running.pk).update(status="scored", accuracy=0.5)

    assert "What happened" not in page(client, running)


def test_who_waits_reads_when_it_will_begin_or_why_nobody_knows(signed_in: Client, accepted: Dataset) -> None:
    waiting = entry_of(accepted)
    assert "No worker takes this queue now." in page(signed_in, waiting)

    hello_from("one", queues=("evaluate",))
    assert "no run of this task has ended" in page(signed_in, waiting)

    before = training(entry_of(accepted), [])
    now = timezone.now()
    Submission.objects.filter(pk=before.pk).update(status="failed", started_at=now - timedelta(minutes=5), ended_at=now)
    assert "It starts within a minute, by the times of the last runs; 1 worker takes this queue." in page(
        signed_in, waiting
    )
