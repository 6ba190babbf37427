"""The browser's libraries, which no checkout holds: an upgrade without `npm ci` leaves pages without them."""

from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders

from worker.contract import Finding, Level

LIBRARIES = ("vendor/bootstrap/bootstrap-reboot.min.css", "vendor/htmx/htmx.min.js", "vendor/tus/tus.min.js")


def libraries() -> Finding:
    """Whether the web would find each file of others that the pages name."""
    missing = [name for name in LIBRARIES if not _is_served(name)]
    if missing:
        advice = (
            "run `npm ci` in the checkout, or set FIXPOINT_NODE_MODULES to where npm put them; then restart the web"
        )
        return Finding(Level.WARN, f"the pages name and the web does not find: {', '.join(missing)}", advice)
    return Finding(Level.OK, f"all {len(LIBRARIES)} files that the pages name are there")


def _is_served(name: str) -> bool:
    collected = settings.STATIC_ROOT
    return (collected is not None and (Path(collected) / name).exists()) or finders.find(name) is not None
