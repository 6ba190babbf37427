"""The environment is read once, and what makes no sense is refused by name."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from worker.settings import REPOSITORY, SettingsError, countries, grids, read

LEAST = {
    "FIXPOINT_BROKER_URL": "redis://:secret@localhost:6379/0",
    "FIXPOINT_PLATFORM_URL": "https://fixpoint.example/",
    "FIXPOINT_WORKER_SCRATCH": "scratch",
}


def test_three_variables_are_enough() -> None:
    settings = read(LEAST)

    assert (settings.sandbox, settings.queues, settings.model_image) == (
        "auto",
        ("ingest", "evaluate", "evaluate.cpu"),
        "fixpoint-model",
    )
    assert (settings.model_python, settings.model_path) == (sys.executable, REPOSITORY)
    assert settings.scratch == Path("scratch").absolute()
    assert settings.platform_url == "https://fixpoint.example"
    assert (settings.gpu, settings.codecarbon, settings.watts_per_core) == (False, True, None)


@pytest.mark.parametrize("name", LEAST)
def test_each_of_the_three_is_needed_and_named(name: str) -> None:
    with pytest.raises(SettingsError, match=name):
        read({key: value for key, value in LEAST.items() if key != name})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FIXPOINT_BROKER_URL", "amqp://guest:secret@localhost"),
        ("FIXPOINT_PLATFORM_URL", "fixpoint.example"),
        ("FIXPOINT_SANDBOX", "chroot"),
        ("FIXPOINT_COUNTRY_ISO", "XXX"),
        ("FIXPOINT_COUNTRY_ISO", "de"),
        ("FIXPOINT_WATTS_PER_CORE", "much"),
        ("FIXPOINT_WATTS_PER_CORE", "-4"),
        ("FIXPOINT_WATTS_PER_CORE", "nan"),
        ("FIXPOINT_GPU", "perhaps"),
        ("FIXPOINT_QUEUES", " , "),
        ("FIXPOINT_WORKER_CACHE_BYTES", "0"),
        ("FIXPOINT_EXCLUSIVE_HOST", "mostly"),
        ("FIXPOINT_WALL_METER", "/run/meter"),
        ("FIXPOINT_WALL_METER", "file:/run/meter"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(name)) as refused:
        read(LEAST | {name: value})

    assert "secret" not in str(refused.value)


def test_every_variable_is_heeded() -> None:
    settings = read(
        LEAST
        | {
            "FIXPOINT_WORKER_NAME": "gpu-1",
            "FIXPOINT_SANDBOX": "docker",
            "FIXPOINT_MODEL_IMAGE": "model:2",
            "FIXPOINT_QUEUES": "evaluate, evaluate.private",
            "FIXPOINT_WATTS_PER_CORE": "6.5",
            "FIXPOINT_COUNTRY_ISO": "FRA",
            "FIXPOINT_DOCKER_RUNTIME": "runsc",
            "FIXPOINT_GPU": "1",
        }
    )

    assert (settings.name, settings.sandbox, settings.model_image) == ("gpu-1", "docker", "model:2")
    assert settings.queues == ("evaluate", "evaluate.private")
    assert (settings.watts_per_core, settings.country_iso) == (6.5, "FRA")
    assert (settings.docker_runtime, settings.gpu) == ("runsc", True)


def test_codecarbons_table_is_read_without_importing_codecarbon() -> None:
    assert {"DEU", "FRA", "USA"} <= countries()
    assert len(countries()) > 150


def test_a_wall_meter_is_believed_on_a_host_where_nothing_else_runs() -> None:
    settings = read(LEAST | {"FIXPOINT_EXCLUSIVE_HOST": "yes", "FIXPOINT_WALL_METER": "command:/usr/local/bin/plug"})

    assert (settings.exclusive_host, settings.wall_meter) == (True, "command:/usr/local/bin/plug")


@pytest.mark.parametrize(
    ("country", "told", "has_grid"), [("", "", False), ("FRA", "FRA", True), ("CAF", "CAF", False)]
)
def test_where_a_worker_stands_is_what_it_was_told_and_never_a_default(country: str, told: str, has_grid: bool) -> None:
    settings = read(LEAST | ({"FIXPOINT_COUNTRY_ISO": country} if country else {}))

    assert (settings.country, settings.country_g_per_kwh is not None) == (told, has_grid)


def test_a_countrys_grid_is_that_of_codecarbons_table() -> None:
    assert read(LEAST | {"FIXPOINT_COUNTRY_ISO": "FRA"}).country_g_per_kwh == grids()["FRA"]
    assert 0 < grids()["FRA"] < grids()["POL"]
