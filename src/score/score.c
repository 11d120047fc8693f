/* score.c: a household's scores: computed from what is known today, kept when something changed, read by rules. */
#include "score/score_act.h"

#include <string.h>

#include "lumbung/assessment.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/household.h"
#include "score/score_reference.h"

#define REGISTRY_OFFSET_MIN 420

struct error *
score_context_load(struct tx *tx, struct id household_id, struct score_context *ret_context, int64_t *ret_version)
{
    bool found = false;
    struct json *facts = NULL, *answers = NULL;
    int32_t on = date_of_instant(tx->now_ms, REGISTRY_OFFSET_MIN);
    TRY(household_score_store_household(tx, household_id, ret_version, &found));
    if (!found)
        return error_new(ERROR_NOT_FOUND);
    TRY(household_facts(tx, household_id, on, &facts));
    TRY(assessment_latest_answers(tx, household_id, &answers));
    struct json *household = json_get(facts, "household");
    if (answers)
        json_set(tx->arena, household, "needs", answers);
    if (json_get(household, "region"))
        json_set(tx->arena, facts, "region", json_get(household, "region"));
    *ret_context = (struct score_context){.tx = tx, .household_id = household_id, .on = on, .facts = facts, .region_code = json_get_text(household, "region")};
    return NULL;
}

struct error *
score_subject_load(struct tx *tx, struct id household_id, struct score_subject *ret_subject)
{
    *ret_subject = (struct score_subject){.version = 0};
    return score_context_load(tx, household_id, &ret_subject->context, &ret_subject->version);
}

static struct error *
compute_at(struct score_subject *subject, const struct json *facts, const struct score_definition *definition, struct score_result *ret_result)
{
    struct rule_inputs inputs = {facts, &subject->context};
    const struct json *likely = subject->context.facts;
    subject->context.facts = facts;
    score_compute(subject->context.tx->arena, definition, &inputs, ret_result);
    subject->context.facts = likely;
    struct error *error = subject->context.error;
    subject->context.error = NULL;
    return error;
}

static bool
is_same_value(const struct score_result *left, const struct score_result *right)
{
    return left->has_value == right->has_value && (!left->has_value || decimal_compare(left->value, right->value) == 0);
}

/* A value that turns inside the possible range of a birth date is none: a person has to find out. */
struct error *
score_subject_compute(struct score_subject *subject, const struct score_definition *definition, struct score_result *ret_result)
{
    struct arena *arena = subject->context.tx->arena;
    struct score_result other;
    TRY(compute_at(subject, subject->context.facts, definition, ret_result));
    for (int latest = 0; latest <= 1 && ret_result->has_value; latest++) {
        const struct json *facts = score_facts_at(arena, subject->context.facts, latest == 1);
        if (facts == NULL)
            return NULL;
        TRY(compute_at(subject, facts, definition, &other));
        if (!is_same_value(ret_result, &other))
            score_result_lose(arena, ret_result, "birth_date", "/members/birth_date");
    }
    return NULL;
}

struct error *
score_open_detail(struct tx *tx, const struct household_score_row *row, struct json **ret_detail)
{
    struct bytes plain;
    *ret_detail = NULL;
    TRY(keyring_unseal(tx, row->household_id, "household_score.detail", row->id, row->sealed, &plain));
    return plain.data ? json_parse(tx->arena, (const char *)plain.data, plain.length, ret_detail) : NULL;
}

static struct error *
is_same(struct tx *tx, const struct household_score_row *row, const char *value, const struct json *detail, bool *ret_same)
{
    struct json *kept = NULL;
    *ret_same = false;
    if (!text_equal(row->value, value))
        return NULL;
    TRY(score_open_detail(tx, row, &kept));
    *ret_same = kept && json_equal(kept, detail);
    return NULL;
}

struct error *
score_keep(struct score_subject *subject, struct id definition_id, const struct score_definition *definition, struct score_result *ret_result)
{
    struct tx *tx = subject->context.tx;
    struct household_score_row last;
    struct buffer detail;
    char value[DECIMAL_TEXT_SIZE];
    bool found = false, same = false;
    TRY(score_subject_compute(subject, definition, ret_result));
    decimal_print(ret_result->value, value);
    struct household_score_row row = {.id = tx_new_id(tx), .household_id = subject->context.household_id, .definition_id = definition_id,
                                      .value = ret_result->has_value ? value : NULL, .household_version = subject->version, .scored_on = subject->context.on};
    TRY(household_score_store_latest(tx, row.household_id, definition_id, &last, &found));
    if (found)
        TRY(is_same(tx, &last, row.value, ret_result->detail, &same));
    if (same)
        return household_score_store_confirm(tx, last.id, row.household_version, row.scored_on);
    buffer_init(&detail, tx->arena);
    json_print(&detail, NULL, ret_result->detail);
    TRY(keyring_seal(tx, row.household_id, "household_score.detail", row.id, detail.data, detail.length, &row.sealed));
    return household_score_store_insert(tx, &row);
}

/* --- all scores of one household -------------------------------------------------------------------------------------------------------- */

struct pending {
    struct id id;
    struct score_definition *definition;
    const char *key;
    struct json *reads; /* keys of other scores and flags */
    bool done;
};

static bool
waits_for(const struct pending *one, const struct pending *all, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; !all[i].done && &all[i] != one && j < one->reads->count; j++)
            if (text_equal(one->reads->items[j]->text, all[i].key))
                return true;
    return false;
}

static struct error *
load_pending(struct tx *tx, struct pending **ret_pending, size_t *ret_count)
{
    struct score_definition_row *rows = NULL;
    TRY(score_definition_store_in_use(tx, true, &rows, ret_count));
    *ret_pending = ARENA_ARRAY(tx->arena, struct pending, *ret_count);
    for (size_t i = 0; i < *ret_count; i++) {
        struct pending *pending = &(*ret_pending)[i];
        struct json *json = NULL;
        TRY(json_parse(tx->arena, rows[i].definition, strlen(rows[i].definition), &json));
        TRY(score_definition_read(tx->arena, json, &pending->definition));
        struct json *reads = json_make(tx->arena, JSON_ARRAY);
        score_definition_reads(pending->definition, tx->arena, reads);
        pending->id = rows[i].id;
        pending->key = arena_format(tx->arena, "score:%s", rows[i].name);
        pending->reads = json_make(tx->arena, JSON_ARRAY);
        score_reference_keys(tx->arena, reads, pending->reads);
    }
    return NULL;
}

/* What others rest on comes first. */
struct error *
score_household(struct tx *tx, const struct actor *actor, struct id household_id)
{
    (void)actor;
    struct score_subject subject;
    struct score_result result;
    struct pending *pending = NULL;
    size_t count = 0, done = 0;
    TRY(load_pending(tx, &pending, &count));
    if (count == 0)
        return NULL;
    TRY(score_subject_load(tx, household_id, &subject));
    for (bool moved = true; moved && done < count;) {
        moved = false;
        for (size_t i = 0; i < count; i++)
            if (!pending[i].done && !waits_for(&pending[i], pending, count)) {
                TRY(score_keep(&subject, pending[i].id, pending[i].definition, &result));
                pending[i].done = moved = true;
                done++;
            }
    }
    return done == count ? NULL : error_internal("scores rest on each other");
}

/* --- what rules ask --------------------------------------------------------------------------------------------------------------------- */

static struct error *
line_value(struct tx *tx, const struct household_score_row *row, const char *line, struct decimal *ret_value, bool *ret_found)
{
    struct json *detail = NULL;
    TRY(score_open_detail(tx, row, &detail));
    *ret_found = decimal_parse(json_get_text(json_get(detail, "lines"), line), ret_value);
    return NULL;
}

static struct error *
form_value(struct tx *tx, struct id household_id, const char *name, struct decimal *ret_value, bool *ret_found)
{
    int64_t value = 0;
    TRY(assessment_score(tx, household_id, name, &value, ret_found));
    if (*ret_found)
        *ret_value = decimal_of_int(value);
    return NULL;
}

struct error *
score_value(struct tx *tx, struct id household_id, const char *name, struct decimal *ret_value, bool *ret_found)
{
    const char *colon = strchr(name, ':');
    const char *own = colon ? arena_copy(tx->arena, name, (size_t)(colon - name)) : name;
    struct id definition_id;
    struct household_score_row row;
    bool found = false;
    *ret_found = false;
    TRY(score_definition_store_active(tx, own, &definition_id, &found));
    if (!found)
        return form_value(tx, household_id, name, ret_value, ret_found);
    TRY(household_score_store_latest(tx, household_id, definition_id, &row, &found));
    if (!found || row.value == NULL)
        return NULL;
    if (colon)
        return line_value(tx, &row, colon + 1, ret_value, ret_found);
    *ret_found = decimal_parse(row.value, ret_value);
    return NULL;
}
