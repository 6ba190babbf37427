"""Staging: the inputs that one phase names, checked by digest and laid out read-only for its sandbox."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from worker.cache import Cache, DamagedError
from worker.commands import REQUEST, inside
from worker.contract import Input, Stage
from worker.fault import ours
from worker.lease import Lease
from worker.platform_client import ExpiredError, Platform, RefusedError
from worker.sandbox import Mount

TRIES = 3
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
DIGEST = re.compile(r"[0-9a-f]{64}")
log = structlog.get_logger()

Look = Callable[[str], Input]
"""The current Input of a name, or KeyError where the claim has none."""


class Stager:
    """Brings blobs from the platform through the cache into one attempt's folder, one phase at a time."""

    def __init__(self, folder: Path, *, platform: Platform, cache: Cache, lease: Lease) -> None:
        self._folder = folder
        self._platform = platform
        self._cache = cache
        self._lease = lease

    def mounts(self, stage: Stage, look: Look, local: dict[str, Path], renew: Callable[[], None]) -> list[Mount]:
        """Everything that this phase may see, and nothing that it does not name.

        `local` holds what earlier phases of the attempt left; `renew` makes `look` answer with fresh addresses.
        """
        mounts = [Mount(self._request(stage), REQUEST)]
        for name in stage.inputs:
            path = local.get(name) or self._fetch(name, look, renew)
            mounts.append(Mount(path, inside(name)))
        return mounts

    def _request(self, stage: Stage) -> Path:
        path = self._folder / f"request-{stage.phase}.json"
        path.write_text(json.dumps(stage.request, allow_nan=False))
        return path

    def _fetch(self, name: str, look: Look, renew: Callable[[], None]) -> Path:
        target = self._folder / _checked(name, NAME)
        for _ in range(TRIES):
            try:
                wanted = look(name)
                _checked(wanted.sha256, DIGEST)
                self._lease.insist(lambda wanted=wanted: self._place(wanted, target))  # type: ignore[misc]
            except KeyError:
                raise ours("missing-input", f"The claim names an input {name} and gives no address for it.") from None
            except ExpiredError:
                renew()
            except RefusedError as error:
                raise ours("input-refused", f"The input {name} could not be read: {error}") from error
            except (DamagedError, FileNotFoundError) as error:
                # FileNotFoundError: a neighbour's eviction came between our look and our link.
                log.warning("an input did not arrive whole", input=name, reason=str(error))
            else:
                return target
        raise ours("input-damaged", f"The input {name} did not arrive whole in {TRIES} tries.")

    def _place(self, wanted: Input, target: Path) -> None:
        self._cache.place(wanted.sha256, wanted.size, target, lambda: self._pieces(wanted.url))

    @contextmanager
    def _pieces(self, url: str) -> Generator[Iterator[bytes]]:
        with self._platform.get(url) as pieces:
            yield self._while_ours(pieces)

    def _while_ours(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self._lease.check()
            yield piece


def _checked(text: str, pattern: re.Pattern[str]) -> str:
    """Names and digests become file names here, so they are held to their form."""
    if not pattern.fullmatch(text):
        raise ours("bad-claim", "The claim holds a name or a digest that is none.")
    return text
