/* user_session_store.h: rows of sessions, one-time links and grants that wait. */
#ifndef LUMBUNG_USER_SESSION_STORE_H
#define LUMBUNG_USER_SESSION_STORE_H

#include "lumbung/user.h"

struct session_row {
    struct id id, user_id;
    uint8_t tag[CRYPTO_TAG_SIZE];
    const char *remote;
    int64_t created_at_ms, second_factor_at_ms;
    bool ended;
};
/* What an authenticated request needs, in one read. */
struct session_account {
    struct session_row session;
    const char *username, *state;
    uint64_t roles;
    bool totp_enrolled, has_regions, has_programs;
};
FALLIBLE struct error *session_find(struct tx *tx, const uint8_t tag[CRYPTO_TAG_SIZE], struct session_account *ret_session, bool *ret_found);
/* The same of a user without a session. */
FALLIBLE struct error *session_user_find(struct tx *tx, struct id user_id, struct session_account *ret_session, bool *ret_found);
FALLIBLE struct error *session_insert(struct tx *tx, const struct session_row *session);
FALLIBLE struct error *session_set_second_factor(struct tx *tx, const uint8_t tag[CRYPTO_TAG_SIZE], int64_t at_ms);
FALLIBLE struct error *session_end_tag(struct tx *tx, const uint8_t tag[CRYPTO_TAG_SIZE]);
/* *ret_ended false when the user has no such open session. */
FALLIBLE struct error *session_end_id(struct tx *tx, struct id user_id, struct id session_id, bool *ret_ended);
FALLIBLE struct error *session_end_all(struct tx *tx, struct id user_id);
/* All but the one with this tag. */
FALLIBLE struct error *session_end_others(struct tx *tx, struct id user_id, const uint8_t tag[CRYPTO_TAG_SIZE]);
FALLIBLE struct error *session_prune(struct tx *tx, struct id user_id, int64_t before_ms);
/* Open sessions made after `since_ms`, oldest first. */
FALLIBLE struct error *session_list(struct tx *tx, struct id user_id, int64_t since_ms, struct session_row *ret_sessions, size_t limit, size_t *ret_count);
/* Has the user had a session from this address, or with this token? */
FALLIBLE struct error *session_known(struct tx *tx, struct id user_id, const char *remote, const uint8_t *tag, bool *ret_known);

FALLIBLE struct error *link_insert(struct tx *tx, const uint8_t tag[CRYPTO_TAG_SIZE], struct id user_id, struct id made_by, int64_t expires_at_ms);
FALLIBLE struct error *link_find(struct tx *tx, const uint8_t tag[CRYPTO_TAG_SIZE], struct id *ret_user_id, bool *ret_usable);
/* *ret_used false when it was used, has expired, or never was. */
FALLIBLE struct error *link_use(struct tx *tx, const uint8_t tag[CRYPTO_TAG_SIZE], bool *ret_used);
/* Links of the user (zero: of the first admin) that were not used become void. */
FALLIBLE struct error *link_void(struct tx *tx, struct id user_id);

struct grant {
    struct id id, user_id, made_by;
    const char *username, *made_by_name, *kind, *role, *state; /* role NULL for kind link */
    int64_t made_at_ms;
};
FALLIBLE struct error *grant_insert(struct tx *tx, const struct grant *grant);
FALLIBLE struct error *grant_find(struct tx *tx, struct id id, struct grant *ret_grant, bool *ret_found);
FALLIBLE struct error *grant_list_open(struct tx *tx, struct id after, int limit, struct grant *ret_grants, size_t *ret_count);
FALLIBLE struct error *grant_list_user(struct tx *tx, struct id user_id, int limit, struct grant *ret_grants, size_t *ret_count);
/* *ret_changed false when it was not open any more. */
FALLIBLE struct error *grant_decide(struct tx *tx, struct id id, const char *state, struct id decided_by, bool *ret_changed);

#endif
