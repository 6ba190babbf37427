"""Figures in sentences are written as the language does."""

import pytest
from django.utils import translation

from fixpoint.figures import mib, whole


@pytest.mark.parametrize(
    ("language", "count", "size"), [("en", "41,000", "4,768,371.6 MiB"), ("es", "41\xa0000", "4\xa0768\xa0371,6 MiB")]
)
def test_thousands_and_decimals_are_parted_as_the_language_does(language: str, count: str, size: str) -> None:
    with translation.override(language):
        assert (whole(41_000), mib(5_000_000_000_000)) == (count, size)
