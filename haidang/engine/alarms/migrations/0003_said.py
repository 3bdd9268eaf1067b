"""Reasons we give ourselves keep their parts, for screens in another language."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("alarms", "0002_held_by")]
    operations = [
        migrations.AddField(
            "alarm",
            "shelved_said",
            models.JSONField(
                help_text="the reason and its parts, when we put it aside ourselves", null=True
            ),
        ),
        migrations.AddField(
            "event",
            "said",
            models.JSONField(help_text="the sentence and its parts, when it is one of ours", null=True),
        ),
    ]
