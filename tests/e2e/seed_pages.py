"""Every page of the seeded site that axe, the phone and the camera look at."""

from fixpoint.accounts.unsubscribing import unsubscribe_path
from fixpoint.organizing.wizard.steps import STEPS
from tests.e2e.ended import SLUG as ENDED
from tests.e2e.making import DRAFT, LINK, PRIVATE
from tests.e2e.organized import ORGANIZED
from tests.e2e.seed import World
from tests.e2e.shown import ARCHIVED


def pages_of(world: World) -> list[tuple[str, str, str]]:
    """Every page that is worth a look: its name, address, and who looks at it ("" for nobody signed in)."""
    task = f"/tasks/{world.task.slug}/"
    return [
        ("home", "/", ""),
        ("task", task, ""),
        ("task-signed-in", task, "owner"),
        ("label-book", f"{task}label-book/", ""),
        ("task-archived", f"/tasks/{ARCHIVED}/", "organizer"),
        ("organize-archived", f"/organize/{ARCHIVED}/", "organizer"),
        ("incidents", "/status/incidents/", "organizer"),
        ("tokens", "/me/account/tokens/", "owner"),
        ("board", f"{task}board/", ""),
        ("board-emissions", f"{task}board/?order=emissions", "owner"),
        ("board-both", f"{task}board/?order=both", ""),
        ("board-measured", f"{task}board/?order=measured", ""),
        ("board-final", "/tasks/roman-numerals-2021/board/", ""),
        ("board-empty", "/tasks/digits-2025/board/", ""),
        ("board-mine", f"{task}board/?show=mine", "owner"),
        ("team", f"/teams/{world.scored.team_id}/", "owner"),
        ("team-others", f"/teams/{world.friends.pk}/", ""),
        ("team-make", f"{task}team/", "newcomer"),
        ("team-join", f"/teams/join/{world.friends.invitation}/", "newcomer"),
        ("team-merge", f"/teams/join/{world.friends.invitation}/", "owner"),
        ("upload", f"/datasets/new/?task={world.task.slug}", "owner"),
        ("uploads", "/uploads/", "owner"),
        ("dataset", f"/datasets/{world.accepted.pk}/", "owner"),
        ("dataset-refused", f"/datasets/{world.refused.pk}/", "owner"),
        ("dataset-refused-already", f"/datasets/{world.refused_already.pk}/", "owner"),
        ("dataset-cancelled", f"/datasets/{world.cancelled.pk}/", "owner"),
        ("dataset-reading", f"/datasets/{world.ingesting.pk}/", "owner"),
        ("dataset-checked", f"/datasets/{world.checked.pk}/", "owner"),
        ("gallery", f"/datasets/{world.checked.pk}/images/", "owner"),
        ("gallery-finding", f"/datasets/{world.checked.pk}/images/?finding=leakage", "owner"),
        ("comparison", f"/datasets/{world.mended.pk}/compare/?with={world.checked.pk}", "owner"),
        ("hidden-overlap", f"/datasets/{world.checked.pk}/hidden-overlap/", "organizer"),
        ("dataset-delete", f"/datasets/{world.checked.pk}/delete/", "owner"),
        ("dataset-deleted", f"/datasets/{world.deleted.pk}/delete/", "owner"),
        ("datasets-deleted", "/datasets/deleted/", "owner"),
        ("entry-running", f"/entries/{world.running.pk}/", "owner"),
        ("entry-scored", f"/entries/{world.scored.pk}/", "owner"),
        ("entry-public", f"/entries/{world.scored.pk}/", ""),
        ("entry-failed", f"/entries/{world.failed.pk}/", "owner"),
        ("entry-seeds", f"/entries/{world.several.pk}/", "owner"),
        ("entry-queued", f"/entries/{world.queued.pk}/", "owner"),
        ("entry-describe", f"/entries/{world.scored.pk}/describe/", "owner"),
        ("entries-compare", f"/entries/compare/?a={world.checked_entry.pk}&b={world.mended_entry.pk}", "owner"),
        ("entries-compare-nothing", "/entries/compare/", "newcomer"),
        ("entry-fallen", f"/entries/{world.fallen.pk}/", "organizer"),
        ("entry-again", f"/entries/{world.again.pk}/", ""),
        ("entry-provenance", f"/entries/{world.scored.pk}/provenance/", "owner"),
        ("entry-certificate", f"/entries/{world.scored.pk}/certificate/", ""),
        ("standings", f"/tasks/{ENDED}/standings/", ""),
        ("board-frozen", f"/tasks/{ENDED}/board/?revision=1", ""),
        ("organize", "/organize/", "organizer"),
        *(
            (f"organize-{path.rstrip('/') or 'task'}", f"/organize/roman-numerals/{path}", "organizer")
            for path in ORGANIZED
        ),
        ("organize-awards", f"/organize/{ENDED}/awards/", "organizer"),
        ("jury", f"/tasks/{ENDED}/jury/", "newcomer"),
        ("status", "/status/", ""),
        ("status-operator", "/status/", "organizer"),
        ("emissions", "/emissions/", ""),
        ("me", "/me/", "owner"),
        ("me-empty", "/me/", "newcomer"),
        ("account", "/me/account/", "owner"),
        ("account-delete", "/me/account/delete/", "owner"),
        ("notices", "/me/notices/", "organizer"),
        ("notices-none", "/me/notices/", "newcomer"),
        ("second-factor", "/accounts/2fa/", "owner"),
        ("unsubscribe", unsubscribe_path(world.owner), ""),
        ("sign-in", "/accounts/login/", ""),
        ("sign-up", "/accounts/signup/", ""),
        ("password-reset", "/accounts/password/reset/", ""),
        ("password-change", "/accounts/password/change/", "owner"),
        ("email", "/accounts/email/", "owner"),
        ("reauthenticate", "/accounts/reauthenticate/", "owner"),
        ("language", "/language/", ""),
        ("drafts", "/organize/new/", "organizer"),
        *((f"draft-{step}", f"/organize/new/{DRAFT}/{step}/", "organizer") for step in STEPS),
        ("task-private", f"/tasks/{PRIVATE}/", "organizer"),
        ("task-settings", f"/organize/{PRIVATE}/settings/", "organizer"),
        ("people", f"/organize/{PRIVATE}/people/", "organizer"),
        ("join", f"/join/{LINK}/", "owner"),
        ("not-found", "/nothing/here/", ""),
    ]
