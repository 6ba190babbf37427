"""Seeds side by side: the same bits as one after the other, and no process outlives its training."""

import os
import signal
import struct
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from multiprocessing import get_context

import pytest
import torch

from fixed_model.faults import explain
from fixed_model.recipe import DCAI2021
from fixed_model.replicas import LostError, train_seeds
from fixed_model.train import DivergedError, Epoch, Examples, Trained, train
from tests.fixed_model.left import children
from tests.fixed_model.packs import SOURCE, contents

OnEpoch = Callable[[Epoch], None]
SEEDS = [2, 0, 1]


def epoch(number: int) -> Epoch:
    return Epoch(number, 1.0, 0.5, 1.0, 0.5)


def result(seed: int) -> Trained:
    return Trained(epoch(seed), {"weight": torch.full((3,), float(seed))}, {"aum": torch.zeros(2)})


def silent(_seed: int, _epoch: Epoch) -> None: ...


@pytest.fixture(autouse=True)
def _no_process_is_left() -> object:
    before = children()
    yield
    assert children() <= before


def real(seed: int, on_epoch: OnEpoch) -> Trained:
    arrays = {name: torch.from_numpy(array) for name, array in contents().items()}
    images = arrays["images"].permute(0, 2, 3, 1).contiguous()
    halves = [Examples(images[arrays["split"] == half], arrays["labels"][arrays["split"] == half]) for half in (0, 1)]
    cpu, brief = torch.device("cpu"), replace(DCAI2021, epochs=2)
    return train(brief, *halves, classes=2, seed=seed, device=cpu, on_epoch=on_epoch)


@pytest.fixture(scope="module")
def one_by_one() -> list[Trained]:
    return train_seeds(SEEDS, 1, real, silent)


@pytest.mark.parametrize("lanes", [2, 3, 8])
def test_seeds_side_by_side_give_the_bits_of_one_after_the_other(one_by_one: list[Trained], lanes: int) -> None:
    beside = train_seeds(SEEDS, lanes, real, silent)
    for alone, with_others in zip(one_by_one, beside, strict=True):
        assert alone.best == with_others.best
        for tensors, others in ((alone.weights, with_others.weights), (alone.dynamics, with_others.dynamics)):
            assert tensors.keys() == others.keys()
            assert all(torch.equal(tensors[name], others[name]) for name in tensors)


def test_results_come_in_the_order_asked_though_the_last_ends_first() -> None:
    ended = get_context("fork").Event()

    def training(seed: int, _on_epoch: OnEpoch) -> Trained:
        if seed == 3:
            ended.set()
        else:
            assert ended.wait(60)
        return result(seed)

    assert [trained.best.epoch for trained in train_seeds([7, 3], 2, training, silent)] == [7, 3]


def test_more_seeds_than_lanes_are_each_trained_once() -> None:
    heard: list[int] = []

    def training(seed: int, on_epoch: OnEpoch) -> Trained:
        on_epoch(epoch(1))
        return result(seed)

    train_seeds([4, 3, 2, 1, 0], 2, training, lambda seed, _epoch: heard.append(seed))
    assert sorted(heard) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("lanes", [1, 2])
def test_the_epochs_of_a_seed_are_heard_of_in_order(lanes: int) -> None:
    heard: dict[int, list[int]] = {0: [], 1: [], 2: []}

    def training(seed: int, on_epoch: OnEpoch) -> Trained:
        for number in range(1, 30):
            on_epoch(epoch(number))
        return result(seed)

    train_seeds([0, 1, 2], lanes, training, lambda seed, one: heard[seed].append(one.epoch))
    assert heard == {seed: list(range(1, 30)) for seed in range(3)}


def beside_one_that_never_ends(end: Callable[[OnEpoch], None]) -> None:
    def training(seed: int, on_epoch: OnEpoch) -> Trained:
        if seed == 1:
            end(on_epoch)
        signal.pause()
        raise AssertionError

    train_seeds([0, 1], 2, training, silent)


def test_a_seed_that_diverges_ends_all() -> None:
    def diverge(_on_epoch: OnEpoch) -> None:
        raise DivergedError(3)

    with pytest.raises(DivergedError, match="3"):
        beside_one_that_never_ends(diverge)


def test_a_process_that_is_killed_is_told_of_by_seed_and_status() -> None:
    with pytest.raises(LostError, match="seed 1 ended with status -9"):
        beside_one_that_never_ends(lambda _on_epoch: os.kill(os.getpid(), signal.SIGKILL))


def test_a_process_that_is_killed_while_it_speaks_is_told_of_too() -> None:
    def die_speaking(on_epoch: OnEpoch) -> None:
        os.write(on_epoch.__self__.fileno(), struct.pack("!i", 1000) + b"half a mess")  # type: ignore[attr-defined]
        os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(LostError, match="seed 1 ended with status -9"):
        beside_one_that_never_ends(die_speaking)


def test_want_of_memory_arrives_as_such() -> None:
    def starve(_on_epoch: OnEpoch) -> None:
        raise MemoryError

    with pytest.raises(MemoryError):
        beside_one_that_never_ends(starve)


def test_want_of_memory_in_torchs_own_words_arrives_as_such() -> None:
    with pytest.raises(RuntimeError) as raised:
        beside_one_that_never_ends(lambda _on_epoch: torch.empty(2**50).zero_())
    assert (explain(raised.value) or ("",))[0] == "out-of-memory"


def test_an_error_of_the_program_is_a_crash_with_its_traceback(capfd: pytest.CaptureFixture[str]) -> None:
    def stumble(_on_epoch: OnEpoch) -> None:
        raise ValueError("a slip of the pen")

    with pytest.raises(LostError, match="seed 1 ended with status 1"):
        beside_one_that_never_ends(stumble)
    assert "ValueError: a slip of the pen" in capfd.readouterr().err


def test_seeds_end_when_their_parent_is_killed() -> None:
    orphan = """if True:
        import os, signal
        from fixed_model.replicas import train_seeds
        from fixed_model.train import Epoch
        heard = set()
        def training(seed, on_epoch):
            while True:
                on_epoch(Epoch(1, 1.0, 0.5, 1.0, 0.5))
        def notice(seed, epoch):
            heard.add(seed)
            if len(heard) == 2:
                os.kill(os.getpid(), signal.SIGKILL)
        train_seeds([0, 1], 2, training, notice)
    """
    # The pipe of the output has an end only when the last of the family is gone.
    done = subprocess.run([sys.executable, "-c", orphan], cwd=SOURCE, capture_output=True, timeout=120)
    assert done.returncode == -signal.SIGKILL
