"""`python -m fixpoint.energy.calibration VERSION`: runs, fit, residuals and picture of a new calibration."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from fixpoint.energy import calibration_runs
from fixpoint.energy.calibrate import CalibrationError, fit, read_runs, report
from fixpoint.energy.calibration_picture import picture

FOLDER = Path("docs/calibration")


def main(arguments: list[str]) -> None:
    """Everything that a version needs but its lines in constants.py. A version that is there is never written anew."""
    parser = argparse.ArgumentParser(prog="python -m fixpoint.energy.calibration", description=__doc__)
    parser.add_argument("version", help="for example cal-2027-01-31: no version is ever changed")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--drawn", action="store_true", help="draw the runs that are there; nothing is run")
    asked, further = parser.parse_known_args(arguments)
    raw = asked.folder / f"{asked.version}.json"
    if not asked.drawn:
        calibration_runs.main([str(raw), *further])
    try:
        runs = read_runs(raw)
        found = fit(runs)
    except CalibrationError as error:
        parser.exit(1, f"{error}\n")
    raw.with_suffix(".svg").write_text(picture(asked.version, runs, found), encoding="utf-8")
    sys.stdout.write(f"{report(runs, found)}\n\nPin it in platform/fixpoint/energy/constants.py, beside the others.\n")


if __name__ == "__main__":
    main(sys.argv[1:])
