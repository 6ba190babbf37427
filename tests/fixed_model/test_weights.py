"""Weights: named and shaped as in torchvision, started as Keras starts them, each on a cache line of its own."""

import math

import pytest
import torch

from fixed_model.recipe import DCAI2021, Recipe
from fixed_model.weights import ALIGNMENT, fresh
from tests.fixed_model.references import CPU, WHOLE, pair


@pytest.mark.parametrize("recipe", [DCAI2021, WHOLE], ids=lambda recipe: recipe.name)
def test_they_are_named_and_shaped_as_in_torchvision(recipe: Recipe) -> None:
    weights, theirs = pair(recipe)
    reference, state = theirs.whole.state_dict(), weights.state()
    assert all(reference[name].shape == tensor.shape for name, tensor in state.items())
    cut = {f"layer{stage}" for stage in range(len(recipe.blocks) + 1, 5)}
    kept = [name for name in reference if name.split(".")[0] not in cut and not name.endswith("num_batches_tracked")]
    assert kept == list(state)


def test_kernels_start_glorot_uniform_and_everything_else_at_the_identity() -> None:
    for name, tensor in fresh(DCAI2021, 10, 0, CPU).state().items():
        if tensor.ndim > 1:
            field = math.prod(tensor.shape[2:])
            bound = math.sqrt(6 / ((tensor.shape[0] + tensor.shape[1]) * field))
            assert 0.9 * bound < tensor.abs().max() <= bound, name
            assert tensor.std() == pytest.approx(bound / math.sqrt(3), rel=0.05), name
        else:
            assert bool((tensor == (1 if name.endswith(("weight", "running_var")) else 0)).all()), name


def test_no_convolution_has_a_bias() -> None:
    biases = {name for name in fresh(DCAI2021, 10, 0, CPU).shapes if name.endswith("bias")}
    assert all("bn" in name or "downsample.1" in name or name == "fc.bias" for name in biases)


def test_the_same_seed_starts_the_same_whatever_happened_before() -> None:
    first = fresh(DCAI2021, 10, 5, CPU).values
    torch.manual_seed(99)
    torch.rand(1000)
    before = torch.get_rng_state()
    assert torch.equal(first, fresh(DCAI2021, 10, 5, CPU).values)
    assert torch.equal(before, torch.get_rng_state())


def test_another_seed_starts_elsewhere() -> None:
    assert not torch.equal(fresh(DCAI2021, 10, 0, CPU).values, fresh(DCAI2021, 10, 1, CPU).values)


def test_a_state_is_a_copy_and_goes_back_in_bit_for_bit() -> None:
    weights, other = fresh(DCAI2021, 10, 0, CPU), fresh(DCAI2021, 10, 1, CPU)
    state = weights.state()
    other.load(state)
    weights.values.zero_()
    assert all(torch.equal(state[name], tensor) for name, tensor in other.state().items())
    assert bool(state["conv1.weight"].any())


def test_every_tensor_begins_on_a_cache_line() -> None:
    weights = fresh(DCAI2021, 7, 0, CPU)
    assert all(place.start % ALIGNMENT == 0 for place in weights.places.values())
    ends = [0, *(place.stop for place in weights.places.values())]
    assert all(start >= end for start, end in zip((p.start for p in weights.places.values()), ends, strict=False))
