"""The stack of docker-compose.yml, from images to a score: one stack for all tests of this file."""

import subprocess
import time
from collections.abc import Iterator

import pytest

from demo.bundle import Amounts, DemoFiles, generate
from tests.compose.project import BUILT, LASTING, ONCE, ROOT, Project, build_standins
from tests.support.visitor import Visitor

pytestmark = [pytest.mark.docker, pytest.mark.stack, pytest.mark.timeout(1500)]

TASK = "roman-demo"
UP = dict.fromkeys(LASTING, "healthy") | dict.fromkeys(ONCE, "exited 0")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """A stack that is up, ended with everything that it made."""
    project = Project(scratch=tmp_path_factory.mktemp("scratch"))
    build_standins()
    project.compose("build", *BUILT, seconds=1200)
    try:
        project.compose("up", "-d", "--no-build")
        wait_until_up(project)
        yield project
    finally:
        project.compose("down", "-v", "-t", "5", "--remove-orphans")
        assert project.leftovers() == ""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> DemoFiles:
    """A small competition in Roman numerals, readable for the user in the container."""
    folder = tmp_path_factory.mktemp("bundle")
    files = generate(folder, Amounts(train=20, val=5, hidden=10, wrong_label_rate=0.1), seed=7)
    folder.chmod(0o755)
    return files


@pytest.fixture(scope="module")
def scored(project: Project, files: DemoFiles) -> Iterator[tuple[Visitor, str]]:
    """Somebody whose entry has gone all the way, and the path of its page."""
    bundle = f"{files.bundle.parent}:/bundle:ro"
    manage = ("run", "--rm", "--no-deps", "-T", "-v", bundle, "web", "manage")
    said = project.compose(*manage, "task_import", "/bundle/roman-demo.yaml", "--wait")
    assert f"Task '{TASK}' is open." in said
    with Visitor(project.url, "someone") as someone:
        someone.sign_up()
        dataset = someone.upload(files.cleaned, task=TASK)
        someone.wait(dataset, "Accepted", seconds=300)
        entry = someone.enter(dataset)
        someone.wait(entry, "Scored", seconds=600)
        yield someone, entry


def wait_until_up(project: Project) -> None:
    deadline = time.monotonic() + 600
    while project.states() != UP and time.monotonic() < deadline:
        time.sleep(1)
    if project.states() != UP:
        raise AssertionError(f"{project.states()}\n{project.compose('logs', '--no-color', '--tail', '40')}")


def rows(project: Project, query: str) -> str:
    """What PostgreSQL itself answers."""
    return project.compose(
        "exec", "-T", "postgres", "psql", "-h", "/var/run/postgresql", "-U", "fixpoint", "-Atc", query
    ).strip()


def test_an_entry_over_http_is_scored_on_postgresql_by_a_worker_in_the_docker_sandbox(
    project: Project, scored: tuple[Visitor, str]
) -> None:
    someone, entry = scored

    assert 0 <= someone.accuracy(entry) <= 100
    assert f'href="{entry}">someone<' in someone.look(f"/tasks/{TASK}/board/")
    assert rows(project, "select status from submissions_submission") == "scored"
    assert rows(project, "select provenance ->> 'sandbox' from submissions_run") == "docker"


def test_a_worker_reads_its_own_secret_and_does_not_find_the_database(project: Project) -> None:
    assert project.compose("exec", "-T", "worker", "ls", "/run/fixpoint").split() == [
        "broker_password",
        "broker_url",
        "worker_token",
    ]
    look = "import socket\ntry: socket.getaddrinfo('postgres', 5432)\nexcept socket.gaierror: print('unknown')"
    assert project.compose("exec", "-T", "worker", "python", "-c", look).strip() == "unknown"


def test_the_broker_turns_away_whoever_has_no_account(project: Project) -> None:
    assert "NOAUTH" in project.compose("exec", "-T", "redis", "redis-cli", "ping")


def test_a_workers_account_takes_jobs_and_administers_nothing(project: Project, scored: tuple[Visitor, str]) -> None:
    look = (
        "import os, redis\nclient = redis.Redis.from_url(os.environ['FIXPOINT_BROKER_URL'])\n"
        "for words in ('KEYS *', 'CONFIG GET *', 'FLUSHALL', 'ACL LIST', 'LRANGE evaluate 0 -1', 'LPUSH platform x'):\n"
        "    try: client.execute_command(*words.split())\n    except redis.exceptions.NoPermissionError: continue\n"
        "    print(words)"
    )
    assert project.compose("exec", "-T", "worker", "with-secrets", "python", "-c", look) == ""


def test_an_account_of_ones_own_gets_into_redis_as_operations_tell(project: Project) -> None:
    said = project.compose("exec", "-T", "web", "manage", "worker_account", "lab", "--queues", "evaluate.lab")
    [line] = [each for each in said.splitlines() if each.startswith("user lab ")]
    [address] = [each.partition("=")[2] for each in said.splitlines() if each.startswith("FIXPOINT_BROKER_URL=")]
    keep = f"echo '{line}' >> /secrets/redis/more.acl"
    load = "REDISCLI_AUTH=$(cat /run/fixpoint/password) redis-cli --user operator ACL LOAD"

    project.compose("run", "--rm", "-T", "init", "sh", "-c", keep)
    project.compose("run", "--rm", "-T", "init")
    assert "OK" in project.compose("exec", "-T", "redis", "sh", "-c", load)

    look = (
        f"import redis\nclient = redis.Redis.from_url({address!r})\nclient.rpush('evaluate.lab', 'x')\n"
        "print(client.brpop(['evaluate.lab'], 1))\ntry: client.rpush('evaluate', 'x')\n"
        "except redis.exceptions.NoPermissionError: print('refused')"
    )
    assert "refused" in project.compose("exec", "-T", "worker", "python", "-c", look)
    wait_until_up(project)


def test_the_worker_that_trains_holds_its_device_where_every_worker_of_the_host_sees_it(project: Project) -> None:
    lock = project.scratch / "device-cpu.lock"
    second = "FIXPOINT_WORKER_SCRATCH=" + str(project.scratch / "second")

    assert lock.read_text() == f"{project.name}-evaluate"
    command = ("docker-compose", "-p", project.name, "exec", "-T", "-e", second, "worker", "with-secrets")
    ended = subprocess.run(
        [*command, "python", "-m", "worker"], cwd=ROOT, env=project.environment(), capture_output=True, text=True,
        timeout=300,
    )  # fmt: skip
    assert ended.returncode == 1
    assert f"{project.name}-evaluate evaluates on the device cpu of this host already" in ended.stdout + ended.stderr


def test_both_doctors_find_all_well_under_their_accounts(project: Project) -> None:
    said = project.compose("exec", "-T", "web", "manage", "doctor", "--json")
    said += project.compose("exec", "-T", "worker", "with-secrets", "python", "-m", "worker", "doctor", "--json")
    assert said.count('"ok": true') == 2


def test_the_platform_does_not_run_as_root_and_has_no_torch(project: Project) -> None:
    assert project.compose("exec", "-T", "web", "id", "-u").strip() == "10001"
    look = "from importlib.util import find_spec; print(find_spec('torch'))"
    assert project.compose("exec", "-T", "web", "python", "-c", look).strip() == "None"


def test_the_command_manage_knows_the_secrets_when_it_is_called_in_a_running_container(project: Project) -> None:
    project.compose("exec", "-T", "web", "manage", "migrate", "--check")

    with pytest.raises(AssertionError, match="run-the-command-manage"):
        project.compose("exec", "-T", "web", "python", "manage.py", "migrate", "--check")


def test_what_is_stored_and_drawn_outlives_the_containers(
    project: Project, scored: tuple[Visitor, str], files: DemoFiles
) -> None:
    someone, entry = scored
    before = someone.digest(entry, "Weights")
    key = project.compose("exec", "-T", "web", "sha256sum", "/run/fixpoint/secret_key")

    project.compose("down", "-t", "5")
    project.compose("up", "-d", "--no-build")
    wait_until_up(project)

    assert someone.digest(entry, "Weights") == before
    assert someone.http.get("/me/").url.path == "/me/"  # the session still holds
    assert project.compose("exec", "-T", "web", "sha256sum", "/run/fixpoint/secret_key") == key
