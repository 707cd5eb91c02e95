"""A reject names a category; which ones there are is for the guide to say."""

from django.db import migrations, models

NAME = "review_reject_has_a_category"


class Migration(migrations.Migration):
    dependencies = [("tasks", "0002_guards")]

    operations = [
        migrations.RemoveConstraint(model_name="review", name=NAME),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=~models.Q(decision="reject") | ~models.Q(category=""), name=NAME
            ),
        ),
    ]
