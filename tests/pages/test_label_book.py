"""The gallery of a task's label book: every image, class by class, as a worker encoded it."""

import io

import pytest
from django.test import Client
from PIL import Image

from fixpoint.tasks.models import Material, Task
from tests.support.bundles import write_zip
from tests.support.ingested import packed_material
from tests.support.patterns import pattern

pytestmark = pytest.mark.django_db
EINS, ZWEI = "klasse-eins", "klasse-zwei"


@pytest.fixture
def book(task: Task, tmp_path) -> Material:
    files = {f"{ZWEI}/b.png": pattern(1), f"{EINS}/<i>.png": pattern(2), f"{ZWEI}/a.png": pattern(3)}
    return packed_material(task, Material.Role.LABEL_BOOK, write_zip(tmp_path / "book.zip", files), tmp_path)


def shown(task: Task, **query: str) -> str:
    answer = Client().get(f"/tasks/{task.slug}/label-book/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_image_stands_under_its_class_in_the_tasks_own_order(task, book):
    page = shown(task)

    assert page.count('loading="lazy"') == 3
    places = [page.index(text) for text in (f">{EINS}</h2>", "&lt;i&gt;.png", f">{ZWEI}</h2>", "a.png", "b.png")]
    assert places == sorted(places)
    assert "<i>.png" not in page


def test_one_class_can_be_looked_at_alone(task, book):
    page = shown(task, **{"class": ZWEI})

    assert page.count('loading="lazy"') == 2
    assert f">{EINS}</h2>" not in page


def test_a_picture_is_a_small_jpeg_that_may_be_kept(task, book):
    answer = Client().get(f"/tasks/{task.slug}/label-book/0.jpg")

    assert Image.open(io.BytesIO(answer.content)).format == "JPEG"
    assert answer["Cache-Control"] == "public, max-age=3600"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_of_a_task_that_not_everybody_sees_no_shared_cache_keeps_it(client, organizer, task, book):
    Task.objects.filter(pk=task.pk).update(visibility="private")
    client.force_login(organizer)

    assert client.get(f"/tasks/{task.slug}/label-book/0.jpg")["Cache-Control"] == "private, max-age=3600"
    assert Client().get(f"/tasks/{task.slug}/label-book/0.jpg").status_code == 404


def test_the_tasks_page_leads_there_only_where_there_is_one(client, task, book):
    Material.objects.filter(pk=book.pk).update(sheet_sha256=book.manifest_sha256)
    assert "/label-book/" in client.get(f"/tasks/{task.slug}/").content.decode()

    Material.objects.filter(pk=book.pk).update(thumbnails_sha256="")

    assert "/label-book/" not in client.get(f"/tasks/{task.slug}/").content.decode()
    assert client.get(f"/tasks/{task.slug}/label-book/").status_code == 404


def test_the_hidden_set_has_no_gallery_whatever_a_worker_hands_in(task, tmp_path):
    hidden = packed_material(
        task, Material.Role.HIDDEN, write_zip(tmp_path / "hidden.zip", {"1": pattern(4)}), tmp_path
    )
    Material.objects.filter(pk=hidden.pk).update(thumbnails_sha256=hidden.looks_sha256)

    assert Client().get(f"/tasks/{task.slug}/label-book/").status_code == 404
