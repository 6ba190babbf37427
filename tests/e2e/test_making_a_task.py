"""An organizer makes a task in the browser, looks at it, and publishes it."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from fixpoint.accounts.models import User
from fixpoint.tasks.models import Task
from tests.e2e.camera import sign_in
from tests.support.bundles import hidden_files, write_zip
from tests.support.names import CLASSES, RECIPE
from tests.support.platform import person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_organizer_makes_a_task_in_five_steps(context, page: Page, site: str, tmp_path: Path) -> None:
    person("olga", role=User.Role.ORGANIZER)
    hidden = write_zip(tmp_path / "hidden.zip", hidden_files())
    # This server is Django's alone and speaks no tus: files go as in a browser without scripts (test_draft_files).
    context.route("**/tus.min.js", lambda route: route.fulfill(status=404))
    sign_in(context, site, "olga")
    page.goto(f"{site}/organize/new/")
    page.get_by_role("button", name="Begin a new draft").click()

    page.get_by_label("Title").fill("Numerals by hand")
    page.get_by_label("Address").fill("Not An Address")
    page.get_by_label("Classes").fill("\n".join(CLASSES))
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_text("lower-case letters, digits and single hyphens")).to_be_visible()
    page.get_by_label("Address").fill("by-hand")
    page.get_by_role("button", name="Save and go on").click()

    page.get_by_label("Hidden test set (zip)").set_input_files(hidden)
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_label("Recipe").select_option(RECIPE)
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_label("Time zone").fill("Europe/Vienna")
    page.get_by_label("Opens").fill("2031-01-01T08:00")
    page.get_by_role("button", name="Save and go on").click()

    expect(page.get_by_text("All fields are in order")).to_be_visible()
    page.get_by_role("button", name="Make the task").click()
    expect(page.get_by_text("Only its organizers see it.")).to_be_visible()
    assert Task.objects.get(slug="by-hand").published_at is None
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", name="Numerals by hand")).to_be_visible()
    assert Task.objects.get(slug="by-hand").published_at
