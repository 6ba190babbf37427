"""A task's YAML becomes a task, or every reason why not in plain words."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from pydantic import ValidationError

from fixpoint.energy.constants import GRID_G_PER_KWH, PUE
from fixpoint.tasks.bundle import load_bundle
from fixpoint.tasks.bundle_fields import Limits
from fixpoint.tasks.bundle_problems import BundleError
from tests.tasks.minimal import MINIMAL


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "hidden.zip").write_bytes(b"")
    return tmp_path / "task.yaml"


def _problems(file: Path, text: str) -> list[str]:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BundleError) as refused:
        load_bundle(file)
    return list(refused.value.problems)


def test_five_lines_are_a_task_with_defaults_for_the_rest(file: Path) -> None:
    file.write_text(MINIMAL)
    bundle = load_bundle(file)
    assert (bundle.slug, bundle.title, bundle.classes) == ("roman", "Roman numerals", ("i", "ii"))
    assert (bundle.seed, bundle.seeds) == (0, 1)
    assert bundle.limits == Limits()
    assert (bundle.public_share, bundle.score_decimals, bundle.ladder) == (1.0, 4, False)
    assert (bundle.counting, bundle.max_chosen, bundle.takes_late_entries) == ("best", 2, False)
    assert (bundle.grid_g_per_kwh, bundle.pue, bundle.accuracy_floor) == (GRID_G_PER_KWH, PUE, 0.0)
    assert (bundle.label_book, bundle.training_data, bundle.opens_at, bundle.closes_at) == (None, None, None, None)


FULL = """\
summary: s
description: |
  two
  lines
rules: r
seed: 7
seeds: 5
accuracy_floor: 0.5
public_share: 0.5
score_decimals: 3
ladder: true
counting: chosen
max_chosen: 3
takes_late_entries: true
grid_g_per_kwh: 50
pue: 1.2
limits:
  {max_images: 5, max_archive_mib: 6, max_image_mib: 7, max_image_megapixels: 8, train_seconds: 99, ingest_seconds: 98,
   predict_seconds: 97, processes: 96,
   memory_gib: 9, cpus: 1, entries_per_day: 2, entries_total: 3, max_storage_gib: 4, entries_per_week: 11,
   entries_at_once: 12}
label_book: data/book.zip
training_data: hidden.zip
"""


def test_every_field_is_read(file: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "book.zip").write_bytes(b"")
    file.write_text(MINIMAL + FULL)
    bundle = load_bundle(file)
    assert bundle.description == "two\nlines\n"
    assert (bundle.seed, bundle.seeds) == (7, 5)
    assert (bundle.accuracy_floor, bundle.grid_g_per_kwh, bundle.pue) == (0.5, 50, 1.2)
    assert (bundle.public_share, bundle.score_decimals, bundle.ladder) == (0.5, 3, True)
    assert (bundle.counting, bundle.max_chosen, bundle.takes_late_entries) == ("chosen", 3, True)
    assert list(bundle.limits.model_dump().values()) == [5, 6, 7, 8, 98, 99, 97, 9, 1, 96, 2, 3, 4, 11, 12]
    assert bundle.label_book == tmp_path / "data" / "book.zip"
    assert bundle.training_data == tmp_path / "hidden.zip"


def test_paths_are_relative_to_the_yaml_and_may_be_whole(file: Path, tmp_path: Path) -> None:
    file.write_text(MINIMAL.replace("hidden.zip", str(tmp_path / "hidden.zip")))
    assert load_bundle(file).hidden_test == tmp_path / "hidden.zip"


def test_dates_without_a_zone_are_utc_and_others_keep_theirs(file: Path) -> None:
    file.write_text(MINIMAL + "opens_at: 2026-01-01\ncloses_at: 2026-02-01 12:00:00+02:00\n")
    bundle = load_bundle(file)
    assert bundle.opens_at == datetime(2026, 1, 1, tzinfo=UTC)
    assert bundle.closes_at == datetime(2026, 2, 1, 12, tzinfo=timezone(timedelta(hours=2)))


def test_class_names_come_in_one_unicode_form(file: Path) -> None:
    file.write_text(MINIMAL.replace("[i, ii]", "[e\u0301, b]"), encoding="utf-8")
    assert load_bundle(file).classes == ("é", "b")


def test_a_loaded_bundle_cannot_be_changed(file: Path) -> None:
    file.write_text(MINIMAL)
    with pytest.raises(ValidationError):
        load_bundle(file).slug = "other"  # type: ignore[misc]


def test_all_problems_are_told_at_once(file: Path) -> None:
    text = "slug: Not A Slug\nclasses: [i, no, I]\nrecipe: resnet9000\nhidden_test: gone.zip\n"
    text += "label_bok: x.zip\nlimits: {cpus: 0}\n"
    told = "\n".join(_problems(file, text))
    for expected in (
        "'slug' is lower-case letters",
        "'title' is missing.",
        "item 2 of 'classes' must be text: YAML reads False as something else, so put it in quotes.",
        "The class 'i' stands twice",
        "The recipe 'resnet9000' is unknown; known are resnet50-dcai2021, resnet50-dcai2021-quick",
        "'hidden_test': there is no file gone.zip.",
        "'label_bok' is not a field of a task",
        "'cpus' of 'limits': input should be greater than or equal to 1 (it is 0).",
    ):
        assert expected in told


@pytest.mark.parametrize("slug", ["UPPER", "two--hyphens", "-a", "a-", "a b", "a/b", "ä", "''"])
def test_a_bad_slug_is_refused(file: Path, slug: str) -> None:
    assert any("'slug'" in problem for problem in _problems(file, MINIMAL.replace("slug: roman", f"slug: {slug}")))


@pytest.mark.parametrize("name", ["a/b", "..", "'a b '", "'a:b'", "'a*'", "''", '"a\\tb"'])
def test_a_class_that_cannot_be_a_folder_is_refused(file: Path, name: str) -> None:
    assert any("folder's name" in problem for problem in _problems(file, MINIMAL.replace("[i, ii]", f"[i, {name}]")))


def test_one_class_is_too_few(file: Path) -> None:
    assert "'classes'" in _problems(file, MINIMAL.replace("[i, ii]", "[i]"))[0]


def test_a_key_that_stands_twice_is_refused(file: Path) -> None:
    assert "the key 'slug' stands 2 times" in _problems(file, MINIMAL + "slug: other\n")[0]


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "just text"])
def test_a_yaml_without_fields_is_refused(file: Path, text: str) -> None:
    assert "must hold fields" in _problems(file, text)[0]


def test_references_are_refused_before_they_grow(file: Path) -> None:
    laughs = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30))
    assert "references (&name, *name) are not read" in _problems(file, f"a0: &a0 [x]\n{laughs}\n")[0]


def test_broken_yaml_is_refused_with_its_place(file: Path) -> None:
    (problem,) = _problems(file, "slug: [unclosed\ntitle: x")
    assert "not valid YAML" in problem
    assert "line" in problem


def test_yaml_that_would_make_objects_is_refused(file: Path) -> None:
    assert "not valid YAML" in _problems(file, MINIMAL + "summary: !!python/object/apply:os.getcwd []\n")[0]


def test_a_file_that_is_missing_or_no_text_is_refused(file: Path) -> None:
    with pytest.raises(BundleError, match="cannot be read"):
        load_bundle(file)
    file.write_bytes(b"slug: \xff\xfe")
    with pytest.raises(BundleError, match="UTF-8"):
        load_bundle(file)


def test_a_task_that_closes_before_it_opens_is_refused(file: Path) -> None:
    (problem,) = _problems(file, MINIMAL + "opens_at: 2026-02-01\ncloses_at: 2026-01-01\n")
    assert "before it opens" in problem


@pytest.mark.parametrize(
    "line",
    [
        "accuracy_floor: 1.5",
        "grid_g_per_kwh: -1",
        "grid_g_per_kwh: .nan",
        "pue: 0.5",
        "seed: -1",
        "seed: 2147483629",
        "seeds: 0",
        "seeds: 21",
    ],
)
def test_numbers_out_of_range_are_refused(file: Path, line: str) -> None:
    assert line.split(":", maxsplit=1)[0] in _problems(file, MINIMAL + line + "\n")[0]


def test_a_task_may_name_its_workers_and_its_device(file: Path) -> None:
    file.write_text(MINIMAL + "workers: lab-2\ndevice: gpu\n")
    bundle = load_bundle(file)
    assert (bundle.workers, bundle.device) == ("lab-2", "gpu")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("workers: gpu", "names a device"),
        ("workers: Lab", "'workers' is lower-case letters"),
        ("workers: a.b", "'workers' is lower-case letters"),
        ("device: tpu", "'device'"),
    ],
)
def test_workers_and_devices_that_cannot_be_are_told(file: Path, line: str, says: str) -> None:
    (problem,) = _problems(file, MINIMAL + line + "\n")
    assert says in problem


def test_rules_of_telling_that_cannot_be_are_said_all_at_once(file: Path) -> None:
    wrong = "public_share: 0\nscore_decimals: 7\nladder: 3\ncounting: luck\nmax_chosen: 0\ntakes_late_entries: maybe\n"
    found = _problems(file, MINIMAL + wrong)
    fields = ("public_share", "score_decimals", "ladder", "counting", "max_chosen", "takes_late_entries")
    assert [problem.split("'")[1] for problem in found] == list(fields)
