/* export_write.c: the cells of an export into its spool: at disk speed, so that a slow reader holds no read transaction. CSV is RFC 4180 with CRLF. */
#include "export/export_write.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lumbung/base/text.h"
#include "lumbung/base/time.h"

struct export_writer {
    enum export_format format;
    const char *const *columns;
    size_t column_count, column;
    struct buffer blocks[2];   /* one is filled while the other is written */
    struct buffer *block;      /* the one that the row is appended to */
    struct spool *spool;
    struct export_sheet *sheet;
    int sheet_file; /* what the spreadsheet library writes, without a name; -1 none */
    int64_t rows;
};

static void
export_put_head(struct export_writer *writer)
{
    for (size_t i = 0; i < writer->column_count; i++) {
        buffer_add(writer->block, i ? "," : "");
        buffer_add(writer->block, writer->columns[i]);
    }
    buffer_add(writer->block, "\r\n");
}

struct error *
export_writer_open(struct arena *arena, enum export_format format, const char *directory, const char *const *columns, size_t column_count,
                   struct export_writer **ret_writer)
{
    struct spool *spool = NULL;
    int sheet_file = -1;
    TRY(spool_open(directory, &spool));
    if (format == EXPORT_XLSX && (sheet_file = spool_nameless(directory)) < 0) {
        spool_close(spool);
        return error_new(ERROR_DISK);
    }
    struct export_writer *writer = ARENA_NEW(arena, struct export_writer);
    *writer = (struct export_writer){.format = format, .columns = columns, .column_count = column_count, .spool = spool, .sheet_file = sheet_file};
    for (size_t i = 0; i < 2; i++)
        buffer_init(&writer->blocks[i], arena_create());
    writer->block = &writer->blocks[0];
    if (format == EXPORT_CSV)
        export_put_head(writer);
    if (format == EXPORT_XLSX)
        writer->sheet = export_sheet_open(arena, sheet_file, directory, columns, column_count);
    *ret_writer = writer;
    return NULL;
}

/* Would a spreadsheet compute this cell? Full-width signs count: some read them as the plain ones. */
static bool
export_is_formula(const char *text)
{
    if (text[0] != '\xef')
        return strchr("=+-@\t\r\n", text[0]) != NULL;
    return text_begins(text, "\xef\xbc\x9d") || text_begins(text, "\xef\xbc\x8b") || text_begins(text, "\xef\xbc\x8d") || text_begins(text, "\xef\xbc\xa0");
}

void
export_csv_text(struct buffer *buffer, const char *text)
{
    if (text == NULL || text[0] == '\0')
        return;
    bool formula = export_is_formula(text);
    size_t length = strcspn(text, ",\"\r\n;");
    /* Blanks at the ends are quoted too: some readers cut them otherwise. */
    if (!formula && text[length] == '\0' && text[0] != ' ' && text[length - 1] != ' ') {
        buffer_bytes(buffer, text, length);
        return;
    }
    buffer_char(buffer, '"');
    if (formula)
        buffer_char(buffer, '\'');
    for (const char *at = text; *at; at++) {
        if (*at == '"')
            buffer_char(buffer, '"');
        buffer_char(buffer, *at);
    }
    buffer_char(buffer, '"');
}

static void
export_before_cell(struct export_writer *writer)
{
    if (writer->format == EXPORT_CSV && writer->column > 0)
        buffer_char(writer->block, ',');
    if (writer->format == EXPORT_NDJSON && writer->column == 0) {
        writer->block->comma = false;
        json_open(writer->block, NULL, '{');
    }
}

void
export_put_text(struct export_writer *writer, const char *text)
{
    export_before_cell(writer);
    if (writer->format == EXPORT_CSV)
        export_csv_text(writer->block, text);
    else if (writer->format == EXPORT_NDJSON)
        json_put_text(writer->block, writer->columns[writer->column], text);
    else
        export_sheet_text(writer->sheet, text);
    writer->column++;
}

void
export_put_plain(struct export_writer *writer, const char *text)
{
    if (writer->format != EXPORT_CSV) {
        export_put_text(writer, text);
        return;
    }
    export_before_cell(writer);
    if (text)
        buffer_add(writer->block, text);
    writer->column++;
}

void
export_put_id(struct export_writer *writer, struct id id)
{
    char text[ID_TEXT_SIZE];
    bool there = !id_is_zero(id);
    if (there && writer->format == EXPORT_CSV) {
        export_before_cell(writer);
        id_print(id, buffer_room(writer->block, ID_TEXT_SIZE));
        writer->block->length += ID_TEXT_SIZE - 1;
        writer->column++;
        return;
    }
    if (there)
        id_print(id, text);
    export_put_plain(writer, there ? text : NULL);
}

void
export_put_instant(struct export_writer *writer, int64_t at_ms)
{
    char text[INSTANT_TEXT_SIZE];
    if (at_ms != 0)
        instant_print(at_ms, text);
    export_put_plain(writer, at_ms == 0 ? NULL : text);
}

void
export_put_int(struct export_writer *writer, int64_t value)
{
    export_before_cell(writer);
    if (writer->format == EXPORT_CSV)
        buffer_int(writer->block, value);
    else if (writer->format == EXPORT_NDJSON)
        json_put_int(writer->block, writer->columns[writer->column], value);
    else
        export_sheet_int(writer->sheet, value);
    writer->column++;
}

static struct error *
export_flush(struct export_writer *writer)
{
    TRY(spool_write_behind(writer->spool, writer->block->data, writer->block->length));
    writer->block = writer->block == &writer->blocks[0] ? &writer->blocks[1] : &writer->blocks[0];
    writer->block->length = 0;
    return NULL;
}

struct error *
export_end_row(struct export_writer *writer)
{
    writer->column = 0;
    writer->rows++;
    if (writer->format == EXPORT_XLSX) {
        export_sheet_end_row(writer->sheet);
        return NULL;
    }
    if (writer->format == EXPORT_NDJSON)
        json_close(writer->block, '}');
    buffer_add(writer->block, writer->format == EXPORT_CSV ? "\r\n" : "\n");
    return writer->block->length >= SPOOL_BLOCK ? export_flush(writer) : NULL;
}

static void
export_writer_end(struct export_writer *writer)
{
    if (writer->sheet)
        (void)export_sheet_close(writer->sheet);
    if (writer->sheet_file >= 0)
        close(writer->sheet_file);
    for (size_t i = 0; i < 2; i++)
        arena_destroy(writer->blocks[i].arena);
}

void
export_writer_drop(struct export_writer *writer)
{
    spool_close(writer->spool);
    export_writer_end(writer);
}

/* The workbook as the library wrote it, moved into the spool: only there it is sealed. */
static struct error *
export_take_sheet(struct export_writer *writer)
{
    bool closed = export_sheet_close(writer->sheet);
    writer->sheet = NULL;
    if (!closed)
        return error_new(ERROR_DISK);
    char *block = buffer_room(writer->block, SPOOL_BLOCK);
    ssize_t got;
    while ((got = pread(writer->sheet_file, block, SPOOL_BLOCK, spool_bytes(writer->spool))) > 0)
        TRY(spool_write(writer->spool, block, (size_t)got));
    return got == 0 ? NULL : error_new(ERROR_DISK);
}

struct error *
export_writer_finish(struct export_writer *writer, struct export_result *ret_result)
{
    struct error *error = writer->format == EXPORT_XLSX ? export_take_sheet(writer) : export_flush(writer);
    if (error == NULL)
        error = spool_settle(writer->spool);
    if (error) {
        export_writer_drop(writer);
        return error;
    }
    spool_digest(writer->spool, ret_result->sha256);
    ret_result->spool = writer->spool;
    ret_result->rows = writer->rows;
    export_writer_end(writer);
    return NULL;
}
