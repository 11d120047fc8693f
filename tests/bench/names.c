/* names.c: G10: names with typing mistakes, found by the index in memory and by FTS5 trigrams in the engine, on the same invented people.
 * names PEOPLE QUERIES prints milliseconds a query (median) and the share of queries whose name is among the first twenty, for both. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "demo/demo_random.h"
#include "household/household_index.h"
#include "lumbung/base/text.h"

#define SHOWN 20
#define NAME_SIZE 96
#define SQL_SIZE 2048

static const struct word { const char *text; int weight; } words[] = {
#define MALE(word, weight) {word, weight},
#define FEMALE(word, weight) {word, weight},
#define LATER(word, weight) {word, weight},
#include "demo/names.def"
#undef MALE
#undef FEMALE
#undef LATER
};
#define WORD_COUNT ((int)(sizeof words / sizeof words[0]))

static int
pick(struct demo_random *random)
{
    static int total;
    if (total == 0)
        for (int i = 0; i < WORD_COUNT; i++)
            total += words[i].weight;
    int left = demo_below(random, total), at = 0;
    while (left >= words[at].weight)
        left -= words[at++].weight;
    return at;
}

/* One word of three names in ten, two of nearly half, three of the rest, as they are counted in Indonesia. */
static void
make_name(struct demo_random *random, char ret_name[NAME_SIZE])
{
    int roll = demo_below(random, 128), count = roll < 40 ? 1 : roll < 100 ? 2 : 3, length = 0;
    for (int i = 0; i < count; i++)
        length += snprintf(ret_name + length, NAME_SIZE - (size_t)length, "%s%s", i ? " " : "", words[pick(random)].text);
}

/* One slip of the finger or of the ear: a letter left out, doubled, swapped with its neighbour or replaced. */
static void
misspell(struct demo_random *random, char name[NAME_SIZE])
{
    size_t length = strlen(name), at = 1;
    if (length < 4)
        return;
    at += (size_t)demo_below(random, (int)length - 2);
    while (name[at] == ' ' || name[at + 1] == ' ')
        at = 1 + (size_t)demo_below(random, (int)length - 2);
    switch (demo_below(random, 4)) {
    case 0:
        memmove(name + at, name + at + 1, length - at);
        break;
    case 1:
        memmove(name + at + 1, name + at, length - at + 1);
        break;
    case 2: {
        char left = name[at];
        name[at] = name[at + 1];
        name[at + 1] = left;
        break;
    }
    default:
        name[at] = (char)('a' + demo_below(random, 26));
    }
}

struct people {
    struct arena *arena;
    const char **folded;
    uint32_t count;
};

static struct id
id_of(uint32_t number)
{
    struct id id = {{0}};
    id.bytes[0] = 1;
    memcpy(id.bytes + 12, &number, sizeof number);
    return id;
}

static const char *
name_of(const struct people *people, struct id id)
{
    uint32_t number;
    memcpy(&number, id.bytes + 12, sizeof number);
    return people->folded[number];
}

static void
check(sqlite3 *db, int status)
{
    if (status != SQLITE_OK && status != SQLITE_ROW && status != SQLITE_DONE) {
        fprintf(stderr, "%s\n", sqlite3_errmsg(db));
        exit(1);
    }
}

static sqlite3 *
fill_engine(const struct people *people)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *insert = NULL;
    check(db, sqlite3_open(":memory:", &db));
    check(db, sqlite3_exec(db, "CREATE VIRTUAL TABLE name USING fts5(text, tokenize='trigram'); BEGIN", NULL, NULL, NULL));
    check(db, sqlite3_prepare_v2(db, "INSERT INTO name (text) VALUES (?1)", -1, &insert, NULL));
    for (uint32_t i = 0; i < people->count; i++) {
        sqlite3_bind_text(insert, 1, people->folded[i], -1, SQLITE_STATIC);
        check(db, sqlite3_step(insert));
        sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    check(db, sqlite3_exec(db, "COMMIT", NULL, NULL, NULL));
    return db;
}

static void
fill_index(struct household_index *index, const struct people *people)
{
    for (uint32_t i = 0; i < people->count; i++)
        household_index_put_name(index, id_of(i), id_of(i), id_of(0), people->folded[i]);
}

static struct people
make_people(struct demo_random *random, uint32_t count)
{
    struct people people = {.arena = arena_create(), .count = count};
    people.folded = ARENA_ARRAY(people.arena, const char *, count);
    for (uint32_t i = 0; i < count; i++) {
        char name[NAME_SIZE];
        make_name(random, name);
        people.folded[i] = text_fold_name(people.arena, name);
    }
    return people;
}

/* Is the name that was meant among those that are shown first? */
static bool
find_in_memory(struct household_index *index, const struct people *people, const char *typed, const char *meant)
{
    struct arena *arena = arena_create();
    struct household_hit hits[SHOWN];
    bool found = false;
    size_t count = household_index_search(index, arena, text_fold_name(arena, typed), "", NULL, hits, SHOWN);
    for (size_t i = 0; i < count; i++)
        found |= strcmp(name_of(people, hits[i].member_id), meant) == 0;
    arena_destroy(arena);
    return found;
}

/* "abc" OR "bcd" ..., the best ranked first. */
static bool
find_in_engine(sqlite3 *db, sqlite3_stmt *select, const char *typed, const char *meant)
{
    char match[SQL_SIZE];
    size_t length = 0, letters = strlen(typed);
    bool found = false;
    for (size_t i = 0; i + 3 <= letters; i++)
        length += (size_t)snprintf(match + length, sizeof match - length, "%s\"%.3s\"", i ? " OR " : "", typed + i);
    sqlite3_bind_text(select, 1, match, -1, SQLITE_STATIC);
    int status;
    while ((status = sqlite3_step(select)) == SQLITE_ROW)
        found |= strcmp((const char *)sqlite3_column_text(select, 0), meant) == 0;
    check(db, status);
    sqlite3_reset(select);
    return found;
}

static int
compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static double
middle(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, compare);
    return values[count / 2];
}

static double
now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

int
main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    struct demo_random random = {26};
    struct people people = make_people(&random, (uint32_t)atoi(argv[1]));
    int queries = atoi(argv[2]), ours_found = 0, engine_found = 0;
    struct household_index *index = household_index_create();
    fill_index(index, &people);
    sqlite3 *db = fill_engine(&people);
    sqlite3_stmt *select = NULL;
    check(db, sqlite3_prepare_v2(db, "SELECT text FROM name WHERE name MATCH ?1 ORDER BY rank LIMIT 20", -1, &select, NULL));
    double *ours = ARENA_ARRAY(people.arena, double, queries), *engine = ARENA_ARRAY(people.arena, double, queries);
    for (int i = 0; i < queries; i++) {
        const char *meant = people.folded[demo_next(&random) % people.count];
        char typed[NAME_SIZE];
        snprintf(typed, sizeof typed, "%s", meant);
        misspell(&random, typed);
        double start = now_ms();
        ours_found += find_in_memory(index, &people, typed, meant);
        double between = now_ms();
        engine_found += find_in_engine(db, select, typed, meant);
        ours[i] = between - start;
        engine[i] = now_ms() - between;
    }
    printf("{\"ours_ms\":%.3f,\"ours_found\":%.3f,\"engine_ms\":%.3f,\"engine_found\":%.3f}\n", middle(ours, queries), (double)ours_found / queries,
           middle(engine, queries), (double)engine_found / queries);
    sqlite3_finalize(select);
    sqlite3_close(db);
    household_index_free(index);
    arena_destroy(people.arena);
    return 0;
}
