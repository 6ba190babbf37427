"""Redis' accounts: what the platform, a worker and the operator may do, as lines of Redis' ACL file.

`python -m fixpoint.broker_accounts` reads lines `name hash` and writes the file of a whole installation: see
docker/draw-secrets. docs/operations.md tells of every key.
"""

import hashlib
import re
import sys
from collections.abc import Iterable

NAME = re.compile(r"[a-z0-9-]{1,40}")
_QUEUE = re.compile(r"ingest(\.[a-z0-9-]{1,40})?|evaluate(\.[a-z0-9-]{1,40})?(\.(cpu|gpu))?")
PLATFORM, WORKER, OPERATOR = "platform", "worker", "operator"
NOBODY = "user default off resetpass resetkeys resetchannels -@all"
"""The line of whoever gives no name."""

RESERVED = frozenset({"default", PLATFORM, OPERATOR})
SHARED_QUEUES = ("ingest", "evaluate", "evaluate.cpu", "evaluate.gpu")
"""What every task may use that names no workers of its own."""

# Not CLIENT SETINFO: before 7.2 Redis does not know it and would refuse the whole file; a client takes the refusal.
_CONNECT = ("ping", "time")
_TAKE = ("brpop",)
_BOOKS = ("zadd", "hset", "hget", "zrem", "hdel", "zrange", "watch", "unwatch", "multi", "exec", "discard")
_PUT_BACK = ("lpush", "rpush")
WORKER_COMMANDS = (*_CONNECT, *_TAKE, *_BOOKS, *_PUT_BACK)
"""Nothing that lists, deletes, publishes, runs scripts or tells of others."""

_LOOK = ("info", "llen", "lindex", "lrange", "exists")
_BINDINGS = ("sadd", "smembers", "srem")
_LOCK = ("set", "get", "del", "evalsha", "script|load")
_COUNT = ("incrby",)
PLATFORM_COMMANDS = (*WORKER_COMMANDS, *_LOOK, *_BINDINGS, *_LOCK, *_COUNT)
"""All that it needs to send, to look into its queues, to take its own jobs, and to count for the brakes."""

_PLATFORM_KEYS = (
    "platform",
    "platform.chores",
    "ingest",
    "ingest.*",
    "evaluate",
    "evaluate.*",
    "_kombu.binding*",
    "fixpoint-cache:*",
)
_BOOK_NAMES = ("unacked", "unacked_index", "unacked_mutex")
PLATFORM_BOOKS = {f"{name}_key": f"{name}:{PLATFORM}" for name in _BOOK_NAMES}
"""kombu's options for where it keeps what is in hand. A worker names its own by its account (worker/broker.py)."""


def worker_account(name: str, password_hash: str, queues: Iterable[str]) -> str:
    """The line of an account that takes and puts back the jobs of these queues, and does no more. Raises ValueError."""
    named = tuple(dict.fromkeys(queues))
    if not NAME.fullmatch(name) or name in RESERVED:
        raise ValueError(f"{name!r} cannot name a worker's account: a-z, 0-9 and -, at most 40, none of ours.")
    if not named:
        raise ValueError("The account takes no queue.")
    for queue in named:
        if not _QUEUE.fullmatch(queue):
            raise ValueError(f"{queue!r} is no queue: ingest, evaluate, evaluate.gpu, evaluate.NAME, …")
    return _line(name, password_hash, (*named, *_books(name)), WORKER_COMMANDS)


def platform_account(password_hash: str) -> str:
    """The line of the account that sends to every queue and takes the platform's own jobs."""
    return _line(PLATFORM, password_hash, (*_PLATFORM_KEYS, *_books(PLATFORM)), PLATFORM_COMMANDS)


def operator_account(password_hash: str) -> str:
    """The line of the account with all rights, for a person at Redis' own host and for its healthcheck."""
    return f"user {OPERATOR} on {_hash(password_hash)} ~* &* +@all"


def accounts_file(hashes: dict[str, str]) -> str:
    """Redis' ACL file: nobody without a name, the operator, the platform, and the workers of the shared queues."""
    lines = [
        NOBODY,
        operator_account(hashes[OPERATOR]),
        platform_account(hashes[PLATFORM]),
        worker_account(WORKER, hashes[WORKER], SHARED_QUEUES),
    ]
    return "".join(f"{line}\n" for line in lines)


def hash_of(password: str) -> str:
    """As Redis keeps it."""
    return hashlib.sha256(password.encode()).hexdigest()


def _books(account: str) -> tuple[str, ...]:
    return tuple(f"{name}:{account}" for name in _BOOK_NAMES)


def _line(name: str, password_hash: str, keys: Iterable[str], commands: Iterable[str]) -> str:
    allowed = [f"~{key}" for key in keys] + ["-@all"] + [f"+{command}" for command in commands]
    return " ".join([f"user {name} on {_hash(password_hash)} resetchannels", *allowed])


def _hash(text: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise ValueError("A password's hash is 64 hexadecimal digits.")
    return f"#{text}"


if __name__ == "__main__":
    sys.stdout.write(accounts_file(dict(line.split() for line in sys.stdin if line.strip())))
