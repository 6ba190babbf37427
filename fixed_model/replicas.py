"""Several seeds side by side, one process and one core each: the same bits as one after the other.

A process is a fork of this one, which has loaded torch and the images already and has no threads of its own.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from safetensors.torch import load, save

from fixed_model.children import belong_to_parent, exit_of
from fixed_model.faults import explain
from fixed_model.train import Epoch, Trained

Notice = Callable[[int, Epoch], None]
Training = Callable[[int, Callable[[Epoch], None]], Trained]


class LostError(Exception):
    """A process ended without a result; says how. Nothing that the data did: the system ended it, or memory did."""


def train_seeds(seeds: list[int], lanes: int, training: Training, notice: Notice) -> list[Trained]:
    """The results in the order of the seeds. `training` trains one of them, `notice` hears of each one's epochs.

    Raises what a training raises (DivergedError, MemoryError…) or LostError, after ending the others.
    """
    if lanes < 2 or len(seeds) < 2 or sys.platform != "linux":  # elsewhere libraries do not outlive a fork
        return [training(seed, lambda epoch, seed=seed: notice(seed, epoch)) for seed in seeds]  # type: ignore[misc]
    pending, running, results = list(seeds), dict[Connection, tuple[int, BaseProcess]](), dict[int, Trained]()
    try:
        while pending or running:
            while pending and len(running) < lanes:
                seed = pending.pop(0)
                running |= start(seed, training, list(running))
            for ready in wait(list(running)):
                assert isinstance(ready, Connection)  # noqa: S101 - for the types: nothing else is waited for
                seed, process = running[ready]
                result = listen(ready, seed, process, notice)
                if result is not None:
                    results[seed] = result
                    del running[ready]
                    process.join()
    finally:
        for _, process in running.values():
            process.kill()
            process.join()
    return [results[seed] for seed in seeds]


def start(seed: int, training: Training, others: list[Connection]) -> dict[Connection, tuple[int, BaseProcess]]:
    """A process for one seed, by the connection that it talks to; it inherits those of the others."""
    here, there = multiprocessing.Pipe(duplex=False)
    life = (there, [here, *others], seed, training)
    process = multiprocessing.get_context("fork").Process(target=work, args=life, daemon=True)
    process.start()
    there.close()
    return {here: (seed, process)}


def work(parent: Connection, inherited: list[Connection], seed: int, training: Training) -> None:
    """The life of such a process: epochs, then the result or the error."""
    for other in inherited:
        other.close()  # while any reader is open, nobody learns from a broken pipe that the parent is gone
    belong_to_parent()
    try:
        trained = training(seed, parent.send)
        parent.send((trained.best, save(trained.weights), save(trained.dynamics)))
    except Exception as error:
        if explain(error) is None:
            raise
        parent.send(error)


def listen(child: Connection, seed: int, process: BaseProcess, notice: Notice) -> Trained | None:
    """Take one message: the result, if it is the last."""
    try:
        said = child.recv()
    except (EOFError, OSError):  # the pipe's end; in the middle of a message it is the latter
        status = exit_of(process)
        by = "; the system ended it, for want of memory perhaps" if status < 0 else ""
        raise LostError(f"the training of seed {seed} ended with status {status}{by}") from None
    if isinstance(said, BaseException):
        raise said
    if isinstance(said, Epoch):
        notice(seed, said)
        return None
    best, weights, dynamics = said
    return Trained(best, load(weights), load(dynamics))
