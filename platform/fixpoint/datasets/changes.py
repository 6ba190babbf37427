"""How many images changed from one dataset to another: counted once for a process, since no manifest ever changes."""

from dataclasses import dataclass
from functools import lru_cache

from fixpoint.datasets.comparison import comparison
from fixpoint.datasets.manifest import ManifestError, manifest_of
from fixpoint.datasets.models import Dataset

_KEPT = 4096


@dataclass(frozen=True)
class Changes:
    """By bytes and pixels alone: what is edited counts as one removed and one added."""

    added: int
    removed: int
    relabelled: int

    @property
    def is_empty(self) -> bool:
        """Whether the images and their labels are the same; some may have moved between train and val."""
        return not (self.added or self.removed or self.relabelled)


def changes_between(before: Dataset, after: Dataset) -> Changes | None:
    """None where a manifest is not there, any more or yet."""
    if not before.manifest_sha256 or not after.manifest_sha256:
        return None
    try:
        return _counted(before.manifest_sha256, after.manifest_sha256)
    except ManifestError:
        return None


@lru_cache(maxsize=_KEPT)
def _counted(before: str, after: str) -> Changes:
    if before == after:
        return Changes(0, 0, 0)
    pairs = comparison(manifest_of(before), manifest_of(after), None, None).pairs
    return Changes(len(pairs["added"]), len(pairs["removed"]), len(pairs["relabelled"]))
