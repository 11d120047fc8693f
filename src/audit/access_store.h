/* access_store.h: the tables of FILE.access. */
#ifndef LUMBUNG_ACCESS_STORE_H
#define LUMBUNG_ACCESS_STORE_H

#include "lumbung/access_log.h"
#include "lumbung/db/db.h"

struct access_entry {
    int64_t at_ms;
    struct id actor_id;
    uint8_t session_tag[16];
    const char *actor_name, *route, *remote;
    int status;
    const struct id *subjects;
    size_t subject_count;
    struct access_entry *next;
};

FALLIBLE struct error *access_store_open(const char *path, struct db **ret_db);
FALLIBLE struct error *access_store_insert(struct db *db, const struct access_entry *entry);
FALLIBLE struct error *access_store_seen(struct db *db, const uint8_t tag[16], int64_t at_ms);
/* Calls `take` for each session that was seen after `since_ms`. */
FALLIBLE struct error *access_store_seen_load(struct db *db, struct arena *arena, int64_t since_ms, void (*take)(void *context, const uint8_t tag[16], int64_t at_ms),
                                              void *context);
/* Deletes lines before `before_ms` and forgets sessions before `seen_before_ms`. */
FALLIBLE struct error *access_store_forget(struct db *db, int64_t before_ms, int64_t seen_before_ms);
FALLIBLE struct error *access_store_query(struct db *db, struct arena *arena, const struct access_filter *filter, struct access_row *ret_rows, size_t *ret_count);
FALLIBLE struct error *access_store_digest(struct db *db, int32_t day, uint8_t ret_digest[32], int64_t *ret_count);
/* The first day with lines that has no digest yet, before `today`. */
FALLIBLE struct error *access_store_next_day(struct db *db, int32_t today, int32_t *ret_day, bool *ret_found);
FALLIBLE struct error *access_store_digest_kept(struct db *db, int32_t day, const uint8_t digest[32], int64_t count);

#endif
