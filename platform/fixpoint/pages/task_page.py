"""A task's page: what must be done, and what is left of one's quota."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from fixpoint.organizing.announcing import announcements_of
from fixpoint.organizing.featuring import featured_of
from fixpoint.organizing.jury import is_juror
from fixpoint.organizing.wizard.cost import RunCost, run_costs
from fixpoint.pages.shared import shared
from fixpoint.pages.task_facts import task_facts
from fixpoint.recipes import RecipeFacts, RetiredRecipeError, pinned_facts
from fixpoint.submissions.selectors import quota_of_team
from fixpoint.tasks.models import Task
from fixpoint.tasks.running import runs
from fixpoint.tasks.selectors import label_book, tasks_for
from fixpoint.teams.rules import why_settled
from fixpoint.teams.selectors import team_of


@require_safe
def task(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Public once it is ready; the quota is shown to whoever is signed in."""
    shown = get_object_or_404(tasks_for(request.user), slug=slug)
    team = team_of(request.user, shown) if request.user.is_authenticated else None
    context = {
        "task": shown,
        "facts": task_facts(shown),
        "recipe": _recipe(shown),
        "hidden_images": shown.hidden_images.count(),
        "public_images": shown.hidden_images.filter(is_public=True).count(),
        "has_book": label_book(shown) is not None,
        "costs": costs_of(shown),
        "announcements": announcements_of(shown),
        "featured": featured_of(shown),
        "is_juror": is_juror(request.user, shown),
        "runs": runs(request.user, shown),
        "phases": shown.phases.all(),
        "current_phase": shown.current_phase,
        "team": team,
        "settled": why_settled(shown),
        "quota": quota_of_team(team, shown) if request.user.is_authenticated else None,
    }
    return shared(request, render(request, "tasks/task.html", context), is_public=shown.is_public)


def costs_of(shown: Task) -> list[RunCost]:
    """What a run takes about, of a small and of the largest dataset; none where its recipe is not run any more."""
    if shown.retirement:
        return []
    names = ("recipe", "max_images", "seeds", "cpus", "grid_g_per_kwh", "pue")
    return run_costs({name: getattr(shown, name) for name in names})


def _recipe(shown: Task) -> RecipeFacts | None:
    """The numbers of the pinned recipe; None where they are not known any more."""
    try:
        return pinned_facts(shown.recipe, shown.recipe_digest)
    except RetiredRecipeError:
        return None
