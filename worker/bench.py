"""What one worker process holds for all its jobs: its settings, the platform, a sandbox, a cache, its recipes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import structlog

from worker.cache import Cache
from worker.device import gpu_of
from worker.platform_client import Platform
from worker.recipes import Recipes
from worker.sandbox import Sandbox, choose
from worker.scratch import CACHE, sweep
from worker.settings import Settings

log = structlog.get_logger()


@dataclass(frozen=True)
class Bench:
    """Made once, shared by every job of the process."""

    settings: Settings
    platform: Platform
    sandbox: Sandbox
    cache: Cache
    recipes: Recipes


def set_up(settings: Settings, sandbox: Sandbox | None = None) -> Bench:
    """A bench for these settings. Raises SandboxError where no sandbox can be had."""
    settings.scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
    sandbox = sandbox or sandbox_of(settings)
    return Bench(
        settings=settings,
        platform=Platform(settings.platform_url, token=settings.token),
        sandbox=sandbox,
        cache=Cache(settings.scratch / CACHE, settings.cache_bytes),
        recipes=Recipes(settings, sandbox),
    )


def sandbox_of(settings: Settings) -> Sandbox:
    """The sandbox that the settings name, tried. Raises SandboxError where it does not work."""
    return choose(
        settings.sandbox,
        worker=settings.name,
        model=settings.model_path,
        python=Path(settings.model_python),
        gpu=gpu_of(settings.device),
        runtime=settings.docker_runtime or None,
    )


def clear(bench: Bench) -> None:
    """End and remove what an earlier life of this worker left behind."""
    ended = bench.sandbox.reap()
    removed = sweep(bench.settings.scratch)
    log.info("cleared the bench", sandbox=bench.sandbox.name, ended=ended, folders_removed=removed)
