/* score_reference.c: names in expressions against what is there; a score or flag that rests on itself, through others too, is refused. */
#include "score/score_reference.h"

#include <string.h>

#include "assessment/assessment_store.h"
#include "lumbung/base/text.h"
#include "score/score_definition.h"
#include "score/score_flag.h"
#include "score/score_store.h"

#define NEEDS "household.needs."
#define FORMS_MAX 200

/* A score in use or being computed, or a flag of the agency. */
struct node {
    const char *key;
    const struct score_definition *definition; /* NULL: a flag */
    struct json *reads;                        /* keys */
};
struct score_known {
    struct json **forms;
    size_t form_count;
    struct node *nodes;
    size_t node_count;
};

static const char *
before_colon(struct arena *arena, const char *name)
{
    const char *colon = strchr(name, ':');
    return colon ? arena_copy(arena, name, (size_t)(colon - name)) : name;
}

/* NAME or NAME:LINE of a score; the bounds of score_between are no names. NULL for all else. */
static const char *
score_named(const char *read)
{
    struct decimal bound;
    if (text_begins(read, "score:"))
        return read + strlen("score:");
    return text_begins(read, "score_between:") && !decimal_parse(read + strlen("score_between:"), &bound) ? read + strlen("score_between:") : NULL;
}

static const char *
key_of(struct arena *arena, const char *read)
{
    if (text_begins(read, "flag:"))
        return read;
    return score_named(read) ? arena_format(arena, "score:%s", before_colon(arena, score_named(read))) : NULL;
}

void
score_reference_keys(struct arena *arena, const struct json *reads, struct json *ret_keys)
{
    for (size_t i = 0; i < reads->count; i++) {
        const char *key = key_of(arena, reads->items[i]->text);
        bool doubled = false;
        for (size_t j = 0; key && j < ret_keys->count; j++)
            doubled = doubled || text_equal(ret_keys->items[j]->text, key);
        if (key && !doubled)
            json_push(arena, ret_keys, json_make_text(arena, key));
    }
}

/* --- what is there ------------------------------------------------------------------------------------------------------------------------ */

static struct error *
load_forms(struct tx *tx, struct score_known *known)
{
    struct form_row *forms = ARENA_ARRAY(tx->arena, struct form_row, FORMS_MAX);
    TRY(form_store_list(tx, (struct id){{0}}, FORMS_MAX, forms, &known->form_count));
    known->forms = ARENA_ARRAY(tx->arena, struct json *, known->form_count);
    for (size_t i = 0; i < known->form_count; i++)
        TRY(json_parse(tx->arena, forms[i].definition, strlen(forms[i].definition), &known->forms[i]));
    return NULL;
}

static struct error *
make_score_node(struct tx *tx, const struct score_definition_row *row, struct node *node)
{
    struct json *json = NULL, *reads = json_make(tx->arena, JSON_ARRAY);
    struct score_definition *definition = NULL;
    TRY(json_parse(tx->arena, row->definition, strlen(row->definition), &json));
    TRY(score_definition_read(tx->arena, json, &definition));
    score_definition_reads(definition, tx->arena, reads);
    *node = (struct node){arena_format(tx->arena, "score:%s", row->name), definition, json_make(tx->arena, JSON_ARRAY)};
    score_reference_keys(tx->arena, reads, node->reads);
    return NULL;
}

static void
make_flag_node(struct arena *arena, const struct score_flag_rule *flag, struct node *node)
{
    struct json *reads = json_make(arena, JSON_ARRAY);
    rule_reads(flag->rule, arena, reads);
    *node = (struct node){arena_format(arena, "flag:%s", flag->name), NULL, json_make(arena, JSON_ARRAY)};
    score_reference_keys(arena, reads, node->reads);
}

struct error *
score_reference_load(struct tx *tx, struct score_known **ret_known)
{
    struct score_known *known = ARENA_NEW(tx->arena, struct score_known);
    struct score_definition_row *rows = NULL;
    struct score_flags *flags = NULL;
    size_t count = 0;
    TRY(load_forms(tx, known));
    TRY(score_definition_store_in_use(tx, true, &rows, &count));
    TRY(score_flag_load(tx, &flags));
    known->nodes = ARENA_ARRAY(tx->arena, struct node, count + flags->count);
    for (size_t i = 0; i < count; i++)
        TRY(make_score_node(tx, &rows[i], &known->nodes[known->node_count++]));
    for (size_t i = 0; i < flags->count; i++)
        make_flag_node(tx->arena, &flags->rules[i], &known->nodes[known->node_count++]);
    *ret_known = known;
    return NULL;
}

/* Questions may stand in groups, which hold questions themselves. */
static bool
list_has(const struct json *entries, const char *name)
{
    for (size_t i = 0; entries && i < entries->count; i++)
        if (text_equal(json_get_text(entries->items[i], "name"), name) || list_has(json_get(entries->items[i], "questions"), name))
            return true;
    return false;
}

static bool
form_has(const struct score_known *known, const char *list, const char *name)
{
    for (size_t i = 0; i < known->form_count; i++)
        if (list_has(json_get(known->forms[i], list), name))
            return true;
    return false;
}

void
score_reference_of_form(const struct score_known *known, const char *name, bool *ret_taken)
{
    *ret_taken = form_has(known, "scores", name);
}

/* --- checks ------------------------------------------------------------------------------------------------------------------------------- */

static bool
has_line(const struct score_definition *definition, const char *line)
{
    for (size_t i = 0; i < definition->lookup.line_count; i++)
        if (text_equal(definition->lookup.lines[i], line))
            return true;
    return false;
}

static bool
has_score(struct arena *arena, const struct score_known *known, const char *named)
{
    const char *colon = strchr(named, ':'), *key = arena_format(arena, "score:%s", before_colon(arena, named));
    for (size_t i = 0; i < known->node_count; i++)
        if (text_equal(known->nodes[i].key, key) && (colon == NULL || has_line(known->nodes[i].definition, colon + 1)))
            return true;
    return colon == NULL && form_has(known, "scores", named);
}

static bool
has_flag(const struct score_known *known, const char *read)
{
    bool found = score_flag_is_own(read + strlen("flag:"));
    for (size_t i = 0; i < known->node_count; i++)
        found = found || text_equal(known->nodes[i].key, read);
    return found;
}

/* Does `key`, or what it reads, read `wanted`? A score that is there twice (its next version is being computed) counts with both. */
static bool
leads_to(const struct score_known *known, const char *key, const char *wanted, size_t depth)
{
    if (text_equal(key, wanted))
        return true;
    for (size_t i = 0; depth > 0 && i < known->node_count; i++)
        for (size_t j = 0; text_equal(known->nodes[i].key, key) && j < known->nodes[i].reads->count; j++)
            if (leads_to(known, known->nodes[i].reads->items[j]->text, wanted, depth - 1))
                return true;
    return false;
}

void
score_reference_check(struct arena *arena, const struct score_known *known, const struct rule *rule, const char *own, const char *pointer, struct error **error)
{
    struct json *reads = json_make(arena, JSON_ARRAY);
    rule_reads(rule, arena, reads);
    for (size_t i = 0; i < reads->count; i++) {
        const char *read = reads->items[i]->text, *key = key_of(arena, read), *named = score_named(read);
        if (text_begins(read, NEEDS) && !form_has(known, "questions", read + strlen(NEEDS)))
            error_add_fault(error, pointer, FAULT_REFERENCE, read + strlen(NEEDS), NULL);
        else if (key && leads_to(known, key, own, known->node_count + 1))
            error_add_fault(error, pointer, FAULT_CIRCLE, strchr(own, ':') + 1, NULL);
        else if (key && (named ? !has_score(arena, known, named) : !has_flag(known, read)))
            error_add_fault(error, pointer, FAULT_REFERENCE, named ? named : read + strlen("flag:"), NULL);
    }
}
