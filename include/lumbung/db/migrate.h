/* migrate.h: brings a registry file to the present schema; forward only, one transaction a version, each recorded with its SHA-256. */
#ifndef LUMBUNG_DB_MIGRATE_H
#define LUMBUNG_DB_MIGRATE_H

#include "lumbung/db/db.h"

struct migration {
    int version;
    const char *name;
    const char *sql; /* PostgreSQL dialect with the tokens of migrate_translate */
    size_t length;
};

/* The compiled-in migrations, ascending. */
const struct migration *migration_list(size_t *ret_count);

/* Creates FILE when missing, applies what is missing. Refuses (ERROR_DATABASE) a newer schema, a changed recorded migration, a file that
 * is no registry, a damaged file; nothing is half-done. */
FALLIBLE struct error *migrate_file(const char *path, const struct db_options *options, int64_t now_ms);

/* The SQLite text of a migration: BIGINT to INTEGER, BYTEA to BLOB, the comment token strict to STRICT, --@sqlite and --@pgsql blocks chosen. */
const char *migrate_translate(struct arena *arena, const char *sql, size_t length, bool sqlite);

#endif
