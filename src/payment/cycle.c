/* cycle.c: the periods of a program: made, listed, closed. */
#include <string.h>

#include "lumbung/audit.h"
#include "lumbung/base/text.h"
#include "payment/batch.h"
#include "payment/cycle_store.h"
#include "payment/payment_fields.h"

struct error *
cycle_load(struct tx *tx, const struct actor *actor, struct id cycle_id, struct cycle *ret_cycle)
{
    bool found = false;
    TRY(cycle_store_load(tx, cycle_id, ret_cycle, &found));
    if (!found)
        return error_new(ERROR_NOT_FOUND);
    struct program *program = NULL;
    return program_load(tx, actor, ret_cycle->program_id, &program);
}

void
cycle_print(struct buffer *buffer, const char *key, const struct cycle *cycle)
{
    json_open(buffer, key, '{');
    json_put_id(buffer, "id", cycle->id);
    json_put_id(buffer, "program_id", cycle->program_id);
    json_put_text(buffer, "name", cycle->name);
    json_put_date(buffer, "starts_on", cycle->starts_on);
    json_put_date(buffer, "ends_on", cycle->ends_on);
    json_put_date(buffer, "reference_date", cycle->reference_date);
    json_put_text(buffer, "state", cycle->state);
    json_put_int(buffer, "version", cycle->version);
    json_close(buffer, '}');
}

static struct error *
cycle_record(struct tx *tx, const struct actor *actor, const char *action, const struct cycle *cycle, const char *before)
{
    struct buffer after;
    buffer_init(&after, tx->arena);
    cycle_print(&after, NULL, cycle);
    struct audit_part part = {.kind = "cycle", .id = cycle->id, .before = before, .after = buffer_text(&after)};
    struct audit_change change = {.action = action, .record_id = cycle->id, .parts = &part, .part_count = 1};
    return audit_append(tx, actor, &change, NULL);
}

static struct error *
cycle_check(const struct cycle_in *in, const struct program *program)
{
    struct error *error = NULL;
    if (in->ends_on < in->starts_on)
        error_add_fault(&error, "/ends_on", FAULT_CONFLICT, "starts_on", NULL);
    if (in->starts_on < program->starts_on || (program->ends_on != 0 && in->ends_on > program->ends_on))
        error_add_fault(&error, "/starts_on", FAULT_CONFLICT, "the program's period", NULL);
    return error;
}

struct error *
cycle_make(struct tx *tx, const struct actor *actor, struct id program_id, const struct cycle_in *in, struct cycle *ret_cycle)
{
    struct program *program = NULL;
    TRY(program_load(tx, actor, program_id, &program));
    if (!text_equal(program->state, "active"))
        return error_state(&program_state_codes, program->state, BARRED_OPEN_CYCLE);
    TRY(cycle_check(in, program));
    *ret_cycle = (struct cycle){.id = tx_new_id(tx), .program_id = program_id, .name = in->name, .state = "open", .starts_on = in->starts_on,
                                .ends_on = in->ends_on, .version = 1,
                                .reference_date = field_present(&cycle_in_table, in, "reference_date") ? in->reference_date : in->starts_on};
    TRY(cycle_store_insert(tx, ret_cycle));
    return cycle_record(tx, actor, "cycle.open", ret_cycle, NULL);
}

struct error *
cycle_create(struct tx *tx, const struct actor *actor, struct id program_id, const struct json *json, struct id *ret_id)
{
    void *in = NULL;
    TRY(field_parse(tx->arena, &cycle_in_table, json, "", FIELD_CREATE, INT32_MAX, &in));
    struct cycle cycle;
    TRY(cycle_make(tx, actor, program_id, in, &cycle));
    *ret_id = cycle.id;
    return NULL;
}

/* A cycle closes when none of its batches is under way. */
struct error *
cycle_close(struct tx *tx, const struct actor *actor, struct id cycle_id, struct cycle *ret_cycle)
{
    TRY(cycle_load(tx, actor, cycle_id, ret_cycle));
    int64_t busy = 0;
    TRY(cycle_store_busy_batches(tx, cycle_id, &busy));
    if (!text_equal(ret_cycle->state, "open") || busy > 0)
        return busy > 0 ? error_state(&situation_codes, "busy", BARRED_CLOSE) : error_state(&cycle_state_codes, ret_cycle->state, BARRED_CLOSE);
    struct buffer before;
    buffer_init(&before, tx->arena);
    cycle_print(&before, NULL, ret_cycle);
    TRY(cycle_store_close(tx, cycle_id));
    ret_cycle->state = "closed";
    ret_cycle->version++;
    return cycle_record(tx, actor, "cycle.close", ret_cycle, buffer_text(&before));
}
