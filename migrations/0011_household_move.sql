-- A household that moves out of a region is sent by the giving side and accepted by the receiving one. note and reason are sealed for the household.
CREATE TABLE household_move_state (name TEXT PRIMARY KEY) /*strict*/;
INSERT INTO household_move_state (name) VALUES ('sent'), ('accepted'), ('refused'), ('withdrawn');
CREATE TABLE household_move (
    id BYTEA PRIMARY KEY,
    household_id BYTEA NOT NULL REFERENCES household (id),
    from_region_id BYTEA NOT NULL REFERENCES region (id),
    to_region_id BYTEA NOT NULL REFERENCES region (id),
    state TEXT NOT NULL REFERENCES household_move_state (name),
    version BIGINT NOT NULL CHECK (version >= 1),
    note BYTEA,
    sent_by BYTEA NOT NULL,
    sent_at_ms BIGINT NOT NULL,
    decided_by BYTEA,
    decided_at_ms BIGINT,
    reason BYTEA,
    CHECK (from_region_id <> to_region_id),
    CHECK (state <> 'accepted' OR (decided_by IS NOT NULL AND decided_by <> sent_by)),
    CHECK (state = 'sent' OR decided_at_ms IS NOT NULL)
) /*strict*/;
CREATE UNIQUE INDEX household_move_one_sent ON household_move (household_id) WHERE state = 'sent';
CREATE INDEX household_move_to ON household_move (to_region_id, state, id);
CREATE INDEX household_move_from ON household_move (from_region_id, state, id);
CREATE INDEX household_move_state_id ON household_move (state, id);

-- Where a household lived until it moved, and when it ended: counts of a past day find it there. until_on and ended_on are the first day after.
CREATE TABLE household_stay (
    household_id BYTEA NOT NULL REFERENCES household (id),
    until_on BIGINT NOT NULL,
    region_id BYTEA NOT NULL REFERENCES region (id),
    PRIMARY KEY (household_id, until_on)
) /*strict*/;
CREATE INDEX household_stay_region ON household_stay (region_id, until_on);
CREATE TABLE household_ended (
    household_id BYTEA PRIMARY KEY REFERENCES household (id),
    ended_on BIGINT NOT NULL
) /*strict*/;
INSERT INTO household_ended (household_id, ended_on)
    SELECT h.id, (h.changed_at_ms + 32400000) / 86400000 FROM household h WHERE h.state <> 'active';
