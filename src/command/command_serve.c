/* command_serve.c: `lumbung serve`: opens the registry, builds the indexes, serves until SIGTERM. */
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "command/command.h"
#include "command/instance.h"
#include "lumbung/access_log.h"
#include "lumbung/assessment.h"
#include "lumbung/attachment.h"
#include "lumbung/base/log.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/export.h"
#include "lumbung/household.h"
#include "lumbung/http/server.h"
#include "lumbung/job.h"
#include "lumbung/need.h"
#include "lumbung/user.h"
#include "routes.h"

#define SERVE_USAGE "lumbung serve --db FILE [--keys DIR] [--listen 127.0.0.1:8080] [--static DIR] [--tls-cert F --tls-key F] [--behind-proxy CIDR]"

struct serving {
    struct instance *instance;
    struct server *server;
    struct console_server *console;
    struct job_runner *runner;
    pthread_t index_thread;
    bool index_started, index_stop;
};

static struct server *serving_server; /* for the signal handler alone */

static void
serve_on_signal(int number)
{
    (void)number;
    if (serving_server)
        server_stop(serving_server);
}

#define SERVE_ORPHAN_MS (INT64_C(24) * 3600 * 1000) /* a day: no upload waits so long for its row */

static void
serve_sweep(struct tx *tx)
{
    int64_t removed = 0;
    struct error *error = attachment_sweep(tx, tx->registry->blob_directory, tx->now_ms - SERVE_ORPHAN_MS, &removed);
    if (error || removed > 0)
        log_event(error ? LOG_LEVEL_WARN : LOG_LEVEL_INFO, "attachments.swept", "removed", arena_format(tx->arena, "%lld", (long long)removed), "error",
                  error ? error_slug(error->code) : NULL);
    error_free(error);
}

#define SERVE_FOLLOW_MS 500
#define SERVE_BACKGROUND_NICE 19
#define SERVE_RESTS 9 /* times as long as it worked */

static struct error *
serve_count_portion(struct tx *tx, bool *ret_idle)
{
    tx->arena = arena_create();
    tx->now_ms = time_now_ms();
    struct error *error = db_begin(tx->db, false);
    if (error == NULL) {
        error = need_index_work(tx, tx->registry->need_index, ret_idle);
        db_rollback(tx->db);
    }
    arena_destroy(tx->arena);
    return error;
}

/* Gives way to everyone who waits for an answer. */
static void
serve_step_back(void)
{
    setpriority(PRIO_PROCESS, (id_t)gettid(), SERVE_BACKGROUND_NICE);
}

static void
serve_rest(const struct serving *serving, int64_t ms)
{
    for (int64_t waited = 0; waited < ms && !__atomic_load_n(&serving->index_stop, __ATOMIC_RELAXED); waited += 50)
        nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
}

/* The count of needs: a portion at a time, each in a transaction of its own, then after what the log tells. While others write it mostly rests: what it
 * takes from the processor's caches they would pay. */
static void
serve_count_needs(struct serving *serving)
{
    serve_step_back();
    struct tx tx = {.keyring = serving->instance->keyring, .registry = &serving->instance->registry};
    struct error *error = db_open(serving->instance->path, DB_READER, NULL, &tx.db);
    bool is_trimmed = false;
    while (error == NULL && !__atomic_load_n(&serving->index_stop, __ATOMIC_RELAXED)) {
        bool idle = false;
        struct lane *lane = serving->instance->registry.lane;
        int64_t writes = lane_figures(lane).jobs, start_ms = time_monotonic_ms();
        error = serve_count_portion(&tx, &idle);
        bool is_in_the_way = lane_figures(lane).jobs > writes;
        if (idle && !is_trimmed)
            malloc_trim(0); /* what the indexes and the first count needed goes back to the system */
        is_trimmed = is_trimmed || idle;
        serve_rest(serving, idle ? SERVE_FOLLOW_MS : is_in_the_way ? SERVE_RESTS * (time_monotonic_ms() - start_ms) : 0);
    }
    db_close(tx.db);
    if (error)
        log_event(LOG_LEVEL_ERROR, "needs_failed", "error", error_slug(error->code), "cause", error->cause);
    error_free(error);
}

/* The indexes in memory load in the background: until then /readyz, search and registration answer 503. */
static void *
serve_build_index(void *context)
{
    struct serving *serving = context;
    struct arena *arena = arena_create();
    struct tx tx;
    struct household_index *index = NULL;
    struct error *error = instance_read_begin(serving->instance->path, NULL, serving->instance->keyring, &serving->instance->registry, arena, &tx);
    if (error == NULL) {
        error = household_index_build(&tx, &serving->index_stop, &index);
        if (error == NULL)
            __atomic_store_n(&serving->instance->registry.household_index, index, __ATOMIC_RELEASE);
        serve_sweep(&tx);
        instance_read_end(&tx);
    }
    if (error && error->code != ERROR_CANCELLED)
        log_event(LOG_LEVEL_ERROR, "index_failed", "error", error_slug(error->code), "cause", error->cause);
    bool counts = error == NULL;
    error_free(error);
    arena_destroy(arena);
    if (counts)
        serve_count_needs(serving);
    return NULL;
}

static bool
serve_is_ready(struct registry *registry)
{
    return __atomic_load_n(&registry->household_index, __ATOMIC_ACQUIRE) != NULL;
}

static void
serve_print_metrics(struct registry *registry, struct buffer *buffer)
{
    struct lane_figures figures = lane_figures(registry->lane);
    const struct { const char *name, *kind, *help; int64_t value; } rows[] = {
        {"lumbung_lane_jobs_total", "counter", "Writes that were asked of the lane.", figures.jobs},
        {"lumbung_lane_failed_total", "counter", "Writes that were refused or failed.", figures.failed},
        {"lumbung_lane_batches_total", "counter", "Commits.", figures.batches},
        {"lumbung_lane_commit_failures_total", "counter", "Commits that failed and were rolled back.", figures.commit_failures},
        {"lumbung_lane_queue_length", "gauge", "Writes that wait now.", figures.queue_length},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        buffer_format(buffer, "# HELP %s %s\n# TYPE %s %s\n%s %lld\n", rows[i].name, rows[i].help, rows[i].name, rows[i].kind, rows[i].name,
                      (long long)rows[i].value);
}

/* "127.0.0.1:8080" or "[::1]:8080". */
static struct error *
serve_parse_listen(struct arena *arena, const char *listen, struct server_config *config)
{
    const char *colon = strrchr(listen, ':');
    int64_t port = 0;
    if (colon == NULL || !text_parse_int(colon + 1, &port) || port < 0 || port > 65535)
        return error_with(ERROR_USAGE, "--listen ADDRESS:PORT, for example 127.0.0.1:8080", NULL, NULL);
    const char *start = listen[0] == '[' ? listen + 1 : listen;
    const char *end = listen[0] == '[' && colon > listen && colon[-1] == ']' ? colon - 1 : colon;
    config->address = arena_copy(arena, start, (size_t)(end - start));
    config->port = (int)port;
    return NULL;
}

/* A new registry gets its questionnaire, and the link for the first administrator. */
static struct error *
serve_make_link(struct tx *tx, void *context)
{
    const char **ret_token = context;
    int64_t users = 0;
    struct actor console = user_console_actor();
    TRY(assessment_make_default_form(tx, &console));
    TRY(user_count(tx, &users));
    if (users > 0)
        return NULL;
    return user_link_make(tx, &console, (struct id){{0}}, ret_token);
}

static void
serve_announce(struct serving *serving, const struct server_config *config)
{
    const char *scheme = config->tls_certificate ? "https" : "http";
    bool six = strchr(config->address, ':') != NULL;
    printf("listening on %s://%s%s%s:%d\n", scheme, six ? "[" : "", config->address, six ? "]" : "", server_port(serving->server));
    const char *token = NULL;
    struct error *error = lane_run(serving->instance->lane, serve_make_link, &token, serving->instance->arena);
    if (error == NULL && token)
        printf("set up the first administrator (once, within 24 hours): %s://%s:%d/mulai/%s\n", scheme, config->address,
               server_port(serving->server), token);
    error_free(error);
    fflush(stdout);
}

static void
serve_catch_signals(void)
{
    struct sigaction action = {.sa_handler = serve_on_signal};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static struct error *
serve_start(struct serving *serving, const struct instance_options *open, struct server_config *config)
{
    TRY(instance_open(open, &serving->instance));
    struct instance *instance = serving->instance;
    struct registry *registry = &instance->registry;
    TRY(access_log_open(arena_format(instance->arena, "%s.access", instance->path), &registry->access_log));
    access_log_attach(registry->access_log, instance->lane);
    config->db_path = instance->path;
    config->lane = instance->lane;
    config->keyring = instance->keyring;
    config->registry = registry;
    config->is_demo = registry->is_demo;
    TRY(server_open(config, &serving->server));
    TRY(job_runner_start(instance->lane, registry, &serving->runner));
    TRY(console_server_start(instance->lane, instance->keyring, registry, &serving->console));
    serving->instance->registry.need_index = need_index_create();
    serving->index_started = pthread_create(&serving->index_thread, NULL, serve_build_index, serving) == 0;
    return serving->index_started ? NULL : error_internal("serve: no thread");
}

static void
serve_stop(struct serving *serving)
{
    __atomic_store_n(&serving->index_stop, true, __ATOMIC_RELAXED);
    if (serving->index_started)
        pthread_join(serving->index_thread, NULL);
    console_server_stop(serving->console);
    job_runner_stop(serving->runner);
    server_close(serving->server);
    if (serving->instance) {
        if (serving->instance->registry.access_log)
            access_log_close(serving->instance->registry.access_log);
    }
    instance_close(serving->instance);
}

/* The deliberately broken servers that the reliability tests must catch. */
static void
serve_mutants(struct options *options, struct instance_options *open)
{
    const char *mutant = options_value(options, "--mutant");
    if (text_equal(mutant, "ack-before-commit"))
        open->lane.ack_before_commit = true;
    if (text_equal(mutant, "ignore-commit"))
        open->lane.ignore_commit_failure = true;
    if (text_equal(mutant, "synchronous-normal"))
        open->lane.db.synchronous_normal = true;
    if (text_equal(mutant, "single-commit"))
        open->lane.batch_max = 1;
}

int
command_serve(int argc, char **argv)
{
    struct arena *arena = arena_create();
    struct options options;
    options_start(&options, arena, argc, argv);
    struct instance_options open = {.path = options_value(&options, "--db"), .keys = options_value(&options, "--keys"), .create = true};
    struct server_config config = {.static_directory = options_value(&options, "--static"), .tls_certificate = options_value(&options, "--tls-cert"),
                                   .tls_key = options_value(&options, "--tls-key"), .behind_proxy = options_value(&options, "--behind-proxy"),
                                   .tables = route_tables, .authenticate = user_authenticate, .record_access = access_log_record, .list_file = export_list,
                                   .is_ready = serve_is_ready, .print_metrics = serve_print_metrics};
    const char *listen = options_value(&options, "--listen");
    serve_mutants(&options, &open);
    struct error *error = serve_parse_listen(arena, listen ? listen : "127.0.0.1:8080", &config);
    if (error == NULL)
        error = open.path ? options_rest(&options, SERVE_USAGE) : error_with(ERROR_USAGE, SERVE_USAGE, NULL, NULL);
    struct serving serving = {0};
    prctl(PR_SET_DUMPABLE, 0);
    if (error == NULL)
        error = serve_start(&serving, &open, &config);
    if (error == NULL) {
        serving_server = serving.server;
        serve_catch_signals();
        serve_announce(&serving, &config);
        server_run(serving.server);
    }
    serve_stop(&serving);
    int code = error ? command_fail("serve", error) : EXIT_DONE;
    arena_destroy(arena);
    return code;
}
