-- What makes a need, and what covers it: data, a version a row; without a row the built-in definitions hold.
CREATE TABLE need_definition (
    version BIGINT PRIMARY KEY CHECK (version >= 1),
    definition TEXT NOT NULL,
    created_at_ms BIGINT NOT NULL,
    created_by BYTEA
) /*strict*/;
