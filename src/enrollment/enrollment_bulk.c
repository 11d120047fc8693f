/* enrollment_bulk.c: thousands at once: a chunk of households, every unit evaluated, enrolled or refused with its reason; a dry run stores nothing. */
#include <string.h>

#include "enrollment/enrollment_fields.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/household.h"
#include "lumbung/region.h"

#define BULK_CHUNK 50
#define BULK_SKIPPED_SHOWN 200

struct bulk {
    struct tx *tx;
    const struct actor *actor;
    const struct program *program;
    struct json *result;
    bool dry_run;
};

static void
bulk_count(struct bulk *bulk, const char *name)
{
    json_set(bulk->tx->arena, bulk->result, name, json_make_int(bulk->tx->arena, json_get_int(bulk->result, name, 0) + 1));
}

static void
bulk_skip(struct bulk *bulk, struct id household_id, const char *code)
{
    struct arena *arena = bulk->tx->arena;
    bulk_count(bulk, "skipped_count");
    struct json *skipped = json_get(bulk->result, "skipped");
    if (skipped == NULL) {
        skipped = json_make(arena, JSON_ARRAY);
        json_set(arena, bulk->result, "skipped", skipped);
    }
    if (skipped->count >= BULK_SKIPPED_SHOWN)
        return;
    char text[ID_TEXT_SIZE];
    id_print(household_id, text);
    struct json *row = json_make(arena, JSON_OBJECT);
    json_set(arena, row, "household_id", json_make_text(arena, text));
    json_set(arena, row, "code", json_make_text(arena, code));
    json_push(arena, skipped, row);
}

static struct error *
bulk_unit_dry(struct bulk *bulk, struct program_unit unit, const struct json *facts, int32_t on)
{
    struct program_answer answer;
    TRY(program_evaluate(bulk->tx, bulk->program, facts, unit, on, true, &answer));
    const char *block = answer.blocks->count > 0 ? json_get_text(answer.blocks->items[0], "code") : NULL;
    if (block)
        bulk_skip(bulk, unit.household_id, block);
    else
        bulk_count(bulk, text_equal(answer.outcome, "eligible") ? "enrolled" : "refused");
    return NULL;
}

/* Who is not eligible is skipped with the reason, not stored as refused: a bulk run over a region is no decision on each of its families. */
static struct error *
bulk_unit(struct bulk *bulk, struct program_unit unit, const struct json *facts, int32_t on)
{
    if (bulk->dry_run)
        return bulk_unit_dry(bulk, unit, facts, on);
    struct program_answer answer;
    TRY(program_evaluate(bulk->tx, bulk->program, facts, unit, on, true, &answer));
    if (answer.blocks->count > 0) {
        bulk_skip(bulk, unit.household_id, json_get_text(answer.blocks->items[0], "code"));
        return NULL;
    }
    if (!text_equal(answer.outcome, "eligible")) {
        bulk_count(bulk, "refused");
        return NULL;
    }
    struct enrollment made;
    TRY(enrollment_make_answered(bulk->tx, bulk->actor, bulk->program, unit, on, &answer, &made));
    bulk_count(bulk, text_equal(made.state, "refused") ? "refused" : text_equal(made.state, "enrolled") ? "enrolled" : "waitlisted");
    return NULL;
}

static struct error *
bulk_household(struct bulk *bulk, struct id household_id)
{
    int32_t on = date_of_instant(bulk->tx->now_ms, bulk->program->utc_offset_min);
    const char *state = NULL;
    struct error *error = household_state(bulk->tx, bulk->actor, household_id, &state);
    if (error && error->code == ERROR_NOT_FOUND) {
        error_free(error);
        bulk_skip(bulk, household_id, "not_found");
        return NULL;
    }
    if (error)
        return error;
    if (!text_equal(state, "active")) {
        bulk_skip(bulk, household_id, "household_not_active");
        return NULL;
    }
    struct json *facts = NULL;
    struct program_unit *units = NULL;
    size_t count = 0;
    TRY(household_facts(bulk->tx, household_id, on, &facts));
    TRY(program_units_of(bulk->tx, bulk->program, household_id, facts, &units, &count));
    for (size_t i = 0; i < count; i++)
        TRY(bulk_unit(bulk, units[i], facts, on));
    return NULL;
}

static bool
input_id(const struct json *object, const char *name, struct id *ret_id)
{
    const char *text = json_get_text(object, name);
    return text && id_parse(text, ret_id);
}

/* The households of this chunk: from the list that was given, or the next of the region. */
static struct error *
bulk_chunk_ids(struct tx *tx, const struct actor *actor, struct job_chunk *chunk, struct id ids[BULK_CHUNK], size_t *ret_count)
{
    struct id region = {{0}}, after = {{0}};
    const struct json *list = json_get(chunk->input, "household_ids");
    *ret_count = 0;
    if (list == NULL) {
        input_id(chunk->input, "region_id", &region);
        input_id(chunk->cursor, "after", &after);
        return household_list_ids(tx, actor, region, after, BULK_CHUNK, ids, ret_count);
    }
    size_t start = (size_t)json_get_int(chunk->cursor, "at", 0);
    for (size_t i = start; i < list->count && *ret_count < BULK_CHUNK; i++)
        if (list->items[i]->kind == JSON_TEXT && id_parse(list->items[i]->text, &ids[*ret_count]))
            (*ret_count)++;
    return NULL;
}

static void
bulk_set_cursor(struct tx *tx, struct job_chunk *chunk, const struct id *ids, size_t count)
{
    const struct json *list = json_get(chunk->input, "household_ids");
    int64_t at = json_get_int(chunk->cursor, "at", 0) + (int64_t)count;
    bool more = list ? (size_t)at < list->count : count == BULK_CHUNK;
    chunk->cursor = NULL;
    if (!more)
        return;
    char text[ID_TEXT_SIZE];
    id_print(ids[count - 1], text);
    chunk->cursor = json_make(tx->arena, JSON_OBJECT);
    json_set(tx->arena, chunk->cursor, "at", json_make_int(tx->arena, at));
    json_set(tx->arena, chunk->cursor, "after", json_make_text(tx->arena, text));
}

static struct error *
bulk_may(struct tx *tx, const struct actor *actor, const struct json *input)
{
    struct id program_id, region_id;
    struct program *program = NULL;
    bool visible = true;
    if (!input_id(input, "program_id", &program_id))
        return error_internal("bulk enrollment: bad input");
    TRY(program_load(tx, actor, program_id, &program));
    if (input_id(input, "region_id", &region_id))
        TRY(region_in_scope(tx, actor, region_id, &visible));
    return visible && actor_may(actor, PERM_ENROLLMENT_DECIDE) ? NULL : error_new(ERROR_FORBIDDEN);
}

static struct error *
bulk_step(struct tx *tx, const struct actor *actor, struct job_chunk *chunk)
{
    struct id program_id, ids[BULK_CHUNK];
    struct program *program = NULL;
    size_t count = 0;
    if (!input_id(chunk->input, "program_id", &program_id))
        return error_internal("bulk enrollment: bad input");
    TRY(program_load(tx, actor, program_id, &program));
    if (!text_equal(program->state, "active"))
        return error_state(&program_state_codes, program->state, BARRED_TAKE_ENROLLMENTS);
    const struct json *dry_run = json_get(chunk->input, "dry_run");
    struct bulk bulk = {tx, actor, program, chunk->result, dry_run && dry_run->boolean};
    TRY(bulk_chunk_ids(tx, actor, chunk, ids, &count));
    for (size_t i = 0; i < count; i++)
        TRY(bulk_household(&bulk, ids[i]));
    chunk->done += (int64_t)count;
    if (chunk->total < chunk->done)
        chunk->total = chunk->done;
    bulk_set_cursor(tx, chunk, ids, count);
    return NULL;
}

const struct job_kind enrollment_bulk_job = {.kind = "enrollment.bulk", .may = bulk_may, .step = bulk_step};
