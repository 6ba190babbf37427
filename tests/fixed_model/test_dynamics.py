"""What training teaches of each image: computed by hand beside it, in the pack's order, small and nearly free."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from fixed_model.cost import gflop_eval_image, gflop_train_image
from fixed_model.dynamics import HALF_MAX, Dynamics
from fixed_model.predict import Folded, predict
from fixed_model.recipe import DCAI2021, RECIPES, Recipe
from fixed_model.stores import plain
from fixed_model.train import Examples, Trained, permutation, train
from fixed_model.weights import Weights, fresh
from tests.fixed_model.packs import contents

CPU = torch.device("cpu")
N, V, K, EPOCHS, F = 9, 4, 3, 2, 256
LABELS = torch.tensor([0, 1, 2, 1])


def examples(count: int, seed: int) -> Examples:
    arrays = contents(count, 0, K, seed=seed)
    images = torch.from_numpy(arrays["images"]).permute(0, 2, 3, 1).contiguous()
    return Examples(images, torch.from_numpy(arrays["labels"]))


TRAIN, VAL = examples(N, 0), examples(V, 1)


def trained(recipe: Recipe) -> Trained:
    return train(recipe, TRAIN, VAL, classes=K, seed=0, device=CPU, on_epoch=lambda _epoch: None)


@pytest.fixture(scope="module")
def result() -> Trained:
    return trained(replace(DCAI2021, epochs=EPOCHS))


@pytest.fixture(scope="module")
def kept(result: Trained) -> Weights:
    weights = fresh(DCAI2021, K, 99, CPU)
    weights.load(result.weights)
    return weights


def told(dynamics: Dynamics) -> dict[str, Tensor]:
    """All that is told of scripted epochs; the network that looks back is any."""
    folded = Folded(fresh(DCAI2021, K, 0, CPU), DCAI2021)
    return dynamics.tensors(folded, torch.zeros(len(dynamics.labels), 32, 32, 1), torch.zeros(1, 32, 32, 1))


def logits_with(margins: list[float], labels: Tensor) -> Tensor:
    """Logits whose label stands above (or below) the best of the others by the margin given."""
    logits = torch.full((len(labels), K), -3.0)
    logits.scatter_(1, ((labels + 1) % K)[:, None], 1.0)
    return logits.scatter(1, labels[:, None], torch.tensor(margins)[:, None] + 1)


def test_margins_are_the_labels_logit_minus_the_largest_other() -> None:
    dynamics = Dynamics(1, LABELS)
    logits = torch.tensor([[2.0, 0.5, -1.0], [2.0, 0.5, -1.0], [2.0, 0.5, -1.0], [-4.0, -1.0, -2.0]])
    dynamics.note(1, torch.arange(4), logits)
    assert dynamics.margins.tolist() == [[1.5, -1.5, -3.0, 1.0]]


def test_margins_stand_in_the_packs_order_whatever_order_was_learned_in() -> None:
    dynamics, logits = Dynamics(3, LABELS), torch.randn(4, K, generator=torch.Generator().manual_seed(0))
    dynamics.note(1, torch.arange(4), logits)
    for epoch in (2, 3):
        order = permutation(4, 0, epoch)
        dynamics.note(epoch, order, logits[order])
    assert torch.equal(dynamics.margins[0], dynamics.margins[1])
    assert torch.equal(dynamics.margins[0], dynamics.margins[2])


def test_an_image_is_forgotten_as_often_as_it_was_right_and_then_wrong() -> None:
    script = [[-1.0, 1.0, 1.0, -1.0], [-1.0, 1.0, -1.0, 1.0], [-1.0, 1.0, 1.0, -1.0], [-1.0, 1.0, -1.0, 0.0]]
    dynamics = Dynamics(4, LABELS)
    for epoch, margins in enumerate(script, 1):
        dynamics.note(epoch, torch.arange(4), logits_with(margins, LABELS))
    found = told(dynamics)
    assert found["correct"].tolist() == [0, 4, 2, 1]  # a tie is not right
    assert found["forgotten"].tolist() == [0, 0, 2, 1]
    assert found["aum"].tolist() == [-1.0, 1.0, 0.0, -0.25]


def test_a_single_epoch_forgets_nothing() -> None:
    dynamics = Dynamics(1, LABELS)
    dynamics.note(1, torch.arange(4), logits_with([1.0, -1.0, 2.0, 3.0], LABELS))
    assert told(dynamics)["forgotten"].tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize(("logit", "margin"), [(1e30, HALF_MAX), (-1e30, -HALF_MAX)])
def test_a_margin_beyond_float16_is_clamped(logit: float, margin: float) -> None:
    dynamics = Dynamics(1, LABELS)
    dynamics.note(1, torch.arange(4), logits_with([logit] * 4, LABELS))
    assert dynamics.margins.tolist() == [[margin] * 4]
    assert bool(told(dynamics)["aum"].isfinite().all())


def test_with_a_single_class_there_is_no_other_and_the_margin_is_the_largest() -> None:
    dynamics = Dynamics(1, torch.zeros(2, dtype=torch.int64))
    dynamics.note(1, torch.arange(2), torch.zeros(2, 1))
    assert dynamics.margins.tolist() == [[HALF_MAX] * 2]


def test_a_feature_beyond_float16_is_clamped(result: Trained) -> None:
    weights = fresh(DCAI2021, K, 0, CPU)
    weights.load(
        {name: tensor * (1e6 if name == "layer1.2.bn3.bias" else 1) for name, tensor in result.weights.items()}
    )
    weights.value("layer1.2.bn3.bias").fill_(1e6)
    features = Dynamics(1, TRAIN.labels).tensors(Folded(weights, DCAI2021), TRAIN.images, VAL.images)["features"]
    assert features.max() == HALF_MAX


def test_shapes_and_types_are_those_of_the_docstring(result: Trained) -> None:
    assert {name: (tuple(tensor.shape), tensor.dtype) for name, tensor in result.dynamics.items()} == {
        "margins": ((EPOCHS, N), torch.float16),
        "aum": ((N,), torch.float32),
        "correct": ((N,), torch.int16),
        "forgotten": ((N,), torch.int16),
        "val_probabilities": ((V, K), torch.float32),
        "features": ((N, F), torch.float16),
        "val_features": ((V, F), torch.float16),
    }


def test_probabilities_are_those_of_the_weights_that_were_kept(result: Trained, kept: Weights) -> None:
    probabilities = result.dynamics["val_probabilities"]
    assert torch.equal(probabilities, torch.softmax(predict(kept, VAL.images, DCAI2021), 1))
    assert torch.allclose(probabilities.sum(1), torch.ones(V))


def test_features_are_those_that_prediction_sees(result: Trained, kept: Weights) -> None:
    folded = Folded(kept, DCAI2021)
    with torch.inference_mode():
        assert torch.equal(result.dynamics["features"], folded.features(TRAIN.images).half())
        assert torch.equal(result.dynamics["val_features"], folded.features(VAL.images).half())


def test_a_training_that_stands_still_has_the_same_margins_in_every_epoch() -> None:
    # One batch holds all images and nothing moves: only the order of the rows differs between the epochs.
    margins = trained(replace(DCAI2021, epochs=2, batch=32, learning_rate=0.0)).dynamics["margins"].float()
    assert permutation(N, 0, 1).tolist() != permutation(N, 0, 2).tolist()
    assert torch.allclose(margins[0], margins[1], atol=0.02)
    assert len(set(margins[0].tolist())) == N


def test_a_file_of_the_full_recipe_stays_below_a_kilobyte_for_an_image() -> None:
    images, val, epochs = 10_000, 2_500, DCAI2021.epochs
    sizes = {"margins": 2 * epochs, "aum": 4, "correct": 2, "forgotten": 2, "features": 2 * F}
    assert images * sum(sizes.values()) + val * (2 * F + 4 * 10) < 1000 * (images + val)


def test_a_file_holds_nothing_but_the_numbers_promised(result: Trained) -> None:
    train_bytes, val_bytes = 2 * EPOCHS + 4 + 2 + 2 + 2 * F, 2 * F + 4 * K
    assert len(plain(result.dynamics)) <= N * train_bytes + V * val_bytes + 1024


@pytest.mark.parametrize("name", [name for name in RECIPES if not name.endswith("quick")])
@pytest.mark.parametrize(("images", "val"), [(2_000, 500), (9_999, 1), (1, 9_999)])
def test_looking_back_costs_at_most_two_percent_of_the_arithmetic(name: str, images: int, val: int) -> None:
    recipe = RECIPES[name]
    training = recipe.epochs * (images * gflop_train_image(recipe) + val * gflop_eval_image(recipe))
    assert (images + val) * gflop_eval_image(recipe) <= 0.02 * training
