/* money_fixture.h: a house registry with managers, approvers, a program, registered families, and batches brought to any state. */
#ifndef TESTS_MONEY_FIXTURE_H
#define TESTS_MONEY_FIXTURE_H

#include "household_fixture.h"

#include "disbursement/disbursement_fields.h"
#include "disbursement/disbursement_private.h"
#include "enrollment/enrollment_fields.h"
#include "lumbung/base/text.h"
#include "lumbung/disbursement.h"
#include "lumbung/job.h"
#include "lumbung/ledger.h"
#include "payment/batch.h"
#include "routes.h"

struct money {
    struct house *house;
    struct actor maya, mira, hendra, tuti; /* two managers, two approvers */
    struct id program_id, cycle_id, batch_id, item_id, row_id, household_id;
    const char *program, *reason, *json;   /* what the next step takes */
    const struct actor *actor;
    int count;
    int64_t number;
    const char *text;
};

#define CASH "[{'code':'cash','kind':'cash','amount_minor':amount(100000)}]"
#define PROGRAM(name, unit, rule, entitlement, budget, more) \
    "{\"name\":\"" name "\",\"category\":\"direct_aid\",\"owner\":\"Dinas Sosial\",\"currency\":\"IDR\",\"unit\":\"" unit "\",\"rule\":\"" rule \
    "\",\"entitlement\":\"" entitlement "\",\"budget_minor\":" budget more ",\"starts_on\":\"2020-01-01\"}"
#define REASON "keperluan uji"

static inline struct error *
money_user(struct tx *tx, struct money *money, const char *name, enum role role, struct actor *ret_actor)
{
    struct id id;
    struct user_new user = {.username = name, .display_name = name, .roles = &role, .role_count = 1};
    TRY(user_add(tx, &money->house->console, &user, "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA", &id)); /* with a password he is active at once */
    return user_actor(tx, id, ret_actor);
}

static inline struct error *
money_users(struct tx *tx, void *context)
{
    struct money *money = context;
    TRY(money_user(tx, money, "maya", ROLE_MANAGER, &money->maya));
    TRY(money_user(tx, money, "mira", ROLE_MANAGER, &money->mira));
    TRY(money_user(tx, money, "hendra", ROLE_APPROVER, &money->hendra));
    return money_user(tx, money, "tuti", ROLE_APPROVER, &money->tuti);
}

FALLIBLE static inline struct error *
money_try(struct money *money, struct error *(*step)(struct tx *tx, void *context))
{
    return lane_run(money->house->trial->lane, step, money, money->house->trial->arena);
}
#define MUST(step) must(money_try(money, step))

static inline int
money_setup(void **state)
{
    int failed = house_setup(state);
    struct house *house = *state;
    struct money *money = ARENA_NEW(house->trial->arena, struct money);
    money->house = house;
    *state = money;
    MUST(money_users);
    return failed;
}

static inline int
money_teardown(void **state)
{
    struct money *money = *state;
    *state = money->house;
    return house_teardown(state);
}
#define MONEY_TEST(function) cmocka_unit_test_setup_teardown(function, money_setup, money_teardown)

FALLIBLE static inline struct error *
parse_text(struct tx *tx, const char *text, struct json **ret_json)
{
    return json_parse(tx->arena, text, strlen(text), ret_json);
}

static inline struct error *
step_program(struct tx *tx, void *context)
{
    struct money *money = context;
    struct json *json = NULL;
    TRY(parse_text(tx, money->program, &json));
    TRY(program_create_json(tx, &money->house->console, json, &money->program_id));
    TRY(program_activate(tx, &money->house->console, money->program_id));
    TRY(parse_text(tx, "{\"name\":\"Tahap 1\",\"starts_on\":\"2026-11-01\",\"ends_on\":\"2026-12-31\"}", &json));
    return cycle_create(tx, &money->house->console, money->program_id, json, &money->cycle_id);
}

/* Registers a family of a mother and what `others` names (NULL: nobody), in the first village. */
static inline struct id
money_family(struct money *money, int number, const char *others)
{
    struct arena *arena = money->house->trial->arena;
    static const char *const names[] = {"Siti", "Wahyu", "Endang", "Parjo", "Ngatini", "Kusno", "Lestari", "Bambang", "Yuli", "Darmi"};
    static const char *const last[] = {"Aminah", "Prasetyo", "Widodo", "Rahayu", "Santoso", "Utami", "Hidayat", "Kartika", "Mulyono", "Puspita"};
    const char *form = arena_format(arena,
                                    "{\"region\":\"33.08.03.2001\",\"hamlet\":\"Dusun %d\"," HOUSE_CONSENT ",\"members\":[{\"name\":\"%s %s %c%c\",\"nik\":\"330803%02d%02d%02d%04d\","
                                    "\"sex\":\"F\",\"birth_date\":\"19%02d-%02d-%02d\",\"relationship\":\"head\"}%s%s]}",
                                    number % 40, names[number % 10], last[number / 10 % 10], 'A' + number % 26, 'a' + number / 26 % 26, number % 28 + 41,
                                    number % 12 + 1, number % 60 + 30, number + 1, number % 60 + 30, number % 12 + 1, number % 28 + 1, others ? "," : "", others ? others : "");
    return house_register(money->house, &money->house->officer, form).id;
}

static inline struct error *
step_enroll(struct tx *tx, void *context)
{
    struct money *money = context;
    struct enrollment made;
    TRY(enrollment_make(tx, money->actor ? money->actor : &money->maya, money->program_id, (struct program_unit){.household_id = money->household_id}, &made));
    money->text = arena_copy(money->house->trial->arena, made.state, strlen(made.state));
    money->row_id = made.id;
    return NULL;
}

static inline void
money_enroll_families(struct money *money, int count)
{
    for (int i = 0; i < count; i++) {
        money->household_id = money_family(money, i, NULL);
        MUST(step_enroll);
        assert_string_equal(money->text, "enrolled");
    }
}

/* --- a batch's acts, by money->actor when set ------------------------------------------------------------------------------------------- */

#define ACTOR_OR(person) (money->actor ? money->actor : &money->person)
#define BATCH_STEP(name, call)                       \
    static inline struct error *                     \
    name(struct tx *tx, void *context)               \
    {                                                \
        struct money *money = context;               \
        return call;                                 \
    }
static inline struct error *
step_make(struct tx *tx, void *context)
{
    struct money *money = context;
    struct json *json = NULL;
    TRY(parse_text(tx, money->json ? money->json : "{}", &json));
    return batch_create(tx, ACTOR_OR(maya), money->cycle_id, json, &money->batch_id);
}
static inline struct error *
step_approve(struct tx *tx, void *context)
{
    struct money *money = context;
    const char *digest = NULL;
    TRY(batch_digest_hex(tx, money->batch_id, &digest));
    return batch_approve(tx, ACTOR_OR(hendra), money->batch_id, digest, NULL);
}
BATCH_STEP(step_lock, batch_lock(tx, ACTOR_OR(maya), money->batch_id))
BATCH_STEP(step_submit, batch_submit(tx, ACTOR_OR(maya), money->batch_id))
BATCH_STEP(step_recall, batch_recall(tx, ACTOR_OR(maya), money->batch_id, REASON))
BATCH_STEP(step_cancel, batch_cancel(tx, ACTOR_OR(maya), money->batch_id, REASON))
BATCH_STEP(step_reject, batch_reject(tx, ACTOR_OR(hendra), money->batch_id, REASON))
BATCH_STEP(step_withdraw, batch_withdraw_approval(tx, ACTOR_OR(hendra), money->batch_id))
BATCH_STEP(step_release, batch_release(tx, ACTOR_OR(tuti), money->batch_id))
BATCH_STEP(step_exclude, batch_exclude_item(tx, ACTOR_OR(maya), money->batch_id, money->item_id, REASON))
BATCH_STEP(step_release_held, batch_release_held(tx, ACTOR_OR(tuti), money->batch_id, money->item_id, REASON))
BATCH_STEP(step_cancel_held, batch_cancel_held(tx, ACTOR_OR(tuti), money->batch_id, money->item_id, REASON))
static inline struct error *
step_verify_ledger(struct tx *tx, void *context)
{
    (void)context;
    return ledger_verify(tx, NULL);
}

static inline int64_t
money_sql(struct money *money, const char *sql)
{
    return fixture_number(money->house->trial->fixture, sql);
}

static inline void
money_execute(struct money *money, const char *sql)
{
    fixture_execute(money->house->trial->fixture, sql);
}

/* After rows that were put in or changed by SQL: what the slices keep beside them. */
static inline void
money_recount(struct money *money)
{
    money_execute(money, "DELETE FROM enrollment_sum");
    money_execute(money, "INSERT INTO enrollment_sum SELECT e.program_id, h.region_id, e.state, count(*) FROM enrollment e JOIN household h ON h.id = e.household_id "
                         "GROUP BY e.program_id, h.region_id, e.state");
}

static inline struct id
money_sql_id(struct money *money, const char *sql)
{
    struct db *db;
    bool row = false;
    struct statement statement = {"money_sql_id", sql, false};
    must(db_open(money->house->trial->fixture->path, DB_MIGRATOR, NULL, &db));
    struct cursor *cursor = cursor_start(db, &statement);
    must(cursor_next(cursor, &row));
    assert_true(row);
    struct id id = cursor_id(cursor, 0);
    cursor_end(cursor);
    db_close(db);
    return id;
}

/* x'...' for SQL. */
static inline const char *
money_hex(struct money *money, struct id id)
{
    char hex[33];
    hex_print(id.bytes, sizeof id.bytes, hex);
    return arena_format(money->house->trial->arena, "x'%s'", hex);
}

/* A write as the pipeline would make it, without the gate: "POST /api/v1/members/{id}/death". A refusal that stands is given back as the error. */
struct money_call { const struct actor *actor; const char *route, *body; struct id id; struct reply reply; };

static inline const struct route *
money_route(const char *name)
{
    static const char *const methods[] = {"", "GET", "POST", "PATCH", "DELETE"};
    for (size_t i = 0; route_tables[i]; i++)
        for (const struct route *route = route_tables[i]; route->path; route++) {
            size_t length = strlen(methods[route->method]);
            if (strncmp(name, methods[route->method], length) == 0 && strcmp(name + length + 1, route->path) == 0)
                return route;
        }
    fail_msg("no route %s", name);
    return NULL;
}

static inline struct error *
step_call(struct tx *tx, void *context)
{
    struct money_call *money_call = context;
    const struct route *route = money_route(money_call->route);
    struct json *json = NULL;
    void *in = NULL;
    TRY(json_parse(tx->arena, money_call->body, strlen(money_call->body), &json));
    if (route->in)
        TRY(field_parse(tx->arena, route->in, json, "", route->method == METHOD_PATCH ? FIELD_PATCH : FIELD_CREATE, INT32_MAX, &in));
    struct call call = {.actor = money_call->actor, .route = route, .ids = {money_call->id}, .in = in, .json = json, .if_match = -1, .limit = 50};
    money_call->reply = (struct reply){.status = 200, .version = -1};
    buffer_init(&money_call->reply.body, tx->arena);
    return route->step(tx, &call, &money_call->reply);
}

FALLIBLE static inline struct error *
money_call(struct money *money, const struct actor *actor, const char *route, struct id id, const char *body)
{
    struct money_call context = {.actor = actor, .route = route, .id = id, .body = body};
    struct error *error = lane_run(money->house->trial->lane, step_call, &context, money->house->trial->arena);
    if (error)
        error_free(context.reply.refusal);
    return error ? error : context.reply.refusal;
}

static inline struct error *
step_load(struct tx *tx, void *context)
{
    struct money *money = context;
    static const struct actor system = {.kind = ACTOR_SYSTEM, .name = "system", .all_regions = true, .all_programs = true};
    struct batch batch;
    struct batch_item items[1];
    size_t count = 0;
    TRY(batch_load(tx, &system, money->batch_id, &batch));
    TRY(batch_store_items(tx, batch.id, batch.version, (struct id){{0}}, 1, items, &count));
    if (count)
        money->item_id = items[0].id;
    money->text = arena_copy(money->house->trial->arena, batch.state, strlen(batch.state));
    money->number = batch.version;
    return NULL;
}

static inline const char *
money_state(struct money *money)
{
    MUST(step_load);
    return money->text;
}

/* From nothing to released, each duty by its person. */
static inline void
money_release(struct money *money)
{
    MUST(step_make);
    MUST(step_lock);
    MUST(step_submit);
    MUST(step_approve);
    MUST(step_release);
}

static inline struct error *
step_first_row(struct tx *tx, void *context)
{
    struct money *money = context;
    static const struct actor system = {.kind = ACTOR_SYSTEM, .name = "system", .all_regions = true, .all_programs = true};
    struct disbursement rows[1];
    struct disbursement_filter filter = {.batch_id = money->batch_id, .limit = 1};
    size_t count = 0;
    TRY(disbursement_store_list(tx, &system, &filter, rows, &count));
    assert_int_equal(count, 1);
    money->row_id = rows[0].id;
    money->text = arena_copy(money->house->trial->arena, rows[0].state, strlen(rows[0].state));
    money->household_id = rows[0].household_id;
    return NULL;
}

static inline struct error *
step_receive(struct tx *tx, void *context)
{
    struct money *money = context;
    struct json *json = NULL;
    TRY(parse_text(tx, money->json, &json));
    return disbursement_receive_json(tx, money->actor ? money->actor : &money->house->officer, money->row_id, json);
}

#endif
