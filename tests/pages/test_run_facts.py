"""What an entry's page tells of a run that waits, runs or was lost: in words, estimated where it is."""

from datetime import timedelta
from zoneinfo import ZoneInfo

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
from fixpoint.tasks.models import Task
from tests.pages.rows import entry_of, moved, scored, training
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


def test_the_log_has_every_epoch_and_phase_in_its_stage(signed_in: Client, accepted: Dataset) -> None:
    entry = scored(training(entry_of(accepted, seeds=(3, 4)), [(1.5, 0.25), (1.0, 0.5)], epochs=2))

    lines = signed_in.get(reverse("entry_log", args=[entry.pk])).content.decode().splitlines()

    begun, over = (next(n for n, line in enumerate(lines) if says in line) for says in ("Training began.", "Scored."))
    epochs = [n for n, line in enumerate(lines) if " epoch=" in line]
    assert [lines[n].split(" loss=")[0] for n in epochs] == [
        f"  attempt=1 seed={seed} epoch={number}/2" for seed in (3, 4) for number in (1, 2)
    ]
    assert "val_accuracy=0.5000" in lines[epochs[-1]]
    assert begun < min(epochs) < max(epochs) < over
    assert "  phase=train seconds=842 kwh=" in lines[max(epochs) + 1]
    assert lines[0].startswith("  phase=ingest seconds=4.2 kwh=")
    assert entry.started_at is not None
    assert lines[begun] == f"{entry.started_at:%Y-%m-%dT%H:%M:%SZ} Training began."


def test_the_log_of_an_ended_run_stands_on_its_page_and_names_no_worker(signed_in: Client, accepted: Dataset) -> None:
    entry = scored(training(entry_of(accepted), [(1.0, 0.5)]))

    shown = page(signed_in, entry)

    assert "The log, with 1 epoch</summary>" in shown
    assert "epoch=1/100 loss=1.0000" in shown
    assert "worker-1" not in signed_in.get(reverse("entry_log", args=[entry.pk])).content.decode()


def test_a_live_page_leads_to_the_log_so_far(signed_in: Client, running: Submission) -> None:
    shown = page(signed_in, running)

    assert f'href="{reverse("entry_log", args=[running.pk])}"' in shown
    assert "<summary>The log" not in shown


def test_what_happened_is_told_with_its_time_zone(signed_in: Client, running: Submission) -> None:
    assert running.started_at is not None
    Task.objects.filter(pk=running.task_id).update(time_zone="Europe/Paris")

    there = running.started_at.astimezone(ZoneInfo("Europe/Paris"))

    assert f'class="when">{there:%Y-%m-%d %H:%M} Europe/Paris</time> Training began.' in page(signed_in, running)


def test_strangers_read_no_log(running: Submission, stranger: User) -> None:
    client = Client()
    client.force_login(stranger)
    Submission.objects.filter(pk=running.pk).update(status="scored", accuracy=0.5)

    shown = page(client, running)
    assert "What happened" not in shown
    assert "log.txt" not in shown


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
