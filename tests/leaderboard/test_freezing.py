"""Closing freezes the standings, once all that was entered in time has ended; what changes later is a revision."""

import json
from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from fixpoint.dispatch.models import Attempt
from fixpoint.leaderboard.freezing import boards_freeze, standings_freeze
from fixpoint.leaderboard.frozen_body import canonical
from fixpoint.leaderboard.models import Revision
from fixpoint.leaderboard.revisions import frozen_board, moves, revision_of
from fixpoint.leaderboard.row import RankedTeam
from fixpoint.leaderboard.selectors import board, entries_on_board, standings
from fixpoint.leaderboard.signing import sign, verify
from fixpoint.submissions.disqualifying import submission_disqualify, submission_reinstate
from fixpoint.submissions.models import Submission
from fixpoint.submissions.reruns import submission_rerun
from fixpoint.submissions.services import submission_cancel, submission_enter
from fixpoint.tasks.models import Task
from fixpoint.teams.models import Member, Team
from tests.pages.rows import Score, entry_of, scored, set_time, training
from tests.support.evaluating import evaluate, hold_packs
from tests.support.judged_runs import USUAL, make_long, run, run_again, worker_of
from tests.support.worker import ScriptedWorker, job_of

WHY = "The hidden images were in it."
_USUAL = Score()


@pytest.fixture
def enter(rows, task):
    """A scored entry of a new person, numbered as services do."""

    def make(name: str, score: Score = _USUAL, **values: object) -> Submission:
        entry = scored(entry_of(rows.accepted_dataset(rows.person(name), task), **values), score)
        number = Task.objects.get(pk=task.pk).board_number + 1
        Task.objects.filter(pk=task.pk).update(board_number=number)
        Submission.objects.filter(pk=entry.pk).update(board_number=number)
        return entry

    return make


@pytest.fixture
def three(enter):
    """Ada before Ben before Cleo, who took least energy."""
    return [
        enter("ada", Score(0.9, kwh=0.004)),
        enter("ben", Score(0.8, kwh=0.003)),
        enter("cleo", Score(0.7, kwh=0.001)),
    ]


def close(task) -> None:
    Task.objects.filter(pk=task.pk).update(status="closed")
    task.refresh_from_db()


def names(found) -> list[tuple[int, str]]:
    return [(row.rank, row.team.name) for row in found]


def test_an_open_task_is_not_frozen(three, task):
    assert standings_freeze(task_id=task.pk) is None
    assert boards_freeze() == 0


@pytest.mark.parametrize("how", ["by a person", "by its date"])
def test_a_closed_task_is_frozen_by_the_next_round(three, task, how):
    if how == "by a person":
        close(task)
    else:
        Task.objects.filter(pk=task.pk).update(closes_at=timezone.now() + timedelta(minutes=1))
        assert boards_freeze() == 0
        Task.objects.filter(pk=task.pk).update(closes_at=timezone.now())

    assert boards_freeze() == 1

    revision = Revision.objects.get()
    assert (revision.number, revision.why) == (1, "The task was closed.")
    assert boards_freeze() == 0


def test_it_waits_for_what_was_entered_in_time_and_not_for_what_was_late(three, task, rows):
    now = timezone.now()
    Task.objects.filter(pk=task.pk).update(closes_at=now)
    in_time, late = (
        training(entry_of(rows.accepted_dataset(rows.person(name), task), at=at), [(1.0, 0.5)])
        for name, at in (("dan", now - timedelta(minutes=1)), ("eve", now + timedelta(seconds=1)))
    )

    assert boards_freeze() == 0
    submission_cancel(submission=in_time, who=in_time.owner)

    assert boards_freeze() == 1
    late.refresh_from_db()
    assert late.status == "training"


def test_the_frozen_board_is_the_board_row_by_row(three, task):
    close(task)
    live = board(task)
    frozen = frozen_board(standings_freeze(task_id=task.pk))

    for name in ("accuracy", "emissions", "measured", "front", "apart"):
        rows = [vars(row) | {"movement": None, "marks": None} for row in getattr(live, name)]
        assert [vars(row) | {"marks": None} for row in getattr(frozen, name)] == rows
        assert [(row.group, row.is_tied) for row in getattr(frozen, name)] == [
            (row.group, row.is_tied) for row in getattr(live, name)
        ]
    assert len(frozen.accuracy) == 3
    assert frozen.most_accurate == frozen.accuracy[0]
    assert [row.team.name for row in frozen.greenest] == [row.team.name for row in live.greenest] == ["cleo"]


def test_the_document_holds_the_rules_and_what_every_entry_can_be_checked_by(three, task):
    close(task)
    body = json.loads(standings_freeze(task_id=task.pk).body)

    rules = ("recipe_digest", "calibration", "grid_g_per_kwh", "pue", "accuracy_floor", "counting")
    assert {name: body["task"][name] for name in rules} == {name: getattr(task, name) for name in rules}
    assert [each["entry"] for each in body["rankings"]["accuracy"]] == [str(each.pk) for each in three]
    assert [each["rank"] for each in body["rankings"]["public"]] == [1, 2, 3]
    assert body["titles"]["most_accurate"] == str(three[0].pk)
    for entry in three:
        found = body["entries"][str(entry.pk)]["provenance"]
        assert found["weights"] == entry.result.run.weights_sha256
        assert found["dataset"] == entry.dataset.digest
        assert found["recipe"] == entry.recipe_digest
        assert found["logits"] == entry.result.logits_sha256
        assert found["image"] == entry.result.run.provenance["image"]


def test_no_hidden_label_name_or_bit_stands_in_it(three, task):
    Submission.objects.get(pk=three[0].pk).result.correct = b"\xaa"
    close(task)
    text = standings_freeze(task_id=task.pk).body

    assert "correct" not in text
    assert not any(image.name in text for image in task.hidden_images.all())


def test_a_disqualification_after_the_close_is_a_new_revision_with_its_reason(three, task):
    close(task)
    boards_freeze()
    submission_disqualify(submission=three[0], why=WHY, who="anna")

    assert boards_freeze() == 1

    first, second = Revision.objects.order_by("number")
    assert second.number == 2
    assert "ada" in second.why
    assert WHY.rstrip(".") in second.why
    assert names(frozen_board(second).accuracy) == [(1, "ben"), (2, "cleo")]
    assert names(frozen_board(first).accuracy) == [(1, "ada"), (2, "ben"), (3, "cleo")]


def test_a_late_entry_is_no_reason_of_a_revision(three, task, enter):
    ada, *_ = three
    Task.objects.filter(pk=task.pk).update(closes_at=timezone.now(), takes_late=True)
    first = standings_freeze(task_id=task.pk)
    enter("late", Score(0.95))
    submission_disqualify(submission=ada, why=WHY, who="anna")

    second = standings_freeze(task_id=task.pk)

    assert (first.number, second.number) == (1, 2)
    assert WHY in second.why
    assert "late" not in second.why


def test_who_moved_is_told_and_who_left(three, task):
    close(task)
    boards_freeze()
    submission_disqualify(submission=three[0], why=WHY, who="anna")
    boards_freeze()
    second, first = Revision.objects.all()

    found = [(each.team, each.before, each.after) for each in moves(first, second)]

    assert found == [("ben", 2, 1), ("cleo", 3, 2), ("ada", 1, None)]


def test_restoring_is_a_revision_too_and_both_at_once_are_none(three, task):
    close(task)
    boards_freeze()
    submission_disqualify(submission=three[0], why=WHY, who="anna")
    submission_reinstate(submission=three[0], why="They were other images.", who="anna")
    assert boards_freeze() == 0

    submission_disqualify(submission=three[0], why=WHY, who="anna")
    boards_freeze()
    submission_reinstate(submission=three[0], why="They were other images.", who="anna")
    boards_freeze()

    whys = [each.why for each in Revision.objects.order_by("number")]
    assert len(whys) == 3
    assert "restored: They were other images." in whys[2]


def test_a_withdrawal_after_the_close_is_told_as_one(three, task):
    close(task)
    boards_freeze()
    Submission.objects.filter(pk=three[1].pk).update(withdrawn_at=timezone.now(), board_number=99)
    Task.objects.filter(pk=task.pk).update(board_number=99)
    boards_freeze()

    assert "withdrawn by its team" in Revision.objects.first().why


def test_unchanged_standings_are_not_read_again_and_make_no_revision(three, task, django_assert_max_num_queries):
    close(task)
    boards_freeze()
    Task.objects.filter(pk=task.pk).update(board_number=99)  # something changed that no list shows

    assert boards_freeze() == 0
    assert Revision.objects.get().board_number == 99
    with django_assert_max_num_queries(6):
        assert boards_freeze() == 0


def test_a_run_again_changes_nothing_in_the_standings(rows, task, tmp_path):
    entry = scored(entry_of(rows.accepted_dataset(rows.person("ada"), task)))
    hold_packs(entry, tmp_path)
    close(task)
    boards_freeze()

    again = submission_rerun(submission=entry, why="to see it again")
    assert boards_freeze() == 0
    evaluate(ScriptedWorker(job_of(Attempt.objects.get(subject_id=again.pk))), [0, 1, 0, 1])

    assert boards_freeze() == 0
    assert names(standings(task).rows) == [(1, "ada")]


def test_a_run_again_that_moves_a_measured_figure_is_told_as_what_it_is(rows, task, tmp_path):
    ada = rows.person("ada")
    entry = submission_enter(owner=ada, dataset=rows.accepted_dataset(ada, task))
    hold_packs(entry, tmp_path)
    make_long(entry)
    run(worker_of(entry), 3 * USUAL, kwh=0.009)
    close(task)
    boards_freeze()

    run_again(entry, 1.0, 0.003)
    assert boards_freeze() == 1

    second, first = Revision.objects.all()
    assert second.why == (
        f"The entry of ada of {entry.created_at:%Y-%m-%d} was run again: its measured energy is now "
        "the median of 2 runs; places stay."
    )
    assert names(frozen_board(second).accuracy) == names(frozen_board(first).accuracy) == [(1, "ada")]
    assert frozen_board(second).accuracy[0].kwh < frozen_board(first).accuracy[0].kwh


def test_another_name_is_no_new_revision_and_the_old_one_stays_with_the_members_of_then(three, task, rows):
    close(task)
    boards_freeze()
    Team.objects.filter(pk=three[0].team_id).update(name="Engine")
    Member.objects.create(team=three[0].team, task=task, user=rows.person("byron"))
    Task.objects.filter(pk=task.pk).update(board_number=99)

    assert boards_freeze() == 0
    best = frozen_board(revision_of(task)).accuracy[0].team
    assert (best.id, best.name, best.members) == (three[0].team_id, "ada", ("ada",))


def test_a_revision_from_before_there_were_teams_is_read_verified_and_followed_by_one_only_if_something_changed(
    three, task
):
    close(task)
    boards_freeze()
    by_person(task)

    old = revision_of(task)
    shown = frozen_board(old)
    assert names(shown.accuracy) == [(1, "ada"), (2, "ben"), (3, "cleo")]
    assert shown.accuracy[0].team == RankedTeam(three[0].team_id, "ada", ("ada",))
    assert shown.row_of_team(three[1].team_id) == shown.accuracy[1]
    assert shown.accuracy[0].team_kwh == board(task).accuracy[0].team_kwh
    kept = Revision.objects.get(pk=old.pk)
    assert verify(kept.signed, [kept.key]).payload == kept.body.encode()
    Task.objects.filter(pk=task.pk).update(board_number=99)
    assert boards_freeze() == 0, "what stands is the same, in whatever form"

    submission_disqualify(submission=three[0], why=WHY, who="anna")
    assert boards_freeze() == 1
    second, first = Revision.objects.all()
    found = [(each.team, each.before, each.after) for each in moves(first, second)]
    assert found == [("ben", 2, 1), ("cleo", 3, 2), ("ada", 1, None)]


def by_person(task):
    """Write its revision as it was written and signed when persons were ranked: format 1."""
    revision = Revision.objects.get(task=task)
    body = json.loads(revision.body) | {"format": 1}
    for facts in body["entries"].values():
        facts["participant"] = facts.pop("team")["name"]
        facts["owner_kwh"], facts["owner_grams"] = facts.pop("team_kwh"), facts.pop("team_grams")
    for each in body["rankings"]["public"]:
        each["participant"] = each.pop("team")
    text = canonical(body)
    Revision.objects.filter(pk=revision.pk).update(
        body=text, sha256=sha256(text.encode()).hexdigest(), signed=sign(text.encode())
    )


def test_the_closed_board_is_the_last_revision_until_it_is_opened_again(three, task):
    close(task)
    boards_freeze()
    Submission.objects.filter(pk=three[2].pk).update(accuracy=0.99)  # nobody's doing: no service, no number

    assert names(standings(task).rows) == [(1, "ada"), (2, "ben"), (3, "cleo")]

    Task.objects.filter(pk=task.pk).update(status="open")
    task.refresh_from_db()
    assert revision_of(task) is None


def test_what_the_last_revision_names_stays_on_a_board_for_retention(three, task):
    close(task)
    boards_freeze()
    submission_disqualify(submission=three[0], why=WHY, who="anna")

    assert three[0].pk in entries_on_board(task)

    boards_freeze()
    assert three[0].pk not in entries_on_board(task)


def test_one_number_is_given_once(three, task):
    close(task)
    first = standings_freeze(task_id=task.pk)
    values = {field.name: getattr(first, field.name) for field in Revision._meta.fields if field.name != "id"}

    with pytest.raises(IntegrityError), transaction.atomic():
        Revision.objects.create(**values)


def test_one_task_that_cannot_be_frozen_keeps_no_other_waiting(three, task, rows, monkeypatch, caplog):
    other = rows.open_task("other", status="closed")
    close(task)
    Task.objects.filter(pk=task.pk).update(created_at=timezone.now())  # the first one of the round
    Submission.objects.filter(pk=three[0].pk).update(accuracy=0.9)
    three[0].result.run.provenance = None
    type(three[0].result.run).objects.filter(pk=three[0].result.run.pk).update(provenance=[])

    assert boards_freeze() == 1
    assert Revision.objects.get().task == other
    assert "could not be frozen" in caplog.text


def test_the_pages_tell_what_it_waits_for_then_the_revision_then_the_older_one(three, task, rows, client, owner):
    waiting = training(entry_of(rows.accepted_dataset(owner, task)), [(1.0, 0.5)])
    close(task)
    page = client.get(f"/tasks/{task.slug}/standings/").content.decode()
    assert "They wait for 1 entry" in page
    assert str(waiting.pk) not in page
    assert "are frozen when 1 entry" in client.get(f"/tasks/{task.slug}/board/").content.decode()
    client.force_login(owner)
    assert str(waiting.pk) in client.get(f"/tasks/{task.slug}/standings/").content.decode()

    submission_cancel(submission=waiting, who=owner)
    boards_freeze()
    submission_disqualify(submission=three[0], why=WHY, who="anna")
    boards_freeze()

    page = client.get(f"/tasks/{task.slug}/standings/").content.decode()
    assert "Revision 2, frozen" in page
    assert WHY.rstrip(".") in page
    assert "anna" not in page
    older = client.get(f"/tasks/{task.slug}/board/?revision=1").content.decode()
    assert "An older revision of the standings: 1" in older
    assert ">ada</a>" in older
    assert ">ada</a>" not in client.get(f"/tasks/{task.slug}/board/").content.decode()
    for wrong in ("3", "0", "-1", "x", "9" * 30, "9" * 4301):
        assert client.get(f"/tasks/{task.slug}/board/?revision={wrong}").status_code == 404


def test_times_of_the_shown_rows_are_those_of_the_entries(three, task):
    set_time(three[0], "created_at", timezone.now() - timedelta(days=3))
    close(task)
    frozen = frozen_board(standings_freeze(task_id=task.pk))

    assert frozen.accuracy[0].entered_at == three[0].created_at
