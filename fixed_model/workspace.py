"""Buffers that layers of the same shape use one after the other, so that they stay in a core's cache."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

Buffers = TypeVar("Buffers")


class Workspace:
    """Makes each kind of buffers once, for one network: a kind names all that `make` depends on but batch and type.

    What a layer writes is good until the next layer of the kind runs; zeros around it are written once.
    """

    def __init__(self) -> None:
        self.made: dict[Hashable, Any] = {}

    def get(self, kind: Hashable, make: Callable[[], Buffers]) -> Buffers:
        """The buffers of this kind; `make` makes the first."""
        if kind not in self.made:
            self.made[kind] = make()
        found: Buffers = self.made[kind]
        return found
