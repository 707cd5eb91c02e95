"""What was signed, checked or agreed stays as it was."""

from django.db import migrations

TABLES = (
    "tutors_paper",
    "tutors_signatureevidence",
    "tutors_credentialcheck",
    "tutors_contractrate",
    "tutors_requirementset",
)

FORWARD = "".join(
    f"""
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION lectern_append_only();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION lectern_append_only();
"""
    for table in TABLES
) + """
CREATE FUNCTION tutors_keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may_change text[] := ARRAY['state', 'effective', 'viewed_at', 'signed_at',
                               'countersigned_by_id', 'countersigned_at'];
BEGIN
    IF tg_op = 'DELETE' THEN
        RAISE EXCEPTION 'a contract version is never deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF to_jsonb(new) - may_change <> to_jsonb(old) - may_change THEN
        RAISE EXCEPTION 'a contract version is immutable: amend the contract'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF old.state = 'in_force' AND (
        new.state <> 'in_force'
        OR lower(new.effective) IS DISTINCT FROM lower(old.effective)
        OR coalesce(upper(new.effective), 'infinity') > coalesce(upper(old.effective), 'infinity')
        OR new.signed_at <> old.signed_at
        OR new.countersigned_at <> old.countersigned_at
        OR new.countersigned_by_id <> old.countersigned_by_id
    ) THEN
        RAISE EXCEPTION 'a version in force keeps its start and its signatures; its end only moves closer'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER tutors_contractversion_kept BEFORE UPDATE OR DELETE ON tutors_contractversion
    FOR EACH ROW EXECUTE FUNCTION tutors_keep_version();

CREATE FUNCTION tutors_keep_named_set() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may_change text[] := ARRAY['ended_by_id', 'ended_at'];
BEGIN
    IF tg_op = 'DELETE' THEN
        RAISE EXCEPTION 'a named set is never deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF to_jsonb(new) - may_change <> to_jsonb(old) - may_change OR old.ended_at IS NOT NULL THEN
        RAISE EXCEPTION 'a named set is immutable: replace it' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER tutors_namedset_kept BEFORE UPDATE OR DELETE ON tutors_namedset
    FOR EACH ROW EXECUTE FUNCTION tutors_keep_named_set();
CREATE TRIGGER tutors_namedset_no_truncate BEFORE TRUNCATE ON tutors_namedset
    FOR EACH STATEMENT EXECUTE FUNCTION lectern_append_only();
"""
BACKWARD = (
    """
DROP TRIGGER tutors_namedset_no_truncate ON tutors_namedset;
DROP TRIGGER tutors_namedset_kept ON tutors_namedset;
DROP FUNCTION tutors_keep_named_set();
DROP TRIGGER tutors_contractversion_kept ON tutors_contractversion;
DROP FUNCTION tutors_keep_version();
"""
    + "".join(
        f"""
DROP TRIGGER {table}_no_truncate ON {table};
DROP TRIGGER {table}_append_only ON {table};
"""
        for table in TABLES
    )
)


class Migration(migrations.Migration):
    dependencies = [
        ("tutors", "0001_initial"),
        ("workforce", "0002_append_only"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
