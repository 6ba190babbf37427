"""The site as a worker sees it: there, away, of another contract, or something else altogether."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from tests.support.sockets import closed_port, silent_port
from tests.worker.doctor.conftest import TERMS
from tests.worker.scripted_platform import ScriptedPlatform
from worker.contract import CONTRACT, Level, Terms
from worker.doctor.platform import Site
from worker.settings import Settings


def test_a_site_of_our_contract_is_well_and_its_terms_are_kept(
    worker_settings: Settings, pins: Callable[[Terms], None]
) -> None:
    pins(TERMS)
    site = Site(worker_settings)

    assert site.finding().level is Level.OK
    assert site.terms == TERMS


def test_a_site_of_another_contract_fails(worker_settings: Settings, pins: Callable[[Terms], None]) -> None:
    pins(replace(TERMS, contract=CONTRACT + 1))

    finding = Site(worker_settings).finding()

    assert finding.level is Level.FAIL
    assert f"contract {CONTRACT + 1}, this worker {CONTRACT}" in finding.found


def test_a_site_that_is_not_there_fails(worker_settings: Settings) -> None:
    site = Site(replace(worker_settings, platform_url=f"http://127.0.0.1:{closed_port()}"))

    assert site.finding().level is Level.FAIL
    assert site.terms is None


def test_a_site_in_trouble_fails(worker_settings: Settings, platform: ScriptedPlatform) -> None:
    platform.is_down = True

    finding = Site(worker_settings).finding()

    assert (finding.level, "answered 503" in finding.found) == (Level.FAIL, True)


def test_something_else_at_that_address_fails_as_such(worker_settings: Settings, platform: ScriptedPlatform) -> None:
    platform.blobs["/api/worker/terms"] = b"<html>welcome</html>"

    finding = Site(worker_settings).finding()

    assert finding.level is Level.FAIL
    assert "no Fixpoint that this worker knows" in finding.found


def test_a_site_that_says_nothing_is_given_up(worker_settings: Settings) -> None:
    with silent_port() as port:
        began = time.monotonic()
        finding = Site(replace(worker_settings, platform_url=f"http://127.0.0.1:{port}")).finding()

    assert finding.level is Level.FAIL
    assert time.monotonic() - began < 12
