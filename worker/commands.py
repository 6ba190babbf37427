"""The command of each phase, as docs/formats.md gives it."""

from __future__ import annotations

from worker.contract import Phase

REQUEST = "/in/request.json"
OUT = "/out"
OPTIONS = {
    Phase.INGEST: {"--archive": "archive.zip"},
    Phase.TRAIN: {"--pack": "pack.safetensors"},
    Phase.PREDICT: {"--pack": "hidden.safetensors", "--weights": "weights.safetensors"},
}


def command(phase: Phase) -> tuple[str, ...]:
    """What runs in the sandbox; paths are the sandbox's own."""
    inputs = [part for option, name in OPTIONS[phase].items() for part in (option, inside(name))]
    return ("python", "-m", "fixed_model", str(phase), "--request", REQUEST, *inputs, "--out", OUT)


def inside(name: str) -> str:
    """Where a sandbox sees the input of this name."""
    return f"/in/{name}"
