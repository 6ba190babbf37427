"""Where the fixed model runs: one protocol, and docker, bubblewrap, process and fake behind it."""

from worker.sandbox.choose import choose
from worker.sandbox.fake import FakeSandbox
from worker.sandbox.protocol import LOG_BYTES, OUTPUT, Exit, Mount, Outcome, Sandbox, SandboxError

__all__ = ["LOG_BYTES", "OUTPUT", "Exit", "FakeSandbox", "Mount", "Outcome", "Sandbox", "SandboxError", "choose"]
