"""The sandbox and what would run in it: whether it works, which image it is, and whether its recipes are the site's."""

from __future__ import annotations

from worker.bench import sandbox_of
from worker.contract import Finding, Level, Terms
from worker.recipes import Recipes
from worker.sandbox import Sandbox, SandboxError
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
        was_there = self._settings.scratch.exists()
        try:
            image = self._sandbox.image_id(self._settings.model_image)
            digests = Recipes(self._settings, self._sandbox).digests(image)
        except SandboxError as error:
            return Finding(Level.FAIL, str(error), advice)
        finally:
            if not was_there and self._settings.scratch.exists():
                self._settings.scratch.rmdir()  # it would be ours, and the worker's user perhaps another
        place = self._settings.model_image if self._sandbox.name == "docker" else self._settings.model_path
        found = f"{place} ({image[:19]}) holds {len(digests)} recipes"
        if terms is None:
            return Finding(Level.WARN, f"{found}, not compared with the site's", "see site first")
        others = [name for name, digest in terms.recipes.items() if digests.get(name) != digest]
        if others:
            told = ", ".join(f"{name} ({digests.get(name, 'none')[:12]})" for name in others)
            return Finding(Level.FAIL, f"{found}; not those of the site: {told}", advice)
        return Finding(Level.OK, f"{found}, all as the site pins them")
