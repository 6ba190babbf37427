"""An entry that its owner takes back: whatever state it is in, no container of it runs two seconds later."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.campaign.leftovers import leftovers
from tests.faults.campaign.people import SLUG, Person, fresh_archive
from tests.faults.campaign.proxy import Request
from tests.faults.campaign.stack import Stack
from tests.faults.campaign.waiting import wait_until
from tests.support.bundles import write_bundle
from worker.sandbox.tree import WORKER_MARK, marked

pytestmark = [
    pytest.mark.docker,
    pytest.mark.postgres,
    pytest.mark.bubblewrap,
    pytest.mark.timeout(600),
]
LIMITS = "{entries_per_day: 1000, entries_total: 1000, train_seconds: 60, memory_gib: 1, cpus: 1}"
BOUND = 2.0
WORKERS = {"docker": "bubblewrap", "bubblewrap": "docker"}
"""Each sandbox, and the worker that is kept from work meanwhile."""


@pytest.fixture(scope="module")
def dataset(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Person, str]]:
    """An accepted dataset of a task with eight seeds, so that training takes eight seconds."""
    folder = tmp_path_factory.mktemp("cancel")
    stack.manage("task_import", str(write_bundle(folder, label_book=False, seeds=8, limits=LIMITS)), "--wait")
    person = Person(stack.url, "owner")
    with person.visitor:
        person.visitor.sign_up()
        page = person.visitor.upload(fresh_archive(folder / "entry.zip", "cancel"), task=SLUG)
        person.visitor.wait(page, "Accepted", seconds=120)
        yield person, page


@pytest.fixture(scope="module", params=WORKERS)
def sandbox(request: pytest.FixtureRequest, stack: Stack) -> Iterator[str]:
    """Only the worker with this sandbox takes entries; one after the other, as a worker takes seconds to come up."""
    stack.program(WORKERS[request.param]).kill()
    yield request.param
    stack.program(WORKERS[request.param]).let_go()


class Gate:
    """Holds requests back until it is opened."""

    def __init__(self, method: str) -> None:
        self.method = method
        self.reached, self.open = threading.Event(), threading.Event()

    def __call__(self, request: Request) -> None:
        if request.method == self.method and not self.open.is_set():
            self.reached.set()
            self.open.wait(30)


@pytest.fixture
def gate(stack: Stack) -> Iterator[type[Gate]]:
    yield Gate
    stack.proxy.holding = lambda _: None


def running(stack: Stack) -> list[int]:
    """Processes of all containers and bubblewrap sandboxes of this stack."""
    inside = [pid for worker in stack.workers for pid in marked(f"{WORKER_MARK}={worker}")]
    return [*inside, *(int(path.parent.name) for path in Path("/proc").glob("[0-9]*/cgroup") if _is_ours(path, stack))]


def _is_ours(path: Path, stack: Stack) -> bool:
    try:
        return f"/{stack.folder.name}/" in path.read_text()
    except OSError:
        return False


def cancel(person: Person, entry: str) -> float:
    """The moment in which the answer was there."""
    person.visitor.cancel(entry)
    return time.monotonic()


def cancelled(stack: Stack, person: Person, entry: str) -> float:
    """Cancel; the seconds from the answer until nothing runs any more."""
    return stopped(stack, person, entry, cancel(person, entry))


def stopped(stack: Stack, person: Person, entry: str, answered: float) -> float:
    """The seconds from then until nothing runs any more, as of the look that found nothing."""
    while (looked := time.monotonic()) and running(stack):
        assert looked - answered < 10, "it runs on"
        time.sleep(0.01)
    assert person.visitor.state(entry) == "Cancelled"
    return looked - answered


def let_in(stack: Stack, answered: float) -> None:
    """Open the gate once the worker has heard of the cancel by a heartbeat, not by the answer to its next report.

    A heartbeat is noted before its answer is on the way back; whatever is told after it, by whichever program, has let
    seconds go by in which it was read. There is none after the one that told it, which may have come already.
    """
    assert stack.proxy.notes.wait("heartbeat", answered, 10)
    for _ in range(3):
        assert stack.proxy.notes.wait("hello", time.monotonic(), 15)
    stack.proxy.holding.open.set()


def tidy(stack: Stack) -> None:
    known = frozenset(each for each in leftovers(stack) if each.startswith("mount"))
    wait_until(lambda: not leftovers(stack, known), "the end of tidying up", 120)


def test_a_queued_entry_never_starts(stack: Stack, dataset: tuple[Person, str]):
    person, page = dataset
    for name in WORKERS:
        stack.program(name).kill()
    entry = person.visitor.enter(page)
    began = time.monotonic()
    assert cancelled(stack, person, entry) < BOUND
    for name in WORKERS:
        stack.program(name).let_go()
    another = person.visitor.enter(page)
    assert stack.proxy.notes.wait("started:train", began, 120)
    started = [path for at, name, path in stack.proxy.notes.seen if at > began and name == "started:train"]
    assert [another.strip("/").rpartition("/")[2] in path for path in started] == [True]
    assert cancelled(stack, person, another) < BOUND
    assert "not charged" in person.visitor.look(entry)
    tidy(stack)


def test_an_entry_that_is_being_staged_starts_no_container(stack: Stack, dataset, sandbox: str, gate: type[Gate]):
    person, page = dataset
    began, stack.proxy.holding = time.monotonic(), gate("GET")
    # What lies in the cache would not be fetched.
    for path in (stack.scratch(sandbox) / "cache").glob("[!.]*"):
        path.unlink()
    entry = person.visitor.enter(page)
    assert stack.proxy.holding.reached.wait(120)
    answered = cancel(person, entry)
    assert stopped(stack, person, entry, answered) < BOUND
    let_in(stack, answered)
    tidy(stack)
    assert "not charged" in person.visitor.look(entry)
    after = [each for each in stack.proxy.notes.seen if each[0] > began]
    assert "started:train" not in [name for _, name, _ in after], after


def test_an_entry_in_training_is_stopped(stack: Stack, dataset, sandbox: str):
    person, page = dataset
    began, entry = time.monotonic(), person.visitor.enter(page)
    assert stack.proxy.notes.wait("progress:train", began, 120)
    assert running(stack)
    assert cancelled(stack, person, entry) < BOUND
    tidy(stack)


def test_an_entry_whose_weights_are_being_handed_in_goes_no_further(
    stack: Stack, dataset, sandbox: str, gate: type[Gate]
):
    person, page = dataset
    began, stack.proxy.holding = time.monotonic(), gate("PUT")
    entry = person.visitor.enter(page)
    assert stack.proxy.holding.reached.wait(120)
    answered = cancel(person, entry)
    assert stopped(stack, person, entry, answered) < BOUND
    let_in(stack, answered)
    tidy(stack)
    after = [each for each in stack.proxy.notes.seen if each[0] > began]
    assert "trained:train" not in [name for _, name, _ in after], after


def test_an_entry_in_prediction_is_stopped(stack: Stack, dataset, sandbox: str):
    person, page = dataset
    began, entry = time.monotonic(), person.visitor.enter(page)
    assert stack.proxy.notes.wait("trained:train", began, 120)
    wait_until(lambda: bool(running(stack)), "the prediction", 60)
    assert cancelled(stack, person, entry) < BOUND
    tidy(stack)
