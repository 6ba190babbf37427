"""Every address of the site, by every method, as every kind of person: the answer, what it tells, what it changes."""

from collections.abc import Iterator

import pytest

from tests.access.asking import Seen, Visitors
from tests.access.every_address import CASES
from tests.access.table import Answer, Asked
from tests.access.whose import is_told, secrets_from

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", CASES)
def test_everybody_is_answered_as_the_table_says(address: str, visitors: Visitors) -> None:
    wrong = [
        f"{asked.method} {address} as {person}: {problem}"
        for asked in CASES[address]
        for person, expected in asked.answers.items()
        for problem in _problems(visitors, person, asked, expected)
    ]

    assert not wrong, "\n" + "\n".join(wrong)


def _problems(visitors: Visitors, person: str, asked: Asked, expected: Answer) -> Iterator[str]:
    seen = visitors.ask(person, asked)
    if seen.status != expected.status or not seen.location.startswith(expected.to):
        yield f"{seen.status} {seen.location} instead of {expected.status} {expected.to}"
    if seen.has_changed != expected.changes:
        yield "it changed something" if seen.has_changed else "it changed nothing"
    path = asked.address.format_map(visitors.world.places)
    told = seen.body.decode("latin-1").lower()
    for secret in secrets_from(person, visitors.world):
        if is_told(secret, told) and secret not in path:
            yield f"it tells {secret!r}"
    is_for_all = {answer.status for answer in asked.answers.values()} == {200}
    if seen.status == 200 and not is_for_all and not _is_for_one(seen):
        yield f"a shared cache may give it to others: {seen.headers}"


def _is_for_one(seen: Seen) -> bool:
    """Whether no cache between a browser and the site gives it to another person."""
    control, vary = (seen.headers.get(name, "") for name in ("Cache-Control", "Vary"))
    return "private" in control or ("public" not in control and "Cookie" in vary)
