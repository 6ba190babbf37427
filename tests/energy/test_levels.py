"""Pages tell the bands that the workers' meters give."""

from fixpoint.energy.levels import LEVELS
from fixpoint.pages.templatetags import states
from worker.meters import bands


def test_every_level_has_the_bands_of_the_meters():
    told = {level.code: level.bands for level in LEVELS}
    assert told == {
        "M3": (bands.WALL,),
        "M2": (bands.COUNTERS,),
        "M1": (bands.CALIBRATED, bands.UNCALIBRATED),
        "M0": (bands.MODEL,),
    }


def test_every_level_has_its_words():
    assert states.LEVELS.keys() == {level.code for level in LEVELS}
