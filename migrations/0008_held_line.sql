-- A line is tested again at hand-out. What held it and a person let pass is kept, so that it is not held by the same again.
ALTER TABLE disbursement ADD COLUMN lifted TEXT;
INSERT INTO disbursement_transition (from_state, to_state) VALUES ('partly_paid', 'held'), ('uncollected', 'held');
