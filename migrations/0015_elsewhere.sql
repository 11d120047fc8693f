-- What has come in from elsewhere: a row's key and content under this registry's own key, so that a file that is given again, after a crash or by
-- mistake, brings nobody twice. `source` is the registration's name, or the file itself.
CREATE TABLE import_row (
    source BYTEA NOT NULL,
    key_tag BYTEA NOT NULL,
    content_tag BYTEA NOT NULL,
    household_id BYTEA NOT NULL REFERENCES household (id),
    PRIMARY KEY (source, key_tag)
) /*strict*/;
CREATE INDEX import_row_household ON import_row (household_id);

-- A region that an edition of the codes has ended: no household registers there, what happened there keeps it.
ALTER TABLE region ADD COLUMN closed_on BIGINT;

-- An import of regions on its way: what it writes, in parts that each leave a whole tree.
CREATE TABLE region_part (
    job_id BYTEA NOT NULL,
    position BIGINT NOT NULL,
    ops TEXT NOT NULL,
    PRIMARY KEY (job_id, position)
) /*strict*/;
CREATE INDEX job_region ON job (id) WHERE kind IN ('region.import', 'region.edition');

-- What is held of one person is asked for by the person.
CREATE INDEX attachment_subject ON attachment (subject_id);
