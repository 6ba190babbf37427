"""The secret key: from the environment, else from a file that is drawn once and kept."""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

SHORTEST = 32
"""Signs of a secret that is drawn here: in fewer the file was not written whole, or somebody else wrote it."""


def secret_of(variable: str, path: Path) -> str:
    """The secret in `variable`, else in `path`; where the file is missing it is made, readable by its owner only.

    ImproperlyConfigured where the file holds too little to be a secret.
    """
    if value := os.environ.get(variable):
        return value
    if not path.exists():
        _draw(path)
    value = path.read_text().strip()
    if len(value) < SHORTEST:
        raise ImproperlyConfigured(
            f"{path} holds {len(value)} characters, too few for a secret: put the one of your backup there, or delete "
            "the file, and another one is drawn."
        )
    return value


def _draw(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not by the process' number: in a container that is the same after a kill, which may have left a draft.
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(50))
        file.flush()
        os.fsync(file.fileno())  # or a power cut could leave the name without what it names
    try:
        os.link(draft, path)  # whole or not at all: two processes that start together end with one secret
    except FileExistsError:
        return
    finally:
        draft.unlink()
