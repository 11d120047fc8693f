/* user_session_http.c: signing in and out, the second factor again, one's own sessions. */
#include <string.h>

#include "lumbung/access_log.h"
#include "lumbung/base/time.h"
#include "lumbung/registry.h"
#include "user/user_http.h"
#include "user/user_password.h"
#include "user/user_rules.h"
#include "user/user_throttle.h"

#define ACCOUNT_TRIES 5
#define ADDRESS_TRIES 30
#define SESSIONS_MAX 200

struct sign_in {
    struct presence presence;
    const char *username, *password, *totp;
};
static const struct field sign_in_rows[] = {
    {"username", offsetof(struct sign_in, username), FIELD_TEXT, FIELD_REQUIRED, 1, 200, NULL, NULL, NULL},
    {"password", offsetof(struct sign_in, password), FIELD_TEXT, FIELD_REQUIRED | FIELD_WRITEONLY, 1, 1024, NULL, NULL, NULL},
    {"totp", offsetof(struct sign_in, totp), FIELD_DIGITS, FIELD_WRITEONLY, 0, 6, NULL, NULL, "six digits of the authenticator"},
};
FIELD_TABLE(sign_in_fields, "sign_in", struct sign_in, sign_in_rows);

/* What the pool found out: whose password it was. */
struct signing {
    struct id user_id;
    const char *password_hash;
    const char *throttle_kind, *throttle_text;
};

static struct error *
too_many(struct arena *arena, int64_t seconds)
{
    return error_with(ERROR_TOO_MANY, arena_format(arena, "%lld", (long long)seconds), NULL, NULL);
}

/* A known device (it was signed in as this user before, or comes from the same address) is counted by itself, so that strangers' guesses do not
 * lock the owner out. */
static struct error *
charge(struct tx *tx, const struct call *call, const char *username, bool known, struct signing *signing)
{
    int64_t now_ms = time_monotonic_ms();
    const char *remote = call->remote ? call->remote : "";
    signing->throttle_kind = known ? "known" : "account";
    signing->throttle_text = known ? arena_format(tx->arena, "%s|%s", username, remote) : username;
    int64_t wait = throttle_charge(signing->throttle_kind, signing->throttle_text, ACCOUNT_TRIES, now_ms);
    if (wait > 0)
        return too_many(tx->arena, wait);
    wait = throttle_charge("address", remote, ADDRESS_TRIES, now_ms);
    return wait > 0 ? too_many(tx->arena, wait) : NULL;
}

struct error *
session_start_prepare(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct sign_in *in = call->in;
    struct account account;
    bool found = false, known = false, right = false;
    uint8_t tag[CRYPTO_TAG_SIZE];
    struct signing *signing = ARENA_NEW(tx->arena, struct signing);
    TRY(account_by_name(tx, in->username, &account, &found));
    if (call->session_token)
        keyring_tag(tx->keyring, "session", call->session_token, tag);
    if (found)
        TRY(session_known(tx, account.id, call->remote ? call->remote : "", call->session_token ? tag : NULL, &known));
    TRY(charge(tx, call, in->username, known, signing));
    /* A disabled account is refused like an unknown one, after the same work. The password is taken as it was sent: no blank of it is cut. */
    bool usable = found && text_equal(account.state, "active");
    TRY(password_check(tx->arena, usable ? account.password_hash : NULL, json_get_text(call->json, "password"), &right));
    if (!right)
        return error_new(ERROR_SIGN_IN_FAILED);
    signing->user_id = account.id;
    signing->password_hash = account.password_hash;
    reply->prepared = signing;
    return NULL;
}

static void
print_regions(struct buffer *body, const char **codes, size_t count)
{
    json_open(body, "regions", '[');
    for (size_t i = 0; i < count; i++)
        json_put_text(body, NULL, codes[i]);
    json_close(body, ']');
}

/* The answer of signing in and of asking who one is. */
static struct error *
print_who(struct tx *tx, const struct call *call, struct buffer *body, const struct session_account *found)
{
    struct account account;
    const char **codes = NULL;
    size_t count = 0;
    struct id user_id = found->session.user_id;
    uint64_t permissions = role_set_permissions(found->roles);
    bool is_missing = user_factor_missing(found);
    TRY(user_load(tx, user_id, &account));
    TRY(account_regions(tx, user_id, &codes, &count));
    json_open(body, NULL, '{');
    json_open(body, "user", '{');
    json_put_id(body, "id", user_id);
    json_put_text(body, "name", account.display_name);
    json_put_text(body, "username", account.username);
    json_close(body, '}');
    json_open(body, "roles", '[');
    for (int role = 0; role < ROLE_COUNT; role++)
        if ((found->roles >> role & 1) != 0)
            json_put_text(body, NULL, role_name((enum role)role));
    json_close(body, ']');
    print_regions(body, codes, count);
    json_open(body, "permissions", '[');
    for (int permission = 0; permission < PERM_COUNT && !is_missing; permission++)
        if ((permissions >> permission & 1) != 0)
            json_put_text(body, NULL, permission_name((enum permission)permission));
    json_close(body, ']');
    bool fresh = found->session.second_factor_at_ms + STEP_UP_MS > tx->now_ms && found->session.second_factor_at_ms > 0;
    if (fresh)
        json_put_instant(body, "step_up_until", found->session.second_factor_at_ms + STEP_UP_MS);
    else
        json_put_null(body, "step_up_until");
    json_put_bool(body, "second_factor", found->totp_enrolled);
    json_put_bool(body, "second_factor_missing", is_missing);
    json_put_instant(body, "expires_at", found->session.created_at_ms + SESSION_ABSOLUTE_MS);
    json_put_bool(body, "demo", tx->registry && tx->registry->is_demo);
    json_put_text(body, "language", call->language == LANGUAGE_EN ? "en" : "id");
    json_close(body, '}');
    return NULL;
}

/* The second factor of who has one. *ret_at_ms 0 for who has none. */
static struct error *
check_second_factor(struct tx *tx, const struct account *account, const char *totp, int64_t *ret_at_ms)
{
    *ret_at_ms = 0;
    if (!account->totp_secret.data)
        return NULL;
    if (!totp)
        return error_new(ERROR_TOTP_REQUIRED);
    TRY(user_totp_spend(tx, account, totp));
    *ret_at_ms = tx->now_ms;
    return NULL;
}

static struct error *
open_session(struct tx *tx, const struct call *call, const struct account *account, int64_t second_factor_at_ms, const char **ret_token,
             uint8_t ret_tag[CRYPTO_TAG_SIZE])
{
    uint8_t old_tag[CRYPTO_TAG_SIZE];
    struct session_row session = {.id = tx_new_id(tx),
                                  .user_id = account->id,
                                  .remote = call->remote ? call->remote : "",
                                  .created_at_ms = tx->now_ms,
                                  .second_factor_at_ms = second_factor_at_ms};
    *ret_token = user_token_make(tx->arena, tx->keyring, "session", session.tag);
    memcpy(ret_tag, session.tag, sizeof session.tag);
    if (call->session_token) {
        keyring_tag(tx->keyring, "session", call->session_token, old_tag);
        TRY(session_end_tag(tx, old_tag));
    }
    TRY(session_prune(tx, account->id, tx->now_ms - SESSION_KEPT_MS));
    TRY(session_insert(tx, &session));
    struct buffer after;
    buffer_init(&after, tx->arena);
    json_open(&after, NULL, '{');
    json_put_id(&after, "session", session.id);
    json_put_text(&after, "remote", session.remote);
    json_put_bool(&after, "second_factor", second_factor_at_ms > 0);
    json_close(&after, '}');
    struct actor self = {.kind = ACTOR_USER, .user_id = account->id, .name = account->username};
    return user_trace(tx, &self, "session.start", account->id, NULL, buffer_text(&after));
}

struct error *
session_start_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct sign_in *in = call->in;
    const struct signing *signing = call->prepared;
    struct account account;
    struct session_account found;
    uint8_t tag[CRYPTO_TAG_SIZE];
    int64_t second_factor_at_ms = 0;
    bool exists = false;
    const char *token = NULL;
    TRY(user_load(tx, signing->user_id, &account));
    /* Disabled, or its password changed, while this waited. */
    if (!text_equal(account.state, "active") || !text_equal(account.password_hash, signing->password_hash))
        return error_new(ERROR_SIGN_IN_FAILED);
    struct error *refused = check_second_factor(tx, &account, in->totp, &second_factor_at_ms);
    if (refused) {
        /* The password was right: being asked for the code is no wrong try. */
        if (refused->code == ERROR_TOTP_REQUIRED)
            throttle_refund(signing->throttle_kind, signing->throttle_text);
        return refused;
    }
    TRY(open_session(tx, call, &account, second_factor_at_ms, &token, tag));
    TRY(session_find(tx, tag, &found, &exists));
    TRY(print_who(tx, call, &reply->body, &found));
    throttle_clear(signing->throttle_kind, signing->throttle_text);
    throttle_refund("address", call->remote ? call->remote : "");
    reply->session_token = token;
    reply->record_id = account.id;
    return NULL;
}

/* What failed on our side is no guess: a full disk must not lock people out. */
void
session_start_undo(const struct call *call, const struct error *error)
{
    const struct signing *signing = call->prepared;
    if (error == NULL || (error->code != ERROR_DISK && error->code != ERROR_BUSY && error->code != ERROR_INTERNAL))
        return;
    throttle_refund(signing->throttle_kind, signing->throttle_text);
    throttle_refund("address", call->remote ? call->remote : "");
}

static struct error *
own_session(struct tx *tx, const struct call *call, struct session_account *ret_found)
{
    bool exists = false;
    TRY(session_find(tx, call->actor->session_tag, ret_found, &exists));
    return exists ? NULL : error_new(ERROR_UNAUTHENTICATED);
}

struct error *
session_get_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct session_account found;
    TRY(own_session(tx, call, &found));
    return print_who(tx, call, &reply->body, &found);
}

struct error *
session_end_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    TRY(session_end_tag(tx, call->actor->session_tag));
    if (tx->registry)
        access_log_forget(tx->registry->access_log, call->actor->session_tag);
    TRY(user_trace(tx, call->actor, "session.end", call->actor->user_id, NULL, NULL));
    reply->session_token = "";
    reply_header(reply, "Clear-Site-Data", "\"cookies\"");
    json_open(&reply->body, NULL, '{');
    json_close(&reply->body, '}');
    return NULL;
}

struct step_up {
    struct presence presence;
    const char *totp;
};
static const struct field step_up_rows[] = {
    {"totp", offsetof(struct step_up, totp), FIELD_DIGITS, FIELD_REQUIRED | FIELD_WRITEONLY, 0, 6, NULL, NULL, "six digits of the authenticator"},
};
FIELD_TABLE(step_up_fields, "step_up", struct step_up, step_up_rows);

struct error *
session_step_up_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct step_up *in = call->in;
    struct account account;
    TRY(user_load(tx, call->actor->user_id, &account));
    if (!account.totp_secret.data)
        return error_state(&situation_codes, "without_authenticator", BARRED_STEP_UP);
    TRY(user_totp_spend(tx, &account, in->totp));
    TRY(session_set_second_factor(tx, call->actor->session_tag, tx->now_ms));
    TRY(user_trace(tx, call->actor, "session.step_up", account.id, NULL, NULL));
    json_open(&reply->body, NULL, '{');
    json_put_instant(&reply->body, "step_up_until", tx->now_ms + STEP_UP_MS);
    json_close(&reply->body, '}');
    return NULL;
}

static void
print_session(struct tx *tx, const struct call *call, struct buffer *body, const struct session_row *session)
{
    int64_t seen = tx->registry ? access_log_last_seen(tx->registry->access_log, session->tag) : 0;
    json_open(body, NULL, '{');
    json_put_id(body, "id", session->id);
    json_put_instant(body, "created_at", session->created_at_ms);
    json_put_instant(body, "last_seen_at", seen > session->created_at_ms ? seen : session->created_at_ms);
    json_put_text(body, "remote", session->remote);
    json_put_bool(body, "current", memcmp(session->tag, call->actor->session_tag, sizeof session->tag) == 0);
    json_close(body, '}');
}

struct error *
session_list_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct session_row *sessions = ARENA_ARRAY(tx->arena, struct session_row, SESSIONS_MAX);
    size_t count = 0;
    TRY(session_list(tx, call->actor->user_id, tx->now_ms - SESSION_ABSOLUTE_MS, sessions, SESSIONS_MAX, &count));
    reply_list_begin(reply);
    for (size_t i = 0; i < count; i++) {
        struct session_account whole = {.session = sessions[i], .state = "active"};
        if (user_session_alive(tx, &whole))
            print_session(tx, call, &reply->body, &sessions[i]);
    }
    reply_list_end(reply, tx->arena, NULL, 0);
    return NULL;
}

struct error *
session_delete_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    bool ended = false;
    TRY(session_end_id(tx, call->actor->user_id, call->ids[0], &ended));
    if (!ended)
        return error_new(ERROR_NOT_FOUND);
    TRY(user_trace(tx, call->actor, "session.end", call->actor->user_id, NULL, NULL));
    json_open(&reply->body, NULL, '{');
    json_close(&reply->body, '}');
    return NULL;
}
