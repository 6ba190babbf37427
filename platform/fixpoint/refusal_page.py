"""What is refused before Django reads it: a page for who sits before a browser, the sentence alone for a program."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from fixpoint.accounts.language import language_asked
from fixpoint.figures import whole
from fixpoint.page_headers import content_policy


def refusal_told(scope: Mapping[str, Any], status: int, says: str) -> tuple[dict[str, str], str]:
    """The headers of its content, and the content, in the language that is active. Asks nothing of the database."""
    if not _wants_page(scope):
        return {"Content-Type": "text/plain; charset=utf-8"}, f"{says}\n"
    page = render_to_string("refused.html", {"status": int(status), "says": says})
    return {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": content_policy()}, page


def too_large_told(scope: dict[str, Any], max_bytes: int) -> tuple[dict[str, str], str]:
    """The same for a body of more than `max_bytes`, in the language of whoever sent it."""
    with override(language_asked(scope)):
        says = _("This is larger than the %(mib)s MiB that this address takes in at once. Nothing was kept.")
        return refusal_told(scope, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, says % {"mib": whole(max_bytes // 2**20)})


def _wants_page(scope: Mapping[str, Any]) -> bool:
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])
