"""The sweeper judges by the database's clock: silent leases are taken back, unclaimed jobs sent again."""

from datetime import timedelta

import pytest
from django.utils import timezone
from kombu.exceptions import OperationalError

from fixpoint.dispatch import sweeping
from fixpoint.dispatch.models import Attempt, Sweep
from fixpoint.dispatch.refusals import pass_on
from fixpoint.dispatch.sending import backoff
from fixpoint.dispatch.sweeping import attempts_sweep
from fixpoint.submissions.services import submission_cancel, submission_enter
from tests.support.evaluating import start
from tests.support.worker import ScriptedWorker, job_of
from worker.contract import Fact, Phase


@pytest.fixture
def sent(monkeypatch) -> list[int]:
    """Numbers of the attempts that were sent, by a broker that takes everything."""
    numbers: list[int] = []
    monkeypatch.setattr("fixpoint.celery.app.send_task", lambda name, args, **_: numbers.append(args[0]["attempt"]))
    holds(monkeypatch, 0)
    return numbers


def holds(monkeypatch, jobs: int) -> None:
    """The broker holds so many jobs in each queue."""
    monkeypatch.setattr("fixpoint.dispatch.sweeping.jobs_waiting", lambda queue: jobs)


@pytest.fixture(autouse=True)
def _awake(db, sent):
    """The platform was not away."""
    Sweep.objects.create(pk=1, at=timezone.now())


def ago(seconds: float):
    return timezone.now() - timedelta(seconds=seconds)


def silent(attempt, seconds: float = 1) -> None:
    Attempt.objects.filter(pk=attempt.pk).update(lease_until=ago(seconds))


def unclaimed(attempt, *, sends: int, seconds: float) -> None:
    Attempt.objects.filter(pk=attempt.pk).update(sends=sends, sent_at=ago(seconds))


def test_a_silent_attempt_is_taken_back_and_tried_again(worker, attempt, entry):
    start(worker)
    silent(attempt)
    attempts_sweep()
    attempt.refresh_from_db()
    entry.refresh_from_db()
    assert (attempt.outcome, attempt.is_open) == ("lost", False)
    assert (entry.status, entry.attempt, entry.quota) == ("queued", 2, "reserved")
    assert "worker-1 fell silent" in entry.transitions.last().why
    assert Attempt.objects.get(number=2).is_open


def test_a_lease_that_still_runs_is_left_alone(worker, attempt, entry):
    start(worker)
    attempts_sweep()
    attempt.refresh_from_db()
    assert attempt.is_open
    entry.refresh_from_db()
    assert (entry.status, entry.attempt) == ("training", 1)


def test_a_lease_given_while_a_clock_was_wrong_is_no_longer_than_any_other(worker, attempt, settings):
    start(worker)
    silent(attempt, seconds=-86_400)
    attempts_sweep()
    attempt.refresh_from_db()
    assert attempt.is_open
    assert attempt.lease_until <= timezone.now() + timedelta(seconds=settings.LEASE_SECONDS)


def test_what_the_fenced_worker_still_says_changes_nothing(worker, attempt, entry):
    start(worker)
    silent(attempt)
    attempts_sweep()
    assert worker.beat().status_code == 410
    assert worker.report(Fact.FAILED, Phase.TRAIN).status_code == 410
    entry.refresh_from_db()
    assert (entry.status, entry.attempt) == ("queued", 2)


def test_after_the_last_attempt_it_is_given_up_costs_nothing_and_organizers_are_told(entry, organizer, settings):
    for number in range(1, settings.MAX_ATTEMPTS + 1):
        attempt = Attempt.objects.get(number=number)
        start(ScriptedWorker(job_of(attempt)))
        silent(attempt)
        attempts_sweep()
    entry.refresh_from_db()
    assert (entry.status, entry.quota, entry.attempt) == ("error", "released", settings.MAX_ATTEMPTS)
    assert not Attempt.objects.filter(ended_at=None).exists()
    notice = organizer.notices.get()
    assert (notice.subject, notice.path) == (f"An entry of {entry.task} was given up", f"/entries/{entry.pk}/")
    assert "failed 3 times, through no fault of its data" in notice.text
    assert "worker-1 fell silent" in notice.text


def test_a_cancelled_attempt_whose_worker_said_no_more_is_closed_and_not_tried_again(worker, attempt, entry, owner):
    start(worker)
    submission_cancel(submission=entry, who=owner)
    silent(attempt)
    attempts_sweep()
    attempt.refresh_from_db()
    assert attempt.outcome == "unwanted"
    assert Attempt.objects.count() == 1


def test_a_job_that_nobody_claimed_is_sent_again_after_a_while(attempt, sent, settings):
    unclaimed(attempt, sends=1, seconds=settings.RESEND_SECONDS - 5)
    attempts_sweep()
    assert sent == []
    unclaimed(attempt, sends=1, seconds=settings.RESEND_SECONDS + 5)
    attempts_sweep()
    assert sent == [1]
    attempt.refresh_from_db()
    assert attempt.sends == 2
    assert timezone.now() - attempt.sent_at < timedelta(seconds=5)


@pytest.mark.parametrize(("sends", "factor"), [(1, 1), (2, 2), (3, 4), (7, 64), (50, 64)])
def test_the_wait_doubles_up_to_a_bound(attempt, sent, settings, sends, factor):
    unclaimed(attempt, sends=sends, seconds=factor * settings.RESEND_SECONDS - 5)
    attempts_sweep()
    assert sent == []
    unclaimed(attempt, sends=sends, seconds=factor * settings.RESEND_SECONDS + 5)
    attempts_sweep()
    assert sent == [1]


def test_a_job_that_was_never_sent_waits_for_its_own_request_only(attempt, sent):
    assert attempt.sent_at is None
    attempts_sweep()
    assert sent == []
    Attempt.objects.update(created_at=ago(10))
    attempts_sweep()
    assert sent == [1]


def test_a_job_sent_again_is_the_same_job(attempt, worker):
    assert job_of(attempt) == worker.job


def test_a_claimed_job_is_not_sent_again(worker, attempt, sent, settings):
    worker.claim()
    unclaimed(attempt, sends=1, seconds=100 * settings.RESEND_SECONDS)
    attempts_sweep()
    assert sent == []


@pytest.mark.parametrize(("held", "again"), [(1, []), (2, []), (0, [1])])
def test_a_long_queue_is_no_loss_and_not_sent_again(attempt, sent, settings, monkeypatch, held, again):
    unclaimed(attempt, sends=1, seconds=settings.RESEND_SECONDS + 5)
    holds(monkeypatch, held)
    attempts_sweep()
    assert sent == again


def test_a_broker_that_does_not_tell_gets_the_job_again(attempt, sent, settings, monkeypatch):
    def silent_broker(_queue: str) -> int:
        raise OperationalError("away")

    unclaimed(attempt, sends=1, seconds=settings.RESEND_SECONDS + 5)
    monkeypatch.setattr("fixpoint.dispatch.sweeping.jobs_waiting", silent_broker)
    attempts_sweep()
    assert sent == [1]


def test_what_was_cancelled_in_the_queue_is_closed_and_not_sent(attempt, entry, owner, sent, settings):
    submission_cancel(submission=entry, who=owner)
    unclaimed(attempt, sends=1, seconds=settings.RESEND_SECONDS + 5)
    attempts_sweep()
    attempt.refresh_from_db()
    assert attempt.outcome == "unwanted"
    assert sent == []


def test_after_the_platform_was_away_nobody_is_judged_before_a_whole_lease(worker, attempt, entry, settings):
    start(worker)
    silent(attempt, seconds=1000)
    Sweep.objects.update(at=ago(1000))

    attempts_sweep()

    attempt.refresh_from_db()
    assert attempt.is_open
    assert attempt.lease_until > timezone.now() + timedelta(seconds=settings.LEASE_SECONDS - 5)
    assert worker.beat().json() == {"answer": "continue"}

    silent(attempt)
    attempts_sweep()
    entry.refresh_from_db()
    assert (entry.status, entry.attempt) == ("queued", 2)


def test_the_first_sweep_of_all_gives_nobody_a_gift(worker, attempt):
    Sweep.objects.all().delete()
    start(worker)
    silent(attempt)
    attempts_sweep()
    attempt.refresh_from_db()
    assert attempt.outcome == "lost"


def test_a_sweep_that_comes_too_late_finds_nothing_to_do(worker, attempt, entry):
    start(worker)
    silent(attempt)
    stale = Attempt.objects.get(pk=attempt.pk)
    attempts_sweep()

    sweeping._take_back(stale)

    entry.refresh_from_db()
    assert entry.attempt == 2
    assert Attempt.objects.count() == 2
    assert entry.transitions.count() == 3


def test_a_worker_that_reported_between_look_and_judgement_is_spared(worker, attempt, entry):
    start(worker)
    silent(attempt)
    stale = Attempt.objects.get(pk=attempt.pk)
    worker.beat()

    sweeping._take_back(stale)

    entry.refresh_from_db()
    assert (entry.status, entry.attempt) == ("training", 1)


def test_one_row_that_cannot_be_swept_does_not_keep_the_others_waiting(
    worker, attempt, entry, rows, stranger, task, caplog, sent
):
    start(worker)
    silent(attempt, seconds=10)
    Attempt.objects.filter(pk=attempt.pk).update(handler="of no app")
    other = submission_enter(owner=stranger, dataset=rows.accepted_dataset(stranger, task))
    second = Attempt.objects.get(subject_id=other.pk)
    start_other = ScriptedWorker(job_of(second))
    other.dataset.pack_sha256 = entry.dataset.pack_sha256
    other.dataset.save()
    start(start_other)
    silent(second)

    attempts_sweep()

    other.refresh_from_db()
    assert (other.status, other.attempt) == ("queued", 2)
    assert "stumbled" in caplog.text


@pytest.mark.parametrize("field", ["not_before", "created_at", "sent_at"])
def test_what_was_written_by_a_clock_that_was_ahead_keeps_nobody_waiting(attempt, sent, settings, field):
    ahead = timezone.now() + timedelta(days=365)
    values = {"created_at": ago(1000), "sent_at": None, "not_before": None} | {field: ahead}
    Attempt.objects.filter(pk=attempt.pk).update(**values)
    attempts_sweep()
    attempt.refresh_from_db()
    longest = timezone.now() + backoff(settings.MAX_ATTEMPTS)
    assert all(getattr(attempt, name) is None or getattr(attempt, name) <= longest for name in values)

    later = {name: value and value - timedelta(days=1) for name in values if (value := getattr(attempt, name))}
    Attempt.objects.filter(pk=attempt.pk).update(**later)
    attempts_sweep()
    assert sent == [1]


def test_after_the_platform_was_away_what_waits_is_sent_at_once(attempt, sent):
    Attempt.objects.filter(pk=attempt.pk).update(created_at=ago(1000))
    Sweep.objects.update(at=ago(1000))
    attempts_sweep()
    assert sent == [1]


def test_a_job_that_was_passed_on_often_is_missed_as_soon_as_any(attempt, sent, settings):
    for _ in range(8):
        unclaimed(attempt, sends=9, seconds=1)
        pass_on(job_of(attempt))
    attempt.refresh_from_db()
    assert (attempt.sent_at, attempt.sends) == (None, 0)
