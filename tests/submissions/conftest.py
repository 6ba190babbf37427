"""An entry that waits for a worker, with real blobs behind its claim."""

import pytest

from fixpoint.dispatch.models import Attempt
from fixpoint.submissions.services import submission_enter
from tests.support.evaluating import hold_packs
from tests.support.worker import ScriptedWorker, job_of


@pytest.fixture
def entry(rows, owner, task, tmp_path):
    entry = submission_enter(owner=owner, dataset=rows.accepted_dataset(owner, task))
    hold_packs(entry, tmp_path)
    return entry


@pytest.fixture
def worker(entry):
    return ScriptedWorker(job_of(Attempt.objects.get(subject_id=entry.pk)))
