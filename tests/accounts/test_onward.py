"""Whoever signs up on the way to a page comes to it, by way of the mailed link and signing in, in any browser."""

import re
from html import unescape

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
FIELDS = {"username": "ada", "email": "ada@example.org", "password1": PASSWORD, "password2": PASSWORD}
INVITATION = "/teams/join/9d1f5a52-7c5e-4a1c-8b53-0f4f3a2f5d11/?by=mail&x=1"


@pytest.fixture(autouse=True)
def confirmed_by_mail(settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.SITE_URL = "https://fixpoint.example.org"


def mailed_link() -> str:
    return re.search(r"https://fixpoint\.example\.org(/accounts/confirm\S+)", mail.outbox[-1].body)[1]


def pressed(client: Client, link: str):
    """The form of the page behind a link, sent as a browser sends it."""
    page = client.get(link).content.decode()
    action = re.search(r'<form method="post" action="(/accounts/confirm[^"]*)"', page)[1]
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return client.post(unescape(action), {name: unescape(value) for name, value in fields})


def test_an_invited_person_who_signs_up_comes_to_the_invitation_in_another_browser_too(client):
    client.post("/accounts/signup/", FIELDS | {"next": INVITATION})

    elsewhere = Client()
    answer = pressed(elsewhere, mailed_link())
    assert answer.status_code == 302
    door = elsewhere.get(answer.headers["Location"])
    assert door.status_code == 200, "it signs nobody in by itself"
    kept = unescape(re.search(r'name="next" value="([^"]*)"', door.content.decode())[1])
    entered = elsewhere.post("/accounts/login/", {"login": "ada", "password": PASSWORD, "next": kept})

    assert entered.headers["Location"] == INVITATION


def test_asking_for_the_link_again_keeps_the_way(client):
    client.post("/accounts/signup/", FIELDS)
    mail.outbox.clear()
    EmailAddress.objects.update(email="ada@example.net")  # the brake counts mails by their address

    waiting = client.post("/accounts/login/", {"login": "ada", "password": PASSWORD, "next": INVITATION}, follow=True)

    assert "?next=%2Fteams%2Fjoin%2F9d1f5a52" in waiting.content.decode()
    assert pressed(client, mailed_link()).headers["Location"].startswith("/accounts/login/?next=%2Fteams%2Fjoin%2F")


def test_the_doors_of_signing_in_and_up_lead_to_each_other_with_the_way(client):
    for here, there in (("login", "signup"), ("signup", "login")):
        page = client.get(f"/accounts/{here}/", {"next": INVITATION}).content.decode()

        ways = re.findall(rf'href="/accounts/{there}/([^"]*)"', page)
        assert len(ways) == 2, "in the head and on the page"
        assert all("next=%2Fteams%2Fjoin%2F" in way for way in ways)


@pytest.mark.parametrize(
    "away", ["https://evil.example.com/", "//evil.example.com/", "/\\evil.example.com", "javascript:x"]
)
def test_a_link_leads_to_no_other_site(client, away):
    client.post("/accounts/signup/", FIELDS | {"next": away})
    assert "evil" not in mailed_link()
    assert "javascript" not in mailed_link()

    answer = client.post(mailed_link(), {"then": away})

    assert answer.headers["Location"] in ("/accounts/login/", "/")


def test_a_link_without_a_way_on_leads_to_signing_in_as_before(client):
    client.post("/accounts/signup/", FIELDS)

    assert "?" not in mailed_link()
    assert pressed(client, mailed_link()).headers["Location"] == "/accounts/login/"


def test_a_used_link_says_what_to_do_to_whoever_is_not_signed_in(client):
    client.post("/accounts/signup/", FIELDS | {"next": INVITATION})
    link = mailed_link()
    pressed(client, link)

    page = Client().get(link).content.decode()

    assert "This link does not work any more" in page
    assert "/accounts/email/" not in page
    assert 'href="/accounts/login/?next=%2Fteams%2Fjoin%2F' in page
