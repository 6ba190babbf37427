"""The notice of how a dataset's reading ended: once, to who uploaded it, in the transaction that ends it."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fixpoint.accounts.models import Notice
from fixpoint.accounts.notices import notices_give
from fixpoint.datasets.models import Dataset
from fixpoint.figures import whole
from fixpoint.sayings.saying import said


def end_tell(*, dataset: Dataset) -> None:
    """Tell its owner, who need not wait on its page. What the directory alone refuses is answered at once."""
    notices_give(
        to=[dataset.owner],
        subject=lambda: _subject(dataset),
        text=lambda: _text(dataset),
        path=f"/datasets/{dataset.pk}/",
        kind=Notice.Kind.RUNS,
    )


def _subject(dataset: Dataset) -> str:
    says = {
        Dataset.Status.ACCEPTED: _accepted(dataset),
        Dataset.Status.REFUSED: _("Refused: your dataset “%(name)s” in %(title)s"),
        Dataset.Status.ERROR: _("Not read, by a fault of ours: your dataset “%(name)s” in %(title)s"),
        Dataset.Status.CANCELLED: _("Cancelled: your dataset “%(name)s” in %(title)s"),
    }[Dataset.Status(dataset.status)]
    return says % {"name": dataset.name, "title": dataset.task.title}


def _accepted(dataset: Dataset) -> str:
    if not dataset.enters:
        return _("Accepted: your dataset “%(name)s” in %(title)s")
    if dataset.entry_refusal:
        return _("Accepted, but not entered: your dataset “%(name)s” in %(title)s")
    return _("Accepted and entered: your dataset “%(name)s” in %(title)s")


def _text(dataset: Dataset) -> str:
    if dataset.status == Dataset.Status.CANCELLED:
        return _("It was not read to the end. Upload it again if you want it back.")
    if dataset.status != Dataset.Status.ACCEPTED:
        return said(dataset.reason)
    if dataset.entry_refusal:
        return f"{said(dataset.entry_refusal)} {_('The dataset is kept and can be entered later.')}"
    if dataset.enters:
        return _("Its entry waits for a worker. You are told when it has ended.")
    says = ngettext("%(images)s image, ready to be entered.", "%(images)s images, ready to be entered.", dataset.images)
    return says % {"images": whole(dataset.images)}
