"""A delivery of very many records is stored in slices; until the last of them it says that more is to come."""

from django.db import migrations

SQL = "ALTER TABLE store_delivery ADD COLUMN unfinished boolean NOT NULL DEFAULT false;"
UNDO = "ALTER TABLE store_delivery DROP COLUMN unfinished;"


class Migration(migrations.Migration):
    dependencies = [("store", "0006_epoch_stages")]
    operations = [migrations.RunSQL(SQL, UNDO)]
