"""The doctor tells when blobs were last looked at, and fails where the last check found one that is not whole."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fixpoint.blobs.checking import blobs_check
from fixpoint.blobs.models import Round
from fixpoint.blobs.sweeping import blobs_sweep
from fixpoint.datasets.models import Dataset
from fixpoint.organizing.doctor.storage import blobs_looked_at
from worker.contract import Level

pytestmark = pytest.mark.usefixtures("db")


def test_a_new_installation_is_well():
    finding = blobs_looked_at()
    assert (finding.level, finding.found) == (Level.OK, "never swept, never checked")


def test_a_blob_that_is_not_whole_fails_until_a_check_finds_none(rows, owner, task):
    blobs_sweep(apply=True)
    rows.accepted_dataset(owner, task)
    blobs_check()
    finding = blobs_looked_at()
    assert (finding.level, "1 of 1 read, 1 not whole" in finding.found) == (Level.FAIL, True)
    owner.datasets.all().delete()
    task.materials.all().delete()
    blobs_check()
    assert blobs_looked_at().level is Level.OK


def test_a_sample_that_finds_nothing_takes_no_failure_back():
    for found in ({"needed": 5, "read": 5, "problems": 2}, {"needed": 5, "read": 1, "problems": 0}):
        Round.objects.create(kind=Round.Kind.CHECK, found=found)
    finding = blobs_looked_at()
    assert (finding.level, "2 not whole" in finding.found) == (Level.FAIL, True)
    Round.objects.create(kind=Round.Kind.CHECK, found={"needed": 5, "read": 5, "problems": 0})
    assert blobs_looked_at().level is Level.OK


def test_a_sweep_that_never_came_is_told_once_there_is_something_to_sweep(rows, owner, task):
    rows.accepted_dataset(owner, task)
    assert blobs_looked_at().level is Level.OK
    Dataset.objects.update(created_at=timezone.now() - timedelta(days=4))
    finding = blobs_looked_at()
    assert (finding.level, "platform-chores and beat" in finding.advice) == (Level.WARN, True)


def test_a_round_that_was_refused_is_told_as_such():
    Round.objects.create(kind=Round.Kind.SWEEP, found={"refused": True})
    finding = blobs_looked_at()
    assert (finding.level, "last sweep refused" in finding.found) == (Level.WARN, True)


def test_a_sweep_that_does_not_come_any_more_is_told_unless_it_is_switched_off(settings):
    blobs_sweep(apply=True)
    Round.objects.update(ended_at=timezone.now() - timedelta(days=4))
    assert blobs_looked_at().level is Level.WARN
    settings.KEEPS_HOUSE = False
    assert blobs_looked_at().level is Level.OK


def test_a_grace_that_is_too_short_is_told(settings):
    settings.BLOB_GRACE_SECONDS = settings.ADDRESS_SECONDS
    finding = blobs_looked_at()
    assert (finding.level, "FIXPOINT_BLOB_GRACE_HOURS" in finding.advice) == (Level.WARN, True)
