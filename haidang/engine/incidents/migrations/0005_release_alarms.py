"""Incidents closed until now kept their alarms for ever; those still standing were out of everybody's reach."""

from typing import ClassVar

from django.db import migrations

RELEASE = """
UPDATE incidents_incidentalarm link SET released_at = incident.closed_at
  FROM incidents_incident incident WHERE incident.id = link.incident_id AND incident.closed_at IS NOT NULL;
UPDATE alarms_alarm alarm SET incident_code = ''
  FROM incidents_incidentalarm link
 WHERE link.alarm_id = alarm.id AND link.released_at IS NOT NULL AND alarm.closed_at IS NULL;
"""


class Migration(migrations.Migration):
    # Apart from the change of the table: PostgreSQL alters no table whose rows wait for a foreign key's check.
    dependencies: ClassVar = [("incidents", "0004_alarms_of_open_incidents")]

    operations: ClassVar = [migrations.RunSQL(RELEASE, migrations.RunSQL.noop)]
