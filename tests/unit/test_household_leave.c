/* test_household_leave.c: the last one out, and the payee or account holder who goes: an active household is never emptied by an act that has a
 * better one, and what is to be paid never stays with somebody who is gone. */
#include "household_request.h"

#include "household/household_check.h"
#include "lumbung/household.h"

#define UNCLE "{\"name\":\"Paman Karto\",\"id_reason\":\"x\",\"sex\":\"M\",\"birth_date\":\"1970-01-01\",\"relationship\":\"head\"}"

static const char *
text_of(struct house *house, struct id id)
{
    char *text = arena_alloc(house->trial->arena, ID_TEXT_SIZE);
    id_print(id, text);
    return text;
}

static struct request
get(struct house *house, struct id id)
{
    return run(house, (struct request){.method_and_path = GET(HOUSEHOLD), .id = id});
}

static bool
warns(const struct request *request, const char *pointer, const char *code)
{
    const struct json *warnings = json_get(request->json, "warnings");
    assert_non_null(warnings);
    for (size_t i = 0; i < warnings->count; i++)
        if (strcmp(json_get_text(warnings->items[i], "code"), code) == 0 && strcmp(json_get_text(warnings->items[i], "pointer"), pointer) == 0)
            return true;
    return false;
}

static void
last_one_cannot_leave(void **state)
{
    struct house *house = *state;
    struct arena *arena = house->trial->arena;
    struct id id = house_register(house, &house->officer, HOUSE_FORM("", HOUSE_HEAD)).id, other = house_register(house, &house->officer, HOUSE_FORM("", UNCLE)).id;
    struct request got = get(house, id);
    struct id lone = member_id(&got, 0);
    const char *move = arena_format(arena, "{\"to_household_id\":\"%s\",\"on\":\"2026-05-27\"}", text_of(house, other));
    const char *split = arena_format(arena, "{\"member_ids\":[\"%s\"],\"new_household\":{},\"on\":\"2026-05-27\"}", text_of(house, lone));
    static const char *const reasons[] = {"moved", "married_out", "entered_in_error"};
    for (size_t i = 0; i < COUNT(reasons); i++)
        refuse(house, (struct request){.method_and_path = POST("/members/{id}/leave"), .id = lone,
                                       .body = arena_format(arena, "{\"reason\":\"%s\",\"on\":\"2026-05-20\"}", reasons[i])}, ERROR_LAST_MEMBER, NULL);
    refuse(house, (struct request){.method_and_path = POST("/members/{id}/move"), .id = lone, .body = move}, ERROR_LAST_MEMBER, NULL);
    refuse(house, (struct request){.method_and_path = POST(HOUSEHOLD "/split"), .id = id, .body = split}, ERROR_LAST_MEMBER, NULL);
    got = get(house, id);
    assert_int_equal(json_get_int(got.json, "member_count", 0), 1);
    assert_int_equal(got.reply.version, 1);
    got = get(house, other);
    assert_int_equal(got.reply.version, 1);
    struct error *error = error_new(ERROR_LAST_MEMBER);
    struct buffer text;
    buffer_init(&text, arena);
    error_print(&text, error, LANGUAGE_EN);
    error_print(&text, error, LANGUAGE_ID);
    assert_non_null(strstr(buffer_text(&text), "Dissolve"));
    assert_non_null(strstr(buffer_text(&text), "Bubarkan"));
    error_free(error);
}

/* Who left or died before does not count as one who stays. */
static void
the_gone_are_not_counted(void **state)
{
    struct house *house = *state;
    struct id id = house_register(house, &house->officer, HOUSE_FORM("", HOUSE_HEAD "," HOUSE_CHILD)).id;
    struct request got = get(house, id);
    struct id mother = member_id(&got, 0), child = member_id(&got, 1);
    run(house, (struct request){.method_and_path = POST("/members/{id}/death"), .id = child, .body = "{\"on\":\"2026-05-25\"}"});
    refuse(house, (struct request){.method_and_path = POST("/members/{id}/leave"), .id = mother, .body = "{\"reason\":\"moved\",\"on\":\"2026-05-26\"}"}, ERROR_LAST_MEMBER, NULL);
}

static void
remedies_work(void **state)
{
    struct house *house = *state;
    struct id id = house_register(house, &house->officer, HOUSE_FORM("", HOUSE_HEAD)).id, second = house_register(house, &house->officer, HOUSE_FORM("", UNCLE)).id;
    struct request got = get(house, id);
    struct id lone = member_id(&got, 0);
    got = run(house, (struct request){.method_and_path = PATCH("/members/{id}"), .id = lone, .if_match = 1, .body = "{\"relationship\":\"parent\"}"});
    run(house, (struct request){.method_and_path = POST(HOUSEHOLD "/members"), .id = id, .body = UNCLE});
    got = run(house, (struct request){.method_and_path = POST("/members/{id}/leave"), .id = lone, .body = "{\"reason\":\"moved\",\"on\":\"2026-05-26\"}"});
    assert_int_equal(json_get_int(got.json, "member_count", 0), 1);
    assert_false(warns(&got, "/members", "no_head"));
    got = run(house, (struct request){.method_and_path = POST(HOUSEHOLD "/dissolve"), .id = second, .body = "{\"reason\":\"pindah semua\"}"});
    assert_string_equal(json_get_text(got.json, "state"), "dissolved");
}

/* The household keeps its claim: it stays, warns, and can be dissolved or taken on by a new head. */
static void
death_of_the_last_is_kept(void **state)
{
    struct house *house = *state;
    struct id id = house_register(house, &house->officer, HOUSE_FORM("", HOUSE_HEAD)).id;
    struct request got = get(house, id);
    assert_false(warns(&got, "/members", "no_members"));
    got = run(house, (struct request){.method_and_path = POST("/members/{id}/death"), .id = member_id(&got, 0), .body = "{\"on\":\"2026-05-25\"}"});
    assert_true(warns(&got, "/members", "no_members"));
    assert_string_equal(json_get_text(got.json, "state"), "active");
    got = get(house, id);
    assert_true(warns(&got, "/members", "no_members"));
    assert_int_equal(json_get_int(got.json, "member_count", 9), 0);
    assert_int_equal(json_get(got.json, "former_members")->count, 1);
    got = run(house, (struct request){.method_and_path = POST(HOUSEHOLD "/members"), .id = id, .body = UNCLE});
    assert_false(warns(&got, "/members", "no_members"));
    assert_int_equal(json_get(got.json, "warnings")->count, 0);
}

/* Who received, and whose account it is, is gone: the household says so until a person has named another, and its other fields can be corrected. */
static void
warns_of_a_payee_who_is_gone(void **state)
{
    struct house *house = *state;
    struct arena *arena = house->trial->arena;
    static const struct { const char *payee; size_t who; const char *act, *body, *code; } rows[] = {
        {"{\"account\":{\"provider\":\"BRI\",\"number\":\"12345\",\"holder\":\"Siti\"}}", 0, POST("/members/{id}/death"), "{\"on\":\"2026-05-20\"}", "payee_died"},
        {"{\"account\":{\"provider\":\"BRI\",\"number\":\"12345\",\"holder\":\"Budi Santoso\"}}", 1, POST("/members/{id}/leave"),
         "{\"reason\":\"moved\",\"on\":\"2026-05-20\"}", "payee_left"},
        {"{\"account\":{\"provider\":\"BRI\",\"number\":\"12345\",\"holder\":\"Siti Aminah\"}}", 1, POST("/members/{id}/leave"),
         "{\"reason\":\"moved\",\"on\":\"2026-05-20\"}", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct id id = house_register(house, &house->officer, arena_format(arena, HOUSE_FORM("\"payee\":%s,", HOUSE_HEAD "," HOUSE_CHILD), rows[i].payee)).id;
        struct request got = get(house, id);
        CHECK_ROW(json_get(got.json, "warnings")->count == 0, rows[i].payee);
        got = run(house, (struct request){.method_and_path = rows[i].act, .id = member_id(&got, rows[i].who), .body = rows[i].body});
        if (!rows[i].code) {
            CHECK_ROW(json_get(got.json, "warnings")->count == 0, rows[i].payee);
            continue;
        }
        CHECK_ROW(warns(&got, "/payee", rows[i].code), rows[i].payee);
        got = run(house, (struct request){.method_and_path = PATCH(HOUSEHOLD), .id = id, .if_match = got.reply.version, .body = "{\"rt\":\"07\"}"});
        CHECK_ROW(warns(&got, "/payee", rows[i].code), rows[i].payee);
        char stays[ID_TEXT_SIZE];
        id_print(member_id(&got, 0), stays);
        got = run(house, (struct request){.method_and_path = PATCH(HOUSEHOLD), .id = id, .if_match = got.reply.version,
                                          .body = arena_format(arena, "{\"payee\":{\"member_id\":\"%s\",\"account\":null}}", stays)});
        CHECK_ROW(!warns(&got, "/payee", rows[i].code), rows[i].payee);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        HOUSE_TEST(last_one_cannot_leave), HOUSE_TEST(the_gone_are_not_counted), HOUSE_TEST(remedies_work), HOUSE_TEST(death_of_the_last_is_kept),
        HOUSE_TEST(warns_of_a_payee_who_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
