"""`fixed-model verify RUN`: train again what a run says it trained, and compare."""

from __future__ import annotations

import argparse
import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fixed_model.endings import told
from fixed_model.faults import BadRequestError
from fixed_model.lock import locked_digest
from fixed_model.outcome import read_outcome
from fixed_model.provenance import device_class, versions
from fixed_model.refusals import printable
from fixed_model.run import Asked, find_device, run
from fixed_model.train import Epoch
from fixed_model.verdict import IDENTICAL, WITHIN, compare, flaw

STATUS = {IDENTICAL: 0, WITHIN: 3}  # anything else: 1


def say(seed: int, epoch: Epoch) -> None:
    """One line an epoch: it takes minutes."""
    print(f"seed {seed}, epoch {epoch.epoch}: val accuracy {epoch.val_accuracy:.4f}", flush=True)


def main(arguments: list[str]) -> None:
    """Run it again; the exit status is 0 for identical, 3 for within seed spread, 1 for different."""
    parser = argparse.ArgumentParser(prog="fixed-model verify", description=__doc__)
    parser.add_argument("run", type=Path, metavar="RUN", help="a folder with a training's outcome.json and its pack")
    parser.add_argument("--pack", type=Path, metavar="FILE", help="the pack; default: RUN/pack.safetensors")
    parser.add_argument("--threads", type=int, help="seeds at a time; default: as the run had")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    options = parser.parse_args(arguments)
    before, asked = claimed(options.run)
    digest = printable(before["recipe_digest"])[:16]
    if before["recipe_digest"] != locked_digest(asked.recipe):
        raise SystemExit(f"different: the run is of {asked.recipe.name} {digest}…, which this version does not compute")
    weights = options.run / "weights.safetensors"
    if weights.is_file() and sha256(weights) != before["weights_digest"]:
        raise SystemExit(f"different: {weights} is not the file that the run's outcome.json names")
    with told():
        here = device_class(find_device(options.device))
    if here != before["device_class"]:
        there = printable(before["device_class"])[:80]
        print(f"the run was made by {there}, this is {here}: other bits are to be expected")
    for line in other_versions(before.get("versions")):
        print(line)
    pack = options.pack or options.run / "pack.safetensors"
    if not pack.exists():
        raise SystemExit(f"There is no {pack}: name the pack that the run was trained on with --pack.")
    asked = Asked(asked.recipe, asked.seeds, options.threads or asked.threads, asked.classes)
    with told(), tempfile.TemporaryDirectory() as folder:
        after = run(asked, pack, Path(folder), options.device, say)
    verdict, why = compare(before, after)
    print(f"{verdict}: {why}")
    raise SystemExit(STATUS.get(verdict, 1))


def other_versions(stated: Any) -> Iterator[str]:
    """A line for each library that a run names in another version than this one's."""
    for name, here in versions().items():
        there = stated.get(name, here) if isinstance(stated, dict) else here
        if there != here:
            shown = printable(str(there))[:40]
            yield f"the run was made with {name} {shown}, this is {here}: other bits may come of it"


def sha256(path: Path) -> str:
    """Of a file, read in pieces: someone else may have made it as long as they liked."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def claimed(folder: Path) -> tuple[dict[str, Any], Asked]:
    """What a run says of itself and what it was asked. Someone else may have written it: it is looked at first."""
    try:
        before = read_outcome(folder)
    except (OSError, ValueError, RecursionError) as error:
        raise SystemExit(f"{folder} has no outcome.json that can be read: {error}") from None
    wrong = flaw(before)
    if wrong:
        raise SystemExit(f"{folder} holds no training that can be run again: {wrong}.")
    try:
        return before, Asked.of(before | {"seeds": [one["seed"] for one in before["seeds"]]})
    except BadRequestError as error:
        raise SystemExit(f"{folder} holds no training that can be run again: {error}.") from None
    except KeyError:
        name = printable(before["recipe"])[:80]
        raise SystemExit(f"{folder} holds no training of a recipe that is known here: {name}.") from None
