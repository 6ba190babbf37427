"""A bundle of what is right in a wrong one: so that what is wrong between its fields is told with the rest, at once."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from fixpoint.recipes import known_recipes
from fixpoint.tasks.bundle_fields import TaskBundle

_LISTS = frozenset({"phases", "organizers", "baselines"})
"""Each of their items is right or wrong by itself."""
_STAND_INS = {"slug": "a", "title": "a", "classes": ["a", "b"], "hidden_test": "hidden.zip"}


@dataclass(frozen=True)
class LeastBundle:
    """`wrong` are the fields in whose place a default or a stand-in is; `phases` the numbers of those that are left."""

    bundle: TaskBundle
    wrong: frozenset[str]
    phases: tuple[int, ...]


def least_of(raw: dict[str, Any]) -> LeastBundle:
    """Of a YAML's fields, whatever they hold."""
    places = _wrong_places(raw)
    wrong = {str(place[0]) for place in places if place}
    least = {name: raw[name] for name in TaskBundle.model_fields if name in raw and name not in wrong}
    numbers: dict[str, list[int]] = {}
    for name in _LISTS & raw.keys():
        numbers[name] = _right_items(raw[name], name, places)
        if name in wrong and numbers[name]:
            least[name] = [raw[name][number] for number in numbers[name]]
    if least.get("recipe") not in known_recipes():
        least["recipe"] = known_recipes()[0]
    bundle = TaskBundle.model_validate(_STAND_INS | least)
    return LeastBundle(bundle, frozenset(wrong), tuple(numbers.get("phases", ())))


def _wrong_places(raw: dict[str, Any]) -> list[tuple[int | str, ...]]:
    try:
        TaskBundle.model_validate(raw)
    except ValidationError as error:
        return [problem["loc"] for problem in error.errors()]
    return []


def _right_items(value: object, name: str, places: Iterable[tuple[int | str, ...]]) -> list[int]:
    """None where the list itself is wrong: no list, or too long."""
    found: Collection[tuple[int | str, ...]] = [place for place in places if place[:1] == (name,)]
    if not isinstance(value, list | tuple) or any(len(place) == 1 for place in found):
        return []
    wrong = {place[1] for place in found}
    return [number for number in range(len(value)) if number not in wrong]
