/* test_user_session.c: signing in: passwords, codes that count once, throttling, links, sessions that end. The steps are called as the pipeline does. */
#include "audit_fixture.h"

#include <pthread.h>

#include "lumbung/access_log.h"
#include "user/user_http.h"
#include "user/user_password.h"
#include "user/user_rules.h"
#include "user/user_throttle.h"

#define ARRAY_COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define PASSWORD "kuda lumping menari pelan"

static const uint8_t secret[20] = "12345678901234567890";

/* One request, with an arena of its own. */
struct request {
    struct trial *trial;
    struct arena *arena;
    struct call call;
    struct reply reply;
    struct actor actor;
    route_step step;
};

static void
request_make(struct trial *trial, const struct field_table *table, const char *body, const char *remote, struct request *ret_request)
{
    struct request *request = ret_request;
    memset(request, 0, sizeof *request);
    request->trial = trial;
    request->arena = arena_create();
    request->call.actor = &request->actor;
    request->call.if_match = -1;
    request->call.limit = 50;
    request->call.remote = remote;
    buffer_init(&request->reply.body, request->arena);
    request->reply.version = -1;
    if (!table)
        return;
    struct json *json = NULL;
    void *in = NULL;
    must(json_parse(request->arena, body, strlen(body), &json));
    must(field_parse(request->arena, table, json, "", FIELD_CREATE, 20000, &in));
    request->call.json = json;
    request->call.in = in;
}

static struct error *
request_apply(struct tx *tx, void *context)
{
    struct request *request = context;
    return request->step(tx, &request->call, &request->reply);
}

/* The pool's part: `prepare` in a read transaction. */
FALLIBLE static struct error *
request_prepare(struct request *request, route_step prepare)
{
    struct db *db;
    TRY(db_open(request->trial->fixture->path, DB_READER, NULL, &db));
    must(db_begin(db, false));
    struct tx tx = {.db = db, .arena = request->arena, .now_ms = trial_now, .keyring = request->trial->keyring, .registry = &request->trial->registry};
    struct error *error = prepare(&tx, &request->call, &request->reply);
    db_rollback(db);
    db_close(db);
    request->call.prepared = request->reply.prepared;
    return error;
}

FALLIBLE static struct error *
request_write(struct request *request, route_step step)
{
    request->step = step;
    return lane_run(request->trial->lane, request_apply, request, request->arena);
}

static const char *
sign_in_body(struct arena *arena, const char *username, const char *password, const char *totp)
{
    return totp ? arena_format(arena, "{\"username\":\"%s\",\"password\":\"%s\",\"totp\":\"%s\"}", username, password, totp)
                : arena_format(arena, "{\"username\":\"%s\",\"password\":\"%s\"}", username, password);
}

/* Signs in; *ret_token lives in the trial's arena. */
FALLIBLE static struct error *
sign_in(struct trial *trial, const char *username, const char *password, const char *totp, const char *remote, const char **ret_token)
{
    struct request request;
    request_make(trial, &sign_in_fields, sign_in_body(trial->arena, username, password, totp), remote, &request);
    struct error *error = request_prepare(&request, session_start_prepare);
    if (!error)
        error = request_write(&request, session_start_step);
    if (!error)
        *ret_token = arena_text(trial->arena, request.reply.session_token);
    arena_destroy(request.arena);
    return error;
}

struct order {
    struct user_new user;
    const char *hash, *state, *token;
    struct id id;
};

static struct error *
add(struct tx *tx, void *context)
{
    struct order *order = context;
    struct actor console = user_console_actor();
    return user_add(tx, &console, &order->user, order->hash, &order->id);
}

static struct id
add_user(struct trial *trial, const char *username, bool totp)
{
    static const enum role officer[] = {ROLE_OFFICER};
    char *hash = NULL;
    must(password_hash(trial->arena, PASSWORD, &hash));
    struct order order = {.user = {.username = username, .display_name = "Rina", .roles = officer, .role_count = 1}, .hash = hash};
    if (totp) {
        order.user.totp_secret = secret;
        order.user.totp_length = sizeof secret;
    }
    trial_write(trial, add, &order);
    return order.id;
}

static const char *
code_at(struct trial *trial, int64_t offset_steps)
{
    char *code = arena_alloc(trial->arena, 7);
    totp_code(secret, sizeof secret, trial_now / 30000 + offset_steps, code);
    return code;
}

struct who {
    const char *token;
    struct actor actor;
};

static struct error *
authenticate(struct tx *tx, void *context)
{
    struct who *who = context;
    struct credentials credentials = {.session_token = who->token};
    return user_authenticate(tx, &credentials, &who->actor);
}

static struct actor
who_is(struct trial *trial, const char *token)
{
    struct who who = {.token = token};
    must(trial_read(trial, authenticate, &who));
    return who.actor;
}

static void
forget_tries(void)
{
    static const char *const keys[][2] = {{"account", "rina"}, {"account", "budi"}, {"known", "rina|10.0.0.1"}, {"address", "10.0.0.1"}, {"address", "10.0.0.2"},
                                          {"setup", "10.0.0.1"}};
    for (size_t i = 0; i < ARRAY_COUNT(keys); i++)
        throttle_clear(keys[i][0], keys[i][1]);
}

static void
test_sign_in(void **state)
{
    struct trial *trial = *state;
    const char *token = NULL, *second = NULL;
    forget_tries();
    struct id id = add_user(trial, "rina", false);
    must_refuse(sign_in(trial, "rina", PASSWORD "x", NULL, "10.0.0.1", &token), ERROR_SIGN_IN_FAILED, NULL);
    must_refuse(sign_in(trial, "rina", " " PASSWORD, NULL, "10.0.0.1", &token), ERROR_SIGN_IN_FAILED, NULL);
    must_refuse(sign_in(trial, "nobody", PASSWORD, NULL, "10.0.0.1", &token), ERROR_SIGN_IN_FAILED, NULL);
    must(sign_in(trial, "rina", PASSWORD, NULL, "10.0.0.1", &token));
    assert_int_equal(strlen(token), 43);
    struct actor actor = who_is(trial, token);
    assert_int_equal(actor.kind, ACTOR_USER);
    assert_true(id_equal(actor.user_id, id));
    assert_string_equal(actor.name, "rina");
    assert_true(actor.all_regions && !actor.totp_enrolled && actor.second_factor_at_ms == 0);
    assert_int_equal(actor.permissions, role_permissions(ROLE_OFFICER));
    /* A token of one's own making, none, or a piece of one is nobody's. */
    assert_int_equal(who_is(trial, NULL).kind, ACTOR_NOBODY);
    assert_int_equal(who_is(trial, "").kind, ACTOR_NOBODY);
    assert_int_equal(who_is(trial, "fixed").kind, ACTOR_NOBODY);
    assert_int_equal(who_is(trial, arena_copy(trial->arena, token, 42)).kind, ACTOR_NOBODY);
    must(sign_in(trial, "rina", PASSWORD, NULL, "10.0.0.1", &second));
    assert_string_not_equal(token, second);
    assert_int_equal(fixture_number(trial->fixture, arena_format(trial->arena, "SELECT count(*) FROM user_session WHERE instr(tag, '%s')", token)), 0);
    assert_int_equal(fixture_number(trial->fixture, "SELECT count(*) FROM user_session WHERE length(tag) = 16"), 2);
}

static struct error *
disable(struct tx *tx, void *context)
{
    struct order *order = context;
    struct actor console = user_console_actor();
    return user_set_state(tx, &console, order->id, order->state);
}

static void
test_session_ends(void **state)
{
    struct trial *trial = *state;
    const char *token = NULL, *other = NULL;
    forget_tries();
    struct order order = {.id = add_user(trial, "rina", false), .state = "disabled"};
    must(sign_in(trial, "rina", PASSWORD, NULL, "10.0.0.1", &token));
    must(sign_in(trial, "rina", PASSWORD, NULL, "10.0.0.1", &other));
    /* Signing out ends this one only. */
    struct request request;
    request_make(trial, NULL, NULL, "10.0.0.1", &request);
    request.actor = who_is(trial, token);
    must(request_write(&request, session_end_step));
    assert_string_equal(request.reply.session_token, "");
    arena_destroy(request.arena);
    assert_int_equal(who_is(trial, token).kind, ACTOR_NOBODY);
    assert_int_equal(who_is(trial, other).kind, ACTOR_USER);
    /* Idle, then too old, by the clock. */
    trial_now += SESSION_IDLE_MS - 1;
    assert_int_equal(who_is(trial, other).kind, ACTOR_USER);
    trial_now += 2;
    assert_int_equal(who_is(trial, other).kind, ACTOR_NOBODY);
    must(sign_in(trial, "rina", PASSWORD, NULL, "10.0.0.1", &token));
    trial_write(trial, disable, &order);
    assert_int_equal(who_is(trial, token).kind, ACTOR_NOBODY);
    must_refuse(sign_in(trial, "rina", PASSWORD, NULL, "10.0.0.1", &token), ERROR_SIGN_IN_FAILED, NULL);
    order.state = "active";
    trial_write(trial, disable, &order);
    assert_int_equal(who_is(trial, token).kind, ACTOR_NOBODY); /* enabling revives no session */
    must(sign_in(trial, "rina", PASSWORD, NULL, "10.0.0.1", &token));
}

/* With a log of last-seen, use keeps a session alive, up to its absolute end, over a restart. */
static void
test_last_seen(void **state)
{
    struct trial *trial = *state;
    const char *token = NULL, *path = arena_format(trial->arena, "%s.access", trial->fixture->path);
    forget_tries();
    add_user(trial, "rina", false);
    must(access_log_open(path, &trial->registry.access_log));
    trial_now = time_now_ms();
    must(sign_in(trial, "rina", PASSWORD, NULL, "10.0.0.1", &token));
    int64_t start = trial_now;
    for (int i = 1; i <= 23; i++) {
        trial_now = start + i * (SESSION_IDLE_MS - 1000);
        assert_int_equal(who_is(trial, token).kind, ACTOR_USER);
    }
    access_log_close(trial->registry.access_log);
    must(access_log_open(path, &trial->registry.access_log));
    assert_int_equal(who_is(trial, token).kind, ACTOR_USER);
    trial_now = start + SESSION_ABSOLUTE_MS;
    assert_int_equal(who_is(trial, token).kind, ACTOR_NOBODY);
    access_log_close(trial->registry.access_log);
    trial->registry.access_log = NULL;
}

static void
test_second_factor(void **state)
{
    struct trial *trial = *state;
    const char *token = NULL;
    forget_tries();
    add_user(trial, "rina", true);
    must_refuse(sign_in(trial, "rina", PASSWORD, NULL, "10.0.0.1", &token), ERROR_TOTP_REQUIRED, NULL);
    must_refuse(sign_in(trial, "rina", "wrong password!", code_at(trial, 0), "10.0.0.1", &token), ERROR_SIGN_IN_FAILED, NULL);
    must_refuse(sign_in(trial, "rina", PASSWORD, code_at(trial, -3), "10.0.0.1", &token), ERROR_SIGN_IN_FAILED, NULL);
    must_refuse(sign_in(trial, "rina", PASSWORD, code_at(trial, 2), "10.0.0.1", &token), ERROR_SIGN_IN_FAILED, NULL);
    must(sign_in(trial, "rina", PASSWORD, code_at(trial, 0), "10.0.0.1", &token));
    must_refuse(sign_in(trial, "rina", PASSWORD, code_at(trial, 0), "10.0.0.1", &token), ERROR_SIGN_IN_FAILED, NULL);
    struct actor actor = who_is(trial, token);
    assert_true(actor.totp_enrolled && actor.second_factor_at_ms == trial_now);
    /* Step-up: the used code is no use, the next one is. */
    struct request request;
    request_make(trial, &step_up_fields, arena_format(trial->arena, "{\"totp\":\"%s\"}", code_at(trial, 0)), "10.0.0.1", &request);
    request.actor = actor;
    must_refuse(request_write(&request, session_step_up_step), ERROR_SIGN_IN_FAILED, NULL);
    arena_destroy(request.arena);
    trial_now += 60000;
    request_make(trial, &step_up_fields, arena_format(trial->arena, "{\"totp\":\"%s\"}", code_at(trial, 0)), "10.0.0.1", &request);
    request.actor = actor;
    must(request_write(&request, session_step_up_step));
    arena_destroy(request.arena);
    assert_int_equal(who_is(trial, token).second_factor_at_ms, trial_now);
}

/* Threads that show the same right code at once: one gets in. */
struct racer {
    struct request request;
    pthread_t thread;
    struct error *error;
};

static void *
race(void *context)
{
    struct racer *racer = context;
    racer->error = request_write(&racer->request, session_start_step);
    return NULL;
}

static void
test_code_once(void **state)
{
    static struct racer racers[32];
    struct trial *trial = *state;
    int right = 0;
    forget_tries();
    add_user(trial, "rina", true);
    for (size_t i = 0; i < ARRAY_COUNT(racers); i++) {
        request_make(trial, &sign_in_fields, sign_in_body(trial->arena, "rina", PASSWORD, code_at(trial, 0)), "10.0.0.1", &racers[i].request);
        if (i == 0)
            must(request_prepare(&racers[0].request, session_start_prepare));
        racers[i].request.call.prepared = racers[0].request.call.prepared;
    }
    for (size_t i = 0; i < ARRAY_COUNT(racers); i++)
        assert_int_equal(pthread_create(&racers[i].thread, NULL, race, &racers[i]), 0);
    for (size_t i = 0; i < ARRAY_COUNT(racers); i++)
        pthread_join(racers[i].thread, NULL);
    for (size_t i = 0; i < ARRAY_COUNT(racers); i++) {
        right += racers[i].error ? 0 : 1;
        error_free(racers[i].error);
    }
    for (size_t i = ARRAY_COUNT(racers); i-- > 0;)
        arena_destroy(racers[i].request.arena);
    assert_int_equal(right, 1);
    assert_int_equal(fixture_number(trial->fixture, "SELECT count(*) FROM user_session"), 1);
}

/* Six wrong codes lock the step for a quarter of an hour, also over a restart. */
static void
test_code_lock(void **state)
{
    struct trial *trial = *state;
    const char *token = NULL;
    add_user(trial, "rina", true);
    for (int i = 0; i < TOTP_TRIES; i++) {
        forget_tries();
        must_refuse(sign_in(trial, "rina", PASSWORD, code_at(trial, -5 - i), "10.0.0.1", &token), ERROR_SIGN_IN_FAILED, NULL);
    }
    trial_stop_lane(trial); /* drains the jobs that count */
    trial_start_lane(trial);
    forget_tries();
    must_refuse(sign_in(trial, "rina", PASSWORD, code_at(trial, 0), "10.0.0.1", &token), ERROR_TOO_MANY, "900");
    trial_now += TOTP_LOCK_MS;
    forget_tries();
    must(sign_in(trial, "rina", PASSWORD, code_at(trial, 0), "10.0.0.1", &token));
}

struct guess {
    struct trial *trial;
    pthread_t thread;
    enum error_code code;
};

static void *
guess(void *context)
{
    struct guess *guess = context;
    struct request request;
    request_make(guess->trial, &sign_in_fields, "{\"username\":\"rina\",\"password\":\"wrong guess here\"}", "10.0.0.2", &request);
    struct error *error = request_prepare(&request, session_start_prepare);
    guess->code = error->code;
    error_free(error);
    arena_destroy(request.arena);
    return NULL;
}

static void
test_throttle(void **state)
{
    static struct guess guesses[64];
    struct trial *trial = *state;
    const char *token = NULL;
    int hashed = 0;
    int64_t last = 0;
    forget_tries();
    add_user(trial, "rina", false);
    must(sign_in(trial, "rina", PASSWORD, NULL, "10.0.0.1", &token));
    for (size_t i = 0; i < ARRAY_COUNT(guesses); i++) {
        guesses[i].trial = trial;
        assert_int_equal(pthread_create(&guesses[i].thread, NULL, guess, &guesses[i]), 0);
    }
    for (size_t i = 0; i < ARRAY_COUNT(guesses); i++) {
        pthread_join(guesses[i].thread, NULL);
        hashed += guesses[i].code == ERROR_SIGN_IN_FAILED ? 1 : 0;
        assert_true(guesses[i].code == ERROR_SIGN_IN_FAILED || guesses[i].code == ERROR_TOO_MANY);
    }
    assert_in_range(hashed, 1, 10);
    /* The owner comes from where he came before. */
    must(sign_in(trial, "rina", PASSWORD, NULL, "10.0.0.1", &token));
    /* The wait grows with every try, for a name that does not exist just the same. */
    for (int i = 0; i < 12; i++) {
        struct error *error = sign_in(trial, "budi", "wrong guess here", NULL, "10.0.0.1", &token);
        assert_int_equal(error->code, i < 5 ? ERROR_SIGN_IN_FAILED : ERROR_TOO_MANY);
        int64_t wait = 0;
        if (i >= 5) {
            assert_true(text_parse_int(error->arguments[0], &wait));
            assert_true(wait > last);
            last = wait;
        }
        error_free(error);
    }
}

static struct error *
make_link(struct tx *tx, void *context)
{
    struct order *order = context;
    struct actor console = user_console_actor();
    return user_link_make(tx, &console, order->id, &order->token);
}

FALLIBLE static struct error *
set_up(struct trial *trial, const char *token, const char *username, const char *password, const char **ret_body)
{
    struct request request;
    const char *name = username ? arena_format(trial->arena, ",\"username\":\"%s\"", username) : "";
    request_make(trial, &setup_fields, arena_format(trial->arena, "{\"token\":\"%s\",\"password\":\"%s\"%s}", token, password, name), "10.0.0.1", &request);
    struct error *error = request_prepare(&request, setup_prepare);
    if (!error)
        error = request_write(&request, setup_step);
    if (!error)
        *ret_body = arena_text(trial->arena, buffer_text(&request.reply.body));
    arena_destroy(request.arena);
    return error;
}

static const char *
new_link(struct trial *trial, struct id id)
{
    struct order order = {.id = id};
    trial_write(trial, make_link, &order);
    return arena_text(trial->arena, order.token);
}

static void
test_setup(void **state)
{
    struct trial *trial = *state;
    const char *body = NULL, *token = NULL;
    struct id nobody = {{0}};
    forget_tries();
    const char *old = new_link(trial, nobody), *link = new_link(trial, nobody);
    must_refuse(set_up(trial, "guessed", "siti", PASSWORD, &body), ERROR_LINK_USED, NULL);
    must_refuse(set_up(trial, old, "siti", PASSWORD, &body), ERROR_LINK_USED, NULL); /* the newer one voids it */
    must_refuse(set_up(trial, link, NULL, PASSWORD, &body), ERROR_FIELDS, NULL);
    must_refuse(set_up(trial, link, "siti", "lumbung2026!!", &body), ERROR_FIELDS, NULL);
    must_refuse(set_up(trial, link, "Siti", PASSWORD, &body), ERROR_FIELDS, NULL);
    trial_now += LINK_MS;
    must_refuse(set_up(trial, link, "siti", PASSWORD, &body), ERROR_LINK_USED, NULL); /* too late */
    link = new_link(trial, nobody);
    must(set_up(trial, link, "siti", PASSWORD, &body));
    assert_non_null(strstr(body, "otpauth://totp/Lumbung:siti?secret="));
    must_refuse(set_up(trial, link, "siti2", PASSWORD, &body), ERROR_LINK_USED, NULL); /* once */
    link = new_link(trial, nobody);
    must_refuse(set_up(trial, link, "siti3", PASSWORD, &body), ERROR_LINK_USED, NULL); /* there is an admin now */
    assert_int_equal(fixture_number(trial->fixture, "SELECT count(*) FROM user_account"), 1);
    must_refuse(sign_in(trial, "siti", PASSWORD, NULL, "10.0.0.1", &token), ERROR_TOTP_REQUIRED, NULL);
    /* A link for someone who is there replaces password and second factor and ends his sessions. */
    struct id rina = add_user(trial, "rina", false);
    must(sign_in(trial, "rina", PASSWORD, NULL, "10.0.0.1", &token));
    must(set_up(trial, new_link(trial, rina), NULL, "padi menguning di sawah", &body));
    assert_int_equal(who_is(trial, token).kind, ACTOR_NOBODY);
    must_refuse(sign_in(trial, "rina", PASSWORD, NULL, "10.0.0.1", &token), ERROR_SIGN_IN_FAILED, NULL);
    must_refuse(sign_in(trial, "rina", "padi menguning di sawah", NULL, "10.0.0.1", &token), ERROR_TOTP_REQUIRED, NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TRIAL_TEST(test_sign_in),   TRIAL_TEST(test_session_ends), TRIAL_TEST(test_last_seen), TRIAL_TEST(test_second_factor), TRIAL_TEST(test_code_once),
        TRIAL_TEST(test_code_lock), TRIAL_TEST(test_throttle),     TRIAL_TEST(test_setup),
    };
    return cmocka_run_group_tests_name("user session", tests, NULL, NULL);
}
