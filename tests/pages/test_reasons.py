"""The reasons against a dataset on its page and as a table: all kinds at once, none that a spreadsheet would run."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fixpoint.accounts.models import User
from fixpoint.datasets.models import Dataset
from fixpoint.datasets.services import dataset_refuse, dataset_upload
from fixpoint.tasks.models import Task
from fixpoint.tasks.outcomes import Refused
from tests.support.bundles import entry_files
from tests.support.platform import zip_of

pytestmark = pytest.mark.django_db


def uploaded(owner: User, task: Task, files: dict[str, bytes]) -> Dataset:
    return dataset_upload(owner=owner, task=task, name="mine", file=SimpleUploadedFile("mine.zip", zip_of(files)))


def rows_of(client: Client, dataset: Dataset) -> list[dict[str, str]]:
    answer = client.get(reverse("dataset_reasons", args=[dataset.pk]))
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def page_of(client: Client, dataset: Dataset) -> str:
    return client.get(reverse("dataset", args=[dataset.pk])).content.decode()


def test_reasons_of_inspection_are_all_in_the_table_and_ten_of_a_kind_on_the_page(
    signed_in: Client, owner: User, task: Task
) -> None:
    strays = {f"train/note-{n:02}.txt": b"x" for n in range(25)}
    dataset = uploaded(owner, task, entry_files() | strays | {"../up.png": b"x", "train/KLASSE-EINS/a.png": b"x"})
    rows = rows_of(signed_in, dataset)
    assert {row["file"] for row in rows} == {*strays, "../up.png", "train/KLASSE-EINS/"}
    assert all(row["what is wrong"] and row["what to do"] and row["severity"] == "refusal" for row in rows)
    page = page_of(signed_in, dataset)
    assert page.count("train/note-") == 10
    assert "and 15 more" in page
    assert "../up.png" in page
    assert "its images were not opened" in page
    assert "Did you mean" in page


def test_reasons_of_ingestion_are_told_with_what_was_only_counted(signed_in: Client, owner: User, task: Task) -> None:
    dataset = uploaded(owner, task, entry_files())
    said = [{"rule": "not-an-image", "path": f"train/a/{n}.png", "detail": "A text."} for n in range(40)]
    counts = {"not-an-image": 4_000, "unreadable-image": 3}
    dataset_refuse(dataset=dataset, outcome=Refused.model_validate({"refusals": said, "refusal_counts": counts}))
    rows = rows_of(signed_in, dataset)
    assert [row["file"] for row in rows[:40]] == [each["path"] for each in said]
    assert [row["what is wrong"] for row in rows[40:]] == [
        "3,960 more of this kind are not listed.",
        "3 more of this kind are not listed.",
    ]
    page = page_of(signed_in, dataset)
    assert "and 3,990 more" in page
    assert "Images that open" in page, "a kind of which only the count is known"
    assert "its images were not opened" not in page


def test_what_was_only_counted_is_a_refusal_after_cancelling_too(signed_in: Client, refused: Dataset) -> None:
    refused.remark_counts |= {"unsafe-name": 3}
    refused.status = Dataset.Status.CANCELLED
    refused.save()
    assert {row["severity"] for row in rows_of(signed_in, refused)} == {"refusal"}


def test_findings_of_an_accepted_dataset_are_in_the_table(signed_in: Client, accepted: Dataset) -> None:
    accepted.remark_counts = {"extra-frames": 2}
    accepted.save()
    accepted.remarks.create(severity="finding", rule="extra-frames", path="train/a.gif", detail="3 frames.")
    rows = rows_of(signed_in, accepted)
    assert [(row["severity"], row["file"]) for row in rows] == [("finding", "train/a.gif"), ("finding", "")]


@pytest.mark.parametrize("name", ['=HYPERLINK("x","y").png', "+1.png", "-1.png", "@a.png", " =1.png"])
def test_a_name_that_is_a_formula_stays_text(signed_in: Client, owner: User, task: Task, name: str) -> None:
    dataset = uploaded(owner, task, entry_files() | {name: b"x"})
    files = [row["file"] for row in rows_of(signed_in, dataset)]
    assert files == [f"'{name}"]


def test_the_table_is_its_owners_and_the_organizers_alone(
    refused: Dataset, stranger: User, organizer: User, client: Client
) -> None:
    address = reverse("dataset_reasons", args=[refused.pk])
    assert client.get(address).status_code == 302
    for person, status in ((stranger, 404), (organizer, 200)):
        client.force_login(person)
        assert client.get(address).status_code == status
