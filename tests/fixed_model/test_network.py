"""The network is torchvision's ResNet50, started as Keras starts it."""

import math
from dataclasses import replace

import pytest
import torch
import torchvision
from torch import Tensor, nn

from fixed_model.network import Network, build, prepare
from fixed_model.recipe import DCAI2021, Recipe

WHOLE = replace(DCAI2021, name="whole", input_size=64, blocks=(3, 4, 6, 3))


class Reference(nn.Module):
    """torchvision's ResNet50 cut after layer1, with a head of its own."""

    def __init__(self, recipe: Recipe, classes: int) -> None:
        super().__init__()
        self.whole = torchvision.models.resnet50(weights=None, num_classes=classes)
        self.stages = len(recipe.blocks)
        self.whole.fc = nn.Linear(256 * 2 ** (self.stages - 1), classes)
        for module in self.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eps, module.momentum = recipe.batch_norm_eps, recipe.batch_norm_momentum

    def forward(self, x: Tensor) -> Tensor:
        whole = self.whole
        x = whole.maxpool(whole.relu(whole.bn1(whole.conv1(x))))
        for stage in range(1, self.stages + 1):
            x = getattr(whole, f"layer{stage}")(x)
        return whole.fc(whole.avgpool(x).flatten(1))


def pair(recipe: Recipe, classes: int = 10) -> tuple[Network, Reference]:
    """Ours and torchvision's with the same weights and statistics that are not the initial ones."""
    ours, theirs = build(recipe, classes, 7, torch.device("cpu")), Reference(recipe, classes)
    dice = torch.Generator().manual_seed(1)
    for name, tensor in ours.state_dict().items():
        if "running" in name:
            tensor.uniform_(0.5, 1.5, generator=dice)
    theirs.whole.load_state_dict(ours.state_dict(), strict=False)
    return ours, theirs


def some_images(count: int, size: int) -> Tensor:
    return torch.randn(count, 3, size, size, generator=torch.Generator().manual_seed(3)) * 50


@pytest.mark.parametrize("recipe", [DCAI2021, WHOLE], ids=lambda recipe: recipe.name)
def test_its_parameters_are_named_and_shaped_as_in_torchvision(recipe: Recipe) -> None:
    ours, theirs = pair(recipe)
    reference = theirs.whole.state_dict()
    assert all(reference[name].shape == tensor.shape for name, tensor in ours.state_dict().items())
    cut = {f"layer{stage}" for stage in range(len(recipe.blocks) + 1, 5)}
    left = {name for name in reference if name.split(".")[0] not in cut and not name.endswith("num_batches_tracked")}
    assert left == ours.state_dict().keys()


@pytest.mark.parametrize("recipe", [DCAI2021, WHOLE], ids=lambda recipe: recipe.name)
def test_its_logits_equal_torchvisions(recipe: Recipe) -> None:
    ours, theirs = pair(recipe)
    images = some_images(5, recipe.input_size)
    with torch.no_grad():
        assert torch.allclose(ours.eval()(images), theirs.eval()(images), rtol=1e-4, atol=1e-4)


def test_its_gradients_and_running_statistics_equal_torchvisions() -> None:
    ours, theirs = pair(DCAI2021)
    images, labels = some_images(8, 32), torch.arange(8)
    for network in (ours, theirs):
        nn.functional.cross_entropy(network.train()(images), labels).backward()
    reference = dict(theirs.whole.named_parameters())
    for name, parameter in ours.named_parameters():
        assert parameter.grad is not None
        expected = reference[name].grad
        assert expected is not None
        assert (parameter.grad - expected).abs().max() <= 1e-3 * expected.abs().max(), name
    buffers = dict(theirs.whole.named_buffers())
    for name, buffer in ours.named_buffers():
        assert torch.allclose(buffer, buffers[name], rtol=1e-5, atol=1e-5), name


def test_no_convolution_has_a_bias() -> None:
    network = build(DCAI2021, 10, 0, torch.device("cpu"))
    assert all(module.bias is None for module in network.modules() if isinstance(module, nn.Conv2d))


def test_kernels_start_glorot_uniform_and_everything_else_at_the_identity() -> None:
    for name, tensor in build(DCAI2021, 10, 0, torch.device("cpu")).state_dict().items():
        if tensor.ndim > 1:
            field = math.prod(tensor.shape[2:])
            bound = math.sqrt(6 / ((tensor.shape[0] + tensor.shape[1]) * field))
            assert 0.9 * bound < tensor.abs().max() <= bound, name
            assert tensor.std() == pytest.approx(bound / math.sqrt(3), rel=0.05), name
        else:
            assert bool((tensor == (1 if name.endswith(("weight", "running_var")) else 0)).all()), name


def test_the_same_seed_starts_the_same_whatever_happened_before() -> None:
    first = build(DCAI2021, 10, 5, torch.device("cpu")).state_dict()
    torch.manual_seed(99)
    torch.rand(1000)
    before = torch.get_rng_state()
    again = build(DCAI2021, 10, 5, torch.device("cpu")).state_dict()
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert torch.equal(before, torch.get_rng_state())


def test_another_seed_starts_elsewhere() -> None:
    one, two = (build(DCAI2021, 10, seed, torch.device("cpu")).state_dict() for seed in (0, 1))
    assert not torch.equal(one["conv1.weight"], two["conv1.weight"])


@pytest.mark.parametrize("classes", [1, 2, 37])
def test_the_number_of_classes_is_the_requests(classes: int) -> None:
    network = build(DCAI2021, classes, 0, torch.device("cpu")).eval()
    assert network(some_images(2, 32)).shape == (2, classes)


def test_input_is_bgr_minus_the_means_and_not_scaled() -> None:
    red, green, blue = 10.0, 20.0, 30.0
    pixel = torch.tensor([red, green, blue]).expand(1, 4, 4, 3)
    prepared = prepare(pixel, DCAI2021)
    assert prepared.shape == (1, 3, 4, 4)
    assert prepared[0, :, 0, 0].tolist() == pytest.approx([blue - 103.939, green - 116.779, red - 123.68])


def test_a_grey_pack_gives_the_very_input_of_its_rgb_copy() -> None:
    grey = torch.rand(6, 32, 32, 1, generator=torch.Generator().manual_seed(0)) * 255
    one, three = prepare(grey, DCAI2021), prepare(grey.repeat(1, 1, 1, 3), DCAI2021)
    assert torch.equal(one, three)
    assert one.is_contiguous(memory_format=torch.channels_last)
