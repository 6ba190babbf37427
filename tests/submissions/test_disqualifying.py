"""Taking an entry off the board for a reason, and putting it back."""

import pytest
from django.core.management import CommandError, call_command

from fixpoint.accounts.models import Notice
from fixpoint.leaderboard.selectors import standings
from fixpoint.submissions.disqualifying import (
    DisqualificationError,
    decisions,
    submission_disqualify,
    submission_reinstate,
)
from tests.pages.rows import entry_of, scored, training

WHY = "Its training images hold the hidden set."


@pytest.fixture
def standing(rows, owner, task):
    """An entry with a score, on its board."""
    return scored(training(entry_of(rows.accepted_dataset(owner, task)), [(1.0, 0.5)]))


def on_board(task) -> list[object]:
    return [row.entry_id for row in standings(task).rows]


def test_it_leaves_the_board_and_comes_back(standing, task):
    assert on_board(task) == [standing.pk]

    submission_disqualify(submission=standing, why=WHY, who="anna")
    assert on_board(task) == []

    submission_reinstate(submission=standing, why="They were other images.", who="anna")
    assert on_board(task) == [standing.pk]


def test_who_when_and_why_stay_on_record_after_both(standing):
    submission_disqualify(submission=standing, why=WHY, who="anna")
    submission_reinstate(submission=standing, why="They were other images.", who="ben")

    found = [(each.who, each.why) for each in decisions(standing)]

    assert found == [("anna", f"disqualified: {WHY}"), ("ben", "restored: They were other images.")]
    assert all(each.at for each in decisions(standing))


def test_each_changes_the_board_by_a_number(standing, task):
    for number, act in enumerate((submission_disqualify, submission_reinstate), start=1):
        act(submission=standing, why=WHY, who="anna")

        task.refresh_from_db()
        assert standing.board_number == task.board_number == number


def test_its_owner_is_told_with_the_reason(standing, owner):
    submission_disqualify(submission=standing, why=WHY, who="anna")

    notice = Notice.objects.get(user=owner)
    assert WHY in notice.text
    assert notice.path == f"/entries/{standing.pk}/"


def test_the_second_of_two_organizers_learns_that_it_is_done(standing):
    submission_disqualify(submission=standing, why=WHY, who="anna")
    with pytest.raises(DisqualificationError, match="already"):
        submission_disqualify(submission=standing, why="no", who="ben")

    assert standing.disqualified_why == WHY
    assert decisions(standing).count() == 1


def test_a_refusal_leaves_no_trace(standing, task):
    before = task.board_number
    with pytest.raises(DisqualificationError, match="not disqualified"):
        submission_reinstate(submission=standing, why=WHY, who="anna")

    task.refresh_from_db()
    assert (task.board_number, decisions(standing).count(), Notice.objects.count()) == (before, 0, 0)


def test_what_has_no_score_is_cancelled_and_not_disqualified(rows, owner, task):
    running = training(entry_of(rows.accepted_dataset(owner, task)), [(1.0, 0.5)])

    with pytest.raises(DisqualificationError, match="with a score"):
        submission_disqualify(submission=running, why=WHY, who="anna")


def test_no_reason_is_refused(standing):
    with pytest.raises(DisqualificationError, match="Say why"):
        submission_disqualify(submission=standing, why="  ", who="anna")


def test_the_public_page_says_it_and_not_who(standing, client):
    submission_disqualify(submission=standing, why=WHY, who="anna-the-organizer")

    page = client.get(f"/entries/{standing.pk}/").content.decode()

    assert "it stands on no board" in page
    assert WHY in page
    assert "anna-the-organizer" not in page


def test_organizers_do_both_on_the_page_and_see_the_record(standing, organizer, client):
    client.force_login(organizer)
    for act, says in (("disqualify", WHY), ("reinstate", "They were other images.")):
        assert f'action="/entries/{standing.pk}/{act}/"' in client.get(f"/entries/{standing.pk}/").content.decode()
        page = client.post(f"/entries/{standing.pk}/{act}/", {"why": says}, follow=True).content.decode()
        assert says in page

    assert [each.who for each in decisions(standing)] == ["organizer", "organizer"]


def test_the_time_of_the_score_stays_that_of_the_score(standing, client):
    before = client.get(f"/entries/{standing.pk}/").context["stages"]

    submission_disqualify(submission=standing, why=WHY, who="anna")

    assert client.get(f"/entries/{standing.pk}/").context["stages"] == before


def test_the_command_does_both_and_says_a_refusal(standing, capsys):
    call_command("entries", "disqualify", str(standing.pk), why=WHY)
    standing.refresh_from_db()
    assert standing.disqualified_why == WHY

    call_command("entries", "restore", str(standing.pk), why="They were other images.")
    standing.refresh_from_db()
    assert standing.disqualified_at is None

    with pytest.raises(CommandError, match="not disqualified"):
        call_command("entries", "restore", str(standing.pk), why="once more")
