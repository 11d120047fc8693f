/* Mappings: what a bad one is refused for, and what a good one makes of a row. */
#include "check.h"
#include "import/import_map.h"
#include "lumbung/base/json.h"

static const char *const head[] = {"id", "name", "sex", "m", "f", "age", "born", "income", "two", "two"};
#define HEAD "{\"one_row_is\": \"member\", \"group_by\": [\"id\"], \"household\": {\"region\": \"id\"}, "

static struct error *
read_map(struct arena *arena, const char *text, struct import_map *ret_map)
{
    struct json *json = NULL;
    struct error *error = json_parse(arena, text, strlen(text), &json);
    assert_null(error);
    return import_map_read(arena, json, head, COUNT(head), ret_map);
}

static void
test_bad_maps_are_refused(void **state)
{
    (void)state;
    static const struct { const char *map, *pointer; enum fault_code code; } rows[] = {
        {"{}", "/one_row_is", FAULT_TYPE},
        {"{\"one_row_is\": \"person\"}", "/one_row_is", FAULT_TYPE},
        {"{\"one_row_is\": \"member\", \"household\": {\"region\": \"id\"}, \"member\": {\"name\": \"name\"}}", "/group_by", FAULT_REQUIRED},
        {"{\"one_row_is\": \"household\", \"group_by\": [\"id\"], \"household\": {\"region\": \"id\"}, \"member\": {\"name\": \"name\"}}", "/group_by", FAULT_CONFLICT},
        {"{\"one_row_is\": \"household\", \"key\": [\"nobody\"], \"household\": {\"region\": \"id\"}, \"member\": {\"name\": \"name\"}}", "/key/0", FAULT_REFERENCE},
        {"{\"one_row_is\": \"household\", \"key\": \"id\", \"household\": {\"region\": \"id\"}, \"member\": {\"name\": \"name\"}}", "/key", FAULT_TYPE},
        {HEAD "\"member\": {\"name\": \"nobody\"}}", "/member/name", FAULT_REFERENCE},
        {HEAD "\"member\": {\"name\": \"two\"}}", "/member/name", FAULT_CONFLICT},
        {HEAD "\"member\": {\"nom\": \"name\"}}", "/member/nom", FAULT_UNKNOWN},
        {HEAD "\"member\": {\"state\": \"name\"}}", "/member/state", FAULT_UNKNOWN},
        {HEAD "\"member\": {}}", "/member", FAULT_REQUIRED},
        {HEAD "\"member\": {\"name\": {}}}", "/member/name", FAULT_TYPE},
        {HEAD "\"member\": {\"name\": {\"join\": []}}}", "/member/name", FAULT_TYPE},
        {HEAD "\"member\": {\"name\": {\"join\": [\"name\"], \"sum\": [\"age\"]}}}", "/member/name", FAULT_TYPE},
        {HEAD "\"member\": {\"name\": {\"join\": [\"name\"], \"whit\": \"-\"}}}", "/member/name", FAULT_TYPE},
        {HEAD "\"member\": {\"name\": {\"column\": \"name\", \"decimals\": 7}}}", "/member/name", FAULT_TYPE},
        {HEAD "\"member\": {\"name\": {\"column\": \"name\", \"decimals\": -1}}}", "/member/name", FAULT_TYPE},
        {HEAD "\"member\": {\"name\": {\"sum\": [{\"const\": \"1\"}]}}}", "/member/name", FAULT_REFERENCE},
        {HEAD "\"member\": {\"sex\": {\"one_of\": {\"m\": \"man\"}}}}", "/member/sex/m", FAULT_CODE},
        {HEAD "\"member\": {\"sex\": {\"one_of\": {\"w\": \"F\"}}}}", "/member/sex/w", FAULT_REFERENCE},
        {HEAD "\"member\": {\"sex\": {\"one_of\": {}}}}", "/member/sex", FAULT_TYPE},
        {HEAD "\"member\": {\"sex\": {\"const\": \"W\"}}}", "/member/sex", FAULT_CODE},
        {HEAD "\"member\": {\"sex\": \"sex\"}, \"values\": {\"sex\": {\"1\": \"man\"}}}", "/values/sex/1", FAULT_CODE},
        {HEAD "\"member\": {\"sex\": \"sex\"}, \"values\": {\"sexe\": {\"1\": \"M\"}}}", "/values/sexe", FAULT_REFERENCE},
        {HEAD "\"member\": {\"sex\": \"sex\"}, \"values\": {\"sex\": \"M\"}}", "/values/sex", FAULT_TYPE},
        {HEAD "\"member\": {\"sex\": \"sex\"}, \"checks\": {}}", "/checks", FAULT_TYPE},
        {HEAD "\"member\": {\"sex\": \"sex\"}, \"checks\": [{}]}", "/checks/0", FAULT_TYPE},
        {HEAD "\"member\": {\"sex\": \"sex\"}, \"checks\": [{\"agree\": []}]}", "/checks/0", FAULT_TYPE},
        {HEAD "\"member\": {\"sex\": \"sex\"}, \"checks\": [{\"agree\": [\"nobody\"]}]}", "/checks/0", FAULT_REFERENCE},
        {HEAD "\"member\": {\"sex\": \"sex\"}, \"checks\": [{\"count\": \"age\", \"then\": \"ignore\"}]}", "/checks/0", FAULT_TYPE},
        {HEAD "\"member\": {\"sex\": \"sex\"}, \"checks\": [{\"age\": \"age\"}]}", "/checks/0", FAULT_TYPE},
        {HEAD "\"member\": {\"sex\": \"sex\"}, \"checks\": [{\"age\": \"age\", \"on\": \"2020-02-30\"}]}", "/checks/0", FAULT_TYPE},
        {HEAD "\"member\": {\"sex\": \"sex\"}, \"source\": \" \"}", "/source", FAULT_TYPE},
        {HEAD "\"member\": {\"sex\": \"sex\"}, \"delimiter\": \"||\"}", "/delimiter", FAULT_TYPE},
        {HEAD "\"member\": {\"sex\": \"sex\"}, \"date_format\": \"DD-YYYY\"}", "/date_format", FAULT_TYPE},
        {HEAD "\"member\": {\"sex\": \"sex\"}, \"date_format\": \"MM-DD\"}", "/date_format", FAULT_TYPE},
        {HEAD "\"member\": {\"sex\": \"sex\"}, \"sort\": \"name\"}", "/sort", FAULT_UNKNOWN},
    };
    struct arena *arena = arena_create();
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct import_map map;
        bool found = false;
        arena_reset(arena);
        struct error *error = read_map(arena, rows[i].map, &map);
        CHECK_ROW(error != NULL && error->code == ERROR_FIELDS, rows[i].map);
        for (size_t j = 0; j < error->fault_count; j++)
            found |= strcmp(error->faults[j].pointer, rows[i].pointer) == 0 && error->faults[j].code == rows[i].code;
        CHECK_ROW(found, rows[i].map);
        error_free(error);
    }
    arena_destroy(arena);
}

/* `json`: the field as the row gives it; "" for none. */
static void
test_rows_become_fields(void **state)
{
    (void)state;
    static const struct { const char *field, *more, *json; } rows[] = {
        {"\"name\": \"name\"", "", "\"Siti Aminah\""},
        {"\"name\": {\"join\": [\"name\", {\"const\": \"of\"}, \"id\"], \"with\": \"/\"}", "", "\"Siti Aminah/of/7\""},
        {"\"name\": {\"join\": [{\"const\": \"nobody\"}, \"f\"]}", "", "\"nobody 1\""},
        {"\"name\": {\"join\": [{\"const\": \"nobody\"}, \"m\"]}", "", ""},
        {"\"sex\": {\"one_of\": {\"m\": \"M\", \"f\": \"F\"}}", "", "\"F\""},
        {"\"sex\": {\"one_of\": {\"age\": \"M\", \"f\": \"F\"}}", "", "\"age+f\""},
        {"\"sex\": {\"first_of\": {\"age\": \"M\", \"f\": \"F\"}}", "", "\"M\""},
        {"\"sex\": {\"one_of\": {\"m\": \"M\"}}", "", ""},
        {"\"sex\": \"sex\"", ", \"values\": {\"sex\": {\"2\": \"F\"}}", "\"F\""},
        {"\"sex\": \"sex\"", ", \"values\": {\"sex\": {\"2\": null}}", ""},
        {"\"age_years\": {\"sum\": [\"age\", \"f\"]}", "", "31"},
        {"\"age_years\": {\"sum\": [\"age\", \"name\"]}", "", "\"30+Siti Aminah\""},
        {"\"birth_date\": \"born\"", ", \"date_format\": \"YYYY\"", "\"1990-07-01\""},
        {"\"birth_date\": \"born\"", ", \"date_format\": \"YYYY-MM\"", "\"1990\""},
        {"\"birth_date\": \"born\"", "", "\"1990\""},
        {"\"income_minor\": {\"column\": \"income\", \"decimals\": 2}", "", "57670"},
        {"\"income_minor\": {\"column\": \"income\", \"decimals\": 0}", "", "\"576.7\""},
        {"\"income_minor\": {\"column\": \"age\", \"decimals\": 2}", "", "3000"},
    };
    static const char *const cells[] = {"7", " Siti  Aminah ", "2", "", "1", "30", "1990", "576.7"};
    struct arena *arena = arena_create();
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct import_map map;
        struct buffer printed;
        arena_reset(arena);
        struct error *error = read_map(arena, arena_format(arena, HEAD "\"member\": {%s}%s}", rows[i].field, rows[i].more), &map);
        CHECK_ROW(error == NULL && map.member_count == 1, rows[i].field);
        struct json *value = import_map_value(arena, &map, &map.member[0], cells, COUNT(cells));
        buffer_init(&printed, arena);
        if (value)
            json_print(&printed, NULL, value);
        CHECK_TEXT(buffer_text(&printed), rows[i].json, rows[i].field);
    }
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad_maps_are_refused),
        cmocka_unit_test(test_rows_become_fields),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
