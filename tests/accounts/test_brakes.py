"""Guessing a password is braked, and locks nobody out of their own account."""

import pytest
from django.core.cache import cache

from fixpoint.accounts.adapters import AccountAdapter
from fixpoint.accounts.brakes import network_of
from tests.support.platform import person

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _nothing_counted(db):
    cache.clear()
    yield
    cache.clear()


def sign_in(client, password: str, address: str, login: str = "ada"):
    answer = client.post("/accounts/login/", {"login": login, "password": password}, REMOTE_ADDR=address)
    return "_auth_user_id" in client.session, "Too many wrong passwords" in answer.content.decode()


def guess(client, times: int, address: str) -> None:
    for _ in range(times):
        assert sign_in(client, "wrong horse battery", address)[0] is False


def test_who_is_guessed_at_from_elsewhere_signs_in(client):
    person("ada")
    guess(client, 6, "203.0.113.5")

    assert sign_in(client, PASSWORD, "198.51.100.7") == (True, False)


@pytest.mark.parametrize(
    ("guessing", "neighbour"), [("203.0.113.5", "203.0.113.77"), ("2001:db8:1:2::5", "2001:db8:1:2:ffff::9")]
)
def test_a_network_that_guesses_is_braked_whole(client, guessing, neighbour):
    person("ada")
    guess(client, 6, guessing)

    assert sign_in(client, PASSWORD, neighbour) == (False, True)


def test_one_who_guesses_at_many_names_is_braked(client):
    person("ada")
    for number in range(10):
        sign_in(client, "wrong horse battery", "203.0.113.5", f"somebody-{number}")

    assert sign_in(client, PASSWORD, "203.0.113.5") == (False, True)


def test_guesses_from_everywhere_are_braked_by_the_name_alone(client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login_failed_by_name": "7/h/key"}
    person("ada")
    for number in range(7):
        guess(client, 1, f"203.0.{number}.5")

    assert sign_in(client, PASSWORD, "198.51.100.7") == (False, True)


def test_signing_in_rightly_counts_for_nothing(client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login_failed_by_name": "7/h/key"}
    person("ada")
    for _ in range(8):
        assert sign_in(client, PASSWORD, "198.51.100.7") == (True, False)
        client.logout()


def test_a_new_password_by_mail_clears_both_counts(client, settings, rf):
    from_there = rf.post("/", REMOTE_ADDR="203.0.113.5")
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login_failed_by_name": "5/h/key"}
    person("ada")
    guess(client, 6, "203.0.113.5")
    AccountAdapter(from_there)._delete_login_attempts_cached_email(from_there, username="ada")

    assert sign_in(client, PASSWORD, "203.0.113.5") == (True, False)


def test_a_hundred_an_hour_is_the_limit_of_a_name(settings):
    assert settings.ACCOUNT_RATE_LIMITS["login_failed_by_name"] == "100/h/key"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.5", "203.0.113.0/24"),
        ("::ffff:203.0.113.5", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testserver", "testserver"),
    ],
)
def test_a_network_is_what_one_household_has(address, network):
    assert network_of(address) == network
