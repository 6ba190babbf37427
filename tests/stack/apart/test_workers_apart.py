"""Two workers on machines of their own, with nothing in common with the platform but Redis and HTTPS."""

import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.stack.apart.network import PLATFORM, Network
from tests.stack.apart.platform_apart import ROOT, SITE, PlatformApart
from tests.stack.apart.rows import PACK_BYTES
from tests.stack.apart.worker_apart import DISK, WorkerApart

LACKING = [name for name in ("ip", "unshare", "openssl", "sysctl") if not shutil.which(name)]
WHY = f"{', '.join(LACKING)} is not installed" if LACKING else "only root may make network namespaces"
pytestmark = [
    pytest.mark.stack,
    pytest.mark.bubblewrap,
    pytest.mark.timeout(600),
    pytest.mark.skipif(bool(LACKING) or os.geteuid() != 0, reason=WHY),
]

NAMES = ("left", "right")
ADDRESS_SECONDS = 4
"""Shorter than a training (tests/stack/apart/model.py): what is read and handed in after it needs a fresh address."""
CACHE_BYTES = 2 * PACK_BYTES
ENTRIES = 6

Apart = tuple[PlatformApart, dict[str, WorkerApart]]


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Apart]:
    folder = tmp_path_factory.mktemp("apart")
    hidden = (tmp_path_factory.getbasetemp(), ROOT / "platform", ROOT / "tests")
    told = {"FIXPOINT_ADDRESS_SECONDS": str(ADDRESS_SECONDS)}
    with Network(*NAMES) as net, PlatformApart(net, folder / "home", told) as platform:
        platform.call(f"prepare({str(folder)!r})")

        def worker(name: str) -> WorkerApart:
            its = {
                "FIXPOINT_BROKER_URL": platform.broker(name),
                "FIXPOINT_SANDBOX": "bubblewrap",
                "FIXPOINT_WORKER_CACHE_BYTES": str(CACHE_BYTES),
                "SSL_CERT_FILE": str(platform.certificates.authority),
            }
            return WorkerApart(name, net, folder, hidden, its)

        with worker("left") as left, worker("right") as right:
            yield platform, {"left": left, "right": right}


@pytest.fixture(scope="module")
def scored(apart: Apart) -> dict[str, Any]:
    """Several entries on one pack, all scored."""
    platform, _ = apart
    made = platform.call(f"enter({str(platform.home)!r}, {ENTRIES})")
    wait_for_states(apart, made["entries"], {"scored"})
    return made


def states(platform: PlatformApart, entries: list[str]) -> dict[str, str]:
    known = dict(platform.rows("select id, status from submissions_submission"))
    return {entry: known[entry.replace("-", "")] for entry in entries}


def wait_for_states(apart: Apart, entries: list[str], wanted: set[str], seconds: float = 400) -> None:
    platform, workers = apart
    deadline = time.monotonic() + seconds
    while not set(states(platform, entries).values()) <= wanted:
        told = "\n".join(worker.log[-3000:] for worker in workers.values())
        assert time.monotonic() < deadline, f"{states(platform, entries)}\n{told}"
        time.sleep(0.2)


def test_every_job_is_done_by_exactly_one_and_both_have_a_share(apart: Apart, scored: dict[str, Any]) -> None:
    platform, _ = apart

    done = platform.rows("select worker, number, outcome from dispatch_attempt where handler = 'submission'")
    assert [(number, outcome) for _, number, outcome in done] == [(1, "predicted")] * ENTRIES
    assert set(Counter(worker for worker, *_ in done)) == set(NAMES)
    assert platform.rows("select count(*) from submissions_result") == [(ENTRIES,)]
    ran = platform.rows("select distinct json_extract(provenance, '$.sandbox') from submissions_run")
    assert ran == [("bubblewrap",)]


def test_an_address_that_ran_out_in_mid_run_is_refused_and_the_worker_claims_again_and_goes_on(
    apart: Apart, scored: dict[str, Any]
) -> None:
    platform, _ = apart
    asked = [each for each in platform.requests() if each.path.startswith(("/blobs/", "/api/worker/outputs/"))]

    claims = [each for each in platform.requests() if each.path == "/api/worker/claim"]
    assert {each.status for each in claims} == {200}
    assert len(claims) >= 2 * ENTRIES, "each run outlived its first addresses"
    assert {each.status for each in asked} == {200, 201, 403}
    [stale, *_] = [each for each in asked if each.status == 200 and each.method == "GET"]
    look = f"import httpx; print(httpx.get('{SITE}{stale.path}').status_code)"
    trusting = os.environ | {"SSL_CERT_FILE": str(platform.certificates.authority)}
    command = platform.net.inside(platform.net.platform, sys.executable, "-c", look)
    assert subprocess.run(command, env=trusting, capture_output=True, text=True).stdout.strip() == "403"


def test_what_several_jobs_read_is_fetched_once_by_each_worker(apart: Apart, scored: dict[str, Any]) -> None:
    platform, workers = apart

    fetched = [each for each in platform.requests() if each.path.startswith("/blobs/") and each.status == 200]
    assert Counter(each.client for each in fetched) == {platform.net.address(name): 2 for name in NAMES}
    assert [scored["pack"] in worker.cached() for worker in workers.values()] == [True, True]


def test_the_cache_keeps_its_bound(apart: Apart, scored: dict[str, Any]) -> None:
    platform, workers = apart
    for _ in range(2):
        wait_for_states(apart, platform.call(f"enter({str(platform.home)!r}, 2)")["entries"], {"scored"})

    assert any("evicted from the cache" in worker.log for worker in workers.values())
    assert all(sum(worker.cached().values()) <= CACHE_BYTES for worker in workers.values())


def test_a_damaged_blob_is_noticed_before_anything_is_trained_on_it(apart: Apart) -> None:
    platform, workers = apart
    with_one_pack = platform.call(f"enter({str(platform.home)!r}, 0)")
    blob = platform.blob(with_one_pack["pack"])
    content = bytearray(blob.read_bytes())
    content[1000] ^= 1
    blob.chmod(0o644)
    blob.write_bytes(content)

    [entry] = platform.call(f"enter({str(platform.home)!r}, 1, {with_one_pack['pack']!r})")["entries"]
    outcomes = "select outcome from dispatch_attempt where subject_id = ? and number = 1"
    deadline = time.monotonic() + 200
    while platform.rows(outcomes, entry.replace("-", "")) == [("",)]:
        assert time.monotonic() < deadline
        time.sleep(0.2)

    assert platform.rows(outcomes, entry.replace("-", "")) == [("error",)]
    assert any("an input did not arrive whole" in worker.log for worker in workers.values())
    assert all(with_one_pack["pack"] not in worker.cached() for worker in workers.values())
    epochs = "select count(*) from submissions_epoch where submission_id = ?"
    assert platform.rows(epochs, entry.replace("-", "")) == [(0,)]


def test_a_worker_reaches_the_platforms_two_ports_and_nothing_else(apart: Apart) -> None:
    platform, workers = apart
    ports = ("'10.77.0.1', 6379", "'10.77.0.1', 8443")
    others = ("'10.77.0.1', 22", "'1.1.1.1', 53", *(f"'{platform.net.address(name)}', 8443" for name in NAMES))
    host = subprocess.run(["hostname", "-I"], capture_output=True, text=True).stdout.split()[:1]
    for place, is_open in [(each, True) for each in ports] + [
        (each, False) for each in (*others, *(f"'{address}', 22" for address in host))
    ]:
        look = f"import socket; socket.create_connection(({place}), 2)"
        command = platform.net.inside(platform.net.of("left"), sys.executable, "-c", look)
        assert (subprocess.run(command, capture_output=True).returncode == 0) is is_open, place
    assert PLATFORM == "10.77.0.1"
    assert len(workers) == 2


def test_a_worker_sees_neither_the_platforms_files_nor_its_code_nor_its_neighbour(apart: Apart) -> None:
    platform, workers = apart
    left, right = (workers[name] for name in NAMES)
    assert platform.home.is_dir()

    assert not left.seen(platform.home).exists()
    assert list(left.seen(ROOT / "platform").iterdir()) == []
    (left.seen(DISK / "home") / "left-was-here").touch()
    assert not (right.seen(DISK / "home") / "left-was-here").exists()
