"""The cache holds what its digests say, within its bound, whatever happens beside it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from worker.cache import Cache, DamagedError


class Source:
    """Bytes to fetch, and how often that was asked for."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.sha256 = hashlib.sha256(content).hexdigest()
        self.asked = 0

    @contextmanager
    def fetch(self) -> Generator[Iterator[bytes]]:
        self.asked += 1
        yield iter([self.content[:3], self.content[3:]])

    def place(self, cache: Cache, target: Path) -> Path:
        cache.place(self.sha256, len(self.content), target, self.fetch)
        return target


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_blob_is_fetched_once_and_placed_often(tmp_path: Path) -> None:
    cache, source = Cache(tmp_path / "cache", 100), Source(b"0123456789")

    for name in ("a", "b"):
        assert source.place(cache, tmp_path / name).read_bytes() == b"0123456789"

    assert source.asked == 1


def test_what_was_longest_unused_goes_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", 20)
    old, used, new = Source(b"old-------"), Source(b"used------"), Source(b"new-------")
    for age, source in ((30, old), (20, used)):
        source.place(cache, tmp_path / "x")
        os.utime(tmp_path / "cache" / source.sha256, (1_000_000 - age, 1_000_000 - age))

    old.place(cache, tmp_path / "x")  # used again
    new.place(cache, tmp_path / "y")

    assert names(tmp_path / "cache") == {old.sha256, new.sha256}


def test_what_an_attempt_holds_survives_its_eviction(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", 5)

    held = Source(b"0123456789").place(cache, tmp_path / "held")

    assert names(tmp_path / "cache") == set()
    assert held.read_bytes() == b"0123456789"


def test_a_kept_blob_that_went_bad_is_fetched_again(tmp_path: Path) -> None:
    cache, source = Cache(tmp_path / "cache", 100), Source(b"0123456789")
    source.place(cache, tmp_path / "a").unlink()
    kept = tmp_path / "cache" / source.sha256
    kept.chmod(0o600)
    kept.write_bytes(b"012345678X")

    assert source.place(cache, tmp_path / "b").read_bytes() == b"0123456789"
    assert source.asked == 2


def test_a_blob_that_does_not_arrive_whole_leaves_nothing(tmp_path: Path) -> None:
    cache, source = Cache(tmp_path / "cache", 100), Source(b"0123456789")

    with pytest.raises(DamagedError):
        cache.place("f" * 64, 10, tmp_path / "a", source.fetch)

    assert names(tmp_path / "cache") == set()
    assert not (tmp_path / "a").exists()


def test_a_fetch_that_fails_leaves_nothing(tmp_path: Path) -> None:
    @contextmanager
    def fail() -> Generator[Iterator[bytes]]:
        yield self_destruct()

    cache = Cache(tmp_path / "cache", 100)

    with pytest.raises(ConnectionError):
        cache.place("f" * 64, 10, tmp_path / "a", fail)

    assert names(tmp_path / "cache") == set()


def self_destruct() -> Iterator[bytes]:
    yield b"012"
    raise ConnectionError


def test_what_a_killed_worker_left_half_way_is_removed_at_the_next_start(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    Cache(folder, 100)
    (folder / ".arriving-abandoned").touch()

    Cache(folder, 100)

    assert names(folder) == set()


def test_what_arrives_at_a_living_neighbour_is_left_alone(tmp_path: Path) -> None:
    source, seen = Source(b"0123456789"), []
    cache = Cache(tmp_path / "cache", 100)

    @contextmanager
    def fetch() -> Generator[Iterator[bytes]]:
        Cache(tmp_path / "cache", 100)
        seen.append(len(names(tmp_path / "cache")))
        yield iter([source.content])

    cache.place(source.sha256, 10, tmp_path / "target", fetch)

    assert seen == [1]
    assert (tmp_path / "target").read_bytes() == source.content


@pytest.mark.parametrize("size", [0, 1])
def test_small_blobs_are_blobs(tmp_path: Path, size: int) -> None:
    source = Source(b"x" * size)

    assert source.place(Cache(tmp_path / "cache", 100), tmp_path / "a").read_bytes() == b"x" * size
