/* test_db_pg.c: the schema and every statement are legal PostgreSQL, the way past one machine. `--migrations` and `--statements` print them for
 * pg.sh, which asks a real server; without an argument this runs pg.sh. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lumbung/db/db.h"
#include "lumbung/db/migrate.h"

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

static void
print_statements(void)
{
    for (size_t i = 0; i < statement_count(); i++)
        printf("PREPARE \"%s\" AS %s;\n", statement_at(i)->name, statement_at(i)->sql);
}

int
main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--migrations") == 0)
        print_migrations();
    else if (argc == 2 && strcmp(argv[1], "--statements") == 0)
        print_statements();
    else {
        execl("/bin/sh", "sh", "tests/unit/pg.sh", argv[0], (char *)NULL);
        perror("tests/unit/pg.sh");
        return 1;
    }
    return fflush(stdout) == 0 ? 0 : 1;
}
