"""What the schema editor cannot say: storage of hot tables, and rows that nobody may edit."""

from django.db import migrations

STORAGE = """
ALTER TABLE tasks_slot SET
    (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, autovacuum_analyze_scale_factor = 0.02);
ALTER TABLE tasks_claim SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE tasks_offer SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE tasks_poolcounter SET (fillfactor = 50);
ALTER TABLE tasks_counterchange SET (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 2000);
"""

WHOLE_SECONDS = """
ALTER TABLE tasks_timeentry ADD CONSTRAINT time_in_whole_seconds CHECK (
    started_at = date_trunc('second', started_at)
    AND (ended_at IS NULL OR (ended_at = date_trunc('second', ended_at)
                              AND seconds = extract(epoch FROM ended_at - started_at))));
"""

FROZEN_TIME = """
CREATE FUNCTION tasks_time_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state NOT IN ('approved', 'locked') THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.state = 'approved' AND NEW.state = 'locked'
       AND to_jsonb(NEW) - 'state' = to_jsonb(OLD) - 'state' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Approved time is never edited; write a correcting entry (TE-%)', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'time_approved_is_never_edited';
END $$;
CREATE TRIGGER time_approved_is_never_edited BEFORE UPDATE OR DELETE ON tasks_timeentry
    FOR EACH ROW EXECUTE FUNCTION tasks_time_frozen();
"""

FIXED_CLAIM = """
CREATE FUNCTION tasks_claim_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The terms of claim CL-% were fixed at its start', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'claim_terms_never_change';
END $$;
CREATE TRIGGER claim_terms_never_change BEFORE UPDATE OF
    slot_id, task_id, tutor_id, role, fence, rate_minor_hourly, currency, rate_rule,
    contract_version_id ON tasks_claim
    FOR EACH ROW WHEN (
        (OLD.slot_id, OLD.task_id, OLD.tutor_id, OLD.role, OLD.fence, OLD.rate_minor_hourly,
         OLD.currency, OLD.rate_rule, OLD.contract_version_id)
        IS DISTINCT FROM
        (NEW.slot_id, NEW.task_id, NEW.tutor_id, NEW.role, NEW.fence, NEW.rate_minor_hourly,
         NEW.currency, NEW.rate_rule, NEW.contract_version_id))
    EXECUTE FUNCTION tasks_claim_terms();
"""

FIXED_SUBMISSION = """
CREATE FUNCTION tasks_submission_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
       AND to_jsonb(NEW) - 'withdrawn_at' - 'unreviewed'
         = to_jsonb(OLD) - 'withdrawn_at' - 'unreviewed' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Submission S-% is never edited', OLD.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'submission_never_edited';
END $$;
CREATE TRIGGER submission_never_edited BEFORE UPDATE OR DELETE ON tasks_submission
    FOR EACH ROW EXECUTE FUNCTION tasks_submission_fixed();
"""

KEPT_POLICY = """
CREATE TRIGGER routing_policy_append_only BEFORE UPDATE OR DELETE ON tasks_routingpolicy
    FOR EACH ROW EXECUTE FUNCTION lectern_append_only();
"""

UNDO = """
ALTER TABLE tasks_timeentry DROP CONSTRAINT time_in_whole_seconds;
DROP TRIGGER time_approved_is_never_edited ON tasks_timeentry;
DROP FUNCTION tasks_time_frozen();
DROP TRIGGER claim_terms_never_change ON tasks_claim;
DROP FUNCTION tasks_claim_terms();
DROP TRIGGER submission_never_edited ON tasks_submission;
DROP FUNCTION tasks_submission_fixed();
DROP TRIGGER routing_policy_append_only ON tasks_routingpolicy;
"""


class Migration(migrations.Migration):
    dependencies = [("tasks", "0001_initial"), ("workforce", "0002_append_only")]

    operations = [
        migrations.RunSQL(
            STORAGE + WHOLE_SECONDS + FROZEN_TIME + FIXED_CLAIM + FIXED_SUBMISSION + KEPT_POLICY,
            UNDO,
        )
    ]
