/* audit_note.c: writes and checks signed checkpoints. */
#include "audit/audit_note.h"

#include <string.h>

#include "lumbung/base/crypto.h"

#define NAME_PREFIX "lumbung/"
#define SIGNATURE_PREFIX "\xe2\x80\x94 " /* an em dash and a blank */
#define KEY_TYPE_ED25519 0x01
#define KEY_ID_SIZE 4
#define NOTE_BYTES_MAX 65536

const char *
note_name(struct arena *arena, struct id origin)
{
    char text[ID_TEXT_SIZE];
    id_print(origin, text);
    return arena_format(arena, NAME_PREFIX "%s", text);
}

void
note_key_id(const char *name, const uint8_t public_key[32], uint8_t ret_id[4])
{
    static const uint8_t separator[2] = {'\n', KEY_TYPE_ED25519};
    uint8_t digest[SHA256_SIZE];
    struct sha256 state;
    sha256_start(&state);
    sha256_update(&state, name, strlen(name));
    sha256_update(&state, separator, sizeof separator);
    sha256_update(&state, public_key, SIGN_PUBLIC_SIZE);
    sha256_finish(&state, digest);
    memcpy(ret_id, digest, KEY_ID_SIZE);
}

const char *
note_verifier_key(struct arena *arena, const char *name, const uint8_t public_key[32])
{
    uint8_t id[KEY_ID_SIZE], typed[1 + SIGN_PUBLIC_SIZE];
    char hash[2 * KEY_ID_SIZE + 1];
    note_key_id(name, public_key, id);
    hex_print(id, sizeof id, hash);
    typed[0] = KEY_TYPE_ED25519;
    memcpy(typed + 1, public_key, SIGN_PUBLIC_SIZE);
    return arena_format(arena, "%s+%s+%s", name, hash, base64_print(arena, typed, sizeof typed, false));
}

bool
audit_verifier_key_parse(struct arena *arena, const char *verifier_key, const char **ret_name, uint8_t ret_public[32])
{
    const char *first = verifier_key ? strchr(verifier_key, '+') : NULL;
    if (!first || first == verifier_key || strlen(first) < 10 || first[9] != '+')
        return false;
    const char *name = arena_copy(arena, verifier_key, (size_t)(first - verifier_key));
    uint8_t hash[KEY_ID_SIZE], id[KEY_ID_SIZE];
    struct bytes typed;
    if (!hex_parse(arena_copy(arena, first + 1, 8), hash, sizeof hash) || !base64_parse(arena, first + 10, false, &typed))
        return false;
    if (typed.length != 1 + SIGN_PUBLIC_SIZE || typed.data[0] != KEY_TYPE_ED25519)
        return false;
    note_key_id(name, typed.data + 1, id);
    if (memcmp(hash, id, sizeof id) != 0)
        return false;
    memcpy(ret_public, typed.data + 1, SIGN_PUBLIC_SIZE);
    *ret_name = name;
    return true;
}

const char *
note_print(struct arena *arena, const struct keyring *keyring, struct id origin, int64_t size, const uint8_t root[32])
{
    const char *name = note_name(arena, origin);
    const char *text = arena_format(arena, "%s\n%lld\n%s\n", name, (long long)size, base64_print(arena, root, SHA256_SIZE, false));
    uint8_t signature[KEY_ID_SIZE + SIGN_SIZE];
    note_key_id(name, keyring_sign_public(keyring), signature);
    keyring_sign(keyring, text, strlen(text), signature + KEY_ID_SIZE);
    return arena_format(arena, "%s\n" SIGNATURE_PREFIX "%s %s\n", text, name, base64_print(arena, signature, sizeof signature, false));
}

/* The three lines of a checkpoint; further lines are extensions, which are signed and otherwise left alone. */
static bool
parse_body(struct arena *arena, const char *text, struct audit_note *ret_note)
{
    const char *size = strchr(text, '\n');
    const char *root = size ? strchr(size + 1, '\n') : NULL;
    const char *end = root ? strchr(root + 1, '\n') : NULL;
    if (!end || size == text)
        return false;
    struct audit_note note = {.name = arena_copy(arena, text, (size_t)(size - text))};
    const char *number = arena_copy(arena, size + 1, (size_t)(root - size - 1));
    struct bytes hash;
    if (number[0] < '0' || number[0] > '9' || (number[0] == '0' && number[1] != '\0') || !text_parse_int(number, &note.size))
        return false;
    if (!base64_parse(arena, arena_copy(arena, root + 1, (size_t)(end - root - 1)), false, &hash) || hash.length != SHA256_SIZE)
        return false;
    memcpy(note.root, hash.data, SHA256_SIZE);
    if (!text_begins(note.name, NAME_PREFIX) || !id_parse(note.name + strlen(NAME_PREFIX), &note.origin))
        note.origin = (struct id){{0}};
    *ret_note = note;
    return true;
}

/* One line of the signatures: true when it is this key's and fits the text. */
static bool
check_line(struct arena *arena, const char *line, size_t length, const char *name, const uint8_t public_key[32], const char *text, size_t text_length)
{
    const char *copy = arena_copy(arena, line, length);
    if (!text_begins(copy, SIGNATURE_PREFIX))
        return false;
    copy += strlen(SIGNATURE_PREFIX);
    const char *blank = strchr(copy, ' ');
    if (!blank || (size_t)(blank - copy) != strlen(name) || strncmp(copy, name, strlen(name)) != 0)
        return false;
    struct bytes signature;
    uint8_t id[KEY_ID_SIZE];
    note_key_id(name, public_key, id);
    if (!base64_parse(arena, blank + 1, false, &signature) || signature.length != KEY_ID_SIZE + SIGN_SIZE)
        return false;
    return memcmp(signature.data, id, KEY_ID_SIZE) == 0 && crypto_sign_check(public_key, text, text_length, signature.data + KEY_ID_SIZE);
}

bool
audit_note_check(struct arena *arena, const char *text, const char *verifier_key, const uint8_t *public_key, struct audit_note *ret_note)
{
    const char *name = NULL;
    uint8_t parsed[SIGN_PUBLIC_SIZE];
    if (verifier_key) {
        if (!audit_verifier_key_parse(arena, verifier_key, &name, parsed))
            return false;
        public_key = parsed;
    }
    const char *blank = text && public_key && strlen(text) <= NOTE_BYTES_MAX ? strstr(text, "\n\n") : NULL;
    struct audit_note note;
    if (!blank || !parse_body(arena, text, &note))
        return false;
    if (!name)
        name = note.name;
    if (!text_equal(name, note.name))
        return false;
    size_t text_length = (size_t)(blank + 1 - text);
    for (const char *line = blank + 2; *line != '\0';) {
        const char *end = strchr(line, '\n');
        if (!end)
            return false;
        if (check_line(arena, line, (size_t)(end - line), name, public_key, text, text_length)) {
            *ret_note = note;
            return true;
        }
        line = end + 1;
    }
    return false;
}
