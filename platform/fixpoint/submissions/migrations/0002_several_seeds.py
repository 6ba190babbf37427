# What several seeds bring, and the one seed of every earlier entry as a list of one.

from django.db import migrations, models
from django.db.migrations.state import StateApps
from django.db.models import OuterRef, Subquery


def seed_to_seeds(apps: StateApps, _schema_editor: object) -> None:
    submissions, epochs, results = (
        apps.get_model("submissions", name).objects for name in ("Submission", "Epoch", "Result")
    )
    for entry in submissions.only("pk", "seed").iterator():
        submissions.filter(pk=entry.pk).update(seeds=[entry.seed])
    seed = submissions.filter(pk=OuterRef("submission_id")).values("seed")[:1]
    epochs.update(seed=Subquery(seed))
    for result in results.select_related("submission", "run").defer("correct").iterator():
        only = {
            "seed": result.submission.seed,
            "accuracy": result.submission.accuracy,
            "best_epoch": result.best_epoch,
            "val_accuracy": result.val_accuracy,
            "weights_digest": result.run.weights_sha256,
        }
        results.filter(pk=result.pk).update(per_seed=[only])


class Migration(migrations.Migration):
    dependencies = [("submissions", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="submission",
            name="seeds",
            field=models.JSONField(
                default=list,
                help_text="What it trains with, as its task asked when it was entered: different numbers, rising.",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="epoch", name="seed", field=models.PositiveIntegerField(default=0), preserve_default=False
        ),
        migrations.AddField(
            model_name="run",
            name="dynamics_sha256",
            field=models.CharField(
                blank=True, default="", help_text="How each training image was learned.", max_length=64
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="result",
            name="spread",
            field=models.FloatField(
                help_text="Sample standard deviation of the accuracy over the seeds, if any.", null=True
            ),
        ),
        migrations.AddField(
            model_name="result",
            name="per_seed",
            field=models.JSONField(
                default=list,
                help_text="For each seed in order: seed, accuracy, best_epoch, val_accuracy, weights_digest.",
            ),
            preserve_default=False,
        ),
        migrations.RunPython(seed_to_seeds, migrations.RunPython.noop),
    ]
