"""The timeline is append-only: the database itself refuses to change or delete an entry."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION incidents_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the timeline is append-only: % on % refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER incidents_entry_append_only BEFORE UPDATE OR DELETE ON incidents_entry
  FOR EACH ROW EXECUTE FUNCTION incidents_refuse();
CREATE TRIGGER incidents_proof_append_only BEFORE UPDATE OR DELETE ON incidents_proof
  FOR EACH ROW EXECUTE FUNCTION incidents_refuse();
"""
ALLOW = """
DROP TRIGGER incidents_proof_append_only ON incidents_proof;
DROP TRIGGER incidents_entry_append_only ON incidents_entry;
DROP FUNCTION incidents_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
