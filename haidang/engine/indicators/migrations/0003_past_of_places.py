"""What was known of places is asked as often as of stations: former versions of their figures have an index too."""

from django.db import migrations

SQL = """
CREATE INDEX indicators_figure_past_place ON indicators_figure (indicator, place_id, at)
    WHERE superseded IS NOT NULL AND place_id IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("indicators", "0002_figure")]
    operations = [migrations.RunSQL(SQL, "DROP INDEX indicators_figure_past_place;")]
