"""One run of the benchmark: rounds in which everyone takes a turn, then start-up and memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.training import contestants, memory, processes, startup
from tests.benchmarks.training.contestants import Run, best
from tests.benchmarks.training.drawn import draw
from tests.benchmarks.training.memory import Memory
from tests.benchmarks.training.processes import CORES
from tests.benchmarks.training.startup import Startup
from tests.keras.environment import why_missing


@dataclass(frozen=True)
class Plan:
    """How much is measured: images a class, rounds, epochs a round, repeats of a product, starts, images for memory."""

    per_class: int = 200
    rounds: int = 3
    epochs: int = 2
    repeats: int = 10
    starts: int = 5
    memory_images: int = 10_000


QUICK = Plan(per_class=4, rounds=1, epochs=1, repeats=2, starts=1, memory_images=100)
"""To see that it runs; its figures mean nothing."""


@dataclass(frozen=True)
class Peak:
    """GFLOP/s of matrix products: one thread on one core, all threads on all cores."""

    one_core: float
    all_cores: float


@dataclass(frozen=True)
class Measured:
    """The best of every contestant (Keras: None where it is not installed), and the rest. `images`: of an epoch."""

    images: int
    keras: Run | None
    plain: Run
    one_seed: Run
    all_cores: Run
    peak: Peak
    startup: Startup
    memory: Memory


def measure(folder: Path, plan: Plan, say: Callable[[str], None]) -> Measured:
    """Measure by the plan, with an empty folder to work in. `say` hears what is going on."""
    say(f"drawing {plan.per_class * 10:,} images")
    data, epochs = draw(folder, plan.per_class), plan.epochs
    turns: dict[str, Callable[[], Run]] = {
        "plain": lambda: contestants.plain(data, epochs),
        "one_seed": lambda: contestants.ours(data, epochs, 1),
        "all_cores": lambda: contestants.ours(data, epochs, CORES),
    }
    if not why_missing():
        turns = {"keras": lambda: contestants.keras(data, epochs)} | turns
    runs: dict[str, list[Run]] = {name: [] for name in turns}
    peaks = []
    for number in range(plan.rounds):
        peaks.append(Peak(**processes.ours("matmul", "--repeats", plan.repeats)))
        for name, turn in turns.items():
            runs[name].append(turn())
            say(f"round {number + 1} of {plan.rounds}, {name}: {runs[name][-1].images_per_second:,.0f} images/s")
    say("start-up")
    start = startup.measure(data.pack, folder, plan.starts)
    say(f"memory of a training of {plan.memory_images:,} images, grey and coloured")
    return Measured(
        data.images,
        keras=best(runs["keras"]) if "keras" in runs else None,
        **{name: best(runs[name]) for name in ("plain", "one_seed", "all_cores")},
        peak=Peak(max(each.one_core for each in peaks), max(each.all_cores for each in peaks)),
        startup=start,
        memory=memory.measure(folder, plan.memory_images),
    )
