"""A stream that was made anew counts from 1 again: its birth tells its sequences from those of the one before."""

from django.db import migrations

SQL = """
ALTER TABLE store_delivery ADD COLUMN wire_stream bigint NOT NULL DEFAULT 0;
DROP INDEX store_delivery_wire;
CREATE UNIQUE INDEX store_delivery_wire ON store_delivery (wire_stream, wire_seq) WHERE wire_seq > 0;
-- Bodies are JSON and text that compress little with pglz and cost more than the COPY of their readings.
ALTER TABLE store_delivery ALTER body SET STORAGE EXTERNAL;
CREATE TABLE store_closing (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    closed_until timestamptz NOT NULL
);
CREATE TABLE indicators_due (
    indicator varchar(120) NOT NULL, asset_id bigint NOT NULL, at timestamptz NOT NULL,
    PRIMARY KEY (indicator, asset_id, at)
);
"""
UNDO = """
DROP TABLE indicators_due; DROP TABLE store_closing;
DROP INDEX store_delivery_wire; ALTER TABLE store_delivery DROP COLUMN wire_stream;
CREATE UNIQUE INDEX store_delivery_wire ON store_delivery (wire_seq) WHERE wire_seq > 0;
"""


class Migration(migrations.Migration):
    dependencies = [("store", "0002_record")]
    operations = [migrations.RunSQL(SQL, UNDO)]
