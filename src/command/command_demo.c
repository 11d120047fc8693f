/* command_demo.c: `lumbung demo`: a registry of invented people under a name of its own until it is whole, and the log-ins to try it with. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command/command.h"
#include "command/instance.h"
#include "demo/demo.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"

#define DEMO_USAGE "lumbung demo --db FILE [--keys DIR] [--households N] [--seed S]"

/* Beside the name that the registry will have. */
struct making {
    struct arena *arena;
    const char *db, *keys; /* keys NULL: in the folder that --keys named */
};

static int
making_remove_entry(const char *path, const struct stat *facts, int kind, struct FTW *place)
{
    (void)facts, (void)kind, (void)place;
    return remove(path);
}

static void
making_clean(const struct making *making)
{
    static const char *const tails[] = {"", "-wal", "-shm", ".lock"};
    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++)
        unlink(arena_format(making->arena, "%s%s", making->db, tails[i]));
    if (making->keys)
        nftw(making->keys, making_remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

/* Another demo that works on the same name is left alone; what an interrupted one left goes. */
static struct error *
making_start(const struct making *making)
{
    struct lock *lock = NULL;
    TRY(lock_take(making->db, &lock));
    making_clean(making);
    lock_drop(lock);
    return NULL;
}

static bool
making_sync(const char *path, int flags)
{
    int file = open(path, flags | O_RDONLY | O_CLOEXEC);
    bool synced = file >= 0 && fsync(file) == 0;
    if (file >= 0)
        close(file);
    return synced;
}

/* The keys first: a registry that has its name has all of its parts. */
static struct error *
making_name(const struct making *making, const char *db, const char *keys)
{
    const char *slash = strrchr(db, '/');
    const char *folder = slash ? arena_copy(making->arena, db, (size_t)(slash - db) + 1) : ".";
    if (!making_sync(making->db, 0) || (making->keys && rename(making->keys, keys) != 0))
        return error_with(ERROR_FILE, making->keys ? keys : making->db, strerror(errno), NULL);
    if (rename(making->db, db) != 0 || !making_sync(folder, O_DIRECTORY))
        return error_with(ERROR_FILE, db, strerror(errno), NULL);
    return NULL;
}

static void
demo_print_progress(const struct demo *demo)
{
    fprintf(stderr, "\r%d of %d households   ", demo->made, demo->households);
}

static struct error *
demo_make(struct arena *arena, const struct instance_options *open, int households, uint64_t seed)
{
    struct instance *instance = NULL;
    struct demo demo = {.arena = arena, .random = {seed}, .households = households, .today = date_of_instant(time_now_ms(), 420),
                        .progress = isatty(STDERR_FILENO) ? demo_print_progress : NULL};
    TRY(instance_open(open, &instance));
    demo.lane = instance->lane;
    struct error *error = instance_load_index(instance);
    if (error == NULL)
        error = demo_fill(&demo);
    instance_close(instance);
    return error;
}

static struct error *
demo_run(struct arena *arena, const char *db, const char *keys, int households, uint64_t seed)
{
    struct making making = {arena, arena_format(arena, "%s.making", db), keys ? NULL : arena_format(arena, "%s.making.keys", db)};
    struct instance_options open = {.path = making.db, .keys = keys ? keys : making.keys, .create = true, .is_demo = true};
    open.lane.now_ms = demo_now_ms;
    open.lane.db.synchronous_normal = true; /* nobody waits for a single commit: the file is synced before it gets its name */
    const char *folder = instance_keys_path(arena, db, keys);
    bool makes_keys = keys && access(keys, F_OK) != 0;
    if (access(db, F_OK) == 0)
        return error_with(ERROR_DATABASE, db, "it exists already; the demo wants a file of its own", NULL);
    if (keys == NULL && access(arena_format(arena, "%s/master", folder), F_OK) == 0)
        return error_with(ERROR_KEYS, folder, "they belong to another registry; give the demo another name", NULL);
    TRY(making_start(&making));
    struct error *error = demo_make(arena, &open, households, seed);
    if (error == NULL)
        error = making_name(&making, db, folder);
    if (error && makes_keys)
        nftw(keys, making_remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    making_clean(&making);
    return error;
}

static void
demo_print_log_ins(struct arena *arena, int households)
{
    printf("CONTOH: %d invented households. Password of everyone: %s\n", households, DEMO_PASSWORD);
    for (size_t i = 0; i < DEMO_USERS; i++) {
        uint8_t secret[20];
        demo_secret(demo_users[i].username, secret);
        printf("  %-8s %-9s %-6s %s\n", demo_users[i].username, role_name(demo_users[i].role), demo_users[i].region ? demo_users[i].region : "all",
               demo_users[i].role == ROLE_OFFICER ? "no authenticator" : arena_format(arena, "authenticator secret %s", base32_print(arena, secret, sizeof secret)));
    }
    puts("Six digits: from an authenticator app that was given the secret, or `oathtool --totp -b SECRET`. They count once: for another act wait for the next.");
}

int
command_demo(int argc, char **argv)
{
    struct arena *arena = arena_create();
    struct options options;
    int64_t households = 1200, seed = 2026;
    options_start(&options, arena, argc, argv);
    const char *db = options_value(&options, "--db"), *keys = options_value(&options, "--keys");
    const char *count = options_value(&options, "--households"), *seed_text = options_value(&options, "--seed");
    struct error *error = options_rest(&options, DEMO_USAGE);
    if (error == NULL && (db == NULL || (count && (!text_parse_int(count, &households) || households < 1 || households > 1000000)) ||
                          (seed_text && !text_parse_int(seed_text, &seed))))
        error = error_with(ERROR_USAGE, DEMO_USAGE, NULL, NULL);
    if (error == NULL)
        error = demo_run(arena, db, keys, (int)households, (uint64_t)seed);
    if (error == NULL)
        demo_print_log_ins(arena, (int)households);
    int code = error ? command_fail("demo", error) : EXIT_DONE;
    arena_destroy(arena);
    return code;
}
