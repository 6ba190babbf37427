"""Who asks the raw application: a token's owner, or the session's by a request that no other site can have made."""

import io
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fixpoint.accounts.bearer import NEEDS_TOKEN, bearer_of, bears_token
from fixpoint.accounts.models import User
from fixpoint.accounts.sessions import user_of
from fixpoint.body_limit import Scope
from fixpoint.uploads.refusals import UploadRefusedError

_KEPT = gettext_noop("What has arrived is kept meanwhile.")


def person_of(scope: Scope) -> User:
    """The person whose session this is; UploadRefusedError for anybody else, and for a page of another site.

    Django's CSRF token guards forms, which any page can send. Here every request bears the header Tus-Resumable, which
    a page of another site cannot add without a CORS preflight, and no preflight is ever granted. Beside that a browser
    names the page's origin, which must be ours; programs such as tuspy name none.
    """
    _expect_own_page(ASGIRequest(scope, io.BytesIO()))
    user = user_of(scope)
    if not isinstance(user, User):
        detail = _("Sign in first.")
        if settings.REQUIRE_MFA_FOR_ORGANIZERS:
            detail += " " + _("Organizers of this site also set up a second factor.")
        raise UploadRefusedError(HTTPStatus.UNAUTHORIZED, f"{detail} {_(_KEPT)}")
    return user


def sender_of(scope: Scope) -> User:
    """The person whose token this request bears, or else whose session it is; UploadRefusedError for anybody else.

    A page of another site cannot add the header that bears a token, and knows none.
    """
    request = ASGIRequest(scope, io.BytesIO())
    if not bears_token(request):
        return person_of(scope)
    user = bearer_of(request)
    if user is None:
        says = (_("This token is of no use: it is unknown, expired or revoked."), _(NEEDS_TOKEN), _(_KEPT))
        raise UploadRefusedError(HTTPStatus.UNAUTHORIZED, " ".join(says))
    return user


def is_by_token(scope: Scope) -> bool:
    """Whether this is a program's, which bears a token."""
    return bears_token(ASGIRequest(scope, io.BytesIO()))


def _expect_own_page(request: ASGIRequest) -> None:
    try:
        own = f"{request.scheme}://{request.get_host()}"
    except DisallowedHost as error:
        raise UploadRefusedError(HTTPStatus.BAD_REQUEST, _("This site does not answer under that name.")) from error
    origin = request.headers.get("Origin", own)
    is_foreign = request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}
    if is_foreign or origin not in {own, *settings.CSRF_TRUSTED_ORIGINS}:
        raise UploadRefusedError(HTTPStatus.FORBIDDEN, _("Uploads are taken from this site's own pages only."))
