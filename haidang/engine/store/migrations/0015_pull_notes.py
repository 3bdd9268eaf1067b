"""What happened in the last run of a pulled source and did not end it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0014_office_named")]
    operations = [
        migrations.AddField(
            model_name="pull",
            name="notes",
            field=models.JSONField(
                db_default=[],
                default=list,
                help_text="what happened in the last run and did not end it: reason, detail",
            ),
        ),
    ]
