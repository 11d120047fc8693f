/* program_functions.c: age, in_region, score, external, flag, received, amount, tariff. An answer that is not there is missing, never zero. */
#include "program/program_functions.h"

#include <string.h>

#include "lumbung/assessment.h"
#include "lumbung/base/money.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/region.h"
#include "program/program_store.h"
#include "program/program_vocabulary.h"

static const char *
argument_text(struct arena *arena, const struct rule_value *value)
{
    return arena_copy(arena, value->as.text.data, value->as.text.length);
}

/* What a function lacks, its name in both languages; the pointer of the absent input, if that is what is wrong. */
static struct rule_value
wrong(struct arena *arena, const char *id, const char *en, const char *word, const char *missing)
{
    struct rule_wrong *said = ARENA_NEW(arena, struct rule_wrong);
    *said = (struct rule_wrong){.text = {[LANGUAGE_ID] = id, [LANGUAGE_EN] = en}, .word = word};
    return rule_value_make_error(said, missing);
}

static struct rule_value
missing(struct arena *arena, const char *what, const char *name)
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
    return wrong(arena, kinds[at].id, kinds[at].en, name, arena_format(arena, "/%s/%s", what, name));
}

/* A database fault inside a function: the rule fails closed, the fault itself is passed on by the evaluation. */
static struct rule_value
faulted(struct vocabulary_context *context, struct arena *arena, struct error *error)
{
    if (context->error == NULL)
        context->error = error;
    else
        error_free(error);
    return wrong(arena, "data registri tidak dapat dibaca", "the registry could not be read", NULL, NULL);
}

static struct rule_value
function_age(void *opaque, struct arena *arena, const struct rule_value *arguments, size_t count)
{
    (void)count;
    const struct vocabulary_context *context = opaque;
    int32_t birth = 0;
    if (!date_parse(argument_text(arena, &arguments[0]), &birth))
        return wrong(arena, "age() memerlukan tanggal TTTT-BB-HH", "age() wants a date YYYY-MM-DD", NULL, NULL);
    return rule_value_make_int(date_years_between(birth, context->on));
}

static struct rule_value
function_in_region(void *opaque, struct arena *arena, const struct rule_value *arguments, size_t count)
{
    (void)count;
    struct vocabulary_context *context = opaque;
    const char *code = argument_text(arena, &arguments[0]);
    if (context->region_code == NULL)
        return wrong(arena, "wilayah rumah tangga ini belum tercatat", "the household has no region", NULL, "/region");
    struct region ancestor, here;
    bool found_ancestor = false, found_here = false, contains = false;
    struct error *error = region_find_code(context->tx, code, &ancestor, &found_ancestor);
    if (error == NULL)
        error = region_find_code(context->tx, context->region_code, &here, &found_here);
    if (error == NULL && found_ancestor && found_here)
        error = region_contains(context->tx, ancestor.id, here.id, &contains);
    if (error)
        return faulted(context, arena, error);
    if (!found_ancestor)
        return wrong(arena, "wilayah {0} tidak ada", "there is no region {0}", code, NULL);
    return rule_value_make_bool(contains);
}

static struct rule_value
function_score(void *opaque, struct arena *arena, const struct rule_value *arguments, size_t count)
{
    (void)count;
    struct vocabulary_context *context = opaque;
    const char *name = argument_text(arena, &arguments[0]);
    int64_t value = 0;
    bool found = false;
    if (!id_is_zero(context->household_id)) {
        struct error *error = assessment_score(context->tx, context->household_id, name, &value, &found);
        if (error)
            return faulted(context, arena, error);
    }
    return found ? rule_value_make_int(value) : missing(arena, "score", name);
}

/* Facts of other registries come by file in later work: until one is there, the answer is missing. */
static struct rule_value
function_external(void *opaque, struct arena *arena, const struct rule_value *arguments, size_t count)
{
    (void)count;
    const struct vocabulary_context *context = opaque;
    const char *name = argument_text(arena, &arguments[0]);
    const struct json *external = json_get(json_get(context->facts, "household"), "external");
    const struct json *value = json_get(external, name);
    return value ? rule_value_of_json(arena, value) : missing(arena, "external", name);
}

static struct rule_value
function_flag(void *opaque, struct arena *arena, const struct rule_value *arguments, size_t count)
{
    (void)count;
    const struct vocabulary_context *context = opaque;
    const char *name = argument_text(arena, &arguments[0]);
    struct assessment_flag flags[ASSESSMENT_FLAGS];
    assessment_flags(context->facts, context->on, flags);
    for (size_t i = 0; i < ASSESSMENT_FLAGS; i++)
        if (text_equal(flags[i].name, name))
            return flags[i].truth < 0 ? missing(arena, "flag", name) : rule_value_make_bool(flags[i].truth == 1);
    return wrong(arena, "tanda '{0}' tidak ada", "there is no flag '{0}'", name, NULL);
}

static struct rule_value
function_received(void *opaque, struct arena *arena, const struct rule_value *arguments, size_t count)
{
    struct vocabulary_context *context = opaque;
    int32_t since = 0;
    if (count > 1 && !date_parse(argument_text(arena, &arguments[1]), &since))
        return wrong(arena, "nilai kedua received() harus tanggal TTTT-BB-HH", "received() wants a date YYYY-MM-DD as its second value", NULL, NULL);
    bool received = false;
    if (!id_is_zero(context->household_id)) {
        struct error *error =
            program_store_received(context->tx, context->household_id, argument_text(arena, &arguments[0]), (int64_t)since * DAY_MS, &received);
        if (error)
            return faulted(context, arena, error);
    }
    return rule_value_make_bool(received);
}

static struct rule_value
function_amount(void *opaque, struct arena *arena, const struct rule_value *arguments, size_t count)
{
    (void)count;
    const struct vocabulary_context *context = opaque;
    const struct currency *currency = currency_find(context->program->currency);
    int64_t minor = arguments[0].as.integer;
    for (int i = 0; currency && i < currency->exponent; i++)
        if (!money_multiply(minor, 10, &minor))
            return wrong(arena, "jumlahnya terlalu besar", "the amount is too large", NULL, NULL);
    return rule_value_make_int(minor);
}

static struct rule_value
function_tariff(void *opaque, struct arena *arena, const struct rule_value *arguments, size_t count)
{
    (void)count;
    struct vocabulary_context *context = opaque;
    const char *name = argument_text(arena, &arguments[0]), *code = argument_text(arena, &arguments[1]);
    int64_t minor = 0;
    bool found = false;
    struct error *error = program_store_tariff(context->tx, name, code, &minor, &found);
    if (error)
        return faulted(context, arena, error);
    return found ? rule_value_make_int(minor) : missing(arena, "tariff", name);
}

const struct rule_host_function vocabulary_functions[VOCABULARY_FUNCTION_COUNT] = {
    {"age", function_age, 1, 1, {RULE_TEXT}, RULE_INT, NULL, "umur", "age"},
    {"in_region", function_in_region, 1, 1, {RULE_TEXT}, RULE_BOOL, NULL, "tinggal di wilayah {0}", "lives in region {0}"},
    {"score", function_score, 1, 1, {RULE_TEXT}, RULE_INT, NULL, "skor {0}", "score {0}"},
    {"external", function_external, 1, 1, {RULE_TEXT}, RULE_DYN, NULL, "{0} menurut data luar", "{0} of another registry"},
    {"flag", function_flag, 1, 1, {RULE_TEXT}, RULE_BOOL, NULL, "tanda {0}", "flag {0}"},
    {"received", function_received, 1, 2, {RULE_TEXT, RULE_TEXT}, RULE_BOOL, NULL, "pernah menerima {0}", "received {0}"},
    {"amount", function_amount, 1, 1, {RULE_INT}, RULE_INT, NULL, "Rp{0}", "Rp{0}"},
    {"tariff", function_tariff, 2, 2, {RULE_TEXT, RULE_TEXT}, RULE_INT, NULL, "tarif {0}", "tariff {0}"},
};
