/* user_session.c: who a request comes from, and the second factor, whose codes count once. */
#include <string.h>

#include "lumbung/access_log.h"
#include "lumbung/base/time.h"
#include "lumbung/registry.h"
#include "user/user_rules.h"

bool
user_session_alive(struct tx *tx, const struct session_account *found)
{
    const struct session_row *session = &found->session;
    if (session->ended || !text_equal(found->state, "active"))
        return false;
    int64_t seen = tx->registry ? access_log_last_seen(tx->registry->access_log, session->tag) : 0;
    if (session->created_at_ms > seen)
        seen = session->created_at_ms;
    if (session->second_factor_at_ms > seen)
        seen = session->second_factor_at_ms;
    return tx->now_ms < session->created_at_ms + SESSION_ABSOLUTE_MS && tx->now_ms < seen + SESSION_IDLE_MS;
}

bool
user_factor_missing(const struct session_account *found)
{
    return role_set_needs_factor(found->roles) && !found->totp_enrolled;
}

void
user_fill_actor(const struct session_account *found, struct actor *ret_actor)
{
    *ret_actor = (struct actor){.kind = ACTOR_USER,
                                .user_id = found->session.user_id,
                                .name = found->username,
                                .permissions = role_set_permissions(found->roles),
                                .roles = found->roles,
                                .all_regions = !found->has_regions,
                                .all_programs = !found->has_programs,
                                .masking = role_set_masking(found->roles),
                                .totp_enrolled = found->totp_enrolled,
                                .own_account_only = user_factor_missing(found),
                                .second_factor_at_ms = found->session.second_factor_at_ms};
    memcpy(ret_actor->session_tag, found->session.tag, sizeof ret_actor->session_tag);
}

struct error *
user_authenticate(struct tx *tx, const struct credentials *credentials, struct actor *ret_actor)
{
    const char *token = credentials->bearer_token ? credentials->bearer_token : credentials->session_token;
    struct session_account found;
    uint8_t tag[CRYPTO_TAG_SIZE];
    bool exists = false;
    *ret_actor = (struct actor){.kind = ACTOR_NOBODY, .name = ""};
    if (!token || token[0] == '\0')
        return NULL;
    keyring_tag(tx->keyring, "session", token, tag);
    TRY(session_find(tx, tag, &found, &exists));
    if (!exists || !user_session_alive(tx, &found))
        return NULL;
    if (tx->registry)
        access_log_touch(tx->registry->access_log, tag, tx->now_ms);
    user_fill_actor(&found, ret_actor);
    return NULL;
}

struct error *
user_actor(struct tx *tx, struct id user_id, struct actor *ret_actor)
{
    struct session_account found;
    bool exists = false;
    if (id_is_zero(user_id)) {
        *ret_actor = user_system_actor();
        return NULL;
    }
    TRY(session_user_find(tx, user_id, &found, &exists));
    if (!exists)
        return error_new(ERROR_NOT_FOUND);
    user_fill_actor(&found, ret_actor);
    if (!text_equal(found.state, "active"))
        ret_actor->permissions = 0;
    return NULL;
}

/* A failed act leaves nothing in the database, so a wrong code is counted by a job of its own: the count outlives a restart. */
struct failure {
    struct lane_job job;
    struct id user_id;
};

static struct error *
failure_apply(struct tx *tx, void *context)
{
    const struct failure *failure = context;
    struct account account;
    struct actor system = user_system_actor();
    TRY(user_load(tx, failure->user_id, &account));
    int64_t failures = account.totp_failures + 1, locked_until_ms = account.totp_locked_until_ms;
    if (failures >= TOTP_TRIES) {
        locked_until_ms = tx->now_ms + TOTP_LOCK_MS;
        failures = 0;
    }
    TRY(account_set_totp_failures(tx, account.id, failures, locked_until_ms));
    return user_trace(tx, &system, "user.code_refused", account.id, NULL, NULL);
}

static void
failure_done(void *context, struct error *error)
{
    struct failure *failure = context;
    error_free(error);
    arena_destroy(failure->job.arena);
}

static void
count_failure(struct tx *tx, struct id user_id)
{
    if (!tx->registry || !tx->registry->lane)
        return;
    struct arena *arena = arena_create();
    struct failure *failure = ARENA_NEW(arena, struct failure);
    failure->user_id = user_id;
    failure->job = (struct lane_job){.apply = failure_apply, .done = failure_done, .context = failure, .arena = arena};
    if (!lane_submit(tx->registry->lane, &failure->job))
        arena_destroy(arena);
}

struct error *
user_totp_spend(struct tx *tx, const struct account *account, const char *code)
{
    if (tx->now_ms < account->totp_locked_until_ms) {
        int64_t seconds = (account->totp_locked_until_ms - tx->now_ms + 999) / 1000;
        return error_with(ERROR_TOO_MANY, arena_format(tx->arena, "%lld", (long long)seconds), NULL, NULL);
    }
    int64_t step = totp_check(account->totp_secret.data, account->totp_secret.length, code, tx->now_ms, account->totp_last_step);
    bool first = false;
    if (step >= 0)
        TRY(account_use_totp(tx, account->id, step, &first));
    if (first)
        return NULL;
    count_failure(tx, account->id);
    return error_new(ERROR_SIGN_IN_FAILED);
}
