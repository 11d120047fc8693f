/* need_follow.c: the first count of all households, in portions, and then whatever the audit log tells: each act names what it concerned. */
#include <string.h>

#include "audit/audit_store.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/registry.h"
#include "need/need_index.h"

#define PAGE 500       /* households of one portion */
#define LEAVES 200     /* acts of one portion */

static struct error *
load_rules(struct tx *tx, struct need_index *index, struct need_rules *ret_rules)
{
    struct need_program_row *rows = NULL;
    size_t count = 0;
    TRY(need_store_programs(tx, &rows, &count));
    struct need_program *programs = ARENA_ARRAY(tx->arena, struct need_program, count + 1);
    for (size_t i = 0; i < count; i++)
        programs[i] = (struct need_program){rows[i].id, need_definitions_covered(&index->definitions, rows[i].id, rows[i].category)};
    *ret_rules = (struct need_rules){&index->definitions, programs, count};
    return NULL;
}

static struct error *
load_places(struct tx *tx, struct need_index *index)
{
    struct arena *arena = arena_create();
    struct need_region_row *rows = NULL;
    size_t count = 0;
    struct error *error = need_store_regions(tx, arena, &rows, &count);
    if (error)
        arena_destroy(arena);
    else
        need_index_put_places(index, arena, rows, count);
    return error;
}

/* Everything is counted again: at the start, and when the definitions or what a program is for have changed. */
static struct error *
start_count(struct tx *tx, struct need_index *index)
{
    struct arena *arena = arena_create();
    struct need_definitions definitions = {0};
    int64_t size = 0;
    struct error *error = need_definitions_load(tx, arena, &definitions);
    if (error == NULL)
        error = audit_origin_load(tx->db, &index->origin);
    if (error == NULL)
        error = audit_size_load(tx->db, index->origin, &size);
    if (error) {
        arena_destroy(arena);
        return error;
    }
    need_index_put_definitions(index, arena, &definitions);
    index->seq = size - 1;
    index->at = (struct need_household_row){0};
    index->started = true;
    return load_places(tx, index);
}

/* Each household in an arena of its own: a registry of millions must not pile up. One that does not open is left out; `verify` names it. */
static struct error *
count_household(struct tx *tx, struct need_index *index, const struct need_rules *rules, const struct need_household_row *row)
{
    struct tx own = *tx;
    struct need_household household;
    own.arena = arena_create();
    struct error *error = need_mark_household(&own, rules, row, &household);
    bool is_broken = error && (error->code == ERROR_TAMPERED || error->code == ERROR_MALFORMED);
    if (error == NULL)
        need_index_put(index, &household);
    arena_destroy(own.arena);
    if (!is_broken)
        return error;
    error_free(error);
    return NULL;
}

static struct error *
count_page(struct tx *tx, struct need_index *index)
{
    struct need_rules rules;
    struct need_household_row *rows = ARENA_ARRAY(tx->arena, struct need_household_row, PAGE);
    size_t count = 0;
    TRY(load_rules(tx, index, &rules));
    TRY(need_store_page(tx, &index->at, PAGE, rows, &count));
    for (size_t i = 0; i < count; i++)
        TRY(count_household(tx, index, &rules, &rows[i]));
    if (count > 0)
        index->at = (struct need_household_row){.id = rows[count - 1].id, .region_id = rows[count - 1].region_id};
    if (count == PAGE)
        return NULL;
    pthread_rwlock_wrlock(&index->lock);
    index->ready = true;
    pthread_rwlock_unlock(&index->lock);
    return NULL;
}

static struct error *
count_concerned(struct tx *tx, struct need_index *index, const struct need_rules *rules, const struct need_leaf *leaf)
{
    struct id *ids = NULL;
    size_t count = 0;
    TRY(need_store_concerned(tx, index->origin, leaf, &ids, &count));
    for (size_t i = 0; i < count; i++) {
        struct need_household_row row;
        bool found = false;
        TRY(need_store_household(tx, ids[i], &row, &found));
        if (found)
            TRY(count_household(tx, index, rules, &row));
    }
    return NULL;
}

static bool
starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static struct error *
follow_leaf(struct tx *tx, struct need_index *index, const struct need_leaf *leaf)
{
    static const char *const concerning[] = {"household.", "member.", "consent.", "duplicate.", "assessment.", "enrollment."};
    if (text_equal(leaf->action, "need.define"))
        return start_count(tx, index);
    if (starts_with(leaf->action, "region."))
        return load_places(tx, index);
    for (size_t i = 0; i < sizeof concerning / sizeof concerning[0]; i++) {
        if (!starts_with(leaf->action, concerning[i]))
            continue;
        struct need_rules rules; /* programs may have been added a moment ago */
        TRY(load_rules(tx, index, &rules));
        return count_concerned(tx, index, &rules, leaf);
    }
    return NULL;
}

/* Today's sums, so that the first who asks need not wait for them. */
static void
tally_today(struct tx *tx, struct need_index *index, bool changed)
{
    struct need_counts counts;
    int32_t today = date_of_instant(tx->now_ms, NEED_ZONE_MIN);
    if (!index->ready || (!changed && index->tallied_on == today))
        return;
    pthread_rwlock_rdlock(&index->lock);
    need_index_count(index, 0, index->place_count, today, &counts);
    pthread_rwlock_unlock(&index->lock);
    index->tallied_on = today;
}

static struct error *
follow(struct tx *tx, struct need_index *index, bool *ret_idle)
{
    struct need_leaf *leaves = ARENA_ARRAY(tx->arena, struct need_leaf, LEAVES);
    size_t count = 0;
    TRY(need_store_leaves(tx, index->origin, index->seq, LEAVES, leaves, &count));
    for (size_t i = 0; i < count && index->ready; i++) {
        TRY(follow_leaf(tx, index, &leaves[i]));
        index->seq = index->ready ? leaves[i].seq : index->seq;
    }
    *ret_idle = count < LEAVES && index->ready;
    tally_today(tx, index, count > 0);
    return NULL;
}

struct error *
need_index_work(struct tx *tx, struct need_index *index, bool *ret_idle)
{
    struct error *error = NULL;
    *ret_idle = false;
    pthread_mutex_lock(&index->working);
    if (!index->started)
        error = start_count(tx, index);
    if (error == NULL)
        error = index->ready ? follow(tx, index, ret_idle) : count_page(tx, index);
    pthread_mutex_unlock(&index->working);
    return error;
}

struct error *
need_index_finish(struct tx *tx, struct need_index *index)
{
    bool idle = false;
    while (!idle)
        TRY(need_index_work(tx, index, &idle));
    return NULL;
}

struct error *
need_index_lock(struct tx *tx, struct need_index **ret_index)
{
    struct need_index *index = tx->registry ? __atomic_load_n(&tx->registry->need_index, __ATOMIC_ACQUIRE) : NULL;
    bool idle = false;
    if (index == NULL || !__atomic_load_n(&index->ready, __ATOMIC_ACQUIRE))
        return error_new(ERROR_LOADING);
    TRY(need_index_work(tx, index, &idle));
    pthread_rwlock_rdlock(&index->lock);
    if (!index->ready) {
        pthread_rwlock_unlock(&index->lock);
        return error_new(ERROR_LOADING);
    }
    *ret_index = index;
    return NULL;
}

void
need_index_unlock(struct need_index *index)
{
    pthread_rwlock_unlock(&index->lock);
}
