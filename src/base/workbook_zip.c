/* workbook_zip.c: unpacking a workbook in memory. Sizes are counted while unpacking, not believed. */
#include "base/workbook_zip.h"

#include <string.h>
#include <zip.h>

#include "lumbung/base/limits.h"
#include "lumbung/base/text.h"

#define PARTS_MAX 2000

struct workbook_file {
    struct arena *arena;
    zip_t *zip;
    size_t unpacked;
};

struct error *
workbook_refusal(const char *id, const char *en)
{
    struct error *error = error_with(ERROR_WORKBOOK, id, NULL, NULL);
    error_in_english(error, 0, en);
    return error;
}

static struct error *
damaged(void)
{
    return workbook_refusal("berkas rusak atau terpotong; simpan ulang sebagai .xlsx", "the file is damaged or cut off; save it again as .xlsx");
}

struct error *
workbook_file_open(struct arena *arena, const void *bytes, size_t length, struct workbook_file **ret_file)
{
    static const unsigned char compound[] = {0xD0, 0xCF, 0x11, 0xE0};
    zip_error_t fault;
    if (length >= 4 && memcmp(bytes, compound, 4) == 0)
        return workbook_refusal("dilindungi kata sandi, atau .xls lama; simpan sebagai .xlsx tanpa kata sandi",
                                "it is protected by a password, or an old .xls; save it as .xlsx without a password");
    if (length < 4 || memcmp(bytes, "PK", 2) != 0)
        return workbook_refusal("bukan buku kerja .xlsx", "it is no .xlsx workbook");
    zip_error_init(&fault);
    zip_source_t *source = zip_source_buffer_create(bytes, length, 0, &fault);
    zip_t *zip = source ? zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &fault) : NULL;
    zip_error_fini(&fault);
    if (zip == NULL) {
        zip_source_free(source);
        return damaged();
    }
    *ret_file = ARENA_NEW(arena, struct workbook_file);
    **ret_file = (struct workbook_file){.arena = arena, .zip = zip};
    if (zip_get_num_entries(zip, 0) <= PARTS_MAX)
        return NULL;
    workbook_file_close(*ret_file);
    return damaged();
}

void
workbook_file_close(struct workbook_file *file)
{
    if (file && file->zip)
        zip_discard(file->zip);
    if (file)
        file->zip = NULL;
}

static struct error *
read_part(struct workbook_file *file, zip_file_t *part, const char **ret_text, size_t *ret_length)
{
    struct buffer text;
    char piece[16384];
    zip_int64_t got;
    buffer_init(&text, file->arena);
    while ((got = zip_fread(part, piece, sizeof piece)) > 0) {
        file->unpacked += (size_t)got;
        if (file->unpacked > LIMIT_WORKBOOK_BYTES)
            return workbook_refusal("isinya lebih dari 32 MB setelah dibuka", "it holds more than 32 MB once unpacked");
        buffer_bytes(&text, piece, (size_t)got);
    }
    if (got < 0)
        return damaged();
    *ret_length = text.length;
    *ret_text = buffer_text(&text);
    return NULL;
}

struct error *
workbook_file_part(struct workbook_file *file, const char *name, const char **ret_text, size_t *ret_length)
{
    zip_stat_t about;
    *ret_text = NULL;
    *ret_length = 0;
    zip_int64_t index = zip_name_locate(file->zip, name, ZIP_FL_ENC_UTF_8);
    if (index < 0)
        return NULL;
    if (zip_stat_index(file->zip, (zip_uint64_t)index, 0, &about) == 0 && (about.valid & ZIP_STAT_ENCRYPTION_METHOD) && about.encryption_method != ZIP_EM_NONE)
        return workbook_refusal("dilindungi kata sandi; simpan tanpa kata sandi", "it is protected by a password; save it without one");
    zip_file_t *part = zip_fopen_index(file->zip, (zip_uint64_t)index, 0);
    if (part == NULL)
        return damaged();
    struct error *error = read_part(file, part, ret_text, ret_length);
    zip_fclose(part);
    return error;
}

/* --- writing ---------------------------------------------------------------------------------------------------------------------------- */

static struct error *
take_bytes(struct arena *arena, zip_source_t *source, struct bytes *ret_bytes)
{
    zip_stat_t about;
    if (zip_source_stat(source, &about) != 0 || !(about.valid & ZIP_STAT_SIZE) || zip_source_open(source) != 0)
        return error_internal("the workbook cannot be read back");
    uint8_t *bytes = arena_alloc(arena, about.size);
    zip_int64_t got = zip_source_read(source, bytes, about.size);
    zip_source_close(source);
    *ret_bytes = (struct bytes){bytes, (size_t)about.size};
    return got == (zip_int64_t)about.size ? NULL : error_internal("the workbook is cut off");
}

/* One day of 2020 on every part: the same form gives the same file. */
#define PART_TIME 1577836800

struct error *
workbook_file_make(struct arena *arena, const struct workbook_new_part *parts, size_t count, struct bytes *ret_bytes)
{
    zip_error_t fault;
    zip_error_init(&fault);
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &fault);
    zip_t *zip = source ? zip_open_from_source(source, ZIP_TRUNCATE, &fault) : NULL;
    zip_error_fini(&fault);
    if (zip == NULL) {
        zip_source_free(source);
        return error_internal("no room for a workbook");
    }
    zip_source_keep(source);
    for (size_t i = 0; i < count; i++) {
        zip_source_t *part = zip_source_buffer(zip, parts[i].text, strlen(parts[i].text), 0);
        zip_int64_t index = part ? zip_file_add(zip, parts[i].name, part, ZIP_FL_ENC_UTF_8) : -1;
        if (index >= 0)
            (void)zip_file_set_mtime(zip, (zip_uint64_t)index, PART_TIME, 0);
    }
    struct error *error = zip_close(zip) == 0 ? take_bytes(arena, source, ret_bytes) : error_internal("the workbook cannot be packed");
    zip_source_free(source);
    return error;
}
