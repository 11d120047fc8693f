/* test_batch_payee.c: the payee, or whose account it is, dies, leaves or moves: before a batch is made, before release, and before hand-out. Nothing
 * is paid to who is gone, the household keeps its claim, and who else goes holds nothing. */
#include "money_fixture.h"

#define SON "\"member_id\":\"0190163d-8694-739b-aea5-966c26f8#\""
#define SON_ID "\"id\":\"0190163d-8694-739b-aea5-966c26f8%04zu\","
#define ACCOUNT(holder) "\"account\":{\"provider\":\"BRI\",\"number\":\"1234567890\",\"holder\":\"" holder "\"}"
#define DEATH "POST /api/v1/members/{id}/death", "{\"on\":\"2026-05-20\"}"
#define LEAVING "POST /api/v1/members/{id}/leave", "{\"reason\":\"moved\",\"on\":\"2026-05-20\"}"
#define MOVE "POST /api/v1/members/{id}/move", "{\"to_household_id\":\"$\",\"on\":\"2026-05-20\"}"

enum who { HEAD, THE_SON };
static const struct gone { const char *name, *payee; enum who who; const char *route, *body, *reason; } gone[] = {
    {"named payee dies", "{" SON "}", THE_SON, DEATH, "payee_died"},
    {"named payee leaves", "{" SON "}", THE_SON, LEAVING, "payee_left"},
    {"named payee moves", "{" SON "}", THE_SON, MOVE, "payee_left"},
    {"named payee with an account dies", "{" SON "," ACCOUNT("Budi Utomo") "}", THE_SON, DEATH, "payee_died"},
    {"head with an account dies", "{" ACCOUNT("Siti") "}", HEAD, DEATH, "payee_died"},
    {"head with an account leaves", "{" ACCOUNT("Siti") "}", HEAD, LEAVING, "payee_left"},
    {"head with an account moves", "{" ACCOUNT("Siti") "}", HEAD, MOVE, "payee_left"},
    {"account holder dies", "{" ACCOUNT("BUDI  UTOMO") "}", THE_SON, DEATH, "payee_died"},
    {"account holder leaves", "{" ACCOUNT("Budi Oetomo") "}", THE_SON, LEAVING, "payee_left"},
    {"account holder moves", "{" ACCOUNT("Budi Utomo") "}", THE_SON, MOVE, "payee_left"},
    {"another dies", "{" ACCOUNT("Siti Aminah") "}", THE_SON, DEATH, NULL},
    {"another dies, an account outside", "{" ACCOUNT("Koperasi Desa") "}", THE_SON, DEATH, NULL},
    {"another leaves, no account", "{\"alternates\":[{\"name\":\"Tono\",\"relationship\":\"sibling\"}]}", THE_SON, LEAVING, NULL},
    {"another moves, a guardian receives", "{\"guardian\":{\"name\":\"Bu Rini\",\"relationship\":\"guardian\"}}", THE_SON, MOVE, NULL},
};

static void
family_enrolled(struct money *money, const struct gone *row, size_t number)
{
    struct arena *arena = money->house->trial->arena;
    const char *at = strchr(row->payee, '#');
    const char *payee = at ? arena_format(arena, "%.*s%04zu%s", (int)(at - row->payee), row->payee, number, at + 1) : row->payee;
    money->household_id = house_register(money->house, &money->house->officer, arena_format(arena,
        "{\"region\":\"33.08.03.2001\",\"payee\":%s," HOUSE_CONSENT ",\"members\":["
        "{\"name\":\"Siti Aminah\",\"id_reason\":\"x\",\"sex\":\"F\",\"birth_date\":\"1950-05-12\",\"relationship\":\"head\"},"
        "{" SON_ID "\"name\":\"Budi Utomo\",\"id_reason\":\"x\",\"sex\":\"M\",\"birth_date\":\"1990-03-01\",\"relationship\":\"child\"},"
        "{\"name\":\"Yuli\",\"id_reason\":\"x\",\"sex\":\"F\",\"birth_date\":\"1992-03-01\",\"relationship\":\"other_family\"}]}", payee, number)).id;
    money->program = arena_format(arena, PROGRAM("Bantuan %zu", "household", "true", CASH, "100000000000", ""), number);
    money->json = NULL;
    money->actor = NULL;
    MUST(step_program);
    MUST(step_enroll);
}

static void
happens(struct money *money, const struct gone *row, const char *elsewhere)
{
    struct arena *arena = money->house->trial->arena;
    const char *order = row->who == HEAD ? "0" : "1";
    struct id member = money_sql_id(money, arena_format(arena, "SELECT id FROM member WHERE household_id = %s AND position = %s", money_hex(money, money->household_id), order));
    const char *at = strchr(row->body, '$');
    const char *body = at ? arena_format(arena, "%.*s%s%s", (int)(at - row->body), row->body, elsewhere, at + 1) : row->body;
    must(money_call(money, &money->house->officer, row->route, member, body));
}

static int64_t
count_of(struct money *money, const char *table, const char *more)
{
    return money_sql(money, arena_format(money->house->trial->arena, "SELECT count(*) FROM %s WHERE batch_id = %s%s", table, money_hex(money, money->batch_id), more));
}

static const char *
other_household(struct money *money)
{
    char *text = arena_alloc(money->house->trial->arena, ID_TEXT_SIZE);
    id_print(money_family(money, 1, NULL), text);
    return text;
}

/* Dropped with its reason; once another payee is named the next batch of the same cycle pays. */
static void
gone_before_the_batch(void **state)
{
    struct money *money = *state;
    struct arena *arena = money->house->trial->arena;
    const char *elsewhere = other_household(money);
    for (size_t i = 0; i < COUNT(gone); i++) {
        family_enrolled(money, &gone[i], i);
        happens(money, &gone[i], elsewhere);
        MUST(step_make);
        CHECK_ROW(count_of(money, "batch_item", "") == (gone[i].reason == NULL), gone[i].name);
        if (!gone[i].reason)
            continue;
        CHECK_ROW(count_of(money, "batch_dropped", arena_format(arena, " AND reason = '%s'", gone[i].reason)) == 1, gone[i].name);
        must_refuse(money_try(money, step_lock), ERROR_STATE, "empty");
        struct id yuli = money_sql_id(money, arena_format(arena, "SELECT id FROM member WHERE household_id = %s AND position = 2", money_hex(money, money->household_id)));
        char text[ID_TEXT_SIZE];
        id_print(yuli, text);
        must(money_call(money, &money->house->officer, "PATCH /api/v1/households/{id}", money->household_id,
                        arena_format(arena, "{\"payee\":{\"member_id\":\"%s\",\"account\":null}}", text)));
        money_release(money);
        CHECK_ROW(count_of(money, "disbursement", arena_format(arena, " AND payee_member_id = %s AND state = 'pending'", money_hex(money, yuli))) == 1, gone[i].name);
    }
}

static void
gone_before_release(void **state)
{
    struct money *money = *state;
    const char *elsewhere = other_household(money);
    for (size_t i = 0; i < COUNT(gone); i++) {
        family_enrolled(money, &gone[i], i);
        MUST(step_make);
        MUST(step_lock);
        MUST(step_submit);
        MUST(step_approve);
        happens(money, &gone[i], elsewhere);
        MUST(step_release);
        CHECK_ROW(count_of(money, "disbursement", "") == (gone[i].reason == NULL), gone[i].name);
        if (gone[i].reason)
            CHECK_ROW(count_of(money, "batch_item", arena_format(money->house->trial->arena, " AND state = 'held' AND reason = '%s'", gone[i].reason)) == 1, gone[i].name);
    }
}

/* The line of an event is held at once, without waiting for somebody who comes to collect. */
static void
gone_before_hand_out(void **state)
{
    struct money *money = *state;
    const char *elsewhere = other_household(money);
    money->json = NULL;
    for (size_t i = 0; i < COUNT(gone); i++) {
        family_enrolled(money, &gone[i], i);
        money_release(money);
        happens(money, &gone[i], elsewhere);
        MUST(step_first_row);
        CHECK_TEXT(money->text, gone[i].reason ? "held" : "pending", gone[i].name);
        if (gone[i].reason)
            CHECK_ROW(count_of(money, "disbursement", arena_format(money->house->trial->arena, " AND held_reason = '%s'", gone[i].reason)) == 1, gone[i].name);
        struct error *error = money_call(money, &money->house->officer, "POST /api/v1/disbursements/{id}/receipt", money->row_id,
                                         "{\"received_by\":\"collector\",\"collector_name\":\"Yuli\",\"collector_relation\":\"anak\",\"method\":\"cash\",\"at\":\"2026-05-01T00:00:00Z\"}");
        CHECK_ROW((error != NULL) == (gone[i].reason != NULL), gone[i].name);
        error_free(error);
    }
}

struct look { struct id id; struct household_view *view; };

static struct error *
look_apply(struct tx *tx, void *context)
{
    struct look *look = context;
    static const struct actor system = {.kind = ACTOR_SYSTEM, .name = "system", .all_regions = true, .all_programs = true};
    return household_view(tx, &system, look->id, look->view);
}

/* Nobody is named and the head has died: the eldest who is left receives, not whoever was written down first. */
static void
the_eldest_receives(void **state)
{
    struct money *money = *state;
    struct arena *arena = money->house->trial->arena;
#define PERSON(name, born, relationship) "{\"name\":\"" name "\",\"id_reason\":\"x\",\"sex\":\"F\",\"birth_date\":\"" born "\",\"relationship\":\"" relationship "\"}"
    static const struct { const char *name, *others, *receives; } rows[] = {
        {"a small child first", PERSON("Ani", "2022-03-01", "grandchild") "," PERSON("Budi", "1988-03-01", "child") "," PERSON("Citra", "1990-03-01", "child"), "Budi"},
        {"an adult last", PERSON("Ani", "2022-03-01", "grandchild") "," PERSON("Dewi", "2009-03-01", "grandchild") "," PERSON("Eko", "2006-03-01", "child"), "Eko"},
        {"children alone", PERSON("Ani", "2022-03-01", "grandchild") "," PERSON("Dewi", "2012-03-01", "grandchild"), "Dewi"},
        {"twins", PERSON("Fitri", "1999-03-01", "child") "," PERSON("Gita", "1999-03-01", "child"), "Fitri"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct household_view view;
        struct id id = house_register(money->house, &money->house->officer, arena_format(arena, "{\"region\":\"33.08.03.2001\"," HOUSE_CONSENT ",\"members\":["
            PERSON("Siti Aminah", "1950-05-12", "head") ",%s]}", rows[i].others)).id;
        struct id head = money_sql_id(money, arena_format(arena, "SELECT head_id FROM household WHERE id = %s", money_hex(money, id)));
        must(money_call(money, &money->house->officer, "POST /api/v1/members/{id}/death", head, "{\"on\":\"2026-05-20\"}"));
        struct look look = {id, &view};
        must(lane_run(money->house->trial->lane, look_apply, &look, arena));
        CHECK_TEXT(view.payee_name, rows[i].receives, rows[i].name);
        CHECK_ROW(view.payee_gone == NULL && !id_is_zero(view.payee_member_id), rows[i].name);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {MONEY_TEST(gone_before_the_batch), MONEY_TEST(gone_before_release), MONEY_TEST(gone_before_hand_out),
                                       MONEY_TEST(the_eldest_receives)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
