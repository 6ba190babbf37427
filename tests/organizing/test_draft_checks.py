"""What is wrong with a draft is told before it is a task: all of it at once, its files' directories and its dates."""

import io
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from fixpoint.dispatch.models import Attempt
from fixpoint.organizing.models import Act
from fixpoint.tasks.models import Draft, Material, Task
from fixpoint.tasks.services import material_retry
from tests.organizing.drafting import fill, phases, save, zipped
from tests.support.bundles import entry_files, hidden_files, picture
from tests.support.names import CLASSES
from tests.support.platform import open_task

pytestmark = pytest.mark.django_db
ENTRY = entry_files()
TEXTS = {f"{name}/a.txt": b"words" for name in CLASSES}


def told(client, draft: Draft) -> list[str]:
    return [says for says, _where in client.get(reverse("draft", args=[draft.pk, "check"])).context["problems"]]


@pytest.mark.parametrize(
    ("step", "field", "files", "says"),
    [
        ("what", "label_book", ENTRY, "Label book: The classes' folders must lie at the top"),
        ("what", "label_book", TEXTS, "is not an image."),
        ("what", "label_book", {f"{CLASSES[0]}/1.png": picture(1)}, f"No image of class '{CLASSES[1]}'."),
        ("data", "training_data", TEXTS, "Training data: There is no image in it."),
        ("data", "baseline", hidden_files(), "There is no folder train or val in it"),
        ("data", "baseline", {n: d for n, d in ENTRY.items() if n.startswith("train/")}, "no folder val in it"),
        ("data", "baseline", ENTRY | {"train/else/1.png": b"1"}, "'train/else' is no class of this task (1 file)."),
        ("data", "baseline", ENTRY | {"readme.txt": b"1"}, "1 file lies outside of train and val."),
        ("data", "baseline", ENTRY | {f"val/{CLASSES[0]}/notes.txt": b"1"}, "notes.txt' is not an image."),
    ],
)
def test_a_zip_that_cannot_serve_is_told_by_the_check_and_makes_no_task(client, draft, step, field, files, says):
    fill(client, draft)
    assert told(client, draft) == []
    fixed = {"slug": "numerals", "title": "Numerals", "classes": "\n".join(CLASSES)} if step == "what" else {}

    save(client, draft, step, **fixed, **{field: zipped("other.zip", files)})

    assert says in "\n".join(told(client, draft))
    assert client.post(reverse("draft", args=[draft.pk, "check"])).status_code == 422
    assert not Task.objects.exists()


def test_files_under_one_top_folder_with_an_operating_systems_own_beside_them_serve(client, draft):
    fill(client, draft)
    book = {f"book/{name}/1.png": picture(n) for n, name in enumerate(CLASSES)} | {"__MACOSX/book/._1.png": b"1"}
    what = {"slug": "numerals", "title": "Numerals", "classes": "\n".join(CLASSES)}
    save(client, draft, "what", **what, label_book=zipped("book.zip", book))
    below = {f"start/{name}": data for name, data in ENTRY.items()} | {"start/train/.DS_Store": b"1"}
    save(client, draft, "data", training_data=zipped("start.zip", below), baseline=zipped("below.zip", below))

    assert told(client, draft) == []
    assert client.post(reverse("draft", args=[draft.pk, "check"])).status_code == 302


def test_of_one_zip_ten_reasons_are_told_and_how_many_more_there_are(client, draft):
    fill(client, draft)
    strays = {f"train/else-{n}/1.png": b"1" for n in range(13)}

    save(client, draft, "data", baseline=zipped("strays.zip", ENTRY | strays), baseline_title="strays")

    found = told(client, draft)
    assert (len(found), found[-1]) == (11, "strays: And 3 more like these.")


def test_wrong_dates_names_and_zone_are_told_together_and_none_of_them_is_saved(client, draft):
    answer = save(
        client, draft, "dates", time_zone="Vienna", opens_at="2090-03-01T00:00", closes_at="2090-02-01T00:00",
        organizers="nobody\nann", **phases({"name": "", "begins_at": "2090-01-01T00:00"}),
    )  # fmt: skip

    errors = answer.context["form"].errors
    assert set(errors) == {"time_zone", "closes_at", "organizers"}
    assert errors["time_zone"] == ["This is no IANA time zone: write it as Europe/Vienna or UTC."]
    assert errors["organizers"] == [
        f"There is nobody named '{name}'. Check the spelling." for name in ("nobody", "ann")
    ]
    assert answer.context["rows"].errors[0] == {name: ["This is missing."] for name in ("name", "ends_at")}
    assert not draft.fields.keys() & {"time_zone", "closes_at", "organizers", "phases"}


def test_the_check_of_an_empty_draft_tells_of_its_dates_too(client, draft):
    Draft.objects.update(
        fields={"opens_at": "2090-03-01T00:00", "closes_at": "2090-02-01T00:00", "organizers": ["ann"]}
    )

    found = "\n".join(told(client, draft))

    for says in ("no address yet", "before it opens", "nobody named 'ann'"):
        assert says in found


def test_beside_a_field_the_field_is_not_named_a_line_is_told_and_a_phase_stands_in_its_row(client, draft):
    written = {"begins_at": "2090-01-01T00:00", "ends_at": "2090-02-01T00:00"}
    late = {"name": "Late", "begins_at": "2090-05-01T00:00", "ends_at": "2090-04-01T00:00"}
    rows = phases({"name": "Warm-up", **written, "entries_per_day": "0"}, {"name": ""}, late)

    long = "x" * 81
    awards = save(client, draft, "rules", awards=f"Best\n\n{long}").context["form"].errors["awards"]
    dates = save(client, draft, "dates", **rows).context["rows"]

    assert awards == [f"'{long}': At most 80 characters."]
    assert dates.errors[0] == {"entries_per_day": ["At least 1."]}
    assert (dates.errors[1], dates.errors[2].keys()) == ({}, {"__all__"})


def test_moments_are_told_in_the_tasks_own_zone(client, draft):
    answer = save(
        client, draft, "dates", time_zone="Europe/Vienna", opens_at="2090-03-01T10:00", closes_at="2090-02-01T09:30"
    )

    says = "The task closes (2090-02-01 09:30 Europe/Vienna) before it opens (2090-03-01 10:00 Europe/Vienna)."
    assert answer.context["form"].errors["closes_at"] == [says]


def test_the_check_tells_by_labels_and_not_by_a_bundles_names(client, draft):
    early = {"name": "Warm-up", "begins_at": "2090-01-01T00:00"}
    Draft.objects.update(fields={"seeds": 0, "awards": ["a", "x" * 81], "classes": ["x"], "phases": [early]})

    found = told(client, draft)

    for says in (
        "Seeds of an entry: At least 1.",
        f"Awards: '{'x' * 81}': At most 80 characters.",
        "Classes: At least 2.",
        "Phase 1: Ends: This is missing.",
    ):
        assert says in found
    assert not any("' of '" in says or says.startswith("'") for says in found)


def test_a_close_that_has_passed_is_told_beside_its_field_and_by_the_check(client, draft):
    fill(client, draft)
    answer = save(client, draft, "dates", time_zone="UTC", closes_at="2020-12-01T00:00", **phases())
    assert "has passed already" in answer.context["form"].errors["closes_at"][0]

    Draft.objects.update(fields=draft.fields | {"closes_at": "2020-12-01T00:00"})

    assert "has passed already" in "\n".join(told(client, draft))
    assert client.post(reverse("draft", args=[draft.pk, "check"])).status_code == 422


@pytest.fixture
def unpublished(olga) -> Task:
    task = open_task(published_at=None)
    task.organizers.set([olga])
    return task


def test_a_task_whose_close_has_passed_is_not_published_until_it_is_moved(client, unpublished):
    Task.objects.update(closes_at=timezone.now() - timedelta(days=1))
    answer = client.post(reverse("publish", args=[unpublished.slug]), follow=True)
    assert "its close has passed" in answer.content.decode()
    assert Task.objects.get().published_at is None

    Task.objects.update(closes_at=timezone.now() + timedelta(days=1))
    client.post(reverse("publish", args=[unpublished.slug]))

    assert Task.objects.get().published_at


@pytest.mark.parametrize("status", ["refused", "error"])
def test_a_task_whose_material_was_not_packed_is_not_published(client, unpublished, status):
    Material.objects.create(task=unpublished, role="label_book", status=status, archive_sha256="0" * 64)

    answer = client.post(reverse("publish", args=[unpublished.slug]), follow=True)

    assert "Label book could not be packed" in answer.content.decode()
    assert Task.objects.get().published_at is None


@pytest.fixture
def dead(unpublished) -> Task:
    """Its label book could not be packed."""
    Material.objects.create(
        task=unpublished, role="label_book", status="refused", archive_sha256="0" * 64, reason="a: It is a text."
    )
    Task.objects.update(status=Task.Status.ERROR)
    return unpublished


BOOK = {f"{name}/1.png": picture(n) for n, name in enumerate(CLASSES)}


def test_the_health_of_a_task_that_does_not_open_says_so_and_why(client, dead):
    answer = client.get(reverse("organize_task", args=[dead.slug]))

    health = answer.context["health"]
    assert health.tone == "bad"
    assert "It does not open" in replace(health, is_swept=True).says
    page = answer.content.decode()
    assert "Why it does not open" in page
    assert "a: It is a text." in page
    assert "It runs well" not in page
    assert "Nothing failed so far" not in page


def test_another_label_book_takes_the_place_of_the_refused_one_and_is_packed(client, dead):
    address = reverse("organize_label_book", args=[dead.slug])

    client.post(address, {"label_book": zipped("book.zip", BOOK)})

    book = Material.objects.get(role="label_book")
    assert (book.status, book.attempt, book.reason) == ("ingesting", 2, "")
    assert book.archive_sha256 != "0" * 64
    assert Attempt.objects.get(subject_id=book.pk).number == 2
    assert Task.objects.get().status == "preparing"
    assert Act.objects.get().details == {"label_book": "book.zip"}
    assert "book.zip" in client.get(reverse("organize_audit", args=[dead.slug])).content.decode()


def test_another_label_book_has_all_tries_of_its_own(client, dead, settings):
    Material.objects.filter(role="label_book").update(attempt=settings.MAX_ATTEMPTS, status="error")
    client.post(reverse("organize_label_book", args=[dead.slug]), {"label_book": zipped("book.zip", BOOK)})

    first = Attempt.objects.get(subject_id=Material.objects.get(role="label_book").pk)
    assert (first.not_before, first.avoid) == (None, "")
    seen = []
    for _try in range(settings.MAX_ATTEMPTS):
        seen.append(Material.objects.get(role="label_book").status)
        material_retry(material=Material.objects.get(role="label_book"), why="a worker was lost")

    assert seen == ["ingesting"] * settings.MAX_ATTEMPTS
    assert Material.objects.get(role="label_book").status == "error"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_label_book_that_is_packed_in_a_rare_way_is_told_and_nothing_of_it_unpacked(client, draft, method):
    fill(client, draft)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        archive.writestr(f"{CLASSES[0]}/1.png", bytes(100))
    damaged = packed.getvalue().replace(packed.getvalue()[40:60], b"\xff" * 20)
    fixed = {"slug": "numerals", "title": "Numerals", "classes": "\n".join(CLASSES)}

    save(client, draft, "what", **fixed, label_book=SimpleUploadedFile("book.zip", damaged, "application/zip"))

    assert told(client, draft) == [f"Label book: '{CLASSES[0]}/1.png' is neither stored nor deflated."]


def test_a_label_book_that_cannot_serve_either_replaces_nothing(client, dead):
    address = reverse("organize_label_book", args=[dead.slug])

    answer = client.post(address, {"label_book": zipped("book.zip", TEXTS)}, follow=True)

    assert "is not an image" in answer.content.decode()
    assert Material.objects.get(role="label_book").status == "refused"
    assert not Act.objects.exists()


def test_a_label_book_that_was_packed_is_not_replaced(client, dead):
    Material.objects.filter(role="label_book").update(status="ready")

    client.post(reverse("organize_label_book", args=[dead.slug]), {"label_book": zipped("book.zip", BOOK)})

    assert Material.objects.get(role="label_book").archive_sha256 == "0" * 64
    assert not Act.objects.exists()


def test_a_missing_reason_hides_no_other_problem_of_the_settings(client, unpublished):
    form = client.get(reverse("task_settings", args=[unpublished.slug])).context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    sent["organizers"] = "olga"

    changed = sent | {"title": "", "entries_per_day": "0", "why": ""} | phases()
    answer = client.post(reverse("task_settings", args=[unpublished.slug]), changed)

    assert set(answer.context["form"].errors) == {"title", "entries_per_day", "why"}
