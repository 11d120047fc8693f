/* disbursement_close.c: a batch is closed by a person: what is still open of it goes back to the program, a chunk of lines at a time. */
#include "disbursement/disbursement_fields.h"

#include "disbursement/disbursement_private.h"
#include "lumbung/audit.h"
#include "lumbung/base/text.h"

#define CLOSE_CHUNK 100

static bool
close_is_open(const struct disbursement *row)
{
    return !text_equal(row->state, "paid") && !text_equal(row->state, "closed_short") && !text_equal(row->state, "cancelled");
}

/* Nobody knows yet whether these were paid: the bank's answer comes first. */
static struct error *
close_check_under_way(struct tx *tx, const struct actor *actor, struct id batch_id)
{
    static const char *const under_way[] = {"sent", "unknown"};
    for (size_t i = 0; i < sizeof under_way / sizeof under_way[0]; i++) {
        struct disbursement row;
        struct disbursement_filter filter = {.batch_id = batch_id, .state = under_way[i], .limit = 1};
        size_t count = 0;
        TRY(disbursement_store_list(tx, actor, &filter, &row, &count));
        if (count > 0)
            return error_state(&disbursement_state_codes, under_way[i], BARRED_CLOSE_BATCH);
    }
    return NULL;
}

struct error *
disbursement_close_batch(struct tx *tx, const struct actor *actor, struct id batch_id, const char *reason, struct id *ret_job_id)
{
    TRY(payment_batch_begin_close(tx, actor, batch_id));
    TRY(close_check_under_way(tx, actor, batch_id));
    char text[ID_TEXT_SIZE];
    int64_t open_lines = 0;
    struct json *input = json_make(tx->arena, JSON_OBJECT);
    id_print(batch_id, text);
    json_set(tx->arena, input, "batch_id", json_make_text(tx->arena, text));
    json_set(tx->arena, input, "reason", json_make_text(tx->arena, reason));
    TRY(disbursement_store_open_lines(tx, batch_id, &open_lines));
    TRY(job_make(tx, actor, disbursement_close_job.kind, input, open_lines, ret_job_id));
    struct audit_part part = {.kind = "job", .id = *ret_job_id, .after = arena_format(tx->arena, "{\"batch_id\":\"%s\"}", text)};
    struct audit_change change = {.action = "batch.close", .record_id = batch_id, .reason = reason, .parts = &part, .part_count = 1};
    return audit_append(tx, actor, &change, NULL);
}

static struct error *
close_input(const struct json *input, struct id *ret_batch_id)
{
    const char *text = json_get_text(input, "batch_id");
    return text && id_parse(text, ret_batch_id) ? NULL : error_internal("close job: bad input");
}

static struct error *
close_may(struct tx *tx, const struct actor *actor, const struct json *input)
{
    struct id batch_id;
    TRY(close_input(input, &batch_id));
    TRY(payment_batch_check(tx, actor, batch_id));
    return actor_may(actor, PERM_PAYMENT_RECONCILE) ? NULL : error_new(ERROR_FORBIDDEN);
}

/* The lines first, then what was held at release. What became paid or unknown in between stays what it is. */
static struct error *
close_step(struct tx *tx, const struct actor *actor, struct job_chunk *chunk)
{
    struct id batch_id;
    struct disbursement *rows = ARENA_ARRAY(tx->arena, struct disbursement, CLOSE_CHUNK);
    struct disbursement_filter filter = {.limit = CLOSE_CHUNK};
    const char *after = json_get_text(chunk->cursor, "after"), *reason = json_get_text(chunk->input, "reason");
    size_t count = 0;
    bool more = false;
    TRY(close_input(chunk->input, &batch_id));
    filter.batch_id = batch_id;
    if (after && !id_parse(after, &filter.after))
        return error_internal("close job: bad position");
    TRY(disbursement_store_list(tx, actor, &filter, rows, &count));
    for (size_t i = 0; i < count; i++) {
        if (!close_is_open(&rows[i]) || text_equal(rows[i].state, "sent") || text_equal(rows[i].state, "unknown"))
            continue;
        TRY(disbursement_cancel(tx, actor, rows[i].id, reason));
        chunk->done++;
    }
    if (count < CLOSE_CHUNK)
        TRY(payment_batch_give_back_held(tx, actor, batch_id, reason, CLOSE_CHUNK, &more));
    chunk->cursor = NULL;
    if (count < CLOSE_CHUNK && !more)
        return NULL;
    char text[ID_TEXT_SIZE];
    id_print(count > 0 ? rows[count - 1].id : filter.after, text);
    chunk->cursor = json_make(tx->arena, JSON_OBJECT);
    json_set(tx->arena, chunk->cursor, "after", json_make_text(tx->arena, text));
    return NULL;
}

const struct job_kind disbursement_close_job = {.kind = "batch.close", .may = close_may, .step = close_step};
