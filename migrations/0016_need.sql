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
