"""The tables name every address that the site has, and none that it has not."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver, resolve

from tests.access.admin_table import ADMIN
from tests.access.beside_table import BESIDE
from tests.access.pages_table import PAGES
from tests.access.signing_in_table import SIGNING_IN
from tests.access.table import METHODS, cases
from tests.access.world import NOBODY, PEOPLE

DJANGO = (*PAGES, *SIGNING_IN, *ADMIN)
NOWHERE = {"/api/worker/nothing"}


class _Anything(dict[str, str]):
    """Something that fits in every place of an address."""

    def __missing__(self, key: str) -> str:
        return (
            "1"
            if key in {"group", "address", "owner_id", "announcement", "award", "juror", "incident", "token"}
            else NOBODY
        )


def test_every_address_of_the_site_has_lines_for_everybody() -> None:
    named = {*cases(DJANGO), *cases(BESIDE)} - NOWHERE
    known = {resolve(address.partition("?")[0].format_map(_Anything())).route for address in named}

    assert set(_routes(get_resolver())) == known


def test_every_method_is_asked_at_every_address_of_djangos() -> None:
    for address, several in cases(DJANGO).items():
        assert {asked.method for asked in several} == set(METHODS), address


def test_every_line_is_about_everybody() -> None:
    for several in [*cases(DJANGO).values(), *cases(BESIDE).values()]:
        assert all(tuple(asked.answers) == PEOPLE for asked in several)


def _routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from _routes(pattern, route)
