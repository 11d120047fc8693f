/* household_fixture.h: a trial registry with two districts of four villages, an officer of the first and its index. */
#ifndef TESTS_HOUSEHOLD_FIXTURE_H
#define TESTS_HOUSEHOLD_FIXTURE_H

#include "audit_fixture.h"
#include "check.h"

#include "household/household_change.h"
#include "household/household_history.h"
#include "household/household_index.h"
#include "lumbung/region.h"

static const char house_regions[] = "code,parent,level,kind,name\n"
                                    "33,,1,provinsi,Jawa Tengah\n"
                                    "33.08,33,2,kabupaten,Magelang\n"
                                    "33.08.03,33.08,3,kecamatan,Borobudur\n"
                                    "33.08.03.2001,33.08.03,4,desa,Giritengah\n"
                                    "33.08.03.2002,33.08.03,4,desa,Tuksongo\n"
                                    "33.08.04,33.08,3,kecamatan,Mungkid\n"
                                    "33.08.04.2001,33.08.04,4,desa,Ambartawang\n";

struct house {
    struct trial *trial;
    struct actor console, officer, auditor; /* officer and auditor: 33.08.03 */
};

static inline struct error *
house_make_users(struct tx *tx, void *context)
{
    struct house *house = context;
    int64_t rows = 0;
    static const char *const codes[] = {"33.08.03"};
    static const enum role officer[] = {ROLE_OFFICER}, auditor[] = {ROLE_AUDITOR};
    struct user_new user = {.username = "rina", .display_name = "Rina", .roles = officer, .role_count = 1, .region_codes = codes, .region_count = 1};
    struct id id;
    house->console = user_console_actor();
    TRY(region_import(tx, &house->console, house_regions, strlen(house_regions), &rows));
    TRY(user_add(tx, &house->console, &user, NULL, &id));
    TRY(user_actor(tx, id, &house->officer));
    user.username = "agus";
    user.roles = auditor;
    TRY(user_add(tx, &house->console, &user, NULL, &id));
    return user_actor(tx, id, &house->auditor);
}

static inline int
house_setup(void **state)
{
    int failed = trial_setup(state);
    struct trial *trial = *state;
    struct house *house = ARENA_NEW(trial->arena, struct house);
    house->trial = trial;
    trial->registry.household_index = household_index_create();
    trial_write(trial, house_make_users, house);
    *state = house;
    return failed;
}

static inline int
house_teardown(void **state)
{
    struct house *house = *state;
    struct household_index *index = house->trial->registry.household_index;
    *state = house->trial;
    int failed = trial_teardown(state);
    household_index_free(index);
    return failed;
}

#define HOUSE_TEST(function) cmocka_unit_test_setup_teardown(function, house_setup, house_teardown)

/* A form that is in order; %s are: kk, member, member. */
#define HOUSE_CONSENT "\"consent\":{\"notice_version\":\"1\",\"language\":\"id\",\"basis\":\"public_task\",\"given_by\":\"Siti Aminah\"}"
#define HOUSE_HEAD "{\"name\":\"Siti Aminah\",\"nik\":\"3308035205870001\",\"sex\":\"F\",\"birth_date\":\"1987-05-12\",\"relationship\":\"head\"}"
#define HOUSE_CHILD "{\"name\":\"Budi Santoso\",\"id_reason\":\"belum diurus\",\"sex\":\"M\",\"birth_date\":\"2015-03-02\",\"relationship\":\"child\",\"in_school\":true,\"school_level\":\"primary\",\"grade\":4}"
#define HOUSE_FORM(own, members) "{\"region\":\"33.08.03.2001\",\"hamlet\":\"Kalitengah\",\"rt\":\"02\"," own HOUSE_CONSENT ",\"members\":[" members "]}"

struct house_job {
    const struct actor *actor;
    const char *form;
    struct id id;
    const char *body;
    struct error *error;
};

static inline struct error *
house_register_apply(struct tx *tx, void *context)
{
    struct house_job *job = context;
    struct json *json = NULL;
    struct buffer body;
    buffer_init(&body, tx->arena);
    TRY(json_parse(tx->arena, job->form, strlen(job->form), &json));
    TRY(household_register_json(tx, job->actor, json, "test", &job->id, &body));
    job->body = buffer_text(&body);
    return NULL;
}

/* NULL or the refusal. */
static inline struct error *
house_try(struct house *house, const struct actor *actor, const char *form, struct house_job *job)
{
    *job = (struct house_job){.actor = actor, .form = form};
    return lane_run(house->trial->lane, house_register_apply, job, house->trial->arena);
}

static inline struct house_job
house_register(struct house *house, const struct actor *actor, const char *form)
{
    struct house_job job;
    must(house_try(house, actor, form, &job));
    return job;
}

#endif
