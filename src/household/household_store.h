/* household_store.h: rows of households, members, cards and consents. Every statement on them is in household_*_store.c. */
#ifndef LUMBUNG_HOUSEHOLD_STORE_H
#define LUMBUNG_HOUSEHOLD_STORE_H

#include "household/household_record.h"
#include "lumbung/base/crypto.h"

struct household_row {
    struct id id, region_id, registered_region_id;
    const char *state;
    struct id merged_into;
    int64_t version;
    struct id head_id;
    const char *roster, *hamlet, *rw, *rt;
    int64_t member_count;
    const char *channel;
    struct id registered_by;
    struct bytes phone_tag;
    const char *facts;
    struct bytes sealed;
    int64_t created_at_ms, changed_at_ms;
};

struct member_row {
    struct id id, household_id;
    int64_t position, family_no;
    const char *state, *sex;
    int32_t birth_date, birth_earliest, birth_latest;
    const char *relationship;
    bool has_joined_on, has_left_on;
    int32_t joined_on, left_on;
    const char *left_reason;
    struct bytes nik_tag;
    const char *facts;
    struct bytes sealed;
    int64_t created_at_ms;
};

struct consent_row {
    struct id id, household_id;
    const char *basis, *purposes, *facts;
    struct bytes sealed;
    struct id taken_by;
    int64_t at_ms;
    bool is_withdrawn;
    int64_t withdrawn_at_ms;
    const char *withdrawal;
};

FALLIBLE struct error *household_store_insert(struct tx *tx, const struct household_row *row);
/* Writes everything that may change; `version` is the new one, and the row must still hold the one before: otherwise ERROR_STALE. */
FALLIBLE struct error *household_store_update(struct tx *tx, const struct household_row *row);
/* `actor` NULL: without a scope, for records that the caller may already see. */
FALLIBLE struct error *household_store_load(struct tx *tx, const struct actor *actor, struct id id, struct household_row *ret_row, bool *ret_found);
FALLIBLE struct error *household_store_may_become(struct tx *tx, const char *from, const char *to, bool *ret_may);

FALLIBLE struct error *household_store_card_put(struct tx *tx, struct id household_id, int64_t family_no, const uint8_t tag[CRYPTO_TAG_SIZE]);
FALLIBLE struct error *household_store_cards_clear(struct tx *tx, struct id household_id);
FALLIBLE struct error *household_store_card_match(struct tx *tx, struct id household_id, const uint8_t tag[CRYPTO_TAG_SIZE], bool *ret_match);

FALLIBLE struct error *member_store_insert(struct tx *tx, const struct member_row *row);
FALLIBLE struct error *member_store_update(struct tx *tx, const struct member_row *row);
FALLIBLE struct error *member_store_load(struct tx *tx, struct id id, struct member_row *ret_row, bool *ret_found);
/* All of a household, also those who left, in the order of the form. */
FALLIBLE struct error *member_store_list(struct tx *tx, struct id household_id, struct member_row **ret_rows, size_t *ret_count);
FALLIBLE struct error *member_store_past_put(struct tx *tx, const struct member_row *row, int32_t left_on, struct id to_household_id);
/* He never left it after all. */
FALLIBLE struct error *member_store_past_take(struct tx *tx, struct id household_id, struct id member_id, struct id to_household_id);
/* Those who have moved on to another household but were of this one on the day. */
/* Who once moved to another household, as they are now. */
FALLIBLE struct error *member_store_list_moved(struct tx *tx, struct id household_id, struct member_row **ret_rows, size_t *ret_count);
FALLIBLE struct error *member_store_list_past(struct tx *tx, struct id household_id, int32_t on, struct member_row **ret_rows, size_t *ret_count);

FALLIBLE struct error *consent_store_insert(struct tx *tx, const struct consent_row *row);
FALLIBLE struct error *consent_store_load(struct tx *tx, struct id id, struct consent_row *ret_row, bool *ret_found);
FALLIBLE struct error *consent_store_list(struct tx *tx, struct id household_id, struct consent_row **ret_rows, size_t *ret_count);
FALLIBLE struct error *consent_store_withdraw(struct tx *tx, struct id id, const char *withdrawal);

/* One page of a list: households by (region, id) after a place; all within `region_id`'s subtree (zero: all that the actor may see). */
struct household_page {
    struct id region_id;
    struct id after_region, after_id; /* zero at the start */
    int limit;
    bool only_active;
    struct household_row *rows;
    size_t count;
};
FALLIBLE struct error *household_store_page(struct tx *tx, const struct actor *actor, struct household_page *page);
/* The regions that an actor may see, ascending. */
FALLIBLE struct error *household_store_regions(struct tx *tx, const struct actor *actor, struct id **ret_ids, size_t *ret_count);
/* Every household in turn, for building the indexes. */
FALLIBLE struct error *household_store_each(struct tx *tx, struct error *(*visit)(void *context, struct arena *arena, const struct household_row *row),
                                            void *context);
/* What the indexes need of a member, with his household's region and his data key as it is stored (NULL when erased). */
struct member_seed {
    struct member_row row; /* ids, state, birth, nik_tag and sealed alone */
    struct id region_id;
    int64_t key_epoch;
    struct bytes wrapped_key;
};
/* Every `span`th id of all members, ascending, from the first one. */
FALLIBLE struct error *member_store_spans(struct tx *tx, size_t span, struct id **ret_firsts, size_t *ret_count);
/* Members from `first` to before `end`. */
FALLIBLE struct error *member_store_seeds(struct tx *tx, struct id first, struct id end,
                                          struct error *(*visit)(void *context, struct arena *arena, const struct member_seed *seed), void *context);
FALLIBLE struct error *household_store_each_card(struct tx *tx, struct error *(*visit)(void *context, struct id household_id, struct bytes tag),
                                                 void *context);

#endif
