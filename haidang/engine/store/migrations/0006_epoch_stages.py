"""When each stage of a batch was done, beside its epoch."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0005_door_refusals")]
    operations = [
        migrations.AddField(
            "epoch",
            "stages",
            models.JSONField(help_text="when each stage of a batch was done, in seconds since 1970", null=True),
        ),
    ]
