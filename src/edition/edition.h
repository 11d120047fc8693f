/* edition.h: changes of the region codes: the file's rows, what they mean in this registry, and where households go. */
#ifndef LUMBUNG_EDITION_EDITION_H
#define LUMBUNG_EDITION_EDITION_H

#include "lumbung/edition.h"
#include "lumbung/region.h"

#define EDITION_ROWS_MAX 2000

enum edition_change { EDITION_RENAMED, EDITION_RECODED, EDITION_SPLIT, EDITION_MERGED, EDITION_ABOLISHED };
extern const char *const edition_change_words[];

/* One line: `code` is that of the region today. A split names the households that go to `to` by hamlet, RW and RT; what is empty does not count. */
struct edition_row {
    int64_t line;
    enum edition_change change;
    const char *code, *to, *name;
    const char *hamlet, *rw, *rt;
    struct id from_id, to_id;
    bool adds;               /* this line makes `to`, beside `code` */
};
struct edition {
    struct edition_row *rows;
    size_t count;
};

/* Reads `change,code,to,name,hamlet,rw,rt` (columns in any order) and resolves it: ERROR_FIELDS names "row 3, column to". New regions get ids. */
FALLIBLE struct error *edition_read(struct tx *tx, const char *csv, size_t length, struct edition *ret_edition);
/* What a job keeps of it. */
struct json *edition_to_json(struct arena *arena, const struct edition *edition);
FALLIBLE struct error *edition_from_json(struct arena *arena, const struct json *json, struct edition *ret_edition);

struct edition_household {
    struct id id;
    const char *hamlet, *rw, *rt;
};
/* The line that sends a household of that region elsewhere; NULL: it stays. The first that fits counts. */
const struct edition_row *edition_way(const struct edition *edition, struct arena *arena, struct id region_id, const struct edition_household *household);
/* Is this the first line that sends households away from its region? */
bool edition_starts_moves(const struct edition *edition, size_t at);

/* Active households of a region behind `after`, by id. */
FALLIBLE struct error *edition_store_households(struct tx *tx, struct id region_id, struct id after, int limit, struct edition_household *ret_households,
                                                size_t *ret_count);
/* Users whose area is exactly this region. */
FALLIBLE struct error *edition_store_users(struct tx *tx, struct id region_id, int64_t *ret_count);
/* Another import or edition is under way, or one came to its end since `newest` was read. */
FALLIBLE struct error *edition_store_has_tree(struct tx *tx, bool *ret_has);
FALLIBLE struct error *edition_store_newest(struct tx *tx, struct id *ret_newest, bool *ret_open);
FALLIBLE struct error *edition_store_part_insert(struct tx *tx, struct id job_id, int64_t position, const char *ops);
FALLIBLE struct error *edition_store_part(struct tx *tx, struct id job_id, int64_t position, const char **ret_ops);
FALLIBLE struct error *edition_store_parts_delete(struct tx *tx, struct id job_id);

/* Refuses with ERROR_STATE while other changes of regions are under way. */
FALLIBLE struct error *edition_check_alone(struct tx *tx);
FALLIBLE struct error *edition_may(struct tx *tx, const struct actor *actor, const struct json *input);
/* {changes, moving, staying: {count, items}}: what the file would do. */
FALLIBLE struct error *edition_preview_print(struct tx *tx, const struct edition *edition, struct buffer *body);

/* A plan of a whole file and the newest job that it knows of. */
struct edition_import_plan {
    struct region_plan plan;
    struct id newest;
};
FALLIBLE struct error *edition_import_plan(struct tx *tx, const char *csv, size_t length, struct edition_import_plan *ret_plan);
FALLIBLE struct error *edition_import_start(struct tx *tx, const struct actor *actor, const struct edition_import_plan *plan, struct id *ret_job_id);

#endif
