"""Whether a new task is still being prepared by itself, so that its page has something to wait for."""

from fixpoint.datasets.models import Dataset
from fixpoint.submissions.models import Submission
from fixpoint.tasks.models import Material, Task


def is_being_prepared(task: Task) -> bool:
    """Its images are being packed, or a baseline of it is on its way to a score; not where a refusal stops it."""
    states = set(task.materials.values_list("status", flat=True))
    if states & Material.SPOILT:
        return False
    if Material.Status.INGESTING in states:
        return True
    handed_in = list(task.baselines.filter(refusal="").values_list("dataset_id", flat=True))
    datasets = Dataset.objects.filter(pk__in=[each for each in handed_in if each])
    entries = Submission.objects.filter(task=task, dataset__in=datasets)
    return (
        None in handed_in
        or datasets.exclude(status__in=Dataset.FINAL).exists()
        or entries.exclude(status__in=Submission.FINAL).exists()
    )
