"""The worker's part, which this program knows nothing of: its own doctor is asked where it shares our machine."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from fixpoint.embedded.ports import HOST
from fixpoint.embedded.programs import Place, environment, worker_program
from fixpoint.embedded.running import running_settings
from fixpoint.organizing.doctor.secrets import without_secrets
from worker.contract import Finding, Level

ELSEWHERE = Finding(
    Level.OK,
    "sandbox, image and scratch are checked on the worker's host",
    "`python -m worker doctor`; docker-compose run --rm --no-deps worker python -m worker doctor",
    check="worker",
)
_QUEUE = "evaluate"
_PATIENCE_SECONDS = 180
"""Longer than all bounds of the worker's doctor, one after the other."""


def worker_findings(*, sandbox: str) -> Iterator[Finding]:
    """What the worker's doctor says of the embedded stack; `sandbox` as it was given to `up`, "" for that of the stack.

    Told with the environment of the running stack, so that what is examined is what runs.
    """
    command = [sys.executable, "-m", "worker", "doctor", "--json"]
    place, told = _place(sandbox)
    try:
        answer = subprocess.run(
            command,
            env=told,
            cwd=place.root,
            capture_output=True,
            text=True,
            timeout=_PATIENCE_SECONDS,
            check=False,
        )
        findings = [Finding(**each) for each in json.loads(answer.stdout)["findings"]]
    except subprocess.TimeoutExpired:
        yield _broken(f"no answer within {_PATIENCE_SECONDS} seconds")
    except (ValueError, KeyError, TypeError):
        yield _broken(
            f"its doctor ended with status {answer.returncode}: {without_secrets(answer.stderr).strip()[-300:]}"
        )
    else:
        yield from (replace(each, level=Level(each.level), check=f"worker {each.check}") for each in findings)


def _broken(found: str) -> Finding:
    return Finding(Level.FAIL, found, "run `python -m worker doctor` by hand", check="worker")


def _place(sandbox: str) -> tuple[Place, dict[str, str]]:
    home, running = Path(settings.HOME), running_settings(Path(settings.HOME))
    site = urlsplit(running.get("FIXPOINT_SITE_URL", settings.SITE_URL))
    place = Place(
        root=Path(settings.BASE_DIR),
        home=home,
        host=site.hostname or HOST,
        port=site.port or 80,
        broker=settings.CELERY_BROKER_URL,
        sandbox=sandbox or running.get("FIXPOINT_SANDBOX") or os.environ.get("FIXPOINT_SANDBOX") or "auto",
    )
    told = environment(place) | running | worker_program(place, _QUEUE).environment
    return place, told | {"FIXPOINT_SANDBOX": place.sandbox}
