"""A correction asks for the alarms of its rule and subject, and an alarm's page for the earlier ones."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("alarms", "0004_closed")]
    operations = [
        migrations.AddIndex(
            "alarm", models.Index(fields=["rule", "subject", "-raised_at"], name="alarm_by_rule")
        ),
    ]
