-- Photos, signatures and scanned papers: the sealed file lies beside the registry, its own key is sealed here for the subject.
CREATE TABLE attachment (
    id BYTEA PRIMARY KEY,
    kind TEXT NOT NULL,
    bytes BIGINT NOT NULL CHECK (bytes > 0),
    width BIGINT NOT NULL CHECK (width >= 0),
    height BIGINT NOT NULL CHECK (height >= 0),
    subject_id BYTEA NOT NULL,
    region_id BYTEA REFERENCES region (id),
    sealed_key BYTEA NOT NULL,
    added_by BYTEA,
    created_at_ms BIGINT NOT NULL
) /*strict*/;

CREATE TABLE household_state (name TEXT PRIMARY KEY) /*strict*/;
INSERT INTO household_state (name) VALUES ('active'), ('merged'), ('split'), ('dissolved'), ('left_area');
CREATE TABLE household_transition (
    from_state TEXT NOT NULL REFERENCES household_state (name),
    to_state TEXT NOT NULL REFERENCES household_state (name),
    PRIMARY KEY (from_state, to_state)
) /*strict*/;
INSERT INTO household_transition (from_state, to_state) VALUES
    ('active', 'merged'), ('active', 'split'), ('active', 'dissolved'), ('active', 'left_area'), ('left_area', 'active'), ('merged', 'active');

-- facts: the plain fields as JSON, for rules and counts; sealed: the personal ones under the household's key.
CREATE TABLE household (
    id BYTEA PRIMARY KEY,
    region_id BYTEA NOT NULL REFERENCES region (id),
    registered_region_id BYTEA REFERENCES region (id),
    state TEXT NOT NULL REFERENCES household_state (name),
    merged_into BYTEA REFERENCES household (id),
    version BIGINT NOT NULL CHECK (version >= 1),
    head_id BYTEA,
    roster TEXT NOT NULL,
    hamlet TEXT,
    rw TEXT,
    rt TEXT,
    member_count BIGINT NOT NULL CHECK (member_count >= 0),
    channel TEXT NOT NULL,
    registered_by BYTEA,
    phone_tag BYTEA,
    facts TEXT NOT NULL,
    sealed BYTEA,
    created_at_ms BIGINT NOT NULL,
    changed_at_ms BIGINT NOT NULL
) /*strict*/;
CREATE INDEX household_region ON household (region_id, id);

-- Family cards of a household by the keyed value of their number: not unique, since cards are shared and mistyped.
CREATE TABLE household_card (
    household_id BYTEA NOT NULL REFERENCES household (id),
    family_no BIGINT NOT NULL CHECK (family_no BETWEEN 1 AND 10),
    kk_tag BYTEA NOT NULL,
    PRIMARY KEY (household_id, family_no)
) /*strict*/;

CREATE TABLE member_state (name TEXT PRIMARY KEY) /*strict*/;
INSERT INTO member_state (name) VALUES ('live'), ('left'), ('died');

-- joined_on is empty for those who were there at registration; left_on is the first day on which he was no longer of the household.
CREATE TABLE member (
    id BYTEA PRIMARY KEY,
    household_id BYTEA NOT NULL REFERENCES household (id),
    position BIGINT NOT NULL,
    family_no BIGINT NOT NULL CHECK (family_no BETWEEN 1 AND 10),
    state TEXT NOT NULL REFERENCES member_state (name),
    sex TEXT NOT NULL,
    birth_date BIGINT NOT NULL,
    birth_earliest BIGINT NOT NULL,
    birth_latest BIGINT NOT NULL,
    relationship TEXT NOT NULL,
    joined_on BIGINT,
    left_on BIGINT,
    left_reason TEXT,
    nik_tag BYTEA,
    facts TEXT NOT NULL,
    sealed BYTEA,
    created_at_ms BIGINT NOT NULL,
    CHECK (birth_earliest <= birth_date AND birth_date <= birth_latest),
    CHECK (state = 'live' OR left_on IS NOT NULL)
) /*strict*/;
CREATE INDEX member_household ON member (household_id, position);

-- Where a member was before he moved: the facts of a past day still find him there.
CREATE TABLE member_past (
    household_id BYTEA NOT NULL REFERENCES household (id),
    member_id BYTEA NOT NULL REFERENCES member (id),
    left_on BIGINT NOT NULL,
    joined_on BIGINT,
    to_household_id BYTEA NOT NULL REFERENCES household (id),
    PRIMARY KEY (household_id, member_id, left_on)
) /*strict*/;

-- sealed: who gave it and the witness. A withdrawal ends what rests on consent; on other bases it is an objection to be decided.
CREATE TABLE household_consent (
    id BYTEA PRIMARY KEY,
    household_id BYTEA NOT NULL REFERENCES household (id),
    basis TEXT NOT NULL,
    purposes TEXT,
    facts TEXT NOT NULL,
    sealed BYTEA,
    taken_by BYTEA,
    at_ms BIGINT NOT NULL,
    withdrawn_at_ms BIGINT,
    withdrawal TEXT
) /*strict*/;
CREATE INDEX household_consent_household ON household_consent (household_id, id);

CREATE TABLE duplicate_state (name TEXT PRIMARY KEY) /*strict*/;
INSERT INTO duplicate_state (name) VALUES ('open'), ('same'), ('different'), ('unsure'), ('cleared');

-- Two records that may be one. `later` is the later-registered unit: only its payment is barred, and only by kind 'nik'.
-- region_id is the later unit's, for lists by scope.
CREATE TABLE duplicate_case (
    id BYTEA PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL REFERENCES duplicate_state (name),
    earlier_household BYTEA NOT NULL REFERENCES household (id),
    later_household BYTEA NOT NULL REFERENCES household (id),
    earlier_member BYTEA REFERENCES member (id),
    later_member BYTEA REFERENCES member (id),
    region_id BYTEA NOT NULL REFERENCES region (id),
    made_at_ms BIGINT NOT NULL,
    decided_by BYTEA,
    decided_at_ms BIGINT,
    reason BYTEA,
    CHECK (earlier_household <> later_household)
) /*strict*/;
CREATE INDEX duplicate_case_state ON duplicate_case (state, id);
CREATE INDEX duplicate_case_region ON duplicate_case (region_id, state, id);
CREATE INDEX duplicate_case_later ON duplicate_case (later_household, kind);
CREATE INDEX duplicate_case_earlier ON duplicate_case (earlier_household, kind);
