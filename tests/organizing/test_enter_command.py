"""`manage.py enter`: what a participant does in the browser, in one command, with every refusal in words."""

import json

import pytest
from django.core.management import CommandError, call_command

from fixpoint.datasets.models import Dataset
from fixpoint.dispatch.models import Attempt
from fixpoint.organizing.entering import RefusedError, entry_follow, entry_report
from fixpoint.submissions.models import Submission
from fixpoint.submissions.services import epochs_take, submission_cancel, submission_enter
from fixpoint.tasks.services import task_close
from tests.support.bundles import entry_files, write_zip
from tests.support.evaluating import evaluate, hold_packs
from tests.support.worker import ScriptedWorker, job_of
from worker.contract import Fact, Fault, Phase, Progress


@pytest.fixture(autouse=True)
def _no_stack_of_ours(settings):
    """The worker of these tests is no process that a supervisor runs."""
    settings.IS_EMBEDDED = False


@pytest.fixture
def archive(tmp_path):
    return write_zip(tmp_path / "mine.zip", entry_files())


@pytest.fixture
def entry(rows, owner, task, tmp_path):
    dataset = rows.accepted_dataset(owner, task)
    dataset.energies.create(attempt=1, phase="ingest", seconds=2.5, level="M1", method="cpu", kwh=0.001, cpu_seconds=3)
    entry = submission_enter(owner=owner, dataset=dataset, seeds=[5])
    hold_packs(entry, tmp_path)
    return entry


def test_a_zip_is_taken_as_an_upload_and_left_where_it_is(archive, owner, task, capsys):
    call_command("enter", str(archive), task=task.slug, user="owner")
    dataset = Dataset.objects.get()
    assert (dataset.name, dataset.owner, dataset.status) == ("mine", owner, "ingesting")
    told = capsys.readouterr().out
    assert f"/datasets/{dataset.pk}/: reading images; it is entered as soon as it is accepted." in told
    assert archive.exists()


def test_the_address_is_the_running_stacks(archive, owner, task, capsys, monkeypatch):
    monkeypatch.setattr(
        "fixpoint.organizing.management.commands.enter.running_settings",
        lambda _home: {"FIXPOINT_SITE_URL": "http://127.0.0.1:8123"},
    )
    call_command("enter", str(archive), task=task.slug, user="owner")
    assert capsys.readouterr().out.startswith("http://127.0.0.1:8123/datasets/")


def test_without_waiting_it_is_marked_to_be_entered_with_its_seeds(archive, owner, task):
    call_command("enter", str(archive), "--task", task.slug, "--user", "owner", "--seeds", "4,2")
    dataset = Dataset.objects.get()
    assert (dataset.enters, dataset.entry_seeds) == (True, [4, 2])


def test_an_entry_that_was_made_on_acceptance_is_followed_and_not_made_again(rows, owner, task, monkeypatch):
    dataset = rows.accepted_dataset(owner, task)
    dataset.enters = True
    dataset.save()
    entry = submission_enter(owner=owner, dataset=dataset)
    monkeypatch.setattr(
        "fixpoint.organizing.waiting.time.sleep", lambda _: submission_cancel(submission=entry, who=owner)
    )
    with pytest.raises(RefusedError, match="Cancelled"):
        entry_follow(dataset=dataset, tell=print)
    assert dataset.submissions.count() == 1


def test_an_entry_that_was_refused_on_acceptance_ends_the_following(rows, owner, task):
    dataset = rows.accepted_dataset(owner, task)
    dataset.enters, dataset.entry_refusal = True, "All 10 entries of this task are used."
    dataset.save()
    with pytest.raises(RefusedError, match="All 10 entries"):
        entry_follow(dataset=dataset, tell=print)


def test_a_person_who_is_not_there_is_said_in_a_sentence(archive, task):
    with pytest.raises(CommandError, match="no user 'nobody': sign up"):
        call_command("enter", str(archive), task=task.slug, user="nobody")


def test_a_task_that_is_not_there_is_said_with_those_that_are(archive, owner, task):
    with pytest.raises(CommandError, match=r"no task 'numbers'\. Tasks here: numerals"):
        call_command("enter", str(archive), task="numbers", user="owner")


def test_a_file_that_is_not_there_is_said_in_a_sentence(tmp_path, owner, task):
    with pytest.raises(CommandError, match="There is no file"):
        call_command("enter", str(tmp_path / "nothing.zip"), task=task.slug, user="owner")


def test_a_refused_zip_ends_with_status_1_and_every_reason(tmp_path, owner, task, capsys, settings):
    settings.IS_EMBEDDED = False
    path = write_zip(
        tmp_path / "bad.zip", entry_files() | {"notes.txt": b"x", "train/stranger/1.png": b"x", "../up.png": b"x"}
    )
    with pytest.raises(SystemExit) as ended:
        call_command("enter", str(path), task=task.slug, user="owner", wait=True)
    assert ended.value.code == 1
    told = capsys.readouterr().err
    assert "notes.txt" in told
    assert "train/stranger" in told
    assert "Rule 13, Only known classes" in told


def test_the_line_of_json_has_everything_that_was_promised(entry, task):
    evaluate(ScriptedWorker(job_of(Attempt.objects.get())), [0, 1, 0, 0])
    entry.refresh_from_db()
    line = json.loads(json.dumps(entry_report(entry)))
    assert line["accuracy"] == 0.75
    assert line["images"] == 8
    assert line["recipe_digest"] == task.recipe_digest
    assert (line["sandbox"], line["device_class"], line["attempts"]) == ("fake", "cpu-none", 1)
    assert line["seconds"] == {"ingest": 2.5, "train": 10.0, "predict": 10.0}
    assert line["kwh"] == pytest.approx(0.003)
    assert line["grams_measured"] == pytest.approx(0.003 * 445)
    assert line["grams_standardised"] > 0
    assert len(line["weights_digest"]) == 64
    only = {"seed": 5, "accuracy": 0.75, "best_epoch": 1, "val_accuracy": 0.5, "weights_digest": "ab" * 32}
    assert (line["seeds"], line["spread"]) == ([only], None)


def test_what_was_not_measured_is_null_in_the_line(entry):
    entry.dataset.energies.all().delete()
    evaluate(ScriptedWorker(job_of(Attempt.objects.get())), [0, 1, 0, 0])
    entry.refresh_from_db()
    line = entry_report(entry)
    assert (line["kwh"], line["grams_measured"]) == (None, None)


@pytest.mark.parametrize(("given", "seeds"), [([], [0, 1]), (["--seed", "7"], [7]), (["--seeds", "3,1"], [1, 3])])
def test_an_entry_takes_the_tasks_seeds_or_those_that_are_given(rows, archive, owner, task, monkeypatch, given, seeds):
    task.seeds = 2
    task.save()
    accepted = rows.accepted_dataset(owner, task)

    def meanwhile(_seconds: float) -> None:
        submission_cancel(submission=accepted.submissions.get(), who=owner)

    monkeypatch.setattr("fixpoint.organizing.management.commands.enter.zip_take", lambda **_: accepted)
    monkeypatch.setattr("fixpoint.organizing.waiting.time.sleep", meanwhile)
    with pytest.raises(SystemExit):
        call_command("enter", str(archive), "--task", task.slug, "--user", "owner", "--wait", *given)
    assert accepted.submissions.get().seeds == seeds


@pytest.mark.parametrize("given", [("--seeds", "0,1"), ("--seed", "7")])
def test_seeds_may_stand_before_the_zip(archive, owner, task, given):
    call_command("enter", *given, str(archive), "--task", task.slug, "--user", "owner")
    assert Dataset.objects.get().name == "mine"


def test_what_are_no_seeds_is_said_with_what_they_are(archive, owner, task):
    with pytest.raises(CommandError, match="'one' are no seeds: write whole numbers between commas"):
        call_command("enter", str(archive), "--task", task.slug, "--user", "owner", "--seeds", "one")


def test_epochs_of_several_seeds_are_told_once_each_with_their_seed(rows, owner, task, tmp_path, monkeypatch):
    dataset, told, looked = rows.accepted_dataset(owner, task), [], []
    lines = [Progress(seed, epoch, 2, 1.0, 0.5, 1.0, 0.5) for epoch in (1, 2) for seed in (4, 9)]

    def meanwhile(_seconds: float) -> None:
        entry = dataset.submissions.get()
        looked.append(entry)
        if len(looked) < 5:
            epochs_take(submission=entry, progress=tuple(lines[: len(looked)]))
        else:
            submission_cancel(submission=entry, who=owner)

    monkeypatch.setattr("fixpoint.organizing.waiting.time.sleep", meanwhile)
    with pytest.raises(RefusedError, match="Cancelled"):
        entry_follow(dataset=dataset, seeds=[4, 9], tell=told.append)
    heads = ["seed 4, epoch 1/2", "seed 9, epoch 1/2", "seed 4, epoch 2/2", "seed 9, epoch 2/2"]
    assert [each.partition(":")[0] for each in told[1:]] == heads


def test_a_dataset_is_followed_into_its_entry_and_the_epochs_are_told(rows, owner, task, tmp_path, monkeypatch):
    """The pause between two looks is when the rest of the world does its part."""
    dataset, told = rows.accepted_dataset(owner, task), []

    def meanwhile(_seconds: float) -> None:
        entry = dataset.submissions.get()
        hold_packs(entry, tmp_path)
        evaluate(ScriptedWorker(job_of(Attempt.objects.get())), [0, 1, 0, 1])

    monkeypatch.setattr("fixpoint.organizing.waiting.time.sleep", meanwhile)
    entry = entry_follow(dataset=dataset, tell=told.append)
    assert (entry.status, entry.accuracy) == ("scored", 1.0)
    assert told[0].startswith("mine: 8 images accepted")


def test_a_run_that_failed_is_told_with_its_reason(rows, owner, task, tmp_path, monkeypatch):
    dataset = rows.accepted_dataset(owner, task)

    def meanwhile(_seconds: float) -> None:
        hold_packs(dataset.submissions.get(), tmp_path)
        worker = ScriptedWorker(job_of(Attempt.objects.get()))
        worker.claim()
        worker.report(Fact.STARTED, Phase.TRAIN)
        worker.report(Fact.FAILED, Phase.TRAIN, fault=Fault("diverged", "The loss became infinite."))

    monkeypatch.setattr("fixpoint.organizing.waiting.time.sleep", meanwhile)
    with pytest.raises(RefusedError, match="Failed: The loss became infinite"):
        entry_follow(dataset=dataset, tell=print)


def test_of_a_guarded_task_the_line_tells_what_everybody_may_know(entry, task):
    type(task).objects.filter(pk=task.pk).update(ladder=True)
    evaluate(ScriptedWorker(job_of(Attempt.objects.get())), [0, 1, 0, 0])
    running = entry_report(type(entry).objects.get(pk=entry.pk))
    assert (running["accuracy"], running["accuracy_public"], running["accuracy_private"]) == (0.75, None, None)
    assert "accuracy" not in running["seeds"][0]
    task_close(task=task, who="organizer")
    closed = entry_report(type(entry).objects.get(pk=entry.pk))
    assert (closed["accuracy_public"], closed["seeds"][0]["accuracy"]) == (0.75, 0.75)


@pytest.mark.parametrize(
    ("user", "words"), [("owner", "Only organizers enter a baseline; owner is none"), ("organizer", "add --wait")]
)
def test_a_role_that_cannot_be_given_is_refused_before_the_zip_is_taken(archive, owner, organizer, task, user, words):
    with pytest.raises(CommandError, match=words):
        call_command("enter", str(archive), task=task.slug, user=user, role="baseline")
    assert not Dataset.objects.exists()


def test_a_role_is_given_by_the_one_who_follows_the_entry(rows, organizer, task, monkeypatch):
    dataset = rows.accepted_dataset(organizer, task)
    monkeypatch.setattr(
        "fixpoint.organizing.waiting.time.sleep",
        lambda _: submission_cancel(submission=dataset.submissions.get(), who=organizer),
    )
    with pytest.raises(RefusedError, match="Cancelled"):
        entry_follow(dataset=dataset, role=Submission.Role.REFERENCE, tell=print)
    assert dataset.submissions.get().role == "reference"
