"""What the files of a draft show before it is made a task: read where they lie, nothing unpacked."""

from django.utils.translation import gettext as _

from fixpoint.blobs.store import BlobMissingError, blob_open
from fixpoint.tasks.bundle_fields import TaskBundle
from fixpoint.tasks.bundle_problems import Problem
from fixpoint.tasks.draft_files import BASELINE
from fixpoint.tasks.material_checks import file_problems_of
from fixpoint.tasks.models import Draft, DraftFile


def draft_file_problems(draft: Draft, bundle: TaskBundle) -> list[Problem]:
    """Of its label book, training data and baselines, by the classes and limits of `bundle`."""
    return [problem for file in draft.files.all() for problem in _problems(file, bundle)]


def _problems(file: DraftFile, bundle: TaskBundle) -> list[Problem]:
    names = {"label_book": _("Label book"), "training_data": _("Training data"), BASELINE: file.title}
    if file.field not in names:
        return []
    place = ("baselines",) if file.field == BASELINE else (file.field,)
    try:
        with blob_open(file.sha256) as source:
            return file_problems_of(place, names[file.field], source, bundle)
    except BlobMissingError:
        says = _("%(file)s: its zip is lost on this site. Hand it in again.")
        return [Problem(place, says % {"file": names[file.field]})]
