"""A task is made in the browser: five steps with a saved draft, then a task that only its organizers see."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fixpoint.organizing.models import Act
from fixpoint.organizing.wizard.drafts import drafts_forget
from fixpoint.tasks.models import Baseline, Draft, Material, Task
from tests.support.bundles import entry_files, hidden_files
from tests.support.names import CLASSES, RECIPE
from tests.support.platform import open_task, person, zip_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def organizer(client):
    user = person("olga", role="organizer")
    client.force_login(user)
    return user


@pytest.fixture
def draft(client, organizer) -> Draft:
    client.post(reverse("drafts"))
    return Draft.objects.get()


def zipped(name: str, files: dict[str, bytes]) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, zip_of(files), "application/zip")


def save(client: Client, draft: Draft, step: str, **fields: object):
    answer = client.post(reverse("draft", args=[draft.pk, step]), fields)
    draft.refresh_from_db()
    return answer


def fill(client: Client, draft: Draft) -> None:
    """Everything that a task must have, and a baseline."""
    save(client, draft, "what", slug="numerals", title="Numerals", classes="\n".join(CLASSES))
    save(client, draft, "data", hidden_test=zipped("hidden.zip", hidden_files()), public_share="1")
    save(client, draft, "data", baseline=zipped("plain.zip", entry_files()), baseline_title="as drawn")
    save(client, draft, "rules", recipe=RECIPE, entries_per_day="2", seeds="1")
    save(client, draft, "dates", time_zone="Europe/Vienna", **phases())


def phases(*rows: dict[str, str]) -> dict[str, str]:
    named = {f"phases-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}
    return {"phases-TOTAL_FORMS": str(len(rows)), "phases-INITIAL_FORMS": "0"} | named


def test_every_step_shows_its_form_and_leads_to_the_next(client, draft):
    for step, after in (("what", "data"), ("data", "rules"), ("rules", "dates"), ("dates", "check")):
        assert client.get(reverse("draft", args=[draft.pk, step])).status_code == 200
        more = phases() if step == "dates" else {}

        answer = save(client, draft, step, next="1", **more)

        assert answer.headers["Location"] == reverse("draft", args=[draft.pk, after])
    assert client.get(reverse("draft", args=[draft.pk, "check"])).status_code == 200


def test_a_recipe_is_told_with_what_it_costs(client, draft):
    page = client.get(reverse("draft", args=[draft.pk, "rules"])).content.decode()

    assert ">resnet50-dcai2021-quick: 32 × 32 pixels, 5 epochs</option>" in page


def test_what_is_right_is_saved_and_what_is_not_is_told_beside_its_field(client, draft):
    save(client, draft, "rules", entries_per_day="7", accuracy_floor="0.2")

    answer = save(client, draft, "rules", entries_per_day="9", accuracy_floor="2", seeds="many")

    assert answer.status_code == 422
    assert (draft.fields["entries_per_day"], draft.fields["accuracy_floor"]) == (9, 0.2)
    form = answer.context["form"]
    assert set(form.errors) == {"accuracy_floor", "seeds"}
    assert form.errors["accuracy_floor"] == ["At most 1."]


def test_dates_that_contradict_each_other_are_told_before_the_rest_is_there(client, draft):
    early = {"name": "Warm-up", "begins_at": "2030-01-01T00:00", "ends_at": "2030-02-01T00:00"}

    answer = save(
        client, draft, "dates", time_zone="Europe/Vienna", opens_at="2030-01-15T00:00", closes_at="2030-03-01T00:00",
        **phases(early),
    )  # fmt: skip

    assert answer.status_code == 422
    assert "begins before the task opens" in answer.content.decode()
    assert draft.fields["opens_at"] == "2030-01-15T00:00"
    assert "phases" not in draft.fields


def test_a_file_that_is_no_zip_is_not_kept(client, draft):
    answer = save(client, draft, "data", hidden_test=SimpleUploadedFile("hidden.zip", b"no zip"))

    assert "cannot be read as a zip" in answer.context["form"].errors["hidden_test"][0]
    assert not draft.files.exists()


def test_a_file_can_be_replaced_and_removed(client, draft):
    save(client, draft, "what", label_book=zipped("first.zip", {"a/1.png": b"1"}))
    save(client, draft, "what", label_book=zipped("second.zip", {"a/2.png": b"2"}))
    (kept,) = draft.files.all()
    assert kept.name == "second.zip"

    save(client, draft, "what", remove=str(kept.pk))

    assert not draft.files.exists()


def test_the_check_tells_everything_at_once_and_where_to_put_it_right(client, draft):
    save(client, draft, "what", title="Numerals")

    page = client.get(reverse("draft", args=[draft.pk, "check"])).content.decode()

    for missing in ("no address yet", "no classes yet", "no hidden test set yet"):
        assert missing in page
    assert reverse("draft", args=[draft.pk, "data"]) in page
    assert '<button class="button" type="submit">Make the task</button>' in page
    assert client.post(reverse("draft", args=[draft.pk, "check"])).status_code == 422
    assert not Task.objects.exists()


def test_the_check_tells_what_is_wrong_with_the_hidden_images_beside_what_is_wrong_with_fields(client, draft):
    fill(client, draft)
    save(client, draft, "what", slug="numerals", classes="\n".join([*CLASSES, "missing"]))

    answer = client.post(reverse("draft", args=[draft.pk, "check"]))

    told = [says for says, _where in answer.context["problems"]]
    assert "The task has no title yet." in told
    assert "No image of class 'missing'." in told


def test_the_draft_becomes_a_task_that_its_organizers_alone_see_until_it_is_published(client, draft, organizer):
    fill(client, draft)
    assert client.post(reverse("draft", args=[draft.pk, "check"])).status_code == 302

    task = Task.objects.get()
    assert (task.entries_per_day, task.time_zone, task.hidden_images.count()) == (2, "Europe/Vienna", 10)
    assert list(task.organizers.all()) == [organizer]
    assert task.baselines.get().name == "as drawn"
    Task.objects.update(status=Task.Status.OPEN)
    assert Client().get(reverse("task", args=["numerals"])).status_code == 404
    assert client.get(reverse("task", args=["numerals"])).status_code == 200
    assert "Publish" in client.get(reverse("draft", args=[draft.pk, "check"])).content.decode()

    client.post(reverse("publish", args=["numerals"]))

    assert Client().get(reverse("task", args=["numerals"])).status_code == 200
    assert [act.what for act in Act.objects.order_by("pk")] == ["created", "published"]


def test_the_last_step_looks_again_by_itself_as_long_as_something_is_on_its_way(client, draft):
    fill(client, draft)
    address = reverse("draft", args=[draft.pk, "check"])
    asks = f'hx-get="{address}" hx-trigger="every 3s"'
    assert asks not in client.get(address).content.decode()
    client.post(address)

    assert asks in client.get(address).content.decode()
    Material.objects.update(status=Material.Status.READY)
    assert asks in client.get(address).content.decode()  # the baseline waits
    Material.objects.filter(role=Material.Role.HIDDEN).update(status=Material.Status.REFUSED)
    assert asks not in client.get(address).content.decode()
    Material.objects.update(status=Material.Status.READY)
    Baseline.objects.update(refusal="Its zip is lost.")
    assert asks not in client.get(address).content.decode()


def test_a_draft_that_is_a_task_is_not_made_twice(client, draft):
    fill(client, draft)
    for _ in range(2):
        client.post(reverse("draft", args=[draft.pk, "check"]))

    assert Task.objects.count() == 1
    assert save(client, draft, "what", title="Another").headers["Location"] == reverse(
        "draft", args=[draft.pk, "check"]
    )


def test_dates_are_of_the_tasks_own_zone(client, draft):
    fill(client, draft)
    span = {"opens_at": "2030-07-01T12:00", "closes_at": "2030-07-31T12:00"}
    phase = {"name": "All of it", "begins_at": "2030-07-01T12:00", "ends_at": "2030-07-31T12:00", "entries_total": "5"}
    save(client, draft, "dates", time_zone="Europe/Vienna", **span, **phases(phase))

    client.post(reverse("draft", args=[draft.pk, "check"]))

    task = Task.objects.get()
    assert f"{task.opens_at:%Y-%m-%d %H:%M}" == "2030-07-01 10:00"
    assert (task.phases.get().begins_at, task.phases.get().entries_total) == (task.opens_at, 5)


def test_a_task_is_copied_into_a_draft_with_its_files_and_without_its_address(client, draft):
    fill(client, draft)
    client.post(reverse("draft", args=[draft.pk, "check"]))

    client.post(reverse("drafts"), {"task": "numerals"})

    copy = Draft.objects.exclude(pk=draft.pk).get()
    assert "slug" not in copy.fields
    assert "hidden_key" not in copy.fields
    assert copy.fields["classes"] == list(CLASSES)
    assert {each.field for each in copy.files.all()} == {"hidden_test", "baseline"}
    save(client, copy, "what", slug="again", title="Again", classes="\n".join(CLASSES))
    assert client.post(reverse("draft", args=[copy.pk, "check"])).status_code == 302
    assert Task.objects.get(slug="again").hidden_images.count() == 10


def test_that_a_task_was_copied_is_written_down_in_it(client, draft, organizer):
    fill(client, draft)
    client.post(reverse("draft", args=[draft.pk, "check"]))

    client.post(reverse("drafts"), {"task": "numerals"})

    act = Act.objects.get(what="exported")
    copy = Draft.objects.exclude(pk=draft.pk).get()
    assert (act.who, act.task.slug, act.details) == ("olga", "numerals", {"into_draft": str(copy.pk)})
    assert str(copy.pk) in client.get(reverse("organize_audit", args=["numerals"])).content.decode()


def test_a_task_that_somebody_else_runs_is_not_copied(client, organizer):
    open_task("letters").organizers.set([person("other", role="organizer")])
    assert client.post(reverse("drafts"), {"task": "letters"}).status_code == 404
    assert not Draft.objects.exists()


def test_a_draft_that_is_a_task_is_no_way_into_it_for_who_runs_it_no_more(client, draft, organizer):
    task = open_task("letters")
    task.organizers.set([organizer])
    Draft.objects.update(task=task)
    address = reverse("draft", args=[draft.pk, "check"])
    assert client.get(address).status_code == 200

    task.organizers.set([person("other", role="organizer")])

    assert (client.get(address).status_code, client.post(address).status_code) == (404, 404)
    assert str(draft.pk) not in client.get(reverse("drafts")).content.decode()
    assert client.post(reverse("draft_delete", args=[draft.pk])).status_code == 404


def test_a_bundle_is_downloaded_by_who_runs_the_task_and_read_into_a_draft(client, draft):
    fill(client, draft)
    client.post(reverse("draft", args=[draft.pk, "check"]))
    answer = client.post(reverse("bundle", args=["numerals"]))
    data = answer.getvalue()
    assert "SECRET" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert set(archive.namelist()) == {"task.yaml", "hidden.zip", "baseline-1.zip"}
        assert archive.read("task.yaml").startswith(b"# SECRET")

    client.post(reverse("drafts"), {"bundle": SimpleUploadedFile("b.zip", data)})

    copy = Draft.objects.exclude(pk=draft.pk).get()
    assert copy.fields["slug"] == "numerals"
    assert copy.fields["hidden_key"] == Task.objects.get().hidden_key
    assert Act.objects.filter(what="exported").count() == 1


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"x.txt": b""}, "There is no task.yaml in it"),
        ({"task.yaml": b"slug: roman\nhidden_test: /etc/hostname\n"}, "is no plain file name"),
        ({"task.yaml": b"slug: roman\nhidden_test: ../secret.zip\n"}, "is no plain file name"),
        ({"task.yaml": b"slug: roman\nhidden_test: gone.zip\n"}, "there is no file gone.zip"),
        ({"task.yaml": b"slug: [\n"}, "is not valid YAML"),
        ({"../task.yaml": b"slug: roman\n"}, "../task.yaml"),
        ({"numerals/task.yaml": b"slug: roman\n"}, "task.yaml lies in a folder"),
        ({f"{n}.png": b"1" for n in range(101)}, "It lists 101 files; a bundle has at most 100"),
        ({"task.yaml": b"slug: roman\norganizers: 5\n"}, "'organizers'"),
    ],
)
def test_a_bundle_that_cannot_be_read_says_every_reason(client, organizer, files, says):
    answer = client.post(reverse("drafts"), {"bundle": zipped("bundle.zip", files)})

    assert answer.status_code == 422
    assert says in "\n".join(answer.context["problems"])
    assert not Draft.objects.exists()


def test_of_a_hidden_test_set_in_a_bundles_place_is_said_what_it_lacks_and_nothing_else(client, organizer):
    answer = client.post(reverse("drafts"), {"bundle": zipped("bundle.zip", hidden_files())})

    assert answer.context["problems"] == ["There is no task.yaml in it: choose a zip that was exported as a bundle."]


def test_of_a_bundle_with_many_faults_ten_are_told_and_how_many_more_there_are(client, organizer):
    files = {"task.yaml": b"slug: roman\n"} | {f"extra/{n}.png": b"1" for n in range(30)}

    problems = client.post(reverse("drafts"), {"bundle": zipped("bundle.zip", files)}).context["problems"]

    assert (len(problems), problems[-1]) == (11, "And 20 more like these.")


YAML = f"slug: numerals\ntitle: Numerals\nclasses: [{', '.join(CLASSES)}]\nrecipe: {RECIPE}\nhidden_test: gone.zip\n"


def test_a_yaml_alone_is_read_for_its_fields(client, organizer):
    file = SimpleUploadedFile("task.yaml", (YAML + "baselines: [{name: a, zip: gone.zip}]\n").encode())

    answer = client.post(reverse("drafts"), {"bundle": file}, follow=True)

    draft = Draft.objects.get()
    assert (draft.fields["slug"], draft.fields["classes"]) == ("numerals", list(CLASSES))
    assert not draft.files.exists()
    assert "Its zips are yet to come" in answer.content.decode()


def test_a_yaml_alone_that_is_wrong_says_all_of_it(client, organizer):
    wrong = "opens_at: 2090-03-01\ncloses_at: 2090-02-01\nseeds: many\n"

    answer = client.post(reverse("drafts"), {"bundle": SimpleUploadedFile("numerals.yml", (YAML + wrong).encode())})

    told = "\n".join(answer.context["problems"])
    assert "before it opens" in told
    assert "'seeds'" in told
    assert not Draft.objects.exists()


def test_a_deleted_draft_comes_back_within_30_days_and_then_is_forgotten(client, draft):
    client.post(reverse("draft_delete", args=[draft.pk]))
    assert client.get(reverse("draft", args=[draft.pk, "what"])).status_code == 404
    client.post(reverse("draft_restore", args=[draft.pk]))
    assert client.get(reverse("draft", args=[draft.pk, "what"])).status_code == 200

    Draft.objects.update(deleted_at=timezone.now() - timedelta(days=31))

    assert client.post(reverse("draft_restore", args=[draft.pk])).status_code == 404
    drafts_forget()
    assert not Draft.objects.exists()


def test_a_draft_is_its_owners_alone(client, draft):
    client.force_login(person("other", role="organizer"))
    for name in ("what", "check"):
        assert client.get(reverse("draft", args=[draft.pk, name])).status_code == 404


def test_who_runs_no_tasks_finds_no_wizard(client):
    client.force_login(person("somebody"))
    assert client.get(reverse("drafts")).status_code == 404
    assert client.post(reverse("drafts")).status_code == 404


def test_a_task_is_published_and_taken_by_who_runs_it_alone(client, organizer):
    task = open_task(published_at=None)
    task.organizers.set([person("another", role="organizer")])

    assert client.post(reverse("publish", args=[task.slug])).status_code == 404
    assert client.post(reverse("bundle", args=[task.slug])).status_code == 404
    assert Material.objects.filter(task=task).exists()
