"""Public pages may be kept by caches, which ask each time; what is for one person is kept by nobody."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.utils import timezone

from fixpoint.pages.shared import shared
from fixpoint.submissions.disqualifying import submission_disqualify
from tests.pages.rows import Score, entry_of, scored, training

PAGES = ("home", "emissions", "task", "statistics", "team", "entry")


@pytest.fixture
def entry(rows, owner, task):
    return scored(training(entry_of(rows.accepted_dataset(owner, task)), [(1.0, 0.5)]), Score(0.75))


@pytest.fixture
def addresses(entry, task):
    return {
        "home": "/", "emissions": "/emissions/", "task": f"/tasks/{task.slug}/",
        "statistics": f"/tasks/{task.slug}/statistics/", "team": f"/teams/{entry.team_id}/",
        "entry": f"/entries/{entry.pk}/",
    }  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_an_unchanged_page_is_not_sent_again_to_who_is_not_signed_in(client, addresses, name, time_machine):
    time_machine.move_to(timezone.now(), tick=False)  # an entry's page tells how many seconds ago it was entered
    first = client.get(addresses[name])

    assert first["Cache-Control"] == "public, no-cache"
    assert {"Accept-Language", "Cookie"} <= {each.strip() for each in first["Vary"].split(",")}
    assert not first.cookies
    again = client.get(addresses[name], headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    french = client.get(addresses[name], headers={"If-None-Match": first["ETag"], "Accept-Language": "fr"})
    assert french.status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_who_is_signed_in_gets_a_page_that_nobody_keeps(client, signed_in, addresses, name):
    known = client.get(addresses[name])["ETag"]

    own = signed_in.get(addresses[name], headers={"If-None-Match": known})

    assert own.status_code == 200
    assert "ETag" not in own
    assert {"private", "no-store"} <= {each.strip() for each in own["Cache-Control"].split(",")}


def test_a_page_on_which_something_is_told_once_is_kept_by_nobody(client, addresses):
    client.cookies["messages"] = "told"

    assert "no-store" in client.get(addresses["home"])["Cache-Control"]


@pytest.mark.parametrize(("is_public", "has_form"), [(False, False), (True, True)])
def test_what_is_not_public_and_a_page_with_a_forms_token_are_kept_by_nobody(rf, is_public, has_form):
    request = rf.get("/")
    request.user = AnonymousUser()
    page = HttpResponse(get_token(request) if has_form else "words")

    answer = shared(request, page, is_public=is_public)

    assert "no-store" in answer["Cache-Control"]
    assert "ETag" not in answer


def test_a_running_entry_is_kept_by_nobody(signed_in, rows, owner, task):
    entry = training(entry_of(rows.accepted_dataset(owner, task)), [(1.0, 0.5)])

    assert "no-store" in signed_in.get(f"/entries/{entry.pk}/")["Cache-Control"]


@pytest.mark.parametrize("name", ["entry", "team", "statistics"])
def test_what_has_changed_is_sent_again(client, addresses, entry, stranger, rows, task, name):
    address = addresses[name]
    known = client.get(address)["ETag"]
    if name == "statistics":
        entry_of(rows.accepted_dataset(stranger, task))
    else:
        submission_disqualify(submission=entry, why="The hidden images were in it.", who="anna")

    assert client.get(address, headers={"If-None-Match": known}).status_code == 200
