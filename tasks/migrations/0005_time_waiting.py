"""What waits for a decision is listed by key, however much is decided."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tasks", "0004_tasks_listed")]

    operations = [
        migrations.AddIndex(
            model_name="timeentry",
            index=models.Index(
                condition=models.Q(("state__in", ["submitted", "held", "disputed"])),
                fields=["id"],
                name="time_waiting",
            ),
        ),
    ]
