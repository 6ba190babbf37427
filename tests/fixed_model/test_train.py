"""Training: Keras' arithmetic, the same bits every time, and a defined end for any data."""

from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import functional

from fixed_model import train as training
from fixed_model.predict import Folded, predict
from fixed_model.recipe import DCAI2021, Recipe
from fixed_model.step import Step
from fixed_model.train import DivergedError, Epoch, Examples, Trained, permutation, train
from fixed_model.weights import fresh


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


def test_the_last_short_batch_of_an_epoch_is_kept(cpu: torch.device, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    real = training.Step.learn

    def learn(step: Step, images: Tensor, labels: Tensor) -> Tensor:
        sizes.append(len(images))
        return real(step, images, labels)

    monkeypatch.setattr(training.Step, "learn", learn)
    trained(replace(DCAI2021, epochs=2), cpu, examples(19))
    assert sizes == [8, 8, 3, 8, 8, 3]


def test_an_epochs_figures_are_those_of_the_images_as_they_came_by(cpu: torch.device) -> None:
    data = examples(19)
    weights = fresh(DCAI2021, 3, 0, cpu)
    order = permutation(19, 0, 1)
    with torch.inference_mode():
        step = Step(weights, DCAI2021)
        logits = torch.cat([step.learn(data.images[rows], data.labels[rows]) for rows in torch.split(order, 8)])
    expected = functional.cross_entropy(logits, data.labels[order]).item()
    _, [epoch] = trained(replace(DCAI2021, epochs=1), cpu, data)
    assert epoch.loss == pytest.approx(expected, rel=1e-6)
    assert epoch.accuracy == int((logits.argmax(1) == data.labels[order]).sum()) / 19


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
    rights = iter([1, 3, 2, 3, 3])  # the last one is the look back
    val = examples(6, seed=1)

    def scripted(folded: Folded, features: Tensor) -> Tensor:
        right = next(rights)
        wrong = (val.labels + 1) % 3
        answers = torch.where(torch.arange(6) < right, val.labels, wrong)
        return functional.one_hot(answers, 3).float()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Folded, "logits", scripted)
        result, epochs = trained(replace(DCAI2021, epochs=4), cpu, val=val)
    assert [round(epoch.val_accuracy * 6) for epoch in epochs] == [1, 3, 2, 3]
    assert result.best == epochs[1]


def test_the_weights_kept_are_those_that_scored(cpu: torch.device, brief: Recipe) -> None:
    val = examples(6, seed=1)
    result, _ = trained(brief, cpu, val=val)
    weights = fresh(brief, 3, 99, cpu)
    weights.load(result.weights)
    right = (predict(weights, val.images, brief).argmax(1) == val.labels).float().mean().item()
    assert right == pytest.approx(result.best.val_accuracy)


def test_it_learns(cpu: torch.device) -> None:
    _, epochs = trained(replace(DCAI2021, epochs=5), cpu, examples(64))
    assert epochs[-1].loss < epochs[0].loss / 2
    assert epochs[-1].accuracy > 0.9 > epochs[0].accuracy


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
