"""What stands in the hidden test set is for organizers alone: nothing that a participant can reach changes by it."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from fixpoint.accounts.models import User
from fixpoint.datasets.models import Dataset, HiddenOverlap
from fixpoint.datasets.precheck.kinds import KINDS
from fixpoint.tasks.models import Task
from tests.support.bundles import write_zip
from tests.support.ingested import examined_dataset, packed_material
from tests.support.patterns import entry, pattern
from tests.support.platform import accepted_dataset, open_task

pytestmark = pytest.mark.django_db
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=-)[0-9a-f]{8}(?=[-.])")
CHANGING = re.compile(r'csrfmiddlewaretoken" value="[^"]+"|<time[^>]*>[^<]*</time>|\d{4}-\d\d-\d\d \d\d:\d\d')


@pytest.fixture
def pair(owner: User, tmp_path: Path) -> list[Dataset]:
    """The same dataset in two tasks that differ in their hidden images alone: strangers to it, and its own images."""
    zipped = write_zip(tmp_path / "entry.zip", entry())
    found = []
    for slug, hidden in (
        ("task-of-strangers", {f"{n}": pattern(8_000 + n) for n in range(4)}),
        ("task-of-twins", hidden_of_its_own()),
    ):
        task = open_task(slug, title="Numerals")
        packed_material(task, "hidden", write_zip(tmp_path / f"{slug}.zip", hidden), tmp_path)
        for name in ("first", "second"):
            dataset = examined_dataset(owner, task, zipped, tmp_path, name)
        found.append(dataset)
    assert [len(HiddenOverlap.objects.get(dataset=each).exact) for each in found] == [0, 3]
    assert [len(HiddenOverlap.objects.get(dataset=each).near) for each in found] == [0, 1]
    return found


def hidden_of_its_own() -> dict[str, bytes]:
    return {f"{n}": pattern(n) for n in range(3)} | {"3": pattern(5, version=1)}


def everything(client: Client, dataset: Dataset) -> dict[str, str]:
    """All that can be read of a dataset, without what differs between any two of them."""
    other = Dataset.objects.exclude(pk=dataset.pk).get(task=dataset.task)
    compared = f"?with={other.pk}"
    queries = {
        "dataset": [""],
        "dataset_live": [""],
        "dataset_images": ["", "?split=val", *(f"?finding={kind.code}" for kind in KINDS)],
        "dataset_images_csv": ["", *(f"?finding={kind.code}" for kind in KINDS)],
        "dataset_comparison": [compared],
        "dataset_comparison_csv": [compared],
        "dataset_hidden_overlap": [""],
    }
    addresses = [reverse(name, args=[dataset.pk]) + query for name, several in queries.items() for query in several] + [
        "/me/",
        f"/tasks/{dataset.task.slug}/",
        f"/tasks/{dataset.task.slug}/board/",
        "/",
    ]
    told = {}
    for address in addresses:
        answer = client.get(address)
        text = f"{answer.status_code} {answer.headers.get('Content-Disposition', '')} {answer.content.decode()}"
        text = CHANGING.sub("", UUID.sub("ID", text)).replace(dataset.task.slug, "SLUG")
        told[UUID.sub("ID", address).replace(dataset.task.slug, "SLUG")] = text
    return told


def test_nothing_that_a_participant_can_read_changes_by_what_the_hidden_set_holds(
    pair: list[Dataset], signed_in: Client
) -> None:
    alone = ("/", "/me/")  # they show both tasks at once

    apart, alike = ({k: v for k, v in everything(signed_in, each).items() if k not in alone} for each in pair)

    assert len(apart) == len(alike) > 30
    assert {name: (apart[name], alike[name]) for name in apart if apart[name] != alike[name]} == {}
    assert not any(re.search("hidden (test )?set|hidden-overlap", text, re.IGNORECASE) for text in apart.values())


def test_an_organizer_sees_the_difference(pair: list[Dataset], organizer: User) -> None:
    client = Client()
    client.force_login(organizer)

    apart, alike = (everything(client, each) for each in pair)

    different = {name for name in apart if apart[name] != alike[name]} - {"/"}
    assert different == {"/datasets/ID/", "/datasets/ID/live/", "/datasets/ID/hidden-overlap/"}
    assert "3 equal in bytes or pixels" in alike["/datasets/ID/hidden-overlap/"]
    assert "1 nearly the same" in alike["/datasets/ID/hidden-overlap/"]


def test_where_nothing_was_compared_an_organizer_is_not_told_of_no_overlap(
    owner: User, organizer: User, task: Task, tmp_path: Path
) -> None:
    packed_material(task, "hidden", write_zip(tmp_path / "hidden.zip", hidden_of_its_own()), tmp_path)
    task.materials.filter(role="hidden").update(looks_sha256="")
    dataset = examined_dataset(owner, task, write_zip(tmp_path / "entry.zip", entry()), tmp_path)
    before_there_were_looks = accepted_dataset(owner, task)
    client = Client()
    client.force_login(organizer)

    pages = [
        client.get(reverse(name, args=[each.pk])).content.decode()
        for name, each in (
            ("dataset", dataset),
            ("dataset_hidden_overlap", dataset),
            ("dataset", before_there_were_looks),
        )
    ]

    assert ["Not compared" in page for page in pages] == [True] * 3
    assert not any("stand in the hidden test set, <strong>" in page or "equal in bytes" in page for page in pages)
