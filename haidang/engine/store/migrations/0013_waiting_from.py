"""Since when records of a source wait for ingest: what was just counted is no standstill."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0012_connected_date")]
    operations = [
        migrations.AddField(
            model_name="doorcount",
            name="waiting_from",
            field=models.DateTimeField(
                null=True, help_text="when this door last counted a record while none of the source waited"
            ),
        ),
    ]
