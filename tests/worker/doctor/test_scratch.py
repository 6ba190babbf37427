"""Scratch: whether it may be written, and whether the disk has room for cache and outputs."""

from __future__ import annotations

from dataclasses import replace

from tests.support.folders import unwritable_folder
from worker.contract import Level
from worker.doctor.scratch import scratch
from worker.settings import Settings

MUCH = 2**60


def test_room_enough_is_well_and_a_missing_folder_is_not_made(worker_settings: Settings) -> None:
    finding = scratch(replace(worker_settings, cache_bytes=1), run_bytes=1)

    assert finding.level is Level.OK
    assert str(worker_settings.scratch) in finding.found
    assert not worker_settings.scratch.exists()


def test_nothing_is_left_behind(worker_settings: Settings) -> None:
    worker_settings.scratch.mkdir()

    assert scratch(replace(worker_settings, cache_bytes=1), run_bytes=1).level is Level.OK
    assert list(worker_settings.scratch.iterdir()) == []


def test_a_folder_that_may_not_be_written_fails(worker_settings: Settings) -> None:
    with unwritable_folder() as folder:
        finding = scratch(replace(worker_settings, scratch=folder))

    assert finding.level is Level.FAIL
    assert "Permission denied" in finding.found


def test_no_room_for_a_run_fails(worker_settings: Settings) -> None:
    finding = scratch(worker_settings, run_bytes=MUCH)

    assert (finding.level, "make room" in finding.advice) == (Level.FAIL, True)


def test_no_room_for_the_cache_to_grow_is_a_warning_with_its_setting(worker_settings: Settings) -> None:
    finding = scratch(replace(worker_settings, cache_bytes=MUCH), run_bytes=1)

    assert finding.level is Level.WARN
    assert "FIXPOINT_WORKER_CACHE_BYTES" in finding.advice


def test_what_the_cache_holds_already_needs_no_more_room(worker_settings: Settings) -> None:
    cache = worker_settings.scratch / "cache"
    cache.mkdir(parents=True)
    with (cache / "held").open("wb") as file:
        file.truncate(3 * 2**30)

    finding = scratch(replace(worker_settings, cache_bytes=4 * 2**30), run_bytes=1)

    assert "1.0 of it for the cache to grow" in finding.found
