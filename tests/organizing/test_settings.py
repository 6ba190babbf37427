"""A task is changed while it runs: what may change, with a reason, written down; what may not says why."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from fixpoint.organizing.models import Act
from fixpoint.organizing.wizard.changing import settings_of
from fixpoint.tasks.models import Task
from tests.support.platform import open_task, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def organizer(client):
    user = person("olga", role="organizer")
    client.force_login(user)
    return user


@pytest.fixture
def task(organizer) -> Task:
    task = open_task(description="First.\n\nSecond.\n", time_zone="Europe/Vienna")
    task.organizers.set([organizer])
    return task


@pytest.fixture
def draft(task) -> Task:
    task.published_at = None
    task.save()
    return task


def save(client, task: Task, *, why: str = "better so", phases: list[dict[str, str]] | None = None, **changes: object):
    now = settings_of(task)
    fields = {name: "\r\n".join(v) if isinstance(v, list) else v for name, v in now.items() if name != "phases"}
    rows = now["phases"] if phases is None else phases
    named = {f"phases-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}
    count = {"phases-TOTAL_FORMS": len(rows), "phases-INITIAL_FORMS": 0}
    sent = {name: value for name, value in (fields | changes).items() if value is not False and value is not None}
    answer = client.post(reverse("task_settings", args=[task.slug]), sent | named | count | {"why": why})
    task.refresh_from_db()
    return answer


def test_saving_the_form_as_it_is_changes_nothing(client, task):
    assert save(client, task).status_code == 302
    assert not Act.objects.exists()
    assert task.description == "First.\n\nSecond.\n"


def test_texts_and_limits_change_with_a_reason_that_is_kept(client, task):
    save(client, task, title="Numbers", entries_total=50, why="more time")

    assert (task.title, task.entries_total) == ("Numbers", 50)
    act = Act.objects.get()
    assert (act.what, act.why, act.who) == ("settings", "more time", "olga")
    assert act.details["entries_total"] == {"from": 10, "to": 50}
    assert set(act.details) == {"title", "entries_total"}


def test_dates_of_a_published_task_move_only_where_everybody_is_told(client, task):
    page = client.get(reverse("task_settings", args=[task.slug])).content.decode()
    before = (task.opens_at, task.closes_at, task.teams_until)
    moved = dict.fromkeys(("opens_at", "closes_at", "teams_until"), "2031-07-01T12:00")

    save(client, task, title="Numbers", **moved)

    assert (task.title, task.opens_at, task.closes_at, task.teams_until) == ("Numbers", *before)
    assert set(Act.objects.get().details) == {"title"}
    assert reverse("organize_dates", args=[task.slug]) + '">Dates</a></p>' in page
    assert not [name for name in moved if f'name="{name}"' in page]


def test_texts_dates_and_limits_of_a_draft_change(client, draft):
    task = draft
    save(client, task, title="Numbers", closes_at="2031-07-01T12:00", entries_total=50, why="more time")

    assert (task.title, task.entries_total) == ("Numbers", 50)
    assert f"{task.closes_at:%Y-%m-%d %H:%M}" == "2031-07-01 10:00"
    act = Act.objects.get()
    assert (act.what, act.why, act.who) == ("settings", "more time", "olga")
    assert act.details["entries_total"] == {"from": 10, "to": 50}
    assert set(act.details) == {"title", "closes_at", "entries_total"}


def test_dates_alone_are_written_down_as_such(client, draft):
    save(client, draft, closes_at="2031-07-01T12:00")
    assert Act.objects.get().what == "dates"


def test_without_a_reason_nothing_is_saved(client, task):
    answer = save(client, task, title="Numbers", why="")
    assert answer.status_code == 422
    assert task.title == "Numerals"


def sure_of(answer) -> str:
    return re.search(r'name="sure" value="(\w+)"', answer.content.decode())[1]


def test_a_lowered_limit_is_asked_about_once_more(client, task):
    answer = save(client, task, entries_per_day=1)
    assert "Entries in 24 hours falls from 3 to 1" in answer.content.decode()
    assert task.entries_per_day == 3

    save(client, task, entries_per_day=1, sure=sure_of(answer))

    assert task.entries_per_day == 1


def test_who_was_sure_of_one_thing_is_asked_about_another(client, task):
    person("anna", role="organizer")
    answer = save(client, task, entries_per_day=1)

    answer = save(client, task, entries_per_day=1, organizers="anna", sure=sure_of(answer))

    assert "You would run this task no longer" in answer.content.decode()
    assert (task.entries_per_day, [each.username for each in task.organizers.all()]) == (3, ["olga"])


def test_who_leaves_a_task_is_asked_about_it_once_more_and_led_to_those_that_are_left(client, task):
    person("anna", role="organizer")
    answer = save(client, task, organizers="anna")
    assert "You would run this task no longer" in answer.content.decode()
    assert [each.username for each in task.organizers.all()] == ["olga"]

    answer = save(client, task, organizers="anna", sure=sure_of(answer))

    assert [each.username for each in task.organizers.all()] == ["anna"]
    assert answer.headers["Location"] == reverse("organize")
    assert client.get(reverse("organize")).status_code == 200


def test_what_cannot_be_is_told_before_anything_is_asked(client, task):
    page = save(client, task, organizers="nobody", entries_per_day=1).content.decode()

    assert "nobody named" in page
    assert 'name="sure"' not in page


def test_who_names_another_beside_themself_is_asked_nothing(client, task):
    person("anna", role="organizer")

    assert save(client, task, organizers="olga\r\nanna").headers["Location"] == reverse(
        "task_settings", args=[task.slug]
    )

    assert task.organizers.count() == 2


def test_what_would_make_another_competition_is_shown_locked_and_is_not_taken(client, task):
    page = client.get(reverse("task_settings", args=[task.slug])).content.decode()
    assert "Scores made before would not compare" in page
    assert 'name="classes"' not in page
    assert '<th scope="row">Ladder</th><td>no</td>' in page
    assert '<th scope="row">What counts</th><td>The best</td>' in page

    save(client, task, classes="x\ny", seeds="5", title="Numbers")

    assert (task.title, task.seeds) == ("Numbers", 1)
    assert task.classes != ["x", "y"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"title": ""}, "This must not be empty."),
        ({"time_zone": "Vienna"}, "no IANA time zone"),
        ({"organizers": ""}, "Name at least one organizer"),
        ({"organizers": "nobody"}, "nobody named"),
        ({"awards": "Best student\r\nbest student"}, "stands twice"),
        ({"entries_per_day": "0"}, "At least 1."),
    ],
)
def test_what_cannot_be_is_told_and_nothing_of_it_is_saved(client, task, changes, says):
    answer = save(client, task, summary="New", **changes)

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert (task.summary, Act.objects.count()) == ("", 0)


def test_dates_of_a_draft_that_contradict_each_other_are_told(client, draft):
    answer = save(client, draft, summary="New", closes_at="2020-01-01T00:00", opens_at="2021-01-01T00:00")

    assert answer.status_code == 422
    assert "before it opens" in answer.content.decode()
    assert (draft.summary, draft.opens_at) == ("", None)


def test_a_closed_task_is_not_opened_again(client, task):
    Task.objects.update(closes_at=timezone.now())
    task.refresh_from_db()
    closed = task.closes_at

    save(client, task, title="Numbers", closes_at="2031-07-01T12:00")

    assert (task.phase, task.closes_at, task.title) == ("closed", closed, "Numbers")


def test_phases_are_added_and_changed(client, task):
    one = {"name": "one", "begins_at": "2030-01-01T00:00", "ends_at": "2030-02-01T00:00", "entries_total": "3"}
    save(client, task, phases=[one])
    assert task.phases.get().entries_total == 3

    late = {"name": "two", "begins_at": "2030-01-15T00:00", "ends_at": "2030-03-01T00:00"}
    answer = save(client, task, phases=[one, late])

    assert "phases must not overlap" in answer.content.decode()
    assert task.phases.count() == 1


def test_settings_are_for_who_runs_the_task(client, task):
    client.force_login(person("another", role="organizer"))
    assert client.get(reverse("task_settings", args=[task.slug])).status_code == 404
