"""What the worker is told by its environment: read once, and refused loudly where it makes no sense."""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from worker.device import CPU, FIRST_GPU, is_device

WALL_METERS = ("file:", "command:")
SANDBOXES = ("auto", "docker", "bubblewrap", "process")
REPOSITORY = Path(__file__).resolve().parent.parent


class SettingsError(ValueError):
    """A variable is missing or makes no sense; the sentence names it."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs from one worker to the next."""

    broker_url: str
    platform_url: str
    name: str
    token: str = field(repr=False)
    scratch: Path
    sandbox: str
    model_image: str
    model_python: str
    model_path: Path
    queues: tuple[str, ...]
    watts_per_core: float | None
    country_iso: str
    country: str
    country_g_per_kwh: float | None
    exclusive_host: bool
    wall_meter: str
    docker_runtime: str
    gpu: bool
    device: str
    cache_bytes: int
    codecarbon: bool


def read(environ: Mapping[str, str]) -> Settings:
    """Turn environment variables into Settings, or raise SettingsError naming the first that is wrong."""
    gpu = _flag(environ, "FIXPOINT_GPU", default=False)
    country = environ.get("FIXPOINT_COUNTRY_ISO", "")
    exclusive = _flag(environ, "FIXPOINT_EXCLUSIVE_HOST", default=False)
    return Settings(
        broker_url=_url(environ, "FIXPOINT_BROKER_URL", schemes=("redis", "rediss", "memory")),
        platform_url=_url(environ, "FIXPOINT_PLATFORM_URL", schemes=("http", "https")).rstrip("/"),
        name=environ.get("FIXPOINT_WORKER_NAME") or socket.gethostname(),
        token=environ.get("FIXPOINT_WORKER_TOKEN", "").strip(),
        scratch=Path(_required(environ, "FIXPOINT_WORKER_SCRATCH")).absolute(),
        sandbox=_choice(environ, "FIXPOINT_SANDBOX", "auto", SANDBOXES),
        model_image=environ.get("FIXPOINT_MODEL_IMAGE") or "fixpoint-model",
        model_python=environ.get("FIXPOINT_MODEL_PYTHON") or sys.executable,
        model_path=Path(environ.get("FIXPOINT_MODEL_PATH") or REPOSITORY).absolute(),
        queues=_names(environ, "FIXPOINT_QUEUES", f"ingest,evaluate,evaluate.{'gpu' if gpu else 'cpu'}"),
        watts_per_core=_watts(environ, "FIXPOINT_WATTS_PER_CORE"),
        # Only kWh are taken from CodeCarbon, which the country does not move; it must be a code that CodeCarbon knows.
        country_iso=_choice(environ, "FIXPOINT_COUNTRY_ISO", "DEU", countries()),
        country=country,
        country_g_per_kwh=grids().get(country) or None,  # nought is a gap of the table, not a grid
        exclusive_host=exclusive,
        wall_meter=_wall_meter(environ, "FIXPOINT_WALL_METER", exclusive=exclusive),
        docker_runtime=environ.get("FIXPOINT_DOCKER_RUNTIME", ""),
        gpu=gpu,
        device=_device(environ, "FIXPOINT_DEVICE", gpu=gpu),
        cache_bytes=_positive_int(environ, "FIXPOINT_WORKER_CACHE_BYTES", 10 * 1024**3),
        codecarbon=_flag(environ, "FIXPOINT_CODECARBON", default=True),
    )


@cache
def current() -> Settings:
    """The settings of this process."""
    return read(os.environ)


def countries() -> frozenset[str]:
    """The ISO codes in CodeCarbon's own table."""
    return frozenset(grids())


@cache
def grids() -> dict[str, float]:
    """Grams of CO2 per kWh by country, of CodeCarbon's table; to import it would cost an idle worker memory."""
    spec = find_spec("codecarbon")
    if spec is None or spec.origin is None:
        raise SettingsError("The package codecarbon is not installed; the worker's extra brings it.")
    table = Path(spec.origin).parent / "data" / "private_infra" / "global_energy_mix.json"
    return {code: mix["carbon_intensity"] for code, mix in json.loads(table.read_text()).items()}


def _required(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "").strip()
    if not value:
        raise SettingsError(f"{name} is not set.")
    return value


def _url(environ: Mapping[str, str], name: str, *, schemes: tuple[str, ...]) -> str:
    # The value itself may hold a password, so it is not repeated, nor what a library says of it.
    value = _required(environ, name)
    try:
        address = urlsplit(value)
        _ = address.port
    except ValueError:
        raise SettingsError(f"{name} is no address; in a password / # ? @ [ ] are written as %2F %23 …") from None
    if address.scheme not in schemes:
        raise SettingsError(f"{name} must be an address beginning with one of: {', '.join(schemes)}.")
    return value


def _choice(environ: Mapping[str, str], name: str, default: str, allowed: tuple[str, ...] | frozenset[str]) -> str:
    value = environ.get(name) or default
    if value not in allowed:
        raise SettingsError(f"{name} is {value!r}, which is none of: {', '.join(sorted(allowed))}.")
    return value


def _names(environ: Mapping[str, str], name: str, default: str) -> tuple[str, ...]:
    names = tuple(part.strip() for part in (environ.get(name) or default).split(",") if part.strip())
    if not names:
        raise SettingsError(f"{name} names no queue.")
    return names


def _watts(environ: Mapping[str, str], name: str) -> float | None:
    value = environ.get(name)
    if not value:
        return None
    try:
        watts = float(value)
    except ValueError as error:
        raise SettingsError(f"{name} is {value!r}, which is not a number.") from error
    if not 0 < watts < 1000:
        raise SettingsError(f"{name} is {value!r}; watts per core lie between 0 and 1000.")
    return watts


def _wall_meter(environ: Mapping[str, str], name: str, *, exclusive: bool) -> str:
    value = environ.get(name, "").strip()
    if value and not value.startswith(WALL_METERS):
        raise SettingsError(f"{name} is {value!r}; it is file:PATH or command:PROGRAM and its arguments.")
    if value and not exclusive:
        raise SettingsError(
            f"{name} counts the whole machine: set FIXPOINT_EXCLUSIVE_HOST too, where nothing else runs."
        )
    return value


def _device(environ: Mapping[str, str], name: str, *, gpu: bool) -> str:
    value = environ.get(name) or (FIRST_GPU if gpu else CPU)
    if not is_device(value, gpu=gpu):
        kind = "gpu0, gpu1 … or a GPU's UUID with FIXPOINT_GPU" if gpu else "cpu, cpu1 … without FIXPOINT_GPU"
        raise SettingsError(f"{name} is {value!r}; it names {kind}.")
    return value


def _positive_int(environ: Mapping[str, str], name: str, default: int) -> int:
    value = environ.get(name) or str(default)
    if not value.isascii() or not value.isdigit() or int(value) == 0:
        raise SettingsError(f"{name} is {value!r}, which is not a whole number above 0.")
    return int(value)


def _flag(environ: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = environ.get(name, "").strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    if value:
        raise SettingsError(f"{name} is {value!r}; say yes or no.")
    return default
