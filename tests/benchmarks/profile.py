"""`make profile`: where the time of a training step goes, by torch's operators, each without what it calls."""

from __future__ import annotations

from fixed_model.pins import pin

pin()  # before torch is loaded

import argparse  # noqa: E402

import torch  # noqa: E402
from torch.autograd.profiler_util import EventList  # noqa: E402
from torch.profiler import ProfilerActivity, profile  # noqa: E402

from demo.strokes import NUMERALS  # noqa: E402
from fixed_model.cost import gflop_train_image  # noqa: E402
from fixed_model.device import make_deterministic  # noqa: E402
from fixed_model.recipe import DCAI2021  # noqa: E402
from fixed_model.step import Step  # noqa: E402
from fixed_model.weights import fresh  # noqa: E402

SHOWN = 12
WARM_UP = 20  # steps: buffers are made, caches and pages filled
MICRO = 1e-6


def main() -> None:
    """Profile steps on noise and print the operators that took the most."""
    parser = argparse.ArgumentParser(prog="make profile", description=__doc__)
    parser.add_argument("--steps", type=int, default=100)
    asked = parser.parse_args()
    make_deterministic()
    for line in lines(profiled(asked.steps), asked.steps):
        print(line)


@torch.inference_mode()
def profiled(steps: int) -> EventList:
    """The operators of so many steps, summed by name."""
    dice = torch.Generator().manual_seed(0)
    images = 255 * torch.rand(DCAI2021.batch, DCAI2021.input_size, DCAI2021.input_size, 1, generator=dice)
    labels = torch.randint(len(NUMERALS), (DCAI2021.batch,), generator=dice)
    step = Step(fresh(DCAI2021, len(NUMERALS), 0, torch.device("cpu")), DCAI2021)
    for _ in range(WARM_UP):
        step.learn(images, labels)
    with profile(activities=[ProfilerActivity.CPU]) as profiler:
        for _ in range(steps):
            step.learn(images, labels)
    return profiler.key_averages()


def lines(operators: EventList, steps: int) -> list[str]:
    """A table; milliseconds and calls are those of one step."""
    ordered = sorted(operators, key=lambda operator: operator.self_cpu_time_total, reverse=True)
    whole = sum(operator.self_cpu_time_total for operator in ordered)
    gflop = DCAI2021.batch * gflop_train_image(DCAI2021)
    table = [
        f"{operator.key:44}{operator.self_cpu_time_total / whole:>8.1%}"
        f"{operator.self_cpu_time_total / steps / 1000:>9.3f}{operator.count / steps:>7.0f}"
        for operator in ordered[:SHOWN]
    ]
    rest = sum(operator.self_cpu_time_total for operator in ordered[SHOWN:])
    head = (
        f"a step of {DCAI2021.batch} images: {whole / steps / 1000:.2f} ms in operators, {gflop:.2f} GFLOP, "
        f"{gflop / (whole * MICRO / steps):.1f} GFLOP/s; the profiler itself costs some of it"
    )
    return [
        head,
        f"{'operator':44}{'share':>8}{'ms':>9}{'calls':>7}",
        *table,
        f"{'all others':44}{rest / whole:>8.1%}{rest / steps / 1000:>9.3f}",
    ]


if __name__ == "__main__":
    main()
