"""Live progress: follows the lines that training writes, and passes them on while it runs."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import structlog
from pydantic import TypeAdapter, ValidationError

from worker.contract import Progress
from worker.outputs import BadOutputError, MissingOutputError, opened, strict_json
from worker.platform_client import RefusedError, UnreachableError

NAME = "progress.jsonl"
FILE_BYTES = 8 * 1024 * 1024
LINE_BYTES = 4096
BATCH = 1000
INTERVAL = 0.25
log = structlog.get_logger()
_EPOCH = TypeAdapter(Progress)

Say = Callable[[], None]
Prepare = Callable[[tuple[Progress, ...]], Say]
"""Makes a report of some epochs; calling it sends it, and calling it again sends the same."""


def epoch_of(name: str, value: object) -> Progress:
    """One epoch as a program wrote it, held to its ranges. Raises BadOutputError."""
    try:
        # From JSON, since pydantic holds only that strictly without asking for an instance.
        epoch = _EPOCH.validate_json(json.dumps(value), strict=True)
    except ValidationError as error:
        raise BadOutputError(name, "holds an epoch of another shape") from error
    shares = (epoch.accuracy, epoch.val_accuracy)
    numbers = (epoch.loss, epoch.val_loss, *shares)
    is_counted = epoch.seed >= 0 and 1 <= epoch.epoch <= epoch.epochs
    if not (is_counted and all(map(math.isfinite, numbers)) and all(0 <= s <= 1 for s in shares)):
        raise BadOutputError(name, "holds an epoch with impossible numbers")
    return epoch


def history_of(name: str, history: dict[str, Any]) -> tuple[Progress, ...]:
    """All epochs of a history file. Raises BadOutputError."""
    epochs = history.get("epochs")
    if not isinstance(epochs, list) or len(epochs) > FILE_BYTES // 16:
        raise BadOutputError(name, "has no list of epochs")
    return tuple(epoch_of(name, epoch) for epoch in epochs)


class ProgressTail:
    """Follows one output folder in a thread of its own while the `with` block runs; never fails the run."""

    def __init__(self, folder: Path, prepare: Prepare) -> None:
        self._folder = folder
        self._prepare = prepare
        self._offset = 0
        self._waiting: list[Progress] = []
        self._unsent: tuple[Say, int] | None = None
        self._is_given_up = False
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="progress", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    def send_rest(self) -> None:
        """What the program wrote last; after a good end its history tells all epochs, and this is not needed."""
        if not self._is_given_up:
            self._look_and_send()

    def _follow(self) -> None:
        while not self._is_given_up and not self._done.wait(INTERVAL):
            self._look_and_send()

    def _look_and_send(self) -> None:
        try:
            self._look()
            self._send()
        except MissingOutputError:
            return
        except UnreachableError as error:
            log.warning("progress waits", reason=str(error), epochs=len(self._waiting))
        except (BadOutputError, RefusedError) as error:
            log.warning("progress is no longer followed", reason=str(error))
            self._is_given_up = True

    def _look(self) -> None:
        with opened(self._folder, NAME, FILE_BYTES) as file:
            file.seek(self._offset)
            text = file.read(FILE_BYTES)
        whole, newline, rest = text.rpartition(b"\n")
        if len(rest) > LINE_BYTES:
            raise BadOutputError(NAME, "has an endless line")
        self._offset += len(whole) + len(newline)
        self._waiting += [epoch_of(NAME, strict_json(NAME, line)) for line in whole.splitlines()]

    def _send(self) -> None:
        """Send what waits; a report that was not answered is sent again as it was, so that it is known as one."""
        while self._waiting:
            if self._unsent is None:
                batch = tuple(self._waiting[:BATCH])
                self._unsent = self._prepare(batch), len(batch)
            say, count = self._unsent
            say()
            self._unsent = None
            del self._waiting[:count]
