/* test_household_change.c: corrections, life events, consent, duplicates decided, the past; and that lists never scan. */
#include "household_request.h"

#include "household/household_duplicate.h"
#include "household/household_search.h"
#include "lumbung/registry.h"

static void
corrects_under_its_version(void **state)
{
    struct house *house = *state;
    struct id id = house_register(house, &house->officer, HOUSE_FORM("\"address\":\"Jalan Melati 4\",", HOUSE_HEAD "," HOUSE_CHILD)).id;
    struct request changed = run(house, (struct request){.method_and_path = PATCH(HOUSEHOLD), .id = id, .if_match = 1,
                                                         .body = "{\"rt\":\"03\",\"address\":null,\"housing\":{\"roof\":\"zinc\"}}"});
    assert_int_equal(changed.reply.version, 2);
    assert_string_equal(json_get_text(changed.json, "rt"), "03");
    assert_null(json_get(changed.json, "address"));
    changed = run(house, (struct request){.method_and_path = PATCH(HOUSEHOLD), .id = id, .if_match = 2, .body = "{\"housing\":{\"wall\":\"brick\"}}"});
    assert_string_equal(json_get_text(json_get(changed.json, "housing"), "roof"), "zinc");
    struct request stale = {.method_and_path = PATCH(HOUSEHOLD), .id = id, .if_match = 1, .body = "{\"rt\":\"04\"}"};
    struct error *error = perform(house, &stale);
    assert_non_null(error);
    assert_int_equal(error->code, ERROR_STALE);
    assert_string_equal(error->members[0].name, "current");
    assert_non_null(strstr(error->members[0].value, "\"version\":3"));
    assert_null(strstr(error->members[0].value, "3308035205870001"));
    error_free(error);
    refuse(house, (struct request){.method_and_path = PATCH(HOUSEHOLD), .id = id, .if_match = 3, .body = "{\"members\":[" HOUSE_HEAD "]}"}, ERROR_FIELDS, "/members");
    refuse(house, (struct request){.method_and_path = PATCH(HOUSEHOLD), .id = id, .if_match = 3, .body = "{\"region\":null}"}, ERROR_FIELDS, "/region");
    refuse(house, (struct request){.method_and_path = PATCH(HOUSEHOLD), .id = id, .if_match = 3, .body = "{\"region\":\"33.08.04.2001\"}"}, ERROR_FIELDS, "/region");
    refuse(house, (struct request){.method_and_path = PATCH(HOUSEHOLD), .id = id, .if_match = 3, .body = "{\"version\":9}"}, ERROR_FIELDS, "/version");
    refuse(house, (struct request){.method_and_path = PATCH(HOUSEHOLD), .id = id_make(trial_now), .if_match = 3, .body = "{}"}, ERROR_NOT_FOUND, NULL);
    struct id child = member_id(&changed, 1);
    changed = run(house, (struct request){.method_and_path = PATCH("/members/{id}"), .id = child, .if_match = 3, .body = "{\"grade\":5,\"nik\":\"3308030203150003\"}"});
    assert_int_equal(json_get_int(json_get(changed.json, "members")->items[1], "grade", 0), 5);
    assert_int_equal(changed.reply.version, 4);
    refuse(house, (struct request){.method_and_path = PATCH("/members/{id}"), .id = child, .if_match = 3, .body = "{\"grade\":6}"}, ERROR_STALE, NULL);
    refuse(house, (struct request){.method_and_path = PATCH("/members/{id}"), .id = child, .if_match = 4, .body = "{\"relationship\":\"head\"}"}, ERROR_FIELDS, "/members");
    refuse(house, (struct request){.method_and_path = PATCH("/members/{id}"), .id = child, .if_match = 4, .body = "{\"nik\":\"3308035205870001\"}"}, ERROR_FIELDS,
           "/members/1/nik");
}

static void
shows_the_past(void **state)
{
    struct house *house = *state;
    struct id id = house_register(house, &house->officer, HOUSE_FORM("", HOUSE_HEAD "," HOUSE_CHILD)).id;
    trial_now += 60000;
    struct request got = run(house, (struct request){.method_and_path = PATCH(HOUSEHOLD), .id = id, .if_match = 1, .body = "{\"rt\":\"03\",\"phone\":\"081234567890\"}"});
    trial_now += 60000;
    run(house, (struct request){.method_and_path = POST("/members/{id}/leave"), .id = member_id(&got, 1), .body = "{\"reason\":\"moved\",\"on\":\"2026-05-20\"}"});
    char at[INSTANT_TEXT_SIZE];
    instant_print(TEST_NOW_MS + 30000, at);
    struct request past = run(house, (struct request){.method_and_path = GET(HOUSEHOLD), .id = id, .query = arena_format(house->trial->arena, "{\"as_of\":\"%s\"}", at)});
    assert_string_equal(json_get_text(past.json, "rt"), "02");
    assert_null(json_get(past.json, "phone"));
    assert_int_equal(json_get(past.json, "members")->count, 2);
    assert_null(strstr(past.text, "3308035205870001"));
    instant_print(TEST_NOW_MS + 90000, at);
    past = run(house, (struct request){.method_and_path = GET(HOUSEHOLD), .id = id, .query = arena_format(house->trial->arena, "{\"as_of\":\"%s\"}", at)});
    assert_string_equal(json_get_text(past.json, "rt"), "03");
    instant_print(trial_now, at);
    past = run(house, (struct request){.method_and_path = GET(HOUSEHOLD), .id = id, .query = arena_format(house->trial->arena, "{\"as_of\":\"%s\"}", at)});
    assert_int_equal(json_get(past.json, "members")->count, 1);
    assert_int_equal(json_get(past.json, "former_members")->count, 1);
    instant_print(TEST_NOW_MS - 1, at);
    refuse(house, (struct request){.method_and_path = GET(HOUSEHOLD), .id = id, .query = arena_format(house->trial->arena, "{\"as_of\":\"%s\"}", at)}, ERROR_NOT_FOUND, NULL);
    struct request history = run(house, (struct request){.method_and_path = GET(HOUSEHOLD "/history"), .id = id});
    assert_int_equal(json_get(history.json, "items")->count, 3);
    assert_non_null(strstr(history.text, "{\"pointer\":\"/rt\",\"before\":\"02\",\"after\":\"03\"}"));
    assert_non_null(strstr(history.text, "\"reason\":\"moved\""));
    history = run(house, (struct request){.actor = &house->auditor, .method_and_path = GET(HOUSEHOLD "/history"), .id = id});
    assert_null(strstr(history.text, "Aminah"));
    assert_null(strstr(history.text, "0812"));
}

static void
people_come_and_go(void **state)
{
    struct house *house = *state;
    struct id id = house_register(house, &house->officer, HOUSE_FORM("", HOUSE_HEAD "," HOUSE_CHILD)).id;
    struct request got = run(house, (struct request){.method_and_path = POST(HOUSEHOLD "/members"), .id = id,
                                                     .body = "{\"name\":\"Bayi\",\"sex\":\"F\",\"birth_date\":\"2026-05-01\",\"relationship\":\"child\"}"});
    assert_int_equal(got.reply.status, 201);
    assert_int_equal(json_get_int(got.json, "member_count", 0), 3);
    refuse(house, (struct request){.method_and_path = POST(HOUSEHOLD "/members"), .id = id, .body = HOUSE_HEAD}, ERROR_FIELDS, "/members/3/nik");
    struct id mother = member_id(&got, 0), child = member_id(&got, 1), baby = member_id(&got, 2);
    refuse(house, (struct request){.method_and_path = POST("/members/{id}/leave"), .id = baby, .body = "{\"reason\":\"tired\",\"on\":\"2026-05-20\"}"}, ERROR_FIELDS, "/reason");
    refuse(house, (struct request){.method_and_path = POST("/members/{id}/leave"), .id = baby, .body = "{\"reason\":\"moved\",\"on\":\"2026-06-20\"}"}, ERROR_FIELDS, "/on");
    refuse(house, (struct request){.method_and_path = POST("/members/{id}/leave"), .id = child, .body = "{\"reason\":\"moved\",\"on\":\"2014-01-01\"}"}, ERROR_FIELDS, "/on");
    refuse(house, (struct request){.method_and_path = POST("/members/{id}/death"), .id = id, .body = "{\"on\":\"2026-05-20\"}"}, ERROR_NOT_FOUND, NULL);
    got = run(house, (struct request){.method_and_path = POST("/members/{id}/death"), .id = mother, .body = "{\"on\":\"2026-05-25\"}"});
    assert_non_null(strstr(got.text, "\"code\":\"no_head\""));
    refuse(house, (struct request){.method_and_path = POST("/members/{id}/death"), .id = mother, .body = "{\"on\":\"2026-05-25\"}"}, ERROR_STATE, NULL);
    got = run(house, (struct request){.method_and_path = PATCH("/members/{id}"), .id = child, .if_match = got.reply.version, .body = "{\"relationship\":\"head\"}"});
    assert_null(strstr(got.text, "no_head"));
    struct id other = house_register(house, &house->officer, HOUSE_FORM("", "{\"name\":\"Paman\",\"id_reason\":\"x\",\"sex\":\"M\",\"birth_date\":\"1980-01-01\",\"relationship\":\"head\"}")).id;
    char to[ID_TEXT_SIZE];
    id_print(other, to);
    const char *early = arena_format(house->trial->arena, "{\"to_household_id\":\"%s\",\"on\":\"2026-05-27\"}", to);
    refuse(house, (struct request){.method_and_path = POST("/members/{id}/move"), .id = baby, .body = early}, ERROR_FIELDS, "/on"); /* before it came */
    const char *body = arena_format(house->trial->arena, "{\"to_household_id\":\"%s\",\"on\":\"2026-05-29\",\"relationship\":\"grandchild\"}", to);
    got = run(house, (struct request){.method_and_path = POST("/members/{id}/move"), .id = baby, .body = body});
    assert_int_equal(json_get(got.json, "members")->count, 1);
    got = run(house, (struct request){.method_and_path = GET(HOUSEHOLD), .id = other});
    assert_int_equal(json_get(got.json, "members")->count, 2);
    assert_int_equal(got.reply.version, 2);
    refuse(house, (struct request){.method_and_path = POST("/members/{id}/move"), .id = baby, .body = body}, ERROR_FIELDS, "/to_household_id");
    got = run(house, (struct request){.method_and_path = POST("/members/{id}/confirm-nik"), .id = mother, .body = "{\"nik\":\"3308035205870001\"}"});
    assert_string_equal(got.text, "{\"match\":true}");
    got = run(house, (struct request){.method_and_path = POST("/members/{id}/confirm-nik"), .id = mother, .body = "{\"nik\":\"3308035205870002\"}"});
    assert_string_equal(got.text, "{\"match\":false}");
}

struct facts { struct id id; int32_t on; size_t members; bool allowed; };
static struct error *
read_facts(struct tx *tx, void *context)
{
    struct facts *facts = context;
    struct json *json = NULL;
    TRY(household_facts(tx, facts->id, facts->on, &json));
    facts->members = json_get(json_get(json, "household"), "members")->count;
    return household_processing_allowed(tx, facts->id, &facts->allowed);
}
static struct facts
facts_of(struct house *house, struct id id, int32_t on)
{
    struct facts facts = {.id = id, .on = on};
    must(trial_read(house->trial, read_facts, &facts));
    return facts;
}

static void
parts_and_joins(void **state)
{
    struct house *house = *state;
    struct id id = house_register(house, &house->officer, HOUSE_FORM("", HOUSE_HEAD "," HOUSE_CHILD)).id;
    struct request got = run(house, (struct request){.method_and_path = GET(HOUSEHOLD), .id = id});
    char child[ID_TEXT_SIZE], other_text[ID_TEXT_SIZE];
    id_print(member_id(&got, 1), child);
    struct arena *arena = house->trial->arena;
    refuse(house, (struct request){.method_and_path = POST(HOUSEHOLD "/split"), .id = id, .body = "{\"member_ids\":[\"0190163d-8694-739b-aea5-966c26f8ad91\"],\"new_household\":{},\"on\":\"2026-05-27\"}"},
           ERROR_FIELDS, "/member_ids/0");
    got = run(house, (struct request){.method_and_path = POST(HOUSEHOLD "/split"), .id = id,
                                      .body = arena_format(arena, "{\"member_ids\":[\"%s\"],\"new_household\":{\"rt\":\"05\"},\"on\":\"2026-05-27\"}", child)});
    assert_int_equal(got.reply.status, 201);
    assert_int_equal(json_get(got.json, "members")->count, 1);
    memcpy(other_text, got.reply.location + strlen("/api/v1/households/"), ID_TEXT_SIZE);
    struct id other;
    assert_true(id_parse(other_text, &other));
    assert_int_equal(facts_of(house, id, date_from_parts(2026, 5, 26)).members, 2);
    assert_int_equal(facts_of(house, id, date_from_parts(2026, 5, 27)).members, 1);
    assert_int_equal(facts_of(house, other, date_from_parts(2026, 5, 27)).members, 1);
    assert_true(facts_of(house, other, 0).allowed);
    got = run(house, (struct request){.method_and_path = POST(HOUSEHOLD "/merge"), .id = id, .body = arena_format(arena, "{\"other_id\":\"%s\"}", other_text)});
    assert_int_equal(json_get(got.json, "members")->count, 2);
    got = run(house, (struct request){.method_and_path = GET(HOUSEHOLD), .id = other});
    assert_string_equal(json_get_text(got.json, "state"), "merged");
    refuse(house, (struct request){.method_and_path = POST(HOUSEHOLD "/dissolve"), .id = other, .body = "{\"reason\":\"x\"}"}, ERROR_STATE, NULL);
    run(house, (struct request){.method_and_path = POST(HOUSEHOLD "/dissolve"), .id = id, .body = "{\"reason\":\"semua pindah\"}"});
    refuse(house, (struct request){.method_and_path = POST(HOUSEHOLD "/members"), .id = id, .body = HOUSE_CHILD}, ERROR_STATE, NULL);
}

static void
consent_ends_or_objects(void **state)
{
    struct house *house = *state;
    struct id id = house_register(house, &house->officer, HOUSE_FORM("", HOUSE_HEAD)).id, consent;
    struct request got = run(house, (struct request){.method_and_path = GET(HOUSEHOLD), .id = id});
    assert_true(id_parse(json_get_text(json_get(got.json, "consents")->items[0], "id"), &consent));
    refuse(house, (struct request){.method_and_path = POST("/consents/{id}/withdraw"), .id = consent, .body = "{}"}, ERROR_FIELDS, "/reason");
    got = run(house, (struct request){.method_and_path = POST("/consents/{id}/withdraw"), .id = consent, .body = "{\"reason\":\"tidak mau\"}"});
    assert_string_equal(json_get_text(json_get(got.json, "consents")->items[0], "withdrawal"), "objection");
    assert_true(facts_of(house, id, 0).allowed); /* until a person has decided */
    refuse(house, (struct request){.method_and_path = POST("/consents/{id}/withdraw"), .id = consent, .body = "{\"reason\":\"x\"}"}, ERROR_STATE, NULL);
    struct id second = house_register(house, &house->officer,
                                      "{\"region\":\"33.08.03.2001\",\"consent\":{\"notice_version\":\"1\",\"language\":\"id\",\"basis\":\"consent\",\"purposes\":[\"aid\",\"research\"],"
                                      "\"given_by\":\"S\"},\"members\":[" HOUSE_HEAD "]}").id;
    got = run(house, (struct request){.method_and_path = GET(HOUSEHOLD), .id = second});
    assert_true(id_parse(json_get_text(json_get(got.json, "consents")->items[0], "id"), &consent));
    got = run(house, (struct request){.method_and_path = POST("/consents/{id}/withdraw"), .id = consent, .body = "{\"reason\":\"x\",\"purposes\":[\"research\"]}"});
    assert_int_equal(json_get(got.json, "consents")->count, 2);
    assert_true(facts_of(house, second, 0).allowed);
    assert_true(id_parse(json_get_text(json_get(got.json, "consents")->items[1], "id"), &consent));
    run(house, (struct request){.method_and_path = POST("/consents/{id}/withdraw"), .id = consent, .body = "{\"reason\":\"x\"}"});
    assert_false(facts_of(house, second, 0).allowed);
    run(house, (struct request){.method_and_path = POST(HOUSEHOLD "/consents"), .id = second,
                                .body = "{\"notice_version\":\"1\",\"language\":\"id\",\"basis\":\"consent\",\"given_by\":\"S\"}"});
    assert_true(facts_of(house, second, 0).allowed);
}

static void
decides_duplicates(void **state)
{
    struct house *house = *state;
    struct id first = house_register(house, &house->officer, HOUSE_FORM("", HOUSE_HEAD)).id, case_id;
    trial_now += 1000;
    struct id second = house_register(house, &house->officer, HOUSE_FORM("", HOUSE_HEAD)).id;
    struct request list = run(house, (struct request){.method_and_path = GET("/duplicates")});
    assert_int_equal(json_get(list.json, "items")->count, 1);
    assert_true(id_parse(json_get_text(json_get(list.json, "items")->items[0], "id"), &case_id));
    refuse(house, (struct request){.method_and_path = POST("/duplicates/{id}/decide"), .id = case_id, .body = "{\"decision\":\"maybe\",\"reason\":\"x\"}"}, ERROR_FIELDS, "/decision");
    refuse(house, (struct request){.method_and_path = POST("/duplicates/{id}/decide"), .id = first, .body = "{\"decision\":\"same\",\"reason\":\"x\"}"}, ERROR_NOT_FOUND, NULL);
    run(house, (struct request){.method_and_path = POST("/duplicates/{id}/decide"), .id = case_id, .body = "{\"decision\":\"unsure\",\"reason\":\"perlu kunjungan\"}"});
    char keep[ID_TEXT_SIZE];
    id_print(first, keep);
    const char *same = arena_format(house->trial->arena, "{\"decision\":\"same\",\"keep_id\":\"%s\",\"reason\":\"orang yang sama\"}", keep);
    run(house, (struct request){.method_and_path = POST("/duplicates/{id}/decide"), .id = case_id, .body = same});
    refuse(house, (struct request){.method_and_path = POST("/duplicates/{id}/decide"), .id = case_id, .body = same}, ERROR_STATE, NULL);
    struct request got = run(house, (struct request){.method_and_path = GET(HOUSEHOLD), .id = second});
    assert_string_equal(json_get_text(got.json, "state"), "merged");
    assert_string_equal(json_get_text(got.json, "merged_into"), keep);
    /* "different" is remembered: a correction of either does not ask again. */
    trial_now += 1000;
    struct id third = house_register(house, &house->officer, HOUSE_FORM("", HOUSE_HEAD)).id;
    list = run(house, (struct request){.method_and_path = GET("/duplicates")});
    assert_int_equal(json_get(list.json, "items")->count, 1);
    assert_true(id_parse(json_get_text(json_get(list.json, "items")->items[0], "id"), &case_id));
    run(house, (struct request){.method_and_path = POST("/duplicates/{id}/decide"), .id = case_id, .body = "{\"decision\":\"different\",\"reason\":\"salah ketik\"}"});
    got = run(house, (struct request){.method_and_path = GET(HOUSEHOLD), .id = third});
    got = run(house, (struct request){.method_and_path = PATCH("/members/{id}"), .id = member_id(&got, 0), .if_match = 1, .body = "{\"education\":\"primary\"}"});
    assert_non_null(strstr(got.text, "\"possible_duplicates\":[]"));
}

static void
finds(void **state)
{
    struct house *house = *state;
    house_register(house, &house->officer, HOUSE_FORM("\"kk_number\":\"3308031207100001\",\"phone\":\"081234567890\",\"address\":\"Jalan Melati 4\",", HOUSE_HEAD "," HOUSE_CHILD));
    house_register(house, &house->console, "{\"region\":\"33.08.04.2001\"," HOUSE_CONSENT ",\"members\":[" HOUSE_HEAD "]}");
    static const struct { const char *body; size_t officer, console; } rows[] = {
        {"{\"q\":\"siti aminah\"}", 1, 2}, {"{\"q\":\"sitti amniah\"}", 1, 2}, {"{\"q\":\"melati\"}", 1, 1}, {"{\"q\":\"kalitengah\"}", 1, 1},
        {"{\"q\":\"3308035205870001\"}", 1, 2}, {"{\"nik\":\"3308035205870001\"}", 1, 2}, {"{\"nik\":\"3308035205870002\"}", 0, 0},
        {"{\"kk_number\":\"3308031207100001\"}", 1, 1}, {"{\"phone\":\"081234567890\"}", 1, 1}, {"{\"name\":\"budi santosa\",\"birth_date\":\"2015-03-02\"}", 1, 1},
        {"{\"phone\":\"+62 812-3456-7890\"}", 1, 1}, {"{\"phone\":\"6281234567890\"}", 1, 1}, {"{\"phone\":\"+65 8123 4567 890\"}", 0, 0},
        {"{\"phone\":\"081234567891\"}", 0, 0},
        {"{\"name\":\"budi santosa\",\"birth_date\":\"2015-03-03\"}", 0, 0}, {"{\"q\":\"tidak ada orangnya\"}", 0, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct request found = run(house, (struct request){.method_and_path = POST("/households/search"), .body = rows[i].body});
        CHECK_ROW(json_get(found.json, "items")->count == rows[i].officer, rows[i].body);
        CHECK_ROW(found.reply.subject_count >= rows[i].officer, rows[i].body);
        found = run(house, (struct request){.actor = &house->console, .method_and_path = POST("/households/search"), .body = rows[i].body});
        CHECK_ROW(json_get(found.json, "items")->count == rows[i].console, rows[i].body);
    }
    refuse(house, (struct request){.method_and_path = POST("/households/search"), .body = "{}"}, ERROR_FIELDS, "/q");
    refuse(house, (struct request){.method_and_path = POST("/households/search"), .body = "{\"nik\":\"12\"}"}, ERROR_FIELDS, "/nik");
    static const char *const wrong_phones[] = {"12345", "1234567890123456", "0812x4567890", "0812+34567890", "++6281234567890", "+", "", "٠٨١٢٣٤٥٦٧٨٩٠"};
    for (size_t i = 0; i < COUNT(wrong_phones); i++) {
        char body[80];
        snprintf(body, sizeof body, "{\"phone\":\"%s\"}", wrong_phones[i]);
        refuse(house, (struct request){.method_and_path = POST("/households/search"), .body = body}, ERROR_FIELDS, "/phone");
    }
    refuse(house, (struct request){.method_and_path = POST("/households/search"), .body = "{\"q\":\"siti\",\"nik\":\"3308035205870001\"}"}, ERROR_FIELDS, "/q");
    refuse(house, (struct request){.method_and_path = POST("/households/search"), .body = "{\"birth_date\":\"2015-03-02\"}"}, ERROR_FIELDS, "/q");
    struct request auditor = run(house, (struct request){.actor = &house->auditor, .method_and_path = POST("/households/search"), .body = "{\"q\":\"siti aminah\"}"});
    assert_null(strstr(auditor.text, "Siti"));
    struct request early = {.method_and_path = POST("/households/search"), .body = "{\"q\":\"siti\"}"};
    struct household_index *index = house->trial->registry.household_index;
    house->trial->registry.household_index = NULL;
    must_refuse(perform(house, &early), ERROR_LOADING, NULL);
    house->trial->registry.household_index = index;
}

static void
pages(void **state)
{
    struct house *house = *state;
    for (int i = 0; i < 7; i++) {
        const char *village = i % 3 == 2 ? "33.08.04.2001" : i % 3 ? "33.08.03.2002" : "33.08.03.2001";
        house_register(house, &house->console, arena_format(house->trial->arena, "{\"region\":\"%s\"," HOUSE_CONSENT ",\"members\":[{\"name\":\"Orang %d\",\"id_reason\":\"x\",\"sex\":\"M\",\"birth_date\":\"1980-01-01\",\"relationship\":\"head\"}]}", village, i));
    }
    static const struct { const char *query; size_t officer, console; } rows[] = {
        {NULL, 5, 7}, {"{\"region\":\"33.08.03\"}", 5, 5}, {"{\"region\":\"33.08.03.2001\"}", 3, 3}, {"{\"region\":\"33.08.04\"}", 0, 2},
        {"{\"region\":\"33\"}", 0, 7}, {"{\"region\":\"77\"}", 0, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        for (int all = 0; all < 2; all++) {
            size_t seen = 0, rounds = 0;
            struct bytes after = {NULL, 0};
            do {
                struct request page = run(house, (struct request){.actor = all ? &house->console : &house->officer, .method_and_path = GET("/households"),
                                                                  .query = rows[i].query, .limit = 2, .after = after});
                seen += json_get(page.json, "items")->count;
                const char *next = json_get_text(page.json, "next");
                after = (struct bytes){NULL, 0};
                if (next)
                    assert_true(base64_parse(house->trial->arena, next, true, &after));
            } while (after.length && ++rounds < 9);
            CHECK_ROW(seen == (all ? rows[i].console : rows[i].officer), rows[i].query ? rows[i].query : "all");
        }
}

/* The engine's plan of every statement of this slice: tables that grow are sought, never walked; lists come without a sort. */
static void
never_scans(void **state)
{
    struct house *house = *state;
    static const char *const whole[] = {"household_each_row", "household_each_card_row", "member_id_in_order"};
    struct db *db;
    must(db_open(house->trial->fixture->path, DB_MIGRATOR, NULL, &db));
    size_t checked = 0;
    for (size_t i = 0; i < statement_count(); i++) {
        const struct statement *statement = statement_at(i);
        static const char *const prefixes[] = {"household_", "member_", "duplicate_", "attachment_"};
        bool ours = false, exempt = false;
        for (size_t j = 0; j < COUNT(prefixes); j++)
            ours |= strncmp(statement->name, prefixes[j], strlen(prefixes[j])) == 0;
        for (size_t j = 0; j < COUNT(whole); j++)
            exempt |= strcmp(statement->name, whole[j]) == 0;
        if (!ours || exempt || strncmp(statement->sql, "INSERT", 6) == 0)
            continue;
        struct statement plan = {statement->name, arena_format(house->trial->arena, "EXPLAIN QUERY PLAN %s", statement->sql), statement->writes};
        struct cursor *cursor = cursor_start(db, &plan);
        bool row = false;
        while (must(cursor_next(cursor, &row)), row) {
            const char *step = cursor_text(cursor, house->trial->arena, 3);
            bool walks = strncmp(step, "SCAN", 4) == 0 && !strstr(step, "CONSTANT ROW");
            if (walks || strstr(step, "TEMP B-TREE"))
                fail_msg("%s: %s", statement->name, step);
        }
        cursor_end(cursor);
        checked++;
    }
    db_close(db);
    assert_true(checked > 20);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        HOUSE_TEST(corrects_under_its_version), HOUSE_TEST(shows_the_past), HOUSE_TEST(people_come_and_go), HOUSE_TEST(parts_and_joins),
        HOUSE_TEST(consent_ends_or_objects), HOUSE_TEST(decides_duplicates), HOUSE_TEST(finds), HOUSE_TEST(pages), HOUSE_TEST(never_scans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
