/* test_db_lane.c: the writer: what is acknowledged stays, what is refused leaves nothing, and many jobs share one COMMIT. */
#include "db_fixture.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "../fault/disk_trial.h"
#include "lumbung/base/limits.h"

static int64_t
fixed_now(void)
{
    return TEST_NOW_MS;
}

static struct lane *
start(struct fixture *fixture, struct lane_options options)
{
    struct lane *lane;
    options.now_ms = fixed_now;
    must(lane_start(fixture->path, &options, &lane));
    return lane;
}

/* A job that inserts a row and may then change its mind. */
struct errand {
    struct lane_job job;
    int64_t number, amount;
    int64_t late_parent;  /* not 0: a row whose key is checked at COMMIT only */
    bool fails;           /* after the insert */
    sem_t *gate;          /* waited for inside the lane; may be NULL */
    bool is_refused;
    enum error_code code; /* when refused */
    int runs;
};

static atomic_int answered;
static int64_t hooked[8192];
static atomic_int hook_count;

static void
note_hook(void *context)
{
    hooked[hook_count++] = *(int64_t *)context;
}

static struct error *
errand_apply(struct tx *tx, void *context)
{
    struct errand *errand = context;
    errand->runs++;
    if (errand->gate)
        while (sem_wait(errand->gate) != 0)
            continue;
    if (errand->number == 0)
        return NULL;
    int64_t *copy = ARENA_NEW(tx->arena, int64_t);
    *copy = errand->number;
    tx_after_commit(tx, note_hook, copy);
    TRY(basket_insert(tx->db, errand->number, errand->amount, NULL, 0));
    if (errand->late_parent)
        TRY(late_insert(tx->db, errand->number, errand->late_parent));
    return errand->fails ? error_new(ERROR_STATE) : NULL;
}

static void
errand_done(void *context, struct error *error)
{
    struct errand *errand = context;
    errand->is_refused = error != NULL;
    errand->code = error ? error->code : ERROR_INTERNAL;
    error_free(error);
    answered++;
}

static void
submit(struct lane *lane, struct errand *errand)
{
    errand->job = (struct lane_job){.apply = errand_apply, .done = errand_done, .context = errand};
    assert_true(lane_submit(lane, &errand->job));
}

static void
wait_answers(int count)
{
    while (answered < count)
        usleep(200);
}

static void
forget(void)
{
    answered = 0;
    hook_count = 0;
}

/* ---- many threads ---- */

struct crowd {
    struct lane *lane;
    int first;
    int accepted;
};

static void *
crowd_main(void *argument)
{
    struct crowd *crowd = argument;
    struct arena *arena = arena_create();
    for (int i = 0; i < 63; i++) {
        struct errand errand = {.number = crowd->first + i, .amount = 1, .fails = i % 5 == 4};
        struct error *error = lane_run(crowd->lane, errand_apply, &errand, arena);
        if (!error)
            crowd->accepted++;
        error_free(error);
        arena_reset(arena);
    }
    arena_destroy(arena);
    return NULL;
}

static void
eight_threads_lose_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct crowd crowds[8];
    pthread_t threads[8];
    int accepted = 0;
    forget();
    struct lane *lane = start(fixture, (struct lane_options){0});
    for (int i = 0; i < 8; i++) {
        crowds[i] = (struct crowd){.lane = lane, .first = 1 + i * 100};
        pthread_create(&threads[i], NULL, crowd_main, &crowds[i]);
    }
    for (int i = 0; i < 8; i++) {
        pthread_join(threads[i], NULL);
        accepted += crowds[i].accepted;
    }
    struct lane_figures figures = lane_figures(lane);
    assert_int_equal(figures.jobs, 504);
    assert_int_equal(figures.failed, 504 - accepted);
    assert_int_equal(figures.queue_length, 0);
    lane_stop(lane);
    assert_int_equal(accepted, 8 * 51);
    assert_int_equal(hook_count, accepted);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM test_basket"), accepted);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM test_basket WHERE (number - 1) % 100 % 5 = 4"), 0);
}

static void
hooks_run_in_order_and_only_for_the_accepted(void **state)
{
    struct fixture *fixture = *state;
    static struct errand errands[40];
    sem_t gate;
    forget();
    sem_init(&gate, 0, 0);
    struct lane *lane = start(fixture, (struct lane_options){0});
    struct errand first = {.gate = &gate};
    submit(lane, &first);
    for (int i = 0; i < 40; i++) {
        errands[i] = (struct errand){.number = i + 1, .amount = 1, .fails = i % 4 == 0};
        submit(lane, &errands[i]);
    }
    assert_int_equal(hook_count, 0);
    sem_post(&gate);
    wait_answers(41);
    lane_stop(lane);
    assert_int_equal(hook_count, 30);
    for (int i = 1; i < 30; i++)
        assert_true(hooked[i - 1] < hooked[i]);
    for (int i = 0; i < 40; i++)
        assert_int_equal(errands[i].is_refused, i % 4 == 0);
    sem_destroy(&gate);
}

static void
waiting_jobs_share_a_commit(void **state)
{
    struct fixture *fixture = *state;
    static struct errand errands[200];
    for (int batch_max = 0; batch_max < 2; batch_max++) {
        sem_t gate;
        forget();
        sem_init(&gate, 0, 0);
        struct lane *lane = start(fixture, (struct lane_options){.batch_max = batch_max});
        struct errand first = {.gate = &gate};
        submit(lane, &first);
        for (int i = 0; i < 200; i++) {
            errands[i] = (struct errand){.number = 1 + i + 1000 * batch_max, .amount = 1};
            submit(lane, &errands[i]);
        }
        sem_post(&gate);
        wait_answers(201);
        struct lane_figures figures = lane_figures(lane);
        lane_stop(lane);
        assert_int_equal(figures.jobs, 201);
        if (batch_max == 0)
            assert_true(figures.batches <= 3);
        else
            assert_int_equal(figures.batches, 201);
        sem_destroy(&gate);
    }
}

static void
queue_has_an_end(void **state)
{
    struct fixture *fixture = *state;
    static struct errand errands[LIMIT_LANE_QUEUE + 1];
    sem_t gate;
    forget();
    sem_init(&gate, 0, 0);
    struct lane *lane = start(fixture, (struct lane_options){0});
    struct errand first = {.gate = &gate};
    submit(lane, &first);
    while (lane_figures(lane).queue_length > 0)
        usleep(100);
    memset(errands, 0, sizeof(errands));
    for (int i = 0; i < LIMIT_LANE_QUEUE; i++)
        submit(lane, &errands[i]);
    struct errand *last = &errands[LIMIT_LANE_QUEUE];
    last->job = (struct lane_job){.apply = errand_apply, .done = errand_done, .context = last};
    assert_false(lane_submit(lane, &last->job));
    must_refuse(lane_run(lane, errand_apply, last, fixture->arena), ERROR_BUSY, NULL);
    assert_int_equal(last->runs, 0);
    sem_post(&gate);
    wait_answers(LIMIT_LANE_QUEUE + 1);
    lane_stop(lane);
    sem_destroy(&gate);
}

static void
stopping_answers_what_waits(void **state)
{
    struct fixture *fixture = *state;
    static struct errand errands[100];
    forget();
    struct lane *lane = start(fixture, (struct lane_options){0});
    for (int i = 0; i < 100; i++) {
        errands[i] = (struct errand){.number = i + 1, .amount = 1};
        submit(lane, &errands[i]);
    }
    lane_stop(lane);
    assert_int_equal(answered, 100);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM test_basket"), 100);
}

/* ---- state in memory ---- */

struct tally {
    int64_t now, marks[2];
};

static void
tally_mark(void *context, int depth)
{
    struct tally *tally = context;
    tally->marks[depth] = tally->now;
}

static void
tally_rewind(void *context, int depth)
{
    struct tally *tally = context;
    tally->now = tally->marks[depth];
}

static struct tally tally;

static struct error *
tallied_apply(struct tx *tx, void *context)
{
    tally.now++;
    return errand_apply(tx, context);
}

static const struct lane_state tally_states[] = {{&tally, tally_mark, tally_rewind}, {0}};

/* Runs `count` errands as one batch and gives back its figures. */
static struct lane_figures
run_together(struct fixture *fixture, struct errand *errands, int count, struct lane_options options)
{
    sem_t gate;
    forget();
    sem_init(&gate, 0, 0);
    tally = (struct tally){0};
    options.states = tally_states;
    struct lane *lane = start(fixture, options);
    struct errand first = {.gate = &gate};
    submit(lane, &first);
    while (lane_figures(lane).queue_length > 0)
        usleep(100);
    for (int i = 0; i < count; i++) {
        errands[i].job = (struct lane_job){.apply = tallied_apply, .done = errand_done, .context = &errands[i]};
        assert_true(lane_submit(lane, &errands[i].job));
    }
    sem_post(&gate);
    wait_answers(count + 1);
    struct lane_figures figures = lane_figures(lane);
    lane_stop(lane);
    sem_destroy(&gate);
    return figures;
}

static void
failed_job_rewinds_its_state_only(void **state)
{
    struct errand errands[] = {{.number = 1}, {.number = 2, .fails = true}, {.number = 1}, {.number = 3}};
    run_together(*state, errands, 4, (struct lane_options){0});
    assert_false(errands[0].is_refused || errands[3].is_refused);
    assert_int_equal(errands[1].code, ERROR_STATE);
    assert_int_equal(errands[2].code, ERROR_EXISTS);
    assert_int_equal(tally.now, 2);
    assert_int_equal(fixture_number(*state, "SELECT sum(number) FROM test_basket"), 4);
}

/* The deferred key breaks at COMMIT only: the innocent must not suffer for it. */
static void
failed_commit_is_tried_one_by_one(void **state)
{
    struct errand errands[] = {{.number = 1, .late_parent = 1}, {.number = 2, .late_parent = 77}, {.number = 1}, {.number = 3, .late_parent = 2}};
    struct lane_figures figures = run_together(*state, errands, 4, (struct lane_options){0});
    assert_false(errands[0].is_refused);
    assert_int_equal(errands[0].runs, 2);
    assert_int_equal(errands[1].code, ERROR_NOT_FOUND);
    assert_int_equal(errands[2].code, ERROR_EXISTS);
    /* In the batch its parent was there; alone it is not, since that job was refused. */
    assert_int_equal(errands[3].code, ERROR_NOT_FOUND);
    assert_int_equal(figures.commit_failures, 2);
    assert_int_equal(tally.now, 1);
    assert_int_equal(hook_count, 1);
    assert_int_equal(fixture_number(*state, "SELECT sum(number) FROM test_basket"), 1);
}

/* A transaction that ends inside a job takes its whole batch along; going on would commit the rest without it. */
static void
ended_transaction_fails_its_batch(void **state)
{
    struct errand errands[] = {{.number = 1}, {.number = 2, .amount = 998}, {.number = 3}};
    run_together(*state, errands, 3, (struct lane_options){0});
    for (int i = 0; i < 3; i++) {
        assert_true(errands[i].is_refused);
        assert_int_equal(errands[i].code, ERROR_DISK);
    }
    assert_int_equal(tally.now, 0);
    assert_int_equal(hook_count, 0);
    assert_int_equal(fixture_number(*state, "SELECT count(*) FROM test_basket"), 0);
}

static struct error *
look(struct tx *tx, void *context)
{
    bool *ret_right = context;
    struct id first = tx_new_id(tx), second = tx_new_id(tx);
    *ret_right = tx->now_ms == TEST_NOW_MS && tx->writable && tx->leaf_count == 0 && id_compare(first, second) < 0;
    return NULL;
}

static void
time_and_writability_reach_the_job(void **state)
{
    struct fixture *fixture = *state;
    bool is_right = false;
    struct lane *lane = start(fixture, (struct lane_options){0});
    must(lane_run(lane, look, &is_right, fixture->arena));
    lane_stop(lane);
    assert_true(is_right);
}

/* ---- disks that fill up or fail ---- */

static void
full_disk_loses_and_keeps_nothing_false(void **state)
{
    struct verdict verdict = disk_trial(*state, DISK_FILLS, 60, false);
    assert_true(verdict.refused > 0 && verdict.accepted > 12 && verdict.is_recovered);
    assert_int_equal(verdict.lost, 0);
    assert_int_equal(verdict.ghosts, 0);
}

static void
failing_disk_loses_and_keeps_nothing_false(void **state)
{
    struct verdict verdict = disk_trial(*state, DISK_FAILS, 60, false);
    assert_true(verdict.refused > 0 && verdict.accepted > 12 && verdict.is_recovered);
    assert_int_equal(verdict.lost, 0);
    assert_int_equal(verdict.ghosts, 0);
}

/* The two tests above are worth something only if they notice a lane that does not look at COMMIT. */
static void
ignoring_commit_is_caught(void **state)
{
    assert_true(disk_trial(*state, DISK_FAILS, 40, true).lost > 0);
}

/* ---- a checkpoint beside the writer ---- */

/* How many syncs it takes to copy 4 MB of new rows from the log into the file. */
static int
syncs_of_checkpoint(struct fixture *fixture, bool is_paced)
{
    static unsigned char bytes[64 * 1024];
    struct db_options options = {.vfs = POWER_VFS};
    struct db *writer, *copier;
    power_start(1);
    must(db_open(fixture->path, DB_WRITER, &options, &writer));
    options.is_paced = is_paced;
    must(db_open(fixture->path, DB_MIGRATOR, &options, &copier));
    must(db_begin(writer, true));
    for (int i = 0; i < 64; i++)
        must(basket_insert(writer, is_paced ? 1000 + i : 1 + i, 1, bytes, sizeof(bytes)));
    must(db_commit(writer));
    int before = power_syncs();
    must(db_checkpoint(copier, false));
    int result = power_syncs() - before;
    db_close(copier);
    db_close(writer);
    return result;
}

static void
checkpoint_reaches_the_disk_in_pieces(void **state)
{
    int whole = syncs_of_checkpoint(*state, false), paced = syncs_of_checkpoint(*state, true);
    assert_in_range(whole, 1, 3);
    assert_in_range(paced - whole, 6, 10); /* 4 MB, half a MB each */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        DB_TEST(eight_threads_lose_nothing),
        DB_TEST(hooks_run_in_order_and_only_for_the_accepted),
        DB_TEST(waiting_jobs_share_a_commit),
        DB_TEST(queue_has_an_end),
        DB_TEST(stopping_answers_what_waits),
        DB_TEST(failed_job_rewinds_its_state_only),
        DB_TEST(failed_commit_is_tried_one_by_one),
        DB_TEST(ended_transaction_fails_its_batch),
        DB_TEST(time_and_writability_reach_the_job),
        DB_TEST(full_disk_loses_and_keeps_nothing_false),
        DB_TEST(failing_disk_loses_and_keeps_nothing_false),
        DB_TEST(ignoring_commit_is_caught),
        DB_TEST(checkpoint_reaches_the_disk_in_pieces),
    };
    return cmocka_run_group_tests_name("db lane", tests, NULL, NULL);
}
