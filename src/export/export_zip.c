/* export_zip.c: the end of the archive names its directory, the directory its parts; a part is inflated as it is read. The one file that unpacks. */
#include "export/export_zip.h"

#include <string.h>
#include <zlib.h>

#include "lumbung/base/text.h"

#define ZIP_END_SIZE 22
#define ZIP_ENTRY_SIZE 46
#define ZIP_LOCAL_SIZE 30
#define ZIP_PARTS_MAX 64
#define ZIP_NAME_MAX 128
#define ZIP_DEFLATED 8
#define ZIP_BLOCK 65536

struct export_zip {
    FILE *file;
    z_stream stream;
    uint8_t packed[ZIP_BLOCK];
    int64_t packed_left, length, size; /* length: what came out so far, size: what must */
    uint32_t sum, wanted_sum;
    bool ended;
};

struct zip_entry { uint32_t signature, method, sum, packed, size, offset; char name[ZIP_NAME_MAX]; };

static struct error *
zip_broken(const char *what)
{
    char text[160];
    snprintf(text, sizeof text, "the workbook cannot be read: %s", what);
    return error_with(ERROR_TAMPERED, text, NULL, NULL);
}

static uint32_t
zip_number(const uint8_t *bytes, size_t at, size_t size)
{
    uint32_t number = 0;
    for (size_t i = size; i > 0; i--)
        number = number << 8 | bytes[at + i - 1];
    return number;
}

static struct error *
zip_take(FILE *file, uint8_t *bytes, size_t size)
{
    return fread(bytes, 1, size, file) == size ? NULL : zip_broken("it ends too early");
}

static struct error *
zip_seek(FILE *file, long offset, int from)
{
    return fseek(file, offset, from) == 0 ? NULL : zip_broken("it is too short");
}

static struct error *
zip_directory(FILE *file, uint32_t *ret_count)
{
    uint8_t end[ZIP_END_SIZE];
    TRY(zip_seek(file, -ZIP_END_SIZE, SEEK_END));
    TRY(zip_take(file, end, sizeof end));
    uint32_t offset = zip_number(end, 16, 4);
    *ret_count = zip_number(end, 10, 2);
    if (zip_number(end, 0, 4) != 0x06054b50 || offset == UINT32_MAX)
        return zip_broken("it is no archive of a spreadsheet");
    if (*ret_count > ZIP_PARTS_MAX)
        return zip_broken("it holds too many parts");
    return zip_seek(file, (long)offset, SEEK_SET);
}

static struct error *
zip_next(FILE *file, struct zip_entry *entry)
{
    uint8_t head[ZIP_ENTRY_SIZE];
    TRY(zip_take(file, head, sizeof head));
    uint32_t name = zip_number(head, 28, 2), behind = zip_number(head, 30, 2) + zip_number(head, 32, 2);
    *entry = (struct zip_entry){.signature = zip_number(head, 0, 4), .method = zip_number(head, 10, 2), .sum = zip_number(head, 16, 4),
                                .packed = zip_number(head, 20, 4), .size = zip_number(head, 24, 4), .offset = zip_number(head, 42, 4)};
    if (entry->signature != 0x02014b50 || name >= ZIP_NAME_MAX)
        return zip_broken("its directory is damaged");
    TRY(zip_take(file, (uint8_t *)entry->name, name));
    return zip_seek(file, (long)behind, SEEK_CUR);
}

static struct error *
zip_find(FILE *file, const char *name, const char *alone, struct zip_entry *ret_entry)
{
    uint32_t count = 0, found = 0, alike = 0;
    TRY(zip_directory(file, &count));
    for (uint32_t i = 0; i < count; i++) {
        struct zip_entry entry;
        TRY(zip_next(file, &entry));
        alike += text_begins(entry.name, alone);
        if (text_equal(entry.name, name)) {
            *ret_entry = entry;
            found++;
        }
    }
    if (found != 1 || alike != 1)
        return zip_broken("it does not hold one sheet and no other");
    return ret_entry->method == ZIP_DEFLATED ? NULL : zip_broken("its sheet is not packed as it should be");
}

struct error *
export_zip_open(struct arena *arena, FILE *file, const char *name, const char *alone, struct export_zip **ret_zip)
{
    struct zip_entry entry = {0};
    uint8_t local[ZIP_LOCAL_SIZE];
    TRY(zip_find(file, name, alone, &entry));
    TRY(zip_seek(file, (long)entry.offset, SEEK_SET));
    TRY(zip_take(file, local, sizeof local));
    if (zip_number(local, 0, 4) != 0x04034b50)
        return zip_broken("its directory is damaged");
    TRY(zip_seek(file, (long)(zip_number(local, 26, 2) + zip_number(local, 28, 2)), SEEK_CUR));
    struct export_zip *zip = ARENA_NEW(arena, struct export_zip);
    *zip = (struct export_zip){.file = file, .packed_left = entry.packed, .size = entry.size, .wanted_sum = entry.sum};
    if (inflateInit2(&zip->stream, -MAX_WBITS) != Z_OK)
        return error_internal("export: zlib does not start");
    *ret_zip = zip;
    return NULL;
}

static struct error *
zip_feed(struct export_zip *zip)
{
    size_t size = zip->packed_left < ZIP_BLOCK ? (size_t)zip->packed_left : ZIP_BLOCK;
    if (zip->stream.avail_in > 0)
        return NULL;
    if (size == 0)
        return zip_broken("its sheet does not end");
    TRY(zip_take(zip->file, zip->packed, size));
    zip->packed_left -= (int64_t)size;
    zip->stream.next_in = zip->packed;
    zip->stream.avail_in = (unsigned)size;
    return NULL;
}

struct error *
export_zip_read(struct export_zip *zip, char *block, size_t size, size_t *ret_length)
{
    zip->stream.next_out = (uint8_t *)block;
    zip->stream.avail_out = (unsigned)size;
    while (!zip->ended && zip->stream.avail_out > 0) {
        TRY(zip_feed(zip));
        int status = inflate(&zip->stream, Z_NO_FLUSH);
        if (status != Z_OK && status != Z_STREAM_END)
            return zip_broken("its sheet is damaged");
        zip->ended = status == Z_STREAM_END;
    }
    *ret_length = size - zip->stream.avail_out;
    zip->length += (int64_t)*ret_length;
    zip->sum = (uint32_t)crc32(zip->sum, (const uint8_t *)block, (unsigned)*ret_length);
    if (zip->length > zip->size || (zip->ended && (zip->length != zip->size || zip->sum != zip->wanted_sum)))
        return zip_broken("its sheet is not what its checksum says");
    return NULL;
}

void
export_zip_close(struct export_zip *zip)
{
    if (zip)
        inflateEnd(&zip->stream);
}
