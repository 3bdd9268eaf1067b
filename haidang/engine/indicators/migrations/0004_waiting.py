"""Figures of formulas that wait to be computed again."""

from django.db import migrations

SQL = """
CREATE TABLE indicators_waiting (
    indicator varchar(120) NOT NULL, place_id bigint NOT NULL, at timestamptz NOT NULL,
    PRIMARY KEY (indicator, place_id, at)
);
"""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0003_past_of_places")]
    operations = [migrations.RunSQL(SQL, "DROP TABLE indicators_waiting;")]
