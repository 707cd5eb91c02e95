"""The database's own word on money: append-only books, balances by trigger, maker and checker."""

from django.db import migrations

APPEND_ONLY = ("journal", "transfer", "earning", "statement", "statementline")

REFUSE = """
CREATE FUNCTION payments_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_TABLE_NAME || '_append_only';
END $$;
"""

FREEZE = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION payments_refuse_change();
"""

CLOSED_PERIODS = """
CREATE TRIGGER payments_period_closed_is_final BEFORE UPDATE OR DELETE ON payments_period
  FOR EACH ROW WHEN (OLD.state = 'closed') EXECUTE FUNCTION payments_refuse_change();
"""

BALANCES = """
CREATE FUNCTION payments_open_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO payments_balance (account_id, debits_minor, credits_minor, pending_debits_minor,
                                pending_credits_minor, floor_minor)
  VALUES (NEW.id, 0, 0, 0, 0, NEW.floor_minor);
  RETURN NULL;
END $$;
CREATE TRIGGER payments_ledgeraccount_has_balance AFTER INSERT ON payments_ledgeraccount
  FOR EACH ROW EXECUTE FUNCTION payments_open_balance();

-- Only a transfer moves a balance: its trigger calls this one at depth 2.
CREATE TRIGGER payments_balance_by_transfer_only BEFORE UPDATE OR DELETE ON payments_balance
  FOR EACH ROW WHEN (pg_trigger_depth() < 1) EXECUTE FUNCTION payments_refuse_change();

CREATE FUNCTION payments_apply_transfer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  earlier payments_transfer%ROWTYPE;
  posted bigint := 0;
  pending bigint := 0;
BEGIN
  IF NEW.state = 'posted' THEN posted := NEW.amount_minor; END IF;
  IF NEW.state = 'pending' THEN pending := NEW.amount_minor; END IF;
  IF NEW.resolves_id IS NOT NULL THEN
    SELECT * INTO earlier FROM payments_transfer WHERE id = NEW.resolves_id;
    IF earlier.state <> 'pending' OR earlier.debit_id <> NEW.debit_id
       OR earlier.credit_id <> NEW.credit_id OR earlier.amount_minor <> NEW.amount_minor THEN
      RAISE EXCEPTION 'transfer % does not resolve transfer %', NEW.id, NEW.resolves_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'transfer_resolves_the_same_money';
    END IF;
    pending := -earlier.amount_minor;
  END IF;
  -- In id order, so that two transfers between the same accounts cannot wait for one another.
  PERFORM 1 FROM payments_balance WHERE account_id IN (NEW.debit_id, NEW.credit_id)
    ORDER BY account_id FOR UPDATE;
  UPDATE payments_balance
     SET debits_minor = debits_minor + posted, pending_debits_minor = pending_debits_minor + pending
   WHERE account_id = NEW.debit_id;
  UPDATE payments_balance
     SET credits_minor = credits_minor + posted,
         pending_credits_minor = pending_credits_minor + pending
   WHERE account_id = NEW.credit_id;
  RETURN NULL;
END $$;
CREATE TRIGGER payments_transfer_moves_balances AFTER INSERT ON payments_transfer
  FOR EACH ROW EXECUTE FUNCTION payments_apply_transfer();
"""

HONEST_KEYS = """
ALTER TABLE payments_transfer
  ADD CONSTRAINT transfer_debit_in_its_currency FOREIGN KEY (debit_id, currency)
      REFERENCES payments_ledgeraccount (id, currency),
  ADD CONSTRAINT transfer_credit_in_its_currency FOREIGN KEY (credit_id, currency)
      REFERENCES payments_ledgeraccount (id, currency);
ALTER TABLE payments_batchapproval
  ADD CONSTRAINT batch_approval_names_the_maker FOREIGN KEY (batch_id, maker_id)
      REFERENCES payments_payoutbatch (id, built_by_id);
"""

TALLY = """
CREATE FUNCTION payments_tally_payout() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    UPDATE payments_payouttally
       SET payouts_count = payouts_count - 1, amount_minor = amount_minor - OLD.amount_minor
     WHERE state = OLD.state AND currency = OLD.currency;
  END IF;
  INSERT INTO payments_payouttally AS t (state, currency, payouts_count, amount_minor)
  VALUES (NEW.state, NEW.currency, 1, NEW.amount_minor)
      ON CONFLICT (state, currency) DO UPDATE
     SET payouts_count = t.payouts_count + 1, amount_minor = t.amount_minor + NEW.amount_minor;
  RETURN NULL;
END $$;
CREATE TRIGGER payments_payout_is_tallied AFTER INSERT ON payments_payout
  FOR EACH ROW EXECUTE FUNCTION payments_tally_payout();
CREATE TRIGGER payments_payout_state_is_tallied AFTER UPDATE OF state ON payments_payout
  FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION payments_tally_payout();
"""

# What was agreed cannot be changed under the checkers' hands.
PAYOUT_FIXED = """
CREATE TRIGGER payments_payout_amount_is_fixed
  BEFORE UPDATE OF amount_minor, currency, tutor_id, batch_id, details_id ON payments_payout
  FOR EACH ROW
  WHEN (OLD.state <> 'accrued' AND (OLD.amount_minor, OLD.currency, OLD.tutor_id, OLD.batch_id,
        OLD.details_id) IS DISTINCT FROM (NEW.amount_minor, NEW.currency, NEW.tutor_id,
        NEW.batch_id, NEW.details_id))
  EXECUTE FUNCTION payments_refuse_change();
"""

UNDO = """
DROP FUNCTION payments_refuse_change() CASCADE;
DROP FUNCTION payments_open_balance() CASCADE;
DROP FUNCTION payments_apply_transfer() CASCADE;
DROP FUNCTION payments_tally_payout() CASCADE;
ALTER TABLE payments_transfer DROP CONSTRAINT transfer_debit_in_its_currency;
ALTER TABLE payments_transfer DROP CONSTRAINT transfer_credit_in_its_currency;
ALTER TABLE payments_batchapproval DROP CONSTRAINT batch_approval_names_the_maker;
"""


def everything() -> str:
    freezing = [FREEZE.format(table=f"payments_{name}") for name in APPEND_ONLY]
    parts = [REFUSE, *freezing, CLOSED_PERIODS, BALANCES, HONEST_KEYS, TALLY, PAYOUT_FIXED]
    return "\n".join(parts)


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]

    operations = [migrations.RunSQL(everything(), UNDO)]
