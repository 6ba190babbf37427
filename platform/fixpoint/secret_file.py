"""The secret key: from the environment, else from a file that is drawn once and kept."""

import os
import secrets
from pathlib import Path


def secret_of(variable: str, path: Path) -> str:
    """The secret in `variable`, else in `path`; where the file is missing it is made, readable by its owner only."""
    if value := os.environ.get(variable):
        return value
    if not path.exists():
        _draw(path)
    return path.read_text().strip()


def _draw(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(50))
    try:
        os.link(draft, path)  # whole or not at all: two processes that start together end with one secret
    except FileExistsError:
        return
    finally:
        draft.unlink()
