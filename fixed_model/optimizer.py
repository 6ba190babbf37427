"""Adam as Keras writes it, over flat storage."""

from __future__ import annotations

import math

import torch

from fixed_model.recipe import Recipe
from fixed_model.weights import Weights

SETTLED = 1e9  # a step number at which torch's own bias corrections are exactly 1


class Adam:
    """One step: m and v move, then w -= rate * m / (sqrt(v) + eps).

    As in Keras the bias corrections stand in the rate, sqrt(1 - b2^t) / (1 - b1^t), so that eps is added before them
    (torch adds it after). torch's fused kernel does the rest: told of a very late step it corrects nothing itself.
    """

    def __init__(self, weights: Weights, recipe: Recipe) -> None:
        self.weights, self.recipe = weights, recipe
        self.first, self.second = torch.zeros_like(weights.values), torch.zeros_like(weights.values)
        self.powers = (1.0, 1.0)  # of both betas: multiplied up, since pow() may differ between C libraries
        self.rate = torch.zeros((), device=weights.values.device)
        self.late = torch.full((), SETTLED, device=weights.values.device)

    def count(self) -> None:
        """Set the rate of the next step."""
        self.powers = (self.powers[0] * self.recipe.adam_betas[0], self.powers[1] * self.recipe.adam_betas[1])
        self.rate.fill_(self.recipe.learning_rate * math.sqrt(1 - self.powers[1]) / (1 - self.powers[0]))

    def move(self) -> None:
        """Move all weights by their gradients, at the rate that was set."""
        torch._fused_adam_(  # what torch.optim.Adam(fused=True) calls; a test holds it to Keras' formula
            [self.weights.values], [self.weights.gradients], [self.first], [self.second], [], [self.late],
            lr=self.rate, beta1=self.recipe.adam_betas[0], beta2=self.recipe.adam_betas[1], eps=self.recipe.adam_eps,
            weight_decay=0.0, amsgrad=False, maximize=False,
        )  # fmt: skip
