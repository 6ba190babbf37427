"""Jobs that wait, leases that ran out, and the sweeper's last round, as rows tell them."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from fixpoint.dispatch.jobs import mark_chores
from fixpoint.dispatch.models import Attempt, Sweep
from fixpoint.organizing.doctor.attempts import chores, leases, sweeper, waiting_jobs
from worker.contract import Level


@pytest.fixture(autouse=True)
def _installation(db, settings):
    settings.IS_EMBEDDED = False


def ago(**time: float):
    return timezone.now() - timedelta(**time)


def attempt(created=None, **values) -> Attempt:
    """An open attempt of the queue `evaluate`."""
    made = Attempt.objects.create(
        handler="submission", kind="evaluate", subject_id=uuid.uuid4(), number=1, queue="evaluate", **values
    )
    Attempt.objects.filter(pk=made.pk).update(created_at=created or timezone.now())
    return made


def running(lease_until) -> Attempt:
    return attempt(created=ago(minutes=30), claimed_at=ago(minutes=20), lease_until=lease_until)


def test_no_job_waits():
    assert waiting_jobs().level is Level.OK


def test_a_job_that_waits_for_a_moment_is_well():
    attempt()
    finding = waiting_jobs()
    assert finding.level is Level.OK
    assert finding.found.startswith("1 in evaluate, the oldest for ")


def test_old_jobs_that_nobody_works_on_are_a_warning_with_the_age_of_the_oldest():
    attempt(created=ago(minutes=40))
    attempt(created=ago(minutes=3))
    finding = waiting_jobs()
    assert finding.level is Level.WARN
    assert "2 in evaluate, the oldest for 40 min: nobody works on evaluate" in finding.found
    assert "worker" in finding.advice


def test_old_jobs_behind_a_run_in_hand_are_a_queue_and_no_fault():
    attempt(created=ago(minutes=40))
    running(lease_until=timezone.now() + timedelta(minutes=1))
    assert waiting_jobs().level is Level.OK


def test_a_queue_of_more_than_a_day_is_a_warning():
    attempt(created=ago(hours=30))
    running(lease_until=timezone.now() + timedelta(minutes=1))
    finding = waiting_jobs()
    assert (finding.level, "add a worker" in finding.advice) == (Level.WARN, True)


def test_what_has_ended_waits_no_more():
    attempt(created=ago(hours=30), ended_at=ago(hours=1))
    assert waiting_jobs().level is Level.OK


def test_a_sweeper_that_came_just_now_is_well():
    Sweep.objects.create(pk=1, at=ago(seconds=5))
    assert sweeper().level is Level.OK


def test_a_sweeper_that_stays_away_fails():
    Sweep.objects.create(pk=1, at=ago(minutes=10))
    finding = sweeper()
    assert finding.level is Level.FAIL
    assert "last came 10 min ago" in finding.found
    assert "beat" in finding.advice


def test_a_sweeper_that_has_not_come_yet_fails_where_a_job_is_older_than_its_rounds():
    attempt()
    assert sweeper().level is Level.WARN
    attempt(created=ago(minutes=40))
    assert sweeper().level is Level.FAIL


def test_long_work_is_well_where_somebody_came_to_it_just_now():
    assert chores().level is Level.WARN
    mark_chores()
    assert chores().level is Level.OK


def test_long_work_that_nobody_comes_to_fails():
    Sweep.objects.create(pk=2, at=ago(minutes=11))
    finding = chores()
    assert finding.level is Level.FAIL
    assert "last come to 11 min ago" in finding.found
    assert "platform-chores" in finding.advice or "chores.log" in finding.advice or "manage.py up" in finding.advice


def test_a_run_within_its_lease_is_well():
    running(lease_until=timezone.now() + timedelta(minutes=1))
    finding = leases()
    assert (finding.level, finding.found) == (Level.OK, "1 in hand, none over its lease")


def test_a_lease_that_ran_out_and_that_nobody_swept_fails():
    late = running(lease_until=ago(minutes=12))
    running(lease_until=timezone.now() + timedelta(minutes=1))
    finding = leases()
    assert finding.level is Level.FAIL
    assert f"1 of 2 in hand are over their lease, {late} for 12 min" in finding.found


def test_a_lease_that_the_next_sweep_will_see_is_no_fault():
    running(lease_until=ago(seconds=2))
    assert leases().level is Level.OK
