"""Adam: Keras' formula, over many steps and for gradients of any size."""

import math

import numpy as np
import pytest
import torch

from fixed_model.optimizer import Adam
from fixed_model.recipe import DCAI2021
from fixed_model.weights import fresh
from tests.fixed_model.references import CPU

STEPS = 50


def keras_adam(weight: np.ndarray, gradients: list[np.ndarray]) -> np.ndarray:
    """Adam as Keras writes it, in double precision."""
    first, second = np.zeros_like(weight), np.zeros_like(weight)
    beta1, beta2 = DCAI2021.adam_betas
    for step, gradient in enumerate(gradients, 1):
        first += (gradient - first) * (1 - beta1)
        second += (gradient**2 - second) * (1 - beta2)
        rate = DCAI2021.learning_rate * math.sqrt(1 - beta2**step) / (1 - beta1**step)
        weight = weight - rate * first / (np.sqrt(second) + DCAI2021.adam_eps)
    return weight


@pytest.mark.parametrize("size", [1e-9, 1e-6, 1e-3, 1.0, 1e3])
def test_it_moves_the_weights_as_keras_does(size: float) -> None:
    weights = fresh(DCAI2021, 3, 0, CPU)
    adam, dice = Adam(weights, DCAI2021), torch.Generator().manual_seed(0)
    weights.values.zero_()  # so that what is compared is the movement, not the rounding of what it is added to
    start, gradients = weights.values.numpy().astype(float), []
    for _ in range(STEPS):
        weights.gradients.copy_(size * torch.randn(len(weights.gradients), generator=dice))
        gradients.append(weights.gradients.numpy().astype(float))
        adam.count()
        adam.move()
    expected = keras_adam(start, gradients)
    assert np.abs(weights.values.numpy() - expected).max() < 1e-4 * np.abs(expected).max()


def test_the_rate_is_keras_at_any_step() -> None:
    adam = Adam(fresh(DCAI2021, 3, 0, CPU), DCAI2021)
    beta1, beta2 = DCAI2021.adam_betas
    for step in range(1, 2001):
        adam.count()
        expected = DCAI2021.learning_rate * math.sqrt(1 - beta2**step) / (1 - beta1**step)
        assert float(adam.rate) == pytest.approx(expected, rel=1e-6)
