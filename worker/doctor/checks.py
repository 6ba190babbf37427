"""Every check of a worker, in the order in which one reads them: what others stand on comes first."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from worker.contract import Finding, Level
from worker.doctor.bounded import bounded
from worker.doctor.broker import broker, broker_clock
from worker.doctor.engine import Engine
from worker.doctor.platform import Site
from worker.doctor.scratch import scratch
from worker.settings import Settings, SettingsError, read

QUICK, SLOW = 8.0, 60.0
"""Seconds: an answer of a network or a disk; a sandbox that starts on a busy host, and ends by its own limit of 30."""

_Check = tuple[str, Callable[[], Finding], float, str]


def examination(environ: Mapping[str, str]) -> Iterator[Finding]:
    """One finding for each check; only that of the settings where these make no sense."""
    try:
        settings = read(environ)
    except SettingsError as error:
        advice = (
            "set it as docs/operations.md says; under docker-compose, run --rm --no-deps worker python -m worker doctor"
        )
        yield Finding(Level.FAIL, str(error), advice, check="settings")
        return
    found = f"worker {settings.name} takes {', '.join(settings.queues)} in the sandbox {settings.sandbox}"
    yield Finding(Level.OK, found, check="settings")
    for name, run, seconds, advice in _checks(settings):
        yield replace(bounded(run, seconds=seconds, advice=advice), check=name)


def _checks(settings: Settings) -> list[_Check]:
    site, engine = Site(settings), Engine(settings)
    on_broker = "see that Redis runs and that this host reaches FIXPOINT_BROKER_URL"
    on_site = "see that the site runs and that this host reaches FIXPOINT_PLATFORM_URL"
    on_engine = "see the Docker Engine (docker info), or bubblewrap; FIXPOINT_SANDBOX says which is used"
    return [
        ("broker", partial(broker, settings), QUICK, on_broker),
        ("broker clock", partial(broker_clock, settings, time.time), QUICK, on_broker),
        ("site", site.finding, 2 * QUICK, on_site),
        ("sandbox", engine.sandbox_finding, SLOW, on_engine),
        ("model", lambda: engine.model_finding(site.terms), SLOW, on_engine),
        ("scratch", partial(scratch, settings), QUICK, "see the disk, and the mount if it is a network's"),
    ]
