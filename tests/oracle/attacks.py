"""Ways to climb a board without knowing anything of the images: what is told is all that is learned."""

from collections.abc import Callable
from functools import partial

import numpy as np

from tests.oracle.asking import Bits, Oracle

Attack = Callable[[Oracle, int, np.random.Generator], Bits]


def majority(oracle: Oracle, entries: int, draw: np.random.Generator) -> Bits:
    """The boosting attack of Blum and Hardt 2015: random guesses, then the majority of those told above one half."""
    guesses = draw.random((entries - 1, len(oracle.labels))) < 0.5
    kept = np.array([each for each in guesses if oracle.tell(each) > 0.5])
    votes = kept.mean(axis=0) if len(kept) else guesses[0].astype(float)
    voted: Bits = np.where(votes == 0.5, guesses[0], votes > 0.5)
    oracle.tell(voted)
    return voted


def weighing(oracle: Oracle, entries: int, draw: np.random.Generator) -> Bits:
    """The same, with every guess voting by how far it was told above or below the others."""
    guesses = draw.random((entries - 1, len(oracle.labels))) < 0.5
    told = np.array([oracle.tell(each) for each in guesses])
    voted: Bits = (told - told.mean()) @ np.where(guesses, 1.0, -1.0) > 0
    oracle.tell(voted)
    return voted


def climbing(oracle: Oracle, entries: int, draw: np.random.Generator, *, share: float) -> Bits:
    """Step by step: guess a share of the best entry anew, and go on from there if a better score is told."""
    best = draw.random(len(oracle.labels)) < 0.5
    told = oracle.tell(best)
    for _ in range(entries - 1):
        anew = draw.random(len(best)) < share
        guess = np.where(anew, draw.random(len(best)) < 0.5, best)
        if (score := oracle.tell(guess)) > told:
            best, told = guess, score
    return best


ATTACKS: dict[str, Attack] = {
    "majority": majority,
    "weighing": weighing,
    "climbing by tenths": partial(climbing, share=0.1),
    "climbing by fifths": partial(climbing, share=0.2),
}
