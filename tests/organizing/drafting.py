"""A draft as an organizer fills it in the browser: step by step, by forms."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fixpoint.tasks.models import Draft
from tests.support.bundles import entry_files, hidden_files
from tests.support.names import CLASSES, RECIPE
from tests.support.platform import zip_of


def fill(client: Client, draft: Draft) -> None:
    """Everything that a task must have, and a baseline."""
    save(client, draft, "what", slug="numerals", title="Numerals", classes="\n".join(CLASSES))
    save(client, draft, "data", hidden_test=zipped("hidden.zip", hidden_files()), public_share="1")
    save(client, draft, "data", baseline=zipped("plain.zip", entry_files()), baseline_title="as drawn")
    save(client, draft, "rules", recipe=RECIPE, entries_per_day="2", seeds="1")
    save(client, draft, "dates", time_zone="Europe/Vienna", **phases())


def save(client: Client, draft: Draft, step: str, **fields: object):
    answer = client.post(reverse("draft", args=[draft.pk, step]), fields)
    draft.refresh_from_db()
    return answer


def phases(*rows: dict[str, str]) -> dict[str, str]:
    named = {f"phases-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}
    return {"phases-TOTAL_FORMS": str(len(rows)), "phases-INITIAL_FORMS": "0"} | named


def zipped(name: str, files: dict[str, bytes]) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, zip_of(files), "application/zip")
