"""What is done to entries from their table: one or many, each told, each an act."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fixpoint.organizing.entry_acts import entry_cancel, entry_feature
from fixpoint.organizing.models import Act, Featured
from fixpoint.organizing.refusals import ActRefusedError
from fixpoint.submissions.disqualifying import submission_disqualify
from fixpoint.submissions.models import Submission
from tests.pages.rows import entry_of, scored, training
from tests.support.platform import open_task

WHY = "The hidden images were in it."


def post(client, task, act, *entries, why=WHY):
    form = {"act": act, "why": why, "entry": [str(getattr(each, "pk", each)) for each in entries]}
    return client.post(f"/organize/{task.slug}/entries/", form, follow=True)


def told(answer):
    return [str(each) for each in answer.context["messages"]]


def whats():
    return list(Act.objects.order_by("pk").values_list("what", flat=True))


def test_what_can_be_done_is_done_and_of_the_rest_it_is_said_why_not(running, task, standing, waiting):
    answer = post(running, task, "disqualify", standing, waiting)

    assert told(answer) == [
        "Disqualified: mine (owner)",
        "Not done to waiting (owner): Only an entry with a score stands on a board, and no run again does.",
    ]
    standing.refresh_from_db()
    assert (standing.disqualified_why, whats()) == (WHY, ["disqualified"])


@pytest.mark.parametrize("act", ["rerun", "disqualify", "feature"])
def test_without_a_reason_nothing_is_done(running, task, standing, act):
    answer = post(running, task, act, standing, why=" ")

    assert "Not done to mine (owner): Say why" in told(answer)[0]
    assert whats() == []


def test_several_are_run_again_at_once(running, task, standing, rows, stranger):
    other = scored(training(entry_of(rows.accepted_dataset(stranger, task)), [(1.0, 0.5)]))

    post(running, task, "rerun", standing, other)

    assert Submission.objects.filter(rerun_of__in=[standing, other], status="queued").count() == 2
    assert whats() == ["rerun", "rerun"]
    again = Submission.objects.get(rerun_of=standing)
    assert Act.objects.get(subject_id=str(standing.pk)).details == {"rerun": str(again.pk)}


def test_several_are_cancelled_at_once(running, task, waiting, rows, stranger):
    other = training(entry_of(rows.accepted_dataset(stranger, task)), [(1.0, 0.5)])

    post(running, task, "cancel", waiting, other)

    assert set(Submission.objects.values_list("status", flat=True)) == {"cancelled"}
    assert whats() == ["cancelled", "cancelled"]


def test_what_one_cancels_of_ones_own_is_no_organizers_act(owner, waiting):
    entry_cancel(entry=waiting, why="", who=owner)

    assert whats() == []


def test_a_disqualified_one_comes_back(running, task, standing):
    submission_disqualify(submission=standing, why=WHY, who="anna")

    post(running, task, "reinstate", standing, why="They were other images.")

    standing.refresh_from_db()
    assert standing.disqualified_at is None
    act = Act.objects.get()
    assert (act.what, act.why, act.details) == ("reinstated", "They were other images.", {"was_disqualified": WHY})


def test_a_featured_one_stands_on_the_tasks_page_until_it_does_no_longer(client, running, task, standing):
    post(running, task, "feature", standing, why="Forty images are enough.")
    assert "Forty images are enough." in client.get(f"/tasks/{task.slug}/").content.decode()

    post(running, task, "unfeature", standing, why="")
    assert "Forty images are enough." not in client.get(f"/tasks/{task.slug}/").content.decode()
    assert whats() == ["featured", "unfeatured"]


def test_what_falls_after_it_was_featured_is_not_shown(client, task, organizer, standing):
    entry_feature(entry=standing, why="Forty images are enough.", who=organizer)
    submission_disqualify(submission=standing, why=WHY, who="anna")

    assert "Forty images are enough." not in client.get(f"/tasks/{task.slug}/").content.decode()


def test_only_what_stands_on_a_board_is_featured_and_once(organizer, standing, waiting):
    with pytest.raises(ActRefusedError, match="with a score"):
        entry_feature(entry=waiting, why=WHY, who=organizer)
    entry_feature(entry=standing, why=WHY, who=organizer)
    with pytest.raises(ActRefusedError, match="featured already"):
        entry_feature(entry=standing, why=WHY, who=organizer)
    submission_disqualify(submission=standing, why=WHY, who="anna")
    Featured.objects.all().delete()
    with pytest.raises(ActRefusedError, match="on no board"):
        entry_feature(entry=Submission.objects.get(pk=standing.pk), why=WHY, who=organizer)


def test_entries_of_another_task_are_left_alone(running, task, rows, stranger):
    other = entry_of(rows.accepted_dataset(stranger, open_task("other")))

    answer = post(running, task, "cancel", other, "no-id-at-all")

    other.refresh_from_db()
    assert (other.status, told(answer)) == ("queued", ["Tick the entries first to which it is to be done."])


def test_an_act_that_is_none_changes_nothing(running, task, waiting):
    answer = post(running, task, "delete", waiting)

    waiting.refresh_from_db()
    assert waiting.status == "queued"
    assert told(answer) == ["Choose what is to be done with the ticked entries."]


def test_the_command_leaves_acts_too(standing):
    call_command("entries", "disqualify", str(standing.pk), "--why", WHY)

    assert [(each.what, each.why) for each in Act.objects.all()] == [("disqualified", WHY)]


def test_an_act_on_an_entrys_own_page_is_one_too(running, standing):
    running.post(f"/entries/{standing.pk}/disqualify/", {"why": WHY})

    assert [(each.what, each.who) for each in Act.objects.all()] == [("disqualified", "organizer")]


def test_a_page_of_many_entries_takes_as_many_statements_as_one_of_few(running, rows, owner, task):
    address = f"/organize/{task.slug}/entries/"

    def statements():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert running.get(address).status_code == 200
        return len(seen)

    scored(training(entry_of(rows.accepted_dataset(owner, task)), [(1.0, 0.5)]))
    running.get(address)
    few = statements()
    for n in range(12):
        person = rows.person(f"person-{n}")
        entry = entry_of(rows.accepted_dataset(person, task))
        if n % 2:
            scored(training(entry, [(1.0, 0.5)]))

    assert statements() == few


def test_an_act_without_its_reason_leaves_ticks_and_act_as_they_were(running, task, standing, waiting):
    answer = post(running, task, "disqualify", standing, why=" ")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="tick-{standing.pk}" checked' in page
    assert f'id="tick-{waiting.pk}" checked' not in page
    assert '<option value="disqualify" selected>' in page


@pytest.mark.parametrize("act", ["", "cancel"])
def test_a_reason_is_kept_where_the_act_or_every_tick_is_missing(running, task, waiting, act):
    ticked = [] if act else [waiting]

    page = post(running, task, act, *ticked).content.decode()

    assert f'name="why" maxlength="300" value="{WHY}"' in page
    assert (f'id="tick-{waiting.pk}" checked' in page) is bool(ticked)
    assert whats() == []


def test_after_an_act_that_was_done_in_part_only_the_rest_is_ticked(running, task, standing, waiting):
    page = post(running, task, "disqualify", standing, waiting).content.decode()

    assert f'id="tick-{waiting.pk}" checked' in page
    assert f'id="tick-{standing.pk}" checked' not in page
    assert f'value="{WHY}"' in page
