"""All that tells of a person is taken out of their account; what others rest on keeps a neutral name."""

import secrets
from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from fixpoint.accounts.models import Notice, Token, User
from fixpoint.accounts.names import GONE


@transaction.atomic
def account_anonymize(*, user_id: int, closed_before: datetime) -> tuple[str, str] | None:
    """The name before and the neutral one; None where the person came back meanwhile. Done again it changes nothing."""
    due = User.objects.select_for_update().filter(closed_at__lt=closed_before, erased_at=None)
    user = due.filter(pk=user_id).first()
    if user is None:
        return None
    if not user.is_active and user.username.startswith(GONE):
        return user.username, user.username
    before, after = user.username, _free_name()
    user.username, user.email = after, f"{after}@deleted.invalid"
    user.first_name = user.last_name = ""
    user.role = User.Role.PARTICIPANT
    user.is_active = user.is_staff = user.is_superuser = user.mails_runs = False
    user.last_login = None
    user.set_unusable_password()
    user.save()
    user.groups.clear()
    user.user_permissions.clear()
    for model in (EmailAddress, Authenticator, SocialAccount, Notice, Token):
        model.objects.filter(user=user).delete()
    kind = ContentType.objects.get_for_model(User)
    LogEntry.objects.filter(content_type=kind, object_id=str(user_id)).update(object_repr=after, change_message="")
    return before, after


def _free_name() -> str:
    while True:
        name = f"{GONE}{secrets.token_hex(4)}"
        if not User.objects.filter(username=name).exists():
            return name
