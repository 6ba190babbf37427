"""`python -m tests.archives.fuzz`: mutated archives and images; the last line is JSON, the status 1 if any failed."""

import argparse
import json
import platform
import sys
import time
from pathlib import Path

import PIL

from tests.archives.fuzz.cases import KINDS
from tests.archives.fuzz.seeds import seeds
from tests.archives.fuzz.watch import Tally, fuzz

PIECE = 5_000
"""Cases of one forked worker."""


def main(arguments: list[str]) -> None:
    """Run what is asked for, or write one case to a file."""
    parser = argparse.ArgumentParser(prog="python -m tests.archives.fuzz", description=__doc__)
    parser.add_argument("--archives", type=int, default=1_000_000)
    parser.add_argument("--images", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=float("inf"), help="stop after; the JSON counts what ran")
    parser.add_argument("--write", nargs=3, metavar=("KIND", "CASE", "FILE"), help="one case's bytes instead of a run")
    options = parser.parse_args(arguments)
    material = seeds()
    if options.write:
        kind, number, file = options.write
        Path(file).write_bytes(KINDS[kind][0](material, options.seed, int(number)))
        return
    began = time.monotonic()
    report: dict[str, object] = {"seed": options.seed, "python": platform.python_version(), "pillow": PIL.__version__}
    report |= {"seed_archives": len(material.archives), "seed_images": len(material.images)}
    failed = 0
    for kind, count in (("images", options.images), ("archives", options.archives)):
        whole = Tally()
        for start in range(0, count, PIECE):
            if time.monotonic() - began > 60 * options.minutes:
                break
            _add(whole, fuzz(kind, material, options.seed, range(start, min(start + PIECE, count))), kind)
            if whole.cases % (4 * PIECE) == 0:
                print(f"{kind}: {whole.cases:,} of {count:,}, {len(whole.defects)} defects", flush=True)
        failed += len(whole.defects)
        report[kind] = {
            "cases": whole.cases,
            "defects": len(whole.defects),
            "accepted": whole.ends["accepted"],
            "ends": dict(whole.ends.most_common()),
            "slowest_seconds": round(whole.slowest_seconds, 3),
            "slowest_case": whole.slowest_case,
            "peak_mib": round(whole.peak_mib),
        }
    print(json.dumps(report | {"seconds": round(time.monotonic() - began)}))
    sys.exit(1 if failed else 0)


def _add(whole: Tally, part: Tally, kind: str) -> None:
    for defect in part.defects:
        print(f"DEFECT in {kind}: case {defect['case']}: {defect['what']}", flush=True)
    whole.cases += part.cases
    whole.ends.update(part.ends)
    whole.defects += part.defects
    whole.peak_mib = max(whole.peak_mib, part.peak_mib)
    if part.slowest_seconds > whole.slowest_seconds:
        whole.slowest_seconds, whole.slowest_case = part.slowest_seconds, part.slowest_case


main(sys.argv[1:])
