-- What makes a need, and what covers it: data, a version a row; without a row the built-in definitions hold.
CREATE TABLE need_definition (
    version BIGINT PRIMARY KEY CHECK (version >= 1),
    definition TEXT NOT NULL,
    created_at_ms BIGINT NOT NULL,
    created_by BYTEA
) /*strict*/;

-- Outlines for the screen: rings of whole steps, the first position and then differences, as JSON. Not for measuring land.
CREATE TABLE region_shape (
    region_id BYTEA PRIMARY KEY REFERENCES region (id),
    source TEXT NOT NULL,
    rings TEXT NOT NULL,
    imported_at_ms BIGINT NOT NULL
) /*strict*/;

-- A correction handed to somebody: which finding of which household. What is wrong is counted anew, it is not kept here.
CREATE TABLE quality_task_state (name TEXT PRIMARY KEY) /*strict*/;
INSERT INTO quality_task_state (name) VALUES ('open'), ('done'), ('dropped');
CREATE TABLE quality_task (
    id BYTEA PRIMARY KEY,
    household_id BYTEA NOT NULL REFERENCES household (id),
    check_name TEXT NOT NULL,
    assigned_to BYTEA NOT NULL REFERENCES user_account (id),
    state TEXT NOT NULL REFERENCES quality_task_state (name),
    due_on BIGINT,
    made_by BYTEA,
    made_at_ms BIGINT NOT NULL,
    closed_by BYTEA,
    closed_at_ms BIGINT
) /*strict*/;
CREATE INDEX quality_task_person ON quality_task (assigned_to, state, id);
CREATE UNIQUE INDEX quality_task_open ON quality_task (household_id, check_name, assigned_to) WHERE state = 'open';
