"""The day each source came to this centre: what was due before was not owed to it."""

from django.db import migrations, models

import haidang.engine.clock

# The day its content was first in force; a source whose content left no trace is connected today.
SQL = """
UPDATE store_source SET connected_date = came.day FROM (
    SELECT address, (min(valid_from) AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day
    FROM store_contentfile WHERE kind = 'sources' GROUP BY address
) came WHERE came.address = store_source.address;
"""


class Migration(migrations.Migration):
    dependencies = [("store", "0011_refusal_indexes")]
    operations = [
        migrations.AddField(
            model_name="source",
            name="connected_date",
            field=models.DateField(
                default=haidang.engine.clock.today,
                help_text="what was due before this day in Việt Nam was not owed to this centre",
            ),
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
