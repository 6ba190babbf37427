"""`manage.py doctor`: what is wrong with this installation, and what to do about it."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from fixpoint.organizing.doctor.check import examination
from fixpoint.organizing.doctor.checks import platform_checks
from fixpoint.organizing.doctor.secrets import without_secrets
from fixpoint.organizing.doctor.workers import ELSEWHERE, worker_findings
from worker.contract import Finding, Level


class Command(BaseCommand):
    """Examines, changes nothing, and prints no secret."""

    help = "Check this installation: a line a check, what to do where it is not well. Status 1 if any check failed."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How to tell it, and which sandbox to try."""
        parser.add_argument("--json", action="store_true", help="one JSON document instead of lines")
        choices = ["", "auto", "docker", "bubblewrap", "process"]
        parser.add_argument(
            "--sandbox", default="", choices=choices, help="as for `up`; else that of the running stack"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Tell each finding as it is made."""
        findings = []
        for finding in _findings(options["sandbox"]):
            findings.append(finding)
            if not options["json"]:
                self.stdout.write(finding.line)
                self.stdout.flush()
        has_failed = any(each.level is Level.FAIL for each in findings)
        if options["json"]:
            self.stdout.write(json.dumps({"ok": not has_failed, "findings": [asdict(each) for each in findings]}))
        if has_failed:
            sys.exit(1)


def _findings(sandbox: str) -> Iterator[Finding]:
    for finding in _all(sandbox):
        yield replace(finding, found=without_secrets(finding.found), advice=without_secrets(finding.advice))


def _all(sandbox: str) -> Iterator[Finding]:
    yield from examination(platform_checks())
    if settings.IS_EMBEDDED:
        yield from worker_findings(sandbox=sandbox)
    else:
        yield ELSEWHERE
