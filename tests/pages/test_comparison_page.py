"""Two of one's datasets side by side."""

import csv
import io
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from fixpoint.accounts.models import User
from fixpoint.datasets.models import Dataset
from fixpoint.tasks.models import Task
from tests.pages.markup import Page
from tests.support.bundles import write_zip
from tests.support.ingested import examined_dataset
from tests.support.patterns import entry, pattern
from tests.support.platform import open_task

pytestmark = pytest.mark.django_db
NEW = "train/klasse-eins/=new.png"


@pytest.fixture
def before(owner: User, task: Task, tmp_path: Path) -> Dataset:
    return examined_dataset(owner, task, write_zip(tmp_path / "before.zip", entry()), tmp_path, "before")


@pytest.fixture
def after(owner: User, task: Task, tmp_path: Path) -> Dataset:
    files = entry({NEW: pattern(900)})
    return examined_dataset(owner, task, write_zip(tmp_path / "after.zip", files), tmp_path, "after")


def test_the_page_of_a_dataset_offers_the_others_and_the_comparison_shows_what_changed(
    signed_in: Client, before: Dataset, after: Dataset
) -> None:
    page = signed_in.get(reverse("dataset", args=[after.pk])).content.decode()
    assert f'<option value="{before.pk}">' in page

    compared = signed_in.get(reverse("dataset_comparison", args=[after.pk]), {"with": before.pk}).content.decode()
    assert "16 images are as they were" in compared
    assert NEW in compared
    assert (Page(compared).unbalanced, Page(compared).open, Page(compared).inline) == ([], [], [])


def test_all_changes_are_a_list(signed_in: Client, before: Dataset, after: Dataset) -> None:
    answer = signed_in.get(reverse("dataset_comparison_csv", args=[after.pk]), {"with": before.pk})
    [row] = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert (row["change"], row["path_before"], row["path_after"]) == ("added", "", NEW)


def test_what_was_added_is_added_from_whichever_of_the_two_one_comes(
    signed_in: Client, before: Dataset, after: Dataset
) -> None:
    address = reverse("dataset_comparison", args=[before.pk])
    page = signed_in.get(address, {"with": after.pk}).content.decode()
    assert NEW in page
    assert 'change=added" aria-current="true"' in page
    assert page.rindex(">before</a>") < page.rindex(">after</a>")


def test_a_dataset_is_compared_with_no_other_persons_and_no_other_tasks(
    owner: User, stranger: User, organizer: User, task: Task, before: Dataset, after: Dataset, tmp_path: Path
) -> None:
    theirs = examined_dataset(stranger, task, tmp_path / "before.zip", tmp_path, "theirs")
    elsewhere = examined_dataset(owner, open_task("another"), tmp_path / "before.zip", tmp_path, "elsewhere")
    for person in (owner, stranger, organizer):
        client = Client()
        client.force_login(person)
        for other in (theirs.pk, elsewhere.pk, after.pk, "x", ""):
            for name in ("dataset_comparison", "dataset_comparison_csv"):
                answer = client.get(reverse(name, args=[after.pk]), {"with": other})
                assert answer.status_code == 404, (person, other)


@pytest.mark.parametrize("query", [{"change": "nothing"}, {"change": "exact"}])
def test_a_change_that_is_none_is_nobodys_page(
    signed_in: Client, before: Dataset, after: Dataset, query: dict[str, str]
) -> None:
    address = reverse("dataset_comparison", args=[after.pk])
    assert signed_in.get(address, {"with": before.pk} | query).status_code == 404
