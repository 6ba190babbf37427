"""`fixed-model train --request …`: a pack in, the best epoch's weights out. (`train DIR` is commands/home.py.)"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from fixed_model.endings import noted
from fixed_model.run import Asked, run


def main(arguments: list[str]) -> None:
    """Run the stage on files named by arguments."""
    parser = argparse.ArgumentParser(prog="fixed-model train", description=__doc__, epilog="or: fixed-model train DIR")
    parser.add_argument("--request", type=Path, required=True, metavar="JSON", help="recipe, seeds, threads, classes")
    parser.add_argument("--pack", type=Path, required=True, metavar="FILE", help="the dataset as packed by ingest")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="an existing folder to write to")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    options = parser.parse_args(arguments)
    asked = Asked.of(json.loads(options.request.read_bytes()))
    with noted(options.out, "weights.safetensors", "dynamics.safetensors"):
        run(asked, options.pack, options.out, options.device)
