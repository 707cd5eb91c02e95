"""A field that everybody must hold a qualification in, as a column of each pool."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tasks', '0013_offer_grounds'),
    ]

    operations = [
        migrations.AddField(
            model_name='pool',
            name='speciality',
            field=models.CharField(blank=True, db_default='', max_length=120),
        ),
    ]
