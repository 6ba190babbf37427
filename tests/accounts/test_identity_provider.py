"""Signing in by an identity provider, a real one that speaks OpenID Connect: who somebody is, and no more."""

import httpx
import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client

from fixpoint.accounts.models import User
from tests.support.identity_provider import CLIENT, SECRET, IdentityProvider
from tests.support.platform import person

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


@pytest.fixture
def provider(settings):
    with IdentityProvider() as provider:
        settings.OIDC_SERVER_URL, settings.OIDC_NAME = provider.url, "Uni Login"
        settings.FORM_TARGETS = [provider.url]
        app = {
            "provider_id": "oidc",
            "name": "Uni Login",
            "client_id": CLIENT,
            "secret": SECRET,
            "settings": {"server_url": provider.url},
        }
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
        yield provider


def go_by(client: Client, *, process: str = "login"):
    """The button, the provider, and back: what is answered then."""
    to = client.post(f"/accounts/oidc/oidc/login/?process={process}")
    assert to.status_code == 302
    back = httpx.get(to.headers["Location"], trust_env=False).headers["Location"]
    assert back.startswith("http://testserver/accounts/oidc/oidc/login/callback/?")
    return client.get(back.removeprefix("http://testserver"))


def test_a_newcomer_is_signed_up_and_in_under_the_name_that_is_told(client, provider):
    page = client.get("/accounts/login/")
    assert "Go on with Uni Login" in page.content.decode()
    assert f"form-action 'self' {provider.url};" in page.headers["Content-Security-Policy"]

    go_by(client)

    user = User.objects.get()
    assert client.session["_auth_user_id"] == str(user.pk)
    assert (user.username, user.email, user.is_organizer, user.is_staff) == ("ada", "ada@example.org", False, False)
    assert not user.has_usable_password()
    assert EmailAddress.objects.get().verified
    assert not SocialToken.objects.exists(), "what the provider gave is not kept"


def test_the_same_person_comes_back_to_the_same_account(client, provider):
    go_by(client)
    provider.person |= {"preferred_username": "countess", "email": "new@example.org"}
    other = Client()

    go_by(other)

    assert other.session["_auth_user_id"] == str(User.objects.get().pk)


def test_what_a_provider_says_makes_nobody_an_organizer(client, provider):
    provider.person |= {"role": "organizer", "is_staff": True, "is_superuser": True, "groups": ["admin"]}

    go_by(client)

    user = User.objects.get()
    assert (user.is_organizer, user.is_staff, user.is_superuser) == (False, False, False)


def test_an_address_that_is_somebodys_already_opens_nothing(client, provider):
    person("ada")

    answer = go_by(client)

    assert answer.headers["Location"] == "/accounts/3rdparty/signup/"
    assert "_auth_user_id" not in client.session
    assert not SocialAccount.objects.exists()
    assert "One step more" in client.get("/accounts/3rdparty/signup/").content.decode()


def test_one_connects_it_to_an_account_and_takes_it_off_again(client, provider):
    person("ada")
    client.post("/accounts/login/", {"login": "ada", "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert "not connected" in client.get("/me/account/").content.decode()

    go_by(client, process="connect")

    account = SocialAccount.objects.get()
    assert "Uni Login" in client.get("/accounts/3rdparty/").content.decode()
    assert ">connected<" in client.get("/me/account/").content.decode()
    client.post("/accounts/3rdparty/", {"account": account.pk})
    assert not SocialAccount.objects.exists()


def test_a_token_that_is_for_another_site_opens_nothing(client, provider):
    provider.audience = "another site"

    answer = go_by(client)

    assert "Signing in did not work" in answer.content.decode()
    assert not User.objects.exists()


def test_an_answer_that_nobody_asked_for_opens_nothing(client, provider):
    answer = client.get("/accounts/oidc/oidc/login/callback/?code=x&state=y")

    assert "_auth_user_id" not in client.session
    assert "Signing in did not work" in answer.content.decode()


def test_a_link_alone_leads_nobody_to_the_provider(client, provider):
    assert client.get("/accounts/oidc/oidc/login/").status_code == 200
