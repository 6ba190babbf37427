"""A real sandbox in which other programs run in place of the model, and programs for it that look at all they can."""

import json
import tempfile
import textwrap
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.sandboxes import IMAGE
from tests.worker.programs import predict, train
from worker.contract import Limits
from worker.sandbox import Exit, Mount, Sandbox
from worker.sandbox.fake import Call

SEARCH = """
import glob, os, sys

OWN = ("/proc", "/sys", "/usr", sys.prefix, sys.base_prefix)

def everywhere(*known):
    for folder, folders, names in os.walk("/"):
        folders[:] = [name for name in folders if os.path.join(folder, name) not in OWN]
        yield from (os.path.join(folder, name) for name in names)
    for process in ("environ", "cmdline", "fd/*", "root/*", "cwd/*", "root/tmp/*", "root/out/*"):
        yield from glob.glob("/proc/[0-9]*/" + process)
    yield from known

def holds(path, wanted):
    try:
        with open(path, "rb") as file:
            return wanted in file.read(2**20)
    except OSError:
        return False

def search(wanted, *known):
    return sorted({path for path in everywhere(*known) if os.path.isfile(path) and holds(path, wanted)})
"""
"""`search(wanted, *known)`: paths of all that can be read, but for the system's own programs, that hold the bytes."""


@dataclass
class Impostor:
    """`sources` by phase; a phase without one is played as the model would."""

    sandbox: Sandbox
    sources: dict[str, str] = field(default_factory=dict)
    ends: list[Exit] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Not the inner one's: the image has no model that could tell its recipes."""
        return f"impostor in {self.sandbox.name}"

    def image_id(self, image: str) -> str:
        """An image with Python and nothing else."""
        return self.sandbox.image_id(IMAGE)

    def run(
        self,
        image: str,
        command: Sequence[str],
        *,
        mounts: Sequence[Mount],
        output: Path,
        limits: Limits,
        stop: threading.Event,
        label: str,
    ) -> Exit:
        """The real thing with another command."""
        source = self.sources.get(command[3], as_the_model(command[3]))
        end = self.sandbox.run(
            image,
            ["python", "-c", source],
            mounts=mounts,
            output=output,
            limits=limits,
            stop=stop,
            label=label,
        )
        self.ends.append(end)
        return end

    def reap(self) -> int:
        """The real one's."""
        return self.sandbox.reap()


def as_the_model(phase: str, before: str = "", **facts: str) -> str:
    """Source that runs `before` and leaves what the model would; `facts` are expressions that its outcome tells too."""
    files = _left_by(phase)
    outcome = json.loads(files.pop("outcome.json"))
    told = ", ".join(f"{name!r}: {expression}" for name, expression in facts.items())
    return textwrap.dedent(before) + textwrap.dedent(
        f"""
        import json
        for name, content in {files!r}.items():
            with open("/out/" + name, "wb") as file:
                file.write(content)
        with open("/out/outcome.json", "w") as file:
            json.dump({outcome!r} | {{{told}}}, file)
        """
    )


def _left_by(phase: str) -> dict[str, bytes]:
    """What the well-behaved program for the fake sandbox writes."""
    with tempfile.TemporaryDirectory() as folder:
        limits = Limits(1, 1, 1, 1, 1, 1)
        call = Call("", (), (), Path(folder), limits, threading.Event(), "")
        {"train": train, "predict": predict}[phase](call)
        return {path.name: path.read_bytes() for path in Path(folder).iterdir()}
