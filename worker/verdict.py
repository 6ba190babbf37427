"""What a phase's end means: the outcome that the program wrote, held against its exit and the claim."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from worker.contract import Claim, Phase, Progress, Provenance, Stage
from worker.fault import of_exit, of_program, ours
from worker.outputs import HISTORY_BYTES, OUTCOME_BYTES, BadOutputError, read_object
from worker.progress import history_of
from worker.sandbox import Exit, Outcome

LONGEST_WORD = 100
LONGEST_SENTENCE = 1000
MOST_VERSIONS = 50
MOST_SEEDS = 20


@dataclass(frozen=True)
class Verdict:
    """A program did its part: `result` is its outcome.json, `is_refusal` whether it said no to the archive."""

    result: dict[str, Any]
    is_refusal: bool = False
    history: tuple[Progress, ...] = ()


def verdict(claim: Claim, phase: Phase, end: Exit, output: Path) -> Verdict:
    """Read the outcome of a phase that ended. Raises DataAtFault or WeAreAtFault."""
    if end.outcome is not Outcome.OK:
        raise of_exit(phase, end)
    try:
        return _said(claim, phase, output)
    except BadOutputError as error:
        raise ours("bad-output", str(error), log=end.log) from error


def provenance(sandbox: str, image: str, stage: Stage, result: dict[str, Any]) -> Provenance:
    """What ran, from the sandbox and from the program's own words."""
    versions = result.get("versions")
    pairs = list(versions.items())[:MOST_VERSIONS] if isinstance(versions, dict) else []
    threads = result.get("threads", stage.request.get("threads", 1))
    return Provenance(
        sandbox=sandbox,
        image=image,
        device=str(result.get("device", "cpu"))[:LONGEST_WORD],
        device_class=str(result.get("device_class", ""))[:LONGEST_WORD],
        seeds=_seeds(result),
        versions={str(name)[:LONGEST_WORD]: str(version)[:LONGEST_WORD] for name, version in pairs},
        threads=threads if isinstance(threads, int) else 1,
    )


def _seeds(result: dict[str, Any]) -> tuple[int, ...]:
    trained = result.get("seeds")
    numbers = [each.get("seed") for each in trained if isinstance(each, dict)] if isinstance(trained, list) else []
    return tuple(number for number in numbers[:MOST_SEEDS] if isinstance(number, int))


def _said(claim: Claim, phase: Phase, output: Path) -> Verdict:
    result = read_object(output, "outcome.json", OUTCOME_BYTES)
    match result.get("outcome"):
        case "done":
            _check_recipe(claim, phase, result)
            return Verdict(result, history=_history(phase, output))
        case "refused" if phase is Phase.INGEST:
            return Verdict(result, is_refusal=True)
        case "failed":
            code, detail = str(result.get("code", ""))[:LONGEST_WORD], str(result.get("detail", ""))[:LONGEST_SENTENCE]
            raise of_program(phase, code, detail)
    raise BadOutputError("outcome.json", "names an outcome that is none")


def _check_recipe(claim: Claim, phase: Phase, result: dict[str, Any]) -> None:
    """The image may have changed under its tag: what counts is what the program says it computed."""
    if phase is not Phase.INGEST and result.get("recipe_digest") != claim.recipe_digest:
        raise ours("recipe-mismatch", "The program computed another recipe than the one that this task pins.")


def _history(phase: Phase, output: Path) -> tuple[Progress, ...]:
    if phase is not Phase.TRAIN:
        return ()
    return history_of("history.json", read_object(output, "history.json", HISTORY_BYTES))
