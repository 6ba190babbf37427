"""One case: made from its number alone, then sent through the code that meets strangers' bytes."""

import io
import json
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from random import Random

from fixed_model.archive import is_archive
from fixed_model.images import NotAnImageError, TooManyPixelsError, UnreadableImageError, decode, resize
from fixed_model.ingest import ingest
from fixed_model.limits import Limits
from fixed_model.packing import Request
from fixed_model.structure import why_too_intricate
from fixpoint.datasets.archive import ArchiveRules, inspect
from tests.archives.classes import CLASSES
from tests.archives.fuzz.mutate import mended_png, mended_zip, mutated
from tests.archives.fuzz.seeds import Seeds
from tests.archives.makers import GOOD, PLACE, dataset

PIXELS = 2_000_000
"""Small, so that what an honest picture may take stays far from the limits of the worker."""
RULES = ArchiveRules(classes=CLASSES, images=50, image_pixels=PIXELS, image_bytes=2**20, unpacked_bytes=2**23)
LIMITS = Limits(
    images=RULES.images, image_bytes=RULES.image_bytes, image_pixels=PIXELS, archive_bytes=RULES.archive_bytes,
    unpacked_bytes=RULES.unpacked_bytes,
)  # fmt: skip
REQUEST = Request("splits", list(CLASSES), LIMITS, sheet_per_class=2, input_size=32)
UNGUARDED = 10
"""One archive in so many is seen by ingestion although inspection refused it: it does not rely on that."""


def image_case(seeds: Seeds, seed: int, number: int) -> bytes:
    """A mutated picture; half the PNGs get right checksums."""
    rng = Random(f"image/{seed}/{number}")
    data = mutated(rng.choice(seeds.images), rng.choice(seeds.images), rng)
    return mended_png(data) if data.startswith(b"\x89PNG") and rng.random() < 0.5 else data


def archive_case(seeds: Seeds, seed: int, number: int) -> bytes:
    """A mutated zip; or, in one of ten, a sound zip around a mutated picture."""
    rng = Random(f"archive/{seed}/{number}")
    if rng.random() < 0.1:
        return _around(image_case(seeds, seed, rng.randrange(2**32)))
    data = mutated(rng.choice(seeds.archives), rng.choice(seeds.archives), rng)
    return mended_zip(data) if rng.random() < 0.5 else data


def run_image(data: bytes, folder: Path) -> str:
    """What became of it: a declared refusal, or accepted. Anything else is raised, and is a defect."""
    if is_archive(data):
        return "nested-archive"
    if why_too_intricate(data):
        return "intricate"
    try:
        decoded = decode(data, PIXELS)
    except (NotAnImageError, TooManyPixelsError, UnreadableImageError) as error:
        return type(error).__name__
    assert resize(decoded.pixels, REQUEST.input_size).shape[1:] == (32, 32)
    decoded.digest()
    return "accepted"


def run_archive(data: bytes, folder: Path) -> str:
    """The same through inspection and, unless it refuses, ingestion."""
    path = folder / "case.zip"
    path.write_bytes(data)
    found = inspect(path, RULES)
    if found.refusals and zlib.crc32(data) % UNGUARDED:
        return f"inspection: {found.refusals[0].rule}"
    warnings.simplefilter("ignore")
    ingest(REQUEST, path, folder)
    outcome = json.loads((folder / "outcome.json").read_bytes())
    if outcome["outcome"] == "done":
        return "accepted"
    assert outcome["refusals"], "a refusal without a reason"
    return f"ingestion: {outcome['refusals'][0]['rule']}"


def _around(picture: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in (dataset(GOOD[::2]) | {PLACE: picture}).items():
            archive.writestr(name, data)
    return file.getvalue()


KINDS: dict[str, tuple[Callable[[Seeds, int, int], bytes], Callable[[bytes, Path], str]]] = {
    "images": (image_case, run_image),
    "archives": (archive_case, run_archive),
}
