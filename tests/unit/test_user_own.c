/* test_user_own.c: one's own password: who has a second factor shows it anew, and what was proven must still be true in the lane. */
#include "audit_fixture.h"
#include "check.h"

#include "user/user_http.h"
#include "user/user_password.h"
#include "user/user_rules.h"

#define PASSWORD "kuda lumping menari pelan"
#define CHANGE "{\"password_now\":\"" PASSWORD "\",\"password\":\"padi menguning di sawah\"}"

struct own {
    struct trial *trial;
    struct actor actor;
    struct call call;
    struct reply reply;
    struct id id;
    const char *hash;
};

static struct error *
add(struct tx *tx, void *context)
{
    static const enum role officer[] = {ROLE_OFFICER};
    struct own *own = context;
    struct actor console = user_console_actor();
    struct user_new user = {.username = "rina", .display_name = "Rina", .roles = officer, .role_count = 1};
    return user_add(tx, &console, &user, own->hash, &own->id);
}

static struct error *
prepare(struct tx *tx, void *context)
{
    struct own *own = context;
    buffer_init(&own->reply.body, own->trial->arena);
    struct error *error = own_password_prepare(tx, &own->call, &own->reply);
    own->call.prepared = own->reply.prepared;
    return error;
}

static struct error *
apply(struct tx *tx, void *context)
{
    struct own *own = context;
    return own_password_step(tx, &own->call, &own->reply);
}

static struct error *
set_other(struct tx *tx, void *context)
{
    struct own *own = context;
    struct actor console = user_console_actor();
    TRY(account_set_password(tx, own->id, own->hash));
    return user_trace(tx, &console, "user.password", own->id, NULL, NULL);
}

static void
own_start(struct trial *trial, struct own *own)
{
    char *hash = NULL;
    struct json *json = NULL;
    void *in = NULL;
    *own = (struct own){.trial = trial};
    must(password_hash(trial->arena, PASSWORD, &hash));
    own->hash = hash;
    trial_write(trial, add, own);
    own->actor = (struct actor){.kind = ACTOR_USER, .user_id = own->id, .name = "rina"};
    own->call = (struct call){.actor = &own->actor, .if_match = -1};
    must(json_parse(trial->arena, CHANGE, strlen(CHANGE), &json));
    must(field_parse(trial->arena, &own_password_fields, json, "", FIELD_CREATE, 20000, &in));
    own->call.json = json;
    own->call.in = in;
}

static void
asks_for_a_fresh_second_factor(void **state)
{
    struct own own;
    own_start(*state, &own);
    static const struct { bool enrolled; int64_t age_ms; bool refused; const char *name; } rows[] = {
        {true, INT64_MAX, true, "none shown"}, {true, -1000, true, "shown in the future"}, {true, STEP_UP_MS + 1, true, "shown too long ago"}, {true, INT64_C(3600000), true, "an hour ago"},
        {true, STEP_UP_MS, false, "just in time"}, {true, 0, false, "now"}, {false, INT64_MAX, false, "has none"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        own.actor.totp_enrolled = rows[i].enrolled;
        own.actor.second_factor_at_ms = rows[i].age_ms == INT64_MAX ? 0 : trial_now - rows[i].age_ms;
        struct error *error = trial_read(own.trial, prepare, &own);
        CHECK_ROW((error != NULL) == rows[i].refused && (!error || error->code == ERROR_STEP_UP), rows[i].name);
        error_free(error);
    }
}

static void
refuses_what_changed_meanwhile(void **state)
{
    struct own own;
    char *hash = NULL;
    own_start(*state, &own);
    must(trial_read(own.trial, prepare, &own));
    must(password_hash(own.trial->arena, "kata sandi orang lain", &hash));
    own.hash = hash;
    trial_write(own.trial, set_other, &own);
    must_refuse(lane_run(own.trial->lane, apply, &own, own.trial->arena), ERROR_SIGN_IN_FAILED, NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {TRIAL_TEST(asks_for_a_fresh_second_factor), TRIAL_TEST(refuses_what_changed_meanwhile)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
