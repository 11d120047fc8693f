-- Questionnaires as data, by version; what was answered; the scores with their breakdown.
CREATE TABLE form_state (name TEXT PRIMARY KEY) /*strict*/;
INSERT INTO form_state (name) VALUES ('active'), ('retired');
CREATE TABLE form (
    id BYTEA PRIMARY KEY,
    name TEXT NOT NULL,
    form_version BIGINT NOT NULL CHECK (form_version >= 1),
    state TEXT NOT NULL REFERENCES form_state (name),
    definition TEXT NOT NULL,
    created_at_ms BIGINT NOT NULL,
    created_by BYTEA,
    UNIQUE (name, form_version)
) /*strict*/;

CREATE TABLE assessment (
    id BYTEA PRIMARY KEY,
    household_id BYTEA NOT NULL REFERENCES household (id),
    form_id BYTEA NOT NULL REFERENCES form (id),
    assessed_on BIGINT NOT NULL,
    sealed BYTEA NOT NULL,
    recorded_at_ms BIGINT NOT NULL,
    recorded_by BYTEA
) /*strict*/;
CREATE INDEX assessment_household ON assessment (household_id, assessed_on, id);

-- value is empty when an input was missing: a score is strict about its inputs.
CREATE TABLE assessment_score (
    assessment_id BYTEA NOT NULL REFERENCES assessment (id),
    name TEXT NOT NULL,
    value BIGINT,
    detail TEXT NOT NULL,
    PRIMARY KEY (assessment_id, name)
) /*strict*/;
