"""A file that is read in ranges: few questions when it is read on, small ones after a jump."""

import io

import pytest

from fixpoint.blobs.away import StoreAwayError
from fixpoint.blobs.ranged import FIRST_BYTES, MOST_BYTES, Ranged

DATA = bytes(range(251)) * 100_000


class Elsewhere:
    """Bytes that note what was asked of them."""

    def __init__(self, data: bytes = DATA) -> None:
        self.data = data
        self.asked: list[tuple[int, int]] = []

    def fetch(self, start: int, length: int) -> tuple[bytes, int]:
        self.asked.append((start, length))
        return self.data[start : start + length], len(DATA)


def test_read_on_it_asks_for_ever_more_up_to_a_bound():
    far = Elsewhere()
    with io.BufferedReader(Ranged(far.fetch)) as file:
        assert b"".join(iter(lambda: file.read(2**20), b"")) == DATA
    lengths = [length for _, length in far.asked]
    assert lengths[:4] == [FIRST_BYTES, 2 * FIRST_BYTES, 4 * FIRST_BYTES, 8 * FIRST_BYTES]
    assert max(lengths) == MOST_BYTES
    assert len(lengths) == 11


def test_a_jump_asks_for_little_and_a_place_at_hand_for_nothing():
    far = Elsewhere()
    file = Ranged(far.fetch)
    file.seek(20_000_000)
    assert file.read(10) == DATA[20_000_000:20_000_010]
    file.seek(-5, io.SEEK_CUR)
    assert file.read(5) == DATA[20_000_005:20_000_010]
    assert far.asked == [(0, FIRST_BYTES), (20_000_000, 2**16)]


def test_what_ends_early_is_no_end_of_the_file():
    file = Ranged(Elsewhere(DATA[: FIRST_BYTES + 10]).fetch)
    file.seek(FIRST_BYTES + 10)
    with pytest.raises(StoreAwayError, match=f"ended at {FIRST_BYTES + 10} of {len(DATA)}"):
        file.read(1)


def test_there_is_nothing_before_the_beginning():
    with pytest.raises(ValueError, match="before its beginning"):
        Ranged(Elsewhere().fetch).seek(-1)
