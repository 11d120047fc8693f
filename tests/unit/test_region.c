/* test_region.c: imports of the administrative tree: the real one whole and again, moves, and what is refused; search, path and scope. */
#include "audit_fixture.h"


#include "lumbung/region.h"
#include "region/region_store.h"

#define ARRAY_COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define REAL_TREE "../shared/data/idn-regions/wilayah.csv"

struct import {
    const char *csv;
    size_t length;
    int64_t rows;
};

static struct error *
import_apply(struct tx *tx, void *context)
{
    struct import *import = context;
    struct actor actor = user_console_actor();
    return region_import(tx, &actor, import->csv, import->length, &import->rows);
}

FALLIBLE static struct error *
import_text(struct trial *trial, const char *csv, int64_t *ret_rows)
{
    struct import import = {csv, strlen(csv), 0};
    TRY(lane_run(trial->lane, import_apply, &import, trial->arena));
    *ret_rows = import.rows;
    return NULL;
}

static int64_t
number(struct trial *trial, const char *sql)
{
    return fixture_number(trial->fixture, sql);
}

#define SMALL \
    "code,parent,level,kind,name\n" \
    "11.01.01.2001,11.01.01,4,desa,Keude Bakongan \n" \
    "11.01.01,11.01,3,kecamatan,\"Bakongan, \"\"Barat\"\"\"\n" \
    "11,,1,provinsi,Aceh\n" \
    "11.01,11,2,kabupaten,Kabupaten Aceh Selatan\n" \
    "11.1,11,2,kota,Lain\n"

static struct error *
look_small(struct tx *tx, void *context)
{
    struct actor console = user_console_actor();
    struct region region, other;
    const char *path = NULL;
    bool contains = false;
    (void)context;
    TRY(region_by_code(tx, &console, "11.01.01.2001", &region));
    assert_string_equal(region.name, "Keude Bakongan");
    assert_string_equal(region.parent_code, "11.01.01");
    assert_false(region.has_children);
    TRY(region_path_text(tx, region.id, &path));
    assert_string_equal(path, "Keude Bakongan, Bakongan, \"Barat\", Kabupaten Aceh Selatan, Aceh");
    TRY(region_by_code(tx, &console, "11", &other));
    assert_true(other.has_children);
    assert_null(other.parent_code);
    TRY(region_contains(tx, other.id, region.id, &contains));
    assert_true(contains);
    TRY(region_contains(tx, region.id, other.id, &contains));
    assert_false(contains);
    /* Codes are text. */
    TRY(region_by_code(tx, &console, "11.1", &other));
    assert_string_equal(other.name, "Lain");
    must_refuse(region_by_code(tx, &console, "11.10", &other), ERROR_NOT_FOUND, NULL);
    return NULL;
}

static void
test_small(void **state)
{
    struct trial *trial = *state;
    int64_t rows = 0;
    must(import_text(trial, SMALL, &rows));
    assert_int_equal(rows, 5);
    must(trial_read(trial, look_small, NULL));
    assert_int_equal(number(trial, "SELECT count(*) FROM region_closure"), 1 + 2 + 2 + 3 + 4);
    /* The same again changes nothing; a byte order mark, CRLF and another order of columns are read. */
    must(import_text(trial, SMALL, &rows));
    must(import_text(trial, "\xef\xbb\xbfname,kind,level,parent,code\r\nAceh Baru,provinsi,1,,11\r\nDesa Lain,desa,4,11.01.01,11.01.01.2002\r\n", &rows));
    assert_int_equal(rows, 2);
    assert_int_equal(number(trial, "SELECT count(*) FROM region"), 6);
    assert_int_equal(number(trial, "SELECT count(*) FROM region_code"), 6);
    assert_int_equal(number(trial, "SELECT count(*) FROM region WHERE name = 'Aceh Baru' AND version = 2"), 1);
    assert_int_equal(number(trial, "SELECT count(*) FROM region_closure"), 12 + 4);
    /* Moved: the closure follows. */
    must(import_text(trial, "code,parent,level,kind,name\n11.01.01,11.1,3,kecamatan,Bakongan\n", &rows));
    assert_int_equal(number(trial, "SELECT count(*) FROM region_closure WHERE ancestor = (SELECT id FROM region WHERE code = '11.01')"), 1);
    assert_int_equal(number(trial, "SELECT count(*) FROM region_closure WHERE ancestor = (SELECT id FROM region WHERE code = '11.1')"), 4);
    assert_int_equal(number(trial, "SELECT count(*) FROM audit_leaf WHERE action = 'region.import'"), 4);
}

/* What is refused, where and why; nothing is kept of it. */
static const struct {
    const char *csv, *pointer;
    enum fault_code code;
} refusals[] = {
    {"", "row 1, column code", FAULT_REQUIRED},
    {"code,parent,level,kind\n", "row 1, column name", FAULT_REQUIRED},
    {"code,parent,level,kind,name\n", "row 2, column code", FAULT_REQUIRED},
    {"code,parent,level,kind,name\n,,1,provinsi,A\n", "row 2, column code", FAULT_REQUIRED},
    {"code,parent,level,kind,name\n1,,1,provinsi,\n", "row 2, column name", FAULT_REQUIRED},
    {"code,parent,level,kind,name\n1,,1,provinsi,\"  \"\n", "row 2, column name", FAULT_REQUIRED},
    {"code,parent,level,kind,name\n1,,,provinsi,A\n", "row 2, column level", FAULT_REQUIRED},
    {"code,parent,level,kind,name\n1,,x,provinsi,A\n", "row 2, column level", FAULT_RANGE},
    {"code,parent,level,kind,name\n1,,16,provinsi,A\n", "row 2, column level", FAULT_RANGE},
    {"code,parent,level,kind,name\n1,,-1,provinsi,A\n", "row 2, column level", FAULT_RANGE},
    {"code,parent,level,kind,name\n1,,1,,A\n", "row 2, column kind", FAULT_REQUIRED},
    {"code,parent,level,kind,name\n1,,1,provinsi,A\n1,,1,provinsi,B\n", "row 3, column code", FAULT_DOUBLED},
    {"code,parent,level,kind,name\n1,9,1,provinsi,A\n", "row 2, column parent", FAULT_REFERENCE},
    {"code,parent,level,kind,name\n1,,1,provinsi,A\n2,1,1,kota,B\n", "row 3, column level", FAULT_CONFLICT},
    {"code,parent,level,kind,name\n1,,2,provinsi,A\n2,1,1,kota,B\n", "row 3, column level", FAULT_CONFLICT},
    {"code,parent,level,kind,name\n1,1,1,provinsi,A\n", "row 2, column parent", FAULT_CONFLICT},
    {"code,parent,level,kind,name\n0,,1,provinsi,Z\n1,3,1,provinsi,A\n2,1,2,kota,B\n3,2,3,desa,C\n", "row 5, column parent", FAULT_CONFLICT},
    {"code,parent,level,kind,name\n1,,1,provinsi,A\x01\n", "row 2, column name", FAULT_TEXT},
    {"code,parent,level,kind,name\n1,,1,provinsi,\xff\xfe\n", "row 2, column name", FAULT_TEXT},
    {"code,parent,level,kind,name\n1,,1,provinsi,\"A\n2,,1,provinsi,B\n", "row 2", FAULT_TEXT},
    {"code,parent,level,kind,name\n1,,1,provinsi,\"A\"x\n", "row 2", FAULT_TEXT},
    {"code,parent,level,kind,name\n1,,1,provinsi,A,B\n", "row 2", FAULT_UNKNOWN},
    {"code,parent,level,kind,name\n1234567890123456789012345678901234567890x,,1,provinsi,A\n", "row 2, column code", FAULT_LENGTH},
};

static void
test_refusals(void **state)
{
    struct trial *trial = *state;
    for (size_t i = 0; i < ARRAY_COUNT(refusals); i++) {
        int64_t rows = 0;
        struct error *error = import_text(trial, refusals[i].csv, &rows);
        bool found = false;
        for (size_t j = 0; error && j < error->fault_count; j++)
            found = found || (error->faults[j].code == refusals[i].code && strcmp(error->faults[j].pointer, refusals[i].pointer) == 0);
        if (!found)
            fail_msg("row %zu: got %s %s", i, error ? error_slug(error->code) : "nothing", error && error->fault_count > 0 ? error->faults[0].pointer : "");
        error_free(error);
        assert_int_equal(number(trial, "SELECT count(*) FROM region"), 0);
    }
    /* A zero byte ends no text. */
    struct import import = {"code,parent,level,kind,name\n1,,1,a,b\0c\n", 41, 0};
    must_refuse(lane_run(trial->lane, import_apply, &import, trial->arena), ERROR_MALFORMED, NULL);
    /* A cycle through regions that are already there. */
    int64_t rows = 0;
    must(import_text(trial, "code,parent,level,kind,name\n1,,1,a,A\n2,1,2,b,B\n3,2,3,c,C\n", &rows));
    struct error *error = import_text(trial, "code,parent,level,kind,name\n1,3,4,a,A\n", &rows);
    assert_non_null(error);
    assert_string_equal(error->faults[0].pointer, "row 2, column parent");
    error_free(error);
}

struct compare {
    const char *csv, *json;
    struct error *error; /* the refusal, kept from the reader's transaction */
};

static struct error *
difference(struct tx *tx, void *context)
{
    struct compare *compare = context;
    struct buffer body;
    buffer_init(&body, tx->arena);
    compare->error = region_difference_print(tx, compare->csv, strlen(compare->csv), &body);
    compare->json = compare->error ? "" : buffer_text(&body);
    return NULL;
}

static void
expect_in(const char *json, const char *part)
{
    if (!strstr(json, part))
        fail_msg("no %s in %s", part, json);
}

/* What an import would do is told, and nothing of it is done; what it would refuse is refused the same. */
static void
test_difference(void **state)
{
    struct trial *trial = *state;
    int64_t rows = 0;
    must(import_text(trial, SMALL, &rows));
    struct compare compare = {.csv = "code,parent,level,kind,name\n11,,1,provinsi,Aceh\n11.01,11,2,kabupaten,Aceh Selatan\n11.01.01,11.1,3,kelurahan,\"Bakongan, \"\"Barat\"\"\"\n"
                                     "11.01.02,11.01,3,kecamatan,Kluet\n"};
    must(trial_read(trial, difference, &compare));
    assert_null(compare.error);
    expect_in(compare.json, "\"rows\":4,\"present\":5");
    expect_in(compare.json, "\"code\":\"11.01.02\",\"name\":\"Kluet\",\"kind\":\"kecamatan\",\"level\":3,\"parent\":\"11.01\",\"name_before\":null");
    expect_in(compare.json, "\"name\":\"Aceh Selatan\",\"kind\":\"kabupaten\",\"level\":2,\"parent\":\"11\",\"name_before\":\"Kabupaten Aceh Selatan\"");
    expect_in(compare.json, "\"parent\":\"11.1\",\"name_before\":\"Bakongan, \\\"Barat\\\"\",\"kind_before\":\"kecamatan\",\"parent_before\":\"11.01\"");
    expect_in(compare.json, "\"absent\":{\"items\":[{\"code\":\"11.1\"");
    assert_int_equal(number(trial, "SELECT count(*) FROM region"), 5);
    assert_int_equal(number(trial, "SELECT count(*) FROM region WHERE name = 'Kabupaten Aceh Selatan'"), 1);
    assert_int_equal(number(trial, "SELECT count(*) FROM audit_leaf WHERE action = 'region.import'"), 1);
    compare.csv = SMALL;
    must(trial_read(trial, difference, &compare));
    for (const char *at = compare.json; (at = strstr(at, "\"count\":")) != NULL; at += 8)
        assert_memory_equal(at, "\"count\":0", 9);
    for (size_t i = 0; i < ARRAY_COUNT(refusals); i++) {
        compare.csv = refusals[i].csv;
        must(trial_read(trial, difference, &compare));
        if (!compare.error || compare.error->code != ERROR_FIELDS)
            fail_msg("row %zu: %s", i, compare.error ? error_slug(compare.error->code) : "accepted");
        error_free(compare.error);
    }
}

static struct error *
add_user(struct tx *tx, void *context)
{
    static const enum role officer[] = {ROLE_OFFICER};
    static const char *const codes[] = {"11.01.01"};
    struct actor console = user_console_actor();
    struct user_new user = {.username = "rina", .display_name = "Rina", .roles = officer, .role_count = 1, .region_codes = codes, .region_count = 1};
    return user_add(tx, &console, &user, NULL, context);
}

static struct error *
look_scoped(struct tx *tx, void *context)
{
    struct actor actor;
    struct region region, list[10];
    size_t count = 0;
    bool in_scope = false, found = false;
    TRY(user_actor(tx, *(struct id *)context, &actor));
    TRY(region_by_code(tx, &actor, "11.01.01.2001", &region));
    must_refuse(region_by_code(tx, &actor, "11.01", &region), ERROR_NOT_FOUND, NULL);
    must_refuse(region_by_code(tx, &actor, "99", &region), ERROR_NOT_FOUND, NULL);
    TRY(region_find_code(tx, "11.01", &region, &found));
    TRY(region_in_scope(tx, &actor, region.id, &in_scope));
    assert_true(found && !in_scope);
    TRY(region_roots_load(tx, &actor, "", 10, list, &count));
    assert_int_equal(count, 1);
    assert_string_equal(list[0].code, "11.01.01");
    struct region_hit hits[10];
    struct region_search search = {"%a%", "a%", "a", "% a", "a%", -1, -1, "", {{0}}, 10};
    TRY(region_search_load(tx, &actor, &search, list, hits, &count));
    assert_int_equal(count, 2);
    return NULL;
}

static void
test_scope(void **state)
{
    struct trial *trial = *state;
    struct id user;
    int64_t rows = 0;
    must(import_text(trial, SMALL, &rows));
    trial_write(trial, add_user, &user);
    must(trial_read(trial, look_scoped, &user));
    assert_int_equal(number(trial, "SELECT count(*) FROM user_scope"), 2);
    /* A new village in his district is his without more ado. */
    must(import_text(trial, "code,parent,level,kind,name\n11.01.01.2003,11.01.01,4,desa,Baru\n", &rows));
    assert_int_equal(number(trial, "SELECT count(*) FROM user_scope"), 3);
}

static const char *
read_real(struct trial *trial, size_t *ret_length)
{
    FILE *file = fopen(REAL_TREE, "rb");
    if (!file)
        return NULL;
    char *text = arena_alloc(trial->arena, 8 << 20);
    *ret_length = fread(text, 1, 8 << 20, file);
    fclose(file);
    return text;
}

static struct error *
search_real(struct tx *tx, void *context)
{
    struct actor console = user_console_actor();
    struct region list[200];
    struct region_hit hits[200];
    size_t count = 0;
    (void)context;
    /* Signs of the pattern language are letters like others. */
    struct region_search search = {"%\\%%", "\\%%", "%", "% \\%", "\\%%", -1, -1, "", {{0}}, 200};
    TRY(region_search_load(tx, &console, &search, list, hits, &count));
    assert_int_equal(count, 0);
    search = (struct region_search){"%kerinci%", "kerinci%", "kerinci", "% kerinci", "kerinci%", -1, -1, "", {{0}}, 200};
    TRY(region_search_load(tx, &console, &search, list, hits, &count));
    assert_true(count > 5);
    assert_string_equal(list[0].name, "Kabupaten Kerinci");
    /* Page by page it is the same list. */
    for (size_t i = 0; i + 1 < count; i++) {
        struct region next;
        struct region_hit hit;
        size_t one = 0;
        search.limit = 1;
        search.after_rank = hits[i].rank;
        search.after_level = list[i].level;
        search.after_folded = hits[i].folded;
        search.after_id = list[i].id;
        TRY(region_search_load(tx, &console, &search, &next, &hit, &one));
        assert_true(one == 1 && id_equal(next.id, list[i + 1].id));
    }
    return NULL;
}

static void
test_real_tree(void **state)
{
    struct trial *trial = *state;
    struct import import = {0};
    import.csv = read_real(trial, &import.length);
    if (!import.csv) {
        print_message("%s is missing: skipped\n", REAL_TREE);
        skip();
    }
    trial_write(trial, import_apply, &import);
    trial_write(trial, import_apply, &import); /* the same again changes nothing */
    assert_int_equal(import.rows, 91599);
    assert_int_equal(number(trial, "SELECT count(*) FROM region"), 91599);
    assert_int_equal(number(trial, "SELECT count(*) FROM region_code"), 91599);
    assert_int_equal(number(trial, "SELECT count(*) FROM region_closure"), 38 + 514 * 2 + 7285 * 3 + 83762 * 4);
    assert_int_equal(number(trial, "SELECT count(*) FROM region WHERE name <> trim(name)"), 0);
    must(trial_read(trial, search_real, NULL));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {TRIAL_TEST(test_small), TRIAL_TEST(test_refusals), TRIAL_TEST(test_difference), TRIAL_TEST(test_scope), TRIAL_TEST(test_real_tree)};
    return cmocka_run_group_tests_name("region", tests, NULL, NULL);
}
