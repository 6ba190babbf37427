"""What one upload costs the web process in memory: the promise of docs/operations.md, at a size that CI can bear."""

import pytest

from tests.benchmarks.uploading import measured

MOST_MIB = 32


@pytest.mark.parametrize("way", ["in_one_request", "in_checked_pieces"])
def test_an_upload_of_ten_thousand_images_takes_less_memory_than_is_promised(way: str) -> None:
    told = measured(128, 10_000, [way])[way]
    assert isinstance(told, dict)
    assert 0 < told["memory_mib"] <= MOST_MIB
