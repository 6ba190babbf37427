"""What a worker hands in is believed only when size and sha256 are right; addresses cannot be forged or kept."""

import hashlib
import os
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from django.core import signing
from django.utils import timezone

from fixpoint.blobs.addresses import Slot, read_token, write_slot, write_token
from fixpoint.blobs.store import blob_open, digest_of, is_blob
from fixpoint.dispatch.deliveries import (
    AttemptEndedError,
    deliveries_held,
    deliveries_sweep,
    delivery_take,
    delivery_write,
)
from fixpoint.dispatch.models import Attempt
from fixpoint.submissions.models import Run
from tests.support.evaluating import TRAINED, hand_in, start
from tests.support.racing import at_once
from worker.contract import Delivered, Fact, Phase

NOTHING = hashlib.sha256(b"").hexdigest()


def incoming(settings, attempt) -> list[str]:
    folder = Path(settings.HOME) / "incoming" / str(attempt.pk)
    return sorted(path.name for path in folder.glob("[!.]*"))


def trained(worker, *delivered: Delivered):
    return worker.report(Fact.TRAINED, Phase.TRAIN, delivered=delivered, result=dict(TRAINED))


def address(worker, name: str) -> str:
    [output] = [each for stage in worker.claimed.stages for each in stage.outputs if each.name == name]
    return output.url


@pytest.fixture
def running(worker):
    start(worker)
    return worker


def test_what_was_delivered_whole_is_a_blob_and_no_longer_incoming(running, attempt, settings):
    weights, *others = hand_in(running)
    assert incoming(settings, attempt) == ["dynamics.safetensors", "history.json", "weights.safetensors"]
    assert trained(running, weights, *others).status_code == 200
    run = Run.objects.get()
    kept = [run.weights_sha256, run.history_sha256, run.dynamics_sha256]
    assert kept == [each.sha256 for each in (weights, *others)]
    assert all(is_blob(each) for each in kept)
    assert incoming(settings, attempt) == []


@pytest.mark.parametrize("changed", [{"sha256": NOTHING}, {"size": 6}, {"size": 8}])
def test_what_arrived_damaged_is_not_believed_and_can_be_sent_again(running, entry, changed):
    weights, *others = hand_in(running)
    answer = trained(running, replace(weights, **changed), *others)
    assert answer.status_code == 412
    assert "damaged" in answer.json()["detail"]
    entry.refresh_from_db()
    assert entry.status == "training"
    assert not is_blob(weights.sha256)
    assert trained(running, running.put("weights.safetensors", b"weights"), *others).status_code == 200


def test_what_was_announced_and_never_arrived_is_not_believed(running, entry):
    history = running.put("history.json", b"{}")
    answer = trained(running, Delivered("weights.safetensors", NOTHING, 0), history)
    assert answer.status_code == 412
    entry.refresh_from_db()
    assert entry.status == "training"


@pytest.mark.parametrize("missing", ["weights.safetensors", "history.json", "dynamics.safetensors"])
def test_a_training_that_does_not_hand_in_everything_is_not_believed(running, entry, missing):
    answer = trained(running, *(each for each in hand_in(running) if each.name != missing))
    assert answer.status_code == 412
    assert missing in answer.json()["detail"]
    entry.refresh_from_db()
    assert entry.status == "training"


def test_a_report_whose_transaction_failed_after_the_move_can_be_repeated(running, attempt):
    weights, *others = hand_in(running)
    answer = running.report(Fact.TRAINED, Phase.TRAIN, delivered=(weights, *others), result={"seeds": "none"})
    assert answer.status_code == 422
    assert is_blob(weights.sha256)
    assert trained(running, weights, *others).status_code == 200


def test_more_bytes_than_the_claim_allowed_are_refused_and_leave_nothing(running, attempt, settings):
    slot = Slot(attempt=str(attempt.pk), name="weights.safetensors", max_bytes=10)
    url = f"/api/worker/outputs/{write_token(slot)}"
    assert running.client.put(url, b"x" * 11, content_type="application/octet-stream").status_code == 413
    assert incoming(settings, attempt) == []
    assert running.client.put(url, b"x" * 10, content_type="application/octet-stream").status_code == 201


def test_a_second_try_replaces_the_first(running):
    running.put("weights.safetensors", b"half of the wei")
    weights, *others = hand_in(running)
    assert trained(running, weights, *others).status_code == 200


def test_two_tries_at_once_never_mix(running, attempt, settings, transactional_db):
    slot = write_slot(address(running, "weights.safetensors").rpartition("/")[2])
    inside, go_on = threading.Event(), threading.Event()

    def slowly():
        yield b"a" * 100
        inside.set()
        assert go_on.wait(10)
        yield b"a" * 100

    def quickly():
        assert inside.wait(10)
        delivery_write(slot=slot, chunks=[b"b" * 50])
        go_on.set()

    at_once(lambda: delivery_write(slot=slot, chunks=slowly()), quickly)
    path = Path(settings.HOME) / "incoming" / str(attempt.pk) / "weights.safetensors"
    assert path.read_bytes() == b"a" * 200
    assert incoming(settings, attempt) == ["weights.safetensors"]


def test_an_upload_that_breaks_off_leaves_the_earlier_try_as_it_was(running, attempt, settings):
    slot = write_slot(address(running, "weights.safetensors").rpartition("/")[2])
    delivery_write(slot=slot, chunks=[b"whole"])

    def broken():
        yield b"ha"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        delivery_write(slot=slot, chunks=broken())
    path = Path(settings.HOME) / "incoming" / str(attempt.pk) / "weights.safetensors"
    assert path.read_bytes() == b"whole"
    assert incoming(settings, attempt) == ["weights.safetensors"]


def test_an_attempt_that_has_ended_takes_no_outputs(running, attempt, settings):
    url = address(running, "weights.safetensors")
    running.report(Fact.ERROR, Phase.TRAIN)
    assert running.client.put(url, b"late", content_type="application/octet-stream").status_code == 410
    assert incoming(settings, attempt) == []


def test_what_an_ended_attempt_handed_in_and_nobody_took_is_cleared(
    running, attempt, settings, django_capture_on_commit_callbacks
):
    running.put("weights.safetensors", b"weights")
    with django_capture_on_commit_callbacks(execute=True):
        running.report(Fact.ERROR, Phase.TRAIN)
    assert incoming(settings, attempt) == []


def test_what_an_ended_attempt_left_when_its_process_was_killed_is_swept(running, attempt, settings):
    running.put("weights.safetensors", b"weights")
    folder = Path(settings.HOME) / "incoming"
    (folder / "tmp-an-upload").mkdir()
    deliveries_sweep()
    assert incoming(settings, attempt) == ["weights.safetensors"]
    Attempt.objects.filter(pk=attempt.pk).update(ended_at=timezone.now())  # and nothing that follows the commit
    deliveries_sweep()
    assert [path.name for path in folder.iterdir()] == ["tmp-an-upload"]


def test_an_attempt_that_ends_during_an_upload_leaves_nothing_and_its_worker_is_told(running, attempt, settings):
    slot = write_slot(address(running, "weights.safetensors").rpartition("/")[2])

    def meanwhile():
        yield b"first"
        running.report(Fact.ERROR, Phase.TRAIN)
        yield b"last"

    with pytest.raises(AttemptEndedError):
        delivery_write(slot=slot, chunks=meanwhile())
    assert incoming(settings, attempt) == []


@pytest.mark.parametrize("forge", [str.swapcase, lambda token: token[:-1], lambda token: "x" + token, lambda _: "x"])
def test_a_forged_address_opens_nothing(running, forge):
    path, _, token = address(running, "weights.safetensors").rpartition("/")
    answer = running.client.put(f"{path}/{forge(token)}", b"x", content_type="application/octet-stream")
    assert answer.status_code == 403


def test_an_address_for_reading_does_not_write_and_the_other_way_round(running, attempt, async_client):
    read, write = read_token(NOTHING), address(running, "weights.safetensors").rpartition("/")[2]
    put = running.client.put(f"/api/worker/outputs/{read}", b"x", content_type="application/octet-stream")
    assert put.status_code == 403
    assert running.client.get(f"/blobs/{write}").status_code == 403


def test_an_address_is_only_good_for_a_while(running, settings, monkeypatch):
    url = address(running, "weights.safetensors")
    real = signing.time.time
    monkeypatch.setattr(signing.time, "time", lambda: real() + settings.ADDRESS_SECONDS - 5)
    assert running.client.put(url, b"x", content_type="application/octet-stream").status_code == 201
    monkeypatch.setattr(signing.time, "time", lambda: real() + settings.ADDRESS_SECONDS + 5)
    assert running.client.put(url, b"x", content_type="application/octet-stream").status_code == 403


@pytest.mark.parametrize("name", ["../escape", "a/b", "", ".hidden", "UPPER", "x" * 62])
def test_a_name_that_is_none_is_never_a_path(running, attempt, name):
    assert trained(running, Delivered(name, NOTHING, 0)).status_code == 412


def test_what_another_try_writes_meanwhile_never_stands_under_the_digest_of_the_first(
    running, attempt, settings, monkeypatch
):
    running.put("weights.safetensors", b"the first")

    def meanwhile(file):
        found = digest_of(file)
        running.put("weights.safetensors", b"the other")
        return found

    monkeypatch.setattr("fixpoint.dispatch.deliveries.digest_of", meanwhile)
    announced = Delivered("weights.safetensors", hashlib.sha256(b"the first").hexdigest(), 9)
    assert delivery_take(attempt, announced) == announced.sha256
    with blob_open(announced.sha256) as file:
        assert file.read() == b"the first"
    assert incoming(settings, attempt) == ["weights.safetensors"]


def test_a_report_that_is_said_again_while_it_is_taken_in_waits_for_nobody(running, attempt):
    delivered = hand_in(running)
    with deliveries_held(attempt):
        assert trained(running, *delivered).status_code == 503
    assert trained(running, *delivered).status_code == 200


@pytest.mark.parametrize("moment", ["mkdir", "open"])
def test_a_report_that_comes_as_its_attempts_folder_goes_is_asked_for_again(
    running, attempt, settings, monkeypatch, moment
):
    """Said twice at the same moment, one of both ends the attempt while the other is on its way to the folder."""
    delivered = running.put("weights.safetensors", b"weights")
    folder = Path(settings.HOME) / "incoming" / str(attempt.pk)
    owner, wanted = {"mkdir": (Path, folder), "open": (os, folder / ".taking")}[moment]
    real = getattr(owner, moment)

    def late(path, *arguments, **options):
        if path == wanted:
            shutil.rmtree(folder)
            if moment == "mkdir":
                raise FileExistsError(path)  # as it was when Path.mkdir looked
        return real(path, *arguments, **options)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(owner, moment, late)
        assert running.report(Fact.TRAINED, Phase.TRAIN, delivered=(delivered,)).status_code == 503
