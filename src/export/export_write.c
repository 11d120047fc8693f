/* export_write.c: the temporary file of an export. It has no name while it is read (or loses it at once), so that nobody finds it and a crash leaves
 * nothing; it is written at disk speed so that a slow reader holds no read transaction. CSV is RFC 4180 with CRLF. */
#include "export/export_write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lumbung/base/crypto.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"

#define EXPORT_BLOCK 65536

struct export_writer {
    enum export_format format;
    const char *const *columns;
    size_t column_count, column;
    struct arena *block_arena; /* of the block; the row is appended to it */
    struct buffer block;
    struct sha256 hash; /* of all that was written, while the block is still in the cache */
    int64_t bytes;
    int file;
    const char *sheet_path;
    struct export_sheet *sheet;
    int64_t rows;
};

static int
export_open_nameless(struct arena *arena, const char *directory)
{
    int file = open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (file >= 0)
        return file;
    char *path = arena_format(arena, "%s/.lumbung-export-XXXXXX", directory);
    file = mkostemp(path, O_CLOEXEC);
    if (file >= 0)
        unlink(path);
    return file;
}

struct error *
export_writer_open(struct arena *arena, enum export_format format, const char *directory, const char *const *columns, size_t column_count,
                   struct export_writer **ret_writer)
{
    struct export_writer *writer = ARENA_NEW(arena, struct export_writer);
    *writer = (struct export_writer){.format = format, .columns = columns, .column_count = column_count, .file = -1};
    if (format == EXPORT_XLSX) {
        char *path = arena_format(arena, "%s/.lumbung-export-XXXXXX", directory);
        writer->file = mkostemp(path, O_CLOEXEC);
        writer->sheet_path = path;
        if (writer->file >= 0)
            writer->sheet = export_sheet_open(arena, path, columns, column_count);
    } else {
        writer->file = export_open_nameless(arena, directory);
    }
    if (writer->file < 0)
        return error_new(ERROR_DISK);
    writer->block_arena = arena_create();
    buffer_init(&writer->block, writer->block_arena);
    sha256_start(&writer->hash);
    for (size_t i = 0; format == EXPORT_CSV && i < column_count; i++) {
        buffer_add(&writer->block, i ? "," : "");
        buffer_add(&writer->block, columns[i]);
    }
    if (format == EXPORT_CSV)
        buffer_add(&writer->block, "\r\n");
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
        buffer_char(&writer->block, ',');
    if (writer->format == EXPORT_NDJSON && writer->column == 0) {
        writer->block.comma = false;
        json_open(&writer->block, NULL, '{');
    }
}

void
export_put_text(struct export_writer *writer, const char *text)
{
    export_before_cell(writer);
    if (writer->format == EXPORT_CSV)
        export_csv_text(&writer->block, text);
    else if (writer->format == EXPORT_NDJSON)
        json_put_text(&writer->block, writer->columns[writer->column], text);
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
        buffer_add(&writer->block, text);
    writer->column++;
}

void
export_put_id(struct export_writer *writer, struct id id)
{
    char text[ID_TEXT_SIZE];
    bool there = !id_is_zero(id);
    if (there && writer->format == EXPORT_CSV) {
        export_before_cell(writer);
        id_print(id, buffer_room(&writer->block, ID_TEXT_SIZE));
        writer->block.length += ID_TEXT_SIZE - 1;
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
        buffer_int(&writer->block, value);
    else if (writer->format == EXPORT_NDJSON)
        json_put_int(&writer->block, writer->columns[writer->column], value);
    else
        export_sheet_int(writer->sheet, value);
    writer->column++;
}

static struct error *
export_flush(struct export_writer *writer)
{
    size_t at = 0;
    sha256_update(&writer->hash, writer->block.data, writer->block.length);
    while (at < writer->block.length) {
        ssize_t wrote = write(writer->file, writer->block.data + at, writer->block.length - at);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            return error_new(ERROR_DISK);
        at += (size_t)wrote;
    }
    writer->bytes += (int64_t)at;
    writer->block.length = 0;
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
        json_close(&writer->block, '}');
    buffer_add(&writer->block, writer->format == EXPORT_CSV ? "\r\n" : "\n");
    return writer->block.length >= EXPORT_BLOCK ? export_flush(writer) : NULL;
}

void
export_writer_drop(struct export_writer *writer)
{
    if (writer->sheet)
        export_sheet_close(writer->sheet);
    if (writer->sheet_path)
        unlink(writer->sheet_path);
    if (writer->file >= 0)
        close(writer->file);
    arena_destroy(writer->block_arena);
}

/* The spreadsheet library wrote by name: the file is opened anew and read once. */
static struct error *
export_take_sheet(struct export_writer *writer)
{
    bool closed = export_sheet_close(writer->sheet);
    writer->sheet = NULL;
    close(writer->file);
    writer->file = open(writer->sheet_path, O_RDONLY | O_CLOEXEC);
    unlink(writer->sheet_path);
    if (!closed || writer->file < 0)
        return error_new(ERROR_DISK);
    char *block = arena_alloc(writer->block_arena, EXPORT_BLOCK);
    ssize_t got;
    while ((got = pread(writer->file, block, EXPORT_BLOCK, writer->bytes)) > 0) {
        sha256_update(&writer->hash, block, (size_t)got);
        writer->bytes += got;
    }
    return got == 0 ? NULL : error_new(ERROR_DISK);
}

struct error *
export_writer_finish(struct export_writer *writer, struct export_result *ret_result)
{
    struct error *error = writer->format == EXPORT_XLSX ? export_take_sheet(writer) : export_flush(writer);
    if (error == NULL && lseek(writer->file, 0, SEEK_SET) != 0)
        error = error_new(ERROR_DISK);
    if (error) {
        export_writer_drop(writer);
        return error;
    }
    sha256_finish(&writer->hash, ret_result->sha256);
    ret_result->file = writer->file;
    ret_result->bytes = writer->bytes;
    ret_result->rows = writer->rows;
    arena_destroy(writer->block_arena);
    return NULL;
}
