"""The locked recipes: every number that shapes a result, frozen, one comment each."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Recipe:
    """All numbers of one model. `blocks` cuts ResNet50: (3,) is its stem and layer1, (3, 4, 6, 3) all of it."""

    name: str
    input_size: int  # pixels a side; every image is resized to this square, aspect ignored
    blocks: tuple[int, ...]  # bottleneck blocks per residual stage that is kept
    stem_width: int  # channels after the first convolution
    expansion: int  # channels out of a bottleneck = its inner width times this
    bgr_means: tuple[float, float, float]  # subtracted after RGB→BGR; nothing is divided
    batch_norm_eps: float  # Keras writes it into ResNet50, not its own default of 1e-3
    batch_norm_momentum: float  # share of the new batch in the running statistics (Keras: 1 - 0.99)
    learning_rate: float  # Adam's, constant
    adam_betas: tuple[float, float]  # decay of the first and second moment
    adam_eps: float  # Keras' epsilon, added before the bias correction of the second moment
    epochs: int  # full passes over train
    batch: int  # images per step; the last, short batch of an epoch is kept
    eval_batch: int  # images per forward pass where nothing is learned: as many as a core's cache holds


DCAI2021 = Recipe(
    name="resnet50-dcai2021",
    input_size=32,
    blocks=(3,),
    stem_width=64,
    expansion=4,
    bgr_means=(103.939, 116.779, 123.68),
    batch_norm_eps=1.001e-5,
    batch_norm_momentum=0.01,
    learning_rate=1e-4,
    adam_betas=(0.9, 0.999),
    adam_eps=1e-7,
    epochs=100,
    batch=8,
    eval_batch=16,
)

DCAI2021_QUICK = replace(DCAI2021, name="resnet50-dcai2021-quick", epochs=5)

FULL_64 = replace(
    DCAI2021, name="resnet50-full-64", input_size=64, blocks=(3, 4, 6, 3), epochs=50, batch=32, eval_batch=128
)

FULL_224 = replace(FULL_64, name="resnet50-full-224", input_size=224)

RECIPES = {recipe.name: recipe for recipe in (DCAI2021, DCAI2021_QUICK, FULL_64, FULL_224)}
