"""No hidden label reaches a worker or a container: every byte that either gets is searched, with real packs."""

import json
import shutil
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.bundles import SECRETS, entry_files, write_bundle, write_zip
from tests.support.searching import found_in
from tests.support.site import ROOT, Site
from tests.support.visitor import Visitor
from worker.bench import set_up
from worker.contract import Job, Limits
from worker.pipeline import carry_out
from worker.sandbox import Exit, Mount
from worker.sandbox.process import ProcessSandbox
from worker.settings import read

pytestmark = [pytest.mark.stack, pytest.mark.timeout(1800)]


@dataclass(frozen=True)
class Run:
    """What one container was given: its command and a copy of every mounted file, by its name inside."""

    command: tuple[str, ...]
    files: dict[str, bytes]

    @property
    def phase(self) -> str:
        return self.command[3]

    @property
    def request(self) -> dict:
        return json.loads(self.files["/in/request.json"])

    def tells(self) -> set[str]:
        given = [" ".join(self.command).encode(), *(name.encode() for name in self.files), *self.files.values()]
        return set().union(*(found_in(data, SECRETS) for data in given))


@dataclass
class RecordingSandbox:
    """Runs the real programs, and remembers what they were given."""

    inner: ProcessSandbox
    runs: list[Run] = field(default_factory=list)
    name: str = "process"

    def image_id(self, image: str) -> str:
        return self.inner.image_id(image)

    def run(
        self,
        image: str,
        command: Sequence[str],
        *,
        mounts: Sequence[Mount],
        output: Path,
        limits: Limits,
        stop: threading.Event,
        label: str,
    ) -> Exit:
        self.runs.append(Run(tuple(command), {each.target: each.source.read_bytes() for each in mounts}))
        return self.inner.run(image, command, mounts=mounts, output=output, limits=limits, stop=stop, label=label)

    def reap(self) -> int:
        return self.inner.reap()


@dataclass(frozen=True)
class Received:
    """What one worker saw of one job: its containers' files, and all that is left in its scratch folder."""

    runs: list[Run]
    scratch: list[bytes]


def work(site: Site, job: Job, scratch: Path) -> Received:
    told = {
        "FIXPOINT_BROKER_URL": "memory://",
        "FIXPOINT_PLATFORM_URL": site.url,
        "FIXPOINT_WORKER_NAME": "tester",
        "FIXPOINT_WORKER_SCRATCH": str(scratch),
        "FIXPOINT_CODECARBON": "no",
    }
    sandbox = RecordingSandbox(ProcessSandbox(worker=scratch.name, model=ROOT))
    bench = set_up(read(told), sandbox)
    try:
        carry_out(job, bench)
    finally:
        bench.platform.close()
    kept = [path.read_bytes() for path in scratch.rglob("*") if path.is_file()]
    shutil.rmtree(scratch)
    return Received(sandbox.runs, kept)


def test_no_worker_and_no_container_can_know_a_hidden_label(tmp_path):
    with Site(tmp_path / "home") as site, Visitor(site.url) as visitor:
        site.manage("task_import", str(write_bundle(tmp_path / "bundle")))
        material = [work(site, job, tmp_path / f"scratch-{number}") for number, job in enumerate(site.jobs())]
        visitor.sign_up()
        dataset = visitor.upload(write_zip(tmp_path / "entry.zip", entry_files(train=8, val=2)), task="numerals")
        [ingestion] = [work(site, job, tmp_path / "scratch-ingest") for job in site.jobs()]
        visitor.wait(dataset, "Accepted", seconds=5)
        entry = visitor.enter(dataset)
        [job] = site.jobs()
        evaluation = work(site, job, tmp_path / "scratch-evaluate")
        visitor.wait(entry, "Scored", seconds=5)

    [hidden] = [each for each in material if each.runs[0].request["layout"] == "flat"]
    [book] = [each for each in material if each is not hidden]
    assert [run.phase for run in evaluation.runs] == ["train", "predict"]
    assert set(evaluation.runs[0].files) == {"/in/request.json", "/in/pack.safetensors"}
    assert set(evaluation.runs[1].files) == {"/in/request.json", "/in/hidden.safetensors", "/in/weights.safetensors"}
    for received in (hidden, evaluation):
        assert [run.tells() for run in received.runs] == [set() for _ in received.runs]
        assert received.scratch
        assert set().union(*(found_in(data, SECRETS) for data in received.scratch)) == set()

    # The same search over what does name classes finds them: it would not have missed them above.
    for received in (book, ingestion):
        assert received.runs[0].tells() == {"klasse-eins", "klasse-zwei"}
