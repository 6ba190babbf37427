"""Entering a dataset in the moment of its acceptance; datasets reaches this by its name in the settings."""

import logging

from django.conf import settings
from django.db import OperationalError
from django.utils import translation

from fixpoint.datasets.models import Dataset
from fixpoint.submissions.models import Submission
from fixpoint.submissions.services import EntryRefusedError, submission_enter
from fixpoint.tasks.models import Baseline

log = logging.getLogger(__name__)

_FAULT = "The platform could not enter it: our fault, not your data's. Please enter it yourself."


def dataset_enter(dataset: Dataset) -> str:
    """Enter it for its owner; "" or, where that cannot be, why. Raises OperationalError, which is worth a repeat."""
    try:
        with translation.override(settings.LANGUAGE_CODE):  # what is kept is in nobody's language
            submission_enter(owner=dataset.owner, dataset=dataset, seeds=dataset.entry_seeds, role=_role(dataset))
    except EntryRefusedError as error:
        return str(error)
    except OperationalError:
        raise
    except Exception:
        log.exception("The platform stumbled over the entry of %s.", dataset.pk)  # its acceptance must not be lost
        return _FAULT
    return ""


def _role(dataset: Dataset) -> Submission.Role:
    baseline = Baseline.objects.filter(dataset_id=dataset.pk).first()
    return Submission.Role(baseline.role) if baseline else Submission.Role.PARTICIPANT
