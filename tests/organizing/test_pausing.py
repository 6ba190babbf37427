"""Stopping a task for a while, letting it go on, ending it, moving its dates."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from fixpoint.accounts.models import Notice
from fixpoint.organizing.dates import task_move_dates
from fixpoint.organizing.models import Act
from fixpoint.organizing.pausing import task_end, task_pause, task_resume
from fixpoint.organizing.refusals import ActRefusedError
from fixpoint.submissions.services import EntryRefusedError, submission_enter
from fixpoint.tasks.models import Task
from tests.pages.rows import entry_of
from tests.support.platform import open_task

WHY = "The workers move house."


def moved(task, organizer, **dates):
    named = {name: dates.get(name, getattr(task, name)) for name in ("opens_at", "closes_at", "teams_until")}
    return task_move_dates(task=task, why=dates.get("why", WHY), who=organizer, **named)


def acts(task):
    return list(Act.objects.filter(task=task).order_by("pk").values_list("what", "who", "why"))


def test_a_paused_task_takes_no_entries_and_says_why(rows, owner, organizer, task):
    dataset = rows.accepted_dataset(owner, task)
    task_pause(task=task, why=WHY, who=organizer)

    with pytest.raises(EntryRefusedError, match=WHY):
        submission_enter(owner=owner, dataset=dataset)

    task_resume(task=task, why="", who=organizer)
    assert submission_enter(owner=owner, dataset=dataset).status == "queued"
    assert acts(task) == [("paused", "organizer", WHY), ("resumed", "organizer", "")]


def test_it_is_paused_once_and_with_a_reason(organizer, task):
    with pytest.raises(ActRefusedError, match="Say why"):
        task_pause(task=task, why=" ", who=organizer)
    task_pause(task=task, why=WHY, who=organizer)

    with pytest.raises(ActRefusedError, match="paused already"):
        task_pause(task=task, why="Another.", who=organizer)
    assert len(acts(task)) == 1


def test_what_is_not_paused_cannot_go_on(organizer, task):
    with pytest.raises(ActRefusedError, match="not paused"):
        task_resume(task=task, why="", who=organizer)


def test_what_is_over_is_not_paused(organizer, task):
    task_end(task=task, why="", who=organizer)

    with pytest.raises(ActRefusedError, match="It is over"):
        task_pause(task=task, why=WHY, who=organizer)


def test_it_ends_once_and_the_trail_keeps_when_it_should_have(organizer):
    planned = timezone.now() + timedelta(days=3)
    task = open_task(closes_at=planned)

    assert task_end(task=task, why=WHY, who=organizer)
    assert not task_end(task=task, why=WHY, who=organizer)

    act = Act.objects.get(task=task)
    assert (act.what, act.why) == ("closed", WHY)
    assert act.details["closes_at"]["from"][:19] == planned.isoformat()[:19]


def test_the_trail_keeps_the_date_that_was_moved_in_the_same_moment(organizer):
    read_before = open_task(closes_at=timezone.now() + timedelta(days=3))
    moved = timezone.now() + timedelta(days=9)
    Task.objects.update(closes_at=moved)

    assert task_end(task=read_before, why=WHY, who=organizer)

    assert Act.objects.get().details["closes_at"]["from"][:19] == moved.isoformat()[:19]


def test_what_never_opened_is_not_ended(organizer):
    with pytest.raises(ActRefusedError, match="not ready"):
        task_end(task=open_task(status="preparing"), why="", who=organizer)


def test_the_command_that_closes_leaves_an_act_too(task, organizer):
    call_command("task_close", task.slug, "--yes", "--who", organizer.username, "--why", WHY)

    assert acts(task) == [("closed", "organizer", WHY)]


def test_who_entered_is_told_of_a_later_close_with_the_reason(rows, owner, organizer, task):
    entry_of(rows.accepted_dataset(owner, task))

    assert moved(task, organizer, closes_at=datetime(2031, 5, 1, 12, tzinfo=UTC)) == ["closes_at"]

    notice = Notice.objects.get(user=owner)
    assert "2031-05-01 12:00 UTC" in notice.text
    assert WHY in notice.text
    assert acts(task) == [("dates", "organizer", WHY)]


def test_a_move_is_a_change_of_its_board(organizer, task):
    before = task.board_number

    moved(task, organizer, closes_at=timezone.now() + timedelta(days=1))

    assert task.board_number == before + 1


@pytest.mark.parametrize(
    ("given", "wanted", "says"),
    [
        ({"closes_at": -1}, {"closes_at": 5}, "not opened again"),
        ({}, {"opens_at": 1}, "opened already"),
        ({}, {"closes_at": -1}, "must lie ahead"),
        ({"opens_at": 2}, {"opens_at": 5, "closes_at": 4}, "after it opens"),
        ({}, {"closes_at": 4, "teams_until": 5}, "earlier date for teams"),
        ({}, {}, "its dates already"),
    ],
)
def test_dates_that_cannot_be_are_refused(db, organizer, given, wanted, says):
    now = timezone.now()
    task = open_task(**{name: now + timedelta(days=days) for name, days in given.items()})

    with pytest.raises(ActRefusedError, match=says):
        moved(task, organizer, **{name: now + timedelta(days=days) for name, days in wanted.items()})
    assert acts(task) == []


def test_a_close_before_the_end_of_a_phase_is_refused(organizer, task):
    now = timezone.now()
    task.phases.create(name="Finals", begins_at=now + timedelta(days=2), ends_at=now + timedelta(days=4))

    with pytest.raises(ActRefusedError, match="'Finals' ends after the task closes"):
        moved(task, organizer, closes_at=now + timedelta(days=3))
    moved(task, organizer, closes_at=now + timedelta(days=5))


def test_the_form_reads_times_in_the_zone_of_the_task(running, organizer):
    task = open_task(time_zone="Asia/Tokyo")

    running.post(f"/organize/{task.slug}/dates/", {"closes_at": "2031-05-01T09:30", "why": WHY})

    task.refresh_from_db()
    assert task.closes_at == datetime(2031, 5, 1, 0, 30, tzinfo=UTC)


def test_the_form_sent_back_as_it_was_moves_nothing(running):
    closes = timezone.now() + timedelta(days=3, seconds=17)
    task = open_task(time_zone="Europe/Berlin", closes_at=closes)
    page = running.get(f"/organize/{task.slug}/dates/")
    shown = page.context["form"]["closes_at"].value().strftime("%Y-%m-%dT%H:%M")

    answer = running.post(f"/organize/{task.slug}/dates/", {"closes_at": shown, "why": WHY})

    task.refresh_from_db()
    assert task.closes_at == closes
    assert "These are its dates already." in answer.content.decode()


def test_closing_in_the_browser_wants_to_be_meant(running, task):
    address = f"/organize/{task.slug}/close/"

    running.post(address, {"why": WHY})
    task.refresh_from_db()
    assert task.phase == "open"

    running.post(address, {"why": WHY, "is_meant": "on"})
    task.refresh_from_db()
    assert (task.phase, task.closed_by) == ("closed", "organizer")
