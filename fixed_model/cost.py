"""Arithmetic of a recipe, counted from its numbers alone: what standardised emissions are made of."""

from __future__ import annotations

from fixed_model.recipe import Recipe

GIGA = 1e9


def gflop_eval_image(recipe: Recipe) -> float:
    """One forward pass: two operations per multiply-add of every convolution. The head is left out (< 0.1 ‰)."""
    return sum(2 * macs for macs in convolutions(recipe)) / GIGA


def gflop_train_image(recipe: Recipe) -> float:
    """Forward, gradients of weights, gradients of inputs; the first convolution needs no gradient of its input."""
    macs = convolutions(recipe)
    return (6 * sum(macs) - 2 * macs[0]) / GIGA


def convolutions(recipe: Recipe) -> list[int]:
    """Multiply-adds per image of each convolution, first to last."""
    side = halved(recipe.input_size)
    macs = [side * side * recipe.stem_width * 3 * 7 * 7]
    side = halved(side)  # the pooling
    inputs = recipe.stem_width
    for stage, blocks in enumerate(recipe.blocks):
        inner = recipe.stem_width << stage
        outputs = inner * recipe.expansion
        for block in range(blocks):
            before = side * side
            if stage and not block:
                side = halved(side)
            after = side * side
            macs += [before * inputs * inner, after * inner * inner * 9, after * inner * outputs]
            if not block:
                macs.append(after * inputs * outputs)
            inputs = outputs
    return macs


def halved(side: int) -> int:
    """A side after a stride of two with the padding that all of ours have."""
    return (side + 1) // 2
