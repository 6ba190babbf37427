"""Tells long answers that their server was asked to end: it waits for them, so that they must end themselves.

uvicorn waits for every open response, runs here without a lifespan, and tells an application in no other way.
"""

import asyncio
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_Handler = Callable[[int, FrameType | None], None]


def leaving() -> asyncio.Event:
    """An event of the running loop, set by the first signal to end; whoever handled the signal before still does.

    Signals are the main thread's: in any other it is never set.
    """
    asked = asyncio.Event()
    if threading.current_thread() is threading.main_thread():
        for number in _SIGNALS:
            signal.signal(number, _both(asyncio.get_running_loop(), asked, signal.getsignal(number)))
    return asked


def _both(loop: asyncio.AbstractEventLoop, asked: asyncio.Event, before: Any) -> _Handler:
    def handle(number: int, frame: FrameType | None) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(asked.set)
        if callable(before):
            before(number, frame)

    return handle
