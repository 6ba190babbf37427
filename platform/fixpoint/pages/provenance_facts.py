"""All by which a score can be checked, as one document: the page shows it, the JSON is it."""

from collections.abc import Iterable
from typing import Any

from fixpoint.energy.phases import AbstractPhaseEnergy
from fixpoint.pages.attempts import attempts_of
from fixpoint.pages.energy_facts import phases_of
from fixpoint.pages.told import measured_grams, standardised_grams, tells_own, told_accuracy
from fixpoint.submissions.models import Submission
from fixpoint.teams.selectors import members_of

FORMAT = 1


def provenance_of(entry: Submission, *, organizer: bool) -> dict[str, Any]:
    """Of a scored entry. Nothing of it is per image; who worked, and why an attempt ended, is for organizers alone."""
    result, run = entry.result, entry.result.run
    return {
        "format": FORMAT,
        "entry": str(entry.pk),
        "task": entry.task.slug,
        "team": {"id": str(entry.team_id), "name": entry.team.name, "members": members_of(entry.team)},
        "participant": entry.owner.username,
        "entered_at": entry.created_at.isoformat(),
        "accuracy": told_accuracy(entry) if tells_own(entry) else None,
        "is_own_score": tells_own(entry),
        "disqualified": entry.disqualified_why if entry.disqualified_at else None,
        "digests": {
            "dataset": entry.dataset.digest,
            "pack": entry.dataset.pack_sha256,
            "recipe": entry.recipe_digest,
            "image": run.provenance.get("image"),
            "weights": run.weights_sha256,
            "history": run.history_sha256,
            "logits": result.logits_sha256,
        },
        "recipe": entry.recipe,
        "calibration": entry.task.calibration,
        "seeds": [
            {name: each[name] for name in ("seed", "best_epoch", "val_accuracy", "weights_digest")}
            for each in result.per_seed
        ],
        "machine": {
            name: run.provenance.get(name) for name in ("sandbox", "device", "device_class", "threads", "versions")
        },
        "attempts": _attempts(entry, organizer=organizer),
        "gflop": result.gflop,
        "energy": {
            "standardised_kwh": result.standardised_kwh,
            "standardised_grams": standardised_grams(entry),
            "measured_kwh": result.measured_kwh,
            "measured_grams": measured_grams(entry),
            "measured_level": result.measured_level,
            "measured_band": result.measured_band,
            "phases": _phases(phases_of(entry)),
        },
    }


def _attempts(entry: Submission, *, organizer: bool) -> list[dict[str, Any]]:
    """What became of each: every state that it reached, and when."""
    told: list[dict[str, Any]] = []
    for number in range(1, entry.attempt + 1):
        changes = [each for each in entry.transitions.all() if each.attempt == number]
        told.append(
            {
                "attempt": number,
                "states": [{"at": each.at.isoformat(), "status": each.to_status} for each in changes],
                "counted": number == entry.result.run.attempt,
            }
        )
    if organizer:
        known = {each.attempt.number: each for each in attempts_of(entry)}
        for one in told:
            if facts := known.get(one["attempt"]):
                one |= {"worker": facts.attempt.worker, "outcome": facts.attempt.outcome}
                one |= {"why": [change.why for change in facts.changes]}
    return told


def _phases(phases: Iterable[AbstractPhaseEnergy]) -> list[dict[str, Any]]:
    names = ("phase", "seconds", "kwh", "cpu_kwh", "gpu_kwh", "ram_kwh", "cpu_seconds", "level", "band", "method")
    return [{name: getattr(each, name) for name in names} for each in phases]
