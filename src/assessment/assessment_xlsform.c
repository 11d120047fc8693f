/* assessment_xlsform.c: a workbook as a form: rows become questions, groups close where they opened, faults go back to their row. */
#include "assessment/assessment_xlsform_part.h"

#include <stdlib.h>
#include <string.h>

#include "assessment/assessment_form.h"
#include "lumbung/base/text.h"

static void
put_text(const struct xlsform *form, struct json *object, const char *name, const char *text)
{
    if (text)
        json_set(form->arena, object, name, json_make_text(form->arena, text));
}

static void
put_words(const struct xlsform *form, const struct xlsform_row *row, struct json *question, const char *name, const char *column)
{
    struct json *words = xlsform_words(form, &form->survey, row->row, column);
    if (words)
        json_set(form->arena, question, name, words);
}

static bool
is_one_of(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(*words, text) == 0)
            return true;
    return false;
}

static void
put_required(struct xlsform *form, const struct xlsform_row *row, struct json *question)
{
    static const char *const yes[] = {"yes", "true", "true()", "TRUE", "True", "Yes", "YES", "1", NULL}, *const no[] = {"no", "false", "false()", "FALSE", "False", "No", "NO", "0", NULL};
    const char *text = xlsform_cell(form, &form->survey, row->row, "required");
    if (text && is_one_of(text, yes) && strcmp(row->type, "note") != 0)
        json_set(form->arena, question, "required", json_make_bool(form->arena, true));
    else if (text && !is_one_of(text, yes) && !is_one_of(text, no))
        xlsform_fault(form, "survey", row->row->number, "required", "tulis yes atau no", "write yes or no");
}

static struct json *
number_of(struct xlsform *form, const char *text)
{
    struct json *json = NULL;
    struct error *error = json_parse(form->arena, text, strlen(text), &json);
    error_free(error);
    return json && (json->kind == JSON_INT || json->kind == JSON_REAL) ? json : NULL;
}

static struct json *
words_as_list(struct xlsform *form, const char *text)
{
    struct json *list = json_make(form->arena, JSON_ARRAY);
    for (size_t length; *text; text += length) {
        length = strcspn(text, " ");
        if (length > 0)
            json_push(form->arena, list, json_make_text(form->arena, arena_copy(form->arena, text, length)));
        length += text[length] == ' ';
    }
    return list;
}

static void
put_default(struct xlsform *form, const struct xlsform_row *row, struct json *question)
{
    const char *text = xlsform_cell(form, &form->survey, row->row, "default");
    bool number = strcmp(row->type, "integer") == 0 || strcmp(row->type, "decimal") == 0;
    struct json *value = NULL;
    if (text == NULL || strcmp(row->type, "note") == 0)
        return;
    if (!strpbrk(text, "(${"))
        value = number ? number_of(form, text) : strcmp(row->type, "select_multiple") == 0 ? words_as_list(form, text) : json_make_text(form->arena, text);
    if (value)
        json_set(form->arena, question, "default", value);
    else
        xlsform_fault(form, "survey", row->row->number, "default", "hanya jawaban yang tertulis, bukan ungkapan", "a written answer only, no expression");
}

/* "start=1 end=10 step=1" bounds a range; "per=member" asks for each member of the household. */
static void
put_parameters(struct xlsform *form, const struct xlsform_row *row, struct json *question)
{
    static const char *const names[][2] = {{"start=", "min"}, {"end=", "max"}};
    const char *text = xlsform_cell(form, &form->survey, row->row, "parameters");
    if (text == NULL)
        return;
    for (size_t i = 0; i < 2; i++) {
        const char *at = strstr(text, names[i][0]);
        struct json *number = at && strcmp(row->type, "integer") == 0 ? number_of(form, arena_copy(form->arena, at + strlen(names[i][0]), strcspn(at + strlen(names[i][0]), " ,;"))) : NULL;
        if (number)
            json_set(form->arena, question, names[i][1], number);
    }
    if (strcmp(text, "per=member") == 0 && strcmp(row->type, "repeat") == 0)
        put_text(form, question, "per", "member");
}

static void
put_calculation(struct xlsform *form, size_t index, struct json *question)
{
    enum xpath_type type = XPATH_TEXT;
    const char *text = xlsform_expression(form, index, "calculation", XPATH_CALCULATION, &type);
    if (text == NULL && !error_has_fault(*form->error, arena_format(form->arena, "survey row %d, column calculation", form->rows[index].row->number)))
        xlsform_fault(form, "survey", form->rows[index].row->number, "calculation", "kosong; tulis apa yang dihitung", "it is empty; write what is calculated");
    if (text && type == XPATH_BOOL)
        text = arena_format(form->arena, "(%s) ? 'true' : 'false'", text);
    put_text(form, question, "calculation", text);
    put_text(form, question, "result", type == XPATH_INT ? "integer" : type == XPATH_REAL ? "decimal" : "text");
}

static struct json *
read_question(struct xlsform *form, size_t index)
{
    const struct xlsform_row *row = &form->rows[index];
    struct json *question = json_make(form->arena, JSON_OBJECT);
    put_text(form, question, "name", row->name);
    put_text(form, question, "type", row->type);
    put_words(form, row, question, "label", "label");
    put_words(form, row, question, "hint", "hint");
    put_words(form, row, question, "guidance", "guidance_hint");
    put_text(form, question, "list", row->list);
    if (row->other)
        json_set(form->arena, question, "other", json_make_bool(form->arena, true));
    put_required(form, row, question);
    put_words(form, row, question, "required_message", "required_message");
    put_text(form, question, "relevant", xlsform_expression(form, index, "relevant", XPATH_RELEVANT, NULL));
    if (strcmp(row->type, "calculated") == 0) {
        put_calculation(form, index, question);
        return question;
    }
    put_text(form, question, "constraint", xlsform_expression(form, index, "constraint", XPATH_CONSTRAINT, NULL));
    put_words(form, row, question, "constraint_message", "constraint_message");
    put_text(form, question, "filter", xlsform_expression(form, index, "choice_filter", XPATH_FILTER, NULL));
    put_default(form, row, question);
    put_parameters(form, row, question);
    if (xlsform_cell(form, &form->survey, row->row, "calculation"))
        xlsform_fault(form, "survey", row->row->number, "calculation", "hanya untuk jenis calculate", "for the type calculate only");
    if (xlsform_cell(form, &form->survey, row->row, "repeat_count"))
        xlsform_fault(form, "survey", row->row->number, "repeat_count", "banyaknya isian ditentukan saat wawancara; hapus", "how many entries there are is seen in the interview; remove it");
    return question;
}

/* --- nesting ---------------------------------------------------------------------------------------------------------------------------- */

#define OPEN_MAX 64
struct nesting {
    struct json *questions[OPEN_MAX + 1];
    const char *pointers[OPEN_MAX + 1];
    const struct xlsform_row *open[OPEN_MAX + 1];
    size_t depth;
};

static void
close_group(struct xlsform *form, struct nesting *nesting, const struct xlsform_row *row)
{
    const struct xlsform_row *open = nesting->open[nesting->depth];
    if (nesting->depth == 0) {
        xlsform_fault(form, "survey", row->row->number, "type", arena_format(form->arena, "end_%s tanpa pembuka", row->type), arena_format(form->arena, "end_%s without a begin", row->type));
        return;
    }
    if (strcmp(open->type, row->type) != 0)
        xlsform_fault(form, "survey", row->row->number, "type", arena_format(form->arena, "baris %d membuka %s", open->row->number, open->type), arena_format(form->arena, "row %d begins a %s", open->row->number, open->type));
    nesting->depth--;
}

static void
open_group(struct xlsform *form, struct nesting *nesting, const struct xlsform_row *row, struct json *question)
{
    struct json *inner = json_make(form->arena, JSON_ARRAY);
    json_set(form->arena, question, "questions", inner);
    if (nesting->depth == OPEN_MAX)
        return; /* the form refuses far less deep ones */
    nesting->depth++;
    nesting->questions[nesting->depth] = inner;
    nesting->pointers[nesting->depth] = row->pointer;
    nesting->open[nesting->depth] = row;
}

struct json *
xlsform_read_questions(struct xlsform *form)
{
    struct nesting nesting = {.questions = {json_make(form->arena, JSON_ARRAY)}, .pointers = {""}};
    for (size_t i = 0; i < form->row_count; i++) {
        struct xlsform_row *row = &form->rows[i];
        if (row->type == NULL)
            continue;
        if (row->ends) {
            close_group(form, &nesting, row);
            continue;
        }
        if (row->name == NULL)
            xlsform_fault(form, "survey", row->row->number, "name", "kosong; beri nama", "it is empty; give a name");
        struct json *question = read_question(form, i), *into = nesting.questions[nesting.depth];
        row->pointer = arena_format(form->arena, "%s/questions/%zu", nesting.pointers[nesting.depth], into->count);
        json_push(form->arena, into, question);
        if (strcmp(row->type, "group") == 0 || strcmp(row->type, "repeat") == 0)
            open_group(form, &nesting, row, question);
    }
    for (; nesting.depth > 0; nesting.depth--)
        xlsform_fault(form, "survey", nesting.open[nesting.depth]->row->number, "type", arena_format(form->arena, "%s ini tidak ditutup; tambahkan end_%s", nesting.open[nesting.depth]->type, nesting.open[nesting.depth]->type),
                      arena_format(form->arena, "this %s is not closed; add end_%s", nesting.open[nesting.depth]->type, nesting.open[nesting.depth]->type));
    return nesting.questions[0];
}

/* --- faults go back to their row -------------------------------------------------------------------------------------------------------- */

static const char *
column_of(const char *rest)
{
    static const struct { const char *member, *column; } names[] = {{"/filter", "choice_filter"}, {"/guidance", "guidance_hint"}, {"/list", "type"}, {"/choices", "type"}, {"/type", "type"},
                                                                    {"/other", "type"}, {"/questions", "type"}, {"/per", "parameters"}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (text_begins(rest, names[i].member))
            return names[i].column;
    return rest[0] == '/' ? rest + 1 : "name";
}

static const char *
place_of(const struct xlsform *form, const char *pointer)
{
    const struct xlsform_row *best = NULL;
    for (size_t i = 0; i < form->row_count; i++) {
        const char *own = form->rows[i].pointer;
        bool inside = own && text_begins(pointer, own) && (pointer[strlen(own)] == '/' || pointer[strlen(own)] == '\0');
        if (inside && (best == NULL || strlen(own) > strlen(best->pointer)))
            best = &form->rows[i];
    }
    if (best == NULL)
        return text_begins(pointer, "/lists/") ? arena_format(form->arena, "choices, list %s", pointer + strlen("/lists/")) : pointer;
    const char *column = column_of(pointer + strlen(best->pointer));
    return arena_format(form->arena, "survey row %d, column %.*s", best->row->number, (int)strcspn(column, "/"), column);
}

static struct error *
check_form(const struct xlsform *form, const struct json *json)
{
    struct form *read = NULL;
    struct error *found = form_read(form->arena, json, &read), *error = NULL;
    for (size_t i = 0; found && i < found->fault_count; i++)
        error_add_fault_with(&error, place_of(form, found->faults[i].pointer), found->faults[i].code, found->faults[i].arguments);
    error_free(found);
    return error;
}

/* --- the whole -------------------------------------------------------------------------------------------------------------------------- */

static const char *
setting(const struct xlsform *form, const char *name)
{
    const struct workbook_sheet *sheet = form->settings.sheet;
    return sheet && sheet->row_count > 1 ? xlsform_cell(form, &form->settings, &sheet->rows[1], name) : NULL;
}

static struct json *
make_form(struct xlsform *form)
{
    struct json *json = json_make(form->arena, JSON_OBJECT), *languages = json_make(form->arena, JSON_ARRAY), *title = json_make(form->arena, JSON_OBJECT);
    const char *shown = setting(form, "form_title"), *name = setting(form, "form_id");
    if (name == NULL)
        name = shown ? shown : form->options->name;
    for (size_t i = 0; i < form->language_count; i++) {
        json_push(form->arena, languages, json_make_text(form->arena, form->languages[i]));
        json_set(form->arena, title, form->languages[i], json_make_text(form->arena, shown ? shown : name));
    }
    json_set(form->arena, json, "name", json_make_text(form->arena, name));
    json_set(form->arena, json, "title", title);
    json_set(form->arena, json, "languages", languages);
    struct json *lists = xlsform_read_lists(form);
    if (lists->count > 0)
        json_set(form->arena, json, "lists", lists);
    json_set(form->arena, json, "questions", xlsform_read_questions(form));
    return json;
}

struct error *
xlsform_read(struct arena *arena, const struct workbook *book, const struct xlsform_options *options, struct json **ret_form)
{
    struct error *error = NULL;
    struct xlsform form = {.arena = arena, .error = &error, .options = options};
    xlsform_open_sheet(&form, book, "survey", &form.survey);
    xlsform_open_sheet(&form, book, "choices", &form.choices);
    xlsform_open_sheet(&form, book, "settings", &form.settings);
    if (form.survey.sheet == NULL || form.survey.column_count == 0) {
        xlsform_fault(&form, "survey", 0, NULL, "lembar survey tidak ada atau kosong", "the sheet survey is missing or empty");
        return error;
    }
    if (form.survey.sheet->row_count > XLSFORM_ROWS_MAX)
        xlsform_fault(&form, "survey", 0, NULL, "lebih dari 2000 baris", "more than 2000 rows");
    if (form.choices.sheet && form.choices.sheet->row_count > XLSFORM_ROWS_MAX)
        xlsform_fault(&form, "choices", 0, NULL, "lebih dari 2000 baris", "more than 2000 rows");
    if (error)
        return error;
    xlsform_read_languages(&form);
    xlsform_read_types(&form);
    xlsform_infer_calculations(&form);
    struct json *json = make_form(&form);
    if (error == NULL)
        error = check_form(&form, json);
    if (error == NULL)
        *ret_form = json;
    return error;
}
