/* program_evaluate.c: the answer for one unit on one day: each clause with its truth, what is missing, the parts of the entitlement. It fails closed:
 * what cannot be evaluated is never "eligible". */
#include <string.h>

#include "lumbung/assessment.h"
#include "lumbung/base/money.h"
#include "lumbung/base/text.h"
#include "lumbung/household.h"
#include "program/program_store.h"
#include "program/program_vocabulary.h"

/* Which end of an uncertain birth date is taken. */
enum birth_end { BIRTH_LIKELY, BIRTH_EARLIEST, BIRTH_LATEST };

struct evaluation {
    struct tx *tx;
    const struct program *program;
    struct program_unit unit;
    struct vocabulary_context context;
    struct rule_inputs inputs;
};

/* --- the facts of a unit ------------------------------------------------------------------------------------------------------------- */

static struct json *
member_at(struct arena *arena, struct json *member, enum birth_end end)
{
    const char *date = json_get_text(member, end == BIRTH_EARLIEST ? "birth_earliest" : "birth_latest");
    if (end == BIRTH_LIKELY || date == NULL)
        return member;
    struct json *copy = json_make(arena, JSON_OBJECT);
    for (size_t i = 0; i < member->count; i++)
        json_set(arena, copy, member->members[i].name, member->members[i].value);
    json_set(arena, copy, "birth_date", json_make_text(arena, date));
    return copy;
}

static struct json *
members_where(struct arena *arena, const struct json *members, int64_t family_no)
{
    struct json *list = json_make(arena, JSON_ARRAY);
    for (size_t i = 0; members && i < members->count; i++)
        if (json_get_int(members->items[i], "family_no", 1) == family_no)
            json_push(arena, list, members->items[i]);
    return list;
}

static struct json *
family_of(struct arena *arena, const struct json *household, int64_t family_no)
{
    struct json *family = json_make(arena, JSON_OBJECT);
    const struct json *families = json_get(household, "families");
    for (size_t i = 0; families && i < families->count; i++)
        if (json_get_int(families->items[i], "no", 1) == family_no)
            for (size_t j = 0; j < families->items[i]->count; j++)
                json_set(arena, family, families->items[i]->members[j].name, families->items[i]->members[j].value);
    json_set(arena, family, "no", json_make_int(arena, family_no));
    json_set(arena, family, "members", members_where(arena, json_get(household, "members"), family_no));
    return family;
}

static struct json *
member_of(const struct json *household, struct id member_id)
{
    char text[ID_TEXT_SIZE];
    id_print(member_id, text);
    const struct json *members = json_get(household, "members");
    for (size_t i = 0; members && i < members->count; i++)
        if (text_equal(json_get_text(members->items[i], "id"), text))
            return members->items[i];
    return NULL;
}

/* household with its members at one end of their birth dates, region, and the unit's own family and member. NULL when the unit is not there. */
static struct json *
unit_bindings(struct arena *arena, const struct json *facts, const struct program *program, struct program_unit unit, enum birth_end end)
{
    const struct json *from = json_get(facts, "household"), *members = json_get(from, "members");
    struct json *household = json_make(arena, JSON_OBJECT), *list = json_make(arena, JSON_ARRAY), *bindings = json_make(arena, JSON_OBJECT);
    for (size_t i = 0; from && i < from->count; i++)
        json_set(arena, household, from->members[i].name, from->members[i].value);
    for (size_t i = 0; members && i < members->count; i++)
        json_push(arena, list, member_at(arena, members->items[i], end));
    if (members)
        json_set(arena, household, "members", list);
    json_set(arena, bindings, "household", household);
    if (json_get(household, "region"))
        json_set(arena, bindings, "region", json_get(household, "region"));
    struct json *member = id_is_zero(unit.member_id) ? NULL : member_of(household, unit.member_id);
    int64_t family_no = unit.family_no ? unit.family_no : json_get_int(member, "family_no", 1);
    if (!text_equal(program->unit, "household"))
        json_set(arena, bindings, "family", family_of(arena, household, family_no));
    if (text_equal(program->unit, "member")) {
        if (member == NULL)
            return NULL;
        json_set(arena, bindings, "member", member);
    }
    return bindings;
}

static bool
has_uncertain_births(const struct json *facts)
{
    const struct json *members = json_get(json_get(facts, "household"), "members");
    for (size_t i = 0; members && i < members->count; i++)
        if (json_get_text(members->items[i], "birth_earliest"))
            return true;
    return false;
}

/* --- the rule ------------------------------------------------------------------------------------------------------------------------- */

static const char *
outcome_of(struct rule_value value)
{
    if (value.kind == RULE_VALUE_BOOL)
        return value.as.boolean ? "eligible" : "not_eligible";
    return "undetermined";
}

/* Flags look at the same birth dates as the rule that asks for them. */
static struct rule_inputs
inputs_at(struct evaluation *evaluation, const struct json *facts, enum birth_end end)
{
    struct json *bindings = unit_bindings(evaluation->tx->arena, facts, evaluation->program, evaluation->unit, end);
    evaluation->context.shared.facts = bindings;
    return (struct rule_inputs){bindings, &evaluation->context};
}

/* The same rule with every uncertain birth date at its earliest, then at its latest: another answer means that a person must decide. */
static struct error *
check_births(struct evaluation *evaluation, const struct json *facts, struct program_answer *answer)
{
    struct arena *arena = evaluation->tx->arena;
    if (!has_uncertain_births(facts))
        return NULL;
    for (enum birth_end end = BIRTH_EARLIEST; end <= BIRTH_LATEST; end++) {
        struct rule_inputs inputs = inputs_at(evaluation, facts, end);
        const char *outcome = outcome_of(rule_evaluate(evaluation->program->compiled_rule, arena, &inputs, NULL));
        if (!text_equal(outcome, answer->outcome)) {
            answer->outcome = "undetermined";
            json_push(arena, answer->missing, json_make_text(arena, "/members/birth_date"));
            return NULL;
        }
    }
    return NULL;
}

/* --- the entitlement ------------------------------------------------------------------------------------------------------------------ */

static bool
part_text(struct arena *arena, const struct rule_value *map, const char *key, const char **ret_text)
{
    struct rule_value value;
    if (!rule_value_get(arena, map, key, &value) || value.kind != RULE_VALUE_TEXT)
        return false;
    *ret_text = arena_copy(arena, value.as.text.data, value.as.text.length);
    return true;
}

static bool
part_int(struct arena *arena, const struct rule_value *map, const char *key, int64_t *ret_value)
{
    struct rule_value value;
    if (!rule_value_get(arena, map, key, &value) || value.kind != RULE_VALUE_INT)
        return false;
    *ret_value = value.as.integer;
    return true;
}

/* What is wrong with an entitlement: program_faults.def. */
enum entitlement_fault {
#define ENTITLEMENT_FAULT(name, id, en) ENTITLEMENT_##name,
#include "program/program_faults.def"
#undef ENTITLEMENT_FAULT
};
static const struct rule_wrong entitlement_faults[] = {
#define ENTITLEMENT_FAULT(name, id, en) [ENTITLEMENT_##name] = {.text = {[LANGUAGE_ID] = id, [LANGUAGE_EN] = en}},
#include "program/program_faults.def"
#undef ENTITLEMENT_FAULT
};

/* NULL, or what is wrong with a part. */
static const struct rule_wrong *
part_fault(const struct program_part *part, bool has_amount, bool has_quantity, const struct currency *currency)
{
    static const char *const kinds[] = {"cash", "goods", "service", "voucher"};
    bool known = false;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        known = known || text_equal(kinds[i], part->kind);
    if (part->code == NULL || part->code[0] == '\0' || strlen(part->code) > 60 || strpbrk(part->code, "|\n"))
        return &entitlement_faults[ENTITLEMENT_PART_CODE];
    if (!known)
        return &entitlement_faults[ENTITLEMENT_PART_KIND];
    if (text_equal(part->kind, "cash") && !has_amount)
        return &entitlement_faults[ENTITLEMENT_PART_AMOUNT];
    if (text_equal(part->kind, "goods") && (part->item == NULL || !has_quantity))
        return &entitlement_faults[ENTITLEMENT_PART_GOODS];
    if (part->item && strpbrk(part->item, "|\n"))
        return &entitlement_faults[ENTITLEMENT_PART_ITEM];
    if (part->amount_minor < 0 || part->amount_minor > MONEY_AMOUNT_MAX || (has_quantity && part->quantity < 0))
        return &entitlement_faults[ENTITLEMENT_PART_RANGE];
    return currency && part->amount_minor % currency->step != 0 ? &entitlement_faults[ENTITLEMENT_PART_STEP] : NULL;
}

static const struct rule_wrong *
read_part(struct arena *arena, const struct rule_value *value, const struct currency *currency, struct program_part *part)
{
    *part = (struct program_part){0};
    const char *member = NULL;
    part_text(arena, value, "code", &part->code);
    part_text(arena, value, "kind", &part->kind);
    part_text(arena, value, "item", &part->item);
    bool has_amount = part_int(arena, value, "amount_minor", &part->amount_minor);
    bool has_quantity = part_int(arena, value, "quantity", &part->quantity);
    if (part_text(arena, value, "member_id", &member) && !id_parse(member, &part->member_id))
        return &entitlement_faults[ENTITLEMENT_PART_MEMBER];
    return part_fault(part, has_amount, has_quantity, currency);
}

static bool
part_is_empty(const struct program_part *part)
{
    return part->amount_minor == 0 && part->quantity == 0;
}

/* The parts of a list, empty ones left out; the code and member of a part are unique in a line. */
static const struct rule_wrong *
read_parts(struct arena *arena, const struct rule_value *list, const struct currency *currency, struct program_answer *answer)
{
    answer->parts = ARENA_ARRAY(arena, struct program_part, list->as.list.count);
    for (size_t i = 0; i < list->as.list.count; i++) {
        struct program_part part;
        const struct rule_wrong *fault = read_part(arena, &list->as.list.items[i], currency, &part);
        for (size_t j = 0; fault == NULL && j < answer->part_count; j++)
            if (text_equal(answer->parts[j].code, part.code) && id_equal(answer->parts[j].member_id, part.member_id))
                fault = &entitlement_faults[ENTITLEMENT_PART_TWICE];
        if (fault)
            return fault;
        if (!part_is_empty(&part))
            answer->parts[answer->part_count++] = part;
    }
    return NULL;
}

static const struct rule_wrong *
read_entitlement(struct arena *arena, const struct rule_value *value, const struct currency *currency, struct program_answer *answer)
{
    if (value->kind == RULE_VALUE_INT) {
        struct program_part *part = ARENA_NEW(arena, struct program_part);
        *part = (struct program_part){.code = "cash", .kind = "cash", .amount_minor = value->as.integer};
        answer->parts = part;
        answer->part_count = value->as.integer != 0;
        return part_fault(part, true, false, currency);
    }
    if (value->kind != RULE_VALUE_LIST)
        return value->kind == RULE_VALUE_ERROR ? value->as.error.wrong : &entitlement_faults[ENTITLEMENT_SHAPE];
    return read_parts(arena, value, currency, answer);
}

static const struct rule_wrong *
sum_parts(struct program_answer *answer)
{
    for (size_t i = 0; i < answer->part_count; i++)
        if (!money_add(answer->entitlement_minor, answer->parts[i].amount_minor, &answer->entitlement_minor) ||
            answer->entitlement_minor > MONEY_AMOUNT_MAX)
            return &entitlement_faults[ENTITLEMENT_SUM];
    return NULL;
}

/* An entitlement that cannot be computed makes the unit undetermined: nobody is paid a guess. */
static void
evaluate_entitlement(struct evaluation *evaluation, struct program_answer *answer)
{
    struct arena *arena = evaluation->tx->arena;
    struct rule_value value = rule_evaluate(evaluation->program->compiled_entitlement, arena, &evaluation->inputs, answer->missing);
    const struct rule_wrong *fault = read_entitlement(arena, &value, currency_find(evaluation->program->currency), answer);
    if (fault == NULL)
        fault = sum_parts(answer);
    if (fault == NULL)
        return;
    answer->entitlement_error = fault;
    answer->part_count = 0;
    answer->entitlement_minor = 0;
    answer->outcome = "undetermined";
}

/* Amounts hang on ages too (child, pupil, elderly): when an uncertain birth date could make the sum another one, a person decides. */
static void
check_entitlement_births(struct evaluation *evaluation, const struct json *facts, struct program_answer *answer)
{
    struct arena *arena = evaluation->tx->arena;
    const struct currency *currency = currency_find(evaluation->program->currency);
    for (enum birth_end end = BIRTH_EARLIEST; end <= BIRTH_LATEST && has_uncertain_births(facts); end++) {
        struct rule_inputs inputs = inputs_at(evaluation, facts, end);
        struct rule_value value = rule_evaluate(evaluation->program->compiled_entitlement, arena, &inputs, NULL);
        struct program_answer other = {0};
        bool same = read_entitlement(arena, &value, currency, &other) == NULL && sum_parts(&other) == NULL && other.part_count == answer->part_count &&
                    other.entitlement_minor == answer->entitlement_minor;
        if (same)
            continue;
        answer->entitlement_error = &entitlement_faults[ENTITLEMENT_BIRTH];
        answer->part_count = 0;
        answer->entitlement_minor = 0;
        answer->outcome = "undetermined";
        json_push(arena, answer->missing, json_make_text(arena, "/members/birth_date"));
        return;
    }
}

/* --- blocks --------------------------------------------------------------------------------------------------------------------------- */

static void
add_block(struct arena *arena, struct json *blocks, const char *code)
{
    struct json *block = json_make(arena, JSON_OBJECT);
    json_set(arena, block, "code", json_make_text(arena, code));
    json_push(arena, blocks, block);
}

static struct error *
find_blocks(struct evaluation *evaluation, struct program_answer *answer)
{
    struct tx *tx = evaluation->tx;
    struct id household_id = evaluation->unit.household_id;
    if (id_is_zero(household_id))
        return NULL;
    bool allowed = true, barred = false, enrolled = false;
    TRY(household_processing_allowed(tx, household_id, &allowed));
    TRY(household_payment_barred(tx, household_id, &barred));
    TRY(program_store_enrolled(tx, evaluation->program->id, evaluation->unit, &enrolled));
    if (!allowed)
        add_block(tx->arena, answer->blocks, "consent");
    if (barred)
        add_block(tx->arena, answer->blocks, "duplicate");
    if (enrolled)
        add_block(tx->arena, answer->blocks, "already_enrolled");
    return NULL;
}

/* A flag of the agency's own may read them too. */
static bool
reads_needs(const char *expression)
{
    return strstr(expression, ".needs") != NULL || strstr(expression, "flag(") != NULL;
}

/* The answers of the latest assessment, when the rule speaks of them: they are sealed, so they are opened for those rules alone. */
static struct error *
put_needs(struct tx *tx, const struct program *program, const struct json *facts, struct id household_id)
{
    struct json *household = json_get(facts, "household"), *answers = NULL;
    bool wanted = reads_needs(program->rule) || reads_needs(program->entitlement);
    if (!wanted || household == NULL || id_is_zero(household_id) || json_get(household, "needs"))
        return NULL;
    TRY(assessment_latest_answers(tx, household_id, &answers));
    if (answers)
        json_set(tx->arena, household, "needs", answers);
    return NULL;
}

struct error *
program_evaluate(struct tx *tx, const struct program *program, const struct json *facts, struct program_unit unit, int32_t on, bool with_blocks,
                 struct program_answer *ret_answer)
{
    struct evaluation evaluation = {.tx = tx, .program = program, .unit = unit,
                                    .context = {.program = program, .shared = {.tx = tx, .facts = facts, .household_id = unit.household_id, .on = on,
                                                .region_code = json_get_text(json_get(facts, "household"), "region")}}};
    *ret_answer = (struct program_answer){.outcome = "undetermined", .missing = json_make(tx->arena, JSON_ARRAY), .blocks = json_make(tx->arena, JSON_ARRAY),
                                          .rule_version = program->rule_version, .on = on};
    TRY(put_needs(tx, program, facts, unit.household_id));
    struct json *bindings = unit_bindings(tx->arena, facts, program, unit, BIRTH_LIKELY);
    if (bindings == NULL) {
        ret_answer->outcome = "not_eligible";
        add_block(tx->arena, ret_answer->blocks, "not_a_member");
        return NULL;
    }
    evaluation.context.shared.facts = bindings;
    evaluation.context.shared.member_id = unit.member_id;
    evaluation.context.shared.family_no = (int)json_get_int(json_get(bindings, "family"), "no", 0);
    evaluation.inputs = (struct rule_inputs){bindings, &evaluation.context};
    rule_explain(program->compiled_rule, tx->arena, &evaluation.inputs, &ret_answer->clauses, &ret_answer->clause_count);
    ret_answer->outcome = outcome_of(rule_evaluate(program->compiled_rule, tx->arena, &evaluation.inputs, ret_answer->missing));
    TRY(check_births(&evaluation, facts, ret_answer));
    evaluation.context.shared.facts = bindings;
    if (text_equal(ret_answer->outcome, "eligible"))
        evaluate_entitlement(&evaluation, ret_answer);
    if (text_equal(ret_answer->outcome, "eligible"))
        check_entitlement_births(&evaluation, facts, ret_answer);
    if (evaluation.context.shared.error)
        return evaluation.context.shared.error;
    return with_blocks ? find_blocks(&evaluation, ret_answer) : NULL;
}

/* --- printing ------------------------------------------------------------------------------------------------------------------------- */

static void
print_clauses(struct buffer *buffer, const struct program_answer *answer, enum language language)
{
    json_open(buffer, "clauses", '[');
    for (size_t i = 0; i < answer->clause_count; i++) {
        const struct rule_clause *clause = &answer->clauses[i];
        json_open(buffer, NULL, '{');
        json_put_text(buffer, "expr", clause->expression);
        json_put_text(buffer, "text", language == LANGUAGE_ID ? clause->text_id : clause->text_en);
        if (clause->truth < 0)
            json_put_null(buffer, "value");
        else
            json_put_bool(buffer, "value", clause->truth == 1);
        if (clause->missing)
            json_print(buffer, "missing", clause->missing);
        if (clause->wrong)
            json_put_text(buffer, "error", rule_wrong_text(buffer->arena, clause->wrong, language));
        json_close(buffer, '}');
    }
    json_close(buffer, ']');
}

static void
print_blocks(struct buffer *buffer, const struct program_answer *answer, enum language language)
{
    static const struct code blocks[] = {
        {"consent", "Pengolahan data keluarga ini dihentikan.", "Processing was stopped for this household."},
        {"duplicate", "NIK yang sama ada pada dua orang; data ganda harus diputuskan dulu.", "The same NIK is on two people; the duplicate must be decided first."},
        {"already_enrolled", "Sudah menjadi peserta atau sedang diusulkan.", "Already enrolled or proposed."},
        {"not_a_member", "Orang ini tidak tinggal dalam keluarga pada hari itu.", "The person does not live in this household on that day."},
    };
    static const struct code_list list = CODE_LIST("block", 1, blocks);
    json_open(buffer, "blocks", '[');
    for (size_t i = 0; i < answer->blocks->count; i++) {
        const struct code *block = code_find(&list, json_get_text(answer->blocks->items[i], "code"));
        json_open(buffer, NULL, '{');
        json_put_text(buffer, "code", block->word);
        json_put_text(buffer, "detail", language == LANGUAGE_ID ? block->label_id : block->label_en);
        json_close(buffer, '}');
    }
    json_close(buffer, ']');
}

static void
print_parts(struct buffer *buffer, const struct program_answer *answer)
{
    json_open(buffer, "parts", '[');
    for (size_t i = 0; i < answer->part_count; i++) {
        const struct program_part *part = &answer->parts[i];
        json_open(buffer, NULL, '{');
        json_put_text(buffer, "code", part->code);
        json_put_text(buffer, "kind", part->kind);
        json_put_int(buffer, "amount_minor", part->amount_minor);
        if (part->item) {
            json_put_text(buffer, "item", part->item);
            json_put_int(buffer, "quantity", part->quantity);
        }
        if (!id_is_zero(part->member_id))
            json_put_id(buffer, "member_id", part->member_id);
        json_close(buffer, '}');
    }
    json_close(buffer, ']');
}

void
program_answer_print(struct buffer *buffer, const char *key, const struct program_answer *answer, enum language language)
{
    json_open(buffer, key, '{');
    json_put_text(buffer, "outcome", answer->outcome);
    json_put_bool(buffer, "eligible", text_equal(answer->outcome, "eligible") && answer->blocks->count == 0);
    print_clauses(buffer, answer, language);
    json_print(buffer, "missing", answer->missing);
    print_blocks(buffer, answer, language);
    print_parts(buffer, answer);
    json_put_int(buffer, "entitlement_minor", answer->entitlement_minor);
    if (answer->entitlement_error)
        json_put_text(buffer, "entitlement_error", rule_wrong_text(buffer->arena, answer->entitlement_error, language));
    json_put_int(buffer, "rule_version", answer->rule_version);
    json_put_date(buffer, "on", answer->on);
    json_close(buffer, '}');
}
