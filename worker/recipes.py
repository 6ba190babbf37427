"""Which recipes this worker holds: the digests of recipes.lock, read where the model would really run."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from worker.contract import Limits
from worker.outputs import BadOutputError, read_object
from worker.sandbox import Outcome, Sandbox, SandboxError
from worker.scratch import attempt_folder
from worker.settings import Settings

LOCK = "recipes.lock"
LOCK_BYTES = 1024 * 1024
LOCK_FORMAT = 2
# An image carries its own lock; the file beside the worker says nothing about it.
ASK = (
    "import shutil; from importlib.resources import files;"
    f" shutil.copyfile(files('fixed_model') / '{LOCK}', '/out/{LOCK}')"
)
REMEMBERED = 60.0
"""Seconds for which an image that did not tell is not asked again: each time costs a container."""
LIMITS = Limits(wall_seconds=30, memory_bytes=512 * 1024**2, output_bytes=LOCK_BYTES, output_files=2, cpus=1, pids=32)


class Recipes:
    """Digests by recipe, asked once per image, and once a minute where it does not say."""

    def __init__(self, settings: Settings, sandbox: Sandbox, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._sandbox = sandbox
        self._clock = clock
        self._known: dict[str, dict[str, str]] = {}
        self._failed: dict[str, tuple[float, str]] = {}

    def digests(self, image: str) -> dict[str, str]:
        """What the image of this ID holds. Raises SandboxError where it cannot say, or could not a moment ago."""
        if image not in self._known:
            self._known[image] = self._asked(image) if self._is_in_an_image else self._of_host()
        return self._known[image]

    def known(self, image: str) -> dict[str, str]:
        """The same without starting a container: nothing where one would have to be asked. Raises SandboxError."""
        return self._known.get(image, {}) if self._is_in_an_image else self.digests(image)

    @property
    def _is_in_an_image(self) -> bool:
        return self._sandbox.name == "docker"

    def _asked(self, image: str) -> dict[str, str]:
        failed_at, reason = self._failed.get(image, (-math.inf, ""))
        if self._clock() - failed_at < REMEMBERED:
            raise SandboxError(reason)
        try:
            return self._of_image(image)
        except SandboxError as error:
            self._failed[image] = (self._clock(), str(error))
            raise

    def _of_host(self) -> dict[str, str]:
        return _digests(self._settings.model_path / "fixed_model")

    def _of_image(self, image: str) -> dict[str, str]:
        # In scratch, since the Engine must find the folder at the same path; an attempt's, so that it is swept as one.
        with attempt_folder(self._settings.scratch) as folder:
            output = folder / "out"
            output.mkdir()
            end = self._sandbox.run(
                image,
                ("python", "-c", ASK),
                mounts=(),
                output=output,
                limits=LIMITS,
                stop=threading.Event(),
                label="recipes",
            )
            if end.outcome is not Outcome.OK:
                raise SandboxError(f"The image does not tell its recipes ({end.outcome}): {end.log[-500:]}")
            return _digests(output)


def _digests(folder: Path) -> dict[str, str]:
    try:
        lock = read_object(folder, LOCK, LOCK_BYTES, form=LOCK_FORMAT)
        recipes: dict[str, dict[str, Any]] = lock["recipes"]
        return {name: str(recipe["digest"]) for name, recipe in recipes.items()}
    except (BadOutputError, KeyError, TypeError, AttributeError) as error:
        raise SandboxError(f"The model's {LOCK} cannot be read: {error}") from error
