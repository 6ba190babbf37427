"""One stack for all tests of a file: it takes half a minute to come up."""

from collections.abc import Iterator

import pytest

from tests.faults.campaign.stack import Stack


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """Databases, platform, three workers and a Docker Engine of its own."""
    with Stack(lease=20) as stack:
        yield stack
