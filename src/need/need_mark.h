/* need_mark.h: one household as the count sees it, over time: its people, what it needed from which day on, and what covered it. */
#ifndef LUMBUNG_NEED_MARK_H
#define LUMBUNG_NEED_MARK_H

#include "need/need_definition.h"
#include "need/need_issue.h"
#include "need/need_store.h"

#define NEED_ZONE_MIN 420 /* western Indonesia: the day of an act that has only an instant */

/* Days as 16 bits: a million households lie in memory. */
#define NEED_DAY_ALWAYS 0u
#define NEED_DAY_NEVER UINT16_MAX
uint16_t need_day(int32_t date);       /* since 2000-01-01 */
uint16_t need_birth_day(int32_t date); /* since 1900-01-01 */

enum need_person_flag { NEED_FEMALE = 1, NEED_MALE = 2, NEED_DISABLED = 4 };
struct need_person {
    uint16_t birth, joined, left; /* left: the first day on which he was no longer there */
    uint8_t flags;
    uint8_t who;                  /* categories whose need concerns him when the household is in need */
};
struct need_mark {
    uint16_t day;                 /* holds from here to the next */
    uint8_t need, known;          /* bits of categories; need is a part of known */
};
struct need_cover {
    uint16_t from, until;
    uint8_t categories;
    uint8_t person;               /* number + 1; 0: the household */
};

#define NEED_PERSONS_MAX 80
#define NEED_MARKS_MAX 20
#define NEED_COVERS_MAX 40
struct need_household {
    struct id id, region_id, registered_by;
    uint16_t from, until;
    uint16_t issues, seen;        /* bits of need_issue; seen: when somebody last asked how they live, or registered them */
    uint32_t weight_milli;
    uint8_t person_count, mark_count, cover_count;
    struct need_person persons[NEED_PERSONS_MAX];
    struct need_mark marks[NEED_MARKS_MAX];
    struct need_cover covers[NEED_COVERS_MAX];
};

#define NEED_WEIGHT_ONE 1000u

struct need_program { struct id id; uint8_t covered; };
struct need_rules {
    const struct need_definitions *definitions;
    const struct need_program *programs;
    size_t program_count;
};
/* Facts are those of today, people and answers those of their days. */
FALLIBLE struct error *need_mark_household(struct tx *tx, const struct need_rules *rules, const struct need_household_row *row, struct need_household *ret_household);

#endif
