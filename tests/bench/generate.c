/* generate.c: fills a registry with invented families through the same registration as everyone's, many a transaction: for measuring at sizes that a
 * demo does not need. generate FILE HOUSEHOLDS VILLAGE prints the seconds that it took. Nothing is synced before the end. */
#include <stdio.h>
#include <stdlib.h>

#include "command/instance.h"
#include "demo/demo_family.h"
#include "lumbung/base/crypto.h"
#include "lumbung/base/time.h"
#include "lumbung/household.h"
#include "lumbung/user.h"

#define GROUP 200

struct run {
    struct demo_random random;
    const char *village;
    int made, wanted;
};

FALLIBLE static struct error *
register_group(struct tx *tx, void *context)
{
    struct run *run = context;
    struct actor actor = user_console_actor();
    for (int i = 0; i < GROUP && run->made < run->wanted; i++, run->made++) {
        struct json *family = demo_family(tx->arena, &run->random, run->village, run->made, date_of_instant(tx->now_ms, 0));
        struct id id;
        tx->known = (struct tx_keys){0};
        TRY(household_register_json(tx, &actor, family, "demo", &id, NULL));
    }
    return NULL;
}

FALLIBLE static struct error *
generate(const char *path, struct run *run)
{
    struct instance_options options = {.path = path};
    struct instance *instance = NULL;
    options.lane.db.synchronous_normal = true;
    options.lane.db.cache_bytes = INT64_C(256) << 20;
    TRY(instance_open(&options, &instance));
    struct error *error = instance_load_index(instance);
    while (!error && run->made < run->wanted)
        error = lane_run(instance->lane, register_group, run, NULL);
    instance_close(instance);
    return error;
}

int
main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    crypto_start();
    struct run run = {.random = {26}, .village = argv[3], .wanted = atoi(argv[2])};
    int64_t start_ms = time_monotonic_ms();
    struct error *error = generate(argv[1], &run);
    if (error) {
        fprintf(stderr, "%s: %s\n", error_slug(error->code), error->cause ? error->cause : error->arguments[0] ? error->arguments[0] : "");
        return 1;
    }
    printf("%.1f\n", (double)(time_monotonic_ms() - start_ms) / 1000);
    return 0;
}
