"""The pages from which a task is run: is it running well, who takes part, what was done."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fixpoint.accounts.models import Notice
from fixpoint.dispatch.models import Sweep, Worker
from fixpoint.organizing.acts import What, act_record
from fixpoint.organizing.extra_entries import team_extra_entries
from fixpoint.organizing.health import failures_of, health_of
from fixpoint.organizing.models import Act
from fixpoint.organizing.refusals import ActRefusedError
from fixpoint.submissions.selectors import quota_of_team
from fixpoint.tasks.models import Task
from fixpoint.teams.models import Member, Team
from tests.pages.rows import entry_of, moved
from tests.support.platform import open_task
from worker.contract import Kind


@pytest.fixture
def served(task):
    """The platform's jobs run, and a worker takes all of the task's."""
    now = timezone.now()
    Sweep.objects.update_or_create(pk=1, defaults={"at": now})
    queues = [task.queue(kind) for kind in Kind]
    return Worker.objects.create(
        name="w", instance="1", started_at=now, heartbeat_at=now, contract=1, queues=queues, sandbox="x", gpu=True
    )


def page(client, task, path=""):
    return client.get(f"/organize/{task.slug}/{path}").content.decode()


def test_it_runs_well_where_a_worker_takes_its_jobs_and_nothing_failed(served, task):
    health = health_of(task)

    assert (health.tone, health.says, health.workers) == ("good", "It runs well.", 1)


def test_entries_that_wait_for_nobody_are_the_worst(served, waiting, task):
    Worker.objects.all().delete()

    health = health_of(task)

    assert health.tone == "bad"
    assert "nobody takes them" in str(health.says)
    assert health.unserved == sorted({task.queue(kind) for kind in Kind})


def test_an_entry_that_was_given_up_is_bad_for_a_day(served, waiting, task):
    waiting.status, waiting.ended_at = "error", timezone.now()
    waiting.save()
    assert health_of(task).tone == "bad"

    waiting.ended_at -= timedelta(hours=25)
    waiting.save()
    assert health_of(task).tone == "good"


def test_an_attempt_that_was_tried_again_is_a_warning(served, waiting, task):
    moved(waiting, "training", "queued", "the worker fell silent", timezone.now())

    assert (health_of(task).retried, health_of(task).tone) == (1, "warn")


def test_without_the_sweeper_nothing_else_matters(task):
    assert "own jobs do not run" in str(health_of(task).says)


def test_failures_tell_whose_fault_and_why(waiting, task):
    now = timezone.now()
    moved(waiting, "training", "queued", "the worker fell silent", now - timedelta(minutes=2))
    moved(waiting, "training", "failed", "no image in val", now)

    found = [(each.why, each.is_ours, each.is_tried_again) for each in failures_of(task)]

    assert found == [("no image in val", False, False), ("the worker fell silent", True, True)]


def test_one_sees_the_tasks_that_one_runs_and_no_others(running, organizer, rows):
    mine, named = open_task("mine", title="All of us"), open_task("named", title="Of another")
    named.organizers.add(rows.person("other", role="organizer"))

    answer = running.get("/organize/").content.decode()

    assert "All of us" in answer
    assert "Of another" not in answer
    assert running.get(f"/organize/{mine.slug}/").status_code == 200
    assert running.get(f"/organize/{named.slug}/").status_code == 404


@pytest.mark.parametrize("path", ["", "entries/", "settings/", "people/"])
def test_every_page_of_a_task_that_one_runs_is_marked_in_the_head_and_among_its_tabs(running, task, path):
    seen = page(running, task, path)

    assert '<a href="/organize/" aria-current="true">' in seen
    assert f'<a href="/organize/{task.slug}/{path}" aria-current="page">' in seen


def test_who_runs_nothing_is_led_to_making_a_task(running, rows, task):
    task.organizers.add(rows.person("other", role="organizer"))

    assert running.get("/organize/").content.decode().count('href="/organize/new/">Make a task</a>') == 2


def test_an_opening_without_a_date_is_told_only_before_it(running, task):
    assert "<dt>Opens</dt>" not in page(running, task)
    Task.objects.update(published_at=None)
    assert "<dt>Opens</dt><dd>no date set</dd>" in page(running, task)


def test_the_first_page_counts_people_once(running, rows, owner, task):
    dataset = rows.accepted_dataset(owner, task)
    entry_of(dataset)
    entry_of(dataset)

    numbers = running.get(f"/organize/{task.slug}/").context["numbers"]

    assert (numbers.participants, numbers.teams, numbers.entries, numbers.entries_today) == (1, 1, 2, 2)


def test_members_count_and_the_hosts_with_their_baselines_do_not(running, rows, owner, organizer, task):
    entry_of(rows.accepted_dataset(organizer, task, "as given"), role="baseline")
    entry_of(rows.accepted_dataset(owner, task))
    Member.objects.create(team=Team.objects.get(captain=owner), task=task, user=rows.person("mate"))

    numbers = running.get(f"/organize/{task.slug}/").context["numbers"]
    lines = running.get(f"/organize/{task.slug}/teams/").context["lines"]
    told = running.get(f"/organize/{task.slug}/announcements/").context["entrants"]

    assert (numbers.participants, numbers.teams, numbers.entries, numbers.beside, told) == (2, 1, 1, 1, 2)
    assert [line.members for line in lines] == [["owner", "mate"]]


def test_pausing_in_the_browser_shows_on_the_tasks_page(client, running, task):
    running.post(f"/organize/{task.slug}/pause/", {"why": "The workers move house."})

    assert "The workers move house." in client.get(f"/tasks/{task.slug}/").content.decode()
    assert "Let it go on" in page(running, task)


def test_a_paused_task_is_called_paused_and_nowhere_open(client, running, served, task):
    public = ("", "board/", "statistics/", "standings/")
    pages = (*(f"/tasks/{task.slug}/{each}" for each in public), f"/organize/{task.slug}/", "/organize/")
    assert [states(running.get(each)) for each in pages] == [["Open"]] * 6
    running.post(f"/organize/{task.slug}/pause/", {"why": "The workers move house."})

    assert [states(running.get(each)) for each in pages] == [["Paused"]] * 6
    assert "It is paused: it takes no entries" in page(running, task)

    Task.objects.update(closes_at=timezone.now())
    assert states(client.get(pages[0])) == ["Closed"]


def test_workers_are_those_that_train(running, served, task):
    served.queues = [task.queue(Kind.INGEST)]
    served.save()

    assert health_of(task).workers == 0
    assert "0 workers train its entries" in page(running, task)


def states(answer) -> list[str]:
    """The words of its pills for the state of a task."""
    pills = re.findall(r'<span class="pill[^"]*">(.*?)</span>', answer.content.decode(), re.DOTALL)
    words = [re.sub(r"<[^>]*>", "", each).strip() for each in pills]
    return [each for each in words if each in {"Open", "Paused", "Closed"}]


@pytest.mark.parametrize(
    ("values", "offers"),
    [
        ({}, {"quota", "pause", "close"}),
        ({"status": "closed"}, set()),
        ({"status": "closed", "takes_late": True}, {"quota", "pause"}),
        ({"status": "error"}, set()),
        ({"status": "preparing"}, {"quota", "pause"}),
    ],
)
def test_a_task_offers_what_can_be_done_in_its_state(running, task, values, offers):
    Task.objects.update(**values)
    home, closing = page(running, task), page(running, task, "close/")

    seen = {
        "quota": "left within 24 hours" in running.get(f"/tasks/{task.slug}/").content.decode(),
        "pause": f'action="/organize/{task.slug}/pause/"' in home,
        "close": f'href="/organize/{task.slug}/close/"' in home,
    }

    assert {name for name, is_offered in seen.items() if is_offered} == offers
    assert ('name="is_meant"' in closing) is ("close" in offers)


def test_extra_entries_count_on_top_and_its_members_are_told(running, waiting, owner, task):
    team = Team.objects.get()

    running.post(f"/organize/{task.slug}/teams/{team.pk}/extra/", {"extra": "5", "why": "A worker broke."})

    team.refresh_from_db()
    assert quota_of_team(team, task).total == task.entries_total + 5
    assert "5 extra entries" in Notice.objects.get(user=owner).text
    act = Act.objects.get()
    assert (act.what, act.subject_id, act.why) == ("extra_entries", str(team.pk), "A worker broke.")
    assert act.details == {"extra_entries": {"from": 0, "to": 5}}


@pytest.mark.parametrize("extra", ["", "-1", "1001", "many", "0"])
def test_extra_entries_are_another_number_of_some_size(running, waiting, task, extra):
    team = Team.objects.get()

    running.post(f"/organize/{task.slug}/teams/{team.pk}/extra/", {"extra": extra, "why": "A worker broke."})

    team.refresh_from_db()
    assert team.extra_entries == 0
    assert not Act.objects.exists()


def test_a_number_that_cannot_be_stands_in_its_open_row_with_the_reason(running, waiting, owner, task):
    team = Team.objects.get()
    Team.objects.create(task=task, name="another", captain=owner)
    asked = f"/organize/{task.slug}/teams/{team.pk}/extra/?q={team.name}"

    answer = running.post(asked, {"extra": "-5", "why": "A worker broke."})

    seen = answer.content.decode()
    assert (answer.status_code, len(answer.context["lines"])) == (422, 1)
    assert "<details open>" in seen
    assert 'value="-5"' in seen
    assert 'value="A worker broke."' in seen
    assert "Extra entries are a number from 0 to 1000.</li></ul></div>" in seen
    assert running.get(asked).headers["Location"] == f"/organize/{task.slug}/teams/?q={team.name}"


def test_a_merged_team_gets_none(waiting, organizer, task, owner):
    team = Team.objects.get()
    team.merged_into = Team.objects.create(task=task, name="another", captain=owner)
    team.save()

    with pytest.raises(ActRefusedError, match="merged"):
        team_extra_entries(team=team, extra=2, why="x", who=organizer)


def test_teams_show_their_members_and_quota_in_few_statements(running, rows, task):
    def statements():
        with CaptureQueriesContext(connection) as seen:
            assert running.get(f"/organize/{task.slug}/teams/").status_code == 200
        return len(seen)

    entry_of(rows.accepted_dataset(rows.person("anna"), task))
    running.get(f"/organize/{task.slug}/teams/")
    few = statements()
    for n in range(10):
        entry_of(rows.accepted_dataset(rows.person(f"person-{n}"), task))

    assert statements() == few
    line = running.get(f"/organize/{task.slug}/teams/?q=anna").context["lines"][0]
    assert (line.members, line.entries, line.used, line.left) == (["anna"], 1, 1, 9)


def test_the_trail_is_filtered_by_what_who_and_words(running, organizer, task):
    act_record(who="anna", task=task, what=What.PAUSED, why="The workers move house.")
    act_record(who=organizer, task=task, what=What.RESUMED)

    def whats(query):
        answer = running.get(f"/organize/{task.slug}/audit.csv?{query}")
        return [row["what"] for row in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))]

    assert whats("") == ["resumed", "paused"]
    assert whats("what=paused") == ["paused"]
    assert whats("who=organizer") == ["resumed"]
    assert whats("q=HOUSE") == ["paused"]


def test_the_trail_tells_what_was_changed(running, task):
    act_record(who="anna", task=task, what=What.EXTRA_ENTRIES, details={"extra_entries": {"from": 0, "to": 5}})

    assert "extra entries: 0 → 5" in page(running, task, "audit/")
    answer = running.get(f"/organize/{task.slug}/audit.csv").content.decode("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(answer)))
    assert json.loads(row["details"]) == {"extra_entries": {"from": 0, "to": 5}}


@pytest.mark.parametrize(
    ("details", "told"),
    [
        ({"was": "queued"}, "it was: Queued"),
        ({"join_link": "new", "join_at_once": True}, "whoever has the link joins at once: yes"),
        ({"closes_at": {"from": None, "to": "2026-12-01"}}, "Closes: – → 2026-12-01"),
        ({"of_a_later_version": 3}, "of a later version: 3"),
    ],
)
def test_details_are_named_in_words(running, task, details, told):
    act_record(who="anna", task=task, what=What.SETTINGS, details=details)

    assert told in page(running, task, "audit/")


def test_acts_of_another_task_are_not_in_it(running, task):
    act_record(who="anna", task=open_task("other"), what=What.PAUSED, why="The workers move house.")

    assert "move house" not in page(running, task, "audit/")
    assert Task.objects.count() == 2
