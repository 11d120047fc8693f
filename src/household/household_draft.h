/* household_draft.h: all of a registration that needs no turn on the lane: ids, keys, sealed columns, documents and warnings are made before it. */
#ifndef LUMBUNG_HOUSEHOLD_DRAFT_H
#define LUMBUNG_HOUSEHOLD_DRAFT_H

#include "household/household_check.h"
#include "household/household_file.h"

struct consent_draft {
    const struct consent_record *record; /* as it will be stored */
    struct consent_row row;
    const char *document; /* for the audit log */
};

struct household_draft {
    struct household_file file; /* packed and sealed; regions and the time of the act are still open */
    struct data_key *keys;      /* the household's, then each member's */
    struct audit_part *parts;   /* the household's, each member's, the consent's */
    size_t part_count;
    struct consent_draft consent;
    struct household_warnings warnings;
};

/* `record` is as field_parse (FIELD_CREATE) made and checked it, and stays untouched. Reads the regions alone; nothing is written. */
FALLIBLE struct error *household_draft_make(struct tx *tx, const struct actor *actor, const struct household_record *record, const char *channel,
                                            struct household_draft *ret_draft);
/* The same of a consent alone. The subject's key must be known or be in the registry. */
FALLIBLE struct error *household_draft_consent(struct tx *tx, const struct actor *actor, struct id household_id, const struct consent_record *consent,
                                               struct consent_draft *ret_draft);
/* Warnings of a member, with the region of his NIK. */
FALLIBLE struct error *household_collect_warnings(struct tx *tx, const struct member_record *member, const char *pointer,
                                                  struct household_warnings *warnings);

#endif
