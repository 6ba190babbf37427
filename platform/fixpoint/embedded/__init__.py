"""The embedded default: Redis, web, jobs, beat and workers of one machine under one supervisor."""

from fixpoint.embedded.broker import broker_of

__all__ = ["broker_of"]
