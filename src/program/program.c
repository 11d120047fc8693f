/* program.c: programs: made, changed by versions of their rule, activated, closed. */
#include <string.h>

#include "lumbung/audit.h"
#include "lumbung/base/crypto.h"
#include "lumbung/base/money.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/rule.h"
#include "lumbung/score.h"
#include "program/program_fields.h"
#include "program/program_store.h"
#include "program/program_vocabulary.h"

struct error *
program_compile(struct tx *tx, struct program *program)
{
    const struct rule_schema *schema = vocabulary_schema(program->unit);
    TRY(rule_compile(tx->arena, program->rule, "/rule", schema, RULE_BOOL, false, &program->compiled_rule));
    return rule_compile(tx->arena, program->entitlement, "/entitlement", schema, RULE_LIST, true, &program->compiled_entitlement);
}

static struct error *
program_load_any(struct tx *tx, const struct actor *actor, struct id program_id, int64_t rule_version, struct program **ret_program)
{
    struct program *program = ARENA_NEW(tx->arena, struct program);
    bool found = false;
    TRY(program_store_load(tx, actor, program_id, rule_version, program, &found));
    if (!found)
        return error_new(ERROR_NOT_FOUND);
    TRY(program_compile(tx, program));
    *ret_program = program;
    return NULL;
}

struct error *
program_load(struct tx *tx, const struct actor *actor, struct id program_id, struct program **ret_program)
{
    return program_load_any(tx, actor, program_id, 0, ret_program);
}

struct error *
program_load_version(struct tx *tx, struct id program_id, int64_t rule_version, struct program **ret_program)
{
    return program_load_any(tx, NULL, program_id, rule_version, ret_program);
}

/* SHA-256 over rule, LF, entitlement, LF, currency: what a batch's digest names. */
static void
program_digest(struct program *program)
{
    struct sha256 state;
    sha256_start(&state);
    sha256_update(&state, program->rule, strlen(program->rule));
    sha256_update(&state, "\n", 1);
    sha256_update(&state, program->entitlement, strlen(program->entitlement));
    sha256_update(&state, "\n", 1);
    sha256_update(&state, program->currency, strlen(program->currency));
    sha256_finish(&state, program->rule_digest);
}

/* A misspelt flag would leave everybody undetermined: it is told when the rule is written. */
static struct error *
check_flags(struct tx *tx, const struct rule *rule, const char *pointer)
{
    struct json *reads = json_make(tx->arena, JSON_ARRAY);
    rule_reads(rule, tx->arena, reads);
    for (size_t i = 0; i < reads->count; i++) {
        const char *name = reads->items[i]->text + strlen("flag:");
        bool exists = true;
        if (text_begins(reads->items[i]->text, "flag:"))
            TRY(score_flag_exists(tx, name, &exists));
        if (!exists)
            return error_field(pointer, FAULT_REFERENCE, name, NULL);
    }
    return NULL;
}

static struct error *
check_rules(struct tx *tx, struct program *program)
{
    TRY(program_compile(tx, program));
    TRY(check_flags(tx, program->compiled_rule, "/rule"));
    return check_flags(tx, program->compiled_entitlement, "/entitlement");
}

/* What no single field can tell: period, currency, amounts in its step, the rule itself. All faults at once. */
static struct error *
program_check(struct tx *tx, struct program *program)
{
    struct error *error = NULL;
    const struct currency *currency = currency_find(program->currency);
    if (currency == NULL)
        error_add_fault(&error, "/currency", FAULT_REFERENCE, program->currency, NULL);
    else if (program->budget_minor % currency->step != 0)
        error_add_fault(&error, "/budget_minor", FAULT_MONEY, arena_format(tx->arena, "%lld", (long long)currency->step), NULL);
    if (program->ends_on != 0 && program->ends_on < program->starts_on)
        error_add_fault(&error, "/ends_on", FAULT_CONFLICT, "starts_on", NULL);
    bool taken = false;
    struct error *failure = program_store_name_taken(tx, program, &taken);
    if (failure) {
        error_free(error);
        return failure;
    }
    if (taken)
        error_add_fault(&error, "/name", FAULT_CONSTRAINT, "Nama ini sudah dipakai program lain; pilih nama lain.", "Another program has this name; choose another.");
    error_take_faults(&error, check_rules(tx, program));
    return error;
}

static const char *
program_json(struct tx *tx, const struct program *program)
{
    struct buffer json;
    buffer_init(&json, tx->arena);
    struct error *error = program_print(tx, program, &json, NULL, false);
    error_free(error);
    return buffer_text(&json);
}

static struct error *
program_record(struct tx *tx, const struct actor *actor, const char *action, const struct program *program, const char *before)
{
    struct audit_part part = {.kind = "program", .id = program->id, .before = before, .after = program_json(tx, program)};
    struct audit_change change = {.action = action, .record_id = program->id, .parts = &part, .part_count = 1};
    return audit_append(tx, actor, &change, NULL);
}

struct error *
program_make(struct tx *tx, const struct actor *actor, const struct program_in *in, struct program **ret_program)
{
    struct program *program = ARENA_NEW(tx->arena, struct program);
    *program = (struct program){
        .id = tx_new_id(tx), .name = in->name, .category = in->category, .owner = in->owner, .currency = in->currency, .unit = in->unit, .state = "draft",
        .rule = in->rule, .entitlement = in->entitlement, .rule_version = 1, .version = 1, .budget_minor = in->budget_minor, .starts_on = in->starts_on,
        .ends_on = in->ends_on, .community_validation = in->community_validation, .strict_duties = in->strict_duties,
        .utc_offset_min = field_present(&program_in_table, in, "utc_offset_min") ? (int)in->utc_offset_min : 420,
        .approvals_required = field_present(&program_in_table, in, "approvals_required") ? (int)in->approvals_required : 1,
    };
    TRY(program_check(tx, program));
    program_digest(program);
    TRY(program_store_insert(tx, program));
    TRY(program_store_insert_rule(tx, actor, program));
    TRY(program_record(tx, actor, "program.create", program, NULL));
    *ret_program = program;
    return NULL;
}

struct error *
program_create_json(struct tx *tx, const struct actor *actor, const struct json *json, struct id *ret_id)
{
    void *in = NULL;
    struct program *program = NULL;
    TRY(field_parse(tx->arena, &program_in_table, json, "", FIELD_CREATE, INT32_MAX, &in));
    TRY(program_make(tx, actor, in, &program));
    *ret_id = program->id;
    return NULL;
}

static void
program_as_in(const struct program *program, struct program_in *ret_in)
{
    *ret_in = (struct program_in){
        .name = program->name, .category = program->category, .owner = program->owner, .currency = program->currency, .unit = program->unit,
        .rule = program->rule, .entitlement = program->entitlement, .budget_minor = program->budget_minor, .utc_offset_min = program->utc_offset_min,
        .approvals_required = program->approvals_required, .starts_on = program->starts_on, .ends_on = program->ends_on,
        .community_validation = program->community_validation, .strict_duties = program->strict_duties,
    };
}

static void
program_from_in(const struct program_in *in, struct program *program)
{
    program->name = in->name;
    program->category = in->category;
    program->owner = in->owner;
    program->currency = in->currency;
    program->unit = in->unit;
    program->rule = in->rule;
    program->entitlement = in->entitlement;
    program->budget_minor = in->budget_minor;
    program->utc_offset_min = (int)in->utc_offset_min;
    program->approvals_required = (int)in->approvals_required;
    program->starts_on = in->starts_on;
    program->ends_on = in->ends_on;
    program->community_validation = in->community_validation;
    program->strict_duties = in->strict_duties;
}

static void
fault_fixed(struct error **faults, const char *pointer)
{
    error_add_fault(faults, pointer, FAULT_CONSTRAINT, "Tidak dapat diubah lagi: program sudah dijalankan.", "It can no longer be changed: the program is active.");
}

static void
fault_lowered(struct error **faults, const char *pointer)
{
    error_add_fault(faults, pointer, FAULT_CONSTRAINT, "Program sudah dijalankan: penjagaan ini hanya dapat diperketat.",
                    "The program is active: this guard can only be raised.");
}

/* Money that batches have claimed, that waits for its payees or was paid stays under the budget. */
static struct error *
check_budget(struct tx *tx, const struct program *after, struct error **faults)
{
    struct program_money money;
    TRY(program_store_money(tx, after->id, &money));
    int64_t used = money.claimed_minor + money.open_minor + money.paid_minor;
    if (after->budget_minor >= used)
        return NULL;
    error_add_fault(faults, "/budget_minor", FAULT_CONSTRAINT,
                    arena_format(tx->arena, "Sudah dicadangkan atau dibayar %s: anggaran tidak boleh kurang dari itu.", money_text(tx->arena, used, after->currency, LANGUAGE_ID)),
                    arena_format(tx->arena, "%s is already claimed or paid: the budget cannot be less.", money_text(tx->arena, used, after->currency, LANGUAGE_EN)));
    return NULL;
}

/* Cycles that were opened stay within the period. */
static struct error *
check_period(struct tx *tx, const struct program *after, struct error **faults)
{
    int32_t first = 0, last = 0;
    bool any = false;
    char text[DATE_TEXT_SIZE];
    TRY(program_store_cycle_span(tx, after->id, &first, &last, &any));
    if (any && after->starts_on > first) {
        date_print(first, text);
        error_add_fault(faults, "/starts_on", FAULT_CONSTRAINT, arena_format(tx->arena, "Masa pembayaran pertama dimulai %s: program tidak dapat mulai sesudahnya.", text),
                        arena_format(tx->arena, "The first cycle starts on %s: the program cannot start after it.", text));
    }
    if (any && after->ends_on != 0 && after->ends_on < last) {
        date_print(last, text);
        error_add_fault(faults, "/ends_on", FAULT_CONSTRAINT, arena_format(tx->arena, "Masa pembayaran terakhir berakhir %s: program tidak dapat berakhir sebelumnya.", text),
                        arena_format(tx->arena, "The last cycle ends on %s: the program cannot end before it.", text));
    }
    return NULL;
}

/* Unit, currency and the day's border stand once a program is active: enrollments, money and sums rest on them. Lowering the guards waits for another person (later work),
 * so through the API they can only be raised. */
static struct error *
program_check_change(struct tx *tx, const struct program *before, const struct program *after)
{
    struct error *faults = NULL;
    bool fixed = !text_equal(before->state, "draft");
    if (fixed && !text_equal(before->unit, after->unit))
        fault_fixed(&faults, "/unit");
    if (fixed && !text_equal(before->currency, after->currency))
        fault_fixed(&faults, "/currency");
    if (fixed && before->utc_offset_min != after->utc_offset_min)
        fault_fixed(&faults, "/utc_offset_min");
    if (fixed && after->approvals_required < before->approvals_required)
        fault_lowered(&faults, "/approvals_required");
    if (fixed && before->strict_duties && !after->strict_duties)
        fault_lowered(&faults, "/strict_duties");
    struct error *failure = check_budget(tx, after, &faults);
    if (!failure)
        failure = check_period(tx, after, &faults);
    if (failure)
        error_free(faults);
    return failure ? failure : faults;
}

struct error *
program_change(struct tx *tx, const struct actor *actor, struct id id, const struct program_in *in, int64_t if_match, struct program **ret_program)
{
    struct program *before = NULL, *after = ARENA_NEW(tx->arena, struct program);
    TRY(program_load(tx, actor, id, &before));
    const char *before_json = program_json(tx, before);
    if (before->version != if_match) {
        struct error *error = error_new(ERROR_STALE);
        error_add_member(error, "current", before_json, true);
        return error;
    }
    if (text_equal(before->state, "closed"))
        return error_state(&program_state_codes, before->state, BARRED_CHANGE);
    struct program_in merged;
    program_as_in(before, &merged);
    field_merge(&program_in_table, &merged, in);
    *after = *before;
    program_from_in(&merged, after);
    TRY(program_check_change(tx, before, after));
    TRY(program_check(tx, after));
    program_digest(after);
    after->version++;
    if (memcmp(before->rule_digest, after->rule_digest, sizeof after->rule_digest) != 0) {
        after->rule_version++;
        TRY(program_store_insert_rule(tx, actor, after));
    }
    TRY(program_store_update(tx, after));
    TRY(program_record(tx, actor, "program.change", after, before_json));
    *ret_program = after;
    return NULL;
}

static struct error *
program_step_state(struct tx *tx, const struct actor *actor, struct id id, const char *from, const char *to, const char *action)
{
    struct program *program = NULL;
    TRY(program_load(tx, actor, id, &program));
    const char *before = program_json(tx, program);
    int64_t changed = 0;
    TRY(program_store_set_state(tx, id, from, to, &changed));
    if (changed == 0)
        return error_state(&program_state_codes, program->state, text_equal(to, "active") ? BARRED_ACTIVATE : BARRED_CLOSE);
    program->state = to;
    program->version++;
    return program_record(tx, actor, action, program, before);
}

struct error *
program_activate(struct tx *tx, const struct actor *actor, struct id program_id)
{
    return program_step_state(tx, actor, program_id, "draft", "active", "program.activate");
}

struct error *
program_close(struct tx *tx, const struct actor *actor, struct id id)
{
    return program_step_state(tx, actor, id, "active", "closed", "program.close");
}
