-- Counts and sums that pages show, kept beside the rows that they count and in their transaction, so that a page takes as long with a million lines as
-- with ten; `verify` counts anew. A day is that of release in the program's own offset. Rows whose lines have all gone elsewhere stay, at zero.
-- Their keys are those of rows that refer to batch, program and region themselves.

-- For whoever sees all regions.
CREATE TABLE disbursement_total (
    batch_id BYTEA NOT NULL,
    released_on BIGINT NOT NULL,
    state TEXT NOT NULL,
    lines BIGINT NOT NULL,
    amount_minor BIGINT NOT NULL,
    received_minor BIGINT NOT NULL,
    open_minor BIGINT NOT NULL,
    given_back_minor BIGINT NOT NULL,
    PRIMARY KEY (batch_id, released_on, state)
) /*strict*/;
INSERT INTO disbursement_total
    SELECT d.batch_id, (d.released_at_ms + p.utc_offset_min * 60000) / 86400000 AS released_on, d.state, count(*), sum(d.amount_minor), sum(d.received_minor),
        sum(d.open_minor), sum(d.given_back_minor)
    FROM disbursement d JOIN program p ON p.id = d.program_id GROUP BY d.batch_id, released_on, d.state;

-- By the region of the line and the one where its household lives today: a scope may reach it by either.
CREATE TABLE disbursement_sum (
    region_id BYTEA NOT NULL,
    batch_id BYTEA NOT NULL,
    released_on BIGINT NOT NULL,
    state TEXT NOT NULL,
    present_region_id BYTEA NOT NULL,
    lines BIGINT NOT NULL,
    amount_minor BIGINT NOT NULL,
    received_minor BIGINT NOT NULL,
    open_minor BIGINT NOT NULL,
    given_back_minor BIGINT NOT NULL,
    PRIMARY KEY (region_id, batch_id, released_on, state, present_region_id)
) /*strict*/;
CREATE INDEX disbursement_sum_present ON disbursement_sum (present_region_id) WHERE present_region_id <> region_id;
INSERT INTO disbursement_sum
    SELECT d.region_id, d.batch_id, (d.released_at_ms + p.utc_offset_min * 60000) / 86400000 AS released_on, d.state, h.region_id, count(*),
        sum(d.amount_minor), sum(d.received_minor), sum(d.open_minor), sum(d.given_back_minor)
    FROM disbursement d JOIN program p ON p.id = d.program_id JOIN household h ON h.id = d.household_id
    GROUP BY d.region_id, d.batch_id, released_on, d.state, h.region_id;

-- By the region where the household lives today.
CREATE TABLE enrollment_sum (
    program_id BYTEA NOT NULL,
    region_id BYTEA NOT NULL,
    state TEXT NOT NULL,
    enrollments BIGINT NOT NULL,
    PRIMARY KEY (program_id, region_id, state)
) /*strict*/;
INSERT INTO enrollment_sum
    SELECT e.program_id, h.region_id, e.state, count(*) FROM enrollment e JOIN household h ON h.id = e.household_id GROUP BY e.program_id, h.region_id, e.state;

-- One state of many, and whether anything of a batch is still open, which is asked after every receipt.
CREATE INDEX disbursement_batch_state ON disbursement (batch_id, state, id);
CREATE INDEX disbursement_program_state ON disbursement (program_id, state, id);
CREATE INDEX disbursement_state_released ON disbursement (state, released_at_ms, id);

-- An export of what was received on some days reads those days.
CREATE INDEX receipt_at ON receipt (at_ms);
