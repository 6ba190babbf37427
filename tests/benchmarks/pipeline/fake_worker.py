"""The real worker, every part of it but the sandbox: `python -m tests.benchmarks.pipeline.fake_worker`."""

from __future__ import annotations

import sys

import worker.celery
from tests.benchmarks.pipeline.fake_programs import play
from worker.bench import set_up
from worker.sandbox.fake import FakeSandbox
from worker.serve import main
from worker.settings import current

if __name__ == "__main__":
    bench = set_up(current(), FakeSandbox(plan=play))
    worker.celery.bench = lambda: bench
    main(sys.argv[1:])
