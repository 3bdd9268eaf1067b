"""Room for newer versions of a series' row beside it."""

from django.db import migrations

SQL = """
-- Every batch writes the newest value of each series it touches. With half a page free the new version stays on the
-- page of the old one and none of the four indexes is written.
ALTER TABLE store_series SET (fillfactor = 50);
"""
UNDO = "ALTER TABLE store_series RESET (fillfactor);"


class Migration(migrations.Migration):
    dependencies = [("store", "0007_delivery_unfinished")]
    operations = [migrations.RunSQL(SQL, UNDO)]
