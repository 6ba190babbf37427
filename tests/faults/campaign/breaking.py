"""How each part of the stack is broken and mended. Every function returns whom it hit."""

from __future__ import annotations

import signal
import subprocess
import time

from tests.faults.campaign.stack import Stack
from worker.sandbox.tree import RUN_MARK, WORKER_MARK, family, kill, marked

PATIENCE = 4.0
"""Seconds to wait for a program in a sandbox that could be killed."""


def killed(stack: Stack, name: str, hold: float) -> str:
    """SIGKILL; whoever supervises starts it again after a while."""
    program = stack.program(name)
    program.kill()
    time.sleep(hold)
    program.let_go()
    return name


def frozen(stack: Stack, name: str, hold: float) -> str:
    """The whole worker stands still, its heartbeat too; what runs in its sandbox does not."""
    program = stack.program(name)
    program.send(signal.SIGSTOP)
    time.sleep(hold)
    program.send(signal.SIGCONT)
    return name


def container_killed(stack: Stack, hold: float) -> str:
    """Whatever runs in the sandboxes of all workers."""
    time.sleep(hold)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        hit = [name for worker in stack.workers for name in _sandbox_killed(stack, worker)]
        if hit:
            return ", ".join(hit)
        time.sleep(0.05)
    return "nobody"


def _sandbox_killed(stack: Stack, worker: str) -> list[str]:
    name = worker.rpartition("-")[2]
    if stack.workers[worker][0] == "bubblewrap":
        strays = [pid for pid in marked(f"{WORKER_MARK}={worker}") if _is_run(pid)]
        return [name] if kill(inner for pid in strays for inner in family(pid)[1:]) else []
    if stack.engine is None:
        return []
    try:
        found = stack.engine.containers(worker)
        for each in found:
            stack.engine.docker("kill", each)
    except subprocess.SubprocessError:
        return []  # it has just ended, or the Engine has
    return [name] * len(found)


def _is_run(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:  # noqa: PTH123
            return RUN_MARK.encode() in file.read()
    except OSError:
        return False


def redis_killed(stack: Stack, hold: float, *, keep: bool) -> str:
    """SIGKILL to Redis; it comes back with what it wrote down last, or empty."""
    stack.broker.kill()
    if not keep:
        stack.broker.forget()
    time.sleep(hold)
    stack.broker.start()
    return "kept" if keep else "lost"


def postgres_stopped(stack: Stack, how: signal.Signals, hold: float) -> str:
    """A fast shutdown, or an immediate one, after which it has to recover."""
    stack.postgres.stop(how)
    time.sleep(hold)
    stack.postgres.start()
    return "immediate" if how == signal.SIGQUIT else "fast"


def engine_stopped(stack: Stack, *, is_killed: bool, hold: float) -> str:
    """SIGKILL, or SIGTERM, upon which it ends all containers first."""
    if stack.engine is None:
        return "nobody"
    if is_killed:
        stack.engine.program.kill()
    else:
        stack.engine.program.stop(20)
    time.sleep(hold)
    stack.engine.program.let_go()
    stack.engine.wait()
    return "killed" if is_killed else "stopped"


def cable_pulled(stack: Stack, hold: float, choice: int) -> str:
    """No worker reaches platform or broker."""
    del choice
    stack.network.cut()
    time.sleep(hold)
    stack.network.mend()
    return "all workers"


def badly_carried(stack: Stack, how: str, hold: float, choice: int) -> str:
    """What workers say to the platform is carried badly."""
    stack.proxy.treat(how, choice)
    time.sleep(hold)
    stack.proxy.treat("plain", 0)
    return how


def said_again(stack: Stack, hold: float, choice: int) -> str:
    """Everything that workers said lately reaches the platform once more."""
    del choice
    time.sleep(hold)
    stack.proxy.repeat_all()
    return "platform"


def clock_jumped(stack: Stack, name: str, seconds: int, hold: float) -> str:
    """Forth or back, and after a while to the right time again."""
    stack.clocks[name].jump(seconds)
    time.sleep(hold)
    stack.clocks[name].jump(0)
    return f"{name} {seconds:+d}s"


def disk_full(stack: Stack, name: str, hold: float) -> str:
    """Not a byte is left."""
    deadline = time.monotonic() + hold
    try:
        while True:
            stack.disks[name].fill()
            # What is freed meanwhile is taken again.
            time.sleep(0.2)
            if time.monotonic() > deadline:
                break
    finally:
        stack.disks[name].free()
    return name


def mend(stack: Stack) -> None:
    """Everything as it should be, whatever is broken now."""
    stack.proxy.treat("plain", 0)
    for clock in stack.clocks.values():
        clock.jump(0)
    for each in stack.disks.values():
        each.free()
    stack.network.mend()
    if not stack.postgres.is_running:
        stack.postgres.start()
    if not stack.broker.is_running:
        stack.broker.start()
    if stack.engine is not None:
        stack.engine.program.let_go()
        stack.engine.wait()
    for program in stack.supervisor.programs.values():
        program.let_go()
