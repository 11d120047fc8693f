/* access_log.c: the queue in front of FILE.access and the thread that writes it, one batch a second. */
#include "lumbung/access_log.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

#include "audit/access_store.h"
#include "lumbung/audit.h"
#include "lumbung/base/limits.h"
#include "lumbung/base/log.h"
#include "lumbung/base/time.h"
#include "lumbung/registry.h"

#define SEEN_SLOTS 16384
#define SEEN_NEIGHBOURS 16
#define SEEN_KEPT_MS (INT64_C(24) * 3600 * 1000)
#define LINES_KEPT_MS (INT64_C(366) * DAY_MS)
#define CHECKPOINT_EVERY 60 /* batches */
#define HEAD_EVERY 600      /* batches between signed heads of the audit log: what is cut off behind the last one could not be told */

struct seen {
    uint8_t tag[16];
    int64_t at_ms; /* 0: free or forgotten */
    bool dirty;
};

/* Entries of one batch in an arena of their own. */
struct batch {
    struct arena *arena;
    struct access_entry *first, **end;
    size_t lines, subjects;
};

struct access_log {
    struct arena *arena;
    pthread_t thread;
    pthread_mutex_t mutex;    /* queue, seen, stopping, lane */
    pthread_mutex_t db_mutex; /* the connection; taken before `mutex` where both are held */
    pthread_cond_t wake;
    struct db *db;
    struct batch queue, writing;
    struct seen *seen;
    struct lane *lane;
    int32_t forgotten_day;
    int batches;
    bool stopping, failing;
};

static void
batch_start(struct batch *batch)
{
    arena_reset(batch->arena);
    batch->first = NULL;
    batch->end = &batch->first;
    batch->lines = batch->subjects = 0;
}

/* The tag's place, or the oldest of its neighbours'. */
static struct seen *
seen_find(struct access_log *log, const uint8_t tag[16], bool make)
{
    uint32_t start;
    memcpy(&start, tag, sizeof start);
    struct seen *oldest = NULL;
    for (uint32_t i = 0; i < SEEN_NEIGHBOURS; i++) {
        struct seen *seen = &log->seen[(start + i) % SEEN_SLOTS];
        if (memcmp(seen->tag, tag, sizeof seen->tag) == 0)
            return seen;
        if (!oldest || seen->at_ms < oldest->at_ms)
            oldest = seen;
    }
    if (!make)
        return NULL;
    memcpy(oldest->tag, tag, sizeof oldest->tag);
    oldest->at_ms = 0;
    return oldest;
}

int64_t
access_log_last_seen(struct access_log *log, const uint8_t session_tag[16])
{
    if (!log)
        return 0;
    pthread_mutex_lock(&log->mutex);
    const struct seen *seen = seen_find(log, session_tag, false);
    int64_t at_ms = seen ? seen->at_ms : 0;
    pthread_mutex_unlock(&log->mutex);
    return at_ms;
}

static void
seen_put(struct access_log *log, const uint8_t session_tag[16], int64_t at_ms)
{
    if (!log)
        return;
    pthread_mutex_lock(&log->mutex);
    struct seen *seen = seen_find(log, session_tag, true);
    seen->at_ms = at_ms;
    seen->dirty = true;
    pthread_mutex_unlock(&log->mutex);
}

void
access_log_touch(struct access_log *log, const uint8_t session_tag[16], int64_t at_ms)
{
    seen_put(log, session_tag, at_ms);
}

void
access_log_forget(struct access_log *log, const uint8_t session_tag[16])
{
    seen_put(log, session_tag, 0);
}

static void
seen_load(void *context, const uint8_t tag[16], int64_t at_ms)
{
    struct access_log *log = context;
    seen_find(log, tag, true)->at_ms = at_ms;
}

static void
enqueue(struct batch *batch, const struct access *access)
{
    struct access_entry *entry = ARENA_NEW(batch->arena, struct access_entry);
    entry->at_ms = access->at_ms;
    entry->route = arena_text(batch->arena, access->route ? access->route : "");
    entry->remote = arena_text(batch->arena, access->remote);
    entry->status = access->status;
    if (access->actor && access->actor->kind != ACTOR_NOBODY) {
        entry->actor_id = access->actor->user_id;
        entry->actor_name = arena_text(batch->arena, access->actor->name);
        memcpy(entry->session_tag, access->actor->session_tag, sizeof entry->session_tag);
    }
    if (access->subject_count > 0) {
        struct id *subjects = ARENA_ARRAY(batch->arena, struct id, access->subject_count);
        memcpy(subjects, access->subjects, access->subject_count * sizeof *subjects);
        entry->subjects = subjects;
        entry->subject_count = access->subject_count;
    }
    *batch->end = entry;
    batch->end = &entry->next;
    batch->lines++;
    batch->subjects += access->subject_count;
}

bool
access_log_record(struct registry *registry, const struct access *access)
{
    struct access_log *log = registry ? registry->access_log : NULL;
    if (!log)
        return true;
    pthread_mutex_lock(&log->mutex);
    bool room = log->queue.lines < LIMIT_ACCESS_LINES && log->queue.subjects + access->subject_count <= LIMIT_ACCESS_SUBJECTS;
    if (room)
        enqueue(&log->queue, access);
    pthread_mutex_unlock(&log->mutex);
    return room;
}

/* Copies what changed, so that no lock is held while writing. */
static struct seen *
seen_take(struct access_log *log, struct arena *arena, size_t *ret_count)
{
    size_t count = 0, at = 0;
    for (size_t i = 0; i < SEEN_SLOTS; i++)
        count += log->seen[i].dirty ? 1 : 0;
    struct seen *taken = ARENA_ARRAY(arena, struct seen, count);
    for (size_t i = 0; i < SEEN_SLOTS; i++) {
        if (!log->seen[i].dirty)
            continue;
        taken[at++] = log->seen[i];
        log->seen[i].dirty = false;
    }
    *ret_count = count;
    return taken;
}

static struct error *
write_rows(struct access_log *log, const struct seen *seen, size_t seen_count)
{
    for (const struct access_entry *entry = log->writing.first; entry; entry = entry->next)
        TRY(access_store_insert(log->db, entry));
    for (size_t i = 0; i < seen_count; i++)
        TRY(access_store_seen(log->db, seen[i].tag, seen[i].at_ms));
    return NULL;
}

/* Writes what waits; the connection is held. What could not be written stays and is tried again: then the queue fills and reads are refused. */
static struct error *
write_batch(struct access_log *log)
{
    size_t seen_count = 0;
    struct arena *arena = arena_create();
    pthread_mutex_lock(&log->mutex);
    if (log->writing.lines == 0) {
        struct batch swapped = log->writing;
        log->writing = log->queue;
        if (log->writing.lines == 0)
            log->writing.end = &log->writing.first;
        log->queue = swapped;
        batch_start(&log->queue);
    }
    struct seen *seen = seen_take(log, arena, &seen_count);
    pthread_mutex_unlock(&log->mutex);
    struct error *error = NULL;
    if (log->writing.lines > 0 || seen_count > 0) {
        error = db_begin(log->db, true);
        if (!error)
            error = write_rows(log, seen, seen_count);
        if (!error)
            error = db_commit(log->db);
        if (error)
            db_rollback(log->db);
    }
    if (!error)
        batch_start(&log->writing);
    arena_destroy(arena);
    return error;
}

struct digest_leaf {
    int32_t day;
    int64_t lines;
    uint8_t digest[SHA256_SIZE];
};

static struct error *
digest_apply(struct tx *tx, void *context)
{
    const struct digest_leaf *leaf = context;
    struct actor system = {.kind = ACTOR_SYSTEM, .name = "system"};
    struct buffer text;
    buffer_init(&text, tx->arena);
    json_open(&text, NULL, '{');
    json_put_date(&text, "day", leaf->day);
    json_put_int(&text, "lines", leaf->lines);
    json_put_hex(&text, "sha256", leaf->digest, sizeof leaf->digest);
    json_close(&text, '}');
    struct audit_part part = {.kind = "access", .after = buffer_text(&text)};
    struct audit_change change = {.action = "access.digest", .parts = &part, .part_count = 1};
    return audit_append(tx, &system, &change, NULL);
}

/* The leaf first: should the mark be lost, the day is digested once more, which harms nobody. */
static struct error *
digest_day(struct access_log *log, struct lane *lane, int32_t today)
{
    struct digest_leaf leaf = {0};
    bool found = false;
    TRY(access_store_next_day(log->db, today, &leaf.day, &found));
    if (!found)
        return NULL;
    TRY(access_store_digest(log->db, leaf.day, leaf.digest, &leaf.lines));
    struct arena *arena = arena_create();
    struct error *error = lane_run(lane, digest_apply, &leaf, arena);
    arena_destroy(arena);
    return error ? error : access_store_digest_kept(log->db, leaf.day, leaf.digest, leaf.lines);
}

static struct error *
head_apply(struct tx *tx, void *context)
{
    const char *note = NULL;
    (void)context;
    return audit_checkpoint(tx, &note);
}

/* An empty log has no head. */
static struct error *
keep_head(struct lane *lane)
{
    struct arena *arena = arena_create();
    struct error *error = lane_run(lane, head_apply, NULL, arena);
    arena_destroy(arena);
    if (!error || error->code != ERROR_STATE)
        return error;
    error_free(error);
    return NULL;
}

static struct error *
work(struct access_log *log)
{
    pthread_mutex_lock(&log->mutex);
    struct lane *lane = log->lane;
    bool stopping = log->stopping;
    pthread_mutex_unlock(&log->mutex);
    int64_t now_ms = time_now_ms();
    int32_t today = date_of_instant(now_ms, 0);
    TRY(write_batch(log));
    if (stopping)
        return NULL;
    if (lane)
        TRY(digest_day(log, lane, today));
    if (lane && log->batches % HEAD_EVERY == HEAD_EVERY - 1)
        TRY(keep_head(lane));
    if (today != log->forgotten_day) {
        log->forgotten_day = today;
        TRY(access_store_forget(log->db, now_ms - LINES_KEPT_MS, now_ms - SEEN_KEPT_MS));
    }
    log->batches++;
    if (log->batches % CHECKPOINT_EVERY == 0)
        return db_checkpoint(log->db, false);
    return NULL;
}

/* Said once per failure, not once a second. */
static void
tell(struct access_log *log, struct error *error)
{
    if (error && !log->failing)
        log_event(LOG_LEVEL_ERROR, "access_log_failed", "error", error_slug(error->code), "cause", error->cause);
    log->failing = error != NULL;
    error_free(error);
}

static void *
run(void *context)
{
    struct access_log *log = context;
    bool stopping = false;
    while (!stopping) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec++;
        pthread_mutex_lock(&log->mutex);
        while (!log->stopping && pthread_cond_timedwait(&log->wake, &log->mutex, &until) == 0)
            continue;
        stopping = log->stopping;
        pthread_mutex_unlock(&log->mutex);
        pthread_mutex_lock(&log->db_mutex);
        struct error *error = work(log);
        pthread_mutex_unlock(&log->db_mutex);
        tell(log, error);
    }
    return NULL;
}

static void
log_free(struct access_log *log)
{
    db_close(log->db);
    pthread_cond_destroy(&log->wake);
    pthread_mutex_destroy(&log->mutex);
    pthread_mutex_destroy(&log->db_mutex);
    arena_destroy(log->queue.arena);
    arena_destroy(log->writing.arena);
    arena_destroy(log->arena);
}

static struct access_log *
log_make(void)
{
    struct arena *arena = arena_create();
    struct access_log *log = ARENA_NEW(arena, struct access_log);
    pthread_condattr_t monotonic;
    log->arena = arena;
    log->queue.arena = arena_create();
    log->writing.arena = arena_create();
    batch_start(&log->queue);
    batch_start(&log->writing);
    log->seen = ARENA_ARRAY(arena, struct seen, SEEN_SLOTS);
    pthread_mutex_init(&log->mutex, NULL);
    pthread_mutex_init(&log->db_mutex, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&log->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return log;
}

struct error *
access_log_open(const char *path, struct access_log **ret_log)
{
    struct access_log *log = log_make();
    struct error *error = access_store_open(path, &log->db);
    if (!error)
        error = access_store_seen_load(log->db, log->arena, time_now_ms() - SEEN_KEPT_MS, seen_load, log);
    if (!error && pthread_create(&log->thread, NULL, run, log) != 0)
        error = error_internal("access log: no thread");
    if (error) {
        log_free(log);
        return error;
    }
    *ret_log = log;
    return NULL;
}

void
access_log_close(struct access_log *log)
{
    if (!log)
        return;
    pthread_mutex_lock(&log->mutex);
    log->stopping = true;
    pthread_cond_signal(&log->wake);
    pthread_mutex_unlock(&log->mutex);
    pthread_join(log->thread, NULL);
    /* What came while a failed batch was waiting. */
    if (log->queue.lines > 0)
        tell(log, write_batch(log));
    error_free(db_checkpoint(log->db, true));
    log_free(log);
}

void
access_log_attach(struct access_log *log, struct lane *lane)
{
    pthread_mutex_lock(&log->mutex);
    log->lane = lane;
    pthread_mutex_unlock(&log->mutex);
}

struct error *
access_log_query(struct access_log *log, struct arena *arena, const struct access_filter *filter, struct access_row *ret_rows, size_t *ret_count)
{
    pthread_mutex_lock(&log->db_mutex);
    struct error *error = write_batch(log);
    if (!error)
        error = access_store_query(log->db, arena, filter, ret_rows, ret_count);
    pthread_mutex_unlock(&log->db_mutex);
    return error;
}

struct error *
access_log_digest(struct access_log *log, int32_t day, uint8_t ret_digest[32], int64_t *ret_count)
{
    pthread_mutex_lock(&log->db_mutex);
    struct error *error = write_batch(log);
    if (!error)
        error = access_store_digest(log->db, day, ret_digest, ret_count);
    pthread_mutex_unlock(&log->db_mutex);
    return error;
}
