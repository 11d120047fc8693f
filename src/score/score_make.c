/* score_make.c: a definition becomes a draft, is checked against what is there, and is taken into use by a job that scores everybody first. */
#include "score/score_act.h"

#include <string.h>

#include "lumbung/audit.h"
#include "lumbung/base/text.h"
#include "score/score_reference.h"

struct error *
score_check_references(struct tx *tx, const struct score_definition *definition)
{
    struct score_known *known = NULL;
    struct error *error = NULL;
    bool taken = false;
    const char *own = arena_format(tx->arena, "score:%s", definition->name);
    TRY(score_reference_load(tx, &known));
    score_reference_of_form(known, definition->name, &taken);
    if (taken)
        error_add_fault(&error, "/name", FAULT_CONFLICT, "a questionnaire's score of this name", NULL);
    for (size_t i = 0; i < definition->indicator_count; i++)
        score_reference_check(tx->arena, known, definition->indicators[i].input, own, arena_format(tx->arena, "/indicators/%zu/input", i), &error);
    return error;
}

/* --- acts ------------------------------------------------------------------------------------------------------------------------------ */

static struct error *
note_act(struct tx *tx, const struct actor *actor, const char *action, struct id id, const char *before, const char *after)
{
    struct audit_part part = {.kind = "score", .id = id, .before = before, .after = after};
    struct audit_change change = {.action = action, .record_id = id, .parts = &part, .part_count = 1};
    return audit_append(tx, actor, &change, NULL);
}

struct error *
score_make(struct tx *tx, const struct actor *actor, const struct json *json, struct id *ret_id)
{
    static const char *const server_only[] = {"id", "version", "state", "job_id", "created_at"};
    struct score_definition *definition = NULL;
    struct buffer text;
    int64_t last = 0;
    TRY(score_definition_read(tx->arena, json, &definition));
    TRY(score_check_references(tx, definition));
    TRY(score_definition_store_last_version(tx, definition->name, &last));
    struct json *own = json_make(tx->arena, JSON_OBJECT);
    for (size_t i = 0; i < json->count; i++)
        json_set(tx->arena, own, json->members[i].name, json->members[i].value);
    for (size_t i = 0; i < sizeof server_only / sizeof server_only[0]; i++)
        json_remove(own, server_only[i]);
    buffer_init(&text, tx->arena);
    json_print(&text, NULL, own);
    struct score_definition_row row = {.id = tx_new_id(tx), .name = definition->name, .version = last + 1, .definition = buffer_text(&text)};
    TRY(score_definition_store_insert(tx, actor, &row));
    *ret_id = row.id;
    return note_act(tx, actor, "score.create", row.id, NULL, row.definition);
}

struct error *
score_load(struct tx *tx, struct id id, struct score_definition_row *ret_row, struct score_definition **ret_definition)
{
    bool found = false;
    struct json *json = NULL;
    TRY(score_definition_store_load(tx, id, ret_row, &found));
    if (!found)
        return error_new(ERROR_NOT_FOUND);
    TRY(json_parse(tx->arena, ret_row->definition, strlen(ret_row->definition), &json));
    return score_definition_read(tx->arena, json, ret_definition);
}

struct error *
score_start(struct tx *tx, const struct actor *actor, struct id id, struct id *ret_job_id)
{
    struct score_definition_row row;
    struct score_definition *definition = NULL;
    int64_t total = 0;
    bool moved = false;
    char text[ID_TEXT_SIZE];
    TRY(score_load(tx, id, &row, &definition));
    bool draft = text_equal(row.state, "draft");
    if (!draft && !text_equal(row.state, "active"))
        return error_state(&score_state_codes, row.state, BARRED_ACTIVATE);
    TRY(score_check_references(tx, definition));
    TRY(household_score_store_total(tx, &total));
    id_print(id, text);
    struct json *input = json_make(tx->arena, JSON_OBJECT);
    json_set(tx->arena, input, "score_id", json_make_text(tx->arena, text));
    TRY(job_make(tx, actor, score_job.kind, input, total, ret_job_id));
    TRY(score_definition_store_move(tx, id, row.state, draft ? "scoring" : "active", *ret_job_id, &moved));
    return note_act(tx, actor, "score.activate", id, arena_format(tx->arena, "{\"state\":\"%s\"}", row.state), "{\"state\":\"scoring\"}");
}
