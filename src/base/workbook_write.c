/* workbook_write.c: a workbook of texts: the five kinds of parts that every program wants, cells written in place. */
#include <string.h>

#include "base/workbook_zip.h"
#include "lumbung/base/limits.h"
#include "lumbung/base/text.h"

#define DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define PACKAGE "http://schemas.openxmlformats.org/package/2006/"

static void
add_escaped(struct buffer *buffer, const char *text)
{
    for (; *text; text++) {
        const char *name = *text == '&' ? "&amp;" : *text == '<' ? "&lt;" : *text == '>' ? "&gt;" : *text == '"' ? "&quot;" : NULL;
        if (name)
            buffer_add(buffer, name);
        else
            buffer_char(buffer, *text);
    }
}

static const char *
sheet_part(struct arena *arena, const struct workbook_sheet *sheet)
{
    struct buffer xml;
    buffer_init(&xml, arena);
    buffer_add(&xml, DECLARATION "<worksheet xmlns=\"" MAIN "\"><sheetData>");
    for (size_t i = 0; i < sheet->row_count; i++) {
        const struct workbook_row *row = &sheet->rows[i];
        buffer_format(&xml, "<row r=\"%d\">", row->number);
        for (size_t j = 0; j < row->cell_count; j++) {
            buffer_format(&xml, "<c r=\"%s\" t=\"inlineStr\"><is><t xml:space=\"preserve\">", workbook_cell_name(arena, row->number, row->cells[j].column));
            add_escaped(&xml, row->cells[j].text);
            buffer_add(&xml, "</t></is></c>");
        }
        buffer_add(&xml, "</row>");
    }
    buffer_add(&xml, "</sheetData></worksheet>");
    return buffer_text(&xml);
}

static const char *
book_part(struct arena *arena, const struct workbook *book)
{
    struct buffer xml;
    buffer_init(&xml, arena);
    buffer_add(&xml, DECLARATION "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" OFFICE "\"><sheets>");
    for (size_t i = 0; i < book->sheet_count; i++) {
        buffer_add(&xml, "<sheet name=\"");
        add_escaped(&xml, book->sheets[i].name);
        buffer_format(&xml, "\" sheetId=\"%zu\" r:id=\"rId%zu\"/>", i + 1, i + 1);
    }
    buffer_add(&xml, "</sheets></workbook>");
    return buffer_text(&xml);
}

static const char *
relations_part(struct arena *arena, const struct workbook *book)
{
    struct buffer xml;
    buffer_init(&xml, arena);
    buffer_add(&xml, DECLARATION "<Relationships xmlns=\"" PACKAGE "relationships\">");
    for (size_t i = 0; i < book->sheet_count; i++)
        buffer_format(&xml, "<Relationship Id=\"rId%zu\" Type=\"" OFFICE "/worksheet\" Target=\"worksheets/sheet%zu.xml\"/>", i + 1, i + 1);
    buffer_add(&xml, "</Relationships>");
    return buffer_text(&xml);
}

static const char *
types_part(struct arena *arena, const struct workbook *book)
{
    struct buffer xml;
    buffer_init(&xml, arena);
    buffer_add(&xml, DECLARATION "<Types xmlns=\"" PACKAGE "content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                     "<Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" "
                     "ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>");
    for (size_t i = 0; i < book->sheet_count; i++)
        buffer_format(&xml, "<Override PartName=\"/xl/worksheets/sheet%zu.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>", i + 1);
    buffer_add(&xml, "</Types>");
    return buffer_text(&xml);
}

struct error *
workbook_write(struct arena *arena, const struct workbook *book, struct bytes *ret_bytes)
{
    struct workbook_new_part parts[4 + LIMIT_WORKBOOK_SHEETS];
    size_t count = 0;
    parts[count++] = (struct workbook_new_part){"[Content_Types].xml", types_part(arena, book)};
    parts[count++] = (struct workbook_new_part){"_rels/.rels", DECLARATION "<Relationships xmlns=\"" PACKAGE "relationships\"><Relationship Id=\"rId1\" Type=\"" OFFICE
                                                               "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"};
    parts[count++] = (struct workbook_new_part){"xl/workbook.xml", book_part(arena, book)};
    parts[count++] = (struct workbook_new_part){"xl/_rels/workbook.xml.rels", relations_part(arena, book)};
    for (size_t i = 0; i < book->sheet_count; i++)
        parts[count++] = (struct workbook_new_part){arena_format(arena, "xl/worksheets/sheet%zu.xml", i + 1), sheet_part(arena, &book->sheets[i])};
    return workbook_file_make(arena, parts, count, ret_bytes);
}
