-- The administrative tree and the people who sign in.
-- Regions keep their id when their official code changes: codes are dated rows.
CREATE TABLE region (
    id BYTEA PRIMARY KEY,
    parent_id BYTEA REFERENCES region (id),
    level BIGINT NOT NULL CHECK (level BETWEEN 0 AND 15),
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    folded TEXT NOT NULL,
    code TEXT NOT NULL,
    version BIGINT NOT NULL CHECK (version >= 1)
) /*strict*/;
CREATE INDEX region_parent ON region (parent_id, code);
CREATE UNIQUE INDEX region_present_code ON region (code);

-- Every code that a region has borne; until_date is the first day on which it no longer held.
CREATE TABLE region_code (
    code TEXT NOT NULL,
    from_date BIGINT NOT NULL,
    until_date BIGINT,
    region_id BYTEA NOT NULL REFERENCES region (id),
    PRIMARY KEY (code, from_date),
    CHECK (until_date IS NULL OR until_date > from_date)
) /*strict*/;

-- Each region with itself and all below it.
CREATE TABLE region_closure (
    ancestor BYTEA NOT NULL,
    descendant BYTEA NOT NULL,
    PRIMARY KEY (ancestor, descendant)
) /*strict*/;

-- States are rows, so that a later version can add one.
CREATE TABLE user_state (name TEXT PRIMARY KEY) /*strict*/;
INSERT INTO user_state (name) VALUES ('invited'), ('active'), ('disabled');

-- bit: the position of the role in an actor's set, as a power of two.
CREATE TABLE role (name TEXT PRIMARY KEY, bit BIGINT NOT NULL UNIQUE) /*strict*/;
INSERT INTO role (name, bit) VALUES ('officer', 1), ('manager', 2), ('approver', 4), ('auditor', 8), ('admin', 16);

-- Display name and the authenticator's secret are sealed for the registry itself.
CREATE TABLE user_account (
    id BYTEA PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL REFERENCES user_state (name),
    display_name BYTEA NOT NULL,
    password_hash TEXT,
    totp_secret BYTEA,
    totp_last_step BIGINT NOT NULL,
    totp_failures BIGINT NOT NULL CHECK (totp_failures >= 0),
    totp_locked_until_ms BIGINT NOT NULL,
    added_by BYTEA,
    created_at_ms BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version >= 1)
) /*strict*/;

-- confirmed_by is empty for what the console, or the first admin on his own, granted: later batches warn of it.
CREATE TABLE user_role (
    user_id BYTEA NOT NULL REFERENCES user_account (id),
    role TEXT NOT NULL REFERENCES role (name),
    granted_by BYTEA,
    confirmed_by BYTEA,
    granted_at_ms BIGINT NOT NULL,
    PRIMARY KEY (user_id, role),
    CHECK (confirmed_by IS NULL OR (confirmed_by <> user_id AND (granted_by IS NULL OR confirmed_by <> granted_by)))
) /*strict*/;

-- No row: all regions; no row: all programs.
CREATE TABLE user_region (
    user_id BYTEA NOT NULL REFERENCES user_account (id),
    region_id BYTEA NOT NULL REFERENCES region (id),
    PRIMARY KEY (user_id, region_id)
) /*strict*/;
CREATE TABLE user_program (
    user_id BYTEA NOT NULL REFERENCES user_account (id),
    program_id BYTEA NOT NULL,
    PRIMARY KEY (user_id, program_id)
) /*strict*/;

-- user_region with all that lies below: what scoped lists are joined with.
CREATE TABLE user_scope (
    user_id BYTEA NOT NULL,
    region_id BYTEA NOT NULL,
    PRIMARY KEY (user_id, region_id)
) /*strict*/;

-- Only the keyed value of a session's token is stored. Ended rows stay a while: they tell a known device.
CREATE TABLE user_session (
    tag BYTEA PRIMARY KEY,
    id BYTEA NOT NULL UNIQUE,
    user_id BYTEA NOT NULL REFERENCES user_account (id),
    remote TEXT NOT NULL,
    created_at_ms BIGINT NOT NULL,
    second_factor_at_ms BIGINT NOT NULL,
    ended_at_ms BIGINT
) /*strict*/;
CREATE INDEX user_session_user ON user_session (user_id, id);

-- A one-time link: the keyed value of its token. Without a user it makes the first admin.
CREATE TABLE user_link (
    tag BYTEA PRIMARY KEY,
    user_id BYTEA REFERENCES user_account (id),
    made_by BYTEA,
    expires_at_ms BIGINT NOT NULL,
    used_at_ms BIGINT
) /*strict*/;
CREATE INDEX user_link_user ON user_link (user_id);

-- What waits for another person: a role (kind 'role') or a new link for someone with a second factor (kind 'link').
CREATE TABLE pending_grant_state (name TEXT PRIMARY KEY) /*strict*/;
INSERT INTO pending_grant_state (name) VALUES ('open'), ('confirmed'), ('withdrawn');
CREATE TABLE pending_grant (
    id BYTEA PRIMARY KEY,
    user_id BYTEA NOT NULL REFERENCES user_account (id),
    kind TEXT NOT NULL,
    role TEXT REFERENCES role (name),
    state TEXT NOT NULL REFERENCES pending_grant_state (name),
    made_by BYTEA NOT NULL,
    made_at_ms BIGINT NOT NULL,
    decided_by BYTEA,
    decided_at_ms BIGINT,
    CHECK (state <> 'confirmed' OR (decided_by IS NOT NULL AND decided_by <> made_by AND decided_by <> user_id))
) /*strict*/;
CREATE INDEX pending_grant_state_id ON pending_grant (state, id);
CREATE INDEX pending_grant_user ON pending_grant (user_id, state);

-- The audit list's orders.
CREATE INDEX audit_leaf_time ON audit_leaf (at_ms, seq);
CREATE INDEX audit_leaf_actor ON audit_leaf (actor_id, at_ms, seq);
CREATE INDEX audit_leaf_action ON audit_leaf (action, at_ms, seq);
