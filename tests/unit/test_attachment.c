/* test_attachment.c: what is taken, what is refused by its first bytes, and that the file is sealed, bound and scoped. */
#include "household_fixture.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "lumbung/attachment.h"

static const uint8_t png_head[] = "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\x01\0\0\0\0\x80\x08\x02\0\0\0\x12\x34\x56\x78";
static const uint8_t jpeg_head[] = "\xFF\xD8\xFF\xE0\0\x04\0\0\xFF\xC0\0\x11\x08\0\x80\x01\0\x03\x01\x22\0\x02\x11\x01";
static const uint8_t webp_vp8x[] = "RIFF\x20\0\0\0WEBPVP8X\x0A\0\0\0\0\0\0\0\xFF\0\0\x7F\0\0\0\0\0\0\0\0";
static const uint8_t webp_vp8[] = "RIFF\x20\0\0\0WEBPVP8 \x0A\0\0\0\x30\x01\0\x9D\x01\x2A\0\x01\x80\0\0\0\0\0";
static const uint8_t pdf_head[] = "%PDF-1.4 something";
static const uint8_t png_flood[] = "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\xC3\x50\0\0\xC3\x50\x08\x02\0\0\0\x12\x34\x56\x78";
static const uint8_t png_nothing[] = "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\0\0\0\0\0\0\x08\x02\0\0\0\x12\x34\x56\x78";
static const uint8_t jpeg_flood[] = "\xFF\xD8\xFF\xE0\0\x04\0\0\xFF\xC0\0\x11\x08\x2E\xE0\x2E\xE0\x03\x01\x22\0\x02\x11\x01";
static const uint8_t jpeg_loop[] = "\xFF\xD8\xFF\xE0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
static const uint8_t gif[] = "GIF89a\x01\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0";
static const uint8_t svg[] = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>";
static const uint8_t html[] = "<!doctype html><script>alert(1)</script>";

#define ROW(name, kind, width, height, code) {#name, {name, sizeof name - 1}, kind, width, height, code}
static const struct { const char *name; struct bytes content; const char *kind; int width, height; enum error_code code; } rows[] = {
    ROW(png_head, "image/png", 256, 128, 0), ROW(jpeg_head, "image/jpeg", 256, 128, 0), ROW(webp_vp8x, "image/webp", 256, 128, 0),
    ROW(webp_vp8, "image/webp", 256, 128, 0), ROW(pdf_head, "application/pdf", 0, 0, 0), ROW(png_flood, NULL, 0, 0, ERROR_TOO_LARGE),
    ROW(jpeg_flood, NULL, 0, 0, ERROR_TOO_LARGE), ROW(png_nothing, NULL, 0, 0, ERROR_MEDIA_TYPE), ROW(jpeg_loop, NULL, 0, 0, ERROR_MEDIA_TYPE),
    ROW(gif, NULL, 0, 0, ERROR_MEDIA_TYPE), ROW(svg, NULL, 0, 0, ERROR_MEDIA_TYPE), ROW(html, NULL, 0, 0, ERROR_MEDIA_TYPE),
};

static void
tells_by_first_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct attachment attachment = {0};
        struct error *error = attachment_inspect(rows[i].content, &attachment);
        if (!rows[i].kind) {
            CHECK_ROW(error && error->code == rows[i].code, rows[i].name);
            error_free(error);
            continue;
        }
        CHECK_ROW(!error, rows[i].name);
        CHECK_TEXT(attachment.kind, rows[i].kind, rows[i].name);
        CHECK_ROW(attachment.width == rows[i].width && attachment.height == rows[i].height, rows[i].name);
    }
    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t length = 0; length < rows[i].content.length; length++) { /* cut anywhere: no read beyond the end */
            struct attachment attachment;
            uint8_t *exact = malloc(length + 1);
            memcpy(exact, rows[i].content.data, length);
            error_free(attachment_inspect((struct bytes){exact, length}, &attachment));
            free(exact);
        }
}

struct upload {
    struct house *house;
    const struct actor *actor;
    const struct route *route;
    struct bytes body;
    struct id id, region_id, subject;
    struct reply reply;
};

static struct error *
upload(struct tx *tx, void *context)
{
    struct upload *upload = context;
    struct call call = {.actor = upload->actor, .route = &attachment_routes[0], .body = upload->body};
    upload->reply = (struct reply){.version = -1};
    buffer_init(&upload->reply.body, tx->arena);
    TRY(call.route->prepare(tx, &call, &upload->reply));
    call.prepared = upload->reply.prepared;
    TRY(call.route->step(tx, &call, &upload->reply));
    upload->id = upload->reply.record_id;
    return NULL;
}

static struct error *
download(struct tx *tx, void *context)
{
    struct upload *upload = context;
    struct call call = {.actor = upload->actor, .route = &attachment_routes[1], .ids = {upload->id}};
    upload->reply = (struct reply){.version = -1};
    buffer_init(&upload->reply.body, tx->arena);
    return call.route->step(tx, &call, &upload->reply);
}

static struct error *
bind(struct tx *tx, void *context)
{
    struct upload *upload = context;
    struct region region;
    struct buffer empty;
    buffer_init(&empty, tx->arena);
    TRY(region_by_code(tx, upload->actor, "33.08.03.2001", &region));
    TRY(attachment_bind(tx, upload->actor, upload->id, upload->subject, region.id));
    struct audit_part part = {.kind = "attachment", .id = upload->id, .after = "{}"};
    struct audit_change change = {.action = "test.bind", .record_id = upload->id, .parts = &part, .part_count = 1};
    return audit_append(tx, upload->actor, &change, NULL);
}

static void
seals_binds_and_scopes(void **state)
{
    struct house *house = *state;
    struct trial *trial = house->trial;
    trial->registry.blob_directory = arena_format(trial->arena, "%s/blobs", trial->fixture->folder);
    struct upload up = {.house = house, .actor = &house->console, .body = rows[0].content, .subject = id_make(trial_now)};
    trial_write(trial, upload, &up);
    assert_int_equal(up.reply.status, 201);
    must(trial_read(trial, download, &up));
    assert_int_equal(up.reply.body.length, rows[0].content.length);
    assert_memory_equal(up.reply.body.data, rows[0].content.data, rows[0].content.length);
    assert_string_equal(up.reply.content_type, "image/png");
    char text[ID_TEXT_SIZE];
    id_print(up.id, text);
    const char *path = arena_format(trial->arena, "%s/%s/%s", trial->registry.blob_directory, text + 34, text);
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    uint8_t bytes[256];
    size_t length = fread(bytes, 1, sizeof bytes, file);
    assert_null(memmem(bytes, length, "IHDR", 4));
    up.actor = &house->officer; /* not his, not yet of his area */
    must_refuse(trial_read(trial, download, &up), ERROR_NOT_FOUND, NULL);
    up.actor = &house->console;
    trial_write(trial, bind, &up);
    up.actor = &house->officer;
    must(trial_read(trial, download, &up));
    must_refuse(lane_run(trial->lane, bind, &(struct upload){.house = house, .actor = &house->officer, .id = up.id, .subject = id_make(trial_now)}, trial->arena),
                ERROR_NOT_FOUND, NULL);
    up.actor = &house->auditor;
    must_refuse(trial_read(trial, download, &up), ERROR_NOT_FOUND, NULL);
    up.actor = &house->officer;
    rewind(file);
    bytes[length - 1] ^= 1;
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    fclose(file);
    must_refuse(trial_read(trial, download, &up), ERROR_TAMPERED, NULL);
    must_refuse(lane_run(trial->lane, upload, &(struct upload){.actor = &house->officer, .body = rows[11].content}, trial->arena), ERROR_MEDIA_TYPE, NULL);
}

/* --- files without a row ----------------------------------------------------------------------------------------------------------------- */

#define TWO_DAYS_MS (INT64_C(2) * 86400 * 1000)

static const char *
file_of(struct trial *trial, struct id id, const char *more)
{
    char text[ID_TEXT_SIZE];
    id_print(id, text);
    return arena_format(trial->arena, "%s/%s/%s%s", trial->registry.blob_directory, text + 34, text, more);
}

static void
age(const char *path, int64_t at_ms)
{
    const struct timespec times[2] = {{.tv_sec = at_ms / 1000}, {.tv_sec = at_ms / 1000}};
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void
put(const char *path, int64_t at_ms)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("x", file);
    fclose(file);
    age(path, at_ms);
}

struct sweep { struct trial *trial; int64_t removed; };

static struct error *
sweep(struct tx *tx, void *context)
{
    struct sweep *sweep = context;
    return attachment_sweep(tx, sweep->trial->registry.blob_directory, trial_now - TWO_DAYS_MS / 2, &sweep->removed);
}

static void
sweeps_what_has_no_row(void **state)
{
    struct house *house = *state;
    struct trial *trial = house->trial;
    struct sweep swept = {trial, -1};
    trial->registry.blob_directory = arena_format(trial->arena, "%s/blobs", trial->fixture->folder);
    must(trial_read(trial, sweep, &swept)); /* no folder yet */
    assert_int_equal(swept.removed, 0);
    struct upload kept = {.house = house, .actor = &house->console, .body = rows[0].content}, lost = kept;
    trial_write(trial, upload, &kept);
    age(file_of(trial, kept.id, ""), trial_now - TWO_DAYS_MS);
    fixture_execute(trial->fixture, "CREATE TRIGGER test_no BEFORE INSERT ON attachment BEGIN SELECT RAISE(ABORT, 'internal'); END");
    struct error *error = lane_run(trial->lane, upload, &lost, trial->arena); /* the file is there, the row fails */
    assert_non_null(error);
    error_free(error);
    struct id orphan = ((struct attachment *)lost.reply.prepared)->id, young = id_make(trial_now), unfinished = id_make(trial_now);
    uint8_t key[32];
    must(attachment_write(trial->arena, trial->registry.blob_directory, young, rows[0].content, key));
    must(attachment_write(trial->arena, trial->registry.blob_directory, unfinished, rows[0].content, key));
    assert_int_equal(rename(file_of(trial, unfinished, ""), file_of(trial, unfinished, ".new")), 0);
    age(file_of(trial, orphan, ""), trial_now - TWO_DAYS_MS);
    age(file_of(trial, young, ""), trial_now - 1000);
    age(file_of(trial, unfinished, ".new"), trial_now - TWO_DAYS_MS);
    put(file_of(trial, kept.id, ".txt"), trial_now - TWO_DAYS_MS); /* not ours */
    assert_int_equal(symlink(file_of(trial, kept.id, ""), file_of(trial, young, ".new")), 0);
    must(trial_read(trial, sweep, &swept));
    assert_int_equal(swept.removed, 2);
    assert_int_not_equal(access(file_of(trial, orphan, ""), F_OK), 0);
    assert_int_not_equal(access(file_of(trial, unfinished, ".new"), F_OK), 0);
    const char *const stay[] = {file_of(trial, kept.id, ""), file_of(trial, young, ""), file_of(trial, kept.id, ".txt"), file_of(trial, young, ".new")};
    for (size_t i = 0; i < COUNT(stay); i++)
        CHECK_ROW(access(stay[i], F_OK) == 0, stay[i]);
    must(trial_read(trial, download, &kept));
    must(trial_read(trial, sweep, &swept));
    assert_int_equal(swept.removed, 0);
}

static void
routes_are_in_order(void **state)
{
    (void)state;
    const struct route *const tables[] = {attachment_routes, household_routes, NULL};
    must(routes_check(tables));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(tells_by_first_bytes), HOUSE_TEST(seals_binds_and_scopes), HOUSE_TEST(sweeps_what_has_no_row), cmocka_unit_test(routes_are_in_order)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
