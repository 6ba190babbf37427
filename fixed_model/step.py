"""One step of learning, for batches of any size: a network is built for each size once, and on a GPU recorded."""

from __future__ import annotations

import torch
from torch import Tensor

from fixed_model.network import CPU, GPU, Network
from fixed_model.optimizer import Adam
from fixed_model.recipe import Recipe
from fixed_model.weights import Weights

WARM_UP = 3  # steps before a recording: libraries choose and reserve what they need in the first ones


class Step:
    """Forward, backward and Adam on one batch."""

    def __init__(self, weights: Weights, recipe: Recipe) -> None:
        self.weights, self.recipe = weights, recipe
        self.adam = Adam(weights, recipe)
        self.networks: dict[torch.Size, Network] = {}
        self.recordings: dict[torch.Size, Recording] = {}

    def learn(self, images: Tensor, labels: Tensor) -> Tensor:
        """Move the weights once; the logits [N, K] from before, of raw pixels [N, H, W, C]."""
        if images.device.type == "cuda":
            if images.shape not in self.recordings:
                self.recordings[images.shape] = Recording(self, images, labels)
            self.adam.count()
            return self.recordings[images.shape].replay(images, labels)
        self.adam.count()
        return self.now(images, labels)

    def now(self, images: Tensor, labels: Tensor) -> Tensor:
        """The step itself, at the rate that was set."""
        if images.shape not in self.networks:
            kit = CPU if images.device.type == "cpu" else GPU
            self.networks[images.shape] = Network(self.weights, self.recipe, len(images), images.shape[-1], kit)
        logits = self.networks[images.shape].learn(images, labels)
        self.adam.move()
        return logits

    def moved(self) -> list[Tensor]:
        """Everything that a step changes."""
        weights, adam = self.weights, self.adam
        return [weights.values, *weights.statistics.values(), adam.first, adam.second]


class Recording:
    """A step as a CUDA graph: some two hundred small kernels started as one."""

    def __init__(self, step: Step, images: Tensor, labels: Tensor) -> None:
        self.images, self.labels = images.clone(), labels.clone()
        before = [tensor.clone() for tensor in step.moved()]
        aside = torch.cuda.Stream()  # type: ignore[no-untyped-call]
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):
            for _ in range(WARM_UP):
                step.now(self.images, self.labels)
        torch.cuda.current_stream().wait_stream(aside)
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph):
            self.logits = step.now(self.images, self.labels)
        for tensor, value in zip(step.moved(), before, strict=True):
            tensor.copy_(value)

    def replay(self, images: Tensor, labels: Tensor) -> Tensor:
        """The step on another batch of the same size."""
        self.images.copy_(images)
        self.labels.copy_(labels)
        self.graph.replay()
        return self.logits.clone()
