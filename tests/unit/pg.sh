#!/bin/sh
# pg.sh PROGRAM: loads all migrations into a throw-away PostgreSQL and prepares every statement of the program there.
# The server listens on a Unix socket in its own folder only, and goes away with it.
set -eu
program=$1
binaries=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
if [ -z "$binaries" ] || [ ! -x "$binaries/initdb" ]; then
    echo "postgres: skipped, PostgreSQL is not installed (Debian: apt-get install postgresql)"
    exit 0
fi

folder=$(mktemp -d "${TMPDIR:-/tmp}/lumbung-pg-XXXXXX")
# The server refuses to run as root.
if [ "$(id -u)" = 0 ]; then
    as="runuser -u postgres --"
    chown postgres "$folder"
else
    as=""
fi
stop() {
    $as "$binaries/pg_ctl" -D "$folder/data" -m immediate -s stop >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap stop EXIT INT TERM

cd_free() { (cd "$folder" && "$@"); } # the server's user may not enter our folder
cd_free $as "$binaries/initdb" -D "$folder/data" -A trust -U lumbung -E UTF8 --locale=C -N >"$folder.log" 2>&1 || { cat "$folder.log"; exit 1; }
rm -f "$folder.log"
cd_free $as "$binaries/pg_ctl" -D "$folder/data" -w -s -l "$folder/log" \
    -o "-c listen_addresses='' -c unix_socket_directories='$folder' -c fsync=off" start
run_psql() { "$binaries/psql" -X -q -h "$folder" -U lumbung -d postgres "$@"; }

"$program" --migrations >"$folder/migrations.sql"
run_psql -v ON_ERROR_STOP=1 -f "$folder/migrations.sql" >"$folder/out" 2>&1 || { cat "$folder/out"; echo "postgres: a migration failed"; exit 1; }

"$program" --statements >"$folder/statements.sql"
cat >>"$folder/statements.sql" <<END
\o $folder/prepared
\pset format unaligned
\pset tuples_only on
SELECT name FROM pg_prepared_statements ORDER BY name COLLATE "C";
END
run_psql -f "$folder/statements.sql" >"$folder/out" 2>&1 || true
sed -n 's/^PREPARE "\([^"]*\)".*/\1/p' "$folder/statements.sql" | LC_ALL=C sort -u >"$folder/written"
missing=$(LC_ALL=C comm -23 "$folder/written" "$folder/prepared")
count=$(wc -l <"$folder/written")
if [ -n "$missing" ]; then
    # psql names the line where a refused statement ends: the PREPARE at or before it is the one.
    for name in $missing; do
        reason=$(grep 'ERROR' "$folder/out" | sed 's/^psql:[^:]*:\([0-9]*\): ERROR: */\1 /' | while read -r line text; do
            at=$(head -n "$line" "$folder/statements.sql" | grep '^PREPARE ' | tail -n 1 | cut -d'"' -f2)
            [ "$at" != "$name" ] || echo "$text"
        done | tail -n 1)
        echo "postgres: $name: $reason"
    done
    echo "postgres: statements=$count refused=$(echo "$missing" | wc -l)"
    exit 1
fi
echo "postgres: $("$binaries/postgres" --version | cut -d' ' -f3), statements=$count, all prepared"
