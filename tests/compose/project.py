"""One docker-compose project under a name of its own, with stand-ins for the images of a registry."""

import json
import os
import secrets
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.sockets import port_for

ROOT = Path(__file__).resolve().parents[2]
STANDINS = {
    "POSTGRES_IMAGE": ("fixpoint-standin-postgres", ROOT / "docker/standins/postgres"),
    "REDIS_IMAGE": ("fixpoint-standin-redis", ROOT / "docker/standins/redis"),
}
BUILT = ("init", "worker", "model")
"""A service for each image; the others share one of these."""
LASTING = ("postgres", "redis", "web", "platform-jobs", "platform-chores", "beat", "worker", "worker-ingest")
ONCE = ("init", "migrate", "model")


@dataclass
class Project:
    """Drives docker-compose; nothing that it makes has a name that something else could have."""

    scratch: Path
    name: str = field(default_factory=lambda: f"fixpoint-test-{secrets.token_hex(4)}")
    port: int = field(init=False)

    def __post_init__(self) -> None:
        self.port = port_for(self)  # its images are built before anything listens there

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        return os.environ | {
            **{variable: tag for variable, (tag, _) in STANDINS.items()},
            "FIXPOINT_PORT": str(self.port),
            "FIXPOINT_SITE_URL": self.url,
            "FIXPOINT_SCRATCH": str(self.scratch),
            "FIXPOINT_WORKER_NAME": self.name,
        }

    def compose(self, *words: str, seconds: float = 900) -> str:
        """What docker-compose printed; AssertionError with all that it said if it failed."""
        nothing = self.scratch / "empty.env"  # a file .env of whoever runs the tests is none of ours
        nothing.touch()
        done = subprocess.run(
            ["docker-compose", "--env-file", str(nothing), "-p", self.name, *words],
            cwd=ROOT, env=self.environment(), capture_output=True, text=True, timeout=seconds,
        )  # fmt: skip
        assert done.returncode == 0, f"docker-compose {' '.join(words)}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def states(self) -> dict[str, str]:
        """What each service's container is: a health, or how it ended."""
        found = docker("ps", "-aq", "--filter", f"label=com.docker.compose.project={self.name}").split()
        if not found:
            return {}
        inspected = json.loads(docker("inspect", *found))
        return {each["Config"]["Labels"]["com.docker.compose.service"]: _state(each["State"]) for each in inspected}

    def leftovers(self) -> str:
        """Everything of the project that the Engine still has, sandboxes included."""
        ours = f"label=com.docker.compose.project={self.name}"
        found = [docker(*kind, "-q", "--filter", ours) for kind in (("ps", "-a"), ("volume", "ls"), ("network", "ls"))]
        sandboxes = [
            docker("ps", "-aq", "--filter", f"label=fixpoint.worker={self.name}-{queue}")
            for queue in ("evaluate", "ingest")
        ]
        return "".join(found + sandboxes)


def docker(*words: str, seconds: float = 900) -> str:
    """What docker printed."""
    done = subprocess.run(["docker", *words], capture_output=True, text=True, timeout=seconds)
    assert done.returncode == 0, f"docker {' '.join(words)}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


def build_standins() -> None:
    """Make what no registry could give."""
    for tag, folder in STANDINS.values():
        docker("build", "-q", "-t", tag, str(folder))


def _state(state: dict[str, object]) -> str:
    health = state.get("Health")
    if state["Status"] == "running" and isinstance(health, dict):
        return str(health["Status"])
    return f"{state['Status']} {state['ExitCode']}"
