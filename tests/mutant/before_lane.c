/* before_lane.c: the mistake that the mutants are made of: looking before the lane and writing in it. Each request that is going to write
 * gets a reading transaction on the loop thread, which lasts until the lane has run it. */
#include "before_lane.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lumbung/db/migrate.h"

#define VIEWS_MAX 512
#define WINDOW_NS 1000000L /* between looking and writing, wide enough for another request to fall in */

struct view {
    struct db *db;
    const struct request *request;
    bool is_taken;
};

static struct view views[VIEWS_MAX];
static pthread_mutex_t views_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct view *current; /* the lane thread's */
static int64_t job_number;   /* the lane thread's */

STATEMENT_READ(mutant_look, "SELECT count(*) FROM registry")

enum pipeline_next __real_pipeline_body(struct request *request, struct db *reader);
enum pipeline_next __wrap_pipeline_body(struct request *request, struct db *reader);
struct error *__real_pipeline_apply(struct tx *tx, void *context);
struct error *__wrap_pipeline_apply(struct tx *tx, void *context);
const char *__real_migrate_translate(struct arena *arena, const char *sql, size_t length, bool sqlite);
const char *__wrap_migrate_translate(struct arena *arena, const char *sql, size_t length, bool sqlite);

static void
must_hold(struct error *error)
{
    if (error)
        abort();
}

static struct view *
view_take(const struct request *request)
{
    struct view *free_view = NULL;
    pthread_mutex_lock(&views_mutex);
    for (size_t i = 0; i < VIEWS_MAX && free_view == NULL; i++)
        if (!views[i].is_taken)
            free_view = &views[i];
    if (free_view == NULL)
        abort();
    free_view->is_taken = true;
    free_view->request = request;
    pthread_mutex_unlock(&views_mutex);
    return free_view;
}

static struct view *
view_of(const struct request *request)
{
    struct view *found = NULL;
    pthread_mutex_lock(&views_mutex);
    for (size_t i = 0; i < VIEWS_MAX && found == NULL; i++)
        if (views[i].is_taken && views[i].request == request)
            found = &views[i];
    pthread_mutex_unlock(&views_mutex);
    return found;
}

/* A transaction's view begins with its first read. */
static void
view_open(const struct request *request)
{
    struct view *view = view_take(request);
    bool row;
    if (view->db == NULL)
        must_hold(db_open(request->gate->config->db_path, DB_READER, NULL, &view->db));
    must_hold(db_begin(view->db, false));
    struct cursor *cursor = cursor_start(view->db, &mutant_look);
    must_hold(cursor_next(cursor, &row));
    cursor_end(cursor);
}

static void
view_close(struct view *view)
{
    db_rollback(view->db);
    pthread_mutex_lock(&views_mutex);
    view->is_taken = false;
    pthread_mutex_unlock(&views_mutex);
}

enum pipeline_next
__wrap_pipeline_body(struct request *request, struct db *reader)
{
    enum pipeline_next next = __real_pipeline_body(request, reader);
    if (next == NEXT_LANE || (next == NEXT_POOL && request->route->kind == ROUTE_WRITE))
        view_open(request);
    return next;
}

struct error *
__wrap_pipeline_apply(struct tx *tx, void *context)
{
    current = view_of(context);
    job_number++;
    nanosleep(&(struct timespec){.tv_nsec = WINDOW_NS}, NULL);
    struct error *error = __real_pipeline_apply(tx, context);
    if (current)
        view_close(current);
    current = NULL;
    return error;
}

struct tx
before_lane(const struct tx *tx)
{
    struct tx early = *tx;
    if (current)
        early.db = current->db;
    return early;
}

int64_t
before_lane_job(void)
{
    return job_number;
}

static const char *
schema_cut_one(struct arena *arena, const char *sql, const struct schema_cut *cut)
{
    const char *at = strstr(sql, cut->from);
    if (at == NULL)
        return sql;
    return arena_format(arena, "%.*s%s%s", (int)(at - sql), sql, cut->to, at + strlen(cut->from));
}

const char *
__wrap_migrate_translate(struct arena *arena, const char *sql, size_t length, bool sqlite)
{
    const char *text = __real_migrate_translate(arena, sql, length, sqlite);
    for (const struct schema_cut *cut = schema_cuts; cut->from; cut++)
        text = schema_cut_one(arena, text, cut);
    return text;
}
