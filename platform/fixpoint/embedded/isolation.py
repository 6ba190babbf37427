"""Which sandbox the demo takes: the best that works here at once, without building anything first."""

import shutil
import subprocess

MODEL_IMAGE = "fixpoint-model"
NOTICE = (
    "This site trains without isolation (sandbox “process”): images are decoded with all rights of the account that "
    "runs it. Right for a demo with one's own data on this machine; never let strangers upload."
)


def demo_sandbox() -> str:
    """`docker` with its image built, else `bubblewrap` where it works, else `process`, which isolates nothing."""
    if _works("docker", "image", "inspect", MODEL_IMAGE):
        return "docker"
    if _works("bwrap", "--unshare-all", "--ro-bind", "/", "/", "true"):
        return "bubblewrap"
    return "process"


def _works(program: str, *arguments: str) -> bool:
    if shutil.which(program) is None:
        return False
    return subprocess.run([program, *arguments], capture_output=True, check=False, timeout=20).returncode == 0
