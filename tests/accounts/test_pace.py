"""Brakes: on passwords, sign-ups, JSON and uploads; by person and by address, as a proxy tells it; counted together."""

import time
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.cache import cache
from django.db.utils import OperationalError
from django.test import Client, RequestFactory

from fixpoint.accounts.pace import TooFastError, pace_expect
from fixpoint.error_pages import error_page
from tests.support.platform import open_task, person

PASSWORD = "correct horse battery"


def sign_in(client: Client, password: str, **headers: str):
    return client.post("/accounts/login/", {"login": "ada", "password": password}, headers=headers)


@pytest.mark.django_db
def test_a_password_cannot_be_tried_for_long_from_wherever_it_is(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    person("ada")
    for number in range(5):
        sign_in(Client(), "wrong", **{"X-Forwarded-For": f"198.51.100.{number}"})

    client = Client()
    page = sign_in(client, PASSWORD, **{"X-Forwarded-For": "198.51.100.77"})

    assert "_auth_user_id" not in client.session
    assert b"Too many wrong passwords" in page.content


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "status"), [("/accounts/signup/", 200), ("/accounts/password/reset/", 302)])
def test_one_address_is_slowed_and_another_is_not(settings, address, status):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    client = Client(headers={"X-Forwarded-For": "203.0.113.9, 198.51.100.1"})
    for number in range(20):
        assert client.post(address, {"email": f"{number}@example.org"}).status_code == status

    sent = {"email": "more@example.org"}
    slowed = client.post(address, sent)

    assert (slowed.status_code, slowed.headers["Retry-After"]) == (429, "60")
    assert b"Too much at once" in slowed.content
    forged = Client(headers={"X-Forwarded-For": "192.0.2.50, 198.51.100.1"})
    assert forged.post(address, sent).status_code == 429, "what a client says of itself in front does not count"
    other = Client(headers={"X-Forwarded-For": "198.51.100.2"})
    assert other.post(address, sent).status_code == status


@pytest.mark.django_db
def test_without_a_proxy_nobody_chooses_their_own_address():
    for number in range(21):
        answer = Client(headers={"X-Forwarded-For": f"198.51.100.{number}"}).post("/accounts/signup/", {})

    assert answer.status_code == 429


@pytest.mark.django_db
def test_programs_are_told_when_to_come_again(settings, client):
    settings.PACES = settings.PACES | {"json": (2, 3600)}
    open_task("numerals")
    address = "/tasks/numerals/board.json"
    assert [client.get(address).status_code for _ in range(3)] == [200, 200, 429]

    told = client.get(address)
    page = client.get(address, headers={"Accept": "text/html"})

    assert 1 <= int(told.headers["Retry-After"]) <= 3600
    assert told.content.decode().startswith("Too many requests. Try again in ")
    assert page.status_code == 429
    assert "<h1>Too much at once</h1>" in page.content.decode()
    client.force_login(person("ada"))
    assert client.get(address).status_code == 200, "a person is counted apart from the address"


@pytest.mark.parametrize(("most", "seconds"), [(2, 60), (2, 3600)])
def test_a_while_begins_with_the_first_that_is_asked_in_it_and_not_with_the_clocks(settings, most, seconds):
    settings.PACES = {"json": (most, seconds)}
    cache.clear()
    with time_machine.travel(datetime(2031, 5, 1, 11, 59, 59, tzinfo=UTC), tick=False) as clock:
        pace_expect(kind="json", who="somebody")
        clock.shift(2)
        pace_expect(kind="json", who="somebody")
        with pytest.raises(TooFastError) as refused:
            pace_expect(kind="json", who="somebody")
        assert refused.value.again_in == seconds - 2

        clock.shift(seconds - 2)
        for _ in range(most):
            pace_expect(kind="json", who="somebody")


def test_a_kind_without_a_limit_is_not_counted(settings):
    settings.PACES = {"json": (0, 60)}
    for _ in range(10):
        pace_expect(kind="json", who="somebody")


def test_while_redis_is_away_each_process_counts_by_itself(settings):
    away = "redis://127.0.0.1:1/0"
    settings.CACHES = {"default": {"BACKEND": "fixpoint.shared_cache.SharedCache", "LOCATION": away}}
    settings.PACES = {"json": (2, 3600)}
    begun = time.monotonic()
    pace_expect(kind="json", who="away")
    pace_expect(kind="json", who="away")

    with pytest.raises(TooFastError):
        pace_expect(kind="json", who="away")
    assert time.monotonic() - begun < 10


class Away:
    """A person whose session cannot be read."""

    @property
    def is_authenticated(self) -> bool:
        raise OperationalError("The database is away.")


@pytest.mark.parametrize("status", [400, 403, 404, 429])
def test_error_pages_need_no_database(status):
    request = RequestFactory().get("/nowhere/")
    request.user = Away()

    page = error_page(request, status, again_in=60)

    assert page.status_code == status
    assert "See the tasks" in page.content.decode()


def test_who_comes_again_when_it_was_told_is_not_too_early(settings):
    settings.PACES = {"json": (1, 60)}
    with time_machine.travel(1_800_000_000.9, tick=False) as clock:
        pace_expect(kind="json", who="ada")
        clock.shift(10.3)
        with pytest.raises(TooFastError) as told:
            pace_expect(kind="json", who="ada")
        clock.shift(told.value.again_in)
        pace_expect(kind="json", who="ada")
        assert told.value.again_in <= 51
