"""A task goes out as a bundle and comes back as the same task: text, files, labels and sides."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fixpoint.accounts.models import User
from fixpoint.organizing.wizard.raw import fields_of, raw_of
from fixpoint.recipes import known_recipes
from fixpoint.tasks.bundle import fields_problems, load_bundle
from fixpoint.tasks.bundle_fields import BaselineBundle, Limits, PhaseBundle, TaskBundle, bundle_schema
from fixpoint.tasks.bundle_text import fields_read, fields_written
from fixpoint.tasks.creating import task_create
from fixpoint.tasks.exporting import bundle_text, bundle_write
from fixpoint.tasks.from_bundle import bundle_fields
from fixpoint.tasks.models import Draft, Task
from tests.support.bundles import entry_files, write_bundle, write_zip
from tests.support.platform import person

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)
LINE = TEXT.filter(lambda text: "\u2028" not in text and "\u0085" not in text)
WORDS = st.lists(TEXT, max_size=4).map("\n".join)
MOMENTS = st.integers(1_767_225_600, 1_861_920_000).map(lambda second: datetime.fromtimestamp(second, UTC))
NAMED = LINE.filter(bool)


@st.composite
def bundles(draw) -> TaskBundle:
    """Any that is in order."""
    opens = draw(MOMENTS)
    days = draw(st.integers(2, 300))
    half = opens + timedelta(days=days) / 2
    phases = (
        PhaseBundle(name=draw(NAMED), begins_at=opens, ends_at=half, entries_per_day=draw(st.none() | st.just(2))),
        PhaseBundle(name="last", begins_at=half, ends_at=opens + timedelta(days=days), note=draw(LINE)),
    )
    return TaskBundle(
        slug=draw(st.from_regex(r"[a-z0-9]{1,10}(-[a-z0-9]{1,10}){0,2}", fullmatch=True).filter(lambda s: s != "new")),
        title=draw(NAMED),
        summary=draw(LINE),
        description=draw(WORDS),
        rules=draw(WORDS),
        eligibility=draw(WORDS),
        prizes=draw(WORDS),
        faq=draw(WORDS),
        awards=tuple(draw(st.lists(NAMED, max_size=3, unique_by=str.casefold))),
        visibility=draw(st.sampled_from(["public", "unlisted", "private"])),
        classes=tuple(draw(st.lists(st.from_regex(r"[a-zäß0-9]{1,8}", fullmatch=True), min_size=2, unique=True))),
        recipe=draw(st.sampled_from(known_recipes())),
        seed=draw(st.integers(0, 100)),
        limits=Limits(entries_per_week=draw(st.integers(0, 9)), cpus=draw(st.integers(1, 8))),
        accuracy_floor=draw(st.floats(0, 1)),
        public_share=draw(st.floats(0.01, 1)),
        grid_g_per_kwh=draw(st.floats(0.1, 1e4)),
        time_zone=draw(st.sampled_from(["UTC", "Europe/Vienna", "America/St_Johns", "Pacific/Apia"])),
        opens_at=opens,
        closes_at=opens + timedelta(days=days),
        phases=draw(st.sampled_from([(), phases])),
        hidden_key=draw(st.none() | st.from_regex(r"[0-9a-f]{64}", fullmatch=True)),
        hidden_test=Path("hidden.zip"),
        baselines=tuple(
            BaselineBundle(name=f"{n}", zip=Path(f"{n}.zip"), role="reference") for n in range(draw(st.integers(0, 2)))
        ),
    )


@given(bundle=bundles())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_written_reads_as_the_same_bundle_and_is_written_as_the_same_bytes(bundle):
    text = fields_written(bundle_fields(bundle))

    again = TaskBundle.model_validate(fields_read(text, "task.yaml"))

    assert again == bundle
    assert fields_written(bundle_fields(again)) == text


@pytest.mark.django_db
@given(bundle=bundles().filter(lambda each: not each.baselines))
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_bundle_goes_through_a_draft_unchanged_to_the_minute(bundle):
    owner = Draft(owner=person_named("olga"))
    raw = raw_of(owner, json.loads(json.dumps(fields_of(bundle, "olga")))) | {"hidden_test": "hidden.zip"}

    problems = [each for each in fields_problems(raw) if "folder's name" not in each.says]
    assert [each for each in problems if each.field not in ("classes", "organizers", "phases")] == []
    for name in ("title", "description", "limits", "accuracy_floor", "classes", "awards"):
        wanted = getattr(bundle, name)
        assert getattr(TaskBundle.model_validate(raw), name) == wanted


def person_named(name: str) -> User:
    return User(username=name, role="organizer")


@pytest.fixture
def made(db, tmp_path) -> Task:
    """A task with all kinds of files, made of a YAML by hand."""
    person("olga", role="organizer")
    folder = tmp_path / "by-hand"
    folder.mkdir()
    write_zip(folder / "base.zip", entry_files())
    write_zip(folder / "start.zip", entry_files(train=3))
    path = write_bundle(
        folder,
        public_share=0.4,
        visibility="unlisted",
        time_zone="Europe/Vienna",
        opens_at="2026-03-01 08:00:00+01:00",
        organizers="[olga]",
        awards="[Best, 'Most frugal']",
        training_data="start.zip",
        baselines="[{name: as drawn, zip: base.zip, role: reference}]",
        phases="[{name: one, begins_at: 2026-03-01 08:00:00+01:00, ends_at: 2026-04-01, entries_total: 3}]",
    )
    return task_create(bundle=load_bundle(path))


def facts(task: Task) -> dict[str, object]:
    """All by which one can tell two tasks apart."""
    return {
        "images": list(task.hidden_images.values_list("number", "name", "label", "sha256", "is_public")),
        "blobs": [each.archive_sha256 for each in task.materials.order_by("role")],
        "training": task.training_data_sha256,
        "baselines": list(task.baselines.values_list("name", "role", "archive_sha256", "owner__username")),
        "phases": list(task.phases.values_list("name", "begins_at", "ends_at", "entries_total")),
        "organizers": [each.username for each in task.organizers.all()],
    }


def test_import_and_export_and_import_again_give_the_same_task(made, tmp_path):
    before, text = facts(made), bundle_text(made)
    path = bundle_write(made, tmp_path / "out")
    made.delete()

    again = task_create(bundle=load_bundle(path))

    assert facts(again) == before
    assert bundle_text(again) == text == path.read_text(encoding="utf-8")
    assert sum(each[-1] for each in before["images"]) == 4
    assert (again.visibility, again.time_zone, again.awards) == ("unlisted", "Europe/Vienna", ["Best", "Most frugal"])


def test_the_commands_export_and_import_a_folder(made, tmp_path, capsys):
    call_command("task_export", "numerals", str(tmp_path / "out"))
    assert "SECRET" in capsys.readouterr().out
    text = bundle_text(made)
    made.delete()

    call_command("task_import", str(tmp_path / "out" / "task.yaml"), "--draft")

    assert bundle_text(Task.objects.get()) == text
    assert Task.objects.get().published_at is None


def test_the_command_writes_over_nothing_and_knows_what_there_is(made, tmp_path):
    with pytest.raises(CommandError, match="not an empty folder"):
        call_command("task_export", "numerals", str(tmp_path / "by-hand"))
    with pytest.raises(CommandError, match="there are: numerals"):
        call_command("task_export", "letters", str(tmp_path / "out"))


def test_a_baseline_needs_somebody_for_whom_it_is_entered(db, tmp_path):
    path = write_bundle(tmp_path, baselines="[{name: a, zip: hidden.zip}]")
    with pytest.raises(Exception, match="name at least one, for whom the baselines are entered"):
        load_bundle(path)


def test_people_and_zones_that_are_not_known_are_told(db, tmp_path):
    person("visitor")
    path = write_bundle(tmp_path, organizers="[nobody, visitor]", time_zone="Vienna")
    with pytest.raises(Exception, match="is no IANA time zone"):
        load_bundle(path)
    path = write_bundle(tmp_path, organizers="[nobody, visitor]")
    with pytest.raises(Exception, match=r"nobody named 'nobody'.*\n.*'visitor' may not run tasks"):
        load_bundle(path)


def test_phases_that_overlap_or_leave_the_task_are_told(tmp_path):
    one = "{name: one, begins_at: 2026-03-01, ends_at: 2026-04-01}"
    two = "{name: two, begins_at: 2026-03-15, ends_at: 2026-05-01}"
    path = write_bundle(tmp_path, opens_at="2026-03-02", closes_at="2026-04-15", phases=f"[{one}, {two}]")
    with pytest.raises(Exception) as refused:  # noqa: PT011 the sentences are looked at
        load_bundle(path)
    assert len(refused.value.problems) == 3


def test_the_published_schema_is_that_of_the_program():
    path = Path(__file__).resolve().parents[2] / "docs" / "task.schema.json"
    assert json.loads(path.read_text(encoding="utf-8")) == json.loads(json.dumps(bundle_schema()))


@pytest.mark.data
@pytest.mark.django_db
def test_real_data_go_out_and_come_back_the_same(real_data, tmp_path):
    folder = real_data / "roman"
    classes = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"]
    raw = {"slug": "real", "title": "Real", "classes": classes, "recipe": known_recipes()[0], "public_share": 0.5}
    files = {"hidden_test": folder / "hidden-test-half.zip", "label_book": folder / "label-book.zip"}
    (tmp_path / "task.yaml").write_text(fields_written(raw | files), encoding="utf-8")
    task = task_create(bundle=load_bundle(tmp_path / "task.yaml"))
    before, text = facts(task), bundle_text(task)
    path = bundle_write(task, tmp_path / "out")
    task.delete()

    again = task_create(bundle=load_bundle(path))

    assert (facts(again), bundle_text(again)) == (before, text)
