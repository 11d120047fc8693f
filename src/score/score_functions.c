/* score_functions.c: age, in_region, score, score_between, external, flag. An answer that is not there is missing, never zero. */
#include <string.h>

#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/fact.h"
#include "lumbung/region.h"
#include "score/score_flag.h"
#include "score/score_vocabulary.h"

const char *
score_vocabulary_text(struct arena *arena, const struct rule_value *argument)
{
    return arena_copy(arena, argument->as.text.data, argument->as.text.length);
}

struct rule_value
score_vocabulary_missing(struct arena *arena, const char *what, const char *name)
{
    static const struct { const char *what, *id, *en; } kinds[] = {
        {"score", "skor '{0}' rumah tangga ini belum ada", "no score '{0}' for this household"},
        {"external", "data luar '{0}' rumah tangga ini belum ada", "no external '{0}' for this household"},
        {"flag", "tanda '{0}' rumah tangga ini belum dapat dipastikan", "no flag '{0}' for this household"},
        {"tariff", "tarif '{0}' untuk wilayah ini belum ada", "no tariff '{0}' for this region"},
    };
    size_t at = 0;
    while (!text_equal(kinds[at].what, what))
        at++;
    return rule_value_make_wrong(arena, kinds[at].id, kinds[at].en, name, arena_format(arena, "/%s/%s", what, name));
}

struct rule_value
score_vocabulary_fault(struct score_context *context, struct arena *arena, struct error *error)
{
    if (context->error == NULL)
        context->error = error;
    else
        error_free(error);
    return rule_value_make_wrong(arena, "data registri tidak dapat dibaca", "the registry could not be read", NULL, NULL);
}

struct rule_value
score_function_age(void *opaque, struct arena *arena, const struct rule_value *arguments, size_t count)
{
    (void)count;
    const struct score_context *context = opaque;
    int32_t birth = 0;
    if (!date_parse(score_vocabulary_text(arena, &arguments[0]), &birth))
        return rule_value_make_wrong(arena, "age() memerlukan tanggal TTTT-BB-HH", "age() wants a date YYYY-MM-DD", NULL, NULL);
    return rule_value_make_int(date_years_between(birth, context->on));
}

struct rule_value
score_function_in_region(void *opaque, struct arena *arena, const struct rule_value *arguments, size_t count)
{
    (void)count;
    struct score_context *context = opaque;
    const char *code = score_vocabulary_text(arena, &arguments[0]);
    if (context->region_code == NULL)
        return rule_value_make_wrong(arena, "wilayah rumah tangga ini belum tercatat", "the household has no region", NULL, "/region");
    struct region ancestor, here;
    bool found_ancestor = false, found_here = false, contains = false;
    struct error *error = region_find_code(context->tx, code, &ancestor, &found_ancestor);
    if (error == NULL)
        error = region_find_code(context->tx, context->region_code, &here, &found_here);
    if (error == NULL && found_ancestor && found_here)
        error = region_contains(context->tx, ancestor.id, here.id, &contains);
    if (error)
        return score_vocabulary_fault(context, arena, error);
    if (!found_ancestor)
        return rule_value_make_wrong(arena, "wilayah {0} tidak ada", "there is no region {0}", code, NULL);
    return rule_value_make_bool(contains);
}

static struct error *
load_score(struct score_context *context, const char *name, struct decimal *ret_value, bool *ret_found)
{
    *ret_found = false;
    return id_is_zero(context->household_id) ? NULL : score_value(context->tx, context->household_id, name, ret_value, ret_found);
}

/* A whole number. One with decimals is compared by score_between, since a rounded one would move the threshold. */
struct rule_value
score_function_score(void *opaque, struct arena *arena, const struct rule_value *arguments, size_t count)
{
    (void)count;
    struct score_context *context = opaque;
    const char *name = score_vocabulary_text(arena, &arguments[0]);
    struct decimal value;
    bool found = false;
    struct error *error = load_score(context, name, &value, &found);
    if (error)
        return score_vocabulary_fault(context, arena, error);
    if (!found)
        return score_vocabulary_missing(arena, "score", name);
    if (value.scale > 0)
        return rule_value_make_wrong(arena, "skor '{0}' berdesimal: gunakan score_between('{0}', '0', '40')", "score '{0}' has decimals: ask score_between('{0}', '0', '40')", name,
                                      NULL);
    return rule_value_make_int(value.coefficient);
}

/* Both ends included, exactly. */
struct rule_value
score_function_score_between(void *opaque, struct arena *arena, const struct rule_value *arguments, size_t count)
{
    (void)count;
    struct score_context *context = opaque;
    const char *name = score_vocabulary_text(arena, &arguments[0]);
    struct decimal value, least, most;
    bool found = false;
    if (!decimal_parse(score_vocabulary_text(arena, &arguments[1]), &least) || !decimal_parse(score_vocabulary_text(arena, &arguments[2]), &most))
        return rule_value_make_wrong(arena, "score_between() memerlukan dua angka dalam tanda kutip, misalnya '0' dan '40.5'",
                                      "score_between() wants two numbers in quotes, such as '0' and '40.5'", NULL, NULL);
    struct error *error = load_score(context, name, &value, &found);
    if (error)
        return score_vocabulary_fault(context, arena, error);
    if (!found)
        return score_vocabulary_missing(arena, "score", name);
    return rule_value_make_bool(decimal_compare(least, value) <= 0 && decimal_compare(value, most) <= 0);
}

/* An unsaved household brings its own. What is not there is missing: another registry's gap excludes nobody by itself. */
static struct error *
load_external(struct score_context *context, const char *key, struct json **ret_value, enum fact_found *ret_found)
{
    *ret_value = json_get(json_get(json_get(context->facts, "household"), "external"), key);
    *ret_found = *ret_value ? FACT_FOUND : FACT_NONE;
    if (*ret_value || id_is_zero(context->household_id))
        return NULL;
    return fact_newest(context->tx, context->household_id, context->member_id, context->family_no, key, ret_value, ret_found);
}

struct rule_value
score_function_external(void *opaque, struct arena *arena, const struct rule_value *arguments, size_t count)
{
    (void)count;
    struct score_context *context = opaque;
    const char *key = score_vocabulary_text(arena, &arguments[0]);
    struct json *value = NULL;
    enum fact_found found = FACT_NONE;
    struct error *error = load_external(context, key, &value, &found);
    if (error)
        return score_vocabulary_fault(context, arena, error);
    if (found == FACT_DIFFERS)
        return rule_value_make_wrong(arena, "'{0}' berbeda-beda di dalam rumah tangga", "'{0}' differs within the household", key,
                                     arena_format(arena, "/external/%s", key));
    return found == FACT_FOUND ? rule_value_of_json(arena, value) : score_vocabulary_missing(arena, "external", key);
}

struct rule_value
score_function_flag(void *opaque, struct arena *arena, const struct rule_value *arguments, size_t count)
{
    (void)count;
    struct score_context *context = opaque;
    const char *name = score_vocabulary_text(arena, &arguments[0]);
    struct rule_value value;
    bool known = false;
    struct error *error = score_flag_ask(context, name, &value, &known);
    if (error)
        return score_vocabulary_fault(context, arena, error);
    return known ? value : rule_value_make_wrong(arena, "tanda '{0}' tidak ada", "there is no flag '{0}'", name, NULL);
}
