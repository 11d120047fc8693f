-- Records are listed and summed by cycle too.
CREATE INDEX disbursement_cycle ON disbursement (cycle_id, id);
