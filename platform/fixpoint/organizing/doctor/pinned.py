"""The locked recipes, and the tasks that pin a digest which is not locked any more."""

from fixpoint.recipes import RecipesLockError, RetiredRecipeError, known_recipes, lock_file, pinned_facts, retirement
from fixpoint.tasks.models import Task
from worker.contract import Finding, Level

_LIVING = (Task.Status.PREPARING, Task.Status.OPEN)


def recipes() -> Finding:
    """Whether recipes.lock can be read."""
    try:
        names = known_recipes()
    except RecipesLockError as error:
        return Finding(Level.FAIL, str(error), "install the platform anew from one checkout; the lock comes with it")
    return Finding(Level.OK, f"{', '.join(names)} of {lock_file()}")


def tasks_pinned() -> Finding:
    """Whether what every living task pins still runs. A retired recipe closes its task, an unknown one stops it."""
    tasks = list(Task.objects.filter(status__in=_LIVING))
    outdated = {task: why for task in tasks if (why := _why_outdated(task))}
    if not outdated:
        return Finding(Level.OK, f"all {len(tasks)} that are open or prepared pin a current recipe")
    found = " ".join(f"{task.slug}: {why}" for task, why in outdated.items())
    if all(retirement(task.recipe_digest) for task in outdated):
        advice = "to go on, import the task under another slug (`manage.py task_import`); its scores stand"
        return Finding(Level.WARN, found, advice)
    advice = "bring platform, workers and image back to one version, or import the task under another slug"
    return Finding(Level.FAIL, found, advice)


def _why_outdated(task: Task) -> str:
    try:
        pinned_facts(task.recipe, task.recipe_digest)
    except RetiredRecipeError as error:
        return str(error)
    return ""
