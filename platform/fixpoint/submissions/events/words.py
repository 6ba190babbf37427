"""Server-sent events as they go over the wire: https://html.spec.whatwg.org/multipage/server-sent-events.html."""

import json
from dataclasses import asdict

from fixpoint.submissions.events.looks import Look

RECONNECT_MILLISECONDS = 2000
BEGINNING = f"retry: {RECONNECT_MILLISECONDS}\n\n"
HEARTBEAT = ": still here\n\n"
"""A comment: no event for the page, but proof for all between that the line is alive."""


def told(look: Look) -> str:
    """What has changed; of a final one also that this was the last event."""
    data = json.dumps(asdict(look))
    changed = f"id: {look.version}\nevent: changed\ndata: {data}\n\n"
    return f"{changed}event: end\ndata: {look.status}\n\n" if look.is_final else changed
