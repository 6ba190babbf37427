"""Accounts as text: the lines, what is refused, and what the command prints."""

import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from fixpoint.broker_accounts import (
    OPERATOR,
    PLATFORM,
    PLATFORM_BOOKS,
    WORKER,
    WORKER_COMMANDS,
    accounts_file,
    hash_of,
    worker_account,
)
from worker.broker import books

ROOT = Path(__file__).resolve().parents[2]
HASH = hash_of("a password")
DANGEROUS = {
    "keys", "scan", "flushall", "flushdb", "config", "acl", "script", "eval", "evalsha", "debug", "publish",
    "subscribe", "psubscribe", "monitor", "shutdown", "client", "del", "unlink", "rename", "lrange", "hgetall",
    "set", "get", "info",
}  # fmt: skip


def test_a_workers_account_names_its_queues_and_its_own_books_and_nothing_with_a_wildcard():
    words = worker_account("lab", HASH, ["evaluate.lab", "evaluate.lab.gpu"]).split()

    keys = {word[1:] for word in words if word.startswith("~")}
    assert keys == {"evaluate.lab", "evaluate.lab.gpu", "unacked:lab", "unacked_index:lab", "unacked_mutex:lab"}
    assert words[:5] == ["user", "lab", "on", f"#{HASH}", "resetchannels"]
    assert not [word for word in words if "*" in word or "&" in word or word.startswith("+@")]


def test_no_command_that_lists_deletes_publishes_or_runs_scripts_is_a_workers():
    assert set(WORKER_COMMANDS) & DANGEROUS == set()


@pytest.mark.parametrize("name", ["", "default", "platform", "operator", "Lab", "a b", "a" * 41, "lab\nuser evil on"])
def test_a_name_that_is_none_or_is_ours_is_refused(name):
    with pytest.raises(ValueError, match="cannot name"):
        worker_account(name, HASH, ["evaluate"])


@pytest.mark.parametrize("queue", ["*", "evaluate*", "evaluate.", "platform", "evaluate.a b", "ingest.a.gpu"])
def test_a_queue_that_is_none_is_refused(queue):
    with pytest.raises(ValueError, match="is no queue"):
        worker_account("lab", HASH, [queue])


def test_an_account_without_a_queue_or_with_a_password_in_the_clear_is_refused():
    with pytest.raises(ValueError, match="no queue"):
        worker_account("lab", HASH, [])
    with pytest.raises(ValueError, match="64 hexadecimal"):
        worker_account("lab", "a password", ["evaluate"])


def test_worker_and_rules_mean_the_same_books():
    assert set(books("lab").values()) <= {word[1:] for word in worker_account("lab", HASH, ["ingest"]).split()}
    assert books("platform") == PLATFORM_BOOKS


def test_the_file_of_an_installation_is_written_from_names_and_hashes():
    given = {name: hash_of(name) for name in (OPERATOR, PLATFORM, WORKER)}

    done = subprocess.run(
        [sys.executable, "-m", "fixpoint.broker_accounts"],
        cwd=ROOT / "platform", input="".join(f"{name} {digest}\n" for name, digest in given.items()),
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.stdout == accounts_file(given)
    assert done.stdout.startswith("user default off")
    assert [line.split()[1] for line in done.stdout.splitlines()] == ["default", OPERATOR, PLATFORM, WORKER]


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("worker_account", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_prints_the_line_and_the_environment_that_goes_with_it():
    said = told("lab", "--queues", "evaluate.lab, ingest.lab", "--broker", "10.0.0.1:6379")

    [password] = re.findall(r"^FIXPOINT_BROKER_URL=\w+://lab:([\w-]{40,})@10.0.0.1:6379/0$", said, re.MULTILINE)
    assert worker_account("lab", hash_of(password), ["evaluate.lab", "ingest.lab"]) in said.splitlines()
    assert "FIXPOINT_QUEUES=evaluate.lab,ingest.lab" in said.splitlines()
    assert said.count(password) == 1
    assert told("lab", "--queues", "evaluate.lab") != told("lab", "--queues", "evaluate.lab")


@pytest.mark.parametrize(
    "arguments", [("lab", "--queues", "platform"), ("worker", "--queues", "evaluate"), ("*", "--queues", "ingest")]
)
def test_the_command_refuses_what_makes_no_account(arguments):
    with pytest.raises(CommandError):
        told(*arguments)
