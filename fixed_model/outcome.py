"""The files that a stage leaves behind as JSON: small, exact, without NaN."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FORMAT = 1
OUTCOME_BYTES = 1 << 20
LISTS = ("refusals", "findings")


ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write a file, whole or not at all."""
    write_whole(path, encode(content))


def write_whole(path: Path, data: bytes) -> None:
    """Write under a temporary name first: a reader sees the whole file or none."""
    partial = path.with_suffix(".partial")
    partial.write_bytes(data)
    partial.replace(path)


def write_outcome(out: Path, outcome: str, **facts: Any) -> None:
    """Write outcome.json, shortening its lists where it would pass its limit; the counts beside them stay whole."""
    content = {"format": FORMAT, "outcome": outcome, **facts}
    while len(encode(content)) > OUTCOME_BYTES and any(content.get(name) for name in LISTS):
        for name in LISTS:
            if name in content:
                content[name] = content[name][: len(content[name]) * 7 // 8]
    write_json(out / "outcome.json", content)


def read_outcome(out: Path) -> dict[str, Any]:
    """What write_outcome left there."""
    content: dict[str, Any] = json.loads((out / "outcome.json").read_bytes())
    return content


def encode(content: dict[str, Any]) -> bytes:
    """Compact UTF-8; NaN and Infinity are an error, since JSON has neither."""
    return ENCODER.encode(content).encode("utf-8", "replace")
