"""The people of the campaign: they upload, enter and cancel over HTTP, and ask again where the site is away."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import httpx

from tests.faults.campaign.checks import Entered
from tests.support.bundles import picture, write_zip
from tests.support.names import CLASSES
from tests.support.visitor import RUNNING, UnexpectedPageError, Visitor

PATIENCE = 60.0
PAUSE = 0.3
SLUG = "numerals"
T = TypeVar("T")


class Person:
    """Somebody with a browser. What the site confirms is noted in `entered`."""

    def __init__(self, url: str, name: str) -> None:
        self.visitor = Visitor(url, name)
        self.visitor.http.timeout = httpx.Timeout(15.0)
        self.entered = Entered()
        self._lock = threading.Lock()

    def upload(self, archive: Path) -> str:
        """The path of the new dataset's page."""

        def ask() -> str:
            with self._lock:
                self.entered.dataset_tries += 1
            path = self.visitor.upload(archive, task=SLUG, name=archive.stem)
            with self._lock:
                self.entered.datasets.append(_id(path, "datasets"))
            return path

        return insist(ask)

    def enter(self, dataset: str) -> str:
        """The path of the new entry's page."""

        def ask() -> str:
            with self._lock:
                self.entered.entry_tries += 1
            path = self.visitor.enter(dataset)
            with self._lock:
                self.entered.entries.append(_id(path, "entries"))
            return path

        return insist(ask)

    def cancel(self, entry: str) -> None:
        """Take it back."""
        insist(lambda: self.visitor.cancel(entry))

    def settle(self, dataset: str, seconds: float = PATIENCE) -> str:
        """The state of a dataset once it is over, or at the end of these seconds."""
        deadline = time.monotonic() + seconds
        while (state := insist(lambda: self.visitor.state(dataset))) in RUNNING and time.monotonic() < deadline:
            time.sleep(PAUSE)
        return state


def insist(ask: Callable[[], T]) -> T:
    """Until the site answers. Raises what was wrong last."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return ask()
        except (httpx.HTTPError, UnexpectedPageError):
            if time.monotonic() > deadline:
                raise
            time.sleep(PAUSE)


def fresh_archive(path: Path, seed: str) -> Path:
    """A zip that nobody has sent before: six small images."""
    first = random.Random(seed).randrange(2**31)
    files = {
        f"{split}/{name}/{number}.png": picture(first + 100 * label + 10 * place + number)
        for label, name in enumerate(CLASSES)
        for place, (split, amount) in enumerate((("train", 2), ("val", 1)))
        for number in range(amount)
    }
    return write_zip(path, files)


def _id(path: str, kind: str) -> str:
    parts = path.strip("/").split("/")
    if parts[0] != kind:
        raise UnexpectedPageError(f"{path} is not the page of one of the {kind}.")
    return parts[1]
