/* test_http_field.c: one table parses, prints, masks and describes a record: every kind, every refusal, all faults at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/http/field.h"

static const struct code sexes[] = {{"F", "perempuan", "female"}, {"M", "laki-laki", "male"}};
static const struct code_list sex_list = CODE_LIST("sex", 1, sexes);

struct home {
    struct presence presence;
    const char *address;
    int64_t lat;
};
static const struct field home_fields[] = {
    {.name = "address", .offset = offsetof(struct home, address), .kind = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_PERSONAL | FIELD_LINES, .maximum = 60},
    {.name = "lat", .offset = offsetof(struct home, lat), .kind = FIELD_DECIMAL, .minimum = -900000000, .maximum = 900000000},
};
static FIELD_TABLE(home_table, "home", struct home, home_fields);

struct person {
    struct presence presence;
    const char *name, *nik, *pin, *phone, *sex, *password;
    int64_t age, amount, at_ms;
    bool married;
    int32_t birth_date;
    struct id id;
    struct home *home;
    struct array homes, flags, notes, ids;
    struct json *extra;
    int64_t version;
};
#define AT(member) .offset = offsetof(struct person, member)
static const struct field person_fields[] = {
    {.name = "name", AT(name), .kind = FIELD_TEXT, .flags = FIELD_REQUIRED | FIELD_PERSONAL, .minimum = 1, .maximum = 20, .about = "full name"},
    {.name = "nik", AT(nik), .kind = FIELD_DIGITS, .flags = FIELD_PERSONAL | FIELD_IDENTIFIER, .maximum = 16},
    {.name = "pin", AT(pin), .kind = FIELD_DIGITS, .minimum = 4, .maximum = 6},
    {.name = "phone", AT(phone), .kind = FIELD_PHONE, .flags = FIELD_PERSONAL | FIELD_IDENTIFIER},
    {.name = "sex", AT(sex), .kind = FIELD_CODE, .codes = &sex_list},
    {.name = "password", AT(password), .kind = FIELD_TEXT, .flags = FIELD_WRITEONLY, .maximum = 64},
    {.name = "age", AT(age), .kind = FIELD_INT, .minimum = 0, .maximum = 150},
    {.name = "amount_minor", AT(amount), .kind = FIELD_MONEY},
    {.name = "at", AT(at_ms), .kind = FIELD_INSTANT},
    {.name = "married", AT(married), .kind = FIELD_BOOL, .flags = FIELD_NO_NULL},
    {.name = "birth_date", AT(birth_date), .kind = FIELD_DATE, .flags = FIELD_PAST},
    {.name = "id", AT(id), .kind = FIELD_ID},
    {.name = "home", AT(home), .kind = FIELD_OBJECT, .table = &home_table},
    {.name = "homes", AT(homes), .kind = FIELD_ARRAY, .table = &home_table, .minimum = 1, .maximum = 3},
    {.name = "flags", AT(flags), .kind = FIELD_TEXTS, .codes = &sex_list},
    {.name = "notes", AT(notes), .kind = FIELD_TEXTS, .maximum = 2},
    {.name = "ids", AT(ids), .kind = FIELD_IDS},
    {.name = "extra/~", AT(extra), .kind = FIELD_JSON},
    {.name = "version", AT(version), .kind = FIELD_INT, .flags = FIELD_READONLY},
};
static FIELD_TABLE(person_table, "person", struct person, person_fields);

#define ID "018f0000-0000-7000-8000-000000000001"
#define TODAY 20000 /* 2024-10-04 */

static struct error *
parse(struct arena *arena, const char *text, enum field_mode mode, struct person **ret_person)
{
    struct json *json = NULL;
    void *record = NULL;
    struct error *error = json_parse(arena, text, strlen(text), &json);
    if (error)
        return error;
    error = field_parse(arena, &person_table, json, "", mode, TODAY, &record);
    *ret_person = record;
    return error;
}

/* One member beside a good name: the fault it must give, or "" when it must pass. */
static const struct { const char *member; const char *fault; } members[] = {
    {"\"name\":\"Siti\"", ""}, {"\"name\":\"\"", "/name required"}, {"\"name\":\"   \"", "/name required"}, {"\"name\":5", "/name type"},
    {"\"name\":null", "/name required"}, {"\"name\":[\"a\"]", "/name type"}, {"\"name\":\"123456789012345678901\"", "/name length"},
    {"\"name\":\"a\\u202eb\"", "/name text"}, {"\"name\":\"a\\u200bb\"", "/name text"}, {"\"name\":\"a\\nb\"", "/name text"}, {"\"name\":\"a\\u0007\"", "/name text"},
    {"\"nik\":\"3201234567890001\"", ""}, {"\"nik\":\"320123456789000\"", "/nik digits"}, {"\"nik\":\"32012345678900011\"", "/nik digits"},
    {"\"nik\":\"320123456789000a\"", "/nik digits"}, {"\"nik\":3201234567890001", "/nik type"}, {"\"nik\":\"\\u0663201234567890001\"", "/nik digits"},
    {"\"nik\":\" 201234567890001\"", "/nik digits"}, {"\"nik\":\"\"", "/nik digits"}, {"\"nik\":null", ""},
    {"\"pin\":\"1234\"", ""}, {"\"pin\":\"123456\"", ""}, {"\"pin\":\"123\"", "/pin digits"}, {"\"pin\":\"1234567\"", "/pin digits"},
    {"\"phone\":\"+62 812-3456-789\"", ""}, {"\"phone\":\"0812345\"", ""}, {"\"phone\":\"12345\"", "/phone length"}, {"\"phone\":\"1234567890123456\"", "/phone length"},
    {"\"phone\":\"0812x45678\"", "/phone text"}, {"\"phone\":\"081+2345678\"", "/phone text"}, {"\"phone\":812345678", "/phone type"},
    {"\"sex\":\"F\"", ""}, {"\"sex\":\"f\"", "/sex code"}, {"\"sex\":\"\"", "/sex code"}, {"\"sex\":1", "/sex type"},
    {"\"age\":0", ""}, {"\"age\":150", ""}, {"\"age\":151", "/age range"}, {"\"age\":-1", "/age range"}, {"\"age\":1.0", "/age type"}, {"\"age\":\"1\"", "/age type"},
    {"\"age\":1e1", "/age type"}, {"\"age\":true", "/age type"}, {"\"age\":[1]", "/age type"},
    {"\"amount_minor\":75000000", ""}, {"\"amount_minor\":0", ""}, {"\"amount_minor\":-1", "/amount_minor range"}, {"\"amount_minor\":-0", ""},
    {"\"amount_minor\":10000000000000000", ""}, {"\"amount_minor\":10000000000000001", "/amount_minor range"},
    {"\"amount_minor\":9223372036854775807", "/amount_minor range"}, {"\"amount_minor\":1.5", "/amount_minor type"}, {"\"amount_minor\":\"100\"", "/amount_minor type"},
    {"\"amount_minor\":1e3", "/amount_minor type"}, {"\"amount_minor\":true", "/amount_minor type"},
    {"\"at\":\"2024-01-02T03:04:05Z\"", ""}, {"\"at\":\"2024-01-02T03:04:05+07:00\"", ""}, {"\"at\":\"2024-01-02T03:04:05\"", "/at instant"}, {"\"at\":5", "/at type"},
    {"\"married\":true", ""}, {"\"married\":1", "/married type"}, {"\"married\":\"true\"", "/married type"}, {"\"married\":null", "/married type"},
    {"\"birth_date\":\"2000-02-29\"", ""}, {"\"birth_date\":\"2001-02-29\"", "/birth_date date"}, {"\"birth_date\":\"2000-2-9\"", "/birth_date date"},
    {"\"birth_date\":\"2024-10-04\"", ""}, {"\"birth_date\":\"2024-10-05\"", "/birth_date future"}, {"\"birth_date\":\"\"", "/birth_date date"},
    {"\"id\":\"" ID "\"", ""}, {"\"id\":\"018f\"", "/id id"}, {"\"id\":\"00000000-0000-0000-0000-000000000000\"", "/id id"}, {"\"id\":7", "/id type"},
    {"\"home\":{\"address\":\"Jl. Mawar 1\\nRT 2\"}", ""}, {"\"home\":{}", "/home/address required"}, {"\"home\":[]", "/home type"},
    {"\"home\":{\"address\":\"x\",\"lat\":-6.2}", ""}, {"\"home\":{\"address\":\"x\",\"lat\":91}", "/home/lat range"}, {"\"home\":{\"address\":\"x\",\"lat\":\"1\"}", "/home/lat type"},
    {"\"home\":{\"address\":\"x\",\"lat\":1e300}", "/home/lat range"}, {"\"home\":{\"address\":\"x\",\"lon\":1}", "/home/lon unknown"},
    {"\"homes\":[{\"address\":\"x\"}]", ""}, {"\"homes\":[]", "/homes length"}, {"\"homes\":[{\"address\":\"x\"},{}]", "/homes/1/address required"},
    {"\"homes\":[1]", "/homes/0 type"}, {"\"homes\":[{},{},{},{}]", "/homes length"}, {"\"homes\":{}", "/homes type"},
    {"\"flags\":[\"F\",\"M\"]", ""}, {"\"flags\":[\"F\",\"Q\"]", "/flags/1 code"}, {"\"flags\":[1]", "/flags/0 type"}, {"\"flags\":\"F\"", "/flags type"},
    {"\"notes\":[\"a\",\"b\"]", ""}, {"\"notes\":[\"a\",\"b\",\"c\"]", "/notes length"}, {"\"notes\":[\"a\\u202e\"]", "/notes/0 text"},
    {"\"ids\":[\"" ID "\"]", ""}, {"\"ids\":[\"x\"]", "/ids/0 id"}, {"\"extra/~\":{\"a\":[1,2.5,null]}", ""}, {"\"extra/~\":null", ""},
    {"\"version\":1", "/version readonly"}, {"\"role\":\"admin\"", "/role unknown"}, {"\"a/b~c\":1", "/a~1b~0c unknown"}, {"\"Name\":\"x\"", "/Name unknown"},
};

static void
test_members(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        struct arena *arena = arena_create();
        struct person *person = NULL;
        bool named = strncmp(members[i].member, "\"name\"", 6) == 0;
        struct error *error = parse(arena, arena_format(arena, "{%s%s}", named ? "" : "\"name\":\"Siti\",", members[i].member), FIELD_CREATE, &person);
        const char *fault = "";
        if (error)
            fault = error->fault_count ? arena_format(arena, "%s %s", error->faults[0].pointer, fault_slug(error->faults[0].code)) : error_slug(error->code);
        if (strcmp(fault, members[i].fault) != 0)
            fail_msg("%s: \"%s\" instead of \"%s\"", members[i].member, fault, members[i].fault);
        assert_true(error == NULL || error->code == ERROR_FIELDS);
        error_free(error);
        arena_destroy(arena);
    }
}

static void
test_all_faults(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct person *person = NULL;
    struct error *error = parse(arena, "{\"nik\":\"1\",\"age\":\"x\",\"home\":{\"lat\":100,\"zzz\":1},\"homes\":[{\"address\":\"\"}],\"bad\":1}", FIELD_CREATE, &person);
    assert_non_null(error);
    static const char *const wanted[] = {"/nik", "/age", "/home/lat", "/home/zzz", "/home/address", "/homes/0/address", "/bad", "/name"};
    assert_int_equal(error->fault_count, 8);
    for (size_t i = 0; i < 8; i++)
        assert_string_equal(error->faults[i].pointer, wanted[i]);
    error_free(error);
    struct json *json = NULL;
    void *record;
    assert_null(json_parse(arena, "{\"address\":5}", 13, &json));
    error = field_parse(arena, &home_table, json, "/rows/4", FIELD_CREATE, TODAY, &record);
    assert_string_equal(error->faults[0].pointer, "/rows/4/address");
    error_free(error);
    arena_destroy(arena);
}

static void
test_values(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct person *p = NULL;
    assert_null(parse(arena,
                      "{\"name\":\"  Siti   Aminah \",\"phone\":\"+62 (812) 345-678\",\"sex\":\"F\",\"age\":7,\"birth_date\":\"1970-01-02\",\"password\":\" a  b \","
                      "\"home\":{\"address\":\"Jl.  A \\n  B\",\"lat\":-6.1753924},\"flags\":[\"M\"],\"ids\":[\"" ID "\"],\"at\":\"1970-01-01T00:00:01Z\",\"married\":true}",
                      FIELD_CREATE, &p));
    assert_string_equal(p->name, "Siti Aminah");
    assert_string_equal(p->phone, "+62812345678");
    assert_ptr_equal(p->sex, sexes[0].word);
    assert_string_equal(p->password, " a  b ");
    assert_string_equal(p->home->address, "Jl. A\nB");
    assert_int_equal(p->home->lat, -61753924);
    assert_int_equal(p->age, 7);
    assert_int_equal(p->birth_date, 1);
    assert_int_equal(p->at_ms, 1000);
    assert_true(p->married);
    assert_ptr_equal(((const char **)p->flags.items)[0], sexes[1].word);
    assert_int_equal(p->ids.count, 1);
    assert_true(field_present(&person_table, p, "age"));
    assert_false(field_present(&person_table, p, "nik"));
    assert_false(field_present(&person_table, p, "none"));
    arena_destroy(arena);
}

static void
test_patch(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct person *record = NULL, *patch = NULL;
    assert_null(parse(arena, "{\"name\":\"Siti\",\"nik\":\"3201234567890001\",\"age\":30,\"home\":{\"address\":\"old\",\"lat\":1}}", FIELD_CREATE, &record));
    assert_null(parse(arena, "{\"age\":null,\"pin\":\"1234\",\"home\":{\"lat\":2}}", FIELD_PATCH, &patch));
    assert_int_equal(patch->presence.null_set, 1 << 6);
    field_merge(&person_table, record, patch);
    assert_false(field_present(&person_table, record, "age"));
    assert_int_equal(record->age, 0);
    assert_string_equal(record->nik, "3201234567890001");
    assert_string_equal(record->pin, "1234");
    assert_string_equal(record->home->address, "old");
    assert_int_equal(record->home->lat, 20000000);
    struct error *error = NULL;
    field_check_required(&person_table, record, arena, "", &error);
    assert_null(error);
    static const struct { const char *text, *fault; } refused[] = {
        {"{\"name\":null}", "/name required"}, {"{\"name\":\" \"}", "/name required"}, {"{\"married\":null}", "/married type"}, {"{\"version\":2}", "/version readonly"},
        {"{\"x\":null}", "/x unknown"}, {"{\"homes\":[{}]}", "/homes/0/address required"}, {"{\"home\":{\"address\":null}}", "/home/address required"},
    };
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        error = parse(arena, refused[i].text, FIELD_PATCH, &patch);
        assert_non_null(error);
        assert_string_equal(arena_format(arena, "%s %s", error->faults[0].pointer, fault_slug(error->faults[0].code)), refused[i].fault);
        error_free(error);
    }
    /* A patch may bring an object whole or in part: what is missing shows after the merge. */
    struct person *bare = NULL;
    assert_null(parse(arena, "{\"name\":\"Siti\"}", FIELD_CREATE, &bare));
    assert_null(parse(arena, "{\"home\":{\"lat\":2}}", FIELD_PATCH, &patch));
    field_merge(&person_table, bare, patch);
    error = NULL;
    field_check_required(&person_table, bare, arena, "", &error);
    assert_string_equal(error->faults[0].pointer, "/home/address");
    error_free(error);
    arena_destroy(arena);
}

static const char *
print(struct arena *arena, const struct person *person, enum field_part part)
{
    struct buffer buffer;
    buffer_init(&buffer, arena);
    field_print(&buffer, NULL, &person_table, person, part);
    return arena_text(arena, buffer_text(&buffer));
}

static void
test_print(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct person *person = NULL, *again = NULL;
    const char *text = "{\"name\":\"Siti\",\"nik\":\"3201234567890001\",\"phone\":\"+62812345678\",\"age\":7,\"amount_minor\":75000000,\"at\":\"1970-01-01T00:00:01.000Z\","
                       "\"married\":false,\"birth_date\":\"1999-12-31\",\"id\":\"" ID "\",\"home\":{\"address\":\"A\",\"lat\":-0.0000001},\"homes\":[{\"address\":\"B\"}],"
                       "\"flags\":[\"F\"],\"notes\":[\"n\"],\"ids\":[\"" ID "\"],\"extra/~\":{\"a\":1}}";
    assert_null(parse(arena, text, FIELD_CREATE, &person));
    assert_string_equal(print(arena, person, FIELD_ALL), text);
    person->password = "secret";
    field_set_present(&person_table, person, "password");
    person->version = 4;
    field_set_present(&person_table, person, "version");
    const char *all = print(arena, person, FIELD_ALL);
    assert_null(strstr(all, "secret"));
    assert_non_null(strstr(all, "\"version\":4"));
    const char *masked = print(arena, person, FIELD_MASKED);
    assert_non_null(strstr(masked, "\"nik\":\"**********0001\""));
    assert_non_null(strstr(masked, "\"phone\":\"**********5678\""));
    assert_non_null(strstr(masked, "\"name\":\"Siti\""));
    assert_null(strstr(masked, "32012345"));
    const char *pseudonymous = print(arena, person, FIELD_PSEUDONYMOUS);
    assert_null(strstr(pseudonymous, "Siti"));
    assert_null(strstr(pseudonymous, "32012345"));
    assert_null(strstr(pseudonymous, "address"));
    assert_non_null(strstr(pseudonymous, "\"age\":7"));
    const char *plain = print(arena, person, FIELD_PLAIN_ONLY), *personal = print(arena, person, FIELD_PERSONAL_ONLY);
    assert_null(strstr(plain, "Siti"));
    assert_null(strstr(plain, "secret"));
    assert_string_equal(personal, "{\"name\":\"Siti\",\"nik\":\"3201234567890001\",\"phone\":\"+62812345678\",\"home\":{\"address\":\"A\"},\"homes\":[{\"address\":\"B\"}]}");
    /* Our own data is read back leniently. */
    assert_null(parse(arena, "{\"version\":4,\"later_field\":1,\"name\":\"a name much longer than twenty characters\",\"sex\":\"Q\"}", FIELD_STORED, &again));
    assert_int_equal(again->version, 4);
    assert_string_equal(again->sex, "Q");
    struct buffer mask;
    buffer_init(&mask, arena);
    field_mask(&mask, "123");
    assert_string_equal(buffer_text(&mask), "**********");
    arena_destroy(arena);
}

static void
test_schema(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct buffer buffer;
    struct json *in = NULL, *out = NULL;
    buffer_init(&buffer, arena);
    field_print_schema(&buffer, &person_table, true);
    assert_null(json_parse(arena, buffer.data, buffer.length, &in));
    const struct json *properties = json_get(in, "properties");
    assert_null(json_get(properties, "version"));
    assert_non_null(json_get(properties, "password"));
    assert_string_equal(json_get_text(json_get(properties, "nik"), "pattern"), "^[0-9]{16}$");
    assert_int_equal(json_get_int(json_get(properties, "name"), "maxLength", 0), 20);
    assert_int_equal(json_get(json_get(properties, "sex"), "enum")->count, 2);
    assert_string_equal(json_get_text(json_get(properties, "birth_date"), "format"), "date");
    assert_int_equal(json_get(in, "required")->count, 1);
    assert_false(json_get(in, "additionalProperties")->boolean);
    assert_string_equal(json_get_text(json_get(json_get(properties, "homes"), "items"), "type"), "object");
    buffer_init(&buffer, arena);
    field_print_schema(&buffer, &person_table, false);
    assert_null(json_parse(arena, buffer.data, buffer.length, &out));
    assert_null(json_get(json_get(out, "properties"), "password"));
    assert_non_null(json_get(json_get(out, "properties"), "version"));
    arena_destroy(arena);
}

static void
test_codes(void **state)
{
    (void)state;
    assert_ptr_equal(code_find(&sex_list, "M"), &sexes[1]);
    assert_null(code_find(&sex_list, "m"));
    assert_null(code_find(&sex_list, ""));
    assert_null(code_find(&sex_list, NULL));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_members), cmocka_unit_test(test_all_faults), cmocka_unit_test(test_values), cmocka_unit_test(test_patch),
        cmocka_unit_test(test_print),   cmocka_unit_test(test_schema),     cmocka_unit_test(test_codes),
    };
    return cmocka_run_group_tests_name("http field", tests, NULL, NULL);
}
