-- What has come in from files of elsewhere: a row's key and content under this registry's own key, so that a file that is given again, after a crash or by
-- mistake, brings nobody twice. `source` is the registration's name, or the file itself.
CREATE TABLE import_row (
    source BYTEA NOT NULL,
    key_tag BYTEA NOT NULL,
    content_tag BYTEA NOT NULL,
    household_id BYTEA NOT NULL REFERENCES household (id),
    PRIMARY KEY (source, key_tag)
) /*strict*/;
CREATE INDEX import_row_household ON import_row (household_id);
