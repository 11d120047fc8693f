/* assessment_xlsform_write.c: a form as an XLSForm workbook. Scores have no place there; what XPath cannot say is refused at its question. */
#include <string.h>

#include "assessment/assessment_form_part.h"
#include "assessment/assessment_xlsform.h"
#include "assessment/assessment_xpath_back.h"
#include "lumbung/base/text.h"

#define COLUMNS_MAX 160

struct sheet_writer {
    struct arena *arena;
    const struct form *form;
    struct error **error;
    struct workbook_sheet *sheet;
    const char *columns[COLUMNS_MAX];
    int column_count;
    size_t room;
};

static int
column_of(struct sheet_writer *writer, const char *name)
{
    for (int i = 0; i < writer->column_count; i++)
        if (strcmp(writer->columns[i], name) == 0)
            return i;
    if (writer->column_count == COLUMNS_MAX)
        return -1;
    writer->columns[writer->column_count] = name;
    return writer->column_count++;
}

static void
add_row(struct sheet_writer *writer)
{
    writer->sheet->rows = arena_grow(writer->arena, writer->sheet->rows, writer->sheet->row_count, &writer->room, sizeof *writer->sheet->rows);
    struct workbook_row *row = &writer->sheet->rows[writer->sheet->row_count++];
    *row = (struct workbook_row){.number = (int)writer->sheet->row_count + 1, .cells = ARENA_ARRAY(writer->arena, struct workbook_cell, COLUMNS_MAX)};
}

/* Cells of a row stand in the order of their columns, as programs expect. */
static void
put(struct sheet_writer *writer, const char *column, const char *text)
{
    struct workbook_row *row = &writer->sheet->rows[writer->sheet->row_count - 1];
    int at = text && text[0] ? column_of(writer, column) : -1;
    size_t place = row->cell_count;
    if (at < 0)
        return;
    for (; place > 0 && row->cells[place - 1].column > at; place--)
        row->cells[place] = row->cells[place - 1];
    row->cells[place] = (struct workbook_cell){.column = at, .text = text};
    row->cell_count++;
}

static void
put_words(struct sheet_writer *writer, const char *column, const struct json *words)
{
    for (size_t i = 0; words && i < writer->form->language_count; i++) {
        const char *tag = writer->form->languages[i];
        put(writer, arena_format(writer->arena, "%s::%s (%s)", column, tag, tag), json_get_text(words, tag));
    }
}

static void
finish(struct sheet_writer *writer)
{
    struct workbook_sheet *sheet = writer->sheet;
    struct workbook_row *rows = ARENA_ARRAY(writer->arena, struct workbook_row, sheet->row_count + 1);
    rows[0] = (struct workbook_row){.number = 1, .cells = ARENA_ARRAY(writer->arena, struct workbook_cell, writer->column_count), .cell_count = (size_t)writer->column_count};
    for (int i = 0; i < writer->column_count; i++)
        rows[0].cells[i] = (struct workbook_cell){.column = i, .text = writer->columns[i]};
    if (sheet->row_count > 0)
        memcpy(rows + 1, sheet->rows, sheet->row_count * sizeof *rows);
    sheet->rows = rows;
    sheet->row_count++;
}

/* --- survey ----------------------------------------------------------------------------------------------------------------------------- */

static const char *
list_of(const struct form_question *question)
{
    const char *list = json_get_text(question->json, "list");
    return list ? list : question->name;
}

static const char *
type_of(struct arena *arena, const struct form_question *question)
{
    static const char *const pairs[][2] = {{"point", "geopoint"}, {"photo", "image"}, {"calculated", "calculate"}, {"group", "begin_group"}, {"repeat", "begin_repeat"}};
    const struct json *other = json_get(question->json, "other");
    if (form_type_of(question)->choices)
        return arena_format(arena, "%s %s%s", question->type, list_of(question), other && other->boolean ? " or_other" : "");
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (strcmp(pairs[i][0], question->type) == 0)
            return pairs[i][1];
    return question->type;
}

static const char *
expression_of(struct sheet_writer *writer, const struct form_question *question, const char *member)
{
    const char *text = json_get_text(question->json, member);
    const char *written = text ? xpath_write(writer->arena, writer->form, text) : NULL;
    if (text && written == NULL)
        error_add_fault(writer->error, arena_format(writer->arena, "%s/%s", question->pointer, member), FAULT_WORKBOOK, "tidak dapat ditulis sebagai XLSForm", "it cannot be written as an XLSForm");
    return written;
}

/* Bounds have no columns of their own: they join the constraint. */
static const char *
constraint_of(struct sheet_writer *writer, const struct form_question *question)
{
    static const char *const bounds[][2] = {{"min", ". >= "}, {"max", ". <= "}};
    const char *text = expression_of(writer, question, "constraint");
    if (text && (json_get(question->json, "min") || json_get(question->json, "max")))
        text = arena_format(writer->arena, "(%s)", text);
    for (size_t i = 2; i > 0; i--) {
        const struct json *bound = json_get(question->json, bounds[i - 1][0]);
        if (bound)
            text = arena_format(writer->arena, "%s%lld%s%s", bounds[i - 1][1], (long long)bound->integer, text ? " and " : "", text ? text : "");
    }
    return text;
}

static const char *
default_of(struct arena *arena, const struct json *value)
{
    struct buffer text;
    if (value == NULL || value->kind == JSON_TEXT)
        return value ? value->text : NULL;
    buffer_init(&text, arena);
    for (size_t i = 0; value->kind == JSON_ARRAY && i < value->count; i++)
        buffer_format(&text, "%s%s", i ? " " : "", value->items[i]->text);
    if (value->kind != JSON_ARRAY)
        json_print(&text, NULL, value);
    return buffer_text(&text);
}

static void
add_question(struct sheet_writer *writer, const struct form_question *question)
{
    const struct json *json = question->json;
    add_row(writer);
    put(writer, "type", type_of(writer->arena, question));
    put(writer, "name", question->name);
    put_words(writer, "label", json_get(json, "label"));
    put_words(writer, "hint", json_get(json, "hint"));
    put_words(writer, "guidance_hint", json_get(json, "guidance"));
    put(writer, "required", question->required ? "yes" : NULL);
    put_words(writer, "required_message", json_get(json, "required_message"));
    put(writer, "relevant", expression_of(writer, question, "relevant"));
    put(writer, "constraint", constraint_of(writer, question));
    put_words(writer, "constraint_message", json_get(json, "constraint_message"));
    put(writer, "calculation", expression_of(writer, question, "calculation"));
    put(writer, "choice_filter", expression_of(writer, question, "filter"));
    put(writer, "default", default_of(writer->arena, json_get(json, "default")));
    put(writer, "parameters", json_get(json, "per") ? "per=member" : NULL);
}

static bool
comes_of_other(const struct form_question *question)
{
    size_t length = strlen(question->pointer);
    return length > 6 && strcmp(question->pointer + length - 6, "/other") == 0;
}

static void
write_survey(struct sheet_writer *writer)
{
    static const char *const first[] = {"type", "name"};
    for (size_t i = 0; i < 2; i++)
        column_of(writer, first[i]);
    for (size_t i = 0; i < writer->form->question_count; i++) {
        const struct form_question *question = &writer->form->questions[i];
        if (!comes_of_other(question))
            add_question(writer, question);
        for (const struct form_question *ends = form_type_of(question)->inner ? NULL : question->group; ends && ends->end == i + 1; ends = ends->group) {
            add_row(writer);
            put(writer, "type", form_is(ends, "group") ? "end_group" : "end_repeat");
        }
    }
    finish(writer);
}

/* --- choices, settings ------------------------------------------------------------------------------------------------------------------ */

static void
add_choices(struct sheet_writer *writer, const char *list, const struct json *choices)
{
    for (size_t i = 0; i < choices->count; i++) {
        const struct json *facts = json_get(choices->items[i], "facts");
        add_row(writer);
        put(writer, "list_name", list);
        put(writer, "name", json_get_text(choices->items[i], "name"));
        put_words(writer, "label", json_get(choices->items[i], "label"));
        for (size_t j = 0; facts && j < facts->count; j++)
            put(writer, facts->members[j].name, facts->members[j].value->text);
    }
}

/* The choice that `other` adds is no row: or_other says it. */
static const struct json *
written_choices(struct sheet_writer *writer, const struct form_question *question)
{
    const struct json *choices = json_get(question->json, "choices"), *other = json_get(question->json, "other");
    struct json *own = json_make(writer->arena, JSON_ARRAY);
    for (size_t i = 0; i < choices->count; i++)
        if (!(other && other->boolean && text_equal(json_get_text(choices->items[i], "name"), "other")))
            json_push(writer->arena, own, choices->items[i]);
    return own;
}

static void
write_choices(struct sheet_writer *writer)
{
    const struct json *lists = json_get(writer->form->json, "lists");
    for (size_t i = 0; lists && i < lists->count; i++)
        add_choices(writer, lists->members[i].name, lists->members[i].value);
    for (size_t i = 0; i < writer->form->question_count; i++) {
        const struct form_question *question = &writer->form->questions[i];
        if (form_type_of(question)->choices && json_get(question->json, "list") == NULL)
            add_choices(writer, question->name, written_choices(writer, question));
    }
    finish(writer);
}

static void
write_settings(struct sheet_writer *writer, const char *version)
{
    const struct json *title = json_get(writer->form->json, "title");
    const char *first = writer->form->languages[0];
    add_row(writer);
    put(writer, "form_title", title ? json_get_text(title, first) : writer->form->name);
    put(writer, "form_id", writer->form->name);
    put(writer, "version", version);
    put(writer, "default_language", arena_format(writer->arena, "%s (%s)", first, first));
    finish(writer);
}

struct error *
xlsform_write(struct arena *arena, const struct form *form, const char *version, struct bytes *ret_bytes)
{
    static const char *const names[] = {"survey", "choices", "settings"};
    struct error *error = NULL;
    struct workbook book = {.sheets = ARENA_ARRAY(arena, struct workbook_sheet, 3), .sheet_count = 3};
    struct sheet_writer writers[3];
    for (size_t i = 0; i < 3; i++) {
        book.sheets[i].name = names[i];
        writers[i] = (struct sheet_writer){.arena = arena, .form = form, .error = &error, .sheet = &book.sheets[i]};
    }
    write_survey(&writers[0]);
    write_choices(&writers[1]);
    write_settings(&writers[2], version);
    return error ? error : workbook_write(arena, &book, ret_bytes);
}
