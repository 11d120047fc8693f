/* writer.c: the bare engine: the rows of a registration that the server has made, written again and again into a copy of the same registry, with
 * the same tables, indexes and foreign keys, in groups of 32 with synchronous FULL, and nothing else: what the server is measured against. Checkpoints are
 * the engine's own, as it comes: a log that only grows is no registry.
 * writer FILLED COPY COUNT prints registrations a second. */
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROWS_MAX 64
#define COLUMNS_MAX 32
#define IDS_MAX 64
#define ID_SIZE 16
#define GROUP 32

/* The last registration: where its rows lie. $1 is its household's id. Keys of the others follow from these. */
static const struct table {
    const char *name, *where;
} tables[] = {
    {"household", "id = ?1"},
    {"member", "household_id = ?1"},
    {"household_card", "household_id = ?1"},
    {"household_consent", "household_id = ?1"},
    {"data_key", "subject_id = ?1 OR subject_id IN (SELECT id FROM member WHERE household_id = ?1)"},
    {"audit_leaf", "record_id = ?1"},
    {"audit_part", "seq IN (SELECT seq FROM audit_leaf WHERE record_id = ?1)"},
    {"idempotency", "record_id = ?1"},
};
#define TABLE_COUNT (sizeof tables / sizeof tables[0])

struct row {
    sqlite3_stmt *insert;
    int columns, sequence_column;
    int random_column; /* a key that clients make: each dirties a page of its own */
    sqlite3_value *values[COLUMNS_MAX];
};

static struct row rows[ROWS_MAX];
static size_t row_count;
static uint8_t made[IDS_MAX][ID_SIZE]; /* ids that came to be with the registration */
static size_t made_count;

static void
check(sqlite3 *db, int status)
{
    if (status == SQLITE_OK || status == SQLITE_ROW || status == SQLITE_DONE)
        return;
    fprintf(stderr, "%s\n", sqlite3_errmsg(db));
    exit(1);
}

static sqlite3 *
open_file(const char *path)
{
    sqlite3 *db = NULL;
    check(db, sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL));
    check(db, sqlite3_exec(db, "PRAGMA foreign_keys=ON; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; "
                               "PRAGMA cache_size=-16384", NULL, NULL, NULL));
    return db;
}

static sqlite3_stmt *
prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    check(db, sqlite3_prepare_v2(db, sql, -1, &statement, NULL));
    return statement;
}

/* What names a new row is changed in every copy; what points to the region or the user is not. */
static void
note_made(const char *table, const char *column, sqlite3_value *value)
{
    bool names_row = strcmp(column, "id") == 0 || (strcmp(table, "idempotency") == 0 && strcmp(column, "operation") == 0);
    if (names_row && sqlite3_value_bytes(value) == ID_SIZE && made_count < IDS_MAX)
        memcpy(made[made_count++], sqlite3_value_blob(value), ID_SIZE);
}

static void
load_table(sqlite3 *filled, sqlite3 *fresh, const struct table *table, const void *household)
{
    char sql[512];
    snprintf(sql, sizeof sql, "SELECT * FROM %s WHERE %s", table->name, table->where);
    sqlite3_stmt *select = prepare(filled, sql);
    sqlite3_bind_blob(select, 1, household, ID_SIZE, SQLITE_STATIC);
    int columns = sqlite3_column_count(select), length = snprintf(sql, sizeof sql, "INSERT INTO %s VALUES (?", table->name);
    for (int i = 1; i < columns; i++)
        length += snprintf(sql + length, sizeof sql - (size_t)length, ",?");
    snprintf(sql + length, sizeof sql - (size_t)length, ")");
    sqlite3_stmt *insert = prepare(fresh, sql);
    while (sqlite3_step(select) == SQLITE_ROW && row_count < ROWS_MAX) {
        struct row *row = &rows[row_count++];
        *row = (struct row){.insert = insert, .columns = columns, .sequence_column = -1, .random_column = -1};
        for (int i = 0; i < columns; i++) {
            row->values[i] = sqlite3_value_dup(sqlite3_column_value(select, i));
            note_made(table->name, sqlite3_column_name(select, i), row->values[i]);
            if (strcmp(sqlite3_column_name(select, i), "seq") == 0)
                row->sequence_column = i;
            if (strcmp(sqlite3_column_name(select, i), "operation") == 0)
                row->random_column = i;
        }
    }
    sqlite3_finalize(select);
}

/* splitmix64, over the first half of an id */
static void
scatter(uint64_t number, uint8_t id[ID_SIZE])
{
    uint64_t z = number * UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    z ^= z >> 31;
    memcpy(id, &z, sizeof z);
}

/* The ids of a copy: later ones sort behind earlier ones, as the server's do. */
static void
bind_copy(struct row *row, int column, uint64_t copy)
{
    sqlite3_value *value = row->values[column];
    uint8_t id[ID_SIZE];
    bool is_made = false;
    if (sqlite3_value_type(value) == SQLITE_BLOB && sqlite3_value_bytes(value) == ID_SIZE)
        for (size_t i = 0; i < made_count && !is_made; i++)
            is_made = memcmp(sqlite3_value_blob(value), made[i], ID_SIZE) == 0;
    if (!is_made) {
        sqlite3_bind_value(row->insert, column + 1, value);
        return;
    }
    memcpy(id, sqlite3_value_blob(value), ID_SIZE);
    if (column == row->random_column)
        scatter(copy, id);
    for (int i = 5; i >= 0; i--, copy >>= 8) {
        copy += id[i];
        id[i] = (uint8_t)copy;
    }
    sqlite3_bind_blob(row->insert, column + 1, id, ID_SIZE, SQLITE_TRANSIENT);
}

static void
write_copy(sqlite3 *db, int64_t copy)
{
    for (size_t i = 0; i < row_count; i++) {
        struct row *row = &rows[i];
        for (int column = 0; column < row->columns; column++)
            if (column == row->sequence_column)
                sqlite3_bind_int64(row->insert, column + 1, 1000000 + copy);
            else
                bind_copy(row, column, (uint64_t)copy);
        check(db, sqlite3_step(row->insert));
        check(db, sqlite3_reset(row->insert));
    }
}

static double
now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int
main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    sqlite3 *filled = open_file(argv[1]), *fresh = open_file(argv[2]);
    sqlite3_stmt *last = prepare(filled, "SELECT id FROM household ORDER BY id DESC LIMIT 1");
    uint8_t household[ID_SIZE];
    if (sqlite3_step(last) != SQLITE_ROW)
        return 3;
    memcpy(household, sqlite3_column_blob(last, 0), ID_SIZE);
    for (size_t i = 0; i < TABLE_COUNT; i++)
        load_table(filled, fresh, &tables[i], household);
    int64_t wanted = atoi(argv[3]);
    double start = now_s();
    for (int64_t i = 1; i <= wanted; i++) {
        if (i % GROUP == 1)
            check(fresh, sqlite3_exec(fresh, "BEGIN IMMEDIATE", NULL, NULL, NULL));
        write_copy(fresh, i);
        if (i % GROUP == 0 || i == wanted)
            check(fresh, sqlite3_exec(fresh, "COMMIT", NULL, NULL, NULL));
    }
    fprintf(stderr, "%zu rows a registration\n", row_count);
    printf("%.1f\n", (double)wanted / (now_s() - start));
    return 0;
}
