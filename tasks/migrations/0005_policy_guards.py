"""Versions of a routing policy cannot be changed; the days of projects begin with what is there."""

from django.db import migrations

APPEND_ONLY = """
CREATE TRIGGER routing_policy_append_only BEFORE UPDATE OR DELETE ON tasks_routingpolicy
    FOR EACH ROW EXECUTE FUNCTION lectern_append_only();
"""

DAYS = """
INSERT INTO tasks_projectday (project_id, day, submitted)
SELECT project_id, day, sum(submitted) FROM (
       SELECT c.project_id, (s.submitted_at AT TIME ZONE 'UTC')::date AS day, 1 AS submitted
         FROM tasks_submission s JOIN tasks_claim c ON c.id = s.claim_id
        WHERE s.withdrawn_at IS NULL
        UNION ALL
       SELECT p.project_id, (k.at AT TIME ZONE 'UTC')::date, -k.submitted
         FROM tasks_counterchange k JOIN tasks_pool p ON p.id = k.pool_id
        WHERE k.submitted <> 0) handed_in
 GROUP BY project_id, day;
"""
"""What waits to be folded is left out: the folder adds it."""

UNDO = """
DROP TRIGGER routing_policy_append_only ON tasks_routingpolicy;
DELETE FROM tasks_projectday;
"""


class Migration(migrations.Migration):
    dependencies = [("tasks", "0004_routing_policy"), ("workforce", "0002_append_only")]

    operations = [migrations.RunSQL(APPEND_ONLY + DAYS, UNDO)]
