"""Pages around signing in, in our own words: each says what to do next, and none leads nowhere."""

import re

import pytest
from django.core import mail
from django.test import Client

from tests.support.platform import person

pytestmark = pytest.mark.django_db
FOREIGN = (
    "Sign In",
    "Sign Out",
    "Password Reset",
    "Change Password",
    "Bad Token",
    "Verify Your",
    "contact us",
    "Inactive",
)


def page_of(client: Client, path: str) -> str:
    answer = client.get(path, follow=True)
    assert answer.status_code == 200
    return re.search(r"<main.*</main>", answer.content.decode(), re.DOTALL)[0]


@pytest.mark.parametrize(
    ("path", "ways"),
    [
        ("/accounts/login/", ["/accounts/signup/", "/accounts/password/reset/"]),
        ("/accounts/confirm-email/", ["/accounts/login/", "/accounts/signup/"]),
        ("/accounts/confirm-email/no-such-key/", ["/accounts/login/"]),
        ("/accounts/password/reset/", ["/accounts/login/"]),
        ("/accounts/password/reset/done/", ["/accounts/password/reset/", "/accounts/login/"]),
        ("/accounts/password/reset/key/1-no-such/", ["/accounts/password/reset/"]),
        ("/accounts/password/reset/key/done/", ["/accounts/login/"]),
        ("/accounts/inactive/", ["/accounts/signup/"]),
    ],
)
def test_each_leads_on_in_the_sites_own_words(client, path, ways):
    page = page_of(client, path)

    assert all(f'href="{way}' in page for way in ways)
    assert not [words for words in FOREIGN if words in page]


@pytest.mark.parametrize("path", ["/accounts/password/change/", "/accounts/logout/"])
def test_so_do_those_of_who_is_signed_in(client, path):
    client.force_login(person("ada"))

    page = page_of(client, path)

    assert "<h1>" in page
    assert not [words for words in FOREIGN if words in page]


def test_an_old_link_shows_its_owner_the_page_of_the_address(client):
    client.force_login(person("ada"))

    assert 'href="/accounts/email/"' in page_of(client, "/accounts/confirm-email/no-such-key/")


def test_a_new_password_is_set_by_the_fields_that_the_page_has(client):
    user = person("ada")
    client.post("/accounts/password/reset/", {"email": user.email})
    path = re.search(r"(/accounts/password/reset/key/\S+)", mail.outbox[0].body)[1]
    page = page_of(client, path)
    action = re.search(r'<form method="post" action="([^"]+)"', page)[1]
    names = [name for name in re.findall(r'name="(\w+)"', page) if name != "csrfmiddlewaretoken"]
    assert names == ["password1", "password2"]

    done = client.post(action, dict.fromkeys(names, "another horse 22"), follow=True)

    assert "Your password is set" in done.content.decode()
    user.refresh_from_db()
    assert user.check_password("another horse 22")


@pytest.mark.parametrize(("language", "formal"), [("es", r"\b(su|sus|usted|le)\b"), ("fr", r"\b(tu|ton|ta|tes)\b")])
def test_nobody_is_spoken_to_in_two_ways(client, language, formal):
    client.cookies["django_language"] = language
    for path in ("/accounts/login/", "/accounts/confirm-email/", "/accounts/password/reset/", "/accounts/inactive/"):
        assert not re.search(formal, re.sub(r"<[^>]+>", " ", page_of(client, path)))
