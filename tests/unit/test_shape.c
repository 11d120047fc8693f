/* test_shape.c: files of outlines that are taken, laid on the grid of their siblings, and the many that are refused with the place of the fault. */
#include "money_fixture.h"

#include "shape/shape_file.h"
#include "shape/shape_store.h"

static struct shape_order order_now;
static struct shape_result result_now;

static struct error *
step_import(struct tx *tx, void *context)
{
    struct money *money = context;
    struct shape_file *file = NULL;
    order_now.text = money->json;
    order_now.length = strlen(money->json);
    TRY(shape_file_read(tx->arena, &order_now, &file));
    return shape_import(tx, &money->house->console, &order_now, file, &result_now);
}

#define FEATURE(code, geometry) "{\"type\":\"Feature\",\"properties\":{\"code\":\"" code "\"},\"geometry\":" geometry "}"
#define FILE_OF(features) "{\"type\":\"FeatureCollection\",\"features\":[" features "]}"
#define POLYGON(rings) "{\"type\":\"Polygon\",\"coordinates\":[" rings "]}"
#define SQUARE "[[110.0,-7.0],[110.5,-7.0],[110.5,-7.5],[110.0,-7.5],[110.0,-7.0]]"
#define BESIDE "[[110.5,-7.0],[111.0,-7.0],[111.0,-7.5],[110.5,-7.5],[110.5,-7.0]]"
#define ONE(ring) FILE_OF(FEATURE("33.08.03", POLYGON(ring)))

static void
start(int64_t level)
{
    order_now = (struct shape_order){.level = level, .code = "code", .source = "uji.geojson"};
}

static const char *
rings_of(struct money *money, const char *code)
{
    struct db *db;
    struct arena *arena = money->house->trial->arena;
    const char *rings = NULL;
    must(db_open(money->house->trial->fixture->path, DB_MIGRATOR, NULL, &db));
    struct statement statement = {"rings", arena_format(arena, "SELECT s.rings FROM region_shape s JOIN region r ON r.id = s.region_id WHERE r.code = '%s'", code), false};
    must(cursor_one(cursor_start(db, &statement), arena, cursor_read_text, &rings, NULL));
    db_close(db);
    return rings;
}

static void
outlines_are_kept_in_steps(void **state)
{
    struct money *money = *state;
    start(3);
    money->json = FILE_OF(FEATURE("33.08.03", POLYGON(SQUARE)) "," FEATURE("33.08.04", "{\"type\":\"MultiPolygon\",\"coordinates\":[[" BESIDE "]]}"));
    MUST(step_import);
    assert_int_equal(result_now.drawn, 2);
    /* siblings fill 100,000 steps: a grid of 83, on which the border that they share is one */
    assert_string_equal(rings_of(money, "33.08.03"), "[[10999990,-700022,50049,0,0,-49966,-50049,0]]");
    assert_string_equal(rings_of(money, "33.08.04"), "[[11050039,-700022,49966,0,0,-49966,-49966,0]]");
    assert_int_equal(money_sql(money, "SELECT count(*) FROM audit_leaf WHERE action = 'shape.import'"), 1);
}

static void
a_second_file_replaces_what_it_draws(void **state)
{
    struct money *money = *state;
    start(3);
    money->json = FILE_OF(FEATURE("33.08.03", POLYGON(SQUARE)) "," FEATURE("33.08.04", POLYGON(BESIDE)));
    MUST(step_import);
    order_now.source = "baru.geojson";
    money->json = FILE_OF(FEATURE("33.08.03", POLYGON(BESIDE)));
    MUST(step_import);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM region_shape WHERE source = 'baru.geojson'"), 1);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM region_shape"), 2);
}

#define ARCS "\"arcs\":[[[0,0],[5000,0],[0,-5000]],[[5000,-5000],[-5000,0],[0,5000]],[[5000,0],[5000,0],[0,-5000],[-5000,0]]]"
#define TOPOLOGY(more, geometries) \
    "{\"type\":\"Topology\",\"transform\":{\"scale\":[0.0001,0.0001],\"translate\":[110,-7]}," ARCS ",\"objects\":{\"area\":{\"type\":\"GeometryCollection\",\"geometries\":[" \
    geometries "]}" more "}}"
#define ARC_POLYGON(code, arcs) "{\"type\":\"Polygon\",\"properties\":{\"code\":\"" code "\"},\"arcs\":[[" arcs "]]}"

static void
topologies_share_their_borders(void **state)
{
    struct money *money = *state;
    start(3);
    money->json = TOPOLOGY("", ARC_POLYGON("33.08.03", "0,1") "," ARC_POLYGON("33.08.04", "2,-1"));
    must_refuse(money_try(money, step_import), ERROR_FIELDS, NULL); /* the second does not come back to its start */
    money->json = TOPOLOGY("", ARC_POLYGON("33.08.03", "0,1"));
    MUST(step_import);
    assert_string_equal(rings_of(money, "33.08.03"), "[[11000013,-699993,49979,0,0,-50020,-49979,0]]");
    money->json = TOPOLOGY(",\"other\":{\"type\":\"GeometryCollection\",\"geometries\":[]}", ARC_POLYGON("33.08.03", "0,1"));
    must_refuse(money_try(money, step_import), ERROR_USAGE, "--object area");
    order_now.object = "area";
    MUST(step_import);
    order_now.object = "nothing";
    must_refuse(money_try(money, step_import), ERROR_MALFORMED, NULL);
}

static void
names_tell_regions_too(void **state)
{
    struct money *money = *state;
    start(3);
    order_now.name = "NAMA";
    money->json = FILE_OF("{\"type\":\"Feature\",\"properties\":{\"NAMA\":\"BOROBUDUR\"},\"geometry\":" POLYGON(SQUARE) "}");
    MUST(step_import);
    assert_non_null(rings_of(money, "33.08.03"));
}

static void
small_islands_go_but_never_the_last(void **state)
{
    struct money *money = *state;
    start(3);
#define SPECK "[[110.60001,-7.0],[110.60002,-7.0],[110.60002,-7.00001],[110.60001,-7.0]]"
    money->json = FILE_OF(FEATURE("33.08.03", "{\"type\":\"MultiPolygon\",\"coordinates\":[[" SPECK "],[" SQUARE "]]}") "," FEATURE("33.08.04", POLYGON(SPECK)));
    MUST(step_import);
    assert_string_equal(rings_of(money, "33.08.03"), "[[11000000,-700000,50000,0,0,-50000,-50000,0]]");
    assert_non_null(rings_of(money, "33.08.04"));
}

static void
unknown_regions_are_refused_or_passed_over(void **state)
{
    struct money *money = *state;
    start(3);
    money->json = FILE_OF(FEATURE("33.08.03", POLYGON(SQUARE)) "," FEATURE("99.01", POLYGON(BESIDE)));
    must_refuse(money_try(money, step_import), ERROR_FIELDS, NULL);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM region_shape"), 0);
    order_now.skips_unknown = true;
    MUST(step_import);
    assert_int_equal(result_now.drawn, 1);
    assert_int_equal(result_now.unknown, 1);
    money->json = FILE_OF(FEATURE("99.01", POLYGON(BESIDE)));
    must_refuse(money_try(money, step_import), ERROR_MALFORMED, NULL);
    start(2); /* another level: the code is none of its */
    money->json = ONE(SQUARE);
    must_refuse(money_try(money, step_import), ERROR_FIELDS, NULL);
}

static void
faults_name_their_place(void **state)
{
    struct money *money = *state;
    static const struct { const char *text, *pointer; enum fault_code code; } rows[] = {
        {ONE("[[110,-7],[111,-7],[111,-8],[110,-8]]"), "feature 1, ring 1", FAULT_RING_OPEN},
        {ONE(SQUARE ",[[110.1,-7.1],[110.2,-7.1],[110.2,-7.2],[110.1,-7.2]]"), "feature 1, ring 2", FAULT_RING_OPEN},
        {ONE("[[110,-7],[111,-7],[110,-7]]"), "feature 1, ring 1", FAULT_LENGTH},
        {ONE("[]"), "feature 1, ring 1", FAULT_LENGTH},
        {ONE("[[110,-7],[111,-7],[112,-7],[110,-7]]"), "feature 1, ring 1", FAULT_RING_EMPTY},
        {ONE("[[110,-7],[110,-7],[110,-7],[110,-7]]"), "feature 1, ring 1", FAULT_RING_EMPTY},
        {ONE("[[181,-7],[111,-7],[111,-8],[181,-7]]"), "feature 1, ring 1", FAULT_RANGE},
        {ONE("[[-7,110],[-7,111],[-8,111],[-7,110]]"), "feature 1, ring 1", FAULT_RANGE},
        {ONE("[[1e300,-7],[111,-7],[111,-8],[1e300,-7]]"), "feature 1, ring 1", FAULT_RANGE},
        {ONE("[[\"110\",-7],[111,-7],[111,-8],[110,-7]]"), "feature 1, ring 1", FAULT_TYPE},
        {ONE("[[110],[111,-7],[111,-8],[110,-7]]"), "feature 1, ring 1", FAULT_TYPE},
        {ONE("7"), "feature 1, ring 1", FAULT_TYPE},
        {FILE_OF(FEATURE("33.08.03", "{\"type\":\"Point\",\"coordinates\":[110,-7]}")), "feature 1", FAULT_TYPE},
        {FILE_OF(FEATURE("33.08.03", "null")), "feature 1", FAULT_TYPE},
        {FILE_OF(FEATURE("33.08.03", "{\"type\":\"Polygon\",\"coordinates\":[]}")), "feature 1", FAULT_RING_EMPTY},
        {FILE_OF("{\"type\":\"Feature\",\"properties\":{},\"geometry\":" POLYGON(SQUARE) "}"), "feature 1, property code", FAULT_REQUIRED},
        {FILE_OF("{\"type\":\"Feature\",\"properties\":{\"code\":true},\"geometry\":" POLYGON(SQUARE) "}"), "feature 1, property code", FAULT_REQUIRED},
        {FILE_OF(FEATURE("33.08.09", POLYGON(SQUARE))), "feature 1, property code", FAULT_REFERENCE},
        {FILE_OF(FEATURE("33.08.03", POLYGON(SQUARE)) "," FEATURE("33.08.03", POLYGON(BESIDE))), "feature 2, property code", FAULT_DOUBLED},
        {TOPOLOGY("", ARC_POLYGON("33.08.03", "0,9")), "feature 1, ring 1", FAULT_REFERENCE},
        {TOPOLOGY("", ARC_POLYGON("33.08.03", "0,-9")), "feature 1, ring 1", FAULT_REFERENCE},
        {TOPOLOGY("", ARC_POLYGON("33.08.03", "\"0\"")), "feature 1, ring 1", FAULT_REFERENCE},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        start(3);
        money->json = rows[i].text;
        struct error *error = money_try(money, step_import);
        assert_non_null(error);
        CHECK_ROW(error->code == ERROR_FIELDS && error->faults[0].code == rows[i].code && strcmp(error->faults[0].pointer, rows[i].pointer) == 0, rows[i].text);
        error_free(error);
    }
    assert_int_equal(money_sql(money, "SELECT count(*) FROM region_shape"), 0);
}

static void
what_is_no_file_of_outlines_is_refused(void **state)
{
    struct money *money = *state;
    static const char *const rows[] = {"", "{", "[]", "{}", "{\"type\":\"FeatureCollection\"}", FILE_OF(""), "{\"type\":\"FeatureCollection\",\"features\":{}}",
                                       "{\"type\":\"Topology\"}", "{\"type\":\"Topology\",\"objects\":{},\"arcs\":[]}",
                                       "{\"type\":\"Topology\",\"objects\":{\"a\":{\"geometries\":[1]}}}",
                                       "{\"type\":\"Topology\",\"objects\":{\"a\":{\"geometries\":[1]}},\"arcs\":[],\"transform\":{\"scale\":[1]}}"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        start(3);
        money->json = rows[i];
        must_refuse(money_try(money, step_import), ERROR_MALFORMED, NULL);
    }
    start(3);
    struct shape_file *file = NULL;
    order_now.text = "{}";
    order_now.length = SHAPE_FILE_BYTES_MAX + 1;
    must_refuse(shape_file_read(money->house->trial->arena, &order_now, &file), ERROR_TOO_LARGE, "24 MB");
}

static struct error *
step_sketch(struct tx *tx, void *context)
{
    struct money *money = context;
    return shape_sketch(tx, &money->house->console);
}

static void
a_sketch_draws_every_region(void **state)
{
    struct money *money = *state;
    MUST(step_sketch);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM region"), money_sql(money, "SELECT count(*) FROM region_shape WHERE source = 'sketch'"));
    MUST(step_sketch);
    assert_int_equal(money_sql(money, "SELECT count(*) FROM region"), money_sql(money, "SELECT count(*) FROM region_shape"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        MONEY_TEST(outlines_are_kept_in_steps), MONEY_TEST(a_second_file_replaces_what_it_draws), MONEY_TEST(topologies_share_their_borders),
        MONEY_TEST(names_tell_regions_too), MONEY_TEST(small_islands_go_but_never_the_last), MONEY_TEST(unknown_regions_are_refused_or_passed_over),
        MONEY_TEST(faults_name_their_place), MONEY_TEST(what_is_no_file_of_outlines_is_refused), MONEY_TEST(a_sketch_draws_every_region),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
