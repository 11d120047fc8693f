/* user_own_http.c: what a person does with his own account: another password, the authenticator that his role may demand. */
#include <string.h>

#include "lumbung/base/crypto.h"
#include "lumbung/base/time.h"
#include "user/user_http.h"
#include "user/user_password.h"
#include "user/user_rules.h"
#include "user/user_throttle.h"

#define PASSWORD_TRIES 5

/* What the pool found out: the hash that the given password belongs to, and the new one. */
struct proven {
    const char *password_hash;
    char *new_hash;
};

/* Whoever finds an open session must not be able to take the account over: the password is asked again, and guesses are counted. */
static struct error *
prove_password(struct tx *tx, const struct call *call, const char *pointer, struct account *ret_account)
{
    char user[ID_TEXT_SIZE];
    bool right = false;
    id_print(call->actor->user_id, user);
    int64_t wait = throttle_charge("own", user, PASSWORD_TRIES, time_monotonic_ms());
    if (wait > 0)
        return error_with(ERROR_TOO_MANY, arena_format(tx->arena, "%lld", (long long)wait), NULL, NULL);
    TRY(user_load(tx, call->actor->user_id, ret_account));
    TRY(password_check(tx->arena, ret_account->password_hash, json_get_text(call->json, pointer), &right));
    if (!right)
        return error_new(ERROR_SIGN_IN_FAILED);
    throttle_clear("own", user);
    return NULL;
}

/* Changed in between by another session or a link: what was proven does not hold any more. */
static struct error *
load_proven(struct tx *tx, const struct call *call, struct account *ret_account)
{
    const struct proven *proven = call->prepared;
    TRY(user_load(tx, call->actor->user_id, ret_account));
    return text_equal(ret_account->password_hash, proven->password_hash) ? NULL : error_new(ERROR_SIGN_IN_FAILED);
}

struct own_password {
    struct presence presence;
    const char *password_now, *password;
};
static const struct field own_password_rows[] = {
    {"password_now", offsetof(struct own_password, password_now), FIELD_TEXT, FIELD_REQUIRED | FIELD_WRITEONLY, 1, 1024, NULL, NULL, "the present one"},
    {"password", offsetof(struct own_password, password), FIELD_TEXT, FIELD_REQUIRED | FIELD_WRITEONLY, 1, 4096, NULL, NULL, "12 to 1024 characters"},
};
FIELD_TABLE(own_password_fields, "own_password", struct own_password, own_password_rows);

static bool
is_factor_fresh(const struct actor *actor, int64_t now_ms)
{
    int64_t at_ms = actor->second_factor_at_ms;
    return at_ms > 0 && now_ms >= at_ms && now_ms - at_ms <= STEP_UP_MS;
}

struct error *
own_password_prepare(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct proven *proven = ARENA_NEW(tx->arena, struct proven);
    struct account account;
    const char *password = json_get_text(call->json, "password"); /* as it was sent: no blank of it is cut */
    if (call->actor->totp_enrolled && !is_factor_fresh(call->actor, tx->now_ms))
        return error_new(ERROR_STEP_UP);
    TRY(user_password_check(password, call->actor->name));
    TRY(prove_password(tx, call, "password_now", &account));
    proven->password_hash = account.password_hash;
    TRY(password_hash(tx->arena, password, &proven->new_hash));
    reply->prepared = proven;
    return NULL;
}

struct error *
own_password_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct proven *proven = call->prepared;
    struct account account;
    TRY(load_proven(tx, call, &account));
    TRY(account_set_password(tx, account.id, proven->new_hash));
    TRY(session_end_others(tx, account.id, call->actor->session_tag));
    TRY(user_trace(tx, call->actor, "user.password", account.id, NULL, NULL));
    json_open(&reply->body, NULL, '{');
    json_close(&reply->body, '}');
    return NULL;
}

/* A secret to put into the app: nothing is stored until a code of it comes back. */
struct error *
own_factor_offer_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct account account;
    uint8_t secret[TOTP_SECRET_BYTES];
    TRY(user_load(tx, call->actor->user_id, &account));
    if (account.totp_secret.data)
        return error_state(&situation_codes, "with_authenticator", BARRED_SET_UP_FACTOR);
    crypto_random(secret, sizeof secret);
    user_print_secret(&reply->body, &account, base32_print(tx->arena, secret, sizeof secret));
    crypto_wipe(secret, sizeof secret);
    return NULL;
}

struct own_factor {
    struct presence presence;
    const char *password, *totp_secret, *totp;
};
static const struct field own_factor_rows[] = {
    {"password", offsetof(struct own_factor, password), FIELD_TEXT, FIELD_REQUIRED | FIELD_WRITEONLY, 1, 1024, NULL, NULL, NULL},
    {"totp_secret", offsetof(struct own_factor, totp_secret), FIELD_TEXT, FIELD_REQUIRED | FIELD_WRITEONLY, 1, 100, NULL, NULL, "as it was offered, base32"},
    {"totp", offsetof(struct own_factor, totp), FIELD_DIGITS, FIELD_REQUIRED | FIELD_WRITEONLY, 0, 6, NULL, NULL, "a code of that secret"},
};
FIELD_TABLE(own_factor_fields, "own_factor", struct own_factor, own_factor_rows);

struct error *
own_factor_prepare(struct tx *tx, const struct call *call, struct reply *reply)
{
    struct proven *proven = ARENA_NEW(tx->arena, struct proven);
    struct account account;
    TRY(prove_password(tx, call, "password", &account));
    proven->password_hash = account.password_hash;
    reply->prepared = proven;
    return NULL;
}

struct error *
own_factor_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct own_factor *in = call->in;
    struct account account;
    struct bytes secret;
    TRY(load_proven(tx, call, &account));
    if (account.totp_secret.data)
        return error_state(&situation_codes, "with_authenticator", BARRED_SET_UP_FACTOR);
    if (!base32_parse(tx->arena, in->totp_secret, &secret) || secret.length != TOTP_SECRET_BYTES)
        return error_field("/totp_secret", FAULT_TEXT, NULL, NULL);
    int64_t step = totp_check(secret.data, secret.length, in->totp, tx->now_ms, 0);
    if (step < 0)
        return error_field("/totp", FAULT_CODE_WRONG, NULL, NULL);
    TRY(account_set_totp(tx, account.id, secret.data, secret.length, step));
    TRY(session_end_others(tx, account.id, call->actor->session_tag));
    TRY(session_set_second_factor(tx, call->actor->session_tag, tx->now_ms));
    TRY(user_trace(tx, call->actor, "user.second_factor", account.id, NULL, NULL));
    json_open(&reply->body, NULL, '{');
    json_put_instant(&reply->body, "step_up_until", tx->now_ms + STEP_UP_MS);
    json_close(&reply->body, '}');
    return NULL;
}
