-- Scores as data, by version; what each household was given, with its breakdown and inputs sealed under the household's key.
CREATE TABLE score_state (name TEXT PRIMARY KEY) /*strict*/;
INSERT INTO score_state (name) VALUES ('draft'), ('scoring'), ('active'), ('retired');
CREATE TABLE score_definition (
    id BYTEA PRIMARY KEY,
    name TEXT NOT NULL,
    definition_version BIGINT NOT NULL CHECK (definition_version >= 1),
    state TEXT NOT NULL REFERENCES score_state (name),
    definition TEXT NOT NULL,
    job_id BYTEA,
    created_at_ms BIGINT NOT NULL,
    created_by BYTEA,
    UNIQUE (name, definition_version)
) /*strict*/;
-- One version of a name is in use, one at most is being computed for everybody.
CREATE UNIQUE INDEX score_definition_active ON score_definition (name) WHERE state = 'active';
CREATE UNIQUE INDEX score_definition_scoring ON score_definition (name) WHERE state = 'scoring';

-- A row is a value that held from scored_at_ms to confirmed_at_ms at least; another value is another row: the history. `value` is a decimal, empty when
-- an input was missing or absurd.
CREATE TABLE household_score (
    id BYTEA PRIMARY KEY,
    household_id BYTEA NOT NULL REFERENCES household (id),
    definition_id BYTEA NOT NULL REFERENCES score_definition (id),
    value TEXT,
    sealed BYTEA NOT NULL,
    household_version BIGINT NOT NULL,
    scored_on BIGINT NOT NULL,
    scored_at_ms BIGINT NOT NULL,
    confirmed_at_ms BIGINT NOT NULL
) /*strict*/;
CREATE INDEX household_score_latest ON household_score (household_id, definition_id, id);
