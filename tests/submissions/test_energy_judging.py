"""A run that took what its work does not explain is told to the organizers; one that did not costs nothing more."""

import pytest

from fixpoint.accounts.models import Notice
from fixpoint.recipes import RetiredRecipeError
from fixpoint.submissions.models import Result
from fixpoint.submissions.reruns import submission_rerun
from fixpoint.submissions.services import submission_cancel
from tests.support.evaluating import start
from tests.support.judged_runs import USUAL, finish, make_long, reruns, run, run_again, worker_of
from tests.support.worker import PROVENANCE
from worker.contract import Fact, Fault, Phase


@pytest.fixture
def organizer(rows):
    return rows.person("olga", role="organizer")


@pytest.fixture
def entry(entry):
    return make_long(entry)


@pytest.mark.parametrize("ratio", [0.3, 3.0])
def test_a_run_out_of_its_band_is_told_to_the_organizers(organizer, entry, worker, ratio):
    run(worker, ratio * USUAL)

    entry.refresh_from_db()
    assert entry.status == "scored"
    [notice] = Notice.objects.filter(user=organizer)
    assert notice.path == f"/entries/{entry.pk}/"
    assert "took energy out of its band" in notice.subject


def test_a_run_as_it_should_be_is_told_to_its_owner_alone(organizer, entry, worker):
    run(worker, USUAL)

    entry.refresh_from_db()
    assert entry.status == "scored"
    assert told() == [("owner", "Scored 1.0000: “mine” in Numerals")]


def test_a_run_on_a_host_that_nobody_knows_is_told_to_its_owner_alone(organizer, entry, worker):
    run(worker, 3 * USUAL, host=PROVENANCE)

    assert told() == [("owner", "Scored 1.0000: “mine” in Numerals")]


def test_it_is_run_again_at_no_charge_until_there_are_three_runs(organizer, entry, worker):
    run(worker, 3 * USUAL, kwh=0.009)
    [again] = reruns(entry)
    assert again.quota == "released"
    assert "took 3.00 times the CPU-seconds" in again.transitions.get().why

    run_again(entry, 1.0, 0.003)
    assert reruns(entry).count() == 2
    run_again(entry, 1.0, 0.004)

    assert [each.status for each in reruns(entry)] == ["scored", "scored"]
    assert told() == [
        ("olga", "An entry of Numerals took energy out of its band"),
        ("owner", "Scored 1.0000: “mine” in Numerals"),
    ]


def test_the_measured_figure_is_the_median_of_its_runs_and_the_board_hears_of_it(entry, worker):
    run(worker, 3 * USUAL, kwh=0.009)
    entry.refresh_from_db()
    before = entry.board_number

    run_again(entry, 1.0, 0.003)
    run_again(entry, 1.0, 0.004)

    result = Result.objects.get(submission=entry)
    rest = 0.001 + 0.001  # reading the images, and prediction
    assert (result.measured_kwh, result.measured_runs) == (pytest.approx(0.004 + rest), 3)
    assert result.own_kwh == pytest.approx(0.009 + rest)
    entry.refresh_from_db()
    assert entry.board_number > before


def test_a_run_again_of_another_level_is_not_in_the_median(entry, worker):
    run(worker, 3 * USUAL, kwh=0.009)
    again = reruns(entry).get()
    run(worker_of(again), USUAL, kwh=0.003, level="M0")

    result = Result.objects.get(submission=entry)
    assert (result.measured_kwh, result.measured_runs) == (pytest.approx(0.011), 1)


def test_what_an_organizer_runs_again_changes_no_figure_of_a_run_as_it_should_be(entry, worker):
    run(worker, USUAL, kwh=0.009)
    entry.refresh_from_db()
    submission_rerun(submission=entry, why="to see", who="olga")

    run_again(entry, 1.0, 0.003)

    result = Result.objects.get(submission=entry)
    assert (result.measured_kwh, result.measured_runs) == (pytest.approx(0.011), 1)
    assert reruns(entry).count() == 1


def give_up(entry):
    """The newest run again, by as many errors of ours as there are attempts."""
    again = reruns(entry).last()
    while again.status != "error":
        worker = worker_of(again)
        start(worker)
        fault = Fault(code="disk", detail="The disk was full.")
        assert worker.report(Fact.ERROR, Phase.TRAIN, fault=fault).status_code == 200
        again.refresh_from_db()


def test_a_run_again_that_was_given_up_is_asked_for_again(entry, worker):
    run(worker, 3 * USUAL, kwh=0.009)
    give_up(entry)
    run_again(entry, 1.0, 0.003)
    run_again(entry, 1.0, 0.004)

    assert [each.status for each in reruns(entry)] == ["error", "scored", "scored"]
    assert Result.objects.get(submission=entry).measured_runs == 3


def test_it_is_asked_for_three_times_at_most(entry, worker):
    run(worker, 3 * USUAL, kwh=0.009)
    for _ in range(3):
        give_up(entry)

    assert [each.status for each in reruns(entry)] == ["error"] * 3
    assert Result.objects.get(submission=entry).measured_runs == 1


def test_a_run_again_that_was_cancelled_is_not_asked_for_again(organizer, entry, worker):
    run(worker, 3 * USUAL, kwh=0.009)
    submission_cancel(submission=reruns(entry).get(), who=organizer)

    assert [each.status for each in reruns(entry)] == ["cancelled"]


def test_what_an_organizer_runs_again_takes_none_of_the_platforms_tries(organizer, entry, worker):
    run(worker, 3 * USUAL, kwh=0.009)
    submission_cancel(submission=reruns(entry).get(), who=organizer)
    entry.refresh_from_db()
    submission_rerun(submission=entry, why="to see", who="olga")
    run_again(entry, 1.0, 0.003)
    run_again(entry, 1.0, 0.004)

    assert [each.transitions.first().who for each in reruns(entry)] == ["platform", "olga", "platform", "platform"]


def test_what_cannot_be_run_again_keeps_its_score_and_its_figure(organizer, entry, worker, monkeypatch):
    start(worker)
    monkeypatch.setattr("fixpoint.submissions.reruns.pinned_facts", retired)

    finish(worker, 3 * USUAL)

    entry.refresh_from_db()
    assert entry.status == "scored"
    assert not reruns(entry).exists()
    assert "It cannot be run again." in Notice.objects.get(user=organizer).text


def told():
    """Everything that anybody was told."""
    return sorted(Notice.objects.values_list("user__username", "subject"))


def retired(recipe, digest):
    raise RetiredRecipeError(f"The recipe {recipe} is retired.")
