-- Programs of the four families, their rules by version, and who takes part.
CREATE TABLE program_state (name TEXT PRIMARY KEY) /*strict*/;
INSERT INTO program_state (name) VALUES ('draft'), ('active'), ('closed');
CREATE TABLE program (
    id BYTEA PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    category TEXT NOT NULL,
    owner TEXT NOT NULL,
    currency TEXT NOT NULL,
    unit TEXT NOT NULL,
    state TEXT NOT NULL REFERENCES program_state (name),
    rule_version BIGINT NOT NULL CHECK (rule_version >= 1),
    budget_minor BIGINT NOT NULL CHECK (budget_minor >= 0),
    starts_on BIGINT NOT NULL,
    ends_on BIGINT,
    utc_offset_min BIGINT NOT NULL CHECK (utc_offset_min BETWEEN -720 AND 840),
    community_validation BIGINT NOT NULL CHECK (community_validation IN (0, 1)),
    approvals_required BIGINT NOT NULL CHECK (approvals_required BETWEEN 1 AND 9),
    strict_duties BIGINT NOT NULL CHECK (strict_duties IN (0, 1)),
    version BIGINT NOT NULL,
    created_at_ms BIGINT NOT NULL
) /*strict*/;

CREATE TABLE program_rule (
    program_id BYTEA NOT NULL REFERENCES program (id),
    rule_version BIGINT NOT NULL,
    rule TEXT NOT NULL,
    entitlement TEXT NOT NULL,
    digest BYTEA NOT NULL,
    created_at_ms BIGINT NOT NULL,
    created_by BYTEA,
    PRIMARY KEY (program_id, rule_version)
) /*strict*/;

-- Area tariffs by name: the nearest ancestor region with a row decides.
CREATE TABLE tariff (
    name TEXT NOT NULL,
    region_id BYTEA NOT NULL REFERENCES region (id),
    amount_minor BIGINT NOT NULL CHECK (amount_minor >= 0),
    PRIMARY KEY (name, region_id)
) /*strict*/;

CREATE TABLE enrollment_state (name TEXT PRIMARY KEY) /*strict*/;
INSERT INTO enrollment_state (name) VALUES ('proposed'), ('refused'), ('waitlisted'), ('eligible'), ('validated'), ('enrolled'), ('suspended'), ('exited');
CREATE TABLE enrollment_transition (
    from_state TEXT NOT NULL REFERENCES enrollment_state (name),
    to_state TEXT NOT NULL REFERENCES enrollment_state (name),
    PRIMARY KEY (from_state, to_state)
) /*strict*/;
INSERT INTO enrollment_transition (from_state, to_state) VALUES ('proposed', 'refused'), ('proposed', 'waitlisted'), ('proposed', 'eligible'),
    ('proposed', 'enrolled'), ('waitlisted', 'eligible'), ('waitlisted', 'refused'), ('waitlisted', 'enrolled'), ('eligible', 'validated'),
    ('eligible', 'refused'), ('eligible', 'enrolled'), ('validated', 'enrolled'), ('validated', 'refused'), ('enrolled', 'suspended'),
    ('suspended', 'enrolled'), ('enrolled', 'exited'), ('suspended', 'exited');

CREATE TABLE enrollment (
    id BYTEA PRIMARY KEY,
    program_id BYTEA NOT NULL REFERENCES program (id),
    household_id BYTEA NOT NULL REFERENCES household (id),
    family_no BIGINT NOT NULL,
    member_id BYTEA REFERENCES member (id),
    state TEXT NOT NULL REFERENCES enrollment_state (name),
    reason TEXT,
    answer TEXT NOT NULL,
    rule_version BIGINT NOT NULL,
    entitlement_minor BIGINT NOT NULL,
    evaluated_on BIGINT NOT NULL,
    made_by BYTEA,
    decided_by BYTEA,
    created_at_ms BIGINT NOT NULL,
    changed_at_ms BIGINT NOT NULL
) /*strict*/;
CREATE INDEX enrollment_program ON enrollment (program_id, state, id);
CREATE INDEX enrollment_household ON enrollment (household_id, id);
-- One open enrollment a program and unit; refused and exited ones are the past.
CREATE UNIQUE INDEX enrollment_open_unit ON enrollment (program_id, household_id, family_no) WHERE member_id IS NULL AND state NOT IN ('refused', 'exited');
CREATE UNIQUE INDEX enrollment_open_member ON enrollment (program_id, member_id) WHERE member_id IS NOT NULL AND state NOT IN ('refused', 'exited');

--@sqlite
CREATE TRIGGER enrollment_state_step BEFORE UPDATE OF state ON enrollment WHEN NEW.state <> OLD.state
    AND NOT EXISTS (SELECT 1 FROM enrollment_transition t WHERE t.from_state = OLD.state AND t.to_state = NEW.state)
BEGIN SELECT RAISE(ABORT, 'state'); END;
CREATE TRIGGER program_rule_no_update BEFORE UPDATE ON program_rule BEGIN SELECT RAISE(ABORT, 'tampered'); END;
CREATE TRIGGER program_rule_no_delete BEFORE DELETE ON program_rule BEGIN SELECT RAISE(ABORT, 'tampered'); END;
--@end
--@pgsql
CREATE TRIGGER program_rule_no_change BEFORE UPDATE OR DELETE ON program_rule FOR EACH ROW EXECUTE FUNCTION refuse_change();
--@end
