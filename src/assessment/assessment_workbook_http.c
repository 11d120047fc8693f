/* assessment_workbook_http.c: forms from and to XLSForm workbooks. */
#include <string.h>

#include "assessment/assessment_fields.h"
#include "assessment/assessment_xlsform.h"
#include "lumbung/base/text.h"

static const struct field workbook_fields[] = {
    {"name", offsetof(struct form_workbook_query, name), FIELD_TEXT, 0, 1, 200, NULL, NULL, "of the form when its settings name none"},
    {"language", offsetof(struct form_workbook_query, language), FIELD_TEXT, 0, 2, 20, NULL, NULL, "of labels without a language: id, en, ar"},
};
FIELD_TABLE(form_workbook_table, "form_workbook", struct form_workbook_query, workbook_fields);

/* Unpacked and translated on the pool: the lane only stores it. */
struct error *
form_workbook_prepare(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct json *json = NULL;
    const struct form_workbook_query *query = call->query;
    TRY(assessment_form_from_workbook(tx->arena, call->body, query->name ? query->name : "Kuesioner", query->language, &json));
    reply->prepared = json;
    return NULL;
}

struct error *
form_workbook_get_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct form_row row;
    struct form *form = NULL;
    struct bytes bytes;
    TRY(assessment_form_load(tx, call->ids[0], &row, &form));
    TRY(xlsform_write(tx->arena, form, arena_format(tx->arena, "%lld", (long long)row.version), &bytes));
    reply->content_type = FORM_WORKBOOK_TYPE;
    reply->filename = arena_format(tx->arena, "%s.xlsx", row.name);
    buffer_bytes(&reply->body, bytes.data, bytes.length);
    return NULL;
}
