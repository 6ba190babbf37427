"""A task as an organizer writes it: the YAML that `manage.py task_import` reads, beside its zips."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Hashable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from fixpoint.dispatch.queues import ANY, DEVICES, WORKERS_PATTERN
from fixpoint.energy.constants import GRID_G_PER_KWH, PUE
from fixpoint.recipes import known_recipes

FILES = ("hidden_test", "label_book", "training_data")
UNFIT_FOR_FOLDERS = frozenset('/\\:*?"<>|')
"""Letters that some file system refuses in a name."""
MOST_SEEDS = 20

Text = Annotated[str, Field(strict=True)]


class BundleError(Exception):
    """The file cannot become a task; `problems` holds every reason, a sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class Limits(BaseModel):
    """What an entry may be and use. Whole mebibytes, megapixels, gibibytes, seconds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    max_images: int = Field(10_000, ge=1, le=100_000)
    max_archive_mib: int = Field(1024, ge=1, le=4096)
    max_image_mib: int = Field(20, ge=1, le=200)
    max_image_megapixels: int = Field(50, ge=1, le=500)
    ingest_seconds: int = Field(900, ge=10, le=43_200)
    train_seconds: int = Field(3 * 3600, ge=10, le=7 * 86_400)
    predict_seconds: int = Field(600, ge=10, le=43_200)
    memory_gib: int = Field(4, ge=1, le=512)
    cpus: int = Field(2, ge=1, le=256)
    processes: int = Field(256, ge=64, le=4096)
    entries_per_day: int = Field(5, ge=1)
    entries_total: int = Field(100, ge=1)
    max_storage_gib: int = Field(0, ge=0, le=100_000)


class TaskBundle(BaseModel):
    """One task. Paths are relative to the YAML in the file and whole once loaded; dates without a zone are UTC."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    slug: Text = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)
    title: Text = Field(min_length=1, max_length=120)
    summary: Text = Field("", max_length=300)
    description: Text = ""
    rules: Text = ""
    classes: tuple[Text, ...] = Field(min_length=2, max_length=1000)
    recipe: Text
    seed: int = Field(0, ge=0, le=2**31 - MOST_SEEDS)  # so that the last of them fits into 31 bits too
    seeds: int = Field(1, ge=1, le=MOST_SEEDS)
    limits: Limits = Limits()
    workers: Text = Field("", pattern=rf"^$|{WORKERS_PATTERN}")  # whose queues its jobs wait in
    device: Literal["any", "cpu", "gpu"] = ANY
    accuracy_floor: float = Field(0.0, ge=0.0, le=1.0)
    public_share: float = Field(1.0, gt=0.0, le=1.0)  # of the hidden images; the rest decides at the end
    score_decimals: int = Field(4, ge=1, le=6)
    ladder: bool = False
    counting: Literal["best", "chosen"] = "best"
    max_chosen: int = Field(2, ge=1, le=100)
    takes_late_entries: bool = False
    grid_g_per_kwh: float = Field(GRID_G_PER_KWH, gt=0.0, allow_inf_nan=False)
    pue: float = Field(PUE, ge=1.0, allow_inf_nan=False)
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    hidden_test: Path
    label_book: Path | None = None
    training_data: Path | None = None

    @field_validator("classes")
    @classmethod
    def _one_unicode_form(cls, classes: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(unicodedata.normalize("NFC", name) for name in classes)

    @field_validator("workers")
    @classmethod
    def _no_device(cls, name: str) -> str:
        if name in DEVICES:
            raise ValueError(f"{name!r} names a device: choose another name for these workers, or set 'device'")
        return name

    @field_validator("opens_at", "closes_at")
    @classmethod
    def _with_a_zone(cls, moment: datetime | None) -> datetime | None:
        return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


class _Loader(yaml.SafeLoader):
    """YAML without its silence about a key that stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key, count in Counter(str(key) for key in keys).items():
            if count > 1:
                problem = f"the key '{key}' stands {count} times"
                raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark)
        return super().construct_mapping(node, deep)


def load_bundle(path: Path) -> TaskBundle:
    """The task with whole paths. Raises BundleError with all that is wrong at once: syntax, fields, recipe, files."""
    raw = _yaml(path)
    schema = _schema_problems(raw)
    problems = schema + _class_problems(raw) + _recipe_problems(raw) + _date_problems(raw, schema)
    problems += _file_problems(raw, path.parent)
    if problems:
        raise BundleError(problems)
    bundle = TaskBundle.model_validate(raw)
    whole = {name: path.parent / found for name in FILES if (found := getattr(bundle, name)) is not None}
    return bundle.model_copy(update=whole)


def _yaml(path: Path) -> dict[str, Any]:
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - derived from SafeLoader
    except OSError as error:
        raise BundleError([f"{path.name} cannot be read: {error.strerror}."]) from error
    except UnicodeDecodeError as error:
        raise BundleError([f"{path.name} is not text in UTF-8."]) from error
    except yaml.YAMLError as error:
        raise BundleError([f"{path.name} is not valid YAML: {error}"]) from error
    if not isinstance(raw, dict):
        raise BundleError([f"{path.name} must hold fields such as 'slug: …', one a line."])
    return raw


def _schema_problems(raw: dict[str, Any]) -> list[str]:
    try:
        TaskBundle.model_validate(raw)
    except ValidationError as error:
        return [_plain(problem["loc"], problem["type"], problem["msg"], problem["input"]) for problem in error.errors()]
    return []


def _plain(place: tuple[int | str, ...], kind: str, message: str, value: object) -> str:
    """pydantic's finding as a sentence that an organizer can act on."""
    field = " of ".join(f"item {part + 1}" if isinstance(part, int) else f"'{part}'" for part in reversed(place))
    known = {
        "missing": f"{field} is missing.",
        "extra_forbidden": f"{field} is not a field of a task: check its spelling.",
        "string_type": f"{field} must be text: YAML reads {value!r} as something else, so put it in quotes.",
        "string_pattern_mismatch": f"{field} is lower-case letters, digits and single hyphens, such as 'my-task'.",
    }
    return known.get(kind, f"{field}: {message[:1].lower()}{message[1:]} (it is {value!r}).")


def _class_problems(raw: dict[str, Any]) -> list[str]:
    names = [name for name in _listed(raw.get("classes")) if isinstance(name, str)]
    folded = Counter(unicodedata.normalize("NFC", name).casefold() for name in names)
    twice = [f"The class '{name}' stands twice (capitals do not count)." for name, count in folded.items() if count > 1]
    unfit = [f"The class {name!r} cannot be a folder's name." for name in names if not _is_folder_name(name)]
    return twice + unfit


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_folder_name(name: str) -> bool:
    is_plain = name.isprintable() and UNFIT_FOR_FOLDERS.isdisjoint(name)
    return is_plain and name == name.strip() and name not in ("", ".", "..")


def _recipe_problems(raw: dict[str, Any]) -> list[str]:
    name = raw.get("recipe")
    if not isinstance(name, str) or name in known_recipes():
        return []
    return [f"The recipe '{name}' is unknown; known are {', '.join(known_recipes())}."]


def _date_problems(raw: dict[str, Any], schema: list[str]) -> list[str]:
    if schema:
        return []
    bundle = TaskBundle.model_validate(raw)
    if bundle.opens_at and bundle.closes_at and bundle.closes_at <= bundle.opens_at:
        return [f"The task closes ({bundle.closes_at}) before it opens ({bundle.opens_at})."]
    return []


def _file_problems(raw: dict[str, Any], folder: Path) -> list[str]:
    named = [(field, raw[field]) for field in FILES if isinstance(raw.get(field), str)]
    return [f"'{field}': there is no file {name}." for field, name in named if not (folder / name).is_file()]
