/* score_flag_count.c: how many households of each region bear each flag, counted by a job as of its day; the run before stays until the new one is whole. */
#include <string.h>

#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/household.h"
#include "lumbung/user.h"
#include "score/score_flag.h"
#include "score/score_store.h"

#define FLAG_CHUNK 100
#define REGISTRY_OFFSET_MIN 420

static const struct actor everybody = {.kind = ACTOR_SYSTEM, .name = "system", .all_regions = true, .all_programs = true};

static bool
read_id(const struct json *object, const char *name, struct id *ret_id)
{
    const char *text = json_get_text(object, name);
    return text && id_parse(text, ret_id);
}

/* Sums of one region, while the households of a chunk come in the order of their regions. */
struct tally {
    struct tx *tx;
    struct id run_id, region_id;
    struct score_flag_sum *sums;
    size_t count;
    struct score_flags *flags;
};

static struct error *
put_tally(struct tally *tally)
{
    for (size_t i = 0; i < tally->count; i++)
        TRY(score_flag_store_add(tally->tx, tally->run_id, tally->region_id, &tally->sums[i]));
    tally->count = 0;
    return NULL;
}

static void
add(struct tally *tally, size_t at, const char *name, int truth)
{
    if (tally->count <= at) {
        tally->sums[at] = (struct score_flag_sum){name, 0, 0};
        tally->count = at + 1;
    }
    tally->sums[at].households += truth == 1;
    tally->sums[at].unknown += truth < 0;
}

static struct error *
count_household(struct tally *tally, struct id household_id)
{
    struct score_context context;
    struct score_flag *flags = NULL;
    struct id region_id = {{0}};
    int64_t version = 0;
    size_t count = 0;
    bool allowed = false;
    TRY(household_processing_allowed(tally->tx, household_id, &allowed));
    if (!allowed) /* who withdrew is not counted */
        return NULL;
    TRY(score_flag_store_region(tally->tx, household_id, &region_id));
    if (!id_equal(region_id, tally->region_id))
        TRY(put_tally(tally));
    tally->region_id = region_id;
    TRY(score_context_load(tally->tx, household_id, &context, &version));
    context.flags = tally->flags;
    TRY(score_flag_list(&context, &flags, &count));
    add(tally, 0, "", 1);
    for (size_t i = 0; i < count; i++)
        add(tally, i + 1, flags[i].name, flags[i].truth);
    return NULL;
}

static struct error *
may_count(struct tx *tx, const struct actor *actor, const struct json *input)
{
    (void)tx;
    (void)input;
    return actor_may(actor, PERM_PROGRAM_READ) ? NULL : error_new(ERROR_FORBIDDEN);
}

static struct error *
count_step(struct tx *tx, const struct actor *actor, struct job_chunk *chunk)
{
    (void)actor;
    struct id after = {{0}}, ids[FLAG_CHUNK];
    struct tally tally = {.tx = tx};
    size_t found = 0;
    char text[ID_TEXT_SIZE];
    if (!read_id(chunk->input, "run_id", &tally.run_id))
        return error_internal("counting flags: bad input");
    read_id(chunk->cursor, "after", &after);
    TRY(score_flag_load(tx, &tally.flags));
    tally.sums = ARENA_ARRAY(tx->arena, struct score_flag_sum, 1 + SCORE_FLAGS_OWN + tally.flags->count);
    TRY(household_list_ids(tx, &everybody, (struct id){{0}}, after, FLAG_CHUNK, ids, &found));
    for (size_t i = 0; i < found; i++)
        TRY(count_household(&tally, ids[i]));
    TRY(put_tally(&tally));
    chunk->done += (int64_t)found;
    chunk->total = chunk->total < chunk->done ? chunk->done : chunk->total;
    chunk->cursor = NULL;
    if (found < FLAG_CHUNK)
        return score_flag_store_run_finish(tx, tally.run_id);
    id_print(ids[found - 1], text);
    chunk->cursor = json_make(tx->arena, JSON_OBJECT);
    json_set(tx->arena, chunk->cursor, "after", json_make_text(tx->arena, text));
    return NULL;
}

static struct error *
count_broken(struct tx *tx, const struct actor *actor, struct id job_id, const struct json *input, const char *why)
{
    (void)actor;
    (void)job_id;
    (void)why;
    struct id run_id;
    return read_id(input, "run_id", &run_id) ? score_flag_store_run_drop(tx, run_id) : NULL;
}

const struct job_kind score_flag_job = {.kind = "flag.count", .may = may_count, .step = count_step, .broken = count_broken};

struct error *
score_flag_count(struct tx *tx, const struct actor *actor, struct id *ret_job_id)
{
    struct id run_id = tx_new_id(tx);
    int64_t total = 0;
    bool open = false;
    char text[ID_TEXT_SIZE];
    TRY(score_flag_store_run_open(tx, &open));
    if (open)
        return error_state(&situation_codes, "counting", BARRED_RECOUNT);
    TRY(household_score_store_total(tx, &total));
    TRY(score_flag_store_run_start(tx, run_id, date_of_instant(tx->now_ms, REGISTRY_OFFSET_MIN)));
    id_print(run_id, text);
    struct json *input = json_make(tx->arena, JSON_OBJECT);
    json_set(tx->arena, input, "run_id", json_make_text(tx->arena, text));
    return job_make(tx, actor, score_flag_job.kind, input, total, ret_job_id);
}

struct error *
score_flag_daily(struct tx *tx)
{
    struct id run_id, job_id;
    int32_t on = 0;
    bool found = false, open = false;
    struct actor console = user_console_actor();
    TRY(score_flag_store_run(tx, &run_id, &on, &found));
    TRY(score_flag_store_run_open(tx, &open));
    bool due = found && !open && on < date_of_instant(tx->now_ms, REGISTRY_OFFSET_MIN);
    return due ? score_flag_count(tx, &console, &job_id) : NULL;
}
