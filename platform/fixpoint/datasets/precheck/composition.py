"""What kinds of files a dataset is made of: sizes, colour modes, formats."""

from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import Any

from fixpoint.datasets.manifest import Image

_SIZES = 8
"""The commonest sizes are listed, the others counted together."""


def composition(images: Sequence[Image]) -> dict[str, Any]:
    """Plain data: `modes` and `formats` as [name, count], `sizes` as [width, height, count], and the range of each."""
    sizes = Counter((image.width, image.height) for image in images).most_common()
    return {
        "modes": [list(pair) for pair in Counter(image.mode for image in images).most_common()],
        "formats": [list(pair) for pair in Counter(image.format for image in images).most_common()],
        "sizes": [[*size, count] for size, count in sizes[:_SIZES]],
        "other_sizes": len(sizes[_SIZES:]),
        "other_sizes_images": sum(count for _, count in sizes[_SIZES:]),
        "ranges": {name: _range([getattr(image, name) for image in images]) for name in ("width", "height", "bytes")},
    }


def _range(values: list[int]) -> list[float]:
    return [min(values), median(values), max(values)]
