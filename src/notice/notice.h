/* notice.h: rules of notices: what a draft must hold, and when it may be published. */
#ifndef LUMBUNG_NOTICE_NOTICE_H
#define LUMBUNG_NOTICE_NOTICE_H

#include "lumbung/notice.h"
#include "notice/notice_store.h"

#define NOTICE_VERSION_MAX 40
#define NOTICE_LANGUAGES_MAX 40
#define NOTICE_TEXT_MAX 8000
#define NOTICE_BODY_BYTES (512 * 1024)

struct notice_in {
    struct presence presence;
    const char *version; /* NULL in a change */
    struct array texts;  /* struct notice_text */
};
extern const struct field_table notice_table, notice_change_table;

/* "texts": [{language, title, text}]. */
void notice_texts_print(struct buffer *buffer, const struct notice_text *texts, size_t count);

/* ERROR_EXISTS for a version that is there. */
FALLIBLE struct error *notice_make(struct tx *tx, const struct actor *actor, const struct notice_in *in, struct notice_row *ret_row);
/* Replaces the texts of a draft. `if_match` -1: of whatever it is now; else ERROR_STALE when it is another. */
FALLIBLE struct error *notice_change(struct tx *tx, const struct actor *actor, const char *version, const struct notice_in *in, int64_t if_match, struct notice_row *ret_row);
/* From now on it is the one that is asked. ERROR_FIELDS as long as a language that everyone must find is missing. */
FALLIBLE struct error *notice_publish(struct tx *tx, const struct actor *actor, const char *version, int64_t if_match, struct notice_row *ret_row);
/* The same for one that was published at another time, in another registry. */
FALLIBLE struct error *notice_publish_at(struct tx *tx, const struct actor *actor, const char *version, int64_t if_match, int64_t at_ms, struct notice_row *ret_row);

#endif
