/* notice_store.h: rows of notices and of their texts. */
#ifndef LUMBUNG_NOTICE_NOTICE_STORE_H
#define LUMBUNG_NOTICE_NOTICE_STORE_H

#include "lumbung/http/field.h"
#include "lumbung/http/route.h"

struct notice_row {
    const char *version;
    struct id id;            /* zero for what the program brings */
    const char *state;       /* draft, published */
    int64_t revision;
    struct id made_by, published_by;
    int64_t made_at_ms, published_at_ms; /* 0 for what the program brings */
};

struct notice_text {
    struct presence presence;
    const char *language, *title, *text;
};

FALLIBLE struct error *notice_store_load(struct tx *tx, const char *version, struct notice_row *ret_row, bool *ret_found);
FALLIBLE struct error *notice_store_by_id(struct tx *tx, struct id id, struct notice_row *ret_row, bool *ret_found);
/* The newest that is published: the one that is asked. */
FALLIBLE struct error *notice_store_asked(struct tx *tx, struct notice_row *ret_row);
/* By version, after `after` ("" at the start); drafts too when wanted. */
FALLIBLE struct error *notice_store_page(struct tx *tx, const char *after, bool with_drafts, int limit, struct notice_row *ret_rows, size_t *ret_count);
FALLIBLE struct error *notice_store_texts(struct tx *tx, const char *version, struct notice_text **ret_texts, size_t *ret_count);
/* Is this version published, and has it this language? */
FALLIBLE struct error *notice_store_is_said(struct tx *tx, const char *version, const char *language, bool *ret_said);
FALLIBLE struct error *notice_store_insert(struct tx *tx, const struct notice_row *row);
FALLIBLE struct error *notice_store_replace_texts(struct tx *tx, const char *version, const struct notice_text *texts, size_t count);
/* State, revision and publication; of a draft only. */
FALLIBLE struct error *notice_store_update(struct tx *tx, const struct notice_row *row);

#endif
