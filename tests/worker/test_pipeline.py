"""The whole way of a job on a good day: claim, stage, run, deliver, report."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable

import pytest

from tests.worker.conftest import EVALUATE, INGEST
from tests.worker.programs import DIGEST, DYNAMICS, LOGITS, PACK, VERSIONS, WEIGHTS, ended, program, train, write
from tests.worker.scripted_platform import ScriptedPlatform
from worker.bench import Bench
from worker.contract import Claim, Delivered, Phase
from worker.pipeline import carry_out
from worker.sandbox import Exit, FakeSandbox
from worker.sandbox.fake import Call

MakeClaim = Callable[..., Claim]


def delivered(name: str, content: bytes) -> Delivered:
    text = base64.b64encode(content).decode()
    return Delivered(name=name, sha256=hashlib.sha256(content).hexdigest(), size=len(content), content=text)


def test_an_evaluation_is_trained_predicted_and_told_in_that_order(
    platform: ScriptedPlatform, bench: Bench, evaluation: MakeClaim
) -> None:
    evaluation()

    carry_out(EVALUATE, bench)

    assert platform.facts == ["started:train", "trained:train", "predicted:predict"]


def test_an_ingestion_hands_in_its_pack_manifest_and_sheet(
    platform: ScriptedPlatform, bench: Bench, ingestion: MakeClaim
) -> None:
    ingestion()

    carry_out(INGEST, bench)

    assert platform.facts == ["started:ingest", "ingested:ingest"]
    assert platform.last.result["dataset_digest"] == "ab"
    assert platform.last.delivered[0] == delivered("pack.safetensors", PACK)
    assert [one.name for one in platform.last.delivered] == ["pack.safetensors", "manifest.json", "sheet.png"]
    assert platform.outputs["pack.safetensors"] == PACK


def test_a_sheet_that_a_flat_archive_does_not_have_is_not_missed(
    platform: ScriptedPlatform, bench: Bench, sandbox: FakeSandbox, ingestion: MakeClaim
) -> None:
    def flat(call: Call) -> Exit:
        (call.output / "pack.safetensors").write_bytes(PACK)
        write(call.output, "manifest.json", {"images": []})
        write(call.output, "outcome.json", {"outcome": "done"})
        return ended()

    ingestion()
    sandbox.plan = program(ingest=flat)

    carry_out(INGEST, bench)

    assert [one.name for one in platform.last.delivered] == ["pack.safetensors", "manifest.json"]


def test_a_refused_archive_is_reported_with_every_reason(
    platform: ScriptedPlatform, bench: Bench, sandbox: FakeSandbox, ingestion: MakeClaim
) -> None:
    def refuse(call: Call) -> Exit:
        refusals = [{"rule": "not-an-image", "path": "train/i/a.txt", "detail": "This is text."}]
        write(call.output, "outcome.json", {"outcome": "refused", "refusals": refusals, "refusal_counts": {}})
        return ended()

    ingestion()
    sandbox.plan = program(ingest=refuse)

    carry_out(INGEST, bench)

    assert platform.facts == ["started:ingest", "refused:ingest"]
    assert platform.last.result["refusals"][0]["path"] == "train/i/a.txt"
    assert platform.outputs == {}


def test_the_outputs_arrive_whole_and_with_their_digests(
    platform: ScriptedPlatform, bench: Bench, evaluation: MakeClaim
) -> None:
    evaluation()

    carry_out(EVALUATE, bench)

    trained, predicted = (report for report in platform.reports if report.delivered)
    assert trained.delivered == (
        delivered("weights.safetensors", WEIGHTS),
        delivered("dynamics.safetensors", DYNAMICS),
    )
    assert predicted.delivered == (delivered("logits.safetensors", LOGITS),)
    assert platform.outputs["logits.safetensors"] == LOGITS


def test_the_hidden_pack_is_never_among_the_mounts_of_training(
    sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim
) -> None:
    evaluation()

    carry_out(EVALUATE, bench)

    seen = {call.command[3]: [mount.target for mount in call.mounts] for call in sandbox.calls}
    assert seen == {
        "train": ["/in/request.json", "/in/pack.safetensors"],
        "predict": ["/in/request.json", "/in/hidden.safetensors", "/in/weights.safetensors"],
    }


def test_the_hidden_pack_is_not_even_on_the_worker_while_training_runs(
    platform: ScriptedPlatform, sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim
) -> None:
    seen: list[list[str]] = []

    def look(call: Call) -> Exit:
        seen.append(list(platform.gets))
        return train(call)

    evaluation()
    sandbox.plan = program(train=look)

    carry_out(EVALUATE, bench)

    assert seen == [["/blobs/pack.safetensors"]]
    assert platform.gets[1:] == ["/blobs/hidden.safetensors"]


def test_the_commands_are_those_of_the_formats_page(sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim) -> None:
    evaluation()

    carry_out(EVALUATE, bench)

    assert [" ".join(call.command) for call in sandbox.calls] == [
        "python -m fixed_model train --request /in/request.json --pack /in/pack.safetensors --out /out",
        (
            "python -m fixed_model predict --request /in/request.json --pack /in/hidden.safetensors"
            " --weights /in/weights.safetensors --out /out"
        ),
    ]


def test_each_phase_reads_its_own_request_and_what_it_reads_is_what_was_stored(
    sandbox: FakeSandbox, bench: Bench, evaluation: MakeClaim
) -> None:
    read: dict[str, bytes] = {}

    def look(call: Call) -> Exit:
        read.update({mount.target: mount.source.read_bytes() for mount in call.mounts})
        return train(call)

    evaluation()
    sandbox.plan = program(train=look)

    carry_out(EVALUATE, bench)

    assert json.loads(read["/in/request.json"])["seeds"] == [0]
    assert read["/in/pack.safetensors"] == b"a pack"


def test_what_ran_is_told_with_every_result(platform: ScriptedPlatform, bench: Bench, evaluation: MakeClaim) -> None:
    evaluation()

    carry_out(EVALUATE, bench)

    provenance = platform.last.provenance
    assert provenance is not None
    assert (provenance.sandbox, provenance.image, provenance.device) == ("fake", "fake:fixpoint-model", "a processor")
    assert (provenance.versions, provenance.threads, provenance.device_class) == (VERSIONS, 2, "cpu-none")
    trained = next(report for report in platform.reports if report.fact == "trained")
    assert trained.provenance
    assert trained.provenance.seeds == (0,)


def test_every_phase_is_metered(platform: ScriptedPlatform, bench: Bench, evaluation: MakeClaim) -> None:
    evaluation()

    carry_out(EVALUATE, bench)

    energies = [report.energy for report in platform.reports if report.energy]
    assert [energy.phase for energy in energies] == [Phase.TRAIN, Phase.PREDICT]
    assert all(energy.level == "M1" and (energy.kwh or 0) > 0 for energy in energies)


def test_the_last_word_on_training_repeats_every_epoch(
    platform: ScriptedPlatform, bench: Bench, evaluation: MakeClaim
) -> None:
    evaluation()

    carry_out(EVALUATE, bench)

    trained = next(report for report in platform.reports if report.fact == "trained")
    assert [epoch.epoch for epoch in trained.progress] == [1, 2, 3]


def test_reports_count_up(platform: ScriptedPlatform, bench: Bench, evaluation: MakeClaim) -> None:
    evaluation()

    carry_out(EVALUATE, bench)

    sequences = [report.sequence for report in platform.reports]
    assert sequences == sorted(set(sequences))


def test_the_claim_tells_what_this_worker_is_and_holds(
    platform: ScriptedPlatform, bench: Bench, evaluation: MakeClaim
) -> None:
    evaluation()

    carry_out(EVALUATE, bench)

    (request,) = platform.claims
    assert (request.job, request.worker, request.recipe_digests) == (EVALUATE, "tester", {"quick": DIGEST})
    assert len(request.key) >= 40


@pytest.mark.usefixtures("nothing_fits")
def test_the_key_goes_to_the_platform_and_never_to_a_signed_address(
    platform: ScriptedPlatform, bench: Bench, evaluation: MakeClaim
) -> None:
    evaluation()

    carry_out(EVALUATE, bench)

    assert platform.puts
    assert platform.signed_with_key == []
