"""`fixed-model ingest`: an archive in, a pack or the reasons against it out. Never imports torch."""

from __future__ import annotations

import argparse
import json
import os
import warnings
from pathlib import Path

from fixed_model.ingest import ingest
from fixed_model.lanes import LostError
from fixed_model.limits import Limits
from fixed_model.packing import Request
from fixed_model.recipe import RECIPES


def main(arguments: list[str]) -> None:
    """Run the stage on files named by arguments."""
    parser = argparse.ArgumentParser(prog="fixed-model ingest", description=__doc__)
    parser.add_argument("--request", type=Path, required=True, metavar="JSON", help="what to expect, and the limits")
    parser.add_argument("--archive", type=Path, required=True, metavar="ZIP", help="the archive as uploaded")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="an existing folder to write to")
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore")  # Pillow warns of odd metadata; what matters to us is refused with a reason
    try:
        ingest(read_request(options.request), options.archive, options.out)
    except LostError as error:
        if error.status < 0:
            os.kill(os.getpid(), -error.status)  # ended as its process was: whoever watches for memory sees the same
        raise


def read_request(path: Path) -> Request:
    """The request as written by the platform: a missing field is an error of ours, and ends the program."""
    asked = json.loads(path.read_bytes())
    return Request(
        layout=asked["layout"],
        classes=list(asked["classes"]),
        limits=Limits(**{name: int(asked["limits"][name]) for name in Limits.__dataclass_fields__}),
        sheet_per_class=int(asked["sheet_per_class"]),
        input_size=RECIPES[asked["recipe"]].input_size,
        threads=int(asked.get("threads", 1)),
    )
