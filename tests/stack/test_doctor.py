"""`manage.py doctor` beside a whole stack: all of it is examined, the workers as they were started."""

import json
import sqlite3
import time
from contextlib import closing

import pytest

from tests.support.embedded_stack import EmbeddedStack

pytestmark = pytest.mark.stack


def test_a_stack_that_runs_is_well_and_its_own_sandbox_is_the_one_that_is_told(start):
    stack = start("process", FIXPOINT_WORKER_CACHE_BYTES="1")
    deadline = time.monotonic() + 200
    while not has_begun(stack):
        assert time.monotonic() < deadline, stack.logs()
        time.sleep(0.2)
    answer = stack.manage("doctor", "--json")
    found = {each["check"]: (each["level"], each["found"]) for each in json.loads(answer.stdout)["findings"]}
    not_well = {name: level for name, (level, _) in found.items() if level != "ok" and name != "disk"}
    assert (answer.returncode, not_well) == (0, {"worker sandbox": "warn"}), answer.stdout
    assert stack.url in found["worker site"][1]


def has_begun(stack: EmbeddedStack) -> bool:
    """Whether the sweeper has come, waits for the chores, and both workers have told of themselves.

    Read beside Django: a command each time would keep the machine from what is waited for.
    """
    with closing(sqlite3.connect(stack.home / "fixpoint.sqlite3", timeout=20)) as database:
        many = "select (select count(*) from dispatch_sweep), (select count(*) from dispatch_worker)"
        return database.execute(many).fetchone() == (2, 2)
