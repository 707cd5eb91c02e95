"""How far late work stands behind, as a column of each version of a policy."""

from django.db import migrations, models
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast


class Migration(migrations.Migration):
    dependencies = [("tasks", "0011_queue_alerts")]

    operations = [
        migrations.AddField(
            model_name="routingpolicy",
            name="late_minutes",
            field=models.GeneratedField(
                db_persist=True,
                expression=Cast(KeyTextTransform("late_minutes", "document"), models.IntegerField()),
                output_field=models.IntegerField(null=True),
            ),
        ),
    ]
