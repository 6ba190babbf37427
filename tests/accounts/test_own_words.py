"""Where nothing is mailed too, the pages of allauth are pages of ours."""

import pytest
from allauth.account.models import EmailAddress

from tests.accounts.test_second_factor import code_of, say_password, switch_on
from tests.support.platform import person

pytestmark = pytest.mark.django_db
SECOND = "countess@example.org"


@pytest.fixture
def ada(client):
    user = person("ada")
    EmailAddress.objects.create(user=user, email="ada@example.org", primary=True)
    client.post("/accounts/login/", {"login": "ada", "password": "correct horse battery"})
    return user


@pytest.fixture
def unmailed(settings):
    settings.ACCOUNT_EMAIL_VERIFICATION, settings.ACCOUNT_CHANGE_EMAIL = "none", False


def page_of(client, path: str) -> str:
    return client.get(path).content.decode()


def test_an_address_is_added_made_the_main_one_and_the_other_removed(client, unmailed, ada):
    assert "action_remove" not in page_of(client, "/accounts/email/"), "the only one stays"
    say_password(client)
    client.post("/accounts/email/", {"email": SECOND, "action_add": ""})
    page = page_of(client, "/accounts/email/")
    assert (page.count("Make it the main one"), page.count('type="radio"')) == (1, 0)

    client.post("/accounts/email/", {"email": SECOND, "action_primary": ""})
    client.post("/accounts/email/", {"email": "ada@example.org", "action_remove": ""})

    ada.refresh_from_db()
    assert (ada.email, EmailAddress.objects.get().email) == (SECOND, SECOND)


@pytest.mark.parametrize("login", ["ada", "ada@example.org"])
def test_a_wrong_password_is_told_in_our_words(client, login):
    person("ada")

    answer = client.post("/accounts/login/", {"login": login, "password": "wrong horse battery"})

    assert "password do not belong together." in answer.content.decode()


def test_the_code_and_both_confirmations_are_asked_in_our_words(client, ada):
    secret = switch_on(client)
    assert "Leave it on" in page_of(client, "/accounts/2fa/totp/deactivate/")
    assert "The codes that you have stop working." in page_of(client, "/accounts/2fa/recovery-codes/generate/")

    client.post("/accounts/logout/")
    client.post("/accounts/login/", {"login": "ada", "password": "correct horse battery"})

    assert "Do not sign in" in page_of(client, "/accounts/2fa/authenticate/")
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret, 1)})
    assert client.get("/me/").status_code == 200
