"""Announcements reach whom they concern: on the task's page, as notices, in feeds."""

import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from fixpoint.accounts.models import Notice
from fixpoint.accounts.notices import notices_mail
from fixpoint.leaderboard.freezing import standings_freeze
from fixpoint.organizing.announcing import announcement_publish, announcement_withdraw
from fixpoint.organizing.models import Act
from fixpoint.organizing.pausing import task_end
from fixpoint.organizing.refusals import ActRefusedError
from fixpoint.teams.models import Member, Team
from tests.pages.rows import Score, entry_of, scored, set_time, training
from tests.support.platform import open_task

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def announcement(task, organizer):
    return announcement_publish(task=task, title="New data", text="More sevens.\n\nBe glad.", who=organizer)


def titles(client, address):
    feed = ET.fromstring(client.get(address).content)
    return [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]


def test_it_stands_on_the_tasks_page_newest_first(client, task, organizer, announcement):
    announcement_publish(task=task, title="Newer still", text="Eights.", who=organizer)

    page = client.get(f"/tasks/{task.slug}/").content.decode()

    assert page.index("Newer still") < page.index("New data") < page.index("<p>Be glad.</p>")


def test_who_entered_and_who_is_in_a_team_are_told_once_and_nobody_else(rows, owner, stranger, organizer, task):
    dataset = rows.accepted_dataset(owner, task)
    entry_of(dataset)
    entry_of(dataset)
    mate = rows.person("mate")
    Member.objects.create(team=Team.objects.get(), task=task, user=mate)

    announcement_publish(task=task, title="New data", text="More sevens.", who=organizer)

    told = Notice.objects.order_by("user__username").values_list("user__username", "subject", "text")
    assert list(told) == [(name, "Numerals: New data", "More sevens.") for name in ("mate", "owner")]


def test_the_hosts_whose_team_entered_baselines_alone_are_not_told(rows, owner, organizer, task):
    entry_of(rows.accepted_dataset(organizer, task), role="baseline")
    entry_of(rows.accepted_dataset(owner, task))

    announcement_publish(task=task, title="New data", text="More sevens.", who=organizer)

    assert [each.user for each in Notice.objects.all()] == [owner]


def test_its_notice_is_shown_as_markdown_and_mailed_as_it_was_written(client, rows, owner, organizer, task):
    entry_of(rows.accepted_dataset(owner, task))
    announcement_publish(task=task, title="New data", text="More **sevens**.", who=organizer)
    client.force_login(owner)

    assert "<p>More <strong>sevens</strong>.</p>" in client.get("/me/notices/").content.decode()
    notices_mail()
    assert "More **sevens**." in mail.outbox[0].body


def test_what_is_withdrawn_is_shown_to_organizers_alone(client, running, task, organizer, announcement):
    announcement_withdraw(announcement=announcement, why="It was wrong.", who=organizer)

    assert "New data" not in client.get(f"/tasks/{task.slug}/").content.decode()
    assert titles(client, f"/tasks/{task.slug}/feed.xml") == []
    assert "New data" in running.get(f"/organize/{task.slug}/announcements/").content.decode()
    with pytest.raises(ActRefusedError, match="withdrawn already"):
        announcement_withdraw(announcement=announcement, why="", who=organizer)


def test_both_are_acts(task, organizer, announcement):
    announcement_withdraw(announcement=announcement, why="It was wrong.", who=organizer)

    first, second = Act.objects.filter(task=task).order_by("pk")
    assert (first.what, first.label, first.details["text"]) == ("announced", "New data", announcement.text)
    assert (second.what, second.subject_id, second.why) == (
        "announcement_withdrawn",
        str(announcement.pk),
        "It was wrong.",
    )


def test_an_announcement_has_a_title_and_a_text(running, task):
    running.post(f"/organize/{task.slug}/announcements/", {"title": " ", "text": "x"})

    assert not task.announcements.exists()


def test_the_announcement_of_another_task_is_not_withdrawn_here(running, task, announcement):
    other = open_task("other")

    answer = running.post(f"/organize/{other.slug}/announcements/{announcement.pk}/withdraw/")

    assert answer.status_code == 404
    announcement.refresh_from_db()
    assert announcement.withdrawn_at is None


def test_the_feed_of_a_task_tells_leaders_the_end_and_the_standings(client, rows, owner, stranger, organizer):
    task = open_task(score_decimals=2)
    now = timezone.now()
    for minutes, (person, accuracy) in enumerate([(owner, 0.5), (stranger, 0.75), (owner, 0.75), (owner, 0.6)]):
        moment = now - timedelta(minutes=60 - minutes)
        entry = scored(
            training(entry_of(rows.accepted_dataset(person, task), at=moment), [(1.0, 0.5)]), Score(accuracy=accuracy)
        )
        set_time(entry, "ended_at", moment)
    task_end(task=task, why="", who=organizer)
    standings_freeze(task_id=task.pk)

    assert titles(client, f"/tasks/{task.slug}/feed.xml") == [
        "Final standings, revision 1",
        "Numerals is over",
        "stranger leads with 0.75",
        "owner leads with 0.50",
    ]


def test_the_sites_feed_lists_what_everybody_may_find(client, organizer):
    open_task("shown", title="Shown")
    open_task("unlisted", title="Unlisted", visibility="unlisted")
    open_task("preparing", title="Preparing", status="preparing")
    client.force_login(organizer)

    assert titles(client, "/feed.xml") == ["Shown"]


def test_there_is_no_feed_of_a_task_that_is_not_there(client, db):
    open_task("preparing", status="preparing")

    assert client.get("/tasks/preparing/feed.xml").status_code == 404
