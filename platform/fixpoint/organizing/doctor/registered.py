"""The workers as they told of themselves: whether somebody is there for every open task, and whether all fits."""

from fixpoint.dispatch.overview import overview
from fixpoint.organizing.doctor.advice import advice_on
from fixpoint.tasks.selectors import queues_unserved
from worker.contract import Finding, Level


def workers_listed() -> Finding:
    """Who is there; worse where an open task's queue has nobody, or a worker says something strange of itself."""
    now = overview()
    advice = advice_on(program="worker-evaluate", service="worker worker-ingest")
    if not now.workers:
        return Finding(Level.WARN, "none has told of itself", f"see FIXPOINT_WORKER_TOKEN of each worker; {advice}")
    found = ", ".join(f"{each.worker.name} {each.state}" for each in now.workers)
    if left := queues_unserved():
        advice = (
            f"start a worker whose FIXPOINT_QUEUES names {left[0]}, or let one work again: manage.py drain NAME --undo"
        )
        return Finding(Level.WARN, f"{found}: nobody takes {', '.join(left)}", advice)
    if troubled := [f"{each.worker.name}: {each.trouble}" for each in now.workers if each.trouble]:
        return Finding(Level.WARN, found, " ".join(troubled))
    return Finding(Level.OK, found)
