"""`python -m worker doctor [--json]`: what keeps a worker with these settings from working here."""

from __future__ import annotations

import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace

from worker.contract import Finding, Level
from worker.doctor.checks import examination
from worker.doctor.secrets import without_secrets
from worker.log import set_up_logging


def main(arguments: list[str]) -> int:
    """Tell each finding as it is made; status 1 if any check failed."""
    parser = ArgumentParser("python -m worker doctor", description="Check what a worker needs on this host.")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of lines")
    as_json = parser.parse_args(arguments).json
    set_up_logging()  # to stderr: here stdout is for findings alone
    findings = []
    for finding in _findings(os.environ):
        findings.append(finding)
        if not as_json:
            _say(finding.line)
    has_failed = any(each.level is Level.FAIL for each in findings)
    if as_json:
        _say(json.dumps({"ok": not has_failed, "findings": [asdict(each) for each in findings]}))
    return int(has_failed)


def _findings(environ: Mapping[str, str]) -> Iterator[Finding]:
    for finding in examination(environ):
        yield replace(
            finding,
            found=without_secrets(finding.found, environ),
            advice=without_secrets(finding.advice, environ),
        )


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
