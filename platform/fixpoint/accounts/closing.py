"""An account that its owner deletes: closed at once, reopened by signing in, erased when its time is over."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fixpoint.accounts.models import Token, User


class LastRootError(Exception):
    """Without this account nobody could administer the site; the message says what to do."""


@transaction.atomic
def account_close(*, user: User) -> None:
    """Every session of it ends, and every token. LastRootError where no other superuser is left."""
    roots = User.objects.select_for_update().filter(is_superuser=True, is_active=True, closed_at=None)
    if user.is_superuser and not roots.exclude(pk=user.pk).exists():
        raise LastRootError(_("You are the last superuser. Make somebody else one before you delete your account."))
    now = timezone.now()
    User.objects.filter(pk=user.pk, closed_at=None).update(closed_at=now, sessions_ended_at=now)
    Token.objects.filter(user=user, revoked_at=None).update(revoked_at=now)


def account_reopen(*, user: User) -> bool:
    """Whether it was closed."""
    user.closed_at = None
    return User.objects.filter(pk=user.pk, closed_at__isnull=False).update(closed_at=None) == 1


def accounts_due(now: datetime) -> QuerySet[User]:
    """Closed for so long that nobody comes back."""
    return User.objects.filter(closed_at__lt=now - timedelta(days=settings.KEEP_ACCOUNT_DAYS), erased_at=None)
