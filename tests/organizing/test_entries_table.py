"""The table of entries: which stand in it, in what order, and what it tells of each."""

import csv
import io

import pytest

from fixpoint.organizing.entries_table import Choice, entries_of
from fixpoint.submissions.disqualifying import submission_disqualify
from fixpoint.submissions.models import Result, Submission
from tests.pages.rows import Score, entry_of, scored, training


@pytest.fixture
def three(rows, owner, stranger, task):
    """A scored one, a better one of another team, one that waits."""
    first = scored(training(entry_of(rows.accepted_dataset(owner, task, "alpha")), [(1.0, 0.5)]), Score(accuracy=0.5))
    second = scored(
        training(entry_of(rows.accepted_dataset(stranger, task, "beta")), [(1.0, 0.5)]),
        Score(accuracy=0.75, measured_kwh=None),
    )
    third = entry_of(rows.accepted_dataset(owner, task, "gamma"))
    return {"alpha": first, "beta": second, "gamma": third}


def names(task, **asked):
    return [each.dataset.name for each in entries_of(task, Choice(**asked))]


def csv_rows(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_all_are_in_it_the_newest_first(task, three):
    assert names(task) == ["gamma", "beta", "alpha"]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("dataset", ["alpha", "beta", "gamma"]),
        ("-told", ["beta", "alpha", "gamma"]),
        ("told", ["alpha", "beta", "gamma"]),
        ("-kwh", ["alpha", "gamma", "beta"]),
    ],
)
def test_it_is_sorted_by_a_column_with_what_has_no_value_last(task, three, sort, order):
    assert names(task, sort=sort) == order


def test_an_empty_table_says_whether_the_filters_or_the_task_are_empty(running, task):
    address = f"/organize/{task.slug}/entries/"

    assert "Nobody has entered yet." in running.get(address).content.decode()
    assert "No entry is like that." in running.get(f"{address}?state=failed").content.decode()


def test_it_is_filtered_by_state_team_and_words(task, three):
    submission_disqualify(submission=three["beta"], why="Copied.", who="anna")

    assert names(task, state="queued") == ["gamma"]
    assert names(task, state="disqualified") == ["beta"]
    assert names(task, team=str(three["beta"].team_id)) == ["beta"]
    assert names(task, search="STRANGER") == ["beta"]
    assert names(task, search=str(three["alpha"].pk)) == ["alpha"]


def test_what_the_address_asks_in_vain_is_left_out(running, task, three):
    answer = running.get(f"/organize/{task.slug}/entries/?state=none&team=none&sort=password&q=")

    assert answer.context["choice"] == Choice()


def test_a_page_that_is_none_is_not_there(running, task):
    assert running.get(f"/organize/{task.slug}/entries/?page=9").status_code == 404
    assert running.get(f"/organize/{task.slug}/entries/?page=x").status_code == 404


def test_its_energy_is_of_all_attempts(task, three):
    entry = three["alpha"]
    entry.energies.create(attempt=2, phase="train", seconds=1, level="M1", method="m", kwh=1.0)
    own = sum(each.kwh for each in entry.energies.all())

    found = entries_of(task, Choice(search="alpha")).get()

    assert found.kwh == pytest.approx(own)
    assert own > 1.0


def test_the_file_tells_the_score_as_told_and_exactly(running, task, three):
    Result.objects.filter(pk=three["alpha"].pk).update(accuracy_public=0.51234, accuracy_private=0.4)

    rows = csv_rows(running.get(f"/organize/{task.slug}/entries.csv?q=alpha"))

    assert [(row["dataset"], row["told"], row["exact"], row["private"]) for row in rows] == [
        ("alpha", "0.5", "0.51234", "0.4")
    ]
    assert rows[0]["state"] == Submission.Status.SCORED


def test_the_page_shows_exact_scores(running, task, three):
    Result.objects.filter(pk=three["alpha"].pk).update(accuracy_public=0.51234, accuracy_private=0.40404)

    page = running.get(f"/organize/{task.slug}/entries/").content.decode()

    assert "0.5123" in page
    assert "0.4040" in page
