/* batch_make.c: a new draft over the enrolled of a program and region. */
#include "lumbung/base/text.h"
#include "lumbung/region.h"
#include "payment/batch.h"
#include "payment/payment_fields.h"

/* Excluded from the start: written before the lines are built, and shown among the dropped. */
static struct error *
batch_exclude_at_start(struct tx *tx, const struct batch *batch, const struct array *exclude)
{
    const struct id *ids = exclude->items;
    for (size_t i = 0; i < exclude->count; i++) {
        struct enrollment enrollment;
        TRY(enrollment_load(tx, ids[i], &enrollment));
        if (!id_equal(enrollment.program_id, batch->program_id))
            return error_field(arena_format(tx->arena, "/exclude/%zu", i), FAULT_REFERENCE, "an enrollment of another program", NULL);
        TRY(batch_store_drop(tx, batch->id, batch->version, enrollment.id, enrollment.household_id, "excluded"));
    }
    return NULL;
}

struct error *
batch_make(struct tx *tx, const struct actor *actor, struct id cycle_id, const struct batch_in *in, struct id *ret_id)
{
    struct cycle cycle;
    struct program *program = NULL;
    TRY(cycle_load(tx, actor, cycle_id, &cycle));
    TRY(program_load(tx, actor, cycle.program_id, &program));
    if (!text_equal(cycle.state, "open") || !text_equal(program->state, "active"))
        return text_equal(cycle.state, "open") ? error_state(&program_state_codes, program->state, BARRED_MAKE_BATCH)
                                               : error_state(&cycle_state_codes, cycle.state, BARRED_MAKE_BATCH);
    struct region region = {0};
    if (in->region)
        TRY(region_by_code(tx, actor, in->region, &region));
    else if (!actor->all_regions)
        return error_field("/region", FAULT_REQUIRED, NULL, NULL);
    struct batch batch = {.id = tx_new_id(tx), .program_id = program->id, .cycle_id = cycle.id, .region_id = region.id,
                          .kind = in->kind ? in->kind : "regular", .state = "draft", .version = 1, .rule_version = program->rule_version,
                          .currency = program->currency, .made_by = actor->user_id, .approvals_required = program->approvals_required,
                          .strict_duties = program->strict_duties};
    TRY(batch_store_insert(tx, &batch));
    TRY(batch_store_duty(tx, batch.id, "make", actor->user_id));
    *ret_id = batch.id;
    TRY(batch_exclude_at_start(tx, &batch, &in->exclude));
    return batch_stage_begin(tx, actor, &batch, "building");
}

struct error *
batch_create(struct tx *tx, const struct actor *actor, struct id cycle_id, const struct json *json, struct id *ret_id)
{
    void *in = NULL;
    TRY(field_parse(tx->arena, &batch_in_table, json, "", FIELD_CREATE, INT32_MAX, &in));
    return batch_make(tx, actor, cycle_id, in, ret_id);
}
