/* assessment_submission_csv.c: answers as a table, a column for each thing that can be counted. */
#include <string.h>

#include "assessment/assessment_form_part.h"
#include "assessment/assessment_submission.h"
#include "lumbung/base/text.h"

struct table {
    struct arena *arena;
    const struct form *form;
    const struct submission *submissions;
    size_t count;
    struct buffer *csv;
    bool first;               /* of its line */
    const struct submission *line; /* NULL: the line of names */
};

/* What a spreadsheet would take for a formula gets an apostrophe; a number below zero is none. */
static bool
looks_like_formula(const char *text)
{
    bool number = text[0] == '-' && text[1] >= '0' && text[1] <= '9';
    return text[0] != '\0' && strchr("=+-@\t", text[0]) != NULL && !number;
}

static void
put(struct table *table, const char *text)
{
    buffer_add(table->csv, table->first ? "" : ",");
    table->first = false;
    if (looks_like_formula(text))
        text = arena_format(table->arena, "'%s", text);
    if (!strpbrk(text, ",\"\r\n")) {
        buffer_add(table->csv, text);
        return;
    }
    buffer_char(table->csv, '"');
    for (; *text; text++) {
        if (*text == '"')
            buffer_char(table->csv, '"');
        buffer_char(table->csv, *text);
    }
    buffer_char(table->csv, '"');
}

static const char *
text_of(struct table *table, const struct json *answer)
{
    struct buffer text;
    if (answer == NULL)
        return "n/a";
    if (answer->kind == JSON_TEXT)
        return answer->text;
    buffer_init(&text, table->arena);
    for (size_t i = 0; answer->kind == JSON_ARRAY && i < answer->count; i++)
        buffer_format(&text, "%s%s", i ? " " : "", answer->items[i]->kind == JSON_TEXT ? answer->items[i]->text : "");
    if (answer->kind != JSON_ARRAY)
        json_print(&text, NULL, answer);
    return buffer_text(&text);
}

static bool
is_chosen(const struct json *answer, const char *name)
{
    for (size_t i = 0; i < answer->count; i++)
        if (text_equal(answer->items[i]->text, name))
            return true;
    return false;
}

static void
put_choices(struct table *table, const struct form_question *question, const char *path, const struct json *answer)
{
    const struct json *choices = json_get(question->json, "choices");
    for (size_t i = 0; i < choices->count; i++) {
        const char *name = json_get_text(choices->items[i], "name");
        if (table->line == NULL)
            put(table, arena_format(table->arena, "%s/%s", path, name));
        else
            put(table, answer == NULL ? "n/a" : is_chosen(answer, name) ? "True" : "False");
    }
}

static void
put_point(struct table *table, const char *path, const struct json *answer)
{
    static const char *const parts[] = {"latitude", "longitude", "altitude", "precision"};
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *rest = answer ? answer->text : "";
    put(table, table->line ? text_of(table, answer) : path);
    for (size_t i = 0; i < 4; i++) {
        size_t length = strcspn(rest, " ");
        if (table->line == NULL)
            put(table, arena_format(table->arena, "%.*s_%s_%s", (int)(name - path), path, name, parts[i]));
        else
            put(table, length > 0 ? arena_copy(table->arena, rest, length) : "n/a");
        rest += length + (rest[length] == ' ');
    }
}

static void
put_question(struct table *table, const struct form_question *question, const char *before, const struct json *answers)
{
    const char *path = arena_format(table->arena, "%s%s", before, question->name);
    const struct json *answer = json_get(answers, question->name);
    if (form_is(question, "select_multiple"))
        put_choices(table, question, path, answer);
    else if (form_is(question, "point"))
        put_point(table, path, answer);
    else
        put(table, table->line ? text_of(table, answer) : path);
}

/* "house/" of a question in the group house; groups around the repeat stand before the entry. */
static const char *
groups_of(struct table *table, const struct form_question *question, const struct form_question *end)
{
    const char *path = "";
    for (const struct form_question *group = question->group; group && group != end; group = group->group)
        path = arena_format(table->arena, "%s/%s", group->name, path);
    return path;
}

static size_t
entries_of(const struct table *table, const struct form_question *repeat)
{
    size_t most = 0;
    for (size_t i = 0; i < table->count; i++) {
        const struct json *entries = json_get(table->submissions[i].answers, repeat->name);
        most = entries && entries->kind == JSON_ARRAY && entries->count > most ? entries->count : most;
    }
    return most;
}

static bool
has_column(const struct form_question *question)
{
    return form_takes_answer(question) && !form_is(question, "repeat");
}

static void
put_repeat(struct table *table, const struct form_question *repeat)
{
    const struct json *entries = table->line ? json_get(table->line->answers, repeat->name) : NULL;
    for (size_t entry = 0, most = entries_of(table, repeat); entry < most; entry++) {
        const char *before = arena_format(table->arena, "%s%s[%zu]/", groups_of(table, repeat, NULL), repeat->name, entry + 1);
        for (size_t i = repeat->index + 1; i < repeat->end; i++) {
            const struct form_question *question = &table->form->questions[i];
            if (has_column(question))
                put_question(table, question, arena_format(table->arena, "%s%s", before, groups_of(table, question, repeat)), entries && entry < entries->count ? entries->items[entry] : NULL);
        }
    }
}

static void
put_line(struct table *table, const struct submission *line)
{
    table->line = line;
    table->first = true;
    for (size_t i = 0; i < table->form->question_count; i++) {
        const struct form_question *question = &table->form->questions[i];
        if (form_is(question, "repeat"))
            put_repeat(table, question);
        else if (has_column(question) && question->repeat == NULL)
            put_question(table, question, groups_of(table, question, NULL), line ? line->answers : NULL);
    }
    put(table, line ? (line->instance_id ? line->instance_id : "n/a") : "meta/instanceID");
    buffer_add(table->csv, "\n");
}

void
submission_print_csv(struct arena *arena, const struct form *form, const struct submission *submissions, size_t count, struct buffer *ret_csv)
{
    struct table table = {.arena = arena, .form = form, .submissions = submissions, .count = count, .csv = ret_csv};
    put_line(&table, NULL);
    for (size_t i = 0; i < count; i++)
        put_line(&table, &submissions[i]);
}
