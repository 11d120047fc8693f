/* score_job.c: the whole registry by one definition, chunk by chunk; at the end the new version takes the place of the old, so that rules never see
 * half of each. A restart goes on behind the last household. */
#include <string.h>

#include "lumbung/audit.h"
#include "lumbung/base/text.h"
#include "lumbung/household.h"
#include "score/score_act.h"

#define SCORE_CHUNK 50

/* Everybody is scored, whatever regions the maker may see: a definition holds for the registry. */
static const struct actor everybody = {.kind = ACTOR_SYSTEM, .name = "system", .all_regions = true, .all_programs = true};

static bool
read_id(const struct json *object, const char *name, struct id *ret_id)
{
    const char *text = json_get_text(object, name);
    return text && id_parse(text, ret_id);
}

static struct error *
job_may_score(struct tx *tx, const struct actor *actor, const struct json *input)
{
    (void)tx;
    (void)input;
    return actor_may(actor, PERM_PROGRAM_WRITE) ? NULL : error_new(ERROR_FORBIDDEN);
}

static void
count(struct tx *tx, struct json *result, const char *name)
{
    json_set(tx->arena, result, name, json_make_int(tx->arena, json_get_int(result, name, 0) + 1));
}

static const char *
outcome_of(const struct score_result *result)
{
    if (result->has_value)
        return "scored";
    return json_get(result->detail, "missing")->count > 0 ? "missing" : "refused";
}

static struct error *
score_one(struct tx *tx, struct id household_id, const struct score_definition_row *row, const struct score_definition *definition, struct json *counts)
{
    struct score_subject subject;
    struct score_result result;
    bool allowed = false;
    TRY(household_processing_allowed(tx, household_id, &allowed));
    if (!allowed) /* who withdrew is not scored anew */
        return NULL;
    TRY(score_subject_load(tx, household_id, &subject));
    TRY(score_keep(&subject, row->id, definition, &result));
    count(tx, counts, outcome_of(&result));
    return NULL;
}

static struct error *
finish(struct tx *tx, const struct actor *actor, const struct score_definition_row *row, const struct json *counts)
{
    struct buffer text;
    bool moved = false;
    buffer_init(&text, tx->arena);
    json_print(&text, NULL, counts);
    if (text_equal(row->state, "scoring")) {
        TRY(score_definition_store_retire(tx, row->name));
        TRY(score_definition_store_move(tx, row->id, "scoring", "active", row->job_id, &moved));
    }
    struct audit_part part = {.kind = "score", .id = row->id, .after = buffer_text(&text)};
    struct audit_change change = {.action = "score.computed", .record_id = row->id, .parts = &part, .part_count = 1};
    return audit_append(tx, actor, &change, NULL);
}

static struct error *
score_step(struct tx *tx, const struct actor *actor, struct job_chunk *chunk)
{
    struct id score_id, after = {{0}}, ids[SCORE_CHUNK];
    struct score_definition_row row;
    struct score_definition *definition = NULL;
    size_t found = 0;
    char text[ID_TEXT_SIZE];
    if (!read_id(chunk->input, "score_id", &score_id))
        return error_internal("scoring: bad input");
    TRY(score_load(tx, score_id, &row, &definition));
    read_id(chunk->cursor, "after", &after);
    TRY(household_list_ids(tx, &everybody, (struct id){{0}}, after, SCORE_CHUNK, ids, &found));
    for (size_t i = 0; i < found; i++)
        TRY(score_one(tx, ids[i], &row, definition, chunk->result));
    chunk->done += (int64_t)found;
    chunk->total = chunk->total < chunk->done ? chunk->done : chunk->total;
    chunk->cursor = NULL;
    if (found < SCORE_CHUNK)
        return finish(tx, actor, &row, chunk->result);
    id_print(ids[found - 1], text);
    chunk->cursor = json_make(tx->arena, JSON_OBJECT);
    json_set(tx->arena, chunk->cursor, "after", json_make_text(tx->arena, text));
    return NULL;
}

/* A version that was not finished is a draft again; one in use stays in use. */
static struct error *
score_broken(struct tx *tx, const struct actor *actor, struct id job_id, const struct json *input, const char *why)
{
    struct id score_id;
    bool moved = false;
    (void)job_id;
    if (!read_id(input, "score_id", &score_id))
        return NULL;
    TRY(score_definition_store_move(tx, score_id, "scoring", "draft", (struct id){{0}}, &moved));
    if (!moved)
        return NULL;
    struct audit_part part = {.kind = "score", .id = score_id, .before = "{\"state\":\"scoring\"}", .after = "{\"state\":\"draft\"}"};
    struct audit_change change = {.action = "score.stopped", .record_id = score_id, .reason = why, .parts = &part, .part_count = 1};
    return audit_append(tx, actor, &change, NULL);
}

const struct job_kind score_job = {.kind = "score.compute", .may = job_may_score, .step = score_step, .broken = score_broken};
