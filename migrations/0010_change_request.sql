-- Changes of an enrolled household that another person has to agree to: nothing of them holds before.
CREATE TABLE change_request_state (name TEXT PRIMARY KEY) /*strict*/;
INSERT INTO change_request_state (name) VALUES ('open'), ('approved'), ('rejected'), ('withdrawn');

-- kind: household, member or death. sealed: what was asked, what it would change, before and after; note and reason: words of who asked and who decided.
-- All three are sealed for the member, or for the household where none is meant. region_id is where the household lives today.
CREATE TABLE change_request (
    id BYTEA PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL REFERENCES change_request_state (name),
    version BIGINT NOT NULL CHECK (version >= 1),
    household_id BYTEA NOT NULL REFERENCES household (id),
    member_id BYTEA REFERENCES member (id),
    region_id BYTEA NOT NULL REFERENCES region (id),
    sealed BYTEA NOT NULL,
    note BYTEA,
    evidence_id BYTEA REFERENCES attachment (id),
    made_by BYTEA NOT NULL,
    made_at_ms BIGINT NOT NULL,
    decided_by BYTEA,
    decided_at_ms BIGINT,
    reason BYTEA,
    CHECK (state <> 'approved' OR (decided_by IS NOT NULL AND decided_by <> made_by)),
    CHECK (state = 'open' OR decided_at_ms IS NOT NULL)
) /*strict*/;
CREATE INDEX change_request_by_state ON change_request (state, id);
CREATE INDEX change_request_region ON change_request (region_id, state, id);
CREATE INDEX change_request_household ON change_request (household_id, state, id);
CREATE INDEX change_request_member ON change_request (member_id, state) WHERE member_id IS NOT NULL;
-- Nobody dies twice.
CREATE UNIQUE INDEX change_request_one_death ON change_request (member_id) WHERE kind = 'death' AND state = 'open';
