"""The tasks list pages through a project's or a state's tasks by key, however many there are."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tasks', '0003_open_categories'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='task',
            index=models.Index(fields=['project', '-id'], name='task_by_project'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(fields=['state', '-id'], name='task_by_state'),
        ),
    ]
