/* export_xlsx.c: XLSX in constant memory; the only file that sees the spreadsheet library. Texts are written as strings, never as formulas. */
#include <assert.h>
#include <xlsxwriter.h>

#include "export/export_write.h"

struct export_sheet {
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_row_t row;
    lxw_col_t column;
};

struct export_sheet *
export_sheet_open(struct arena *arena, int file, const char *directory, const char *const *columns, size_t column_count)
{
    struct export_sheet *sheet = ARENA_NEW(arena, struct export_sheet);
    lxw_workbook_options options = {.constant_memory = LXW_TRUE, .tmpdir = arena_text(arena, directory)};
    sheet->book = workbook_new_opt(arena_format(arena, "/proc/self/fd/%d", file), &options); /* it takes no descriptor */
    sheet->sheet = workbook_add_worksheet(sheet->book, "penyaluran");
    for (size_t i = 0; i < column_count; i++)
        worksheet_write_string(sheet->sheet, 0, (lxw_col_t)i, columns[i], NULL);
    sheet->row = 1;
    return sheet;
}

void
export_sheet_text(struct export_sheet *sheet, const char *text)
{
    if (text)
        worksheet_write_string(sheet->sheet, sheet->row, sheet->column, text, NULL);
    sheet->column++;
}

/* A cell's number is a floating one by the format itself: what it cannot hold exactly is written as text. */
void
export_sheet_int(struct export_sheet *sheet, int64_t value)
{
    if (value > INT64_C(9007199254740991) || value < -INT64_C(9007199254740991)) {
        char text[24];
        snprintf(text, sizeof text, "%lld", (long long)value);
        export_sheet_text(sheet, text);
        return;
    }
    worksheet_write_number(sheet->sheet, sheet->row, sheet->column++, (double)value, NULL);
}

void
export_sheet_end_row(struct export_sheet *sheet)
{
    assert(sheet->row <= EXPORT_SHEET_ROWS_MAX && "rows are counted before");
    sheet->row++;
    sheet->column = 0;
}

bool
export_sheet_close(struct export_sheet *sheet)
{
    return workbook_close(sheet->book) == LXW_NO_ERROR;
}
