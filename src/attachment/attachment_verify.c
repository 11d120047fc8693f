/* attachment_verify.c: photos and papers against their rows: each has to be there and to open. */
#include "attachment/attachment_store.h"
#include "lumbung/db/keyring.h"
#include "lumbung/registry.h"

static struct error *
tampered(struct arena *arena, struct id id, const char *what)
{
    char text[ID_TEXT_SIZE];
    id_print(id, text);
    return error_with(ERROR_TAMPERED, arena_format(arena, "photo or paper %s %s", text, what), NULL, NULL);
}

static struct error *
verify_one(struct tx *tx, const struct attachment_row *row, int64_t *opened)
{
    struct bytes key = {NULL, 0}, content = {NULL, 0};
    struct id id = row->attachment.id;
    TRY(keyring_unseal(tx, row->subject_id, "attachment.sealed_key", id, row->sealed_key, &key));
    if (key.data == NULL)
        return NULL; /* its subject was erased, and with it whatever it showed */
    struct error *error = attachment_read(tx->arena, tx->registry->blob_directory, id, key.data, &content);
    if (error) {
        bool missing = error->code == ERROR_NOT_FOUND;
        error_free(error);
        return tampered(tx->arena, id, missing ? "is missing" : "was changed");
    }
    if ((int64_t)content.length != row->attachment.bytes)
        return tampered(tx->arena, id, "has another size than its row says");
    ++*opened;
    return NULL;
}

/* An arena of their own, emptied behind each: a registry's photos need the memory of one. */
struct error *
attachment_verify(struct tx *tx, struct buffer *report)
{
    struct arena *kept = tx->arena, *arena = arena_create();
    struct id after = {{0}};
    struct error *error = NULL;
    int64_t opened = 0;
    tx->arena = arena;
    for (bool found = true; error == NULL && found;) {
        struct attachment_row row;
        arena_reset(arena);
        error = attachment_store_next(tx, after, &row, &found);
        if (error == NULL && found) {
            after = row.attachment.id;
            error = verify_one(tx, &row, &opened);
        }
    }
    tx->arena = kept;
    arena_destroy(arena);
    if (error == NULL)
        buffer_format(report, "photos and papers: %lld are there and open\n", (long long)opened);
    return error;
}
