import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
import payments.models.earnings
from django.conf import settings
from django.db import migrations, models
from workforce.migrations._together import CreateModels


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('tasks', '0002_guards'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='LedgerAccount',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=80)),
                    ('currency', models.CharField(max_length=3)),
                    ('kind', models.CharField(choices=[('expense', 'expense'), ('payable', 'payable'), ('receivable', 'receivable'), ('clearing', 'clearing'), ('bank', 'bank'), ('fees', 'fees'), ('suspense', 'suspense'), ('withholding', 'withholding'), ('fx', 'fx'), ('client_receivable', 'client_receivable'), ('revenue', 'revenue')], default='suspense', max_length=24)),
                    ('floor_minor', models.BigIntegerField(null=True)),
                ],
                options={
                    'indexes': [models.Index(fields=['kind', 'currency'], name='ledger_account_by_kind')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['expense', 'payable', 'receivable', 'clearing', 'bank', 'fees', 'suspense', 'withholding', 'fx', 'client_receivable', 'revenue'])), name='ledger_account_kind_known'), models.UniqueConstraint(fields=('code', 'currency'), name='ledger_account_once'), models.UniqueConstraint(fields=('id', 'currency'), name='ledger_account_currency')],
                },
            ),
            migrations.CreateModel(
                name='BankMessage',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('pain.002', 'pain.002'), ('camt.053', 'camt.053')], default='camt.053', max_length=24)),
                    ('message_id', models.CharField(max_length=70)),
                    ('sha256', models.CharField(max_length=64)),
                    ('result', models.JSONField(default=dict)),
                    ('received_at', models.DateTimeField()),
                    ('received_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['pain.002', 'camt.053'])), name='bank_message_kind_known'), models.UniqueConstraint(fields=('sha256',), name='bank_message_once')],
                },
            ),
            migrations.CreateModel(
                name='Journal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=120, unique=True)),
                    ('kind', models.CharField(max_length=32)),
                    ('body_sha256', models.CharField(max_length=64)),
                    ('reason', models.CharField(blank=True, default='', max_length=500)),
                    ('at', models.DateTimeField()),
                    ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('reverses', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='payments.journal')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='PayoutBatch',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('state', models.CharField(choices=[('built', 'built'), ('approved', 'approved'), ('sent', 'sent'), ('settled', 'settled'), ('cancelled', 'cancelled')], default='built', max_length=24)),
                    ('built_at', models.DateTimeField()),
                    ('pay_on', models.DateField()),
                    ('message_id', models.CharField(blank=True, default='', max_length=35)),
                    ('content_hash', models.CharField(blank=True, default='', max_length=64)),
                    ('checkers_needed', models.PositiveSmallIntegerField(default=1)),
                    ('totals_minor', models.JSONField(default=dict)),
                    ('payouts_count', models.PositiveIntegerField(default=0)),
                    ('approved_at', models.DateTimeField(null=True)),
                    ('sent_at', models.DateTimeField(null=True)),
                    ('file_version', models.CharField(default='09', max_length=2)),
                    ('file_sha256', models.CharField(blank=True, default='', max_length=64)),
                    ('payer_name', models.CharField(blank=True, default='', max_length=140)),
                    ('payer_iban', models.CharField(blank=True, default='', max_length=34)),
                    ('payer_bic', models.CharField(blank=True, default='', max_length=11)),
                    ('closed_at', models.DateTimeField(null=True)),
                    ('built_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('sent_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['built', 'approved', 'sent', 'settled', 'cancelled'])), name='payout_batch_state_known'), models.UniqueConstraint(fields=('id', 'built_by'), name='payout_batch_maker'), models.UniqueConstraint(condition=models.Q(('message_id', ''), _negated=True), fields=('message_id',), name='payout_batch_message_once'), models.CheckConstraint(condition=models.Q(('state__in', ['built', 'approved', 'cancelled']), models.Q(('sent_at__isnull', False), models.Q(('file_sha256', ''), _negated=True)), _connector='OR'), name='payout_batch_sent_with_a_file')],
                },
            ),
            migrations.CreateModel(
                name='BatchApproval',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('content_hash', models.CharField(max_length=64)),
                    ('at', models.DateTimeField()),
                    ('checker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('maker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='payments.payoutbatch')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('maker', models.F('checker')), _negated=True), name='batch_maker_is_not_checker'), models.UniqueConstraint(fields=('batch', 'checker'), name='batch_checker_once')],
                },
            ),
            migrations.CreateModel(
                name='LeftOut',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('currency', models.CharField(max_length=3)),
                    ('amount_minor', models.BigIntegerField()),
                    ('code', models.CharField(max_length=32)),
                    ('reason', models.CharField(max_length=500)),
                    ('tutor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tutors.tutor')),
                    ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='left_out', to='payments.payoutbatch')),
                ],
            ),
            migrations.CreateModel(
                name='PayoutDetails',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('holder_name', models.CharField(max_length=140)),
                    ('iban_sealed', models.TextField()),
                    ('iban_fingerprint', models.CharField(max_length=64)),
                    ('iban_masked', models.CharField(max_length=16)),
                    ('bic', models.CharField(blank=True, default='', max_length=11)),
                    ('confirmed_at', models.DateTimeField(null=True)),
                    ('hold_until', models.DateTimeField(null=True)),
                    ('entered_at', models.DateTimeField()),
                    ('replaced_at', models.DateTimeField(null=True)),
                    ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('tutor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tutors.tutor')),
                ],
                options={
                    'indexes': [models.Index(fields=['iban_fingerprint'], name='payout_details_by_iban')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('replaced_at__isnull', True)), fields=('tutor',), name='payout_details_one_in_force')],
                },
            ),
            migrations.CreateModel(
                name='PayoutHold',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('reason', models.CharField(max_length=500)),
                    ('placed_at', models.DateTimeField()),
                    ('release_at', models.DateTimeField()),
                    ('released_at', models.DateTimeField(null=True)),
                    ('placed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('tutor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tutors.tutor')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='payout_hold_has_a_reason'), models.CheckConstraint(condition=models.Q(('release_at__gt', models.F('placed_at'))), name='payout_hold_ends')],
                },
            ),
            migrations.CreateModel(
                name='PayoutTally',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('state', models.CharField(max_length=24)),
                    ('currency', models.CharField(max_length=3)),
                    ('payouts_count', models.BigIntegerField(default=0)),
                    ('amount_minor', models.DecimalField(decimal_places=0, default=0, max_digits=30)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('state', 'currency'), name='payout_tally_once')],
                },
            ),
            migrations.CreateModel(
                name='Period',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('starts_at', models.DateTimeField()),
                    ('ends_at', models.DateTimeField()),
                    ('zone', models.CharField(max_length=64)),
                    ('label', models.CharField(max_length=8)),
                    ('state', models.CharField(choices=[('open', 'open'), ('closed', 'closed')], default='open', max_length=24)),
                    ('closed_at', models.DateTimeField(null=True)),
                    ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('contract', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tutors.contract')),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['contract', 'starts_at'], name='period_open')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['open', 'closed'])), name='period_state_known'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='period_ends_after_it_starts'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('state', 'open')), models.Q(('closed_at__isnull', False), ('state', 'closed')), _connector='OR'), name='period_closed_by_somebody'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.F('contract'), '='), (payments.models.earnings.TsTzRange('starts_at', 'ends_at', django.contrib.postgres.fields.ranges.RangeBoundary()), '&&')], name='period_of_a_contract_never_overlaps')],
                },
            ),
            migrations.CreateModel(
                name='Bucket',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('time_kind', models.CharField(max_length=24)),
                    ('rate_rule', models.CharField(max_length=120)),
                    ('rate_minor_hourly', models.BigIntegerField()),
                    ('currency', models.CharField(max_length=3)),
                    ('seconds', models.BigIntegerField(default=0)),
                    ('posted_minor', models.BigIntegerField(default=0)),
                    ('contract', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tutors.contract')),
                    ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='buckets', to='payments.period')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('contract', 'period', 'time_kind', 'rate_rule', 'rate_minor_hourly', 'currency'), name='bucket_once'), models.CheckConstraint(condition=models.Q(('posted_minor__gte', 0), ('seconds__gte', 0)), name='bucket_not_negative')],
                },
            ),
            migrations.CreateModel(
                name='Earning',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('wage', 'wage'), ('onboarding', 'onboarding'), ('assessment', 'assessment'), ('bonus', 'bonus'), ('referral', 'referral'), ('notice_pay', 'notice_pay'), ('guarantee', 'guarantee'), ('restitution', 'restitution'), ('adjustment', 'adjustment')], default='wage', max_length=24)),
                    ('seconds', models.BigIntegerField(default=0)),
                    ('seconds_before', models.BigIntegerField(default=0)),
                    ('amount_minor', models.BigIntegerField()),
                    ('currency', models.CharField(max_length=3)),
                    ('worked_from', models.DateTimeField()),
                    ('worked_until', models.DateTimeField()),
                    ('reason', models.CharField(blank=True, default='', max_length=500)),
                    ('posted_at', models.DateTimeField()),
                    ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('bucket', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='payments.bucket')),
                    ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tutors.contract')),
                    ('contract_version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tutors.contractversion')),
                    ('project', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tasks.project')),
                    ('time_entry', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tasks.timeentry')),
                    ('tutor', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tutors.tutor')),
                    ('journal', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='earning', to='payments.journal')),
                ],
                options={
                    'indexes': [models.Index(fields=['account', '-id'], name='earning_by_account'), models.Index(fields=['contract', 'worked_from'], name='earning_by_contract')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['wage', 'onboarding', 'assessment', 'bonus', 'referral', 'notice_pay', 'guarantee', 'restitution', 'adjustment'])), name='earning_kind_known'), models.CheckConstraint(condition=models.Q(('journal__isnull', False), ('amount_minor', 0), _connector='OR'), name='earning_money_is_in_the_books'), models.CheckConstraint(condition=models.Q(models.Q(('bucket__isnull', True), ('time_entry__isnull', True)), models.Q(('bucket__isnull', False), ('time_entry__isnull', False)), _connector='OR'), name='earning_time_has_its_bucket')],
                },
            ),
            migrations.CreateModel(
                name='Statement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('currency', models.CharField(max_length=3)),
                    ('total_minor', models.BigIntegerField()),
                    ('seconds', models.BigIntegerField()),
                    ('lines_count', models.PositiveIntegerField()),
                    ('payee_name', models.CharField(max_length=200)),
                    ('payer_name', models.CharField(max_length=200)),
                    ('due_on', models.DateField()),
                    ('issued_at', models.DateTimeField()),
                    ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tutors.contract')),
                    ('period', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='payments.period')),
                    ('tutor', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tutors.tutor')),
                ],
                options={
                    'indexes': [models.Index(fields=['account', '-id'], name='statement_by_account'), models.Index(fields=['tutor', 'currency'], name='statement_by_tutor')],
                    'constraints': [models.UniqueConstraint(fields=('period', 'currency'), name='statement_once'), models.CheckConstraint(condition=models.Q(('lines_count__gt', 0)), name='statement_has_lines')],
                },
            ),
            migrations.CreateModel(
                name='StatementLine',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('position', models.PositiveIntegerField()),
                    ('late', models.BooleanField(default=False)),
                    ('earning', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='statement_line', to='payments.earning')),
                    ('statement', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='payments.statement')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('statement', 'position'), name='statement_line_position_once')],
                },
            ),
            migrations.CreateModel(
                name='Transfer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('currency', models.CharField(max_length=3)),
                    ('amount_minor', models.BigIntegerField()),
                    ('state', models.CharField(choices=[('posted', 'posted'), ('pending', 'pending'), ('released', 'released')], default='posted', max_length=24)),
                    ('credit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credited', to='payments.ledgeraccount')),
                    ('debit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='debited', to='payments.ledgeraccount')),
                    ('journal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='payments.journal')),
                    ('resolves', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='resolved_by', to='payments.transfer')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['posted', 'pending', 'released'])), name='transfer_state_known'), models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='transfer_amount_positive'), models.CheckConstraint(condition=models.Q(('debit', models.F('credit')), _negated=True), name='transfer_between_two_accounts'), models.CheckConstraint(condition=models.Q(('state', 'posted'), models.Q(('resolves__isnull', True), ('state', 'pending')), models.Q(('resolves__isnull', False), ('state', 'released')), _connector='OR'), name='transfer_resolves_or_not')],
                },
            ),
            migrations.CreateModel(
                name='Payout',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('currency', models.CharField(max_length=3)),
                    ('amount_minor', models.BigIntegerField()),
                    ('state', models.CharField(choices=[('accrued', 'accrued'), ('approved', 'approved'), ('locked', 'locked'), ('sent', 'sent'), ('settled', 'settled'), ('failed', 'failed'), ('returned', 'returned'), ('void', 'void')], default='accrued', max_length=24)),
                    ('end_to_end_id', models.CharField(default=None, max_length=35, null=True, unique=True)),
                    ('bank_debited', models.BooleanField(default=False)),
                    ('bank_credited', models.BooleanField(default=False)),
                    ('reason', models.CharField(blank=True, default='', max_length=500)),
                    ('settled_at', models.DateTimeField(null=True)),
                    ('failed_at', models.DateTimeField(null=True)),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('tutor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tutors.tutor')),
                    ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payouts', to='payments.payoutbatch')),
                    ('details', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payouts', to='payments.payoutdetails')),
                    ('reserved', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payout', to='payments.transfer')),
                ],
                options={
                    'indexes': [models.Index(fields=['state', '-id'], name='payout_by_state')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['accrued', 'approved', 'locked', 'sent', 'settled', 'failed', 'returned', 'void'])), name='payout_state_known'), models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='payout_amount_positive'), models.UniqueConstraint(fields=('batch', 'tutor', 'currency'), name='payout_once_per_tutor_and_currency'), models.CheckConstraint(condition=models.Q(('state__in', ['accrued', 'void']), models.Q(('end_to_end_id__isnull', False), ('reserved__isnull', False)), _connector='OR'), name='payout_money_reserved_before_it_goes')],
                },
            ),
            migrations.CreateModel(
                name='BankEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=80)),
                    ('account', models.CharField(max_length=34)),
                    ('amount_minor', models.BigIntegerField()),
                    ('currency', models.CharField(max_length=3)),
                    ('booked_on', models.DateField()),
                    ('end_to_end_id', models.CharField(blank=True, default='', max_length=70)),
                    ('reason', models.CharField(blank=True, default='', max_length=70)),
                    ('state', models.CharField(choices=[('matched', 'matched'), ('fee', 'fee'), ('suspense', 'suspense'), ('duplicate', 'duplicate')], default='suspense', max_length=24)),
                    ('message', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='payments.bankmessage')),
                    ('journal', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.journal')),
                    ('payout', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bank_entries', to='payments.payout')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['matched', 'fee', 'suspense', 'duplicate'])), name='bank_entry_state_known'), models.UniqueConstraint(fields=('key',), name='bank_entry_once'), models.CheckConstraint(condition=models.Q(('amount_minor', 0), _negated=True), name='bank_entry_moves_money')],
                },
            ),
            migrations.CreateModel(
                name='PayoutPart',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('amount_minor', models.BigIntegerField()),
                    ('live', models.BooleanField(default=True)),
                    ('payout', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='payments.payout')),
                    ('statement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='payout_parts', to='payments.statement')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('live', True)), fields=('statement',), name='statement_paid_once')],
                },
            ),
            migrations.CreateModel(
                name='Balance',
                fields=[
                    ('account', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='balance', serialize=False, to='payments.ledgeraccount')),
                    ('debits_minor', models.BigIntegerField(default=0)),
                    ('credits_minor', models.BigIntegerField(default=0)),
                    ('pending_debits_minor', models.BigIntegerField(default=0)),
                    ('pending_credits_minor', models.BigIntegerField(default=0)),
                    ('floor_minor', models.BigIntegerField(null=True)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('credits_minor__gte', 0), ('debits_minor__gte', 0), ('pending_credits_minor__gte', 0), ('pending_debits_minor__gte', 0)), name='balance_sides_not_negative'), models.CheckConstraint(condition=models.Q(('floor_minor__isnull', True), ('credits_minor__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('debits_minor'), '+', models.F('pending_debits_minor')), '+', models.F('floor_minor'))), _connector='OR'), name='balance_not_below_floor')],
                },
            ),
        ]),
    ]
