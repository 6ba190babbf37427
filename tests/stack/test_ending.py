"""`up` ends as a whole: whatever ends it, and whatever was going on, nothing of the stack remains."""

import signal
import time

import pytest

from tests.support.visitor import Visitor

pytestmark = [pytest.mark.stack, pytest.mark.timeout(1800), pytest.mark.usefixtures("terminal_signals")]
PROGRAMS = {
    "supervisord": "supervisor.supervisord",
    "redis": "redis-server",
    "web": "uvicorn",
    "jobs": "fixpoint.celery worker -Q platform ",
    "chores": "fixpoint.celery worker -Q platform.chores ",
    "beat": "fixpoint.celery beat",
    "ingest": "-Q ingest",
    "evaluate": "-Q evaluate",
}


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_nothing_remains_of_a_stack_at_rest(start, sandbox, ending):
    stack = start(sandbox)
    before = stack.processes().values()
    missing = {name for name, word in PROGRAMS.items() if not any(word in each.command for each in before)}
    assert missing == set()
    stack.process.send_signal(ending)
    stack.process.wait(timeout=120)
    assert [each.command for each in before if each.is_alive] == []


def test_nothing_remains_of_a_stack_that_was_training(start, sandbox, bundle, longer_entry):
    stack = start(sandbox)
    stack.import_task(bundle)
    with Visitor(stack.url) as visitor:
        visitor.sign_up()
        dataset = visitor.upload(longer_entry, task="numerals")
        visitor.wait(dataset, "Accepted", seconds=180)
        entry = visitor.enter(dataset)
        deadline = time.monotonic() + 300
        while not visitor.epoch(entry):
            assert time.monotonic() < deadline, visitor.look(entry)
    before = stack.processes().values()
    assert any("fixed_model" in each.command for each in before), "it was in mid-training"
    stack.process.send_signal(signal.SIGTERM)
    stack.process.wait(timeout=120)
    assert [each.command for each in before if each.is_alive] == []
