/* test_db_migrate.c: what the runner applies, and the many files it must not touch. */
#include "db_fixture.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

static void
write_bytes(const char *path, const char *bytes, size_t length, long offset)
{
    FILE *file = fopen(path, offset < 0 ? "wb" : "r+b");
    assert_non_null(file);
    if (offset > 0)
        fseek(file, offset, SEEK_SET);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    fclose(file);
}

static void
applies_all_and_twice_is_nothing(void **state)
{
    struct fixture *fixture = *state;
    size_t count;
    const struct migration *list = migration_list(&count);
    struct stat status;
    assert_true(count > 0);
    must(migrate_file(fixture->path, NULL, TEST_NOW_MS));
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM schema_migration"), count);
    assert_int_equal(fixture_number(fixture, "PRAGMA user_version"), list[count - 1].version);
    assert_int_equal(fixture_number(fixture, "PRAGMA application_id"), DB_APPLICATION_ID);
    int64_t before = fixture_number(fixture, "PRAGMA schema_version");
    must(migrate_file(fixture->path, NULL, TEST_NOW_MS + 1));
    assert_int_equal(fixture_number(fixture, "PRAGMA schema_version"), before);
    assert_int_equal(fixture_number(fixture, "SELECT max(applied_at_ms) FROM schema_migration"), TEST_NOW_MS);
    assert_int_equal(stat(fixture->path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

static void
list_is_ascending(void **state)
{
    (void)state;
    size_t count;
    const struct migration *list = migration_list(&count);
    for (size_t i = 1; i < count; i++)
        assert_true(list[i - 1].version < list[i].version);
}

static void
changed_migration_is_refused(void **state)
{
    struct fixture *fixture = *state;
    must(migrate_file(fixture->path, NULL, TEST_NOW_MS));
    fixture_execute(fixture, "UPDATE schema_migration SET sha256 = zeroblob(32) WHERE version = 1");
    must_refuse(migrate_file(fixture->path, NULL, TEST_NOW_MS), ERROR_DATABASE, "0001_base.sql differs");
}

static void
unknown_migration_is_refused(void **state)
{
    struct fixture *fixture = *state;
    must(migrate_file(fixture->path, NULL, TEST_NOW_MS));
    fixture_execute(fixture, "INSERT INTO schema_migration VALUES (9000, 'x', zeroblob(32), 0)");
    must_refuse(migrate_file(fixture->path, NULL, TEST_NOW_MS), ERROR_DATABASE, "9000");
}

static void
newer_schema_is_refused_everywhere(void **state)
{
    struct fixture *fixture = *state;
    struct db *db;
    must(migrate_file(fixture->path, NULL, TEST_NOW_MS));
    fixture_execute(fixture, "PRAGMA user_version = 9000");
    must_refuse(migrate_file(fixture->path, NULL, TEST_NOW_MS), ERROR_DATABASE, "version 9000");
    must_refuse(db_open(fixture->path, DB_WRITER, NULL, &db), ERROR_DATABASE, "version 9000");
    must_refuse(db_open(fixture->path, DB_READER, NULL, &db), ERROR_DATABASE, "use the newer program");
}

static void
older_schema_is_not_served(void **state)
{
    struct fixture *fixture = *state;
    struct db *db;
    must(migrate_with(fixture->path, NULL, TEST_NOW_MS, NULL, 0));
    must_refuse(db_open(fixture->path, DB_READER, NULL, &db), ERROR_DATABASE, "start the server once");
}

static void
foreign_database_is_refused_untouched(void **state)
{
    struct fixture *fixture = *state;
    struct db *db;
    fixture_execute(fixture, "CREATE TABLE songs (title TEXT)");
    must_refuse(migrate_file(fixture->path, NULL, TEST_NOW_MS), ERROR_DATABASE, "another program");
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM sqlite_schema"), 1);
    must_refuse(db_open(fixture->path, DB_WRITER, NULL, &db), ERROR_DATABASE, "not a registry");
}

static void
garbage_is_refused_untouched(void **state)
{
    struct fixture *fixture = *state;
    struct db *db;
    static const char garbage[] = "name,village\nsiti,lomaer\nthis is a table of another kind altogether\n";
    char back[sizeof(garbage)] = {0};
    write_bytes(fixture->path, garbage, sizeof(garbage), -1);
    must_refuse(migrate_file(fixture->path, NULL, TEST_NOW_MS), ERROR_DATABASE, "not a registry");
    must_refuse(db_open(fixture->path, DB_READER, NULL, &db), ERROR_DATABASE, "not a registry");
    FILE *file = fopen(fixture->path, "rb");
    assert_int_equal(fread(back, 1, sizeof(back), file), sizeof(garbage));
    fclose(file);
    assert_memory_equal(back, garbage, sizeof(garbage));
}

static void
damaged_pages_are_refused(void **state)
{
    struct fixture *fixture = *state;
    char rubbish[2048];
    struct db *db;
    memset(rubbish, 0x5a, sizeof(rubbish));
    must(migrate_file(fixture->path, NULL, TEST_NOW_MS));
    write_bytes(fixture->path, rubbish, sizeof(rubbish), 110);
    must_refuse(migrate_file(fixture->path, NULL, TEST_NOW_MS), ERROR_DATABASE, "damaged");
    must_refuse(db_open(fixture->path, DB_WRITER, NULL, &db), ERROR_DATABASE, "damaged");
}

static void
truncated_file_is_refused(void **state)
{
    struct fixture *fixture = *state;
    must(migrate_file(fixture->path, NULL, TEST_NOW_MS));
    assert_int_equal(truncate(fixture->path, 4096 + 100), 0);
    must_refuse(migrate_file(fixture->path, NULL, TEST_NOW_MS), ERROR_DATABASE, "damaged");
}

static void
missing_folder_and_file_are_named(void **state)
{
    struct fixture *fixture = *state;
    struct db *db;
    const char *lost = arena_format(fixture->arena, "%s/nowhere/registry.db", fixture->folder);
    must_refuse(migrate_file(lost, NULL, TEST_NOW_MS), ERROR_DATABASE, "does not exist");
    must_refuse(db_open(lost, DB_READER, NULL, &db), ERROR_DATABASE, "nowhere");
    must_refuse(db_open(fixture->path, DB_READER, NULL, &db), ERROR_DATABASE, "start the server once");
    must_refuse(db_open(fixture->path, DB_WRITER, NULL, &db), ERROR_DATABASE, "start the server once");
    must_refuse(migrate_file(fixture->folder, NULL, TEST_NOW_MS), ERROR_DATABASE, "not a regular file");
}

/* In a child, since root may write anywhere. */
static void
read_only_folder_is_named(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(chmod(fixture->folder, 0555), 0);
    pid_t child = fork();
    if (child == 0) {
        if (geteuid() == 0 && seteuid(65534) != 0)
            _exit(2);
        struct error *error = migrate_file(fixture->path, NULL, TEST_NOW_MS);
        bool is_named = error && error->code == ERROR_DATABASE && strstr(error->arguments[1], "cannot be written by this user");
        error_free(error);
        _exit(is_named ? 0 : 1);
    }
    int status;
    waitpid(child, &status, 0);
    chmod(fixture->folder, 0700);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

#define MIGRATION(version, name, text) {version, name, text, sizeof(text) - 1}

static void
failing_migration_leaves_nothing(void **state)
{
    struct fixture *fixture = *state;
    const struct migration list[] = {MIGRATION(1, "0001_a.sql", "CREATE TABLE a (x BIGINT) /*strict*/;"),
                                     MIGRATION(2, "0002_b.sql", "CREATE TABLE b (x BIGINT) /*strict*/; CREATE TABLE a (x BIGINT);")};
    must_refuse(migrate_with(fixture->path, NULL, TEST_NOW_MS, list, 2), ERROR_INTERNAL, "already exists");
    assert_int_equal(fixture_number(fixture, "PRAGMA user_version"), 1);
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM sqlite_schema WHERE name = 'b'"), 0);
}

static void
broken_keys_are_not_committed(void **state)
{
    struct fixture *fixture = *state;
    const struct migration list[] = {
        MIGRATION(1, "0001_a.sql", "CREATE TABLE a (x BIGINT PRIMARY KEY) /*strict*/; CREATE TABLE b (x BIGINT REFERENCES a (x)) /*strict*/;"
                                   "INSERT INTO a VALUES (7); INSERT INTO b VALUES (7);"),
        MIGRATION(2, "0002_lose.sql", "DELETE FROM a;"),
    };
    must(migrate_with(fixture->path, NULL, TEST_NOW_MS, list, 1));
    must_refuse(migrate_with(fixture->path, NULL, TEST_NOW_MS, list, 2), ERROR_DATABASE, "rows of b would point to nothing in a");
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM a"), 1);
    assert_int_equal(fixture_number(fixture, "PRAGMA user_version"), 1);
}

static void
table_can_be_rebuilt(void **state)
{
    struct fixture *fixture = *state;
    const struct migration list[] = {
        MIGRATION(1, "0001_a.sql", "CREATE TABLE a (x BIGINT PRIMARY KEY) /*strict*/; CREATE TABLE b (x BIGINT REFERENCES a (x)) /*strict*/;"
                                   "INSERT INTO a VALUES (7); INSERT INTO b VALUES (7);"),
        MIGRATION(2, "0002_rebuild.sql", "CREATE TABLE a2 (x BIGINT PRIMARY KEY, y BIGINT) /*strict*/; INSERT INTO a2 SELECT x, 1 FROM a;"
                                         "DROP TABLE a; ALTER TABLE a2 RENAME TO a;"),
    };
    must(migrate_with(fixture->path, NULL, TEST_NOW_MS, list, 2));
    assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM b JOIN a USING (x) WHERE y = 1"), 1);
}

static void
migration_may_not_end_its_transaction(void **state)
{
    struct fixture *fixture = *state;
    const struct migration list[] = {MIGRATION(1, "0001_a.sql", "CREATE TABLE a (x BIGINT); COMMIT;")};
    must_refuse(migrate_with(fixture->path, NULL, TEST_NOW_MS, list, 1), ERROR_INTERNAL, "ends its transaction");
}

/* A registry that stopped at any earlier version and has rows in it comes up to date with those rows. */
static void
every_earlier_version_comes_up(void **state)
{
    struct fixture *fixture = *state;
    size_t count;
    const struct migration *list = migration_list(&count);
    for (size_t present = 1; present <= count; present++) {
        struct fixture earlier = *fixture;
        struct db *db;
        earlier.path = arena_format(fixture->arena, "%s/earlier-%zu.db", fixture->folder, present);
        must(migrate_with(earlier.path, NULL, TEST_NOW_MS, list, present));
        fixture_execute(&earlier, "INSERT INTO registry VALUES (1, zeroblob(16), zeroblob(16), 'Desa', zeroblob(8), 0, 1);"
                                  "INSERT INTO data_key VALUES (zeroblob(16), 1, zeroblob(72));"
                                  "INSERT INTO audit_leaf VALUES (zeroblob(16), 0, 1, NULL, 'registry.create', NULL, x'00')");
        must(migrate_file(earlier.path, NULL, TEST_NOW_MS));
        must(db_open(earlier.path, DB_MIGRATOR, NULL, &db));
        must(db_check_integrity(db));
        db_close(db);
        assert_int_equal(fixture_number(&earlier, "SELECT count(*) FROM schema_migration"), count);
        assert_int_equal(fixture_number(&earlier, "SELECT (SELECT count(*) FROM registry) + (SELECT count(*) FROM data_key)"), 2);
    }
}

static void
translation_chooses_words_and_blocks(void **state)
{
    struct fixture *fixture = *state;
    static const char sql[] = "a BIGINT, b BYTEA, c MY_BIGINT, d 'BIGINT' -- it's BIGINT\n--@sqlite\nonly BIGINT\n--@end\n--@pgsql\nother BIGINT\n--@end\n) "
                              "/*strict*/;\n";
    const char *lite = migrate_translate(fixture->arena, sql, sizeof(sql) - 1, true);
    const char *pg = migrate_translate(fixture->arena, sql, sizeof(sql) - 1, false);
    assert_string_equal(lite, "a INTEGER, b BLOB, c MY_BIGINT, d 'BIGINT' -- it's BIGINT\n\nonly INTEGER\n\n\n\n\n) STRICT;\n");
    assert_string_equal(pg, "a BIGINT, b BYTEA, c MY_BIGINT, d 'BIGINT' -- it's BIGINT\n\n\n\n\nother BIGINT\n\n) /*strict*/;\n");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        DB_TEST_FOLDER(applies_all_and_twice_is_nothing),
        cmocka_unit_test(list_is_ascending),
        DB_TEST_FOLDER(changed_migration_is_refused),
        DB_TEST_FOLDER(unknown_migration_is_refused),
        DB_TEST_FOLDER(newer_schema_is_refused_everywhere),
        DB_TEST_FOLDER(older_schema_is_not_served),
        DB_TEST_FOLDER(foreign_database_is_refused_untouched),
        DB_TEST_FOLDER(garbage_is_refused_untouched),
        DB_TEST_FOLDER(damaged_pages_are_refused),
        DB_TEST_FOLDER(truncated_file_is_refused),
        DB_TEST_FOLDER(missing_folder_and_file_are_named),
        DB_TEST_FOLDER(read_only_folder_is_named),
        DB_TEST_FOLDER(failing_migration_leaves_nothing),
        DB_TEST_FOLDER(broken_keys_are_not_committed),
        DB_TEST_FOLDER(table_can_be_rebuilt),
        DB_TEST_FOLDER(migration_may_not_end_its_transaction),
        DB_TEST_FOLDER(every_earlier_version_comes_up),
        DB_TEST_FOLDER(translation_chooses_words_and_blocks),
    };
    return cmocka_run_group_tests_name("db migrate", tests, NULL, NULL);
}
