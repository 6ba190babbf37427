"""Which tests run side by side: two processes eat one list of files from both ends, what waits and what computes."""

from pathlib import PurePosixPath

from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

TOGETHER = ("tests/access", "tests/e2e/as_run", "tests/faults/containment", "tests/faults", "tests/uploads")
"""Folders of which one process runs everything: their files share what is dear to start, or a network of the host."""

WAITING = (
    "tests/faults",
    "tests/compose",
    "tests/stack",
    "tests/test_on_postgres.py",
    "tests/worker",
    "tests/uploads",
    "tests/embedded",
    "tests/organizing/doctor",
    "tests/dispatch/test_jobs_worker.py",
    "tests/dispatch/test_long_and_short_work.py",
)
"""Begun at the front, the longest first: these wait for programs that they start."""

COMPUTING = ("tests/keras", "tests/e2e", "tests/fixed_model", "tests/archives", "tests/access", "tests/benchmarks")
"""Begun at the back, the longest first. Everything else, none of it long, lies between."""


class Lanes(LoadScopeScheduling):
    """Gives a process that is free the next unit of the end that it eats from."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)

    def _assign_work_unit(self, node: WorkerController) -> None:
        if eats_from_the_back(node.gateway.id):
            self.workqueue.move_to_end(next(reversed(self.workqueue)), last=False)
        super()._assign_work_unit(node)


def unit_of(nodeid: str) -> str:
    """The file of a test, or its folder where that stays together: what one process runs in one go."""
    file = PurePosixPath(nodeid.partition("::")[0])
    return next((folder for folder in TOGETHER if file.is_relative_to(folder)), str(file))


def place_of(nodeid: str) -> tuple[int, str]:
    """Where a test's unit lies in the list; a sort by it keeps the order within the unit."""
    unit = unit_of(nodeid)
    path = PurePosixPath(unit)
    for number, folder in enumerate(WAITING):
        if path.is_relative_to(folder):
            return number, unit
    for number, folder in enumerate(COMPUTING):
        if path.is_relative_to(folder):
            return 1000 - number, unit
    return 500, unit


def eats_from_the_back(gateway: str) -> bool:
    """Every second process: gw1, gw3."""
    return int(gateway.removeprefix("gw")) % 2 == 1
