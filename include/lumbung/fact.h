/* fact.h: what other registries say of people and families: decile, civil-registry status, insurance, each with its source, edition and day. */
#ifndef LUMBUNG_FACT_H
#define LUMBUNG_FACT_H

#include "lumbung/http/route.h"

struct fact {
    const char *key, *source, *edition;
    int32_t as_of;
    struct json *value;   /* a whole number, a text, or true and false; NULL when the person was erased */
    struct id member_id;  /* whose number it is; zero: a family card's */
    int family_no;
};
/* Of those who live in the household, and of its cards: every edition, the newest first. */
FALLIBLE struct error *fact_list(struct tx *tx, struct id household_id, struct fact **ret_facts, size_t *ret_count);

enum fact_found { FACT_NONE, FACT_FOUND, FACT_DIFFERS };
/* The newest value of a key: of a member (his own, or his family's card), of a family (`family_no`), or of the whole household. FACT_DIFFERS when several
 * of the same day contradict each other. */
FALLIBLE struct error *fact_newest(struct tx *tx, struct id household_id, struct id member_id, int family_no, const char *key, struct json **ret_value,
                                   enum fact_found *ret_found);

extern const struct route fact_routes[];

#endif
