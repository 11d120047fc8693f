/* needs.c: the needs map over many households in memory: how long the whole country and one district take, on the day and on a past one.
 * needs HOUSEHOLDS prints the milliseconds of each. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lumbung/base/time.h"
#include "need/need_table.h"

#define PROVINCES 38
#define DISTRICTS 13 /* of a province */
#define VILLAGES 20  /* of a district */
#define REGIONS (1 + PROVINCES + PROVINCES * DISTRICTS + PROVINCES * DISTRICTS * VILLAGES)
#define DAY 20780
#define ROUNDS 3

static uint32_t seed = 7;

static uint32_t
draw(uint32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

static struct id
number_id(uint32_t number)
{
    struct id id = {{0}};
    uint32_t mixed = number * UINT32_C(2654435761) + 1;
    memcpy(id.bytes + 4, &number, sizeof number);
    memcpy(id.bytes + 12, &mixed, sizeof mixed);
    return id;
}

static void
put_regions(struct need_index *index)
{
    struct arena *arena = arena_create();
    struct need_region_row *rows = ARENA_ARRAY(arena, struct need_region_row, REGIONS);
    size_t count = 0;
    rows[count++] = (struct need_region_row){number_id(1), {{0}}, 0, "0", "negara", "Negara"};
    for (uint32_t p = 0; p < PROVINCES; p++) {
        struct id province = number_id((uint32_t)count + 1);
        rows[count++] = (struct need_region_row){province, number_id(1), 1, arena_format(arena, "%02u", p), "provinsi", "Provinsi"};
        for (uint32_t d = 0; d < DISTRICTS; d++) {
            struct id district = number_id((uint32_t)count + 1);
            rows[count++] = (struct need_region_row){district, province, 2, arena_format(arena, "%02u.%02u", p, d), "kabupaten", "Kabupaten"};
            for (uint32_t v = 0; v < VILLAGES; v++) {
                rows[count] = (struct need_region_row){number_id((uint32_t)count + 1), district, 4, arena_format(arena, "%02u.%02u.%03u", p, d, v), "desa", "Desa"};
                count++;
            }
        }
    }
    need_index_put_places(index, arena, rows, count);
}

static void
put_household(struct need_index *index, uint32_t number, struct id village)
{
    struct need_household household = {.id = number_id(number + 1000000000u), .region_id = village, .from = 5000, .until = NEED_DAY_NEVER, .weight_milli = NEED_WEIGHT_ONE,
                                       .person_count = (uint8_t)(2 + draw(5)), .mark_count = 2, .cover_count = (uint8_t)draw(3)};
    for (size_t i = 0; i < household.person_count; i++)
        household.persons[i] = (struct need_person){need_birth_day(DAY - (int32_t)draw(30000)), NEED_DAY_ALWAYS, NEED_DAY_NEVER,
                                                    (uint8_t)((draw(2) ? NEED_MALE : NEED_FEMALE) | (draw(20) ? 0 : NEED_DISABLED)), (uint8_t)(draw(8) ? 0x6f : 0x7f)};
    household.marks[0] = (struct need_mark){5000, 0, 0x10};
    household.marks[1] = (struct need_mark){8000, (uint8_t)(draw(128) & draw(128)), 0x7f};
    for (size_t i = 0; i < household.cover_count; i++)
        household.covers[i] = (struct need_cover){8100, NEED_DAY_NEVER, (uint8_t)(1u << draw(7)), 0};
    need_index_put(index, &household);
}

/* The fastest of some rounds: what else runs on the machine only adds. */
static double
measure(struct need_index *index, size_t place, int32_t day, bool hides)
{
    double best = 1e9;
    for (int i = 0; i < ROUNDS; i++) {
        struct arena *arena = arena_create();
        struct need_table table;
        int64_t start = time_monotonic_ms();
        int repeats = place == 0 ? 1 : 50;
        for (int j = 0; j < repeats; j++)
            need_table_make(arena, index, &place, 1, day, hides, &table);
        double took = (double)(time_monotonic_ms() - start) / repeats;
        best = took < best ? took : best;
        arena_destroy(arena);
    }
    return best;
}

int
main(int argc, char **argv)
{
    uint32_t households = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 1000000, made = 0;
    struct need_index *index = need_index_create();
    static struct rule *const some = (struct rule *)1; /* one need concerns some members only, as schooling does; never evaluated here */
    put_regions(index);
    for (size_t i = 0; i < NEED_CATEGORIES; i++)
        index->definitions.defined[i] = true;
    index->definitions.rules[4].member = some;
    size_t villages = PROVINCES * DISTRICTS * VILLAGES;
    for (size_t i = 0; i < index->place_count; i++)
        for (uint32_t j = 0; index->places[i].level == 4 && j < households / villages + (made < households % villages); j++)
            put_household(index, made++, index->places[i].id);
    int64_t start = time_monotonic_ms();
    struct need_counts counts;
    need_index_count(index, 0, index->place_count, DAY, &counts);
    int64_t first = time_monotonic_ms() - start;
    printf("{\"households\":%u,\"first_ms\":%lld,\"nation_ms\":%.2f,\"past_ms\":%.2f,\"district_ms\":%.3f,\"hidden_ms\":%.2f}\n", made, (long long)first, measure(index, 0, DAY, false),
           measure(index, 0, 18000, false), measure(index, 2, DAY, false), measure(index, 0, DAY, true));
    need_index_free(index);
    return 0;
}
