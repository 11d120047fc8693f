/* program_functions.c: received, amount, tariff, beside what all expressions share. An answer that is not there is missing, never zero. */
#include "program/program_functions.h"

#include <string.h>

#include "lumbung/base/money.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "program/program_store.h"
#include "program/program_vocabulary.h"

static struct rule_value
function_received(void *opaque, struct arena *arena, const struct rule_value *arguments, size_t count)
{
    struct vocabulary_context *context = opaque;
    int32_t since = 0;
    if (count > 1 && !date_parse(score_vocabulary_text(arena, &arguments[1]), &since))
        return rule_value_make_wrong(arena, "nilai kedua received() harus tanggal TTTT-BB-HH", "received() wants a date YYYY-MM-DD as its second value", NULL, NULL);
    bool received = false;
    if (!id_is_zero(context->shared.household_id)) {
        struct error *error =
            program_store_received(context->shared.tx, context->shared.household_id, score_vocabulary_text(arena, &arguments[0]), (int64_t)since * DAY_MS, &received);
        if (error)
            return score_vocabulary_fault(&context->shared, arena, error);
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
            return rule_value_make_wrong(arena, "jumlahnya terlalu besar", "the amount is too large", NULL, NULL);
    return rule_value_make_int(minor);
}

static struct rule_value
function_tariff(void *opaque, struct arena *arena, const struct rule_value *arguments, size_t count)
{
    (void)count;
    struct vocabulary_context *context = opaque;
    const char *name = score_vocabulary_text(arena, &arguments[0]), *code = score_vocabulary_text(arena, &arguments[1]);
    int64_t minor = 0;
    bool found = false;
    struct error *error = program_store_tariff(context->shared.tx, name, code, &minor, &found);
    if (error)
        return score_vocabulary_fault(&context->shared, arena, error);
    return found ? rule_value_make_int(minor) : score_vocabulary_missing(arena, "tariff", name);
}

const struct rule_host_function vocabulary_functions[VOCABULARY_FUNCTION_COUNT] = {
    SCORE_FUNCTIONS,
    {"received", function_received, 1, 2, {RULE_TEXT, RULE_TEXT}, RULE_BOOL, NULL, "pernah menerima {0}", "received {0}"},
    {"amount", function_amount, 1, 1, {RULE_INT}, RULE_INT, NULL, "Rp{0}", "Rp{0}"},
    {"tariff", function_tariff, 2, 2, {RULE_TEXT, RULE_TEXT}, RULE_INT, NULL, "tarif {0}", "tariff {0}"},
};
