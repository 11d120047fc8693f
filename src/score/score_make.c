/* score_make.c: a definition becomes a draft, is checked against what is there, and is taken into use by a job that scores everybody first. */
#include "score/score_act.h"

#include <string.h>

#include "assessment/assessment_store.h"
#include "lumbung/audit.h"
#include "lumbung/base/text.h"

#define NEEDS "household.needs."
#define FORMS_MAX 200

static const char *
before_colon(struct arena *arena, const char *name)
{
    const char *colon = strchr(name, ':');
    return colon ? arena_copy(arena, name, (size_t)(colon - name)) : name;
}

static void
add_once(struct arena *arena, struct json *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (text_equal(names->items[i]->text, name))
            return;
    json_push(arena, names, json_make_text(arena, name));
}

/* "score:NAME" or "score_between:NAME:LINE" of what an expression reads, as written; the bounds of score_between are no names. NULL for all else. */
static const char *
score_reference(const char *read)
{
    struct decimal bound;
    if (text_begins(read, "score:"))
        return read + strlen("score:");
    return text_begins(read, "score_between:") && !decimal_parse(read + strlen("score_between:"), &bound) ? read + strlen("score_between:") : NULL;
}

void
score_names_read(struct arena *arena, const struct score_definition *definition, struct json *ret_names)
{
    struct json *reads = json_make(arena, JSON_ARRAY);
    score_definition_reads(definition, arena, reads);
    for (size_t i = 0; i < reads->count; i++)
        if (score_reference(reads->items[i]->text))
            add_once(arena, ret_names, before_colon(arena, score_reference(reads->items[i]->text)));
}

/* --- what is there ------------------------------------------------------------------------------------------------------------------------ */

/* The questionnaires in use and the scores in use, or being computed. */
struct known {
    struct json **forms;
    size_t form_count;
    struct score_definition **definitions;
    size_t definition_count;
};

static struct error *
load_known(struct tx *tx, struct known *known)
{
    struct form_row *forms = ARENA_ARRAY(tx->arena, struct form_row, FORMS_MAX);
    struct score_definition_row *rows = NULL;
    TRY(form_store_list(tx, (struct id){{0}}, FORMS_MAX, forms, &known->form_count));
    known->forms = ARENA_ARRAY(tx->arena, struct json *, known->form_count);
    for (size_t i = 0; i < known->form_count; i++)
        TRY(json_parse(tx->arena, forms[i].definition, strlen(forms[i].definition), &known->forms[i]));
    TRY(score_definition_store_in_use(tx, true, &rows, &known->definition_count));
    known->definitions = ARENA_ARRAY(tx->arena, struct score_definition *, known->definition_count);
    for (size_t i = 0; i < known->definition_count; i++) {
        struct json *json = NULL;
        TRY(json_parse(tx->arena, rows[i].definition, strlen(rows[i].definition), &json));
        TRY(score_definition_read(tx->arena, json, &known->definitions[i]));
    }
    return NULL;
}

static bool
form_has(const struct known *known, const char *list, const char *name)
{
    for (size_t i = 0; i < known->form_count; i++) {
        const struct json *entries = json_get(known->forms[i], list);
        for (size_t j = 0; entries && j < entries->count; j++)
            if (text_equal(json_get_text(entries->items[j], "name"), name))
                return true;
    }
    return false;
}

static bool
has_line(const struct score_definition *definition, const char *line)
{
    for (size_t i = 0; i < definition->lookup.line_count; i++)
        if (text_equal(definition->lookup.lines[i], line))
            return true;
    return false;
}

static bool
has_score(struct arena *arena, const struct known *known, const char *reference)
{
    const char *colon = strchr(reference, ':'), *name = before_colon(arena, reference);
    for (size_t i = 0; i < known->definition_count; i++)
        if (text_equal(known->definitions[i]->name, name) && (colon == NULL || has_line(known->definitions[i], colon + 1)))
            return true;
    return colon == NULL && form_has(known, "scores", name);
}

/* Does the score `name`, or one that it reads, read `wanted`? A score in use twice (its next version is being computed) counts with both. */
static bool
leads_to(struct arena *arena, const struct known *known, const char *name, const char *wanted, size_t depth)
{
    if (text_equal(name, wanted))
        return true;
    for (size_t i = 0; depth > 0 && i < known->definition_count; i++) {
        struct json *names = json_make(arena, JSON_ARRAY);
        if (!text_equal(known->definitions[i]->name, name))
            continue;
        score_names_read(arena, known->definitions[i], names);
        for (size_t j = 0; j < names->count; j++)
            if (leads_to(arena, known, names->items[j]->text, wanted, depth - 1))
                return true;
    }
    return false;
}

static void
check_input(struct arena *arena, const struct known *known, const struct score_definition *definition, size_t index, struct error **error)
{
    struct json *reads = json_make(arena, JSON_ARRAY);
    const char *at = arena_format(arena, "/indicators/%zu/input", index);
    rule_reads(definition->indicators[index].input, arena, reads);
    for (size_t i = 0; i < reads->count; i++) {
        const char *read = reads->items[i]->text, *reference = score_reference(read);
        if (text_begins(read, NEEDS) && !form_has(known, "questions", read + strlen(NEEDS)))
            error_add_fault(error, at, FAULT_REFERENCE, read + strlen(NEEDS), NULL);
        if (reference == NULL)
            continue;
        if (leads_to(arena, known, before_colon(arena, reference), definition->name, known->definition_count + 1))
            error_add_fault(error, at, FAULT_CYCLE, definition->name, NULL);
        else if (!has_score(arena, known, reference))
            error_add_fault(error, at, FAULT_REFERENCE, reference, NULL);
    }
}

struct error *
score_check_references(struct tx *tx, const struct score_definition *definition)
{
    struct known known = {0};
    struct error *error = NULL;
    TRY(load_known(tx, &known));
    if (form_has(&known, "scores", definition->name))
        error_add_fault(&error, "/name", FAULT_CONFLICT, "a questionnaire's score of this name", NULL);
    for (size_t i = 0; i < definition->indicator_count; i++)
        check_input(tx->arena, &known, definition, i, &error);
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
        return error_with(ERROR_STATE, row.state, "activate", NULL);
    TRY(score_check_references(tx, definition));
    TRY(household_score_store_total(tx, &total));
    id_print(id, text);
    struct json *input = json_make(tx->arena, JSON_OBJECT);
    json_set(tx->arena, input, "score_id", json_make_text(tx->arena, text));
    TRY(job_make(tx, actor, score_job.kind, input, total, ret_job_id));
    TRY(score_definition_store_move(tx, id, row.state, draft ? "scoring" : "active", *ret_job_id, &moved));
    return note_act(tx, actor, "score.activate", id, arena_format(tx->arena, "{\"state\":\"%s\"}", row.state), "{\"state\":\"scoring\"}");
}
