"""What must hold when two things happen at the same moment; tests/test_on_postgres.py runs it where rows are locked."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from fixpoint.datasets.models import Dataset, DatasetEnergy
from fixpoint.dispatch.models import Attempt, Sweep
from fixpoint.dispatch.sweeping import attempts_sweep
from fixpoint.energy.judging import Judged
from fixpoint.energy.phases import energy_keep
from fixpoint.submissions.choosing import submission_withdraw
from fixpoint.submissions.models import Epoch, Result, Submission
from fixpoint.submissions.reruns import submission_rerun
from fixpoint.submissions.services import EntryRefusedError, submission_cancel, submission_enter
from tests.support import platform as rows
from tests.support.evaluating import evaluate, hold_packs, logits, start, train
from tests.support.racing import at_once
from tests.support.worker import ScriptedWorker, energy, job_of
from worker.contract import Fact, Phase, Progress

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = range(5)
EPOCHS = tuple(Progress(0, number, 3, 1.0, 0.5, 1.0, 0.5) for number in (1, 2, 3))


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch):
    assert connection.vendor == "postgresql"
    monkeypatch.setattr("fixpoint.celery.app.send_task", lambda *_, **__: None)


@pytest.fixture
def owner():
    return rows.person("owner")


@pytest.fixture
def task():
    return rows.open_task(entries_per_day=100, entries_total=100)


@pytest.fixture
def enter(owner, task, tmp_path):
    def make() -> Submission:
        entry = submission_enter(owner=owner, dataset=rows.accepted_dataset(owner, task))
        hold_packs(entry, tmp_path)
        return entry

    return make


def worker_of(entry, key: str = "key") -> ScriptedWorker:
    return ScriptedWorker(job_of(Attempt.objects.get(subject_id=entry.pk, ended_at=None)), key=key)


def legal(entry) -> None:
    """Every change follows the one before it along NEXT."""
    status = ""
    for change in entry.transitions.order_by("pk"):
        assert change.from_status == status
        assert not status or change.to_status in Submission.NEXT[status]
        status = change.to_status
    assert status == entry.status


@pytest.mark.parametrize("_", ROUNDS)
def test_of_many_claims_at_once_one_wins(enter, _):
    entry = enter()
    workers = [worker_of(entry, key=f"key-{number}") for number in range(6)]
    for number, worker in enumerate(workers):
        worker.name = f"worker-{number}"
    statuses = [answer.status_code for answer in at_once(*(worker.claim for worker in workers))]
    assert Counter(statuses) == {200: 1, 409: 5}
    assert Attempt.objects.get().worker == f"worker-{statuses.index(200)}"


@pytest.mark.parametrize("_", ROUNDS)
def test_one_worker_that_asks_twice_at_once_is_answered_twice(enter, _):
    entry = enter()
    answers = at_once(worker_of(entry).claim, worker_of(entry).claim)
    assert [answer.status_code for answer in answers] == [200, 200]


@pytest.mark.parametrize("_", ROUNDS)
def test_a_cancel_and_a_claim_at_once_end_cancelled_and_free(enter, owner, _):
    entry = enter()
    worker = worker_of(entry)
    claimed, cancelled = at_once(worker.claim, lambda: submission_cancel(submission=entry, who=owner))
    entry = Submission.objects.get()
    assert cancelled
    assert (entry.status, entry.quota) == ("cancelled", "released")
    assert claimed.status_code in {200, 409}
    if claimed.status_code == 200:
        assert worker.beat().json() == {"answer": "cancel"}
    legal(entry)


@pytest.mark.parametrize("_", ROUNDS)
def test_a_cancel_and_a_start_at_once_end_cancelled_and_are_charged_only_if_it_started(enter, owner, _):
    entry = enter()
    worker = worker_of(entry)
    worker.claim()
    _, cancelled = at_once(
        lambda: worker.report(Fact.STARTED, Phase.TRAIN), lambda: submission_cancel(submission=entry, who=owner)
    )
    entry = Submission.objects.get()
    assert cancelled, "a cancel is never lost between look and change"
    has_started = entry.transitions.filter(to_status="training").exists()
    assert (entry.status, entry.quota) == ("cancelled", "charged" if has_started else "released")
    legal(entry)


@pytest.mark.parametrize("_", ROUNDS)
def test_the_last_report_twice_at_once_scores_once(enter, _):
    entry = enter()
    worker = worker_of(entry)
    train(worker)
    delivered = (worker.put("logits.safetensors", logits([0, 1, 0, 1])),)

    def report():
        twin = ScriptedWorker(worker.job, key=worker.key)
        return twin.report(Fact.PREDICTED, Phase.PREDICT, sequence=9, delivered=delivered)

    answers = at_once(report, report, report)
    taken = [answer.json()["answer"] for answer in answers if answer.status_code == 200]
    # Whoever looks in the moment between the end of the entry and that of its attempt is told that it is not wanted.
    assert taken.count("continue") == 1
    assert set(taken) <= {"continue", "cancel"}
    assert {answer.status_code for answer in answers} <= {200, 410, 503}, "over, or in hand and to be asked again"
    assert report().status_code == 410
    entry = Submission.objects.get()
    assert (entry.status, entry.accuracy, Result.objects.count()) == ("scored", 1.0, 1)
    legal(entry)


@pytest.mark.parametrize("_", ROUNDS)
def test_progress_twice_at_once_stands_once(enter, _):
    entry = enter()
    worker = worker_of(entry)
    start(worker)

    def report():
        twin = ScriptedWorker(worker.job, key=worker.key)
        return twin.report(Fact.PROGRESS, Phase.TRAIN, sequence=2, progress=EPOCHS)

    assert [answer.status_code for answer in at_once(report, report)] == [200, 200]
    assert Epoch.objects.count() == 3


@pytest.mark.parametrize("_", ROUNDS)
def test_two_entries_at_once_cannot_share_the_last_of_a_quota(owner, _):
    task = rows.open_task(slug="few", entries_per_day=1)
    dataset = rows.accepted_dataset(owner, task)

    def enter() -> str:
        try:
            submission_enter(owner=owner, dataset=Dataset.objects.get(pk=dataset.pk))
        except EntryRefusedError:
            return "refused"
        return "entered"

    assert Counter(at_once(enter, enter, enter)) == {"entered": 1, "refused": 2}
    assert Submission.objects.count() == Attempt.objects.count() == 1


@pytest.mark.parametrize("_", ROUNDS)
def test_two_sweeps_at_once_take_back_once(enter, _):
    entry = enter()
    start(worker_of(entry))
    Sweep.objects.create(pk=1, at=timezone.now())
    Attempt.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    at_once(attempts_sweep, attempts_sweep, attempts_sweep)
    entry = Submission.objects.get()
    assert (entry.status, entry.attempt, Attempt.objects.count()) == ("queued", 2, 2)
    legal(entry)


def said(answer) -> str:
    """Go on, or it is over: "cancel" to who found the attempt open and its entry, a moment later, taken from it."""
    assert answer.status_code in {200, 410}
    word = answer.json()["answer"] if answer.status_code == 200 else "cancel"
    assert word in {"continue", "cancel"}
    return word


@pytest.mark.parametrize("_", ROUNDS)
def test_a_heartbeat_and_a_sweep_at_once_agree(enter, _):
    entry = enter()
    worker = worker_of(entry)
    start(worker)
    Sweep.objects.create(pk=1, at=timezone.now())
    Attempt.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    beat, _ = at_once(worker.beat, attempts_sweep)
    entry = Submission.objects.get()
    if said(beat) == "continue":
        assert (entry.status, entry.attempt) == ("training", 1)
    else:
        assert (entry.status, entry.attempt) == ("queued", 2)
    legal(entry)


@pytest.mark.parametrize("_", ROUNDS)
def test_an_end_and_a_sweep_at_once_never_lose_a_score(enter, _):
    entry = enter()
    worker = worker_of(entry)
    train(worker)
    delivered = (worker.put("logits.safetensors", logits([0, 1, 0, 1])),)
    Sweep.objects.create(pk=1, at=timezone.now())
    Attempt.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    reported, _ = at_once(lambda: worker.report(Fact.PREDICTED, Phase.PREDICT, delivered=delivered), attempts_sweep)
    entry = Submission.objects.get()
    if said(reported) == "continue":
        assert (entry.status, Result.objects.count()) == ("scored", 1)
    else:
        assert (entry.status, entry.attempt, Result.objects.count()) == ("queued", 2, 0)
    legal(entry)


def test_who_has_no_key_waits_for_nobodys_row(enter):
    worker = worker_of(enter())
    worker.claim()
    stranger = ScriptedWorker(worker.job, key="guessed")
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        Attempt.objects.select_for_update().get()
        for ask in (stranger.beat, lambda: stranger.report(Fact.STARTED, Phase.TRAIN)):
            assert pool.submit(_alone, ask).result(timeout=30).status_code == 410


def _alone(ask):
    """In a thread whose connection is closed at the end."""
    try:
        return ask()
    finally:
        connection.close()


@pytest.mark.parametrize("_", range(20))
def test_a_withdrawal_and_a_run_again_at_once_both_happen(enter, owner, _):
    entry = enter()
    evaluate(worker_of(entry), [0, 1, 0, 1])

    at_once(
        lambda: submission_withdraw(submission=Submission.objects.get(pk=entry.pk), who=owner),
        lambda: submission_rerun(submission=entry, why="to see"),
    )

    entry.refresh_from_db()
    assert entry.withdrawn_at
    assert entry.reruns.count() == 1


@pytest.mark.parametrize("_", range(20))
def test_a_run_again_that_leads_to_another_one_and_its_owners_next_entry_at_once_both_happen(
    enter, owner, task, monkeypatch, _
):
    entry = enter()
    energy_keep(DatasetEnergy, energy(Phase.INGEST), dataset=entry.dataset, attempt=1)
    evaluate(worker_of(entry), [0, 1, 0, 1])
    worker = worker_of(submission_rerun(submission=entry, why="to see"))
    monkeypatch.setattr("fixpoint.submissions.energy_judging.judged_run", lambda *_: Judged(3.0, 0.7, 1.3))
    train(worker)
    scores = (worker.put("logits.safetensors", logits([0, 1, 0, 1])),)
    dataset = rows.accepted_dataset(owner, task)

    ended, other = at_once(
        lambda: worker.report(Fact.PREDICTED, Phase.PREDICT, delivered=scores, energy=energy(Phase.PREDICT)),
        lambda: submission_enter(owner=owner, dataset=dataset),
    )

    assert (ended.status_code, entry.reruns.count()) == (200, 2)
    assert other.status == "queued"
