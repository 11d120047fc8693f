/* assessment_xlsform_sheet.c: the sheets of an XLSForm: headers in their many spellings, languages, lists of choices. */
#include <ctype.h>
#include <string.h>

#include "assessment/assessment_xlsform_part.h"
#include "lumbung/base/text.h"

static const char *const translated[] = {"label", "hint", "guidance_hint", "constraint_message", "required_message", NULL};
static const char *const survey_columns[] = {"type", "name", "label", "hint", "guidance_hint", "required", "required_message", "relevant", "constraint",
                                             "constraint_message", "calculation", "default", "choice_filter", "parameters", "repeat_count", NULL};
/* Of a look or a phone's own business: nothing of what is asked changes without them. */
static const char *const survey_ignored[] = {"appearance", "readonly", "read_only", "media", "image", "audio", "video", "big-image", "trigger", "save_to",
                                             "autoplay", "body", "notes", "comment", NULL};

void
xlsform_fault(struct xlsform *form, const char *sheet, int row, const char *column, const char *id, const char *en)
{
    const char *pointer = column ? arena_format(form->arena, "%s row %d, column %s", sheet, row, column) : row > 0 ? arena_format(form->arena, "%s row %d", sheet, row) : sheet;
    error_add_fault(form->error, pointer, FAULT_WORKBOOK, id, en);
}

static bool
is_among(const char *name, const char *const *names)
{
    for (; *names; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

static const char *
trim(struct arena *arena, const char *text)
{
    size_t length;
    while (isspace((unsigned char)*text))
        text++;
    length = strlen(text);
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        length--;
    return arena_copy(arena, text, length);
}

/* Small letters, blanks as underscores: "List Name" is list_name. */
static char *
fold_header(struct arena *arena, const char *text, size_t length)
{
    char *folded = arena_copy(arena, text, length);
    for (char *at = folded; *at; at++)
        *at = isspace((unsigned char)*at) ? '_' : (char)tolower((unsigned char)*at);
    return folded;
}

/* "Bahasa Indonesia (id)" is id, "Arabic" ar; a name that is not known stays, as letters. */
static const char *
language_tag(struct arena *arena, const char *name)
{
    static const struct { const char *name, *tag; } known[] = {
        {"english", "en"}, {"indonesian", "id"}, {"bahasa_indonesia", "id"}, {"indonesia", "id"}, {"arabic", "ar"}, {"french", "fr"}, {"spanish", "es"},
        {"portuguese", "pt"}, {"javanese", "jv"}, {"sundanese", "su"}, {"malay", "ms"}, {"tetum", "tet"}, {"swahili", "sw"}, {"urdu", "ur"}, {"persian", "fa"},
        {"dari", "prs"}, {"pashto", "ps"}, {"burmese", "my"}, {"bengali", "bn"}, {"hindi", "hi"}, {"nepali", "ne"}, {"ukrainian", "uk"}, {"russian", "ru"},
    };
    const char *open = strrchr(name, '('), *close = open ? strchr(open, ')') : NULL;
    if (open && close && close > open + 1)
        return arena_copy(arena, open + 1, (size_t)(close - open - 1));
    const char *folded = fold_header(arena, name, strlen(name));
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i].name, folded) == 0)
            return known[i].tag;
    char *letters = arena_alloc(arena, 9), *out = letters;
    for (const char *in = folded; *in && out < letters + 8; in++)
        if (isalpha((unsigned char)*in))
            *out++ = *in;
    return out > letters + 1 ? letters : "und";
}

static struct xlsform_column
read_header(struct arena *arena, const struct workbook_cell *cell)
{
    const char *text = trim(arena, cell->text), *colon = strchr(text, ':');
    struct xlsform_column column = {.column = cell->column};
    column.field = fold_header(arena, text, colon ? (size_t)(colon - text) : strlen(text));
    if (strcmp(column.field, "constraint_msg") == 0)
        column.field = "constraint_message";
    if (strcmp(column.field, "calculate") == 0)
        column.field = "calculation";
    if (colon && is_among(column.field, translated))
        column.language = language_tag(arena, trim(arena, colon + (colon[1] == ':' ? 2 : 1)));
    return column;
}

static void
check_headers(struct xlsform *form, const struct xlsform_sheet *sheet, int row)
{
    for (size_t i = 0; i < sheet->column_count; i++) {
        const struct xlsform_column *column = &sheet->columns[i];
        bool known = sheet != &form->survey || is_among(column->field, survey_columns) || is_among(column->field, survey_ignored);
        if (!known)
            xlsform_fault(form, sheet->name, row, column->field, "kolom ini tidak dikenal; perbaiki ejaannya atau hapus", "this column is unknown; correct its spelling or remove it");
        for (size_t j = 0; j < i; j++)
            if (strcmp(sheet->columns[j].field, column->field) == 0 && text_equal(sheet->columns[j].language, column->language) && !is_among(column->field, survey_ignored))
                xlsform_fault(form, sheet->name, row, column->field, "kolom ini ada dua kali", "this column is there twice");
    }
}

static void
refuse_formulas(struct xlsform *form, const struct xlsform_sheet *sheet)
{
    for (size_t i = 0; i < sheet->sheet->row_count; i++)
        for (size_t j = 0; j < sheet->sheet->rows[i].cell_count; j++) {
            const struct workbook_cell *cell = &sheet->sheet->rows[i].cells[j];
            if (cell->formula)
                xlsform_fault(form, arena_format(form->arena, "%s %s", sheet->name, workbook_cell_name(form->arena, sheet->sheet->rows[i].number, cell->column)), 0, NULL,
                              "berisi rumus; tempelkan nilainya saja", "it holds a formula; paste its value");
        }
}

void
xlsform_open_sheet(struct xlsform *form, const struct workbook *book, const char *name, struct xlsform_sheet *ret_sheet)
{
    *ret_sheet = (struct xlsform_sheet){.name = name};
    for (size_t i = 0; i < book->sheet_count && ret_sheet->sheet == NULL; i++)
        if (strcmp(fold_header(form->arena, book->sheets[i].name, strlen(book->sheets[i].name)), name) == 0)
            ret_sheet->sheet = &book->sheets[i];
    if (ret_sheet->sheet == NULL || ret_sheet->sheet->row_count == 0)
        return;
    const struct workbook_row *head = &ret_sheet->sheet->rows[0];
    ret_sheet->columns = ARENA_ARRAY(form->arena, struct xlsform_column, XLSFORM_COLUMNS_MAX);
    for (size_t i = 0; i < head->cell_count && ret_sheet->column_count < XLSFORM_COLUMNS_MAX; i++)
        if (!text_is_blank(head->cells[i].text))
            ret_sheet->columns[ret_sheet->column_count++] = read_header(form->arena, &head->cells[i]);
    check_headers(form, ret_sheet, head->number);
    refuse_formulas(form, ret_sheet);
}

static const char *
cell_at(const struct xlsform *form, const struct workbook_row *row, int column)
{
    for (size_t i = 0; i < row->cell_count; i++)
        if (row->cells[i].column == column)
            return text_is_blank(row->cells[i].text) ? NULL : trim(form->arena, row->cells[i].text);
    return NULL;
}

const char *
xlsform_cell(const struct xlsform *form, const struct xlsform_sheet *sheet, const struct workbook_row *row, const char *field)
{
    for (size_t i = 0; i < sheet->column_count; i++)
        if (strcmp(sheet->columns[i].field, field) == 0)
            return cell_at(form, row, sheet->columns[i].column);
    return NULL;
}

/* --- languages -------------------------------------------------------------------------------------------------------------------------- */

/* What stands in a column without a language is in the form's own. */
static const char *
own_language(const struct xlsform *form)
{
    const char *named = NULL;
    if (form->options->language)
        return form->options->language;
    if (form->settings.sheet && form->settings.sheet->row_count > 1)
        named = xlsform_cell(form, &form->settings, &form->settings.sheet->rows[1], "default_language");
    return named && strcmp(named, "default") != 0 ? language_tag(form->arena, named) : "id";
}

static void
add_language(struct xlsform *form, const char *tag)
{
    for (size_t i = 0; i < form->language_count; i++)
        if (strcmp(form->languages[i], tag) == 0)
            return;
    form->languages[form->language_count++] = tag;
}

void
xlsform_read_languages(struct xlsform *form)
{
    const struct xlsform_sheet *const sheets[] = {&form->survey, &form->choices};
    form->languages = ARENA_ARRAY(form->arena, const char *, 2 * XLSFORM_COLUMNS_MAX + 1);
    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < sheets[i]->column_count; j++) {
            struct xlsform_column *column = &sheets[i]->columns[j];
            if (!is_among(column->field, translated))
                continue;
            column->language = column->language ? column->language : own_language(form);
            add_language(form, column->language);
        }
    if (form->language_count == 0)
        add_language(form, own_language(form));
}

static const char *
words_in(const struct xlsform *form, const struct xlsform_sheet *sheet, const struct workbook_row *row, const char *field, const char *language)
{
    for (size_t i = 0; i < sheet->column_count; i++)
        if (strcmp(sheet->columns[i].field, field) == 0 && text_equal(sheet->columns[i].language, language))
            return cell_at(form, row, sheet->columns[i].column);
    return NULL;
}

struct json *
xlsform_words(const struct xlsform *form, const struct xlsform_sheet *sheet, const struct workbook_row *row, const char *field)
{
    const char *any = NULL;
    struct json *words = json_make(form->arena, JSON_OBJECT);
    for (size_t i = 0; i < form->language_count && any == NULL; i++)
        any = words_in(form, sheet, row, field, form->languages[i]);
    for (size_t i = 0; any && i < form->language_count; i++) {
        const char *own = words_in(form, sheet, row, field, form->languages[i]);
        json_set(form->arena, words, form->languages[i], json_make_text(form->arena, own ? own : any));
    }
    return any ? words : NULL;
}

/* --- choices ---------------------------------------------------------------------------------------------------------------------------- */

static struct json *
read_choice(struct xlsform *form, const struct workbook_row *row, const char *name)
{
    static const char *const own[] = {"list_name", "name", "value", "label", "media", "image", "audio", "video", NULL};
    struct json *choice = json_make(form->arena, JSON_OBJECT), *facts = json_make(form->arena, JSON_OBJECT), *words = xlsform_words(form, &form->choices, row, "label");
    json_set(form->arena, choice, "name", json_make_text(form->arena, name));
    if (words)
        json_set(form->arena, choice, "label", words);
    for (size_t i = 0; i < form->choices.column_count; i++) {
        const char *text = is_among(form->choices.columns[i].field, own) ? NULL : cell_at(form, row, form->choices.columns[i].column);
        if (text)
            json_set(form->arena, facts, form->choices.columns[i].field, json_make_text(form->arena, text));
    }
    if (facts->count > 0)
        json_set(form->arena, choice, "facts", facts);
    return choice;
}

static void
add_choice(struct xlsform *form, struct json *lists, const struct workbook_row *row)
{
    const char *list = xlsform_cell(form, &form->choices, row, "list_name"), *name = xlsform_cell(form, &form->choices, row, "name");
    if (name == NULL)
        name = xlsform_cell(form, &form->choices, row, "value");
    if (list == NULL && name == NULL)
        return;
    if (list == NULL || name == NULL) {
        xlsform_fault(form, "choices", row->number, list ? "name" : "list_name", "kosong; isi daftar dan nama pilihan", "it is empty; give the list and the name of the choice");
        return;
    }
    if (strpbrk(name, " \t")) {
        xlsform_fault(form, "choices", row->number, "name", "nama pilihan tidak boleh mengandung spasi", "the name of a choice may hold no blanks");
        return;
    }
    struct json *choices = json_get(lists, list), *choice = read_choice(form, row, name);
    if (choices == NULL) {
        choices = json_make(form->arena, JSON_ARRAY);
        json_set(form->arena, lists, list, choices);
    }
    for (size_t i = 0; i < choices->count; i++)
        if (text_equal(json_get_text(choices->items[i], "name"), name))
            xlsform_fault(form, "choices", row->number, "name", arena_format(form->arena, "'%s' sudah ada di daftar %s", name, list), arena_format(form->arena, "'%s' is in the list %s already", name, list));
    if (json_get(choice, "label") == NULL)
        xlsform_fault(form, "choices", row->number, "label", "kosong; tulis kata-kata pilihan ini", "it is empty; write the words of this choice");
    json_push(form->arena, choices, choice);
}

struct json *
xlsform_read_lists(struct xlsform *form)
{
    struct json *lists = json_make(form->arena, JSON_OBJECT);
    for (size_t i = 1; form->choices.sheet && i < form->choices.sheet->row_count; i++)
        add_choice(form, lists, &form->choices.sheet->rows[i]);
    return lists;
}
