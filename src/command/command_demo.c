/* command_demo.c: `lumbung demo`: a believable registry of invented people for a trial: CONTOH. The same seed makes the same families. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "command/command.h"
#include "command/instance.h"
#include "demo/demo_family.h"
#include "demo/demo_programs.h"
#include "lumbung/assessment.h"
#include "lumbung/base/text.h"
#include "lumbung/base/time.h"
#include "lumbung/disbursement.h"
#include "lumbung/household.h"
#include "lumbung/job.h"
#include "lumbung/payment.h"
#include "lumbung/region.h"
#include "lumbung/user.h"
#include "disbursement/disbursement_store.h"

#define DEMO_USAGE "lumbung demo --db FILE [--keys DIR] [--households N] [--seed S]"
#define DEMO_CHUNK 100
#define DEMO_PASSWORD "padi masuk lumbung 26"

static const struct demo_user { const char *username, *display; enum role role; const char *region; } demo_users[] = {
    {"rina", "Rina Marlina", ROLE_OFFICER, "15.01"}, {"joko", "Joko Susilo", ROLE_OFFICER, "15.71"}, {"maya", "Maya Lestari", ROLE_MANAGER, NULL},
    {"hendra", "Hendra Wijaya", ROLE_APPROVER, NULL}, {"tuti", "Tuti Rahayu", ROLE_APPROVER, NULL}, {"audi", "Audi Pratama", ROLE_AUDITOR, NULL},
    {"sari", "Sari Dewi", ROLE_ADMIN, NULL},
};
#define DEMO_USERS (sizeof demo_users / sizeof demo_users[0])
enum { DEMO_RINA, DEMO_JOKO, DEMO_MAYA, DEMO_HENDRA, DEMO_TUTI };

static const struct demo_region { const char *code, *parent, *level, *kind, *name; } demo_regions[] = {
#define REGION(code, parent, level, kind, name) {code, parent, level, kind, name},
#include "demo/regions_jambi.def"
#undef REGION
};
#define DEMO_REGIONS (sizeof demo_regions / sizeof demo_regions[0])
#define DEMO_VILLAGES_MAX 24

struct demo {
    struct instance *instance;
    struct arena *arena;
    struct demo_random random;
    int households, made;
    const char *villages[DEMO_VILLAGES_MAX];
    size_t village_count;
    struct id users[DEMO_USERS], programs[DEMO_PROGRAMS], form_id;
    const char *hash;
};

/* --- regions, form, users ------------------------------------------------------------------------------------------------------------- */

static struct error *
demo_import_regions(struct tx *tx, void *context)
{
    struct demo *demo = context;
    struct actor actor = user_console_actor();
    struct buffer csv;
    int64_t rows = 0;
    buffer_init(&csv, tx->arena);
    buffer_add(&csv, "code,parent,level,kind,name\n");
    for (size_t i = 0; i < DEMO_REGIONS; i++)
        buffer_format(&csv, "%s,%s,%s,%s,\"%s\"\n", demo_regions[i].code, demo_regions[i].parent, demo_regions[i].level, demo_regions[i].kind, demo_regions[i].name);
    TRY(region_import(tx, &actor, csv.data, csv.length, &rows));
    (void)demo;
    return assessment_make_default_form(tx, &actor);
}

/* Twelve villages of each of the two officers' areas: dense enough that lists look like lists. */
static void
demo_choose_villages(struct demo *demo)
{
    int taken[2] = {0, 0};
    for (size_t i = 0; i < DEMO_REGIONS && demo->village_count < DEMO_VILLAGES_MAX; i++) {
        int area = text_begins(demo_regions[i].code, "15.01.") ? 0 : text_begins(demo_regions[i].code, "15.71.") ? 1 : -1;
        if (area >= 0 && demo_regions[i].level[0] == '4' && taken[area] < DEMO_VILLAGES_MAX / 2) {
            demo->villages[demo->village_count++] = demo_regions[i].code;
            taken[area]++;
        }
    }
}

static void
demo_secret(const char *username, uint8_t ret_secret[20])
{
    uint8_t digest[SHA256_SIZE];
    char text[64];
    snprintf(text, sizeof text, "lumbung contoh %s", username);
    sha256_of(text, strlen(text), digest);
    memcpy(ret_secret, digest, 20);
}

static struct error *
demo_add_users(struct tx *tx, void *context)
{
    struct demo *demo = context;
    struct actor actor = user_console_actor();
    for (size_t i = 0; i < DEMO_USERS; i++) {
        uint8_t secret[20];
        demo_secret(demo_users[i].username, secret);
        struct user_new user = {.username = demo_users[i].username, .display_name = demo_users[i].display, .password = DEMO_PASSWORD, .totp_secret = secret,
                                .totp_length = demo_users[i].role == ROLE_OFFICER ? 0 : sizeof secret, .roles = &demo_users[i].role, .role_count = 1,
                                .region_codes = &demo_users[i].region, .region_count = demo_users[i].region != NULL};
        if (demo_users[i].role == ROLE_OFFICER)
            user.totp_secret = NULL;
        TRY(user_add(tx, &actor, &user, demo->hash, &demo->users[i]));
    }
    return NULL;
}

static struct error *
demo_actor(struct tx *tx, struct demo *demo, size_t index, struct actor *ret_actor)
{
    return user_actor(tx, demo->users[index], ret_actor);
}

/* --- families ------------------------------------------------------------------------------------------------------------------------- */

static struct error *
demo_assess(struct tx *tx, struct demo *demo, const struct actor *officer, struct id household_id, int people)
{
    struct json *assessment = json_make(tx->arena, JSON_OBJECT);
    char form[ID_TEXT_SIZE], day[DATE_TEXT_SIZE];
    id_print(demo->form_id, form);
    date_print(date_of_instant(tx->now_ms, 420) - demo_below(&demo->random, 90), day);
    json_set(tx->arena, assessment, "form_id", json_make_text(tx->arena, form));
    json_set(tx->arena, assessment, "assessed_on", json_make_text(tx->arena, day));
    json_set(tx->arena, assessment, "answers", demo_answers(tx->arena, &demo->random, people));
    struct id id;
    return assessment_record_json(tx, officer, household_id, assessment, &id, NULL);
}

static struct error *
demo_add_families(struct tx *tx, void *context)
{
    struct demo *demo = context;
    struct actor officers[2];
    struct demo_random random = demo->random; /* a chunk that is tried again makes the same families */
    int made = demo->made;
    TRY(demo_actor(tx, demo, DEMO_RINA, &officers[0]));
    TRY(demo_actor(tx, demo, DEMO_JOKO, &officers[1]));
    for (int i = 0; i < DEMO_CHUNK && made < demo->households; i++, made++) {
        const char *village = demo->villages[(size_t)made % demo->village_count];
        const struct actor *officer = &officers[text_begins(village, "15.71") ? 1 : 0];
        struct json *family = demo_family(tx->arena, &demo->random, village, made, date_of_instant(tx->now_ms, 420));
        struct id id;
        struct error *error = household_register_json(tx, officer, family, "demo", &id, NULL);
        if (error == NULL && demo_chance(&demo->random, 85))
            error = demo_assess(tx, demo, officer, id, (int)json_get(family, "members")->count);
        if (error) {
            demo->random = random;
            return error;
        }
    }
    demo->made = made;
    return NULL;
}

/* --- programs and money --------------------------------------------------------------------------------------------------------------- */

static struct error *
demo_add_programs(struct tx *tx, void *context)
{
    struct demo *demo = context;
    struct actor maya;
    TRY(demo_actor(tx, demo, DEMO_MAYA, &maya));
    for (int i = 0; i < DEMO_PROGRAMS; i++) {
        struct json *program = NULL, *input = json_make(tx->arena, JSON_OBJECT);
        char id[ID_TEXT_SIZE];
        struct id job_id;
        TRY(demo_program(tx->arena, i, demo->households, &program));
        TRY(program_create_json(tx, &maya, program, &demo->programs[i]));
        TRY(program_activate(tx, &maya, demo->programs[i]));
        id_print(demo->programs[i], id);
        json_set(tx->arena, input, "program_id", json_make_text(tx->arena, id));
        TRY(job_make(tx, &maya, "enrollment.bulk", input, demo->households, &job_id));
    }
    return NULL;
}

struct demo_batch {
    struct demo *demo;
    int program;
    const char *cycle, *region;
    const char *until; /* the state to bring it to */
    struct id cycle_id, batch_id;
};

static struct error *
demo_open_cycle(struct tx *tx, void *context)
{
    struct demo_batch *plan = context;
    struct actor maya;
    struct json *cycle = json_make(tx->arena, JSON_OBJECT), *batch = json_make(tx->arena, JSON_OBJECT);
    TRY(demo_actor(tx, plan->demo, DEMO_MAYA, &maya));
    json_set(tx->arena, cycle, "name", json_make_text(tx->arena, plan->cycle));
    json_set(tx->arena, cycle, "starts_on", json_make_text(tx->arena, "2026-10-01"));
    json_set(tx->arena, cycle, "ends_on", json_make_text(tx->arena, "2026-12-31"));
    TRY(cycle_create(tx, &maya, plan->demo->programs[plan->program], cycle, &plan->cycle_id));
    json_set(tx->arena, batch, "region", json_make_text(tx->arena, plan->region));
    return batch_create(tx, &maya, plan->cycle_id, batch, &plan->batch_id);
}

static struct error *
demo_lock(struct tx *tx, void *context)
{
    struct demo_batch *plan = context;
    struct actor maya;
    TRY(demo_actor(tx, plan->demo, DEMO_MAYA, &maya));
    return batch_lock(tx, &maya, plan->batch_id);
}

static struct error *
demo_submit(struct tx *tx, void *context)
{
    struct demo_batch *plan = context;
    struct actor maya;
    TRY(demo_actor(tx, plan->demo, DEMO_MAYA, &maya));
    return batch_submit(tx, &maya, plan->batch_id);
}

static struct error *
demo_approve(struct tx *tx, void *context)
{
    struct demo_batch *plan = context;
    struct actor hendra, tuti;
    const char *digest = NULL;
    TRY(demo_actor(tx, plan->demo, DEMO_HENDRA, &hendra));
    TRY(demo_actor(tx, plan->demo, DEMO_TUTI, &tuti));
    TRY(batch_digest_hex(tx, plan->batch_id, &digest));
    TRY(batch_approve(tx, &hendra, plan->batch_id, digest, NULL));
    struct error *error = batch_approve(tx, &tuti, plan->batch_id, digest, "Diperiksa sepuluh baris");
    if (error && error->code == ERROR_STATE) { /* one approval was enough */
        error_free(error);
        return NULL;
    }
    return error;
}

static struct error *
demo_release(struct tx *tx, void *context)
{
    struct demo_batch *plan = context;
    struct actor hendra;
    TRY(demo_actor(tx, plan->demo, DEMO_HENDRA, &hendra));
    return batch_release(tx, &hendra, plan->batch_id);
}

static struct error *
demo_reject(struct tx *tx, void *context)
{
    struct demo_batch *plan = context;
    struct actor tuti;
    TRY(demo_actor(tx, plan->demo, DEMO_TUTI, &tuti));
    return batch_reject(tx, &tuti, plan->batch_id, "Dua keluarga di Dusun Hilir perlu dicek lagi sebelum dibayar.");
}

static struct error *
demo_cancel(struct tx *tx, void *context)
{
    struct demo_batch *plan = context;
    struct actor maya;
    TRY(demo_actor(tx, plan->demo, DEMO_MAYA, &maya));
    return batch_cancel(tx, &maya, plan->batch_id, "Salah memilih wilayah.");
}

static struct json *
demo_receipt(struct tx *tx, struct demo *demo, const struct disbursement *row)
{
    struct json *receipt = json_make(tx->arena, JSON_OBJECT);
    char at[INSTANT_TEXT_SIZE];
    instant_print(tx->now_ms - 1000 * demo_below(&demo->random, 3600), at);
    bool collector = demo_chance(&demo->random, 12);
    json_set(tx->arena, receipt, "received_by", json_make_text(tx->arena, collector ? "collector" : "payee"));
    if (collector) {
        json_set(tx->arena, receipt, "collector_name", json_make_text(tx->arena, "Anak penerima"));
        json_set(tx->arena, receipt, "collector_relation", json_make_text(tx->arena, "anak"));
    }
    json_set(tx->arena, receipt, "identified_by", json_make_text(tx->arena, "ktp"));
    json_set(tx->arena, receipt, "method", json_make_text(tx->arena, row->amount_minor ? "cash" : "goods"));
    json_set(tx->arena, receipt, "at", json_make_text(tx->arena, at));
    return receipt;
}

/* Most have come, some were absent, the rest still wait. */
static struct error *
demo_hand_out(struct tx *tx, void *context)
{
    struct demo_batch *plan = context;
    struct actor officer;
    TRY(demo_actor(tx, plan->demo, text_begins(plan->region, "15.71") ? DEMO_JOKO : DEMO_RINA, &officer));
    struct disbursement_filter filter = {.batch_id = plan->batch_id, .limit = 200};
    struct disbursement *rows = ARENA_ARRAY(tx->arena, struct disbursement, 200);
    size_t count = 0;
    TRY(disbursement_store_list(tx, &officer, &filter, rows, &count));
    for (size_t i = 0; i < count; i++) {
        if (demo_chance(&plan->demo->random, 65)) {
            TRY(disbursement_receive_json(tx, &officer, rows[i].id, demo_receipt(tx, plan->demo, &rows[i])));
        } else if (demo_chance(&plan->demo->random, 20)) {
            struct json *attempt = json_make(tx->arena, JSON_OBJECT);
            char at[INSTANT_TEXT_SIZE];
            instant_print(tx->now_ms, at);
            json_set(tx->arena, attempt, "outcome", json_make_text(tx->arena, "absent"));
            json_set(tx->arena, attempt, "at", json_make_text(tx->arena, at));
            TRY(disbursement_attempt_json(tx, &officer, rows[i].id, attempt));
        }
    }
    return NULL;
}

static struct error *
demo_do(struct demo *demo, struct error *(*apply)(struct tx *tx, void *context), void *context)
{
    struct arena *arena = arena_create();
    struct error *error = lane_run(demo->instance->lane, apply, context, arena);
    if (error == NULL)
        error = job_run_all(demo->instance->lane);
    arena_destroy(arena);
    return error;
}

/* One batch to the state that the plan names: the steps in their order, each by who may do it. */
static struct error *
demo_bring(struct demo_batch *plan)
{
    static const struct { const char *state; struct error *(*apply)(struct tx *tx, void *context); } steps[] = {
        {"draft", demo_open_cycle}, {"locked", demo_lock}, {"in_approval", demo_submit}, {"approved", demo_approve}, {"released", demo_release},
        {"received", demo_hand_out},
    };
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        TRY(demo_do(plan->demo, steps[i].apply, plan));
        if (text_equal(steps[i].state, plan->until))
            return NULL;
        if (text_equal(steps[i].state, "draft") && text_equal(plan->until, "cancelled"))
            return demo_do(plan->demo, demo_cancel, plan);
        if (text_equal(steps[i].state, "in_approval") && text_equal(plan->until, "rejected"))
            return demo_do(plan->demo, demo_reject, plan);
    }
    return NULL;
}

static struct error *
demo_add_batches(struct demo *demo)
{
    struct demo_batch plans[] = {
        {demo, 0, "Tahap 1 2026", "15.01", "received", {{0}}, {{0}}}, {demo, 0, "Tahap 2 2026", "15.01", "in_approval", {{0}}, {{0}}},
        {demo, 0, "Tahap 1 Kota", "15.71", "approved", {{0}}, {{0}}}, {demo, 1, "Beras Oktober", "15.01", "received", {{0}}, {{0}}},
        {demo, 1, "Beras November", "15.01", "released", {{0}}, {{0}}}, {demo, 2, "Gelombang 3", "15.71", "locked", {{0}}, {{0}}},
        {demo, 3, "Iuran November", "15.01", "rejected", {{0}}, {{0}}}, {demo, 4, "Rumah 2026", "15.01", "draft", {{0}}, {{0}}},
        {demo, 2, "Gelombang 2", "15.01", "cancelled", {{0}}, {{0}}},
    };
    for (size_t i = 0; i < sizeof plans / sizeof plans[0]; i++) {
        struct error *error = demo_bring(&plans[i]);
        if (error && error->code == ERROR_STATE) { /* a very small demo may have nobody to pay */
            error_free(error);
            continue;
        }
        TRY(error);
    }
    return NULL;
}

/* --- the command ---------------------------------------------------------------------------------------------------------------------- */

static struct error *
demo_find_form(struct tx *tx, void *context)
{
    struct demo *demo = context;
    return assessment_active_form(tx, &demo->form_id);
}

static struct error *
demo_fill(struct demo *demo)
{
    TRY(demo_do(demo, demo_import_regions, demo));
    TRY(demo_do(demo, demo_find_form, demo));
    demo_choose_villages(demo);
    demo->hash = crypto_password_hash(demo->arena, DEMO_PASSWORD);
    TRY(demo_do(demo, demo_add_users, demo));
    while (demo->made < demo->households) {
        TRY(demo_do(demo, demo_add_families, demo));
        if (isatty(STDERR_FILENO))
            fprintf(stderr, "\r%d of %d households   ", demo->made, demo->households);
    }
    TRY(demo_do(demo, demo_add_programs, demo));
    return demo_add_batches(demo);
}

static void
demo_print_log_ins(struct arena *arena, int households)
{
    printf("CONTOH: %d invented households. Password of everyone: %s\n", households, DEMO_PASSWORD);
    for (size_t i = 0; i < DEMO_USERS; i++) {
        uint8_t secret[20];
        demo_secret(demo_users[i].username, secret);
        printf("  %-8s %-9s %-6s %s\n", demo_users[i].username, role_name(demo_users[i].role), demo_users[i].region ? demo_users[i].region : "all",
               demo_users[i].role == ROLE_OFFICER ? "no authenticator" : arena_format(arena, "authenticator secret %s", base32_print(arena, secret, sizeof secret)));
    }
}

static struct error *
demo_run(struct arena *arena, const struct instance_options *open, int households, uint64_t seed)
{
    struct demo demo = {.arena = arena, .random = {seed}, .households = households};
    if (access(open->path, F_OK) == 0)
        return error_with(ERROR_DATABASE, open->path, "it exists already; the demo wants a file of its own", NULL);
    TRY(instance_open(open, &demo.instance));
    struct error *error = instance_load_index(demo.instance);
    if (error == NULL)
        error = demo_fill(&demo);
    instance_close(demo.instance);
    return error;
}

int
command_demo(int argc, char **argv)
{
    struct arena *arena = arena_create();
    struct options options;
    int64_t households = 1200, seed = 2026;
    options_start(&options, arena, argc, argv);
    struct instance_options open = {.path = options_value(&options, "--db"), .keys = options_value(&options, "--keys"), .create = true, .is_demo = true};
    const char *count = options_value(&options, "--households"), *seed_text = options_value(&options, "--seed");
    struct error *error = options_rest(&options, DEMO_USAGE);
    if (error == NULL && (open.path == NULL || (count && (!text_parse_int(count, &households) || households < 1 || households > 1000000)) ||
                          (seed_text && !text_parse_int(seed_text, &seed))))
        error = error_with(ERROR_USAGE, DEMO_USAGE, NULL, NULL);
    if (error == NULL)
        error = demo_run(arena, &open, (int)households, (uint64_t)seed);
    if (error == NULL)
        demo_print_log_ins(arena, (int)households);
    int code = error ? command_fail("demo", error) : EXIT_DONE;
    arena_destroy(arena);
    return code;
}
