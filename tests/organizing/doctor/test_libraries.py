"""The browser's libraries as the doctor sees them."""

import re
from pathlib import Path

from fixpoint.organizing.doctor.libraries import LIBRARIES, libraries
from tests.support.site import ROOT
from worker.contract import Level


def moved_to(settings, modules: Path):
    own, *packages = settings.STATICFILES_DIRS
    settings.STATICFILES_DIRS = [own, *((prefix, modules / str(prefix)) for prefix, _ in packages)]


def test_all_that_the_pages_name_are_looked_for():
    pages = "".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))

    assert set(re.findall(r"vendor/[^'\"]+", pages)) == set(LIBRARIES)


def test_where_npm_has_put_them_all_is_well():
    assert libraries().level is Level.OK


def test_what_is_missing_is_named_with_what_to_do(settings, tmp_path):
    (tmp_path / "vendor" / "htmx").mkdir(parents=True)
    (tmp_path / "vendor" / "htmx" / "htmx.min.js").touch()
    moved_to(settings, tmp_path)

    finding = libraries()

    assert finding.level is Level.WARN
    assert "tus.min.js" in finding.found
    assert "htmx" not in finding.found
    assert "npm ci" in finding.advice


def test_what_was_collected_is_there_too(settings, tmp_path):
    settings.STATIC_ROOT = str(tmp_path)
    for name in LIBRARIES:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    moved_to(settings, tmp_path / "nowhere")

    assert libraries().level is Level.OK
