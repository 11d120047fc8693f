/* quality_http.c: figures by region and officer, their households, and the calls of corrections. */
#include <string.h>

#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/household.h"
#include "lumbung/region.h"
#include "lumbung/user.h"
#include "quality/quality.h"
#include "quality/quality_count.h"

#define TASK_HOUSEHOLDS_MAX 200

struct quality_query {
    struct presence presence;
    const char *region, *check;
    struct id officer;
};
static const struct field quality_query_fields[] = {
    {"region", offsetof(struct quality_query, region), FIELD_TEXT, 0, 1, 40, NULL, NULL, "the area; without it, what the caller may see"},
    {"check", offsetof(struct quality_query, check), FIELD_TEXT, 0, 1, 40, NULL, NULL, "a word of quality_check or quality_dimension"},
    {"officer", offsetof(struct quality_query, officer), FIELD_ID, 0, 0, 0, NULL, NULL, "who registered the household"},
};
static FIELD_TABLE(quality_query_table, "QualityQuery", struct quality_query, quality_query_fields);

struct task_in {
    struct presence presence;
    struct array household_ids;
    const char *check, *user;
    int32_t due_on;
};
static const struct field task_in_fields[] = {
    {"household_ids", offsetof(struct task_in, household_ids), FIELD_IDS, FIELD_REQUIRED, 1, TASK_HOUSEHOLDS_MAX, NULL, NULL, NULL},
    {"check", offsetof(struct task_in, check), FIELD_TEXT, FIELD_REQUIRED, 1, 40, NULL, NULL, "a word of quality_check"},
    {"user", offsetof(struct task_in, user), FIELD_TEXT, FIELD_REQUIRED, 1, 60, NULL, NULL, "sign-in name of who is to correct it"},
    {"due_on", offsetof(struct task_in, due_on), FIELD_DATE, 0, 0, 0, NULL, NULL, NULL},
};
static FIELD_TABLE(task_in_table, "QualityTaskNew", struct task_in, task_in_fields);

static const struct code close_words[] = {{"done", "selesai", "done"}, {"dropped", "tidak perlu", "not needed"}};
static const struct code task_state_words[] = {{"open", "terbuka", "open"}, {"done", "selesai", "done"}, {"dropped", "tidak dikerjakan", "dropped"}};
const struct code_list quality_task_state_codes = CODE_LIST("quality_task_state", 1, task_state_words);
static const struct code_list close_codes = CODE_LIST("quality_task_end", 1, close_words);
struct close_in {
    struct presence presence;
    const char *state;
};
static const struct field close_in_fields[] = {
    {"state", offsetof(struct close_in, state), FIELD_CODE, FIELD_REQUIRED, 0, 0, &close_codes, NULL, NULL},
};
static FIELD_TABLE(close_in_table, "QualityTaskEnd", struct close_in, close_in_fields);

/* --- areas ---------------------------------------------------------------------------------------------------------------------------- */

struct area { size_t place, run; };

/* One area asked for, or those that bound the caller; none when it is unknown. The index's lock is held when it succeeds. */
static struct error *
areas_lock(struct tx *tx, const struct call *call, struct need_index **ret_index, struct area **ret_areas, size_t *ret_count)
{
    const struct quality_query *query = call->query;
    struct id *ids = NULL;
    size_t count = 0;
    struct region region;
    bool whole = query->region == NULL && call->actor->all_regions;
    if (query->region) {
        struct error *error = region_by_code(tx, call->actor, query->region, &region);
        if (error && error->code != ERROR_NOT_FOUND)
            return error;
        ids = &region.id;
        count = error ? 0 : 1;
        error_free(error);
    } else if (!whole) {
        TRY(need_store_roots(tx, call->actor->user_id, &ids, &count));
    }
    TRY(need_index_lock(tx, ret_index));
    const struct need_index *index = *ret_index;
    *ret_areas = ARENA_ARRAY(tx->arena, struct area, index->place_count + 1);
    *ret_count = 0;
    for (size_t at = 0; whole && at < index->place_count; at += index->places[at].run)
        (*ret_areas)[(*ret_count)++] = (struct area){at, index->places[at].run};
    for (size_t i = 0; i < count; i++) {
        size_t place = need_index_place(index, ids[i]);
        if (place != SIZE_MAX)
            (*ret_areas)[(*ret_count)++] = (struct area){place, index->places[place].run};
    }
    return NULL;
}

/* The parts of a lone area, so that its figures can be followed down. */
static void
split_area(const struct need_index *index, struct area *areas, size_t *count)
{
    if (*count != 1 || areas[0].run == 1)
        return;
    size_t start = areas[0].place, end = start + areas[0].run;
    *count = 0;
    for (size_t at = start + 1; at < end; at += index->places[at].run)
        areas[(*count)++] = (struct area){at, index->places[at].run};
}

static void
print_counts(struct buffer *body, const struct quality_counts *counts)
{
    json_put_int(body, "households", counts->households);
    json_put_int(body, "faulty", counts->faulty);
    json_open(body, "dimensions", '{');
    for (size_t i = 0; i < QUALITY_DIMENSIONS; i++)
        json_put_int(body, quality_dimension_codes.codes[i].word, counts->dimensions[i]);
    json_close(body, '}');
}

static void
print_total(struct buffer *body, const struct quality_counts *total)
{
    json_open(body, "total", '{');
    print_counts(body, total);
    json_close(body, '}');
    json_open(body, "checks", '[');
    for (size_t i = 0; i < QUALITY_DIMENSIONS; i++)
        for (size_t check = 0; check < NEED_ISSUES; check++)
            if (quality_dimension_checks[i] >> check & 1) {
                json_open(body, NULL, '{');
                json_put_text(body, "check", quality_check_word(check));
                json_put_text(body, "dimension", quality_dimension_codes.codes[i].word);
                json_put_int(body, "households", total->checks[check]);
                json_close(body, '}');
            }
    json_close(body, ']');
}

static void
print_area(struct buffer *body, const struct need_place *place, const struct quality_counts *counts)
{
    json_open(body, NULL, '{');
    json_put_text(body, "code", place->code);
    json_put_text(body, "name", place->name);
    json_put_bool(body, "has_children", place->run > 1);
    print_counts(body, counts);
    json_close(body, '}');
}

static struct error *
print_officers(struct tx *tx, struct buffer *body, const struct quality_officer *officers, size_t count)
{
    json_open(body, "officers", '[');
    for (size_t i = 0; i < count; i++) {
        const char *name = NULL;
        if (officers[i].counts.households == 0)
            continue;
        if (!id_is_zero(officers[i].id))
            TRY(user_display_name(tx, officers[i].id, &name));
        json_open(body, NULL, '{');
        json_put_id(body, "id", officers[i].id);
        json_put_text(body, "name", name);
        print_counts(body, &officers[i].counts);
        json_close(body, '}');
    }
    json_close(body, ']');
    return NULL;
}

static void
add_counts(struct quality_counts *total, const struct quality_counts *more)
{
    int64_t *to = (int64_t *)(void *)total;
    const int64_t *from = (const int64_t *)(const void *)more;
    for (size_t i = 0; i < sizeof *total / sizeof *to; i++)
        to[i] += from[i];
}

static struct error *
quality_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct need_index *index = NULL;
    struct area *areas = NULL;
    size_t count = 0;
    int32_t today = date_of_instant(tx->now_ms, NEED_ZONE_MIN);
    struct quality_counts total = {0}, one;
    TRY(areas_lock(tx, call, &index, &areas, &count));
    size_t officer_count = need_index_officers(index);
    struct quality_officer *officers = ARENA_ARRAY(tx->arena, struct quality_officer, officer_count);
    memset(officers, 0, officer_count * sizeof *officers);
    json_open(&reply->body, NULL, '{');
    json_put_text(&reply->body, "region", count == 1 ? index->places[areas[0].place].code : NULL);
    for (size_t i = 0; i < count; i++) {
        quality_count(index, areas[i].place, areas[i].run, today, &one, officers);
        add_counts(&total, &one);
    }
    print_total(&reply->body, &total);
    split_area(index, areas, &count);
    json_open(&reply->body, "items", '[');
    for (size_t i = 0; i < count; i++) {
        quality_count(index, areas[i].place, areas[i].run, today, &one, NULL);
        print_area(&reply->body, &index->places[areas[i].place], &one);
    }
    json_close(&reply->body, ']');
    need_index_unlock(index);
    TRY(print_officers(tx, &reply->body, officers, officer_count));
    json_close(&reply->body, '}');
    return NULL;
}

/* --- households ----------------------------------------------------------------------------------------------------------------------- */

static struct error *
print_household(struct tx *tx, const struct call *call, struct reply *reply, struct id household_id)
{
    struct household_view view;
    TRY(household_view(tx, call->actor, household_id, &view));
    bool named = call->actor->masking != MASKING_PSEUDONYM;
    const char *place = NULL;
    TRY(region_path_text(tx, view.region_id, &place));
    json_put_id(&reply->body, "household_id", household_id);
    json_put_text(&reply->body, "head", named ? view.head_name : household_pseudonym(tx, call->actor, household_id));
    json_put_text(&reply->body, "place", place);
    json_put_text(&reply->body, "rt", view.rt);
    reply_saw(reply, tx->arena, household_id);
    return NULL;
}

/* What went elsewhere a moment ago is left out of a list. */
static struct error *
is_seen(struct tx *tx, const struct call *call, struct id household_id, bool *ret_seen)
{
    const char *state = NULL;
    struct error *error = household_state(tx, call->actor, household_id, &state);
    *ret_seen = error == NULL;
    if (error == NULL || error->code != ERROR_NOT_FOUND)
        return error;
    error_free(error);
    return NULL;
}

static struct error *
households_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct quality_query *query = call->query;
    struct need_index *index = NULL;
    struct area *areas = NULL;
    size_t count = 0;
    struct quality_list list = {.bits = quality_bits_of(query->check), .has_officer = !id_is_zero(query->officer), .officer_id = query->officer,
                                .rows = ARENA_ARRAY(tx->arena, struct quality_row, call->limit + 1), .limit = (size_t)call->limit + 1};
    if (call->after.length == sizeof list.after)
        memcpy(&list.after, call->after.data, sizeof list.after);
    TRY(areas_lock(tx, call, &index, &areas, &count));
    for (size_t i = 0; i < count; i++)
        quality_collect(index, areas[i].place, areas[i].run, date_of_instant(tx->now_ms, NEED_ZONE_MIN), &list);
    need_index_unlock(index);
    size_t shown = list.count > (size_t)call->limit ? (size_t)call->limit : list.count;
    reply_list_begin(reply);
    for (size_t i = 0; i < shown; i++) {
        bool seen = false;
        TRY(is_seen(tx, call, list.rows[i].household_id, &seen));
        if (!seen)
            continue;
        json_open(&reply->body, NULL, '{');
        TRY(print_household(tx, call, reply, list.rows[i].household_id));
        json_open(&reply->body, "checks", '[');
        for (size_t check = 0; check < NEED_ISSUES; check++)
            if (list.rows[i].issues >> check & 1)
                json_put_text(&reply->body, NULL, quality_check_word(check));
        json_close(&reply->body, ']');
        json_close(&reply->body, '}');
    }
    bool more = list.count > shown;
    reply_list_end(reply, tx->arena, more ? &list.rows[shown - 1].household_id : NULL, more ? sizeof(struct id) : 0);
    return NULL;
}

/* --- corrections ---------------------------------------------------------------------------------------------------------------------- */

static struct error *
hand_out_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct task_in *in = call->in;
    struct quality_order order = {.household_ids = in->household_ids.items, .household_count = in->household_ids.count, .check = in->check, .user = in->user,
                                  .has_due_on = field_present(&task_in_table, in, "due_on"), .due_on = in->due_on};
    int64_t made = 0;
    TRY(quality_hand_out(tx, call->actor, &order, &made));
    reply->status = 201;
    json_open(&reply->body, NULL, '{');
    json_put_int(&reply->body, "made", made);
    json_close(&reply->body, '}');
    return NULL;
}

static struct error *
print_task(struct tx *tx, const struct call *call, struct reply *reply, const struct quality_task *task)
{
    const char *by = NULL;
    if (!id_is_zero(task->made_by))
        TRY(user_display_name(tx, task->made_by, &by));
    json_open(&reply->body, NULL, '{');
    json_put_id(&reply->body, "id", task->id);
    json_put_text(&reply->body, "check", task->check);
    json_put_text(&reply->body, "by", by);
    json_put_instant(&reply->body, "made_at", task->made_at_ms);
    if (task->has_due_on)
        json_put_date(&reply->body, "due_on", task->due_on);
    else
        json_put_null(&reply->body, "due_on");
    struct error *error = print_household(tx, call, reply, task->household_id);
    json_close(&reply->body, '}');
    return error;
}

static struct error *
tasks_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct quality_task *tasks = ARENA_ARRAY(tx->arena, struct quality_task, call->limit + 1);
    struct id after = {{0}};
    size_t count = 0;
    if (call->after.length == sizeof after)
        memcpy(&after, call->after.data, sizeof after);
    TRY(quality_store_list(tx, call->actor->user_id, after, call->limit + 1, tasks, &count));
    size_t shown = count > (size_t)call->limit ? (size_t)call->limit : count;
    reply_list_begin(reply);
    for (size_t i = 0; i < shown; i++) {
        bool seen = false;
        TRY(is_seen(tx, call, tasks[i].household_id, &seen));
        if (seen)
            TRY(print_task(tx, call, reply, &tasks[i]));
    }
    reply_list_end(reply, tx->arena, count > shown ? &tasks[shown - 1].id : NULL, count > shown ? sizeof(struct id) : 0);
    return NULL;
}

static struct error *
close_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct close_in *in = call->in;
    TRY(quality_close(tx, call->actor, call->ids[0], in->state));
    json_open(&reply->body, NULL, '{');
    json_put_id(&reply->body, "id", call->ids[0]);
    json_put_text(&reply->body, "state", in->state);
    json_close(&reply->body, '}');
    return NULL;
}

const struct route quality_routes[] = {
    {.method = METHOD_GET, .path = "/api/v1/quality", .kind = ROUTE_READ_SLOW, .perm = PERM_HOUSEHOLD_READ, .scope = SCOPE_REGION, .query = &quality_query_table,
     .summary = "How good the data are, by check, area and officer", .step = quality_step},
    {.method = METHOD_GET, .path = "/api/v1/quality/households", .kind = ROUTE_READ_SLOW, .perm = PERM_HOUSEHOLD_READ, .scope = SCOPE_REGION, .list = true, .personal = true,
     .query = &quality_query_table, .summary = "The households behind a figure", .step = households_step},
    {.method = METHOD_GET, .path = "/api/v1/quality/tasks", .kind = ROUTE_READ_SLOW, .perm = PERM_HOUSEHOLD_WRITE, .scope = SCOPE_REGION, .list = true, .personal = true,
     .summary = "Corrections handed to the caller", .step = tasks_step},
    {.method = METHOD_POST, .path = "/api/v1/quality/tasks", .kind = ROUTE_WRITE, .perm = PERM_CHANGE_APPROVE, .scope = SCOPE_REGION, .key = KEY_OPTIONAL, .body = BODY_TABLE,
     .in = &task_in_table, .action = "quality.assign", .summary = "Hand out corrections", .step = hand_out_step},
    {.method = METHOD_POST, .path = "/api/v1/quality/tasks/{id}/close", .kind = ROUTE_WRITE, .perm = PERM_HOUSEHOLD_WRITE, .scope = SCOPE_REGION, .key = KEY_OPTIONAL,
     .body = BODY_TABLE, .in = &close_in_table, .action = "quality.close", .summary = "A correction is done or not needed", .step = close_step},
    {0},
};
