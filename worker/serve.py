"""Starts a worker as its broker account allows: no gossip, no mingle, no events."""

from __future__ import annotations

from worker.celery import app

OPTIONS = ("worker", "--without-gossip", "--without-mingle", "--without-heartbeat")


def main(arguments: list[str]) -> None:
    """Take jobs until it is told to stop; `arguments` are Celery's own."""
    app.worker_main([*OPTIONS, *arguments])
