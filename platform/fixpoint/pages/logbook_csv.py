"""The logbook as rows of a CSV file."""

from collections.abc import Iterable, Iterator

from fixpoint.pages.logbook import Line

HEADER = (
    "entered", "task", "entry", "title", "dataset", "state", "accuracy", "change", "private_accuracy",
    "grams_standardised", "change_of_grams", "images", "added", "removed", "relabelled", "chosen", "withdrawn", "notes",
)  # fmt: skip


def csv_rows(lines: Iterable[Line]) -> Iterator[tuple[object, ...]]:
    """Under HEADER; what is not known stays empty."""
    for line in lines:
        entry, changes = line.entry, line.changes
        counts = (changes.added, changes.removed, changes.relabelled) if changes else ("", "", "")
        yield (
            entry.created_at.isoformat(), entry.task.slug, entry.pk, entry.title, entry.dataset.name, entry.status,
            entry.accuracy, line.change, line.private, line.grams, line.grams_change, entry.dataset.images, *counts,
            entry.is_chosen, entry.withdrawn_at is not None, entry.notes,
        )  # fmt: skip
