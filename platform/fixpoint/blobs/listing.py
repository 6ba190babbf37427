"""What the store holds, by name: blobs, and what is none."""

from collections.abc import Iterator

from fixpoint.blobs.store import is_digest, store


def blob_names(portion: str) -> Iterator[str]:
    """Digests that begin with `portion` and under which the store holds something, whole or not; in no order."""
    for folder in _listed("")[0]:
        if folder.startswith(portion):
            yield from (name for name in _listed(folder)[1] if _is_blob_in(folder, name))


def stray_names() -> Iterator[str]:
    """Paths in the store that are no blob's."""
    folders, files = _listed("")
    yield from files
    for folder in folders:
        below, files = _listed(folder)
        yield from (f"{folder}/{name}" for name in below)
        yield from (f"{folder}/{name}" for name in files if not _is_blob_in(folder, name))


def _is_blob_in(folder: str, name: str) -> bool:
    return is_digest(name) and name[:2] == folder


def _listed(folder: str) -> tuple[list[str], list[str]]:
    try:
        return store().listdir(folder)
    except FileNotFoundError:
        return [], []
