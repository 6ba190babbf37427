"""What no line may hold: passwords and keys that this worker was told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

_ADDRESSES = ("FIXPOINT_BROKER_URL", "FIXPOINT_PLATFORM_URL")
_SHORTEST = 4
"""Of three letters or fewer every word holds some, and no password is made."""


def without_secrets(text: str, environ: Mapping[str, str]) -> str:
    """The text with the passwords of broker and site crossed out, whoever's message brought them in."""
    secrets = set().union(*(_of_address(environ.get(name, "").strip()) for name in _ADDRESSES))
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST:
            text = text.replace(secret, "***")
    return text


def _of_address(address: str) -> set[str]:
    """The password in it and its pieces, whether it parses or not: a library quotes what it stumbled over."""
    password = address.partition("://")[2].rpartition("@")[0].partition(":")[2]
    return {password, unquote(password), *re.split(r"[][/#?@:]", password)}
