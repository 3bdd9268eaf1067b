from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("forecasting", "0001_forecasts")]

    operations = [
        migrations.AddField(
            "waiting",
            "again_at",
            models.DateTimeField(help_text="not before this: making it failed", null=True),
        ),
    ]
