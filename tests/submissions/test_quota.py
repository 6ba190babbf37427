"""What an entry costs: reserved at entry, charged when training starts, released where the fault is not the data's."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fixpoint.dispatch.models import Attempt, Sweep
from fixpoint.dispatch.sweeping import attempts_sweep
from fixpoint.submissions.models import Submission
from fixpoint.submissions.reruns import submission_rerun
from fixpoint.submissions.selectors import quota_of
from fixpoint.submissions.services import EntryRefusedError, submission_cancel, submission_enter
from fixpoint.tasks.models import Task
from tests.support.evaluating import evaluate, hold_packs, start, train
from tests.support.worker import ScriptedWorker, job_of
from worker.contract import Fact, Fault, Phase


def quota(entry) -> str:
    entry.refresh_from_db()
    return entry.quota


def moved_back(entry, **ago: float) -> None:
    Submission.objects.filter(pk=entry.pk).update(created_at=timezone.now() - timedelta(**ago))


def fall_silent() -> None:
    Sweep.objects.update_or_create(pk=1, defaults={"at": timezone.now()})
    Attempt.objects.filter(ended_at=None).update(lease_until=timezone.now() - timedelta(seconds=1))
    attempts_sweep()


def current(entry) -> ScriptedWorker:
    return ScriptedWorker(job_of(Attempt.objects.get(subject_id=entry.pk, ended_at=None)))


def test_it_is_reserved_at_entry_and_counts_at_once(entry, owner, task):
    assert quota(entry) == "reserved"
    assert quota_of(owner, task).day_left == task.entries_per_day - 1
    assert quota_of(owner, task).total_left == task.entries_total - 1


def test_a_claim_alone_costs_nothing_yet(entry, worker):
    worker.claim()
    assert quota(entry) == "reserved"


def test_it_is_charged_when_training_starts_and_stays_so(entry, worker):
    evaluate(worker, [0, 1, 0, 1])
    assert quota(entry) == "charged"


def test_the_datas_own_fault_stays_charged_and_tells_its_reason(entry, worker):
    start(worker)
    fault = Fault("diverged", "The loss became infinite.", limit="memory", allowed=2.0, used=3.0)
    worker.report(Fact.FAILED, Phase.TRAIN, fault=fault)
    assert quota(entry) == "charged"
    assert (entry.status, entry.reason, entry.reason_code) == ("failed", "The loss became infinite.", "diverged")
    assert entry.fault == {"limit": "memory", "allowed": 2.0, "used": 3.0}
    assert entry.attempt == 1, "there is no sense in trying again"


def test_a_fault_of_ours_gives_back_what_was_charged(entry, worker):
    start(worker)
    worker.report(Fact.ERROR, Phase.TRAIN)
    assert (quota(entry), entry.status) == ("reserved", "queued")


def test_a_lost_run_gives_back_what_was_charged_and_is_scored_once(entry, worker):
    start(worker)
    fall_silent()
    assert (quota(entry), entry.status, entry.attempt) == ("reserved", "queued", 2)

    evaluate(current(entry), [0, 1, 0, 1])

    assert (quota(entry), entry.status) == ("charged", "scored")
    assert worker.report(Fact.FAILED, Phase.TRAIN).status_code == 410
    assert worker.claim().status_code == 409
    entry.refresh_from_db()
    assert (entry.status, entry.accuracy, entry.result.run.attempt) == ("scored", 1.0, 2)


def test_a_run_lost_after_training_is_trained_again(entry, worker):
    train(worker)
    fall_silent()
    evaluate(current(entry), [0, 1, 0, 0])
    entry.refresh_from_db()
    assert (entry.accuracy, entry.runs.count(), entry.result.run.attempt) == (0.75, 2, 2)


def test_after_the_last_attempt_it_is_released(entry, owner, task, settings):
    for _ in range(settings.MAX_ATTEMPTS):
        start(current(entry))
        fall_silent()
    assert (quota(entry), entry.status, entry.reason_code) == ("released", "error", "platform")
    assert "not charged" in entry.reason
    assert quota_of(owner, task).day_left == task.entries_per_day


def test_a_cancel_in_the_queue_costs_nothing(entry, owner, task):
    assert submission_cancel(submission=entry, who=owner)
    assert quota(entry) == "released"
    assert entry.reason == "Cancelled by owner before it started: not charged."
    assert quota_of(owner, task).day_left == task.entries_per_day


@pytest.mark.parametrize("reached", [start, train])
def test_a_cancel_after_the_start_stays_charged(entry, worker, owner, reached):
    reached(worker)
    assert submission_cancel(submission=entry, who=owner)
    assert (quota(entry), entry.status) == ("charged", "cancelled")
    assert entry.reason == "Cancelled by owner after it started: charged."
    assert worker.beat().json() == {"answer": "cancel"}


@pytest.mark.parametrize("role", [Submission.Role.BASELINE, Submission.Role.REFERENCE])
def test_what_the_hosts_enter_is_never_charged_and_its_reason_says_no_other(rows, organizer, task, role, tmp_path):
    entry = submission_enter(owner=organizer, dataset=rows.accepted_dataset(organizer, task), role=role)
    hold_packs(entry, tmp_path)
    assert quota(entry) == "released"

    start(current(entry))
    assert quota(entry) == "released"
    assert submission_cancel(submission=entry, who=organizer)

    assert quota(entry) == "released"
    assert entry.reason == "Cancelled by organizer."


def test_what_is_run_again_is_never_charged_and_its_reason_says_no_other(entry, worker, organizer):
    evaluate(worker, [0, 1, 0, 1])
    again = submission_rerun(submission=Submission.objects.get(pk=entry.pk), why="to see")

    start(current(again))
    assert submission_cancel(submission=again, who=organizer)

    assert quota(again) == "released"
    assert again.reason == "Cancelled by organizer."


def test_a_cancel_in_the_queue_of_a_second_attempt_costs_nothing(entry, worker, owner):
    start(worker)
    worker.report(Fact.ERROR, Phase.TRAIN)
    assert submission_cancel(submission=entry, who=owner)
    assert quota(entry) == "released"


def test_an_organizer_may_cancel_and_is_named(entry, organizer):
    assert submission_cancel(submission=entry, who=organizer)
    assert entry.transitions.last().who == "organizer"


@pytest.mark.parametrize("end", ["scored", "failed", "error", "cancelled"])
def test_what_is_over_cannot_be_cancelled(entry, owner, end):
    Submission.objects.filter(pk=entry.pk).update(status=end, accuracy=0.5 if end == "scored" else None)
    assert not submission_cancel(submission=entry, who=owner)
    entry.refresh_from_db()
    assert entry.status == end


def test_a_cancel_heeds_what_happened_since_its_page_was_shown(entry, worker, owner):
    shown = Submission.objects.get(pk=entry.pk)
    start(worker)
    assert submission_cancel(submission=shown, who=owner)
    assert (quota(entry), entry.status) == ("charged", "cancelled")


def test_the_days_quota_comes_back_after_a_day_to_the_minute(entry, rows, owner, task):
    for _ in range(task.entries_per_day - 1):
        submission_enter(owner=owner, dataset=entry.dataset)
    moved_back(entry, hours=23, minutes=59)
    left = quota_of(owner, task)
    assert left.day_left == 0
    assert timedelta(0) < left.returns_at - timezone.now() < timedelta(minutes=2)
    with pytest.raises(EntryRefusedError, match=f"{left.returns_at:%Y-%m-%d %H:%M} UTC"):
        submission_enter(owner=owner, dataset=entry.dataset)
    moved_back(entry, hours=24, minutes=1)
    assert quota_of(owner, task).day_left == 1
    submission_enter(owner=owner, dataset=entry.dataset)


def test_the_total_never_comes_back(rows, owner):
    task = rows.open_task(slug="few", entries_total=1)
    dataset = rows.accepted_dataset(owner, task)
    moved_back(submission_enter(owner=owner, dataset=dataset), days=100)
    with pytest.raises(EntryRefusedError, match="1 entry is all that this task allows, and it is used"):
        submission_enter(owner=owner, dataset=dataset)


def test_one_persons_quota_is_nobody_elses(entry, rows, stranger, task):
    assert quota_of(stranger, task).day_left == task.entries_per_day


def test_one_tasks_quota_is_no_other_tasks(entry, rows, owner):
    other = rows.open_task(slug="another")
    assert quota_of(owner, other).day_left == other.entries_per_day


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"status": "closed"}, "takes no entries now"),
        ({"status": "preparing"}, "takes no entries now"),
        ({"closes_at": timezone.now() - timedelta(seconds=1)}, "takes no entries now"),
        ({"opens_at": timezone.now() + timedelta(days=1)}, "opens on"),
    ],
)
def test_a_task_that_is_not_open_takes_nothing(rows, owner, values, words):
    task = rows.open_task(slug="shut", **values)
    with pytest.raises(EntryRefusedError, match=words):
        submission_enter(owner=owner, dataset=rows.accepted_dataset(owner, task))
    assert not Submission.objects.exists()


@pytest.mark.parametrize("status", ["uploading", "inspecting", "ingesting", "refused", "error", "cancelled"])
def test_only_an_accepted_dataset_is_entered(rows, owner, task, status):
    dataset = rows.accepted_dataset(owner, task)
    dataset.status = status
    dataset.save()
    with pytest.raises(EntryRefusedError, match="Only an accepted dataset"):
        submission_enter(owner=owner, dataset=dataset)


def test_an_entry_pins_the_tasks_recipe_and_seeds(rows, owner):
    task = rows.open_task(slug="seeded", seed=11, seeds=3)
    dataset = rows.accepted_dataset(owner, task)
    entry = submission_enter(owner=owner, dataset=dataset)
    Task.objects.update(seeds=1)
    entry.refresh_from_db()
    assert (entry.seeds, entry.recipe, entry.recipe_digest) == ([11, 12, 13], task.recipe, task.recipe_digest)


def test_seeds_that_are_given_stand_in_the_order_in_which_they_are_predicted(rows, owner, task):
    dataset = rows.accepted_dataset(owner, task)
    assert submission_enter(owner=owner, dataset=dataset, seeds=[10, 2, 5]).seeds == [2, 5, 10]


def test_more_seeds_than_a_run_has_time_for_are_refused_in_a_sentence(rows, owner, settings):
    settings.ADDRESS_SECONDS = 11_000
    task = rows.open_task(slug="slow", train_seconds=4_000, cpus=2)
    dataset = rows.accepted_dataset(owner, task)
    assert submission_enter(owner=owner, dataset=dataset, seeds=[1, 2]).seeds == [1, 2]
    with pytest.raises(EntryRefusedError, match=r"could take 10,400 seconds .* 10,000 are allowed"):
        submission_enter(owner=owner, dataset=dataset, seeds=[1, 2, 3, 4])


@pytest.mark.parametrize("seeds", [[1, 1], [-1], [2**31], list(range(21))])
def test_seeds_that_cannot_be_trained_with_are_refused(rows, owner, task, seeds):
    with pytest.raises(EntryRefusedError, match="Seeds are 1 to 20 different whole numbers"):
        submission_enter(owner=owner, dataset=rows.accepted_dataset(owner, task), seeds=seeds)
