# The one seed goes, and with it the way back for rows: several seeds do not fit into one.

from django.db import migrations, models
from django.db.migrations.exceptions import IrreversibleError
from django.db.migrations.state import StateApps


def nothing_to_do(_apps: StateApps, _schema_editor: object) -> None:
    """Forwards all is in the operations before."""


def refuse_rows(apps: StateApps, _schema_editor: object) -> None:
    """Backwards this comes first, so that nothing was touched yet."""
    if apps.get_model("submissions", "Submission").objects.exists():
        raise IrreversibleError("Entries of several seeds do not fit into earlier versions: restore the backup.")


class Migration(migrations.Migration):
    dependencies = [
        ("submissions", "0002_several_seeds"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="epoch",
            options={"ordering": ("seed", "epoch")},
        ),
        migrations.RemoveConstraint(
            model_name="epoch",
            name="an_epoch_ends_once",
        ),
        migrations.RemoveField(
            model_name="result",
            name="best_epoch",
        ),
        migrations.RemoveField(
            model_name="submission",
            name="seed",
        ),
        migrations.AlterField(
            model_name="result",
            name="correct",
            field=models.BinaryField(
                help_text="For each seed in order a row of one bit per hidden image in numbered order: numpy.packbits(axis=1)."
            ),
        ),
        migrations.AlterField(
            model_name="result",
            name="gflop",
            field=models.FloatField(help_text="Arithmetic of training, validation and prediction, of all seeds."),
        ),
        migrations.AlterField(
            model_name="result",
            name="val_accuracy",
            field=models.FloatField(help_text="Of the kept epochs, the mean over the seeds."),
        ),
        migrations.AlterField(
            model_name="submission",
            name="accuracy",
            field=models.FloatField(
                help_text="Share of hidden images predicted right, the mean over its seeds; set exactly when scored.",
                null=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="epoch",
            constraint=models.UniqueConstraint(
                fields=("submission", "attempt", "seed", "epoch"), name="an_epoch_ends_once"
            ),
        ),
        migrations.RunPython(nothing_to_do, refuse_rows),
    ]
