"""What the worker tells of itself every few seconds, and whether it may take jobs: the platform's list of workers."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from platform import machine, python_version

import structlog

from worker.bench import Bench
from worker.contract import Duty, Hello
from worker.platform_client import RefusedError, UnreachableError
from worker.sandbox import SandboxError

FIRST_INTERVAL = 5.0
"""Seconds, until the platform says how often it wants to hear."""
SHORTEST = 0.1
TIMEOUT = 5.0
CPUS = Path("/proc/cpuinfo")
TOLD = ("celery", "codecarbon", "docker", "httpx")
log = structlog.get_logger()


class Presence:
    """Tells in a thread of its own. What the platform said last holds; one that never answered forbids nothing."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._interval = FIRST_INTERVAL
        self._instance = secrets.token_hex(8)
        self._duty = Duty.WORK
        self._is_heard = True
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="presence", daemon=True)

    @property
    def may_work(self) -> bool:
        """Whether to take jobs."""
        return self._duty is Duty.WORK

    def start(self) -> None:
        """Tell once before the first job can come, then again and again."""
        if not self._bench.settings.token:
            log.warning("without FIXPOINT_WORKER_TOKEN the platform neither lists this worker nor can drain it")
            return
        self.tell()
        self._thread.start()

    def stop(self) -> None:
        """Tell no more."""
        self._done.set()
        if self._thread.is_alive():
            self._thread.join()

    def tell(self) -> None:
        """One hello; a platform that is away is no reason to stop."""
        settings = self._bench.settings
        try:
            orders = self._bench.platform.hello(
                description(self._bench, self._instance), settings.token, timeout=TIMEOUT
            )
        except (UnreachableError, RefusedError) as error:
            self._note(log.warning, is_heard=False, reason=str(error))
        else:
            self._note(log.info, is_heard=True)
            if orders.duty is not self._duty:
                log.info("new orders", duty=str(orders.duty))
            self._duty = orders.duty
            self._interval = max(SHORTEST, orders.hello_seconds)

    def _note(self, say: Callable[..., object], *, is_heard: bool, **facts: str) -> None:
        """Only what changed: a platform that is away for an hour is one line."""
        if is_heard is not self._is_heard:
            say(
                "the platform hears of this worker" if is_heard else "the platform does not hear of this worker",
                **facts,
            )
        self._is_heard = is_heard

    def _keep(self) -> None:
        while not self._done.wait(self._interval):
            try:
                self.tell()
            except Exception:
                log.exception("a hello failed; the next one comes all the same")


def description(bench: Bench, instance: str) -> Hello:
    """This worker as it is now: the image may have been built anew, the Engine may be away.

    Only what is known of the image: to ask it takes a container, which beside a job would be metered with it.
    """
    settings = bench.settings
    try:
        image = bench.sandbox.image_id(settings.model_image)
        digests = bench.recipes.known(image)
    except SandboxError:
        image, digests = "", {}  # told as what it is: a worker that holds no recipe
    return Hello(
        worker=settings.name,
        instance=instance,
        queues=settings.queues,
        sandbox=bench.sandbox.name,
        image=image,
        device=f"{settings.device} of {processor()}",
        gpu=settings.gpu,
        versions={"python": python_version(), **{name: version(name) for name in TOLD}},
        recipe_digests=digests,
    )


def processor() -> str:
    """The processor's name and how many of it the system has."""
    lines = CPUS.read_text().splitlines() if CPUS.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{len(names)} x {names[0]}" if names else machine()
