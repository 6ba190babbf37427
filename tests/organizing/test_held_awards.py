"""Awards that are held by entries which were disqualified or withdrawn since."""

import pytest

from fixpoint.leaderboard.freezing import standings_freeze
from fixpoint.organizing.awarding import award_give, award_revoke, awards_publish
from fixpoint.organizing.models import Award
from fixpoint.organizing.refusals import ActRefusedError
from fixpoint.submissions.disqualifying import submission_disqualify

WHY = "Its data were copied."


def given(task, organizer, kind, prize=""):
    return [each.submission for each in award_give(task=task, kind=kind, prize=prize, who=organizer)]


@pytest.mark.parametrize("path", ["/entries/{entry}/disqualify/", "/organize/{task}/entries/"])
def test_who_disqualifies_a_winner_is_told_what_it_holds(running, over, good, organizer, path):
    given(over, organizer, "performance")
    awards_publish(task=over, who=organizer)
    form = {"act": "disqualify", "entry": str(good.pk), "why": WHY}

    answer = running.post(path.format(entry=good.pk, task=over.slug), form, follow=True)

    told = str(list(answer.context["messages"])[-1])
    assert "good (owner) still holds the award “Best performance”, and everybody sees it." in told
    assert f'href="/organize/{over.slug}/awards/#award-{Award.objects.get().pk}">Revoke it</a>' in told


def test_an_award_of_a_disqualified_entry_is_marked_until_it_is_revoked(running, client, over, good, organizer):
    given(over, organizer, "performance")
    awards_publish(task=over, who=organizer)
    public = [f"/tasks/{over.slug}/", f"/tasks/{over.slug}/board/"]
    assert all('<span class="badge">disqualified</span>' not in client.get(page).content.decode() for page in public)

    submission_disqualify(submission=good, why=WHY, who="organizer")

    assert all('<span class="badge">disqualified</span>' in client.get(page).content.decode() for page in public)
    own = running.get(f"/organize/{over.slug}/awards/").content.decode()
    assert "Awards of entries that stand no longer" in own
    assert f'<a href="#award-{Award.objects.get().pk}">' in own
    award_revoke(award=Award.objects.get(), why=WHY, who=organizer)
    assert "stand no longer" not in running.get(f"/organize/{over.slug}/awards/").content.decode()


def test_an_award_of_an_entry_that_fell_is_neither_published_nor_given(over, good, frugal, organizer):
    given(over, organizer, "performance")
    submission_disqualify(submission=good, why=WHY, who="organizer")

    with pytest.raises(ActRefusedError, match=r"good \(owner\) still holds .* revoke the award first"):
        awards_publish(task=over, who=organizer)

    award_revoke(award=Award.objects.get(), why=WHY, who=organizer)
    with pytest.raises(ActRefusedError, match="frozen anew soon"):
        given(over, organizer, "performance")
    standings_freeze(task_id=over.pk)
    assert given(over, organizer, "performance") == [frugal]
