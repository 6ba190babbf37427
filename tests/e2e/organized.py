"""What organizers did to the pictured tasks, and the pages on which they do it."""

from fixpoint.accounts.models import User
from fixpoint.organizing.announcing import announcement_publish
from fixpoint.organizing.awarding import award_give, awards_publish
from fixpoint.organizing.entry_acts import entry_feature
from fixpoint.organizing.extra_entries import team_extra_entries
from fixpoint.organizing.jury import entry_nominate, juror_name, vote_cast
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Task

ORGANIZED = ("", "entries/", "teams/", "announcements/", "dates/", "close/", "archive/", "contamination/", "analytics/",
             "audit/")  # fmt: skip
"""Of the running task; awards are shown of the one that is over."""


def organize(task: Task, scored: Submission, ended: Task) -> None:
    """An announcement, a featured entry, extra entries; in the task that is over two awards, one by votes."""
    who = User.objects.get(username="organizer")
    text = "Some scans of vi were turned by mistake.\n\nYour quota is not touched: upload and enter as before."
    announcement_publish(task=task, title="Forty labels in the starter data were wrong", text=text, who=who)
    entry_feature(entry=scored, why="Relabelling alone, without a single new image.", who=who)
    team_extra_entries(team=scored.team, extra=2, why="Two runs were lost when a disk failed.", who=who)
    juror_name(task=ended, username="newcomer", who=who)
    best = Submission.objects.filter(task=ended, owner__username="hypatia-of-old").get()
    nomination = entry_nominate(entry=best, description="Half the images, chosen by how they are learned.", who=who)
    vote_cast(nomination=nomination, points=4, comment="Simple, and it works.", who=who)
    award_give(task=ended, kind="performance", prize="A book about the history of zero", who=who)
    award_give(task=ended, kind="innovation", prize="", who=who)
    awards_publish(task=ended, who=who)
