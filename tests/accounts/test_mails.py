"""Mails of accounts, over SMTP: confirming an address, a new password, another address; in our own words."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.account.views import EmailView
from django.test import Client

from fixpoint.accounts.models import User
from tests.support.platform import person
from tests.support.smtp_server import SmtpServer

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
FIELDS = {"username": "ada", "email": "ada@example.org", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def server(settings, monkeypatch):
    monkeypatch.setattr(EmailView, "template_name", "account/email_change.html")  # chosen when the site begins
    with SmtpServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", server.port, False
        settings.SITE_URL = "https://fixpoint.example.org"
        settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
        settings.ACCOUNT_CHANGE_EMAIL = True
        yield server


def text_of(mail) -> str:
    return mail.get_payload(decode=True).decode()


def link_of(mail) -> str:
    """The path behind our own address."""
    return re.search(r"https://fixpoint\.example\.org(/accounts/\S+)", text_of(mail))[1]


def sign_in(client: Client, password: str = PASSWORD):
    return client.post("/accounts/login/", {"login": "ada", "password": password})


def test_whoever_signs_up_comes_in_by_the_link_in_the_mail(client, server):
    assert b"you can sign in once you have opened it" in client.get("/accounts/signup/").content
    client.post("/accounts/signup/", FIELDS)
    assert "_auth_user_id" not in client.session
    sign_in(client)
    assert "_auth_user_id" not in client.session

    [mail] = server.mails
    assert (mail["Subject"], mail["To"]) == ("[Fixpoint] Confirm your e-mail address", "ada@example.org")
    assert text_of(mail).startswith("Hello ada,")
    assert "testserver" not in text_of(mail)
    client.get(link_of(mail))
    assert not EmailAddress.objects.get().verified, "mail programs look at links by themselves"
    client.post(link_of(mail))
    sign_in(client)

    assert "_auth_user_id" in client.session


@pytest.mark.parametrize(
    ("verification", "words"),
    [("none", "not confirmed by mail on this site"), ("optional", "You can begin before you open it")],
)
def test_the_page_says_which_holds(client, settings, verification, words):
    settings.ACCOUNT_EMAIL_VERIFICATION = verification

    assert words in client.get("/accounts/signup/").content.decode()


def test_a_new_password_is_set_by_mail_and_ends_other_sessions(client, server, settings):
    settings.ACCOUNT_EMAIL_VERIFICATION = "none"
    person("ada")
    elsewhere = Client()
    sign_in(elsewhere)
    client.post("/accounts/password/reset/", {"email": "ada@example.org"})

    [mail] = server.mails
    assert mail["Subject"] == "[Fixpoint] Set a new password"
    assert "your password stays as it is" in text_of(mail)
    form = client.get(link_of(mail), follow=True)
    address = form.redirect_chain[-1][0]
    client.post(address, {"password1": "another horse 22", "password2": "another horse 22"})

    assert User.objects.get().check_password("another horse 22")
    assert elsewhere.get("/me/").status_code == 302
    sign_in(client, "another horse 22")
    assert "_auth_user_id" in client.session


def test_an_address_that_nobody_has_is_answered_alike(client, server):
    page = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})

    assert page.headers["Location"] == "/accounts/password/reset/done/"
    assert "There is none." in text_of(server.mails[0])


def test_another_address_takes_the_place_of_the_old_one_once_it_is_confirmed(client, server):
    user = person("ada")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/email/", {"email": "countess@example.org", "action_add": ""})
    page = client.get("/accounts/email/")
    assert page.status_code == 200, page.headers
    page = page.content.decode()
    assert "once you open the link that we have mailed there" in page
    assert User.objects.get().email == "ada@example.org"

    [mail] = server.mails
    assert mail["To"] == "countess@example.org"
    client.post(link_of(mail))

    assert User.objects.get().email == "countess@example.org"
    assert list(EmailAddress.objects.values_list("email", flat=True)) == ["countess@example.org"]


def test_an_address_is_not_changed_by_whoever_finds_an_open_window(client, server):
    user = person("ada")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    sign_in(client)

    answer = client.post("/accounts/email/", {"email": "thief@example.org", "action_add": ""})

    assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    assert server.mails == []


def test_a_changed_password_ends_all_sessions_but_this_one(client):
    person("ada")
    elsewhere = Client()
    sign_in(client)
    sign_in(elsewhere)
    new = {"oldpassword": PASSWORD, "password1": "another horse 22", "password2": "another horse 22"}
    client.post("/accounts/password/change/", new)

    assert client.get("/me/").status_code == 200
    assert elsewhere.get("/me/").status_code == 302
