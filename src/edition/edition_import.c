/* edition_import.c: a whole file of regions as a job: planned beside the lane, kept in parts, written part by part between other people's writes. */
#include <string.h>

#include "edition/edition.h"
#include "job/job_store.h"
#include "lumbung/base/json.h"
#include "lumbung/base/time.h"
#include "lumbung/registry.h"
#include "lumbung/user.h"

#define OPS_IN_PART 1000
#define USERS_IN_CHUNK 20

struct error *
edition_check_alone(struct tx *tx)
{
    struct id newest;
    bool open = false;
    TRY(edition_store_newest(tx, &newest, &open));
    return open ? error_state(&situation_codes, "changing", BARRED_IMPORT) : NULL;
}

struct error *
edition_may(struct tx *tx, const struct actor *actor, const struct json *input)
{
    (void)tx, (void)input;
    return actor_may(actor, PERM_REGION_MANAGE) ? NULL : error_new(ERROR_FORBIDDEN);
}

struct error *
edition_import_plan(struct tx *tx, const char *csv, size_t length, struct edition_import_plan *ret_plan)
{
    bool open = false;
    TRY(edition_store_newest(tx, &ret_plan->newest, &open));
    return region_plan_make(tx, csv, length, &ret_plan->plan);
}

/* --- parts ---------------------------------------------------------------------------------------------------------------------------- */

static void
print_op(struct buffer *text, const struct region_op *op)
{
    json_open(text, NULL, '{');
    json_put_int(text, "verb", op->verb);
    json_put_id(text, "id", op->id);
    json_put_id(text, "parent", op->parent_id);
    json_put_int(text, "level", op->level);
    json_put_text(text, "code", op->code);
    json_put_text(text, "kind", op->kind);
    json_put_text(text, "name", op->name);
    json_put_text(text, "folded", op->folded);
    json_close(text, '}');
}

static struct region_op
read_op(const struct json *json)
{
    struct region_op op = {.verb = (enum region_verb)json_get_int(json, "verb", REGION_OP_CHANGE), .level = (int)json_get_int(json, "level", 0),
                           .code = json_get_text(json, "code"), .kind = json_get_text(json, "kind"), .name = json_get_text(json, "name"),
                           .folded = json_get_text(json, "folded")};
    const char *id = json_get_text(json, "id"), *parent = json_get_text(json, "parent");
    if (!id || !id_parse(id, &op.id) || (parent && !id_parse(parent, &op.parent_id)))
        op.code = NULL;
    return op;
}

static struct error *
keep_parts(struct tx *tx, struct id job_id, const struct region_plan *plan)
{
    for (size_t at = 0; at < plan->op_count; at += OPS_IN_PART) {
        struct buffer text;
        buffer_init(&text, tx->arena);
        json_open(&text, NULL, '[');
        for (size_t i = at; i < plan->op_count && i < at + OPS_IN_PART; i++)
            print_op(&text, &plan->ops[i]);
        json_close(&text, ']');
        TRY(edition_store_part_insert(tx, job_id, (int64_t)(at / OPS_IN_PART), buffer_text(&text)));
    }
    return NULL;
}

struct error *
edition_import_start(struct tx *tx, const struct actor *actor, const struct edition_import_plan *plan, struct id *ret_job_id)
{
    struct id newest;
    bool open = false;
    TRY(edition_check_alone(tx));
    TRY(edition_store_newest(tx, &newest, &open));
    if (!id_equal(newest, plan->newest)) /* planned on a tree that is no more */
        return error_state(&situation_codes, "changed", BARRED_IMPORT);
    struct json *input = json_make(tx->arena, JSON_OBJECT);
    json_set(tx->arena, input, "rows", json_make_int(tx->arena, plan->plan.rows));
    json_set(tx->arena, input, "ops", json_make_int(tx->arena, (int64_t)plan->plan.op_count));
    TRY(job_make(tx, actor, edition_import_job.kind, input, (int64_t)plan->plan.op_count, ret_job_id));
    TRY(keep_parts(tx, *ret_job_id, &plan->plan));
    return region_plan_trace(tx, actor, &plan->plan);
}

static struct error *
work_part(struct tx *tx, const struct job_chunk *chunk, int64_t position, size_t *ret_count)
{
    const char *text = NULL;
    struct json *kept = NULL;
    *ret_count = 0;
    TRY(edition_store_part(tx, chunk->job_id, position, &text));
    if (text == NULL)
        return NULL;
    TRY(json_parse(tx->arena, text, strlen(text), &kept));
    struct region_op *ops = ARENA_ARRAY(tx->arena, struct region_op, kept->count);
    for (size_t i = 0; i < kept->count; i++) {
        ops[i] = read_op(kept->items[i]);
        if (ops[i].code == NULL)
            return error_internal("region import: a part cannot be read");
    }
    *ret_count = kept->count;
    return region_ops_apply(tx, ops, kept->count);
}

/* First the parts, then the areas of users: until then nobody sees what is new below him, and no more than before. */
static struct error *
import_step(struct tx *tx, const struct actor *actor, struct job_chunk *chunk)
{
    (void)actor;
    const char *after_text = json_get_text(chunk->cursor, "after");
    struct id after = {{0}};
    int64_t position = json_get_int(chunk->cursor, "part", 0);
    size_t count = 0;
    if (after_text == NULL)
        TRY(work_part(tx, chunk, position, &count));
    chunk->done += (int64_t)count;
    if (after_text && !id_parse(after_text, &after))
        return error_internal("region import: bad cursor");
    chunk->cursor = json_make(tx->arena, JSON_OBJECT);
    if (count > 0) {
        json_set(tx->arena, chunk->cursor, "part", json_make_int(tx->arena, position + 1));
        return NULL;
    }
    if (json_get_int(chunk->input, "ops", 0) > 0)
        TRY(region_scope_rewrite_next(tx, after, USERS_IN_CHUNK, &after));
    if (!id_is_zero(after)) {
        char last[ID_TEXT_SIZE];
        id_print(after, last);
        json_set(tx->arena, chunk->cursor, "after", json_make_text(tx->arena, last));
        return NULL;
    }
    chunk->cursor = NULL;
    json_set(tx->arena, chunk->result, "rows", json_make_int(tx->arena, json_get_int(chunk->input, "rows", 0)));
    return edition_store_parts_delete(tx, chunk->job_id);
}

static struct error *
import_broken(struct tx *tx, const struct actor *actor, struct id job_id, const struct json *input, const char *why)
{
    (void)actor, (void)input, (void)why;
    TRY(region_scope_rewrite(tx, (struct id){{0}}));
    return edition_store_parts_delete(tx, job_id);
}

const struct job_kind edition_import_job = {.kind = "region.import", .may = edition_may, .step = import_step, .broken = import_broken};

/* --- the console ---------------------------------------------------------------------------------------------------------------------- */

struct console_import {
    struct edition_import_plan plan;
    struct id job_id;
    struct job_row job;
};

static struct error *
console_start(struct tx *tx, void *context)
{
    struct console_import *import = context;
    struct actor actor = user_console_actor();
    return edition_import_start(tx, &actor, &import->plan, &import->job_id);
}

static struct error *
console_look(struct tx *tx, void *context)
{
    struct console_import *import = context;
    bool found = false;
    return job_store_load(tx, import->job_id, &import->job, &found);
}

static struct error *
console_plan(struct registry *registry, struct keyring *keyring, struct arena *arena, const char *csv, size_t length, struct edition_import_plan *ret_plan)
{
    struct db *db = NULL;
    TRY(db_open(registry->path, DB_READER, &(struct db_options){0}, &db));
    struct error *error = db_begin(db, false);
    if (!error) {
        struct tx tx = {.db = db, .arena = arena, .now_ms = time_now_ms(), .keyring = keyring, .registry = registry};
        error = edition_import_plan(&tx, csv, length, ret_plan);
        db_rollback(db);
    }
    db_close(db);
    return error;
}

struct first_import {
    const char *csv;
    size_t length;
    int64_t rows;
    bool done;
};

/* Of a tree that is still empty nobody waits for anything: it is written at once. */
static struct error *
import_first(struct tx *tx, void *context)
{
    struct first_import *first = context;
    struct actor actor = user_console_actor();
    bool has_tree = false;
    TRY(edition_check_alone(tx));
    TRY(edition_store_has_tree(tx, &has_tree));
    first->done = !has_tree;
    return has_tree ? NULL : region_import(tx, &actor, first->csv, first->length, &first->rows);
}

struct error *
edition_import_run(struct lane *lane, struct registry *registry, struct keyring *keyring, struct arena *arena, const char *csv, size_t length,
                   int64_t *ret_rows)
{
    struct console_import import = {0};
    struct first_import first = {.csv = csv, .length = length};
    TRY(lane_run(lane, import_first, &first, arena));
    if (first.done) {
        *ret_rows = first.rows;
        return NULL;
    }
    TRY(console_plan(registry, keyring, arena, csv, length, &import.plan));
    TRY(lane_run(lane, console_start, &import, arena));
    TRY(job_run_all(lane)); /* beside a serving process's own runner: whose chunk comes first does not matter */
    TRY(lane_run(lane, console_look, &import, arena));
    if (strcmp(import.job.state, "done") != 0)
        return error_state(&situation_codes, "stopped", BARRED_IMPORT);
    *ret_rows = import.plan.plan.rows;
    return NULL;
}
