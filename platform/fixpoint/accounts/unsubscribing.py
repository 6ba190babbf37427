"""The link in a mail by which its reader wants no more of them, signed in or not."""

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from fixpoint.accounts.models import User

_SALT = "fixpoint.accounts.unsubscribing"


class NotSignedError(Exception):
    """The link is not one that this site gave, or its person is gone."""


def unsubscribe_path(user: User) -> str:
    """It never expires: old mails keep working. It can do nothing but this."""
    return reverse("unsubscribe", args=[Signer(salt=_SALT).sign(str(user.pk))])


def unsubscriber(token: str) -> User:
    """Whose link it is. NotSignedError."""
    try:
        return User.objects.get(pk=int(Signer(salt=_SALT).unsign(token)), erased_at=None)
    except (BadSignature, ValueError, User.DoesNotExist) as error:
        raise NotSignedError from error
