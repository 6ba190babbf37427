"""What no line may hold: passwords and keys of this installation."""

import re
from urllib.parse import unquote

from django.conf import settings

_SHORTEST = 4
"""Of three letters or fewer every word holds some, and no password is made."""


def without_secrets(text: str) -> str:
    """The text with every secret of the settings crossed out, whoever's message brought it in."""
    secrets = {
        settings.SECRET_KEY,
        settings.CELERY_BROKER_URL,
        *_of_address(settings.CELERY_BROKER_URL),
        str(settings.DATABASES["default"].get("PASSWORD", "")),
        settings.EMAIL_HOST_PASSWORD,
        str(settings.STORAGES["blobs"].get("OPTIONS", {}).get("secret_key", "")),
    }
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST:
            text = text.replace(secret, "***")
    return text


def _of_address(address: str) -> set[str]:
    """The password in it and its pieces, whether it parses or not: a library quotes what it stumbled over."""
    password = address.partition("://")[2].rpartition("@")[0].partition(":")[2]
    return {password, unquote(password), *re.split(r"[][/#?@:]", password)}
