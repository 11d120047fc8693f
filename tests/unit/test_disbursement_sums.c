/* test_disbursement_sums.c: the sums of every filter are those of the lines that the same filter lists, for who sees all and for who sees a district,
 * also after households moved into and out of it. */
#include "money_fixture.h"

#include "payment/batch_view_store.h"

#define FAMILIES 12

struct asked { const struct actor *actor; struct disbursement_filter filter; int64_t lines[2], minor[4]; };

/* Both ways, in the order lines, amount, received, open, given back: listed first. */
static struct error *
ask(struct tx *tx, void *context)
{
    struct asked *asked = context;
    struct disbursement *rows = ARENA_ARRAY(tx->arena, struct disbursement, 500);
    struct disbursement_sum *sums = ARENA_ARRAY(tx->arena, struct disbursement_sum, DISBURSEMENT_SUMS_MAX);
    size_t listed = 0, summed = 0;
    asked->filter.limit = 500;
    TRY(disbursement_store_list(tx, asked->actor, &asked->filter, rows, &listed));
    TRY(disbursement_store_sums(tx, asked->actor, &asked->filter, sums, DISBURSEMENT_SUMS_MAX, &summed));
    asked->lines[0] = (int64_t)listed;
    for (size_t i = 0; i < listed; i++) {
        const int64_t values[] = {rows[i].amount_minor, rows[i].received_minor, rows[i].open_minor, rows[i].given_back_minor};
        for (size_t j = 0; j < 4; j++)
            asked->minor[j] += values[j];
    }
    for (size_t i = 0; i < summed; i++) {
        const int64_t values[] = {sums[i].amount_minor, sums[i].received_minor, sums[i].open_minor, sums[i].given_back_minor};
        assert_true(sums[i].count > 0);
        asked->lines[1] += sums[i].count;
        for (size_t j = 0; j < 4; j++)
            asked->minor[j] -= values[j];
    }
    return NULL;
}

static int64_t
agrees(struct money *money, const struct actor *actor, struct disbursement_filter filter, const char *row)
{
    struct asked asked = {.actor = actor, .filter = filter};
    must(trial_read(money->house->trial, ask, &asked));
    CHECK_ROW(asked.lines[0] == asked.lines[1], row);
    for (size_t i = 0; i < 4; i++)
        CHECK_ROW(asked.minor[i] == 0, row);
    return asked.lines[1];
}

static struct id
region_id(struct money *money, const char *code)
{
    return money_sql_id(money, arena_format(money->house->trial->arena, "SELECT region_id FROM region_code WHERE code = '%s'", code));
}

static void
relocate(struct money *money, struct id household_id, const char *code)
{
    must(money_call(money, &money->house->console, "PATCH /api/v1/households/{id}", household_id,
                    arena_format(money->house->trial->arena, "{\"region\":\"%s\"}", code)));
}

/* Batches of two programs, some lines received, some in part, some held; then two families leave the officer's district and two come into it. */
static void
fill(struct money *money)
{
    static const char *const villages[] = {"33.08.03.2001", "33.08.03.2002", "33.08.04.2001"};
    static const char *const receipts[] = {"{\"received_by\":\"payee\",\"method\":\"cash\",\"at\":\"2026-05-01T00:00:00Z\"}",
                                           "{\"received_by\":\"payee\",\"method\":\"cash\",\"at\":\"2026-05-01T00:00:00Z\",\"amount_minor\":4000000}"};
    struct arena *arena = money->house->trial->arena;
    struct id families[FAMILIES];
    for (int i = 0; i < FAMILIES; i++) {
        families[i] = money_family(money, i, NULL);
        if (i % 3)
            relocate(money, families[i], villages[i % 3]);
    }
    for (int program = 0; program < 2; program++) {
        money->program = arena_format(arena, PROGRAM("Bantuan %d", "household", "true", CASH, "100000000000", ""), program);
        MUST(step_program);
        for (int i = program; i < FAMILIES; i++) {
            money->household_id = families[i];
            MUST(step_enroll);
        }
        money_release(money);
        for (int i = 0; i < 6; i++) {
            struct id line = money_sql_id(money, arena_format(arena, "SELECT id FROM disbursement WHERE batch_id = %s ORDER BY id LIMIT 1 OFFSET %d", money_hex(money, money->batch_id), i));
            must(money_call(money, &money->house->console, "POST /api/v1/disbursements/{id}/receipt", line, receipts[i % 2]));
        }
        trial_now += 3 * DAY_MS;
    }
    must(money_call(money, &money->house->console, "POST /api/v1/households/{id}/dissolve", families[11], "{\"reason\":\"" REASON "\"}"));
    relocate(money, families[0], "33.08.04.2001");
    relocate(money, families[3], "33.08.04.2001");
    relocate(money, families[2], "33.08.03.2001");
    relocate(money, families[5], "33.08.03.2002");
}

static void
sums_are_those_of_the_list(void **state)
{
    struct money *money = *state;
    fill(money);
    const struct actor *const actors[] = {&money->house->console, &money->maya, &money->house->officer};
    static const char *const states[] = {NULL, "pending", "paid", "partly_paid", "held", "failed"};
    static const char *const regions[] = {NULL, "33", "33.08.03", "33.08.03.2001", "33.08.04", "33.08.04.2001"};
    int64_t days[] = {date_of_instant(TEST_NOW_MS, 420), date_of_instant(TEST_NOW_MS, 420) + 3};
    int64_t seen[COUNT(actors)] = {0};
    size_t empty = 0, full = 0;
    for (size_t a = 0; a < COUNT(actors); a++)
        for (size_t s = 0; s < COUNT(states); s++)
            for (size_t r = 0; r < COUNT(regions); r++)
                for (int rest = 0; rest < 7; rest++) {
                    struct disbursement_filter filter = {.state = states[s], .program_id = rest == 1 ? money->program_id : (struct id){{0}},
                                                         .cycle_id = rest == 2 ? money->cycle_id : (struct id){{0}}, .batch_id = rest == 3 ? money->batch_id : (struct id){{0}},
                                                         .household_id = rest == 4 ? money->household_id : (struct id){{0}}, .has_from = rest == 5, .from = days[1],
                                                         .has_to = rest == 6, .to = days[0]};
                    if (regions[r])
                        filter.region_id = region_id(money, regions[r]);
                    const char *row = arena_format(money->house->trial->arena, "actor %zu state %s region %s rest %d", a, states[s] ? states[s] : "any", regions[r] ? regions[r] : "any", rest);
                    int64_t lines = agrees(money, actors[a], filter, row);
                    *(lines ? &full : &empty) += 1;
                    if (!states[s] && !regions[r] && rest == 0)
                        seen[a] = lines;
                }
    assert_int_equal(seen[0], 2 * FAMILIES - 1);
    assert_true(seen[2] > 0 && seen[2] < seen[0]);
    assert_true(empty > 100 && full > 100);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM disbursement_sum WHERE lines > 0 AND region_id <> present_region_id") > 0, 1);
}

struct places { const struct actor *actor; struct id batch_id; struct batch_place rows[2][BATCH_PLACES_MAX]; size_t count[2]; };

/* The places of a released batch by the kept sums, then counted from its lines, as before the release. */
static struct error *
both_places(struct tx *tx, void *context)
{
    struct places *places = context;
    struct batch batch;
    TRY(batch_load(tx, places->actor, places->batch_id, &batch));
    assert_true(batch.released_at_ms != 0);
    TRY(batch_view_places(tx, places->actor, &batch, (struct id){{0}}, places->rows[0], &places->count[0]));
    batch.released_at_ms = 0;
    return batch_view_places(tx, places->actor, &batch, (struct id){{0}}, places->rows[1], &places->count[1]);
}

static size_t
places_agree(struct money *money, const struct actor *actor, struct id batch_id)
{
    struct places *places = ARENA_NEW(money->house->trial->arena, struct places);
    places->actor = actor;
    places->batch_id = batch_id;
    must(trial_read(money->house->trial, both_places, places));
    assert_int_equal(places->count[0], places->count[1]);
    for (size_t i = 0; i < places->count[0]; i++) {
        const struct batch_place *kept = &places->rows[0][i], *counted = &places->rows[1][i];
        CHECK_ROW(text_equal(kept->region, counted->region) && kept->count == counted->count && kept->amount_minor == counted->amount_minor, counted->region);
    }
    return places->count[0];
}

/* Lines held at release, lifted and cancelled, and households that moved since: in the list and in the sums the same lines are at the same places. */
static void
places_are_those_of_the_lines(void **state)
{
    struct money *money = *state;
    fill(money);
    struct id batch_id = money->batch_id;
    size_t all = places_agree(money, &money->house->console, batch_id), own = places_agree(money, &money->house->officer, batch_id);
    assert_true(all == 3 && own == 2);
    struct id line = money_sql_id(money, arena_format(money->house->trial->arena, "SELECT id FROM disbursement WHERE batch_id = %s AND state = 'pending' ORDER BY id LIMIT 1", money_hex(money, batch_id)));
    must(money_call(money, &money->maya, "POST /api/v1/disbursements/{id}/cancel", line, "{\"reason\":\"" REASON "\"}"));
    assert_int_equal(places_agree(money, &money->maya, batch_id), 3);
    money->json = "{\"region\":\"33.08.03\"}";
    money->program = PROGRAM("Bantuan kecamatan", "household", "true", CASH, "100000000000", "");
    MUST(step_program);
    money->household_id = money_sql_id(money, arena_format(money->house->trial->arena, "SELECT id FROM household WHERE state = 'active' AND region_id = %s ORDER BY id LIMIT 1", money_hex(money, region_id(money, "33.08.03.2001"))));
    MUST(step_enroll);
    money_release(money);
    assert_int_equal(places_agree(money, &money->house->console, money->batch_id), 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {MONEY_TEST(sums_are_those_of_the_list), MONEY_TEST(places_are_those_of_the_lines)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
