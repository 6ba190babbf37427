"""A short campaign with every kind of fault, and the drawing of its plans."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.campaign.kinds import KINDS, available
from tests.faults.campaign.machine import missing_parts
from tests.faults.campaign.plan import plans
from tests.faults.campaign.tally import Tally
from tests.faults.campaign.trial import Told

ROOT = Path(__file__).resolve().parents[2]
TRIALS, SEED, LANES = 10, 45, 2


def test_the_same_seed_draws_the_same_plans():
    assert list(plans(7, 50, KINDS, 6)) == list(plans(7, 50, KINDS, 6))
    assert list(plans(7, 50, KINDS, 6)) != list(plans(8, 50, KINDS, 6))


def test_every_kind_of_fault_comes_as_often_as_any_other():
    drawn = Counter(strike.kind for plan in plans(3, 200, KINDS, 6) for strike in plan.strikes)
    assert set(drawn) == set(KINDS)
    assert max(drawn.values()) - min(drawn.values()) <= 1


def test_a_part_that_is_missing_leaves_its_faults_out():
    assert set(KINDS) - set(available({"engine": "not installed"})) == {"engine restarted"}
    assert not set(available({"network": "", "mounts": "", "clock": ""})) & {"clock of web", "disk full: redis"}


def test_the_sums_of_a_campaign_name_each_kind_of_violation():
    tally = Tally()
    plan = next(plans(1, 1, KINDS, 6))
    tally.add(Told(plan, states=["scored"]))
    assert json.loads(tally.line()) == {
        "trials": 1, "lost": 0, "doubled": 0, "mischarged": 0, "left_over": 0, "illegal": 0,
    }  # fmt: skip
    assert tally.is_clean


@pytest.mark.docker
@pytest.mark.postgres
@pytest.mark.bubblewrap
@pytest.mark.timeout(900)
def test_a_short_campaign_with_every_fault_finds_nothing_wrong(tmp_path):
    struck = {strike.kind for plan in plans(SEED, TRIALS, available(missing_parts()), 6) for strike in plan.strikes}
    assert struck == set(available(missing_parts()))
    command = [sys.executable, "-m", "tests.faults.campaign", "--trials", str(TRIALS), "--seed", str(SEED)]
    told = subprocess.run(
        [*command, "--lanes", str(LANES), "--stories", str(tmp_path)], cwd=ROOT, capture_output=True, text=True
    )
    last = told.stdout.strip().rpartition("\n")[2]
    clean = {"lost": 0, "doubled": 0, "mischarged": 0, "left_over": 0, "illegal": 0}
    assert json.loads(last) == {"trials": TRIALS} | clean, told.stdout + told.stderr
    assert told.returncode == 0
