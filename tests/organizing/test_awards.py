"""Awards: by frozen standings or by a jury, on record, published after the close, revocable with a reason."""

import pytest

from fixpoint.accounts.models import Notice
from fixpoint.leaderboard.freezing import standings_freeze
from fixpoint.leaderboard.models import Revision
from fixpoint.organizing.archiving import task_archive
from fixpoint.organizing.awarding import award_give, award_give_named, award_revoke, awards_publish
from fixpoint.organizing.entry_acts import entry_feature
from fixpoint.organizing.jury import entry_nominate, is_juror, judged_for, juror_name, nomination_take_back, vote_cast
from fixpoint.organizing.models import Act, Award, Juror, Nomination, Vote
from fixpoint.organizing.refusals import ActRefusedError
from fixpoint.submissions.disqualifying import submission_disqualify
from fixpoint.submissions.models import Result
from fixpoint.tasks.models import Task

WHY = "Its data were copied."


def test_nothing_is_published_of_a_task_that_is_out_of_sight(running, over, organizer):
    award_give(task=over, kind="performance", prize="", who=organizer)
    at = f"/organize/{over.slug}/awards/"
    assert f'action="{at}publish/"' in running.get(at).content.decode()
    task_archive(task=over, why=WHY, who=organizer)
    Notice.objects.all().delete()

    answer = running.post(f"{at}publish/", follow=True).content.decode()

    assert "Put it back first" in answer
    assert f'action="{at}publish/"' not in answer
    assert not Notice.objects.exists()
    assert Award.objects.get().published_at is None


def nominated(entry, organizer):
    return entry_nominate(entry=entry, description="Half the images.", who=organizer)


def given(task, organizer, kind, prize=""):
    return [each.submission for each in award_give(task=task, kind=kind, prize=prize, who=organizer)]


def whats():
    return list(Act.objects.exclude(what="closed").order_by("pk").values_list("what", flat=True))


def test_the_first_of_each_board_wins_with_the_revision_on_record(over, good, frugal, organizer):
    assert given(over, organizer, "performance", "A book") == [good]
    assert given(over, organizer, "frugality") == [frugal]

    award = Award.objects.get(kind="performance")
    assert (award.revision, award.prize, award.grounds) == (Revision.objects.get(), "A book", "accuracy 0.9000")
    assert whats() == ["awarded", "awarded"]
    assert Act.objects.filter(what="awarded").last().details["revision"] == 1


def test_before_the_standings_are_frozen_nothing_is_given(good, task, organizer):
    with pytest.raises(ActRefusedError, match="closed and its standings are frozen"):
        award_give(task=task, kind="performance", prize="", who=organizer)


def test_an_award_is_given_once_and_again_after_it_was_revoked(over, good, organizer):
    given(over, organizer, "performance")
    with pytest.raises(ActRefusedError, match="given already"):
        award_give(task=over, kind="performance", prize="", who=organizer)

    award_revoke(award=Award.objects.get(), why=WHY, who=organizer)

    assert given(over, organizer, "performance") == [good]
    first, second = Award.objects.order_by("pk")
    assert (first.revoked_why, second.revoked_at) == (WHY, None)


def test_nobody_sees_it_before_it_is_published_and_everybody_after(client, over, organizer, owner):
    given(over, organizer, "performance", "A book on numerals")
    pages = [f"/tasks/{over.slug}/", f"/tasks/{over.slug}/board/"]
    assert all("A book on numerals" not in client.get(page).content.decode() for page in pages)
    assert not Notice.objects.filter(user=owner).exists()

    awards_publish(task=over, who=organizer)

    assert all("A book on numerals" in client.get(page).content.decode() for page in pages)
    assert "A book on numerals" in Notice.objects.get(user=owner).text


def test_a_revoked_one_is_shown_no_longer_and_the_winner_is_told_why(client, over, organizer, owner):
    given(over, organizer, "performance", "A book on numerals")
    awards_publish(task=over, who=organizer)

    award_revoke(award=Award.objects.get(), why=WHY, who=organizer)

    for page in (f"/tasks/{over.slug}/", f"/tasks/{over.slug}/board/"):
        assert "A book on numerals" not in client.get(page).content.decode()
    assert WHY in Notice.objects.filter(user=owner).first().text
    assert whats() == ["awarded", "awards_published", "award_revoked"]


def test_publishing_makes_no_new_revision_of_the_standings(over, organizer):
    given(over, organizer, "performance")
    awards_publish(task=over, who=organizer)

    standings_freeze(task_id=over.pk)

    assert Revision.objects.count() == 1


def test_there_must_be_something_to_publish(over, organizer):
    with pytest.raises(ActRefusedError, match="no award to publish"):
        awards_publish(task=over, who=organizer)


def test_a_revocation_has_a_reason_and_is_done_once(over, organizer):
    given(over, organizer, "performance")
    award = Award.objects.get()

    with pytest.raises(ActRefusedError, match="Say why"):
        award_revoke(award=award, why="", who=organizer)
    award_revoke(award=award, why=WHY, who=organizer)
    with pytest.raises(ActRefusedError, match="revoked already"):
        award_revoke(award=award, why=WHY, who=organizer)


def test_the_best_mean_of_the_jury_wins_and_equal_ones_share_it(over, good, frugal, organizer, rows):
    juror = rows.person("juror")
    juror_name(task=over, username="juror", who=organizer)
    for entry, points in ((good, (4, 5)), (frugal, (5, 4))):
        nomination = nominated(entry, organizer)
        for person, given_points in zip((organizer, juror), points, strict=True):
            vote_cast(nomination=nomination, points=given_points, comment="", who=person)

    assert set(given(over, organizer, "innovation")) == {good, frugal}
    assert {each.grounds for each in Award.objects.all()} == {"mean of 2 votes: 4.50 of 5"}


def test_who_was_disqualified_since_cannot_win_the_jurys_award(over, good, frugal, organizer):
    for entry, points in ((good, 5), (frugal, 2)):
        vote_cast(nomination=nominated(entry, organizer), points=points, comment="", who=organizer)
    submission_disqualify(submission=good, why=WHY, who="anna")

    assert given(over, organizer, "innovation") == [frugal]


def test_without_a_vote_nobody_wins(over, good, organizer):
    nominated(good, organizer)

    with pytest.raises(ActRefusedError, match="nobody has voted"):
        award_give(task=over, kind="innovation", prize="", who=organizer)


def test_only_the_jury_votes_and_nobody_on_an_own_entry(good, task, organizer, owner, stranger):
    nomination = nominated(good, organizer)

    with pytest.raises(ActRefusedError, match="Only the jury"):
        vote_cast(nomination=nomination, points=5, comment="", who=stranger)
    juror_name(task=task, username="owner", who=organizer)
    with pytest.raises(ActRefusedError, match="own team"):
        vote_cast(nomination=nomination, points=5, comment="", who=owner)


def test_a_vote_is_1_to_5_points_and_the_last_one_counts(good, organizer):
    nomination = nominated(good, organizer)
    for points in (0, 6):
        with pytest.raises(ActRefusedError, match="1 to 5"):
            vote_cast(nomination=nomination, points=points, comment="", who=organizer)

    vote_cast(nomination=nomination, points=2, comment="Hm.", who=organizer)
    vote_cast(nomination=nomination, points=4, comment="Better.", who=organizer)

    assert list(Vote.objects.values_list("points", "comment")) == [(4, "Better.")]


def test_a_refused_vote_stands_in_its_form_as_it_was_typed(client, good, task, organizer):
    nomination = nominated(good, organizer)
    vote_cast(nomination=nomination, points=2, comment="Before.", who=organizer)
    client.force_login(organizer)

    answer = client.post(f"/tasks/{task.slug}/jury/{good.pk}/", {"comment": "A page of thoughts."})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "1 to 5" in page
    assert ">A page of thoughts.</textarea>" in page
    assert list(Vote.objects.values_list("points", "comment")) == [(2, "Before.")]


def test_once_the_award_is_given_votes_stay(over, good, organizer):
    nomination = nominated(good, organizer)
    vote_cast(nomination=nomination, points=4, comment="", who=organizer)
    given(over, organizer, "innovation")

    with pytest.raises(ActRefusedError, match="votes stay"):
        vote_cast(nomination=nomination, points=1, comment="", who=organizer)


def test_only_what_stands_is_nominated_once_and_with_a_description(good, waiting, organizer):
    with pytest.raises(ActRefusedError, match="with a score"):
        nominated(waiting, organizer)
    with pytest.raises(ActRefusedError, match="what is new"):
        entry_nominate(entry=good, description=" ", who=organizer)
    nominated(good, organizer)
    with pytest.raises(ActRefusedError, match="nominated already"):
        nominated(good, organizer)


def test_a_nomination_that_is_taken_back_leaves_its_votes_in_the_trail(good, organizer):
    nomination = nominated(good, organizer)
    vote_cast(nomination=nomination, points=4, comment="", who=organizer)

    nomination_take_back(nomination=nomination, why=WHY, who=organizer)

    assert not Nomination.objects.exists()
    assert Act.objects.get(what="unnominated").details == {"votes": ["organizer: 4"]}


def test_a_juror_is_somebody_and_named_once(task, organizer, stranger):
    with pytest.raises(ActRefusedError, match="Nobody has the name"):
        juror_name(task=task, username="nobody", who=organizer)
    juror_name(task=task, username=" stranger ", who=organizer)
    assert is_juror(stranger, task)
    with pytest.raises(ActRefusedError, match="in the jury already"):
        juror_name(task=task, username="stranger", who=organizer)


def test_a_juror_votes_in_the_browser_without_seeing_other_votes(client, good, task, organizer, stranger):
    nomination = nominated(good, organizer)
    vote_cast(nomination=nomination, points=1, comment="Nothing new.", who=organizer)
    juror_name(task=task, username="stranger", who=organizer)
    client.force_login(stranger)

    client.post(f"/tasks/{task.slug}/jury/{nomination.pk}/", {"points": "5", "comment": "Bold."})

    page = client.get(f"/tasks/{task.slug}/jury/").content.decode()
    assert "Bold." in page
    assert "Nothing new." not in page
    assert Vote.objects.get(user=stranger).points == 5


def test_all_of_it_works_from_the_organizers_page(running, over, good, stranger):
    def post(path, **form):
        answer = running.post(f"/organize/{over.slug}/{path}/", form, follow=True)
        assert answer.status_code == 200
        return answer.content.decode()

    post("jurors/name", username="stranger")
    post("nominate", entry=str(good.pk), description="Half the images.")
    running.post(f"/tasks/{over.slug}/jury/{good.pk}/", {"points": "4"})
    assert "4.00" in post("awards/give", kind="innovation", prize="A cup")
    post("awards/publish")
    assert WHY in post(f"awards/{Award.objects.get().pk}/revoke", why=WHY)
    post(f"nominated/{good.pk}/take-back", why="")
    post(f"jurors/{Juror.objects.get().pk}/remove")

    assert whats() == [
        "juror_named",
        "nominated",
        "awarded",
        "awards_published",
        "award_revoked",
        "unnominated",
        "juror_removed",
    ]


def test_an_award_that_the_settings_name_goes_to_the_entry_that_organizers_choose(client, over, frugal, organizer):
    Task.objects.filter(pk=over.pk).update(awards=["Best newcomer", "best performance"])
    over.refresh_from_db()
    client.force_login(organizer)
    page = client.get(f"/organize/{over.slug}/awards/").content.decode()
    assert "<option>Best newcomer</option>" in page
    assert "<option>best performance</option>" not in page

    chosen = {"kind": "named", "name": "Best newcomer", "entry": str(frugal.pk), "prize": "A pen"}
    client.post(f"/organize/{over.slug}/awards/give/", chosen)
    awards_publish(task=over, who=organizer)

    award = Award.objects.get()
    assert (award.submission, award.label, award.grounds) == (frugal, "Best newcomer", "chosen by the organizers")
    assert "<dt>Best newcomer</dt>" in client.get(f"/tasks/{over.slug}/").content.decode()


def test_an_award_of_the_tasks_own_is_one_that_it_names_for_an_entry_that_stands(over, good, frugal, organizer):
    Task.objects.filter(pk=over.pk).update(awards=["Best newcomer"])
    over.refresh_from_db()

    def give(name, entry):
        return award_give_named(task=over, name=name, entry=entry, prize="", who=organizer)

    with pytest.raises(ActRefusedError, match="names no such award"):
        give("Best of all", good)
    submission_disqualify(submission=good, why=WHY, who="organizer")
    with pytest.raises(ActRefusedError, match="has a score and stands"):
        give("Best newcomer", good)
    give("Best newcomer", frugal)
    with pytest.raises(ActRefusedError, match="given already"):
        give("Best newcomer", frugal)


def test_what_was_typed_for_a_refused_award_stays(running, over, good, organizer):
    given(over, organizer, "performance")
    Task.objects.filter(pk=over.pk).update(awards=["Best newcomer"])
    address = f"/organize/{over.slug}/awards/give/"

    again = running.post(address, {"kind": "performance", "prize": "A <book>"}).content.decode()
    named = running.post(address, {"kind": "named", "name": "Best newcomer", "prize": "A pen"}).content.decode()

    assert "already" in again
    assert 'name="prize" maxlength="300" value="A &lt;book&gt;"' in again
    assert '<option value="performance" selected>' in again
    assert 'id="named-prize" name="prize" maxlength="300" value="A pen"' in named
    assert "<option selected>Best newcomer</option>" in named
    assert "Choose an entry of this task." in named
    assert Award.objects.count() == 1


def test_the_scores_that_decide_stand_in_the_lists_of_a_closed_task(running, client, over, good, organizer):
    Result.objects.filter(submission=good).update(accuracy_private=0.8765)
    Task.objects.filter(pk=over.pk).update(awards=["Best newcomer"])
    entry_feature(entry=good, why="Look at its sevens.", who=organizer)

    awards = running.get(f"/organize/{over.slug}/awards/").content.decode()

    assert awards.count("owner: good, 0.8765") == 2
    assert (
        '<span class="accuracy">0.8765</span>: Look at its sevens.'
        in client.get(f"/tasks/{over.slug}/").content.decode()
    )
    Task.objects.filter(pk=over.pk).update(status="ready", closes_at=None)
    assert running.get(f"/organize/{over.slug}/awards/").content.decode().count("owner: good, 0.9000") == 1


def test_an_organizer_reads_the_votes_on_an_entry_after_their_own_vote(running, good, frugal, task, organizer, rows):
    other = rows.person("other", role="organizer")
    for entry in (good, frugal):
        vote_cast(nomination=nominated(entry, organizer), points=2, comment=f"Of {entry.pk}.", who=other)
    address = f"/organize/{task.slug}/awards/"
    before = running.get(address).content.decode()
    assert before.count("1 vote. You read it once you have voted") == 2
    assert "2.00" not in before
    assert f"Of {good.pk}." not in before

    running.post(f"/tasks/{task.slug}/jury/{good.pk}/", {"points": "3"})

    after = running.get(address).content.decode()
    assert f"Of {good.pk}." in after
    assert "2.50" in after
    assert f"Of {frugal.pk}." not in after


def test_the_order_of_nominated_entries_tells_no_vote(good, frugal, task, organizer, rows):
    other = rows.person("other", role="organizer")
    for entry, points in ((good, 1), (frugal, 5)):
        vote_cast(nomination=nominated(entry, organizer), points=points, comment="", who=other)

    assert [each.nomination.submission for each in judged_for(task, organizer)] == [good, frugal]
    assert [each.nomination.submission for each in judged_for(task, other)] == [frugal, good]


def test_all_votes_are_read_once_the_award_is_given(over, good, organizer, rows):
    vote_cast(nomination=nominated(good, organizer), points=4, comment="", who=rows.person("other", role="organizer"))
    assert not judged_for(over, organizer)[0].is_open

    given(over, organizer, "innovation")

    assert judged_for(over, organizer)[0].is_open


def test_publishing_is_offered_while_something_waits_for_it(running, over, organizer):
    given(over, organizer, "performance", "A cup")
    address = f"/organize/{over.slug}/awards/"
    assert "Publish what is given" in running.get(address).content.decode()

    awards_publish(task=over, who=organizer)

    assert "Publish what is given" not in running.get(address).content.decode()


def test_a_prize_stands_apart_from_what_it_was_won_for(client, over, organizer):
    given(over, organizer, "performance", "A cup")
    awards_publish(task=over, who=organizer)

    assert "by revision 1</a><br>Prize: A cup</dd>" in client.get(f"/tasks/{over.slug}/").content.decode()
