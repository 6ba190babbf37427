"""How a command ends early: an outcome for the platform, a sentence for a person; a fault of the program is a crash."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fixed_model.faults import explain
from fixed_model.outcome import write_outcome
from fixed_model.replicas import LostError


@contextmanager
def noted(out: Path, *half_written: str) -> Iterator[None]:
    """A known ending becomes a `failed` outcome. What is half written goes first: the outcome may need its room."""
    try:
        yield
    except Exception as error:
        known = explain(error)
        if known is None:
            raise
        for name in half_written:
            (out / name).unlink(missing_ok=True)
        try:
            write_outcome(out, "failed", code=known[0], detail=known[1])
        except OSError as worse:
            raise SystemExit(f"{known[1]} outcome.json cannot be written: {worse}") from None


@contextmanager
def told() -> Iterator[None]:
    """A known ending becomes the program's last words, and a status that is not 0."""
    try:
        yield
    except KeyboardInterrupt:
        raise SystemExit("Stopped before its end.") from None
    except LostError as error:
        raise SystemExit(str(error)) from None
    except Exception as error:
        known = explain(error)
        if known is None:
            raise
        raise SystemExit(known[1]) from None
