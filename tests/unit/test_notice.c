/* test_notice.c: drafts and their publication, and what a consent may name. */
#include "household_request.h"

#include "lumbung/notice.h"
#include "notice/notice.h"

/* --- through the rules ------------------------------------------------------------------------------------------------------------------------ */

struct act {
    struct house *house;
    const char *version, *form; /* form NULL: publish */
    bool changes;
    int64_t if_match;
    struct notice_row row;
};

static struct error *
act_apply(struct tx *tx, void *context)
{
    struct act *act = context;
    struct json *json = NULL;
    void *in = NULL;
    if (!act->form)
        return notice_publish(tx, &act->house->console, act->version, act->if_match, &act->row);
    TRY(json_parse(tx->arena, act->form, strlen(act->form), &json));
    TRY(field_parse(tx->arena, act->changes ? &notice_change_table : &notice_table, json, "", act->changes ? FIELD_PATCH : FIELD_CREATE, 20000, &in));
    if (act->changes)
        return notice_change(tx, &act->house->console, act->version, in, act->if_match, &act->row);
    return notice_make(tx, &act->house->console, in, &act->row);
}

static struct error *
attempt(struct house *house, struct act act)
{
    act.house = house;
    act.if_match = act.if_match ? act.if_match : -1;
    return lane_run(house->trial->lane, act_apply, &act, house->trial->arena);
}

static void
expect(struct error *error, enum error_code code, const char *pointer, enum fault_code fault)
{
    if (!error || error->code != code)
        fail_msg("%s instead of %s", error ? error_slug(error->code) : "success", error_slug(code));
    if (pointer && (error->fault_count != 1 || strcmp(error->faults[0].pointer, pointer) != 0 || error->faults[0].code != fault))
        fail_msg("%zu faults, %s %s instead of %s %s", error->fault_count, error->fault_count ? error->faults[0].pointer : "", error->fault_count ? fault_slug(error->faults[0].code) : "",
                 pointer, fault_slug(fault));
    error_free(error);
}

#define TEXT(language) "{\"language\":\"" language "\",\"title\":\"T\",\"text\":\"Satu\\n\\ndua.\"}"
#define FORM(version, texts) "{\"version\":\"" version "\",\"texts\":[" texts "]}"

static void
refuses_drafts(void **state)
{
    struct house *house = *state;
    static const struct { const char *form, *pointer; enum fault_code fault; } rows[] = {
        {"{\"texts\":[" TEXT("id") "]}", "/version", FAULT_REQUIRED},
        {"{\"version\":\"2\"}", "/texts", FAULT_REQUIRED},
        {FORM("2", ""), "/texts", FAULT_LENGTH},
        {FORM("", TEXT("id")), "/version", FAULT_REQUIRED},
        {FORM("2/3", TEXT("id")), "/version", FAULT_VERSION},
        {FORM("-2", TEXT("id")), "/version", FAULT_VERSION},
        {FORM("versi dua", TEXT("id")), "/version", FAULT_VERSION},
        {FORM("2", TEXT("id") "," TEXT("ID")), "/texts/1/language", FAULT_TWICE},
        {FORM("2", TEXT("id") "," TEXT("bahasa jawa")), "/texts/1/language", FAULT_LANGUAGE},
        {FORM("2", "{\"language\":\"id\",\"title\":\"T\"}"), "/texts/0/text", FAULT_REQUIRED},
        {FORM("2", "{\"language\":\"id\",\"text\":\"T\"}"), "/texts/0/title", FAULT_REQUIRED},
        {FORM("2", "{\"title\":\"T\",\"text\":\"T\"}"), "/texts/0/language", FAULT_REQUIRED},
        {FORM("2", "{\"language\":\"id\",\"title\":\" \",\"text\":\"T\"}"), "/texts/0/title", FAULT_REQUIRED},
        {FORM("2", "{\"language\":\"id\",\"title\":\"T\",\"text\":\"\\n \"}"), "/texts/0/text", FAULT_REQUIRED},
        {FORM("2", "{\"language\":\"id\",\"title\":\"T\",\"text\":\"T\",\"html\":\"x\"}"), "/texts/0/html", FAULT_UNKNOWN},
        {FORM("2", "7"), "/texts/0", FAULT_TYPE},
        {"{\"version\":\"2\",\"state\":\"published\",\"texts\":[" TEXT("id") "]}", "/state", FAULT_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect(attempt(house, (struct act){.form = rows[i].form}), ERROR_FIELDS, rows[i].pointer, rows[i].fault);
    expect(attempt(house, (struct act){.form = FORM("1", TEXT("id"))}), ERROR_EXISTS, NULL, FAULT_UNKNOWN);
}

static void
publishes_once(void **state)
{
    struct house *house = *state;
    expect(attempt(house, (struct act){.version = "2"}), ERROR_NOT_FOUND, NULL, FAULT_UNKNOWN);
    must(attempt(house, (struct act){.form = FORM("2", TEXT("id"))}));
    expect(attempt(house, (struct act){.form = FORM("2", TEXT("id"))}), ERROR_EXISTS, NULL, FAULT_UNKNOWN);
    expect(attempt(house, (struct act){.version = "2"}), ERROR_FIELDS, "/texts", FAULT_LANGUAGE_NEEDED);
    expect(attempt(house, (struct act){.version = "2", .changes = true, .form = "{}"}), ERROR_FIELDS, "/texts", FAULT_REQUIRED);
    expect(attempt(house, (struct act){.version = "2", .changes = true, .form = "{\"texts\":null}"}), ERROR_FIELDS, "/texts", FAULT_TYPE);
    expect(attempt(house, (struct act){.version = "2", .changes = true, .form = "{\"texts\":[" TEXT("id") "," TEXT("id") "]}"}), ERROR_FIELDS, "/texts/1/language", FAULT_TWICE);
    expect(attempt(house, (struct act){.version = "2", .changes = true, .form = "{\"texts\":[" TEXT("id") "]}", .if_match = 7}), ERROR_STALE, NULL, FAULT_UNKNOWN);
    must(attempt(house, (struct act){.version = "2", .changes = true, .form = "{\"texts\":[" TEXT("EN") "," TEXT("id") "," TEXT("ms-arab") "]}", .if_match = 1}));
    expect(attempt(house, (struct act){.version = "2", .if_match = 1}), ERROR_STALE, NULL, FAULT_UNKNOWN);
    must(attempt(house, (struct act){.version = "2", .if_match = 2}));
    expect(attempt(house, (struct act){.version = "2"}), ERROR_STATE, NULL, FAULT_UNKNOWN);
    for (int i = 0; i < 2; i++)
        expect(attempt(house, (struct act){.version = i ? "2" : "1", .changes = true, .form = "{\"texts\":[" TEXT("id") "]}"}), ERROR_STATE, NULL, FAULT_UNKNOWN);
}

/* The database itself keeps what is published. */
static struct error *
replace_published(struct tx *tx, void *context)
{
    (void)context;
    const struct notice_text text = {.language = "id", .title = "T", .text = "lain"};
    return notice_store_replace_texts(tx, "1", &text, 1);
}

static void
keeps_what_is_published(void **state)
{
    struct house *house = *state;
    struct error *error = lane_run(house->trial->lane, replace_published, NULL, house->trial->arena);
    assert_non_null(error);
    assert_int_equal(error->code, ERROR_TAMPERED);
    error_free(error);
}

/* --- what a consent names --------------------------------------------------------------------------------------------------------------------- */

#define CONSENT(version, language) "{\"notice_version\":\"" version "\",\"language\":\"" language "\",\"basis\":\"consent\",\"given_by\":\"S\"}"
#define HOUSE(version, language) "{\"region\":\"33.08.03.2001\",\"consent\":" CONSENT(version, language) ",\"members\":[" HOUSE_HEAD "]}"

static void
refuse_house(struct house *house, const char *form, const char *pointer, const char *said)
{
    struct house_job job;
    struct error *error = house_try(house, &house->officer, form, &job);
    assert_non_null(error);
    assert_int_equal(error->code, ERROR_FIELDS);
    assert_int_equal(error->fault_count, 1);
    assert_string_equal(error->faults[0].pointer, pointer);
    struct buffer text;
    buffer_init(&text, house->trial->arena);
    fault_print(&text, &error->faults[0], LANGUAGE_EN);
    if (!strstr(buffer_text(&text), said))
        fail_msg("'%s' does not say '%s'", buffer_text(&text), said);
    error_free(error);
}

static void
bars_what_was_not_read(void **state)
{
    struct house *house = *state;
    must(attempt(house, (struct act){.form = FORM("2", TEXT("id") "," TEXT("en") "," TEXT("ms-Arab"))}));
    refuse_house(house, HOUSE("2", "id"), "/consent/notice_version", "choose one of: 1.");
    refuse_house(house, HOUSE("9", "id"), "/consent/notice_version", "choose one of: 1.");
    refuse_house(house, HOUSE("9", "xx"), "/consent/notice_version", "choose one of: 1.");
    refuse_house(house, HOUSE("1", "jv"), "/consent/language", "choose one of: en, id.");
    refuse_house(house, HOUSE("1", "id-ID"), "/consent/language", "choose one of: en, id.");
    refuse_house(house, HOUSE("1", "bahasa"), "/consent/language", "choose one of: en, id.");
    must(attempt(house, (struct act){.version = "2"}));
    refuse_house(house, HOUSE("9", "id"), "/consent/notice_version", "choose one of: 1, 2.");
    refuse_house(house, HOUSE("2", "jv"), "/consent/language", "choose one of: en, id, ms-Arab.");
    struct id id = house_register(house, &house->officer, HOUSE("2", "MS-arab")).id;
    refuse(house, (struct request){.method_and_path = POST(HOUSEHOLD "/consents"), .id = id, .body = CONSENT("3", "id")}, ERROR_FIELDS, "/notice_version");
    refuse(house, (struct request){.method_and_path = POST(HOUSEHOLD "/consents"), .id = id, .body = CONSENT("1", "ms-Arab")}, ERROR_FIELDS, "/language");
    run(house, (struct request){.method_and_path = POST(HOUSEHOLD "/consents"), .id = id, .body = CONSENT("1", "id")});
}

/* What else is wrong with the form is said in the same answer. */
static void
names_every_fault(void **state)
{
    struct house *house = *state;
    struct house_job job;
    struct error *error = house_try(house, &house->officer, "{\"region\":\"99\",\"consent\":" CONSENT("9", "id") ",\"members\":[]}", &job);
    bool notice = false, region = false, head = false;
    assert_non_null(error);
    for (size_t i = 0; i < error->fault_count; i++) {
        notice |= strcmp(error->faults[i].pointer, "/consent/notice_version") == 0;
        region |= strcmp(error->faults[i].pointer, "/region") == 0;
        head |= strcmp(error->faults[i].pointer, "/members") == 0;
    }
    error_free(error);
    assert_true(notice && region && head);
}

int
main(void)
{
    const struct CMUnitTest tests[] = { HOUSE_TEST(refuses_drafts), HOUSE_TEST(publishes_once), HOUSE_TEST(keeps_what_is_published),
        HOUSE_TEST(bars_what_was_not_read), HOUSE_TEST(names_every_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
