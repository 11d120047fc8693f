/* user_setup_http.c: a one-time link becomes a password and a second factor; the first one makes the first admin. */
#include <string.h>

#include "lumbung/base/crypto.h"
#include "lumbung/base/time.h"
#include "user/user_http.h"
#include "user/user_password.h"
#include "user/user_rules.h"
#include "user/user_throttle.h"

#define ADDRESS_TRIES 30

struct setup {
    struct presence presence;
    const char *token, *username, *display_name, *password;
};
static const struct field setup_rows[] = {
    {"token", offsetof(struct setup, token), FIELD_TEXT, FIELD_REQUIRED | FIELD_WRITEONLY, 1, 100, NULL, NULL, "of the one-time link"},
    {"username", offsetof(struct setup, username), FIELD_TEXT, 0, 3, 40, NULL, NULL, "only for the first administrator: a-z 0-9 . _ -"},
    {"display_name", offsetof(struct setup, display_name), FIELD_TEXT, 0, 1, 120, NULL, NULL, NULL},
    {"password", offsetof(struct setup, password), FIELD_TEXT, FIELD_REQUIRED | FIELD_WRITEONLY, 1, 4096, NULL, NULL, "12 to 1024 characters"},
};
FIELD_TABLE(setup_fields, "setup", struct setup, setup_rows);

/* The token is looked at before the costly hash, and spent in the lane. */
struct error *
setup_prepare(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct setup *in = call->in;
    const char *username = in->username, *remote = call->remote ? call->remote : "";
    uint8_t tag[CRYPTO_TAG_SIZE];
    struct id user_id = {{0}};
    bool usable = false;
    char *hash = NULL;
    int64_t wait = throttle_charge("setup", remote, ADDRESS_TRIES, time_monotonic_ms());
    if (wait > 0)
        return error_with(ERROR_TOO_MANY, arena_format(tx->arena, "%lld", (long long)wait), NULL, NULL);
    keyring_tag(tx->keyring, "link", in->token, tag);
    TRY(link_find(tx, tag, &user_id, &usable));
    if (!usable)
        return error_new(ERROR_LINK_USED);
    throttle_refund("setup", remote);
    if (!id_is_zero(user_id)) {
        struct account account;
        TRY(user_load(tx, user_id, &account));
        username = account.username;
    } else if (!username) {
        return error_field("/username", FAULT_REQUIRED, NULL, NULL);
    }
    const char *password = json_get_text(call->json, "password"); /* as it was sent: no blank of it is cut */
    TRY(user_password_check(password, username));
    TRY(password_hash(tx->arena, password, &hash));
    reply->prepared = hash;
    return NULL;
}

static struct error *
first_admin(struct tx *tx, const struct setup *in, const char *hash, struct id *ret_id)
{
    static const enum role roles[] = {ROLE_ADMIN};
    struct actor system = user_system_actor();
    int64_t users = 0;
    TRY(account_count(tx, &users));
    if (users > 0)
        return error_new(ERROR_LINK_USED);
    struct user_new user = {.username = in->username,
                            .display_name = in->display_name ? in->display_name : in->username,
                            .roles = roles,
                            .role_count = 1};
    return user_add(tx, &system, &user, hash, ret_id);
}

/* Spends the link and says whose it is, making the first admin when it is nobody's. */
static struct error *
take_link(struct tx *tx, const struct setup *in, const char *hash, struct id *ret_user_id)
{
    uint8_t tag[CRYPTO_TAG_SIZE];
    bool usable = false, used = false;
    keyring_tag(tx->keyring, "link", in->token, tag);
    TRY(link_find(tx, tag, ret_user_id, &usable));
    TRY(link_use(tx, tag, &used));
    if (!usable || !used)
        return error_new(ERROR_LINK_USED);
    return id_is_zero(*ret_user_id) ? first_admin(tx, in, hash, ret_user_id) : NULL;
}

void
user_print_secret(struct buffer *body, const struct account *account, const char *secret)
{
    struct buffer address;
    buffer_init(&address, body->arena);
    buffer_format(&address, "otpauth://totp/Lumbung:%s?secret=%s&issuer=Lumbung&algorithm=SHA1&digits=6&period=30", account->username, secret);
    json_open(body, NULL, '{');
    json_put_id(body, "id", account->id);
    json_put_text(body, "username", account->username);
    json_put_text(body, "totp_secret", secret);
    json_put_text(body, "otpauth", buffer_text(&address));
    json_close(body, '}');
}

struct error *
setup_step(struct tx *tx, const struct call *call, struct reply *reply)
{
    const struct setup *in = call->in;
    const char *hash = call->prepared;
    struct account account;
    struct id user_id;
    uint8_t secret[TOTP_SECRET_BYTES];
    TRY(take_link(tx, in, hash, &user_id));
    TRY(user_load(tx, user_id, &account));
    if (text_equal(account.state, "disabled"))
        return error_new(ERROR_LINK_USED);
    crypto_random(secret, sizeof secret);
    TRY(account_set_secrets(tx, user_id, hash, secret, sizeof secret));
    if (in->display_name)
        TRY(account_set_display_name(tx, user_id, in->display_name));
    TRY(session_end_all(tx, user_id));
    struct actor self = {.kind = ACTOR_USER, .user_id = user_id, .name = account.username};
    TRY(user_trace(tx, &self, "user.setup", user_id, NULL, NULL));
    user_print_secret(&reply->body, &account, base32_print(tx->arena, secret, sizeof secret));
    crypto_wipe(secret, sizeof secret);
    reply->record_id = user_id;
    return NULL;
}
