"""Addresses that the store signs: one blob, to be read, for a while; by whoever holds them and nobody else."""

import logging
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx
import pytest
import time_machine

from fixpoint.blobs.addresses import read_address
from fixpoint.blobs.configured import blobs_storage
from fixpoint.blobs.store import blob_take

pytestmark = pytest.mark.s3
PACK, OTHER = b"a pack of images" * 1000, b"somebody else's"


@pytest.fixture
def packs(bucket, tmp_path) -> tuple[str, str]:
    taken = []
    for data in (PACK, OTHER):
        (tmp_path / "arriving").write_bytes(data)
        taken.append(blob_take(tmp_path / "arriving").sha256)
    return taken[0], taken[1]


def got(address: str) -> httpx.Response:
    return httpx.get(address, trust_env=False)


def test_it_leads_to_the_store_itself_and_to_the_bytes(packs, object_store):
    address = read_address(packs[0])
    assert address.startswith(f"{object_store.url}/")
    assert got(address).content == PACK


def test_it_is_refused_by_the_store_when_its_time_is_over(packs, settings):
    settings.ADDRESS_SECONDS = 600
    for age, status in ((300, 200), (700, 403)):
        with time_machine.travel(datetime.now(UTC) - timedelta(seconds=age)):
            address = read_address(packs[0])
        assert got(address).status_code == status


def test_nothing_of_it_can_be_changed(packs):
    mine, other = read_address(packs[0]), packs[1]
    later = mine.replace("X-Amz-Expires=86400", "X-Amz-Expires=604800")
    another = mine.replace(packs[0], other).replace(f"/{packs[0][:2]}/", f"/{other[:2]}/")
    unsigned = mine.partition("?")[0]
    for forged in (later, another, mine[:-1] + ("0" if mine[-1] != "0" else "1")):
        assert forged != mine
        assert got(forged).status_code == 403
    assert got(unsigned).is_client_error


def test_it_only_reads(packs):
    address = read_address(packs[0])
    assert httpx.put(address, content=b"x", trust_env=False).status_code == 403
    assert httpx.delete(address, trust_env=False).status_code == 403
    assert got(address).content == PACK


def test_none_lives_longer_than_a_week_whatever_the_settings_say(packs, settings):
    settings.ADDRESS_SECONDS = 30 * 24 * 3600
    address = read_address(packs[0])
    assert "X-Amz-Expires=604800" in address
    assert got(address).content == PACK


def test_workers_may_reach_the_store_by_another_name(packs, object_store, settings, monkeypatch):
    monkeypatch.setenv("FIXPOINT_S3_PUBLIC_ENDPOINT", f"http://localhost:{object_store.port}")
    settings.STORAGES = settings.STORAGES | {"blobs": blobs_storage("")}
    address = read_address(packs[0])
    assert urlsplit(address).hostname == "localhost"
    assert got(address).content == PACK


def test_they_can_be_switched_off_so_that_the_platform_hands_out_the_bytes(packs, settings, monkeypatch):
    monkeypatch.setenv("FIXPOINT_S3_SIGNED_ADDRESSES", "0")
    settings.STORAGES = settings.STORAGES | {"blobs": blobs_storage("")}
    assert read_address(packs[0]).startswith("/blobs/")


def test_a_folders_address_is_the_platforms(settings):
    assert read_address("0" * 64).startswith("/blobs/")


def test_no_line_of_a_log_holds_a_signature(packs, caplog):
    for chatty in ("boto3", "botocore", "s3transfer", "urllib3", "httpx"):
        assert logging.getLogger(chatty).level >= logging.WARNING
    caplog.set_level(logging.DEBUG)
    signature = read_address(packs[0]).partition("X-Amz-Signature=")[2]
    assert len(signature) == 64
    assert signature not in caplog.text
