"""Which sandbox the demo takes: the best that works here at once, without building anything first."""

import shutil
import subprocess

from fixpoint.recipes import lock_file

_IMAGE = "fixpoint-model"
_LOCK = "from importlib.resources import files; print((files('fixed_model') / 'recipes.lock').read_text(), end='')"
_PATIENCE = 30


def demo_sandbox() -> str:
    """`docker` with an image of these recipes, else `bubblewrap` if it works, else `process`: no isolation."""
    if _said("docker", "run", "--rm", "--network", "none", _IMAGE, "python", "-c", _LOCK) == _lock():
        return "docker"
    if _said("bwrap", "--unshare-all", "--ro-bind", "/", "/", "echo", "works") == "works\n":
        return "bubblewrap"
    return "process"


def _lock() -> str:
    return lock_file().read_text()


def _said(program: str, *arguments: str) -> str:
    """What a program prints; nothing if it is missing, fails, or takes too long."""
    if shutil.which(program) is None:
        return ""
    try:
        answer = subprocess.run([program, *arguments], capture_output=True, text=True, check=False, timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        return ""
    return answer.stdout if answer.returncode == 0 else ""
