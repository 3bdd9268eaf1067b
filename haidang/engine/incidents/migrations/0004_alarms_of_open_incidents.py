"""An alarm that outlasts its incident may be handled by another: the link ends when the incident closes."""

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies: ClassVar = [("incidents", "0003_both_languages"), ("alarms", "0003_said")]

    operations: ClassVar = [
        migrations.AlterField(
            model_name="incidentalarm",
            name="alarm",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="alarms.alarm"
            ),
        ),
        migrations.AddField(
            model_name="incidentalarm",
            name="released_at",
            field=models.DateTimeField(help_text="when its incident was closed", null=True),
        ),
        migrations.AddField(
            model_name="step",
            name="shown_by",
            field=models.ForeignKey(
                blank=True,
                help_text="whose proof shows it done",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="incidents.order",
            ),
        ),
        migrations.AddConstraint(
            model_name="incidentalarm",
            constraint=models.UniqueConstraint(
                condition=models.Q(("released_at", None)),
                fields=("alarm",),
                name="alarm_in_one_open_incident",
            ),
        ),
    ]
