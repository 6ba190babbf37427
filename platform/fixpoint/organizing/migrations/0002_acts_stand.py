"""The database refuses to change an act, and PostgreSQL to delete one.

SQLite does not refuse deleting, for Django empties a test's tables there row by row. A later migration that has SQLite
build the table anew (it does so for most changes) loses the trigger, and must call `forbid` again.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_SAYS = "An act is written once and for good."
_POSTGRESQL = (
    f"""CREATE OR REPLACE FUNCTION organizing_act_stands() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{_SAYS}'; END $$""",
    """CREATE TRIGGER organizing_act_stands BEFORE UPDATE OR DELETE ON organizing_act
    FOR EACH ROW EXECUTE FUNCTION organizing_act_stands()""",
)
_SQLITE = (
    f"""CREATE TRIGGER organizing_act_stands BEFORE UPDATE ON organizing_act
    BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END""",
)
_UNDONE = {
    "postgresql": (
        "DROP TRIGGER IF EXISTS organizing_act_stands ON organizing_act",
        "DROP FUNCTION IF EXISTS organizing_act_stands()",
    ),
    "sqlite": ("DROP TRIGGER IF EXISTS organizing_act_stands",),
}


def forbid(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in _POSTGRESQL if editor.connection.vendor == "postgresql" else _SQLITE:
        editor.execute(statement, params=None)


def allow(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in _UNDONE[editor.connection.vendor]:
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("organizing", "0001_acts")]

    operations = [migrations.RunPython(forbid, allow)]
