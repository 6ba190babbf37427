"""The Python that runs the model where no image brings one."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from worker.sandbox.protocol import SandboxError

PATIENCE = 30.0
QUESTION = (
    "import json, platform, sys; print(json.dumps([platform.python_version(), sys.executable, sys.prefix,"
    " sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix]))"
)


@dataclass(frozen=True)
class Interpreter:
    """What an interpreter says of itself. `prefixes` hold its own files, outermost first, no one inside another."""

    version: str
    executable: Path
    prefixes: tuple[Path, ...]

    @property
    def image_id(self) -> str:
        """What stands for an image's ID where there is no image."""
        return f"host:{self.version}"


def interpreter(python: Path) -> Interpreter:
    """Ask `python` where it lives. Raises SandboxError if it does not answer."""
    command = [str(python), "-I", "-c", QUESTION]
    try:
        answer = subprocess.run(command, capture_output=True, check=True, timeout=PATIENCE, text=True, env={}).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise SandboxError(f"The interpreter {python} does not run: {error}.") from error
    version, executable, *prefixes = json.loads(answer)
    # A virtual environment's python is a link to the base's, perhaps through further links.
    homes = {Path(prefix) for prefix in prefixes} | {Path(executable).resolve().parent.parent}
    return Interpreter(version, Path(executable), tuple(_outermost(homes)))


def _outermost(folders: set[Path]) -> list[Path]:
    kept: list[Path] = []
    for folder in sorted(folders, key=lambda folder: len(folder.parts)):
        if not any(folder.is_relative_to(outer) for outer in kept):
            kept.append(folder)
    return kept
