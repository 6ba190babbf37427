"""One stack for all tests of a file: it takes half a minute to come up."""

from collections.abc import Iterator

import pytest

from tests.faults.campaign.stack import Stack


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """Databases, platform, three workers and a Docker Engine of its own.

    What was cancelled is tidied up when its lease ends, which is waited for. Until then a test may hold it back for
    three hellos of two workers, ten seconds. A prediction lasts until even a busy machine has cancelled it.
    """
    with Stack(lease=14, predict_seconds=1.5) as stack:
        yield stack
