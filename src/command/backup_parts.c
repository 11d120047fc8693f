/* backup_parts.c: digests of a backup's parts, made when it is written and compared when it is read. */
#include "command/backup_parts.h"

#include <string.h>

#include "command/archive.h"
#include "lumbung/base/text.h"
#include "lumbung/db/keyring.h"

#define LIST_NAME "digests"
#define SIGNATURE_NAME "digests.signature"
#define SIGNED_HEAD "lumbung-backup-1\n"
#define HEX_KEY (2 * SIGN_PUBLIC_SIZE)
#define HEX_SIGNATURE (2 * SIGN_SIZE)
#define HEX_DIGEST (2 * SHA256_SIZE)

void
backup_parts_start(struct backup_parts *parts, struct arena *arena)
{
    *parts = (struct backup_parts){.arena = arena};
    buffer_init(&parts->seen, arena);
}

static void
note_part(struct backup_parts *parts, const char *name, const uint8_t sha256[SHA256_SIZE])
{
    char hex[HEX_DIGEST + 1];
    hex_print(sha256, SHA256_SIZE, hex);
    buffer_add(&parts->seen, hex);
    buffer_add(&parts->seen, "  ");
    buffer_add(&parts->seen, name);
    buffer_char(&parts->seen, '\n');
    parts->count++;
}

struct error *
backup_parts_add(struct backup_parts *parts, int archive, const char *name, const char *path)
{
    uint8_t sha256[SHA256_SIZE];
    TRY(archive_add(archive, name, path, sha256));
    note_part(parts, name, sha256);
    return NULL;
}

/* What is signed: the list behind a head that no other signed text of ours begins with. */
static struct bytes
signed_text(struct arena *arena, struct bytes list)
{
    struct buffer text;
    buffer_init(&text, arena);
    buffer_add(&text, SIGNED_HEAD);
    buffer_bytes(&text, list.data, list.length);
    return (struct bytes){(const uint8_t *)text.data, text.length};
}

struct error *
backup_parts_end(struct backup_parts *parts, int archive, const struct keyring *keyring)
{
    char key[HEX_KEY + 1], hex[HEX_SIGNATURE + 1];
    uint8_t signature[SIGN_SIZE];
    struct bytes text = signed_text(parts->arena, (struct bytes){(const uint8_t *)parts->seen.data, parts->seen.length});
    keyring_sign(keyring, text.data, text.length, signature);
    hex_print(keyring_sign_public(keyring), SIGN_PUBLIC_SIZE, key);
    hex_print(signature, sizeof signature, hex);
    const char *line = arena_format(parts->arena, "%s %s\n", key, hex);
    TRY(archive_add_text(archive, LIST_NAME, parts->seen.data, parts->seen.length));
    TRY(archive_add_text(archive, SIGNATURE_NAME, line, strlen(line)));
    return archive_end(archive);
}

/* --- reading ------------------------------------------------------------------------------------------------------------------------------ */

struct error *
backup_parts_take(struct backup_parts *parts, int archive, const char *name, int64_t size, const char *path)
{
    uint8_t sha256[SHA256_SIZE];
    if (text_equal(name, LIST_NAME))
        return archive_take_text(parts->arena, archive, size, &parts->listed);
    if (text_equal(name, SIGNATURE_NAME))
        return archive_take_text(parts->arena, archive, size, &parts->signature);
    TRY(archive_take(archive, size, path, sha256));
    note_part(parts, name, sha256);
    return NULL;
}

static const char *
take_line(struct arena *arena, const char **at, const char *end)
{
    const char *from = *at, *line_end = from < end ? memchr(from, '\n', (size_t)(end - from)) : NULL;
    if (line_end == NULL)
        return NULL;
    *at = line_end + 1;
    return arena_copy(arena, from, (size_t)(line_end - from));
}

static const char *
name_of(const char *line)
{
    return line && strlen(line) > HEX_DIGEST + 2 ? line + HEX_DIGEST + 2 : "the end";
}

static struct error *
differs(const struct backup_parts *parts, const char *seen, const char *listed)
{
    const char *what = text_equal(name_of(seen), name_of(listed))
                           ? arena_format(parts->arena, "%s was changed: its SHA-256 is %.64s, the backup's list says %.64s", name_of(listed), seen, listed)
                           : arena_format(parts->arena, "the backup's list says %s, there is %s", name_of(listed), name_of(seen));
    return error_with(ERROR_TAMPERED, what, NULL, NULL);
}

struct error *
backup_parts_check(const struct backup_parts *parts)
{
    const char *seen_at = parts->seen.data, *listed_at = (const char *)parts->listed.data;
    const char *seen_end = seen_at + parts->seen.length, *listed_end = listed_at + parts->listed.length;
    struct arena *arena = arena_create();
    struct error *error = NULL;
    if (parts->listed.data == NULL || parts->signature.data == NULL || parts->count == 0)
        error = error_with(ERROR_TAMPERED, "the backup holds no signed list of its parts", NULL, NULL);
    for (bool more = true; error == NULL && more;) {
        arena_reset(arena);
        const char *seen = take_line(arena, &seen_at, seen_end), *listed = take_line(arena, &listed_at, listed_end);
        more = seen || listed;
        if (more && !text_equal(seen, listed))
            error = differs(parts, seen, listed);
    }
    arena_destroy(arena);
    return error;
}

struct error *
backup_parts_check_signature(const struct backup_parts *parts, const char *public_key_hex, const char **ret_key_hex)
{
    uint8_t key[SIGN_PUBLIC_SIZE], signature[SIGN_SIZE];
    const char *line = (const char *)parts->signature.data;
    bool whole = parts->signature.length == HEX_KEY + 1 + HEX_SIGNATURE + 1;
    const char *own = whole ? arena_copy(parts->arena, line, HEX_KEY) : "", *hex = whole ? arena_copy(parts->arena, line + HEX_KEY + 1, HEX_SIGNATURE) : "";
    if (!hex_parse(own, key, sizeof key) || !hex_parse(hex, signature, sizeof signature))
        return error_with(ERROR_TAMPERED, "the signature of the backup's list cannot be read", NULL, NULL);
    if (public_key_hex && !text_equal(public_key_hex, own))
        return error_with(ERROR_TAMPERED, arena_format(parts->arena, "the backup is signed by %s, not by %s", own, public_key_hex), NULL, NULL);
    struct bytes text = signed_text(parts->arena, parts->listed);
    if (!crypto_sign_check(key, text.data, text.length, signature))
        return error_with(ERROR_TAMPERED, "the signature of the backup's list does not hold: it was changed after signing", NULL, NULL);
    *ret_key_hex = own;
    return NULL;
}

static struct error *
verify_entry(void *context, int archive, const char *name, int64_t size)
{
    return backup_parts_take(context, archive, name, size, NULL);
}

struct error *
backup_parts_verify(struct arena *arena, const char *path, const char *public_key_hex, struct buffer *report)
{
    struct backup_parts parts;
    const char *key = NULL;
    backup_parts_start(&parts, arena);
    TRY(archive_read(path, verify_entry, &parts));
    TRY(backup_parts_check(&parts));
    TRY(backup_parts_check_signature(&parts, public_key_hex, &key));
    buffer_format(report, "signature of %s holds\nparts: %lld, each as it was backed up\n", key, (long long)parts.count);
    return NULL;
}
