"""What is kept of a person beside datasets: entries with their words, teams, tasks, votes, and acts as an organizer."""

from typing import Any

from fixpoint.accounts.models import User
from fixpoint.organizing.models import Act, Announcement, Award, IncidentUpdate, Juror, Vote
from fixpoint.pages.json_facts import entry_json, moment_json
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Draft, Participant
from fixpoint.tasks.running import tasks_run_by
from fixpoint.teams.models import Member, TeamEvent


def entries_kept(user: User, entries: list[Submission]) -> list[dict[str, Any]]:
    """As their pages tell them, with what their owners wrote; private notes and awards are one's own alone."""
    awards: dict[object, list[dict[str, Any]]] = {}
    for award in Award.objects.filter(submission__owner=user).exclude(published_at=None):
        awards.setdefault(award.submission_id, []).append(_award(award))
    return [
        entry_json(each)
        | {name: getattr(each, name) for name in ("title", "description", "link", "recipe", "seeds", "role", "quota")}
        | {"team": str(each.team_id), "entered_by": each.owner.username, "chosen": each.is_chosen}
        | {"rerun_of": str(each.rerun_of_id) if each.rerun_of_id else None}
        | ({"notes": each.notes, "awards": awards.get(each.pk, [])} if each.owner_id == user.pk else {"notes": ""})
        for each in entries
    ]


def teams_kept(user: User) -> list[dict[str, Any]]:
    """One a task, with what this person did to it; the secret of its invitation is not in it."""
    found = Member.objects.filter(user=user).select_related("team", "task").order_by("joined_at")
    return [
        {
            "team": str(each.team_id),
            "name": each.team.name,
            "task": each.task.slug,
            "joined_at": moment_json(each.joined_at),
            "captain": each.team.captain_id == user.pk,
            "events": [
                {"at": moment_json(event.at), "what": event.what}
                for event in TeamEvent.objects.filter(team=each.team_id, who=user.username).order_by("pk")
            ],
        }
        for each in found
    ]


def participations_kept(user: User) -> list[dict[str, Any]]:
    """Private tasks: invited, asked with which words, let in; no key of an invitation."""
    return [
        {"task": each.task.slug, "state": each.state, "text": each.text, "email": each.email}
        | {"since": moment_json(each.created_at), "changed_at": moment_json(each.changed_at)}
        for each in Participant.objects.filter(user=user).select_related("task").order_by("pk")
    ]


def votes_kept(user: User) -> dict[str, Any]:
    """As a juror."""
    votes = Vote.objects.filter(user=user).select_related("nomination__submission__task").order_by("pk")
    return {
        "juror_of": list(Juror.objects.filter(user=user).values_list("task__slug", flat=True)),
        "votes": [
            {
                "entry": str(each.nomination_id),
                "task": each.nomination.submission.task.slug,
                "points": each.points,
                "comment": each.comment,
                "at": moment_json(each.at),
            }
            for each in votes
        ],
    }


def organizing_kept(user: User) -> dict[str, Any]:
    """Acts bear a name, which a command takes from its machine: told are those on tasks that this person runs."""
    acts = Act.objects.filter(who=user.username, task__in=tasks_run_by(user)).select_related("task")
    return {
        "named_organizer_of": list(user.organized_tasks.values_list("slug", flat=True)),
        "drafts": [_draft(each) for each in Draft.objects.filter(owner=user).select_related("task")],
        "acts": [
            {"at": moment_json(each.at), "task": each.task.slug, "what": each.what, "label": each.label}
            | {"why": each.why, "details": each.details}
            for each in acts.order_by("pk")
        ],
        "announcements": [
            {"task": each.task.slug, "title": each.title, "text": each.text, "at": moment_json(each.created_at)}
            | {"withdrawn_at": moment_json(each.withdrawn_at)}
            for each in Announcement.objects.filter(author=user).select_related("task").order_by("pk")
        ],
        "incidents": [
            {"incident": each.incident.title, "text": each.text, "at": moment_json(each.at)}
            for each in IncidentUpdate.objects.filter(author=user).select_related("incident").order_by("pk")
        ],
    }


def _award(award: Award) -> dict[str, Any]:
    return {
        "award": award.name or award.kind,
        "prize": award.prize,
        "grounds": award.grounds,
        "published_at": moment_json(award.published_at),
        "revoked_at": moment_json(award.revoked_at),
        "revoked_why": award.revoked_why,
    }


def _draft(draft: Draft) -> dict[str, Any]:
    return {
        "draft": str(draft.pk),
        "fields": draft.fields,
        "task": draft.task.slug if draft.task else None,
        "files": list(draft.files.values("field", "name", "title", "role", "size", "sha256")),
        "made_at": moment_json(draft.created_at),
        "changed_at": moment_json(draft.updated_at),
        "deleted_at": moment_json(draft.deleted_at),
    }
