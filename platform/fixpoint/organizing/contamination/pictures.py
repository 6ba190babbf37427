"""Which teams hold which pictures, where their manifests know pictures by different digests."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from uuid import UUID

from fixpoint.datasets.manifest import Image, ManifestError, manifest_of
from fixpoint.submissions.models import Submission

Picture = tuple[str, str]
"""The algorithm of its digest, and the digest."""
_LATEST = "blake3"


def pictures_held(entries: Mapping[UUID, Submission]) -> dict[Picture, list[UUID]]:
    """By picture the teams that hold it. Between two formats pictures are the same that were seen in the same file."""
    held: dict[Picture, list[UUID]] = defaultdict(list)
    earlier: dict[str, Picture] = {}
    for team, images in _manifests(entries):
        for picture in {_picture(each) for each in images}:
            held[picture].append(team)
        earlier.update((each.sha256, _picture(each)) for each in images if each.digested_by != _LATEST)
    for old, new in _same(earlier, entries).items():
        held[new] = list({*held[new], *held.pop(old)})
    return dict(held)


def _same(earlier: Mapping[str, Picture], entries: Mapping[UUID, Submission]) -> dict[Picture, Picture]:
    """What each of the earlier pictures, told by their files, is in the latest format. Reads all lists once more."""
    if not earlier:
        return {}
    found = {}
    for _team, images in _manifests(entries):
        for image in images:
            if image.digested_by == _LATEST and image.sha256 in earlier:
                found[earlier[image.sha256]] = _picture(image)
    return found


def _manifests(entries: Mapping[UUID, Submission]) -> Iterator[tuple[UUID, tuple[Image, ...]]]:
    """Of all that are still there, one at a time."""
    for team, entry in entries.items():
        try:
            yield team, manifest_of(entry.dataset.manifest_sha256)
        except ManifestError:
            continue


def _picture(image: Image) -> Picture:
    return image.digested_by, image.pixels
