/* assessment_workbook.c: what the command line does with workbooks and submissions. */
#include <string.h>

#include "assessment/assessment_fields.h"
#include "assessment/assessment_submission.h"
#include "assessment/assessment_xlsform.h"
#include "lumbung/base/text.h"

struct error *
assessment_form_from_workbook(struct arena *arena, struct bytes bytes, const char *name, const char *language, struct json **ret_json)
{
    const struct xlsform_options options = {.name = name, .language = language};
    struct workbook *book = NULL;
    TRY(workbook_read(arena, bytes.data, bytes.length, &book));
    return xlsform_read(arena, book, &options, ret_json);
}

struct error *
assessment_form_store(struct tx *tx, const struct actor *actor, const struct json *json, int64_t *ret_version)
{
    struct id id;
    TRY(assessment_form_make(tx, actor, json, &id));
    return form_store_last_version(tx, json_get_text(json, "name"), ret_version);
}

struct error *
assessment_form_to_workbook(struct tx *tx, const char *name, struct bytes *ret_bytes)
{
    struct form_row row;
    struct form *form = NULL;
    bool found = false;
    TRY(form_store_load_last(tx, name, INT64_MAX, &row, &found));
    if (!found)
        return error_new(ERROR_NOT_FOUND);
    TRY(assessment_form_load(tx, row.id, &row, &form));
    return xlsform_write(tx->arena, form, arena_format(tx->arena, "%lld", (long long)row.version), ret_bytes);
}

/* --- a table of submissions ------------------------------------------------------------------------------------------------------------- */

struct assessment_table {
    struct arena *arena;
    struct form *form;
    struct submission *submissions;
    size_t count, room;
};

struct error *
assessment_table_start(struct arena *arena, const struct json *json, struct assessment_table **ret_table)
{
    struct assessment_table *table = ARENA_NEW(arena, struct assessment_table);
    table->arena = arena;
    TRY(form_read(arena, json, &table->form));
    *ret_table = table;
    return NULL;
}

struct error *
assessment_table_add(struct assessment_table *table, const char *xml, size_t length)
{
    struct submission submission;
    TRY(submission_read(table->arena, table->form, xml, length, &submission));
    TRY(form_evaluate(table->arena, table->form, NULL, submission.answers, &submission.answers));
    table->submissions = arena_grow(table->arena, table->submissions, table->count, &table->room, sizeof *table->submissions);
    table->submissions[table->count++] = submission;
    return NULL;
}

void
assessment_table_print(const struct assessment_table *table, struct buffer *csv)
{
    submission_print_csv(table->arena, table->form, table->submissions, table->count, csv);
}
