"""How the worker speaks: one line an event, JSON unless a person watches; never a signed address."""

from __future__ import annotations

import logging
import sys

import structlog


def set_up_logging() -> None:
    """Set structlog and the libraries' loggers once per process."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    # These would write every address at INFO, signature and all.
    for chatty in ("httpx", "httpcore"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    renderer: list[structlog.typing.Processor] = (
        [structlog.dev.ConsoleRenderer()]
        if sys.stderr.isatty()
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
