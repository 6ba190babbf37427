"""One draft in the same moment; tests/test_on_postgres.py runs this where rows are locked."""

import pytest
from django.db import connection

from fixpoint.organizing.wizard.becoming import DraftChangedError, draft_become
from fixpoint.organizing.wizard.saving import step_save
from fixpoint.organizing.wizard.steps import STEPS
from fixpoint.tasks.bundle_fields import MOST_BASELINES
from fixpoint.tasks.draft_files import DraftFullError, DraftOverError, draft_file_take
from fixpoint.tasks.models import Draft, Task
from tests.organizing.drafting import fill
from tests.support.bundles import entry_files, hidden_files
from tests.support.platform import write_zip
from tests.support.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)
AGAIN = 6


@pytest.fixture(autouse=True)
def _where_rows_are_locked(broker_away):
    assert connection.vendor == "postgresql"


@pytest.fixture
def begun(client, olga):
    """A draft with all that a task must have."""

    def begun() -> Draft:
        draft = Draft.objects.create(owner=olga)
        fill(client, draft)
        return Draft.objects.get(pk=draft.pk)

    return begun


@pytest.fixture
def arriving(tmp_path):
    """Takes a file for this field of this draft; says whether the draft took it."""

    def arriving(draft, field, files, name="late.zip"):
        path = write_zip(tmp_path / name, files)

        def taking():
            try:
                draft_file_take(draft=draft, field=field, path=path, name=name)
            except (DraftOverError, DraftFullError):
                connection.close()
                return False
            return True

        return taking

    return arriving


def saving(draft, step, removed=(), **fields):
    """Keeps a step of this copy of the draft."""
    return lambda: step_save(draft=draft, step=STEPS[step], form=STEPS[step].form(fields), rows=None, removed=removed)


def test_a_file_that_is_removed_while_another_takes_its_place_blocks_nobody(begun, arriving):
    for _ in range(AGAIN):
        draft = begun()
        old = draft.files.get(field="hidden_test")
        at_once(
            saving(Draft.objects.get(pk=draft.pk), "data", [str(old.pk)], public_share="0.5"),
            arriving(draft, "hidden_test", hidden_files()),
        )

        assert [each.name for each in draft.files.filter(field="hidden_test")] == ["late.zip"]
        assert Draft.objects.get(pk=draft.pk).fields["public_share"] == 0.5


def test_two_steps_at_once_are_both_kept(begun):
    for _ in range(AGAIN):
        draft = begun()
        one, other = (Draft.objects.get(pk=draft.pk) for _ in range(2))
        at_once(
            saving(one, "what", slug="numerals", title="Others", classes="x\ny"),
            saving(other, "rules", recipe=draft.fields["recipe"], entries_per_day="9"),
        )

        fields = Draft.objects.get(pk=draft.pk).fields
        assert (fields["title"], fields["entries_per_day"]) == ("Others", 9)


def test_a_task_has_the_file_that_arrived_in_the_same_moment_or_the_file_is_told_as_not_taken(begun, arriving, olga):
    for number in range(AGAIN):
        draft = begun()

        def becoming(draft=draft):
            try:
                return draft_become(draft=draft, who=olga)
            except DraftChangedError:
                connection.close()
                return None

        task, is_taken = at_once(becoming, arriving(Draft.objects.get(pk=draft.pk), "training_data", entry_files()))

        assert (task is None) == is_taken
        assert Task.objects.filter(slug="numerals").exists() == (task is not None)
        assert Draft.objects.get(pk=draft.pk).files.filter(field="training_data").exists() == is_taken
        Task.objects.filter(slug="numerals").update(slug=f"numerals-{number}")


def test_of_two_baselines_for_the_last_place_one_gets_it(begun, arriving):
    draft = begun()
    while draft.files.filter(field="baseline").count() < MOST_BASELINES - 1:
        arriving(draft, "baseline", entry_files())()
    took = at_once(*(arriving(draft, "baseline", entry_files(), f"{name}.zip") for name in ("one", "other")))

    assert sorted(took) == [False, True]
    assert draft.files.filter(field="baseline").count() == MOST_BASELINES
