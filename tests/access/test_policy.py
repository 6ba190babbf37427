"""Every page of the site, as whoever may see the most of it: under a strict content policy, with nothing inline."""

import pytest
from django.test import override_settings

from fixpoint.page_headers import PERMISSIONS, content_policy
from tests.access.asking import Visitors
from tests.access.every_address import CASES
from tests.pages.markup import Page

pytestmark = pytest.mark.django_db
PEOPLE = ("anonymous", "owner", "root")


def test_every_page_bears_the_policy_and_has_nothing_inline(visitors: Visitors) -> None:
    wrong, pages = [], 0
    for address, several in CASES.items():
        asked = next(each for each in several if each.method == "GET")
        for person in PEOPLE:
            seen = visitors.ask(person, asked)
            told = {name: seen.headers.get(name) for name in ("Content-Security-Policy", "Permissions-Policy")}
            if told != {"Content-Security-Policy": content_policy(), "Permissions-Policy": PERMISSIONS}:
                wrong.append(f"{address} as {person}: {told}")
            if seen.headers.get("Content-Type", "").startswith("text/html"):
                pages += 1
                wrong += [f"{address} as {person}: {found}" for found in Page(seen.body.decode()).inline]

    assert not wrong, "\n" + "\n".join(wrong)
    assert pages > 200


def test_the_policy_lets_nothing_inline_and_nothing_from_elsewhere() -> None:
    policy = dict(each.split(" ", 1) for each in content_policy().split("; "))

    assert policy["default-src"] == policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert {policy[f"{kind}-src"] for kind in ("script", "style", "img", "connect", "font")} == {"'self'"}
    assert policy["form-action"] == "'self'"


def test_a_form_may_lead_to_the_identity_provider_where_there_is_one() -> None:
    with override_settings(FORM_TARGETS=["https://id.example.org"]):
        assert "form-action 'self' https://id.example.org;" in content_policy()
