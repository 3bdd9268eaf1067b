from django.db import migrations

# The tests of other parts empty their database by TRUNCATE; there, and only there, it is let through.
REFUSE = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' AND current_database() LIKE 'test\\_%'
     AND current_setting('haidang.audit_strict', true) IS DISTINCT FROM 'on' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION 'the audit log is append-only: % on % refused', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_act_append_only BEFORE UPDATE OR DELETE ON audit_act
  FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_act_no_truncate BEFORE TRUNCATE ON audit_act
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_seal_append_only BEFORE UPDATE OR DELETE ON audit_seal
  FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_seal_no_truncate BEFORE TRUNCATE ON audit_seal
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""
ALLOW = """
DROP TRIGGER audit_act_append_only ON audit_act;
DROP TRIGGER audit_act_no_truncate ON audit_act;
DROP TRIGGER audit_seal_append_only ON audit_seal;
DROP TRIGGER audit_seal_no_truncate ON audit_seal;
DROP FUNCTION audit_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
