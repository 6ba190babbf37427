"""The spread over the seeds of the private images, for the interval of the score that decides in the end."""

from statistics import stdev
from typing import Any

from django.db import migrations, models


def fill(apps: Any, _schema: Any) -> None:
    """Of the results there are, from the seeds' private scores that they keep."""
    results = apps.get_model("submissions", "Result").objects.exclude(accuracy_private=None)
    for pk, seeds in results.values_list("pk", "per_seed").iterator():
        private = [each["accuracy_private"] for each in seeds if "accuracy_private" in each]
        if len(private) > 1:
            results.filter(pk=pk).update(spread_private=stdev(private))


class Migration(migrations.Migration):
    dependencies = [
        ("submissions", "0007_telling"),
    ]

    operations = [
        migrations.AddField(
            model_name="result",
            name="spread_private",
            field=models.FloatField(null=True, help_text="The same of the private images, if there are any."),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
