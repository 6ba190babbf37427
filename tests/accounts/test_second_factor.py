"""The second factor: set up with an app, asked at signing in, opened by a recovery code, asked of organizers."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from fixpoint.accounts.sessions import user_of
from fixpoint.uploads.people import person_of
from fixpoint.uploads.refusals import UploadRefusedError
from tests.accounts.second_factor import PASSWORD, code_of, say_password, switch_on
from tests.support.platform import person

pytestmark = pytest.mark.django_db


def sign_in(client: Client, name: str = "ada"):
    return client.post("/accounts/login/", {"login": name, "password": PASSWORD})


@pytest.fixture
def ada(client):
    """Signed in by her password, just now."""
    user = person("ada")
    sign_in(client)
    return user


def test_the_picture_of_the_secret_is_drawn_in_the_page_once_the_password_is_said_again(client, ada):
    assert client.get("/accounts/2fa/totp/activate/").headers["Location"].startswith("/accounts/reauthenticate/")
    say_password(client)
    page = client.get("/accounts/2fa/totp/activate/").content.decode()

    assert '<svg role="img" aria-label="The secret as a QR code"' in page
    assert "data:" not in page


def test_a_code_is_asked_after_the_password(client, ada):
    secret = switch_on(client)
    other = Client()

    answer = sign_in(other)

    assert answer.headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert "_auth_user_id" not in other.session
    other.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "_auth_user_id" not in other.session
    other.post("/accounts/2fa/authenticate/", {"code": code_of(secret, 1)})
    assert other.session["_auth_user_id"] == str(ada.pk)


def test_a_recovery_code_opens_the_account_once(client, ada):
    switch_on(client)
    codes = client.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    assert len(codes) == 10
    for expected in (True, False):
        other = Client()
        sign_in(other)
        other.post("/accounts/2fa/authenticate/", {"code": codes[0]})

        assert ("_auth_user_id" in other.session) is expected
    assert b"9 recovery codes left" in client.get("/me/account/").content


def test_no_secret_lies_in_the_database_as_it_is(client, ada):
    secret = switch_on(client)

    assert all(secret not in str(each.data) for each in Authenticator.objects.all())
    seeds = [each.data["seed"] for each in Authenticator.objects.filter(type="recovery_codes")]
    assert all(seed.startswith("gAAAA") for seed in seeds)
    assert len(seeds) == 1


def test_the_factor_is_switched_off_with_a_code_given_lately(client, ada):
    switch_on(client)
    client.post("/accounts/2fa/totp/deactivate/")

    assert not Authenticator.objects.filter(type="totp").exists()


def test_the_account_page_says_whether_it_is_on(client, ada):
    assert "Second factor</dt><dd>off" in client.get("/me/account/").content.decode()
    switch_on(client)
    assert "Second factor</dt><dd>on" in client.get("/me/account/").content.decode()


@pytest.mark.parametrize(("role", "goes"), [("participant", 200), ("organizer", 302)])
def test_where_it_is_required_organizers_set_it_up_before_they_go_on(client, settings, role, goes):
    settings.REQUIRE_MFA_FOR_ORGANIZERS = True
    person("ada", role=role)
    sign_in(client)

    assert client.get("/me/").status_code == goes
    assert client.get("/me/account/").status_code == 200
    switch_on(client)
    assert client.get("/me/").status_code == 200


def beside_django(client: Client, path: str) -> dict[str, object]:
    """A raw request with the session of this client."""
    headers = [(b"host", b"testserver"), (b"cookie", f"sessionid={client.cookies['sessionid'].value}".encode())]
    return {"type": "http", "method": "POST", "path": path, "headers": headers, "query_string": b""}


@pytest.mark.parametrize("role", ["participant", "organizer"])
def test_what_is_answered_beside_django_waits_for_it_too(client, settings, role):
    settings.REQUIRE_MFA_FOR_ORGANIZERS = True
    user = person("ada", role=role)
    sign_in(client)
    scope = beside_django(client, "/uploads/")

    if role == "organizer":
        assert user_of(scope) == AnonymousUser()
        with pytest.raises(UploadRefusedError, match="Organizers of this site also set up a second factor") as refused:
            person_of(scope)
        assert refused.value.status == 401
        switch_on(client)
        scope = beside_django(client, "/uploads/")
    assert user_of(scope) == person_of(scope) == user


def test_without_that_rule_organizers_are_known_beside_django(client):
    user = person("ada", role="organizer")
    sign_in(client)

    assert user_of(beside_django(client, "/uploads/")) == user


def test_nobody_is_required_to_have_it_by_default(client):
    person("ada", role="organizer")
    sign_in(client)

    assert client.get("/me/").status_code == 200
