"""A certificate authority of a test's own, and a server's certificate by it."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")


@dataclass(frozen=True)
class Certificates:
    """Files in PEM: whom to trust, and what a server shows."""

    authority: Path
    certificate: Path
    key: Path


def certificates(folder: Path, address: str) -> Certificates:
    """Make them for a server at this IP address."""
    folder.mkdir(parents=True, exist_ok=True)
    authority, authority_key = folder / "authority.pem", folder / "authority.key"
    made = Certificates(authority, folder / "server.pem", folder / "server.key")
    usage = ("-addext", "keyUsage=critical,keyCertSign")
    _openssl("req", "-x509", *_KEY, "-keyout", authority_key, "-out", authority, "-subj", "/CN=an authority", *usage)
    _openssl(
        "req", "-x509", *_KEY, "-CA", authority, "-CAkey", authority_key, "-keyout", made.key, "-out", made.certificate,
        "-subj", "/CN=a server", "-addext", f"subjectAltName=IP:{address}", "-addext", "basicConstraints=CA:FALSE",
    )  # fmt: skip
    return made


def _openssl(*words: str | Path) -> None:
    done = subprocess.run(["openssl", *map(str, words)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
