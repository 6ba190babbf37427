"""Fills an empty PostgreSQL: one row of each kind is made by the models, the others are copies with drawn values."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.db import connection, models, transaction

from fixpoint.accounts.models import User
from fixpoint.datasets.models import Dataset, DatasetEnergy
from fixpoint.submissions.models import Result, Run, Submission, SubmissionEnergy
from fixpoint.tasks.models import Task
from fixpoint.teams.models import Member, Team
from fixpoint.teams.services import team_ensure
from tests.benchmarks.boards.drawing import drawn_entries
from tests.support.platform import accepted_dataset, open_task, person

SLUG = "numerals"
_ENERGY = {"seconds": 1.0, "level": "M1", "method": "drawn", "kwh": 0.001}
_COLUMNS = (
    "number bigint, id uuid, owner bigint, dataset uuid, accuracy float8, kwh float8, measured float8, correct bytea"
)


@transaction.atomic
def fill(owners: int, entries: int, images: int) -> None:
    """A task with so many people, each a team, entries and hidden images; entered over forty days."""
    task = open_task(slug=SLUG, hidden=images, entries_per_day=10**6, entries_total=10**6)
    first = scored(task, person("first"), b"", accuracy=0.0, kwh=0.001, images=images)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE drawn ({_COLUMNS}) ON COMMIT DROP")
        _copy(cursor, first, owners, entries, images)
        age = f"now() - interval '40 days' * (1 - number::float8 / {entries + 1})"
        mail = "'person' || d.owner || '@example.org'"
        ended = "d.at + interval '5 minutes'"
        readings = "SELECT dataset, min(number) AS number FROM drawn GROUP BY dataset"
        own = {"accuracy_public": "d.accuracy", "correct": "d.correct"}
        team = "md5('team' || d.owner)::uuid"
        kwh = {"standardised_kwh": "d.kwh", "measured_kwh": "d.measured"}
        # fmt: off
        for model, row, drawn, values in (
            (User, first.owner_id, "SELECT DISTINCT owner FROM drawn",
             {"id": "d.owner", "username": mail, "email": mail}),
            (Dataset, first.dataset_id, "SELECT DISTINCT dataset, owner FROM drawn",
             {"id": "d.dataset", "owner_id": "d.owner"}),
            (Team, first.team_id, "SELECT DISTINCT owner FROM drawn",
             {"id": team, "name": mail, "captain_id": "d.owner", "invitation": "'link' || d.owner"}),
            (Member, first.team.members.get().pk, "SELECT DISTINCT owner FROM drawn",
             {"id": "d.owner", "team_id": team, "user_id": "d.owner"}),
            (Submission, first.pk, f"SELECT *, {age} AS at FROM drawn",
             {"id": "d.id", "owner_id": "d.owner", "team_id": team, "dataset_id": "d.dataset", "accuracy": "d.accuracy",
              "created_at": "d.at", "ended_at": ended, "board_number": "d.number"}),
            (Run, first.result.run_id, "SELECT * FROM drawn", {"id": "d.number", "submission_id": "d.id"}),
            (Result, first.pk, "SELECT * FROM drawn", {"submission_id": "d.id", "run_id": "d.number"} | own | kwh),
            (SubmissionEnergy, first.energies.get().pk, "SELECT * FROM drawn",
             {"id": "d.number", "submission_id": "d.id", "kwh": "d.measured"}),
            (DatasetEnergy, first.dataset.energies.get().pk, readings, {"id": "d.number", "dataset_id": "d.dataset"}),
        ):
            _multiply(cursor, model, row, drawn, **values)
        # fmt: on
    Task.objects.filter(pk=task.pk).update(board_number=entries + 1)
    _forget(first)


def analyse() -> None:
    """What PostgreSQL does by itself some minutes after so many rows came in."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def scored(task: Task, owner: User, correct: bytes, *, accuracy: float, kwh: float, images: int) -> Submission:
    """One entry with all rows that belong to one."""
    dataset = accepted_dataset(owner, task)
    DatasetEnergy.objects.create(dataset=dataset, attempt=1, phase="ingest", **_ENERGY)
    entry = Submission.objects.create(
        task=task, dataset=dataset, owner=owner, team=team_ensure(user=owner, task=task), status="scored",
        accuracy=accuracy, seeds=task.entry_seeds, recipe=task.recipe, recipe_digest=task.recipe_digest,
    )  # fmt: skip
    SubmissionEnergy.objects.create(submission=entry, attempt=1, phase="train", **_ENERGY)
    run = Run.objects.create(submission=entry, attempt=1, outcome={}, provenance={})
    Result.objects.create(
        submission=entry, run=run, correct=correct, accuracy_public=accuracy, hidden_images=images, val_accuracy=0.5,
        per_seed=[], gflop=1.0, standardised_kwh=kwh, measured_kwh=kwh, measured_level="M1",
    )  # fmt: skip
    return entry


def _copy(cursor: Any, first: Submission, owners: int, entries: int, images: int) -> None:
    base = first.owner_id + 1
    datasets: dict[tuple[int, int], UUID] = {}
    # Ids beyond those of the first rows, which are still there.
    with cursor.copy("COPY drawn FROM STDIN (FORMAT binary)") as copy:
        copy.set_types(["int8", "uuid", "int8", "uuid", "float8", "float8", "float8", "bytea"])
        for number, each in enumerate(drawn_entries(owners, entries, images), start=2):
            dataset = datasets.setdefault((each.owner, number // (5 * owners)), uuid4())
            ids = (number, uuid4(), base + each.owner, dataset)
            copy.write_row((*ids, each.accuracy, each.standardised, each.measured, each.correct))


def _multiply(cursor: Any, model: type[models.Model], first: object, drawn: str, **values: str) -> None:
    """A copy of the row `first` for each row of `drawn` (named d), with these columns taken from there."""
    columns = [field.column for field in model._meta.concrete_fields]
    taken = ", ".join(values.get(column, f't."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    table = model._meta.db_table
    key = model._meta.pk.column
    cursor.execute(f'INSERT INTO "{table}" ({names}) SELECT {taken} FROM "{table}" t, ({drawn}) d WHERE t."{key}" = %s',
                   [first])  # fmt: skip
    if isinstance(model._meta.pk, models.AutoField):
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', '{key}'), max(\"{key}\")) FROM \"{table}\"")


def _forget(first: Submission) -> None:
    dataset, owner, team = first.dataset, first.owner, first.team
    Result.objects.filter(pk=first.pk).delete()
    Run.objects.filter(submission=first).delete()
    first.delete()
    dataset.delete()
    team.delete()
    owner.delete()
