"""One attempt from its claim to its last report: each phase staged, run, judged, delivered and told."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import structlog

from worker.bench import Bench
from worker.claim import Claimed
from worker.commands import command
from worker.contract import Delivered, Energy, Fact, Kind, Phase, Stage
from worker.deliver import Delivery
from worker.fault import Blame, DataAtFault, ours
from worker.lease import Lease
from worker.meter import Meter
from worker.outputs import BadOutputError
from worker.platform_client import RefusedError
from worker.progress import ProgressTail
from worker.reporter import Reporter
from worker.sandbox import Exit, Mount, SandboxError
from worker.stage import Stager
from worker.verdict import Verdict, provenance, verdict
from worker.weights import WEIGHTS, held

HAND_INS = 3
NOT_ARRIVED = 412
"""The platform's word for an output that is not there, or not as the report announced it."""

FIRST = {Kind.INGEST: Phase.INGEST, Kind.EVALUATE: Phase.TRAIN}
DONE = {Phase.INGEST: Fact.INGESTED, Phase.TRAIN: Fact.TRAINED, Phase.PREDICT: Fact.PREDICTED}
log = structlog.get_logger()


class Attempt:
    """The parts of one attempt and where it stands."""

    def __init__(self, bench: Bench, claimed: Claimed, lease: Lease, reporter: Reporter) -> None:
        self._bench = bench
        self._claimed = claimed
        self._lease = lease
        self._reporter = reporter
        self._phase = FIRST[claimed.claim.kind]
        self._energy: Energy | None = None
        self._reading: Callable[[], Energy] | None = None
        self._tail: ProgressTail | None = None
        self._local: dict[str, Path] = {}

    def run(self, folder: Path, meter: Meter) -> None:
        """Every phase in turn, until one refuses. Raises Blame, AttemptOverError, RefusedError, SandboxError."""
        claim = self._claimed.claim
        self._check_recipe()
        inputs = folder / "in"
        inputs.mkdir()
        for number, stage in enumerate(claim.stages):
            output = folder / f"out-{number}"
            output.mkdir()
            try:
                said = self._run_phase(number, stage, inputs, output, meter)
            except (Blame, BadOutputError, SandboxError):
                # Nothing else tells how far it came, and its folder goes with this attempt.
                if self._tail is not None:
                    self._tail.send_rest()
                raise
            if said.is_refusal:
                return

    def admit(self, blame: Blame) -> None:
        """Tell the platform how the current phase went wrong. Raises AttemptOverError, RefusedError."""
        fact = Fact.FAILED if isinstance(blame, DataAtFault) else Fact.ERROR
        self._reporter.deliver(fact, self._phase, fault=blame.fault, energy=self._took())

    def _run_phase(self, number: int, stage: Stage, inputs: Path, output: Path, meter: Meter) -> Verdict:
        self._phase, self._energy, self._reading, self._tail = stage.phase, None, None, None
        stager = Stager(inputs, platform=self._bench.platform, cache=self._bench.cache, lease=self._lease)
        mounts = stager.mounts(stage, self._claimed.input, self._local, self._renew)
        if stage.phase is not Phase.PREDICT:
            # That prediction starts is no news: the report before has said that it comes.
            self._reporter.deliver(Fact.STARTED, stage.phase)
        end = self._sandboxed(stage, mounts, output, meter)
        self._lease.check()
        self._reading = partial(meter.reading, stage.phase, end)
        said = verdict(self._claimed.claim, stage.phase, end, output)
        if stage.phase is Phase.TRAIN:
            # Prediction reads the weights from here: they need not leave the worker and come back.
            self._local[WEIGHTS] = held(output, stage.limits.output_bytes, said.result)
        self._hand_in_and_tell(number, stage, output, said)
        return said

    def _sandboxed(self, stage: Stage, mounts: list[Mount], output: Path, meter: Meter) -> Exit:
        claim = self._claimed.claim
        self._tail = ProgressTail(output, lambda epochs: self._reporter.progress(stage.phase, epochs))
        with meter.running(), self._tail:
            return self._bench.sandbox.run(
                self._claimed.image,
                command(stage.phase),
                mounts=mounts,
                output=output,
                limits=stage.limits,
                stop=self._lease.stop,
                label=f"{claim.kind}-{claim.id}-{claim.attempt}-{stage.phase}",
            )

    def _hand_in_and_tell(self, number: int, stage: Stage, output: Path, said: Verdict) -> None:
        for _ in range(HAND_INS - 1):
            try:
                self._tell(stage, said, self._hand_in(number, stage, output, said))
            except RefusedError as refused:
                if refused.status != NOT_ARRIVED:
                    raise
                log.warning("an output did not arrive as announced; hands in again", phase=str(stage.phase))
            else:
                return
        self._tell(stage, said, self._hand_in(number, stage, output, said))

    def _hand_in(self, number: int, stage: Stage, output: Path, said: Verdict) -> tuple[Delivered, ...]:
        if said.is_refusal:
            return ()
        delivery = Delivery(self._bench.platform, self._lease)
        return delivery.hand_in(stage, output, lambda name: self._claimed.output(number, name), self._renew)

    def _tell(self, stage: Stage, said: Verdict, delivered: tuple[Delivered, ...]) -> None:
        self._reporter.deliver(
            Fact.REFUSED if said.is_refusal else DONE[stage.phase],
            stage.phase,
            delivered=delivered,
            # All epochs once more, so that a progress report that got lost costs nothing.
            progress=said.history,
            energy=self._took(),
            provenance=provenance(self._bench.sandbox.name, self._claimed.image, stage, said.result),
            result=said.result,
        )

    def _took(self) -> Energy | None:
        """The phase's energy, asked for as late as can be: the meter needs a moment, in which outputs are handed in."""
        if self._energy is None and self._reading is not None:
            self._energy = self._reading()
        return self._energy

    def _renew(self) -> None:
        self._claimed.renew(self._bench, self._lease)

    def _check_recipe(self) -> None:
        claim = self._claimed.claim
        if self._claimed.request.recipe_digests.get(claim.recipe) != claim.recipe_digest:
            raise ours("recipe-mismatch", f"This worker does not hold the recipe {claim.recipe} that the task pins.")
