"""Which entries the hidden images cannot tell apart."""

from __future__ import annotations

from uuid import UUID


class PairedEvidence:
    def __init__(self, making, rules, bits): ...
    def group_of(self, entry: UUID) -> int | None:
        return None

    def is_tied(self, entry: UUID) -> bool:
        return False

    def is_near_front(self, entry: UUID) -> bool:
        return False
