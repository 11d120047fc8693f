/* threads.c: `threads [POSTS]`: fifty threads take from one program's money and give some of it back, through the lane. Nothing may be
 * overspent, no balance may differ from its postings, all postings sum to zero; threads that look before the lane what is left and then
 * write it have to fail. */
#include "../unit/db_fixture.h"

#include <pthread.h>

#include "ledger/ledger_store.h"
#include "lumbung/ledger.h"

#define THREADS 50
#define AMOUNT_MAX 1000

STATEMENT_WRITE(threads_balance_set, "UPDATE ledger_account SET balance_minor = $2 WHERE id = $1")

struct fund {
    struct lane *lane;
    const char *path;
    struct id program_id;
    int64_t budget_minor;
    int posts; /* a thread's */
    bool is_mutant;
};

struct poster {
    pthread_t thread;
    struct fund *fund;
    uint64_t chance;
    int64_t taken_minor; /* as this thread was told */
    int accepted, refused;
};

struct post {
    struct fund *fund;
    struct id batch_id;
    int64_t amount_minor, left_minor; /* left: as seen before the lane, of the mutant */
    bool is_back;
};

struct verdict {
    int accepted, refused;
    int64_t overspent_minor, drift, sum_minor, untold_minor; /* untold: what the ledger holds and nobody was told */
};

static const struct actor poster_actor = {.kind = ACTOR_SYSTEM, .name = "system", .all_regions = true, .all_programs = true};

static int64_t
below(struct poster *poster, int64_t end)
{
    poster->chance = poster->chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int64_t)((poster->chance >> 33) % (uint64_t)end);
}

static struct error *
set_budget(struct tx *tx, void *context)
{
    struct fund *fund = context;
    fund->program_id = tx_new_id(tx);
    return ledger_set_budget(tx, &poster_actor, fund->program_id, "IDR", fund->budget_minor);
}

static struct error *
apply_post(struct tx *tx, void *context)
{
    struct post *post = context;
    struct ledger_place program = {LEDGER_PROGRAM, post->fund->program_id}, batch = {LEDGER_BATCH, post->batch_id};
    const struct ledger_place there[] = {program, batch}, back[] = {batch, program};
    return ledger_move(tx, &poster_actor, "test", post->batch_id, "IDR", post->is_back ? back : there, 2, post->amount_minor);
}

static struct error *
balance_set(struct tx *tx, struct id account_id, int64_t balance_minor)
{
    struct cursor *cursor = cursor_start(tx->db, &threads_balance_set);
    cursor_bind_id(cursor, 1, account_id);
    cursor_bind_int(cursor, 2, balance_minor);
    return cursor_run(cursor, NULL);
}

/* Posts what was found to fit earlier; the balance of the program becomes what was seen then, less the amount. */
static struct error *
apply_blindly(struct tx *tx, void *context)
{
    struct post *post = context;
    struct id program, batch, entry = tx_new_id(tx);
    int64_t balance;
    if (post->left_minor < post->amount_minor)
        return error_new(ERROR_BUDGET);
    TRY(ledger_store_account(tx, "program", post->fund->program_id, "IDR", &program, &balance));
    TRY(ledger_store_account(tx, "batch", post->batch_id, "IDR", &batch, &balance));
    TRY(ledger_store_entry(tx, entry, "test", post->batch_id, (struct id){{0}}));
    TRY(ledger_store_posting(tx, entry, 0, batch, post->amount_minor));
    TRY(ledger_store_posting(tx, entry, 1, program, -post->amount_minor));
    TRY(balance_set(tx, batch, balance + post->amount_minor));
    return balance_set(tx, program, post->left_minor - post->amount_minor);
}

static void
look_before_the_lane(struct db *reader, struct arena *arena, struct post *post)
{
    struct tx tx = {.db = reader, .arena = arena};
    must(db_begin(reader, false));
    must(ledger_balance(&tx, (struct ledger_place){LEDGER_PROGRAM, post->fund->program_id}, &post->left_minor));
    db_rollback(reader);
}

static bool
run_post(struct poster *poster, struct post *post, struct arena *arena)
{
    struct error *error = lane_run(poster->fund->lane, poster->fund->is_mutant ? apply_blindly : apply_post, post, arena);
    bool is_accepted = error == NULL;
    if (error && error->code != ERROR_BUDGET)
        must(error);
    error_free(error);
    poster->accepted += is_accepted;
    poster->refused += !is_accepted;
    if (is_accepted)
        poster->taken_minor += post->is_back ? -post->amount_minor : post->amount_minor;
    return is_accepted;
}

static void *
poster_main(void *context)
{
    struct poster *poster = context;
    struct fund *fund = poster->fund;
    struct db *reader = NULL;
    struct arena *arena = arena_create();
    if (fund->is_mutant)
        must(db_open(fund->path, DB_READER, NULL, &reader));
    for (int i = 0; i < fund->posts; i++) {
        struct post post = {.fund = fund, .batch_id = id_make(TEST_NOW_MS), .amount_minor = 1 + below(poster, AMOUNT_MAX)};
        if (fund->is_mutant)
            look_before_the_lane(reader, arena, &post);
        bool is_in = run_post(poster, &post, arena);
        post.is_back = true;
        post.amount_minor -= post.amount_minor / 2;
        if (is_in && !fund->is_mutant && below(poster, 3) == 0)
            run_post(poster, &post, arena);
        arena_reset(arena);
    }
    db_close(reader);
    arena_destroy(arena);
    return NULL;
}

static struct verdict
judge(const struct fixture *fixture, const struct fund *fund, const struct poster *posters)
{
    struct verdict verdict = {0};
    int64_t told = 0,
            out = fixture_number(
                fixture, "SELECT coalesce(sum(p.amount_minor), 0) FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id "
                         "WHERE a.kind = 'batch'");
    for (int i = 0; i < THREADS; i++) {
        verdict.accepted += posters[i].accepted;
        verdict.refused += posters[i].refused;
        told += posters[i].taken_minor;
    }
    verdict.untold_minor = out - told;
    verdict.overspent_minor = out > fund->budget_minor ? out - fund->budget_minor : 0;
    verdict.drift = fixture_number(fixture, "SELECT count(*) FROM ledger_account a WHERE a.balance_minor <> "
                                            "coalesce((SELECT sum(p.amount_minor) FROM ledger_posting p WHERE p.account_id = a.id), 0)");
    verdict.sum_minor = fixture_number(fixture, "SELECT sum(amount_minor) FROM ledger_posting");
    return verdict;
}

static struct verdict
run(int posts, bool is_mutant)
{
    static struct poster posters[THREADS];
    struct fixture *fixture = fixture_registry();
    struct lane_options options = {0};
    struct fund fund = {
        .path = fixture->path, .posts = posts, .is_mutant = is_mutant, .budget_minor = (int64_t)THREADS * posts * AMOUNT_MAX / 6};
    must(lane_start(fixture->path, &options, &fund.lane));
    must(lane_run(fund.lane, set_budget, &fund, fixture->arena));
    if (is_mutant)
        fixture_execute(fixture, "DROP TRIGGER ledger_posting_balance");
    for (int i = 0; i < THREADS; i++) {
        posters[i] = (struct poster){.fund = &fund, .chance = (uint64_t)i + 1};
        if (pthread_create(&posters[i].thread, NULL, poster_main, &posters[i]) != 0)
            abort();
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(posters[i].thread, NULL);
    lane_stop(fund.lane);
    struct verdict verdict = judge(fixture, &fund, posters);
    fixture_end(fixture);
    return verdict;
}

int
main(int argc, char **argv)
{
    int64_t posts = 40;
    if (argc > 1 && (!text_parse_int(argv[1], &posts) || posts < 10 || posts > 100000))
        return 2;
    struct verdict real = run((int)posts, false), mutant = run(40, true);
    printf("threads threads=%d accepted=%d refused=%d overspent=%lld drift=%lld sum=%lld untold=%lld mutant: accepted=%d overspent=%lld "
           "drift=%lld\n",
           THREADS, real.accepted, real.refused, (long long)real.overspent_minor, (long long)real.drift, (long long)real.sum_minor,
           (long long)real.untold_minor, mutant.accepted, (long long)mutant.overspent_minor, (long long)mutant.drift);
    bool holds = real.overspent_minor == 0 && real.drift == 0 && real.sum_minor == 0 && real.untold_minor == 0 && real.accepted > 0 &&
                 real.refused > 0;
    return holds && mutant.overspent_minor > 0 && mutant.drift > 0 ? 0 : 1;
}
