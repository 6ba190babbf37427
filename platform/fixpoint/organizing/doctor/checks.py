"""Every check of the platform, in the order in which one reads them: what others stand on comes first."""

from functools import partial

from django.db import connection

from fixpoint.organizing.doctor.attempts import chores, leases, sweeper, waiting_jobs
from fixpoint.organizing.doctor.blobs import blob_store, disk
from fixpoint.organizing.doctor.broker import broker, broker_advice, broker_clock, broker_queues
from fixpoint.organizing.doctor.check import Check
from fixpoint.organizing.doctor.database import database, database_clock, migrations
from fixpoint.organizing.doctor.libraries import libraries
from fixpoint.organizing.doctor.pinned import recipes, tasks_pinned
from fixpoint.organizing.doctor.registered import workers_listed
from fixpoint.organizing.doctor.storage import blobs_looked_at


def platform_checks() -> list[Check]:
    """All of them."""
    on_broker = broker_advice()
    on_database = "see that the database runs, is not locked, and that FIXPOINT_DATABASE_URL is its address"
    on_disk = "see the disk, and the mount if it is a network's"
    return [
        Check("broker", broker, on_broker),
        Check("broker clock", broker_clock, on_broker, ("broker",)),
        Check("broker queues", broker_queues, on_broker, ("broker",)),
        Check("database", partial(database, connection), on_database),
        Check("database clock", partial(database_clock, connection), on_database, ("database",)),
        Check("migrations", partial(migrations, connection), on_database, ("database",)),
        Check("blobs", blob_store, on_disk),
        Check("disk", disk, on_disk),
        Check("storage", blobs_looked_at, on_database, ("migrations",)),
        Check("browser libraries", libraries, on_disk),
        Check("recipes", recipes, "install the platform anew from one checkout"),
        Check("tasks", tasks_pinned, on_database, ("migrations", "recipes")),
        Check("waiting jobs", waiting_jobs, on_database, ("migrations",)),
        Check("known workers", workers_listed, on_database, ("migrations", "recipes")),
        Check("sweeper", sweeper, on_database, ("migrations",)),
        Check("chores", chores, on_database, ("migrations",)),
        Check("leases", leases, on_database, ("migrations",)),
    ]
