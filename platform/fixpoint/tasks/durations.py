"""How long a run of a task may take: the stages' time limits, and the longest run that can be carried through."""

import math

from django.conf import settings
from django.utils.translation import gettext as _

from fixpoint.figures import whole
from fixpoint.tasks.models import Task
from worker.contract import REDELIVERY_SECONDS


def train_limit(task: Task, seeds: int) -> int:
    """Seconds of one training: the task's limit is of one seed, and each core trains one at a time."""
    return task.train_seconds * math.ceil(seeds / task.cpus)


def predict_limit(task: Task, seeds: int) -> int:
    """Seconds of one prediction, which takes each seed in turn."""
    return task.predict_seconds * seeds


def overlong(task: Task, seeds: int) -> str:
    """Why a run with so many seeds could not be carried through, as a sentence; "" where it can."""
    asked = train_limit(task, seeds) + predict_limit(task, seeds)
    # A tenth to spare, for what is fetched before and handed in after.
    allowed = int(min(settings.ADDRESS_SECONDS, REDELIVERY_SECONDS) / 1.1)
    if asked <= allowed:
        return ""
    return _(
        "A run could take %(asked)s seconds (%(train_seconds)s for each round of %(cpus)s "
        "seeds, and %(predict_seconds)s for each to predict); %(allowed)s are allowed. Lower "
        "'train_seconds' or train fewer seeds."
    ) % {
        "asked": whole(asked),
        "train_seconds": whole(task.train_seconds),
        "cpus": task.cpus,
        "predict_seconds": whole(task.predict_seconds),
        "allowed": whole(allowed),
    }
