/* score_flag_make.c: the agency's flags: read, checked against what is there, in use at once, since their truth is found whenever somebody asks. */
#include "score/score_flag.h"

#include <string.h>

#include "assessment/assessment_form.h"
#include "lumbung/audit.h"
#include "lumbung/base/limits.h"
#include "lumbung/base/text.h"
#include "score/score_reference.h"
#include "score/score_vocabulary.h"

static const char *const members[] = {"id", "version", "state", "created_at", "own", "name", "label", "about", "expression", NULL};

static void
check_name(const char *name, struct error **error)
{
    if (text_is_blank(name))
        error_add_fault(error, "/name", FAULT_REQUIRED, NULL, NULL);
    else if (name[0] < 'a' || name[0] > 'z' || strlen(name) > 60 || strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != strlen(name))
        error_add_fault(error, "/name", FAULT_TEXT, NULL, NULL);
    else if (score_flag_is_own(name))
        error_add_fault(error, "/name", FAULT_CONFLICT, name, NULL);
}

static struct error *
check_expression(struct tx *tx, const struct json *json, struct error **error)
{
    struct score_known *known = NULL;
    struct rule *rule = NULL;
    const char *text = json_get_text(json, "expression"), *name = json_get_text(json, "name");
    if (text_is_blank(text)) {
        error_add_fault(error, "/expression", FAULT_REQUIRED, NULL, NULL);
        return NULL;
    }
    struct error *fault = rule_compile(tx->arena, text, "/expression", &score_vocabulary, RULE_BOOL, false, &rule);
    if (fault) {
        error_take_faults(error, fault);
        return NULL;
    }
    TRY(score_reference_load(tx, &known));
    score_reference_check(tx->arena, known, rule, arena_format(tx->arena, "flag:%s", name ? name : ""), "/expression", error);
    return NULL;
}

static struct error *
check(struct tx *tx, const struct json *json)
{
    struct error *error = NULL;
    const char *about = json_get_text(json, "about");
    if (json == NULL || json->kind != JSON_OBJECT)
        return error_field("", FAULT_TYPE, "an object", NULL);
    form_check_members(tx->arena, json, members, "", &error);
    check_name(json_get_text(json, "name"), &error);
    form_check_label(tx->arena, json, "label", true, "", &error);
    if (about && (!text_is_clean(about, false) || text_characters(about) > LIMIT_TEXT))
        error_add_fault(&error, "/about", FAULT_TEXT, NULL, NULL);
    struct error *fault = check_expression(tx, json, &error);
    if (fault) {
        error_free(error);
        return fault;
    }
    return error;
}

static struct error *
note_act(struct tx *tx, const struct actor *actor, const char *action, struct id id, const char *before, const char *after)
{
    struct audit_part part = {.kind = "flag", .id = id, .before = before, .after = after};
    struct audit_change change = {.action = action, .record_id = id, .parts = &part, .part_count = 1};
    return audit_append(tx, actor, &change, NULL);
}

struct error *
score_flag_make(struct tx *tx, const struct actor *actor, const struct json *json, struct id *ret_id)
{
    static const char *const kept[] = {"name", "label", "about", "expression"};
    struct buffer text;
    struct score_flag_row *rows = NULL;
    int64_t last = 0;
    size_t count = 0;
    TRY(check(tx, json));
    const char *name = json_get_text(json, "name");
    TRY(score_flag_store_last_version(tx, name, &last));
    TRY(score_flag_store_current(tx, &rows, &count));
    if (last == 0 && count >= SCORE_FLAGS_MAX)
        return error_field("/name", FAULT_RANGE, "0", "100");
    struct json *own = json_make(tx->arena, JSON_OBJECT);
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
        if (json_get(json, kept[i]))
            json_set(tx->arena, own, kept[i], json_get(json, kept[i]));
    buffer_init(&text, tx->arena);
    json_print(&text, NULL, own);
    struct score_flag_row row = {.id = tx_new_id(tx), .name = name, .version = last + 1, .definition = buffer_text(&text)};
    TRY(score_flag_store_replace(tx, name));
    TRY(score_flag_store_insert(tx, actor, &row));
    *ret_id = row.id;
    return note_act(tx, actor, "flag.create", row.id, NULL, row.definition);
}

struct error *
score_flag_retire(struct tx *tx, const struct actor *actor, struct id id)
{
    struct score_flag_row row;
    bool found = false, retired = false;
    TRY(score_flag_store_load(tx, id, &row, &found));
    if (!found)
        return error_new(ERROR_NOT_FOUND);
    TRY(score_flag_store_retire(tx, id, &retired));
    if (!retired)
        return error_state(&flag_state_codes, row.state, BARRED_RETIRE);
    return note_act(tx, actor, "flag.retire", id, "{\"state\":\"active\"}", "{\"state\":\"retired\"}");
}
