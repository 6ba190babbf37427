"""Where the code is: in footer, provenance and standings as the operator says it, and in the starter kit always."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from fixpoint.leaderboard.freezing import standings_freeze
from fixpoint.organizing.pausing import task_end
from tests.pages.rows import Score, entry_of, scored, training
from tests.support.managing import manage

SOURCE = "https://code.example.org/fixpoint"
LINK = f'<a href="{SOURCE}" rel="noopener">'


@pytest.fixture
def provenance(rows, owner, task) -> str:
    entry = scored(training(entry_of(rows.accepted_dataset(owner, task)), [(1.0, 0.5)]), Score(0.75))
    return f"/entries/{entry.pk}/provenance/"


@pytest.fixture
def frozen(provenance, task, organizer) -> str:
    task_end(task=task, why="", who=organizer)
    assert standings_freeze(task_id=task.pk)
    return f"/tasks/{task.slug}/standings/"


def test_every_page_links_the_source_that_the_operator_names(client, settings, provenance, frozen):
    settings.SOURCE_URL = SOURCE

    assert f"{LINK}Open source, Apache-2.0</a>" in client.get("/").content.decode()
    for address in (provenance, frozen):
        assert f"{LINK}The source code of this site</a>" in client.get(address).content.decode(), address


def test_without_one_no_link_leads_nowhere(client, provenance, frozen):
    for address in ("/", provenance, frozen):
        page = client.get(address).content.decode()
        assert "Open source, Apache-2.0</span>" in page
        assert "The source code of this site" not in page


def test_provenance_takes_the_program_from_the_tasks_kit(client, task, provenance):
    page = client.get(provenance).content.decode()

    assert f'<a href="/tasks/{task.slug}/kit.zip" download>starter kit</a>' in page
    assert "venv/bin/pip install --no-deps ./fixed-model" in page
    assert "PATH" not in page


def test_an_address_that_is_none_is_refused_by_name(tmp_path):
    answer = manage(tmp_path, "check", FIXPOINT_SOURCE_URL="javascript:alert(1)")

    assert ImproperlyConfigured.__name__ in answer.stderr
    assert "FIXPOINT_SOURCE_URL must begin with https:// or http://" in answer.stderr
