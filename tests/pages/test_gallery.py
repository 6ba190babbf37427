"""Galleries of one's own dataset: what they show, what can be marked, and how it is handed over."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from fixpoint.accounts.models import User
from fixpoint.datasets.gallery import PAGE, SHOWN, page_of
from fixpoint.datasets.manifest import manifest_of
from fixpoint.datasets.models import Dataset
from fixpoint.tasks.models import Task
from tests.pages.markup import Page
from tests.support.bundles import write_zip
from tests.support.ingested import examined_dataset
from tests.support.patterns import entry, pattern

pytestmark = pytest.mark.django_db
EINS, ZWEI = "klasse-eins", "klasse-zwei"
MORE = {
    f"=2+5/train/{EINS}/=cmd.png": pattern(900),
    f"=2+5/val/{EINS}/leaked.png": pattern(900),
}


@pytest.fixture
def dataset(owner: User, task: Task, tmp_path: Path) -> Dataset:
    files = {f"=2+5/{path}": data for path, data in entry().items()} | MORE
    return examined_dataset(owner, task, write_zip(tmp_path / "entry.zip", files), tmp_path)


def shown(client: Client, dataset: Dataset, **query: Any) -> str:
    answer = client.get(reverse("dataset_images", args=[dataset.pk]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def rows_of(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def listed(client: Client, dataset: Dataset, **query: Any) -> list[dict[str, str]]:
    return rows_of(client.get(reverse("dataset_images_csv", args=[dataset.pk]), query))


def test_a_gallery_shows_what_was_chosen_and_nothing_else(signed_in: Client, dataset: Dataset) -> None:
    assert shown(signed_in, dataset).count('type="checkbox"') == 18
    assert shown(signed_in, dataset, split="val").count('type="checkbox"') == 9
    assert shown(signed_in, dataset, split="val", **{"class": ZWEI}).count('type="checkbox"') == 4
    leak = shown(signed_in, dataset, finding="leakage")
    assert leak.count('type="checkbox"') == 2
    assert "leaked.png" in leak
    assert shown(signed_in, dataset, finding="blank").count('type="checkbox"') == 0


@pytest.mark.parametrize("query", [{"split": "hidden"}, {"class": "nobody"}, {"finding": "exact"}])
def test_what_is_no_split_class_or_finding_is_nobodys_page(
    signed_in: Client, dataset: Dataset, query: dict[str, str]
) -> None:
    for name in ("dataset_images", "dataset_images_csv"):
        assert signed_in.get(reverse(name, args=[dataset.pk]), query).status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999", "²", ""])
def test_a_page_that_is_none_is_one_that_there_is(signed_in: Client, dataset: Dataset, page: str) -> None:
    assert shown(signed_in, dataset, page=page).count('type="checkbox"') == 18


@pytest.mark.parametrize(
    ("asked", "number"), [(None, 1), ("", 1), ("x", 1), ("²", 1), ("2", 2), ("3", 3), ("9" * 99, 3)]
)
def test_what_an_address_asks_for_is_a_page_that_there_is(dataset: Dataset, asked: str | None, number: int) -> None:
    images = manifest_of(dataset.manifest_sha256) * 20
    page = page_of([[row] for row in range(2 * PAGE + 1)], images, asked)
    assert (page.number, page.count, page.images) == (number, 3, 2 * PAGE + 1)


def test_pages_hold_every_image_once_and_none_is_too_long(dataset: Dataset) -> None:
    images = manifest_of(dataset.manifest_sha256) * 60
    groups = [[row] for row in range(300)] + [list(range(300, 400)), list(range(400, 700))]
    pages = [page_of(groups, images, number + 1) for number in range(page_of(groups, images, 1).count)]
    seen = [picture.row for page in pages for group in page.groups for picture in group.pictures]
    assert seen == [*range(300), *range(300, 300 + SHOWN), *range(400, 400 + SHOWN)]
    assert max(sum(len(group.pictures) for group in page.groups) for page in pages) <= PAGE
    assert [group.more for group in pages[-1].groups][-2:] == [100 - SHOWN, 300 - SHOWN]


def test_a_thumbnail_is_a_picture_of_ours_that_only_its_browser_keeps(signed_in: Client, dataset: Dataset) -> None:
    answer = signed_in.get(reverse("dataset_thumbnail", args=[dataset.pk, 17]))

    picture = Image.open(io.BytesIO(answer.content))
    assert (picture.format, picture.size) == ("JPEG", (64, 64))
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"].startswith("private")


def test_every_row_has_its_own_thumbnail_and_there_is_none_after_the_last(signed_in: Client, dataset: Dataset) -> None:
    address = [reverse("dataset_thumbnail", args=[dataset.pk, row]) for row in range(19)]
    pictures = {signed_in.get(each).content for each in address[:18]}
    assert len(pictures) == 17  # two files hold one picture
    assert signed_in.get(address[18]).status_code == 404


def test_what_is_no_thumbnail_of_ours_is_not_served(signed_in: Client, dataset: Dataset) -> None:
    Dataset.objects.update(thumbnails_sha256=dataset.manifest_sha256)
    assert signed_in.get(reverse("dataset_thumbnail", args=[dataset.pk, 0])).status_code == 404


def test_a_list_tells_all_of_every_image_and_computes_nothing(signed_in: Client, dataset: Dataset) -> None:
    rows = listed(signed_in, dataset, finding="leakage")
    assert [row["path"] for row in rows] == [f"'=2+5/train/{EINS}/=cmd.png", f"'=2+5/val/{EINS}/leaked.png"]
    assert {(row["group"], row["findings"], row["width"], row["mode"]) for row in rows} == {("1", "leakage", "64", "L")}
    assert len({row["pixels"] for row in rows}) == 1
    assert len(listed(signed_in, dataset)) == 18


def test_marked_images_are_listed_whether_a_script_gathered_them_or_not(signed_in: Client, dataset: Dataset) -> None:
    address = reverse("dataset_images_csv", args=[dataset.pk])
    plain = rows_of(signed_in.post(address, {"row": ["3", "5"]}))
    gathered = rows_of(signed_in.post(address, {"rows": "5,3"}))
    odd = rows_of(signed_in.post(address, {"rows": "5,,x,-1,99,3,3", "row": "²"}))
    images = manifest_of(dataset.manifest_sha256)
    assert plain == gathered == odd
    assert [row["path"] for row in plain] == sorted(f"'{images[row].path}" for row in (3, 5))


def test_ten_thousand_marks_can_be_handed_in(signed_in: Client, dataset: Dataset) -> None:
    marks = ",".join(str(number) for number in range(10_000))
    assert len(rows_of(signed_in.post(reverse("dataset_images_csv", args=[dataset.pk]), {"rows": marks}))) == 18


def test_what_only_a_script_can_do_is_not_told_without_it(signed_in: Client, dataset: Dataset) -> None:
    page = shown(signed_in, dataset)
    assert '<span id="arrows" hidden>' in page
    assert page.count("arrow keys") == 1


def test_galleries_hold_together_as_html_and_need_no_script(signed_in: Client, dataset: Dataset) -> None:
    pages = [shown(signed_in, dataset), shown(signed_in, dataset, finding="leakage")]
    pages.append(signed_in.get(reverse("dataset", args=[dataset.pk])).content.decode())
    for source in pages:
        page = Page(source)
        assert (page.inline, page.outside, page.unbalanced, page.open) == ([], [], [], [])
        assert set(page.inputs) <= page.labelled
        assert len(page.ids) == len(set(page.ids))


def test_the_datasets_page_leads_to_every_finding(signed_in: Client, dataset: Dataset) -> None:
    page = signed_in.get(reverse("dataset", args=[dataset.pk])).content.decode()
    assert f"{reverse('dataset_images', args=[dataset.pk])}?finding=leakage" in page
    assert "1 kind of mistake" in page
    assert "1.25 : 1, largest to smallest class" in page


def test_the_page_asks_again_until_the_examination_is_done(signed_in: Client, dataset: Dataset) -> None:
    address = reverse("dataset_live", args=[dataset.pk])
    assert "hx-get" not in signed_in.get(address).content.decode()
    Dataset.objects.update(examined_at=None)
    assert "hx-get" in signed_in.get(address).content.decode()
