/* household_build.c: the indexes in memory, built from all rows at the start. Most of the time goes into opening sealed names, so two threads do it. */
#include <pthread.h>
#include <string.h>

#include "household/household_file.h"
#include "household/household_index.h"
#include "lumbung/registry.h"

#define SPAN 4096

/* Members in spans of their ids, shared out between the threads. */
struct spans {
    struct id *firsts; /* one more than there are spans: behind the last */
    size_t count, taken;
};

struct building {
    struct tx *tx;
    struct household_index *index;
    const bool *stop;
    struct spans *spans;
    struct error *error;
};

static struct error *
check_stop(const struct building *building)
{
    return __atomic_load_n(building->stop, __ATOMIC_RELAXED) ? error_new(ERROR_CANCELLED) : NULL;
}

static struct error *
open_sealed(struct tx *tx, struct id id, const char *place, struct bytes sealed, struct json **ret_json)
{
    struct bytes plain = {NULL, 0};
    *ret_json = NULL;
    TRY(keyring_unseal(tx, id, place, id, sealed, &plain));
    return plain.data ? json_parse(tx->arena, (const char *)plain.data, plain.length, ret_json) : NULL;
}

/* Each row is opened in an arena of its own: a registry of millions must not pile up. */
static struct error *
build_household(void *context, struct arena *arena, const struct household_row *row)
{
    struct building *building = context;
    struct tx tx = *building->tx;
    struct json *json = NULL;
    tx.arena = arena;
    TRY(check_stop(building));
    TRY(open_sealed(&tx, row->id, "household.sealed", row->sealed, &json));
    struct household_record record = {.hamlet = row->hamlet, .address = json ? json_get_text(json, "address") : NULL};
    struct household_file file = {.row = *row, .record = &record};
    household_index_feed_own(&tx, building->index, &file, true);
    return NULL;
}

static struct error *
build_card(void *context, struct id household_id, struct bytes tag)
{
    struct building *building = context;
    household_index_add_tag(building->index, HOUSEHOLD_TAG_KK, tag.data, household_id, (struct id){{0}});
    return check_stop(building);
}

static struct error *
build_member(void *context, struct arena *arena, const struct member_seed *seed)
{
    struct building *building = context;
    struct tx tx = *building->tx;
    struct json *json = NULL;
    tx.arena = arena;
    TRY(check_stop(building));
    if (seed->wrapped_key.data)
        TRY(keyring_know_key(&tx, seed->row.id, seed->key_epoch, seed->wrapped_key));
    TRY(open_sealed(&tx, seed->row.id, "member.sealed", seed->row.sealed, &json));
    struct member_record record = {.name = json ? json_get_text(json, "name") : NULL};
    struct household_row household = {.id = seed->row.household_id, .region_id = seed->region_id};
    struct household_member member = {.row = seed->row, .record = &record};
    if (record.name)
        household_index_feed_member(&tx, building->index, &household, &member, true);
    return NULL;
}

/* Span by span, whoever is free. */
static struct error *
build_members(struct building *building)
{
    struct spans *spans = building->spans;
    size_t at;
    while ((at = __atomic_fetch_add(&spans->taken, 1, __ATOMIC_RELAXED)) < spans->count)
        TRY(member_store_seeds(building->tx, spans->firsts[at], spans->firsts[at + 1], build_member, building));
    return NULL;
}

static struct error *
build_others(struct building *building)
{
    TRY(household_store_each(building->tx, build_household, building));
    TRY(household_store_each_card(building->tx, build_card, building));
    return build_members(building);
}

/* The second thread, with a reader of its own. */
static void *
build_beside(void *context)
{
    struct building *building = context;
    struct tx tx = *building->tx;
    struct db *db = NULL;
    tx.arena = arena_create();
    building->tx = &tx;
    building->error = db_open(tx.registry->path, DB_READER, NULL, &db);
    tx.db = db;
    if (!building->error)
        building->error = db_begin(db, false);
    if (!building->error) {
        building->error = build_members(building);
        db_rollback(db);
    }
    db_close(db);
    arena_destroy(tx.arena);
    return NULL;
}

static struct error *
find_spans(struct tx *tx, struct spans *spans)
{
    struct id *firsts = NULL;
    TRY(member_store_spans(tx, SPAN, &firsts, &spans->count));
    spans->firsts = ARENA_ARRAY(tx->arena, struct id, spans->count + 1);
    if (spans->count > 0)
        memcpy(spans->firsts, firsts, spans->count * sizeof *firsts);
    memset(spans->firsts[spans->count].bytes, 0xff, sizeof spans->firsts->bytes); /* behind every id */
    return NULL;
}

static struct error *
build_all(struct building *building)
{
    struct spans spans = {0};
    TRY(find_spans(building->tx, &spans));
    building->spans = &spans;
    struct building beside = *building;
    pthread_t thread;
    bool has_help = building->tx->registry && building->tx->registry->path && pthread_create(&thread, NULL, build_beside, &beside) == 0;
    struct error *error = build_others(building);
    if (has_help)
        pthread_join(thread, NULL);
    if (!error)
        return beside.error;
    error_free(beside.error);
    return error;
}

struct error *
household_index_build(struct tx *tx, const bool *stop, struct household_index **ret_index)
{
    struct building building = {.tx = tx, .index = household_index_create(), .stop = stop};
    struct error *error = build_all(&building);
    if (error) {
        household_index_free(building.index);
        return error;
    }
    *ret_index = building.index;
    return NULL;
}
