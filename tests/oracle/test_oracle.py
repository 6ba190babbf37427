"""What 65 entries gain on 1,210 public images, told by the platform's own code. Drawn from a seed: always the same.

The bounds lie between what was measured over 200 trials (docs/oracle.md), several standard errors from either.
"""

from functools import cache

import pytest

from tests.oracle.asking import TELLINGS
from tests.oracle.attacks import ATTACKS
from tests.oracle.simulation import Gain, gain

BY_NAME = {each.name: each for each in TELLINGS}
TRIALS, SEED = 30, 7


@cache
def gained(attack: str, telling: str) -> Gain:
    return gain(ATTACKS[attack], BY_NAME[telling], trials=TRIALS, seed=SEED)


def strongest(telling: str) -> float:
    return max(gained(attack, telling).public for attack in ATTACKS)


def test_whoever_is_told_everything_learns_the_public_images():
    assert gained("majority", "in full").public > 0.045
    assert strongest("in full") > 0.08


def test_four_decimals_tell_everything_since_an_image_is_worth_more():
    for attack in ATTACKS:
        assert abs(gained(attack, "4 decimals").public - gained(attack, "in full").public) < 0.002


def test_rounding_to_two_decimals_hinders_small_steps_and_not_the_vote():
    assert gained("climbing by tenths", "in full").public - gained("climbing by tenths", "2 decimals").public > 0.02
    assert strongest("2 decimals") > 0.075


@pytest.mark.parametrize("ladder", ["the ladder, 4 decimals", "the ladder, 2 decimals"])
def test_the_ladder_ends_the_votes_and_costs_the_strongest_attack_a_third(ladder):
    for vote in ("majority", "weighing"):
        assert gained(vote, ladder).public < 0.015
    assert strongest(ladder) < 0.055 < 0.08 < strongest("in full")


def test_rounding_makes_the_ladder_higher():
    assert gained("climbing by tenths", "the ladder, 4 decimals").public > 0.04
    assert gained("climbing by tenths", "the ladder, 2 decimals").public < 0.037


@pytest.mark.parametrize("telling", BY_NAME)
@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_is_gained_on_the_private_images(attack, telling):
    assert abs(gained(attack, telling).private) < 0.01
