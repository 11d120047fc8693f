/* user_grant.c: roles and links that need a second person, and one-time links. Accounts are not people: nobody makes himself a second one. */
#include "lumbung/base/crypto.h"
#include "user/user_rules.h"

const char *
user_token_make(struct arena *arena, const struct keyring *keyring, const char *column, uint8_t ret_tag[CRYPTO_TAG_SIZE])
{
    uint8_t bytes[TOKEN_BYTES];
    crypto_random(bytes, sizeof bytes);
    const char *token = base64_print(arena, bytes, sizeof bytes, true);
    crypto_wipe(bytes, sizeof bytes);
    keyring_tag(keyring, column, token, ret_tag);
    return token;
}

/* The first admin is alone: nobody could confirm his colleague, so that one grant stands by itself and later batches warn of it. */
static struct error *
must_wait(struct tx *tx, const struct actor *actor, struct id user_id, bool *ret_wait)
{
    *ret_wait = false;
    if (actor->kind != ACTOR_USER)
        return NULL;
    return account_other_admin(tx, actor->user_id, user_id, ret_wait);
}

static struct error *
grant_open(struct tx *tx, const struct actor *actor, struct id user_id, const char *kind, const char *role, struct id *ret_id)
{
    struct grant grant = {.id = tx_new_id(tx), .user_id = user_id, .made_by = actor->user_id, .kind = kind, .role = role};
    struct grant open[GRANTS_MAX];
    size_t count = 0;
    TRY(grant_list_user(tx, user_id, GRANTS_MAX, open, &count));
    for (size_t i = 0; i < count; i++) {
        if (!text_equal(open[i].kind, kind) || !text_equal(open[i].role, role))
            continue;
        *ret_id = open[i].id;
        return NULL;
    }
    *ret_id = grant.id;
    return grant_insert(tx, &grant);
}

struct error *
user_roles_give(struct tx *tx, const struct actor *actor, struct id user_id, uint64_t roles)
{
    bool wait = false;
    TRY(must_wait(tx, actor, user_id, &wait));
    for (int role = 0; role < ROLE_COUNT; role++) {
        struct id grant;
        if ((roles >> role & 1) == 0)
            continue;
        if (wait && role_is_sensitive((enum role)role))
            TRY(grant_open(tx, actor, user_id, "role", role_name((enum role)role), &grant));
        else
            TRY(account_role_insert(tx, user_id, (enum role)role, actor->user_id, (struct id){{0}}));
    }
    return NULL;
}

static struct error *
link_issue(struct tx *tx, const struct actor *actor, struct id user_id, const char **ret_token)
{
    uint8_t tag[CRYPTO_TAG_SIZE];
    const char *token = user_token_make(tx->arena, tx->keyring, "link", tag);
    TRY(link_void(tx, user_id));
    TRY(link_insert(tx, tag, user_id, actor->user_id, tx->now_ms + LINK_MS));
    *ret_token = token;
    return NULL;
}

struct error *
user_link_make(struct tx *tx, const struct actor *actor, struct id user_id, const char **ret_token)
{
    struct account account;
    if (!id_is_zero(user_id)) {
        TRY(user_load(tx, user_id, &account));
        if (text_equal(account.state, "disabled"))
            return error_state(&user_state_codes, account.state, BARRED_LINK);
    }
    TRY(link_issue(tx, actor, user_id, ret_token));
    return user_trace(tx, actor, "user.link", user_id, NULL, NULL);
}

struct error *
user_link_ask(struct tx *tx, const struct actor *actor, struct id user_id, const char **ret_token, struct id *ret_grant)
{
    struct account account;
    bool wait = false;
    if (actor->kind == ACTOR_USER && id_equal(actor->user_id, user_id))
        return error_new(ERROR_FORBIDDEN);
    TRY(user_load(tx, user_id, &account));
    TRY(must_wait(tx, actor, user_id, &wait));
    *ret_token = NULL;
    if (!wait || !account.totp_secret.data)
        return user_link_make(tx, actor, user_id, ret_token);
    TRY(grant_open(tx, actor, user_id, "link", NULL, ret_grant));
    return user_trace(tx, actor, "user.link_ask", user_id, NULL, NULL);
}

/* Loads an open grant that the actor may decide. */
static struct error *
grant_load(struct tx *tx, const struct actor *actor, struct id grant_id, bool as_confirmer, struct grant *ret_grant)
{
    bool found = false;
    TRY(grant_find(tx, grant_id, ret_grant, &found));
    if (!found)
        return error_new(ERROR_NOT_FOUND);
    if (!text_equal(ret_grant->state, "open"))
        return error_state(&situation_codes, "decided", BARRED_DECIDE);
    if (id_equal(actor->user_id, ret_grant->user_id) || (as_confirmer && id_equal(actor->user_id, ret_grant->made_by)))
        return error_new(ERROR_FORBIDDEN);
    return NULL;
}

static struct error *
grant_give(struct tx *tx, const struct actor *actor, const struct grant *grant, const char **ret_token)
{
    enum role role;
    if (text_equal(grant->kind, "link"))
        return link_issue(tx, actor, grant->user_id, ret_token);
    if (!role_find(grant->role, &role))
        return error_internal("grant of an unknown role");
    struct account account;
    TRY(user_load(tx, grant->user_id, &account));
    TRY(user_roles_check(account.roles | UINT64_C(1) << role));
    if ((account.roles >> role & 1) == 0)
        TRY(account_role_insert(tx, grant->user_id, role, grant->made_by, actor->user_id));
    return account_touch(tx, grant->user_id);
}

struct error *
user_grant_confirm(struct tx *tx, const struct actor *actor, struct id grant_id, const char **ret_token)
{
    struct grant grant;
    bool changed = false;
    *ret_token = NULL;
    TRY(grant_load(tx, actor, grant_id, true, &grant));
    TRY(grant_decide(tx, grant_id, "confirmed", actor->user_id, &changed));
    if (!changed)
        return error_state(&situation_codes, "decided", BARRED_DECIDE);
    TRY(grant_give(tx, actor, &grant, ret_token));
    const char *after = NULL;
    TRY(user_snapshot(tx, grant.user_id, &after));
    return user_trace(tx, actor, "user.confirm", grant.user_id, NULL, after);
}

struct error *
user_grant_withdraw(struct tx *tx, const struct actor *actor, struct id grant_id)
{
    struct grant grant;
    bool changed = false;
    TRY(grant_load(tx, actor, grant_id, false, &grant));
    TRY(grant_decide(tx, grant_id, "withdrawn", actor->user_id, &changed));
    return user_trace(tx, actor, "user.withdraw", grant.user_id, NULL, NULL);
}
