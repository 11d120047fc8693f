/* open_files_take.c: open files back into a registry. */
#include <string.h>

#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/household.h"
#include "lumbung/notice.h"
#include "lumbung/open_files.h"
#include "lumbung/region.h"
#include "lumbung/user.h"

#define HOUSEHOLDS_IN_ACT 100

struct taking {
    const struct bytes *files;
    const struct open_digest *wanted;
    const char *at, *end; /* of the households that are still to come */
};

static struct error *
check_file(const struct bytes *file, int number, const struct open_digest *wanted)
{
    uint8_t digest[SHA256_SIZE];
    char hex[2 * SHA256_SIZE + 1];
    sha256_of(file->data, file->length, digest);
    hex_print(digest, sizeof digest, hex);
    return strcmp(hex, wanted->sha256[number]) == 0 ? NULL : error_with(ERROR_FILE, open_file_names[number], "it is not the file that digest.json names", NULL);
}

static struct error *
take_regions(struct tx *tx, void *context)
{
    const struct taking *taking = context;
    struct actor actor = user_console_actor();
    int64_t rows = 0;
    const char *at = (const char *)taking->files[1].data, *end = at + taking->files[1].length;
    if (taking->wanted->regions > 0)
        TRY(region_import(tx, &actor, (const char *)taking->files[0].data, taking->files[0].length, &rows));
    while (at < end) {
        struct region region;
        bool found = false;
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        const char *code = arena_copy(tx->arena, at, (size_t)((stop ? stop : end) - at));
        TRY(region_find_code(tx, code, &region, &found));
        if (found)
            TRY(region_close(tx, region.id, date_of_instant(tx->now_ms, 0)));
        at = stop ? stop + 1 : end;
    }
    return NULL;
}

static struct error *
take_notices(struct tx *tx, void *context)
{
    const struct taking *taking = context;
    struct actor actor = user_console_actor();
    return notice_file_take(tx, &actor, (const char *)taking->files[3].data, taking->files[3].length);
}

static struct error *
take_household(struct tx *tx, const struct actor *actor, const char *text, size_t length)
{
    struct json *json = NULL;
    struct id id;
    const char *state = NULL;
    TRY(json_parse(tx->arena, text, length, &json));
    const char *given = json_get_text(json, "id");
    if (given == NULL || !id_parse(given, &id))
        return error_with(ERROR_FILE, open_file_names[2], "a line has no id", NULL);
    struct error *error = household_state(tx, actor, id, &state);
    if (error == NULL || error->code != ERROR_NOT_FOUND)
        return error; /* in already, by a run that was broken off */
    error_free(error);
    tx->known = (struct tx_keys){0};
    return household_register_json(tx, actor, json, HOUSEHOLD_OF_REGISTRY, &id, NULL);
}

static struct error *
take_households(struct tx *tx, void *context)
{
    struct taking *taking = context;
    struct actor actor = user_console_actor();
    const char *at = taking->at;
    for (int i = 0; i < HOUSEHOLDS_IN_ACT && at < taking->end; i++) {
        const char *stop = memchr(at, '\n', (size_t)(taking->end - at));
        TRY(take_household(tx, &actor, at, (size_t)((stop ? stop : taking->end) - at)));
        at = stop ? stop + 1 : taking->end;
    }
    taking->at = at; /* only once all of them are in: an act may run again */
    return NULL;
}

static struct error *
compare(struct tx *tx, void *context)
{
    const struct taking *taking = context;
    struct actor actor = user_console_actor();
    struct open_digest digest;
    TRY(open_files_print(tx, &actor, NULL, NULL, &digest));
    for (int i = 0; i < OPEN_FILES; i++)
        if (strcmp(digest.sha256[i], taking->wanted->sha256[i]) != 0)
            return error_with(ERROR_TAMPERED, arena_format(tx->arena, "%s of the registry differs from the file: it held something else before", open_file_names[i]), NULL, NULL);
    return open_files_trace(tx, &actor, "import.registry", &digest);
}

static struct error *
run(struct lane *lane, struct error *(*apply)(struct tx *tx, void *context), struct taking *taking)
{
    struct arena *arena = arena_create(); /* one an act: a whole registry would not fit */
    struct error *error = lane_run(lane, apply, taking, arena);
    arena_destroy(arena);
    return error;
}

struct error *
open_files_take(struct lane *lane, const struct bytes files[OPEN_FILES], const struct open_digest *digest)
{
    struct taking taking = {.files = files, .wanted = digest, .at = (const char *)files[2].data, .end = (const char *)files[2].data + files[2].length};
    for (int i = 0; i < OPEN_FILES; i++)
        TRY(check_file(&files[i], i, digest));
    TRY(run(lane, take_regions, &taking));
    TRY(run(lane, take_notices, &taking));
    while (taking.at < taking.end)
        TRY(run(lane, take_households, &taking));
    return run(lane, compare, &taking);
}
