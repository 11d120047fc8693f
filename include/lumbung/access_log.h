/* access_log.h: who read whom: reads of persons, denials and failed sign-ins go through a bounded queue, one batch a second, to FILE.access, a
 * database file of its own. A crash may lose the last second. Last-seen of sessions is kept here too and written with it. Thread-safe. */
#ifndef LUMBUNG_ACCESS_LOG_H
#define LUMBUNG_ACCESS_LOG_H

#include "lumbung/db/lane.h"
#include "lumbung/http/server.h"

struct access_log;

/* Opens or makes FILE.access, forgets what is older than a year, starts the writing thread. ERROR_DATABASE when it cannot. */
FALLIBLE struct error *access_log_open(const char *path, struct access_log **ret_log);
/* Writes what waits and stops; NULL allowed. */
void access_log_close(struct access_log *log);
/* The server's record_access: false when the queue is full. Without a log (registry or its access_log NULL) true. */
bool access_log_record(struct registry *registry, const struct access *access);

/* Last-seen of a session by its tag, in ms; 0 when unknown. With `log` NULL: 0, and touching does nothing. */
int64_t access_log_last_seen(struct access_log *log, const uint8_t session_tag[16]);
void access_log_touch(struct access_log *log, const uint8_t session_tag[16], int64_t at_ms);
void access_log_forget(struct access_log *log, const uint8_t session_tag[16]);

/* One line of who read whom. */
struct access_row {
    int64_t seq, at_ms;
    struct id actor_id;
    const char *actor_name, *route, *remote;
    int status;
    const struct id *subjects; /* whom the answer showed; none: a denial or failed sign-in */
    size_t subject_count;
};
struct access_filter {
    struct id subject_id, actor_id; /* zero: any */
    int64_t from_ms, to_ms;         /* inclusive */
    int64_t before_seq;             /* INT64_MAX at the start */
    int limit;
};
/* Newest first; what waits is written before. `ret_rows` holds `limit`. */
FALLIBLE struct error *access_log_query(struct access_log *log, struct arena *arena, const struct access_filter *filter, struct access_row *ret_rows,
                                        size_t *ret_count);
/* SHA-256 over all lines of a day (UTC), and how many they are: what the day's audit leaf holds. */
FALLIBLE struct error *access_log_digest(struct access_log *log, int32_t day, uint8_t ret_digest[32], int64_t *ret_count);
/* From then on the writing thread appends, through the lane, the leaf of each ended day that has none yet ("access.digest"), and every ten minutes
 * stores the audit log's signed head. Close the log before the lane is stopped. */
void access_log_attach(struct access_log *log, struct lane *lane);

#endif
