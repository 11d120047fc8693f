/* score_flag_ask.c: the truth of a flag for one household: ours from the facts, the agency's by its expression. */
#include "score/score_flag.h"

#include <string.h>

#include "lumbung/base/text.h"
#include "score/score_vocabulary.h"

struct error *
score_flag_load(struct tx *tx, struct score_flags **ret_flags)
{
    struct score_flag_row *rows = NULL;
    struct score_flags *flags = ARENA_NEW(tx->arena, struct score_flags);
    TRY(score_flag_store_current(tx, &rows, &flags->count));
    flags->rules = ARENA_ARRAY(tx->arena, struct score_flag_rule, flags->count);
    for (size_t i = 0; i < flags->count; i++) {
        struct json *json = NULL;
        TRY(json_parse(tx->arena, rows[i].definition, strlen(rows[i].definition), &json));
        flags->rules[i] = (struct score_flag_rule){.name = rows[i].name, .json = json, .retired = text_equal(rows[i].state, "retired")};
        TRY(rule_compile(tx->arena, json_get_text(json, "expression"), "/expression", &score_vocabulary, RULE_BOOL, false, &flags->rules[i].rule));
    }
    *ret_flags = flags;
    return NULL;
}

static struct rule_value
ask_own(struct score_context *context, const char *name)
{
    struct score_flag flags[SCORE_FLAGS_OWN];
    score_flag_own(context->facts, context->on, flags);
    for (size_t i = 0; i < SCORE_FLAGS_OWN; i++)
        if (text_equal(flags[i].name, name) && flags[i].truth >= 0)
            return rule_value_make_bool(flags[i].truth == 1);
    return score_vocabulary_missing(context->tx->arena, "flag", name);
}

/* What its expression lacks is missing under the flag's name: that is what the rule asked for. */
static struct rule_value
ask_rule(struct score_context *context, const struct score_flag_rule *flag)
{
    struct arena *arena = context->tx->arena;
    struct json *missing = json_make(arena, JSON_ARRAY);
    struct rule_inputs inputs = {context->facts, context};
    if (score_vocabulary_counts_unnamed(arena, context->facts, flag->rule))
        return score_vocabulary_missing(arena, "flag", flag->name);
    if (context->depth >= SCORE_FLAG_DEPTH)
        return rule_value_make_wrong(arena, "tanda '{0}' bertumpu pada terlalu banyak tanda", "flag '{0}' rests on too many flags", flag->name, NULL);
    context->depth++;
    struct rule_value value = rule_evaluate(flag->rule, arena, &inputs, missing);
    context->depth--;
    if (value.kind == RULE_VALUE_BOOL)
        return value;
    return missing->count > 0 ? score_vocabulary_missing(arena, "flag", flag->name)
                              : rule_value_make_wrong(arena, "tanda '{0}' tidak dapat dihitung", "flag '{0}' cannot be evaluated", flag->name, NULL);
}

struct error *
score_flag_ask(struct score_context *context, const char *name, struct rule_value *ret_value, bool *ret_known)
{
    *ret_known = score_flag_is_own(name);
    if (*ret_known) {
        *ret_value = ask_own(context, name);
        return NULL;
    }
    if (context->flags == NULL)
        TRY(score_flag_load(context->tx, &context->flags));
    for (size_t i = 0; i < context->flags->count && !*ret_known; i++)
        if (text_equal(context->flags->rules[i].name, name)) {
            *ret_value = ask_rule(context, &context->flags->rules[i]);
            *ret_known = true;
        }
    return NULL;
}

struct error *
score_flag_exists(struct tx *tx, const char *name, bool *ret_exists)
{
    struct score_flag_row *rows = NULL;
    size_t count = 0;
    *ret_exists = score_flag_is_own(name);
    if (*ret_exists)
        return NULL;
    TRY(score_flag_store_current(tx, &rows, &count));
    for (size_t i = 0; i < count; i++)
        *ret_exists = *ret_exists || text_equal(rows[i].name, name);
    return NULL;
}

/* --- all flags of a household, with births at both ends ---------------------------------------------------------------------------------- */

static int
truth_of(struct rule_value value)
{
    return value.kind == RULE_VALUE_BOOL ? value.as.boolean : -1;
}

static struct error *
take_fault(struct score_context *context)
{
    struct error *error = context->error;
    context->error = NULL;
    return error;
}

static struct error *
list_once(struct score_context *context, struct score_flag *flags, size_t *ret_count)
{
    size_t count = SCORE_FLAGS_OWN;
    score_flag_own(context->facts, context->on, flags);
    for (size_t i = 0; i < context->flags->count; i++) {
        const struct score_flag_rule *rule = &context->flags->rules[i];
        if (!rule->retired)
            flags[count++] = (struct score_flag){rule->name, truth_of(ask_rule(context, rule)), json_get(rule->json, "label")};
    }
    *ret_count = count;
    return take_fault(context);
}

struct error *
score_flag_list(struct score_context *context, struct score_flag **ret_flags, size_t *ret_count)
{
    struct arena *arena = context->tx->arena;
    if (context->flags == NULL)
        TRY(score_flag_load(context->tx, &context->flags));
    struct score_flag *flags = ARENA_ARRAY(arena, struct score_flag, SCORE_FLAGS_OWN + context->flags->count);
    struct score_flag *other = ARENA_ARRAY(arena, struct score_flag, SCORE_FLAGS_OWN + context->flags->count);
    const struct json *likely = context->facts;
    TRY(list_once(context, flags, ret_count));
    for (int latest = 0; latest <= 1; latest++) {
        const struct json *facts = score_facts_at(arena, likely, latest == 1);
        if (facts == NULL)
            break;
        context->facts = facts;
        struct error *error = list_once(context, other, ret_count);
        context->facts = likely;
        TRY(error);
        for (size_t i = 0; i < *ret_count; i++)
            if (other[i].truth != flags[i].truth)
                flags[i].truth = -1;
    }
    *ret_flags = flags;
    return NULL;
}

static struct error *
ask_at(struct score_context *context, const struct json *facts, const char *name, int *ret_truth, bool *ret_known)
{
    struct rule_value value;
    context->facts = facts;
    TRY(score_flag_ask(context, name, &value, ret_known));
    *ret_truth = *ret_known ? truth_of(value) : -1;
    return take_fault(context);
}

struct error *
score_flag_filter(struct tx *tx, struct id household_id, const char *name, bool *ret_bears, bool *ret_known)
{
    struct score_context context;
    int64_t version = 0;
    int truth = -1, end = -1;
    *ret_bears = false;
    TRY(score_context_load(tx, household_id, &context, &version));
    const struct json *likely = context.facts;
    TRY(ask_at(&context, likely, name, &truth, ret_known));
    for (int latest = 0; latest <= 1 && truth == 1; latest++) {
        const struct json *facts = score_facts_at(tx->arena, likely, latest == 1);
        if (facts == NULL)
            break;
        TRY(ask_at(&context, facts, name, &end, ret_known));
        truth = end == truth ? truth : -1;
    }
    *ret_bears = truth == 1;
    return NULL;
}
