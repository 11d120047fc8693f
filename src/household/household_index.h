/* household_index.h: what is searched in memory: keyed values of ids, cards and phones, and folded names. The disk has no index with random
 * keys, since each would cost a page write a registration. Entries are hints: whoever finds one reads the record and compares, so an entry that
 * outlived a failed transaction does no harm. Thread-safe: one lock, many readers. */
#ifndef LUMBUNG_HOUSEHOLD_INDEX_H
#define LUMBUNG_HOUSEHOLD_INDEX_H

#include "lumbung/base/crypto.h"
#include "lumbung/household.h"

enum household_tag_kind { HOUSEHOLD_TAG_NIK, HOUSEHOLD_TAG_KK, HOUSEHOLD_TAG_PHONE, HOUSEHOLD_TAG_NAME, HOUSEHOLD_TAG_KINDS };

struct household_index *household_index_create(void);

/* Adds a tag of a household (KK, PHONE; `member_id` is not looked at) or of its member (NIK, NAME). Adding it twice keeps one. */
void household_index_add_tag(struct household_index *index, enum household_tag_kind kind, const uint8_t tag[CRYPTO_TAG_SIZE], struct id household_id,
                             struct id member_id);
/* Records that may bear this tag, at most `limit`: members for NIK and NAME, otherwise households. */
size_t household_index_find_tag(struct household_index *index, enum household_tag_kind kind, const uint8_t tag[CRYPTO_TAG_SIZE], struct id *ret_ids,
                                size_t limit);

/* Puts or replaces a household's folded place (hamlet and address), and a member's folded name. A blank text takes the entry out. A member who
 * moves is put under his new household and taken out of the old one by the caller. */
void household_index_put_place(struct household_index *index, struct id household_id, struct id region_id, const char *folded);
void household_index_put_name(struct household_index *index, struct id member_id, struct id household_id, struct id region_id, const char *folded);

struct household_hit {
    struct id member_id; /* zero: the household's place */
    struct id household_id;
    int score; /* 0..100 */
};
/* Regions that the caller may see, ascending; NULL: all. */
struct household_regions {
    const struct id *ids;
    size_t count;
};
/* The best hits for folded words, best first, at most `limit`; spelling mistakes are forgiven by the length of the word. */
size_t household_index_search(struct household_index *index, struct arena *arena, const char *folded_name, const char *folded_place,
                              const struct household_regions *regions, struct household_hit *ret_hits, size_t limit);

/* 0..100: how well the words of `query` are found among those of `text` (both folded). For tests too. */
int household_index_score(const char *query, const char *text);

#endif
