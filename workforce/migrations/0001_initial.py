import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.operations
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models
from workforce.migrations._together import CreateModels


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        django.contrib.postgres.operations.BtreeGistExtension(
        ),
        CreateModels([
            migrations.CreateModel(
                name='WorkerHeartbeat',
                fields=[
                    ('name', models.CharField(max_length=120, primary_key=True, serialize=False)),
                    ('kind', models.CharField(max_length=16)),
                    ('pid', models.PositiveIntegerField()),
                    ('queues', models.JSONField(default=list)),
                    ('started_at', models.DateTimeField()),
                    ('seen_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='Account',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('email', models.EmailField(max_length=254)),
                    ('name', models.CharField(max_length=200)),
                    ('time_zone', models.CharField(default='UTC', max_length=64)),
                    ('is_active', models.BooleanField(default=True)),
                    ('is_demo', models.BooleanField(default=False)),
                    ('joined_at', models.DateTimeField()),
                    ('preferences', models.JSONField(blank=True, db_default={}, default=dict)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='account_email_once')],
                },
            ),
            migrations.CreateModel(
                name='Event',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=64)),
                    ('subject', models.CharField(max_length=32)),
                    ('body', models.JSONField()),
                    ('at', models.DateTimeField()),
                    ('recorded_at', models.DateTimeField(db_default=django.db.models.expressions.RawSQL('statement_timestamp()', [], output_field=models.DateTimeField()))),
                    ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [models.Index(fields=['subject', '-id'], name='event_by_subject'), models.Index(fields=['kind', '-id'], name='event_by_kind')],
                },
            ),
            migrations.CreateModel(
                name='ApiToken',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=80)),
                    ('secret_hash', models.CharField(max_length=64, unique=True)),
                    ('hint', models.CharField(max_length=8)),
                    ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=32), size=None)),
                    ('created_at', models.DateTimeField()),
                    ('expires_at', models.DateTimeField()),
                    ('last_used_at', models.DateTimeField(null=True)),
                    ('revoked_at', models.DateTimeField(null=True)),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Domain',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('slug', models.CharField(max_length=120, unique=True)),
                    ('name', models.CharField(max_length=120)),
                    ('created_at', models.DateTimeField()),
                    ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='workforce.domain')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('slug__regex', '^[a-z0-9]+(-[a-z0-9]+)*(\\.[a-z0-9]+(-[a-z0-9]+)*){0,2}$')), name='domain_slug_is_a_path')],
                },
            ),
            migrations.CreateModel(
                name='Outbox',
                fields=[
                    ('event', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='workforce.event')),
                ],
            ),
            migrations.CreateModel(
                name='IdempotencyKey',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=128)),
                    ('request_hash', models.CharField(max_length=64)),
                    ('status', models.PositiveSmallIntegerField()),
                    ('response', models.JSONField(null=True)),
                    ('created_at', models.DateTimeField()),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [models.Index(fields=['created_at'], name='idempotency_age')],
                    'constraints': [models.UniqueConstraint(fields=('account', 'key'), name='idempotency_key_once')],
                },
            ),
            migrations.CreateModel(
                name='Invitation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('nonce', models.CharField(max_length=64)),
                    ('secret_hash', models.CharField(max_length=64, unique=True)),
                    ('created_at', models.DateTimeField()),
                    ('expires_at', models.DateTimeField()),
                    ('accepted_at', models.DateTimeField(null=True)),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to=settings.AUTH_USER_MODEL)),
                    ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
            ),
            migrations.CreateModel(
                name='Job',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=64)),
                    ('queue', models.CharField(max_length=64)),
                    ('key', models.CharField(max_length=128)),
                    ('subject', models.JSONField()),
                    ('state', models.CharField(choices=[('due', 'due'), ('leased', 'leased'), ('done', 'done'), ('parked', 'parked')], default='due', max_length=24)),
                    ('run_at', models.DateTimeField(db_default=django.db.models.expressions.RawSQL('statement_timestamp()', [], output_field=models.DateTimeField()))),
                    ('attempts', models.PositiveSmallIntegerField(default=0)),
                    ('attempts_max', models.PositiveSmallIntegerField(default=5)),
                    ('fence', models.PositiveIntegerField(default=0)),
                    ('lease_until', models.DateTimeField(null=True)),
                    ('published_at', models.DateTimeField(null=True)),
                    ('done_at', models.DateTimeField(null=True)),
                    ('last_error', models.TextField(blank=True, default='')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.expressions.RawSQL('statement_timestamp()', [], output_field=models.DateTimeField()))),
                    ('event', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workforce.event')),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('state', 'due')), fields=['run_at', 'id'], name='job_due'), models.Index(condition=models.Q(('state', 'leased')), fields=['lease_until'], name='job_leased'), models.Index(condition=models.Q(('state', 'parked')), fields=['id'], name='job_parked')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['due', 'leased', 'done', 'parked'])), name='job_state_known'), models.UniqueConstraint(condition=models.Q(('state', 'due')), fields=('kind', 'key'), name='job_due_once'), models.CheckConstraint(condition=models.Q(models.Q(('lease_until__isnull', False), ('state', 'leased')), models.Q(models.Q(('state', 'leased'), _negated=True), ('lease_until__isnull', True)), _connector='OR'), name='job_lease_when_leased')],
                },
            ),
            migrations.CreateModel(
                name='PayTier',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('level', models.PositiveSmallIntegerField()),
                    ('locale', models.CharField(blank=True, default='', max_length=16)),
                    ('currency', models.CharField(max_length=3)),
                    ('rate_minor_hourly', models.BigIntegerField()),
                    ('min_minor_hourly', models.BigIntegerField()),
                    ('max_minor_hourly', models.BigIntegerField()),
                    ('effective', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                    ('created_at', models.DateTimeField()),
                    ('domain', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tiers', to='workforce.domain')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('level__in', (1, 2, 3, 4))), name='tier_level_known'), models.CheckConstraint(condition=models.Q(('min_minor_hourly__gt', 0), ('rate_minor_hourly__gte', models.F('min_minor_hourly')), ('rate_minor_hourly__lte', models.F('max_minor_hourly'))), name='tier_rate_in_range'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('domain', '='), ('level', '='), ('locale', '='), ('currency', '='), ('effective', '&&')], name='tier_no_overlap')],
                },
            ),
            migrations.CreateModel(
                name='RateMultiplier',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('axis', models.CharField(choices=[('role', 'role'), ('complexity', 'complexity')], max_length=16)),
                    ('key', models.CharField(max_length=16)),
                    ('basis_points', models.PositiveIntegerField()),
                    ('effective', django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('basis_points__gte', 10000), ('basis_points__lte', 50000)), name='multiplier_in_range'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('axis', '='), ('key', '='), ('effective', '&&')], name='multiplier_no_overlap')],
                },
            ),
            migrations.CreateModel(
                name='RoleGrant',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('role', models.CharField(choices=[('recruiter', 'recruiter'), ('manager', 'manager'), ('finance', 'finance'), ('reviewer', 'reviewer'), ('tutor', 'tutor'), ('client', 'client'), ('admin', 'admin')], max_length=16)),
                    ('granted_at', models.DateTimeField()),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grants', to=settings.AUTH_USER_MODEL)),
                    ('granted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('account', 'role'), name='role_granted_once'), models.CheckConstraint(condition=models.Q(('role__in', ['recruiter', 'manager', 'finance', 'reviewer', 'tutor', 'client', 'admin'])), name='role_known')],
                },
            ),
            migrations.CreateModel(
                name='Seal',
                fields=[
                    ('position', models.BigIntegerField(primary_key=True, serialize=False)),
                    ('digest', models.CharField(max_length=64)),
                    ('sealed_at', models.DateTimeField(db_default=django.db.models.expressions.RawSQL('statement_timestamp()', [], output_field=models.DateTimeField()))),
                    ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='seal', to='workforce.event')),
                ],
            ),
            migrations.CreateModel(
                name='Terms',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=24)),
                    ('version', models.PositiveIntegerField()),
                    ('title', models.CharField(max_length=200)),
                    ('text', models.TextField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('published_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('kind', 'version'), name='terms_version_once')],
                },
            ),
            migrations.CreateModel(
                name='Tick',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=64)),
                    ('slot', models.BigIntegerField()),
                    ('at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('name', 'slot'), name='tick_once')],
                },
            ),
            migrations.CreateModel(
                name='Notice',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(max_length=40)),
                    ('key', models.CharField(max_length=120)),
                    ('title', models.CharField(max_length=200)),
                    ('body', models.CharField(blank=True, default='', max_length=1000)),
                    ('url', models.CharField(blank=True, default='', max_length=300)),
                    ('important', models.BooleanField(default=False)),
                    ('made_at', models.DateTimeField()),
                    ('read_at', models.DateTimeField(null=True)),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [models.Index(fields=['account', '-id'], name='notice_by_account'), models.Index(condition=models.Q(('read_at__isnull', True)), fields=['account'], name='notice_unread')],
                    'constraints': [models.UniqueConstraint(fields=('account', 'key'), name='notice_once')],
                },
            ),
            migrations.CreateModel(
                name='SavedView',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('page', models.CharField(max_length=64)),
                    ('name', models.CharField(max_length=60)),
                    ('query', models.CharField(blank=True, default='', max_length=2000)),
                    ('is_shared', models.BooleanField(default=False)),
                    ('made_at', models.DateTimeField()),
                    ('removed_at', models.DateTimeField(null=True)),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='views', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [models.Index(fields=['page', 'account'], name='saved_view_by_page')],
                    'constraints': [models.UniqueConstraint(models.F('account'), models.F('page'), django.db.models.functions.text.Lower('name'), condition=models.Q(('removed_at__isnull', True)), name='saved_view_named_once')],
                },
            ),
        ]),
    ]
