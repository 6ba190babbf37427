"""Debian's Swift as the S3 server of the tests: whether this machine has it."""

import os
import shutil
import tempfile

_PROGRAMS = ("swift-proxy-server", "swift-account-server", "swift-container-server", "swift-object-server")


def why_missing() -> str:
    """What the machine lacks for it; "" where it can run."""
    for program in _PROGRAMS:
        if not shutil.which(program, path="/usr/bin"):
            return f"{program.removesuffix('-server')} of Debian is not installed"
    with tempfile.NamedTemporaryFile() as file:
        try:
            os.setxattr(file.fileno(), "user.swift", b"")
        except OSError:
            return f"files in {tempfile.gettempdir()} bear no extended attributes, which Swift needs"
    return ""
