"""Accounts that look as if one person had made them. Addresses of networks are neither kept nor looked at."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from difflib import SequenceMatcher

from django.urls import reverse
from django.utils.translation import gettext as _

from fixpoint.organizing.contamination.suspicion import Kind, Suspicion
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task
from fixpoint.teams.models import Member

WITHIN = timedelta(minutes=10)
"""From one sign-up to the other."""
ALIKE = 0.8
"""Of their usernames in small letters without digits: 2 × the letters in common by their letters together."""

Account = tuple[str, datetime, str]
"""Username, when they signed up, and the name of their team."""


def alike_accounts(task: Task) -> list[Suspicion]:
    """Each two in different teams that entered, in the order of their sign-ups."""
    entered = Submission.objects.filter(task=task, role=Submission.Role.PARTICIPANT).values("team")
    rows = Member.objects.filter(team__in=entered).order_by("user__date_joined", "user__username")
    accounts = rows.values_list("user__username", "user__date_joined", "team__name")
    address = reverse("organize_teams", args=[task.slug])
    return [_line(one, other, address) for one, other in _alike(accounts)]


def is_alike(one: str, other: str) -> bool:
    """Whether two usernames are so alike that they are listed."""
    first, second = (re.sub(r"[\d_.+-]+", "", each.lower()) for each in (one, other))
    if not first or not second:
        return False
    return SequenceMatcher(None, first, second).ratio() >= ALIKE


def _alike(accounts: Iterable[Account]) -> list[tuple[Account, Account]]:
    found, recent = [], list[Account]()
    for account in accounts:
        name, joined, team = account
        recent = [each for each in recent if joined - each[1] <= WITHIN]
        found += [(each, account) for each in recent if each[2] != team and is_alike(each[0], name)]
        recent.append(account)
    return found


def _line(one: Account, other: Account, address: str) -> Suspicion:
    why = _("%(one)s and %(other)s signed up within %(minutes)s minutes of each other, in different teams.") % {
        "one": one[0],
        "other": other[0],
        "minutes": max(1, round((other[1] - one[1]).total_seconds() / 60)),
    }
    links = tuple((team, f"{address}?q={name}") for name, _joined, team in (one, other))
    return Suspicion(Kind.ALIKE_ACCOUNTS, why, (one[2], other[2]), links)
