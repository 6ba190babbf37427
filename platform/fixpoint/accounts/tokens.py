"""Keys for a person's own programs: shown once, kept as a digest, of use until they expire or are revoked.

A key is 256 bits at random, so that its plain SHA-256 gives nothing away and needs no salt.
"""

import secrets
from datetime import timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from fixpoint.accounts.models import Token, User
from fixpoint.accounts.notices import notices_give
from fixpoint.accounts.second_factor import lacks_second_factor, must_have_second_factor, second_factor_since

PREFIX = "fxp_"
"""By it programs that look for lost secrets know one."""
MOST = 20
"""Of a person at a time."""
MOST_DAYS = 365
_BYTES = 32
_PRECISION = timedelta(minutes=1)


class TokenRefusedError(Exception):
    """No such token is made; the message says why and what to do."""


@transaction.atomic
def token_make(*, user: User, name: str, days: int) -> tuple[Token, str]:
    """The token and its text, which is nowhere afterwards. Its owner gets a notice. Raises TokenRefusedError."""
    if lacks_second_factor(user):
        raise TokenRefusedError(_("Organizers need a second factor on this site. Set one up, then make a token."))
    name = name.strip()
    if not name:
        raise TokenRefusedError(_("Say what it is for: by that name you will know it."))
    if not 1 <= days <= MOST_DAYS:
        raise TokenRefusedError(_("A token is of use for 1 to %(most)s days.") % {"most": MOST_DAYS})
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    now = timezone.now()
    if Token.objects.filter(user=user, revoked_at=None, expires_at__gt=now).count() >= MOST:
        raise TokenRefusedError(_("You have %(most)s tokens: revoke one first.") % {"most": MOST})
    text = PREFIX + secrets.token_urlsafe(_BYTES)
    expires_at = now + timedelta(days=days)
    token = Token.objects.create(user=user, name=name[:80], digest=_digest(text), expires_at=expires_at)
    subject = _("A token was made: %(name)s") % {"name": token.name}
    said = _("Who has it may upload and enter datasets in your name until %(date)s. If it was not you, revoke it.")
    notices_give(to=[user], subject=subject, text=said % {"date": f"{expires_at:%Y-%m-%d}"}, path="/me/account/tokens/")
    return token, text


def token_revoke(*, token: Token) -> bool:
    """Of no use from now on; False where it was revoked before."""
    return Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()) == 1


def token_user(text: str) -> User | None:
    """Whose key this is, now that it is used; None where it is nobody's, or is of no use any more.

    An account that is closed, or has ended its sessions since, has none; nor an organizer without the second factor
    that this installation asks for, or who made it before they set that up.
    """
    now = timezone.now()
    of_use = Token.objects.filter(digest=_digest(text), revoked_at=None, expires_at__gt=now)
    token = of_use.filter(user__is_active=True, user__closed_at=None).select_related("user").first()
    if token is None or not _is_of_two_factors(token):
        return None
    if token.user.sessions_ended_at and token.user.sessions_ended_at > token.made_at:
        return None
    is_known = Q(used_at__gt=now - _PRECISION)
    Token.objects.filter(pk=token.pk).exclude(is_known).update(used_at=now)
    return token.user


def _is_of_two_factors(token: Token) -> bool:
    """Whether its owner had the second factor when it was made, where one is asked for: a password alone makes none."""
    since = second_factor_since(token.user)
    return not must_have_second_factor(token.user) or (since is not None and since <= token.made_at)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
