from typing import Any

from django.db import migrations
from django.db.models import F


def fill(apps: Any, _schema_editor: Any) -> None:
    """Every task that there is was there for everybody as soon as it was ready."""
    apps.get_model("tasks", "Task").objects.update(published_at=F("created_at"))


class Migration(migrations.Migration):
    dependencies = [("tasks", "0010_drafts_phases_people")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
