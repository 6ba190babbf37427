"""`python -m worker` starts a worker as its broker account allows: no gossip, no mingle, no events."""

from __future__ import annotations

import sys

from worker.celery import app

OPTIONS = ("worker", "--without-gossip", "--without-mingle", "--without-heartbeat")

if __name__ == "__main__":
    app.worker_main([*OPTIONS, *sys.argv[1:]])
