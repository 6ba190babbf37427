"""Running an entry again: the same once more, nobody's to pay, and on no board."""

import re

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from fixpoint.datasets.models import Dataset
from fixpoint.dispatch.models import Attempt
from fixpoint.leaderboard.selectors import standings
from fixpoint.submissions.models import Submission
from fixpoint.submissions.reruns import RerunRefusedError, submission_rerun
from fixpoint.submissions.selectors import quota_of
from fixpoint.submissions.services import submission_cancel
from fixpoint.submissions.teaming import team_join
from fixpoint.tasks.models import Task
from fixpoint.teams.selectors import team_of
from fixpoint.teams.services import team_create
from tests.submissions.scoring_in_turn import guarded_task, labels, scored_entry
from tests.support.evaluating import evaluate, start
from tests.support.platform import person, retire
from tests.support.worker import ScriptedWorker, job_of
from worker.contract import Fact, Fault, Phase

WHY = "its measured energy lies outside of its band"


@pytest.fixture
def done(entry, worker) -> Submission:
    """The entry with its score: 3 of 4 images."""
    evaluate(worker, [0, 1, 0, 0])
    entry.refresh_from_db()
    return entry


def current(entry) -> ScriptedWorker:
    return ScriptedWorker(job_of(Attempt.objects.get(subject_id=entry.pk, ended_at=None)))


def quota(entry) -> str:
    entry.refresh_from_db()
    return entry.quota


def test_it_is_queued_with_the_same_data_recipe_and_seeds_and_says_why(done):
    again = submission_rerun(submission=done, why=WHY)

    same = ("task", "dataset", "owner", "recipe", "recipe_digest", "seeds")
    assert [getattr(again, name) for name in same] == [getattr(done, name) for name in same]
    assert (again.rerun_of, again.status, again.pk == done.pk) == (done, "queued", False)
    assert [(each.why, each.who) for each in again.transitions.all()] == [(WHY, "platform")]
    assert Attempt.objects.filter(subject_id=again.pk, ended_at=None).exists()


def test_it_is_of_the_team_that_two_became_while_it_was_asked_for(done, owner, task, monkeypatch):
    """Who merges holds the task's row, so whoever runs again gets it when the merging is done."""
    before = done.team

    def held_after_the_merging(task_id):
        assert task_id == task.pk
        other = team_create(user=person("other"), task=task, name="Engine")
        team_join(user=owner, invitation=other.invitation)

    monkeypatch.setattr("fixpoint.submissions.reruns.board_hold", held_after_the_merging)

    again = submission_rerun(submission=done, why=WHY)

    assert before.merged_into is None
    before.refresh_from_db()
    assert again.team == before.merged_into == team_of(owner, task)


def test_it_counts_for_nobody_from_its_beginning_to_its_score(done, owner, task):
    before = quota_of(owner, task)
    again = submission_rerun(submission=done, why=WHY)
    worker = current(again)
    seen = [quota(again)]

    start(worker)
    seen.append(quota(again))
    evaluate(worker, [0, 1, 0, 0])
    seen.append(quota(again))

    assert again.status == "scored"
    assert set(seen) == {"released"}
    assert quota_of(owner, task) == before


@pytest.mark.parametrize("end", ["failed", "error", "cancelled"])
def test_it_counts_for_nobody_whatever_its_end(done, owner, organizer, task, end):
    before = quota_of(owner, task)
    again = submission_rerun(submission=done, why=WHY)
    worker = current(again)
    start(worker)

    if end == "failed":
        worker.report(Fact.FAILED, Phase.TRAIN, fault=Fault(code="timeout", detail="It took too long."))
    elif end == "error":
        worker.report(Fact.ERROR, Phase.TRAIN, fault=Fault(code="disk", detail="The disk is full."))
    else:
        submission_cancel(submission=again, who=organizer)

    assert quota(again) == "released"
    assert again.status == {"error": "queued"}.get(end, end)  # an error of ours is tried again by itself
    assert quota_of(owner, task) == before


def test_the_board_keeps_the_entry_and_does_not_know_the_better_run_again(done, task):
    again = submission_rerun(submission=done, why=WHY)
    evaluate(current(again), [0, 1, 0, 1])
    again.refresh_from_db()

    assert again.accuracy == 1.0
    board = standings(task)
    assert [(row.entry_id, row.accuracy) for row in board.rows] == [(done.pk, 0.75)]
    assert [row.entry_id for row in board.pareto] == [done.pk]


def test_an_entry_that_is_under_way_is_not_run_again(entry):
    with pytest.raises(RerunRefusedError, match="not over"):
        submission_rerun(submission=entry, why=WHY)


def test_nothing_is_run_again_twice_at_once_and_again_after_its_end(done):
    again = submission_rerun(submission=done, why=WHY)
    with pytest.raises(RerunRefusedError, match="already"):
        submission_rerun(submission=done, why=WHY)
    evaluate(current(again), [0, 1, 0, 0])

    submission_rerun(submission=done, why=WHY)

    assert done.reruns.count() == 2


def test_a_run_again_is_not_itself_run_again(done):
    again = submission_rerun(submission=done, why=WHY)
    evaluate(current(again), [0, 1, 0, 0])

    with pytest.raises(RerunRefusedError, match="run the entry again that it repeats"):
        submission_rerun(submission=again, why=WHY)


@pytest.mark.parametrize(("gone", "says"), [("deleted_at", "Restore it"), ("purged_at", "given up for good")])
def test_a_dataset_that_is_gone_cannot_be_trained_again(done, gone, says):
    Dataset.objects.filter(pk=done.dataset_id).update(**{gone: timezone.now()})

    with pytest.raises(RerunRefusedError, match=says):
        submission_rerun(submission=done, why=WHY)


def test_a_retired_recipe_is_not_run_again(done, task, tmp_path, monkeypatch):
    retire(task, tmp_path, monkeypatch)

    with pytest.raises(RerunRefusedError, match="was retired on 2026-11-22"):
        submission_rerun(submission=done, why=WHY)


def test_no_reason_is_refused(done):
    with pytest.raises(RerunRefusedError, match="Say why"):
        submission_rerun(submission=done, why=" ")


def test_a_closed_task_allows_it_for_the_board_may_be_asked_about(done, task):
    Task.objects.filter(pk=task.pk).update(status="closed")

    assert submission_rerun(submission=done, why=WHY).status == "queued"


def test_both_pages_show_both_side_by_side(done, client):
    again = submission_rerun(submission=done, why=WHY)
    evaluate(current(again), [0, 1, 0, 0])

    for shown, other in ((done, again), (again, done)):
        page = client.get(f"/entries/{shown.pk}/").content.decode()
        assert f"Run again by the platform: {WHY}" in page.replace("</span>", "")
        assert f'href="/entries/{other.pk}/"' in page
        assert "yes, bit for bit" in page
        assert "yes, unrounded" in page


def test_another_score_is_told_as_another(done, client):
    again = submission_rerun(submission=done, why=WHY)
    evaluate(current(again), [1, 1, 0, 0])

    page = client.get(f"/entries/{done.pk}/").content.decode()

    assert "yes, bit for bit" in page
    assert "yes, unrounded" not in page


def test_after_the_close_both_sides_show_the_private_score(owner, client, tmp_path):
    entry = scored_entry(owner, guarded_task(), tmp_path, labels(7, 1))
    again = submission_rerun(submission=entry, why=WHY)
    evaluate(current(again), labels(7, 1))
    assert told(client, entry) == ["0.8750"] * 2

    Task.objects.update(status="closed")

    assert told(client, entry) == told(client, again) == ["0.2500"] * 2


def told(client, entry) -> list[str]:
    """The accuracies of both sides."""
    page = client.get(f"/entries/{entry.pk}/").content.decode()
    return re.findall(r'<td class="accuracy">([0-9.]+)</td>', page)


def test_strangers_hear_of_a_run_again_when_it_has_a_score(done, owner, client):
    again = submission_rerun(submission=done, why=WHY)
    assert WHY not in client.get(f"/entries/{done.pk}/").content.decode()

    client.force_login(owner)

    assert f"/entries/{again.pk}/" in client.get(f"/entries/{done.pk}/").content.decode()


def test_organizers_run_an_entry_again_by_a_button_and_read_a_refusal(done, organizer, client):
    client.force_login(organizer)
    assert f'action="/entries/{done.pk}/rerun/"' in client.get(f"/entries/{done.pk}/").content.decode()

    answer = client.post(f"/entries/{done.pk}/rerun/", {"why": WHY}, follow=True)
    again = done.reruns.get()
    assert answer.redirect_chain == [(f"/entries/{again.pk}/", 302)]
    assert f"Run again by an organizer: {WHY}" in answer.content.decode()

    refused = client.post(f"/entries/{done.pk}/rerun/", {"why": WHY}, follow=True)
    assert "It is being run again already" in refused.content.decode()


def test_its_owner_may_look_at_it_and_not_stop_it(done, owner, client):
    again = submission_rerun(submission=done, why=WHY)
    client.force_login(owner)

    page = client.get(f"/entries/{again.pk}/")

    assert page.status_code == 200
    assert "cancel" not in page.content.decode()
    assert client.post(f"/entries/{again.pk}/cancel/").status_code == 404
    assert quota(again) == "released"
    assert again.status == "queued"


def test_the_logbook_marks_it_and_measures_no_change_by_it(done, owner, rows, task, client):
    again = submission_rerun(submission=done, why=WHY)
    evaluate(current(again), [1, 0, 1, 0])
    client.force_login(owner)

    lines = client.get("/me/").context["lines"]

    assert [(line.entry.pk, line.change) for line in lines] == [(again.pk, None), (done.pk, None)]
    assert "run again, not charged" in client.get("/me/").content.decode()


def test_the_task_counts_the_entry_once(done, task, client):
    evaluate(current(submission_rerun(submission=done, why=WHY)), [0, 1, 0, 0])

    assert client.get(f"/tasks/{task.slug}/").context["facts"].entries == 1


def test_the_datasets_page_shows_the_entry_as_its_newest(done, owner, client):
    again = submission_rerun(submission=done, why=WHY)
    client.force_login(owner)

    answer = client.get(f"/datasets/{done.dataset_id}/")

    assert answer.context["newest"] == done
    assert f'<a href="/entries/{again.pk}/">Run again</a>' in answer.content.decode()


def test_the_command_runs_an_entry_again_and_says_a_refusal(done, capsys):
    call_command("entries", "rerun", str(done.pk), why=WHY)
    again = done.reruns.get()
    assert str(again.pk) in capsys.readouterr().out

    with pytest.raises(CommandError, match="already"):
        call_command("entries", "rerun", str(done.pk), why=WHY)
