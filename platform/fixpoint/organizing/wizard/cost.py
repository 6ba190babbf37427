"""What a run of a task that is being made will cost: at its largest, and of a tenth of that."""

from dataclasses import dataclass
from typing import Any

from fixpoint.energy.estimates import (
    grams,
    predicted_seconds,
    standardised_cpu_seconds,
    standardised_kwh,
    work_of_entry,
)
from fixpoint.organizing.wizard.steps import default_of
from fixpoint.recipes import known_recipes, recipe_facts

_HIDDEN = 1000
"""Images, where nobody has counted them yet: they cost little beside those of training."""
_TRAIN = 0.8


@dataclass(frozen=True)
class RunCost:
    """Of so many images, four of five in train: wall clock on the reference host and standardised figures."""

    images: int
    seconds: float
    kwh: float
    grams: float


def run_costs(fields: dict[str, Any]) -> list[RunCost]:
    """By what a draft holds, defaults for the rest; none where the recipe is not known."""

    def value(name: str) -> Any:
        return fields.get(name, default_of(name))

    recipe = fields.get("recipe")
    if recipe not in known_recipes():
        return []
    facts, costs = recipe_facts(recipe), []
    for images in sorted({max(10, value("max_images") // 10), value("max_images")}):
        train = round(images * _TRAIN)
        gflop = work_of_entry(facts, train=train, val=images - train, hidden=_HIDDEN, seeds=value("seeds"))
        megapixels = (images + _HIDDEN) * facts.input_size**2 / 1e6
        kwh = standardised_kwh(gflop, megapixels)
        seconds = predicted_seconds(standardised_cpu_seconds(gflop, megapixels), value("seeds"), value("cpus"))
        costs.append(RunCost(images, seconds, kwh, grams(kwh, value("grid_g_per_kwh"), value("pue"))))
    return costs
