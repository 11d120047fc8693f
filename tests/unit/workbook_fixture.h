/* workbook_fixture.h: workbooks written from rows of text: "sheet!cell|cell|...", a cell that begins with = is a formula. */
#ifndef TESTS_WORKBOOK_FIXTURE_H
#define TESTS_WORKBOOK_FIXTURE_H

#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "lumbung/base/text.h"
#include "lumbung/base/workbook.h"

static inline struct bytes
file_bytes(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    struct bytes bytes = {NULL, 0};
    if (file == NULL)
        return bytes;
    uint8_t *data = arena_alloc(arena, 4 * 1024 * 1024);
    bytes = (struct bytes){data, fread(data, 1, 4 * 1024 * 1024, file)};
    fclose(file);
    return bytes;
}

static inline void
write_row(lxw_worksheet *sheet, lxw_row_t number, char *text)
{
    lxw_col_t column = 0;
    for (char *rest = text, *cell; (cell = strsep(&rest, "|")); column++) {
        if (cell[0] == '=')
            worksheet_write_formula(sheet, number, column, cell, NULL);
        else if (cell[0] != '\0' && strspn(cell, "0123456789") == strlen(cell))
            worksheet_write_number(sheet, number, column, strtod(cell, NULL), NULL);
        else if (cell[0] != '\0')
            worksheet_write_string(sheet, number, column, cell, NULL);
    }
}

static inline struct bytes
write_workbook(struct arena *arena, const char *const *rows)
{
    char path[] = "/tmp/lumbung-book-XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    close(descriptor);
    lxw_workbook *book = workbook_new(path);
    lxw_row_t next[10] = {0};
    char names[10][40];
    lxw_worksheet *sheets[10];
    size_t count = 0;
    for (; *rows; rows++) {
        char *text = arena_text(arena, *rows), *mark = strchr(text, '!');
        size_t at = 0;
        *mark = '\0';
        while (at < count && strcmp(names[at], text) != 0)
            at++;
        if (at == count) {
            snprintf(names[count], sizeof names[count], "%s", text);
            sheets[count++] = workbook_add_worksheet(book, text);
        }
        write_row(sheets[at], next[at]++, mark + 1);
    }
    assert_int_equal(workbook_close(book), LXW_NO_ERROR);
    struct bytes bytes = file_bytes(arena, path);
    unlink(path);
    return bytes;
}

#endif
