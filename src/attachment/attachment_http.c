/* attachment_http.c: POST and GET of attachments: the file is written on the pool, the row on the lane. */
#include <string.h>

#include "attachment/attachment_store.h"
#include "lumbung/audit.h"
#include "lumbung/base/crypto.h"
#include "lumbung/base/limits.h"
#include "lumbung/registry.h"

struct prepared {
    struct attachment attachment;
    uint8_t key[CRYPTO_KEY_SIZE];
    const char *directory;
};

/* Slow disks must not hold up the lane: sealed and fsynced before the row is made. A file whose row fails is taken back, and swept at a later
 * start when the process died in between. */
static struct error *
attachment_prepare(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct prepared *prepared = ARENA_NEW(tx->arena, struct prepared);
    TRY(attachment_inspect(call->body, &prepared->attachment));
    if (!tx->registry || !tx->registry->blob_directory)
        return error_internal("attachments: no folder");
    prepared->attachment.id = tx_new_id(tx);
    prepared->directory = tx->registry->blob_directory;
    TRY(attachment_write(tx->arena, tx->registry->blob_directory, prepared->attachment.id, call->body, prepared->key));
    reply->prepared = prepared;
    return NULL;
}

/* A file without a row would fill the disk and be found by nobody. */
static void
attachment_undo(const struct call *call, const struct error *error)
{
    (void)error;
    const struct prepared *prepared = call->prepared;
    attachment_remove(prepared->directory, prepared->attachment.id);
}

static void
print_attachment(struct reply *reply, const struct attachment *attachment)
{
    json_open(&reply->body, NULL, '{');
    json_put_id(&reply->body, "id", attachment->id);
    json_put_text(&reply->body, "kind", attachment->kind);
    json_put_int(&reply->body, "bytes", attachment->bytes);
    json_close(&reply->body, '}');
}

static struct error *
append_leaf(struct tx *tx, const struct call *call, const struct attachment *attachment)
{
    struct buffer after;
    buffer_init(&after, tx->arena);
    json_open(&after, NULL, '{');
    json_put_text(&after, "kind", attachment->kind);
    json_put_int(&after, "bytes", attachment->bytes);
    json_close(&after, '}');
    struct audit_part part = {.kind = "attachment", .id = attachment->id, .subject = attachment->id, .after = buffer_text(&after)};
    struct audit_change change = {.action = call->route->action, .record_id = attachment->id, .parts = &part, .part_count = 1};
    return audit_append(tx, call->actor, &change, NULL);
}

static struct error *
attachment_add_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct prepared *prepared = call->prepared;
    struct attachment_row row = {.attachment = prepared->attachment, .subject_id = prepared->attachment.id, .added_by = call->actor->user_id,
                                 .created_at_ms = tx->now_ms};
    TRY(keyring_seal(tx, row.subject_id, "attachment.sealed_key", row.attachment.id, prepared->key, sizeof prepared->key, &row.sealed_key));
    TRY(attachment_store_insert(tx, &row));
    TRY(append_leaf(tx, call, &row.attachment));
    reply->status = 201;
    reply->record_id = row.attachment.id;
    print_attachment(reply, &row.attachment);
    return NULL;
}

static struct error *
load_own(struct tx *tx, const struct actor *actor, struct id id, struct attachment_row *ret_row)
{
    bool found = false;
    TRY(attachment_store_load(tx, actor, id, ret_row, &found));
    return found ? NULL : error_new(ERROR_NOT_FOUND);
}

struct error *
attachment_find(struct tx *tx, const struct actor *actor, struct id id, struct attachment *ret_attachment)
{
    struct attachment_row row;
    TRY(load_own(tx, actor, id, &row));
    *ret_attachment = row.attachment;
    return NULL;
}

struct error *
attachment_bind(struct tx *tx, const struct actor *actor, struct id id, struct id subject, struct id region_id)
{
    struct attachment_row row;
    TRY(load_own(tx, actor, id, &row));
    if (id_equal(row.subject_id, subject))
        return NULL;
    if (!id_equal(row.subject_id, id) || (actor->kind == ACTOR_USER && !id_equal(row.added_by, actor->user_id)))
        return error_new(ERROR_NOT_FOUND);
    struct bytes key = {NULL, 0}, sealed = {NULL, 0};
    TRY(keyring_unseal(tx, row.subject_id, "attachment.sealed_key", id, row.sealed_key, &key));
    if (!key.data)
        return error_new(ERROR_NOT_FOUND);
    TRY(keyring_seal(tx, subject, "attachment.sealed_key", id, key.data, key.length, &sealed));
    return attachment_store_bind(tx, id, subject, region_id, sealed);
}

static struct error *
attachment_replay_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct attachment attachment;
    TRY(attachment_find(tx, call->actor, reply->record_id, &attachment));
    print_attachment(reply, &attachment);
    return NULL;
}

static struct error *
attachment_get_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct attachment_row row;
    struct bytes key = {NULL, 0}, content = {NULL, 0};
    if (call->actor->masking == MASKING_PSEUDONYM) /* a face is a name */
        return error_new(ERROR_NOT_FOUND);
    TRY(load_own(tx, call->actor, call->ids[0], &row));
    TRY(keyring_unseal(tx, row.subject_id, "attachment.sealed_key", row.attachment.id, row.sealed_key, &key));
    if (key.length != CRYPTO_KEY_SIZE || !tx->registry || !tx->registry->blob_directory)
        return error_new(ERROR_NOT_FOUND);
    TRY(attachment_read(tx->arena, tx->registry->blob_directory, row.attachment.id, key.data, &content));
    reply->content_type = row.attachment.kind;
    if (strcmp(row.attachment.kind, "application/pdf") == 0)
        reply->filename = "lampiran.pdf"; /* scripts in a PDF never run on our origin */
    buffer_bytes(&reply->body, content.data, content.length);
    reply_saw(reply, tx->arena, row.subject_id);
    return NULL;
}

const struct route attachment_routes[] = {
    {.method = METHOD_POST, .path = "/api/v1/attachments", .kind = ROUTE_WRITE, .perm = PERM_HOUSEHOLD_WRITE, .perm_or = PERM_RECEIPT_WRITE,
     .has_perm_or = true, .scope = SCOPE_SELF, .key = KEY_OPTIONAL, .body = BODY_RAW, .body_bytes_max = LIMIT_ATTACHMENT_BYTES,
     .accepts = "image/jpeg, image/png, image/webp, application/pdf", .action = "attachment.add", .summary = "Add a photo, a signature or a paper",
     .prepare = attachment_prepare, .undo = attachment_undo, .step = attachment_add_step, .replay = attachment_replay_step},
    {.method = METHOD_GET, .path = "/api/v1/attachments/{id}", .kind = ROUTE_READ_SLOW, .perm = PERM_HOUSEHOLD_READ, .perm_or = PERM_RECEIPT_READ,
     .has_perm_or = true, .scope = SCOPE_REGION, .personal = true, .summary = "The file itself", .step = attachment_get_step},
    {0},
};
