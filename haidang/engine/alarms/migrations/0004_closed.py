"""Looking back asks for what closed after an instant: without this it reads every alarm there ever was."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("alarms", "0003_said")]
    operations = [
        migrations.AddIndex("alarm", models.Index(fields=["closed_at"], name="alarm_by_closing")),
    ]
