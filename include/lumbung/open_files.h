/* open_files.h: the registry's regions and people as files that anybody can read, and that an empty registry takes in with the same digest: regions.csv,
 * closed.csv, households.ndjson (a registration a line), notices.ndjson (what people were told, a version a line), digest.json. Money, decisions, photos and the log are not in them: those go with a back-up. */
#ifndef LUMBUNG_OPEN_FILES_H
#define LUMBUNG_OPEN_FILES_H

#include "lumbung/base/buffer.h"
#include "lumbung/base/json.h"
#include "lumbung/db/lane.h"

#define OPEN_FILES 4
extern const char *const open_file_names[OPEN_FILES]; /* regions.csv, closed.csv, households.ndjson, notices.ndjson */

struct open_digest {
    char sha256[OPEN_FILES][2 * SHA256_SIZE + 1];
    int64_t regions, households, persons;
    int64_t left_out; /* households that ended, whose consent was withdrawn, or whose keys were destroyed */
};
/* Prints every file in turn to `write`, which gets pieces of file 0, 1, 2, 3; NULL: the digest alone. The households stand in the order of their ids. */
FALLIBLE struct error *open_files_print(struct tx *tx, const struct actor *actor, struct error *(*write)(void *context, int file, const char *text, size_t length),
                                        void *context, struct open_digest *ret_digest);
void open_digest_print(struct buffer *buffer, const struct open_digest *digest);
/* ERROR_FILE when it is no such document. */
FALLIBLE struct error *open_digest_read(struct arena *arena, const char *text, size_t length, struct open_digest *ret_digest);
/* "export.registry" or "import.registry". */
FALLIBLE struct error *open_files_trace(struct tx *tx, const struct actor *actor, const char *action, const struct open_digest *digest);

/* Takes the files in: their digests are checked first, then regions and notices, then households a hundred at a time; what is in already stays, so that a run that was broken off
 * is repeated. At the end the registry must have the digest of the files: otherwise ERROR_TAMPERED, since it held something else before. */
FALLIBLE struct error *open_files_take(struct lane *lane, const struct bytes files[OPEN_FILES], const struct open_digest *digest);

#endif
