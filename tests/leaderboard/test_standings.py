"""The board from its rows: who stands where, what is never shown, and how many questions it takes."""

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from fixpoint.leaderboard.interval import Interval, wilson, with_seeds
from fixpoint.leaderboard.selectors import board, standings
from fixpoint.submissions.models import Result, Run, Submission
from fixpoint.tasks.models import Task
from fixpoint.teams.services import team_ensure

NOON = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0)


@pytest.fixture
def enter(rows, task):
    """An entry as it stands after it was scored, entered so many minutes after noon."""
    people = {}

    def make(name: str, accuracy: float | None, *, kwh: float = 0.001, measured: float | None = 0.002,
             minutes: int = 0, status: str = "scored", of=task, **values: object) -> Submission:  # fmt: skip
        owner = people.get(name) or people.setdefault(name, rows.person(name))
        entry = Submission.objects.create(
            task=of,
            dataset=rows.accepted_dataset(owner, of),
            owner=owner,
            team=team_ensure(user=owner, task=of),
            status=status,
            accuracy=accuracy,
            recipe=of.recipe,
            **({"recipe_digest": of.recipe_digest, "seeds": of.entry_seeds} | values),
        )
        Submission.objects.filter(pk=entry.pk).update(created_at=NOON + timedelta(minutes=minutes))
        if status == "scored":
            run = Run.objects.create(submission=entry, attempt=1, outcome={}, provenance={})
            Result.objects.create(
                submission=entry,
                run=run,
                correct=b"",
                accuracy_public=accuracy,
                hidden_images=1000,
                val_accuracy=0.5,
                per_seed=[],
                gflop=1.0,
                standardised_kwh=kwh,
                measured_kwh=measured,
                measured_level="M1",
            )
        return entry

    return make


def names(found) -> list[tuple[int, str]]:
    return [(row.rank, row.team.name) for row in found]


def test_people_stand_by_their_best_entry(enter, task):
    enter("ada", 0.5, minutes=1)
    best = enter("ada", 0.7, minutes=2)
    enter("ada", 0.6, minutes=3)
    enter("bob", 0.65)
    board = standings(task)
    assert names(board.rows) == [(1, "ada"), (2, "bob")]
    assert board.rows[0].entry_id == best.pk


def test_of_equal_accuracies_the_earlier_entry_stands_first(enter, task):
    enter("late", 0.5, minutes=10)
    enter("early", 0.5, minutes=5)
    assert names(standings(task).rows) == [(1, "early"), (2, "late")]


def test_of_ones_own_equal_entries_the_earlier_counts(enter, task):
    enter("ada", 0.5, minutes=10)
    early = enter("ada", 0.5, minutes=5)
    assert [row.entry_id for row in standings(task).rows] == [early.pk]


@pytest.mark.parametrize("status", ["queued", "training", "predicting", "failed", "error", "cancelled"])
def test_what_is_not_scored_is_never_shown(enter, task, status):
    enter("ada", None, status=status)
    board = standings(task)
    assert (board.rows, board.pareto) == ([], [])


def test_entries_of_another_recipe_or_task_are_never_mixed_in(enter, rows, task):
    other = rows.open_task(slug="another")
    enter("ada", 0.9, recipe_digest="f" * 64)
    enter("bob", 0.8, of=other)
    enter("cyd", 0.1)
    for order in ("accuracy", "emissions", "measured"):
        board = standings(task, order=order)
        assert (names(board.rows), names(board.pareto)) == ([(1, "cyd")], [(1, "cyd")])
        assert board.left_out == 1


@pytest.mark.parametrize("seeds", [[7], [0], [0, 1, 2], [1, 2]])
def test_entries_of_other_seeds_than_the_tasks_are_left_out(enter, rows, seeds):
    task = rows.open_task(slug="two-seeds", seeds=2)
    enter("lucky", 0.9, of=task, seeds=seeds)
    enter("fair", 0.8, of=task)
    board = standings(task)
    assert (names(board.rows), names(board.pareto), board.left_out) == ([(1, "fair")], [(1, "fair")], 1)


def test_a_task_that_pins_another_digest_ranks_only_its_own_from_then_on(enter, task):
    enter("ada", 0.9)
    task.recipe_digest = "e" * 64
    task.save()
    enter("bob", 0.8)
    assert names(standings(task).rows) == [(1, "bob")]
    task.recipe_digest = Submission.objects.get(accuracy=0.9).recipe_digest
    assert names(standings(task).rows) == [(1, "ada")]


def test_by_emissions_only_those_at_or_above_the_floor_stand(enter, rows):
    task = rows.open_task(slug="floor", accuracy_floor=0.5)
    enter("dirty", 0.9, kwh=0.010, of=task)
    enter("clean", 0.5, kwh=0.001, of=task)
    enter("lazy", 0.49, kwh=0.0001, of=task)
    board = standings(task, order="emissions")
    assert names(board.rows) == [(1, "clean"), (2, "dirty")]
    assert names(standings(task).rows) == [(1, "dirty"), (2, "clean"), (3, "lazy")]


def test_by_emissions_people_stand_by_their_cleanest_entry(enter, task):
    enter("ada", 0.9, kwh=0.010)
    clean = enter("ada", 0.6, kwh=0.001)
    assert [row.entry_id for row in standings(task, order="emissions").rows] == [clean.pk]


def test_measured_grams_sort_and_what_was_not_measured_comes_last(enter, task):
    enter("unmeasured", 0.9, measured=None)
    enter("more", 0.8, measured=0.004)
    enter("less", 0.7, measured=0.003)
    rows = standings(task, order="measured").rows
    assert [row.team.name for row in rows] == ["less", "more", "unmeasured"]
    assert rows[-1].grams_measured is None


def test_grams_are_energy_times_the_tasks_own_grid_and_building(enter, rows):
    task = rows.open_task(slug="grid", grid_g_per_kwh=100.0, pue=1.5)
    enter("ada", 0.5, kwh=0.01, measured=0.02, of=task)
    [row] = standings(task).rows
    assert row.grams_standardised == pytest.approx(1.5)
    assert row.grams_measured == pytest.approx(3.0)
    assert row.kwh == 0.02


def test_the_front_is_of_all_entries_and_marked_on_the_rows(enter, task):
    enter("best", 0.9, kwh=0.010)
    enter("beaten", 0.8, kwh=0.020)
    enter("clean", 0.6, kwh=0.001)
    second = enter("best", 0.7, kwh=0.002)
    board = standings(task)
    assert [row.team.name for row in board.pareto] == ["clean", "best", "best"]
    assert board.pareto[1].entry_id == second.pk
    assert {row.team.name: row.is_on_front for row in board.rows} == {"best": True, "beaten": False, "clean": True}


def test_every_accuracy_has_its_interval(enter, task):
    enter("ada", 0.6)
    [row] = standings(task).rows
    assert row.interval_low < 0.6 < row.interval_high
    assert row.interval_high - row.interval_low == pytest.approx(0.0606, abs=0.001)


def test_an_accuracy_of_nothing_is_a_score_all_the_same(enter, task):
    enter("ada", 0.0)
    assert names(standings(task).rows) == [(1, "ada")]


@pytest.mark.parametrize("order", ["accuracy", "emissions", "measured"])
@pytest.mark.parametrize("entries", [1, 12])
def test_the_board_takes_two_queries_however_long_it_is(enter, task, django_assert_num_queries, order, entries):
    for number in range(entries):
        enter(f"person{number % 5}", 0.5 + number / 100)
    with django_assert_num_queries(2):  # the entries, and the teams that are shown with their members
        board = standings(task, order=order)
        assert [(row.team.name, row.images, row.level) for row in (*board.rows, *board.pareto)]


def test_a_board_without_entries_is_empty(task):
    board = standings(task)
    assert (board.rows, board.pareto) == ([], [])


@pytest.mark.parametrize(
    ("rules", "is_marked"), [({}, True), ({"ladder": True}, False), ({"score_decimals": 2}, False)]
)
def test_marks_by_exact_answers_are_shown_only_where_the_told_scores_tell_as_much(enter, task, rules, is_marked):
    bits = np.packbits(np.ones((1, 1000), dtype=bool), axis=1).tobytes()
    for name in ("ada", "bob"):
        Result.objects.filter(submission=enter(name, 1.0)).update(correct=bits)
    Task.objects.filter(pk=task.pk).update(**({"score_decimals": 4} | rules))
    task.refresh_from_db()

    assert [row.is_tied for row in board(task).accuracy] == [False, is_marked]

    Task.objects.filter(pk=task.pk).update(status="closed")
    task.refresh_from_db()
    assert [row.is_tied for row in board(task).accuracy] == [False, True]


def test_the_interval_of_a_private_score_is_of_the_spread_of_the_private_images(enter, task):
    task.hidden_images.filter(number__gt=2).update(is_public=False)
    Task.objects.filter(pk=task.pk).update(seeds=2, public_share=0.5, status="closed")
    task.refresh_from_db()
    entry = enter("ada", 0.5)
    Result.objects.filter(submission=entry).update(accuracy_private=0.5, spread=0.0, spread_private=0.3)

    [row] = board(task).accuracy

    assert Interval(row.interval_low, row.interval_high) == with_seeds(0.5, 2, 2, 0.3)
    assert row.interval_low < wilson(0.5, 2).low
