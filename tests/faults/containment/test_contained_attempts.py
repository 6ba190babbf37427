"""A worker's whole attempt with a hostile program in place of the model: what it reaches, leaves and is told of."""

import secrets
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.impostors import SEARCH, Impostor, as_the_model
from tests.support.sandboxes import ISOLATING, MEBIBYTE
from tests.worker.conftest import EVALUATE
from tests.worker.scripted_platform import CONTINUE, ScriptedPlatform
from worker import bench as benches
from worker.bench import Bench
from worker.contract import Claim, Report
from worker.pipeline import carry_out
from worker.sandbox import Sandbox

WHOLE = ["started:train", "trained:train", "predicted:predict"]
MakeClaim = Callable[..., Claim]


@pytest.fixture(params=ISOLATING)
def sandbox(request: pytest.FixtureRequest, sandbox_called: Callable[[str], Sandbox]) -> Iterator[Impostor]:
    impostor = Impostor(sandbox_called(request.param))
    yield impostor
    assert impostor.reap() == 0


def looking(phase: str, wanted: bytes, *known: Path) -> str:
    """A program that plays `phase` well, and tells in its outcome where it `found` the bytes."""
    # The bytes themselves do not stand in the source, which is to be found in /proc.
    paths = [str(path) for path in known]
    return as_the_model(phase, f"{SEARCH}\nfound = search(bytes.fromhex({wanted.hex()!r}), *{paths})", found="found")


def test_no_byte_of_the_hidden_set_is_reached_while_training_runs(
    platform: ScriptedPlatform, sandbox: Impostor, bench: Bench, evaluation: MakeClaim
) -> None:
    claim, hidden = evaluation(), secrets.token_bytes(24)
    platform.claim = replace(claim, inputs=(claim.inputs[0], platform.hold("hidden.safetensors", hidden)))
    carry_out(EVALUATE, bench)
    [kept] = [path for path in (bench.settings.scratch / "cache").iterdir() if hidden in path.read_bytes()]
    staged: dict[str, set[str]] = {}

    def note(report: Report) -> Any:
        inputs = (bench.settings.scratch / "attempts").glob("*/in/*")
        staged.setdefault(f"{report.fact}:{report.phase}", {path.name for path in inputs})
        return CONTINUE

    platform.on_report = note
    platform.reports.clear()
    sandbox.sources = {"train": looking("train", hidden, kept), "predict": looking("predict", hidden, kept)}
    carry_out(EVALUATE, bench)

    assert platform.facts == WHOLE
    trained, predicted = (report.result for report in platform.reports if report.fact in {"trained", "predicted"})
    assert trained["found"] == []
    assert predicted["found"] == ["/in/hidden.safetensors"], "the same search finds it where it is meant to be"
    assert staged["started:train"] == staged["trained:train"] == {"request-train.json", "pack.safetensors"}


@contextmanager
def neighbour(
    bench: Bench, sandbox: Sandbox, claim: Claim | None
) -> Generator[tuple[ScriptedPlatform, Impostor, Bench]]:
    """Another worker on the same scratch folder and cache, with a platform of its own."""
    with ScriptedPlatform(claim=claim, blobs={"/blobs/pack.safetensors": b"a pack"}) as platform:
        platform.hold("hidden.safetensors", b"hidden images")
        impostor = Impostor(sandbox)
        other = benches.set_up(replace(bench.settings, platform_url=platform.url), impostor)
        yield platform, impostor, other
        other.platform.close()


@pytest.fixture
def in_background() -> Iterator[Callable[[Callable[[], object]], None]]:
    """Runs something beside the test and waits for it at the end."""
    with ThreadPoolExecutor() as pool:
        doing: list[Future[object]] = []
        yield lambda do: doing.append(pool.submit(do))
        for each in doing:
            each.result()


VICTIM = """
import os, socket, time
listener = socket.socket(socket.AF_UNIX)
listener.bind({name!r})
listener.listen()
for place in ("/out/secret", "/tmp/secret"):
    with open(place, "wb") as file:
        file.write(bytes.fromhex({secret!r}))
open("/out/begun", "w").close()
while not os.path.exists("/out/go"):
    time.sleep(0.05)
secret_is_whole = open("/out/secret", "rb").read() == bytes.fromhex({secret!r})
"""
ATTACK = """
import errno, signal, socket

def tried(call):
    try:
        call()
        return "done"
    except OSError as error:
        return errno.errorcode[error.errno]

def call_up():
    with socket.socket(socket.AF_UNIX) as caller:
        caller.connect({name!r})

def overwrite(path):
    with open(path, "wb") as file:
        file.write(b"broken")

known = {paths}
reached = [
    *[tried(lambda: overwrite(path)) for path in known],
    *[tried(lambda: os.unlink(path)) for path in known],
    *[tried(lambda: os.listdir(os.path.dirname(path))) for path in known],
    tried(call_up),
]
# All that may be signalled, but for ourselves.
tried(lambda: os.kill(-1, signal.SIGKILL))
"""


def test_a_neighbour_that_runs_at_the_same_time_is_neither_read_nor_touched(
    platform: ScriptedPlatform,
    sandbox: Impostor,
    bench: Bench,
    evaluation: MakeClaim,
    until: Callable[[Callable[[], object]], None],
    in_background: Callable[[Callable[[], object]], None],
) -> None:
    evaluation()
    secret, name = secrets.token_bytes(24), f"\0fixpoint-{secrets.token_hex(8)}"
    attempts = bench.settings.scratch / "attempts"
    victim = VICTIM.format(secret=secret.hex(), name=name)
    own = f"{SEARCH}\nfound = search(bytes.fromhex({secret.hex()!r}))"
    sandbox.sources = {"train": as_the_model("train", victim + own, found="found", is_whole="secret_is_whole")}

    with neighbour(bench, sandbox.sandbox, platform.claim) as (other, attacker, other_bench):
        in_background(lambda: carry_out(EVALUATE, bench))
        until(lambda: list(attempts.glob("*/out-0/begun")))
        [output] = [path.parent for path in attempts.glob("*/out-0/begun")]
        known = [output / "secret", output.parent / "in" / "pack.safetensors"]
        assert known[0].read_bytes() == secret
        assert known[1].exists()

        search = f"{SEARCH}\nfound = search(bytes.fromhex({secret.hex()!r}), *{[str(path) for path in known]})"
        attack = search + ATTACK.format(name=name, paths=[str(path) for path in known])
        attacker.sources = {"train": as_the_model("train", attack, found="found", reached="reached")}
        carry_out(EVALUATE, other_bench)
        (output / "go").touch()
        until(lambda: platform.facts == WHOLE)

        [told] = [report.result for report in other.reports if report.fact == "trained"]
        [suffered] = [report.result for report in platform.reports if report.fact == "trained"]
        assert told["found"] == []
        assert set(told["reached"]) <= {"ENOENT", "EROFS", "EACCES", "ECONNREFUSED"}
        assert suffered["is_whole"] is True
        assert {"/out/secret", "/tmp/secret"} <= set(suffered["found"]), "the same search finds one's own"


WEIGHTS, OUTCOME, HISTORY = "weights.safetensors", "outcome.json", "history.json"
LEFT = {
    "a link to a file of the host": (WEIGHTS, "os.symlink('/etc/hostname', path)", "cannot be opened"),
    "a link to its input": (WEIGHTS, "os.symlink('/in/pack.safetensors', path)", "cannot be opened"),
    "a link beside it": (WEIGHTS, "os.symlink('dynamics.safetensors', path)", "cannot be opened"),
    "a pipe": (WEIGHTS, "os.mkfifo(path)", "is not a regular file"),
    "a socket": (WEIGHTS, "socket.socket(socket.AF_UNIX).bind(path)", "cannot be opened"),
    "a folder": (WEIGHTS, "os.mkdir(path)", "is not a regular file"),
    "a sparse file": (WEIGHTS, "os.truncate(os.open(path, os.O_CREAT | os.O_RDWR), 12 * 2**20)", "are allowed"),
    "a pickle": (WEIGHTS, "open(path, 'wb').write(pickle.dumps({'w': [1.0]}))", "is not the file whose digest"),
    "an outcome that is a link": (OUTCOME, "os.symlink('/in/request.json', path)", "cannot be opened"),
    "an outcome that is a pipe": (OUTCOME, "os.mkfifo(path)", "is not a regular file"),
    "an outcome with Infinity": (OUTCOME, "open(path, 'w').write('[Infinity]')", "holds Infinity"),
    "an outcome told twice": (OUTCOME, "open(path, 'w').write('{\"a\": 1, \"a\": 2}')", "holds a key twice"),
    "a history that is a link": (HISTORY, "os.symlink('/proc/self/environ', path)", "cannot be opened"),
}


@pytest.mark.parametrize(("name", "leave", "why"), LEFT.values(), ids=LEFT.keys())
def test_what_is_left_in_place_of_an_output_is_never_followed_nor_handed_in(
    name: str,
    leave: str,
    why: str,
    platform: ScriptedPlatform,
    sandbox: Impostor,
    bench: Bench,
    evaluation: MakeClaim,
) -> None:
    evaluation()
    swap = f"import os, pickle, socket\npath = '/out/{name}'\nos.remove(path)\n{leave}\n"
    sandbox.sources = {"train": as_the_model("train") + swap}

    carry_out(EVALUATE, bench)

    assert [end.outcome for end in sandbox.ends] == ["ok"], sandbox.ends
    assert platform.facts == ["started:train", "error:train"]
    assert platform.last.fault is not None
    assert platform.last.fault.code == "bad-output"
    assert platform.last.fault.detail.startswith(name)
    assert why in platform.last.fault.detail
    assert platform.outputs == {}


def test_a_pipe_in_place_of_the_progress_holds_nobody(
    platform: ScriptedPlatform, sandbox: Impostor, bench: Bench, evaluation: MakeClaim
) -> None:
    evaluation()
    swap = "import os, time\nos.remove('/out/progress.jsonl')\nos.mkfifo('/out/progress.jsonl')\ntime.sleep(0.6)\n"
    sandbox.sources = {"train": as_the_model("train") + swap}

    carry_out(EVALUATE, bench)

    assert platform.facts == WHOLE


BREAKS = {
    "time": ("import time\ntime.sleep(600)", {"wall_seconds": 1.0}, "timeout", "the 1 second that this task allows"),
    "memory": (
        "hog = []\nwhile True: hog.append(bytearray(2**20))",
        {"memory_bytes": 64 * MEBIBYTE},
        "memory",
        "the 64 MiB of memory that this task allows",
    ),
    "bytes": (
        "with open('/out/x', 'wb') as file:\n  while True: file.write(bytes(2**20))",
        {"output_bytes": 8 * MEBIBYTE},
        "disk",
        "the 8 MiB that this task allows",
    ),
    "files": (
        "for n in range(10**6): open(f'/out/{n}', 'w').close()",
        {"output_files": 40},
        "disk",
        "the 40 files that this task allows",
    ),
}


@pytest.mark.parametrize(("source", "limits", "code", "words"), BREAKS.values(), ids=BREAKS.keys())
def test_the_platform_hears_which_limit_was_broken_its_value_and_what_was_used(
    source: str,
    limits: dict[str, Any],
    code: str,
    words: str,
    platform: ScriptedPlatform,
    sandbox: Impostor,
    bench: Bench,
    evaluation: MakeClaim,
) -> None:
    claim = evaluation()
    stages = [replace(stage, limits=replace(stage.limits, **limits)) for stage in claim.stages]
    platform.claim = replace(claim, stages=tuple(stages))
    sandbox.sources = {"train": source}

    carry_out(EVALUATE, bench)

    assert platform.facts == ["started:train", "failed:train"]
    fault, [(name, value)] = platform.last.fault, limits.items()
    assert fault is not None
    assert (fault.code, fault.limit, fault.allowed) == (code, name, value)
    assert fault.used is not None
    assert value <= fault.used
    assert words in fault.detail
    assert "(ended a" in fault.detail
