/* batch_stage.c: building, locking and releasing, a chunk of lines at a time: at once when the batch is small, otherwise as a job between other
 * people's work. While a stage is open the batch takes no other act. The last chunk alone changes the state. */
#include <string.h>

#include "lumbung/base/text.h"
#include "lumbung/ledger.h"
#include "payment/batch.h"

struct stage {
    struct batch batch;
    struct program *program;
    struct cycle cycle;
    bool locking;
};

static const struct actor stage_system = {.kind = ACTOR_SYSTEM, .name = "system", .all_regions = true, .all_programs = true};

static struct error *
stage_load(struct tx *tx, struct id batch_id, struct stage *ret_stage)
{
    TRY(batch_load(tx, &stage_system, batch_id, &ret_stage->batch));
    /* The rule that this stage began with: a change of the program in between does not split the list over two rules. */
    TRY(program_load_version(tx, ret_stage->batch.program_id, ret_stage->batch.rule_version, &ret_stage->program));
    return cycle_load(tx, &stage_system, ret_stage->batch.cycle_id, &ret_stage->cycle);
}

/* A chunk of the enrolled. *ret_last is false when there may be more behind `after`. */
static struct error *
stage_build_chunk(struct tx *tx, struct stage *stage, struct id *after, int64_t *done, bool *ret_last)
{
    struct enrollment *enrollments = ARENA_ARRAY(tx->arena, struct enrollment, BATCH_CHUNK);
    size_t count = 0;
    TRY(enrollment_list_enrolled(tx, stage->batch.program_id, stage->batch.region_id, *after, BATCH_CHUNK, enrollments, &count));
    for (size_t i = 0; i < count; i++)
        TRY(batch_build_unit(tx, &stage->batch, stage->program, stage->cycle.reference_date, &enrollments[i], stage->locking));
    if (count > 0)
        *after = enrollments[count - 1].id;
    *done += (int64_t)count;
    *ret_last = count < BATCH_CHUNK;
    return NULL;
}

/* A release that goes on after an interruption passes over what it released before. */
static struct error *
stage_release_line(struct tx *tx, const struct actor *actor, struct stage *stage, const struct batch_item *item, int64_t *released)
{
    bool done = !text_equal(item->state, "in");
    if (!done)
        TRY(batch_store_is_released(tx, item->id, &done));
    return done ? NULL : batch_release_item(tx, actor, &stage->batch, item, released);
}

static struct error *
stage_release_chunk(struct tx *tx, const struct actor *actor, struct stage *stage, struct id *after, int64_t *done, bool *ret_last)
{
    struct batch_item *items = ARENA_ARRAY(tx->arena, struct batch_item, BATCH_CHUNK);
    size_t count = 0;
    TRY(batch_store_items(tx, stage->batch.id, stage->batch.version, *after, BATCH_CHUNK, items, &count));
    int64_t released = 0;
    for (size_t i = 0; i < count; i++)
        TRY(stage_release_line(tx, actor, stage, &items[i], &released));
    if (count > 0)
        *after = items[count - 1].id;
    *done += (int64_t)count;
    *ret_last = count < BATCH_CHUNK;
    const struct ledger_place chain[] = {{LEDGER_BATCH, stage->batch.id}, {LEDGER_OPEN, stage->batch.id}};
    return ledger_move(tx, actor, "batch.release", stage->batch.id, stage->batch.currency, chain, 2, released);
}

static struct error *
stage_chunk(struct tx *tx, const struct actor *actor, struct stage *stage, struct id *after, int64_t *done, bool *ret_last)
{
    if (text_equal(stage->batch.stage, "releasing"))
        return stage_release_chunk(tx, actor, stage, after, done, ret_last);
    stage->locking = text_equal(stage->batch.stage, "locking");
    return stage_build_chunk(tx, stage, after, done, ret_last);
}

/* After the last chunk: totals for a draft, the digest and the state for a lock, the state for a release. */
static struct error *
stage_finish(struct tx *tx, const struct actor *actor, struct stage *stage)
{
    struct batch *batch = &stage->batch;
    const char *name = batch->stage;
    TRY(batch_store_set_stage(tx, batch->id, NULL, (struct id){{0}}));
    batch->stage = NULL;
    if (text_equal(name, "releasing"))
        return batch_finish_release(tx, actor, batch);
    TRY(batch_store_sum_items(tx, batch->id, batch->version, &batch->count, &batch->total_minor));
    batch->rule_version = stage->program->rule_version;
    TRY(batch_store_set_totals(tx, batch->id, batch->count, batch->total_minor, NULL, batch->rule_version));
    if (text_equal(name, "locking"))
        return batch_finish_lock(tx, actor, batch);
    return batch_record(tx, actor, "batch.build", batch, NULL, NULL);
}

static struct error *
stage_total(struct tx *tx, const struct batch *batch, const char *stage, int64_t *ret_total)
{
    if (text_equal(stage, "releasing")) {
        *ret_total = batch->count;
        return NULL;
    }
    return enrollment_count_enrolled(tx, batch->program_id, batch->region_id, ret_total);
}

/* Before the lines are made again: what an earlier building left is cleared, what a person excluded stays out. */
static struct error *
stage_clear(struct tx *tx, const struct batch *batch, const char *stage)
{
    if (text_equal(stage, "releasing"))
        return NULL;
    struct program *program = NULL;
    TRY(program_load(tx, &stage_system, batch->program_id, &program));
    TRY(batch_store_set_totals(tx, batch->id, 0, 0, NULL, program->rule_version));
    TRY(batch_store_clear_items(tx, batch->id, batch->version, true));
    return batch_store_clear_dropped(tx, batch->id, batch->version);
}

static struct error *
stage_as_job(struct tx *tx, const struct actor *actor, const struct batch *batch, const char *name, int64_t total)
{
    char id[ID_TEXT_SIZE];
    id_print(batch->id, id);
    struct json *input = json_make(tx->arena, JSON_OBJECT);
    json_set(tx->arena, input, "batch_id", json_make_text(tx->arena, id));
    struct id job_id;
    TRY(job_make(tx, actor, batch_job_kind.kind, input, total, &job_id));
    TRY(batch_store_set_stage(tx, batch->id, name, job_id));
    return batch_record(tx, actor, arena_format(tx->arena, "batch.%s", name), batch, NULL, NULL);
}

struct error *
batch_stage_begin(struct tx *tx, const struct actor *actor, const struct batch *batch, const char *name)
{
    int64_t total = 0;
    TRY(stage_total(tx, batch, name, &total));
    TRY(stage_clear(tx, batch, name));
    if (total > BATCH_INLINE_MAX)
        return stage_as_job(tx, actor, batch, name, total);
    TRY(batch_store_set_stage(tx, batch->id, name, (struct id){{0}}));
    struct stage stage = {0};
    TRY(stage_load(tx, batch->id, &stage));
    struct id after = {{0}};
    int64_t done = 0;
    for (bool last = false; !last;)
        TRY(stage_chunk(tx, actor, &stage, &after, &done, &last));
    return stage_finish(tx, actor, &stage);
}

static struct error *
stage_input(const struct json *input, struct id *ret_batch_id)
{
    const char *text = json_get_text(input, "batch_id");
    return text && id_parse(text, ret_batch_id) ? NULL : error_internal("batch job: bad input");
}

/* A release asks for the right to release; a list is built by who makes batches, and after a rejection by the approver. */
static struct error *
batch_stage_may(struct tx *tx, const struct actor *actor, const struct json *input)
{
    struct id batch_id;
    struct batch batch;
    TRY(stage_input(input, &batch_id));
    TRY(batch_load(tx, actor, batch_id, &batch));
    bool builds = actor_may(actor, PERM_BATCH_MAKE) || actor_may(actor, PERM_BATCH_APPROVE);
    bool may = text_equal(batch.stage, "releasing") ? actor_may(actor, PERM_BATCH_RELEASE) : builds;
    return may ? NULL : error_new(ERROR_FORBIDDEN);
}

static struct error *
batch_stage_step(struct tx *tx, const struct actor *actor, struct job_chunk *chunk)
{
    struct id batch_id, after = {{0}};
    const char *after_text = json_get_text(chunk->cursor, "after");
    TRY(stage_input(chunk->input, &batch_id));
    if (after_text && !id_parse(after_text, &after))
        return error_internal("batch job: bad position");
    struct stage stage = {0};
    TRY(stage_load(tx, batch_id, &stage));
    if (stage.batch.stage == NULL || !id_equal(stage.batch.stage_job_id, chunk->job_id)) {
        chunk->cursor = NULL; /* cancelled or taken over: nothing is left to do */
        return NULL;
    }
    bool last = false;
    TRY(stage_chunk(tx, actor, &stage, &after, &chunk->done, &last));
    chunk->cursor = NULL;
    if (last)
        return stage_finish(tx, actor, &stage);
    char text[ID_TEXT_SIZE];
    id_print(after, text);
    chunk->cursor = json_make(tx->arena, JSON_OBJECT);
    json_set(tx->arena, chunk->cursor, "after", json_make_text(tx->arena, text));
    return NULL;
}

/* Building or locking: what it had made is cleared, and a lock begins anew. Releasing: lines that are out stay out, and only a release goes on. */
static struct error *
batch_stage_broken(struct tx *tx, const struct actor *actor, struct id job_id, const struct json *input, const char *why)
{
    struct id batch_id;
    struct batch batch;
    const char *text = json_get_text(input, "batch_id");
    bool found = false;
    if (text == NULL || !id_parse(text, &batch_id))
        return NULL;
    TRY(batch_store_load(tx, batch_id, &batch, &found));
    if (!found || batch.stage == NULL || !id_equal(batch.stage_job_id, job_id))
        return NULL;
    int64_t out = 0;
    bool goods = false, releasing = text_equal(batch.stage, "releasing");
    if (releasing) {
        TRY(ledger_balance(tx, (struct ledger_place){LEDGER_BATCH, batch.id}, &out));
        out = batch.total_minor - out;
        if (out == 0)
            TRY(batch_store_any_open(tx, batch.id, &goods)); /* goods without money */
    } else {
        TRY(batch_store_unclaim(tx, batch.id));
        TRY(batch_store_clear_items(tx, batch.id, batch.version, true));
        TRY(batch_store_clear_dropped(tx, batch.id, batch.version));
        TRY(batch_store_set_totals(tx, batch.id, 0, 0, NULL, batch.rule_version));
    }
    TRY(batch_store_break_stage(tx, batch.id, releasing && (out != 0 || goods) ? BATCH_STAGE_INTERRUPTED : NULL, why));
    return batch_record(tx, actor, "batch.stage_broken", &batch, why, NULL);
}

const struct job_kind batch_job_kind = {.kind = "batch.stage", .may = batch_stage_may, .step = batch_stage_step, .broken = batch_stage_broken};
