-- The ground of every registry: who it is, its keys, its audit log, its jobs and the operations it has already answered.
-- One row: which registry this is. The origin is renewed by every restore, so that copies that both live on never share a sequence.
CREATE TABLE registry (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    id BYTEA NOT NULL,
    origin BYTEA NOT NULL,
    name TEXT NOT NULL,
    key_fingerprint BYTEA NOT NULL,
    is_demo BIGINT NOT NULL CHECK (is_demo IN (0, 1)),
    created_at_ms BIGINT NOT NULL
) /*strict*/;

-- A subject's data key, wrapped under the epoch's key in the key directory. Deleting a row is how a person is erased.
CREATE TABLE data_key (
    subject_id BYTEA PRIMARY KEY,
    epoch BIGINT NOT NULL,
    wrapped BYTEA NOT NULL
) /*strict*/;

-- The audit log: leaves of an RFC 6962 tree a registry of origin. `leaf` is the canonical bytes; nothing personal is in it.
CREATE TABLE audit_leaf (
    origin BYTEA NOT NULL,
    seq BIGINT NOT NULL CHECK (seq >= 0),
    at_ms BIGINT NOT NULL,
    actor_id BYTEA,
    action TEXT NOT NULL,
    record_id BYTEA,
    leaf BYTEA NOT NULL,
    PRIMARY KEY (origin, seq)
) /*strict*/;
CREATE INDEX audit_leaf_record ON audit_leaf (record_id, seq);

-- What a leaf commits to, one row a subject: the sealed change and its salt can be erased, the commitment stays.
CREATE TABLE audit_part (
    origin BYTEA NOT NULL,
    seq BIGINT NOT NULL,
    part BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject_id BYTEA,
    commitment BYTEA NOT NULL,
    sealed BYTEA,
    PRIMARY KEY (origin, seq, part)
) /*strict*/;

-- Roots of complete subtrees of 2^level leaves, so that a proof needs no walk over all leaves.
CREATE TABLE audit_node (
    origin BYTEA NOT NULL,
    level BIGINT NOT NULL,
    position BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (origin, level, position)
) /*strict*/;

-- Signed heads that left the box or were asked for.
CREATE TABLE audit_checkpoint (
    origin BYTEA NOT NULL,
    size BIGINT NOT NULL,
    root BYTEA NOT NULL,
    note TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (origin, size)
) /*strict*/;

--@sqlite
CREATE TRIGGER audit_leaf_no_update BEFORE UPDATE ON audit_leaf BEGIN SELECT RAISE(ABORT, 'tampered'); END;
CREATE TRIGGER audit_leaf_no_delete BEFORE DELETE ON audit_leaf BEGIN SELECT RAISE(ABORT, 'tampered'); END;
CREATE TRIGGER audit_part_no_delete BEFORE DELETE ON audit_part BEGIN SELECT RAISE(ABORT, 'tampered'); END;
CREATE TRIGGER audit_part_only_erase BEFORE UPDATE ON audit_part WHEN NEW.sealed IS NOT NULL OR NEW.commitment <> OLD.commitment
    OR NEW.seq <> OLD.seq OR NEW.part <> OLD.part OR NEW.origin <> OLD.origin
BEGIN SELECT RAISE(ABORT, 'tampered'); END;
--@end
--@pgsql
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN RAISE EXCEPTION 'tampered'; END $body$;
CREATE TRIGGER audit_leaf_no_change BEFORE UPDATE OR DELETE ON audit_leaf FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_part_no_delete BEFORE DELETE ON audit_part FOR EACH ROW EXECUTE FUNCTION refuse_change();
--@end

-- Operations that were answered: the client's own key, kept for as long as money depends on it.
CREATE TABLE idempotency (
    actor_id BYTEA NOT NULL,
    operation BYTEA NOT NULL,
    method TEXT NOT NULL,
    route TEXT NOT NULL,
    body_tag BYTEA NOT NULL,
    status BIGINT NOT NULL,
    record_id BYTEA,
    version BIGINT,
    at_ms BIGINT NOT NULL,
    PRIMARY KEY (actor_id, operation)
) /*strict*/;

-- Work too large for one job: done in chunks between batches, resumed or discarded after a restart.
CREATE TABLE job (
    id BYTEA PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    actor_id BYTEA,
    done BIGINT NOT NULL,
    total BIGINT NOT NULL,
    input TEXT,
    position TEXT,
    result TEXT,
    created_at_ms BIGINT NOT NULL,
    finished_at_ms BIGINT
) /*strict*/;
CREATE INDEX job_state ON job (state, id);
