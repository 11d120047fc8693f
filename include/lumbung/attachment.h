/* attachment.h: photos, signatures and scanned papers. Each lies sealed under FILE.blobs/aa/ID, written and fsynced before its row. */
#ifndef LUMBUNG_ATTACHMENT_H
#define LUMBUNG_ATTACHMENT_H

#include "lumbung/http/route.h"

struct attachment {
    struct id id;
    const char *kind;     /* "image/jpeg", "image/png", "image/webp", "application/pdf" */
    int64_t bytes;
    int width, height;    /* 0 for a PDF */
};

/* Tells an attachment by its first bytes and refuses what would blow up when shown: FAULT-less ERROR_MEDIA_TYPE or ERROR_TOO_LARGE. */
FALLIBLE struct error *attachment_inspect(struct bytes content, struct attachment *ret_attachment);

/* ERROR_NOT_FOUND unless the actor added it himself or may see the region that it was bound to. */
FALLIBLE struct error *attachment_find(struct tx *tx, const struct actor *actor, struct id id, struct attachment *ret_attachment);

/* Binds an attachment of this actor to the record that uses it: whoever may see the region may see it, and erasing the subject erases it.
 * ERROR_NOT_FOUND when it is not his or bound already to another subject. */
FALLIBLE struct error *attachment_bind(struct tx *tx, const struct actor *actor, struct id id, struct id subject, struct id region_id);

/* Writes sealed content for a new attachment and fsyncs it with its folder; `ret_key` is the file's own key. */
FALLIBLE struct error *attachment_write(struct arena *arena, const char *directory, struct id id, struct bytes content, uint8_t ret_key[32]);
/* Takes a written file back. */
void attachment_remove(const char *directory, struct id id);
/* Reads and opens it. ERROR_TAMPERED when it does not open. */
FALLIBLE struct error *attachment_read(struct arena *arena, const char *directory, struct id id, const uint8_t key[32], struct bytes *ret_content);

/* Removes files without a row, and unfinished ones, last written before `before_ms`: younger ones may still get their row. Other names are left alone. */
FALLIBLE struct error *attachment_sweep(struct tx *tx, const char *directory, int64_t before_ms, int64_t *ret_removed);
/* Opens every one whose subject was not erased. ERROR_TAMPERED naming the first that is missing or was changed. */
FALLIBLE struct error *attachment_verify(struct tx *tx, struct buffer *report);

extern const struct route attachment_routes[];

#endif
