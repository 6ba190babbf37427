"""A store behind TLS: its certificate is checked, bodies go unsigned inside it, and addresses that it signs work."""

import os
import shutil
import ssl

import httpx
import pytest

from fixpoint.blobs.addresses import read_address
from fixpoint.blobs.away import StoreAwayError
from fixpoint.blobs.configured import blobs_storage
from fixpoint.blobs.s3 import PART_BYTES
from fixpoint.blobs.store import blob_open, blob_read, blob_take, digest_of
from tests.support.certificates import certificates
from tests.support.tls_front import TlsFront

pytestmark = [pytest.mark.s3, pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")]


@pytest.fixture
def behind_tls(bucket, object_store, settings, monkeypatch, tmp_path):
    """Leads the platform to it, trusting whom it is told."""
    made = certificates(tmp_path / "certificates", "127.0.0.1")
    with TlsFront(object_store.port, made) as front:

        def lead(authority: str) -> None:
            monkeypatch.setenv("FIXPOINT_S3_ENDPOINT", f"https://127.0.0.1:{front.port}")
            monkeypatch.setenv("FIXPOINT_S3_CA_FILE", authority)
            settings.STORAGES = settings.STORAGES | {"blobs": blobs_storage("")}

        yield lead, str(made.authority)


def test_blobs_small_and_in_parts_go_in_and_out_and_a_worker_reads_by_its_address(behind_tls, tmp_path):
    lead, authority = behind_tls
    lead(authority)
    arriving = tmp_path / "arriving"
    arriving.write_bytes(b"a pack")
    small = blob_take(arriving)
    assert blob_read(small.sha256, at_most=6) == b"a pack"
    address = read_address(small.sha256)
    trust = ssl.create_default_context(cafile=authority)
    assert address.startswith("https://")
    assert httpx.get(address, verify=trust, trust_env=False).content == b"a pack"

    arriving.write_bytes(os.urandom(2**20) * (4 * PART_BYTES // 2**20) + b"and more")
    large = blob_take(arriving)
    with blob_open(large.sha256) as file:
        assert digest_of(file) == large


def test_a_certificate_that_nobody_vouches_for_is_not_believed(behind_tls, tmp_path):
    lead, _ = behind_tls
    lead("")
    (tmp_path / "arriving").write_bytes(b"a pack")
    with pytest.raises(StoreAwayError, match="CERTIFICATE_VERIFY_FAILED"):
        blob_take(tmp_path / "arriving")
