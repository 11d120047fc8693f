-- Flags that the agency defines by an expression, by version; ours need no row. A retired one is offered no more, but rules that name it still work.
CREATE TABLE flag_state (name TEXT PRIMARY KEY) /*strict*/;
INSERT INTO flag_state (name) VALUES ('active'), ('replaced'), ('retired');
CREATE TABLE flag_definition (
    id BYTEA PRIMARY KEY,
    name TEXT NOT NULL,
    definition_version BIGINT NOT NULL CHECK (definition_version >= 1),
    state TEXT NOT NULL REFERENCES flag_state (name),
    definition TEXT NOT NULL,
    created_at_ms BIGINT NOT NULL,
    created_by BYTEA,
    UNIQUE (name, definition_version)
) /*strict*/;
CREATE UNIQUE INDEX flag_definition_current ON flag_definition (name) WHERE state IN ('active', 'retired');

-- Counts of a day, by region and flag; the flag '' counts the households themselves. One run at a time is the present one.
CREATE TABLE flag_run (
    id BYTEA PRIMARY KEY,
    counted_on BIGINT NOT NULL,
    finished_at_ms BIGINT
) /*strict*/;
CREATE TABLE flag_count (
    region_id BYTEA NOT NULL REFERENCES region (id),
    run_id BYTEA NOT NULL REFERENCES flag_run (id),
    flag TEXT NOT NULL,
    households BIGINT NOT NULL CHECK (households >= 0),
    unknown BIGINT NOT NULL CHECK (unknown >= 0),
    PRIMARY KEY (region_id, run_id, flag)
) /*strict*/;
CREATE INDEX flag_count_run ON flag_count (run_id);

-- What other registries say of people and family cards, found by the keyed value of their number and sealed for whom it concerns. One row an edition:
-- the newest by its day is the one that holds, the others are its history.
CREATE TABLE fact_edition (
    id BYTEA PRIMARY KEY,
    source TEXT NOT NULL,
    edition TEXT NOT NULL,
    as_of BIGINT NOT NULL,
    accepted BIGINT NOT NULL CHECK (accepted >= 0),
    unmatched BIGINT NOT NULL CHECK (unmatched >= 0),
    not_found BIGINT NOT NULL CHECK (not_found >= 0),
    refused BIGINT NOT NULL CHECK (refused >= 0),
    imported_at_ms BIGINT NOT NULL,
    imported_by BYTEA,
    UNIQUE (source, edition)
) /*strict*/;
CREATE TABLE external_fact (
    id BYTEA PRIMARY KEY,
    tag BYTEA NOT NULL,
    key TEXT NOT NULL,
    edition_id BYTEA NOT NULL REFERENCES fact_edition (id),
    subject_id BYTEA NOT NULL,
    sealed BYTEA NOT NULL,
    as_of BIGINT NOT NULL,
    UNIQUE (tag, key, edition_id)
) /*strict*/;
