"""A draft's fields as those of a bundle and back: a draft's moments are local, a bundle's have a zone."""

import zoneinfo
from datetime import datetime
from typing import Any

from fixpoint.organizing.wizard.fields import MOMENT
from fixpoint.organizing.wizard.steps import BESIDE, FILES
from fixpoint.tasks.bundle_fields import Limits, TaskBundle
from fixpoint.tasks.from_bundle import BOOK, HIDDEN, TRAINING, bundle_fields
from fixpoint.tasks.models import Draft

_MOMENTS = ("opens_at", "closes_at", "teams_until")
_SPANS = ("begins_at", "ends_at")
_NAMED = {"hidden_test": HIDDEN.name, "label_book": BOOK.name, "training_data": TRAINING.name}
_STAND_INS = {"slug": "a", "title": "a", "classes": ["a", "b"], "recipe": "", "hidden_test": HIDDEN.name}


def raw_of(draft: Draft, fields: dict[str, Any] | None = None) -> dict[str, Any]:
    """As the YAML of a bundle would be read, its files under an exported bundle's names."""
    fields = draft.fields if fields is None else fields
    raw = bundle_raw_of(fields)
    raw["organizers"] = list(dict.fromkeys([draft.owner.username, *fields.get("organizers", [])]))
    files = list(draft.files.all())
    raw |= {each.field: _NAMED[each.field] for each in files if each.field in _NAMED}
    baselines = [each for each in files if each.field == "baseline"]
    raw["baselines"] = [
        {"name": each.title, "zip": f"baseline-{n}.zip", "role": each.role} for n, each in enumerate(baselines, start=1)
    ]
    return raw


def bundle_raw_of(fields: dict[str, Any]) -> dict[str, Any]:
    """The same without files, and with nobody but whom the fields name."""
    zone = _zone(fields.get("time_zone"))
    raw: dict[str, Any] = {name: value for name, value in fields.items() if name not in Limits.model_fields}
    raw["limits"] = {name: value for name, value in fields.items() if name in Limits.model_fields}
    raw |= {name: _aware(fields[name], zone) or None for name in _MOMENTS if name in fields}
    raw["phases"] = [
        {name: _aware(value, zone) if name in _SPANS else value for name, value in each.items()}
        for each in fields.get("phases", [])
    ]
    return raw


def completed(raw: dict[str, Any], recipe: str) -> dict[str, Any]:
    """The same with something in every field that must be there: what is wrong between others can be seen already."""
    return _STAND_INS | {"recipe": recipe} | raw


def fields_of(bundle: TaskBundle, owner: str) -> dict[str, Any]:
    """What a draft of this person keeps of a bundle; its files are the draft's own matter."""
    found = bundle_fields(bundle)
    limits: dict[str, Any] = found.pop("limits")
    zone = _zone(bundle.time_zone)
    kept = {name: value for name, value in (found | limits).items() if name not in FILES | BESIDE | {"baselines"}}
    kept |= {name: _local(kept[name], zone) for name in _MOMENTS if kept.get(name)}
    kept["phases"] = [
        {name: _local(value, zone) if name in _SPANS else value for name, value in each.items() if value != ""}
        for each in kept["phases"]
    ]
    kept["organizers"] = [name for name in kept["organizers"] if name != owner]
    return kept


def _zone(name: object) -> zoneinfo.ZoneInfo:
    return zoneinfo.ZoneInfo(name) if isinstance(name, str) and name in zoneinfo.available_timezones() else _UTC


def _aware(moment: object, zone: zoneinfo.ZoneInfo) -> object:
    return datetime.fromisoformat(moment).replace(tzinfo=zone) if isinstance(moment, str) and moment else moment


def _local(moment: datetime, zone: zoneinfo.ZoneInfo) -> str:
    return moment.astimezone(zone).strftime(MOMENT)


_UTC = zoneinfo.ZoneInfo("UTC")
