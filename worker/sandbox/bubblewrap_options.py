"""What a run in bubblewrap is given and denied: a pure function from a run to bwrap's command line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from worker.contract import Limits
from worker.sandbox.docker_options import TMP_BYTES, UID
from worker.sandbox.environment import PATH, TMP, environment
from worker.sandbox.interpreter import Interpreter
from worker.sandbox.protocol import OUTPUT, Mount
from worker.sandbox.rlimits import rlimits

MODEL = "/model"
"""Where the folder appears that holds `fixed_model`, and nothing else of it."""

NAMESPACES = ("ipc", "pid", "net", "uts", "cgroup-try")

NEEDED_TO_STEP_DOWN = ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP")


@dataclass(frozen=True)
class Host:
    """What of the host a program must see to run at all. `links`: folders of the root that are links into /usr."""

    interpreter: Interpreter
    model: Path
    links: Mapping[str, str]
    is_root: bool


def bubblewrap_options(
    host: Host,
    command: Sequence[str],
    mounts: Sequence[Mount],
    output: Path,
    limits: Limits,
    *,
    capped: frozenset[str] = frozenset(),
    fds: Mapping[str, int] | None = None,
) -> list[str]:
    """bwrap's arguments and the command. `capped`: what a cgroup caps already; `fds`: descriptors by option."""
    descriptors = [word for option, fd in (fds or {}).items() for word in (f"--{option}", str(fd))]
    return [
        "--die-with-parent",
        "--new-session",
        *_namespaces(is_root=host.is_root),
        *("--hostname", "sandbox", "--clearenv"),
        *_environment(limits.cpus),
        *_system(host),
        *("--perms", "1777", "--size", str(TMP_BYTES), "--tmpfs", TMP),
        *_interpreter(host),
        *_visible("--ro-bind", host.model / "fixed_model", f"{MODEL}/fixed_model"),
        *(word for mount in mounts for word in _visible("--ro-bind", mount.source, mount.target)),
        *("--bind", str(output), OUTPUT),
        # What bwrap made to hang the rest on is memory without a cap: nobody writes there.
        *("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/"),
        *descriptors,
        "--",
        *_stepping_down(is_root=host.is_root),
        *("prlimit", *rlimits(limits, processes="pids" not in capped, address_space="memory" not in capped), "--"),
        *_program(host, command),
    ]


def _namespaces(*, is_root: bool) -> list[str]:
    if not is_root:
        # The program is process 1, so that whoever waits for bwrap learns its CPU seconds.
        return ["--as-pid-1", "--unshare-all", "--uid", str(UID), "--gid", str(UID), "--cap-drop", "ALL"]
    # Root needs no user namespace, and without one it can become a real user of its own, whom the kernel counts.
    # That user cannot be process 1: when the worker dies, bwrap has no capability left and may kill only its own init.
    kept = [word for capability in NEEDED_TO_STEP_DOWN for word in ("--cap-add", capability)]
    return [*(f"--unshare-{name}" for name in NAMESPACES), "--cap-drop", "ALL", *kept]


def _environment(cpus: int) -> list[str]:
    values = environment(cpus) | {"PATH": PATH, "PYTHONPATH": MODEL}
    return [word for name, value in values.items() for word in ("--setenv", name, value)]


def _system(host: Host) -> list[str]:
    words = ["--ro-bind", "/usr", "/usr"]
    for place in ("/bin", "/lib", "/lib32", "/lib64"):
        if place in host.links:
            words += ["--symlink", host.links[place], place]
        else:
            words += ["--ro-bind-try", place, place]
    for place in ("/etc/ld.so.cache", "/etc/alternatives"):
        words += _visible("--ro-bind-try", Path(place), place)
    return [*words, "--proc", "/proc", "--dev", "/dev"]


def _interpreter(host: Host) -> list[str]:
    elsewhere = [prefix for prefix in host.interpreter.prefixes if not prefix.is_relative_to("/usr")]
    return [word for prefix in elsewhere for word in _visible("--ro-bind", prefix, str(prefix))]


def _visible(option: str, source: Path, target: str) -> list[str]:
    """Folders that bwrap makes on the way are open to root only, unless they are made by name."""
    above = [folder for folder in reversed(Path(target).parents) if str(folder) not in {"/", TMP}]
    made = [word for folder in above for word in ("--perms", "0755", "--dir", str(folder))]
    return [*made, option, str(source), target]


def _stepping_down(*, is_root: bool) -> list[str]:
    if not is_root:
        return []
    identity = ["--reuid", str(UID), "--regid", str(UID), "--clear-groups"]
    return ["setpriv", *identity, "--inh-caps=-all", "--bounding-set=-all", "--no-new-privs", "--"]


def _program(host: Host, command: Sequence[str]) -> list[str]:
    program, *arguments = command
    return [str(host.interpreter.executable) if program == "python" else program, *arguments]
