"""One's own page as a logbook: what each entry changed, which of them count, and the same as a file."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fixpoint.accounts.models import User
from fixpoint.datasets.models import Dataset
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task
from tests.pages.rows import Score, entry_of, scored, training
from tests.support.bundles import write_zip
from tests.support.ingested import ingested_dataset
from tests.support.patterns import pattern
from tests.support.platform import accepted_dataset, open_task

pytestmark = pytest.mark.django_db
EINS, ZWEI = "klasse-eins", "klasse-zwei"
Files = Callable[[str, dict[str, int]], Dataset]


@pytest.fixture
def read(owner: User, task: Task, tmp_path: Path) -> Files:
    """A dataset that was read, from the number of each image's pattern."""

    def read(name: str, images: dict[str, int]) -> Dataset:
        files = {f"{path}.png": pattern(number) for path, number in images.items()}
        return ingested_dataset(owner, task, write_zip(tmp_path / f"{name}.zip", files), tmp_path, name)

    return read


def done(dataset: Dataset, accuracy: float = 0.75, kwh: float = 0.004, *, days: int = 0) -> Submission:
    entry = entry_of(dataset, at=timezone.now() - timedelta(days=days))
    return scored(training(entry, [(1.0, 0.5)]), Score(accuracy=accuracy, kwh=kwh))


def base() -> dict[str, int]:
    return {f"{split}/{name}/{n}": 10 * at + n
            for at, (split, name) in enumerate((s, c) for s in ("train", "val") for c in (EINS, ZWEI))
            for n in range(3)}  # fmt: skip


def text(client: Client, query: str = "") -> str:
    return client.get(reverse("me") + query).content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_a_line_tells_what_is_new_in_the_data_and_what_that_changed(signed_in: Client, read: Files) -> None:
    first = base()
    second = dict(first)
    del second[f"train/{EINS}/0"]
    second |= {f"train/{EINS}/8": 800, f"train/{EINS}/9": 900}
    second[f"train/{EINS}/was-two"] = second.pop(f"train/{ZWEI}/0")
    done(read("first", first), 0.75, 0.004, days=2)
    done(read("second", second), 0.7835, 0.006)

    line, before = signed_in.get(reverse("me")).context["lines"]

    assert (line.changes.added, line.changes.removed, line.changes.relabelled) == (2, 1, 1)
    assert before.changes is None
    assert line.change == pytest.approx(0.0335)
    assert line.grams_change == pytest.approx(0.002 * 445)
    page = text(signed_in)
    assert "+0.0335" in page
    assert "+0.890" in page


def test_the_same_data_again_says_so(signed_in: Client, accepted: Dataset) -> None:
    done(accepted, days=1)
    done(accepted)

    assert text(signed_in).count("same data") == 2  # the second is of a narrow screen


def test_one_task_alone_can_be_looked_at_and_no_other_ones_name_is(
    signed_in: Client, owner: User, accepted: Dataset
) -> None:
    other = open_task("letters", title="Letters")
    done(accepted)
    done(accepted_dataset(owner, other, "letters of mine"))

    both, one = text(signed_in), text(signed_in, "?task=letters")

    assert {each.entry.task.slug for each in signed_in.get(reverse("me")).context["lines"]} == {"numerals", "letters"}
    assert [each.entry.task for each in signed_in.get(f"{reverse('me')}?task=letters").context["lines"]] == [other]
    assert "What counts in Letters" in one
    assert "What counts in" not in both
    assert signed_in.get(f"{reverse('me')}?task=nowhere").status_code == 404


def test_a_long_logbook_has_pages(signed_in: Client, accepted: Dataset) -> None:
    for _ in range(26):
        entry_of(accepted)

    first, second = (signed_in.get(f"{reverse('me')}?page={number}").context["lines"] for number in (1, 2))

    assert (len(first), len(second)) == (25, 1)


def test_more_entries_ask_the_database_no_more(signed_in: Client, read: Files) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            signed_in.get(reverse("me"))
        return len(queries)

    images = base()
    for number in range(2):
        done(read(f"{number}", images | {f"train/{EINS}/more": 500 + number}), days=9 - number)
    signed_in.get(reverse("me"))
    few = asked()
    for number in range(2, 8):
        done(read(f"{number}", images | {f"train/{EINS}/more": 500 + number}), days=9 - number)

    assert asked() == few


def test_the_file_has_every_entry_with_its_notes_and_no_formula(signed_in: Client, accepted: Dataset) -> None:
    entry = done(accepted)
    Submission.objects.filter(pk=entry.pk).update(title="=1+1", notes="mirrored too")
    failed = entry_of(accepted)
    Submission.objects.filter(pk=failed.pk).update(status="failed")

    answer = signed_in.get(reverse("logbook_csv"))

    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["state"] for row in rows] == ["failed", "scored"]
    assert (rows[1]["title"], rows[1]["notes"], rows[1]["accuracy"]) == ("'=1+1", "mirrored too", "0.75")
    assert rows[0]["accuracy"] == ""
    assert 'filename="logbook.csv"' in answer["Content-Disposition"]


def test_what_counts_is_marked_and_chosen_from_the_list(signed_in: Client, accepted: Dataset, task: Task) -> None:
    Task.objects.filter(pk=task.pk).update(counting="chosen", max_chosen=1)
    best, other = done(accepted, 0.8, days=1), done(accepted, 0.7)

    counting = signed_in.get(reverse("me")).context["counting"]
    assert [(each.entry.pk, each.counts) for each in counting.candidates] == [(other.pk, False), (best.pk, True)]

    answer = signed_in.post(reverse("entry_choose", args=[other.pk]), {"back": "me"})
    assert answer["Location"] == "/me/?task=numerals#counting"
    page = signed_in.get("/me/?task=numerals")

    counting = page.context["counting"]
    assert [(each.entry.pk, each.counts) for each in counting.candidates] == [(other.pk, True), (best.pk, False)]
    assert (counting.chosen, [each.can_choose for each in counting.candidates]) == (1, [False, False])
    assert "You have chosen 1 of 1 entry" in page.content.decode()


def test_after_the_close_nothing_can_be_chosen(signed_in: Client, accepted: Dataset, task: Task) -> None:
    Task.objects.filter(pk=task.pk).update(counting="chosen")
    done(accepted, days=2)
    Task.objects.filter(pk=task.pk).update(closes_at=timezone.now() - timedelta(hours=1))

    page = text(signed_in)

    assert "what counts was decided with its end" in page
    assert "/choose/" not in page
