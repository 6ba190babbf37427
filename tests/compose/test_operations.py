"""docs/operations.md holds what an operator can set: no variable that the code reads is missing, none is invented."""

import re

import yaml

from tests.compose.project import ROOT

VARIABLE = re.compile(r"\bFIXPOINT_[A-Z0-9_]*[A-Z]\b")
READ = re.compile(r'"(FIXPOINT_\w+)"')
OPERATIONS = (ROOT / "docs/operations.md").read_text()


def read_by(path: str) -> set[str]:
    """The variables that a settings file reads."""
    return set(READ.findall((ROOT / path).read_text()))


def read_by_programs() -> set[str]:
    """Those of the platform and of a worker."""
    files = ("platform/fixpoint/settings.py", "platform/fixpoint/blobs/configured.py", "worker/settings.py")
    return {found for file in files for found in read_by(file)}


def of_compose() -> set[str]:
    """The variables that the compose files know."""
    return {found for path in ROOT.glob("docker-compose*.yml") for found in VARIABLE.findall(path.read_text())}


def told() -> set[str]:
    """The variables in the first column of a table of settings."""
    rows = OPERATIONS.split("## Settings")[1].split("\n## ")[0].splitlines()
    return {found for row in rows if row.startswith("|") for found in VARIABLE.findall(row.split("|")[1])}


def test_every_setting_of_platform_and_worker_stands_in_a_table() -> None:
    read = read_by_programs()

    assert len(read) > 30
    assert read - told() == set()


def test_every_variable_of_the_compose_files_stands_in_a_table() -> None:
    drawn = ("FIXPOINT_SECRET_KEY", "FIXPOINT_SIGNING_KEY", "FIXPOINT_WORKER_TOKEN")
    secrets = (*drawn, "FIXPOINT_DATABASE_URL", "FIXPOINT_BROKER_URL")
    files = {f"{name}_FILE" for name in (*secrets, "FIXPOINT_S3_SECRET_KEY")}

    assert of_compose() - files - told() == set()


def test_every_setting_of_the_platform_reaches_its_containers() -> None:
    """But for those marked †, which compose sets, and those marked ‡, which it does not pass."""
    table = OPERATIONS.split("Of the platform (")[1].split("\nOf a worker (")[0]
    cells = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
    free = {name for cell in cells if not {"†", "‡"} & set(cell) for name in VARIABLE.findall(cell)}
    passed = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["x-platform"]["environment"]

    assert len(free) > 30
    assert {name for name in free if not {name, f"{name}_FILE"} & passed.keys()} == set()


def test_no_table_tells_of_a_variable_that_nothing_reads() -> None:
    read = read_by_programs() | of_compose()

    assert told() - read == set()
