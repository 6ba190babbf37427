"""How many datasets a participant may hand in within a day: rows, inspections and readings are not free either."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import ngettext

from fixpoint.accounts.models import User
from fixpoint.datasets.models import Dataset
from fixpoint.figures import whole

_DAY = timedelta(days=1)


class TooManyDatasetsError(Exception):
    """No more of this person now; the message says how many there were and when the next is possible."""


def expect_another_today(owner: User) -> None:
    """TooManyDatasetsError after the day's last one. Those that we failed to read do not count."""
    most = settings.MAX_DATASETS_PER_DAY
    if not most or owner.is_organizer:
        return
    recent = Dataset.objects.filter(owner=owner, created_at__gt=timezone.now() - _DAY)
    newest = recent.exclude(status=Dataset.Status.ERROR).order_by("-created_at").values_list("created_at", flat=True)
    for first in newest[most - 1 : most]:
        told = {"count": whole(most), "moment": f"{first + _DAY:%Y-%m-%d %H:%M} UTC"}
        many = ngettext(
            "You have handed in %(count)s dataset within 24 hours, refused and deleted ones too; no more are taken. "
            "The next is possible at %(moment)s.",
            "You have handed in %(count)s datasets within 24 hours, refused and deleted ones too; no more are taken. "
            "The next is possible at %(moment)s.",
            most,
        )
        raise TooManyDatasetsError(many % told)
