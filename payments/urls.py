"""Addresses of this floor: `api` below /api/v1/, `pages` below the site's root."""

from django.urls import path

from payments.api.earnings import Earnings, Periods, Statements
from payments.api.payouts import BankStatements, MyPayoutDetails, PayoutBatches, PayoutSummary
from payments.pages.operations import bank, batch, batches, periods
from payments.pages.work import money, payee

api = [
    path("earnings/", Earnings.as_view({"get": "list"})),
    path("earnings/<str:id>/receipt/", Earnings.as_view({"get": "receipt"})),
    path("periods/close/", Periods.as_view({"post": "close"})),
    path("statements/", Statements.as_view({"get": "list"})),
    path("statements/<str:id>.pdf", Statements.as_view({"get": "pdf"})),
    path("statements/<str:id>.csv", Statements.as_view({"get": "csv"})),
    path("statements/<str:id>/", Statements.as_view({"get": "show"})),
    path("payout-batches/", PayoutBatches.as_view({"get": "list", "post": "create"})),
    path("payout-batches/<str:id>/", PayoutBatches.as_view({"get": "show"})),
    path("payout-batches/<str:id>/payouts/", PayoutBatches.as_view({"get": "payouts"})),
    path("payout-batches/<str:id>/approve/", PayoutBatches.as_view({"post": "approve"})),
    path("payout-batches/<str:id>/send/", PayoutBatches.as_view({"post": "send"})),
    path("payout-batches/<str:id>/cancel/", PayoutBatches.as_view({"post": "cancel"})),
    path("payout-batches/<str:id>/file/", PayoutBatches.as_view({"get": "file"})),
    path("bank-statements/", BankStatements.as_view({"get": "list", "post": "create"})),
    path("ops/payouts/summary/", PayoutSummary.as_view({"get": "show"})),
    path("work/payout-details/", MyPayoutDetails.as_view({"get": "show", "put": "put"})),
]

pages = [
    path("work/earnings/", money.earnings, name="work-earnings"),
    path("work/earnings/<str:id>/", money.receipt, name="work-receipt"),
    path("work/statements/", money.statement_list, name="work-statements"),
    path("work/statements/<str:id>.pdf", money.statement_pdf, name="work-statement-pdf"),
    path("work/statements/<str:id>.csv", money.statement_csv, name="work-statement-csv"),
    path("work/statements/<str:id>/", money.statement, name="work-statement"),
    path("work/payout-details/", payee.payout_details, name="work-payout-details"),
    path("ops/periods/", periods.period_list, name="ops-periods"),
    path("ops/statements/<str:id>.pdf", periods.statement_pdf, name="ops-statement-pdf"),
    path("ops/payouts/", batches.batch_list, name="ops-payouts"),
    path("ops/payouts/<str:id>/", batch.batch, name="ops-payout"),
    path("ops/payouts/<str:id>/lines.csv", batches.lines_csv, name="ops-payout-lines"),
    path("ops/payouts/<str:id>/file/", batch.batch_file, name="ops-payout-file"),
    path("ops/bank/", bank.bank, name="ops-bank"),
]
