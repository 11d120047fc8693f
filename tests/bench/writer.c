/* writer.c: the bare engine: what a registration writes at the least (a household and four members, one audit leaf, one operation), in groups of 32 with
 * synchronous FULL and nothing else: the ceiling that the server is measured against. Prints registrations a second. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double
now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void
run(sqlite3 *db, const char *sql)
{
    char *fault = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &fault) != SQLITE_OK) {
        fprintf(stderr, "%s\n", fault);
        exit(1);
    }
}

static sqlite3_stmt *
prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        exit(1);
    return statement;
}

static void
put(sqlite3_stmt *statement, sqlite3_int64 id, const char *text, int length)
{
    sqlite3_bind_int64(statement, 1, id);
    sqlite3_bind_blob(statement, 2, text, length, SQLITE_STATIC);
    sqlite3_step(statement);
    sqlite3_reset(statement);
}

int
main(int argc, char **argv)
{
    sqlite3 *db = NULL;
    static char text[1024];
    memset(text, 'x', sizeof text);
    if (argc != 3 || sqlite3_open(argv[1], &db) != SQLITE_OK)
        return 2;
    int wanted = atoi(argv[2]);
    run(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"
            "CREATE TABLE h(id INTEGER PRIMARY KEY, d BLOB); CREATE TABLE m(id INTEGER PRIMARY KEY, d BLOB); CREATE TABLE k(id INTEGER PRIMARY KEY, d BLOB);"
            "CREATE TABLE a(id INTEGER PRIMARY KEY, d BLOB); CREATE TABLE p(id INTEGER PRIMARY KEY, d BLOB); CREATE TABLE o(id INTEGER PRIMARY KEY, d BLOB);");
    sqlite3_stmt *h = prepare(db, "INSERT INTO h VALUES(?,?)"), *m = prepare(db, "INSERT INTO m VALUES(?,?)"), *k = prepare(db, "INSERT INTO k VALUES(?,?)");
    sqlite3_stmt *a = prepare(db, "INSERT INTO a VALUES(?,?)"), *p = prepare(db, "INSERT INTO p VALUES(?,?)"), *o = prepare(db, "INSERT INTO o VALUES(?,?)");
    double start = now_s();
    for (int i = 0; i < wanted; i++) {
        if (i % 32 == 0)
            run(db, "BEGIN IMMEDIATE");
        put(h, i, text, 500);
        for (int j = 0; j < 4; j++) {
            put(m, i * 4 + j, text, 400);
            put(k, i * 5 + j, text, 72);
            put(p, i * 5 + j, text, 700);
        }
        put(k, i * 5 + 4, text, 72);
        put(p, i * 5 + 4, text, 700);
        put(a, i, text, 180);
        put(o, i, text, 120);
        if (i % 32 == 31)
            run(db, "COMMIT");
    }
    printf("%.1f\n", (double)wanted / (now_s() - start));
    return 0;
}
