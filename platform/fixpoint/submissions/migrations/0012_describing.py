"""What owners write about their entries."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("submissions", "0011_team_required"),
    ]

    operations = [
        migrations.AddField(
            model_name="submission",
            name="description",
            field=models.TextField(blank=True, help_text="By its owner, for everybody: Markdown."),
        ),
        migrations.AddField(
            model_name="submission",
            name="link",
            field=models.CharField(blank=True, help_text="To a write-up; https.", max_length=500),
        ),
        migrations.AddField(
            model_name="submission",
            name="notes",
            field=models.TextField(blank=True, help_text="By its owner, for nobody else."),
        ),
        migrations.AddField(
            model_name="submission",
            name="title",
            field=models.CharField(blank=True, help_text="By its owner, for everybody.", max_length=120),
        ),
    ]
