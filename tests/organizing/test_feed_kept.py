"""A task's feed is made once, until something happens in the task."""

from random import Random

import pytest
from django.test import Client

from fixpoint.leaderboard import cached, keeping
from fixpoint.leaderboard.shelf import Shelf
from fixpoint.organizing import news
from fixpoint.organizing.announcing import announcement_publish, announcement_withdraw
from tests.leaderboard.entering import IMAGES, enter_scored
from tests.support import platform as rows

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "/tasks/numerals/feed.xml"


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch):
    keeping.forget_all()
    monkeypatch.setattr(cached, "_SHELF", Shelf(most_bytes=10**6, fresh_seconds=60))
    yield
    keeping.forget_all()


@pytest.fixture
def task():
    return rows.open_task(hidden=IMAGES)


@pytest.fixture
def reads(monkeypatch):
    """How often the entries were read."""
    found = []
    reading = news._leaders
    monkeypatch.setattr(news, "_leaders", lambda *asked: found.append(asked) or reading(*asked))
    return found


def look(**headers):
    return Client().get(ADDRESS, headers=headers)


def test_who_asks_again_does_not_have_all_entries_read(task, reads):
    enter_scored(task, rows.person("ada"), Random(1))

    first, second = look(), look()

    assert first.content == second.content
    assert b"ada leads with" in first.content
    assert first["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert len(reads) == 1


def test_who_has_it_already_is_told_so_until_an_entry_is_scored(task):
    first_entry = enter_scored(task, rows.person("ada"), Random(1))
    first = look()
    again = look(if_none_match=first["ETag"])
    assert (first["Cache-Control"], again.status_code, again.content) == ("no-cache", 304, b"")

    type(first_entry).objects.filter(pk=first_entry.pk).update(accuracy=0.01)
    enter_scored(task, rows.person("bob"), Random(2))
    changed = look(if_none_match=first["ETag"])
    assert changed.status_code == 200
    assert b"bob leads with" in changed.content


def test_an_announcement_is_told_and_withdrawn_at_once(task):
    organizer = rows.person("org", role="organizer")
    enter_scored(task, rows.person("ada"), Random(1))
    look()

    announcement = announcement_publish(task=task, title="New data", text="More sevens.", who=organizer)
    assert b"New data" in look().content

    announcement_withdraw(announcement=announcement, why="It was wrong.", who=organizer)
    assert b"New data" not in look().content


def test_each_name_of_the_site_has_its_own(task):
    enter_scored(task, rows.person("ada"), Random(1))

    assert b"http://testserver/tasks/numerals/" in look().content
    assert b"http://localhost/tasks/numerals/" in look(host="localhost").content


def test_it_is_in_the_sites_own_language_whoever_asks_first(task):
    enter_scored(task, rows.person("ada"), Random(1))

    french = look(accept_language="fr").content

    assert b" leads with " in french
    assert b'xml:lang="en"' in french
    assert french == look(accept_language="en").content


@pytest.mark.usefixtures("task")
def test_the_feed_of_the_tasks_is_in_the_sites_own_language_too():
    french, english = (Client().get("/feed.xml", headers={"accept-language": each}) for each in ("fr", "en"))

    assert french.content == english.content
    assert b"Tasks: competitions in data-centric AI" in french.content


def test_no_cache_keeps_the_feed_of_a_private_task(task):
    type(task).objects.filter(pk=task.pk).update(visibility="private")
    organizer = rows.person("org", role="organizer")
    enter_scored(task, organizer, Random(1))
    client = Client()
    client.force_login(organizer)

    answer = client.get(ADDRESS)

    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
    assert look().status_code == 404
