/* demo_money.c: programs, enrollments, and batches brought to every state, each step by who may do it. */
#include <stdatomic.h>
#include <string.h>

#include "demo/demo.h"
#include "disbursement/disbursement_store.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/disbursement.h"
#include "lumbung/job.h"
#include "lumbung/payment.h"
#include "lumbung/region.h"

/* Two programs reach both areas, the others begin in one. */
static const char *const demo_areas[DEMO_PROGRAMS] = {NULL, "15.01", NULL, "15.01", "15.01"};

static struct error *
demo_add_programs(struct tx *tx, void *context)
{
    struct demo *demo = context;
    struct actor maya;
    TRY(demo_actor(tx, demo, DEMO_MAYA, &maya));
    for (int i = 0; i < DEMO_PROGRAMS; i++) {
        struct json *program = NULL, *input = json_make(tx->arena, JSON_OBJECT);
        char id[ID_TEXT_SIZE];
        struct id job_id;
        TRY(demo_program(tx->arena, i, demo->households, demo->today, &program));
        TRY(program_create_json(tx, &maya, program, &demo->programs[i]));
        TRY(program_activate(tx, &maya, demo->programs[i]));
        id_print(demo->programs[i], id);
        json_set(tx->arena, input, "program_id", json_make_text(tx->arena, id));
        if (demo_areas[i]) {
            struct region region;
            TRY(region_by_code(tx, &maya, demo_areas[i], &region));
            id_print(region.id, id);
            json_set(tx->arena, input, "region_id", json_make_text(tx->arena, id));
        }
        TRY(job_make(tx, &maya, "enrollment.bulk", input, demo->households, &job_id));
    }
    return NULL;
}

enum demo_period { DEMO_MONTH, DEMO_QUARTER, DEMO_YEAR };

struct demo_batch {
    struct demo *demo;
    int program;
    const char *name;
    enum demo_period period;
    int offset; /* periods from today's */
    const char *region;
    const char *until; /* the state to bring it to */
    struct id cycle_id, batch_id;
};

/* The first day of the plan's period, and of the one behind it. */
static void
demo_period(const struct demo_batch *plan, int32_t *ret_first, int32_t *ret_behind)
{
    static const int months[] = {[DEMO_MONTH] = 1, [DEMO_QUARTER] = 3, [DEMO_YEAR] = 12};
    int year, month, day, length = months[plan->period];
    date_to_parts(plan->demo->today, &year, &month, &day);
    *ret_first = date_add_months(date_from_parts(year, (month - 1) / length * length + 1, 1), plan->offset * length);
    *ret_behind = date_add_months(*ret_first, length);
}

/* "Beras Oktober 2026", "Tahap 3 2026", "Rumah 2026". */
static const char *
demo_cycle_name(struct arena *arena, const struct demo_batch *plan, int32_t first)
{
    static const char *const month_names[] = {"Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"};
    int year, month, day;
    date_to_parts(first, &year, &month, &day);
    if (plan->period == DEMO_MONTH)
        return arena_format(arena, "%s %s %d", plan->name, month_names[month - 1], year);
    return plan->period == DEMO_QUARTER ? arena_format(arena, "%s %d %d", plan->name, (month - 1) / 3 + 1, year) : arena_format(arena, "%s %d", plan->name, year);
}

static void
demo_set_date(struct arena *arena, struct json *object, const char *name, int32_t date)
{
    char text[DATE_TEXT_SIZE];
    date_print(date, text);
    json_set(arena, object, name, json_make_text(arena, text));
}

static struct error *
demo_open_cycle(struct tx *tx, void *context)
{
    struct demo_batch *plan = context;
    struct actor maya;
    int32_t first, behind;
    struct json *cycle = json_make(tx->arena, JSON_OBJECT), *batch = json_make(tx->arena, JSON_OBJECT);
    TRY(demo_actor(tx, plan->demo, DEMO_MAYA, &maya));
    demo_period(plan, &first, &behind);
    json_set(tx->arena, cycle, "name", json_make_text(tx->arena, demo_cycle_name(tx->arena, plan, first)));
    demo_set_date(tx->arena, cycle, "starts_on", first);
    demo_set_date(tx->arena, cycle, "ends_on", behind - 1);
    TRY(cycle_create(tx, &maya, plan->demo->programs[plan->program], cycle, &plan->cycle_id));
    json_set(tx->arena, batch, "region", json_make_text(tx->arena, plan->region));
    return batch_create(tx, &maya, plan->cycle_id, batch, &plan->batch_id);
}

static struct error *
demo_lock(struct tx *tx, void *context)
{
    struct demo_batch *plan = context;
    struct actor maya;
    TRY(demo_actor(tx, plan->demo, DEMO_MAYA, &maya));
    return batch_lock(tx, &maya, plan->batch_id);
}

static struct error *
demo_submit(struct tx *tx, void *context)
{
    struct demo_batch *plan = context;
    struct actor maya;
    TRY(demo_actor(tx, plan->demo, DEMO_MAYA, &maya));
    return batch_submit(tx, &maya, plan->batch_id);
}

static struct error *
demo_approve(struct tx *tx, void *context)
{
    struct demo_batch *plan = context;
    struct actor hendra, tuti;
    const char *digest = NULL;
    TRY(demo_actor(tx, plan->demo, DEMO_HENDRA, &hendra));
    TRY(demo_actor(tx, plan->demo, DEMO_TUTI, &tuti));
    TRY(batch_digest_hex(tx, plan->batch_id, &digest));
    TRY(batch_approve(tx, &hendra, plan->batch_id, digest, NULL));
    struct error *error = batch_approve(tx, &tuti, plan->batch_id, digest, "Diperiksa sepuluh baris");
    if (error && error->code == ERROR_STATE) { /* one approval was enough */
        error_free(error);
        return NULL;
    }
    return error;
}

static struct error *
demo_release(struct tx *tx, void *context)
{
    struct demo_batch *plan = context;
    struct actor hendra;
    TRY(demo_actor(tx, plan->demo, DEMO_HENDRA, &hendra));
    return batch_release(tx, &hendra, plan->batch_id);
}

static struct error *
demo_reject(struct tx *tx, void *context)
{
    struct demo_batch *plan = context;
    struct actor tuti;
    TRY(demo_actor(tx, plan->demo, DEMO_TUTI, &tuti));
    return batch_reject(tx, &tuti, plan->batch_id, "Dua keluarga di Dusun Hilir perlu dicek lagi sebelum dibayar.");
}

static struct error *
demo_cancel(struct tx *tx, void *context)
{
    struct demo_batch *plan = context;
    struct actor maya;
    TRY(demo_actor(tx, plan->demo, DEMO_MAYA, &maya));
    return batch_cancel(tx, &maya, plan->batch_id, "Salah memilih wilayah.");
}

static struct json *
demo_receipt(struct tx *tx, struct demo *demo, const struct disbursement *row)
{
    struct json *receipt = json_make(tx->arena, JSON_OBJECT);
    char at[INSTANT_TEXT_SIZE];
    instant_print(tx->now_ms - 1000 * demo_below(&demo->random, 3600), at);
    bool collector = demo_chance(&demo->random, 12);
    json_set(tx->arena, receipt, "received_by", json_make_text(tx->arena, collector ? "collector" : "payee"));
    if (collector) {
        json_set(tx->arena, receipt, "collector_name", json_make_text(tx->arena, "Anak penerima"));
        json_set(tx->arena, receipt, "collector_relation", json_make_text(tx->arena, "anak"));
    }
    json_set(tx->arena, receipt, "identified_by", json_make_text(tx->arena, "ktp"));
    json_set(tx->arena, receipt, "method", json_make_text(tx->arena, row->amount_minor ? "cash" : "goods"));
    json_set(tx->arena, receipt, "at", json_make_text(tx->arena, at));
    return receipt;
}

/* Most have come, some were absent, the rest still wait. */
static struct error *
demo_hand_out(struct tx *tx, void *context)
{
    struct demo_batch *plan = context;
    struct actor officer;
    TRY(demo_actor(tx, plan->demo, text_begins(plan->region, "15.71") ? DEMO_JOKO : DEMO_RINA, &officer));
    struct disbursement_filter filter = {.batch_id = plan->batch_id, .limit = 200};
    struct disbursement *rows = ARENA_ARRAY(tx->arena, struct disbursement, 200);
    size_t count = 0;
    TRY(disbursement_store_list(tx, &officer, &filter, rows, &count));
    for (size_t i = 0; i < count; i++) {
        if (demo_chance(&plan->demo->random, 65)) {
            TRY(disbursement_receive_json(tx, &officer, rows[i].id, demo_receipt(tx, plan->demo, &rows[i])));
        } else if (demo_chance(&plan->demo->random, 20)) {
            struct json *attempt = json_make(tx->arena, JSON_OBJECT);
            char at[INSTANT_TEXT_SIZE];
            instant_print(tx->now_ms, at);
            json_set(tx->arena, attempt, "outcome", json_make_text(tx->arena, "absent"));
            json_set(tx->arena, attempt, "at", json_make_text(tx->arena, at));
            TRY(disbursement_attempt_json(tx, &officer, rows[i].id, attempt));
        }
    }
    return NULL;
}

/* One batch to the state that the plan names: the steps in their order, each by who may do it. */
static struct error *
demo_bring(struct demo_batch *plan)
{
    static const struct { const char *state; struct error *(*apply)(struct tx *tx, void *context); } steps[] = {
        {"draft", demo_open_cycle}, {"locked", demo_lock}, {"in_approval", demo_submit}, {"approved", demo_approve}, {"released", demo_release},
        {"received", demo_hand_out},
    };
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        TRY(demo_do(plan->demo, steps[i].apply, plan));
        if (text_equal(steps[i].state, plan->until))
            return NULL;
        if (text_equal(steps[i].state, "draft") && text_equal(plan->until, "cancelled"))
            return demo_do(plan->demo, demo_cancel, plan);
        if (text_equal(steps[i].state, "in_approval") && text_equal(plan->until, "rejected"))
            return demo_do(plan->demo, demo_reject, plan);
    }
    return NULL;
}

struct error *
demo_add_money(struct demo *demo)
{
    struct demo_batch plans[] = {
        {demo, 0, "Tahap", DEMO_QUARTER, -1, "15.01", "received", {{0}}, {{0}}}, {demo, 0, "Tahap", DEMO_QUARTER, 0, "15.01", "in_approval", {{0}}, {{0}}},
        {demo, 0, "Tahap Kota", DEMO_QUARTER, -1, "15.71", "approved", {{0}}, {{0}}}, {demo, 1, "Beras", DEMO_MONTH, -1, "15.01", "received", {{0}}, {{0}}},
        {demo, 1, "Beras", DEMO_MONTH, 0, "15.01", "released", {{0}}, {{0}}}, {demo, 2, "Gelombang", DEMO_QUARTER, 0, "15.71.01.1001", "locked", {{0}}, {{0}}},
        {demo, 3, "Iuran", DEMO_MONTH, 0, "15.01.01.2001", "rejected", {{0}}, {{0}}}, {demo, 4, "Rumah", DEMO_YEAR, 0, "15.01", "draft", {{0}}, {{0}}},
        {demo, 2, "Gelombang", DEMO_QUARTER, -1, "15.01.01.2002", "cancelled", {{0}}, {{0}}},
    };
    TRY(demo_do(demo, demo_add_programs, demo));
    for (size_t i = 0; i < sizeof plans / sizeof plans[0]; i++) {
        struct error *error = demo_bring(&plans[i]);
        if (error && error->code == ERROR_STATE) { /* a very small demo may have nobody to pay */
            error_free(error);
            continue;
        }
        TRY(error);
    }
    return NULL;
}

struct error *
demo_do(struct demo *demo, struct error *(*apply)(struct tx *tx, void *context), void *context)
{
    struct arena *arena = arena_create();
    struct error *error = lane_run(demo->lane, apply, context, arena);
    if (error == NULL)
        error = job_run_all(demo->lane);
    arena_destroy(arena);
    return error;
}

#define REGISTERED_DAYS_AGO 5
static atomic_int days_back;

int64_t
demo_now_ms(void)
{
    return time_now_ms() - days_back * DAY_MS;
}

static struct error *
add_people_before(struct demo *demo)
{
    days_back = REGISTERED_DAYS_AGO;
    demo->today -= REGISTERED_DAYS_AGO;
    struct error *error = demo_add_people(demo);
    demo->today += REGISTERED_DAYS_AGO;
    days_back = 0;
    return error;
}

struct error *
demo_fill(struct demo *demo)
{
    TRY(add_people_before(demo));
    TRY(demo_add_scores(demo));
    TRY(demo_add_money(demo));
    return demo_add_cases(demo);
}
