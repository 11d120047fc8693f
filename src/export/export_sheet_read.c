/* export_sheet_read.c: a workbook's sheet read back, a character at a time: only the few marks that the spreadsheet library writes are known, and
 * whatever could show another number than the one read (formulas, shared texts, entities of its own) is refused. */
#include <string.h>

#include "export/export_row.h"
#include "export/export_zip.h"
#include "lumbung/base/text.h"

#define SHEET_PART "xl/worksheets/sheet1.xml"
#define SHEET_PARTS "xl/worksheets/"
#define MARK_MAX 512 /* the longest is the first, with its name spaces */

struct sheet_reader {
    struct row_reader *row;
    char mark[MARK_MAX];   /* between < and > */
    size_t mark_length;
    char entity[8];        /* between & and ; */
    size_t entity_length;
    bool in_mark, in_entity, in_rows, in_row, in_cell, in_value, has_value, ended;
};

static struct error *
sheet_odd(const struct sheet_reader *sheet)
{
    return export_row_bad(sheet->row, "it holds what no export has");
}

static void
sheet_put(struct sheet_reader *sheet, char character)
{
    if (sheet->row->length < CELL_MAX)
        sheet->row->cell[sheet->row->length] = character;
    sheet->row->length++;
}

/* --- marks -------------------------------------------------------------------------------------------------------------------------------- */

/* The value of an attribute, as ` r="B7"`; NULL without. */
static const char *
sheet_attribute(const struct sheet_reader *sheet, const char *name, size_t *ret_length)
{
    const char *at = strstr(sheet->mark, name);
    if (at == NULL)
        return NULL;
    at += strlen(name);
    *ret_length = strcspn(at, "\"");
    return at;
}

/* "AB7" is column 27, counted from 0; -1 when it is none. */
static int
sheet_column(const char *place, size_t length)
{
    int column = 0;
    size_t letters = 0;
    while (letters < length && letters < 3 && place[letters] >= 'A' && place[letters] <= 'Z')
        column = column * 26 + (place[letters++] - 'A' + 1);
    return letters > 0 && letters < length ? column - 1 : -1;
}

static struct error *
sheet_cell_begins(struct sheet_reader *sheet)
{
    size_t place_length = 0, kind_length = 0;
    const char *place = sheet_attribute(sheet, " r=\"", &place_length), *kind = sheet_attribute(sheet, " t=\"", &kind_length);
    int column = place ? sheet_column(place, place_length) : -1;
    bool in_place = kind == NULL || (kind_length == strlen("inlineStr") && strncmp(kind, "inlineStr", kind_length) == 0);
    if (!sheet->in_row || sheet->in_cell || column < sheet->row->column || !in_place)
        return sheet_odd(sheet);
    sheet->row->column = column;
    sheet->row->length = 0;
    sheet->in_cell = true;
    sheet->has_value = false;
    return NULL;
}

static struct error *
sheet_cell_ends(struct sheet_reader *sheet)
{
    if (!sheet->in_cell || sheet->in_value)
        return sheet_odd(sheet);
    sheet->in_cell = false;
    export_row_cell(sheet->row);
    return NULL;
}

static struct error *
sheet_row(struct sheet_reader *sheet, bool begins)
{
    if (!sheet->in_rows || sheet->in_cell || sheet->in_row == begins)
        return sheet_odd(sheet);
    sheet->in_row = sheet->row->any = begins;
    return begins ? NULL : export_row_end(sheet->row);
}

static struct error *
sheet_value(struct sheet_reader *sheet, bool begins)
{
    if (!sheet->in_cell || sheet->in_value == begins || (begins && sheet->has_value))
        return sheet_odd(sheet);
    sheet->in_value = begins;
    sheet->has_value = true;
    return NULL;
}

static struct error *
sheet_rows(struct sheet_reader *sheet, bool begins)
{
    if (sheet->in_rows == begins || sheet->ended || sheet->in_row)
        return sheet_odd(sheet);
    sheet->in_rows = begins;
    sheet->ended = !begins;
    return NULL;
}

/* Inside the rows nothing but these is known; around them only what is written there for every sheet. */
static struct error *
sheet_mark(struct sheet_reader *sheet)
{
    static const char *const around[] = {"?xml", "worksheet", "/worksheet", "dimension", "sheetViews", "/sheetViews", "sheetView", "sheetFormatPr", "pageMargins"};
    char name[24];
    size_t length = strcspn(sheet->mark, " /");
    if (sheet->mark[0] == '/')
        length = 1 + strcspn(sheet->mark + 1, " ");
    snprintf(name, sizeof name, "%.*s", (int)(length < sizeof name ? length : sizeof name - 1), sheet->mark);
    bool begins = name[0] != '/', alone = sheet->mark_length > 0 && sheet->mark[sheet->mark_length - 1] == '/';
    const char *bare = begins ? name : name + 1;
    if (text_equal(bare, "row") && !alone)
        return sheet_row(sheet, begins);
    if (text_equal(bare, "c") && !alone)
        return begins ? sheet_cell_begins(sheet) : sheet_cell_ends(sheet);
    if ((text_equal(bare, "v") || text_equal(bare, "t")) && !alone)
        return sheet_value(sheet, begins);
    if (text_equal(bare, "is") && !alone && sheet->in_cell && !sheet->in_value)
        return NULL;
    if (text_equal(bare, "sheetData") && !alone)
        return sheet_rows(sheet, begins);
    for (size_t i = 0; !sheet->in_rows && i < sizeof around / sizeof around[0]; i++)
        if (text_equal(name, around[i]))
            return NULL;
    return sheet_odd(sheet);
}

/* --- characters --------------------------------------------------------------------------------------------------------------------------- */

static struct error *
sheet_entity(struct sheet_reader *sheet)
{
    static const struct { const char *name; char character; } entities[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
    sheet->in_entity = false;
    sheet->entity[sheet->entity_length] = '\0';
    for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++)
        if (text_equal(sheet->entity, entities[i].name)) {
            sheet_put(sheet, entities[i].character);
            return NULL;
        }
    return sheet_odd(sheet);
}

static struct error *
sheet_take_mark(struct sheet_reader *sheet, char character)
{
    if (character == '>') {
        sheet->mark[sheet->mark_length] = '\0';
        sheet->in_mark = false;
        return sheet_mark(sheet);
    }
    if (character == '<' || sheet->mark_length + 1 == MARK_MAX)
        return sheet_odd(sheet);
    sheet->mark[sheet->mark_length++] = character;
    return NULL;
}

static struct error *
sheet_take_entity(struct sheet_reader *sheet, char character)
{
    if (character == ';')
        return sheet_entity(sheet);
    if (sheet->entity_length + 1 == sizeof sheet->entity)
        return sheet_odd(sheet);
    sheet->entity[sheet->entity_length++] = character;
    return NULL;
}

static struct error *
sheet_take(struct sheet_reader *sheet, char character)
{
    if (sheet->in_mark)
        return sheet_take_mark(sheet, character);
    if (sheet->in_entity)
        return sheet_take_entity(sheet, character);
    if (character == '<') {
        sheet->in_mark = true;
        sheet->mark_length = 0;
        return NULL;
    }
    if (!sheet->in_value) /* between the marks there is nothing but line feeds */
        return strchr(" \r\n\t", character) && character != '\0' ? NULL : sheet_odd(sheet);
    if (character == '&') {
        sheet->in_entity = true;
        sheet->entity_length = 0;
        return NULL;
    }
    sheet_put(sheet, character);
    return NULL;
}

static struct error *
sheet_read_part(struct export_zip *zip, struct row_reader *reader)
{
    struct sheet_reader sheet = {.row = reader};
    char block[SPOOL_BLOCK];
    size_t length = 0;
    do {
        TRY(export_zip_read(zip, block, sizeof block, &length));
        for (size_t i = 0; i < length; i++)
            TRY(sheet_take(&sheet, block[i]));
    } while (length > 0);
    return sheet.ended && !sheet.in_mark ? NULL : export_row_bad(reader, "it does not end");
}

struct error *
export_sheet_read(FILE *file, struct row_reader *reader)
{
    struct export_zip *zip = NULL;
    TRY(export_zip_open(reader->arena, file, SHEET_PART, SHEET_PARTS, &zip));
    struct error *error = sheet_read_part(zip, reader);
    export_zip_close(zip);
    return error;
}
