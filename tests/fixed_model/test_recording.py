"""A step that is recorded and replayed, as on a GPU; CUDA's part is played by running the recorded step again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

import pytest
import torch
from torch import Tensor

from fixed_model import step as stepping
from fixed_model.network import GPU
from fixed_model.recipe import DCAI2021
from fixed_model.step import Recording, Step
from fixed_model.weights import fresh
from tests.fixed_model.references import CPU, some_images


class Stream:
    """Waits for nobody: there is one order of things on a CPU."""

    def wait_stream(self, other: "Stream") -> None:
        """At once."""


class Graph:
    """Does again what was done while it was recorded, and writes to the tensor that was given out then."""

    work: Callable[[], Tensor]
    output: Tensor

    def replay(self) -> None:
        """Once more."""
        self.output.copy_(self.work())


@pytest.fixture
def step(monkeypatch: pytest.MonkeyPatch) -> Iterator[Step]:
    """A step in the GPU's way, with CUDA's calls played."""
    monkeypatch.setattr(torch.cuda, "Stream", Stream)
    monkeypatch.setattr(torch.cuda, "current_stream", Stream)
    monkeypatch.setattr(torch.cuda, "stream", lambda _: nullcontext())
    monkeypatch.setattr(torch.cuda, "CUDAGraph", Graph)
    monkeypatch.setattr(torch.cuda, "graph", lambda _: nullcontext())
    monkeypatch.setattr(stepping, "CPU", GPU)
    with torch.inference_mode():
        yield Step(fresh(DCAI2021, 10, 7, CPU), DCAI2021)


@contextmanager
def unmoved(step: Step) -> Iterator[None]:
    """Nothing that a step changes has changed afterwards."""
    before = [tensor.clone() for tensor in step.moved()]
    yield
    assert all(torch.equal(one, two) for one, two in zip(before, step.moved(), strict=True))


def recorded(step: Step, images: Tensor, labels: Tensor) -> Recording:
    recording = Recording(step, images, labels)
    recording.graph.work = lambda: step.now(recording.images, recording.labels)
    recording.graph.output = recording.logits
    return recording


def test_recording_moves_no_weight_no_statistic_and_no_moment(step: Step) -> None:
    images, labels = some_images(8, 32), torch.arange(8)
    step.adam.count()
    with unmoved(step):
        recorded(step, images, labels)
    step.now(images, labels)  # a step does move them: the comparison above can fail
    assert bool(step.adam.first.any())


def test_replayed_steps_on_other_batches_are_the_steps_themselves(step: Step) -> None:
    images, labels = some_images(24, 32), torch.arange(24) % 10
    batches = list(zip(images.split(8), labels.split(8), strict=True))
    recording = recorded(step, *batches[0])
    replayed = []
    for batch in batches:
        step.adam.count()
        replayed.append(recording.replay(*batch))
    plain = Step(fresh(DCAI2021, 10, 7, CPU), DCAI2021)
    for batch, logits in zip(batches, replayed, strict=True):
        plain.adam.count()
        assert torch.equal(plain.now(*batch), logits)
    assert torch.equal(plain.weights.values, step.weights.values)


def test_logits_of_a_replay_are_not_those_of_the_next(step: Step) -> None:
    images, labels = some_images(16, 32), torch.arange(16) % 10
    recording = recorded(step, images[:8], labels[:8])
    step.adam.count()
    first = recording.replay(images[:8], labels[:8])
    kept = first.clone()
    recording.replay(images[8:], labels[8:])
    assert torch.equal(first, kept)
