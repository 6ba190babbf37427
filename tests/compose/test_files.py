"""What the compose files say, as docker-compose understands them."""

import hashlib
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from fixpoint.broker_accounts import OPERATOR, PLATFORM, WORKER, accounts_file, hash_of
from fixpoint.celery import CHORES, SWEEPS
from tests.compose.project import BUILT, LASTING, ONCE, ROOT

pytestmark = pytest.mark.docker
TWO_MINUTES = 120
"""So long Caddy keeps a connection to a site that rests; nginx one minute, httpx five seconds."""


def config(folder: Path, *files: str) -> dict[str, Any]:
    """The project as docker-compose reads these files, nothing set in the environment nor in a file .env."""
    named = [word for file in ("docker-compose.yml", *files) for word in ("-f", file)]
    nothing = folder / "empty.env"
    nothing.touch()
    command = ["docker-compose", "--env-file", str(nothing), *named, "config"]
    bare = {"PATH": "/usr/local/bin:/usr/bin:/bin"}
    done = subprocess.run(command, cwd=ROOT, env=bare, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return yaml.safe_load(done.stdout)


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    return config(tmp_path_factory.mktemp("compose"))["services"]


def volumes(service: dict[str, Any]) -> dict[str, str]:
    """Sources by their place in the container; the mode is cut off."""
    return {each.split(":")[1]: each.split(":")[0] for each in service.get("volumes", [])}


def test_the_services_are_those_that_operations_tell_of(services: dict[str, dict[str, Any]]) -> None:
    assert sorted(services) == sorted(LASTING + ONCE)


def test_a_machine_that_starts_again_brings_back_what_lasts_and_nothing_else(
    services: dict[str, dict[str, Any]],
) -> None:
    assert {name: services[name]["restart"] for name in LASTING} == dict.fromkeys(LASTING, "unless-stopped")
    assert {name: services[name]["restart"] for name in ONCE} == dict.fromkeys(ONCE, "no")


def test_everything_that_lasts_is_asked_for_its_health(services: dict[str, dict[str, Any]]) -> None:
    assert [name for name in LASTING if "healthcheck" not in services[name]] == []


def test_only_the_site_is_published_and_only_on_loopback(services: dict[str, dict[str, Any]]) -> None:
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}

    assert published == {"web": ["127.0.0.1:8000:8000/tcp"]}


def test_the_web_waits_for_the_migrations_and_the_workers_for_the_web(services: dict[str, dict[str, Any]]) -> None:
    assert services["migrate"]["depends_on"]["postgres"]["condition"] == "service_healthy"
    for name in ("web", "platform-jobs", "platform-chores", "beat"):
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    for name in ("worker", "worker-ingest"):
        assert services[name]["depends_on"]["web"]["condition"] == "service_healthy"
        assert services[name]["depends_on"]["model"]["condition"] == "service_completed_successfully"


def test_a_web_process_that_a_busy_machine_holds_up_is_not_killed_with_all_that_it_answers(
    services: dict[str, dict[str, Any]],
) -> None:
    command = services["web"]["command"]
    patience = int(command[command.index("--timeout-worker-healthcheck") + 1])

    assert patience >= 20
    # uvicorn asks one process after the other, and hears of no end meanwhile.
    assert int(services["web"]["stop_grace_period"].removesuffix("s")) >= 2 * patience + 20


def test_the_web_does_not_end_a_connection_that_a_proxy_still_keeps(services: dict[str, dict[str, Any]]) -> None:
    command = services["web"]["command"]

    assert int(command[command.index("--timeout-keep-alive") + 1]) > TWO_MINUTES


def test_redis_writes_down_what_it_holds_and_wants_an_account(services: dict[str, dict[str, Any]]) -> None:
    words = services["redis"]["command"]

    assert words[words.index("--appendonly") + 1] == "yes"
    assert words[words.index("--maxmemory-policy") + 1] == "noeviction"
    assert words[1] == "/run/fixpoint/redis.conf"
    assert "aclfile /run/fixpoint/users.acl" in (ROOT / "docker/draw-secrets").read_text()
    assert volumes(services["redis"])["/data"] == "redis"


def test_redis_is_made_anew_where_the_rules_of_its_accounts_change(services: dict[str, dict[str, Any]]) -> None:
    rules = accounts_file(dict.fromkeys((OPERATOR, PLATFORM, WORKER), hash_of("")))

    assert services["redis"]["environment"]["RULES"] == hashlib.sha256(rules.encode()).hexdigest()[:8]


def test_the_platforms_own_queues_have_a_service_each(services: dict[str, dict[str, Any]]) -> None:
    commands = {name: services[name]["command"] for name in ("platform-jobs", "platform-chores")}

    queues = {name: words[words.index("-Q") + 1] for name, words in commands.items()}
    assert queues == {"platform-jobs": SWEEPS, "platform-chores": CHORES}


def test_no_secret_stands_in_the_file(services: dict[str, dict[str, Any]]) -> None:
    environment = services["web"]["environment"]

    assert "FIXPOINT_SECRET_KEY" not in environment
    assert environment["FIXPOINT_DATABASE_URL"].count(":") == 1
    assert services["postgres"]["environment"]["POSTGRES_PASSWORD_FILE"] == "/run/fixpoint/password"
    assert "POSTGRES_PASSWORD" not in services["postgres"]["environment"]


def test_a_worker_has_neither_blobs_nor_the_platforms_secrets_nor_a_way_to_the_database(
    services: dict[str, dict[str, Any]],
) -> None:
    for name in ("worker", "worker-ingest"):
        assert sorted(volumes(services[name]).values()) == [
            "/var/lib/fixpoint/scratch", "/var/run/docker.sock", "worker-secrets",
        ]  # fmt: skip
        assert list(services[name]["networks"]) == ["queue"]
    assert list(services["postgres"]["networks"]) == ["database"]


def test_a_workers_scratch_is_at_the_same_path_on_both_sides(services: dict[str, dict[str, Any]]) -> None:
    for name in ("worker", "worker-ingest"):
        scratch = services[name]["environment"]["FIXPOINT_WORKER_SCRATCH"]
        [(inside, outside)] = [pair for pair in volumes(services[name]).items() if scratch.startswith(pair[0])]
        assert inside == outside


def test_only_the_workers_hold_the_engines_socket(services: dict[str, dict[str, Any]]) -> None:
    holding = [name for name, service in services.items() if "/var/run/docker.sock" in volumes(service)]

    assert sorted(holding) == ["worker", "worker-ingest"]


def test_each_image_is_built_from_the_same_base(services: dict[str, dict[str, Any]]) -> None:
    for name in BUILT:
        assert services[name]["build"]["args"] == {"BASE": "python:3.11-slim-bookworm"}
    assert {service["image"] for service in services.values() if "build" in service} == {
        services[name]["image"] for name in BUILT
    }


def test_with_the_second_file_training_asks_for_the_gpus_and_reading_images_does_not(tmp_path: Path) -> None:
    services = config(tmp_path, "docker-compose.gpu.yml")["services"]

    [device] = services["worker"]["deploy"]["resources"]["reservations"]["devices"]
    assert device == {"driver": "nvidia", "count": "all", "capabilities": ["gpu", "utility"]}
    assert services["worker"]["environment"]["FIXPOINT_GPU"] == "1"
    assert services["worker"]["environment"]["FIXPOINT_QUEUES"] == "evaluate,evaluate.gpu"
    assert "deploy" not in services["worker-ingest"]
    assert "FIXPOINT_GPU" not in services["worker-ingest"]["environment"]


def test_workers_reach_a_store_of_s3_only_with_the_file_that_says_so(tmp_path: Path) -> None:
    services = config(tmp_path, "docker-compose.s3.yml")["services"]

    for name in ("worker", "worker-ingest"):
        assert sorted(services[name]["networks"]) == ["outside", "queue"]
        assert not [each for each in services[name]["environment"] if "S3" in each]


def test_the_stores_variables_reach_whoever_opens_it_and_its_key_only_as_a_file(
    services: dict[str, dict[str, Any]],
) -> None:
    for name in ("web", "platform-jobs"):
        assert {"FIXPOINT_S3_BUCKET", "FIXPOINT_S3_SECRET_KEY_FILE"} <= set(services[name]["environment"])
        assert "FIXPOINT_S3_SECRET_KEY" not in services[name]["environment"]


def test_without_the_second_file_nobody_asks_for_a_device(services: dict[str, dict[str, Any]]) -> None:
    assert [name for name, service in services.items() if "deploy" in service] == []
    assert services["worker"]["environment"]["FIXPOINT_GPU"] is None
