/* disbursement_store.h: rows of disbursements, their parts, receipts and attempts. */
#ifndef LUMBUNG_DISBURSEMENT_STORE_H
#define LUMBUNG_DISBURSEMENT_STORE_H

#include "lumbung/payment.h"

struct disbursement {
    struct id id, batch_id, item_id, program_id, cycle_id, enrollment_id, household_id, region_id, payee_member_id;
    struct bytes payee_sealed;
    const char *currency, *state, *held_reason, *reference;
    const char *lifted;     /* what held it and a person let pass: words with blanks between, NULL none */
    int64_t amount_minor, received_minor, open_minor, given_back_minor, retries, released_at_ms;
};

struct disbursement_part {
    int64_t number;
    struct batch_part part;
    int64_t received_quantity;
    int64_t taken; /* by the receipt being made */
};

struct receipt {
    struct id id, disbursement_id, reverses_id, signature_id, photo_id, distribution_id, recorded_by;
    const char *kind;       /* receipt, reversal, return */
    int64_t amount_minor;
    const char *quantities; /* JSON {"code": quantity} of goods */
    const char *method, *received_by, *identified_by, *collector_relation, *reason;
    struct bytes sealed;    /* {collector_name, witness, note} under the household's key */
    int64_t at_ms, recorded_at_ms;
    bool reversed;          /* another row undoes it */
};

FALLIBLE struct error *disbursement_store_insert(struct tx *tx, const struct disbursement *disbursement);
FALLIBLE struct error *disbursement_store_insert_part(struct tx *tx, struct id disbursement_id, int64_t number, const struct batch_part *part);
/* Within the actor's regions: the present one of the household or the one that was paid. */
FALLIBLE struct error *disbursement_store_load(struct tx *tx, const struct actor *actor, struct id id, struct disbursement *ret_row, bool *ret_found);
FALLIBLE struct error *disbursement_store_parts(struct tx *tx, struct id id, struct disbursement_part ret_parts[BATCH_PARTS_MAX], size_t *ret_count);
/* New sums and state, only while the sums are still those of `seen`: *ret_moved false when someone was faster. */
FALLIBLE struct error *disbursement_store_move(struct tx *tx, const struct disbursement *seen, const struct disbursement *now, bool *ret_moved);
FALLIBLE struct error *disbursement_store_set_quantity(struct tx *tx, struct id id, int64_t number, int64_t received_quantity);

FALLIBLE struct error *receipt_store_insert(struct tx *tx, const struct receipt *receipt);
#define RECEIPTS_MAX 64
FALLIBLE struct error *receipt_store_list(struct tx *tx, struct id disbursement_id, struct receipt ret_rows[RECEIPTS_MAX], size_t *ret_count);

struct attempt { struct id id, recorded_by; const char *outcome, *note; int64_t at_ms; };
FALLIBLE struct error *attempt_store_insert(struct tx *tx, struct id disbursement_id, const struct attempt *attempt);
FALLIBLE struct error *attempt_store_list(struct tx *tx, struct id disbursement_id, struct attempt ret_rows[RECEIPTS_MAX], size_t *ret_count);

/* What is asked for; a zero id, NULL and has_... false mean any. `after` is the last line of the page before. */
struct disbursement_filter {
    struct id batch_id, household_id, cycle_id, program_id, region_id; /* the region with all below it */
    const char *state;
    bool has_from, has_to;
    int64_t from, to; /* days of release in the program's own offset, both inclusive */
    struct id after;
    int limit;
};
/* In the order of the leading filter: by region and id under a region, by batch and id under a cycle, by release and id under days alone, by id otherwise. */
FALLIBLE struct error *disbursement_store_list(struct tx *tx, const struct actor *actor, const struct disbursement_filter *filter, struct disbursement *ret_rows,
                                               size_t *ret_count);
FALLIBLE struct error *disbursement_store_open_lines(struct tx *tx, struct id batch_id, int64_t *ret_count);
/* Is any line of a batch not at its end? */
FALLIBLE struct error *disbursement_store_any_open(struct tx *tx, struct id batch_id, bool *ret_any);
/* Puts a line as it stands into the kept sums (sign 1) or takes it out (-1): around each change of one. */
FALLIBLE struct error *disbursement_store_count(struct tx *tx, struct id id, int sign);
/* A household's lines are counted where it lives now. */
FALLIBLE struct error *disbursement_store_relocate(struct tx *tx, struct id household_id, struct id from_region_id, struct id to_region_id);
/* Counts and sums of all that the filter finds within the scope, by currency and state. */
#define DISBURSEMENT_SUMS_MAX 200
struct disbursement_sum { const char *currency, *state; int64_t count, amount_minor, received_minor, open_minor, given_back_minor; };
FALLIBLE struct error *disbursement_store_sums(struct tx *tx, const struct actor *actor, const struct disbursement_filter *filter, struct disbursement_sum *ret_rows,
                                               int limit, size_t *ret_count);
/* A row where amount = received + open + given back or received = sum of receipts does not hold; the database forbids the first. */
FALLIBLE struct error *disbursement_store_miscounted(struct tx *tx, bool *ret_found); /* kept sums that are not those of the lines */
FALLIBLE struct error *disbursement_store_drifted(struct tx *tx, struct id *ret_id, bool *ret_found);

#endif
