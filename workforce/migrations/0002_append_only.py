"""The log cannot be changed, and whatever enters it is queued for the relay."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION lectern_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', tg_table_name, tg_op
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON workforce_event
    FOR EACH ROW EXECUTE FUNCTION lectern_append_only();
CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON workforce_event
    FOR EACH STATEMENT EXECUTE FUNCTION lectern_append_only();
CREATE TRIGGER seal_append_only BEFORE UPDATE OR DELETE ON workforce_seal
    FOR EACH ROW EXECUTE FUNCTION lectern_append_only();
CREATE TRIGGER seal_no_truncate BEFORE TRUNCATE ON workforce_seal
    FOR EACH STATEMENT EXECUTE FUNCTION lectern_append_only();

CREATE FUNCTION workforce_queue_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO workforce_outbox (event_id) SELECT id FROM added;
    RETURN NULL;
END $$;
CREATE TRIGGER event_to_outbox AFTER INSERT ON workforce_event
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION workforce_queue_event();

ALTER TABLE workforce_job SET (
    fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);
ALTER TABLE workforce_outbox SET (
    autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);
"""
BACKWARD = """
DROP TRIGGER event_to_outbox ON workforce_event;
DROP FUNCTION workforce_queue_event();
DROP TRIGGER seal_no_truncate ON workforce_seal;
DROP TRIGGER seal_append_only ON workforce_seal;
DROP TRIGGER event_no_truncate ON workforce_event;
DROP TRIGGER event_append_only ON workforce_event;
DROP FUNCTION lectern_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("workforce", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
