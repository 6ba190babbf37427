"""However a campaign ends, or a test that uses its stack: nothing of it stays on the machine."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.faults.campaign.ending import EndedEarlyError
from tests.faults.campaign.stack import Stack
from tests.faults.campaign.sweeping import MARK, groups, mounts_under, sweep
from tests.faults.campaign.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]
MOMENTS = {"as soon as its folder is there": "", "late": "logs/web.log"}
"""What of the stack is there when the signal comes."""


class FailedError(Exception):
    """A test that fails while it uses a stack."""


@pytest.fixture
def place() -> Iterator[Path]:
    """Where a campaign makes its folder; PostgreSQL's user must be able to enter it, as pytest's folders it cannot."""
    with TemporaryDirectory(prefix="fixpoint-ending-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def campaign(place: Path) -> Iterator[subprocess.Popen[str]]:
    """One that has just been started, that makes its folder there."""
    command = [sys.executable, "-m", "tests.faults.campaign", "--trials", "3", "--stories", str(place / "stories")]
    path = os.pathsep.join([str(ROOT / "platform"), str(ROOT)])
    told = dict(os.environ) | {"TMPDIR": str(place), "PYTHONPATH": path}
    with subprocess.Popen(command, cwd=ROOT, env=told, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


@pytest.mark.parametrize("there", MOMENTS.values(), ids=MOMENTS)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.docker
@pytest.mark.postgres
@pytest.mark.bubblewrap
@pytest.mark.timeout(300)
def test_a_campaign_that_is_ended_during_its_start_leaves_nothing(
    campaign: subprocess.Popen[str], place: Path, there: str, number: signal.Signals
):
    pattern = f"fixpoint-faults-*/{there}".rstrip("/")
    wait_until(lambda: bool(list(place.glob(pattern))), f"the campaign's {pattern}", 120)
    [folder] = place.glob("fixpoint-faults-*")
    campaign.send_signal(number)
    wait_until(lambda: campaign.poll() is not None and not remains(folder, campaign.pid), "nothing to remain", 150)
    assert campaign.returncode == 128 + number


@pytest.mark.docker
@pytest.mark.postgres
@pytest.mark.bubblewrap
@pytest.mark.timeout(300)
def test_a_stack_in_which_a_test_fails_leaves_nothing_whatever_the_test_did_to_its_engine():
    stack = Stack()
    with pytest.raises(FailedError), stack:
        fail_without_an_engine(stack)
    assert not remains(stack.folder, os.getpid())


def fail_without_an_engine(stack: Stack) -> None:
    """As a test does that broke the Engine, with a container in it."""
    assert stack.engine is not None
    stack.engine.docker("run", "--detach", "--network", "none", "fixpoint-standin-model", "sleep", "600")
    assert groups(stack.folder)
    stack.engine.program.kill()
    raise FailedError


def test_a_stack_that_is_ended_before_it_starts_has_begun_nothing():
    def end() -> None:
        raise EndedEarlyError

    stack = Stack(check=end)
    with pytest.raises(EndedEarlyError), stack:
        pytest.fail("It started.")
    assert not hasattr(stack, "folder")


def test_what_bears_the_name_of_a_stack_is_swept_away_and_nothing_else(tmp_path: Path):
    wait = [sys.executable, "-c", "import time; time.sleep(60)"]
    own, other = ({MARK: str(tmp_path / name)} for name in ("own", "other"))
    with subprocess.Popen(wait, env=own) as swept, subprocess.Popen(wait, env=other) as spared:
        # Between fork and exec it still has our environment, and during exec none.
        for each in (swept, spared):
            told = Path(f"/proc/{each.pid}/environ")
            wait_until(lambda told=told: f"{MARK}={tmp_path}".encode() in told.read_bytes(), "its environment", 60)
        sweep(tmp_path / "own")
        assert swept.wait(60) == -signal.SIGKILL
        assert spared.poll() is None
        spared.kill()


def remains(folder: Path, pid: int) -> list[str]:
    """Processes that name the folder, its mounts, its groups, and the network and cable of the campaign's process."""
    networks = [*Path("/run/netns").glob(f"fpf{pid}*"), *Path("/sys/class/net").glob(f"fpf{pid}*")]
    found = [*mounts_under(folder), *groups(folder), *networks, *folder.parent.glob(folder.name)]
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
        except OSError:
            continue  # it has ended
        if str(folder).encode() in told:
            found.append(process)
    return [str(each) for each in found]
