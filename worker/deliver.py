"""Handing in what a phase left: each output checked and hashed, small ones for the report, others PUT at once."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Callable, Iterator
from io import BufferedReader
from pathlib import Path

from worker.contract import INLINE_BYTES, Delivered, Output, Phase, Stage
from worker.fault import ours
from worker.lease import Lease
from worker.outputs import BadOutputError, MissingOutputError, check_shape, opened
from worker.platform_client import ExpiredError, Platform, RefusedError

PIECE = 1024 * 1024
TRIES = 3
REQUIRED = {
    Phase.INGEST: frozenset({"pack.safetensors", "manifest.json", "looks.safetensors", "thumbnails.safetensors"}),
    Phase.TRAIN: frozenset({"weights.safetensors", "dynamics.safetensors"}),
    Phase.PREDICT: frozenset({"logits.safetensors"}),
}

Look = Callable[[str], Output]
"""The current Output of a name, or KeyError."""


class Delivery:
    """Takes outputs of one attempt to the store."""

    def __init__(self, platform: Platform, lease: Lease) -> None:
        self._platform = platform
        self._lease = lease
        self._room = INLINE_BYTES

    def hand_in(self, stage: Stage, folder: Path, look: Look, renew: Callable[[], None]) -> tuple[Delivered, ...]:
        """Every output that the stage names and the program wrote. Raises WeAreAtFault, AttemptOverError."""
        return tuple(
            delivered
            for output in stage.outputs
            if (delivered := self._one(stage.phase, folder, output.name, look, renew)) is not None
        )

    def _one(self, phase: Phase, folder: Path, name: str, look: Look, renew: Callable[[], None]) -> Delivered | None:
        for _ in range(TRIES):
            try:
                return self._lease.insist(lambda: self._put(folder, look(name)))
            except ExpiredError:
                renew()
            except RefusedError as error:
                raise ours("output-refused", f"The output {name} was not taken: {error}") from error
            except MissingOutputError as error:
                if name in REQUIRED[phase]:
                    raise ours("missing-output", str(error)) from error
                return None
            except BadOutputError as error:
                raise ours("bad-output", str(error)) from error
        raise ours("output-refused", f"The address for the output {name} was past its time, {TRIES} times.")

    def _put(self, folder: Path, output: Output) -> Delivered:
        with opened(folder, output.name, output.max_bytes) as file:
            size = os.fstat(file.fileno()).st_size
            check_shape(output.name, file, size)
            if size <= self._room:
                return self._enclosed(output.name, file.read(size))
            digest = hashlib.sha256()
            self._platform.put(output.url, self._pieces(file, digest.update), size)
        return Delivered(name=output.name, sha256=digest.hexdigest(), size=size)

    def _enclosed(self, name: str, content: bytes) -> Delivered:
        self._room -= len(content)
        sha256 = hashlib.sha256(content).hexdigest()
        return Delivered(name, sha256, len(content), content=base64.b64encode(content).decode("ascii"))

    def _pieces(self, file: BufferedReader, seen: Callable[[bytes], None]) -> Iterator[bytes]:
        while piece := file.read(PIECE):
            self._lease.check()
            seen(piece)
            yield piece
