"""`manage.py doctor` beside a whole stack: all of it is examined, the workers as they were started."""

import json
import time

import pytest

pytestmark = pytest.mark.stack
HAS_SWEPT = "from fixpoint.dispatch.models import Sweep; print(Sweep.objects.exists())"


def test_a_stack_that_runs_is_well_and_its_own_sandbox_is_the_one_that_is_told(start):
    stack = start("process", FIXPOINT_WORKER_CACHE_BYTES="1")
    deadline = time.monotonic() + 60
    while stack.ask(HAS_SWEPT) != "True" and time.monotonic() < deadline:
        time.sleep(2)
    answer = stack.manage("doctor", "--json")
    found = {each["check"]: (each["level"], each["found"]) for each in json.loads(answer.stdout)["findings"]}
    not_well = {name: level for name, (level, _) in found.items() if level != "ok" and name != "disk"}
    assert (answer.returncode, not_well) == (0, {"worker sandbox": "warn"}), answer.stdout
    assert stack.url in found["worker site"][1]
