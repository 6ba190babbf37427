"""Signing up, in and out; roles; passwords kept by Argon2."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import identify_hasher, make_password
from django.db import IntegrityError

from fixpoint.settings import PASSWORD_HASHERS
from tests.support.platform import person

User = get_user_model()
PASSWORD = "a numeral is no password 7"


def sign_up(client, name: str = "ada", email: str = "ada@example.org", password: str = PASSWORD):
    fields = {"username": name, "email": email, "password1": password, "password2": password}
    return client.post("/accounts/signup/", fields)


@pytest.mark.django_db
def test_whoever_signs_up_is_a_participant_and_signed_in(client):
    assert sign_up(client).status_code == 302
    user = User.objects.get(username="ada")
    assert (user.role, user.is_organizer, user.is_staff) == ("participant", False, False)
    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.mark.django_db
def test_nobody_makes_themselves_an_organizer(client):
    fields = {"username": "eve", "email": "eve@example.org", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/accounts/signup/", fields | {"role": "organizer", "is_staff": "on", "is_superuser": "on"})
    user = User.objects.get(username="eve")
    assert (user.is_organizer, user.is_staff, user.is_superuser) == (False, False, False)


@pytest.mark.django_db
@pytest.mark.parametrize("password", ["short", "123456789012", "password123", "adaadaadaada"])
def test_a_password_that_is_easily_guessed_is_refused(client, password):
    assert sign_up(client, name="adaadaadaada", password=password).status_code == 200
    assert not User.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("login", ["ada", "ada@example.org"])
def test_one_signs_in_by_name_or_address_and_out_again(client, login):
    person("ada")
    client.post("/accounts/login/", {"login": login, "password": "correct horse battery"})
    assert "_auth_user_id" in client.session
    client.get("/accounts/logout/")
    assert "_auth_user_id" in client.session, "a link alone signs nobody out"
    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_a_wrong_password_opens_nothing(client):
    person("ada")
    client.post("/accounts/login/", {"login": "ada", "password": "wrong horse battery"})
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_a_name_and_an_address_belong_to_one_person():
    person("ada")
    with pytest.raises(IntegrityError):
        User.objects.create_user("bob", "ada@example.org", PASSWORD)


@pytest.mark.django_db
def test_an_organizer_is_one_by_role_and_a_superuser_is_one_too():
    assert person("olga", role="organizer").is_organizer
    assert User.objects.create_superuser("root", "root@example.org", PASSWORD).is_organizer


def test_passwords_are_kept_by_argon2(settings):
    settings.PASSWORD_HASHERS = PASSWORD_HASHERS
    assert identify_hasher(make_password(PASSWORD)).algorithm == "argon2"
