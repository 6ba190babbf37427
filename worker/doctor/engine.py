"""The sandbox and what would run in it: whether it works, which image it is, and whether its recipes are the site's."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from worker.bench import sandbox_of
from worker.contract import Finding, Level, Terms
from worker.recipes import Recipes
from worker.sandbox import Sandbox, SandboxError
from worker.scratch import ATTEMPTS, GATE
from worker.settings import Settings

_OF_IMAGE = "build or load the image of the platform's version: `make image`, docker-compose build model"
_OF_HOST = "FIXPOINT_MODEL_PATH must be a checkout of the platform's version"


class Engine:
    """The sandbox is chosen and tried as a worker does at its start, once."""

    def __init__(self, settings: Settings, sandbox: Sandbox | None = None) -> None:
        self._settings = settings
        self._sandbox = sandbox

    def sandbox_finding(self) -> Finding:
        """Whether one works, and which."""
        try:
            self._sandbox = self._sandbox or sandbox_of(self._settings)
        except SandboxError as error:
            advice = "start the Docker Engine and let this user reach its socket, or install bubblewrap"
            return Finding(Level.FAIL, str(error), advice)
        name = self._sandbox.name
        if name == "process":
            advice = "for a demo alone: set FIXPOINT_SANDBOX=docker, or bubblewrap, before strangers upload"
            return Finding(Level.WARN, "process isolates nothing", advice)
        if name == "bubblewrap" and self._settings.sandbox == "auto":
            return Finding(Level.OK, "bubblewrap works; no Docker Engine answers")
        return Finding(Level.OK, f"{name} works")

    def model_finding(self, terms: Terms | None) -> Finding:
        """Which image it is, and whether its own recipes.lock has the digests of the site's `terms`."""
        if self._sandbox is None:
            return Finding(Level.WARN, "not checked", "see sandbox first")
        advice = _OF_IMAGE if self._sandbox.name == "docker" else _OF_HOST
        try:
            with _nothing_left(self._settings.scratch):
                image = self._sandbox.image_id(self._settings.model_image)
                digests = Recipes(self._settings, self._sandbox).digests(image)
        except SandboxError as error:
            return Finding(Level.FAIL, str(error), advice)
        place = self._settings.model_image if self._sandbox.name == "docker" else self._settings.model_path
        found = f"{place} ({image[:19]}) holds {len(digests)} recipes"
        if terms is None:
            return Finding(Level.WARN, f"{found}, not compared with the site's", "see site first")
        others = [name for name, digest in terms.recipes.items() if digests.get(name) != digest]
        if others:
            told = ", ".join(f"{name} ({digests.get(name, 'none')[:12]})" for name in others)
            return Finding(Level.FAIL, f"{found}; not those of the site: {told}", advice)
        return Finding(Level.OK, f"{found}, all as the site pins them")


@contextmanager
def _nothing_left(scratch: Path) -> Generator[None]:
    """What asking for recipes makes is removed if it was not there: it would be ours, the worker's user another."""
    attempts = scratch / ATTEMPTS
    made = [each for each in (attempts / GATE, attempts, scratch, *scratch.parents) if not each.exists()]
    try:
        yield
    finally:
        with suppress(OSError):  # a worker that has just started uses it
            for each in made:
                _remove(each)


def _remove(path: Path) -> None:
    if path.is_dir():
        path.rmdir()
    else:
        path.unlink(missing_ok=True)
