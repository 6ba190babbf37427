"""Training: Keras' arithmetic, the same bits every time, and a defined end for any data."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import functional

from fixed_model import train as training
from fixed_model.network import build, prepare
from fixed_model.predict import predict
from fixed_model.recipe import DCAI2021, Recipe
from fixed_model.train import DivergedError, Epoch, Examples, Trained, permutation, train


def examples(count: int, classes: int = 3, seed: int = 0, channels: int = 1) -> Examples:
    """Noise with a bright bar that shows the label."""
    dice = torch.Generator().manual_seed(seed)
    images = torch.rand(count, 32, 32, channels, generator=dice) * 60
    labels = torch.arange(count) % classes
    for image, label in zip(images, labels.tolist(), strict=True):
        image[4 * label : 4 * label + 4] = 255
    return Examples(images, labels)


def trained(
    recipe: Recipe, cpu: torch.device, data: Examples | None = None, val: Examples | None = None, seed: int = 0
) -> tuple[Trained, list[Epoch]]:
    epochs: list[Epoch] = []
    data, val = data or examples(20), val or examples(6, seed=1)
    return train(recipe, data, val, classes=3, seed=seed, device=cpu, on_epoch=epochs.append), epochs


def same(one: dict[str, Tensor], two: dict[str, Tensor]) -> bool:
    return one.keys() == two.keys() and all(torch.equal(one[name], two[name]) for name in one)


# --- the arithmetic ---


def keras_adam(weight: np.ndarray, gradients: list[np.ndarray], recipe: Recipe) -> np.ndarray:
    """Adam as Keras writes it, in double precision."""
    first, second = np.zeros_like(weight), np.zeros_like(weight)
    beta1, beta2 = recipe.adam_betas
    for step, gradient in enumerate(gradients, 1):
        first += (gradient - first) * (1 - beta1)
        second += (gradient**2 - second) * (1 - beta2)
        rate = recipe.learning_rate * math.sqrt(1 - beta2**step) / (1 - beta1**step)
        weight = weight - rate * first / (np.sqrt(second) + recipe.adam_eps)
    return weight


def test_two_steps_move_the_weights_as_keras_adam_does(cpu: torch.device) -> None:
    recipe = replace(DCAI2021, epochs=2)
    data = examples(8)
    gradients: list[dict[str, np.ndarray]] = []

    def note(gradient_of: torch.nn.Module) -> None:
        gradients.append({n: p.grad.numpy().astype(float) for n, p in gradient_of.named_parameters()})

    network = build(recipe, 3, 0, cpu)
    start = {name: parameter.detach().numpy().astype(float) for name, parameter in network.named_parameters()}
    for epoch in (1, 2):
        if epoch == 2:
            network.load_state_dict(trained(replace(recipe, epochs=1), cpu, data, data)[0].weights)
        rows = permutation(8, 0, epoch)
        network.train().zero_grad()
        functional.cross_entropy(network(prepare(data.images[rows], recipe)), data.labels[rows]).backward()
        note(network)
    last = train_to_the_end(recipe, cpu, data)
    for name, weight in start.items():
        expected = keras_adam(weight, [gradient[name] for gradient in gradients], recipe)
        assert np.abs(last[name].numpy() - expected).max() < 2e-6, name


def train_to_the_end(recipe: Recipe, cpu: torch.device, data: Examples) -> dict[str, Tensor]:
    """The weights after the last epoch, by a val set whose accuracy the last epoch alone reaches or exceeds."""
    snapshots: list[dict[str, Tensor]] = []
    real = training.predict

    def spy(network: torch.nn.Module, images: Tensor, asked: Recipe) -> Tensor:
        snapshots.append({name: tensor.clone() for name, tensor in network.state_dict().items()})
        return real(network, images, asked)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "predict", spy)
        trained(recipe, cpu, data, data)
    return snapshots[-1]


def test_the_last_short_batch_of_an_epoch_is_kept(cpu: torch.device) -> None:
    sizes: list[int] = []
    real = training.prepare
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "prepare", lambda images, recipe: (sizes.append(len(images)), real(images, recipe))[1])
        trained(replace(DCAI2021, epochs=2), cpu, examples(19))
    assert sizes == [8, 8, 3, 8, 8, 3]


@given(count=st.integers(1, 500), seed=st.integers(0, 2**31), epoch=st.integers(1, 1000))
def test_an_epoch_sees_every_row_once(count: int, seed: int, epoch: int) -> None:
    assert sorted(permutation(count, seed, epoch).tolist()) == list(range(count))


def test_the_order_depends_on_seed_and_epoch_and_on_nothing_else() -> None:
    torch.manual_seed(1)
    first = permutation(100, 0, 1)
    torch.manual_seed(2)
    assert torch.equal(first, permutation(100, 0, 1))
    others = [permutation(100, seed, epoch).tolist() for seed in range(4) for epoch in range(1, 5)]
    assert len({tuple(order) for order in others}) == 16


def test_the_best_epoch_on_val_is_kept_and_the_first_wins_a_tie(cpu: torch.device) -> None:
    rights = iter([1, 3, 2, 3])
    val = examples(6, seed=1)

    def scripted(network: torch.nn.Module, images: Tensor, recipe: Recipe) -> Tensor:
        right = next(rights)
        wrong = (val.labels + 1) % 3
        answers = torch.where(torch.arange(6) < right, val.labels, wrong)
        return functional.one_hot(answers, 3).float()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "predict", scripted)
        result, epochs = trained(replace(DCAI2021, epochs=4), cpu, val=val)
    assert [round(epoch.val_accuracy * 6) for epoch in epochs] == [1, 3, 2, 3]
    assert result.best == epochs[1]


def test_the_weights_kept_are_those_that_scored(cpu: torch.device, brief: Recipe) -> None:
    val = examples(6, seed=1)
    result, _ = trained(brief, cpu, val=val)
    network = build(brief, 3, 99, cpu)
    network.load_state_dict(result.weights)
    right = (predict(network, val.images, brief).argmax(1) == val.labels).float().mean().item()
    assert right == pytest.approx(result.best.val_accuracy)


def test_it_learns(cpu: torch.device) -> None:
    _, epochs = trained(replace(DCAI2021, epochs=5), cpu, examples(64))
    assert epochs[-1].loss < epochs[0].loss / 2
    assert epochs[-1].accuracy > 0.9 > epochs[0].accuracy


def test_prediction_does_not_depend_on_how_rows_are_batched(cpu: torch.device) -> None:
    network = build(DCAI2021, 3, 0, cpu)
    images = examples(10).images
    apart = predict(network, images, replace(DCAI2021, eval_batch=3))
    assert torch.allclose(predict(network, images, DCAI2021), apart, atol=1e-4)


# --- the same bits ---


def test_the_same_data_and_seed_give_the_same_bits(cpu: torch.device, brief: Recipe) -> None:
    one, epochs = trained(brief, cpu)
    torch.manual_seed(123)
    torch.rand(10)
    two, again = trained(brief, cpu)
    assert same(one.weights, two.weights)
    assert epochs == again


def test_another_seed_gives_other_bits(cpu: torch.device, brief: Recipe) -> None:
    assert not same(trained(brief, cpu, seed=0)[0].weights, trained(brief, cpu, seed=1)[0].weights)


def test_grey_and_its_rgb_copy_give_the_same_bits(cpu: torch.device, brief: Recipe) -> None:
    grey = examples(20)
    colour = Examples(grey.images.repeat(1, 1, 1, 3), grey.labels)
    assert same(trained(brief, cpu, grey)[0].weights, trained(brief, cpu, colour)[0].weights)


def test_the_number_of_epochs_to_come_does_not_change_those_that_were(cpu: torch.device) -> None:
    _, short = trained(replace(DCAI2021, epochs=2), cpu)
    _, long = trained(replace(DCAI2021, epochs=4), cpu)
    assert long[:2] == short


# --- any data ---


def alike(count: int, value: float) -> Examples:
    return Examples(torch.full((count, 32, 32, 1), value), torch.arange(count) % 3)


@pytest.mark.parametrize(
    ("data", "val"),
    [
        (examples(3), examples(6, seed=1)),
        (examples(1), examples(1, seed=1)),
        (examples(9), examples(1, seed=1)),
        (examples(12, classes=1), examples(6, seed=1)),
        (examples(12, classes=2), examples(6, seed=1)),
        (alike(9, 0.0), alike(6, 255.0)),
        (alike(9, 255.0), alike(1, 255.0)),
        (examples(9, channels=3), examples(3, seed=1, channels=3)),
    ],
    ids=[
        "one image a class",
        "one image in all",
        "val of one image",
        "one class only",
        "an empty class",
        "all black",
        "all white",
        "colour",
    ],
)
def test_odd_data_still_ends_in_a_defined_result(
    cpu: torch.device, brief: Recipe, data: Examples, val: Examples
) -> None:
    result, epochs = trained(brief, cpu, data, val)
    assert len(epochs) == 3
    assert all(bool(tensor.isfinite().all()) for tensor in result.weights.values())
    assert 0 <= result.best.val_accuracy <= 1


def test_a_loss_that_is_no_number_ends_the_training_at_once(cpu: torch.device) -> None:
    epochs: list[Epoch] = []
    broken = replace(DCAI2021, epochs=5, learning_rate=float("inf"))
    with pytest.raises(DivergedError, match="1"):
        train(broken, examples(20), examples(6), classes=3, seed=0, device=cpu, on_epoch=epochs.append)
    assert epochs == []
