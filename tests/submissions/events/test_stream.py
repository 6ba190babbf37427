"""Streams on a web server as it runs: what they tell, when they end, whom they leave to ask by themselves."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.support.site import Site

SEED = """
import json
from django.test import Client
from tests.pages.rows import entry_of, scored, training
from tests.support.platform import accepted_dataset, open_task, person
owner, stranger = person("owner"), person("stranger")
task = open_task()
def session(user):
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value
running = [training(entry_of(accepted_dataset(owner, task)), [(1.0, 0.5)]) for _ in range(6)]
done = scored(training(entry_of(accepted_dataset(owner, task)), [(1.0, 0.5)]))
print(json.dumps({"owner": session(owner), "stranger": session(stranger), "done": str(done.pk),
                  "running": [str(each.pk) for each in running]}))
"""
EPOCH = """
from fixpoint.submissions.models import Epoch, Submission
entry = Submission.objects.get(pk="{entry}")
number = Epoch.objects.filter(submission=entry).count() + 1
Epoch.objects.create(submission=entry, attempt=1, seed=0, epoch=number, epochs=100, loss=1, accuracy=0.5, val_loss=1,
                     val_accuracy=0.5)
"""
END = """
from fixpoint.submissions.models import Submission
Submission.objects.filter(pk="{entry}").update(status="failed")
"""
MOST_OF_ONE = 2

pytestmark = pytest.mark.own_database


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[Site]:
    told = {"FIXPOINT_MAX_STREAMS_PER_PERSON": str(MOST_OF_ONE)}
    with Site(tmp_path_factory.mktemp("events") / "home", **told) as site:
        yield site


@pytest.fixture(scope="module")
def made(site: Site):
    return json.loads(site.ask(SEED))


@pytest.fixture(scope="module")
def owner(site: Site, made) -> Iterator[httpx.Client]:
    cookies = {"sessionid": made["owner"]}
    with httpx.Client(base_url=site.url, timeout=20, trust_env=False, cookies=cookies) as client:
        yield client


@contextmanager
def stream(client: httpx.Client, entry: str, after: str = "", **headers: str):
    """The blocks of the stream, one at a time."""
    address = f"/entries/{entry}/events/?after={after}"
    with client.stream("GET", address, headers={name.replace("_", "-"): told for name, told in headers.items()}) as got:
        assert got.status_code == 200, got.read()
        assert got.headers["content-type"] == "text/event-stream"
        yield blocks(got)


def blocks(answer: httpx.Response) -> Iterator[list[str]]:
    """Without comments, which are no events: after some silence a line says that it is alive."""
    block: list[str] = []
    for line in answer.iter_lines():
        if line.startswith(":"):
            continue
        if line:
            block.append(line)
        elif block:
            yield block
            block = []


def version(block: list[str]) -> str:
    assert block[1] == "event: changed"
    return block[0].removeprefix("id: ")


def test_a_stream_tells_what_is_new_and_ends_with_the_entry(site: Site, owner: httpx.Client, made):
    entry = made["running"][0]
    with stream(owner, entry) as told:
        assert next(told) == ["retry: 2000"]
        assert version(next(told)) == "1.training.1.0."

        site.ask(EPOCH.format(entry=entry))
        news = next(told)
        assert version(news) == "1.training.2.0."
        assert json.loads(news[2].removeprefix("data: "))["epochs"] == 2

        site.ask(END.format(entry=entry))
        assert version(next(told)) == "1.failed.2.0."
        assert list(told) == [["event: end", "data: failed"]]


def test_who_comes_back_hears_only_what_is_new(site: Site, owner: httpx.Client, made):
    entry = made["running"][1]
    for known in ({"after": "1.training.1.0."}, {"Last_Event_ID": "1.training.1.0.", "after": "1.queued.0.0.3"}):
        with stream(owner, entry, **known) as told:
            assert next(told) == ["retry: 2000"]
            count = site.ask(EPOCH.format(entry=entry) + "print(number)")
            assert version(next(told)) == f"1.training.{count}.0."
            site.ask(f"from fixpoint.submissions.models import Epoch\nEpoch.objects.filter(epoch={count}).delete()")


def test_of_an_entry_that_is_over_the_last_event_is_told_once(owner: httpx.Client, made):
    with stream(owner, made["done"]) as told:
        last, end = list(told)
    assert end == ["event: end", "data: scored"]
    again = owner.get(f"/entries/{made['done']}/events/", headers={"Last-Event-ID": version(last)})
    assert (again.status_code, again.content) == (204, b"")


def test_only_who_sees_the_page_hears_of_it(site: Site, made):
    address = f"{site.url}/entries/{made['running'][1]}/events/"
    strange = httpx.get(address, cookies={"sessionid": made["stranger"]}, trust_env=False)
    nobody = httpx.get(address, trust_env=False)

    assert strange.status_code == 404
    assert nobody.status_code == 302
    assert nobody.headers["location"].startswith("/accounts/login/?next=/entries/")


def test_one_person_has_so_many_streams_and_a_place_is_free_again(owner: httpx.Client, made):
    entry = made["running"][2]
    with stream(owner, entry) as one, stream(owner, entry) as two:
        assert next(one) == next(two) == ["retry: 2000"]
        third = owner.get(f"/entries/{entry}/events/")
        assert (third.status_code, third.headers["retry-after"]) == (429, "30")
    wait_until(lambda: _is_streamed(owner, entry))


def test_the_server_ends_at_once_with_streams_open(site: Site, owner: httpx.Client, made):
    entry = made["running"][3]
    wait_until(lambda: _is_streamed(owner, entry))
    with stream(owner, entry) as told:
        next(told)
        begin = time.monotonic()
        site.stop()
        took = time.monotonic() - begin
        assert not [block for block in told if "event: end" in block]
    site.start()

    assert took < 5
    with stream(owner, entry) as told:
        assert next(told) == ["retry: 2000"]


def _is_streamed(client: httpx.Client, entry: str) -> bool:
    with client.stream("GET", f"/entries/{entry}/events/") as answer:
        return answer.status_code == 200


def wait_until(is_so) -> None:
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)
