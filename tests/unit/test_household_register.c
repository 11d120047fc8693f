/* test_household_register.c: registration: refusals with their pointers, what is stored, what doubles, who sees what. */
#include "household_fixture.h"

#include "household/household_print.h"

#define PATCHED(name, field) "{\"name\":\"" name "\",\"sex\":\"M\",\"birth_date\":\"1980-01-01\",\"relationship\":\"head\"," field "}"

static const struct { const char *form, *pointer, *slug; } refusals[] = {
    {HOUSE_FORM("\"colour\":1,", HOUSE_HEAD), "/colour", "unknown"},
    {"{\"region\":\"33.08.03.2001\",\"members\":[" HOUSE_HEAD "]}", "/consent", "required"},
    {"{\"region\":\"33.08.03.2001\"," HOUSE_CONSENT "}", "/members", "required"},
    {"{\"region\":\"33.08.03.2001\",\"consent\":{\"notice_version\":\"1\",\"language\":\"id\",\"given_by\":\"S\"},\"members\":[" HOUSE_HEAD "]}",
     "/consent/basis", "required"},
    {"{\"region\":\"33.08.04.2001\"," HOUSE_CONSENT ",\"members\":[" HOUSE_HEAD "]}", "/region", "region"},
    {"{\"region\":\"99\"," HOUSE_CONSENT ",\"members\":[" HOUSE_HEAD "]}", "/region", "region"},
    {HOUSE_FORM("\"registered_region\":\"98\",", HOUSE_HEAD), "/registered_region", "region"},
    {HOUSE_FORM("", HOUSE_CHILD), "/members", "one_head"},
    {HOUSE_FORM("", HOUSE_HEAD "," PATCHED("Dua", "\"id_reason\":\"x\"")), "/members", "one_head"},
    {HOUSE_FORM("", HOUSE_HEAD "," HOUSE_CHILD), NULL, NULL},
    {HOUSE_FORM("", PATCHED("A", "\"nik\":\"330803520587000\"")), "/members/0/nik", "digits"},
    {HOUSE_FORM("", PATCHED("A", "\"nik\":\"33080352058700ab\"")), "/members/0/nik", "digits"},
    {HOUSE_FORM("", PATCHED("A", "\"nik\":\"\xD9\xA3\xD9\xA3\xD9\xA0\xD9\xA8\xD9\xA0\xD9\xA3\xD9\xA5\xD9\xA2\"")), "/members/0/nik", "digits"},
    {HOUSE_FORM("", PATCHED("A", "\"nik\":\"3308035205870000\"")), "/members/0/nik", "nik"},
    {HOUSE_FORM("", PATCHED("A", "\"nik\":\"1111111111111111\"")), "/members/0/nik", "nik"},
    {HOUSE_FORM("", PATCHED("A", "\"age_years\":4,\"age_on\":\"2026-01-01\"")), "/members/0/age_years", "conflict"},
    {HOUSE_FORM("", "{\"name\":\"A\",\"sex\":\"M\",\"relationship\":\"head\"}"), "/members/0/birth_date", "required"},
    {HOUSE_FORM("", "{\"name\":\"A\",\"sex\":\"M\",\"relationship\":\"head\",\"age_years\":30}"), "/members/0/age_on", "required"},
    {HOUSE_FORM("", "{\"name\":\"A\",\"sex\":\"M\",\"relationship\":\"head\",\"age_years\":300,\"age_on\":\"2026-01-01\"}"), "/members/0/age_years", "range"},
    {HOUSE_FORM("", "{\"name\":\"A\",\"sex\":\"M\",\"relationship\":\"head\",\"birth_date\":\"2126-01-01\"}"), "/members/0/birth_date", "future"},
    {HOUSE_FORM("", "{\"name\":\"A\",\"sex\":\"M\",\"relationship\":\"head\",\"birth_date\":\"1826-01-01\"}"), "/members/0/birth_date", "range"},
    {HOUSE_FORM("", "{\"name\":\"A\",\"sex\":\"M\",\"relationship\":\"head\",\"birth_date\":\"2001-02-30\"}"), "/members/0/birth_date", "date"},
    {HOUSE_FORM("", "{\"name\":\" \",\"sex\":\"M\",\"relationship\":\"head\",\"birth_date\":\"2001-02-03\"}"), "/members/0/name", "required"},
    {HOUSE_FORM("", "{\"name\":\"A\",\"sex\":\"Q\",\"relationship\":\"head\",\"birth_date\":\"2001-02-03\"}"), "/members/0/sex", "code"},
    {HOUSE_FORM("", "{\"name\":\"A\",\"sex\":\"M\",\"relationship\":\"boss\",\"birth_date\":\"2001-02-03\"}"), "/members/0/relationship", "code"},
    {HOUSE_FORM("", PATCHED("A", "\"grade\":14")), "/members/0/grade", "range"},
    {HOUSE_FORM("", PATCHED("A", "\"grade\":\"4\"")), "/members/0/grade", "type"},
    {HOUSE_FORM("", PATCHED("A", "\"income_minor\":-1")), "/members/0/income_minor", "range"},
    {HOUSE_FORM("", PATCHED("A", "\"pregnancy\":{\"due_on\":\"2026-12-01\"}")), "/members/0/pregnancy", "conflict"},
    {HOUSE_FORM("", PATCHED("A", "\"disability\":{\"seeing\":5}")), "/members/0/disability/seeing", "range"},
    {HOUSE_FORM("", HOUSE_HEAD ",{\"name\":\"Bayi\",\"sex\":\"F\",\"relationship\":\"child\",\"birth_date\":\"2025-02-03\",\"disability\":{\"seeing\":2}}"),
     "/members/1/disability", "conflict"},
    {HOUSE_FORM("", HOUSE_HEAD ",{\"name\":\"Lain\",\"nik\":\"3308035205870001\",\"sex\":\"F\",\"relationship\":\"sibling\",\"birth_date\":\"1987-05-12\"}"),
     "/members/1/nik", "doubled"},
    {HOUSE_FORM("\"kk_number\":\"3308030000000000\",", HOUSE_HEAD), "/kk_number", "nik"},
    {HOUSE_FORM("\"kk_number\":\"330803\",", HOUSE_HEAD), "/kk_number", "digits"},
    {HOUSE_FORM("\"families\":[{\"no\":1},{\"no\":1}],", HOUSE_HEAD), "/families/1/no", "doubled"},
    {HOUSE_FORM("\"kk_number\":\"3308031207100001\",\"families\":[{\"no\":1,\"kk_number\":\"3308031207100002\"}],", HOUSE_HEAD), "/families/0/kk_number",
     "conflict"},
    {HOUSE_FORM("\"payee\":{\"member_id\":\"0190163d-8694-739b-aea5-966c26f8ad91\"},", HOUSE_HEAD), "/payee/member_id", "reference"},
    {HOUSE_FORM("\"payee\":{\"account\":{\"provider\":\"BRI\"}},", HOUSE_HEAD), "/payee/account/number", "required"},
    {HOUSE_FORM("\"declared\":{\"size\":3,\"under5\":4},", HOUSE_HEAD), "/declared/under5", "conflict"},
    {HOUSE_FORM("\"location\":{\"lat\":91,\"lon\":0},", HOUSE_HEAD), "/location/lat", "range"},
    {HOUSE_FORM("\"housing\":{\"floor\":\"gold\"},", HOUSE_HEAD), "/housing/floor", "code"},
    {HOUSE_FORM("\"state\":\"active\",", HOUSE_HEAD), "/state", "readonly"},
};

static void
refuses_with_pointers(void **state)
{
    struct house *house = *state;
    for (size_t i = 0; i < COUNT(refusals); i++) {
        struct house_job job;
        struct error *error = house_try(house, &house->officer, refusals[i].form, &job);
        if (!refusals[i].pointer) {
            must(error);
            continue;
        }
        CHECK_ROW(error && error->code == ERROR_FIELDS, refusals[i].pointer);
        bool found = false;
        for (size_t j = 0; j < error->fault_count; j++)
            found |= strcmp(error->faults[j].pointer, refusals[i].pointer) == 0 && strcmp(fault_slug(error->faults[j].code), refusals[i].slug) == 0;
        if (!found)
            fail_msg("row %zu: wanted %s %s, got %s %s", i, refusals[i].pointer, refusals[i].slug, error->faults[0].pointer, fault_slug(error->faults[0].code));
        error_free(error);
    }
    assert_int_equal(fixture_number(house->trial->fixture, "SELECT count(*) FROM household"), 1);
    assert_int_equal(fixture_number(house->trial->fixture, "SELECT count(*) FROM audit_leaf WHERE action = 'household.register'"), 1);
}

static void
refuses_ids_that_are_taken(void **state)
{
    struct house *house = *state;
    static const char form[] = HOUSE_FORM("\"id\":\"0190163d-8694-739b-aea5-966c26f8ad91\",", HOUSE_HEAD);
    static const char member[] = HOUSE_FORM("", "{\"id\":\"0190163d-8694-739b-aea5-966c26f8ad92\",\"name\":\"A\",\"sex\":\"M\",\"birth_date\":\"1980-01-01\",\"relationship\":\"head\"}");
    struct house_job job;
    house_register(house, &house->officer, form);
    must_refuse(house_try(house, &house->officer, form, &job), ERROR_EXISTS, NULL);
    house_register(house, &house->officer, member);
    struct error *error = house_try(house, &house->officer, member, &job);
    assert_non_null(error);
    assert_string_equal(error->faults[0].pointer, "/members/0/id");
    error_free(error);
}

static const char full_form[] = HOUSE_FORM(
    "\"kk_number\":\"3308031207100001\",\"phone\":\"081234567890\",\"address\":\"Jalan Melati 4\",\"location\":{\"lat\":-7.6079,\"lon\":110.2038},"
    "\"housing\":{\"floor\":\"earth\",\"rooms\":2},\"payee\":{\"account\":{\"provider\":\"BRI\",\"number\":\"002201005123\",\"holder\":\"Siti Aminah\"}},"
    "\"declared\":{\"size\":4,\"under5\":1},",
    HOUSE_HEAD "," HOUSE_CHILD);

struct reading {
    struct house *house;
    struct id id;
    const struct actor *actor;
    int64_t at_ms;
    const char *text;
    struct json *json;
};

static struct error *
read_household(struct tx *tx, void *context)
{
    struct reading *reading = context;
    struct household_file file;
    struct buffer buffer;
    buffer_init(&buffer, tx->arena);
    TRY(household_file_load(tx, reading->actor, reading->id, &file));
    TRY(household_print(tx, reading->actor, &buffer, &file, household_part(reading->actor)));
    reading->text = buffer_text(&buffer);
    return json_parse(tx->arena, reading->text, buffer.length, &reading->json);
}

static void
stores_and_masks(void **state)
{
    struct house *house = *state;
    struct house_job job = house_register(house, &house->officer, full_form);
    assert_non_null(strstr(job.body, "\"possible_duplicates\":[]"));
    assert_non_null(strstr(job.body, "\"warnings\":[]"));
    struct reading reading = {.house = house, .id = job.id, .actor = &house->officer};
    must(trial_read(house->trial, read_household, &reading));
    assert_non_null(strstr(reading.text, "Siti Aminah"));
    assert_non_null(strstr(reading.text, "**********0001"));
    assert_null(strstr(reading.text, "3308035205870001"));
    assert_null(strstr(reading.text, "002201005123"));
    assert_non_null(strstr(reading.text, "Jalan Melati 4"));
    assert_string_equal(json_get_text(reading.json, "roster"), "counts_only");
    assert_int_equal(json_get(reading.json, "members")->count, 2);
    reading.actor = &house->console;
    must(trial_read(house->trial, read_household, &reading));
    assert_non_null(strstr(reading.text, "3308035205870001"));
    reading.actor = &house->auditor;
    must(trial_read(house->trial, read_household, &reading));
    static const char *const hidden[] = {"Siti", "Budi", "0001", "Melati", "0812", "110.2", "5123", "Kalitengah"};
    for (size_t i = 0; i < COUNT(hidden); i++)
        CHECK_ROW(!strstr(reading.text, hidden[i]), hidden[i]);
    assert_non_null(strstr(reading.text, "\"code\":\"P-"));
}

static void
seals_what_is_personal(void **state)
{
    struct house *house = *state;
    house_register(house, &house->officer, full_form);
    trial_stop_lane(house->trial);
    static const char *const hidden[] = {"Aminah", "Santoso", "3308035205870001", "3308031207100001", "Melati", "081234567890", "002201005123"};
    FILE *file = fopen(house->trial->fixture->path, "rb");
    static char bytes[8 << 20];
    size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_true(length > 4096);
    for (size_t i = 0; i < COUNT(hidden); i++)
        CHECK_ROW(!memmem(bytes, length, hidden[i], strlen(hidden[i])), hidden[i]);
    assert_non_null(memmem(bytes, length, "Kalitengah", 10));
}

static void
hides_other_areas(void **state)
{
    struct house *house = *state;
    static const char elsewhere[] = "{\"region\":\"33.08.04.2001\"," HOUSE_CONSENT ",\"members\":[" HOUSE_HEAD "]}";
    struct house_job job = house_register(house, &house->console, elsewhere);
    struct reading reading = {.house = house, .id = job.id, .actor = &house->officer};
    must_refuse(trial_read(house->trial, read_household, &reading), ERROR_NOT_FOUND, NULL);
    reading.id = id_make(trial_now);
    must_refuse(trial_read(house->trial, read_household, &reading), ERROR_NOT_FOUND, NULL);
    /* The same number in his own area: he learns that there is a case, not where. */
    job = house_register(house, &house->officer, HOUSE_FORM("", HOUSE_HEAD));
    const char *possible = strstr(job.body, "\"possible_duplicates\":[{");
    assert_non_null(possible);
    assert_non_null(strstr(possible, "\"kind\":\"nik\""));
    assert_null(strstr(possible, "household_id\":\"0"));
}

struct bar {
    struct id id;
    bool barred;
};
static struct error *
read_bar(struct tx *tx, void *context)
{
    struct bar *bar = context;
    return household_payment_barred(tx, bar->id, &bar->barred);
}

static void
names_duplicates_and_bars_the_later(void **state)
{
    struct house *house = *state;
    struct house_job earlier = house_register(house, &house->officer, full_form);
    trial_now += 1000;
    struct house_job later = house_register(house, &house->officer, full_form);
    static const char *const kinds[] = {"\"kind\":\"nik\"", "\"kind\":\"kk\"", "\"kind\":\"phone\"", "\"kind\":\"name\""};
    for (size_t i = 0; i < COUNT(kinds); i++)
        CHECK_ROW(strstr(later.body, kinds[i]), kinds[i]);
    struct bar bars[] = {{.id = earlier.id}, {.id = later.id}};
    for (size_t i = 0; i < 2; i++)
        must(trial_read(house->trial, read_bar, &bars[i]));
    assert_false(bars[0].barred);
    assert_true(bars[1].barred);
    /* The mother's number says it; her name and birth date are not a second case: one name case, the child's. */
    assert_int_equal(fixture_number(house->trial->fixture, "SELECT count(*) FROM duplicate_case WHERE kind = 'name'"), 1);
}

static void
doubles_one_telephone_however_it_is_written(void **state)
{
    struct house *house = *state;
    static const struct { const char *phone, *name; bool is_double; } rows[] = {
        {"081234567890", "Ani", false}, {"+62 812-3456-7890", "Wati", true}, {"62 812 3456 7890", "Joko", true}, {"+65 8123 4567 890", "Lim", false},
        {"081234567891", "Tono", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char form[600];
        snprintf(form, sizeof form,
                 "{\"region\":\"33.08.03.2001\"," HOUSE_CONSENT ",\"phone\":\"%s\",\"members\":[{\"name\":\"%s\",\"sex\":\"F\",\"birth_date\":\"19%zu0-01-01\","
                 "\"relationship\":\"head\",\"id_reason\":\"no_card\"}]}",
                 rows[i].phone, rows[i].name, i + 4);
        struct house_job made = house_register(house, &house->officer, form);
        CHECK_ROW((strstr(made.body, "\"kind\":\"phone\"") != NULL) == rows[i].is_double, rows[i].phone);
    }
}

static void
warns_and_does_not_block(void **state)
{
    struct house *house = *state;
    static const struct { const char *member, *code; } rows[] = {
        {PATCHED("A", "\"nik\":\"3308035205870001\""), "nik_sex"},
        {PATCHED("A", "\"nik\":\"3308031205870001\""), "nik_birth_date"},
        {PATCHED("A", "\"nik\":\"3308033113870001\""), "nik_date_impossible"},
        {PATCHED("A", "\"nik\":\"9999030101800001\""), "nik_region"},
        {PATCHED("A", "\"occupation\":\"petani\""), "no_id_reason"},
        {PATCHED("A", "\"nik\":\"3308030101800001\""), NULL},
        {PATCHED("A", "\"other_ids\":[{\"kind\":\"passport\",\"value\":\"C1234567\"}]"), NULL},
        {"{\"name\":\"Bayi\",\"sex\":\"F\",\"birth_date\":\"2026-03-01\",\"relationship\":\"head\"}", NULL},
        {"{\"name\":\"A\",\"sex\":\"X\",\"birth_date\":\"1980-01-01\",\"relationship\":\"head\",\"nik\":\"3308034101800009\"}", NULL},
        {"{\"name\":\"A\",\"sex\":\"M\",\"birth_date\":\"1980-06-01\",\"birth_date_precision\":\"year\",\"relationship\":\"head\",\"nik\":\"3308030101800008\"}", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *form = arena_format(house->trial->arena, HOUSE_FORM("", "%s"), rows[i].member);
        struct house_job job = house_register(house, &house->officer, form);
        const char *warnings = strstr(job.body, "\"warnings\":");
        assert_non_null(warnings);
        if (rows[i].code)
            CHECK_ROW(strstr(warnings, rows[i].code), rows[i].member);
        else
            CHECK_TEXT(warnings, "\"warnings\":[]}", rows[i].member);
    }
}

struct facts {
    struct id id;
    int32_t on;
    struct json *json;
};
static struct error *
read_facts(struct tx *tx, void *context)
{
    struct facts *facts = context;
    return household_facts(tx, facts->id, facts->on, &facts->json);
}

static void
tells_rules_the_facts(void **state)
{
    struct house *house = *state;
    static const char form[] = HOUSE_FORM("\"declared\":{\"size\":3},\"families\":[{\"no\":1,\"kk_number\":\"3308031207100001\"}],",
                                          HOUSE_HEAD ",{\"name\":\"Mbah\",\"sex\":\"M\",\"age_years\":70,\"age_on\":\"2026-05-28\",\"relationship\":\"parent\"}");
    struct house_job job = house_register(house, &house->officer, form);
    struct facts facts = {.id = job.id, .on = date_from_parts(2026, 1, 1)};
    must(trial_read(house->trial, read_facts, &facts));
    const struct json *household = json_get(facts.json, "household"), *members = json_get(household, "members");
    assert_string_equal(json_get_text(household, "region"), "33.08.03.2001");
    assert_string_equal(json_get_text(household, "rt"), "02");
    assert_int_equal(json_get_int(json_get(household, "declared"), "size", 0), 3);
    assert_int_equal(json_get(household, "families")->count, 1);
    assert_int_equal(members->count, 2);
    assert_string_equal(json_get_text(members->items[0], "birth_date"), "1987-05-12");
    assert_null(json_get(members->items[0], "birth_earliest"));
    assert_non_null(json_get(members->items[0], "nik"));
    assert_null(json_get(members->items[1], "nik"));
    assert_string_equal(json_get_text(members->items[1], "birth_earliest"), "1955-05-29");
    assert_string_equal(json_get_text(members->items[1], "birth_latest"), "1956-05-28");
    struct buffer text;
    buffer_init(&text, house->trial->arena);
    json_print(&text, NULL, facts.json);
    assert_null(strstr(buffer_text(&text), "Aminah"));
    assert_null(strstr(buffer_text(&text), "33080"));
    facts.on = date_from_parts(1987, 5, 11); /* she was not born yet */
    must(trial_read(house->trial, read_facts, &facts));
    assert_int_equal(json_get(json_get(facts.json, "household"), "members")->count, 1);
}

static struct error *
register_many(struct tx *tx, void *context)
{
    struct house *house = context;
    struct json *json = NULL;
    TRY(json_parse(tx->arena, full_form, sizeof full_form - 1, &json));
    for (int i = 0; i < 200; i++) {
        struct id id;
        struct json *members = json_get(json, "members");
        for (size_t j = 0; j < members->count; j++)
            json_set(tx->arena, members->items[j], "name", json_make_text(tx->arena, arena_format(tx->arena, "Nama %d %zu", i, j)));
        json_set(tx->arena, members->items[0], "nik", json_make_text(tx->arena, arena_format(tx->arena, "330803520587%04d", i + 100)));
        json_set(tx->arena, json, "phone", json_make_text(tx->arena, arena_format(tx->arena, "0812%08d", i)));
        json_set(tx->arena, json, "kk_number", json_make_text(tx->arena, arena_format(tx->arena, "330803120710%04d", i + 100)));
        while (members->count < 5 && i == 0) {
            struct json *copy = NULL;
            TRY(json_parse(tx->arena, HOUSE_CHILD, sizeof HOUSE_CHILD - 1, &copy));
            json_push(tx->arena, members, copy);
        }
        TRY(household_register_json(tx, &house->officer, json, "test", &id, NULL));
    }
    return NULL;
}

static void
is_quick(void **state)
{
    struct house *house = *state;
    int64_t start = time_monotonic_ms();
    trial_write(house->trial, register_many, house);
    print_message("%.0f us a household of 5\n", (double)(time_monotonic_ms() - start) * 1000 / 200);
    struct trial *trial = house->trial;
    /* An index built anew knows what the fed one knows. */
    struct db *db;
    must(db_open(trial->fixture->path, DB_READER, NULL, &db));
    must(db_begin(db, false));
    struct tx tx = {.db = db, .arena = trial->arena, .now_ms = trial_now, .keyring = trial->keyring};
    struct household_index *built = NULL;
    static const bool stop = true, go_on = false;
    must_refuse(household_index_build(&tx, &stop, &built), ERROR_CANCELLED, NULL);
    must(household_index_build(&tx, &go_on, &built));
    struct registry beside = {.path = trial->fixture->path}; /* with a second thread */
    struct household_index *shared = NULL;
    tx.registry = &beside;
    must(household_index_build(&tx, &go_on, &shared));
    struct household_hit hits[200];
    assert_int_equal(household_index_search(built, trial->arena, "nama 17", NULL, NULL, hits, 200),
                     household_index_search(shared, trial->arena, "nama 17", NULL, NULL, hits, 200));
    household_index_free(shared);
    assert_int_equal(household_index_search(built, trial->arena, "nama 17", NULL, NULL, hits, 200),
                     household_index_search(trial->registry.household_index, trial->arena, "nama 17", NULL, NULL, hits, 200));
    assert_true(household_index_search(built, trial->arena, NULL, "melati", NULL, hits, 200) > 0);
    household_index_free(built);
    db_rollback(db);
    db_close(db);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        HOUSE_TEST(refuses_with_pointers), HOUSE_TEST(refuses_ids_that_are_taken), HOUSE_TEST(stores_and_masks), HOUSE_TEST(seals_what_is_personal),
        HOUSE_TEST(hides_other_areas), HOUSE_TEST(names_duplicates_and_bars_the_later),
        HOUSE_TEST(doubles_one_telephone_however_it_is_written), HOUSE_TEST(warns_and_does_not_block),
        HOUSE_TEST(tells_rules_the_facts), HOUSE_TEST(is_quick),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
