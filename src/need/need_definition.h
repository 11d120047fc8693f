/* need_definition.h: what makes a need and what covers it, as data: a rule over the household and its answers, one over its members, and the programs. */
#ifndef LUMBUNG_NEED_DEFINITION_H
#define LUMBUNG_NEED_DEFINITION_H

#include "lumbung/need.h"
#include "lumbung/rule.h"

#define NEED_CATEGORIES 7

struct need_rule {
    struct rule *household;  /* NULL: the household is in need when a member is */
    struct rule *member;     /* whom of a household in need the need concerns; NULL: all of it */
    const struct json *categories, *programs; /* of covered_by; NULL: none */
};
struct need_definitions {
    int64_t version;         /* 0: the built-in ones */
    const char *text;
    struct need_rule rules[NEED_CATEGORIES]; /* in the order of need_category_codes */
    bool defined[NEED_CATEGORIES];
    struct rule *weight;     /* how many households of the survey's frame this one stands for; NULL: no weights */
};

/* -1: no such word. */
int need_category_find(const char *word);

/* ERROR_FIELDS with every fault and its pointer. Lives in `arena`. */
FALLIBLE struct error *need_definitions_read(struct arena *arena, const struct json *json, struct need_definitions *ret_definitions);
/* The newest version, or the built-in definitions. */
FALLIBLE struct error *need_definitions_load(struct tx *tx, struct arena *arena, struct need_definitions *ret_definitions);
FALLIBLE struct error *need_definitions_make(struct tx *tx, const struct actor *actor, const struct json *json, int64_t *ret_version);
/* The bits of the categories that a program covers. */
uint8_t need_definitions_covered(const struct need_definitions *definitions, struct id program_id, const char *category);

#endif
