/* workbook.c: sheets, rows and cells of an XLSX workbook. */
#include "lumbung/base/workbook.h"

#include <stdlib.h>
#include <string.h>

#include "base/workbook_zip.h"
#include "lumbung/base/limits.h"
#include "lumbung/base/text.h"

struct book_reading {
    struct arena *arena;
    struct workbook_file *file;
    const char **shared;
    size_t shared_count;
};

const char *
workbook_cell_name(struct arena *arena, int row, int column)
{
    char letters[8], *at = letters + sizeof letters - 1;
    *at = '\0';
    for (int rest = column + 1; rest > 0 && at > letters; rest = (rest - 1) / 26)
        *--at = (char)('A' + (rest - 1) % 26);
    return arena_format(arena, "%s%d", at, row);
}

static struct error *
read_part(struct book_reading *reading, const char *name, bool needed, struct xml_element **ret_root)
{
    const char *text = NULL;
    size_t length = 0;
    *ret_root = NULL;
    TRY(workbook_file_part(reading->file, name, &text, &length));
    if (text == NULL)
        return needed ? workbook_refusal("bukan buku kerja .xlsx: bagian lembarnya tidak ada", "it is no .xlsx workbook: the part of its sheets is not there") : NULL;
    return xml_read(reading->arena, text, length, ret_root);
}

static void
gather_text(struct buffer *buffer, const struct xml_element *element)
{
    if (strcmp(element->name, "t") == 0)
        buffer_add(buffer, element->text);
    for (size_t i = 0; i < element->child_count; i++)
        if (strcmp(element->children[i]->name, "rPh") != 0) /* how it is pronounced is no text */
            gather_text(buffer, element->children[i]);
}

static const char *
text_of(struct arena *arena, const struct xml_element *element)
{
    struct buffer buffer;
    buffer_init(&buffer, arena);
    gather_text(&buffer, element);
    return buffer_text(&buffer);
}

static struct error *
read_shared(struct book_reading *reading)
{
    struct xml_element *root = NULL;
    TRY(read_part(reading, "xl/sharedStrings.xml", false, &root));
    if (root == NULL)
        return NULL;
    reading->shared = ARENA_ARRAY(reading->arena, const char *, root->child_count);
    for (size_t i = 0; i < root->child_count; i++)
        reading->shared[reading->shared_count++] = text_of(reading->arena, root->children[i]);
    return NULL;
}

static const struct xml_element *
child_of(const struct xml_element *element, const char *name)
{
    for (size_t i = 0; element && i < element->child_count; i++)
        if (strcmp(element->children[i]->name, name) == 0)
            return element->children[i];
    return NULL;
}

static int
column_of(const char *reference, int fallback)
{
    int column = 0;
    for (; reference && *reference >= 'A' && *reference <= 'Z' && column < 10000; reference++)
        column = column * 26 + (*reference - 'A' + 1);
    return column > 0 ? column - 1 : fallback;
}

static const char *
cell_text(const struct book_reading *reading, const struct xml_element *cell)
{
    const char *type = xml_attribute(cell, "t");
    const struct xml_element *value = child_of(cell, "v");
    int64_t index = -1;
    if (type && strcmp(type, "inlineStr") == 0)
        return text_of(reading->arena, cell);
    if (value == NULL)
        return "";
    if (type && strcmp(type, "s") == 0)
        return text_parse_int(value->text, &index) && index >= 0 && (size_t)index < reading->shared_count ? reading->shared[index] : "";
    if (type && strcmp(type, "b") == 0)
        return strcmp(value->text, "1") == 0 ? "TRUE" : "FALSE";
    return value->text;
}

static void
read_row(const struct book_reading *reading, const struct xml_element *element, int number, struct workbook_row *row)
{
    int64_t written = 0;
    const char *text = xml_attribute(element, "r");
    row->number = text && text_parse_int(text, &written) && written > 0 && written < 10000000 ? (int)written : number;
    row->cells = ARENA_ARRAY(reading->arena, struct workbook_cell, element->child_count);
    for (size_t i = 0; i < element->child_count; i++) {
        const struct xml_element *cell = element->children[i];
        int before = row->cell_count > 0 ? row->cells[row->cell_count - 1].column : -1;
        if (strcmp(cell->name, "c") == 0)
            row->cells[row->cell_count++] = (struct workbook_cell){column_of(xml_attribute(cell, "r"), before + 1), cell_text(reading, cell), child_of(cell, "f") != NULL};
    }
}

static struct error *
read_sheet(struct book_reading *reading, const char *part, struct workbook_sheet *sheet)
{
    struct xml_element *root = NULL;
    TRY(read_part(reading, part, true, &root));
    const struct xml_element *data = child_of(root, "sheetData");
    sheet->rows = ARENA_ARRAY(reading->arena, struct workbook_row, data ? data->child_count : 0);
    for (size_t i = 0; data && i < data->child_count; i++) {
        int before = sheet->row_count > 0 ? sheet->rows[sheet->row_count - 1].number : 0;
        read_row(reading, data->children[i], before + 1, &sheet->rows[sheet->row_count++]);
    }
    return NULL;
}

/* The part that a relation names, from the folder of the workbook. */
static const char *
part_of(struct arena *arena, const struct xml_element *relations, const char *id)
{
    for (size_t i = 0; id && i < relations->child_count; i++) {
        const char *own = xml_attribute(relations->children[i], "Id"), *target = xml_attribute(relations->children[i], "Target");
        if (own && target && strcmp(own, id) == 0)
            return target[0] == '/' ? target + 1 : arena_format(arena, "xl/%s", target);
    }
    return NULL;
}

static struct error *
read_book(struct book_reading *reading, struct workbook *book)
{
    struct xml_element *root = NULL, *relations = NULL;
    TRY(read_part(reading, "xl/workbook.xml", true, &root));
    TRY(read_part(reading, "xl/_rels/workbook.xml.rels", true, &relations));
    TRY(read_shared(reading));
    const struct xml_element *sheets = child_of(root, "sheets");
    if (sheets == NULL || sheets->child_count == 0 || sheets->child_count > LIMIT_WORKBOOK_SHEETS)
        return workbook_refusal("harus ada 1 sampai 50 lembar", "it must have 1 to 50 sheets");
    book->sheets = ARENA_ARRAY(reading->arena, struct workbook_sheet, sheets->child_count);
    for (size_t i = 0; i < sheets->child_count; i++) {
        const char *name = xml_attribute(sheets->children[i], "name"), *part = part_of(reading->arena, relations, xml_attribute(sheets->children[i], "id"));
        struct workbook_sheet *sheet = &book->sheets[book->sheet_count++];
        sheet->name = name ? name : "";
        TRY(read_sheet(reading, part ? part : "-", sheet));
    }
    return NULL;
}

struct error *
workbook_read(struct arena *arena, const void *bytes, size_t length, struct workbook **ret_workbook)
{
    struct book_reading reading = {.arena = arena};
    struct workbook *book = ARENA_NEW(arena, struct workbook);
    TRY(workbook_file_open(arena, bytes, length, &reading.file));
    struct error *error = read_book(&reading, book);
    workbook_file_close(reading.file);
    if (error == NULL)
        *ret_workbook = book;
    return error;
}
