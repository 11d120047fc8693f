/* disk_trial.h: a lane on a disk that fills up or fails, again and again; afterwards every row is held against what its writer was told. */
#ifndef TESTS_DISK_TRIAL_H
#define TESTS_DISK_TRIAL_H

#include "../unit/db_fixture.h"

#include <stdatomic.h>

#include <sqlite3.h>

#include "vfs_power.h"

#define TRIAL_ROWS 12 /* rows a point, in batches of six */

enum disk_trouble {
    DISK_FILLS, /* files may grow by a little more at each point */
    DISK_FAILS  /* at point n the n-th write or sync fails once: full, write error or sync error in turn */
};

struct verdict {
    int accepted, refused;
    int lost;   /* acknowledged, but not there */
    int ghosts; /* refused, but there */
    bool is_recovered;
};

struct trial_row {
    struct lane_job job;
    int64_t number;
    bool is_refused;
};

static atomic_int trial_answered;

static inline struct error *
trial_apply(struct tx *tx, void *context)
{
    struct trial_row *row = context;
    return basket_insert(tx->db, row->number, 1, arena_alloc(tx->arena, 3000), 3000);
}

static inline void
trial_done(void *context, struct error *error)
{
    ((struct trial_row *)context)->is_refused = error != NULL;
    error_free(error);
    trial_answered++;
}

/* Twelve rows from `first` on; false in `accepted` for those that were refused. */
static inline int
trial_submit(struct lane *lane, int64_t first, bool *accepted)
{
    struct trial_row rows[TRIAL_ROWS];
    int refused = 0;
    trial_answered = 0;
    for (int i = 0; i < TRIAL_ROWS; i++) {
        rows[i] = (struct trial_row){.number = first + i};
        rows[i].job = (struct lane_job){.apply = trial_apply, .done = trial_done, .context = &rows[i]};
        assert_true(lane_submit(lane, &rows[i].job));
    }
    while (trial_answered < TRIAL_ROWS)
        usleep(100);
    for (int i = 0; i < TRIAL_ROWS; i++) {
        accepted[first + i] = !rows[i].is_refused;
        refused += rows[i].is_refused;
    }
    return refused;
}

static inline void
trial_judge(struct fixture *fixture, const bool *accepted, int64_t end, struct verdict *verdict)
{
    static const struct statement present = {"present", "SELECT count(*) FROM test_basket WHERE number = $1", false};
    struct db *db;
    must(db_open(fixture->path, DB_MIGRATOR, NULL, &db));
    must(db_check_integrity(db));
    for (int64_t number = 1; number < end; number++) {
        bool row;
        struct cursor *cursor = cursor_start(db, &present);
        cursor_bind_int(cursor, 1, number);
        must(cursor_next(cursor, &row));
        bool is_present = cursor_int(cursor, 0) == 1;
        cursor_end(cursor);
        verdict->accepted += accepted[number];
        verdict->refused += !accepted[number];
        verdict->lost += accepted[number] && !is_present;
        verdict->ghosts += !accepted[number] && is_present;
    }
    db_close(db);
}

static inline struct verdict
disk_trial(struct fixture *fixture, enum disk_trouble trouble, int points, bool ignore_commit_failure)
{
    static const int codes[] = {SQLITE_FULL, SQLITE_IOERR_WRITE, SQLITE_IOERR_FSYNC};
    struct lane_options options = {.db.vfs = POWER_VFS, .batch_max = 6, .ignore_commit_failure = ignore_commit_failure};
    bool *accepted = ARENA_ARRAY(fixture->arena, bool, (points + 1) * TRIAL_ROWS + 1);
    struct verdict verdict = {0};
    struct lane *lane;
    int64_t next = 1;
    power_start(7);
    must(lane_start(fixture->path, &options, &lane));
    for (int point = 1; point <= points; point++, next += TRIAL_ROWS) {
        if (trouble == DISK_FAILS)
            power_fail_at(point, codes[point % 3]);
        else
            power_space((int64_t)(point % 60) * 1500);
        trial_submit(lane, next, accepted);
        power_fail_at(0, 0);
        power_space(-1);
    }
    verdict.is_recovered = trial_submit(lane, next, accepted) == 0;
    lane_stop(lane);
    trial_judge(fixture, accepted, next + TRIAL_ROWS, &verdict);
    return verdict;
}

#endif
