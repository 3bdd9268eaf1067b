"""Up to which publication a version was compared, and when it got a warning after it was judged."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("submissions", "0003_withdrawn")]
    operations = [
        migrations.AddField(
            "submission",
            "compared_epoch",
            models.BigIntegerField(
                blank=True, null=True, help_text="what was published when its cells were compared with it"
            ),
        ),
        migrations.AddField(
            "submission",
            "renewed_at",
            models.DateTimeField(
                blank=True, null=True, help_text="when a publication gave it a warning after it was judged"
            ),
        ),
    ]
