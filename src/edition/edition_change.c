/* edition_change.c: an edition of the codes as a job: new and renamed regions first, then the users' areas, then households a few at a time, then what ends. */
#include "edition/edition.h"

#include "lumbung/audit.h"
#include "lumbung/base/json.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/household.h"

#define ROWS_IN_CHUNK 50
#define USERS_IN_CHUNK 20
#define HOUSEHOLDS_IN_CHUNK 25

enum phase { PHASE_OPEN, PHASE_SCOPE, PHASE_MOVE, PHASE_CLOSE, PHASE_END };

struct work {
    struct tx *tx;
    const struct actor *actor;
    struct job_chunk *chunk;
    struct edition edition;
    struct audit_part parts[ROWS_IN_CHUNK];
    size_t part_count;
    enum phase phase;      /* where the next chunk goes on */
    size_t at;
    struct id after;
};

static const char *
print_region(struct arena *arena, const char *code, const char *name, bool closed)
{
    struct buffer text;
    buffer_init(&text, arena);
    json_open(&text, NULL, '{');
    json_put_text(&text, "code", code);
    json_put_text(&text, "name", name);
    json_put_bool(&text, "closed", closed);
    json_close(&text, '}');
    return buffer_text(&text);
}

static void
note(struct work *work, struct id id, const char *before, const char *after)
{
    work->parts[work->part_count++] = (struct audit_part){.kind = "region", .id = id, .before = before, .after = after};
}

static struct error *
open_row(struct work *work, const struct edition_row *row)
{
    struct tx *tx = work->tx;
    struct region region;
    TRY(region_by_id(tx, row->from_id, &region));
    const char *before = print_region(tx->arena, region.code, region.name, false);
    if (row->change == EDITION_RENAMED) {
        note(work, row->from_id, before, print_region(tx->arena, region.code, row->name, false));
        return region_set_name(tx, row->from_id, row->name);
    }
    if (row->change == EDITION_RECODED) {
        note(work, row->from_id, before, print_region(tx->arena, row->to, region.name, false));
        return region_set_code(tx, row->from_id, row->to, date_of_instant(tx->now_ms, 0));
    }
    if (!row->adds)
        return NULL;
    note(work, row->to_id, NULL, print_region(tx->arena, row->to, row->name, false));
    const struct region_op op = {.verb = REGION_OP_ADD, .id = row->to_id, .parent_id = region.parent_id, .level = region.level, .code = row->to,
                                 .kind = region.kind, .name = row->name, .folded = text_fold(tx->arena, row->name)};
    return region_ops_apply(tx, &op, 1);
}

static struct error *
open_rows(struct work *work)
{
    size_t end = work->at + ROWS_IN_CHUNK < work->edition.count ? work->at + ROWS_IN_CHUNK : work->edition.count;
    for (; work->at < end; work->at++)
        TRY(open_row(work, &work->edition.rows[work->at]));
    if (work->at == work->edition.count) {
        work->phase = PHASE_SCOPE;
        work->at = 0;
    }
    return NULL;
}

static struct error *
rewrite_scopes(struct work *work)
{
    TRY(region_scope_rewrite_next(work->tx, work->after, USERS_IN_CHUNK, &work->after));
    if (id_is_zero(work->after))
        work->phase = PHASE_MOVE;
    return NULL;
}

static const char *
reason_of(struct arena *arena, const struct edition_row *row)
{
    return arena_format(arena, "%s %s > %s", edition_change_words[row->change], row->code, row->to);
}

/* The maker manages the tree wherever it reaches: households move whole, whatever his own area. */
static struct error *
move_households(struct work *work)
{
    struct edition_household page[HOUSEHOLDS_IN_CHUNK];
    struct actor wide = *work->actor;
    size_t count = 0;
    wide.all_regions = true;
    while (work->at < work->edition.count && !edition_starts_moves(&work->edition, work->at))
        work->at++;
    if (work->at == work->edition.count) {
        work->phase = PHASE_CLOSE;
        work->at = 0;
        return NULL;
    }
    struct id from = work->edition.rows[work->at].from_id;
    TRY(edition_store_households(work->tx, from, work->after, HOUSEHOLDS_IN_CHUNK, page, &count));
    for (size_t i = 0; i < count; i++) {
        const struct edition_row *row = edition_way(&work->edition, work->tx->arena, from, &page[i]);
        if (row == NULL)
            continue;
        work->tx->known = (struct tx_keys){0};
        TRY(household_relocate(work->tx, &wide, page[i].id, row->to_id, reason_of(work->tx->arena, row)));
        json_set(work->tx->arena, work->chunk->result, "moved", json_make_int(work->tx->arena, json_get_int(work->chunk->result, "moved", 0) + 1));
    }
    work->chunk->done += (int64_t)count;
    work->after = count == HOUSEHOLDS_IN_CHUNK ? page[count - 1].id : (struct id){{0}};
    work->at += count < HOUSEHOLDS_IN_CHUNK;
    return NULL;
}

/* Somebody may have registered there since: those go the same way, and where there is none the edition stops. */
static struct error *
close_rows(struct work *work)
{
    struct edition_household left;
    size_t count = 0;
    while (work->at < work->edition.count && work->part_count < ROWS_IN_CHUNK) {
        const struct edition_row *row = &work->edition.rows[work->at++];
        if (row->change != EDITION_MERGED && row->change != EDITION_ABOLISHED)
            continue;
        TRY(edition_store_households(work->tx, row->from_id, (struct id){{0}}, 1, &left, &count));
        if (count > 0 && edition_way(&work->edition, work->tx->arena, row->from_id, &left) == NULL)
            return error_state(&situation_codes, "inhabited", BARRED_ABOLISH);
        if (count > 0) {
            work->phase = PHASE_MOVE;
            work->at = 0;
            return NULL;
        }
        struct region region;
        TRY(region_by_id(work->tx, row->from_id, &region));
        if (region.is_closed)
            continue;
        note(work, row->from_id, print_region(work->tx->arena, region.code, region.name, false), print_region(work->tx->arena, region.code, region.name, true));
        TRY(region_close(work->tx, row->from_id, date_of_instant(work->tx->now_ms, 0)));
    }
    if (work->at == work->edition.count)
        work->phase = PHASE_END;
    return NULL;
}

static struct error *
read_cursor(struct work *work)
{
    const struct json *cursor = work->chunk->cursor;
    const char *after = json_get_text(cursor, "after");
    work->phase = (enum phase)json_get_int(cursor, "phase", PHASE_OPEN);
    work->at = (size_t)json_get_int(cursor, "at", 0);
    if (after && !id_parse(after, &work->after))
        return error_internal("region edition: bad cursor");
    return NULL;
}

static void
write_cursor(struct work *work)
{
    struct arena *arena = work->tx->arena;
    work->chunk->cursor = NULL;
    if (work->phase == PHASE_END)
        return;
    struct json *cursor = work->chunk->cursor = json_make(arena, JSON_OBJECT);
    json_set(arena, cursor, "phase", json_make_int(arena, work->phase));
    json_set(arena, cursor, "at", json_make_int(arena, (int64_t)work->at));
    char text[ID_TEXT_SIZE];
    id_print(work->after, text);
    if (!id_is_zero(work->after))
        json_set(arena, cursor, "after", json_make_text(arena, text));
}

static struct error *
change_step(struct tx *tx, const struct actor *actor, struct job_chunk *chunk)
{
    struct work work = {.tx = tx, .actor = actor, .chunk = chunk};
    TRY(edition_from_json(tx->arena, json_get(chunk->input, "rows"), &work.edition));
    TRY(read_cursor(&work));
    switch (work.phase) {
    case PHASE_OPEN: TRY(open_rows(&work)); break;
    case PHASE_SCOPE: TRY(rewrite_scopes(&work)); break;
    case PHASE_MOVE: TRY(move_households(&work)); break;
    case PHASE_CLOSE: TRY(close_rows(&work)); break;
    case PHASE_END: break;
    }
    write_cursor(&work);
    if (chunk->total < chunk->done)
        chunk->total = chunk->done;
    if (work.part_count == 0)
        return NULL;
    struct audit_change change = {.action = "region.change", .parts = work.parts, .part_count = work.part_count};
    return audit_append(tx, actor, &change, NULL);
}

const struct job_kind edition_change_job = {.kind = "region.edition", .may = edition_may, .step = change_step};
