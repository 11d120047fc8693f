/* test_access_log.c: who looked at whom: lines by their subjects and times, a digest a day, a bounded queue. */
#include "audit_fixture.h"

#include "lumbung/access_log.h"

static void
test_access_log(void **state)
{
    struct trial *trial = *state;
    struct id household = id_make(TEST_NOW_MS), other = id_make(TEST_NOW_MS), subjects[2] = {household, other};
    struct actor actor = {.kind = ACTOR_USER, .user_id = id_make(TEST_NOW_MS), .name = "rina"};
    struct access access = {.at_ms = TEST_NOW_MS, .actor = &actor, .route = "GET /api/v1/households/{id}", .status = 200, .remote = "10.0.0.1",
                            .subjects = subjects, .subject_count = 2};
    struct access_row rows[10];
    size_t count = 0;
    uint8_t digest[32], again[32];
    int64_t lines = 0;
    assert_true(access_log_record(&trial->registry, &access)); /* none is kept */
    must(access_log_open(arena_format(trial->arena, "%s.access", trial->fixture->path), &trial->registry.access_log));
    struct access_log *log = trial->registry.access_log;
    assert_true(access_log_record(&trial->registry, &access));
    access.subject_count = 1;
    access.at_ms += 1000;
    assert_true(access_log_record(&trial->registry, &access));
    access = (struct access){.at_ms = TEST_NOW_MS + 2000, .route = "POST /api/v1/session", .status = 401, .remote = "10.0.0.9"};
    assert_true(access_log_record(&trial->registry, &access));
    struct access_filter filter = {.subject_id = household, .to_ms = INT64_MAX, .before_seq = INT64_MAX, .limit = 10};
    must(access_log_query(log, trial->arena, &filter, rows, &count));
    assert_int_equal(count, 2);
    assert_string_equal(rows[0].actor_name, "rina");
    assert_int_equal(rows[1].subject_count, 2);
    filter.subject_id = other;
    must(access_log_query(log, trial->arena, &filter, rows, &count));
    assert_int_equal(count, 1);
    filter = (struct access_filter){.actor_id = actor.user_id, .from_ms = TEST_NOW_MS + 1, .to_ms = INT64_MAX, .before_seq = INT64_MAX, .limit = 10};
    must(access_log_query(log, trial->arena, &filter, rows, &count));
    assert_int_equal(count, 1);
    filter = (struct access_filter){.to_ms = INT64_MAX, .before_seq = INT64_MAX, .limit = 10};
    must(access_log_query(log, trial->arena, &filter, rows, &count));
    assert_int_equal(count, 3);
    assert_int_equal(rows[0].subject_count, 0);
    must(access_log_digest(log, (int32_t)(TEST_NOW_MS / DAY_MS), digest, &lines));
    assert_int_equal(lines, 3);
    /* The queue is bounded, and what is in it is written at the end. */
    access.at_ms = time_now_ms();
    int taken = 0;
    while (access_log_record(&trial->registry, &access) && taken < 10000000)
        taken++;
    assert_true(taken < 10000000);
    access_log_close(log);
    must(access_log_open(arena_format(trial->arena, "%s.access", trial->fixture->path), &trial->registry.access_log));
    must(access_log_digest(trial->registry.access_log, (int32_t)(TEST_NOW_MS / DAY_MS), again, &lines));
    access_log_attach(trial->registry.access_log, trial->lane);
    access_log_close(trial->registry.access_log);
    trial->registry.access_log = NULL;
    assert_int_equal(lines, 3);
    assert_memory_equal(digest, again, sizeof digest);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {TRIAL_TEST(test_access_log)};
    return cmocka_run_group_tests_name("access log", tests, NULL, NULL);
}
