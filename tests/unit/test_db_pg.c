/* test_db_pg.c: the schema and every statement are legal PostgreSQL, the way past one machine. `--migrations` and `--statements` print them for
 * pg.sh, which asks a real server; without an argument this runs pg.sh. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lumbung/db/db.h"
#include "lumbung/db/migrate.h"

#define UNTYPED_MAX 5
#define PARAMETERS_MAX 99

static void
print_migrations(void)
{
    size_t count;
    struct arena *arena = arena_create();
    const struct migration *list = migration_list(&count);
    for (size_t i = 0; i < count; i++)
        printf("BEGIN;\n%s\nCOMMIT;\n", migrate_translate(arena, list[i].sql, list[i].length, false));
    arena_destroy(arena);
}

/* Parameters that are only asked for NULL before they are compared, "($1 IS NULL OR kind = $1)": this server wants their type told, which a
 * driver does and plain text does not. */
static int
find_untyped(const char *sql, int ret_numbers[UNTYPED_MAX])
{
    int count = 0;
    for (const char *at = strchr(sql, '$'); at && count < UNTYPED_MAX; at = strchr(at + 1, '$')) {
        char *end;
        long number = strtol(at + 1, &end, 10);
        bool is_known = strncmp(end, " IS NULL", 8) != 0 && strncmp(end, " IS NOT NULL", 12) != 0;
        for (int i = 0; i < count; i++)
            is_known = is_known || ret_numbers[i] == number;
        if (!is_known)
            ret_numbers[count++] = (int)number;
    }
    return count;
}

/* One attempt: the untyped parameters get the types that the digits of `choice` to base 3 name, the others are left to the server. */
static void
print_attempt(const struct statement *statement, const int *numbers, int count, int choice)
{
    static const char *const types[] = {"text", "bigint", "bytea"};
    int chosen[PARAMETERS_MAX + 1] = {0}, highest = 0;
    for (int i = 0; i < count; i++, choice /= 3) {
        if (numbers[i] < 1 || numbers[i] > PARAMETERS_MAX)
            continue;
        chosen[numbers[i]] = 1 + choice % 3;
        highest = numbers[i] > highest ? numbers[i] : highest;
    }
    printf("PREPARE \"%s\"", statement->name);
    for (int number = 1; number <= highest; number++)
        printf("%s%s", number == 1 ? " (" : ", ", chosen[number] ? types[chosen[number] - 1] : "unknown");
    printf("%s AS %s;\n", highest > 0 ? ")" : "", statement->sql);
}

/* Attempts after the one that succeeded are refused as known already, which pg.sh passes over. */
static void
print_statement(const struct statement *statement)
{
    int numbers[UNTYPED_MAX], attempts = 1;
    int count = find_untyped(statement->sql, numbers);
    for (int i = 0; i < count; i++)
        attempts *= 3;
    for (int choice = 0; choice < attempts; choice++)
        print_attempt(statement, numbers, count, choice);
}

int
main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--migrations") == 0)
        print_migrations();
    else if (argc == 2 && strcmp(argv[1], "--statements") == 0)
        for (size_t i = 0; i < statement_count(); i++)
            print_statement(statement_at(i));
    else {
        execl("/bin/sh", "sh", "tests/unit/pg.sh", argv[0], (char *)NULL);
        perror("tests/unit/pg.sh");
        return 1;
    }
    return fflush(stdout) == 0 ? 0 : 1;
}
