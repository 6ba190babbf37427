"""When an entry that waits will probably begin."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from fixpoint.pages.templatetags.waits import wait_words
from fixpoint.submissions.expecting import Expected, expected_start
from fixpoint.submissions.models import Submission
from tests.pages.rows import entry_of, training
from tests.support.hellos import hello_from
from tests.support.platform import accepted_dataset

pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset(owner, task):
    return accepted_dataset(owner, task)


def ran(dataset, *minutes):
    """Runs that ended, one after the other."""
    now = timezone.now()
    for each in minutes:
        entry = entry_of(dataset)
        Submission.objects.filter(pk=entry.pk).update(
            status="failed", started_at=now - timedelta(minutes=each), ended_at=now
        )


def minutes(expected):
    return [round(each / 60, 1) for each in expected.seconds]


def test_an_idle_worker_takes_the_next_one_now(dataset):
    ran(dataset, 10, 20)
    hello_from("one", queues=("evaluate",))

    assert expected_start(entry_of(dataset)) == Expected(workers=1, seconds=(0.0, 0.0))


def test_who_waits_behind_others_and_a_run_waits_for_what_is_left_of_them(dataset):
    ran(dataset, 10, 20)
    hello_from("one", queues=("evaluate",))
    under_way, now = training(entry_of(dataset), []), timezone.now()
    Submission.objects.filter(pk=under_way.pk).update(started_at=now - timedelta(minutes=4))
    entry_of(dataset)
    waiting = entry_of(dataset)

    with time_machine.travel(now, tick=False):
        last = expected_start(waiting)

    assert minutes(last) == [10 - 4 + 10, 20 - 4 + 20]


def test_two_workers_halve_the_wait(dataset):
    ran(dataset, 10)
    for name in ("one", "two"):
        hello_from(name, queues=("evaluate",))
    waiting = [entry_of(dataset) for _ in range(5)]

    assert [minutes(expected_start(each))[0] for each in waiting] == [0, 0, 10, 10, 20]


def test_a_few_runs_out_of_the_ordinary_do_not_widen_the_range(dataset):
    ran(dataset, 1, *[10] * 18, 500)
    hello_from("one", queues=("evaluate",))
    entry_of(dataset)

    assert minutes(expected_start(entry_of(dataset))) == [10, 10]


def test_without_a_worker_or_a_run_that_ended_nobody_can_say(dataset):
    waiting = entry_of(dataset)
    assert expected_start(waiting) == Expected(workers=0, seconds=None)

    hello_from("elsewhere", queues=("evaluate.lab",))
    assert expected_start(waiting) == Expected(workers=0, seconds=None)

    hello_from("one", queues=("evaluate",))
    assert expected_start(waiting) == Expected(workers=1, seconds=None)
    waiting.status = "training"
    assert expected_start(waiting) is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        ((0, 0), "within a minute"),
        ((0, 290), "within 5 minutes"),
        ((300, 1190), "in 5 to 20 minutes"),
        ((60, 60), "in about a minute"),
        ((300, 300), "in about 5 minutes"),
        ((1800, 7000), "within 2 hours"),
        ((7200, 10_000), "in 2 to 3 hours"),
    ],
)
def test_a_range_is_rounded_outwards(seconds, words):
    assert wait_words(seconds) == words
