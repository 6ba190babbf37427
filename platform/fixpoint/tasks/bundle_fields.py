"""The fields of a task's bundle: names, types, ranges and what each means. The JSON Schema is made of these."""

from __future__ import annotations

import unicodedata
import zoneinfo
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

from fixpoint.dispatch.queues import ANY, DEVICES, WORKERS_PATTERN
from fixpoint.energy.constants import GRID_G_PER_KWH, PUE

MOST_SEEDS = 20
MOST_BASELINES = 20
RESERVED = frozenset({"new"})
"""Slugs that are addresses of their own."""
_FORBIDDEN = frozenset(chr(code) for code in (*range(32), 127) if chr(code) not in "\t\n")


def _plain_text(text: str) -> str:
    """As it is kept: lines end in one way, and nothing in it is invisible on purpose."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not _FORBIDDEN.isdisjoint(text) or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise ValueError(_("it holds a control character: leave it out"))
    return text


def _utc(moment: datetime) -> datetime:
    """The same moment in UTC, to a second: an exported bundle reads as the one that it came from."""
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)
    except OverflowError as error:
        raise ValueError(_("it lies outside of the calendar: choose another date")) from error


def _lines(text: str) -> str:
    if "\n" in text:
        raise ValueError(_("it is one line: leave out the line breaks"))
    return text


Text = Annotated[str, Field(strict=True), AfterValidator(_plain_text)]
Line = Annotated[Text, AfterValidator(_lines)]
Moment = Annotated[datetime, AfterValidator(_utc)]
_FIXED = ConfigDict(extra="forbid", frozen=True)


class Limits(BaseModel):
    """What an entry may be and use. Whole mebibytes, megapixels, gibibytes, seconds."""

    model_config = _FIXED

    max_images: int = Field(10_000, ge=1, le=100_000, description="Of train and val together.")
    max_archive_mib: int = Field(1024, ge=1, le=4096, description="Of the zip.")
    max_image_mib: int = Field(20, ge=1, le=200)
    max_image_megapixels: int = Field(50, ge=1, le=500)
    ingest_seconds: int = Field(900, ge=10, le=43_200, description="To read one archive.")
    train_seconds: int = Field(3 * 3600, ge=10, le=7 * 86_400, description="Of one seed.")
    predict_seconds: int = Field(600, ge=10, le=43_200, description="Of one seed, over all hidden images.")
    memory_gib: int = Field(4, ge=1, le=512)
    cpus: int = Field(2, ge=1, le=256, description="Also how many seeds are trained side by side.")
    processes: int = Field(256, ge=64, le=4096)
    entries_per_day: int = Field(5, ge=1, le=1_000_000, description="Of a team in any 24 hours.")
    entries_total: int = Field(100, ge=1, le=1_000_000, description="Of a team in all.")
    max_storage_gib: int = Field(0, ge=0, le=100_000, description="Of one person's zips; 0: the site's limit alone.")
    entries_per_week: int = Field(0, ge=0, le=1_000_000, description="Of a team in any 7 days; 0: no such limit.")
    entries_at_once: int = Field(0, ge=0, le=1_000_000, description="Of a team, waiting or running; 0: no such limit.")


class PhaseBundle(BaseModel):
    """A stretch of the task's time with limits of its own; between phases no entries are taken."""

    model_config = _FIXED

    name: Line = Field(min_length=1, max_length=60)
    begins_at: Moment
    ends_at: Moment
    entries_per_day: int | None = Field(None, ge=1, le=1_000_000, description="None: as many as in the task.")
    entries_total: int | None = Field(None, ge=1, le=1_000_000, description="Of a team within it; none: no limit.")
    note: Line = Field("", max_length=300)


class BaselineBundle(BaseModel):
    """A dataset that is entered by itself, for the first of the organizers."""

    model_config = _FIXED

    name: Line = Field(min_length=1, max_length=120)
    zip: Path
    role: Literal["baseline", "reference"] = "baseline"


class TaskBundle(BaseModel):
    """One task. Paths are relative to the YAML in the file and whole once loaded; dates without a zone are UTC."""

    model_config = _FIXED

    slug: Text = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60, description="The task's address.")
    title: Line = Field(min_length=1, max_length=120)
    summary: Line = Field("", max_length=300)
    description: Text = ""
    rules: Text = ""
    eligibility: Text = Field("", description="Who may take part.")
    prizes: Text = ""
    faq: Text = Field("", description="Questions and answers beside those that the settings answer.")
    awards: tuple[Annotated[Line, Field(min_length=1, max_length=80)], ...] = Field((), max_length=20)
    organizers: tuple[Line, ...] = Field((), max_length=50, description="Usernames; nobody: all who run tasks.")
    visibility: Literal["public", "unlisted", "private"] = "public"
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
    max_team_size: int = Field(5, ge=1, le=1000, description="People in a team; 1: everybody alone.")
    grid_g_per_kwh: float = Field(GRID_G_PER_KWH, gt=0.0, allow_inf_nan=False)
    pue: float = Field(PUE, ge=1.0, allow_inf_nan=False)
    time_zone: Text = Field("UTC", description="An IANA name, such as Europe/Vienna: in it the dates are told.")
    opens_at: Moment | None = None
    closes_at: Moment | None = None
    teams_until: Moment | None = Field(None, description="From then on teams stay as they are.")
    phases: tuple[PhaseBundle, ...] = Field((), max_length=50)
    hidden_key: str | None = Field(
        None, pattern=r"^[0-9a-f]{64}$", description="Parts and orders the hidden images; drawn where there is none."
    )
    hidden_test: Path
    label_book: Path | None = None
    training_data: Path | None = None
    baselines: tuple[BaselineBundle, ...] = Field((), max_length=MOST_BASELINES)

    @field_validator("slug")
    @classmethod
    def _not_reserved(cls, slug: str) -> str:
        if slug in RESERVED:
            raise ValueError(_("this is an address of the site's own: choose another one"))
        return slug

    @field_validator("classes")
    @classmethod
    def _one_unicode_form(cls, classes: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(unicodedata.normalize("NFC", name) for name in classes)

    @field_validator("workers")
    @classmethod
    def _no_device(cls, name: str) -> str:
        if name in DEVICES:
            raise ValueError(
                _("%(name)s names a device: choose another name for these workers, or set 'device'")
                % {"name": f"{name!r}"}
            )
        return name

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name not in zoneinfo.available_timezones():
            raise ValueError(_("this is no IANA time zone: write it as Europe/Vienna or UTC"))
        return name


def bundle_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of the YAML."""
    schema = TaskBundle.model_json_schema(mode="validation")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | schema | {"title": "Fixpoint task"}
