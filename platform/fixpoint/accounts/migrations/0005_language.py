"""The language that a person has chosen is kept with the account."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Nobody has chosen one yet."""

    dependencies = [("accounts", "0004_notices_of_news")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(
                blank=True, help_text="Of pages, mails and notices; empty: never chosen.", max_length=16
            ),
        ),
    ]
