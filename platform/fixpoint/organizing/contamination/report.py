"""All that is suspected in a task."""

from fixpoint.organizing.contamination.accounts import alike_accounts
from fixpoint.organizing.contamination.copies import copies, shared_images
from fixpoint.organizing.contamination.hidden import hidden_images_entered
from fixpoint.organizing.contamination.jumps import jumps
from fixpoint.organizing.contamination.suspicion import Suspicion
from fixpoint.tasks.models import Task


def suspicions(task: Task, *, by_images: bool) -> list[Suspicion]:
    """Kind by kind; images are compared where that is asked for, as it takes seconds."""
    found = [*hidden_images_entered(task), *jumps(task), *copies(task)]
    found += shared_images(task) if by_images else []
    return found + alike_accounts(task)
