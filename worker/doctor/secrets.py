"""What no line may hold: passwords and keys that this worker was told."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote, urlsplit


def without_secrets(text: str, environ: Mapping[str, str]) -> str:
    """The text with the broker's address and its password crossed out, whoever's message brought them in."""
    address = environ.get("FIXPOINT_BROKER_URL", "").strip()
    try:
        password = urlsplit(address).password or ""
    except ValueError:
        password = ""
    for secret in filter(None, (address, password, unquote(password))):
        text = text.replace(secret, "***")
    return text
