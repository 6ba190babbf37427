"""HTTPS with a private authority: trusted through SSL_CERT_FILE, and refused in words that help without it."""

from __future__ import annotations

import shutil
import ssl
from pathlib import Path

import pytest

from tests.support.certificates import Certificates, certificates
from tests.worker.scripted_platform import ScriptedPlatform
from worker.platform_client import Platform, UnreachableError

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")


@pytest.fixture
def made(tmp_path: Path) -> Certificates:
    return certificates(tmp_path / "certificates", "127.0.0.1")


@pytest.fixture
def address(platform: ScriptedPlatform, made: Certificates) -> str:
    """The scripted platform behind TLS: its own server, on a socket that is wrapped."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.certificate, made.key)
    platform._server.socket = context.wrap_socket(platform._server.socket, server_side=True)
    return platform.url.replace("http:", "https:")


def fetched(address: str) -> bytes:
    client = Platform(address)
    try:
        with client.get("/blobs/pack") as pieces:
            return b"".join(pieces)
    finally:
        client.close()


def test_an_authority_named_by_ssl_cert_file_is_trusted(
    platform: ScriptedPlatform, address: str, made: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform.hold("pack", b"a pack")
    monkeypatch.setenv("SSL_CERT_FILE", str(made.authority))

    assert fetched(address) == b"a pack"


def test_a_certificate_that_nobody_vouches_for_is_refused_and_the_reason_is_named(
    platform: ScriptedPlatform, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform.hold("pack", b"a pack")
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)

    with pytest.raises(UnreachableError, match=r"certificate is not trusted.*SSL_CERT_FILE"):
        fetched(address)

    assert platform.gets == []
