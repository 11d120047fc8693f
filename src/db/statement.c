/* statement.c: the list of all statements of the program, gathered by the linker. */
#include "lumbung/db/db.h"

/* The linker makes these two for a section whose name is a C identifier; weak, since a program may hold no statement at all. */
extern const struct statement *const __start_lumbung_statements[] __attribute__((weak));
extern const struct statement *const __stop_lumbung_statements[] __attribute__((weak));

size_t
statement_count(void)
{
    return (size_t)(__stop_lumbung_statements - __start_lumbung_statements);
}

const struct statement *
statement_at(size_t index)
{
    return __start_lumbung_statements[index];
}
