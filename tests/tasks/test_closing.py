"""A task is closed by a person: at once, once, and with a number for its board."""

from contextlib import nullcontext
from datetime import timedelta
from getpass import getuser
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from fixpoint.accounts.models import User
from fixpoint.tasks.models import Task
from fixpoint.tasks.services import TaskNotReadyError, task_close
from tests.support.platform import open_task, retire

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.mark.parametrize("dates", [{}, {"closes_at": HOUR}, {"opens_at": HOUR}])
def test_it_is_closed_from_now_on_whatever_its_date_was(dates):
    now = timezone.now()
    task = open_task(**{name: now + moment for name, moment in dates.items()})
    assert task_close(task=task, who="organizer")
    kept = Task.objects.get()
    assert (kept.status, kept.phase, kept.closed_by, kept.board_number) == ("closed", "closed", "organizer", 1)
    assert now <= kept.closes_at <= timezone.now()


def test_a_task_that_is_over_is_left_as_it_is(tmp_path, monkeypatch):
    by_date, by_person, by_recipe = (open_task(slug) for slug in ("by-date", "by-person", "by-recipe"))
    Task.objects.filter(pk=by_date.pk).update(closes_at=timezone.now() - HOUR)
    task_close(task=by_person, who="the first")
    before = list(Task.objects.order_by("slug").values())
    retire(by_recipe, tmp_path, monkeypatch)
    for task in (by_date, by_person, by_recipe):
        assert not task_close(task=task, who="the second")
    assert list(Task.objects.order_by("slug").values()) == before


@pytest.mark.parametrize("status", ["preparing", "error"])
def test_a_task_that_never_opened_is_not_closed(status):
    with pytest.raises(TaskNotReadyError, match="there is nothing to close"):
        task_close(task=open_task(status=status), who="organizer")


def test_the_command_closes_and_says_so(capsys):
    task = open_task()
    User.objects.create(username="ada")
    call_command("task_close", task.slug, "--yes", who="ada")
    call_command("task_close", task.slug)
    assert capsys.readouterr().out.splitlines() == ["Task 'numerals' is closed.", "Task 'numerals' was closed before."]
    assert Task.objects.get().closed_by == "ada"


def test_the_command_says_what_is_wrong():
    with pytest.raises(CommandError, match=r"no task 'digits'\. Tasks here: none"):
        call_command("task_close", "digits")
    open_task(status="preparing")
    with pytest.raises(CommandError, match="is not ready"):
        call_command("task_close", "numerals", "--yes")


def test_the_command_closes_in_nobodys_name_but_that_of_an_account_or_of_who_calls_it():
    task = open_task()
    with pytest.raises(CommandError, match=r"Nobody here has the name 'ghost'"):
        call_command("task_close", task.slug, "--yes", who="ghost")
    assert Task.objects.get().phase == "open"

    call_command("task_close", task.slug, "--yes")

    assert Task.objects.get().closed_by == getuser()


@pytest.mark.parametrize(("typed", "phase"), [("numerals\n", "closed"), ("yes\n", "open"), ("", "open")])
def test_the_command_closes_once_the_slug_is_typed_again(monkeypatch, typed, phase):
    task = open_task()
    monkeypatch.setattr("sys.stdin", StringIO(typed))

    with nullcontext() if phase == "closed" else pytest.raises(CommandError, match="It is not closed"):
        call_command("task_close", task.slug)

    assert Task.objects.get().phase == phase
