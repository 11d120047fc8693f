/* export_zip.c: one part of an archive as it is unpacked, block by block; the library compares the checksum at its end. */
#include "export/export_zip.h"

#include <string.h>
#include <unistd.h>
#include <zip.h>

#include "lumbung/base/text.h"

#define ZIP_PARTS_MAX 64

struct export_zip {
    zip_t *archive;
    zip_file_t *part;
    zip_uint64_t length, size; /* what came out so far, what must */
};

static struct error *
zip_broken(const char *what)
{
    char text[160];
    snprintf(text, sizeof text, "the workbook cannot be read: %s", what);
    return error_with(ERROR_TAMPERED, text, NULL, NULL);
}

static struct error *
zip_find(zip_t *archive, const char *name, const char *alone, zip_uint64_t *ret_index)
{
    zip_int64_t count = zip_get_num_entries(archive, 0);
    size_t found = 0, alike = 0;
    if (count > ZIP_PARTS_MAX)
        return zip_broken("it holds too many parts");
    for (zip_int64_t i = 0; i < count; i++) {
        const char *part = zip_get_name(archive, (zip_uint64_t)i, ZIP_FL_ENC_RAW);
        alike += part && text_begins(part, alone);
        if (text_equal(part, name)) {
            *ret_index = (zip_uint64_t)i;
            found++;
        }
    }
    return found == 1 && alike == 1 ? NULL : zip_broken("it does not hold one sheet and no other");
}

/* The library closes what it is given: a second handle of the same file. */
static zip_t *
zip_start(FILE *file)
{
    int handle = dup(fileno(file)), status = 0;
    zip_t *archive = handle < 0 ? NULL : zip_fdopen(handle, ZIP_CHECKCONS, &status);
    if (!archive && handle >= 0)
        close(handle);
    return archive;
}

struct error *
export_zip_open(struct arena *arena, FILE *file, const char *name, const char *alone, struct export_zip **ret_zip)
{
    zip_uint64_t index = 0;
    struct export_zip *zip = ARENA_NEW(arena, struct export_zip);
    zip->archive = zip_start(file);
    if (!zip->archive)
        return zip_broken("it is no archive of a spreadsheet");
    struct error *error = zip_find(zip->archive, name, alone, &index);
    zip_stat_t about;
    if (!error && (zip_stat_index(zip->archive, index, 0, &about) != 0 || (zip->part = zip_fopen_index(zip->archive, index, 0)) == NULL))
        error = zip_broken("its sheet is not packed as it should be");
    else if (!error)
        zip->size = about.size;
    if (error)
        export_zip_close(zip);
    else
        *ret_zip = zip;
    return error;
}

struct error *
export_zip_read(struct export_zip *zip, char *block, size_t size, size_t *ret_length)
{
    zip_int64_t length = zip_fread(zip->part, block, size);
    *ret_length = length > 0 ? (size_t)length : 0;
    zip->length += *ret_length;
    bool is_whole = length > 0 || zip->length == zip->size;
    return length >= 0 && is_whole ? NULL : zip_broken("its sheet is damaged, or is not what its checksum says");
}

void
export_zip_close(struct export_zip *zip)
{
    if (!zip)
        return;
    if (zip->part)
        zip_fclose(zip->part);
    zip_discard(zip->archive);
}
