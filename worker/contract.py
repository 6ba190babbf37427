"""All that crosses between platform and worker: plain frozen data, standard library only.

A Job goes down through the broker and names work, nothing else. The worker claims it over HTTPS and gets a Claim: what
to read, what to write, within which limits. Facts come up as Reports; every answer says whether to go on. Doctors of
both sides speak in Findings.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

CONTRACT = 4
"""Version of this file. A worker and a platform that disagree refuse each other at the claim."""
INLINE_BYTES = 256 * 1024
"""Outputs of one report that travel inside it, all together; what does not fit is PUT at its address."""
REDELIVERY_SECONDS = 24 * 3600
"""When Redis hands an unfinished job to another worker: after any hard limit. The platform's sweeper is quicker."""

INGEST_TASK = "worker.ingest"
EVALUATE_TASK = "worker.evaluate"


class Kind(StrEnum):
    """What a job is: decode and pack an archive, or train and predict one entry."""

    INGEST = "ingest"
    EVALUATE = "evaluate"


class Phase(StrEnum):
    """A stage that runs in a sandbox of its own."""

    INGEST = "ingest"
    TRAIN = "train"
    PREDICT = "predict"


class Fact(StrEnum):
    """What a worker saw happen. The platform decides what it means."""

    STARTED = "started"
    PROGRESS = "progress"
    INGESTED = "ingested"
    REFUSED = "refused"
    TRAINED = "trained"
    PREDICTED = "predicted"
    FAILED = "failed"
    ERROR = "error"


class Duty(StrEnum):
    """What the platform says to a worker's hello: take jobs, or finish the one in hand and take no more."""

    WORK = "work"
    REST = "rest"


class Answer(StrEnum):
    """What the platform says to a heartbeat or a report: go on, or stop and clean up."""

    CONTINUE = "continue"
    CANCEL = "cancel"


@dataclass(frozen=True)
class Job:
    """One attempt at one piece of work, as the broker carries it: an id, an attempt, a one-time token."""

    kind: Kind
    id: str
    attempt: int
    token: str


@dataclass(frozen=True)
class ClaimRequest:
    """Sent once per attempt. `key` is drawn by the worker, unseen by the broker, and authorises all that follows."""

    job: Job
    key: str
    worker: str
    recipe_digests: dict[str, str]
    gpu: bool = False
    contract: int = CONTRACT


@dataclass(frozen=True)
class Input:
    """A blob to read: `url` is a short-lived GET address, relative to the platform or absolute."""

    name: str
    sha256: str
    size: int
    url: str


@dataclass(frozen=True)
class Output:
    """A file that a phase may hand in: `url` takes one PUT of at most `max_bytes`."""

    name: str
    max_bytes: int
    url: str


@dataclass(frozen=True)
class Limits:
    """What a phase may use. Seconds of wall clock, bytes, whole cores, processes, files in the output folder."""

    wall_seconds: float
    memory_bytes: int
    output_bytes: int
    output_files: int
    cpus: int
    pids: int


@dataclass(frozen=True)
class Stage:
    """One sandboxed phase: which inputs it sees, the request file it reads, what it may write, its limits."""

    phase: Phase
    inputs: tuple[str, ...]
    request: dict[str, Any]
    outputs: tuple[Output, ...]
    limits: Limits


@dataclass(frozen=True)
class Claim:
    """The platform's yes: everything an attempt needs. `recipe_digest` must be the worker's own, or it refuses."""

    kind: Kind
    id: str
    attempt: int
    recipe: str
    recipe_digest: str
    inputs: tuple[Input, ...]
    stages: tuple[Stage, ...]
    heartbeat_seconds: float
    lease_seconds: float


@dataclass(frozen=True)
class Delivered:
    """An output: the platform checks size and sha256 before it believes. `content` is base64; None if it was PUT."""

    name: str
    sha256: str
    size: int
    content: str | None = None


@dataclass(frozen=True)
class Energy:
    """What one phase took, metered outside the sandbox.

    `level` is M3…M0 and `method` its name. Energies are kWh; None is "not measured", never 0.
    `codecarbon_*` is the second opinion of CodeCarbon's model, with the hardware modes it chose. `band` is the relative
    uncertainty of `kwh` at 95 %. `country` is where the worker stands (ISO 3166-1 alpha-3, "" if it was not told), with
    the grams of CO2 per kWh of its grid.
    """

    phase: Phase
    seconds: float
    level: str
    method: str
    kwh: float | None
    cpu_kwh: float | None
    gpu_kwh: float | None
    ram_kwh: float | None
    cpu_seconds: float | None
    codecarbon_kwh: float | None
    codecarbon_modes: dict[str, str] = field(default_factory=dict)
    band: float | None = None
    country: str = ""
    country_g_per_kwh: float | None = None


@dataclass(frozen=True)
class Progress:
    """One epoch of one seed as it ended; those of several seeds may come interleaved.

    `epoch` counts from 1 for each seed; accuracies are shares of 1; losses are mean cross-entropy.
    """

    seed: int
    epoch: int
    epochs: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float


@dataclass(frozen=True)
class Provenance:
    """What ran: enough to check a score later. Runs of one `device_class` give the same bits; `seeds` are trained."""

    sandbox: str
    image: str
    device: str
    device_class: str
    seeds: tuple[int, ...]
    versions: dict[str, str]
    threads: int


@dataclass(frozen=True)
class Fault:
    """Why a phase did not end well: `code` is the sandbox's or the program's word, `detail` a sentence for a person.

    Where a limit ended it, `limit` names it and `allowed` and `used` give its value and what was used, in its own unit.
    """

    code: str
    detail: str
    limit: str = ""
    allowed: float | None = None
    used: float | None = None
    log: str = ""


@dataclass(frozen=True)
class Report:
    """One fact. `sequence` counts up within an attempt, so a repeated report is known as one.

    `result` is the program's own small JSON (counts, best epochs, digests), already size-capped and free of NaN.
    """

    fact: Fact
    sequence: int
    phase: Phase
    delivered: tuple[Delivered, ...] = ()
    progress: tuple[Progress, ...] = ()
    energy: Energy | None = None
    provenance: Provenance | None = None
    result: dict[str, Any] = field(default_factory=dict)
    fault: Fault | None = None


@dataclass(frozen=True)
class Reply:
    """The platform's answer to a heartbeat or a report."""

    answer: Answer


@dataclass(frozen=True)
class Hello:
    """What a worker tells of itself every few seconds; `instance`, drawn at its start, tells two of a name apart."""

    worker: str
    instance: str
    queues: tuple[str, ...]
    sandbox: str
    image: str
    device: str
    gpu: bool
    versions: dict[str, str]
    recipe_digests: dict[str, str]
    contract: int = CONTRACT


@dataclass(frozen=True)
class Orders:
    """The platform's answer to a hello, and when it wants the next."""

    duty: Duty
    hello_seconds: float


@dataclass(frozen=True)
class Terms:
    """What the platform pins, by recipe its digest: a worker of another contract or digest is refused at the claim."""

    contract: int
    recipes: dict[str, str]


class Level(StrEnum):
    """How bad a doctor's finding is. Only FAIL makes its exit status 1."""

    OK = "ok"
    WARN = "warn"
    FAIL = "FAIL"


@dataclass(frozen=True)
class Finding:
    """What a doctor found about one part of an installation; `advice` says what to do unless all is well."""

    level: Level
    found: str
    advice: str = ""
    check: str = ""

    @property
    def line(self) -> str:
        """All of it in one line."""
        advice = f" → {self.advice}" if self.advice else ""
        return f"{self.level:<4}  {self.check:<19}  {' '.join((self.found + advice).split())}"
