/* test_household_nik.c: what ids say, numbers that ring the same telephone, and names that are spelled alike. */
#include "check.h"

#include <stdio.h>

#include "household/household_index.h"
#include "household/household_nik.h"
#include "household/household_phone.h"
#include "household/household_spelling.h"
#include "lumbung/base/arena.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"

static void
refuses_what_no_office_issues(void **state)
{
    (void)state;
    static const struct { const char *number; bool possible; } rows[] = {
        {"", false}, {"330803520587000", false}, {"33080352058700011", false}, {"3308035205870000", false}, {"1111111111111111", false},
        {"0000000000000000", false}, {"330803520587000a", false}, {"330803520587 001", false}, {"33080352058700-1", false},
        {"\xD9\xA3\xD9\xA3\xD9\xA0\xD9\xA8\xD9\xA0\xD9\xA3\xD9\xA5\xD9\xA2", false}, {"3308035205870001", true}, {"9999999999999998", true},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_ROW(household_nik_possible(rows[i].number) == rows[i].possible, rows[i].number);
    assert_false(household_nik_possible(NULL));
}

static void
decodes(void **state)
{
    (void)state;
    int32_t today = date_from_parts(2026, 11, 24);
    static const struct { const char *number; int near_year; bool card; const char *region; char sex; bool exists; const char *date; int serial; } rows[] = {
        {"3308035205870001", 0, false, "33.08.03", 'F', true, "1987-05-12", 1},
        {"3308031205870012", 0, false, "33.08.03", 'M', true, "1987-05-12", 12},
        {"3308030203150003", 0, false, "33.08.03", 'M', true, "2015-03-02", 3},
        {"3308030203260003", 0, false, "33.08.03", 'M', true, "2026-03-02", 3},
        {"3308033112260003", 0, false, "33.08.03", 'M', true, "1926-12-31", 3}, /* not born in the future */
        {"3308030203150003", 1914, false, "33.08.03", 'M', true, "1915-03-02", 3},
        {"3308037102040007", 0, false, "33.08.03", 'F', false, NULL, 7}, /* 31 February */
        {"3308036902040007", 0, false, "33.08.03", 'F', true, "2004-02-29", 7},
        {"3308036902030007", 0, false, "33.08.03", 'F', false, NULL, 7}, /* no leap year in either century */
        {"3308031213870001", 0, false, "33.08.03", 'M', false, NULL, 1},
        {"3308030012870001", 0, false, "33.08.03", 'M', false, NULL, 1},
        {"3308033512870001", 0, false, "33.08.03", 'M', false, NULL, 1},
        {"3308031207100001", 0, true, "33.08.03", '?', true, "2010-07-12", 1},
        {"3308035207100001", 0, true, "33.08.03", '?', false, NULL, 1}, /* cards add no 40 */
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int32_t near = rows[i].near_year ? date_from_parts(rows[i].near_year, 1, 1) : INT32_MIN;
        struct household_nik nik = household_nik_decode(rows[i].number, rows[i].card, near, today);
        CHECK_TEXT(nik.region, rows[i].region, rows[i].number);
        CHECK_ROW(nik.sex == rows[i].sex, rows[i].number);
        CHECK_ROW(nik.date_exists == rows[i].exists, rows[i].number);
        CHECK_ROW(nik.serial == rows[i].serial, rows[i].number);
        if (!rows[i].exists)
            continue;
        char date[DATE_TEXT_SIZE];
        date_print(nik.birth_date, date);
        CHECK_TEXT(date, rows[i].date, rows[i].number);
    }
}

static void
rings_one_telephone(void **state)
{
    (void)state;
    static const struct { const char *phone, *key; } rows[] = {
        {"081234567890", "081234567890"}, {"+6281234567890", "081234567890"}, {"6281234567890", "081234567890"}, {"006281234567890", "081234567890"},
        {"+62081234567890", "081234567890"}, {"81234567890", "081234567890"}, {"0741123456", "0741123456"}, {"+62741123456", "0741123456"},
        /* others than they look: another country's, a subscriber's own digits, a number of six digits */
        {"+6581234567", "+6581234567"}, {"006581234567", "+6581234567"}, {"+81312345678", "+81312345678"}, {"+628123", "08123"}, {"6281234", "6281234"},
        {"8123456", "8123456"}, {"123456", "123456"}, {"110", "110"}, {"", ""},
    };
    struct arena *arena = arena_create();
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_TEXT(household_phone_key(arena, rows[i].phone), rows[i].key, rows[i].phone);
    arena_destroy(arena);
}

static void
distances(void **state)
{
    (void)state;
    static const struct { const char *left, *right; int limit, distance; } rows[] = {
        {"siti", "siti", 2, 0}, {"siti", "sti", 2, 1}, {"siti", "siit", 2, 1}, {"aminah", "amniah", 2, 1}, {"aminah", "aminha", 2, 1},
        {"aminah", "hanima", 2, 3}, {"a", "abcd", 2, 3}, {"", "ab", 2, 2}, {"budi", "rudi", 1, 1}, {"budi", "rusi", 1, 2},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        CHECK_ROW(spelling_distance(rows[i].left, (int)strlen(rows[i].left), rows[i].right, (int)strlen(rows[i].right), rows[i].limit) == rows[i].distance,
                  rows[i].right);
}

static void
scores(void **state)
{
    (void)state;
    assert_int_equal(household_index_score("siti aminah", "siti aminah"), 100);
    assert_true(household_index_score("siti aminha", "siti aminah") > 70);
    assert_true(household_index_score("siti", "siti aminah") > 70);
    assert_true(household_index_score("siti aminah", "siti aminah") > household_index_score("siti aminah", "siti aminah rahayu"));
    assert_int_equal(household_index_score("siti aminah", "budi santoso"), 0);
    /* One word of a name stands for one that was typed. */
    assert_true(household_index_score("muhammad muhammad", "muhammad muhammad") > household_index_score("muhammad muhammad", "rina muhammad"));
    assert_true(household_index_score("dewi diwi", "dewi dewi") > household_index_score("dewi diwi", "dewi ahmad"));
    /* Two letters beside another word may be three of which one was left out; alone they say nothing. */
    assert_true(household_index_score("eko si", "eko sri") > 70);
    assert_int_equal(household_index_score("eko si", "eko budi"), 0);
    assert_int_equal(household_index_score("si", "adi"), 0);
    assert_int_equal(household_index_score("siti budi", "siti aminah"), 0);
    assert_int_equal(household_index_score("", "siti"), 0);
}

static const char *const first[] = {"siti", "budi", "agus", "dewi", "muhammad", "sri", "wahyu", "endang", "slamet", "rahayu", "joko", "ratna", "hendra",
                                    "yulianti", "supriadi", "kartini", "bambang", "fitri", "nurhayati", "darmawan"};
static const char *const last[] = {"aminah", "santoso", "wijaya", "lestari", "hidayat", "kusuma", "setiawan", "puspita", "gunawan", "maharani", "nugroho",
                                   "wulandari", "saputra", "handayani", "firmansyah", "utami", "prasetyo", "susanti", "hartono", "anggraini"};

/* A spelling that many bear leaves room for the one that was meant; what was typed as it is written does not have to. */
static void
many_bearers_leave_room(void **state)
{
    (void)state;
    struct household_index *index = household_index_create();
    struct arena *arena = arena_create();
    struct household_hit hits[20];
    for (int i = 0; i < 60; i++) {
        struct id id = {{1, (uint8_t)i}};
        household_index_put_name(index, id, id, (struct id){{9}}, i == 59 ? "wahyuni" : "wahyudi");
    }
    static const struct { const char *typed; bool found; } rows[] = {{"wahyui", true}, {"wahyuni", true}, {"wahyudi", false}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        bool found = false;
        assert_int_equal(household_index_search(index, arena, rows[i].typed, "", NULL, hits, 20), 20);
        for (size_t j = 0; j < 20; j++)
            found |= hits[j].member_id.bytes[1] == 59;
        CHECK_ROW(found == rows[i].found, rows[i].typed);
    }
    arena_destroy(arena);
    household_index_free(index);
}

/* Any one mistake in a name of 40,000 must bring its bearer among the first twenty. */
static void
recalls_mistyped_names(void **state)
{
    (void)state;
    struct household_index *index = household_index_create();
    struct arena *arena = arena_create();
    struct id id = {{1}};
    for (uint32_t i = 0; i < 40000; i++) {
        char text[80];
        memcpy(id.bytes + 12, &i, sizeof i);
        snprintf(text, sizeof text, "%s %s %c%c", first[i % 20], last[i / 20 % 20], (char)('a' + i / 400 % 26), (char)('a' + i / 10400 % 26));
        household_index_put_name(index, id, id, id, text);
    }
    size_t found = 0, tried = 0;
    int64_t start = time_monotonic_ms();
    for (size_t i = 0; i < 400; i++) {
        char name[80], *at;
        struct household_hit hits[200];
        snprintf(name, sizeof name, "%s %s", first[i % 20], last[i / 20]);
        at = name + strlen(first[i % 20]) + 2; /* in the second word, behind its first letter */
        switch (i % 3) {
        case 0: memmove(at, at + 1, strlen(at)); break;
        case 1: { char swapped = at[0]; at[0] = at[1]; at[1] = swapped; break; }
        default: *at = 'x'; break;
        }
        size_t count = household_index_search(index, arena, name, NULL, NULL, hits, 200);
        bool hit = false;
        for (size_t j = 0; j < count; j++) {
            uint32_t number;
            memcpy(&number, hits[j].member_id.bytes + 12, sizeof number);
            hit |= number % 20 == i % 20 && number / 20 % 20 == i / 20;
        }
        found += hit;
        tried++;
    }
    print_message("recall %zu of %zu, %.2f ms a search over 40000\n", found, tried, (double)(time_monotonic_ms() - start) / (double)tried);
    assert_true(found * 1000 >= tried * 975);
    household_index_free(index);
    arena_destroy(arena);
}

static void
keeps_regions_apart_and_replaces(void **state)
{
    (void)state;
    struct household_index *index = household_index_create();
    struct arena *arena = arena_create();
    struct id one = {{1}}, two = {{2}}, person = {{9}};
    struct household_hit hits[4];
    struct household_regions regions = {&two, 1};
    household_index_put_name(index, person, person, one, "siti aminah");
    assert_int_equal(household_index_search(index, arena, "siti", NULL, NULL, hits, 4), 1);
    assert_int_equal(household_index_search(index, arena, "siti", NULL, &regions, hits, 4), 0);
    household_index_put_name(index, person, person, two, "dewi lestari");
    assert_int_equal(household_index_search(index, arena, "siti", NULL, NULL, hits, 4), 0);
    assert_int_equal(household_index_search(index, arena, "dewi", NULL, &regions, hits, 4), 1);
    household_index_put_name(index, person, person, two, "");
    assert_int_equal(household_index_search(index, arena, "dewi", NULL, NULL, hits, 4), 0);
    household_index_put_place(index, one, one, "dusun melati");
    household_index_put_place(index, two, two, "dusun melati");
    assert_int_equal(household_index_search(index, arena, NULL, "melati", NULL, hits, 4), 2);
    assert_true(id_is_zero(hits[0].member_id));
    household_index_put_place(index, one, two, "dusun kenanga");
    assert_int_equal(household_index_search(index, arena, NULL, "melati", &regions, hits, 4), 1);
    assert_true(id_equal(hits[0].household_id, two));
    household_index_free(index);
    arena_destroy(arena);
}

/* Bearers of one name leave it from the middle, the end and the front; who moved is found once, by either number. */
static void
chains_of_bearers_stay_whole(void **state)
{
    (void)state;
    struct household_index *index = household_index_create();
    struct arena *arena = arena_create();
    struct household_hit hits[8];
    struct id region = {{1}}, old = {{2}}, new = {{3}}, people[5], found[8];
    for (uint8_t i = 0; i < 5; i++) {
        people[i] = (struct id){{10}};
        people[i].bytes[12] = i;
        household_index_put_name(index, people[i], old, region, "siti");
    }
    static const uint8_t leaving[] = {2, 0, 4};
    for (size_t i = 0; i < 3; i++) {
        household_index_put_name(index, people[leaving[i]], old, region, "");
        assert_int_equal(household_index_search(index, arena, "siti", NULL, NULL, hits, 8), 4 - i);
    }
    uint8_t tag[CRYPTO_TAG_SIZE] = {7}, other[CRYPTO_TAG_SIZE] = {8};
    household_index_add_tag(index, HOUSEHOLD_TAG_NIK, tag, old, people[1]);
    household_index_add_tag(index, HOUSEHOLD_TAG_NIK, tag, old, people[1]);
    household_index_put_name(index, people[1], old, region, "");
    household_index_put_name(index, people[1], new, region, "siti");
    household_index_add_tag(index, HOUSEHOLD_TAG_NIK, tag, new, people[1]);
    household_index_add_tag(index, HOUSEHOLD_TAG_NIK, tag, old, people[3]);
    assert_int_equal(household_index_search(index, arena, "siti", NULL, NULL, hits, 8), 2);
    assert_int_equal(household_index_find_tag(index, HOUSEHOLD_TAG_NIK, tag, found, 8), 2);
    assert_int_equal(household_index_find_tag(index, HOUSEHOLD_TAG_NIK, other, found, 8), 0);
    assert_int_equal(household_index_find_tag(index, HOUSEHOLD_TAG_KK, tag, found, 8), 0);
    household_index_free(index);
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_no_office_issues), cmocka_unit_test(decodes), cmocka_unit_test(rings_one_telephone), cmocka_unit_test(distances),
        cmocka_unit_test(scores), cmocka_unit_test(many_bearers_leave_room),
        cmocka_unit_test(recalls_mistyped_names), cmocka_unit_test(keeps_regions_apart_and_replaces),
        cmocka_unit_test(chains_of_bearers_stay_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
