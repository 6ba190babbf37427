"""Two things done to one draft at once: nothing is lost, and nothing is made of what it was before."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from fixpoint.accounts.models import User
from fixpoint.organizing.wizard.becoming import DraftChangedError, draft_become
from fixpoint.organizing.wizard.drafts import draft_delete
from fixpoint.organizing.wizard.saving import step_save
from fixpoint.organizing.wizard.steps import STEPS
from fixpoint.tasks.bundle_fields import MOST_BASELINES
from fixpoint.tasks.draft_files import DraftFullError, DraftOverError, draft_file_take
from fixpoint.tasks.models import Draft, Task
from tests.organizing.drafting import fill, save, zipped
from tests.support.bundles import entry_files
from tests.support.platform import write_zip

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(client: Client, olga: User) -> Draft:
    """All that a task must have."""
    draft = Draft.objects.create(owner=olga)
    fill(client, draft)
    return Draft.objects.get()


@pytest.fixture
def arrive(tmp_path: Path) -> Callable[..., None]:
    def arrive(field: str, **told: str) -> None:
        path = write_zip(tmp_path / "arriving.zip", entry_files())
        draft_file_take(draft=Draft.objects.get(), field=field, path=path, name="late.zip", **told)

    return arrive


def step_saved(draft: Draft, name: str, **fields: str) -> None:
    form = STEPS[name].form
    assert form is not None
    step_save(draft=draft, step=STEPS[name], form=form(fields), rows=None, removed=())


def test_of_a_draft_that_got_a_file_while_it_was_read_no_task_is_made(
    draft: Draft, olga: User, arrive: Callable[..., None]
) -> None:
    arrive("training_data")

    with pytest.raises(DraftChangedError):
        draft_become(draft=draft, who=olga)

    assert not Task.objects.exists()
    task = draft_become(draft=Draft.objects.get(), who=olga)
    assert task.training_data_sha256


def test_of_a_draft_that_was_deleted_while_it_was_read_no_task_is_made(draft: Draft, olga: User) -> None:
    draft_delete(draft=Draft.objects.get())

    with pytest.raises(DraftChangedError):
        draft_become(draft=draft, who=olga)

    assert not Task.objects.exists()


def test_a_step_that_was_open_when_the_draft_became_a_task_changes_nothing(draft: Draft, olga: User) -> None:
    task = draft_become(draft=Draft.objects.get(), who=olga)

    with pytest.raises(DraftOverError):
        step_saved(draft, "rules", recipe=draft.fields["recipe"], entries_per_day="9")

    now = Draft.objects.get()
    assert (now.task, now.fields) == (task, draft.fields)


def test_a_step_that_was_open_when_the_draft_was_deleted_brings_nothing_back(draft: Draft) -> None:
    draft_delete(draft=Draft.objects.get())

    with pytest.raises(DraftOverError):
        step_saved(draft, "rules", entries_per_day="9")

    assert Draft.objects.get().deleted_at


def test_two_steps_that_are_open_in_two_tabs_undo_nothing_of_one_another(client: Client, draft: Draft) -> None:
    save(client, Draft.objects.get(), "what", slug="numerals", title="Other numerals", classes="x\ny")

    step_saved(draft, "rules", recipe=draft.fields["recipe"], entries_per_day="9")

    now = Draft.objects.get().fields
    assert (now["title"], now["classes"], now["entries_per_day"]) == ("Other numerals", ["x", "y"], 9)


def test_a_baseline_more_than_a_task_may_have_is_not_taken_and_told(
    client: Client, draft: Draft, arrive: Callable[..., None]
) -> None:
    for number in range(2, MOST_BASELINES + 1):
        arrive("baseline", title=f"baseline {number}")

    with pytest.raises(DraftFullError, match="20 baselines at most"):
        arrive("baseline")
    answer = save(client, draft, "data", baseline=zipped("one-more.zip", entry_files()), public_share="0.5")

    assert answer.status_code == 422
    assert "remove one of this draft first" in answer.context["form"].errors["baseline"][0]
    assert draft.files.filter(field="baseline").count() == MOST_BASELINES
    assert draft.fields["public_share"] == 0.5
