"""Threads that wait for disk and database in the event loop's place."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from django.db import connection
from django.utils import translation

_Given = ParamSpec("_Given")
_Got = TypeVar("_Got")


class Threads:
    """So many steps at once; the others wait without a thread, and in the order in which they came."""

    def __init__(self, count: int, name: str) -> None:
        self._pool = ThreadPoolExecutor(count, thread_name_prefix=name)

    async def run(self, step: Callable[_Given, _Got], *given: _Given.args, **named: _Given.kwargs) -> _Got:
        """What the step returns or raises."""
        loop = asyncio.get_running_loop()
        alone = partial(_alone, partial(step, *given, **named), translation.get_language())
        return await loop.run_in_executor(self._pool, alone)


def _alone(step: Callable[[], _Got], language: str | None) -> _Got:
    """In the language of who asks. A connection to the database is given back: uploads ask too seldom to keep one."""
    try:
        with translation.override(language):
            return step()
    finally:
        connection.close()
