/* disbursement_list_store.c: lists of disbursements by keyset. One statement a leading filter; what is left is tested on the rows that it
 * finds. */
#include "disbursement/disbursement_columns.h"

#include "lumbung/base/time.h"

/* Days are those of release in the program's own offset: $9 and $10 bound them as milliseconds since the epoch, the end exclusive. */
#define REST \
    " AND p.id = d.program_id AND ($4 IS NULL OR d.state = $4) AND ($6 IS NULL OR d.program_id = $6) AND ($7 IS NULL OR d.cycle_id = $7) " \
    "AND ($8 IS NULL OR EXISTS (SELECT 1 FROM region_closure k WHERE k.ancestor = $8 AND k.descendant = d.region_id)) " \
    "AND d.released_at_ms + p.utc_offset_min * 60000 >= $9 AND d.released_at_ms + p.utc_offset_min * 60000 < $10" DISBURSEMENT_SCOPE
#define FROM_LINES " FROM disbursement d CROSS JOIN program p WHERE "
#define FROM_CYCLE " FROM batch b CROSS JOIN disbursement d CROSS JOIN program p WHERE b.cycle_id = $11 AND d.batch_id = b.id"
#define FROM_SUBTREE " FROM region_closure c CROSS JOIN disbursement d CROSS JOIN program p WHERE c.ancestor = $11 AND d.region_id = c.descendant"
#define BY_BATCH "d.batch_id = $11"
#define BY_HOUSEHOLD "d.household_id = $11 AND ($13 IS NULL OR d.batch_id = $13)"
#define BY_PROGRAM "d.program_id = $11"
/* The same days in UTC, a day wider on both sides. */
#define BY_RELEASE "d.released_at_ms >= $11 AND d.released_at_ms < $12"

#define PAGE(leading) "SELECT " DISBURSEMENT_COLUMNS FROM_LINES leading " AND d.id > $12" REST " ORDER BY d.id LIMIT $5"
STATEMENT_READ(disbursement_page_batch, PAGE(BY_BATCH))
STATEMENT_READ(disbursement_page_household, PAGE(BY_HOUSEHOLD))
STATEMENT_READ(disbursement_page_program, PAGE(BY_PROGRAM))
#define PAGE_RELEASE(leading) \
    "SELECT " DISBURSEMENT_COLUMNS FROM_LINES leading BY_RELEASE " AND (d.released_at_ms, d.id) > ($13, $14)" REST " ORDER BY d.released_at_ms, d.id LIMIT $5"
STATEMENT_READ(disbursement_page_release, PAGE_RELEASE(""))
/* A group of groups: the rest of the region or batch where the last page ended, then those behind it. */
STATEMENT_READ(disbursement_page_region, PAGE("d.region_id = $11"))
#define PAGE_CYCLE(rest) "SELECT " DISBURSEMENT_COLUMNS FROM_CYCLE rest " AND b.id > $12" REST " ORDER BY b.id, d.id LIMIT $5"
STATEMENT_READ(disbursement_page_cycle, PAGE_CYCLE(""))
STATEMENT_READ(disbursement_page_subtree, "SELECT " DISBURSEMENT_COLUMNS FROM_SUBTREE " AND c.descendant > $12" REST " ORDER BY c.descendant, d.id LIMIT $5")

/* One state of many: what is held among what is paid. */
#define OF_STATE "d.state = $4 AND "
STATEMENT_READ(disbursement_page_batch_state, PAGE(OF_STATE BY_BATCH))
STATEMENT_READ(disbursement_page_program_state, PAGE(OF_STATE BY_PROGRAM))
STATEMENT_READ(disbursement_page_release_state, PAGE_RELEASE(OF_STATE))
STATEMENT_READ(disbursement_page_cycle_state, PAGE_CYCLE(" AND d.state = $4"))

/* The filter that finds the fewest rows leads. */
enum leading { LEADING_HOUSEHOLD, LEADING_BATCH, LEADING_CYCLE, LEADING_REGION, LEADING_PROGRAM, LEADING_RELEASE };

static const struct { const struct statement *any, *of_state; } pages[] = {
    [LEADING_BATCH] = {&disbursement_page_batch, &disbursement_page_batch_state}, [LEADING_HOUSEHOLD] = {&disbursement_page_household, &disbursement_page_household},
    [LEADING_CYCLE] = {&disbursement_page_cycle, &disbursement_page_cycle_state}, [LEADING_REGION] = {&disbursement_page_subtree, &disbursement_page_subtree},
    [LEADING_PROGRAM] = {&disbursement_page_program, &disbursement_page_program_state},
    [LEADING_RELEASE] = {&disbursement_page_release, &disbursement_page_release_state},
};

static const struct statement *
page_of(const struct disbursement_filter *filter, enum leading leading)
{
    return filter->state ? pages[leading].of_state : pages[leading].any;
}

static enum leading
leading_of(const struct disbursement_filter *filter, struct id *ret_key)
{
    const struct id keys[] = {[LEADING_BATCH] = filter->batch_id, [LEADING_HOUSEHOLD] = filter->household_id, [LEADING_CYCLE] = filter->cycle_id,
                              [LEADING_REGION] = filter->region_id, [LEADING_PROGRAM] = filter->program_id};
    size_t leading = 0;
    while (leading < LEADING_RELEASE && id_is_zero(keys[leading]))
        leading++;
    if (leading < LEADING_RELEASE)
        *ret_key = keys[leading];
    return (enum leading)leading;
}

static struct cursor *
lines_start(struct tx *tx, const struct actor *actor, const struct disbursement_filter *filter, const struct statement *statement, int limit)
{
    struct cursor *cursor = cursor_start(tx->db, statement);
    disbursement_bind_scope(cursor, actor);
    cursor_bind_text(cursor, 4, filter->state);
    cursor_bind_int(cursor, 5, limit);
    cursor_bind_id(cursor, 6, filter->program_id);
    cursor_bind_id(cursor, 7, filter->cycle_id);
    cursor_bind_id(cursor, 8, filter->region_id);
    cursor_bind_int(cursor, 9, filter->has_from ? filter->from * DAY_MS : INT64_MIN);
    cursor_bind_int(cursor, 10, filter->has_to ? (filter->to + 1) * DAY_MS : INT64_MAX);
    return cursor;
}

static void
bind_leading(struct cursor *cursor, const struct disbursement_filter *filter, enum leading leading, struct id key)
{
    if (leading == LEADING_HOUSEHOLD)
        cursor_bind_id(cursor, 13, filter->batch_id);
    if (leading != LEADING_RELEASE) {
        cursor_bind_id(cursor, 11, key);
        return;
    }
    cursor_bind_int(cursor, 11, filter->has_from ? (filter->from - 1) * DAY_MS : INT64_MIN);
    cursor_bind_int(cursor, 12, filter->has_to ? (filter->to + 2) * DAY_MS : INT64_MAX);
}

/* `after` has to live as long as the cursor. Zero bytes, unlike a zero id, are no NULL: they come before every id. */
static void
bind_after(struct cursor *cursor, int number, const struct id *after)
{
    cursor_bind_bytes(cursor, number, after->bytes, sizeof after->bytes);
}

/* `last` ends the page before, `group` is its region or batch; zero at the start. */
static struct error *
page_by_group(struct tx *tx, const struct actor *actor, const struct disbursement_filter *filter, const struct disbursement *last, struct disbursement *ret_rows,
              size_t *ret_count)
{
    bool by_cycle = !id_is_zero(filter->cycle_id);
    const struct id *group = by_cycle ? &last->batch_id : &last->region_id;
    size_t rest = 0, behind = 0;
    if (!id_is_zero(last->id)) {
        struct cursor *cursor = lines_start(tx, actor, filter, by_cycle ? page_of(filter, LEADING_BATCH) : &disbursement_page_region, filter->limit);
        cursor_bind_id(cursor, 11, *group);
        bind_after(cursor, 12, &last->id);
        TRY(cursor_fill(cursor, tx->arena, disbursement_read_row, ret_rows, sizeof *ret_rows, filter->limit, &rest));
    }
    if (rest < (size_t)filter->limit) {
        int left = filter->limit - (int)rest;
        struct cursor *cursor = lines_start(tx, actor, filter, page_of(filter, by_cycle ? LEADING_CYCLE : LEADING_REGION), left);
        cursor_bind_id(cursor, 11, by_cycle ? filter->cycle_id : filter->region_id);
        bind_after(cursor, 12, group);
        TRY(cursor_fill(cursor, tx->arena, disbursement_read_row, ret_rows + rest, sizeof *ret_rows, left, &behind));
    }
    *ret_count = rest + behind;
    return NULL;
}

static struct error *
page_by_release(struct tx *tx, const struct actor *actor, const struct disbursement_filter *filter, const struct disbursement *last, struct disbursement *ret_rows,
                size_t *ret_count)
{
    bool started = !id_is_zero(last->id);
    struct cursor *cursor = lines_start(tx, actor, filter, page_of(filter, LEADING_RELEASE), filter->limit);
    bind_leading(cursor, filter, LEADING_RELEASE, last->id);
    if (started) /* a late page begins in the index where the last one ended */
        cursor_bind_int(cursor, 11, last->released_at_ms);
    cursor_bind_int(cursor, 13, started ? last->released_at_ms : INT64_MIN);
    bind_after(cursor, 14, &last->id);
    return cursor_fill(cursor, tx->arena, disbursement_read_row, ret_rows, sizeof *ret_rows, filter->limit, ret_count);
}

struct error *
disbursement_store_list(struct tx *tx, const struct actor *actor, const struct disbursement_filter *filter, struct disbursement *ret_rows, size_t *ret_count)
{
    struct id key = {{0}};
    struct disbursement last = {0};
    enum leading leading = leading_of(filter, &key);
    if (leading == LEADING_CYCLE || leading == LEADING_REGION || leading == LEADING_RELEASE) {
        bool found = true;
        if (!id_is_zero(filter->after))
            TRY(disbursement_store_load(tx, actor, filter->after, &last, &found));
        *ret_count = 0;
        if (!found)
            return NULL;
        return (leading == LEADING_RELEASE ? page_by_release : page_by_group)(tx, actor, filter, &last, ret_rows, ret_count);
    }
    struct cursor *cursor = lines_start(tx, actor, filter, page_of(filter, leading), filter->limit);
    bind_leading(cursor, filter, leading, key);
    bind_after(cursor, 12, &filter->after);
    return cursor_fill(cursor, tx->arena, disbursement_read_row, ret_rows, sizeof *ret_rows, filter->limit, ret_count);
}
