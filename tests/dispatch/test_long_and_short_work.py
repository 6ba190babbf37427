"""The platform's own processes, as they are run: what is long in one never keeps the other from what is short."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from celery import Celery

from fixpoint.celery import CHORES, SWEEPS, app
from fixpoint.embedded.programs import OWN, Place, environment, programs
from tests.support.migrated import place_migrated
from tests.worker.redis_server import RedisServer

ROOT = Path(__file__).resolve().parents[2]
TO_EXAMINE = """
import json
from pathlib import Path
from datetime import timedelta
from django.conf import settings
from django.utils import timezone
from fixpoint.dispatch.models import Attempt, Sweep
from fixpoint.submissions.services import submission_enter
from tests.support.bundles import write_zip
from tests.support.ingested import ingested_dataset
from tests.support.patterns import entry
from tests.support.platform import open_task, person
folder = Path(settings.HOME) / "made"
folder.mkdir()
owner, task = person("owner"), open_task()
dataset = ingested_dataset(owner, task, write_zip(folder / "entry.zip", entry()), folder)
subject = submission_enter(owner=owner, dataset=dataset)
now = timezone.now()
Attempt.objects.filter(subject_id=subject.pk).update(
    claimed_at=now, worker="the-silent-one", lease_until=now - timedelta(seconds=1)
)
Sweep.objects.create(pk=1, at=now)
print(json.dumps([str(dataset.pk), dataset.manifest_sha256]))
"""
EXAMINED = "SELECT count(*) FROM datasets_dataset WHERE examined_at IS NOT NULL AND examine_failure = ''"
LOST = "SELECT count(*) FROM dispatch_attempt WHERE outcome = 'lost'"
MARKS = "SELECT count(*) FROM dispatch_sweep WHERE id = 2"


@dataclass
class Installation:
    """A broker, a database and the platform's own processes, by the commands that `manage.py up` runs."""

    place: Place

    def manage(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT, env=environment(self.place), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @contextmanager
    def running(self, name: str) -> Iterator[None]:
        [program] = [each for each in programs(self.place) if each.name == name]
        with (self.place.home / name).open("wb") as log:
            process = subprocess.Popen(
                [*program.command, "-l", "info"], cwd=ROOT, env=environment(self.place), stdout=log, stderr=log
            )
        try:
            wait_for(lambda: "ready." in self.log(name), lambda: self.log(name))
            yield
        finally:
            process.kill()
            process.wait()

    def log(self, name: str) -> str:
        return (self.place.home / name).read_text()

    def send(self, job: str, *arguments: str, queue: str) -> None:
        with Celery("sender", broker=self.place.broker) as sender:
            sender.send_task(job, args=arguments, queue=queue, ignore_result=True)

    def count(self, question: str) -> int:
        database = sqlite3.connect(self.place.home / "fixpoint.sqlite3", timeout=20)
        try:
            return int(database.execute(question).fetchone()[0])
        finally:
            database.close()


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    for name in [each for each in os.environ if each.startswith("FIXPOINT_")]:
        monkeypatch.delenv(name)
    with RedisServer() as broker:
        place = Place(root=ROOT, home=tmp_path, host="127.0.0.1", port=8000, broker=broker.url, sandbox="auto")
        made = Installation(place)
        place_migrated(tmp_path)
        yield made


@pytest.mark.own_database
def test_a_silent_run_is_taken_back_while_an_examination_is_worked_on(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset, manifest = json.loads(installation.manage("shell", "--no-imports", "-v", "0", "-c", TO_EXAMINE))
    # However long its processes take to come up: the platform is not to be taken for one that was away.
    monkeypatch.setenv("FIXPOINT_SWEEP_SECONDS", "1000")
    blob = installation.place.home / "blobs" / manifest[:2] / manifest
    whole = blob.read_bytes()
    blob.unlink()
    os.mkfifo(blob)  # whoever reads the manifest is held here
    with installation.running("jobs"), installation.running("chores"):
        installation.send("fixpoint.datasets.jobs.examine", dataset, queue=CHORES)
        with blob.open("wb") as manifest_line:  # opens when the examination has come to it
            installation.send("fixpoint.dispatch.jobs.sweep", queue=SWEEPS)

            wait_for(lambda: installation.count(LOST) == 1, lambda: installation.log("jobs"))

            assert installation.count(EXAMINED) == 0
            manifest_line.write(whole)
        wait_for(lambda: installation.count(EXAMINED) == 1, lambda: installation.log("chores"))


@pytest.mark.own_database
def test_what_an_earlier_version_left_in_the_sweepers_queue_is_still_done(installation: Installation) -> None:
    installation.send("fixpoint.dispatch.jobs.mark_chores", queue=SWEEPS)

    with installation.running("jobs"):
        wait_for(lambda: installation.count(MARKS) == 1, lambda: installation.log("jobs"))


def test_only_sweeps_are_short_and_each_queue_has_a_process() -> None:
    """A dead mail server holds up whoever speaks to it: notices go the long way, and so does what is added later."""
    app.loader.import_default_modules()
    own = [name for name in app.tasks if name.startswith("fixpoint.")]
    assert {each["task"] for each in app.conf.beat_schedule.values()} < set(own)

    routes = {name: app.amqp.router.route({}, name)["queue"].name for name in own}

    assert [name for name, queue in routes.items() if queue == SWEEPS] == ["fixpoint.dispatch.jobs.sweep"]
    assert set(routes.values()) == {SWEEPS, CHORES} == set(OWN.values())


def wait_for(is_so: Callable[[], bool], told: Callable[[], str]) -> None:
    deadline = time.monotonic() + 120
    while not is_so():
        assert time.monotonic() < deadline, told()
        time.sleep(0.05)
