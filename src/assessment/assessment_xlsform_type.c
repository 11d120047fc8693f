/* assessment_xlsform_type.c: what each row of the survey sheet is, and what its expressions may name. */
#include <string.h>

#include "assessment/assessment_xlsform_part.h"
#include "lumbung/base/text.h"

static const struct { const char *theirs, *ours; } plain_types[] = {
    {"integer", "integer"},   {"int", "integer"},         {"decimal", "decimal"},  {"text", "text"},           {"string", "text"},       {"date", "date"},
    {"note", "note"},         {"geopoint", "point"},      {"location", "point"},   {"gps", "point"},           {"image", "photo"},       {"photo", "photo"},
    {"barcode", "barcode"},   {"calculate", "calculated"},{"range", "integer"},    {"begin_group", "group"},   {"begin_repeat", "repeat"}, {"begin_loop", ""},
};
/* What the phone notes by itself: the server keeps day, person and time of an interview anyway. */
static const char *const silent_types[] = {"start", "end", "today", "deviceid", "username", "phonenumber", "email", "simserial", "subscriberid", "audit", "start-geopoint"};
static const struct { const char *theirs, *ours; } choice_types[] = {
    {"select_one_from_file ", ""}, {"select_multiple_from_file ", ""}, {"select_one ", "select_one"}, {"select_one_from ", "select_one"}, {"select1 ", "select_one"}, {"select_multiple ", "select_multiple"},
    {"select_all_that_apply_from ", "select_multiple"}, {"select_all_that_apply ", "select_multiple"}, {"rank ", "rank"},
};

/* "select one from yes_no" and "begin group" are select_one yes_no and begin_group. */
static const char *
fold_type(struct arena *arena, const char *text)
{
    static const char *const spellings[][2] = {
        {"select one from file ", "select_one_from_file "}, {"select one from ", "select_one "}, {"select one ", "select_one "}, {"select all that apply from ", "select_multiple "},
        {"select all that apply ", "select_multiple "}, {"select multiple from ", "select_multiple "}, {"select multiple ", "select_multiple "}, {"begin group", "begin_group"}, {"end group", "end_group"},
        {"begin repeat", "begin_repeat"}, {"end repeat", "end_repeat"}, {"begin loop", "begin_loop"},
    };
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++)
        if (text_begins(text, spellings[i][0]))
            return arena_format(arena, "%s%s", spellings[i][1], text + strlen(spellings[i][0]));
    return text;
}

static bool
is_silent(const char *type)
{
    for (size_t i = 0; i < sizeof silent_types / sizeof silent_types[0]; i++)
        if (strcmp(type, silent_types[i]) == 0)
            return true;
    return false;
}

static void
add_type_fault(struct xlsform *form, const struct xlsform_row *row, const char *type)
{
    xlsform_fault(form, "survey", row->row->number, "type", arena_format(form->arena, "jenis '%s' tidak ada di sini", type), arena_format(form->arena, "the type '%s' is not known here", type));
}

/* "yes_no or_other": the list, and that another answer may be given in words. */
static void
read_list(struct xlsform *form, struct xlsform_row *row, const char *rest)
{
    static const char *const others[] = {" or_other", " or other", " or specify other"};
    size_t length = strlen(rest);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        size_t tail = strlen(others[i]);
        if (length > tail && strcmp(rest + length - tail, others[i]) == 0) {
            row->other = true;
            length -= tail;
        }
    }
    row->list = arena_copy(form->arena, rest, length);
    if (strchr(row->list, ' '))
        xlsform_fault(form, "survey", row->row->number, "type", "nama daftar tidak boleh mengandung spasi", "the name of a list may hold no blanks");
}

static void
read_type(struct xlsform *form, struct xlsform_row *row, const char *written)
{
    const char *type = fold_type(form->arena, written);
    if (strcmp(type, "end_group") == 0 || strcmp(type, "end_repeat") == 0) {
        row->ends = true;
        row->type = strcmp(type, "end_group") == 0 ? "group" : "repeat";
        return;
    }
    for (size_t i = 0; i < sizeof plain_types / sizeof plain_types[0]; i++)
        if (strcmp(type, plain_types[i].theirs) == 0 && plain_types[i].ours[0])
            row->type = plain_types[i].ours;
    for (size_t i = 0; row->type == NULL && i < sizeof choice_types / sizeof choice_types[0]; i++)
        if (text_begins(type, choice_types[i].theirs) && choice_types[i].ours[0]) {
            row->type = choice_types[i].ours;
            read_list(form, row, type + strlen(choice_types[i].theirs));
        } else if (text_begins(type, choice_types[i].theirs))
            break;
    if (row->type == NULL && !is_silent(type))
        add_type_fault(form, row, written);
}

static enum xpath_type
xpath_type_of(const char *type)
{
    static const struct { const char *type; enum xpath_type is; } rows[] = {
        {"integer", XPATH_INT}, {"decimal", XPATH_REAL}, {"date", XPATH_DATE}, {"select_multiple", XPATH_LIST}, {"rank", XPATH_LIST}, {"repeat", XPATH_ENTRIES},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i].type, type) == 0)
            return rows[i].is;
    return XPATH_TEXT;
}

static const char *
repeat_name(const struct xlsform *form, const struct xlsform_row *row)
{
    return row->repeat ? form->rows[row->repeat - 1].name : NULL;
}

static void
add_names(struct xlsform *form, const struct xlsform_row *row)
{
    if (row->type == NULL || row->ends || row->name == NULL || strcmp(row->type, "group") == 0 || strcmp(row->type, "note") == 0)
        return;
    form->names[form->name_count++] = (struct xpath_name){row->name, repeat_name(form, row), xpath_type_of(row->type)};
    if (row->other)
        form->names[form->name_count++] = (struct xpath_name){arena_format(form->arena, "%s_other", row->name), repeat_name(form, row), XPATH_TEXT};
}

void
xlsform_read_types(struct xlsform *form)
{
    size_t repeat = 0, count = form->survey.sheet->row_count;
    form->rows = ARENA_ARRAY(form->arena, struct xlsform_row, count);
    form->names = ARENA_ARRAY(form->arena, struct xpath_name, 2 * count);
    for (size_t i = 1; i < count; i++) {
        struct xlsform_row *row = &form->rows[form->row_count++];
        row->row = &form->survey.sheet->rows[i];
        row->name = xlsform_cell(form, &form->survey, row->row, "name");
        row->repeat = repeat;
        const char *type = xlsform_cell(form, &form->survey, row->row, "type");
        if (type)
            read_type(form, row, type);
        else if (row->name)
            xlsform_fault(form, "survey", row->row->number, "type", "kosong; tulis jenis pertanyaannya", "it is empty; write the type of the question");
        if (row->type && strcmp(row->type, "repeat") == 0)
            repeat = row->ends ? 0 : form->row_count;
        add_names(form, row);
    }
}

/* --- expressions ------------------------------------------------------------------------------------------------------------------------ */

static const struct xpath_name *
name_of(const struct xlsform *form, const struct xlsform_row *row)
{
    for (size_t i = 0; row->name && i < form->name_count; i++)
        if (strcmp(form->names[i].name, row->name) == 0)
            return &form->names[i];
    return NULL;
}

static struct xpath_result
translate(const struct xlsform *form, size_t index, const char *text, enum xpath_place place)
{
    const struct xlsform_row *row = &form->rows[index];
    struct xpath_context context = {.arena = form->arena, .names = form->names, .name_count = form->name_count, .own = name_of(form, row),
                                    .repeat = repeat_name(form, row), .place = place};
    if (place == XPATH_CONSTRAINT && context.own == NULL)
        return (struct xpath_result){.fault_id = "baris ini tidak menerima jawaban", .fault_en = "this row takes no answer"};
    return xpath_translate(&context, text);
}

const char *
xlsform_expression(struct xlsform *form, size_t index, const char *column, enum xpath_place place, enum xpath_type *ret_type)
{
    const char *text = xlsform_cell(form, &form->survey, form->rows[index].row, column);
    if (text == NULL)
        return NULL;
    struct xpath_result result = translate(form, index, text, place);
    if (result.fault_en) {
        xlsform_fault(form, "survey", form->rows[index].row->number, column, result.fault_id, result.fault_en);
        return NULL;
    }
    if (ret_type)
        *ret_type = result.type;
    return result.text;
}

/* What a calculation gives is known once what it rests on is known: again until nothing changes. */
void
xlsform_infer_calculations(struct xlsform *form)
{
    bool changed = true;
    for (size_t round = 0; changed && round < form->row_count; round++) {
        changed = false;
        for (size_t i = 0; i < form->row_count; i++) {
            const struct xlsform_row *row = &form->rows[i];
            const char *text = row->type && strcmp(row->type, "calculated") == 0 ? xlsform_cell(form, &form->survey, row->row, "calculation") : NULL;
            struct xpath_name *name = &form->names[0];
            while (name < form->names + form->name_count && !text_equal(name->name, row->name))
                name++;
            if (text == NULL || name == form->names + form->name_count)
                continue;
            struct xpath_result result = translate(form, i, text, XPATH_CALCULATION);
            enum xpath_type type = result.type == XPATH_BOOL ? XPATH_TEXT : result.type;
            changed = changed || (result.fault_en == NULL && name->type != type);
            name->type = result.fault_en == NULL ? type : name->type;
        }
    }
}
