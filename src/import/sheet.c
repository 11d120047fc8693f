/* sheet.c: rows of a workbook, written as CSV. */
#include "import/sheet.h"

#include <string.h>

#include "lumbung/base/buffer.h"
#include "lumbung/base/workbook.h"

bool
sheet_is_workbook(struct bytes file)
{
    return file.length >= 4 && memcmp(file.data, "PK\x03\x04", 4) == 0;
}

static struct error *
find_sheet(struct arena *arena, const struct workbook *book, const char *name, const struct workbook_sheet **ret_sheet)
{
    struct buffer names;
    buffer_init(&names, arena);
    for (size_t i = 0; i < book->sheet_count; i++) {
        if (name == NULL || text_equal(book->sheets[i].name, name)) {
            *ret_sheet = &book->sheets[i];
            return NULL;
        }
        buffer_format(&names, "%s%s", i ? ", " : "", book->sheets[i].name);
    }
    return error_with(ERROR_FILE, arena_format(arena, "sheet '%s'", name ? name : ""), arena_format(arena, "the workbook has: %s", buffer_text(&names)), NULL);
}

/* A line feed within a cell would move the lines behind it. */
static void
put_cell(struct buffer *text, const char *cell)
{
    buffer_char(text, '"');
    for (; *cell; cell++) {
        if (*cell == '"')
            buffer_char(text, '"');
        buffer_char(text, *cell == '\n' || *cell == '\r' ? ' ' : *cell);
    }
    buffer_char(text, '"');
}

static bool
is_blank(const struct workbook_row *row)
{
    for (size_t i = 0; i < row->cell_count; i++)
        if (!text_is_blank(row->cells[i].text))
            return false;
    return true;
}

/* A number typed with a sign in front is a formula to the program that wrote it: what a formula showed when the workbook was saved is what people saw. */
static struct error *
put_row(struct arena *arena, struct buffer *text, const struct workbook_sheet *sheet, const struct workbook_row *row, char delimiter)
{
    int column = 0;
    for (size_t i = 0; i < row->cell_count; i++) {
        const struct workbook_cell *cell = &row->cells[i];
        if (cell->formula && text_is_blank(cell->text))
            return error_with(ERROR_FILE, arena_format(arena, "sheet '%s', cell %s", sheet->name, workbook_cell_name(arena, row->number, cell->column)),
                              "it holds a formula that was never worked out; open and save the workbook once, or paste the values", NULL);
        for (; column < cell->column; column++)
            buffer_char(text, delimiter);
        put_cell(text, cell->text ? cell->text : "");
    }
    return NULL;
}

struct error *
sheet_text(struct arena *arena, struct bytes file, const char *name, char delimiter, struct bytes *ret_text)
{
    struct workbook *book = NULL;
    const struct workbook_sheet *sheet = NULL;
    struct buffer text;
    int line = 1;
    TRY(workbook_read(arena, file.data, file.length, &book));
    TRY(find_sheet(arena, book, name, &sheet));
    buffer_init(&text, arena);
    for (size_t i = 0; i < sheet->row_count; i++) {
        if (is_blank(&sheet->rows[i]))
            continue;
        for (; line < sheet->rows[i].number; line++)
            buffer_char(&text, '\n');
        TRY(put_row(arena, &text, sheet, &sheet->rows[i], delimiter));
    }
    buffer_char(&text, '\n');
    *ret_text = (struct bytes){(const uint8_t *)buffer_text(&text), text.length};
    return NULL;
}
