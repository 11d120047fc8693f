-- Money: ledger, cycles, batches (payment plans), disbursements and receipts. States are rows, so that they can grow without a rebuild.

-- Double entry in minor units. Only the fund may be negative: what it has given out. The sum of all balances is zero.
CREATE TABLE ledger_account (
    id BYTEA PRIMARY KEY,
    kind TEXT NOT NULL,
    owner_id BYTEA NOT NULL,
    currency TEXT NOT NULL,
    balance_minor BIGINT NOT NULL,
    UNIQUE (kind, owner_id),
    CHECK (balance_minor >= 0 OR kind = 'fund')
) /*strict*/;

CREATE TABLE ledger_entry (
    id BYTEA PRIMARY KEY,
    at_ms BIGINT NOT NULL,
    kind TEXT NOT NULL,
    record_id BYTEA NOT NULL,
    actor_id BYTEA
) /*strict*/;
CREATE INDEX ledger_entry_record ON ledger_entry (record_id, id);

CREATE TABLE ledger_posting (
    entry_id BYTEA NOT NULL REFERENCES ledger_entry (id),
    line BIGINT NOT NULL,
    account_id BYTEA NOT NULL REFERENCES ledger_account (id),
    amount_minor BIGINT NOT NULL CHECK (amount_minor <> 0),
    PRIMARY KEY (entry_id, line)
) /*strict*/;
CREATE INDEX ledger_posting_account ON ledger_posting (account_id, entry_id);

CREATE TABLE cycle_state (name TEXT PRIMARY KEY) /*strict*/;
INSERT INTO cycle_state (name) VALUES ('open'), ('closed');
CREATE TABLE cycle (
    id BYTEA PRIMARY KEY,
    program_id BYTEA NOT NULL REFERENCES program (id),
    name TEXT NOT NULL,
    starts_on BIGINT NOT NULL,
    ends_on BIGINT NOT NULL CHECK (ends_on >= starts_on),
    reference_date BIGINT NOT NULL,
    state TEXT NOT NULL REFERENCES cycle_state (name),
    version BIGINT NOT NULL,
    created_at_ms BIGINT NOT NULL,
    UNIQUE (program_id, name)
) /*strict*/;
CREATE INDEX cycle_program ON cycle (program_id, id);

CREATE TABLE batch_state (name TEXT PRIMARY KEY) /*strict*/;
INSERT INTO batch_state (name) VALUES ('draft'), ('locked'), ('in_approval'), ('approved'), ('released'), ('reconciled'), ('closed'), ('cancelled');
CREATE TABLE batch_transition (
    from_state TEXT NOT NULL REFERENCES batch_state (name),
    to_state TEXT NOT NULL REFERENCES batch_state (name),
    PRIMARY KEY (from_state, to_state)
) /*strict*/;
INSERT INTO batch_transition (from_state, to_state) VALUES ('draft', 'locked'), ('locked', 'in_approval'), ('in_approval', 'approved'),
    ('approved', 'in_approval'), ('approved', 'released'), ('released', 'reconciled'), ('released', 'closed'), ('reconciled', 'closed'), ('locked', 'draft'),
    ('in_approval', 'draft'), ('approved', 'draft'), ('draft', 'cancelled'), ('locked', 'cancelled'), ('in_approval', 'cancelled'),
    ('approved', 'cancelled'), ('closed', 'released');

CREATE TABLE batch (
    id BYTEA PRIMARY KEY,
    program_id BYTEA NOT NULL REFERENCES program (id),
    cycle_id BYTEA NOT NULL REFERENCES cycle (id),
    region_id BYTEA REFERENCES region (id),
    kind TEXT NOT NULL,
    state TEXT NOT NULL REFERENCES batch_state (name),
    stage TEXT,
    stage_job_id BYTEA,
    version BIGINT NOT NULL,
    rule_version BIGINT NOT NULL,
    currency TEXT NOT NULL,
    item_count BIGINT NOT NULL CHECK (item_count >= 0),
    total_minor BIGINT NOT NULL CHECK (total_minor >= 0),
    digest BYTEA,
    made_by BYTEA,
    approvals_required BIGINT NOT NULL CHECK (approvals_required BETWEEN 1 AND 9),
    strict_duties BIGINT NOT NULL CHECK (strict_duties IN (0, 1)),
    created_at_ms BIGINT NOT NULL,
    locked_at_ms BIGINT,
    submitted_at_ms BIGINT,
    approved_at_ms BIGINT,
    released_at_ms BIGINT,
    audit_seq BIGINT,
    stage_error TEXT
) /*strict*/;
CREATE INDEX batch_cycle ON batch (cycle_id, id);
CREATE INDEX batch_program ON batch (program_id, id);
CREATE INDEX batch_by_state ON batch (state, id);

-- What an earlier version of a batch was and why it ended; its items stay under their version.
CREATE TABLE batch_version (
    batch_id BYTEA NOT NULL REFERENCES batch (id),
    version BIGINT NOT NULL,
    item_count BIGINT NOT NULL,
    total_minor BIGINT NOT NULL,
    digest BYTEA,
    ended_by BYTEA,
    ended_at_ms BIGINT NOT NULL,
    how TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (batch_id, version)
) /*strict*/;

CREATE TABLE batch_item (
    id BYTEA PRIMARY KEY,
    batch_id BYTEA NOT NULL REFERENCES batch (id),
    version BIGINT NOT NULL,
    enrollment_id BYTEA NOT NULL REFERENCES enrollment (id),
    household_id BYTEA NOT NULL REFERENCES household (id),
    region_id BYTEA NOT NULL REFERENCES region (id),
    payee_member_id BYTEA,
    payee_sealed BYTEA NOT NULL,
    account_tag BYTEA,
    amount_minor BIGINT NOT NULL CHECK (amount_minor >= 0),
    state TEXT NOT NULL,
    reason TEXT,
    UNIQUE (batch_id, version, enrollment_id)
) /*strict*/;
CREATE INDEX batch_item_list ON batch_item (batch_id, version, id);
CREATE INDEX batch_item_enrollment ON batch_item (enrollment_id, id);

CREATE TABLE batch_part (
    item_id BYTEA NOT NULL REFERENCES batch_item (id),
    part BIGINT NOT NULL,
    code TEXT NOT NULL,
    kind TEXT NOT NULL,
    item TEXT,
    quantity BIGINT CHECK (quantity > 0),
    amount_minor BIGINT CHECK (amount_minor >= 0),
    member_id BYTEA,
    PRIMARY KEY (item_id, part)
) /*strict*/;

-- One live locked item an enrollment, cycle and purpose: taken at lock, given back when the version ends.
CREATE TABLE batch_claim (
    enrollment_id BYTEA NOT NULL,
    cycle_id BYTEA NOT NULL,
    purpose TEXT NOT NULL,
    batch_id BYTEA NOT NULL REFERENCES batch (id),
    PRIMARY KEY (enrollment_id, cycle_id, purpose)
) /*strict*/;
CREATE INDEX batch_claim_batch ON batch_claim (batch_id);

CREATE TABLE batch_dropped (
    batch_id BYTEA NOT NULL REFERENCES batch (id),
    version BIGINT NOT NULL,
    enrollment_id BYTEA NOT NULL,
    household_id BYTEA NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (batch_id, version, enrollment_id)
) /*strict*/;

-- Duties: who made, approved, released, reconciled. The database itself refuses a maker who approves or releases.
CREATE TABLE batch_duty (
    batch_id BYTEA NOT NULL REFERENCES batch (id),
    duty TEXT NOT NULL,
    user_id BYTEA NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (batch_id, duty, user_id)
) /*strict*/;

CREATE TABLE batch_approval (
    batch_id BYTEA NOT NULL REFERENCES batch (id),
    version BIGINT NOT NULL,
    user_id BYTEA NOT NULL,
    digest BYTEA NOT NULL,
    note TEXT,
    at_ms BIGINT NOT NULL,
    withdrawn_at_ms BIGINT,
    PRIMARY KEY (batch_id, version, user_id)
) /*strict*/;

CREATE TABLE disbursement_state (name TEXT PRIMARY KEY) /*strict*/;
INSERT INTO disbursement_state (name) VALUES ('pending'), ('sent'), ('paid'), ('partly_paid'), ('held'), ('uncollected'), ('failed'), ('unknown'),
    ('closed_short'), ('returned'), ('cancelled');
CREATE TABLE disbursement_transition (
    from_state TEXT NOT NULL REFERENCES disbursement_state (name),
    to_state TEXT NOT NULL REFERENCES disbursement_state (name),
    PRIMARY KEY (from_state, to_state)
) /*strict*/;
INSERT INTO disbursement_transition (from_state, to_state) VALUES ('pending', 'sent'), ('pending', 'paid'), ('pending', 'partly_paid'),
    ('pending', 'held'), ('pending', 'uncollected'), ('sent', 'paid'), ('sent', 'partly_paid'), ('sent', 'failed'), ('sent', 'unknown'),
    ('unknown', 'paid'), ('unknown', 'failed'), ('partly_paid', 'paid'), ('partly_paid', 'closed_short'), ('partly_paid', 'pending'),
    ('paid', 'returned'), ('partly_paid', 'returned'), ('paid', 'pending'), ('paid', 'partly_paid'), ('failed', 'pending'), ('failed', 'cancelled'),
    ('returned', 'pending'), ('returned', 'cancelled'), ('uncollected', 'pending'), ('uncollected', 'cancelled'), ('uncollected', 'paid'),
    ('uncollected', 'partly_paid'), ('held', 'pending'), ('held', 'cancelled');

CREATE TABLE disbursement (
    id BYTEA PRIMARY KEY,
    batch_id BYTEA NOT NULL REFERENCES batch (id),
    item_id BYTEA NOT NULL UNIQUE REFERENCES batch_item (id),
    program_id BYTEA NOT NULL REFERENCES program (id),
    cycle_id BYTEA NOT NULL REFERENCES cycle (id),
    enrollment_id BYTEA NOT NULL REFERENCES enrollment (id),
    household_id BYTEA NOT NULL REFERENCES household (id),
    region_id BYTEA NOT NULL REFERENCES region (id),
    payee_member_id BYTEA,
    payee_sealed BYTEA NOT NULL,
    currency TEXT NOT NULL,
    amount_minor BIGINT NOT NULL CHECK (amount_minor >= 0),
    received_minor BIGINT NOT NULL CHECK (received_minor >= 0),
    open_minor BIGINT NOT NULL CHECK (open_minor >= 0),
    given_back_minor BIGINT NOT NULL CHECK (given_back_minor >= 0),
    state TEXT NOT NULL REFERENCES disbursement_state (name),
    held_reason TEXT,
    reference TEXT NOT NULL UNIQUE,
    retries BIGINT NOT NULL,
    released_at_ms BIGINT NOT NULL,
    last_received_at_ms BIGINT,
    CHECK (amount_minor = received_minor + open_minor + given_back_minor)
) /*strict*/;
CREATE INDEX disbursement_batch ON disbursement (batch_id, id);
CREATE INDEX disbursement_household ON disbursement (household_id, id);
CREATE INDEX disbursement_region ON disbursement (region_id, id);
CREATE INDEX disbursement_released ON disbursement (released_at_ms, id);
CREATE INDEX disbursement_program ON disbursement (program_id, id);

CREATE TABLE disbursement_part (
    disbursement_id BYTEA NOT NULL REFERENCES disbursement (id),
    part BIGINT NOT NULL,
    code TEXT NOT NULL,
    kind TEXT NOT NULL,
    item TEXT,
    quantity BIGINT,
    amount_minor BIGINT,
    member_id BYTEA,
    received_quantity BIGINT NOT NULL CHECK (received_quantity >= 0),
    PRIMARY KEY (disbursement_id, part),
    CHECK (quantity IS NULL OR received_quantity <= quantity)
) /*strict*/;

-- Receipts, reversals and returns: append-only, an undo is an entry of its own.
CREATE TABLE receipt (
    id BYTEA PRIMARY KEY,
    disbursement_id BYTEA NOT NULL REFERENCES disbursement (id),
    kind TEXT NOT NULL CHECK (kind IN ('receipt', 'reversal', 'return')),
    reverses_id BYTEA UNIQUE REFERENCES receipt (id),
    amount_minor BIGINT NOT NULL,
    quantities TEXT NOT NULL,
    method TEXT,
    received_by TEXT,
    identified_by TEXT,
    collector_relation TEXT,
    sealed BYTEA,
    reason TEXT,
    signature_id BYTEA,
    photo_id BYTEA,
    distribution_id BYTEA,
    at_ms BIGINT NOT NULL,
    recorded_at_ms BIGINT NOT NULL,
    recorded_by BYTEA
) /*strict*/;
CREATE INDEX receipt_disbursement ON receipt (disbursement_id, id);

CREATE TABLE disbursement_attempt (
    id BYTEA PRIMARY KEY,
    disbursement_id BYTEA NOT NULL REFERENCES disbursement (id),
    outcome TEXT NOT NULL,
    note TEXT,
    at_ms BIGINT NOT NULL,
    recorded_at_ms BIGINT NOT NULL,
    recorded_by BYTEA
) /*strict*/;
CREATE INDEX disbursement_attempt_list ON disbursement_attempt (disbursement_id, id);

--@sqlite
CREATE TRIGGER batch_state_step BEFORE UPDATE OF state ON batch WHEN NEW.state <> OLD.state
    AND NOT EXISTS (SELECT 1 FROM batch_transition t WHERE t.from_state = OLD.state AND t.to_state = NEW.state)
BEGIN SELECT RAISE(ABORT, 'state'); END;
CREATE TRIGGER disbursement_state_step BEFORE UPDATE OF state ON disbursement WHEN NEW.state <> OLD.state
    AND NOT EXISTS (SELECT 1 FROM disbursement_transition t WHERE t.from_state = OLD.state AND t.to_state = NEW.state)
BEGIN SELECT RAISE(ABORT, 'state'); END;
CREATE TRIGGER batch_starts BEFORE INSERT ON batch WHEN NEW.state <> 'draft' BEGIN SELECT RAISE(ABORT, 'state'); END;
CREATE TRIGGER batch_frozen BEFORE UPDATE OF program_id, cycle_id, rule_version, currency, item_count, total_minor, digest, approvals_required,
    strict_duties ON batch WHEN OLD.state IN ('locked', 'in_approval', 'approved', 'released', 'reconciled', 'closed') AND NEW.state <> 'draft'
BEGIN SELECT RAISE(ABORT, 'state'); END;
CREATE TRIGGER batch_item_frozen BEFORE UPDATE OF batch_id, version, enrollment_id, household_id, amount_minor, payee_sealed, payee_member_id,
    account_tag ON batch_item
    WHEN (SELECT b.state FROM batch b WHERE b.id = OLD.batch_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'state'); END;
CREATE TRIGGER batch_item_no_add BEFORE INSERT ON batch_item WHEN (SELECT b.state FROM batch b WHERE b.id = NEW.batch_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'state'); END;
CREATE TRIGGER batch_item_no_delete BEFORE DELETE ON batch_item WHEN (SELECT b.state FROM batch b WHERE b.id = OLD.batch_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'state'); END;
CREATE TRIGGER batch_part_no_add BEFORE INSERT ON batch_part WHEN (SELECT b.state FROM batch_item i JOIN batch b ON b.id = i.batch_id
    WHERE i.id = NEW.item_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'state'); END;
CREATE TRIGGER batch_part_no_change BEFORE UPDATE ON batch_part WHEN (SELECT b.state FROM batch_item i JOIN batch b ON b.id = i.batch_id
    WHERE i.id = OLD.item_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'state'); END;
CREATE TRIGGER batch_part_no_delete BEFORE DELETE ON batch_part WHEN (SELECT b.state FROM batch_item i JOIN batch b ON b.id = i.batch_id
    WHERE i.id = OLD.item_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'state'); END;
CREATE TRIGGER batch_duty_maker BEFORE INSERT ON batch_duty WHEN (NEW.duty IN ('approve', 'release')
    AND EXISTS (SELECT 1 FROM batch_duty d WHERE d.batch_id = NEW.batch_id AND d.duty = 'make' AND d.user_id = NEW.user_id))
    OR (NEW.duty = 'make' AND EXISTS (SELECT 1 FROM batch_duty d WHERE d.batch_id = NEW.batch_id AND d.duty IN ('approve', 'release')
        AND d.user_id = NEW.user_id))
BEGIN SELECT RAISE(ABORT, 'duties'); END;
CREATE TRIGGER batch_duty_reconciler BEFORE INSERT ON batch_duty WHEN (NEW.duty = 'reconcile'
    AND EXISTS (SELECT 1 FROM batch_duty d WHERE d.batch_id = NEW.batch_id AND d.duty = 'release' AND d.user_id = NEW.user_id))
    OR (NEW.duty = 'release' AND EXISTS (SELECT 1 FROM batch_duty d WHERE d.batch_id = NEW.batch_id AND d.duty = 'reconcile' AND d.user_id = NEW.user_id))
BEGIN SELECT RAISE(ABORT, 'duties'); END;
CREATE TRIGGER batch_duty_strict BEFORE INSERT ON batch_duty WHEN EXISTS (SELECT 1 FROM batch b WHERE b.id = NEW.batch_id AND b.strict_duties = 1)
    AND EXISTS (SELECT 1 FROM batch_duty d WHERE d.batch_id = NEW.batch_id AND d.duty <> NEW.duty AND d.user_id = NEW.user_id)
BEGIN SELECT RAISE(ABORT, 'duties'); END;
CREATE TRIGGER batch_duty_no_change BEFORE UPDATE ON batch_duty BEGIN SELECT RAISE(ABORT, 'duties'); END;
CREATE TRIGGER batch_duty_no_delete BEFORE DELETE ON batch_duty BEGIN SELECT RAISE(ABORT, 'duties'); END;
CREATE TRIGGER batch_approval_maker BEFORE INSERT ON batch_approval WHEN EXISTS (SELECT 1 FROM batch_duty d WHERE d.batch_id = NEW.batch_id
    AND d.duty = 'make' AND d.user_id = NEW.user_id)
BEGIN SELECT RAISE(ABORT, 'duties'); END;
CREATE TRIGGER batch_approval_digest BEFORE INSERT ON batch_approval WHEN NOT EXISTS (SELECT 1 FROM batch b WHERE b.id = NEW.batch_id
    AND b.state = 'in_approval' AND b.version = NEW.version AND b.digest = NEW.digest)
BEGIN SELECT RAISE(ABORT, 'digest_changed'); END;
CREATE TRIGGER batch_approval_kept BEFORE UPDATE OF batch_id, version, user_id, digest ON batch_approval WHEN NEW.batch_id <> OLD.batch_id
    OR NEW.version <> OLD.version OR NEW.user_id <> OLD.user_id OR NEW.digest <> OLD.digest
BEGIN SELECT RAISE(ABORT, 'tampered'); END;
CREATE TRIGGER batch_approval_no_delete BEFORE DELETE ON batch_approval BEGIN SELECT RAISE(ABORT, 'tampered'); END;
CREATE TRIGGER batch_enough_approvals BEFORE UPDATE OF state ON batch WHEN NEW.state IN ('approved', 'released') AND NEW.state <> OLD.state AND OLD.state <> 'closed'
    AND (SELECT count(*) FROM batch_approval a WHERE a.batch_id = NEW.id AND a.version = NEW.version AND a.digest = NEW.digest
        AND a.withdrawn_at_ms IS NULL) < NEW.approvals_required
BEGIN SELECT RAISE(ABORT, 'state'); END;
CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'tampered'); END;
CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'tampered'); END;
CREATE TRIGGER ledger_posting_no_update BEFORE UPDATE ON ledger_posting BEGIN SELECT RAISE(ABORT, 'tampered'); END;
CREATE TRIGGER ledger_posting_no_delete BEFORE DELETE ON ledger_posting BEGIN SELECT RAISE(ABORT, 'tampered'); END;
CREATE TRIGGER ledger_posting_balance AFTER INSERT ON ledger_posting BEGIN
    UPDATE ledger_account SET balance_minor = balance_minor + NEW.amount_minor WHERE id = NEW.account_id; END;
CREATE TRIGGER receipt_no_update BEFORE UPDATE ON receipt BEGIN SELECT RAISE(ABORT, 'tampered'); END;
CREATE TRIGGER receipt_no_delete BEFORE DELETE ON receipt BEGIN SELECT RAISE(ABORT, 'tampered'); END;
--@end
--@pgsql
CREATE FUNCTION batch_duty_check() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN
    IF EXISTS (SELECT 1 FROM batch_duty d WHERE d.batch_id = NEW.batch_id AND d.user_id = NEW.user_id AND (
        (NEW.duty IN ('approve', 'release') AND d.duty = 'make') OR (NEW.duty = 'make' AND d.duty IN ('approve', 'release'))
        OR (NEW.duty = 'reconcile' AND d.duty = 'release') OR (NEW.duty = 'release' AND d.duty = 'reconcile')
        OR (d.duty <> NEW.duty AND EXISTS (SELECT 1 FROM batch b WHERE b.id = NEW.batch_id AND b.strict_duties = 1)))) THEN
        RAISE EXCEPTION 'duties';
    END IF;
    RETURN NEW;
END $body$;
CREATE TRIGGER batch_duty_guard BEFORE INSERT ON batch_duty FOR EACH ROW EXECUTE FUNCTION batch_duty_check();
CREATE TRIGGER batch_duty_no_change BEFORE UPDATE OR DELETE ON batch_duty FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE FUNCTION batch_state_check() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN
    IF NEW.state <> OLD.state AND NOT EXISTS (SELECT 1 FROM batch_transition t WHERE t.from_state = OLD.state AND t.to_state = NEW.state) THEN
        RAISE EXCEPTION 'state';
    END IF;
    RETURN NEW;
END $body$;
CREATE TRIGGER batch_state_step BEFORE UPDATE ON batch FOR EACH ROW EXECUTE FUNCTION batch_state_check();
CREATE FUNCTION ledger_balance() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN
    UPDATE ledger_account SET balance_minor = balance_minor + NEW.amount_minor WHERE id = NEW.account_id;
    RETURN NEW;
END $body$;
CREATE TRIGGER ledger_posting_balance AFTER INSERT ON ledger_posting FOR EACH ROW EXECUTE FUNCTION ledger_balance();
CREATE TRIGGER ledger_entry_no_change BEFORE UPDATE OR DELETE ON ledger_entry FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_posting_no_change BEFORE UPDATE OR DELETE ON ledger_posting FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER receipt_no_change BEFORE UPDATE OR DELETE ON receipt FOR EACH ROW EXECUTE FUNCTION refuse_change();
--@end
