"""What an app must know to have its work done by a worker: one class per kind of subject, named in the settings."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from fixpoint.dispatch.models import Attempt
from worker.contract import Report, Stage


@dataclass(frozen=True)
class Material:
    """A blob that a stage reads under `name`."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Work:
    """What a claim answers with, before addresses are signed: outputs have empty urls."""

    recipe: str
    recipe_digest: str
    materials: tuple[Material, ...]
    stages: tuple[Stage, ...]


class Handler(Protocol):
    """Decides for one kind of subject. All but `is_wanted` run inside a transaction that holds the attempt's row."""

    def work(self, subject_id: UUID, number: int) -> Work | None:
        """What is to be done, or None if this attempt is no longer wanted."""
        ...

    def is_wanted(self, subject_id: UUID, number: int) -> bool:
        """Whether the worker should go on."""
        ...

    def take(self, attempt: Attempt, report: Report, blobs: dict[str, str]) -> bool | None:
        """Take in one fact; `blobs` has the digests of what was delivered.

        True when the attempt is over, False when it goes on, None if it is no longer wanted.
        """
        ...

    def lost(self, attempt: Attempt, why: str) -> None:
        """The attempt ended through no fault of the data: try again, or give up and say so."""
        ...


def handler_of(attempt: Attempt) -> Handler:
    """The app's handler for this attempt."""
    handler: Handler = import_string(settings.JOB_HANDLERS[attempt.handler])()
    return handler
