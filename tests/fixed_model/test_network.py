"""One step of ours against torchvision's network and autograd, in both kits: the CPU's and the GPU's."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import torch
from torch.nn import functional

from fixed_model.direct import OrderedPool
from fixed_model.layers import Pool, blank, rows
from fixed_model.network import CPU as ON_CPU
from fixed_model.network import GPU as AS_ON_GPU
from fixed_model.network import Kit, Network
from fixed_model.recipe import DCAI2021, Recipe
from tests.fixed_model.references import CPU, ODD, WHOLE, pair, some_images

CHANNELS = pytest.mark.parametrize("channels", [1, 3], ids=["grey", "RGB"])
SMALLEST = replace(WHOLE, input_size=32)  # its last stage has one pixel a side
KITS = pytest.mark.parametrize("kit", [ON_CPU, AS_ON_GPU], ids=["the CPU's way", "the GPU's way"])


@pytest.fixture
def double() -> Iterator[None]:
    """Both sides in float64: in float32 a ReLU's input within rounding of zero may fall to either side of it."""
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


def differences(recipe: Recipe, kit: Kit, batch: int, channels: int) -> dict[str, float]:
    """To torchvision: the largest of the logits, of any gradient by its tensor's largest, of running statistics."""
    weights, theirs = pair(recipe)
    images, labels = some_images(batch, recipe.input_size, channels=channels), torch.arange(batch) % 10
    expected = theirs.train()(images.expand(-1, -1, -1, 3))
    functional.cross_entropy(expected, labels).backward()
    with torch.inference_mode():
        logits = Network(weights, recipe, batch, channels, kit).learn(images, labels)
    gradients = {name: tensor.grad for name, tensor in theirs.whole.named_parameters() if tensor.grad is not None}
    found, buffers = weights.tensors(weights.gradients), dict(theirs.whole.named_buffers())
    assert found.keys() == gradients.keys()
    return {
        "logits": float((logits - expected.detach()).abs().max()),
        "gradients": max(float((found[n] - gradients[n]).abs().max() / gradients[n].abs().max()) for n in found),
        "statistics": max(float((one - buffers[n]).abs().max()) for n, one in weights.statistics.items()),
    }


@KITS
@CHANNELS
@pytest.mark.parametrize(("recipe", "batch"), [(DCAI2021, 8), (DCAI2021, 3), (DCAI2021, 1), (ODD, 5), (ODD, 1)])
def test_a_step_is_torchvisions_and_autograds(
    double: None, recipe: Recipe, kit: Kit, batch: int, channels: int
) -> None:
    assert all(difference < 1e-9 for difference in differences(recipe, kit, batch, channels).values())


@KITS
@pytest.mark.parametrize(
    ("recipe", "batch", "channels"), [(WHOLE, 3, 3), (SMALLEST, 8, 1)], ids=["at 64 px", "at 32 px, grey"]
)
def test_a_step_of_the_whole_network_is_torchvisions_and_autograds(
    double: None, recipe: Recipe, kit: Kit, batch: int, channels: int
) -> None:
    assert all(difference < 1e-9 for difference in differences(recipe, kit, batch, channels).values())


@KITS
@CHANNELS
def test_a_step_in_float32_is_theirs_up_to_rounding(kit: Kit, channels: int) -> None:
    found = differences(DCAI2021, kit, 8, channels)
    assert found["logits"] < 1e-4
    assert found["gradients"] < 1e-3
    assert found["statistics"] < 1e-5


@KITS
@CHANNELS
def test_a_second_batch_leaves_nothing_of_the_first(kit: Kit, channels: int) -> None:
    weights, _ = pair(ODD)
    images, labels = some_images(10, ODD.input_size, channels=channels), torch.arange(10)
    with torch.inference_mode():
        used = Network(weights, ODD, 5, channels, kit)
        used.learn(images[:5], labels[:5])
        again = used.learn(images[5:], labels[5:])
        gradients = weights.gradients.clone()
        weights, _ = pair(ODD)
        assert torch.equal(again, Network(weights, ODD, 5, channels, kit).learn(images[5:], labels[5:]))
    assert torch.equal(gradients, weights.gradients)


@pytest.mark.parametrize("classes", [1, 2, 37])
def test_the_number_of_classes_is_the_requests(classes: int) -> None:
    weights, _ = pair(DCAI2021, classes)
    labels = torch.arange(4) % classes
    with torch.inference_mode():
        assert Network(weights, DCAI2021, 4, 3, ON_CPU).learn(some_images(4, 32), labels).shape == (4, classes)


def test_images_that_lie_otherwise_are_refused() -> None:
    x = blank(3, 4, 2, torch.zeros(1), rows_outermost=True)
    with pytest.raises(ValueError, match=r"\[N, H, W, C\]"):
        Pool(x)
    with pytest.raises(ValueError, match="neither"):
        rows(x[:, :, 1:3])


@pytest.mark.parametrize("side", [16, 15])
def test_the_pooling_that_adds_in_order_gives_torchs_gradient(side: int) -> None:
    dice = torch.Generator().manual_seed(0)
    x = torch.randint(0, 4, (2, side, side, 3), generator=dice).float()  # many ties: the first place wins
    pooled = (side + 1) // 2
    gradient = torch.randn(2, pooled, pooled, 3, generator=dice)
    below = []
    for kind in (Pool, OrderedPool):
        pool = kind(x)
        pool.forward()
        below.append(pool.backward(gradient))
    assert torch.allclose(below[0], below[1], atol=1e-6)


@CHANNELS
def test_what_a_recipe_subtracts_reaches_the_input(channels: int) -> None:
    moved = replace(DCAI2021, bgr_means=(0.0, 116.779, 123.68))
    weights, _ = pair(DCAI2021)
    images, labels = some_images(2, 32, channels=channels), torch.arange(2)
    with torch.inference_mode():
        one, two = (Network(weights, recipe, 2, channels, ON_CPU).learn(images, labels) for recipe in (DCAI2021, moved))
    assert not torch.allclose(one, two)
    assert weights.values.device == CPU
