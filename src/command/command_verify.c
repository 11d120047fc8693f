/* command_verify.c: `lumbung verify --db FILE` checks a registry; `lumbung verify OUT` an exported file or a backup with no database at hand. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command/archive.h"
#include "command/backup_parts.h"
#include "command/command.h"
#include "command/reading.h"
#include "disbursement/disbursement_store.h"
#include "lumbung/attachment.h"
#include "lumbung/audit.h"
#include "lumbung/export.h"
#include "lumbung/ledger.h"

#define VERIFY_USAGE "lumbung verify --db FILE [--keys DIR] [--checkpoint NOTE] | lumbung verify OUT [--manifest FILE] [--pubkey FILE]"

static struct error *
verify_sums(struct tx *tx, struct buffer *report)
{
    struct id id;
    bool found = false;
    TRY(disbursement_store_drifted(tx, &id, &found));
    if (found) {
        char text[ID_TEXT_SIZE];
        id_print(id, text);
        return error_with(ERROR_TAMPERED, arena_format(tx->arena, "disbursement %s: received is not the sum of its receipts", text), NULL, NULL);
    }
    TRY(disbursement_store_miscounted(tx, &found));
    if (!found)
        TRY(enrollment_miscounted(tx, &found));
    if (found)
        return error_with(ERROR_TAMPERED, "the kept sums of disbursements or enrollments are not those of their rows", NULL, NULL);
    buffer_add(report, "disbursements: received equals the receipts, line by line\n");
    return NULL;
}

static struct error *
verify_registry(struct arena *arena, const char *path, const char *keys, const char *note_path, struct buffer *report)
{
    struct reading reading;
    struct bytes note = {NULL, 0};
    if (note_path)
        TRY(file_read(arena, note_path, &note));
    TRY(reading_open_at_rest(arena, path, keys, &reading));
    struct error *error = db_check_integrity(reading.tx.db);
    if (error == NULL)
        error = audit_verify(&reading.tx, (const char *)note.data, report);
    if (error == NULL)
        error = ledger_verify(&reading.tx, report);
    if (error == NULL)
        error = verify_sums(&reading.tx, report);
    if (error == NULL)
        error = attachment_verify(&reading.tx, report);
    reading_close(&reading);
    return error;
}

static struct error *
verify_file(struct arena *arena, const char *path, const char *manifest_path, const char *key_path, struct buffer *report)
{
    struct bytes manifest, key = {NULL, 0};
    if (key_path)
        TRY(file_read(arena, key_path, &key));
    const char *hex = key.data ? arena_copy(arena, (const char *)key.data, strcspn((const char *)key.data, "\r\n ")) : NULL;
    if (archive_is_one(path))
        return backup_parts_verify(arena, path, hex, report);
    TRY(file_read(arena, manifest_path ? manifest_path : arena_format(arena, "%s.manifest.json", path), &manifest));
    return export_check(arena, path, (const char *)manifest.data, manifest.length, hex, report);
}

int
command_verify(int argc, char **argv)
{
    struct arena *arena = arena_create();
    struct options options;
    struct buffer report;
    buffer_init(&report, arena);
    options_start(&options, arena, argc, argv);
    const char *db = options_value(&options, "--db"), *keys = options_value(&options, "--keys"), *note = options_value(&options, "--checkpoint");
    const char *manifest = options_value(&options, "--manifest"), *key = options_value(&options, "--pubkey"), *out = options_word(&options);
    struct error *error = options_rest(&options, VERIFY_USAGE);
    if (error == NULL && (db != NULL) == (out != NULL))
        error = error_with(ERROR_USAGE, VERIFY_USAGE, NULL, NULL);
    if (error == NULL)
        error = db ? verify_registry(arena, db, keys, note, &report) : verify_file(arena, out, manifest, key, &report);
    if (error == NULL)
        printf("%s%s verifies\n", buffer_text(&report), db ? db : out);
    int code = error ? command_fail("verify", error) : EXIT_DONE;
    arena_destroy(arena);
    return code;
}
